#include "src/verify/OrdererSignatures.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/policy/Policy.h"
#include "src/policy/PolicyTree.h"

namespace chancery::verify {
namespace {

constexpr std::string_view kBlockValidation = "/Channel/Orderer/BlockValidation";

/// SerializedIdentity of the consenter with this number; empty when there is none.
Bytes consenterIdentity(const channel::Bundle& bundle, std::uint32_t id) {
    for (const auto& consenter : bundle.ordererMapping())
        if (consenter.id == id)
            return protocol::encodeSerializedIdentity(
                {consenter.mspId.str(), consenter.identityPem});
    return {};
}

/// The signatures as a policy counts them, with the bytes that they point to.
struct SignatureSet {
    std::vector<Bytes> messages, identities;
    std::vector<policy::SignedData> entries;
    std::vector<std::size_t> positions;  // of each entry among the block's signatures
};

}  // namespace

OrdererVerdict checkOrdererSignatures(const protocol::Block& block, const channel::Bundle& bundle) {
    OrdererVerdict verdict;
    const auto metadata = block.ordererMetadata();
    if (!metadata.ok()) {
        verdict.status = makeError(StatusCode::kInvalidArgument, "BAD_SIGNATURE_METADATA",
                                   messageOf(metadata.status()));
        return verdict;
    }
    // Consenters are named by number only where the channel's capability allows it.
    const bool byNumber = bundle.capabilities().consensusTypeBft;
    SignatureSet set;
    const std::size_t count = metadata->signatures.size();
    set.messages.reserve(count);
    set.identities.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto& signature = metadata->signatures[i];
        Bytes identity(signature.signatureHeader.creator);
        if (byNumber && signature.signatureHeaderBytes.empty() && signature.identifier) {
            identity = consenterIdentity(bundle, signature.identifier->identifier);
            if (identity.empty()) {
                verdict.refused.push_back(
                    {i, say("NO_SUCH_CONSENTER", "the channel has no consenter {consenter}",
                            {{"consenter", std::to_string(signature.identifier->identifier)}})});
                continue;
            }
        }
        set.messages.push_back(block.signedMessage(*metadata, signature));
        set.identities.push_back(std::move(identity));
        set.positions.push_back(i);
        set.entries.push_back({set.messages.back(), set.identities.back(), signature.signature});
    }

    const auto verified = policy::verifySignatures(set.entries, *bundle.msps());
    for (const auto& one : verified.verdicts) {
        if (one.identity != nullptr && !one.duplicate) ++verdict.checked;
        if (!one.accepted)
            verdict.refused.push_back({set.positions[one.index],
                                       one.duplicate
                                           ? say("SIGNED_ALREADY", "its signer has signed already")
                                           : sentenceOf(one.why)});
    }
    std::sort(verdict.refused.begin(), verdict.refused.end(),
              [](const auto& a, const auto& b) { return a.index < b.index; });

    const auto policy = bundle.policies().find(kBlockValidation);
    if (policy != nullptr && policy->isSatisfiedBy(verified.identities)) return verdict;
    std::string why = "the channel has no such policy";
    ErrorArguments arguments{{"policy", std::string(kBlockValidation)}};
    if (policy != nullptr) {
        const policy::Explanation explanation = policy->explain(verified.identities);
        why = policy::toSentence(explanation);
        arguments.emplace_back("have", std::to_string(explanation.have));
        arguments.emplace_back("needed", std::to_string(explanation.needed));
    }
    for (const auto& refused : verdict.refused)
        why += fmt::format("; signature {}: {}", refused.index, refused.why.english);
    if (count == 0) why += "; the block has no signature";
    verdict.status = makeError(
        StatusCode::kPermissionDenied, "POLICY_NOT_SATISFIED",
        fmt::format("The orderers' signatures do not meet {}: {}.", kBlockValidation, why),
        std::move(arguments));
    return verdict;
}

}  // namespace chancery::verify
