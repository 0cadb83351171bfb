#include "ui/models/NotificationModel.h"

#include <algorithm>

namespace chancery::ui {
namespace {

constexpr int kMaxNotifications = 500;

bool isProblem(const Notification& notification) {
    return notification.kind == Notification::Kind::Warning ||
           notification.kind == Notification::Kind::Error;
}

}  // namespace

NotificationModel::NotificationModel(QObject* parent) : QAbstractListModel(parent) {}

quint64 NotificationModel::add(Notification notification) {
    if (rowCount() == kMaxNotifications) remove(kMaxNotifications - 1);
    notification.id = ++m_lastId;
    if (!notification.time.isValid()) notification.time = QDateTime::currentDateTimeUtc();
    beginInsertRows({}, 0, 0);
    m_rows.insert(m_rows.begin(), std::move(notification));
    endInsertRows();
    const Notification copy = m_rows.front();
    Q_EMIT countsChanged();
    Q_EMIT added(copy);
    return copy.id;
}

void NotificationModel::markAllRead() {
    if (unreadCount() == 0) return;
    for (Notification& row : m_rows) row.read = true;
    Q_EMIT dataChanged(index(0), index(rowCount() - 1), {ReadRole});
    Q_EMIT countsChanged();
}

void NotificationModel::remove(int row) {
    if (row < 0 || row >= rowCount()) return;
    beginRemoveRows({}, row, row);
    m_rows.erase(m_rows.begin() + row);
    endRemoveRows();
    Q_EMIT countsChanged();
}

int NotificationModel::unreadCount() const {
    return static_cast<int>(std::count_if(m_rows.begin(), m_rows.end(),
                                          [](const Notification& row) { return !row.read; }));
}

int NotificationModel::problemCount() const {
    return static_cast<int>(std::count_if(m_rows.begin(), m_rows.end(), isProblem));
}

int NotificationModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant NotificationModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Notification& row = at(index.row());
    switch (role) {
        case Qt::DisplayRole:
            return row.title;
        case Qt::ToolTipRole:
        case Qt::AccessibleTextRole:
            return row.text.isEmpty() ? row.title : row.title + '\n' + row.text;
        case KindRole:
            return static_cast<int>(row.kind);
        case TextRole:
            return row.text;
        case TimeRole:
            return row.time;
        case LinkRole:
            return row.link;
        case RevealRole:
            return row.revealPath;
        case ReadRole:
            return row.read;
        default:
            return {};
    }
}

}  // namespace chancery::ui
