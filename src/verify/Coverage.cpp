#include "src/verify/Coverage.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/protocol/Block.h"
#include "src/verify/Der.h"

namespace chancery::verify {
namespace {

constexpr std::string_view kEncoding =
    "Tags and lengths around contents: a block is only accepted in the form in which Fabric writes "
    "it.";

}  // namespace

std::string_view nameOf(CoveredBy by) {
    switch (by) {
        case CoveredBy::HeaderHash:
            return "header hash";
        case CoveredBy::DataHash:
            return "data hash";
        case CoveredBy::OrdererSignature:
            return "orderer signature";
        case CoveredBy::LastConfigCopy:
            return "last configuration";
        case CoveredBy::Codes:
            return "validation codes";
        case CoveredBy::CommitHash:
            return "commit hash";
        case CoveredBy::GenesisForm:
            return "form of the first block";
        case CoveredBy::Encoding:
            return "encoding";
        case CoveredBy::Nothing:
            return "nothing";
    }
    return "nothing";
}

/// Places the contents; what is left between them is encoding.
class Coverage::Builder {
public:
    Builder(BytesView bytes, const protocol::Block& block, const Scope& scope)
        : m_bytes(bytes), m_block(block), m_scope(scope), m_isGenesis(block.number() == 0) {}

    std::vector<CoveredSpan> build() {
        addHeader();
        for (std::size_t i = 0; i < m_block.envelopes().size(); ++i)
            add(m_block.envelopes()[i], fmt::format("data[{}]", i), CoveredBy::DataHash,
                "The data hash of the header covers all transactions.");
        for (std::size_t i = 0; i < m_block.metadataEntries().size(); ++i) addSlot(i);
        return fillGaps();
    }

private:
    void addHeader() {
        const auto& header = m_block.header();
        const auto [by, why] = headerCover();
        add(header.previousHash, "header.previous_hash", by, why);
        add(header.dataHash, "header.data_hash", CoveredBy::HeaderHash,
            "The data hash is that of the transactions.");
    }

    std::pair<CoveredBy, std::string> headerCover() const {
        const BlockNumber number = m_block.number();
        if (m_scope.linkBefore(number) || m_scope.linkBehind(number) ||
            m_scope.signaturesAt(number))
            return {CoveredBy::HeaderHash,
                    "The header names the hash of the block before, its own hash is named by the "
                    "block behind, and the orderers sign it."};
        return {CoveredBy::Nothing,
                "Neither the block before nor the block behind is there, and no configuration is "
                "known to check the orderers' signatures."};
    }

    void addSlot(std::size_t slot) {
        const BytesView entry = m_block.metadataEntries()[slot];
        const std::string part = fmt::format("metadata[{}]", slot);
        switch (slot) {
            case 0:
                return addSignatures(entry, part);
            case 1:
                return addLastConfig(entry, part);
            case 2:
                return addCodes(entry, part);
            case 4:
                return addCommitHash(entry, part);
            default:
                add(entry, part, CoveredBy::Nothing,
                    "No rule says what stands in this metadata slot, and nobody signs it.");
        }
    }

    void addSignatures(BytesView entry, const std::string& part) {
        if (m_isGenesis)
            return add(entry, part, CoveredBy::GenesisForm,
                       "The first block has no signatures; only the usual empty form passes.");
        const auto metadata = m_block.ordererMetadata();
        if (!metadata.ok())
            return add(entry, part, CoveredBy::Encoding,
                       "The signatures of the block cannot be decoded.");
        const auto [by, why] = signatureCover();
        add(metadata->value, part + ".value", by, why);
        for (std::size_t i = 0; i < metadata->signatures.size(); ++i) {
            const auto& signature = metadata->signatures[i];
            const std::string one = fmt::format("{}.signatures[{}]", part, i);
            add(signature.signatureHeaderBytes, one + ".signature_header", by, why);
            add(signature.identifierHeaderBytes, one + ".identifier_header", by, why);
            const std::size_t extra = bytesBehindDer(signature.signature);
            const std::size_t size = signature.signature.size() - extra;
            add(signature.signature.substr(0, size), one + ".signature", by, why);
            add(signature.signature.substr(size), one + ".signature", CoveredBy::Nothing,
                "Verifiers ignore bytes behind a signature.");
        }
    }

    std::pair<CoveredBy, std::string> signatureCover() const {
        if (m_scope.signaturesAt(m_block.number()))
            return {CoveredBy::OrdererSignature, "Every signature of the block is checked."};
        return {CoveredBy::Nothing,
                "No channel configuration is known, so signatures are not checked."};
    }

    void addLastConfig(BytesView entry, const std::string& part) {
        if (m_isGenesis)
            return add(entry, part, CoveredBy::GenesisForm, "It is empty in the first block.");
        const auto metadata = m_block.ordererMetadata();
        if (metadata.ok() && metadata->hasLastConfig)
            return add(
                entry, part, CoveredBy::LastConfigCopy,
                "The slot repeats the last configuration of slot 0 and is compared with it.");
        add(entry, part, CoveredBy::Nothing,
            "The orderers' signed metadata do not name the last configuration, as before Fabric "
            "1.4.1.");
    }

    void addCodes(BytesView entry, const std::string& part) {
        if (m_scope.codesAt(m_block.number()))
            return add(entry, part, CoveredBy::Codes, "Validation codes are recomputed.");
        if (m_scope.commitHashAt(m_block.number()))
            return add(entry, part, CoveredBy::CommitHash,
                       "The commit hash covers the validation codes.");
        add(entry, part, CoveredBy::Nothing,
            "Peers write validation codes themselves; here neither codes nor commit hashes could "
            "be recomputed.");
    }

    void addCommitHash(BytesView entry, const std::string& part) {
        if (m_isGenesis)
            return add(entry, part, CoveredBy::GenesisForm, "It is empty in the first block.");
        if (m_scope.commitHashAt(m_block.number()) || commitHashUsed())
            return add(entry, part, CoveredBy::CommitHash, "Commit hashes are recomputed.");
        add(entry, part, CoveredBy::Nothing,
            "Peers write the commit hash themselves; here it could not be recomputed.");
    }

    /// The next block's commit hash is computed with this one.
    bool commitHashUsed() const {
        return m_scope.linkBehind(m_block.number()) && m_scope.commitHashAt(m_block.number() + 1);
    }

    void add(BytesView content, std::string part, CoveredBy by, std::string why) {
        if (content.empty()) return;
        const auto begin = static_cast<std::uint64_t>(content.data() - m_bytes.data());
        m_spans.push_back({begin, begin + content.size(), std::move(part), by, std::move(why)});
    }

    std::vector<CoveredSpan> fillGaps() {
        std::sort(m_spans.begin(), m_spans.end(),
                  [](const auto& a, const auto& b) { return a.begin < b.begin; });
        std::vector<CoveredSpan> all;
        std::uint64_t at = 0;
        const auto gap = [&](std::uint64_t to) {
            if (to <= at) return;
            // The block's number stands before its first content.
            const auto [by, why] = headerCover();
            const bool isNumber = all.empty() && by == CoveredBy::Nothing;
            all.push_back({at, to, all.empty() ? "header.number" : "encoding",
                           isNumber ? by : CoveredBy::Encoding,
                           isNumber ? why : std::string(kEncoding)});
        };
        for (CoveredSpan& span : m_spans) {
            if (span.begin < at) continue;  // repeated in the container, which is not canonical
            gap(span.begin);
            at = span.end;
            all.push_back(std::move(span));
        }
        gap(m_bytes.size());
        return all;
    }

    BytesView m_bytes;
    const protocol::Block& m_block;
    const Scope& m_scope;
    bool m_isGenesis;
    std::vector<CoveredSpan> m_spans;
};

Result<Coverage> Coverage::of(const protocol::SharedBytes& bytes, Container container,
                              const Scope& scope) {
    ASSIGN_OR_RETURN(const protocol::Block block, container == Container::Message
                                                      ? protocol::Block::parse(bytes)
                                                      : protocol::decodeBlockRecord(bytes));
    Coverage coverage;
    coverage.m_spans = Builder(bytes.view(), block, scope).build();
    return coverage;
}

const CoveredSpan& Coverage::at(std::uint64_t offset) const {
    const auto behind = std::upper_bound(
        m_spans.begin(), m_spans.end(), offset,
        [](std::uint64_t value, const CoveredSpan& span) { return value < span.begin; });
    return *std::prev(behind);
}

std::uint64_t Coverage::uncovered() const {
    std::uint64_t bytes = 0;
    for (const CoveredSpan& span : m_spans)
        if (span.by == CoveredBy::Nothing) bytes += span.end - span.begin;
    return bytes;
}

}  // namespace chancery::verify
