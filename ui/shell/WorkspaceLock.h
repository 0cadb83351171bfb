#pragma once

#include <QLockFile>
#include <QObject>
#include <QStringList>
#include <memory>

class QLocalServer;
class QLocalSocket;

namespace chancery::ui {

/// One process owns a workspace folder. A second one hands its arguments to the first and ends.
class WorkspaceLock : public QObject {
    Q_OBJECT
public:
    /// The folder is made (0700) when it is not there.
    explicit WorkspaceLock(const QString& folder, QObject* parent = nullptr);
    ~WorkspaceLock() override;

    enum class Outcome { Owner, HandedOver, Held, NoFolder };
    /// Owner: the folder is ours now, and arguments of later starts come by handedOver().
    /// HandedOver: another process took `arguments`. Held: another process has it and does not
    /// answer. Waits for at most `patience` milliseconds.
    Outcome acquire(const QStringList& arguments, int patience = 2000);
    /// "process 4711 on this computer": who holds the folder, after Held.
    QString holder() const { return m_holder; }
    /// Where the owner listens.
    QString serverName() const;

Q_SIGNALS:
    /// Arguments of a second start, with the folder in which it was made as first element.
    void handedOver(const QStringList& arguments);

private:
    bool handOver(const QStringList& arguments, int patience) const;
    void listen();
    void serve(QLocalSocket* socket);

    QString m_folder;
    QLockFile m_lock;
    std::unique_ptr<QLocalServer> m_server;
    QString m_holder;
};

}  // namespace chancery::ui
