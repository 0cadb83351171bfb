#include "ui/pages/TemplateDelegate.h"

#include <QPainter>
#include <algorithm>

#include "ui/style/Paint.h"

namespace chancery::ui {
namespace {

constexpr int kTemplateRow = 68;
constexpr double kTemplateSketch = 50, kTemplateSketchWidth = 116, kTemplateText = 186,
                 kTemplateFact = 150;

/// Peers across the bands of channels, orderers below.
void drawTemplate(QPainter& painter, const QRectF& area, int peers, int orderers, int channels) {
    const Theme& theme = Theme::instance();
    const int bands = std::clamp(channels, 1, 2);
    for (int band = 0; band < bands; ++band) {
        const double height = bands == 1 ? 18 : 8;
        const QRectF box(area.left(), area.top() + 14 + band * 11, area.width(), height);
        drawBox(painter, box, 2, theme.color(band == 0 ? Tone::Band1 : Tone::Band5),
                theme.color(band == 0 ? Tone::Band1Edge : Tone::Band5Edge));
    }
    const int shown = std::clamp(peers, 1, 8);
    const double step = area.width() / shown;
    for (int peer = 0; peer < shown; ++peer) {
        const double x = area.left() + (peer + 0.5) * step;
        drawBox(painter, {x - 4, area.top() + 10, 8, 24}, 2, theme.color(Tone::Surface),
                theme.color(Tone::Text3));
        drawBox(painter, {x - 3, area.top() + 1, 6, 6}, 3, theme.color(Tone::Surface),
                theme.color(Tone::Text3));
    }
    const int below = std::clamp(orderers, 1, 5);
    for (int orderer = 0; orderer < below; ++orderer) {
        const double x = area.left() + (orderer + 0.5) * area.width() / below;
        drawBox(painter, {x - 4, area.top() + 38, 8, 8}, 1, theme.color(Tone::Text3));
    }
}

}  // namespace

QSize TemplateDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
    return {480, kTemplateRow};
}

void TemplateDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const {
    const Theme& theme = Theme::instance();
    const QRectF row(option.rect);
    const bool chosen = option.state & QStyle::State_Selected;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (chosen) {
        painter->fillRect(row, theme.color(Tone::SelectedRow));
        painter->fillRect(QRectF(row.left(), row.top(), 3, row.height()),
                          theme.color(Tone::Accent));
    } else if (option.state & QStyle::State_MouseOver) {
        painter->fillRect(row, theme.color(Tone::Hover));
    }
    drawHorizontalLine(*painter, row.left(), row.right(), row.bottom() - 1,
                       theme.color(Tone::Border));
    const QPointF mark(row.left() + 22, row.center().y());
    painter->setPen(QPen(theme.color(chosen ? Tone::Accent : Tone::Control), chosen ? 4.5 : 1.2));
    painter->setBrush(theme.color(Tone::Surface));
    painter->drawEllipse(mark, chosen ? 5.5 : 7.5, chosen ? 5.5 : 7.5);
    drawTemplate(*painter, {row.left() + kTemplateSketch, row.top() + 10, kTemplateSketchWidth, 48},
                 index.data(PeersRole).toInt(), index.data(OrderersRole).toInt(),
                 index.data(ChannelsRole).toInt());
    const double wide = row.width() - kTemplateText - kTemplateFact - 12;
    const auto text = [&](const QRectF& box, const QString& words, Type type, Tone tone,
                          Qt::Alignment side = Qt::AlignLeft) {
        painter->setFont(theme.font(type));
        painter->setPen(theme.color(tone));
        painter->drawText(
            box, static_cast<int>(side | Qt::AlignVCenter),
            QFontMetricsF(painter->font()).elidedText(words, Qt::ElideRight, box.width()));
    };
    text({row.left() + kTemplateText, row.top() + 15, wide, 19}, index.data().toString(),
         Type::BodyStrong, Tone::Text);
    text({row.left() + kTemplateText, row.top() + 35, wide, 18}, index.data(SummaryRole).toString(),
         Type::Table, Tone::Text2);
    text({row.right() - kTemplateFact - 14, row.top(), kTemplateFact, row.height()},
         index.data(MemoryRole).toString(), Type::Table, Tone::Text2, Qt::AlignRight);
    if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_KeyboardFocusChange)
        drawFocusRing(*painter, row.adjusted(2, 2, -2, -2));
    painter->restore();
}

}  // namespace chancery::ui
