#include "src/policy/RuleTree.h"

#include "fabric/common/policies.pb.h"

namespace chancery::policy {

namespace {

Status badRuleTree(const std::string& path, std::string_view problem) {
    return makeError(StatusCode::kInvalidArgument, "BAD_POLICY",
                     fmt::format("{}: {}", path, problem),
                     {{"path", path}, {"problem", std::string(problem)}});
}

class Flattening {
public:
    explicit Flattening(const common::SignaturePolicyEnvelope& envelope) : m_envelope(envelope) {
        m_numbers.assign(static_cast<std::size_t>(envelope.identities_size()), Rule::kGate);
    }

    Status append(const common::SignaturePolicy& rule, int level) {
        if (level > kMaxPolicyDepth)
            return fail("", fmt::format("nested deeper than {} levels", kMaxPolicyDepth));
        if (m_tree.rules.size() == kMaxPolicyRules)
            return fail("", fmt::format("more than {} rules", kMaxPolicyRules));
        if (rule.has_n_out_of()) return appendGate(rule.n_out_of(), level);
        if (rule.has_signed_by()) return appendLeaf(rule.signed_by());
        return fail("", "neither a gate nor a principal");
    }

    RuleTree finish() && { return std::move(m_tree); }

private:
    Status appendGate(const common::SignaturePolicy::NOutOf& gate, int level) {
        const std::size_t at = m_tree.rules.size();
        m_tree.rules.push_back({.needed = gate.n()});
        for (int i = 0; i < gate.rules_size(); ++i) {
            m_path.push_back(i);
            RETURN_IF_ERROR(append(gate.rules(i), level + 1));
            m_path.pop_back();
        }
        m_tree.rules[at].end = static_cast<std::uint32_t>(m_tree.rules.size());
        return {};
    }

    Status appendLeaf(std::int32_t index) {
        if (index < 0 || index >= m_envelope.identities_size())
            return fail(".signed_by", fmt::format("points at principal {}, but the policy lists {}",
                                                  index, m_envelope.identities_size()));
        const auto at = static_cast<std::uint32_t>(m_tree.rules.size());
        m_tree.rules.push_back({.principal = numberOf(index), .end = at + 1});
        return {};
    }

    // Equal principals share a number, so that each is checked once per identity.
    std::uint32_t numberOf(std::int32_t index) {
        std::uint32_t& number = m_numbers[static_cast<std::size_t>(index)];
        if (number != Rule::kGate) return number;
        const auto& principal = m_envelope.identities(index);
        const auto [found, isNew] = m_known.try_emplace(
            {principal.principal_classification(), std::string_view(principal.principal())},
            static_cast<std::uint32_t>(m_tree.principals.size()));
        if (isNew) {
            m_tree.principals.push_back(principal);
            m_tree.envelopeIndex.push_back(static_cast<std::uint32_t>(index));
        }
        return number = found->second;
    }

    Status fail(std::string_view field, std::string_view problem) const {
        std::string path = "rule";
        for (const int step : m_path) path += fmt::format(".n_out_of.rules[{}]", step);
        return badRuleTree(path + std::string(field), problem);
    }

    const common::SignaturePolicyEnvelope& m_envelope;
    RuleTree m_tree;
    std::vector<std::uint32_t> m_numbers;  // of m_envelope.identities, kGate while not seen
    std::map<std::pair<int, std::string_view>, std::uint32_t> m_known;
    std::vector<int> m_path;
};

}  // namespace

std::size_t RuleTree::childCount(std::size_t gate) const {
    std::size_t count = 0;
    for (std::size_t child = gate + 1; child < rules[gate].end; child = rules[child].end) ++count;
    return count;
}

Result<RuleTree> flattenRules(const common::SignaturePolicyEnvelope& envelope,
                              VersionRule versionRule) {
    if (versionRule == VersionRule::MustBeZero && envelope.version() != 0)
        return badRuleTree("version", fmt::format("is {}, only 0 is known", envelope.version()));
    if (static_cast<std::size_t>(envelope.identities_size()) > kMaxPolicyRules)
        return badRuleTree("identities", fmt::format("more than {} principals", kMaxPolicyRules));
    if (!envelope.has_rule()) return badRuleTree("rule", "missing");
    Flattening flattening(envelope);
    RETURN_IF_ERROR(flattening.append(envelope.rule(), 1));
    return std::move(flattening).finish();
}

}  // namespace chancery::policy
