#include "node/chaincode/LifecycleStore.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/crypto/Digest.h"

namespace chancery::node {

using protocol::kLifecycleNamespace;

LifecycleStore::LifecycleStore(Simulation& simulation, const MspId& organisation)
    : m_simulation(simulation), m_collection(protocol::implicitCollectionName(organisation)) {}

Result<std::optional<Bytes>> LifecycleStore::get(std::string_view key) {
    return m_collection.empty() ? m_simulation.get(kLifecycleNamespace, key)
                                : m_simulation.getPrivate(kLifecycleNamespace, m_collection, key);
}

Result<std::optional<Bytes>> LifecycleStore::hash(std::string_view key) {
    return m_simulation.getPrivateHash(kLifecycleNamespace, m_collection, key);
}

Status LifecycleStore::put(std::string_view key, BytesView value) {
    return m_collection.empty()
               ? m_simulation.put(kLifecycleNamespace, key, value)
               : m_simulation.putPrivate(kLifecycleNamespace, m_collection, key, value);
}

Status LifecycleStore::remove(std::string_view key) {
    return put(key, {});
}

Result<std::map<std::string, Bytes>> LifecycleStore::range(std::string_view prefix) {
    const std::string end = std::string(prefix) + '\x7f';
    auto rows = m_collection.empty()
                    ? m_simulation.range(kLifecycleNamespace, prefix, end)
                    : m_simulation.privateRange(kLifecycleNamespace, m_collection, prefix, end);
    if (!rows.ok()) return withContext(rows.status(), "could not get state iterator");
    std::map<std::string, Bytes> out;
    for (;;) {
        ASSIGN_OR_RETURN(auto row, (*rows)->next());
        if (!row) return out;
        out.emplace(std::move(row->key), std::move(row->value));
    }
}

std::string LifecycleRecord::metadataKey() const {
    return fmt::format("{}/metadata/{}", kind, name);
}

std::string LifecycleRecord::fieldKey(std::string_view field) const {
    return fmt::format("{}/fields/{}/{}", kind, name, field);
}

namespace {

Bytes metadataOf(const LifecycleRecord& record) {
    protocol::StateMetadata metadata{record.datatype, {}};
    for (const auto& field : record.fields) metadata.fields.push_back(field.name);
    return protocol::encodeStateMetadata(metadata);
}

}  // namespace

Result<std::optional<protocol::StateMetadata>> readMetadata(LifecycleStore& store,
                                                            std::string_view kind,
                                                            std::string_view name) {
    auto value = store.get(fmt::format("{}/metadata/{}", kind, name));
    if (!value.ok())
        return withContext(value.status(),
                           fmt::format("could not query metadata for namespace {}/{}", kind, name));
    if (!*value) return std::optional<protocol::StateMetadata>();
    auto metadata = protocol::decodeStateMetadata(**value);
    if (!metadata.ok())
        return withContext(
            metadata.status(),
            fmt::format("could not unmarshal metadata for namespace {}/{}", kind, name));
    return std::optional(*std::move(metadata));
}

Status writeRecord(LifecycleStore& store, const LifecycleRecord& record) {
    ASSIGN_OR_RETURN(const auto known, readMetadata(store, record.kind, record.name));
    std::map<std::string, std::optional<Bytes>> existing;
    if (known)
        for (const std::string& field : known->fields) {
            ASSIGN_OR_RETURN(existing[field], store.get(record.fieldKey(field)));
        }
    for (const auto& field : record.fields) {
        const auto old = existing.find(field.name);
        if (old == existing.end() || old->second != field.value)
            RETURN_IF_ERROR(store.put(record.fieldKey(field.name), field.value));
        if (old != existing.end()) existing.erase(old);
    }
    if (!known || !existing.empty() || known->datatype != record.datatype ||
        known->fields.size() != record.fields.size())
        RETURN_IF_ERROR(store.put(record.metadataKey(), metadataOf(record)));
    for (const auto& [field, value] : existing)
        RETURN_IF_ERROR(store.remove(record.fieldKey(field)));
    return {};
}

Result<std::vector<std::string>> mismatchesOf(LifecycleStore& store,
                                              const LifecycleRecord& record) {
    // All are read before any is compared, so that the read set does not depend on the answer.
    ASSIGN_OR_RETURN(const auto metadata, store.hash(record.metadataKey()));
    std::vector<std::optional<Bytes>> hashes;
    for (const auto& field : record.fields) {
        ASSIGN_OR_RETURN(hashes.emplace_back(), store.hash(record.fieldKey(field.name)));
    }
    if (metadata != crypto::sha256(metadataOf(record))) return std::vector{record.datatype};
    std::vector<std::string> out;
    for (std::size_t i = 0; i < hashes.size(); ++i)
        if (hashes[i] != crypto::sha256(record.fields[i].value))
            out.push_back(record.fields[i].name);
    return out;
}

}  // namespace chancery::node
