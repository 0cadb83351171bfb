#include "src/protocol/CommitHash.h"

#include "src/crypto/Digest.h"
#include "src/protocol/FieldWriter.h"

namespace chancery::protocol {
namespace {

template <class Map>
typename Map::mapped_type& at(Map& map, std::string_view key) {
    const auto found = map.find(key);
    return found != map.end() ? found->second : map[std::string(key)];
}

/// Appends entries of one namespace; namespace and collection are named once, at the first entry of
/// their run.
class Writer {
public:
    explicit Writer(Bytes& out) : m_out(out) {}

    void beginNamespace(std::string_view name) { m_namespace = name; }
    void beginCollection(std::string_view name) { m_collection = name; }

    void add(BytesView key, const UpdateBatch::Update& update) {
        m_entry.clear();
        appendBytes(m_entry, 1, m_namespace);
        appendBytes(m_entry, 2, m_collection);
        appendBytes(m_entry, 3, key);
        appendInteger(m_entry, 4, update.isDelete ? 1 : 0);
        appendBytes(m_entry, 5, update.value);
        appendBytes(m_entry, 6, encodeVersion(update.version));
        appendElement(m_out, 1, m_entry);
        m_namespace = m_collection = {};
    }

private:
    Bytes& m_out;
    Bytes m_entry;
    std::string_view m_namespace;
    std::string_view m_collection;
};

}  // namespace

void UpdateBatch::put(std::string_view ns, std::string_view key, BytesView value,
                      const Version& version) {
    at(at(m_namespaces, ns).keys, key) = {false, Bytes(value), version};
}

void UpdateBatch::remove(std::string_view ns, std::string_view key, const Version& version) {
    at(at(m_namespaces, ns).keys, key) = {true, {}, version};
}

void UpdateBatch::putHash(std::string_view ns, std::string_view collection, BytesView keyHash,
                          BytesView valueHash, const Version& version) {
    at(at(at(m_namespaces, ns).collections, collection), keyHash) = {false, Bytes(valueHash),
                                                                     version};
}

void UpdateBatch::removeHash(std::string_view ns, std::string_view collection, BytesView keyHash,
                             const Version& version) {
    at(at(at(m_namespaces, ns).collections, collection), keyHash) = {true, {}, version};
}

Bytes UpdateBatch::serialize() const {
    Bytes out;
    Writer writer(out);
    for (const auto& [name, content] : m_namespaces) {
        if (name.empty()) continue;
        writer.beginNamespace(name);
        for (const auto& [key, update] : content.keys) writer.add(key, update);
        for (const auto& [collection, keys] : content.collections) {
            writer.beginCollection(collection);
            for (const auto& [keyHash, update] : keys) writer.add(keyHash, update);
        }
    }
    return out;
}

Bytes computeCommitHash(std::span<const ValidationCode> codes, BytesView updates,
                        BytesView previous) {
    Bytes head;
    appendVarint(head, codes.size());
    for (const ValidationCode code : codes) head.push_back(static_cast<char>(code));
    return crypto::sha256({head, updates, previous});
}

}  // namespace chancery::protocol
