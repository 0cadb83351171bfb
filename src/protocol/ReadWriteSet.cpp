#include "src/protocol/ReadWriteSet.h"

#include <fmt/format.h>

#include <unordered_map>

#include "src/crypto/Digest.h"
#include "src/protocol/FieldReader.h"
#include "src/protocol/MessageReaders.h"

namespace chancery::protocol {
namespace {

using wire::FieldScanner;

class SetReader {
public:
    SetReader(BytesView root, std::string_view name, MemoryBudget* budget = nullptr)
        : m_reader(root, name, budget) {}

    Status status() const { return m_reader.status(); }

    bool publicSet(BytesView bytes, ReadWriteSet& out) {
        return m_reader.each(bytes, [&](const FieldScanner& field) {
            if (keyOf(field) == integerField(1))
                out.dataModel = static_cast<std::int32_t>(field.integer());
            if (keyOf(field) != lengthField(2)) return true;
            return element(field, "ns_rwset", out.namespaces,
                           [&](NamespaceReadWriteSet& ns) { return nameSpace(field.view(), ns); });
        });
    }

    bool privateSet(BytesView bytes, std::vector<PrivateCollectionWrites>& out) {
        std::size_t index = 0;
        return m_reader.each(bytes, [&](const FieldScanner& field) {
            if (keyOf(field) != lengthField(2)) return true;
            return m_reader.inside("ns_pvt_rwset", index++,
                                   [&] { return privateNamespace(field.view(), out); });
        });
    }

private:
    /// One more element of a repeated message.
    template <class T, class Decode>
    bool element(const FieldScanner& field, std::string_view name, std::vector<T>& list,
                 Decode&& decode) {
        return m_reader.inside(name, list.size(), [&] {
            if (!m_reader.element(field, sizeof(T))) return false;
            return decode(list.emplace_back());
        });
    }

    bool nameSpace(BytesView bytes, NamespaceReadWriteSet& out) {
        BytesView set;
        const bool read = m_reader.each(bytes, [&](const FieldScanner& field) {
            switch (keyOf(field)) {
                case lengthField(1):
                    return m_reader.text(field, out.name, "namespace");
                case lengthField(2):
                    return m_reader.bytes(field, set);
                case lengthField(3):
                    return element(field, "collection_hashed_rwset", out.collections,
                                   [&](CollectionReadWriteSet& collection) {
                                       return hashedCollection(field.view(), collection);
                                   });
            }
            return true;
        });
        return read && m_reader.inside("rwset", [&] { return keyedSet(set, out); });
    }

    /// KVRWSet; into anything with the same lists.
    bool keyedSet(BytesView bytes, NamespaceReadWriteSet& out) {
        return m_reader.each(bytes, [&](const FieldScanner& field) {
            switch (keyOf(field)) {
                case lengthField(1):
                    return element(field, "reads", out.reads,
                                   [&](KeyRead& read) { return keyRead(field.view(), read); });
                case lengthField(2):
                    return element(
                        field, "range_queries_info", out.rangeQueries,
                        [&](RangeQuery& query) { return rangeQuery(field.view(), query); });
                case lengthField(3):
                    return element(field, "writes", out.writes,
                                   [&](KeyWrite& write) { return keyWrite(field.view(), write); });
                case lengthField(4):
                    return element(
                        field, "metadata_writes", out.metadataWrites,
                        [&](MetadataWrite& write) { return metadataWrite(field.view(), write); });
            }
            return true;
        });
    }

    bool hashedCollection(BytesView bytes, CollectionReadWriteSet& out) {
        BytesView set;
        const bool read = m_reader.each(bytes, [&](const FieldScanner& field) {
            switch (keyOf(field)) {
                case lengthField(1):
                    return m_reader.text(field, out.collection, "collection_name");
                case lengthField(2):
                    return m_reader.bytes(field, set);
                case lengthField(3):
                    return m_reader.bytes(field, out.privateHash);
            }
            return true;
        });
        return read && m_reader.inside("hashed_rwset", [&] { return hashedSet(set, out); });
    }

    bool hashedSet(BytesView bytes, CollectionReadWriteSet& out) {
        return m_reader.each(bytes, [&](const FieldScanner& field) {
            switch (keyOf(field)) {
                case lengthField(1):
                    return element(field, "hashed_reads", out.reads, [&](HashedRead& read) {
                        return hashedRead(field.view(), read);
                    });
                case lengthField(2):
                    return element(field, "hashed_writes", out.writes, [&](HashedWrite& write) {
                        return hashedWrite(field.view(), write);
                    });
                case lengthField(3):
                    return element(field, "metadata_writes", out.metadataWrites,
                                   [&](HashedMetadataWrite& write) {
                                       return hashedMetadataWrite(field.view(), write);
                                   });
            }
            return true;
        });
    }

    bool version(const FieldScanner& field, std::optional<Version>& out) {
        if (!out) out.emplace();
        return m_reader.inside("version", [&] {
            return m_reader.each(field.view(), [&](const FieldScanner& inner) {
                if (keyOf(inner) == integerField(1)) out->block = inner.integer();
                if (keyOf(inner) == integerField(2)) out->transaction = inner.integer();
                return true;
            });
        });
    }

    bool keyRead(BytesView bytes, KeyRead& out) {
        return m_reader.each(bytes, [&](const FieldScanner& field) {
            if (keyOf(field) == lengthField(1)) return m_reader.text(field, out.key, "key");
            return keyOf(field) != lengthField(2) || version(field, out.version);
        });
    }

    bool keyWrite(BytesView bytes, KeyWrite& out) {
        return m_reader.each(bytes, [&](const FieldScanner& field) {
            if (keyOf(field) == lengthField(1)) return m_reader.text(field, out.key, "key");
            if (keyOf(field) == integerField(2)) out.deleteFlag = field.integer() != 0;
            if (keyOf(field) == lengthField(3)) out.value = field.view();
            return true;
        });
    }

    bool entry(const FieldScanner& field, std::vector<MetadataEntry>& list) {
        return element(field, "entries", list, [&](MetadataEntry& out) {
            return m_reader.each(field.view(), [&](const FieldScanner& inner) {
                if (keyOf(inner) == lengthField(1)) return m_reader.text(inner, out.name, "name");
                if (keyOf(inner) == lengthField(2)) out.value = inner.view();
                return true;
            });
        });
    }

    bool metadataWrite(BytesView bytes, MetadataWrite& out) {
        return m_reader.each(bytes, [&](const FieldScanner& field) {
            if (keyOf(field) == lengthField(1)) return m_reader.text(field, out.key, "key");
            return keyOf(field) != lengthField(2) || entry(field, out.entries);
        });
    }

    bool rangeQuery(BytesView bytes, RangeQuery& out) {
        return m_reader.each(bytes, [&](const FieldScanner& field) {
            switch (keyOf(field)) {
                case lengthField(1):
                    return m_reader.text(field, out.startKey, "start_key");
                case lengthField(2):
                    return m_reader.text(field, out.endKey, "end_key");
                case integerField(3):
                    out.exhausted = field.integer() != 0;
                    return true;
                case lengthField(4):
                    return m_reader.inside("raw_reads", [&] { return rawReads(field, out); });
                case lengthField(5):
                    return m_reader.inside("reads_merkle_hashes",
                                           [&] { return summary(field, out); });
            }
            return true;
        });
    }

    /// A member of a oneof that comes again is merged; one that replaces the other begins anew.
    bool rawReads(const FieldScanner& field, RangeQuery& query) {
        if (!std::holds_alternative<std::vector<KeyRead>>(query.results))
            query.results.emplace<std::vector<KeyRead>>();
        auto& reads = std::get<std::vector<KeyRead>>(query.results);
        return m_reader.each(field.view(), [&](const FieldScanner& inner) {
            if (keyOf(inner) != lengthField(1)) return true;
            return element(inner, "kv_reads", reads,
                           [&](KeyRead& read) { return keyRead(inner.view(), read); });
        });
    }

    bool summary(const FieldScanner& field, RangeQuery& query) {
        if (!std::holds_alternative<MerkleSummary>(query.results))
            query.results.emplace<MerkleSummary>();
        auto& out = std::get<MerkleSummary>(query.results);
        return m_reader.each(field.view(), [&](const FieldScanner& inner) {
            if (keyOf(inner) == integerField(1))
                out.maxDegree = static_cast<std::uint32_t>(inner.integer());
            if (keyOf(inner) == integerField(2))
                out.maxLevel = static_cast<std::uint32_t>(inner.integer());
            if (keyOf(inner) != lengthField(3)) return true;
            if (!m_reader.element(inner, sizeof(BytesView))) return false;
            out.hashes.push_back(inner.view());
            return true;
        });
    }

    bool hashedRead(BytesView bytes, HashedRead& out) {
        return m_reader.each(bytes, [&](const FieldScanner& field) {
            if (keyOf(field) == lengthField(1)) out.keyHash = field.view();
            return keyOf(field) != lengthField(2) || version(field, out.version);
        });
    }

    bool hashedWrite(BytesView bytes, HashedWrite& out) {
        return m_reader.each(bytes, [&](const FieldScanner& field) {
            switch (keyOf(field)) {
                case lengthField(1):
                    out.keyHash = field.view();
                    break;
                case integerField(2):
                    out.deleteFlag = field.integer() != 0;
                    break;
                case lengthField(3):
                    out.valueHash = field.view();
                    break;
                case integerField(4):
                    out.isPurge = field.integer() != 0;
                    break;
            }
            return true;
        });
    }

    bool hashedMetadataWrite(BytesView bytes, HashedMetadataWrite& out) {
        return m_reader.each(bytes, [&](const FieldScanner& field) {
            if (keyOf(field) == lengthField(1)) out.keyHash = field.view();
            return keyOf(field) != lengthField(2) || entry(field, out.entries);
        });
    }

    bool privateNamespace(BytesView bytes, std::vector<PrivateCollectionWrites>& out) {
        std::string_view name;
        const std::size_t first = out.size();
        const bool read = m_reader.each(bytes, [&](const FieldScanner& field) {
            if (keyOf(field) == lengthField(1)) return m_reader.text(field, name, "namespace");
            if (keyOf(field) != lengthField(2)) return true;
            return m_reader.inside("collection_pvt_rwset", out.size() - first, [&] {
                return m_reader.element(field, sizeof(PrivateCollectionWrites)) &&
                       privateCollection(field.view(), out.emplace_back());
            });
        });
        for (std::size_t i = first; i < out.size(); ++i) out[i].namespaceName = name;
        return read;
    }

    bool privateCollection(BytesView bytes, PrivateCollectionWrites& out) {
        const bool read = m_reader.each(bytes, [&](const FieldScanner& field) {
            if (keyOf(field) == lengthField(1))
                return m_reader.text(field, out.collection, "collection_name");
            if (keyOf(field) == lengthField(2)) out.bytes = field.view();
            return true;
        });
        if (!read) return false;
        NamespaceReadWriteSet lists;
        if (!m_reader.inside("rwset", [&] { return keyedSet(out.bytes, lists); })) return false;
        out.writes = std::move(lists.writes);
        out.metadataWrites = std::move(lists.metadataWrites);
        return true;
    }

    FieldReader m_reader;
};

Status mismatch(const PrivateCollectionWrites& clear, std::string_view what) {
    return makeError(
        StatusCode::kDataLoss, "PRIVATE_DATA_MISMATCH",
        fmt::format("private data of {}/{}: {}", clear.namespaceName, clear.collection, what),
        {{"namespace", std::string(clear.namespaceName)},
         {"collection", std::string(clear.collection)}});
}

}  // namespace

bool HashedWrite::isDelete() const {
    static const Bytes kHashOfNothing = crypto::sha256(BytesView());
    return deleteFlag || valueHash.empty() || valueHash == kHashOfNothing;
}

bool NamespaceReadWriteSet::writesAnything() const {
    if (!writes.empty() || !metadataWrites.empty()) return true;
    for (const auto& collection : collections)
        if (!collection.writes.empty() || !collection.metadataWrites.empty()) return true;
    return false;
}

Result<ReadWriteSet> decodeReadWriteSet(BytesView bytes) {
    return decodeReadWriteSet(bytes, nullptr);
}

Result<ReadWriteSet> decodeReadWriteSet(BytesView bytes, MemoryBudget* budget) {
    SetReader reader(bytes, "results", budget);
    ReadWriteSet out;
    if (!reader.publicSet(bytes, out)) return reader.status();
    return out;
}

Result<std::vector<PrivateCollectionWrites>> decodePrivateReadWriteSet(BytesView bytes) {
    SetReader reader(bytes, "private_rwset");
    std::vector<PrivateCollectionWrites> out;
    if (!reader.privateSet(bytes, out)) return reader.status();
    return out;
}

Status checkPrivateData(const PrivateCollectionWrites& clear,
                        const CollectionReadWriteSet& publicTrace) {
    if (clear.collection != publicTrace.collection)
        return mismatch(clear, fmt::format("compared with collection {}", publicTrace.collection));
    if (crypto::sha256(clear.bytes) != publicTrace.privateHash)
        return mismatch(clear, "its hash is not the one in the transaction");
    std::unordered_map<BytesView, const HashedWrite*> hashed;
    for (const HashedWrite& write : publicTrace.writes) hashed[write.keyHash] = &write;
    if (hashed.size() != clear.writes.size())
        return mismatch(clear, "writes another number of keys than the transaction");
    for (const KeyWrite& write : clear.writes) {
        const auto found = hashed.find(crypto::sha256(write.key));
        if (found == hashed.end())
            return mismatch(clear, fmt::format("key {} is not written by the transaction",
                                               printable(write.key, 200)));
        const HashedWrite& trace = *found->second;
        const bool same =
            write.isDelete() ? trace.isDelete() : crypto::sha256(write.value) == trace.valueHash;
        if (!same)
            return mismatch(clear,
                            fmt::format("value of key {} differs", printable(write.key, 200)));
    }
    return {};
}

}  // namespace chancery::protocol
