#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Status.h"
#include "src/protocol/CommitHash.h"
#include "src/protocol/ReadWriteSet.h"
#include "src/verify/State.h"
#include "src/verify/Verdict.h"

namespace chancery::verify {

/// What the valid transactions of one block leave behind, while the block is being validated: the
/// later ones are judged by state and these together (fact sheet B §3.4). One thread at a time.
class PendingUpdates {
public:
    struct Entry {
        bool isDelete = false;
        Bytes value;
        Bytes metadata;
        Version version;
    };
    using Keys = std::map<std::string, Entry, std::less<>>;
    using Collections = std::map<std::string, Keys, std::less<>>;

    /// Null when the block did not touch the key; deletions are entries too.
    const Entry* findPublic(std::string_view ns, std::string_view key) const;
    const Entry* findHashed(std::string_view ns, std::string_view collection,
                            std::string_view keyHash) const;
    /// Null when the block did not touch the namespace.
    const Keys* publicKeys(std::string_view ns) const;

    /// Adds what a valid transaction writes. A value alone keeps the metadata that the key has,
    /// metadata alone keep the value and give a new version, and do nothing to a missing key. A
    /// hazard is given back where a peer crashes on the set. The error is the store's.
    Result<std::optional<Hazard>> apply(const protocol::ReadWriteSet& set, const Version& version,
                                        const StateReader& state);
    /// A public value that does not come from a read/write set: the channel configuration.
    void put(std::string_view ns, std::string_view key, BytesView value, const Version& version);
    /// Private hashes that end with this block (block to live). Not part of the commit hash, so to
    /// be called after toBatch().
    void expire(std::string_view ns, std::string_view collection, std::string_view keyHash,
                const Version& version);

    const std::map<std::string, Keys, std::less<>>& publicUpdates() const { return m_public; }
    const std::map<std::string, Collections, std::less<>>& hashedUpdates() const {
        return m_hashed;
    }
    bool touches(std::string_view ns) const {
        return m_public.contains(ns) || m_hashed.contains(ns);
    }
    /// In the form that the commit hash covers.
    protocol::UpdateBatch toBatch() const;

private:
    const Entry* find(std::string_view ns, std::string_view collection, std::string_view key) const;
    Entry& entry(std::string_view ns, std::string_view collection, std::string_view key);

    std::map<std::string, Keys, std::less<>> m_public;
    std::map<std::string, Collections, std::less<>> m_hashed;
};

/// kvrwset.KVMetadataWrite with entries only: how the state keeps metadata.
Bytes encodeMetadata(const std::vector<protocol::MetadataEntry>& entries);
/// Value of one metadata entry; nothing when there is none of that name. DATA_LOSS (BAD_METADATA).
Result<std::optional<Bytes>> metadataEntry(BytesView metadata, std::string_view name);

}  // namespace chancery::verify
