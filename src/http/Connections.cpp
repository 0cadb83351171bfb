#include "src/http/Connections.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>

namespace chancery::http {

struct Connections::Connection {
    std::mutex mutex;
    Descriptor socket;  // our own handle of it, so that its number cannot become another's
    Allowance allowance;
    const ServerLimits* limits = nullptr;
    bool cutOff = false;
    bool givenUp = false;
    std::atomic<bool> working = false;
};

thread_local Connections::Connection* Connections::t_connection = nullptr;

namespace {

/// Sees every read from the network: counts the bytes of the header, and ends what takes too long.
long onRead(BIO* bio, int operation, const char*, std::size_t, int, long, int result,
            std::size_t* processed) {
    if (operation != (BIO_CB_READ | BIO_CB_RETURN) || result <= 0 || processed == nullptr)
        return result;
    Allowance* allowance = Connections::current();
    if (allowance == nullptr || allowance->inHandler) return result;
    const bool tooMuch = *processed > allowance->headerBytes;
    if (tooMuch || std::chrono::steady_clock::now() > allowance->until) {
        ::BIO_clear_retry_flags(bio);
        return -1;
    }
    allowance->headerBytes -= *processed;
    return result;
}

}  // namespace

Connections::Connections(const ServerLimits& limits) : m_limits(limits) {}
Connections::~Connections() = default;

void Connections::enqueue(std::function<void()> serve) {
    std::unique_lock lock(m_mutex);
    m_ended.wait(lock,
                 [this] { return m_stopping || m_connections.size() < m_limits.maxConnections; });
    auto connection = std::make_shared<Connection>();
    connection->limits = &m_limits;
    connection->cutOff = m_stopping;
    m_connections.push_back(connection);
    std::thread([this, connection, serve = std::move(serve)] { run(connection, serve); }).detach();
}

void Connections::run(std::shared_ptr<Connection> connection, const std::function<void()>& serve) {
    ::pthread_setname_np(::pthread_self(), "http");
    t_connection = connection.get();
    renew();
    serve();
    t_connection = nullptr;
    {
        const std::lock_guard own(connection->mutex);
        connection->socket = Descriptor();
    }
    // The last touch of this object: whoever waits for it may destroy it once the lock is free.
    const std::lock_guard lock(m_mutex);
    std::erase(m_connections, connection);
    m_ended.notify_all();
}

void Connections::shutdown() {
    cutIdle();
    std::unique_lock lock(m_mutex);
    m_ended.wait(lock, [this] { return m_connections.empty(); });
}

void Connections::cutIdle() {
    cut(false);
}

void Connections::cutAll() {
    cut(true);
}

void Connections::cut(bool all) {
    const std::lock_guard lock(m_mutex);
    m_stopping = true;
    m_ended.notify_all();
    for (const auto& connection : m_connections) {
        const std::lock_guard own(connection->mutex);
        if (!all && connection->working) continue;
        connection->cutOff = true;
        if (connection->socket.get() >= 0) ::shutdown(connection->socket.get(), SHUT_RDWR);
    }
}

void Connections::watch(SSL* ssl) {
    Connection* connection = t_connection;
    if (connection == nullptr) return;
    const std::lock_guard lock(connection->mutex);
    if (connection->socket.get() >= 0) return;
    const int socket = ::SSL_get_fd(ssl);
    connection->socket = Descriptor(::fcntl(socket, F_DUPFD_CLOEXEC, 0));
    if (connection->cutOff) ::shutdown(socket, SHUT_RDWR);
    ::BIO_set_callback_ex(::SSL_get_rbio(ssl), onRead);
}

void Connections::renew() {
    Connection* connection = t_connection;
    if (connection == nullptr) return;
    // The records of TLS around the header, and the handshake, need a little more.
    connection->allowance = {.headerBytes = connection->limits->maxHeaderBytes + (16 << 10),
                             .until = deadlineIn(connection->limits->requestTimeout)};
}

void Connections::beginHandler() {
    if (t_connection == nullptr) return;
    t_connection->allowance.inHandler = true;
    t_connection->working = true;
}

void Connections::giveUp() {
    if (t_connection == nullptr) return;
    t_connection->allowance = {};
    t_connection->givenUp = true;
}

void Connections::answered() {
    if (t_connection == nullptr) return;
    t_connection->working = false;
    if (!t_connection->givenUp) return renew();
    const std::lock_guard lock(t_connection->mutex);
    // In this direction only: what the other side still sends would otherwise cost it the answer.
    if (t_connection->socket) ::shutdown(t_connection->socket.get(), SHUT_WR);
}

Allowance* Connections::current() {
    return t_connection == nullptr ? nullptr : &t_connection->allowance;
}

}  // namespace chancery::http
