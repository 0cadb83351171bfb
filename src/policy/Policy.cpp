#include "src/policy/Policy.h"

#include "src/base/Encoding.h"

namespace chancery::policy {

namespace {

constexpr std::size_t kMaxVerdicts = 8;
constexpr std::size_t kMaxNameBytes = 128;

/// Who was accepted so far, by MSP id and identifier as Fabric's key is. A few are looked through
/// faster than hashed.
class AcceptedIdentities {
public:
    explicit AcceptedIdentities(std::span<const identity::IdentityPtr> accepted)
        : m_list(accepted) {}

    bool contains(const identity::Identity& identity) const {
        if (!m_large.empty()) return m_large.contains(keyOf(identity));
        return std::any_of(m_list.begin(), m_list.end(),
                           [&identity](const identity::IdentityPtr& other) {
                               return other->identifier() == identity.identifier() &&
                                      other->mspId() == identity.mspId();
                           });
    }
    void update(std::span<const identity::IdentityPtr> accepted) {
        const std::size_t indexed = m_large.size();
        m_list = accepted;
        if (m_list.size() <= kMaxListed) return;
        for (std::size_t i = indexed; i < m_list.size(); ++i) m_large.insert(keyOf(*m_list[i]));
    }

private:
    using Key = std::pair<std::string_view, std::string_view>;
    static Key keyOf(const identity::Identity& identity) {
        return {identity.identifier(), identity.mspId().str()};
    }

    static constexpr std::size_t kMaxListed = 16;
    std::span<const identity::IdentityPtr> m_list;
    std::set<Key> m_large;  // all of them, once there are many
};

}  // namespace

std::string nameOf(const identity::Identity& identity) {
    return fmt::format("{} ({})", printable(identity.certificate().commonName(), kMaxNameBytes),
                       printable(identity.mspId().str(), kMaxNameBytes));
}

VerifiedSignatures verifySignatures(std::span<const SignedData> set, const identity::MspSet& msps,
                                    const KnownSignatures* known) {
    VerifiedSignatures result;
    result.verdicts.reserve(set.size());
    AcceptedIdentities accepted(result.identities);
    for (std::size_t i = 0; i < set.size(); ++i) {
        SignatureVerdict& verdict = result.verdicts.emplace_back();
        verdict.index = i;
        auto identity = msps.deserialize(set[i].identity);
        if (!identity.ok()) {
            verdict.why = std::move(identity).status();
            continue;
        }
        verdict.identity = *std::move(identity);
        // Only who was accepted is skipped: a bad signature does not spoil a later good one.
        if (accepted.contains(*verdict.identity)) {
            verdict.duplicate = true;
            continue;
        }
        if (known == nullptr || !known->contains(set[i]))
            verdict.why = verdict.identity->verify(set[i].data, set[i].signature);
        if (!verdict.why.ok()) continue;
        verdict.accepted = true;
        result.identities.push_back(verdict.identity);
        accepted.update(result.identities);
    }
    return result;
}

std::string rejectedOf(const VerifiedSignatures& signatures) {
    std::string text;
    std::size_t count = 0;
    for (const auto& verdict : signatures.verdicts) {
        if (verdict.accepted || ++count > kMaxVerdicts) continue;
        const std::string who = verdict.identity ? " of " + nameOf(*verdict.identity) : "";
        const std::string_view why =
            verdict.duplicate ? "the same identity counts once" : messageOf(verdict.why);
        text += fmt::format("{}signature {}{} does not count: {}", text.empty() ? "" : "; ",
                            verdict.index + 1, who, why);
    }
    if (count > kMaxVerdicts) text += fmt::format("; and {} more", count - kMaxVerdicts);
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
