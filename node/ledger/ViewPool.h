#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "src/store/Connection.h"

namespace chancery::node {

/// Read-only connections to the database of a ledger, lent to its views. Thread-safe.
class ViewPool {
public:
    ViewPool(std::filesystem::path database, std::size_t most)
        : m_database(std::move(database)), m_most(most) {}

    /// A connection that goes back at the end; outside of a transaction then.
    class Lease {
    public:
        Lease(ViewPool& pool, std::unique_ptr<store::Connection> connection)
            : m_pool(&pool), m_connection(std::move(connection)) {}
        Lease(Lease&& other) noexcept = default;
        Lease& operator=(Lease&&) = delete;
        ~Lease() {
            if (m_connection != nullptr) m_pool->giveBack(std::move(m_connection));
        }
        store::Connection& connection() const { return *m_connection; }

    private:
        ViewPool* m_pool;
        std::unique_ptr<store::Connection> m_connection;
    };

    /// RESOURCE_EXHAUSTED (TOO_MANY_VIEWS) when as many are lent as may be. Waits during a pause.
    Result<Lease> take();
    /// Calls `go` now, or in a pause at its end, on the thread that ends it: for callers that must
    /// not wait.
    void whenOpen(std::function<void()> go);

    /// Lends nothing until resume(), and waits until everything has come back: without readers the
    /// write-ahead log can begin anew. False when that takes longer.
    bool pause(std::chrono::milliseconds patience);
    void resume();

private:
    void giveBack(std::unique_ptr<store::Connection> connection);

    const std::filesystem::path m_database;
    const std::size_t m_most;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::unique_ptr<store::Connection>> m_idle;
    std::size_t m_lent = 0;
    std::vector<std::function<void()>> m_waiting;  // for the end of the pause
    bool m_isPaused = false;
};

}  // namespace chancery::node
