#pragma once

#include <QStyledItemDelegate>

#include "ui/style/CellRoles.h"
#include "ui/style/Theme.h"

namespace chancery::ui {

/// Draws a cell in the look of the tables: selection with the accent bar at the left, hover, group
/// rows, the line between rows, and then every role of CellRoles.h that the model gives: channel
/// mark or chip, glyph, text (made safe), dimmer text. The special delegates only change the
/// content.
class CellDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit CellDelegate(QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;

protected:
    /// What is to be drawn where; `rect` is the cell without its paddings.
    struct Cell {
        QPainter& painter;
        QRectF rect;
        const QStyleOptionViewItem& option;
        const QModelIndex& index;
    };
    virtual void paintContent(const Cell& cell) const;
    /// Without paddings.
    virtual qreal contentWidth(const QStyleOptionViewItem& option, const QModelIndex& index) const;
    virtual Type textType(const QModelIndex& index) const;
    virtual Qt::TextElideMode elideMode(const QModelIndex& index) const;

    /// Marks, then text; returns where the drawn part ends.
    qreal paintMarks(const Cell& cell, qreal x) const;
    void paintText(const Cell& cell, const QRectF& rect) const;
    QColor textColor(const QStyleOptionViewItem& option, const QModelIndex& index) const;
    QFont textFont(const QModelIndex& index) const;

private:
    void paintBack(QPainter& painter, const QStyleOptionViewItem& option,
                   const QModelIndex& index) const;
};

}  // namespace chancery::ui
