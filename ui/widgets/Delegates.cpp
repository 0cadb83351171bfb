#include "ui/widgets/Delegates.h"

#include <QPainter>
#include <QPainterPath>
#include <cmath>

#include "ui/style/Icons.h"
#include "ui/style/Paint.h"
#include "ui/style/SafeText.h"
#include "ui/widgets/Badge.h"

namespace chancery::ui {
namespace {

QColor tone(Tone t) {
    return Theme::instance().color(t);
}

bool hasText(const QModelIndex& index) {
    return !index.data(Qt::DisplayRole).toString().isEmpty();
}

}  // namespace

void GlyphTextDelegate::paintContent(const Cell& cell) const {
    const QVariant glyph = cell.index.data(cell::Glyph);
    if (hasText(cell.index) || !glyph.isValid()) {
        CellDelegate::paintContent(cell);
        return;
    }
    QRectF box(0, 0, 12, 12);
    box.moveCenter(cell.rect.center());
    statusIcon(static_cast<Status>(glyph.toInt())).paint(&cell.painter, box.toRect());
}

Type MonoDelegate::textType(const QModelIndex& index) const {
    return index.data(cell::Strong).toBool() ? Type::MonoStrong : Type::Mono;
}

Qt::TextElideMode MonoDelegate::elideMode(const QModelIndex& index) const {
    const QVariant wish = index.data(cell::Elide);
    return wish.isValid() ? static_cast<Qt::TextElideMode>(wish.toInt()) : Qt::ElideMiddle;
}

void ChipDelegate::paintContent(const Cell& cell) const {
    const bool centred =
        cell.index.data(Qt::TextAlignmentRole).toInt() & Qt::AlignHCenter && !hasText(cell.index);
    if (!centred) {
        CellDelegate::paintContent(cell);
        return;
    }
    paintMarks(cell, cell.rect.center().x() - chipSize().width() / 2);
}

namespace {

struct BarNumbers {
    double value, maximum, bad;
    QString text, badText;
};

BarNumbers barOf(const QModelIndex& index) {
    BarNumbers bar;
    bar.value = std::max(0.0, index.data(cell::BarValue).toDouble());
    bar.maximum = std::max(bar.value, index.data(cell::BarMaximum).toDouble());
    bar.bad = std::clamp(index.data(cell::BarBad).toDouble(), 0.0, bar.value);
    bar.text = safeText(index.data(Qt::DisplayRole).toString(), 32);
    if (bar.text.isEmpty()) bar.text = QLocale().toString(bar.value, 'f', 0);
    if (bar.bad > 0) bar.badText = QLocale().toString(bar.bad, 'f', 0);
    return bar;
}

/// Columns of the cell: the number, the bar, the bad ones. The same in every row.
struct BarColumns {
    qreal number, bad;
};

BarColumns barColumns(const QFontMetricsF& metrics, const BarNumbers& bar) {
    const QString widest = QLocale().toString(bar.maximum, 'f', 0);
    const qreal number =
        std::max({tabularWidth(metrics, widest), tabularWidth(metrics, bar.text), 17.0});
    return {number, std::max(14.0, tabularWidth(metrics, bar.badText))};
}

constexpr qreal kBarGap = 9, kBarWidth = 48;

}  // namespace

void BarDelegate::paintContent(const Cell& cell) const {
    const QFont font = textFont(cell.index);
    const QFontMetricsF metrics(font);
    const BarNumbers bar = barOf(cell.index);
    const BarColumns columns = barColumns(metrics, bar);
    QPainter& painter = cell.painter;
    painter.setFont(font);
    painter.setPen(textColor(cell.option, cell.index));
    QRectF number = cell.rect;
    number.setWidth(columns.number);
    drawTabular(painter, number, Qt::AlignRight | Qt::AlignVCenter, bar.text);
    const qreal left = number.right() + kBarGap;
    const qreal room = cell.rect.right() - left - columns.bad - kBarGap;
    if (room > 4 && bar.maximum > 0 && bar.value > 0) {
        const qreal length = std::max(2.0, room * bar.value / bar.maximum);
        const qreal badLength = bar.bad > 0 ? std::max(3.0, length * bar.bad / bar.value) : 0;
        const qreal gap = bar.bad > 0 && bar.bad < bar.value ? 1 : 0;
        const qreal top = cell.rect.center().y() - 3;
        const QRectF all = snapped(painter, QRectF(left, top, length, 6));
        painter.fillRect(all.adjusted(0, 0, -badLength - gap, 0), tone(Tone::Series1));
        painter.fillRect(all.adjusted(all.width() - badLength, 0, 0, 0), tone(Tone::Error));
    }
    if (!bar.badText.isEmpty()) {
        painter.setPen(tone(Tone::Error));
        drawTabular(painter, cell.rect, Qt::AlignRight | Qt::AlignVCenter, bar.badText);
    }
}

qreal BarDelegate::contentWidth(const QStyleOptionViewItem&, const QModelIndex& index) const {
    const BarColumns columns = barColumns(QFontMetricsF(textFont(index)), barOf(index));
    return columns.number + kBarGap + kBarWidth + kBarGap + columns.bad;
}

void SparkDelegate::paintContent(const Cell& cell) const {
    const QVariantList values = cell.index.data(cell::SparkValues).toList();
    if (values.size() < 2) {
        CellDelegate::paintContent(cell);
        return;
    }
    double low = values.first().toDouble(), high = low;
    for (const QVariant& value : values) {
        low = std::min(low, value.toDouble());
        high = std::max(high, value.toDouble());
    }
    const QRectF area = cell.rect.adjusted(0, 7, 0, -6);
    QPolygonF line;
    for (qsizetype i = 0; i < values.size(); ++i) {
        const double part = high > low ? (values[i].toDouble() - low) / (high - low) : 0.5;
        line << QPointF(area.left() + area.width() * static_cast<double>(i) /
                                          static_cast<double>(values.size() - 1),
                        area.bottom() - part * area.height());
    }
    cell.painter.setRenderHint(QPainter::Antialiasing);
    cell.painter.setPen(QPen(tone(Tone::Text2), 1.2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    cell.painter.drawPolyline(line);
}

qreal SparkDelegate::contentWidth(const QStyleOptionViewItem&, const QModelIndex&) const {
    return 52;
}

namespace {

constexpr qreal kTintPadding = 6;

cell::DiffKind diffOf(const QModelIndex& index) {
    return static_cast<cell::DiffKind>(index.data(cell::Diff).toInt());
}

Tone backOf(cell::DiffKind kind) {
    switch (kind) {
        case cell::DiffKind::Before:
            return Tone::Removed;
        case cell::DiffKind::After:
            return Tone::Added;
        case cell::DiffKind::Changed:
            return Tone::Changed;
        case cell::DiffKind::None:
            break;
    }
    return Tone::Surface;
}

}  // namespace

Type DiffDelegate::textType(const QModelIndex& index) const {
    return diffOf(index) == cell::DiffKind::None ? Type::Table : Type::Mono;
}

void DiffDelegate::paintContent(const Cell& cell) const {
    const cell::DiffKind kind = diffOf(cell.index);
    if (kind == cell::DiffKind::None) {
        CellDelegate::paintContent(cell);
        return;
    }
    const QFont font = textFont(cell.index);
    const QFontMetricsF metrics(font);
    const QString text = safeText(cell.index.data(Qt::DisplayRole).toString(), 512);
    const QString unit = safeText(cell.index.data(cell::Secondary).toString(), 64);
    const QFontMetricsF small(Theme::instance().font(Type::Table));
    const qreal unitWidth = unit.isEmpty() ? 0 : small.horizontalAdvance(unit) + 8;
    const QString shown = metrics.elidedText(text, elideMode(cell.index),
                                             cell.rect.width() - 2 * kTintPadding - unitWidth + 6);
    QRectF tint(cell.rect.left() - kTintPadding, cell.rect.center().y() - 9,
                metrics.horizontalAdvance(shown) + 2 * kTintPadding, 18);
    // The tint begins left of the column's text edge, so that texts with and without it align.
    tint.translate(kTintPadding - 1, 0);
    drawBox(cell.painter, tint, 2, tone(backOf(kind)));
    cell.painter.setFont(font);
    cell.painter.setPen(tone(Tone::Text));
    cell.painter.drawText(tint.adjusted(kTintPadding, 0, 2, 0),
                          Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, shown);
    if (unit.isEmpty()) return;
    cell.painter.setFont(Theme::instance().font(Type::Table));
    cell.painter.setPen(tone(Tone::Text2));
    cell.painter.drawText(
        QRectF(tint.right() + 6, cell.rect.top(), unitWidth + 4, cell.rect.height()),
        Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, unit);
}

qreal DiffDelegate::contentWidth(const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const {
    const qreal plain = CellDelegate::contentWidth(option, index);
    return diffOf(index) == cell::DiffKind::None ? plain : plain + 2 * kTintPadding;
}

namespace {

QFont badgeFont() {
    return Theme::instance().font(Type::CaptionStrong);
}

}  // namespace

void BadgeDelegate::paintContent(const Cell& cell) const {
    const QVariant wish = cell.index.data(cell::BadgeTone);
    if (!wish.isValid() || !hasText(cell.index)) {
        CellDelegate::paintContent(cell);
        return;
    }
    const BadgeColors colors = colorsOf(static_cast<BadgeTone>(wish.toInt()));
    const QFontMetricsF metrics(badgeFont());
    const QString text =
        metrics.elidedText(safeText(cell.index.data(Qt::DisplayRole).toString(), 128),
                           Qt::ElideRight, cell.rect.width() - 12);
    const QRectF box(cell.rect.left(), cell.rect.center().y() - 9,
                     metrics.horizontalAdvance(text) + 12, 18);
    drawBox(cell.painter, box, 3, colors.outlined ? QColor() : tone(colors.back),
            colors.outlined ? tone(Tone::Border2) : QColor());
    cell.painter.setFont(badgeFont());
    cell.painter.setPen(tone(colors.text));
    cell.painter.drawText(box, Qt::AlignCenter | Qt::TextDontClip, text);
}

qreal BadgeDelegate::contentWidth(const QStyleOptionViewItem&, const QModelIndex& index) const {
    return QFontMetricsF(badgeFont())
               .horizontalAdvance(safeText(index.data(Qt::DisplayRole).toString(), 128)) +
           12;
}

}  // namespace chancery::ui
