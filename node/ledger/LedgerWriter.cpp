#include "node/ledger/LedgerWriter.h"

#include <algorithm>
#include <limits>

#include "node/ledger/LedgerView.h"
#include "src/crypto/Digest.h"
#include "src/protocol/Lifecycle.h"

namespace chancery::node {
namespace {

using protocol::ValidationCode;
using protocol::Version;
using store::Blob;
using store::Row;

Status badCommit(BlockNumber block, std::string_view why) {
    return makeError(StatusCode::kInvalidArgument, "BAD_COMMIT",
                     fmt::format("block {} cannot be committed: {}", block, why),
                     {{"block", std::to_string(block)}});
}

}  // namespace

Result<std::optional<verify::StateValue>> WriterState::get(std::string_view ns,
                                                           std::string_view key) const {
    const auto id = m_table.namespaces().find(ns);
    if (!id) return std::optional<verify::StateValue>();
    ASSIGN_OR_RETURN(const KnownKey* known, m_writer.knowValue(*id, key));
    return known->row ? std::optional(known->value) : std::nullopt;
}

Result<std::optional<Version>> WriterState::version(std::string_view ns,
                                                    std::string_view key) const {
    const auto id = m_table.namespaces().find(ns);
    if (!id) return std::optional<Version>();
    ASSIGN_OR_RETURN(const KnownKey* known, m_writer.know(*id, key));
    return known->row ? std::optional(known->value.version) : std::nullopt;
}

Result<Bytes> WriterState::metadata(std::string_view ns, std::string_view key) const {
    const auto id = m_table.namespaces().find(ns);
    if (!id) return Bytes();
    ASSIGN_OR_RETURN(const KnownKey* known, m_writer.know(*id, key));
    return known->row ? known->value.metadata : Bytes();
}

Result<bool> WriterState::hasTransaction(std::string_view txId) const {
    ASSIGN_OR_RETURN(const auto found, TransactionTable(m_table.connection()).find(txId));
    return found.has_value();
}

LedgerWriter::LedgerWriter(store::Connection& connection, Namespaces& namespaces, Options options)
    : m_connection(connection),
      m_namespaces(namespaces),
      m_options(std::move(options)),
      m_table(connection, namespaces),
      m_indexes(connection),
      m_stateWriter(connection, &m_indexes),
      m_state(m_table, m_stateWriter),
      m_history(connection),
      m_transactions(connection),
      m_private(connection) {}

Status LedgerWriter::load() {
    RETURN_IF_ERROR(m_namespaces.load(m_connection));
    RETURN_IF_ERROR(m_indexes.load());
    RETURN_IF_ERROR(m_stateWriter.load());
    ASSIGN_OR_RETURN(m_height, readHeight(m_connection));
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("SELECT value FROM ledger WHERE name = 'hash'"));
    ASSIGN_OR_RETURN(auto hash, statement.first([](Row& row) { return Bytes(row.blob(0)); }));
    m_lastHash = std::move(hash).value_or(Bytes());
    return absl::OkStatus();
}

Status LedgerWriter::beginReading() {
    if (m_reading) return absl::OkStatus();
    ASSIGN_OR_RETURN(auto transaction,
                     store::Transaction::begin(m_connection, store::Transaction::Kind::Read));
    m_reading.emplace(std::move(transaction));
    return absl::OkStatus();
}

Status LedgerWriter::change(bool sync, const std::function<Status()>& body) {
    m_reading.reset();
    if (sync != m_isSynced) {
        RETURN_IF_ERROR(m_connection.setSyncCommits(sync));
        m_isSynced = sync;
    }
    const auto run = [&]() -> Status {
        ASSIGN_OR_RETURN(auto transaction, store::Transaction::begin(m_connection));
        RETURN_IF_ERROR(body());
        return transaction.commit();
    };
    Status done = run();
    if (!done.ok()) m_stateWriter.forget();
    return done;
}

Status LedgerWriter::createIndexes(const std::vector<RichIndex>& indexes) {
    Status done = change(true, [&]() -> Status {
        for (const RichIndex& index : indexes) {
            ASSIGN_OR_RETURN(const std::int64_t ns, m_namespaces.add(m_connection, index.ns));
            RETURN_IF_ERROR(m_indexes.create(ns, index.definition));
        }
        return absl::OkStatus();
    });
    if (!done.ok()) RETURN_IF_ERROR(m_indexes.load());
    return done;
}

Status LedgerWriter::setHeight(BlockNumber height, BytesView lastHash) {
    ASSIGN_OR_RETURN(
        auto statement,
        m_connection.prepare("INSERT OR REPLACE INTO ledger(name, value) VALUES(?, ?)"));
    RETURN_IF_ERROR(statement.bind("height", height).run());
    return statement.bind("hash", Blob(lastHash)).run();
}

Status LedgerWriter::check(const Commit& commit) const {
    const BlockNumber number = commit.block.number();
    const std::size_t count = commit.block.transactionCount();
    if (number != m_height)
        return makeError(StatusCode::kFailedPrecondition, "BLOCK_OUT_OF_ORDER",
                         fmt::format("block {} comes, block {} is the next one", number, m_height),
                         {{"block", std::to_string(number)}, {"height", std::to_string(m_height)}});
    if (commit.updates == nullptr) return badCommit(number, "there are no updates");
    if (commit.block.metadata(protocol::MetadataSlot::TransactionsFilter).size() != count ||
        commit.txIds.size() != count ||
        (!commit.readWriteSets.empty() && commit.readWriteSets.size() != count))
        return badCommit(number, "codes, ids and transactions are not equally many");
    for (const PrivateWrites& writes : commit.privateWrites)
        if (writes.transaction >= count)
            return badCommit(number, "private writes of a transaction that is not there");
    return absl::OkStatus();
}

Status LedgerWriter::apply(const Commit& commit) {
    RETURN_IF_ERROR(check(commit));
    const BlockNumber number = commit.block.number();
    const auto codes = commit.block.validationCodes();
    const Bytes hash = commit.block.header().hash();
    RETURN_IF_ERROR(change(!commit.privateWrites.empty(), [&]() -> Status {
        RETURN_IF_ERROR(applyAll(commit, codes));
        RETURN_IF_ERROR(m_transactions.addBlock(hash, number));
        RETURN_IF_ERROR(setHeight(number + 1, hash));
        return reached("state-written");
    }));
    m_height = number + 1;
    m_lastHash = hash;
    m_contracts.update(*commit.updates);
    return reached("state-committed");
}

Status LedgerWriter::applyAll(const Commit& commit, const std::vector<ValidationCode>& codes) {
    const BlockNumber number = commit.block.number();
    const Details details = detailsOf(commit, codes);
    // Definitions are asked for as they were before the block.
    RETURN_IF_ERROR(applyHashed(*commit.updates, number));
    RETURN_IF_ERROR(reached("hashes-written"));
    RETURN_IF_ERROR(applyPrivate(commit));
    for (const Purge& purge : details.purges) {
        ASSIGN_OR_RETURN(const std::int64_t ns, m_namespaces.add(m_connection, purge.ns));
        RETURN_IF_ERROR(m_private.purge(ns, purge.keyHash, purge.place, m_stateWriter));
    }
    RETURN_IF_ERROR(reached("private-data-written"));
    RETURN_IF_ERROR(applyPublic(commit, details));
    RETURN_IF_ERROR(m_private.expire(number, m_stateWriter));
    RETURN_IF_ERROR(keepCollections(*commit.updates, number));
    for (std::size_t i = 0; i < codes.size(); ++i)
        if (!commit.txIds[i].empty())
            RETURN_IF_ERROR(
                m_transactions.add(commit.txIds[i].str(), {Version{number, i}, codes[i]}));
    return absl::OkStatus();
}

void LedgerWriter::addDetails(const protocol::ReadWriteSet& set, const Version& place,
                              Details& details) {
    for (const auto& ns : set.namespaces) {
        for (const auto& write : ns.writes)
            details.writes.push_back({ns.name, write.key, place.transaction});
        for (const auto& collection : ns.collections)
            for (const auto& write : collection.writes)
                if (write.isPurge)
                    details.purges.push_back({privateNamespace(ns.name, collection.collection),
                                              Bytes(write.keyHash), place});
    }
}

LedgerWriter::Details LedgerWriter::detailsOf(const Commit& commit,
                                              const std::vector<ValidationCode>& codes) {
    Details details;
    const BlockNumber number = commit.block.number();
    if (commit.readWriteSets.empty()) details.decoded.reserve(codes.size());
    for (std::size_t i = 0; i < codes.size(); ++i) {
        if (codes[i] != ValidationCode::Valid) continue;
        if (!commit.readWriteSets.empty()) {
            if (commit.readWriteSets[i] != nullptr)
                addDetails(*commit.readWriteSets[i], {number, i}, details);
            continue;
        }
        details.decoded.push_back(commit.block.transaction(i));
        for (const auto& action : details.decoded.back().actions)
            if (action.readWriteSet) addDetails(*action.readWriteSet, {number, i}, details);
    }
    const auto byKey = [](const PublicWrite& write) {
        return std::tie(write.ns, write.key, write.transaction);
    };
    std::sort(details.writes.begin(), details.writes.end(),
              [&](const auto& a, const auto& b) { return byKey(a) < byKey(b); });
    details.writes.erase(
        std::unique(details.writes.begin(), details.writes.end(),
                    [&](const auto& a, const auto& b) { return byKey(a) == byKey(b); }),
        details.writes.end());
    return details;
}

Status LedgerWriter::applyPublic(const Commit& commit, const Details& details) {
    auto write = details.writes.begin();
    for (const auto& [name, keys] : commit.updates->publicUpdates()) {
        ASSIGN_OR_RETURN(const std::int64_t ns, m_namespaces.add(m_connection, name));
        for (const auto& [key, entry] : keys) {
            ASSIGN_OR_RETURN(const KnownKey* known, m_stateWriter.know(ns, key));
            std::int64_t history = known->history;
            const auto here = std::tie(name, key);
            while (write != details.writes.end() && std::tie(write->ns, write->key) < here) ++write;
            for (; m_options.history && write != details.writes.end() &&
                   std::tie(write->ns, write->key) == here;
                 ++write) {
                ASSIGN_OR_RETURN(
                    history, m_history.add(history, {commit.block.number(), write->transaction}));
            }
            if (entry.isDelete) {
                RETURN_IF_ERROR(m_stateWriter.remove(ns, key, history));
            } else {
                RETURN_IF_ERROR(m_stateWriter.put(
                    ns, key, {entry.value, entry.metadata, entry.version}, history));
            }
        }
    }
    return absl::OkStatus();
}

Result<BlockNumber> LedgerWriter::endOf(std::string_view ns, std::string_view collection,
                                        BlockNumber block) {
    ASSIGN_OR_RETURN(const verify::Contract* contract, m_contracts.find(ns, m_state));
    const auto defined = contract->collection(collection);
    if (!defined || defined->blockToLive == 0) return 0;
    constexpr auto kMax = static_cast<BlockNumber>(std::numeric_limits<std::int64_t>::max());
    if (defined->blockToLive >= kMax - block - 1) return 0;
    return block + defined->blockToLive + 1;
}

Status LedgerWriter::applyHashed(const verify::PendingUpdates& updates, BlockNumber block) {
    for (const auto& [name, collections] : updates.hashedUpdates())
        for (const auto& [collection, keys] : collections) {
            ASSIGN_OR_RETURN(const BlockNumber due, endOf(name, collection, block));
            ASSIGN_OR_RETURN(
                const std::int64_t ns,
                m_namespaces.add(m_connection, verify::hashedNamespace(name, collection)));
            for (const auto& [hash, entry] : keys) {
                if (entry.isDelete) {
                    RETURN_IF_ERROR(m_stateWriter.remove(ns, hash));
                    continue;
                }
                RETURN_IF_ERROR(
                    m_stateWriter.put(ns, hash, {entry.value, entry.metadata, entry.version}));
                if (due != 0) RETURN_IF_ERROR(m_private.schedule(due, ns, hash, block));
            }
        }
    return absl::OkStatus();
}

Status LedgerWriter::applyPrivate(const Commit& commit) {
    const BlockNumber number = commit.block.number();
    // Later transactions come over earlier ones.
    std::vector<const PrivateWrites*> inOrder;
    for (const PrivateWrites& writes : commit.privateWrites) inOrder.push_back(&writes);
    std::stable_sort(inOrder.begin(), inOrder.end(),
                     [](const auto* a, const auto* b) { return a->transaction < b->transaction; });
    for (const PrivateWrites* writes : inOrder) {
        const Version place{number, writes->transaction};
        ASSIGN_OR_RETURN(
            const std::int64_t ns,
            m_namespaces.add(m_connection, privateNamespace(writes->ns, writes->collection)));
        RETURN_IF_ERROR(m_private.add(place, ns, writes->writes, writes->expiresAt));
        RETURN_IF_ERROR(applyClear(*writes, place, ns, false));
    }
    return recordMissing(commit.missing);
}

Status LedgerWriter::recordMissing(const std::vector<MissingPrivateData>& all) {
    for (const MissingPrivateData& missing : all) {
        ASSIGN_OR_RETURN(const BlockNumber due,
                         endOf(missing.ns, missing.collection, missing.block));
        ASSIGN_OR_RETURN(
            const std::int64_t ns,
            m_namespaces.add(m_connection, privateNamespace(missing.ns, missing.collection)));
        RETURN_IF_ERROR(m_private.addMissing({missing.block, missing.transaction}, ns, due));
    }
    return absl::OkStatus();
}

// `onlyCurrent`: keys whose hash is of another transaction now, or of another value, are left
// alone.
Status LedgerWriter::applyClear(const PrivateWrites& writes, const Version& place, std::int64_t ns,
                                bool onlyCurrent) {
    ASSIGN_OR_RETURN(const ClearWrites clear, decodeClearWrites(writes.writes));
    const auto hashed = m_namespaces.find(verify::hashedNamespace(writes.ns, writes.collection));
    const auto isCurrent = [&](const std::string& key, const Bytes* value) -> Result<bool> {
        if (!onlyCurrent) return true;
        if (!hashed) return false;
        ASSIGN_OR_RETURN(const KnownKey* hash,
                         m_stateWriter.knowValue(*hashed, crypto::sha256(key)));
        return hash->row && hash->value.version == place &&
               (value == nullptr || hash->value.value == crypto::sha256(*value));
    };
    for (const auto& write : clear.writes) {
        if (write.isDelete) {
            // A deletion that comes late leaves what was written after it.
            ASSIGN_OR_RETURN(const KnownKey* known, m_stateWriter.know(ns, write.key));
            if (known->row && known->value.version < place)
                RETURN_IF_ERROR(m_stateWriter.remove(ns, write.key));
            continue;
        }
        ASSIGN_OR_RETURN(const bool current, isCurrent(write.key, &write.value));
        if (!current) continue;
        RETURN_IF_ERROR(m_stateWriter.put(ns, write.key, {write.value, {}, place}));
        if (writes.expiresAt != 0)
            RETURN_IF_ERROR(m_private.schedule(writes.expiresAt, ns, write.key, place.block));
    }
    for (const std::string& key : clear.metadataOnly) {
        ASSIGN_OR_RETURN(const bool current, isCurrent(key, nullptr));
        if (current) RETURN_IF_ERROR(m_stateWriter.touch(ns, key, place));
    }
    return absl::OkStatus();
}

Status LedgerWriter::reconcile(BlockNumber block, const std::vector<PrivateWrites>& writes) {
    return change(true, [&]() -> Status {
        for (const PrivateWrites& late : writes) {
            const Version place{block, late.transaction};
            ASSIGN_OR_RETURN(
                const std::int64_t ns,
                m_namespaces.add(m_connection, privateNamespace(late.ns, late.collection)));
            ASSIGN_OR_RETURN(const bool wasMissing, m_private.takeMissing(place, ns));
            // What nobody asked for, or has ended meanwhile.
            if (!wasMissing || (late.expiresAt != 0 && late.expiresAt < m_height)) continue;
            RETURN_IF_ERROR(m_private.add(place, ns, late.writes, late.expiresAt));
            RETURN_IF_ERROR(applyClear(late, place, ns, true));
        }
        return reached("late-data-written");
    });
}

Status LedgerWriter::recordCollections(std::string_view contract, BlockNumber block,
                                       BytesView package) {
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("INSERT OR REPLACE INTO collections(contract, block, "
                                          "package) VALUES(?, ?, ?)"));
    return statement.bind(Blob(contract), block, Blob(package)).run();
}

// Each new sequence of a definition leaves its collections, as Fabric's peers do it.
Status LedgerWriter::keepCollections(const verify::PendingUpdates& updates, BlockNumber block) {
    const auto* keys = updates.publicKeys(protocol::kLifecycleNamespace);
    if (keys == nullptr) return absl::OkStatus();
    for (const auto& [key, entry] : *keys) {
        const auto parsed = protocol::LifecycleKey::parse(key);
        if (!parsed || parsed->kind != protocol::LifecycleKey::Kind::Definition ||
            parsed->field != "Sequence" || entry.isDelete)
            continue;
        protocol::LifecycleKey field = *parsed;
        field.field = "Collections";
        ASSIGN_OR_RETURN(const auto stored,
                         m_state.get(protocol::kLifecycleNamespace, field.str()));
        if (!stored) continue;
        const auto package = protocol::decodeStateBytes(stored->value);
        if (package.ok() && !package->empty())
            RETURN_IF_ERROR(recordCollections(parsed->chaincode, block, *package));
    }
    return absl::OkStatus();
}

}  // namespace chancery::node
