#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "src/index/BlockReader.h"
#include "src/index/Place.h"
#include "src/protocol/Transaction.h"
#include "src/store/Connection.h"
#include "src/verify/State.h"

namespace chancery::index {

/// A part of the state as the index numbers it.
struct Space {
    std::string contract;
    std::string collection;  ///< hashes of private data; empty for public keys
    /// From the name that verification uses (see verify::hashedNamespace).
    static Space of(std::string_view ns);
    static Space of(std::string_view contract, std::string_view collection);
    friend bool operator==(const Space&, const Space&) = default;
};

/// What stands under a key since a place.
struct VersionRow {
    Place place = kNever;
    std::int64_t what = 0;
    std::int64_t metadata = 0;
    bool exists() const { return (what & what::kGone) == 0; }
};

/// The value that a transaction writes under a key; nothing when it writes none there.
std::optional<Bytes> writtenValue(const protocol::Transaction& transaction, const Space& space,
                                  BytesView key);

/// Questions about the state at any place of the chain. Same thread as the connection. Errors are
/// the database's and those of the block files.
class StateQueries {
public:
    StateQueries(store::Connection& connection, BlockReader& blocks)
        : m_connection(connection), m_blocks(blocks) {}

    Result<std::optional<std::int64_t>> space(const Space& space) const;
    Result<std::optional<std::int64_t>> key(std::int64_t space, BytesView key) const;
    /// The last version before a place, deletions included.
    Result<std::optional<VersionRow>> latest(std::int64_t key, Place before) const;

    Result<protocol::Version> version(std::int64_t key, const VersionRow& row) const;
    Result<Bytes> value(const Space& space, BytesView key, std::int64_t id,
                        const VersionRow& row) const;
    Result<Bytes> metadata(std::int64_t id) const;
    /// Who deleted a key that does not exist at this place.
    Result<std::optional<protocol::Version>> deletion(std::int64_t key, Place before) const;
    /// Keys that exist before a place, [start, end), an empty end for all behind.
    Result<std::unique_ptr<verify::StateCursor>> range(const Space& space, std::string_view start,
                                                       std::string_view end, Place before) const;
    Result<bool> hasTransaction(std::string_view txId, Place before) const;
    Result<TxId> transactionAt(const protocol::Version& place, Place before) const;

private:
    store::Connection& m_connection;
    BlockReader& m_blocks;
};

/// The state as the block at a place meets it. Same thread as the connection.
class StateAt final : public verify::StateReader {
public:
    StateAt(store::Connection& connection, BlockReader& blocks, Place before)
        : m_queries(connection, blocks), m_before(before) {}

    Result<std::optional<verify::StateValue>> get(std::string_view ns,
                                                  std::string_view key) const override;
    Result<std::optional<protocol::Version>> version(std::string_view ns,
                                                     std::string_view key) const override;
    Result<Bytes> metadata(std::string_view ns, std::string_view key) const override;
    Result<std::unique_ptr<verify::StateCursor>> range(std::string_view ns, std::string_view start,
                                                       std::string_view end) const override;
    Result<bool> hasTransaction(std::string_view txId) const override;
    TxId transactionAt(const protocol::Version& place) const override;
    std::optional<protocol::Version> deletion(std::string_view ns,
                                              std::string_view key) const override;

private:
    struct Found {
        std::int64_t id = 0;
        VersionRow row;
    };
    /// Nothing when the key has never been written.
    Result<std::optional<Found>> find(const Space& space, std::string_view key) const;

    StateQueries m_queries;
    Place m_before;
};

}  // namespace chancery::index
