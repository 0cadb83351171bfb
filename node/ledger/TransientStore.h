#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <vector>

#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/store/Connection.h"

namespace chancery::node {

/// Private writes of transactions that were endorsed here and may be committed some day. A
/// database of its own, so that endorsing does not wait for commits; made when it is first needed.
/// Every change is on disk when it returns. Thread-safe; errors are the store's.
class TransientStore {
public:
    explicit TransientStore(std::filesystem::path file) : m_file(std::move(file)) {}

    /// Whether the file, if there is one, is one of ours. Errors as store::migrate.
    Status check();
    Status hold(const TxId& txId, BlockNumber heldAt, BytesView txPvtReadWriteSet);
    /// In the order in which they came.
    Result<std::vector<Bytes>> of(const TxId& txId);
    Status drop(const std::vector<TxId>& committed, BlockNumber olderThan);

private:
    /// Opens; null when there is no file and none is to be made.
    Result<store::Connection*> database(bool make);

    const std::filesystem::path m_file;
    std::mutex m_mutex;
    std::optional<store::Connection> m_connection;
};

}  // namespace chancery::node
