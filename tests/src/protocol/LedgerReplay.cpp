#include "tests/src/protocol/LedgerReplay.h"

#include <algorithm>

#include "src/protocol/RangeQuery.h"

namespace chancery::test {

using namespace protocol;

namespace {

std::map<std::string, Bytes> toMap(const std::vector<MetadataEntry>& entries) {
    std::map<std::string, Bytes> out;
    for (const MetadataEntry& entry : entries) out.emplace(entry.name, entry.value);
    return out;
}

std::optional<Version> versionOf(const LedgerReplay::Keys* keys, std::string_view key) {
    if (keys == nullptr) return std::nullopt;
    const auto found = keys->find(key);
    return found == keys->end() ? std::nullopt : std::optional(found->second.version);
}

template <class Map, class Key>
const typename Map::mapped_type* findIn(const Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

}  // namespace

bool LedgerReplay::readsMatch(const ReadWriteSet& set) const {
    for (const auto& ns : set.namespaces) {
        const Keys* keys = findIn(m_public, ns.name);
        for (const KeyRead& read : ns.reads)
            if (read.version != versionOf(keys, read.key)) return false;
        for (const auto& collection : ns.collections) {
            const Keys* hashes = findIn(
                m_private, std::pair(std::string(ns.name), std::string(collection.collection)));
            for (const HashedRead& read : collection.reads)
                if (read.version != versionOf(hashes, read.keyHash)) return false;
        }
    }
    return true;
}

bool LedgerReplay::rangesMatch(const ReadWriteSet& set) const {
    static const Keys kNone;
    for (const auto& ns : set.namespaces) {
        const Keys* found = findIn(m_public, ns.name);
        const Keys& keys = found != nullptr ? *found : kNone;
        for (const RangeQuery& query : ns.rangeQueries) {
            RangeQueryRecorder recorder;
            const auto end = query.endKey.empty() ? keys.end()
                             : query.exhausted    ? keys.lower_bound(query.endKey)
                                                  : keys.upper_bound(query.endKey);
            for (auto at = keys.lower_bound(query.startKey); at != end; ++at)
                recorder.add(at->first, at->second.version);
            if (!sameResults(query, recorder.finish())) return false;
        }
    }
    return true;
}

void LedgerReplay::beginBlock(BlockNumber number) {
    m_block = number;
    m_batch.clear();
}

void LedgerReplay::apply(const Transaction& transaction, std::size_t index) {
    const Version version{m_block, index};
    if (transaction.isConfig()) {
        m_public[""]["CHANNEL_CONFIG_ENV_BYTES"] = {Bytes(transaction.payload.data), {}, version};
        return;
    }
    for (const auto& ns : transaction.actions.at(0).readWriteSet.value().namespaces) {
        applyPublic(ns, transaction, version);
        for (const auto& collection : ns.collections) applyPrivate(ns.name, collection, version);
    }
}

void LedgerReplay::applyPublic(const NamespaceReadWriteSet& ns, const Transaction& transaction,
                               const Version& version) {
    const std::string name(ns.name);
    Keys& keys = m_public[name];
    for (const KeyWrite& write : ns.writes) {
        const std::string key(write.key);
        m_history[{name, key}].push_back({std::string(transaction.channelHeader.txId),
                                          *transaction.channelHeader.timestamp, Bytes(write.value),
                                          write.isDelete()});
        if (write.isDelete()) {
            keys.erase(key);
            m_batch.remove(name, key, version);
            continue;
        }
        keys[key].value = write.value;
        keys[key].version = version;
        m_batch.put(name, key, write.value, version);
    }
    for (const MetadataWrite& write : ns.metadataWrites) {
        const auto found = keys.find(write.key);
        if (found == keys.end()) continue;
        found->second.metadata = toMap(write.entries);
        found->second.version = version;
        m_batch.put(name, write.key, found->second.value, version);
    }
}

void LedgerReplay::applyPrivate(std::string_view ns, const CollectionReadWriteSet& collection,
                                const Version& version) {
    Keys& keys = m_private[{std::string(ns), std::string(collection.collection)}];
    for (const HashedWrite& write : collection.writes) {
        const std::string key(write.keyHash);
        if (write.isDelete()) {
            keys.erase(key);
            m_batch.removeHash(ns, collection.collection, key, version);
            continue;
        }
        keys[key].value = write.valueHash;
        keys[key].version = version;
        m_batch.putHash(ns, collection.collection, key, write.valueHash, version);
    }
    for (const HashedMetadataWrite& write : collection.metadataWrites) {
        const auto found = keys.find(write.keyHash);
        if (found == keys.end()) continue;
        found->second.metadata = toMap(write.entries);
        found->second.version = version;
        m_batch.putHash(ns, collection.collection, write.keyHash, found->second.value, version);
    }
}

void LedgerReplay::endBlock() {
    for (auto& [name, keys] : m_private) {
        const std::uint64_t life = blockToLive(name.first, name.second);
        if (life == 0) continue;
        std::erase_if(keys, [&](const auto& entry) {
            return entry.second.version.block + life + 1 == m_block;
        });
    }
}

std::uint64_t LedgerReplay::blockToLive(const std::string& ns,
                                        const std::string& collection) const {
    if (implicitCollectionOrg(collection)) return 0;
    const auto found = definition(ns);
    const Collection* config = found ? found->collection(collection) : nullptr;
    return config != nullptr ? config->blockToLive : 0;
}

std::vector<LedgerReplay::HistoryEntry> LedgerReplay::history(const std::string& ns,
                                                              const std::string& key) const {
    const auto* found = findIn(m_history, std::pair(ns, key));
    if (found == nullptr) return {};
    return {found->rbegin(), found->rend()};
}

std::optional<ChaincodeDefinition> LedgerReplay::definition(std::string_view chaincode) const {
    const auto read = readDefinition(chaincode, [this](std::string_view key) {
        const Keys* keys = findIn(m_public, kLifecycleNamespace);
        const Value* value = keys != nullptr ? findIn(*keys, key) : nullptr;
        return value != nullptr ? std::optional(value->value) : std::nullopt;
    });
    return read.value();
}

}  // namespace chancery::test
