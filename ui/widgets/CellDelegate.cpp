#include "ui/widgets/CellDelegate.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <QTreeView>
#include <cmath>

#include "ui/style/Icons.h"
#include "ui/style/Paint.h"
#include "ui/style/SafeText.h"
#include "ui/widgets/DataTable.h"
#include "ui/widgets/TableHeader.h"

namespace chancery::ui {
namespace {

constexpr qreal kCellGlyph = 14, kMark = 10, kCellGap = 7;
/// What one row can show; the rest is in the tooltip or the inspector.
constexpr qsizetype kCellText = 512;

const QHeaderView* headerOf(const QWidget* widget) {
    if (const auto* table = qobject_cast<const QTableView*>(widget)) {
        return table->horizontalHeader();
    }
    if (const auto* tree = qobject_cast<const QTreeView*>(widget)) return tree->header();
    return nullptr;
}

QString textOf(const QModelIndex& index) {
    return safeText(index.data(Qt::DisplayRole).toString(), kCellText);
}

bool isNumeric(const QModelIndex& index) {
    return index.data(Qt::TextAlignmentRole).toInt() & Qt::AlignRight;
}

qreal marksWidth(const QModelIndex& index) {
    qreal width = 0;
    if (index.data(cell::ChannelIndex).isValid()) width += kMark + kCellGap;
    if (index.data(cell::ChipText).isValid()) width += chipSize().width() + 8;
    if (index.data(cell::Glyph).isValid()) width += kCellGlyph + kCellGap;
    if (index.data(cell::GlyphName).isValid()) width += 16 + 6;
    return width;
}

/// Nothing at all is to be shown: the cell gets a dash.
bool isEmpty(const QModelIndex& index) {
    return index.data(Qt::DisplayRole).toString().isEmpty() && marksWidth(index) == 0 &&
           !index.data(cell::BarValue).isValid() && !index.data(cell::SparkValues).isValid() &&
           !index.data(cell::Secondary).isValid() && !index.data(Qt::CheckStateRole).isValid() &&
           !index.data(cell::GroupRow).toBool() && index.data(Qt::DisplayRole).isValid();
}

}  // namespace

CellDelegate::CellDelegate(QObject* parent) : QStyledItemDelegate(parent) {}

void CellDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const {
    painter->save();
    paintBack(*painter, option, index);
    const QHeaderView* header = headerOf(option.widget);
    const bool tree = qobject_cast<const QTreeView*>(option.widget) != nullptr;
    const int left = tree && index.column() == 0 ? 2 : CellPadding::left(header, index.column());
    const QRectF room =
        QRectF(option.rect).adjusted(left, 0, -CellPadding::right(header, index.column()), -1);
    painter->setClipRect(room.adjusted(-2, 0, 2, 0), Qt::IntersectClip);
    if (index.data(cell::Loading).toBool()) {
        const QRectF block(room.left(), room.center().y() - 4, std::min(room.width() * 0.75, 120.0),
                           8);
        drawBox(*painter, block, 2, Theme::instance().color(Tone::Chip));
    } else if (isEmpty(index)) {
        painter->setFont(Theme::instance().font(Type::Table));
        painter->setPen(Theme::instance().color(Tone::Text3));
        const int flags = index.data(Qt::TextAlignmentRole).toInt();
        painter->drawText(
            room,
            (flags == 0 ? Qt::AlignLeft : flags & Qt::AlignHorizontal_Mask) | Qt::AlignVCenter,
            QStringLiteral("–"));
    } else {
        paintContent({*painter, room, option, index});
    }
    painter->restore();
    if (option.state & QStyle::State_HasFocus && option.widget != nullptr &&
        option.widget->window()->testAttribute(Qt::WA_KeyboardFocusChange) &&
        !(option.state & QStyle::State_Selected)) {
        drawFocusRing(*painter, option.rect, 2);
    }
}

void CellDelegate::paintBack(QPainter& painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const {
    if (qobject_cast<const QTreeView*>(option.widget) != nullptr) return;  // a whole row at once
    const Theme& theme = Theme::instance();
    const auto* table = qobject_cast<const DataTable*>(option.widget);
    const bool selected = option.state & QStyle::State_Selected;
    const QVariant wish = index.data(Qt::BackgroundRole);
    if (selected) {
        painter.fillRect(option.rect, theme.color(Tone::SelectedRow));
    } else if (wish.canConvert<QBrush>()) {
        painter.fillRect(option.rect, qvariant_cast<QBrush>(wish));
    } else if (table != nullptr && table->hoveredRow() == index.row()) {
        painter.fillRect(option.rect, theme.color(Tone::Hover));
    } else if (index.data(cell::GroupRow).toBool()) {
        painter.fillRect(option.rect, theme.color(Tone::Subtle));
    }
    const QRectF r = option.rect;
    drawHorizontalLine(painter, r.left(), r.right(), r.bottom() - 1, theme.color(Tone::Border));
    const QHeaderView* header = headerOf(option.widget);
    if (selected && header != nullptr && header->visualIndex(index.column()) == 0) {
        painter.fillRect(snapped(painter, QRectF(r.left(), r.top(), 3, r.height())),
                         theme.color(Tone::Accent));
    }
}

void CellDelegate::paintContent(const Cell& cell) const {
    const qreal x = paintMarks(cell, cell.rect.left());
    QRectF room = cell.rect;
    room.setLeft(x);
    paintText(cell, room);
}

qreal CellDelegate::paintMarks(const Cell& cell, qreal x) const {
    const Theme& theme = Theme::instance();
    const qreal middle = cell.rect.center().y();
    const QModelIndex& index = cell.index;
    const QVariant channel = index.data(cell::ChannelIndex);
    if (channel.isValid()) {
        drawChannelMark(cell.painter, QRectF(x, middle - kMark / 2, kMark, kMark), channel.toInt());
        x += kMark + kCellGap;
    }
    const QVariant chip = index.data(cell::ChipText);
    if (chip.isValid()) {
        const QSizeF size = chipSize();
        drawChip(cell.painter, QRectF(QPointF(x, middle - size.height() / 2), size),
                 safeText(chip.toString(), 4),
                 theme.seriesTone(index.data(cell::ChipSeries).toInt()),
                 !(cell.option.state & QStyle::State_Enabled));
        x += size.width() + 8;
    }
    const QVariant glyph = index.data(cell::Glyph);
    if (glyph.isValid()) {
        statusIcon(static_cast<Status>(glyph.toInt()))
            .paint(&cell.painter,
                   QRectF(x, middle - kCellGlyph / 2, kCellGlyph, kCellGlyph).toRect());
        x += kCellGlyph + kCellGap;
    }
    const QVariant name = index.data(cell::GlyphName);
    if (name.isValid()) {
        icon(name.toString()).paint(&cell.painter, QRectF(x, middle - 8, 16, 16).toRect());
        x += 16 + 6;
    }
    return x;
}

void CellDelegate::paintText(const Cell& cell, const QRectF& rect) const {
    const QModelIndex& index = cell.index;
    const QString text = textOf(index);
    const QFont font = textFont(index);
    const QFontMetricsF metrics(font);
    QPainter& painter = cell.painter;
    painter.setFont(font);
    painter.setPen(textColor(cell.option, index));
    const int wish = index.data(Qt::TextAlignmentRole).toInt() & Qt::AlignHorizontal_Mask;
    const auto alignment =
        (wish == 0 ? Qt::Alignment(Qt::AlignLeft) : Qt::Alignment(wish)) | Qt::AlignVCenter;
    const bool mono = font.styleHint() == QFont::Monospace;
    if (isNumeric(index) && !mono && tabularWidth(metrics, text) <= rect.width()) {
        drawTabular(painter, rect, alignment, text);
        return;
    }
    const QString shown = metrics.elidedText(text, elideMode(index), rect.width());
    painter.drawText(rect, static_cast<int>(alignment) | Qt::TextSingleLine, shown);
    const QString second = safeText(index.data(cell::Secondary).toString(), kCellText);
    if (second.isEmpty()) return;
    const qreal used = text.isEmpty() ? 0 : metrics.horizontalAdvance(shown) + 8;
    const QRectF room = rect.adjusted(used, 0, 0, 0);
    if (room.width() < 16) return;
    painter.setFont(Theme::instance().font(Type::Table));
    painter.setPen(Theme::instance().color(Tone::Text3));
    painter.drawText(
        room, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
        QFontMetricsF(painter.font()).elidedText(second, Qt::ElideRight, room.width()));
}

Type CellDelegate::textType(const QModelIndex& index) const {
    const bool strong = index.data(cell::Strong).toBool();
    if (index.data(cell::Monospace).toBool()) return strong ? Type::MonoStrong : Type::Mono;
    return strong ? Type::TableStrong : Type::Table;
}

QFont CellDelegate::textFont(const QModelIndex& index) const {
    return Theme::instance().font(textType(index));
}

QColor CellDelegate::textColor(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const Theme& theme = Theme::instance();
    if (!(option.state & QStyle::State_Enabled)) return theme.color(Tone::Disabled);
    const QVariant tone = index.data(cell::TextTone);
    if (tone.isValid()) return theme.color(static_cast<Tone>(tone.toInt()));
    const QVariant glyph = index.data(cell::Glyph);
    if (glyph.isValid()) {
        const auto status = static_cast<Status>(glyph.toInt());
        if (status == Status::Warn || status == Status::Error) return theme.color(toneOf(status));
        if (status == Status::None) return theme.color(Tone::Text2);
    }
    return theme.color(Tone::Text);
}

Qt::TextElideMode CellDelegate::elideMode(const QModelIndex& index) const {
    const QVariant wish = index.data(cell::Elide);
    return wish.isValid() ? static_cast<Qt::TextElideMode>(wish.toInt()) : Qt::ElideRight;
}

qreal CellDelegate::contentWidth(const QStyleOptionViewItem&, const QModelIndex& index) const {
    const QFontMetricsF metrics(textFont(index));
    const QString text = textOf(index);
    qreal width = marksWidth(index) + (isNumeric(index) ? tabularWidth(metrics, text)
                                                        : metrics.horizontalAdvance(text));
    const QString second = safeText(index.data(cell::Secondary).toString(), kCellText);
    if (!second.isEmpty()) {
        width += 8 + QFontMetricsF(Theme::instance().font(Type::Table)).horizontalAdvance(second);
    }
    return width;
}

QSize CellDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const QHeaderView* header = headerOf(option.widget);
    const int padding =
        CellPadding::left(header, index.column()) + CellPadding::right(header, index.column());
    return {static_cast<int>(std::ceil(contentWidth(option, index))) + padding + 1,
            Theme::instance().rowHeight()};
}

bool CellDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view,
                             const QStyleOptionViewItem& option, const QModelIndex& index) {
    if (event->type() != QEvent::ToolTip || !index.isValid()) {
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    }
    QString text = index.data(Qt::ToolTipRole).toString();
    if (text.isEmpty() && sizeHint(option, index).width() > option.rect.width()) {
        const QVariant whole = index.data(cell::CopyText);
        text = whole.isValid() ? whole.toString() : index.data(Qt::DisplayRole).toString();
    }
    if (text.isEmpty()) {
        QToolTip::hideText();
    } else {
        QToolTip::showText(event->globalPos(), safeToolTip(text), view, option.rect);
    }
    return true;
}

}  // namespace chancery::ui
