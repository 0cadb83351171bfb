#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <shared_mutex>

#include "node/ledger/BlockStore.h"
#include "node/ledger/Disk.h"
#include "node/ledger/LedgerScan.h"
#include "node/ledger/Listeners.h"
#include "src/base/Descriptor.h"
#include "src/base/LruCache.h"

namespace chancery::node {

/// BlockStore on the file system.
class FileBlockStore final : public BlockStore {
public:
    FileBlockStore(std::filesystem::path folder, BlockStoreOptions options);

    Status open();

    BlockNumber height() const override { return m_height.load(std::memory_order_acquire); }
    BlockNumber firstBlock() const override;
    Bytes lastHash() const override;
    const std::optional<TailRepair>& repair() const override { return m_repair; }
    Status append(const protocol::Block& block) override;
    Result<protocol::Block> read(BlockNumber number) const override;
    Subscription onAppend(std::function<void(BlockNumber)> listener) override {
        return m_listeners.add(std::move(listener));
    }

private:
    /// The file that is written. Older readers keep its descriptor while they need it.
    struct Current {
        std::filesystem::path path;
        std::shared_ptr<const Descriptor> file;
        protocol::LedgerFileHeader header;
        std::vector<std::uint64_t> offsets;
        std::uint64_t end = 0;
    };
    struct OlderHandle {
        std::shared_ptr<const Descriptor> file;
        OlderFile content;
    };
    using OlderPtr = std::shared_ptr<const OlderHandle>;
    /// Where a block stands, with what is needed to read it.
    struct Place {
        std::filesystem::path path;
        std::shared_ptr<const Descriptor> file;
        protocol::LedgerFileHeader header;
        std::uint64_t offset = 0;
        std::uint64_t size = 0;
    };

    Status lock();
    Status listFiles();
    Status dropStillborn();
    Status openNewest();
    Result<Bytes> lastHashOf(const std::filesystem::path& file, BlockNumber next);

    Status checkNext(const protocol::Block& block) const;
    Status beginFile(BlockNumber first);
    Status writeFrame(const Bytes& frame);
    Status failed(Status error);
    Result<Place> placeOf(BlockNumber number) const;
    Result<OlderPtr> older(const std::filesystem::path& path, BlockNumber next) const;
    static Result<protocol::Block> readAt(const Place& place, BlockNumber number);
    void remember(const protocol::Block& block, std::size_t bytes);

    const std::filesystem::path m_folder;
    const BlockStoreOptions m_options;
    Disk& m_disk;
    Descriptor m_lock;
    std::optional<TailRepair> m_repair;

    mutable std::shared_mutex m_mutex;  // for all below, which only the appending thread changes
    std::map<BlockNumber, std::filesystem::path> m_files;  // by their first blocks
    std::optional<Current> m_current;
    Bytes m_lastHash;
    std::deque<std::pair<protocol::Block, std::size_t>> m_recent;  // newest last
    std::size_t m_recentBytes = 0;

    std::atomic<BlockNumber> m_height{0};
    mutable LruCache<OlderPtr> m_older{8};
    // Of the appending thread alone.
    Status m_broken;
    bool m_tailDirty = false;  // bytes stand behind the end that could not be taken back

    Listeners<BlockNumber> m_listeners;
};

}  // namespace chancery::node
