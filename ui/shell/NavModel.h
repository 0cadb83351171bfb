#pragma once

#include <QAbstractListModel>
#include <vector>

#include "ui/shell/PageSpec.h"

namespace chancery::ui {

/// Pages in their groups, as the rail shows them: a heading before the first page of each group.
class NavModel : public QAbstractListModel {
    Q_OBJECT
public:
    /// HeadingRole: bool; BadgeRole: QString, what waits there; BadgeStatusRole: Status as int.
    enum Role { IdRole = Qt::UserRole + 1, IconRole, HeadingRole, BadgeRole, BadgeStatusRole };
    using QAbstractListModel::QAbstractListModel;

    void add(const PageSpec& page);
    /// What waits on a page; an empty text: nothing.
    void setBadge(const QString& id, const QString& text, int status);
    int rowOf(const QString& id) const;
    void retranslate();

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    struct Row {
        bool heading = false;
        PageSpec page;
        QString badge;
        int badgeStatus = 0;
    };
    std::vector<Row> m_rows;
};

}  // namespace chancery::ui
