#pragma once

#include <QStyledItemDelegate>

namespace chancery::ui {

/// A row of the list of networks that can be made: mark, small drawing, name and what it has, and
/// what it takes.
class TemplateDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    enum Role { SummaryRole = Qt::UserRole + 1, MemoryRole, PeersRole, OrderersRole, ChannelsRole };
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace chancery::ui
