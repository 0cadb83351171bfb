#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "src/base/Ids.h"
#include "src/store/Transaction.h"
#include "src/verify/State.h"

namespace chancery::node {

/// Read-only connections to the database of a ledger, each in a read transaction, lent to its
/// views. A transaction stays open from one view to the next as long as nothing was written, for
/// to begin one costs as much as a lookup. Thread-safe.
class ViewPool {
public:
    ViewPool(std::filesystem::path database, std::size_t most)
        : m_database(std::move(database)), m_most(most) {}

    /// Values of keys as one transaction sees them, by the key.
    using Remembered = std::map<Bytes, std::optional<verify::StateValue>, std::less<>>;

private:
    struct Open {
        std::unique_ptr<store::Connection> connection;
        std::optional<store::Transaction> transaction;  // ends before the connection
        Remembered remembered;                          // in the transaction
        BlockNumber height = 0;
        std::uint64_t writes = 0;  // m_writes before the transaction began
    };

public:
    /// A connection that goes back at the end.
    class Lease {
    public:
        Lease(ViewPool& pool, std::unique_ptr<Open> open)
            : m_pool(&pool), m_open(std::move(open)) {}
        Lease(Lease&& other) noexcept = default;
        Lease& operator=(Lease&&) = delete;
        ~Lease() {
            if (m_open != nullptr) m_pool->giveBack(std::move(m_open));
        }
        /// In a read transaction.
        store::Connection& connection() const { return *m_open->connection; }
        /// Number of the next block as the transaction sees it.
        BlockNumber height() const { return m_open->height; }
        /// What may be kept here ends with the transaction.
        Remembered& remembered() const { return m_open->remembered; }

    private:
        ViewPool* m_pool;
        std::unique_ptr<Open> m_open;
    };

    /// What was written before the call is seen. RESOURCE_EXHAUSTED (TOO_MANY_VIEWS) when as many
    /// are lent as may be. Waits during a pause.
    Result<Lease> take();
    /// Calls `go` now, or in a pause at its end, on the thread that ends it: for callers that must
    /// not wait.
    void whenOpen(std::function<void()> go);

    /// To be called before a write transaction begins, so that old views do not keep the log from
    /// being moved into the database, and after it, so that new ones see it.
    void renew();

    /// Lends nothing until resume(), and waits until everything has come back: without readers the
    /// write-ahead log can begin anew. False when that takes longer.
    bool pause(std::chrono::milliseconds patience);
    void resume();

private:
    Status begin(Open& open) const;
    void giveBack(std::unique_ptr<Open> open);

    const std::filesystem::path m_database;
    const std::size_t m_most;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::unique_ptr<Open>> m_idle;
    std::size_t m_lent = 0;
    std::uint64_t m_writes = 0;
    std::vector<std::function<void()>> m_waiting;  // for the end of the pause
    bool m_isPaused = false;
};

}  // namespace chancery::node
