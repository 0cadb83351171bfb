#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "src/base/LruCache.h"
#include "src/channel/Bundle.h"
#include "src/index/BlockReader.h"
#include "src/index/MatchList.h"
#include "src/store/Connection.h"

namespace chancery::index {

/// What the views of one index share. Thread-safe.
class Shared {
public:
    explicit Shared(std::filesystem::path path) : m_path(std::move(path)) {}

    const std::filesystem::path& path() const { return m_path; }
    /// A read-only connection that nobody else uses.
    Result<std::unique_ptr<store::Connection>> take(std::uint64_t& generation);
    void giveBack(std::unique_ptr<store::Connection> connection, std::uint64_t generation);
    /// The file's content is another one from here on: connections that are lent end with their
    /// views.
    void renew();
    std::uint64_t generation() const { return m_generation; }

    BlockReader& blocks() { return m_blocks; }
    LruCache<channel::BundlePtr>& bundles() { return m_bundles; }
    LruCache<std::shared_ptr<MatchList>>& matches() { return m_matches; }

private:
    std::filesystem::path m_path;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<store::Connection>> m_idle;
    std::atomic<std::uint64_t> m_generation{0};
    BlockReader m_blocks;
    LruCache<channel::BundlePtr> m_bundles{8};
    LruCache<std::shared_ptr<MatchList>> m_matches{4};
};

}  // namespace chancery::index
