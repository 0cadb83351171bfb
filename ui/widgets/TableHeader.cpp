#include "ui/widgets/TableHeader.h"

#include <QContextMenuEvent>
#include <QMenu>
#include <QPainter>
#include <cmath>

#include "ui/style/CellRoles.h"
#include "ui/style/Icons.h"
#include "ui/style/Paint.h"

namespace chancery::ui {
namespace {

constexpr int kHeight = 28, kEnd = 16, kInner = 8, kArrow = 14;

/// The shown neighbour on that side, or -1.
int neighbour(const QHeaderView& header, int section, int step) {
    for (int at = header.visualIndex(section) + step; at >= 0 && at < header.count(); at += step) {
        const int logical = header.logicalIndex(at);
        if (!header.isSectionHidden(logical)) return logical;
    }
    return -1;
}

}  // namespace

int CellPadding::left(const QHeaderView* header, int section) {
    return header != nullptr && neighbour(*header, section, -1) < 0 ? kEnd : kInner;
}

int CellPadding::right(const QHeaderView* header, int section) {
    return header != nullptr && neighbour(*header, section, 1) < 0 ? kEnd : kInner;
}

TableHeader::TableHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent) {
    setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setSectionsMovable(true);
    setFirstSectionMovable(false);
    setSectionsClickable(true);
    setHighlightSections(false);
    setMinimumSectionSize(32);
    setFixedHeight(kHeight);
    setSortIndicatorClearable(false);
    followTheme(this);
}

QSize TableHeader::sizeHint() const {
    return {QHeaderView::sizeHint().width(), kHeight};
}

QString TableHeader::textOf(int section) const {
    return model()->headerData(section, Qt::Horizontal, Qt::DisplayRole).toString();
}

QSize TableHeader::sectionSizeFromContents(int section) const {
    QFont strong = Theme::instance().font(Type::CaptionStrong);
    strong.setWeight(QFont::DemiBold);
    const qreal text = QFontMetricsF(strong).horizontalAdvance(textOf(section));
    return {static_cast<int>(std::ceil(text)) + CellPadding::left(this, section) +
                CellPadding::right(this, section) + kArrow,
            kHeight};
}

void TableHeader::paintSection(QPainter* painter, const QRect& rect, int section) const {
    const Theme& theme = Theme::instance();
    painter->save();
    painter->fillRect(rect, theme.color(Tone::Subtle));
    const bool sorted = isSortIndicatorShown() && sortIndicatorSection() == section;
    QFont font = theme.font(Type::CaptionStrong);
    if (sorted) font.setWeight(QFont::DemiBold);
    painter->setFont(font);
    painter->setPen(theme.color(sorted ? Tone::Text : Tone::Text3));
    const QVariant wish = model()->headerData(section, Qt::Horizontal, Qt::TextAlignmentRole);
    const auto alignment = wish.isValid() ? Qt::Alignment(wish.toInt()) : defaultAlignment();
    const QRect room =
        rect.adjusted(CellPadding::left(this, section), 0, -CellPadding::right(this, section), 0);
    const QFontMetricsF metrics(font);
    const QString shown =
        metrics.elidedText(textOf(section), Qt::ElideRight, room.width() - (sorted ? kArrow : 0));
    const qreal width = metrics.horizontalAdvance(shown);
    const qreal all = width + (sorted ? kArrow : 0);
    qreal x = room.left();
    if (alignment & Qt::AlignRight) x = room.left() + room.width() - all;
    if (alignment & Qt::AlignHCenter) x = room.left() + (room.width() - all) / 2;
    painter->drawText(QRectF(x, rect.top(), width + 2, rect.height() - 1),
                      Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, shown);
    if (sorted) {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(theme.color(Tone::Text), 1.3, Qt::SolidLine, Qt::RoundCap));
        const bool down = sortIndicatorOrder() == Qt::DescendingOrder;
        const qreal cx = x + width + 8, top = rect.center().y() - 3.5, bottom = top + 8;
        const qreal tip = down ? bottom : top, back = down ? -3 : 3;
        painter->drawLine(QPointF(cx, top), QPointF(cx, bottom));
        painter->drawLine(QPointF(cx, tip), QPointF(cx - 3, tip + back));
        painter->drawLine(QPointF(cx, tip), QPointF(cx + 3, tip + back));
    }
    painter->restore();
}

void TableHeader::paintEvent(QPaintEvent* event) {
    {
        QPainter painter(viewport());
        painter.fillRect(viewport()->rect(), Theme::instance().color(Tone::Subtle));
    }
    QHeaderView::paintEvent(event);
    QPainter painter(viewport());
    drawHorizontalLine(painter, 0, viewport()->width(), viewport()->height() - 1,
                       Theme::instance().color(Tone::Border));
}

void TableHeader::contextMenuEvent(QContextMenuEvent* event) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (int section = 1; section < count(); ++section) {
        const QString text = textOf(section);
        if (text.isEmpty()) continue;
        QAction* action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(!isSectionHidden(section));
        connect(action, &QAction::toggled, this,
                [this, section](bool on) { setSectionHidden(section, !on); });
    }
    menu->popup(event->globalPos());
}

}  // namespace chancery::ui
