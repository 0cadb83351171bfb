#include "node/ledger/PrivateTables.h"

#include <set>

#include "fabric/ledger/rwset/kvrwset.pb.h"
#include "src/crypto/Digest.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::node {
namespace {

using store::Blob;
using store::Row;

struct WritesRow {
    std::int64_t id = 0;
    Bytes writes;
};

/// The same writes without a key; nothing when it is not among them.
Result<std::optional<Bytes>> without(BytesView writes, BytesView keyHash) {
    ASSIGN_OR_RETURN(auto message, wire::parse<kvrwset::KVRWSet>(writes, "writes"));
    const auto drop = [&](auto& list) {
        const int before = list.size();
        for (int i = list.size() - 1; i >= 0; --i)
            if (crypto::sha256(list.Get(i).key()) == keyHash) list.DeleteSubrange(i, 1);
        return list.size() != before;
    };
    const bool value = drop(*message.mutable_writes());
    const bool metadata = drop(*message.mutable_metadata_writes());
    if (!value && !metadata) return std::optional<Bytes>();
    return std::optional(wire::serialize(message));
}

}  // namespace

Result<ClearWrites> decodeClearWrites(BytesView kvReadWriteSet) {
    ASSIGN_OR_RETURN(auto message, wire::parse<kvrwset::KVRWSet>(kvReadWriteSet, "writes"));
    ClearWrites out;
    std::set<std::string_view> written;
    for (auto& write : *message.mutable_writes()) {
        written.insert(write.key());
        out.writes.push_back({write.key(), write.is_delete() || write.value().empty(),
                              std::move(*write.mutable_value())});
    }
    for (const auto& write : message.metadata_writes())
        if (!written.contains(write.key())) out.metadataOnly.push_back(write.key());
    return out;
}

Status PrivateTables::add(const protocol::Version& place, std::int64_t ns, BytesView writes,
                          BlockNumber expires) {
    ASSIGN_OR_RETURN(
        auto statement,
        m_connection.prepare("INSERT INTO private_writes(block, tx, ns, writes, expires) "
                             "VALUES(?, ?, ?, ?, ?) ON CONFLICT(block, tx, ns) DO NOTHING"));
    return statement.bind(place.block, place.transaction, ns, Blob(writes), expires).run();
}

Result<std::vector<PrivateWrites>> PrivateTables::of(BlockNumber block,
                                                     const Namespaces& namespaces) const {
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("SELECT tx, ns, writes, expires FROM private_writes "
                                          "WHERE block = ? ORDER BY tx, id"));
    std::vector<PrivateWrites> out;
    RETURN_IF_ERROR(statement.bind(block).each([&](Row& row) {
        const std::string name = namespaces.name(row.integer(1));
        const auto parts = splitPrivateNamespace(name);
        if (!parts) return;
        out.push_back({static_cast<std::size_t>(row.unsignedInteger(0)), std::string(parts->ns),
                       std::string(parts->collection), Bytes(row.blob(2)), row.unsignedInteger(3)});
    }));
    return out;
}

Status PrivateTables::addMissing(const protocol::Version& place, std::int64_t ns,
                                 BlockNumber expires) {
    ASSIGN_OR_RETURN(
        auto statement,
        m_connection.prepare(
            "INSERT OR REPLACE INTO missing(block, tx, ns, expires) VALUES(?, ?, ?, ?)"));
    return statement.bind(place.block, place.transaction, ns, expires).run();
}

Result<bool> PrivateTables::takeMissing(const protocol::Version& place, std::int64_t ns) {
    ASSIGN_OR_RETURN(
        auto statement,
        m_connection.prepare("DELETE FROM missing WHERE block = ? AND tx = ? AND ns = ?"));
    RETURN_IF_ERROR(statement.bind(place.block, place.transaction, ns).run());
    return m_connection.changes() > 0;
}

Result<std::vector<MissingPrivateData>> PrivateTables::missing(std::size_t limit,
                                                               const Namespaces& namespaces) const {
    // The newest first: they are the ones that others still have.
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("SELECT block, tx, ns FROM missing "
                                          "ORDER BY block DESC, tx DESC, ns LIMIT ?"));
    std::vector<MissingPrivateData> out;
    RETURN_IF_ERROR(statement.bind(limit).each([&](Row& row) {
        const std::string name = namespaces.name(row.integer(2));
        if (const auto parts = splitPrivateNamespace(name))
            out.push_back({row.unsignedInteger(0), static_cast<std::size_t>(row.unsignedInteger(1)),
                           std::string(parts->ns), std::string(parts->collection)});
    }));
    return out;
}

Status PrivateTables::schedule(BlockNumber due, std::int64_t ns, std::string_view key,
                               BlockNumber written) {
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare(
                         "INSERT OR IGNORE INTO expiry(due, ns, key, written) VALUES(?, ?, ?, ?)"));
    return statement.bind(due, ns, Blob(key), written).run();
}

Status PrivateTables::expire(BlockNumber block, StateWriter& state) {
    struct Due {
        std::int64_t ns;
        std::string key;
        BlockNumber written;
    };
    std::vector<Due> due;
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("SELECT ns, key, written FROM expiry WHERE due = ?"));
    RETURN_IF_ERROR(statement.bind(block).each([&](Row& row) {
        due.push_back({row.integer(0), std::string(row.blob(1)), row.unsignedInteger(2)});
    }));
    for (const Due& key : due)
        RETURN_IF_ERROR(state.removeIfWrittenIn(key.ns, key.key, key.written));
    for (const std::string_view sql :
         {"DELETE FROM expiry WHERE due = ?",
          "DELETE FROM private_writes WHERE expires = ? AND expires > 0",
          "DELETE FROM missing WHERE expires = ? AND expires > 0"}) {
        ASSIGN_OR_RETURN(auto removal, m_connection.prepare(sql));
        RETURN_IF_ERROR(removal.bind(block).run());
    }
    return absl::OkStatus();
}

Status PrivateTables::purge(std::int64_t ns, BytesView keyHash, const protocol::Version& place,
                            StateWriter& state) {
    RETURN_IF_ERROR(purgeWrites(ns, keyHash, place));
    return purgeState(ns, keyHash, place, state);
}

Status PrivateTables::purgeWrites(std::int64_t ns, BytesView keyHash,
                                  const protocol::Version& place) {
    std::vector<WritesRow> changed;
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("SELECT id, writes FROM private_writes WHERE ns = ? AND "
                                          "(block < ? OR (block = ? AND tx < ?))"));
    RETURN_IF_ERROR(
        statement.bind(ns, place.block, place.block, place.transaction).each([&](Row& row) {
            ASSIGN_OR_RETURN(auto rest, without(row.blob(1), keyHash));
            if (rest) changed.push_back({row.integer(0), *std::move(rest)});
            return Status();
        }));
    for (const WritesRow& row : changed) {
        if (row.writes.empty()) {
            ASSIGN_OR_RETURN(auto removal,
                             m_connection.prepare("DELETE FROM private_writes WHERE id = ?"));
            RETURN_IF_ERROR(removal.bind(row.id).run());
        } else {
            ASSIGN_OR_RETURN(auto update, m_connection.prepare(
                                              "UPDATE private_writes SET writes = ? WHERE id = ?"));
            RETURN_IF_ERROR(update.bind(Blob(row.writes), row.id).run());
        }
    }
    return absl::OkStatus();
}

// The clear key is not known when the purging transaction's own private writes did not arrive.
Status PrivateTables::purgeState(std::int64_t ns, BytesView keyHash, const protocol::Version& place,
                                 StateWriter& state) {
    std::vector<std::string> keys;
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("SELECT key, block, tx FROM state WHERE ns = ?"));
    RETURN_IF_ERROR(statement.bind(ns).each([&](Row& row) {
        const protocol::Version version{row.unsignedInteger(1), row.unsignedInteger(2)};
        if (version < place && crypto::sha256(row.blob(0)) == keyHash)
            keys.emplace_back(row.blob(0));
    }));
    for (const std::string& key : keys) RETURN_IF_ERROR(state.remove(ns, key));
    return absl::OkStatus();
}

}  // namespace chancery::node
