#include "src/verify/PendingUpdates.h"

#include <fmt/format.h>

#include "fabric/ledger/rwset/kvrwset.pb.h"
#include "src/base/Encoding.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::verify {
namespace {

/// One transaction's doings with one key. Fabric's peers *add up* a flag for each write of the key,
/// in eight bits; for ordinary sets, which name a key once per kind, that is a set of flags. The
/// sum is kept, for hand-made sets that name a key repeatedly must end as they do there.
struct KeyChange {
    static constexpr std::uint8_t kValue = 1, kMetadata = 2, kNoMetadata = 4, kDelete = 8;

    std::uint8_t sum = 0;
    BytesView value;
    Bytes metadata;

    bool isDelete() const { return (sum & kDelete) != 0; }
    bool isComplete() const {
        return (sum & kValue) != 0 && (sum & (kMetadata | kNoMetadata)) != 0;
    }
    bool isValueOnly() const { return (sum | kValue) == kValue; }
};

struct KeyName {
    std::string_view ns, collection, key;
    friend auto operator<=>(const KeyName&, const KeyName&) = default;
};

class Changes {
public:
    void value(const KeyName& key, bool isDelete, BytesView value) {
        KeyChange& change = m_changes[key];
        if (isDelete) {
            change.sum += KeyChange::kDelete;
        } else {
            change.sum += KeyChange::kValue;
            change.value = value;
        }
    }
    void metadata(const KeyName& key, const std::vector<protocol::MetadataEntry>& entries) {
        KeyChange& change = m_changes[key];
        if (entries.empty()) {
            change.sum += KeyChange::kNoMetadata;
        } else {
            change.sum += KeyChange::kMetadata;
            change.metadata = encodeMetadata(entries);
        }
    }
    const std::map<KeyName, KeyChange>& all() const { return m_changes; }

private:
    std::map<KeyName, KeyChange> m_changes;
};

Changes collect(const protocol::ReadWriteSet& set) {
    Changes changes;
    for (const auto& ns : set.namespaces) {
        for (const auto& write : ns.writes)
            changes.value({ns.name, {}, write.key}, write.isDelete(), write.value);
        for (const auto& write : ns.metadataWrites)
            changes.metadata({ns.name, {}, write.key}, write.entries);
        // A collection without a name cannot be told from the public part; peers do not either.
        for (const auto& collection : ns.collections) {
            for (const auto& write : collection.writes)
                changes.value({ns.name, collection.collection, write.keyHash}, write.isDelete(),
                              write.valueHash);
            for (const auto& write : collection.metadataWrites)
                changes.metadata({ns.name, collection.collection, write.keyHash}, write.entries);
        }
    }
    return changes;
}

}  // namespace

const PendingUpdates::Entry* PendingUpdates::findPublic(std::string_view ns,
                                                        std::string_view key) const {
    const Keys* keys = publicKeys(ns);
    if (keys == nullptr) return nullptr;
    const auto found = keys->find(key);
    return found == keys->end() ? nullptr : &found->second;
}

const PendingUpdates::Entry* PendingUpdates::findHashed(std::string_view ns,
                                                        std::string_view collection,
                                                        std::string_view keyHash) const {
    const auto collections = m_hashed.find(ns);
    if (collections == m_hashed.end()) return nullptr;
    const auto keys = collections->second.find(collection);
    if (keys == collections->second.end()) return nullptr;
    const auto found = keys->second.find(keyHash);
    return found == keys->second.end() ? nullptr : &found->second;
}

const PendingUpdates::Keys* PendingUpdates::publicKeys(std::string_view ns) const {
    const auto found = m_public.find(ns);
    return found == m_public.end() ? nullptr : &found->second;
}

Result<std::optional<Hazard>> PendingUpdates::apply(const protocol::ReadWriteSet& set,
                                                    const Version& version,
                                                    const StateReader& state) {
    std::optional<Hazard> hazard;
    const Changes changes = collect(set);
    std::vector<std::pair<KeyName, Entry>> results;
    for (const auto& [name, change] : changes.all()) {
        const auto& [ns, collection, key] = name;
        if (change.isDelete()) {
            results.emplace_back(name, Entry{true, {}, {}, version});
            continue;
        }
        Entry result{false, Bytes(change.value), change.metadata, version};
        const std::string place =
            collection.empty() ? std::string() : hashedNamespace(ns, collection);
        const std::string_view stateNs = collection.empty() ? ns : place;
        const Entry* earlier = find(ns, collection, key);
        if (change.isComplete()) {
            // Nothing to take over.
        } else if (change.isValueOnly()) {
            if (earlier != nullptr) {
                result.metadata = earlier->metadata;
            } else {
                ASSIGN_OR_RETURN(result.metadata, state.metadata(stateNs, key));
            }
        } else if (earlier != nullptr) {
            if (earlier->isDelete) {
                hazard =
                    Hazard{std::nullopt,
                           "METADATA_OF_DELETED_KEY",
                           fmt::format("Peers crash here: the transaction sets metadata of key "
                                       "{} in {}, which an earlier transaction of the same "
                                       "block deletes.",
                                       printable(key, 128), printable(stateNs, 128)),
                           {{"key", printable(key, 128)}, {"contract", printable(ns, 128)}}};
                continue;
            }
            result.value = earlier->value;
        } else {
            ASSIGN_OR_RETURN(auto current, state.get(stateNs, key));
            if (!current) continue;
            result.value = std::move(current->value);
        }
        results.emplace_back(name, std::move(result));
    }
    for (auto& [name, result] : results)
        entry(name.ns, name.collection, name.key) = std::move(result);
    return hazard;
}

void PendingUpdates::put(std::string_view ns, std::string_view key, BytesView value,
                         const Version& version) {
    entry(ns, {}, key) = Entry{false, Bytes(value), {}, version};
}

void PendingUpdates::expire(std::string_view ns, std::string_view collection,
                            std::string_view keyHash, const Version& version) {
    entry(ns, collection, keyHash) = Entry{true, {}, {}, version};
}

protocol::UpdateBatch PendingUpdates::toBatch() const {
    protocol::UpdateBatch batch;
    for (const auto& [ns, keys] : m_public)
        for (const auto& [key, entry] : keys) {
            if (entry.isDelete)
                batch.remove(ns, key, entry.version);
            else
                batch.put(ns, key, entry.value, entry.version);
        }
    for (const auto& [ns, collections] : m_hashed)
        for (const auto& [collection, keys] : collections)
            for (const auto& [key, entry] : keys) {
                if (entry.isDelete)
                    batch.removeHash(ns, collection, key, entry.version);
                else
                    batch.putHash(ns, collection, key, entry.value, entry.version);
            }
    return batch;
}

const PendingUpdates::Entry* PendingUpdates::find(std::string_view ns, std::string_view collection,
                                                  std::string_view key) const {
    return collection.empty() ? findPublic(ns, key) : findHashed(ns, collection, key);
}

PendingUpdates::Entry& PendingUpdates::entry(std::string_view ns, std::string_view collection,
                                             std::string_view key) {
    const auto in = [](auto& map, std::string_view name) -> auto& {
        const auto found = map.lower_bound(name);
        if (found != map.end() && found->first == name) return found->second;
        return map.try_emplace(found, std::string(name))->second;
    };
    return collection.empty() ? in(in(m_public, ns), key)
                              : in(in(in(m_hashed, ns), collection), key);
}

Bytes encodeMetadata(const std::vector<protocol::MetadataEntry>& entries) {
    kvrwset::KVMetadataWrite message;
    for (const auto& entry : entries) {
        auto& added = *message.add_entries();
        added.set_name(std::string(entry.name));
        added.set_value(std::string(entry.value));
    }
    return wire::serialize(message);
}

Result<std::optional<Bytes>> metadataEntry(BytesView metadata, std::string_view name) {
    if (metadata.empty()) return std::optional<Bytes>();
    auto message = wire::parse<kvrwset::KVMetadataWrite>(metadata, "metadata");
    if (!message.ok())
        return makeError(StatusCode::kDataLoss, "BAD_METADATA", messageOf(message.status()));
    std::optional<Bytes> found;
    for (const auto& entry : message->entries())
        if (entry.name() == name) found = entry.value();  // of several, peers take the last
    return found;
}

}  // namespace chancery::verify
