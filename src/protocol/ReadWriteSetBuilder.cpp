#include "src/protocol/ReadWriteSetBuilder.h"

#include <fabric/ledger/rwset/kvrwset.pb.h>
#include <fabric/ledger/rwset/rwset.pb.h>
#include <fmt/format.h>

#include <tuple>
#include <vector>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/wire/Serialize.h"

namespace chancery::protocol {
namespace {

using Metadata = ReadWriteSetBuilder::Metadata;
using VersionOpt = std::optional<Version>;

struct PrivateWrite {
    Bytes value;
    bool purge = false;
};

struct CollectionActivity {
    std::map<std::string, VersionOpt, std::less<>> reads;
    std::map<std::string, PrivateWrite, std::less<>> writes;
    std::map<std::string, Metadata, std::less<>> metadata;
};

struct QueryRecord {
    std::string startKey, endKey;
    bool exhausted = false;
    RangeQueryRecorder::Outcome results;
};

struct NamespaceActivity {
    std::map<std::string, VersionOpt, std::less<>> reads;
    std::vector<QueryRecord> queries;
    std::map<std::string, Bytes, std::less<>> writes;
    std::map<std::string, Metadata, std::less<>> metadata;
    std::map<std::string, CollectionActivity, std::less<>> collections;
};

template <class Message>
void setVersion(const VersionOpt& version, Message& message) {
    if (!version) return;
    message.mutable_version()->set_block_num(version->block);
    message.mutable_version()->set_tx_num(version->transaction);
}

template <class Message>
void setEntries(const Metadata& metadata, Message& message) {
    for (const auto& [name, value] : metadata) {
        auto* entry = message.add_entries();
        entry->set_name(name);
        entry->set_value(value);
    }
}

void setWrite(const std::string& key, const Bytes& value, ::kvrwset::KVWrite& message) {
    message.set_key(key);
    message.set_is_delete(value.empty());
    message.set_value(value);
}

void setQuery(const QueryRecord& query, ::kvrwset::RangeQueryInfo& message) {
    message.set_start_key(query.startKey);
    message.set_end_key(query.endKey);
    message.set_itr_exhausted(query.exhausted);
    if (const auto& summary = query.results.summary) {
        auto* hashes = message.mutable_reads_merkle_hashes();
        hashes->set_max_degree(summary->maxDegree);
        hashes->set_max_level(summary->maxLevel);
        for (const Bytes& hash : summary->hashes) hashes->add_max_level_hashes(hash);
        return;
    }
    for (const auto& result : query.results.reads) {
        auto* read = message.mutable_raw_reads()->add_kv_reads();
        read->set_key(result.key);
        setVersion(result.version, *read);
    }
}

::kvrwset::KVRWSet publicMessage(const NamespaceActivity& activity) {
    ::kvrwset::KVRWSet message;
    for (const auto& [key, version] : activity.reads) {
        auto* read = message.add_reads();
        read->set_key(key);
        setVersion(version, *read);
    }
    for (const QueryRecord& query : activity.queries)
        setQuery(query, *message.add_range_queries_info());
    for (const auto& [key, value] : activity.writes) setWrite(key, value, *message.add_writes());
    for (const auto& [key, metadata] : activity.metadata) {
        auto* write = message.add_metadata_writes();
        write->set_key(key);
        setEntries(metadata, *write);
    }
    return message;
}

::kvrwset::HashedRWSet hashedMessage(const CollectionActivity& activity) {
    ::kvrwset::HashedRWSet message;
    for (const auto& [key, version] : activity.reads) {
        auto* read = message.add_hashed_reads();
        read->set_key_hash(crypto::sha256(key));
        setVersion(version, *read);
    }
    for (const auto& [key, write] : activity.writes) {
        auto* hashed = message.add_hashed_writes();
        hashed->set_key_hash(crypto::sha256(key));
        hashed->set_is_delete(write.value.empty());
        if (!write.value.empty()) hashed->set_value_hash(crypto::sha256(write.value));
        hashed->set_is_purge(write.purge);
    }
    for (const auto& [key, metadata] : activity.metadata) {
        auto* hashed = message.add_metadata_writes();
        hashed->set_key_hash(crypto::sha256(key));
        setEntries(metadata, *hashed);
    }
    return message;
}

/// The clear-text set; metadata is kept under the hashed key only, so here stand bare keys.
::kvrwset::KVRWSet privateMessage(const CollectionActivity& activity) {
    ::kvrwset::KVRWSet message;
    for (const auto& [key, write] : activity.writes)
        setWrite(key, write.value, *message.add_writes());
    for (const auto& [key, metadata] : activity.metadata)
        message.add_metadata_writes()->set_key(key);
    return message;
}

Status checkText(std::string_view text, std::string_view what) {
    if (isUtf8(text)) return {};
    return makeError(StatusCode::kInvalidArgument, "NOT_UTF8",
                     fmt::format("{} is not UTF-8: {}", what, printable(text, 200)),
                     {{"what", std::string(what)}});
}

Status checkNames(std::string_view ns, std::string_view key) {
    RETURN_IF_ERROR(checkText(ns, "namespace"));
    return checkText(key, "key");
}

Status checkMetadata(const Metadata& metadata) {
    for (const auto& [name, value] : metadata) RETURN_IF_ERROR(checkText(name, "metadata name"));
    return {};
}

template <class Map>
typename Map::mapped_type& at(Map& map, std::string_view key) {
    const auto found = map.find(key);
    return found != map.end() ? found->second : map[std::string(key)];
}

}  // namespace

struct ReadWriteSetBuilder::State {
    std::map<std::string, NamespaceActivity, std::less<>> namespaces;
};

ReadWriteSetBuilder::ReadWriteSetBuilder() : m_state(std::make_unique<State>()) {}
ReadWriteSetBuilder::~ReadWriteSetBuilder() = default;
ReadWriteSetBuilder::ReadWriteSetBuilder(ReadWriteSetBuilder&&) noexcept = default;
ReadWriteSetBuilder& ReadWriteSetBuilder::operator=(ReadWriteSetBuilder&&) noexcept = default;

Status ReadWriteSetBuilder::read(std::string_view ns, std::string_view key,
                                 const std::optional<Version>& version) {
    RETURN_IF_ERROR(checkNames(ns, key));
    at(m_state->namespaces, ns).reads.try_emplace(std::string(key), version);
    return {};
}

Status ReadWriteSetBuilder::rangeQuery(std::string_view ns, std::string_view startKey,
                                       std::string_view endKey, bool exhausted,
                                       RangeQueryRecorder::Outcome results) {
    RETURN_IF_ERROR(checkNames(ns, startKey));
    RETURN_IF_ERROR(checkText(endKey, "end key"));
    auto& queries = at(m_state->namespaces, ns).queries;
    for (const QueryRecord& known : queries)
        if (std::tie(known.startKey, known.endKey, known.exhausted) ==
            std::tuple(startKey, endKey, exhausted))
            return {};
    queries.push_back({std::string(startKey), std::string(endKey), exhausted, std::move(results)});
    return {};
}

Status ReadWriteSetBuilder::write(std::string_view ns, std::string_view key, BytesView value) {
    RETURN_IF_ERROR(checkNames(ns, key));
    at(at(m_state->namespaces, ns).writes, key) = Bytes(value);
    return {};
}

Status ReadWriteSetBuilder::writeMetadata(std::string_view ns, std::string_view key,
                                          const Metadata& metadata) {
    RETURN_IF_ERROR(checkNames(ns, key));
    RETURN_IF_ERROR(checkMetadata(metadata));
    at(at(m_state->namespaces, ns).metadata, key) = metadata;
    return {};
}

Status ReadWriteSetBuilder::privateRead(std::string_view ns, std::string_view collection,
                                        std::string_view key,
                                        const std::optional<Version>& version) {
    RETURN_IF_ERROR(checkNames(ns, key));
    RETURN_IF_ERROR(checkText(collection, "collection"));
    at(at(m_state->namespaces, ns).collections, collection)
        .reads.try_emplace(std::string(key), version);
    return {};
}

Status ReadWriteSetBuilder::privateWrite(std::string_view ns, std::string_view collection,
                                         std::string_view key, BytesView value) {
    RETURN_IF_ERROR(checkNames(ns, key));
    RETURN_IF_ERROR(checkText(collection, "collection"));
    at(at(at(m_state->namespaces, ns).collections, collection).writes, key) = {Bytes(value), false};
    return {};
}

Status ReadWriteSetBuilder::privatePurge(std::string_view ns, std::string_view collection,
                                         std::string_view key) {
    RETURN_IF_ERROR(checkNames(ns, key));
    RETURN_IF_ERROR(checkText(collection, "collection"));
    at(at(at(m_state->namespaces, ns).collections, collection).writes, key) = {{}, true};
    return {};
}

Status ReadWriteSetBuilder::privateMetadata(std::string_view ns, std::string_view collection,
                                            std::string_view key, const Metadata& metadata) {
    RETURN_IF_ERROR(checkNames(ns, key));
    RETURN_IF_ERROR(checkText(collection, "collection"));
    RETURN_IF_ERROR(checkMetadata(metadata));
    at(at(at(m_state->namespaces, ns).collections, collection).metadata, key) = metadata;
    return {};
}

ReadWriteSetBuilder::Output ReadWriteSetBuilder::build() const {
    ::rwset::TxReadWriteSet publicSet;
    ::rwset::TxPvtReadWriteSet privateSet;
    for (const auto& [name, activity] : m_state->namespaces) {
        auto* ns = publicSet.add_ns_rwset();
        ns->set_namespace_(name);
        ns->set_rwset(wire::serialize(publicMessage(activity)));
        ::rwset::NsPvtReadWriteSet* privateNs = nullptr;
        for (const auto& [collectionName, collection] : activity.collections) {
            auto* hashed = ns->add_collection_hashed_rwset();
            hashed->set_collection_name(collectionName);
            hashed->set_hashed_rwset(wire::serialize(hashedMessage(collection)));
            if (collection.writes.empty() && collection.metadata.empty()) continue;
            const Bytes clear = wire::serialize(privateMessage(collection));
            hashed->set_pvt_rwset_hash(crypto::sha256(clear));
            if (privateNs == nullptr) {
                privateNs = privateSet.add_ns_pvt_rwset();
                privateNs->set_namespace_(name);
            }
            auto* clearSet = privateNs->add_collection_pvt_rwset();
            clearSet->set_collection_name(collectionName);
            clearSet->set_rwset(clear);
        }
    }
    return {wire::serialize(publicSet), wire::serialize(privateSet)};
}

}  // namespace chancery::protocol
