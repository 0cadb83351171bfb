#include "src/index/Shared.h"

namespace chancery::index {
namespace {

constexpr std::size_t kMaxIdle = 4;

}  // namespace

Result<std::unique_ptr<store::Connection>> Shared::take(std::uint64_t& generation) {
    {
        const std::lock_guard lock(m_mutex);
        generation = m_generation;
        if (!m_idle.empty()) {
            auto connection = std::move(m_idle.back());
            m_idle.pop_back();
            return connection;
        }
    }
    ASSIGN_OR_RETURN(
        auto connection,
        store::Connection::open(m_path, {.mode = store::OpenMode::ReadOnly, .quickCheck = false}));
    RETURN_IF_ERROR(connection.execute("PRAGMA cache_size = -8192"));
    return std::make_unique<store::Connection>(std::move(connection));
}

void Shared::giveBack(std::unique_ptr<store::Connection> connection, std::uint64_t generation) {
    const std::lock_guard lock(m_mutex);
    if (generation == m_generation && m_idle.size() < kMaxIdle)
        m_idle.push_back(std::move(connection));
}

void Shared::renew() {
    const std::lock_guard lock(m_mutex);
    ++m_generation;
    m_idle.clear();
    m_blocks.forget();
    m_bundles.clear();
    m_matches.clear();
}

}  // namespace chancery::index
