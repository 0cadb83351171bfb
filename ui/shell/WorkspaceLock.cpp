#include "ui/shell/WorkspaceLock.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocalServer>
#include <QLocalSocket>
#include <QTimer>

namespace chancery::ui {
namespace {

constexpr qint64 kMaxMessage = 64 * 1024;
constexpr int kPatienceWithSender = 2000;
const QByteArray kAnswer = QByteArrayLiteral("taken\n");

}  // namespace

WorkspaceLock::WorkspaceLock(const QString& folder, QObject* parent)
    : QObject(parent),
      m_folder(folder),
      m_lock(folder + QStringLiteral("/lock")),
      m_server(std::make_unique<QLocalServer>()) {
    // Held as long as the process lives, however old the file is.
    m_lock.setStaleLockTime(0);
    connect(m_server.get(), &QLocalServer::newConnection, this, [this] {
        while (QLocalSocket* socket = m_server->nextPendingConnection()) serve(socket);
    });
}

WorkspaceLock::~WorkspaceLock() = default;

QString WorkspaceLock::serverName() const {
    const QByteArray hash = QCryptographicHash::hash(QDir(m_folder).canonicalPath().toUtf8(),
                                                     QCryptographicHash::Sha256);
    return QStringLiteral("chancery-") + QString::fromLatin1(hash.toHex().left(16));
}

WorkspaceLock::Outcome WorkspaceLock::acquire(const QStringList& arguments, int patience) {
    if (!QDir().mkpath(m_folder)) return Outcome::NoFolder;
    QFile::setPermissions(m_folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    if (m_lock.tryLock(0)) {
        listen();
        return Outcome::Owner;
    }
    if (m_lock.error() == QLockFile::PermissionError) return Outcome::NoFolder;
    if (handOver(arguments, patience)) return Outcome::HandedOver;
    // It may have ended meanwhile.
    if (m_lock.tryLock(0)) {
        listen();
        return Outcome::Owner;
    }
    qint64 pid = 0;
    QString host, program;
    if (m_lock.getLockInfo(&pid, &host, &program))
        m_holder = tr("process %1 on %2").arg(QString::number(pid), host);
    return Outcome::Held;
}

void WorkspaceLock::listen() {
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    // A name left by a process that was killed.
    QLocalServer::removeServer(serverName());
    m_server->listen(serverName());
}

bool WorkspaceLock::handOver(const QStringList& arguments, int patience) const {
    QLocalSocket socket;
    socket.connectToServer(serverName());
    if (!socket.waitForConnected(patience)) return false;
    QStringList message = arguments;
    message.prepend(QDir::currentPath());
    socket.write(QJsonDocument(QJsonArray::fromStringList(message)).toJson(QJsonDocument::Compact) +
                 '\n');
    while (!socket.canReadLine())
        if (!socket.waitForReadyRead(patience)) return false;
    return socket.readLine() == kAnswer;
}

void WorkspaceLock::serve(QLocalSocket* socket) {
    connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
    QTimer::singleShot(kPatienceWithSender, socket, [socket] { socket->abort(); });
    socket->setReadBufferSize(kMaxMessage);
    const auto read = [this, socket] {
        if (!socket->canReadLine()) {
            if (socket->bytesAvailable() >= kMaxMessage) socket->abort();
            return;
        }
        const auto json = QJsonDocument::fromJson(socket->readLine());
        if (!json.isArray()) {
            socket->abort();
            return;
        }
        QStringList arguments;
        for (const QJsonValue& value : json.array()) arguments.append(value.toString());
        socket->write(kAnswer);
        socket->disconnectFromServer();
        Q_EMIT handedOver(arguments);
    };
    connect(socket, &QLocalSocket::readyRead, this, read);
    if (socket->bytesAvailable() > 0) read();
}

}  // namespace chancery::ui
