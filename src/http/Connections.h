#pragma once

// For the sources of this folder: the threads of a server, and what each connection may use up.
#include <httplib.h>
#include <openssl/bio.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "src/base/Deadline.h"
#include "src/base/Descriptor.h"
#include "src/http/Server.h"

namespace chancery::http {

/// Bytes and time that a connection has left before its next request must be complete. Belongs to
/// one thread; the library below knows limits per line and per read only.
struct Allowance {
    std::size_t headerBytes = 0;
    Deadline until;
    bool inHandler = false;
};

/// The connections of a server, each on a thread of its own, made when needed.
class Connections : public httplib::TaskQueue {
public:
    explicit Connections(const ServerLimits& limits);
    ~Connections() override;

    /// Called for each accepted connection: waits while there are too many.
    void enqueue(std::function<void()> serve) override;
    /// Called when the server does not listen any more: returns when all connections have ended.
    void shutdown() override;

    /// Cuts off the connections on which nobody works now; those with a request end after it.
    void cutIdle();
    void cutAll();

    /// To be called when a handshake begins on this thread, so that the connection can be cut off.
    static void watch(SSL* ssl);
    /// From here until its answer was sent, a request is being worked on.
    static void beginHandler();
    /// The connection is not used for further requests: what follows cannot be told apart.
    static void giveUp();
    /// To be called when an answer was sent: the limits of this thread's connection start anew.
    static void answered();
    static Allowance* current();

private:
    struct Connection;
    static thread_local Connection* t_connection;  // of this thread
    static void renew();
    void run(std::shared_ptr<Connection> connection, const std::function<void()>& serve);
    void cut(bool all);

    const ServerLimits m_limits;
    std::mutex m_mutex;
    std::condition_variable m_ended;
    std::deque<std::shared_ptr<Connection>> m_connections;
    bool m_stopping = false;
};

}  // namespace chancery::http
