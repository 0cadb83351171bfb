#include "src/usecase/DescribeLedger.h"

#include "fabric/common/configtx.pb.h"
#include "src/crypto/Digest.h"
#include "src/protocol/Lifecycle.h"
#include "src/usecase/BlockDescriber.h"
#include "src/usecase/ConfigChanges.h"
#include "src/usecase/LedgerReplay.h"
#include "src/usecase/OverviewBuilder.h"
#include "src/usecase/PolicyVerdicts.h"
#include "src/usecase/TransactionDescriber.h"
#include "src/verify/PendingUpdates.h"

namespace chancery::usecase {
namespace {

Status noSuchBlock(BlockNumber number, std::optional<BlockNumber> last) {
    return makeError(
        StatusCode::kNotFound, "NO_SUCH_BLOCK",
        last ? fmt::format("there is no block {}; the last one is {}", number, *last)
             : fmt::format("there is no block {}", number),
        {{"block", std::to_string(number)}, {"last", last ? std::to_string(*last) : ""}});
}

/// The configuration of a block, if it holds one.
std::shared_ptr<const ::common::ConfigEnvelope> configOf(const protocol::Block& block) {
    if (!block.isConfigBlock()) return nullptr;
    const protocol::Transaction transaction = block.transaction(0);
    return transaction.config ? transaction.config->message : nullptr;
}

/// Remembers the configuration that was in force.
class ConfigTrail {
public:
    /// What a config block changes; empty for others.
    std::vector<ConfigChange> pass(const protocol::Block& block) {
        const auto config = configOf(block);
        if (config == nullptr) return {};
        std::vector<ConfigChange> changes =
            tellConfigChange(m_last ? &m_last->config() : nullptr, config->config());
        m_last = config;
        return changes;
    }

private:
    std::shared_ptr<const ::common::ConfigEnvelope> m_last;
};

/// Writes of one key, as they come along.
class KeyTrail {
public:
    KeyTrail(const KeyReference& reference, Bytes key)
        : m_reference(reference), m_key(std::move(key)) {}

    void add(const protocol::Block& block, const verify::PendingUpdates& updates,
             IdentityNames& names) {
        const auto* entry =
            m_reference.collection.empty()
                ? updates.findPublic(m_reference.contract, m_key)
                : updates.findHashed(m_reference.contract, m_reference.collection, m_key);
        if (entry == nullptr) return;
        // Several transactions of one block may have written it; the updates have the last one
        // only.
        for (std::size_t i = 0; i < block.transactionCount(); ++i) {
            const auto code = recordedCode(block, i);
            if ((code && !code->valid()) || (!code && i != entry->version.transaction)) continue;
            const protocol::Transaction transaction = block.transaction(i);
            auto version = writtenBy(transaction);
            if (!version) continue;
            const TransactionSummary summary = summarise(block, i, transaction, names);
            version->at = {block.number(), i};
            version->txId = summary.txId;
            version->time = summary.time;
            version->creator = summary.creator;
            version->function = summary.function.empty()
                                    ? summary.contract
                                    : summary.contract + "." + summary.function;
            m_versions.push_back(*std::move(version));
        }
    }

    std::vector<KeyVersion> newestFirst() && {
        std::reverse(m_versions.begin(), m_versions.end());
        return std::move(m_versions);
    }

private:
    std::optional<KeyVersion> writtenBy(const protocol::Transaction& transaction) const {
        if (transaction.actions.empty() || !transaction.actions.front().readWriteSet)
            return std::nullopt;
        for (const auto& ns : transaction.actions.front().readWriteSet->namespaces) {
            if (ns.name != m_reference.contract) continue;
            if (m_reference.collection.empty()) {
                for (const auto& write : ns.writes)
                    if (write.key == m_key)
                        return KeyVersion{.value = write.isDelete()
                                                       ? std::nullopt
                                                       : std::optional<Bytes>(Bytes(write.value))};
            }
            for (const auto& collection : ns.collections) {
                if (collection.collection != m_reference.collection) continue;
                for (const auto& write : collection.writes)
                    if (write.keyHash == m_key)
                        return KeyVersion{.value = write.isDelete() ? std::nullopt
                                                                    : std::optional<Bytes>(
                                                                          Bytes(write.valueHash))};
            }
        }
        return std::nullopt;
    }

    const KeyReference& m_reference;
    Bytes m_key;
    std::vector<KeyVersion> m_versions;
};

}  // namespace

Result<LedgerOverview> DescribeLedger::overview() const {
    ASSIGN_OR_RETURN(const auto replay, LedgerReplay::open(m_location));
    OverviewBuilder builder;
    if (m_location.snapshot && replay->bundle() && replay->last())
        builder.begin(*replay->last(), replay->bundle()->channelId().str(),
                      replay->bundle()->config());
    std::string damage;
    for (;;) {
        const auto block = replay->next();
        if (!block.ok()) {
            if (builder.empty()) return block.status();
            damage = messageOf(block.status());
            break;
        }
        if (!*block) break;
        builder.add(**block, *replay);
        RETURN_IF_ERROR(replay->commit().status());
        if (m_progress) m_progress(replay->progress());
    }
    if (builder.empty())
        return makeError(StatusCode::kNotFound, "NO_BLOCKS", "there are no blocks");
    LedgerOverview overview =
        builder.finish(replay->state(), replay->bundle(), [&](const std::string& contract) {
            const auto* keys = replay->state().keys(contract);
            return keys == nullptr ? 0 : keys->size();
        });
    overview.damage = std::move(damage);
    return overview;
}

Result<std::vector<BlockSummary>> DescribeLedger::blocks(BlockNumber first,
                                                         BlockNumber last) const {
    ASSIGN_OR_RETURN(const auto source, openLedger(m_location.paths));
    std::vector<BlockSummary> summaries;
    std::optional<BlockNumber> seen;
    for (;;) {
        ASSIGN_OR_RETURN(const auto block, source->next());
        if (!block) break;
        seen = block->block.number();
        if (*seen > last) break;
        if (*seen >= first) summaries.push_back(summarise(*block));
    }
    if (summaries.empty()) return noSuchBlock(first, seen);
    return summaries;
}

Result<BlockDescription> DescribeLedger::block(BlockNumber number) const {
    ASSIGN_OR_RETURN(const auto source, openLedger(m_location.paths));
    IdentityNames names;
    ConfigTrail configs;
    std::optional<BlockNumber> seen;
    for (;;) {
        ASSIGN_OR_RETURN(const auto block, source->next());
        if (!block) return noSuchBlock(number, seen);
        seen = block->block.number();
        auto changes = configs.pass(block->block);
        if (*seen != number) continue;
        BlockDescription description = describeBlock(*block, names);
        description.configChanges = std::move(changes);
        return description;
    }
}

Result<TransactionDescription> DescribeLedger::transaction(
    const TransactionReference& reference) const {
    ASSIGN_OR_RETURN(const auto replay, LedgerReplay::open(m_location));
    const auto* place = std::get_if<WrittenAt>(&reference);
    const auto* id = std::get_if<TxId>(&reference);
    IdentityNames names;
    ConfigTrail configs;
    std::optional<BlockNumber> seen;
    for (;;) {
        ASSIGN_OR_RETURN(const auto sourced, replay->next());
        if (!sourced) break;
        const protocol::Block& block = sourced->block;
        seen = block.number();
        auto changes = configs.pass(block);
        std::optional<std::size_t> found;
        if (place != nullptr && place->block == block.number()) {
            if (place->transaction >= block.transactionCount()) break;
            found = place->transaction;
        }
        for (std::size_t i = 0; id != nullptr && i < block.transactionCount() && !found; ++i)
            if (block.transaction(i).channelHeader.txId == id->str()) found = i;
        if (found) {
            TransactionDescription description =
                describeTransaction(*sourced, *found, *replay, names);
            description.configChanges = std::move(changes);
            return description;
        }
        RETURN_IF_ERROR(replay->commit().status());
        if (m_progress) m_progress(replay->progress());
    }
    const std::string what = id != nullptr
                                 ? fmt::format("with the id {}", id->str())
                                 : fmt::format("{} in block {}", place->transaction, place->block);
    return makeError(StatusCode::kNotFound, "NO_SUCH_TRANSACTION",
                     fmt::format("there is no transaction {}", what),
                     {{"transaction", what}, {"last", seen ? std::to_string(*seen) : ""}});
}

Result<KeyDescription> DescribeLedger::key(const KeyReference& reference,
                                           std::optional<BlockNumber> at) const {
    ASSIGN_OR_RETURN(const auto replay, LedgerReplay::open(m_location));
    const Bytes key = reference.collection.empty() ? reference.key : crypto::sha256(reference.key);
    KeyTrail trail(reference, key);
    IdentityNames names;
    KeyDescription description{
        .contract = reference.contract, .collection = reference.collection, .key = reference.key};
    std::optional<BlockNumber> seen = replay->last();
    for (;;) {
        ASSIGN_OR_RETURN(const auto block, replay->next());
        if (!block || (at && block->block.number() > *at)) break;
        ASSIGN_OR_RETURN(const verify::PendingUpdates* updates, replay->commit());
        seen = block->block.number();
        trail.add(block->block, *updates, names);
        if (m_progress) m_progress(replay->progress());
    }
    if (!seen || (at && *seen < *at)) return noSuchBlock(at.value_or(0), seen);
    description.height = *seen;
    description.stateKnown = replay->stateKnown();
    description.history = std::move(trail).newestFirst();
    const std::string ns = reference.collection.empty()
                               ? reference.contract
                               : verify::hashedNamespace(reference.contract, reference.collection);
    ASSIGN_OR_RETURN(const auto value, replay->state().get(ns, key));
    if (!value) return description;
    if (!description.history.empty() &&
        description.history.front().at ==
            WrittenAt{value->version.block, value->version.transaction})
        description.current = description.history.front();
    else  // from a snapshot, or new metadata alone
        description.current = KeyVersion{.at = {value->version.block, value->version.transaction}};
    description.current->value = value->value;
    if (!value->metadata.empty()) {
        const auto policy = verify::metadataEntry(value->metadata, protocol::kValidationParameter);
        if (policy.ok() && *policy) description.policy = signaturePolicyText(**policy);
    }
    return description;
}

}  // namespace chancery::usecase
