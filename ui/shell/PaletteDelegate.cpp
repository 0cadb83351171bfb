#include "ui/shell/PaletteDelegate.h"

#include <QPainter>
#include <algorithm>

#include "ui/models/PaletteModel.h"
#include "ui/style/Icons.h"
#include "ui/style/Paint.h"
#include "ui/style/SafeText.h"
#include "ui/widgets/KeyCap.h"

namespace chancery::ui {
namespace {

constexpr int kPaletteRow = 38, kHeading = 30, kMargin = 6, kInner = 12, kIcon = 16, kTextLeft = 46;
constexpr qsizetype kMaxText = 400;

Status statusOf(PaletteEntry::State state) {
    switch (state) {
        case PaletteEntry::State::Good:
            return Status::Ok;
        case PaletteEntry::State::Warning:
            return Status::Warn;
        case PaletteEntry::State::Bad:
            return Status::Error;
        case PaletteEntry::State::Unknown:
            return Status::Unknown;
        case PaletteEntry::State::None:
            break;
    }
    return Status::None;
}

/// Draws pieces of one line one behind the other and stops at the right edge.
class Line {
public:
    Line(QPainter& painter, const QRectF& room) : m_painter(painter), m_room(room) {}
    void write(const QString& text, Type type, Tone tone) {
        if (m_room.width() <= 8 || text.isEmpty()) return;
        const Theme& theme = Theme::instance();
        m_painter.setFont(theme.font(type));
        m_painter.setPen(theme.color(tone));
        const QFontMetricsF metrics(m_painter.font());
        const QString shown = metrics.elidedText(text, Qt::ElideRight, m_room.width());
        m_painter.drawText(m_room, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, shown);
        m_room.setLeft(m_room.left() + metrics.horizontalAdvance(shown));
    }
    void space(qreal pixels) { m_room.setLeft(m_room.left() + pixels); }

private:
    QPainter& m_painter;
    QRectF m_room;
};

/// Draws at the right end and returns how much room is left.
QRectF paintRight(QPainter& painter, QRectF room, const PaletteEntry& entry, bool selected) {
    const Theme& theme = Theme::instance();
    if (!entry.keys.isEmpty() || selected) {
        const QStringList caps =
            selected ? QStringList{PaletteModel::tr("Enter")} : KeyCap::partsOf(entry.keys);
        for (auto cap = caps.rbegin(); cap != caps.rend(); ++cap) {
            const QSizeF size = KeyCap::sizeOf(*cap);
            const QRectF box(
                QPointF(room.right() - size.width(), room.center().y() - size.height() / 2), size);
            KeyCap::paint(painter, box, *cap);
            room.setRight(box.left() - 4);
        }
        room.setRight(room.right() - 8);
    }
    if (!entry.stateText.isEmpty()) {
        painter.setFont(theme.font(Type::Table));
        painter.setPen(theme.color(Tone::Text2));
        painter.drawText(room, Qt::AlignRight | Qt::AlignVCenter, entry.stateText);
        room.setRight(room.right() - painter.fontMetrics().horizontalAdvance(entry.stateText) - 6);
        if (entry.state != PaletteEntry::State::None) {
            const QRectF glyph(room.right() - 14, room.center().y() - 7, 14, 14);
            statusIcon(statusOf(entry.state)).paint(&painter, glyph.toRect());
            room.setRight(glyph.left());
        }
        room.setRight(room.right() - 12);
    }
    return room;
}

}  // namespace

PaletteDelegate::PaletteDelegate(const PaletteModel& model, QObject* parent)
    : QStyledItemDelegate(parent), m_model(model) {}

QSize PaletteDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
    return {200, index.data(PaletteModel::HeadingRole).toBool() ? kHeading : kPaletteRow};
}

void PaletteDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF rect(option.rect);
    if (index.data(PaletteModel::HeadingRole).toBool()) {
        paintHeading(*painter, rect, index);
    } else {
        paintEntry(*painter, rect, index, option.state.testFlag(QStyle::State_Selected));
    }
    painter->restore();
}

void PaletteDelegate::paintHeading(QPainter& painter, const QRectF& rect,
                                   const QModelIndex& index) const {
    Line line(painter, rect.adjusted(kMargin + kInner, 4, -kMargin, 0));
    line.write(index.data(Qt::DisplayRole).toString(), Type::Caption, Tone::Text3);
    if (!index.data(PaletteModel::PendingRole).toBool()) return;
    line.space(8);
    line.write(PaletteModel::tr("searching …"), Type::Caption, Tone::Text3);
}

void PaletteDelegate::paintEntry(QPainter& painter, const QRectF& rect, const QModelIndex& index,
                                 bool selected) const {
    const PaletteEntry* entry = m_model.entry(index.row());
    if (entry == nullptr) return;
    const Theme& theme = Theme::instance();
    const QRectF box = rect.adjusted(kMargin, 0, -kMargin, 0);
    if (selected) drawBox(painter, box, 4, theme.color(Tone::Selected));
    const bool blocked = !entry->blocked.isEmpty();
    const QRect glyph(static_cast<int>(box.left()) + kInner,
                      static_cast<int>(box.center().y()) - kIcon / 2, kIcon, kIcon);
    const QString iconName = blocked                 ? QStringLiteral("lock")
                             : entry->icon.isEmpty() ? QStringLiteral("right")
                                                     : entry->icon;
    icon(iconName, blocked    ? Tone::Text3
                   : selected ? Tone::Accent
                              : Tone::Text2)
        .paint(&painter, glyph);

    QRectF room(rect.left() + kTextLeft, rect.top(), box.right() - kInner - rect.left() - kTextLeft,
                rect.height());
    room = paintRight(painter, room, *entry, selected && !blocked);
    Line line(painter, room);
    qsizetype at = 0;
    const QString title = entry->title.left(kMaxText);
    for (const TextRange& range : m_model.ranges(index.row())) {
        if (range.begin + range.length > title.size()) break;
        line.write(safeText(title.mid(at, range.begin - at)), Type::Body,
                   blocked ? Tone::Text3 : Tone::Text);
        line.write(safeText(title.mid(range.begin, range.length)), Type::BodyStrong,
                   blocked ? Tone::Text3 : Tone::Accent);
        at = range.begin + range.length;
    }
    line.write(safeText(title.mid(at)), Type::Body, blocked ? Tone::Text3 : Tone::Text);
    line.space(12);
    line.write(safeText(blocked ? entry->blocked : entry->detail, kMaxText), Type::Table,
               blocked ? Tone::Text2 : Tone::Text3);
}

}  // namespace chancery::ui
