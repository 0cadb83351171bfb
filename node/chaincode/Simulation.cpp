#include "node/chaincode/Simulation.h"

#include <fmt/format.h>

#include "fabric/ledger/rwset/kvrwset.pb.h"
#include "node/chaincode/Definitions.h"
#include "node/chaincode/Interest.h"
#include "src/crypto/Digest.h"
#include "src/verify/PendingUpdates.h"
#include "src/wire/Parse.h"

namespace chancery::node {

using protocol::Version;

/// A range scan as the read/write set will tell of it: as far as it went.
struct RangeRecord {
    std::string ns, start, end;
    bool exhausted = false;
    protocol::RangeQueryRecorder recorder;
};

class RangeRows final : public Rows {
public:
    RangeRows(std::unique_ptr<StateScan> scan, std::string end, std::shared_ptr<RangeRecord> record)
        : m_scan(std::move(scan)), m_end(std::move(end)), m_record(std::move(record)) {}

    Result<std::optional<Row>> next() override {
        ASSIGN_OR_RETURN(auto row, m_scan->next());
        if (!row) {
            m_record->exhausted = true;
            m_record->end = m_end;
            return std::optional<Row>();
        }
        m_record->recorder.add(row->key, row->value.version);
        m_record->end = row->key;
        return std::optional<Row>(Row{std::move(row->key), std::move(row->value.value)});
    }
    Result<std::string> bookmark() override {
        ASSIGN_OR_RETURN(auto row, m_scan->next());
        return row ? std::move(row->key) : std::string();
    }

private:
    std::unique_ptr<StateScan> m_scan;
    std::string m_end;
    std::shared_ptr<RangeRecord> m_record;
};

class QueryRows final : public Rows {
public:
    /// `builder` null: nothing is recorded.
    QueryRows(RichQueryPage page, std::string ns, protocol::ReadWriteSetBuilder* builder)
        : m_page(std::move(page)), m_ns(std::move(ns)), m_builder(builder) {}

    Result<std::optional<Row>> next() override {
        if (m_at == m_page.rows.size()) return std::optional<Row>();
        StateRow& row = m_page.rows[m_at++];
        if (m_builder != nullptr)
            RETURN_IF_ERROR(m_builder->read(m_ns, row.key, row.value.version));
        return std::optional<Row>(Row{std::move(row.key), std::move(row.value.value)});
    }
    Result<std::string> bookmark() override { return m_page.bookmark; }

private:
    RichQueryPage m_page;
    std::string m_ns;
    protocol::ReadWriteSetBuilder* m_builder;
    std::size_t m_at = 0;
};

namespace {

/// Rows of private data, of which nothing is recorded.
class PlainRows final : public Rows {
public:
    explicit PlainRows(std::unique_ptr<StateScan> scan) : m_scan(std::move(scan)) {}
    Result<std::optional<Row>> next() override {
        ASSIGN_OR_RETURN(auto row, m_scan->next());
        if (!row) return std::optional<Row>();
        return std::optional<Row>(Row{std::move(row->key), std::move(row->value.value)});
    }
    Result<std::string> bookmark() override { return std::string(); }

private:
    std::unique_ptr<StateScan> m_scan;
};

Result<Simulation::Metadata> decodeMetadata(BytesView bytes) {
    Simulation::Metadata out;
    if (bytes.empty()) return out;
    ASSIGN_OR_RETURN(const auto message,
                     wire::parse<::kvrwset::KVMetadataWrite>(bytes, "metadata"));
    for (const auto& entry : message.entries()) out[entry.name()] = entry.value();
    return out;
}

std::size_t sizeOf(const Simulation::Metadata& metadata) {
    std::size_t size = 0;
    for (const auto& [name, value] : metadata) size += name.size() + value.size();
    return size;
}

Status unsupported(const TxId& txId, std::string_view what) {
    return makeError(StatusCode::kFailedPrecondition, "UNSUPPORTED_TRANSACTION",
                     fmt::format("txid [{}]: unsuppored transaction. {}", txId.str(), what));
}

std::string heightText(const std::optional<Version>& version) {
    if (!version) return "<nil>";
    return fmt::format("{{BlockNum: {}, TxNum: {}}}", version->block, version->transaction);
}

std::optional<Version> versionOf(const std::optional<verify::StateValue>& value) {
    return value ? std::optional(value->version) : std::nullopt;
}

}  // namespace

bool isSystemNamespace(std::string_view ns) {
    return ns == protocol::kLifecycleNamespace || ns == "lscc" || ns == "qscc" || ns == "cscc";
}

Simulation::Simulation(channel::BundlePtr bundle, std::unique_ptr<StateView> view, TxId txId,
                       const Limits& limits)
    : m_bundle(std::move(bundle)),
      m_view(std::move(view)),
      m_txId(std::move(txId)),
      m_limits(limits) {}

Simulation::~Simulation() = default;

Result<std::optional<Bytes>> Simulation::get(std::string_view ns, std::string_view key) {
    ASSIGN_OR_RETURN(auto found, m_view->get(ns, key));
    RETURN_IF_ERROR(m_builder.read(ns, key, versionOf(found)));
    if (!found) return std::optional<Bytes>();
    return std::optional<Bytes>(std::move(found->value));
}

Result<Simulation::Metadata> Simulation::metadata(std::string_view ns, std::string_view key) {
    ASSIGN_OR_RETURN(const auto found, m_view->get(ns, key));
    RETURN_IF_ERROR(m_builder.read(ns, key, versionOf(found)));
    return decodeMetadata(found ? BytesView(found->metadata) : BytesView());
}

Status Simulation::beforeWrite(std::size_t bytes) {
    if (m_privateQuery)
        return unsupported(m_txId,
                           "Transaction has already performed queries on pvt data. Writes are not "
                           "allowed");
    if (m_pagedQuery)
        return unsupported(m_txId,
                           "Transaction has already performed a paginated query. Writes are not "
                           "allowed");
    m_writtenBytes += bytes;
    if (m_writtenBytes > m_limits.maxWrittenBytes)
        return makeError(StatusCode::kResourceExhausted, "TOO_MANY_WRITES",
                         fmt::format("txid [{}]: the transaction writes more than {} bytes",
                                     m_txId.str(), m_limits.maxWrittenBytes));
    m_wrote = true;
    return {};
}

Status Simulation::beforePage() {
    if (m_wrote)
        return unsupported(m_txId,
                           "Paginated queries are supported only in a read-only transaction");
    m_pagedQuery = true;
    return {};
}

Status Simulation::beforePrivateQuery() {
    if (m_wrote)
        return unsupported(m_txId,
                           "Queries on pvt data is supported only in a read-only transaction");
    m_privateQuery = true;
    return {};
}

Status Simulation::noteKeyPolicy(std::string_view ns, std::string_view collection,
                                 std::string_view key) {
    auto& keys = m_keyPolicies[std::string(ns)][std::string(collection)];
    const auto [place, isNew] = keys.try_emplace(std::string(key));
    if (!isNew || isSystemNamespace(ns)) return {};
    Bytes metadata;
    if (collection.empty()) {
        ASSIGN_OR_RETURN(metadata, m_view->metadata(ns, key));
    } else {
        ASSIGN_OR_RETURN(metadata, m_view->metadata(verify::hashedNamespace(ns, collection),
                                                    crypto::sha256(key)));
    }
    if (metadata.empty()) return {};
    ASSIGN_OR_RETURN(place->second,
                     verify::metadataEntry(metadata, protocol::kValidationParameter));
    return {};
}

Status Simulation::put(std::string_view ns, std::string_view key, BytesView value) {
    RETURN_IF_ERROR(beforeWrite(key.size() + value.size()));
    RETURN_IF_ERROR(m_builder.write(ns, key, value));
    return noteKeyPolicy(ns, {}, key);
}

Status Simulation::putMetadata(std::string_view ns, std::string_view key,
                               const Metadata& metadata) {
    RETURN_IF_ERROR(beforeWrite(key.size() + sizeOf(metadata)));
    RETURN_IF_ERROR(m_builder.writeMetadata(ns, key, metadata));
    return noteKeyPolicy(ns, {}, key);
}

Result<std::unique_ptr<Rows>> Simulation::openRange(std::string_view ns, std::string_view start,
                                                    std::string_view end) {
    ASSIGN_OR_RETURN(auto scan, m_view->scan(ns, start, end));
    auto record = std::make_shared<RangeRecord>();
    record->ns = ns;
    record->start = start;
    m_ranges.push_back(record);
    return std::make_unique<RangeRows>(std::move(scan), std::string(end), std::move(record));
}

Result<std::unique_ptr<Rows>> Simulation::range(std::string_view ns, std::string_view start,
                                                std::string_view end) {
    return openRange(ns, start, end);
}

Result<std::unique_ptr<Rows>> Simulation::rangePage(std::string_view ns, std::string_view start,
                                                    std::string_view end) {
    RETURN_IF_ERROR(beforePage());
    return openRange(ns, start, end);
}

Result<std::unique_ptr<Rows>> Simulation::query(std::string_view ns, std::string_view mango) {
    ASSIGN_OR_RETURN(auto page, m_view->query(ns, mango, 0, {}));
    return std::make_unique<QueryRows>(std::move(page), std::string(ns), &m_builder);
}

Result<std::unique_ptr<Rows>> Simulation::queryPage(std::string_view ns, std::string_view mango,
                                                    std::string_view bookmark,
                                                    std::int32_t pageSize) {
    RETURN_IF_ERROR(beforePage());
    const std::uint32_t size = pageSize > 0 ? static_cast<std::uint32_t>(pageSize) : 0;
    ASSIGN_OR_RETURN(auto page,
                     m_view->query(ns, mango, std::min(size, m_limits.totalQueryLimit), bookmark));
    return std::make_unique<QueryRows>(std::move(page), std::string(ns), &m_builder);
}

Result<std::unique_ptr<HistoryScan>> Simulation::history(std::string_view ns,
                                                         std::string_view key) {
    return m_view->history(ns, key);
}

Status Simulation::checkCollection(std::string_view ns, std::string_view collection) {
    auto known = m_collections.find(ns);
    if (known == m_collections.end()) {
        ASSIGN_OR_RETURN(auto names, collectionNames(*this, ns));
        known = m_collections.emplace(std::string(ns), std::move(names)).first;
    }
    if (known->second.contains(collection)) return {};
    return makeError(
        StatusCode::kInvalidArgument, "UNKNOWN_COLLECTION",
        fmt::format("collection [{}] not defined in the collection config for chaincode [{}]",
                    collection, ns));
}

Result<std::optional<Bytes>> Simulation::getPrivate(std::string_view ns,
                                                    std::string_view collection,
                                                    std::string_view key) {
    RETURN_IF_ERROR(checkCollection(ns, collection));
    ASSIGN_OR_RETURN(auto found, m_view->get(privateNamespace(ns, collection), key));
    ASSIGN_OR_RETURN(const auto hashVersion,
                     m_view->version(verify::hashedNamespace(ns, collection), crypto::sha256(key)));
    const auto version = versionOf(found);
    if (hashVersion != version)
        return makeError(
            StatusCode::kFailedPrecondition, "PRIVATE_DATA_MISSING",
            fmt::format("private data matching public hash version is not available. Public hash "
                        "version = {}, Private data version = {}",
                        heightText(hashVersion), heightText(version)));
    RETURN_IF_ERROR(m_builder.privateRead(ns, collection, key, version));
    m_privateReads.emplace(ns, collection);
    if (!found) return std::optional<Bytes>();
    return std::optional<Bytes>(std::move(found->value));
}

Result<std::optional<Bytes>> Simulation::getPrivateHash(std::string_view ns,
                                                        std::string_view collection,
                                                        std::string_view key) {
    RETURN_IF_ERROR(checkCollection(ns, collection));
    ASSIGN_OR_RETURN(auto found,
                     m_view->get(verify::hashedNamespace(ns, collection), crypto::sha256(key)));
    RETURN_IF_ERROR(m_builder.privateRead(ns, collection, key, versionOf(found)));
    if (!found) return std::optional<Bytes>();
    return std::optional<Bytes>(std::move(found->value));
}

Result<Simulation::Metadata> Simulation::privateMetadata(std::string_view ns,
                                                         std::string_view collection,
                                                         std::string_view key) {
    RETURN_IF_ERROR(checkCollection(ns, collection));
    ASSIGN_OR_RETURN(const auto found,
                     m_view->get(verify::hashedNamespace(ns, collection), crypto::sha256(key)));
    RETURN_IF_ERROR(m_builder.privateRead(ns, collection, key, versionOf(found)));
    return decodeMetadata(found ? BytesView(found->metadata) : BytesView());
}

Status Simulation::putPrivate(std::string_view ns, std::string_view collection,
                              std::string_view key, BytesView value) {
    RETURN_IF_ERROR(checkCollection(ns, collection));
    RETURN_IF_ERROR(beforeWrite(key.size() + value.size()));
    RETURN_IF_ERROR(m_builder.privateWrite(ns, collection, key, value));
    return noteKeyPolicy(ns, collection, key);
}

Status Simulation::purgePrivate(std::string_view ns, std::string_view collection,
                                std::string_view key) {
    RETURN_IF_ERROR(checkCollection(ns, collection));
    RETURN_IF_ERROR(beforeWrite(key.size()));
    RETURN_IF_ERROR(m_builder.privatePurge(ns, collection, key));
    return noteKeyPolicy(ns, collection, key);
}

Status Simulation::putPrivateMetadata(std::string_view ns, std::string_view collection,
                                      std::string_view key, const Metadata& metadata) {
    RETURN_IF_ERROR(checkCollection(ns, collection));
    RETURN_IF_ERROR(beforeWrite(key.size() + sizeOf(metadata)));
    RETURN_IF_ERROR(m_builder.privateMetadata(ns, collection, key, metadata));
    return noteKeyPolicy(ns, collection, key);
}

Result<std::unique_ptr<Rows>> Simulation::privateRange(std::string_view ns,
                                                       std::string_view collection,
                                                       std::string_view start,
                                                       std::string_view end) {
    RETURN_IF_ERROR(beforePrivateQuery());
    RETURN_IF_ERROR(checkCollection(ns, collection));
    ASSIGN_OR_RETURN(auto scan, m_view->scan(privateNamespace(ns, collection), start, end));
    return std::make_unique<PlainRows>(std::move(scan));
}

Result<std::unique_ptr<Rows>> Simulation::privateQuery(std::string_view ns,
                                                       std::string_view collection,
                                                       std::string_view mango) {
    RETURN_IF_ERROR(beforePrivateQuery());
    RETURN_IF_ERROR(checkCollection(ns, collection));
    ASSIGN_OR_RETURN(auto page, m_view->query(privateNamespace(ns, collection), mango, 0, {}));
    return std::make_unique<QueryRows>(std::move(page), std::string(ns), nullptr);
}

Result<Simulation::Output> Simulation::finish() {
    if (m_finished)
        return makeError(StatusCode::kInternal, "FINISHED",
                         "this function should only be called once on a transaction simulator "
                         "instance");
    m_finished = true;
    for (const auto& range : m_ranges)
        RETURN_IF_ERROR(m_builder.rangeQuery(range->ns, range->start, range->end, range->exhausted,
                                             range->recorder.finish()));
    auto sets = m_builder.build();
    Output out;
    ASSIGN_OR_RETURN(out.interest, interestOf(m_keyPolicies, m_privateReads, sets.publicSet));
    out.readWriteSet = std::move(sets.publicSet);
    out.privateWrites = std::move(sets.privateSet);
    return out;
}

}  // namespace chancery::node
