#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/protocol/Block.h"
#include "src/protocol/CommitHash.h"
#include "src/protocol/Lifecycle.h"

namespace chancery::test {

/// The state that a chain leaves behind when the validation codes in its blocks are believed.
/// Enough of a peer to check commit hashes, recorded reads and the final state; not a validator.
class LedgerReplay {
public:
    struct Value {
        Bytes value;  ///< private: the hash of the value
        std::map<std::string, Bytes> metadata;
        protocol::Version version;
    };
    using Keys = std::map<std::string, Value, std::less<>>;
    struct HistoryEntry {
        std::string txId;
        protocol::Timestamp timestamp;
        Bytes value;
        bool isDelete = false;
    };

    /// Whether the reads of an endorser transaction are those of the state as it is now.
    bool readsMatch(const protocol::ReadWriteSet& set) const;
    bool rangesMatch(const protocol::ReadWriteSet& set) const;

    void beginBlock(BlockNumber number);
    void apply(const protocol::Transaction& transaction, std::size_t index);
    void endBlock();

    const protocol::UpdateBatch& batch() const { return m_batch; }
    const std::map<std::string, Keys, std::less<>>& publicState() const { return m_public; }
    /// By namespace and collection; keys are hashes.
    const std::map<std::pair<std::string, std::string>, Keys>& privateState() const {
        return m_private;
    }
    /// Newest first.
    std::vector<HistoryEntry> history(const std::string& ns, const std::string& key) const;
    std::optional<protocol::ChaincodeDefinition> definition(std::string_view chaincode) const;

private:
    void applyPublic(const protocol::NamespaceReadWriteSet& ns,
                     const protocol::Transaction& transaction, const protocol::Version& version);
    void applyPrivate(std::string_view ns, const protocol::CollectionReadWriteSet& collection,
                      const protocol::Version& version);
    std::uint64_t blockToLive(const std::string& ns, const std::string& collection) const;

    BlockNumber m_block = 0;
    protocol::UpdateBatch m_batch;
    std::map<std::string, Keys, std::less<>> m_public;
    std::map<std::pair<std::string, std::string>, Keys> m_private;
    std::map<std::pair<std::string, std::string>, std::vector<HistoryEntry>> m_history;
};

}  // namespace chancery::test
