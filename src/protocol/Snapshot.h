#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/protocol/SharedBytes.h"
#include "src/protocol/Version.h"

namespace chancery::protocol {

/// The two JSON files of a ledger snapshot (fact sheet B §11.1).
struct SnapshotInfo {
    ChannelId channel;
    BlockNumber lastBlock = 0;
    Bytes lastBlockHash;
    Bytes previousBlockHash;
    std::map<std::string, Bytes> fileHashes;  ///< SHA-256 of each data and metadata file
    std::string stateDbType;                  ///< "SimpleKeyValueDB" or "CouchDB"
    Bytes snapshotHash;                       ///< SHA-256 of the signable metadata file
    Bytes lastCommitHash;
};

/// A key of the state as it was when the snapshot was taken. Views into the snapshot's files.
struct SnapshotKey {
    std::string_view namespaceName;
    std::string_view collection;  ///< private hashes only
    BytesView key;                ///< private hashes: SHA-256 of the key
    BytesView value;              ///< private hashes: SHA-256 of the value
    BytesView metadata;           ///< serialised metadata entries; empty when none
    Version version;
};

/// A collection configuration that was in force from a block on.
struct SnapshotCollectionConfig {
    std::string_view chaincode;
    BlockNumber block = 0;
    BytesView collections;  ///< CollectionConfigPackage
};

/// Records of one file, one after the other; nothing at the end. Errors are DATA_LOSS
/// (BAD_SNAPSHOT) with file and offset.
template <class Record>
class SnapshotReader {
public:
    virtual ~SnapshotReader() = default;
    virtual Result<std::optional<Record>> next() = 0;
    /// What the metadata file promises.
    virtual std::uint64_t count() const = 0;
};

/// A snapshot folder, mapped read-only. The readers and their records are valid as long as this
/// object.
class Snapshot {
public:
    /// Reads the JSON files, checks the snapshot hash and the hash of every file that they list,
    /// and that no listed file is missing and no unlisted one is used. NOT_FOUND; DATA_LOSS:
    /// BAD_SNAPSHOT, HASH_MISMATCH, each with `file`.
    static Result<std::unique_ptr<Snapshot>> open(const std::filesystem::path& folder);
    /// The same from memory, by file name.
    static Result<std::unique_ptr<Snapshot>> fromFiles(
        const std::map<std::string, SharedBytes>& files);
    virtual ~Snapshot() = default;

    virtual const SnapshotInfo& info() const = 0;
    virtual Result<std::unique_ptr<SnapshotReader<SnapshotKey>>> publicState() const = 0;
    /// Empty reader when the ledger has no private data.
    virtual Result<std::unique_ptr<SnapshotReader<SnapshotKey>>> privateHashes() const = 0;
    virtual Result<std::unique_ptr<SnapshotReader<std::string_view>>> txIds() const = 0;
    virtual Result<std::unique_ptr<SnapshotReader<SnapshotCollectionConfig>>> configHistory()
        const = 0;
};

}  // namespace chancery::protocol
