#pragma once

#include <QStyledItemDelegate>

namespace chancery::ui {

/// A ledger that was opened before: sign of its verdict, name, how it stood, when. One that is not
/// there any more is dimmed and offers to be located.
class RecentDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    static QString dateText(const QDateTime& opened);
};

}  // namespace chancery::ui
