#include "src/usecase/LedgerReplay.h"

#include "fabric/common/configtx.pb.h"
#include "src/protocol/Snapshot.h"
#include "src/verify/ChainState.h"

namespace chancery::usecase {

using protocol::ValidationCode;

Result<std::unique_ptr<LedgerReplay>> LedgerReplay::open(const LedgerLocation& location) {
    std::unique_ptr<LedgerReplay> replay(new LedgerReplay());
    if (location.snapshot) {
        ASSIGN_OR_RETURN(const auto snapshot, protocol::Snapshot::open(*location.snapshot));
        ASSIGN_OR_RETURN(auto chain, verify::ChainState::fromSnapshot(*snapshot));
        replay->m_state = std::move(chain.state);
        replay->m_expiry = std::move(chain.expiry);
        replay->m_bundle = chain.bundle;
        replay->m_channel = chain.channel;
        replay->m_stateKnown = true;
        replay->m_last = chain.last;
    }
    ASSIGN_OR_RETURN(replay->m_source, openLedger(location.paths));
    return replay;
}

Result<std::optional<protocol::SourcedBlock>> LedgerReplay::next() {
    m_judgement.reset();
    ASSIGN_OR_RETURN(m_current, m_source->next());
    if (!m_current) return std::nullopt;
    const BlockNumber number = m_current->block.number();
    const bool follows = m_last ? number == *m_last + 1 : number == 0;
    if (!follows && m_stateKnown) {
        // With a gap the state before this block is anybody's guess.
        m_stateKnown = false;
        m_validator.reset();
    }
    m_indexed = m_indexed && (!m_last || number == *m_last + 1);
    return m_current;
}

bool LedgerReplay::canJudge() const {
    return m_current && m_bundle && m_stateKnown && m_current->block.number() > 0;
}

Result<const Judgement*> LedgerReplay::judge() {
    if (m_judgement) return &*m_judgement;
    if (!canJudge())
        return makeError(StatusCode::kFailedPrecondition, "STATE_UNKNOWN",
                         "the state or the configuration before this block is not known");
    if (!m_validator) m_validator = std::make_unique<verify::Validator>(m_bundle, m_state);
    verify::PreparedBlock prepared = verify::Validator::prepare(m_current->block, m_bundle);
    const auto recorded = m_current->block.validationCodes();
    ASSIGN_OR_RETURN(verify::BlockVerdict verdict, m_validator->validate(prepared, recorded));
    m_judgement = Judgement{std::move(prepared), std::move(verdict)};
    return &*m_judgement;
}

Status LedgerReplay::applyRecorded(verify::PendingUpdates& updates) {
    const protocol::Block& block = m_current->block;
    const auto codes = block.validationCodes();
    for (std::size_t i = 0; i < block.transactionCount() && i < codes.size(); ++i) {
        if (codes[i] != ValidationCode::Valid) continue;
        const verify::Version version{block.number(), i};
        const protocol::Transaction transaction = block.transaction(i);
        if (transaction.isConfig()) {
            updates.put(verify::kConfigNamespace, verify::kConfigKey, transaction.payload.data,
                        version);
            if (!transaction.config || !transaction.config->message) continue;
            auto bundle = channel::Bundle::fromConfig(
                ChannelId(std::string(transaction.channelHeader.channelId)),
                transaction.config->message->config());
            if (bundle.ok()) m_bundle = *std::move(bundle);
            m_validator.reset();
        } else if (!transaction.actions.empty() && transaction.actions.front().readWriteSet) {
            RETURN_IF_ERROR(
                updates.apply(*transaction.actions.front().readWriteSet, version, m_state)
                    .status());
        }
    }
    return absl::OkStatus();
}

Status LedgerReplay::applyUpdates(verify::PendingUpdates& updates) {
    const BlockNumber number = m_current->block.number();
    if (m_stateKnown)
        RETURN_IF_ERROR(m_expiry.pass(number, updates, m_state, [this](std::string_view name) {
            return m_contracts.find(name, m_state);
        }));
    const auto apply = [&](std::string_view ns, const verify::PendingUpdates::Keys& keys) {
        for (const auto& [key, entry] : keys) {
            if (entry.isDelete)
                m_state.remove(ns, key, entry.version);
            else
                m_state.put(ns, key, {entry.value, entry.metadata, entry.version});
        }
    };
    for (const auto& [ns, keys] : updates.publicUpdates()) apply(ns, keys);
    for (const auto& [ns, collections] : updates.hashedUpdates())
        for (const auto& [collection, keys] : collections)
            apply(verify::hashedNamespace(ns, collection), keys);
    if (!m_indexed) return absl::OkStatus();
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < m_current->block.transactionCount(); ++i)
        ids.push_back(verify::ledgerTxId(m_current->block.transaction(i)));
    m_state.transactions().addBlock(number, ids);
    return absl::OkStatus();
}

Result<const verify::PendingUpdates*> LedgerReplay::commit() {
    const protocol::Block& block = m_current->block;
    m_updates = {};
    const bool recorded =
        block.transactionCount() > 0 && block.validationCodes().size() == block.transactionCount();
    const bool first = block.number() == 0;
    if (first || (!m_bundle && block.isConfigBlock())) {
        if (auto verdict = verify::Validator::validateGenesis(block); verdict.ok()) {
            m_updates = std::move(verdict->updates);
            m_bundle = verdict->config;
            m_stateKnown = m_stateKnown || first;
        }
    } else if (m_judgement && !recorded) {
        m_updates = std::move(m_judgement->verdict.updates);
    } else if (recorded) {
        RETURN_IF_ERROR(applyRecorded(m_updates));
    } else if (canJudge()) {
        RETURN_IF_ERROR(judge().status());
        m_updates = std::move(m_judgement->verdict.updates);
    }
    RETURN_IF_ERROR(applyUpdates(m_updates));
    if (m_judgement && m_validator && !recorded) {
        m_validator->committed(m_judgement->verdict);
        if (m_judgement->verdict.config) m_bundle = m_judgement->verdict.config;
    } else {
        m_validator.reset();
    }
    m_contracts.update(m_updates);
    m_last = block.number();
    ++m_blocks;
    return &m_updates;
}

Progress LedgerReplay::progress() const {
    return {.bytesDone = m_source->bytesDone(),
            .bytesTotal = m_source->bytesTotal(),
            .blocks = m_blocks,
            .block = m_last};
}

}  // namespace chancery::usecase
