#include "src/index/IndexWriter.h"

#include "src/index/Record.h"
#include "src/index/TransactionId.h"
#include "src/verify/PendingUpdates.h"
#include "src/verify/Validator.h"

namespace chancery::index {
namespace {

using protocol::ValidationCode;

constexpr std::uint64_t kMaxFindings = 1000;

std::optional<std::int64_t> nanosOf(const protocol::Transaction& transaction) {
    if (!transaction.channelHeader.timestamp) return std::nullopt;
    return absl::ToUnixNanos(transaction.channelHeader.timestamp->time());
}

/// The code that the block records; nothing when no peer has judged.
std::optional<std::uint8_t> recordedCode(BytesView filter, std::size_t index) {
    if (index >= filter.size()) return std::nullopt;
    const auto code = static_cast<std::uint8_t>(filter[index]);
    if (static_cast<ValidationCode>(code) == ValidationCode::NotValidated) return std::nullopt;
    return code;
}

}  // namespace

struct IndexWriter::Statements {
    store::Statement block, transaction;
};

/// What one transaction does with one key.
struct IndexWriter::Touch {
    KeyTable::Key* key;
    std::int64_t what;
    const std::vector<protocol::MetadataEntry>* metadata;
};

struct IndexWriter::Judged {
    std::optional<std::uint8_t> recorded;
    const verify::TransactionVerdict* verdict;  ///< null: not judged
    std::string filedId;

    bool computed() const { return verdict != nullptr && verdict->computed; }
    /// Whether it changed the state.
    bool applied() const {
        return verdict != nullptr ? verdict->valid() : recorded && *recorded == 0;
    }
    std::optional<std::uint8_t> different() const {
        if (!computed()) return std::nullopt;
        const auto code = static_cast<std::uint8_t>(verdict->code);
        return recorded == code ? std::nullopt : std::optional(code);
    }
    std::optional<std::uint8_t> shown() const { return recorded ? recorded : different(); }
};

IndexWriter::IndexWriter(store::Connection& connection, BlockReader& blocks, Checkpoint start)
    : m_connection(connection),
      m_names(connection),
      m_blocks(blocks),
      m_checkpoint(std::move(start)) {}

IndexWriter::~IndexWriter() = default;

Result<std::unique_ptr<IndexWriter>> IndexWriter::create(store::Connection& connection,
                                                         BlockReader& blocks, Checkpoint start) {
    std::unique_ptr<IndexWriter> writer(new IndexWriter(connection, blocks, std::move(start)));
    ASSIGN_OR_RETURN(writer->m_keys, KeyTable::create(connection, writer->m_names));
    writer->m_state =
        std::make_shared<WriterState>(connection, blocks, writer->m_names, *writer->m_keys);
    ASSIGN_OR_RETURN(
        auto block,
        connection.prepare(
            "INSERT INTO blocks(number, config, time, transactions, valid, invalid, size, hash, "
            "commit_hash, check_result, file, offset, before, blocks_before) "
            "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    ASSIGN_OR_RETURN(
        auto transaction,
        connection.prepare("INSERT INTO transactions(place, id_key, id, stated, type, time, "
                           "creator, contract, function, event, endorsers, code, computed) "
                           "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    writer->m_statements =
        std::make_unique<Statements>(Statements{std::move(block), std::move(transaction)});
    return writer;
}

Status IndexWriter::begin() {
    if (m_transaction) return {};
    ASSIGN_OR_RETURN(auto transaction, store::Transaction::begin(m_connection));
    m_transaction.emplace(std::move(transaction));
    return {};
}

Status IndexWriter::commit() {
    RETURN_IF_ERROR(begin());
    RETURN_IF_ERROR(saveCheckpoint(m_connection, m_checkpoint));
    const Status status = m_transaction->commit();
    m_transaction.reset();
    return status;
}

Status IndexWriter::add(const protocol::SourcedBlock& sourced,
                        const std::vector<verify::PreparedTransaction>& prepared,
                        const verify::BlockVerdict* verdict, CheckResult check,
                        BytesView commitHash) {
    RETURN_IF_ERROR(begin());
    m_keys->trim();
    const protocol::Block& block = sourced.block;
    const BlockNumber number = block.number();
    if (number > kMaxBlock)
        return makeError(StatusCode::kInvalidArgument, "BLOCK_NUMBER_TOO_LARGE",
                         fmt::format("block {} has an impossible number", number),
                         {{"block", std::to_string(number)}});
    const std::size_t count = block.transactionCount();
    const BytesView filter = block.metadata(protocol::MetadataSlot::TransactionsFilter);
    std::uint64_t valid = 0, invalid = 0;
    std::optional<std::int64_t> time;
    for (std::size_t i = 0; i < count; ++i) {
        const bool ready = i < prepared.size();
        const protocol::Transaction decoded =
            ready ? protocol::Transaction() : block.transaction(i);
        const protocol::Transaction& transaction = ready ? prepared[i].transaction : decoded;
        Judged judged{recordedCode(filter, i), nullptr,
                      ready ? prepared[i].txId : verify::ledgerTxId(transaction)};
        if (verdict != nullptr && i < verdict->transactions.size())
            judged.verdict = &verdict->transactions[i];
        if (i == 0) time = nanosOf(transaction);
        if (const auto shown = judged.shown()) ++(*shown == 0 ? valid : invalid);
        RETURN_IF_ERROR(addTransaction(sourced, i, transaction, judged));
    }
    if (verdict != nullptr) RETURN_IF_ERROR(addExpired(number, verdict->updates));

    std::optional<std::uint64_t> recordedValid;
    if (filter.size() == count && count > 0)
        recordedValid = static_cast<std::uint64_t>(std::count(filter.begin(), filter.end(), '\0'));
    std::optional<store::Blob> commit;
    if (!commitHash.empty()) commit.emplace(commitHash);
    m_statements->block.bind(number, block.isConfigBlock(), time, count, recordedValid, invalid,
                             sourced.size, store::Blob(block.header().hash()), commit,
                             static_cast<int>(check), store::Blob(sourced.file), sourced.offset,
                             m_checkpoint.transactions, m_checkpoint.blocks);
    RETURN_IF_ERROR(m_statements->block.run());

    ++m_checkpoint.blocks;
    m_checkpoint.transactions += count;
    m_checkpoint.valid += valid;
    m_checkpoint.invalid += invalid;
    m_checkpoint.notJudged += count - valid - invalid;
    m_checkpoint.bytes += sourced.size;
    if (!m_checkpoint.first) m_checkpoint.first = number;
    m_checkpoint.last = number;
    return {};
}

Status IndexWriter::addTransaction(const protocol::SourcedBlock& sourced, std::size_t index,
                                   const protocol::Transaction& transaction, const Judged& judged) {
    const Place place = placeOf(sourced.block.number(), index);
    std::optional<std::int64_t> creator, contract, function, event, endorsers;
    if (!transaction.signatureHeader.creator.empty()) {
        ASSIGN_OR_RETURN(creator, m_names.identity(transaction.signatureHeader.creator));
    }
    if (const auto name = transaction.contract(); !name.empty()) {
        ASSIGN_OR_RETURN(contract, m_names.name(NameKind::Contract, name));
    }
    if (const auto name = transaction.function(); !name.empty()) {
        ASSIGN_OR_RETURN(function, m_names.name(NameKind::Function, name));
    }
    if (!transaction.actions.empty()) {
        const protocol::TransactionAction& action = transaction.actions.front();
        if (action.event) {
            ASSIGN_OR_RETURN(event, m_names.name(NameKind::Event, action.event->name));
        }
        std::vector<std::int64_t> ids;
        for (const protocol::Endorsement& endorsement : action.endorsements) {
            ASSIGN_OR_RETURN(const std::int64_t id, m_names.identity(endorsement.endorser));
            ids.push_back(id);
        }
        if (!ids.empty()) {
            ASSIGN_OR_RETURN(endorsers, m_names.endorsers(std::move(ids)));
        }
    }
    std::optional<std::int32_t> type;
    if (transaction.reached(protocol::Layer::ChannelHeader))
        type = static_cast<std::int32_t>(transaction.channelHeader.type);
    const TransactionId id(judged.filedId);
    m_statements->transaction.bind(place, id.key, store::Blob(id.stored),
                                   transaction.channelHeader.txId == judged.filedId, type,
                                   nanosOf(transaction), creator, contract, function, event,
                                   endorsers, judged.recorded, judged.different());
    RETURN_IF_ERROR(m_statements->transaction.run());
    if (judged.verdict != nullptr && judged.verdict->cause) {
        ASSIGN_OR_RETURN(auto statement,
                         m_connection.prepare("INSERT INTO causes(place, cause) VALUES(?, ?)"));
        statement.bind(place, store::Blob(encode(*judged.verdict->cause)));
        RETURN_IF_ERROR(statement.run());
    }
    return addKeys(place, transaction, judged.applied());
}

Status IndexWriter::addKeys(Place place, const protocol::Transaction& transaction, bool valid) {
    m_touches.clear();
    if (transaction.isConfig()) {
        if (!valid) return {};
        ASSIGN_OR_RETURN(const std::int64_t space, m_names.space(verify::kConfigNamespace, {}));
        ASSIGN_OR_RETURN(KeyTable::Key * key, m_keys->make(space, verify::kConfigKey, true));
        return m_keys->addVersion(*key, {place, what::kValue, 0});
    }
    if (transaction.actions.empty() || !transaction.actions.front().readWriteSet) return {};
    RETURN_IF_ERROR(collect(*transaction.actions.front().readWriteSet));
    return applyTouches(place, valid);
}

Status IndexWriter::collect(const protocol::ReadWriteSet& set) {
    for (const protocol::NamespaceReadWriteSet& ns : set.namespaces) {
        const Space named = Space::of(ns.name);
        const bool isPublic = named.collection.empty();
        ASSIGN_OR_RETURN(const std::int64_t space, m_names.space(named.contract, named.collection));
        for (const auto& read : ns.reads)
            RETURN_IF_ERROR(touch(space, read.key, isPublic, what::kRead));
        for (const auto& write : ns.writes)
            RETURN_IF_ERROR(
                touch(space, write.key, isPublic, write.isDelete() ? what::kDelete : what::kValue));
        for (const auto& write : ns.metadataWrites)
            RETURN_IF_ERROR(touch(space, write.key, isPublic, what::kMetadata, &write.entries));
        for (const auto& collection : ns.collections) {
            const Space one = Space::of(ns.name, collection.collection);
            const bool open = one.collection.empty();
            ASSIGN_OR_RETURN(const std::int64_t hashed,
                             m_names.space(one.contract, one.collection));
            for (const auto& read : collection.reads)
                RETURN_IF_ERROR(touch(hashed, read.keyHash, open, what::kRead));
            for (const auto& write : collection.writes)
                RETURN_IF_ERROR(touch(hashed, write.keyHash, open,
                                      write.isDelete() ? what::kDelete : what::kValue));
            for (const auto& write : collection.metadataWrites)
                RETURN_IF_ERROR(
                    touch(hashed, write.keyHash, open, what::kMetadata, &write.entries));
        }
    }
    return {};
}

Status IndexWriter::touch(std::int64_t space, BytesView key, bool isPublic, std::int64_t what,
                          const std::vector<protocol::MetadataEntry>* metadata) {
    ASSIGN_OR_RETURN(KeyTable::Key * row, m_keys->make(space, key, isPublic));
    m_touches.push_back({row, what, metadata});
    return {};
}

Status IndexWriter::applyTouches(Place place, bool valid) {
    // In the order of the rows, which is kinder to the tables; and each key once.
    std::stable_sort(m_touches.begin(), m_touches.end(),
                     [](const Touch& a, const Touch& b) { return a.key->id < b.key->id; });
    for (std::size_t i = 0; i < m_touches.size();) {
        Touch one = m_touches[i];
        for (++i; i < m_touches.size() && m_touches[i].key == one.key; ++i) {
            one.what |= m_touches[i].what;
            if (m_touches[i].metadata != nullptr) one.metadata = m_touches[i].metadata;
        }
        RETURN_IF_ERROR(applyOne(one, place, valid));
    }
    return {};
}

/// As verify::PendingUpdates applies it: a deletion wins; a value alone leaves metadata; metadata
/// alone leave the value, and do nothing to a key that is not there.
Status IndexWriter::applyOne(const Touch& touch, Place place, bool valid) {
    constexpr std::int64_t kWrites = what::kValue | what::kDelete | what::kMetadata;
    const bool exists = touch.key->exists();
    const bool alone = (touch.what & kWrites) == what::kMetadata;
    if (!valid || (touch.what & kWrites) == 0 || (alone && !exists))
        return m_keys->addTouch(*touch.key, place, touch.what);
    VersionRow row{place, touch.what, exists ? touch.key->newest->metadata : 0};
    if ((touch.what & what::kDelete) != 0) {
        row.what &= ~what::kValue;
        if (exists) row.what |= what::kExisted;
        row.metadata = 0;
    } else if (touch.metadata != nullptr) {
        const Bytes metadata =
            touch.metadata->empty() ? Bytes() : verify::encodeMetadata(*touch.metadata);
        ASSIGN_OR_RETURN(row.metadata, m_names.metadata(metadata));
    }
    return m_keys->addVersion(*touch.key, row);
}

Status IndexWriter::addExpired(BlockNumber block, const verify::PendingUpdates& updates) {
    for (const auto& [ns, collections] : updates.hashedUpdates())
        for (const auto& [collection, keys] : collections)
            for (const auto& [hash, entry] : keys) {
                if (!entry.isDelete || entry.version.transaction <= kEndSlot) continue;
                const Space named = Space::of(ns, collection);
                ASSIGN_OR_RETURN(const std::int64_t space,
                                 m_names.space(named.contract, named.collection));
                ASSIGN_OR_RETURN(KeyTable::Key * key, m_keys->make(space, hash, false));
                RETURN_IF_ERROR(m_keys->addVersion(
                    *key, {placeOf(block, kEndSlot), what::kExpired | what::kExisted, 0}));
            }
    ASSIGN_OR_RETURN(auto statement, m_connection.prepare("DELETE FROM expiry WHERE due <= ?"));
    statement.bind(block);
    return statement.run();
}

Status IndexWriter::addConfig(BlockNumber block, BytesView config) {
    RETURN_IF_ERROR(begin());
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("INSERT OR REPLACE INTO configs(block, config) "
                                          "VALUES(?, ?)"));
    statement.bind(block, store::Blob(config));
    return statement.run();
}

Status IndexWriter::addFinding(const verify::Finding& finding) {
    RETURN_IF_ERROR(begin());
    const auto severity = static_cast<int>(finding.severity);
    if (finding.severity == verify::Severity::Note) {
        // Notes are told once in each run; here once for all.
        ASSIGN_OR_RETURN(auto finding_,
                         m_connection.prepare("SELECT 1 FROM findings WHERE severity = ? AND "
                                              "reason = ? LIMIT 1"));
        finding_.bind(severity, finding.reason);
        ASSIGN_OR_RETURN(const auto known, finding_.first([](store::Row&) { return true; }));
        if (known) return {};
    }
    if (finding.severity == verify::Severity::Error) ++m_checkpoint.errors;
    if (m_checkpoint.findings++ >= kMaxFindings) return {};
    ASSIGN_OR_RETURN(auto statement,
                     m_connection.prepare("INSERT INTO findings(severity, reason, block, finding) "
                                          "VALUES(?, ?, ?, ?)"));
    std::optional<std::int64_t> block;
    if (finding.block && *finding.block <= kMaxBlock)
        block = static_cast<std::int64_t>(*finding.block);
    statement.bind(severity, finding.reason, block, store::Blob(encode(finding)));
    return statement.run();
}

Status IndexWriter::addDue(const verify::Expiry::Due& due) {
    RETURN_IF_ERROR(begin());
    if (due.block > kMaxBlock) return {};  // never
    const Space named = Space::of(due.ns, due.collection);
    ASSIGN_OR_RETURN(const std::int64_t space, m_names.space(named.contract, named.collection));
    ASSIGN_OR_RETURN(KeyTable::Key * key, m_keys->make(space, due.keyHash, false));
    ASSIGN_OR_RETURN(auto statement, m_connection.prepare("INSERT OR IGNORE INTO expiry(due, key, "
                                                          "written) VALUES(?, ?, ?)"));
    statement.bind(due.block, key->id, due.writtenIn);
    return statement.run();
}

Status saveCheckpoint(store::Connection& connection, const Checkpoint& checkpoint) {
    ASSIGN_OR_RETURN(auto statement, connection.prepare("INSERT OR REPLACE INTO facts(name, value) "
                                                        "VALUES('checkpoint', ?)"));
    statement.bind(store::Blob(encode(checkpoint)));
    return statement.run();
}

Result<Checkpoint> loadCheckpoint(store::Connection& connection) {
    ASSIGN_OR_RETURN(auto statement,
                     connection.prepare("SELECT value FROM facts WHERE name = 'checkpoint'"));
    ASSIGN_OR_RETURN(const auto bytes,
                     statement.first([](store::Row& row) { return Bytes(row.blob(0)); }));
    if (!bytes) return Checkpoint();
    auto checkpoint = decodeCheckpoint(*bytes);
    if (!checkpoint)
        return makeError(
            StatusCode::kDataLoss, "DATABASE_DAMAGED",
            fmt::format("{} is damaged: its checkpoint cannot be read", connection.path().string()),
            {{"path", connection.path().string()}});
    return *std::move(checkpoint);
}

}  // namespace chancery::index
