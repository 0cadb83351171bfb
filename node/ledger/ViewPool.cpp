#include "node/ledger/ViewPool.h"

#include "node/ledger/LedgerView.h"

namespace chancery::node {
namespace {

// Opening one costs as much as a few transactions: what a busy peer needs at once is kept.
constexpr std::size_t kMostIdle = 64;
constexpr int kCacheKiB = 128;  // the system keeps the pages, too

}  // namespace

Status ViewPool::begin(Open& open) const {
    open.transaction.reset();
    open.remembered.clear();
    if (open.connection == nullptr) {
        ASSIGN_OR_RETURN(auto opened,
                         store::Connection::open(m_database, {.mode = store::OpenMode::ReadOnly,
                                                              .quickCheck = false,
                                                              .cacheKiB = kCacheKiB}));
        open.connection = std::make_unique<store::Connection>(std::move(opened));
    }
    ASSIGN_OR_RETURN(auto transaction,
                     store::Transaction::begin(*open.connection, store::Transaction::Kind::Read));
    // The first look fixes what the transaction sees.
    ASSIGN_OR_RETURN(open.height, readHeight(*open.connection));
    open.transaction.emplace(std::move(transaction));
    return {};
}

Result<ViewPool::Lease> ViewPool::take() {
    std::unique_ptr<Open> open;
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return !m_isPaused; });
        if (m_lent >= m_most)
            return makeError(StatusCode::kResourceExhausted, "TOO_MANY_VIEWS",
                             fmt::format("{} views of the ledger are open", m_lent),
                             {{"limit", std::to_string(m_most)}});
        ++m_lent;
        if (m_idle.empty()) {
            open = std::make_unique<Open>();
        } else {
            open = std::move(m_idle.back());
            m_idle.pop_back();
            if (open->transaction && open->writes == m_writes) return Lease(*this, std::move(open));
        }
        open->writes = m_writes;
    }
    if (const Status begun = begin(*open); !begun.ok()) {
        giveBack(nullptr);
        return begun;
    }
    return Lease(*this, std::move(open));
}

void ViewPool::giveBack(std::unique_ptr<Open> open) {
    {
        const std::lock_guard lock(m_mutex);
        // Before it counts as given back: who pauses wants no reader.
        if (open != nullptr && (m_isPaused || open->writes != m_writes)) open->transaction.reset();
        --m_lent;
        if (open != nullptr && m_idle.size() < kMostIdle) m_idle.push_back(std::move(open));
    }
    m_changed.notify_all();
}

void ViewPool::renew() {
    std::vector<std::unique_ptr<Open>> old;
    {
        const std::lock_guard lock(m_mutex);
        ++m_writes;
        old.swap(m_idle);
    }
    for (const auto& open : old) open->transaction.reset();
    const std::lock_guard lock(m_mutex);
    for (auto& open : old)
        if (m_idle.size() < kMostIdle) m_idle.push_back(std::move(open));
}

void ViewPool::whenOpen(std::function<void()> go) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_isPaused) {
            m_waiting.push_back(std::move(go));
            return;
        }
    }
    go();
}

bool ViewPool::pause(std::chrono::milliseconds patience) {
    std::unique_lock lock(m_mutex);
    m_isPaused = true;
    for (const auto& open : m_idle) open->transaction.reset();
    return m_changed.wait_for(lock, patience, [&] { return m_lent == 0; });
}

void ViewPool::resume() {
    std::vector<std::function<void()>> waiting;
    {
        const std::lock_guard lock(m_mutex);
        m_isPaused = false;
        waiting.swap(m_waiting);
    }
    m_changed.notify_all();
    for (const auto& go : waiting) go();
}

}  // namespace chancery::node
