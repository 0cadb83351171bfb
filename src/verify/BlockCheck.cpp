#include "src/verify/BlockCheck.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/verify/BlockVerifier.h"
#include "src/verify/Container.h"
#include "src/verify/Der.h"
#include "src/verify/OrdererSignatures.h"

namespace chancery::verify {
namespace {

using protocol::MetadataSlot;

/// Collects what is wrong with one block.
class Checker {
public:
    Checker(const protocol::SourcedBlock& sourced, BlockCheck& out)
        : m_sourced(sourced), m_block(sourced.block), m_out(out) {}

    void run(const ChannelId& channel, const channel::Bundle* bundle) {
        m_out.hash = m_block.header().hash();
        checkForm(channel);
        if (!isCanonical(m_sourced))
            add(Severity::Error, "NON_CANONICAL_BLOCK",
                "The block is not written as Fabric writes blocks: its container holds other bytes "
                "than its contents ask for.");
        checkSlots();
        if (m_block.number() == 0)
            checkGenesisSlots();
        else if (bundle != nullptr)
            checkSignatures(*bundle);
    }

private:
    void checkForm(const ChannelId& channel) {
        Status form = checkBlockForm(m_block, channel);
        // Which channel it is may still be open.
        if (channel.empty() && reasonOf(form) == "OTHER_CHANNEL")
            form = checkBlockForm(m_block, ChannelId(argumentOf(form, "actual")));
        if (form.ok()) return;
        add(Severity::Error, sentenceOf(form));
        if (const auto at = argumentOf(form, "transaction"); !at.empty())
            m_out.findings.back().transaction = std::stoul(at);
    }

    void checkSlots() {
        const auto& entries = m_block.metadataEntries();
        if (m_block.hasMetadata() && entries.size() != protocol::kMetadataSlots)
            add(Severity::Warning,
                say("WRONG_SLOT_COUNT", "The block has {count} metadata slots instead of {right}.",
                    {{"count", std::to_string(entries.size())},
                     {"right", std::to_string(protocol::kMetadataSlots)}}));
        if (!m_block.metadata(MetadataSlot::Orderer).empty())
            add(Severity::Warning, "ORDERER_SLOT_USED",
                "Metadata slot 3 is not empty; nothing vouches for what stands in it.");
        checkSignatureSlot();
        checkCommitHashSlot();
    }

    void checkSignatureSlot() {
        const auto metadata = m_block.ordererMetadata();
        if (!metadata.ok()) {
            add(Severity::Error,
                say("BAD_SIGNATURE_METADATA", "{why}", {}, sentenceOf(metadata.status())));
            return;
        }
        const BytesView entry = m_block.metadata(MetadataSlot::Signatures);
        if (canonicalSignatures(*metadata) != entry)
            add(Severity::Error, "NON_CANONICAL_METADATA",
                "Metadata slot 0 holds bytes that do not belong to the orderers' signatures.");
        for (std::size_t i = 0; i < metadata->signatures.size(); ++i)
            if (const std::size_t extra = bytesBehindDer(metadata->signatures[i].signature))
                add(Severity::Warning,
                    say("BYTES_BEHIND_SIGNATURE",
                        "{bytes} bytes stand behind orderer signature {signature}; nothing vouches "
                        "for them.",
                        {{"bytes", std::to_string(extra)}, {"signature", std::to_string(i)}}));
        // Orderers of Fabric before 1.4.1 say it in slot 1 only.
        const BytesView deprecated = m_block.metadata(MetadataSlot::LastConfig);
        const auto last = m_block.lastConfig();
        if (!last.ok()) {
            add(Severity::Error, say("BAD_LAST_CONFIG", "{why}", {}, sentenceOf(last.status())));
            return;
        }
        m_out.signaturesRead = true;
        m_out.lastConfig = *last;
        if (!deprecated.empty() && deprecated != canonicalLastConfig(*last) &&
            metadata->hasLastConfig)
            add(Severity::Error,
                say("LAST_CONFIG_DIFFERS",
                    "Metadata slot 1 does not name block {expected} as the last configuration, as "
                    "the orderers' signed metadata do.",
                    {{"expected", std::to_string(*last)}}));
    }

    void checkCommitHashSlot() {
        const BytesView entry = m_block.metadata(MetadataSlot::CommitHash);
        if (entry.empty()) return;
        const auto hash = m_block.commitHash();
        if (!hash.ok())
            add(Severity::Error, say("BAD_COMMIT_HASH", "{why}", {}, sentenceOf(hash.status())));
        else if (canonicalValue(*hash) != entry)
            add(Severity::Error, "NON_CANONICAL_METADATA",
                "Metadata slot 4 holds bytes that do not belong to the commit hash.");
    }

    /// The first block's metadata can only be what every tool writes there.
    void checkGenesisSlots() {
        const BytesView signatures = m_block.metadata(MetadataSlot::Signatures);
        static const Bytes written("\x0a\x02\x0a\x00", 4);
        const bool usual = signatures.empty() || signatures == written;
        if (!usual || !m_block.metadata(MetadataSlot::CommitHash).empty() ||
            !m_block.metadata(MetadataSlot::LastConfig).empty())
            add(Severity::Warning, "GENESIS_METADATA",
                "The first block has metadata that tools do not write; nothing vouches for them.");
    }

    void checkSignatures(const channel::Bundle& bundle) {
        const OrdererVerdict verdict = checkOrdererSignatures(m_block, bundle);
        m_out.signaturesChecked = verdict.checked;
        if (!verdict.status.ok()) {
            // Metadata that cannot be read are told already.
            if (reasonOf(verdict.status) != "BAD_SIGNATURE_METADATA")
                add(Severity::Error, {std::string(messageOf(verdict.status)),
                                      "ORDERER_POLICY_NOT_SATISFIED", argumentsOf(verdict.status)});
            return;
        }
        for (const auto& refused : verdict.refused)
            add(Severity::Warning,
                say("ORDERER_SIGNATURE_REFUSED",
                    "Orderer signature {signature} does not count: {why}. The others are enough.",
                    {{"signature", std::to_string(refused.index)}}, refused.why));
    }

    void add(Severity severity, std::string_view reason, std::string_view sentence) {
        add(severity, say(reason, sentence));
    }
    void add(Severity severity, Sentence sentence) {
        m_out.findings.push_back(findingAbout(m_sourced, severity, std::move(sentence)));
    }

    const protocol::SourcedBlock& m_sourced;
    const protocol::Block& m_block;
    BlockCheck& m_out;
};

}  // namespace

BlockCheck checkBlock(const protocol::SourcedBlock& block, const ChannelId& channel,
                      const channel::Bundle* bundle) {
    BlockCheck check;
    Checker(block, check).run(channel, bundle);
    return check;
}

Finding findingAbout(const protocol::SourcedBlock& block, Severity severity, Sentence sentence) {
    Finding finding;
    finding.severity = severity;
    tell(finding, std::move(sentence));
    finding.block = block.block.number();
    finding.file = block.file;
    if (block.size > 0) finding.bytes = ByteRange{block.offset, block.offset + block.size};
    return finding;
}

}  // namespace chancery::verify
