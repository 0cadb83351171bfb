#include "src/verify/ChainJudge.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/channel/Update.h"
#include "src/protocol/CommitHash.h"
#include "src/verify/UnknownState.h"

namespace chancery::verify {
namespace {

using protocol::Layer;
using protocol::ValidationCode;

std::string shortHash(BytesView hash) {
    return hash.empty() ? "none" : toHex(hash.substr(0, 8)) + "…";
}

/// Codes that a transaction can get although its form and content are good.
bool dependsOnState(ValidationCode code) {
    switch (code) {
        case ValidationCode::Valid:
        case ValidationCode::DuplicateTxId:
        case ValidationCode::EndorsementPolicyFailure:
        case ValidationCode::MvccReadConflict:
        case ValidationCode::PhantomReadConflict:
        case ValidationCode::InvalidChaincode:
        case ValidationCode::InvalidWriteSet:
        case ValidationCode::ExpiredChaincode:
        case ValidationCode::ChaincodeVersionConflict:
            return true;
        default:
            return false;
    }
}

}  // namespace

ChainJudge::ChainJudge(ChainState start, const ChainOptions& options)
    : m_chain(std::move(start)), m_options(options) {
    m_report.channel = m_chain.channel;
    m_report.scope.start = m_chain.start;
    m_report.scope.startKnown = !m_chain.headerHash.empty();
}

bool ChainJudge::pass(const ReadyBlock& block) {
    m_errorsBefore = m_errors;
    m_findingsBefore = m_report.findings.size();
    m_toldJudged = false;
    if (!checkSequence(block)) return false;
    for (const Finding& finding : block.check.findings) add(finding);
    checkLastConfig(block);
    m_chain.last = block.sourced.block.number();
    m_chain.headerHash = block.check.hash;
    m_report.lastBlock = m_chain.last;
    m_report.scope.last = *m_chain.last;
    m_report.lastBlockHash = m_chain.headerHash;

    judgeTransactions(block);
    if (!m_toldJudged) tellJudged(block, nullptr);

    m_report.lastCommitHash = m_chain.commitHash.value_or(Bytes());
    m_report.configBlock = m_chain.configBlock;
    m_report.configSequence = m_chain.bundle ? m_chain.bundle->sequence() : 0;
    m_report.channel = m_chain.channel;
    if (m_errors == 0) m_report.verifiedTo = m_chain.last;
    if (m_chain.stateKnown && m_chain.store().memoryBytes() > m_options.maxStateBytes)
        giveUpState("STATE_TOO_LARGE",
                    say("TOO_MUCH_MEMORY", "it takes more memory than is allowed"));
    return m_errors < m_options.maxErrors;
}

void ChainJudge::sourceFailed(const Status& status) {
    Finding finding;
    chancery::tell(finding, sentenceOf(status));
    finding.file = argumentOf(status, "file");
    if (const auto offset = argumentOf(status, "offset"); !offset.empty()) {
        const std::uint64_t begin = std::strtoull(offset.c_str(), nullptr, 10);
        finding.bytes = ByteRange{begin, begin};
    }
    add(std::move(finding));
}

/// Number and link to the block before.
bool ChainJudge::checkSequence(const ReadyBlock& block) {
    const auto& header = block.sourced.block.header();
    if (!m_report.firstBlock) {
        m_report.firstBlock = m_report.scope.first = header.number;
        m_report.scope.startKnown |= header.number == 0;
    }
    if (m_chain.last && header.number != m_chain.next()) {
        add(block, Severity::Error,
            say("NUMBER_DIFFERS",
                "Block {block} follows block {before}; blocks are missing or out of order.",
                {{"block", std::to_string(header.number)},
                 {"before", std::to_string(*m_chain.last)}}));
        return false;
    }
    if (!m_chain.last && m_chain.configBlock && header.number < *m_chain.configBlock) {
        add(block, Severity::Error,
            say("BEFORE_ANCHOR",
                "The chain begins with block {block}, before the trusted configuration of block "
                "{config}.",
                {{"block", std::to_string(header.number)},
                 {"config", std::to_string(*m_chain.configBlock)}}));
        return false;
    }
    const bool known = !m_chain.headerHash.empty() || header.number == 0;
    if (known && header.previousHash != m_chain.headerHash)
        add(block, Severity::Error,
            say("PREVIOUS_HASH_DIFFERS",
                "The block does not follow the one before it: it names {named} as that block's "
                "hash, which is {right}. Peers stop here.",
                {{"named", shortHash(header.previousHash)},
                 {"right", shortHash(m_chain.headerHash)}}));
    return true;
}

void ChainJudge::checkLastConfig(const ReadyBlock& block) {
    if (!block.check.signaturesRead || !m_chain.configBlock) return;
    const auto& it = block.sourced.block;
    const BlockNumber expected = it.isConfigBlock() ? it.number() : *m_chain.configBlock;
    if (block.check.lastConfig != expected)
        add(block, Severity::Error,
            say("LAST_CONFIG_WRONG",
                "The block names block {named} as the last configuration; it is block {right}.",
                {{"named", std::to_string(block.check.lastConfig)},
                 {"right", std::to_string(expected)}}));
}

void ChainJudge::judgeTransactions(const ReadyBlock& block) {
    const auto& it = block.sourced.block;
    // A trusted configuration may be the first block itself.
    const bool isAnchor = !m_chain.anchorHash.empty() && m_chain.configBlock == it.number();
    if (isAnchor && block.check.hash != m_chain.anchorHash)
        add(block, Severity::Error,
            say("ANCHOR_DIFFERS",
                "Block {block} is not the trusted one: its hash is {actual} instead of {right}.",
                {{"block", std::to_string(it.number())},
                 {"actual", shortHash(block.check.hash)},
                 {"right", shortHash(m_chain.anchorHash)}}));
    if (it.number() == 0) return judgeGenesis(block);
    if (m_chain.bundle == nullptr) return adoptConfig(block);
    if (isAnchor) {
        count(block, nullptr);
        takeRecordedCommitHash(block);
        return;
    }
    if (m_chain.stateKnown) return judgeWithState(block);
    judgeWithoutState(block);
}

void ChainJudge::judgeGenesis(const ReadyBlock& block) {
    auto verdict = Validator::validateGenesis(block.sourced.block);
    m_chain.commitHash = Bytes();
    if (m_chain.anchorHash.empty())
        m_chain.start = say("FIRST_BLOCK_TRUSTED", "The first block is trusted: nothing signs it.");
    m_report.scope.start = m_chain.start;
    if (!verdict.ok()) {
        add(block, Severity::Error, sentenceOf(verdict.status()));
        count(block, nullptr);
        return;
    }
    m_chain.stateKnown = true;
    compareCodes(block, *verdict);
    takeConfig(block, *verdict);
    m_report.scope.codesFrom = 0;
    if (const Status status = applyUpdates(block, *verdict); !status.ok())
        add(block, Severity::Error, sentenceOf(status));
    count(block, &*verdict);
    tell(block, *verdict);
}

/// Without any configuration nobody's signature can be judged. The first configuration that comes
/// along is taken on its own word.
void ChainJudge::adoptConfig(const ReadyBlock& block) {
    note(
        block,
        say("LINKS_ONLY",
            "No channel configuration is known: only links, data hashes and the form of blocks are "
            "checked."));
    count(block, nullptr);
    takeRecordedCommitHash(block);
    if (!block.sourced.block.isConfigBlock()) return;
    const auto verdict = Validator::validateGenesis(block.sourced.block);
    if (!verdict.ok()) {
        add(block, Severity::Error, say("BAD_CONFIG", "{why}", {}, sentenceOf(verdict.status())));
        return;
    }
    note(block, say("CONFIG_ADOPTED",
                    "From here on signatures are judged by the configuration of block {block}, for "
                    "which nothing vouches.",
                    {{"block", std::to_string(block.sourced.block.number())}}));
    m_report.scope.start = m_chain.start =
        say("FIRST_CONFIG_TRUSTED",
            "The configuration of block {block} is trusted, since the chain holds none before it.",
            {{"block", std::to_string(block.sourced.block.number())}});
    takeConfig(block, *verdict);
}

void ChainJudge::judgeWithState(const ReadyBlock& block) {
    if (!m_validator) m_validator = std::make_unique<Validator>(m_chain.bundle, m_chain.store());
    Scope& scope = m_report.scope;
    if (!scope.signaturesFrom) scope.signaturesFrom = block.sourced.block.number();
    if (!scope.codesFrom) scope.codesFrom = block.sourced.block.number();
    const auto recorded = block.sourced.block.validationCodes();
    auto verdict = m_validator->validate(block.prepared, recorded);
    if (!verdict.ok()) {
        add(block, Severity::Error, sentenceOf(verdict.status()));
        return giveUpState("STATE_FAILED", sentenceOf(verdict.status()));
    }
    for (const Hazard& hazard : verdict->hazards)
        addAbout(block, hazard.transaction.value_or(0), Severity::Error, told(hazard));
    compareCodes(block, *verdict);
    followCommitHash(block, *verdict);
    if (const Status status = applyUpdates(block, *verdict); !status.ok())
        add(block, Severity::Error, sentenceOf(status));
    m_validator->committed(*verdict);
    takeConfig(block, *verdict);
    count(block, &*verdict);
    tell(block, *verdict);
}

/// Without a state: what form and content decide must agree with what is recorded, and the commit
/// hash can still be followed, for it covers little that the transactions do not hold themselves.
void ChainJudge::judgeWithoutState(const ReadyBlock& block) {
    note(block,
         say("STATE_UNKNOWN",
             "The state before this block is not known: validation codes that depend on it are not "
             "recomputed."));
    if (!m_report.scope.signaturesFrom)
        m_report.scope.signaturesFrom = block.sourced.block.number();
    const auto recorded = block.sourced.block.validationCodes();
    const auto& transactions = block.prepared.transactions;
    BlockVerdict verdict;
    verdict.transactions.resize(transactions.size());
    bool applied = true;
    for (std::size_t i = 0; i < transactions.size(); ++i) {
        const PreparedTransaction& tx = transactions[i];
        TransactionVerdict& one = verdict.transactions[i];
        const ValidationCode stated =
            i < recorded.size() ? recorded[i] : ValidationCode::NotValidated;
        const bool oldRules = !m_chain.bundle->capabilities().newLifecycle;
        if (tx.form != ValidationCode::Valid) {
            one = {tx.form, true, tx.cause};
        } else if (tx.content != ValidationCode::Valid && !oldRules &&
                   stated != ValidationCode::DuplicateTxId) {
            one = {tx.content, true, tx.cause};
        } else {
            one = {stated, false, std::nullopt};
            if (!recorded.empty() && !oldRules && !dependsOnState(stated))
                addAbout(block, i, Severity::Error,
                         say("CODE_DIFFERS",
                             "{recorded} is recorded, for which there is no reason in the "
                             "transaction.",
                             {{"recorded", nameOf(stated)}}));
        }
        if (!one.valid() || recorded.empty()) continue;
        const Version version{block.sourced.block.number(), i};
        if (tx.transaction.isConfig())
            verdict.updates.put(kConfigNamespace, kConfigKey, tx.transaction.payload.data, version);
        else if (tx.readWriteSet() != nullptr)
            applied &= verdict.updates.apply(*tx.readWriteSet(), version, UnknownState()).ok();
    }
    compareCodes(block, verdict);
    if (applied && !recorded.empty())
        followCommitHash(block, verdict);
    else
        takeRecordedCommitHash(block);
    if (block.sourced.block.isConfigBlock() && transactions.size() == 1 &&
        transactions[0].form == ValidationCode::Valid) {
        const auto& config = transactions[0].transaction.config;
        Result<channel::BundlePtr> next =
            makeError(StatusCode::kInvalidArgument, "BAD_CONFIG", "it cannot be read");
        if (config && config->message)
            next = channel::applyConfig(*m_chain.bundle, *config->message);
        if (next.ok())
            verdict.config = *std::move(next);
        else
            addAbout(block, 0, Severity::Error,
                     say("CONFIG_REFUSED", "The configuration is refused: {why}", {},
                         sentenceOf(next.status())));
    }
    takeConfig(block, verdict);
    count(block, &verdict);
    tell(block, verdict);
}

void ChainJudge::compareCodes(const ReadyBlock& block, const BlockVerdict& verdict) {
    const auto recorded = block.sourced.block.validationCodes();
    if (recorded.empty() && !verdict.transactions.empty()) {
        note(block, say("NO_RECORDED_CODES",
                        "The blocks hold no validation codes, as those of an orderer; the computed "
                        "ones stand "
                        "alone."));
        return;
    }
    if (recorded.size() != verdict.transactions.size()) {
        add(block, Severity::Error,
            say("CODE_COUNT_DIFFERS",
                "{codes} validation codes are recorded for {transactions} transactions.",
                {{"codes", std::to_string(recorded.size())},
                 {"transactions", std::to_string(verdict.transactions.size())}}));
        return;
    }
    for (std::size_t i = 0; i < recorded.size(); ++i) {
        const TransactionVerdict& computed = verdict.transactions[i];
        if (!computed.computed && m_chain.stateKnown)
            note(block, say("CODES_TAKEN_OVER",
                            "Some validation codes follow rules or data that are not known here "
                            "and are taken "
                            "over as recorded."));
        if (computed.code == recorded[i]) continue;
        ErrorArguments codes{{"recorded", nameOf(recorded[i])}, {"right", nameOf(computed.code)}};
        addAbout(block, i, Severity::Error,
                 computed.cause
                     ? say("CODE_DIFFERS", "{recorded} is recorded, {right} is right. {why}",
                           std::move(codes), told(*computed.cause))
                     : say("CODE_DIFFERS", "{recorded} is recorded, {right} is right.",
                           std::move(codes)),
                 computed.cause);
    }
}

void ChainJudge::followCommitHash(const ReadyBlock& block, const BlockVerdict& verdict) {
    // A ledger that began without commit hashes goes on without them.
    const bool begins = block.sourced.block.number() == 1;
    if (!m_chain.commitHash) return takeRecordedCommitHash(block);
    const Bytes computed =
        begins || !m_chain.commitHash->empty()
            ? protocol::computeCommitHash(verdict.codes(), verdict.updates.toBatch().serialize(),
                                          *m_chain.commitHash)
            : Bytes();
    compareCommitHash(block, computed);
}

void ChainJudge::compareCommitHash(const ReadyBlock& block, const Bytes& computed) {
    const auto recorded = block.sourced.block.commitHash();
    m_chain.commitHash = computed;
    if (!recorded.ok()) return;  // told already
    if (recorded->empty()) {
        if (!computed.empty() && !block.sourced.block.validationCodes().empty())
            add(block, Severity::Warning,
                say("NO_COMMIT_HASH", "The block holds validation codes, but no commit hash."));
        return;
    }
    if (!m_report.scope.commitHashesFrom)
        m_report.scope.commitHashesFrom = block.sourced.block.number();
    if (*recorded == computed) return;
    add(block, Severity::Error,
        say("COMMIT_HASH_DIFFERS",
            "The recorded commit hash is {recorded}, computed is {computed}: what the block left "
            "in the state, or its codes, are others.",
            {{"recorded", shortHash(*recorded)}, {"computed", shortHash(computed)}}));
    m_chain.commitHash = Bytes(*recorded);  // or each block from here on would be told again
}

void ChainJudge::takeRecordedCommitHash(const ReadyBlock& block) {
    const auto recorded = block.sourced.block.commitHash();
    m_chain.commitHash.reset();
    if (recorded.ok() && !recorded->empty()) m_chain.commitHash = Bytes(*recorded);
}

Status ChainJudge::applyUpdates(const ReadyBlock& block, BlockVerdict& verdict) {
    const BlockNumber number = block.sourced.block.number();
    if (m_validator)
        RETURN_IF_ERROR(m_chain.expiry.pass(
            number, verdict.updates, m_chain.store(),
            [this](std::string_view name) { return m_validator->contract(name); }));
    const auto apply = [&](std::string_view ns, const PendingUpdates::Keys& keys) {
        for (const auto& [key, entry] : keys) {
            if (entry.isDelete)
                m_chain.store().remove(ns, key, entry.version);
            else
                m_chain.store().put(ns, key, {entry.value, entry.metadata, entry.version});
        }
    };
    for (const auto& [ns, keys] : verdict.updates.publicUpdates()) apply(ns, keys);
    for (const auto& [ns, collections] : verdict.updates.hashedUpdates())
        for (const auto& [collection, keys] : collections)
            apply(hashedNamespace(ns, collection), keys);

    std::vector<std::string> ids;
    for (const auto& tx : block.prepared.transactions) ids.push_back(tx.txId);
    // The first block is judged without being prepared.
    for (std::size_t i = ids.size(); i < block.sourced.block.transactionCount(); ++i)
        ids.push_back(ledgerTxId(block.sourced.block.transaction(i)));
    m_chain.store().addTransactions(number, ids);
    return {};
}

void ChainJudge::takeConfig(const ReadyBlock& block, const BlockVerdict& verdict) {
    if (verdict.config == nullptr) return;
    m_chain.bundle = verdict.config;
    m_chain.channel = verdict.config->channelId();
    m_chain.configBlock = block.sourced.block.number();
}

void ChainJudge::giveUpState(std::string_view reason, const Sentence& why) {
    Finding finding;
    finding.severity = Severity::Note;
    chancery::tell(finding,
                   say(reason,
                       "The state is given up: {why}. Validation codes that depend on it are not "
                       "recomputed from here on.",
                       {}, why));
    finding.block = m_chain.last;
    add(std::move(finding));
    m_validator.reset();
    m_chain.state = MemoryState();
    m_chain.outside.reset();
    m_chain.expiry = Expiry();
    m_chain.stateKnown = false;
    m_report.scope.codesTo = m_chain.last;
}

void ChainJudge::count(const ReadyBlock& block, const BlockVerdict* verdict) {
    Counters& counters = m_report.counters;
    const auto& it = block.sourced.block;
    ++counters.blocks;
    counters.transactions += it.transactionCount();
    counters.bytes += block.sourced.size;
    counters.ordererSignatures += block.check.signaturesChecked;
    if (it.isConfigBlock()) ++counters.configBlocks;
    const auto type = [&](const protocol::Transaction& tx) {
        if (tx.payload.hasHeader && tx.reached(Layer::ChannelHeader))
            ++counters.types[tx.channelHeader.type];
    };
    if (block.prepared.transactions.empty())
        for (std::size_t i = 0; i < it.transactionCount(); ++i) type(it.transaction(i));
    for (const auto& tx : block.prepared.transactions) {
        type(tx.transaction);
        if (tx.creatorChecked) ++counters.creatorSignatures;
        counters.endorsements += tx.endorsementsChecked;
    }
    if (verdict == nullptr) return;
    for (const auto& tx : verdict->transactions) {
        ++counters.codes[tx.code];
        if (!tx.computed) ++counters.codesTakenOver;
    }
}

void ChainJudge::tellJudged(const ReadyBlock& block, const BlockVerdict* verdict) {
    m_toldJudged = true;
    if (!m_options.judged) return;
    const std::span<const Finding> all(m_report.findings);
    m_options.judged({block.sourced, block.prepared.transactions, verdict, m_chain,
                      m_errors == m_errorsBefore, all.subspan(m_findingsBefore)});
}

void ChainJudge::tell(const ReadyBlock& block, const BlockVerdict& verdict) {
    tellJudged(block, &verdict);
    if (!m_options.passed) return;
    const Bytes commitHash = m_chain.commitHash.value_or(Bytes());
    m_options.passed({block.sourced, block.prepared.transactions, verdict, block.check.hash,
                      commitHash, m_errors == m_errorsBefore});
}

void ChainJudge::add(Finding finding) {
    if (finding.severity == Severity::Error) ++m_errors;
    if (m_report.findings.size() < m_options.maxFindings)
        m_report.findings.push_back(std::move(finding));
    else
        ++m_report.counters.findingsLeftOut;
}

void ChainJudge::add(const ReadyBlock& block, Severity severity, Sentence sentence) {
    add(findingAbout(block.sourced, severity, std::move(sentence)));
}

void ChainJudge::addAbout(const ReadyBlock& block, std::size_t transaction, Severity severity,
                          Sentence sentence, std::optional<Cause> cause) {
    Finding finding = findingAbout(block.sourced, severity, std::move(sentence));
    finding.transaction = transaction;
    if (transaction < block.prepared.transactions.size())
        finding.txId = TxId(block.prepared.transactions[transaction].txId);
    finding.cause = std::move(cause);
    add(std::move(finding));
}

void ChainJudge::note(const ReadyBlock& block, Sentence sentence) {
    if (!m_noted.insert(sentence.id).second) return;
    add(block, Severity::Note, std::move(sentence));
}

}  // namespace chancery::verify
