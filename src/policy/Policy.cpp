#include "src/policy/Policy.h"

#include <unordered_set>

#include "src/base/Encoding.h"

namespace chancery::policy {

namespace {

constexpr std::size_t kMaxListed = 8;
constexpr std::size_t kMaxNameBytes = 128;

}  // namespace

std::string nameOf(const identity::Identity& identity) {
    return fmt::format("{} ({})", printable(identity.certificate().commonName(), kMaxNameBytes),
                       printable(identity.mspId().str(), kMaxNameBytes));
}

VerifiedSignatures verifySignatures(std::span<const SignedData> set, const identity::MspSet& msps) {
    VerifiedSignatures result;
    result.verdicts.reserve(set.size());
    std::unordered_set<std::string> accepted;
    for (std::size_t i = 0; i < set.size(); ++i) {
        SignatureVerdict& verdict = result.verdicts.emplace_back();
        verdict.index = i;
        auto identity = msps.deserialize(set[i].identity);
        if (!identity.ok()) {
            verdict.why = std::move(identity).status();
            continue;
        }
        verdict.identity = *std::move(identity);
        // Fabric's key. Only who was accepted is skipped: a bad signature does not spoil a later
        // good one.
        std::string key = verdict.identity->mspId().str() + verdict.identity->identifier();
        if (accepted.contains(key)) {
            verdict.duplicate = true;
            continue;
        }
        verdict.why = verdict.identity->verify(set[i].data, set[i].signature);
        if (!verdict.why.ok()) continue;
        verdict.accepted = true;
        accepted.insert(std::move(key));
        result.identities.push_back(verdict.identity);
    }
    return result;
}

std::string rejectedOf(const VerifiedSignatures& signatures) {
    std::string text;
    std::size_t count = 0;
    for (const auto& verdict : signatures.verdicts) {
        if (verdict.accepted || ++count > kMaxListed) continue;
        const std::string who = verdict.identity ? " of " + nameOf(*verdict.identity) : "";
        const std::string_view why =
            verdict.duplicate ? "the same identity counts once" : messageOf(verdict.why);
        text += fmt::format("{}signature {}{} does not count: {}", text.empty() ? "" : "; ",
                            verdict.index + 1, who, why);
    }
    if (count > kMaxListed) text += fmt::format("; and {} more", count - kMaxListed);
    return text;
}

Status evaluate(const Policy& policy, std::span<const SignedData> set,
                const identity::MspSet& msps) {
    const VerifiedSignatures signatures = verifySignatures(set, msps);
    if (policy.isSatisfiedBy(signatures.identities)) return {};
    const Explanation explanation = policy.explain(signatures.identities);
    const std::string rejected = rejectedOf(signatures);
    return makeError(
        StatusCode::kPermissionDenied, "POLICY_NOT_SATISFIED",
        fmt::format("{}{}{}", toSentence(explanation), rejected.empty() ? "" : "; ", rejected),
        {{"have", fmt::format("{}", explanation.have)},
         {"needed", fmt::format("{}", explanation.needed)},
         {"missing", missingOf(explanation)},
         {"rejected", rejected}});
}

}  // namespace chancery::policy
