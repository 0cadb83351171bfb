#include "node/peer/CommitComposer.h"

#include "fabric/common/configtx.pb.h"
#include "src/crypto/Digest.h"
#include "src/protocol/Lifecycle.h"
#include "src/protocol/ReadWriteSet.h"
#include "src/verify/ContractQueries.h"
#include "src/wire/Parse.h"

namespace chancery::node {
namespace {

using protocol::ValidationCode;

constexpr std::string_view kFields = "namespaces/fields/";
constexpr std::string_view kSequence = "/Sequence";

/// Clear writes of one collection that fit the hash in the block, among what was held for a
/// transaction. Bytes that do not fit are passed over: who endorsed elsewhere may have got others.
Bytes findHeld(const std::vector<Bytes>& held, std::string_view ns,
               const protocol::CollectionReadWriteSet& trace) {
    for (const Bytes& bytes : held) {
        const auto sets = protocol::decodePrivateReadWriteSet(BytesView(bytes));
        if (!sets.ok()) continue;
        for (const auto& set : *sets)
            if (set.namespaceName == ns && set.collection == trace.collection &&
                crypto::sha256(set.bytes) == trace.privateHash)
                return Bytes(set.bytes);
    }
    return {};
}

BlockNumber expiryOf(const verify::Contract& contract, std::string_view collection,
                     BlockNumber block) {
    const auto defined = contract.collection(collection);
    if (!defined || defined->blockToLive == 0) return 0;
    const BlockNumber due = block + defined->blockToLive + 1;
    return due <= block ? 0 : due;
}

}  // namespace

Result<CommitComposer::Composed> CommitComposer::compose(
    const protocol::Block& block, std::span<const verify::PreparedTransaction> transactions,
    const verify::PendingUpdates& updates, const verify::StateReader& state,
    const channel::Bundle& bundle, ChannelLedger* ledger) {
    Composed out{{block, &updates, {}, {}, {}, {}}, {}, {}};
    const auto codes = block.validationCodes();
    out.commit.txIds.reserve(transactions.size());
    out.commit.readWriteSets.reserve(transactions.size());
    for (std::size_t i = 0; i < transactions.size(); ++i) {
        out.commit.txIds.emplace_back(transactions[i].txId);
        out.commit.readWriteSets.push_back(transactions[i].readWriteSet());
        if (i < codes.size() && codes[i] == ValidationCode::Valid)
            RETURN_IF_ERROR(addPrivateData(out, i, transactions[i], state, bundle, ledger));
    }
    if (updates.touches(protocol::kLifecycleNamespace))
        RETURN_IF_ERROR(noteCollections(out, updates, state));
    m_contracts.update(updates);
    if (updates.touches(protocol::kLifecycleNamespace)) m_membership.forget();
    return out;
}

Status CommitComposer::addPrivateData(Composed& out, std::size_t index,
                                      const verify::PreparedTransaction& transaction,
                                      const verify::StateReader& state,
                                      const channel::Bundle& bundle, ChannelLedger* ledger) {
    const protocol::ReadWriteSet* set = transaction.readWriteSet();
    if (set == nullptr) return {};
    std::optional<std::vector<Bytes>> held;
    for (const auto& ns : set->namespaces)
        for (const auto& collection : ns.collections) {
            if (collection.privateHash.empty()) continue;
            if (!held) {
                held.emplace();
                if (ledger != nullptr) {
                    ASSIGN_OR_RETURN(held, ledger->transient(TxId(transaction.txId)));
                    if (!held->empty()) out.spent.emplace_back(transaction.txId);
                }
            }
            ASSIGN_OR_RETURN(const bool member,
                             m_membership.isMember(ns.name, collection.collection, state, bundle));
            if (!member) continue;
            Bytes writes = findHeld(*held, ns.name, collection);
            if (writes.empty()) {
                out.commit.missing.push_back({out.commit.block.number(), index,
                                              std::string(ns.name),
                                              std::string(collection.collection)});
                continue;
            }
            ASSIGN_OR_RETURN(const verify::Contract* contract, m_contracts.find(ns.name, state));
            out.commit.privateWrites.push_back(
                {index, std::string(ns.name), std::string(collection.collection), std::move(writes),
                 expiryOf(*contract, collection.collection, out.commit.block.number())});
        }
    return {};
}

/// Contracts whose definition is written by this block, with the collections that it brings.
Status CommitComposer::noteCollections(Composed& out, const verify::PendingUpdates& updates,
                                       const verify::StateReader& state) {
    const auto* keys = updates.publicKeys(protocol::kLifecycleNamespace);
    if (keys == nullptr) return {};
    for (const auto& [key, entry] : *keys) {
        if (entry.isDelete || !key.starts_with(kFields) || !key.ends_with(kSequence)) continue;
        const std::string name =
            key.substr(kFields.size(), key.size() - kFields.size() - kSequence.size());
        Status failed;
        const auto definition =
            protocol::readDefinition(name, [&](std::string_view field) -> std::optional<Bytes> {
                if (const auto* written = updates.findPublic(protocol::kLifecycleNamespace, field))
                    return written->isDelete ? std::nullopt : std::optional(written->value);
                auto value = state.get(protocol::kLifecycleNamespace, field);
                if (!value.ok()) {
                    failed = value.status();
                    return std::nullopt;
                }
                return *value ? std::optional((*value)->value) : std::nullopt;
            });
        RETURN_IF_ERROR(failed);
        if (!definition.ok() || !*definition || (*definition)->collections.empty()) continue;
        out.collections.emplace_back(name, (*definition)->collectionsBytes);
    }
    return {};
}

namespace {

/// One replay of a ledger's blocks, with what has to stay alive from block to block.
class Replaying {
public:
    Replaying(ChannelId channel, std::shared_ptr<CommitComposer> composer)
        : m_channel(std::move(channel)), m_composer(std::move(composer)) {}

    Result<Commit> operator()(const protocol::Block& block, const StateView& before) {
        const auto codes = block.validationCodes();
        if (codes.size() != block.transactionCount())
            return makeError(StatusCode::kDataLoss, "LEDGER_DAMAGED",
                             fmt::format("Block {} has {} validation codes for {} transactions.",
                                         block.number(), codes.size(), block.transactionCount()),
                             {{"block", std::to_string(block.number())}});
        m_updates = std::make_unique<verify::PendingUpdates>();
        m_transactions.clear();
        bool isConfig = false;
        for (std::size_t i = 0; i < codes.size(); ++i) {
            verify::PreparedTransaction& tx = m_transactions.emplace_back();
            tx.transaction = block.transaction(i);
            tx.txId = verify::ledgerTxId(tx.transaction);
            if (codes[i] != ValidationCode::Valid) continue;
            const verify::Version version{block.number(), i};
            if (tx.transaction.isConfig()) {
                m_updates->put(verify::kConfigNamespace, verify::kConfigKey,
                               tx.transaction.payload.data, version);
                isConfig = true;
            } else if (tx.readWriteSet() != nullptr) {
                ASSIGN_OR_RETURN(const auto ignored,
                                 m_updates->apply(*tx.readWriteSet(), version, before));
                (void)ignored;
            }
        }
        const bool isGenesis = isConfig && block.number() == 0;
        ASSIGN_OR_RETURN(const channel::BundlePtr bundle,
                         isGenesis ? loadBundle(m_transactions.front()) : bundleBefore(before));
        ASSIGN_OR_RETURN(auto composed, m_composer->compose(block, m_transactions, *m_updates,
                                                            before, *bundle, nullptr));
        if (isConfig) {
            m_bundle.reset();
            m_composer->configChanged();
        }
        return std::move(composed.commit);
    }

private:
    Result<channel::BundlePtr> loadBundle(const verify::PreparedTransaction& tx) {
        return parseBundle(tx.transaction.payload.data);
    }
    Result<channel::BundlePtr> bundleBefore(const StateView& before) {
        if (m_bundle) return m_bundle;
        ASSIGN_OR_RETURN(const auto value,
                         before.get(verify::kConfigNamespace, verify::kConfigKey));
        if (!value)
            return makeError(StatusCode::kDataLoss, "LEDGER_DAMAGED",
                             "The ledger's state holds no channel configuration.");
        ASSIGN_OR_RETURN(m_bundle, parseBundle(value->value));
        return m_bundle;
    }
    Result<channel::BundlePtr> parseBundle(BytesView envelope) const {
        ASSIGN_OR_RETURN(const auto config,
                         wire::parse<::common::ConfigEnvelope>(envelope, "config"));
        return channel::Bundle::fromConfig(m_channel, config.config());
    }

    ChannelId m_channel;
    std::shared_ptr<CommitComposer> m_composer;
    channel::BundlePtr m_bundle;
    std::unique_ptr<verify::PendingUpdates> m_updates;  // the commit points to it
    std::vector<verify::PreparedTransaction> m_transactions;
};

}  // namespace

ChannelLedger::Replay makeReplay(const ChannelId& channel,
                                 std::shared_ptr<CommitComposer> composer) {
    auto replaying = std::make_shared<Replaying>(channel, std::move(composer));
    return [replaying](const protocol::Block& block, const StateView& before) {
        return (*replaying)(block, before);
    };
}

}  // namespace chancery::node
