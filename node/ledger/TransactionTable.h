#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "src/base/Status.h"
#include "src/protocol/ValidationCode.h"
#include "src/protocol/Version.h"
#include "src/store/Connection.h"

namespace chancery::node {

/// Ids of all transactions with their places. Rows are found by the first eight bytes of the id,
/// which are as good as random, and stand behind each other where those are equal. Through one
/// connection, one thread at a time.
class TransactionTable {
public:
    static constexpr std::string_view kSchema =
        "CREATE TABLE transactions (slot INTEGER PRIMARY KEY, id BLOB NOT NULL, block INTEGER, "
        "  tx INTEGER, code INTEGER);"
        "CREATE TABLE blocks (slot INTEGER PRIMARY KEY, number INTEGER NOT NULL);";

    struct Found {
        /// Nothing for ids that came with a snapshot.
        std::optional<protocol::Version> place;
        protocol::ValidationCode code = protocol::ValidationCode::NotValidated;
    };

    explicit TransactionTable(store::Connection& connection) : m_connection(connection) {}

    Result<std::optional<Found>> find(std::string_view txId) const;
    /// The first one of an id stays.
    Status add(std::string_view txId, const Found& found);

    /// Ids that are different from each other.
    Result<std::uint64_t> count() const;
    /// In the order in which Fabric's snapshots have them.
    Status each(const std::function<Status(std::string_view txId)>& visit) const;

    /// `number` for the hash of its header.
    Status addBlock(BytesView headerHash, BlockNumber number);
    /// A block that may have this hash.
    Result<std::optional<BlockNumber>> findBlock(BytesView headerHash) const;

private:
    store::Connection& m_connection;
};

}  // namespace chancery::node
