#pragma once

#include <QAbstractListModel>
#include <QDateTime>
#include <QString>
#include <vector>

namespace chancery::ui {

/// Something that happened and that somebody may want to know of.
struct Notification {
    enum class Kind { Info, Good, Warning, Error };
    quint64 id = 0;
    Kind kind = Kind::Info;
    QString title;  ///< one sentence
    QString text;   ///< more of it; may be empty
    QDateTime time;
    QString link;        ///< chancery:// of what it is about
    QString revealPath;  ///< a file or folder that was made
    bool read = false;
    bool quiet = false;  ///< listed, but not put before the page: it shows the same
};

/// The newest 500 notifications, newest first. GUI thread only.
class NotificationModel : public QAbstractListModel {
    Q_OBJECT
public:
    /// Notification::Kind as int; the rest as named.
    enum Role { KindRole = Qt::UserRole + 1, TextRole, TimeRole, LinkRole, RevealRole, ReadRole };
    explicit NotificationModel(QObject* parent = nullptr);

    quint64 add(Notification notification);
    void markAllRead();
    void remove(int row);
    int unreadCount() const;
    /// Warnings and errors among all.
    int problemCount() const;
    const Notification& at(int row) const { return m_rows[static_cast<size_t>(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

Q_SIGNALS:
    void added(const chancery::ui::Notification& notification);
    void countsChanged();

private:
    std::vector<Notification> m_rows;
    quint64 m_lastId = 0;
};

}  // namespace chancery::ui
