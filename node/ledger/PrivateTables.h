#pragma once

#include <vector>

#include "node/ledger/ChannelLedger.h"
#include "node/state/Namespaces.h"
#include "node/state/StateWriter.h"
#include "src/store/Connection.h"

namespace chancery::node {

/// What of private data does not stand in the state: the writes as they were endorsed, what is
/// missing, and when what ends. Namespaces are private ones (see privateNamespace) by number.
/// Through one connection, one thread at a time.
class PrivateTables {
public:
    static constexpr std::string_view kSchema =
        "CREATE TABLE private_writes (id INTEGER PRIMARY KEY, block INTEGER NOT NULL, "
        "  tx INTEGER NOT NULL, ns INTEGER NOT NULL, writes BLOB NOT NULL, "
        "  expires INTEGER NOT NULL, UNIQUE (block, tx, ns));"
        "CREATE INDEX private_writes_expiry ON private_writes(expires) WHERE expires > 0;"
        "CREATE TABLE missing (block INTEGER NOT NULL, tx INTEGER NOT NULL, ns INTEGER NOT NULL, "
        "  expires INTEGER NOT NULL, PRIMARY KEY (block, tx, ns)) WITHOUT ROWID;"
        "CREATE INDEX missing_expiry ON missing(expires) WHERE expires > 0;"
        // Keys of the state, hashed ones and clear ones.
        "CREATE TABLE expiry (due INTEGER NOT NULL, ns INTEGER NOT NULL, key BLOB NOT NULL, "
        "  written INTEGER NOT NULL, PRIMARY KEY (due, ns, key, written)) WITHOUT ROWID;";

    explicit PrivateTables(store::Connection& connection) : m_connection(connection) {}

    /// `expires` 0: never. What is there already stays.
    Status add(const protocol::Version& place, std::int64_t ns, BytesView writes,
               BlockNumber expires);
    Result<std::vector<PrivateWrites>> of(BlockNumber block, const Namespaces& namespaces) const;

    Status addMissing(const protocol::Version& place, std::int64_t ns, BlockNumber expires);
    /// Whether it was missing; it is not any more.
    Result<bool> takeMissing(const protocol::Version& place, std::int64_t ns);
    Result<std::vector<MissingPrivateData>> missing(std::size_t limit,
                                                    const Namespaces& namespaces) const;

    /// A key of the state ends with block `due` unless it is written again.
    Status schedule(BlockNumber due, std::int64_t ns, std::string_view key, BlockNumber written);
    /// Ends what is due with this block.
    Status expire(BlockNumber block, StateWriter& state);
    /// Takes a key out of all writes before `place`, and its clear value out of the state.
    Status purge(std::int64_t ns, BytesView keyHash, const protocol::Version& place,
                 StateWriter& state);

private:
    Status purgeWrites(std::int64_t ns, BytesView keyHash, const protocol::Version& place);
    Status purgeState(std::int64_t ns, BytesView keyHash, const protocol::Version& place,
                      StateWriter& state);

    store::Connection& m_connection;
};

/// Keys of KVRWSet bytes as the state is to change. INVALID_ARGUMENT (MALFORMED_PROTOBUF).
struct ClearWrites {
    struct Write {
        std::string key;
        bool isDelete = false;
        Bytes value;
    };
    std::vector<Write> writes;
    std::vector<std::string> metadataOnly;  ///< keys that get a new version only
};
Result<ClearWrites> decodeClearWrites(BytesView kvReadWriteSet);

}  // namespace chancery::node
