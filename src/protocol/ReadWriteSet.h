#pragma once

#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/protocol/SharedBytes.h"
#include "src/protocol/Version.h"

namespace chancery::protocol {

// What a transaction read and wrote. All of it are views into the bytes that were decoded.

struct KeyRead {
    std::string_view key;
    std::optional<Version> version;  ///< absent: the key did not exist
};

struct KeyWrite {
    std::string_view key;
    bool deleteFlag = false;
    BytesView value;

    /// What a peer does with it: a write of nothing is a deletion, whatever the flag says.
    bool isDelete() const { return deleteFlag || value.empty(); }
};

struct MetadataEntry {
    std::string_view name;
    BytesView value;
};

struct MetadataWrite {
    std::string_view key;
    std::vector<MetadataEntry> entries;  ///< none: the metadata is deleted
};

/// Stands for more results than the degree allows to list.
struct MerkleSummary {
    std::uint32_t maxDegree = 0;
    std::uint32_t maxLevel = 0;
    std::vector<BytesView> hashes;
};

struct RangeQuery {
    std::string_view startKey;
    std::string_view endKey;  ///< exclusive when exhausted, else the last key that was read
    bool exhausted = false;
    /// Nothing (no results), the reads themselves, or their summary.
    std::variant<std::monostate, std::vector<KeyRead>, MerkleSummary> results;
};

struct HashedRead {
    BytesView keyHash;
    std::optional<Version> version;
};

struct HashedWrite {
    BytesView keyHash;
    bool deleteFlag = false;
    BytesView valueHash;
    bool isPurge = false;

    /// As a peer judges it: also without a value hash, or with the hash of zero bytes.
    bool isDelete() const;
};

struct HashedMetadataWrite {
    BytesView keyHash;
    std::vector<MetadataEntry> entries;
};

/// The public trace of one private collection.
struct CollectionReadWriteSet {
    std::string_view collection;
    std::vector<HashedRead> reads;
    std::vector<HashedWrite> writes;
    std::vector<HashedMetadataWrite> metadataWrites;
    BytesView
        privateHash;  ///< SHA-256 of the private read/write set; empty when nothing was written
};

struct NamespaceReadWriteSet {
    std::string_view name;
    std::vector<KeyRead> reads;
    std::vector<RangeQuery> rangeQueries;
    std::vector<KeyWrite> writes;
    std::vector<MetadataWrite> metadataWrites;
    std::vector<CollectionReadWriteSet> collections;

    bool writesAnything()
        const;  ///< public or hashed writes or metadata writes: its policy must be met
};

struct ReadWriteSet {
    std::int32_t dataModel = 0;
    std::vector<NamespaceReadWriteSet>
        namespaces;  ///< as they stand; hand-made sets may name one twice
};

/// Decodes TxReadWriteSet with everything nested. INVALID_ARGUMENT (MALFORMED_PROTOBUF) with path
/// and offset from the start of `bytes`; RESOURCE_EXHAUSTED (TOO_MANY_ELEMENTS) when the
/// lists would take more than 8 times the size of the bytes and 12 MiB; what peers make stays far
/// below.
Result<ReadWriteSet> decodeReadWriteSet(BytesView bytes);
template <Temporary T>
Result<ReadWriteSet> decodeReadWriteSet(T&&) = delete;

/// The clear-text set of one private collection (KVRWSet bytes).
struct PrivateCollectionWrites {
    std::string_view namespaceName;
    std::string_view collection;
    BytesView bytes;  ///< KVRWSet; its SHA-256 is CollectionReadWriteSet::privateHash
    std::vector<KeyWrite> writes;
    std::vector<MetadataWrite> metadataWrites;  ///< keys only
};

/// Decodes TxPvtReadWriteSet. Errors as decodeReadWriteSet.
Result<std::vector<PrivateCollectionWrites>> decodePrivateReadWriteSet(BytesView bytes);
template <Temporary T>
Result<std::vector<PrivateCollectionWrites>> decodePrivateReadWriteSet(T&&) = delete;

/// Whether clear text belongs to its public trace: the hash of the bytes equal, and each write's
/// key and value hash found among the hashed writes. DATA_LOSS (PRIVATE_DATA_MISMATCH) says what
/// differs.
Status checkPrivateData(const PrivateCollectionWrites& clear,
                        const CollectionReadWriteSet& publicTrace);

}  // namespace chancery::protocol
