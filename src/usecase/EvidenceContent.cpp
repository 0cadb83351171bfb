#include "src/usecase/EvidenceContent.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "fabric/common/configtx.pb.h"
#include "src/base/Encoding.h"
#include "src/channel/Update.h"
#include "src/protocol/Lifecycle.h"
#include "src/usecase/BlockDescriber.h"
#include "src/usecase/ConfigChanges.h"
#include "src/usecase/EvidenceCertificates.h"
#include "src/usecase/EvidenceVerdict.h"
#include "src/usecase/LedgerReplay.h"
#include "src/usecase/PolicyVerdicts.h"
#include "src/usecase/TransactionDescriber.h"
#include "src/verify/BlockVerifier.h"
#include "src/verify/OrdererSignatures.h"

namespace chancery::usecase {
namespace {

using Severity = LedgerFinding::Severity;

/// Whether a transaction writes contract definitions: others rely on it.
bool definesContracts(const protocol::Transaction& transaction) {
    if (transaction.actions.empty() || !transaction.actions.front().readWriteSet) return false;
    for (const auto& ns : transaction.actions.front().readWriteSet->namespaces)
        if (ns.name == protocol::kLifecycleNamespace && !ns.writes.empty()) return true;
    return false;
}

class Walk {
public:
    Walk(const std::set<WrittenAt>& claimed, std::stop_token stop)
        : m_claimed(claimed), m_stop(std::move(stop)) {}

    Result<EvidenceContent> run(const std::filesystem::path& folder) {
        ASSIGN_OR_RETURN(m_replay, LedgerReplay::open({{folder}, {}}));
        while (true) {
            if (m_stop.stop_requested())
                return makeError(StatusCode::kCancelled, "STOPPED", "stopped");
            ASSIGN_OR_RETURN(const auto sourced, m_replay->next());
            if (!sourced) break;
            if (!pass(*sourced)) break;
            RETURN_IF_ERROR(m_replay->commit().status());
            m_last = sourced->block.number();
            m_lastHash = sourced->block.header().hash();
        }
        for (const WrittenAt& claim : m_claimed)
            if (!m_seen.contains(claim))
                add(say("CLAIM_WITHOUT_BLOCK",
                        "Transaction {transaction} of block {block} is claimed, but not in the "
                        "blocks of the pack.",
                        {{"transaction", std::to_string(claim.transaction)},
                         {"block", std::to_string(claim.block)}}),
                    {.block = claim.block});
        m_content.certificates = std::move(m_certificates).take();
        for (const EvidenceCertificate& certificate : m_content.certificates)
            m_content.files[certificate.file] = certificate.pem;
        sayWhatIsProved(m_content);
        return std::move(m_content);
    }

private:
    /// False when nothing behind this block can be judged.
    bool pass(const protocol::SourcedBlock& sourced) {
        const protocol::Block& block = sourced.block;
        m_block = EvidenceBlock{.description = describeBlock(sourced, m_names),
                                .file = fmt::format("blocks/block_{}.pb", block.number())};
        // Where the file lies is no affair of the pack.
        m_block.description.file.clear();
        m_block.description.offset = 0;
        const std::size_t before = m_content.findings.size();
        if (m_bundle != nullptr) {
            checkBlock(block);  // what is in a bad block is told nevertheless
        } else if (!begin(block)) {
            m_content.blocks.push_back(std::move(m_block));
            return false;
        }
        const bool claimedBlock = claims(block.number());
        if (claimedBlock && block.number() > 0) writeOrdererSignatures(block);
        for (std::size_t i = 0; i < block.transactionCount(); ++i) transaction(sourced, i);
        if (block.isConfigBlock() && block.number() > 0) takeConfig(block);
        m_block.configSequence = m_bundle->sequence();
        m_block.good = m_content.findings.size() == before;
        m_content.blocks.push_back(std::move(m_block));
        return true;
    }

    bool begin(const protocol::Block& block) {
        if (block.number() != 0)
            return refuse(say("NO_GENESIS",
                              "The pack does not begin with block 0, from which all trust comes."));
        const auto verdict = verify::Validator::validateGenesis(block);
        if (!verdict.ok()) return refuse(sentenceOf(verdict.status()));
        if (const Status form = verify::checkBlockForm(block, verdict->config->channelId());
            !form.ok())
            return refuse(sentenceOf(form));
        m_bundle = verdict->config;
        m_content.channel = m_bundle->channelId().str();
        m_content.genesisHash = block.header().hash();
        ++m_content.configBlocks;
        m_block.changes = tellConfigChange(nullptr, m_bundle->config());
        return true;
    }

    void checkBlock(const protocol::Block& block) {
        if (const Status form = verify::checkBlockForm(block, m_bundle->channelId()); !form.ok())
            refuse(sentenceOf(form));
        if (m_last && *m_last + 1 == block.number()) {
            m_block.linked = block.header().previousHash == m_lastHash;
            if (!m_block.linked)
                refuse(
                    say("LINK_BROKEN", "The block does not name the hash of the block before it."));
        }
        const auto orderers = verify::checkOrdererSignatures(block, *m_bundle);
        m_content.ordererSignatures += orderers.checked;
        m_refusedOrderers.clear();
        for (const auto& refused : orderers.refused) m_refusedOrderers[refused.index] = refused.why;
        if (!orderers.status.ok())
            refuse({std::string(messageOf(orderers.status)), "ORDERER_SIGNATURES",
                    argumentsOf(orderers.status)});
        const auto lastConfig = block.lastConfig();
        const BlockNumber expected = block.isConfigBlock() ? block.number() : m_configBlock;
        if (lastConfig.ok() && *lastConfig != expected)
            refuse(say(
                "CONFIG_MISSING",
                "The block was made under the configuration of block {named}; the last one "
                "before it in the pack is of block {before}.",
                {{"named", std::to_string(*lastConfig)}, {"before", std::to_string(expected)}}));
    }

    void takeConfig(const protocol::Block& block) {
        const protocol::Transaction transaction = block.transaction(0);
        ++m_content.configBlocks;
        if (!transaction.config || transaction.config->message == nullptr) {
            refuse(say("BAD_CONFIG", "The configuration of the block cannot be read."));
            return;
        }
        auto next = channel::applyConfig(*m_bundle, *transaction.config->message);
        if (!next.ok()) {
            refuse(say("CONFIG_NOT_AUTHORISED",
                       "The configuration does not follow from the one before it: {why}", {},
                       sentenceOf(next.status())));
            return;
        }
        m_block.changes = tellConfigChange(&m_bundle->config(), (*next)->config());
        m_bundle = *std::move(next);
        m_configBlock = block.number();
    }

    void transaction(const protocol::SourcedBlock& sourced, std::size_t index) {
        const WrittenAt place{sourced.block.number(), index};
        const bool claimed = m_claimed.contains(place);
        const protocol::Transaction decoded = sourced.block.transaction(index);
        const auto code = recordedCode(sourced.block, index);
        const bool supports = code && code->valid() && definesContracts(decoded);
        if (!claimed && !supports) return;
        if (claimed) m_seen.insert(place);

        EvidenceDetails details{
            .description = describeTransaction(sourced, index, *m_replay, m_names, Judging::No)};
        EvidenceTransaction told{.summary = details.description.summary};
        if (sourced.block.number() == 0) {
            told.agrees = true;
            told.verdict =
                say("FIRST_BLOCK_TRUSTED", "The first block is trusted: nothing signs it.");
        } else {
            judge(sourced.block, decoded, details, told);
        }
        if (!told.agrees)
            add(claimed ? say("VERDICT_DIFFERS", "{why}", {}, told.verdict)
                        : say("DEFINITION_NOT_ENDORSED", "{why}", {}, told.verdict),
                {.block = place.block,
                 .transaction = index,
                 .txId = told.summary.txId,
                 .file = m_block.file});
        if (!claimed) return;
        if (decoded.isConfig()) details.description.configChanges = configChanges(decoded);
        definition(details);
        if (place.block > 0) writeSignatures(sourced.block, index, decoded, details);
        m_content.transactions.push_back(std::move(told));
        m_content.details.push_back(std::move(details));
    }

    void judge(const protocol::Block& block, const protocol::Transaction& decoded,
               EvidenceDetails& details, EvidenceTransaction& told) {
        const auto prepared = verify::prepareTransaction(decoded, *m_bundle);
        TransactionDescription& description = details.description;
        const bool decent = prepared.form == protocol::ValidationCode::Valid &&
                            prepared.content == protocol::ValidationCode::Valid;
        description.policies.clear();
        if (decent && decoded.isEndorserTransaction())
            description.policies =
                judgePolicies(prepared, m_replay->state(), m_replay->contracts(), m_bundle);
        for (std::size_t i = 0; i < description.endorsements.size(); ++i) {
            EndorsementDescription& endorsement = description.endorsements[i];
            endorsement.counts = false;
            if (i >= prepared.endorsements.verdicts.size()) continue;
            const auto& verdict = prepared.endorsements.verdicts[i];
            endorsement.counts = verdict.accepted;
            endorsement.why = verdict.accepted ? Sentence()
                              : verdict.duplicate
                                  ? say("ENDORSED_ALREADY", "the same identity endorsed already")
                                  : sentenceOf(verdict.why);
            if (verdict.accepted) ++told.endorsementsGood;
        }
        told.creatorGood = prepared.creatorChecked &&
                           prepared.form != protocol::ValidationCode::BadCreatorSignature;
        told.policies = description.policies;
        if (prepared.creatorChecked) ++m_content.creatorSignatures;
        m_content.endorsements += prepared.endorsementsChecked;
        std::tie(told.agrees, told.verdict) = compareWithRecorded(
            prepared, description, keyPolicyChangedBefore(block, description.summary.index));
    }

    std::vector<ConfigChange> configChanges(const protocol::Transaction& decoded) const {
        if (!decoded.config || decoded.config->message == nullptr) return {};
        return tellConfigChange(decoded.config->sequence == 0 ? nullptr : &m_bundle->config(),
                                decoded.config->message->config());
    }

    void definition(EvidenceDetails& details) {
        const std::string& contract = details.description.summary.contract;
        if (contract.empty() || contract == protocol::kLifecycleNamespace) return;
        const auto known = m_replay->contracts().find(contract, m_replay->state());
        if (!known.ok() || !(*known)->defined) return;
        details.definitionSequence = static_cast<std::uint64_t>((*known)->sequence);
        details.definitionVersion = (*known)->version;
        const protocol::LifecycleKey key{.kind = protocol::LifecycleKey::Kind::Definition,
                                         .chaincode = contract,
                                         .sequence = 0,
                                         .field = "Sequence"};
        const auto at = m_replay->state().version(protocol::kLifecycleNamespace, key.str());
        if (at.ok() && *at) details.definedAt = (*at)->block;
    }

    /// Puts message and signature into files of their own.
    EvidenceSignature writeSignature(const std::string& what, const std::string& name,
                                     Bytes message, BytesView signature, BytesView signer) {
        EvidenceSignature entry{.what = what,
                                .message = "signed/" + name + ".bin",
                                .signature = "signed/" + name + ".sig",
                                .certificate = m_certificates.add(what, signer, *m_bundle)};
        entry.size = message.size();
        m_content.files[entry.message] = std::move(message);
        m_content.files[entry.signature] = Bytes(signature);
        return entry;
    }

    void writeSignatures(const protocol::Block& block, std::size_t index,
                         const protocol::Transaction& decoded, EvidenceDetails& details) {
        const std::string name = fmt::format("block-{}-tx-{}", block.number(), index);
        EvidenceSignature own =
            writeSignature("creator", name + "-creator", Bytes(decoded.envelope.payload),
                           decoded.envelope.signature, decoded.signatureHeader.creator);
        own.good = creatorVerifies(decoded);
        if (m_fileBytesOf != block.number()) {
            m_fileBytes = block.serialize();
            m_fileBytesOf = block.number();
        }
        if (const std::size_t at = m_fileBytes.find(decoded.envelope.payload);
            at != Bytes::npos && !decoded.envelope.payload.empty())
            own.offset = at;
        details.signatures.push_back(std::move(own));
        if (decoded.actions.empty()) return;
        const protocol::TransactionAction& action = decoded.actions.front();
        for (std::size_t i = 0; i < action.endorsements.size(); ++i) {
            const protocol::Endorsement& endorsement = action.endorsements[i];
            EvidenceSignature one = writeSignature(
                "endorser", fmt::format("{}-endorser-{}", name, i + 1),
                protocol::endorsementMessage(action.responsePayload, endorsement.endorser),
                endorsement.signature, endorsement.endorser);
            if (i < details.description.endorsements.size()) {
                one.good = details.description.endorsements[i].counts;
                one.why = details.description.endorsements[i].why;
            }
            details.signatures.push_back(std::move(one));
        }
    }

    bool creatorVerifies(const protocol::Transaction& decoded) const {
        const auto identity = m_bundle->msps()->deserialize(decoded.signatureHeader.creator);
        return identity.ok() &&
               (*identity)->verify(decoded.envelope.payload, decoded.envelope.signature).ok();
    }

    void writeOrdererSignatures(const protocol::Block& block) {
        const auto metadata = block.ordererMetadata();
        if (!metadata.ok()) return;
        for (std::size_t i = 0; i < metadata->signatures.size(); ++i) {
            const protocol::OrdererSignature& signature = metadata->signatures[i];
            Bytes signer(signature.signatureHeader.creator);
            if (signature.identifier)
                for (const auto& consenter : m_bundle->ordererMapping())
                    if (consenter.id == signature.identifier->identifier)
                        signer = protocol::encodeSerializedIdentity(
                            {consenter.mspId.str(), consenter.identityPem});
            EvidenceSignature one = writeSignature(
                "orderer", fmt::format("block-{}-orderer-{}", block.number(), i + 1),
                block.signedMessage(*metadata, signature), signature.signature, signer);
            const auto refused = m_refusedOrderers.find(i);
            one.good = refused == m_refusedOrderers.end();
            if (!one.good) one.why = refused->second;
            m_block.signatures.push_back(std::move(one));
        }
    }

    bool claims(BlockNumber block) const {
        const auto at = m_claimed.lower_bound(WrittenAt{block, 0});
        return at != m_claimed.end() && at->block == block;
    }

    /// Always false.
    bool refuse(Sentence sentence) {
        add(std::move(sentence),
            {.block = m_block.description.summary.number, .file = m_block.file});
        return false;
    }

    void add(Sentence sentence, LedgerFinding finding) {
        tell(finding, std::move(sentence));
        m_content.findings.push_back(std::move(finding));
    }

    const std::set<WrittenAt>& m_claimed;
    std::stop_token m_stop;
    std::unique_ptr<LedgerReplay> m_replay;
    IdentityNames m_names;
    EvidenceCertificates m_certificates;
    EvidenceContent m_content;
    EvidenceBlock m_block;  ///< that is gone through
    channel::BundlePtr m_bundle;
    BlockNumber m_configBlock = 0;
    std::optional<BlockNumber> m_last;
    Bytes m_lastHash;
    std::map<std::size_t, Sentence> m_refusedOrderers;  ///< of this block
    std::set<WrittenAt> m_seen;
    std::optional<BlockNumber> m_fileBytesOf;
    Bytes m_fileBytes;
};

}  // namespace

Result<EvidenceContent> readEvidenceBlocks(const std::filesystem::path& blocks,
                                           const std::set<WrittenAt>& claimed,
                                           std::stop_token stop) {
    return Walk(claimed, std::move(stop)).run(blocks);
}

}  // namespace chancery::usecase
