#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/protocol/Version.h"
#include "src/verify/State.h"

namespace chancery::node {

/// Where the clear values of a private collection stand among the namespaces:
/// "<ns>$$p<collection>". Their hashes stand in verify::hashedNamespace.
std::string privateNamespace(std::string_view ns, std::string_view collection);

/// Parts of such a name.
struct PrivateNamespace {
    std::string_view ns, collection;
};
/// Views into `name`; nothing for other namespaces.
std::optional<PrivateNamespace> splitPrivateNamespace(std::string_view name);

struct StateRow {
    std::string key;
    verify::StateValue value;
};

/// Rows in byte order of their keys. One thread at a time.
class StateScan {
public:
    virtual ~StateScan() = default;
    virtual Result<std::optional<StateRow>> next() = 0;
};

/// One value that a key has had.
struct KeyChange {
    protocol::Version version;
    TxId txId;
    absl::Time time;  ///< of the transaction's channel header
    bool isDelete = false;
    Bytes value;
};

/// Newest first. One thread at a time.
class HistoryScan {
public:
    virtual ~HistoryScan() = default;
    virtual Result<std::optional<KeyChange>> next() = 0;
};

/// A page of a Mango query (CouchDB's selector language). INVALID_ARGUMENT (BAD_QUERY) with a path.
struct RichQueryPage {
    std::vector<StateRow> rows;
    std::string bookmark;  ///< for the next page; opaque
};

/// The state of one channel as it was after one block, unchanged while this object lives: what a
/// contract sees when it is executed. Commits go on meanwhile. One thread at a time. Errors are the
/// store's.
class StateView : public verify::StateReader {
public:
    /// Number of the next block when the view was made.
    virtual BlockNumber height() const = 0;

    /// Keys in [start, end); an empty end means the end of the namespace.
    virtual Result<std::unique_ptr<StateScan>> scan(std::string_view ns, std::string_view start,
                                                    std::string_view end) const = 0;
    /// `pageSize` 0: all, up to the engine's limit.
    virtual Result<RichQueryPage> query(std::string_view ns, std::string_view mango,
                                        std::uint32_t pageSize,
                                        std::string_view bookmark) const = 0;
    virtual Result<std::unique_ptr<HistoryScan>> history(std::string_view ns,
                                                         std::string_view key) const = 0;
};

}  // namespace chancery::node
