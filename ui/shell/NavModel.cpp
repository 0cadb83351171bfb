#include "ui/shell/NavModel.h"

#include <QCoreApplication>
#include <algorithm>

namespace chancery::ui {

QString titleOf(PageSpec::Group group) {
    switch (group) {
        case PageSpec::Group::Network:
            return QCoreApplication::translate("NavRail", "Network");
        case PageSpec::Group::Govern:
            return QCoreApplication::translate("NavRail", "Govern");
        case PageSpec::Group::Observe:
            return QCoreApplication::translate("NavRail", "Observe");
        case PageSpec::Group::Operate:
            return QCoreApplication::translate("NavRail", "Operate");
    }
    return {};
}

void NavModel::add(const PageSpec& page) {
    const auto behind = std::find_if(m_rows.begin(), m_rows.end(),
                                     [&](const Row& row) { return row.page.group > page.group; });
    const bool known = std::any_of(m_rows.begin(), m_rows.end(),
                                   [&](const Row& row) { return row.page.group == page.group; });
    const int at = static_cast<int>(behind - m_rows.begin());
    std::vector<Row> rows;
    if (!known) rows.push_back({true, {QString(), page.group, {}, {}, {}, {}}, {}, 0});
    rows.push_back({false, page, {}, 0});
    beginInsertRows({}, at, at + static_cast<int>(rows.size()) - 1);
    m_rows.insert(m_rows.begin() + at, rows.begin(), rows.end());
    endInsertRows();
}

void NavModel::setBadge(const QString& id, const QString& text, int status) {
    const int row = rowOf(id);
    if (row < 0) return;
    m_rows[static_cast<size_t>(row)].badge = text;
    m_rows[static_cast<size_t>(row)].badgeStatus = status;
    Q_EMIT dataChanged(index(row), index(row));
}

int NavModel::rowOf(const QString& id) const {
    for (size_t i = 0; i < m_rows.size(); ++i)
        if (!m_rows[i].heading && m_rows[i].page.id == id) return static_cast<int>(i);
    return -1;
}

void NavModel::retranslate() {
    if (!m_rows.empty()) Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

int NavModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant NavModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = m_rows[static_cast<size_t>(index.row())];
    switch (role) {
        case Qt::DisplayRole:
            return row.heading ? titleOf(row.page.group) : row.page.title();
        case Qt::AccessibleTextRole:
            if (row.heading) return titleOf(row.page.group);
            return row.badge.isEmpty() ? row.page.title()
                                       : row.page.title() + QStringLiteral(", ") + row.badge;
        case Qt::ToolTipRole: {
            if (row.heading) return {};
            const QString keys = row.page.shortcut.toString(QKeySequence::NativeText);
            return keys.isEmpty() ? row.page.title()
                                  : row.page.title() + QStringLiteral("  ") + keys;
        }
        case IdRole:
            return row.page.id;
        case IconRole:
            return row.page.icon;
        case HeadingRole:
            return row.heading;
        case BadgeRole:
            return row.badge;
        case BadgeStatusRole:
            return row.badgeStatus;
        default:
            return {};
    }
}

Qt::ItemFlags NavModel::flags(const QModelIndex& index) const {
    if (!index.isValid() || m_rows[static_cast<size_t>(index.row())].heading) return {};
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
}

}  // namespace chancery::ui
