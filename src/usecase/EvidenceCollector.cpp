#include "src/usecase/EvidenceCollector.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <tuple>

#include "src/protocol/BlockFile.h"
#include "src/protocol/Lifecycle.h"
#include "src/usecase/LedgerReplay.h"
#include "src/usecase/TransactionDescriber.h"
#include "src/verify/PendingUpdates.h"
#include "src/verify/TransactionCheck.h"

namespace chancery::usecase {
namespace {

/// A key whose own endorsement policy counts, before a block.
struct PolicyKey {
    std::string ns, collection, key;
    friend auto operator<=>(const PolicyKey&, const PolicyKey&) = default;
};

/// Serialised blocks that last wrote value and metadata of such a key.
struct LastWriters {
    BlockNumber before = 0;  ///< only blocks before this one count
    std::optional<BlockNumber> value, metadata;
};

class Collector {
public:
    explicit Collector(const ExportEvidenceRequest& request) : m_request(request) {
        for (const TransactionReference& reference : request.transactions) {
            if (const auto* place = std::get_if<WrittenAt>(&reference))
                m_places.insert(*place);
            else
                m_ids.insert(std::get<TxId>(reference).str());
        }
    }

    Result<CollectedEvidence> run() {
        RETURN_IF_ERROR(checkRequest());
        RETURN_IF_ERROR(findTransactions());
        RETURN_IF_ERROR(checkFound());
        RETURN_IF_ERROR(fetchBlocks());
        return std::move(m_found);
    }

private:
    Status checkRequest() const {
        if (m_request.location.snapshot)
            return makeError(StatusCode::kFailedPrecondition, "NO_GENESIS",
                             "evidence needs the ledger from block 0 on, not from a snapshot");
        if (m_places.empty() && m_ids.empty() && !m_request.blocks)
            return makeError(StatusCode::kInvalidArgument, "NOTHING_ASKED",
                             "no transaction and no block was asked for");
        if (m_request.blocks && m_request.blocks->first > m_request.blocks->second)
            return makeError(StatusCode::kInvalidArgument, "NOTHING_ASKED",
                             "the range of blocks is empty");
        return absl::OkStatus();
    }

    Status checkStop() const {
        if (!m_request.stop.stop_requested()) return absl::OkStatus();
        return makeError(StatusCode::kCancelled, "STOPPED", "stopped");
    }

    bool wanted(BlockNumber block) const {
        return m_request.blocks && block >= m_request.blocks->first &&
               block <= m_request.blocks->second;
    }

    /// Whether something may still be found from this block on.
    bool goesOn(BlockNumber next) const {
        return !m_ids.empty() || (!m_places.empty() && m_places.rbegin()->block >= next) ||
               (m_request.blocks && m_request.blocks->second >= next);
    }

    Status findTransactions() {
        ASSIGN_OR_RETURN(const auto replay, LedgerReplay::open(m_request.location));
        for (BlockNumber expected = 0; goesOn(expected); ++expected) {
            RETURN_IF_ERROR(checkStop());
            ASSIGN_OR_RETURN(const auto sourced, replay->next());
            if (!sourced) break;
            const protocol::Block& block = sourced->block;
            if (block.number() != expected)
                return makeError(StatusCode::kFailedPrecondition,
                                 expected == 0 ? "NO_GENESIS" : "BLOCKS_MISSING",
                                 fmt::format("evidence needs every block from 0 on; block {} is "
                                             "missing",
                                             expected),
                                 {{"block", std::to_string(expected)}});
            m_end = expected;
            if (block.isConfigBlock()) m_needed.insert(expected);
            for (std::size_t i = 0; i < block.transactionCount(); ++i)
                RETURN_IF_ERROR(take(*sourced, i, *replay));
            RETURN_IF_ERROR(replay->commit().status());
            if (m_request.progress) m_request.progress(replay->progress());
        }
        return absl::OkStatus();
    }

    Status take(const protocol::SourcedBlock& sourced, std::size_t index, LedgerReplay& replay) {
        const WrittenAt place{sourced.block.number(), index};
        bool claimed = wanted(place.block) || m_places.contains(place);
        if (!m_ids.empty()) {
            const std::string id = verify::ledgerTxId(sourced.block.transaction(index));
            if (m_ids.erase(id) > 0) claimed = true;
        }
        if (!claimed) return absl::OkStatus();
        if (m_found.claimed.size() >= kMaxEvidenceTransactions)
            return makeError(
                StatusCode::kInvalidArgument, "TOO_MANY_TRANSACTIONS",
                fmt::format("more than {} transactions for one pack", kMaxEvidenceTransactions));
        m_places.erase(place);
        m_found.claimed.insert(place);
        m_needed.insert(place.block);
        m_found.ledger.push_back(describeTransaction(sourced, index, replay, m_names));
        return noteNeeds(sourced.block, index, replay);
    }

    /// Definitions of all contracts that take part, and policies of keys.
    Status noteNeeds(const protocol::Block& block, std::size_t index, const LedgerReplay& replay) {
        const protocol::Transaction transaction = block.transaction(index);
        std::set<std::string> contracts;
        if (transaction.extensionChaincode) contracts.emplace(transaction.extensionChaincode->name);
        if (!transaction.actions.empty() && transaction.actions.front().readWriteSet)
            for (const auto& ns : transaction.actions.front().readWriteSet->namespaces) {
                contracts.emplace(ns.name);
                for (const auto& write : ns.writes)
                    noteKey(block.number(), ns.name, {}, write.key, replay);
                for (const auto& write : ns.metadataWrites)
                    noteKey(block.number(), ns.name, {}, write.key, replay);
                for (const auto& collection : ns.collections) {
                    for (const auto& write : collection.writes)
                        noteKey(block.number(), ns.name, collection.collection, write.keyHash,
                                replay);
                    for (const auto& write : collection.metadataWrites)
                        noteKey(block.number(), ns.name, collection.collection, write.keyHash,
                                replay);
                }
            }
        for (const std::string& contract : contracts)
            RETURN_IF_ERROR(noteDefinition(contract, replay.state()));
        return absl::OkStatus();
    }

    Status noteDefinition(const std::string& contract, const verify::MemoryState& state) {
        std::vector<std::pair<std::string_view, std::string>> keys = {
            {protocol::kLegacyLifecycleNamespace, contract},
            {protocol::kLegacyLifecycleNamespace, contract + "~collection"}};
        for (const char* field :
             {"", "Sequence", "EndorsementInfo", "ValidationInfo", "Collections"})
            keys.emplace_back(
                protocol::kLifecycleNamespace,
                protocol::LifecycleKey{.kind = protocol::LifecycleKey::Kind::Definition,
                                       .chaincode = contract,
                                       .sequence = 0,
                                       .field = field}
                    .str());
        for (const auto& [ns, key] : keys) {
            ASSIGN_OR_RETURN(const auto version, state.version(ns, key));
            if (version) m_needed.insert(version->block);
        }
        return absl::OkStatus();
    }

    void noteKey(BlockNumber block, std::string_view ns, std::string_view collection,
                 std::string_view key, const LedgerReplay& replay) {
        const auto metadata = replay.state().metadata(
            collection.empty() ? std::string(ns) : verify::hashedNamespace(ns, collection), key);
        if (!metadata.ok() || metadata->empty()) return;
        m_policyKeys[{std::string(ns), std::string(collection), std::string(key)}].push_back(
            {.before = block, .value = {}, .metadata = {}});
    }

    Status checkFound() const {
        if (!m_ids.empty())
            return makeError(StatusCode::kNotFound, "NO_SUCH_TRANSACTION",
                             fmt::format("there is no transaction {}", *m_ids.begin()),
                             {{"transaction", *m_ids.begin()}});
        const bool range = m_request.blocks && m_request.blocks->second > m_end;
        if (!range && m_places.empty()) return absl::OkStatus();
        const BlockNumber block = range ? m_request.blocks->second : m_places.begin()->block;
        if (!range && block <= m_end)
            return makeError(
                StatusCode::kNotFound, "NO_SUCH_TRANSACTION",
                fmt::format("block {} has no transaction {}", block, m_places.begin()->transaction),
                {{"transaction", fmt::format("{}/{}", block, m_places.begin()->transaction)}});
        return makeError(StatusCode::kNotFound, "NO_SUCH_BLOCK",
                         fmt::format("there is no block {}; the last one is {}", block, m_end),
                         {{"block", std::to_string(block)}, {"last", std::to_string(m_end)}});
    }

    Status fetchBlocks() {
        const BlockNumber last = m_found.claimed.rbegin()->block;
        m_needed.erase(m_needed.upper_bound(last), m_needed.end());
        if (!m_policyKeys.empty())
            RETURN_IF_ERROR(eachBlock(last, [&](const protocol::Block& block) {
                notePolicyWriters(block);
                return false;
            }));
        for (const auto& [key, all] : m_policyKeys)
            for (const LastWriters& writers : all)
                for (const auto& block : {writers.value, writers.metadata})
                    if (block) m_needed.insert(*block);
        return eachBlock(*m_needed.rbegin(), [&](const protocol::Block& block) {
            if (m_needed.contains(block.number()))
                m_found.blocks[block.number()] = block.serialize();
            return m_found.blocks.size() == m_needed.size();
        });
    }

    /// Until `visit` gives true or the block `last` is done.
    template <class Visit>
    Status eachBlock(BlockNumber last, const Visit& visit) {
        ASSIGN_OR_RETURN(const auto source, openLedger(m_request.location.paths));
        while (true) {
            RETURN_IF_ERROR(checkStop());
            ASSIGN_OR_RETURN(const auto sourced, source->next());
            if (!sourced || sourced->block.number() > last || visit(sourced->block))
                return absl::OkStatus();
        }
    }

    void notePolicyWriters(const protocol::Block& block) {
        const auto codes = block.validationCodes();
        for (std::size_t i = 0; i < block.transactionCount() && i < codes.size(); ++i) {
            if (codes[i] != protocol::ValidationCode::Valid) continue;
            const protocol::Transaction transaction = block.transaction(i);
            if (transaction.actions.empty() || !transaction.actions.front().readWriteSet) continue;
            for (const auto& ns : transaction.actions.front().readWriteSet->namespaces) {
                for (const auto& write : ns.writes)
                    noteWriter(block.number(), ns.name, {}, write.key, false);
                for (const auto& write : ns.metadataWrites)
                    noteWriter(block.number(), ns.name, {}, write.key, true);
                for (const auto& collection : ns.collections) {
                    for (const auto& write : collection.writes)
                        noteWriter(block.number(), ns.name, collection.collection, write.keyHash,
                                   false);
                    for (const auto& write : collection.metadataWrites)
                        noteWriter(block.number(), ns.name, collection.collection, write.keyHash,
                                   true);
                }
            }
        }
    }

    void noteWriter(BlockNumber block, std::string_view ns, std::string_view collection,
                    std::string_view key, bool metadata) {
        const auto known = m_policyKeys.find(
            PolicyKey{std::string(ns), std::string(collection), std::string(key)});
        if (known == m_policyKeys.end()) return;
        for (LastWriters& writers : known->second)
            if (block < writers.before) (metadata ? writers.metadata : writers.value) = block;
    }

    const ExportEvidenceRequest& m_request;
    std::set<WrittenAt> m_places;  ///< not found yet
    std::set<std::string> m_ids;
    CollectedEvidence m_found;
    std::set<BlockNumber> m_needed;
    std::map<PolicyKey, std::vector<LastWriters>> m_policyKeys;
    BlockNumber m_end = 0;  ///< last block that was read
    IdentityNames m_names;
};

}  // namespace

Result<CollectedEvidence> collectEvidence(const ExportEvidenceRequest& request) {
    return Collector(request).run();
}

}  // namespace chancery::usecase
