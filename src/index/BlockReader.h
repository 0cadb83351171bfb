#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "src/base/LruCache.h"
#include "src/protocol/BlockFile.h"
#include "src/store/Connection.h"

namespace chancery::index {

using BlockPtr = std::shared_ptr<const protocol::SourcedBlock>;

/// Reads single blocks from where the index found them. Keeps the last ones. Any thread, with a
/// connection of its own.
class BlockReader {
public:
    /// NOT_FOUND (NO_SUCH_BLOCK); DATA_LOSS (BLOCK_CHANGED) when the file holds something else
    /// there now; errors of the file and of the database.
    Result<BlockPtr> read(store::Connection& connection, BlockNumber number);
    void forget();

private:
    Result<Bytes> load(const std::string& file, std::uint64_t offset, std::uint64_t size);

    LruCache<BlockPtr> m_blocks{24};
    std::atomic<std::uint64_t> m_epoch{
        0};  ///< grows with forget(): what was begun before is not kept
    // Of compressed files the last one is kept unpacked.
    std::mutex m_mutex;
    std::string m_unpackedFile;
    std::shared_ptr<const protocol::SharedBytes> m_unpacked;
};

/// NO_SUCH_BLOCK with what the index has.
Status noSuchBlock(store::Connection& connection, BlockNumber number);

}  // namespace chancery::index
