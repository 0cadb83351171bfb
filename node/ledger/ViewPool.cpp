#include "node/ledger/ViewPool.h"

namespace chancery::node {
namespace {

// Opening one costs as much as a few transactions: what a busy peer needs at once is kept.
constexpr std::size_t kMostIdle = 64;
constexpr int kCacheKiB = 128;  // the system keeps the pages, too

}  // namespace

Result<ViewPool::Lease> ViewPool::take() {
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return !m_isPaused; });
        if (m_lent >= m_most)
            return makeError(StatusCode::kResourceExhausted, "TOO_MANY_VIEWS",
                             fmt::format("{} views of the ledger are open", m_lent),
                             {{"limit", std::to_string(m_most)}});
        ++m_lent;
        if (!m_idle.empty()) {
            auto connection = std::move(m_idle.back());
            m_idle.pop_back();
            return Lease(*this, std::move(connection));
        }
    }
    auto opened = store::Connection::open(
        m_database,
        {.mode = store::OpenMode::ReadOnly, .quickCheck = false, .cacheKiB = kCacheKiB});
    if (!opened.ok()) {
        giveBack(nullptr);
        return opened.status();
    }
    return Lease(*this, std::make_unique<store::Connection>(*std::move(opened)));
}

void ViewPool::giveBack(std::unique_ptr<store::Connection> connection) {
    {
        const std::lock_guard lock(m_mutex);
        --m_lent;
        if (connection != nullptr && m_idle.size() < kMostIdle)
            m_idle.push_back(std::move(connection));
    }
    m_changed.notify_all();
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
