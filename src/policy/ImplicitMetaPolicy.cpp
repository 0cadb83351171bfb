#include "src/policy/ImplicitMetaPolicy.h"

#include "fabric/common/policies.pb.h"
#include "src/base/Encoding.h"

namespace chancery::policy {

namespace {

using Definition = common::ImplicitMetaPolicy;

constexpr std::size_t kMaxSubPolicyBytes = 128;

std::string ruleName(Definition::Rule rule) {
    return Definition::Rule_IsValid(rule) ? Definition::Rule_Name(rule)
                                          : fmt::format("unknown rule {}", static_cast<int>(rule));
}

}  // namespace

ImplicitMetaPolicy::ImplicitMetaPolicy(const ::common::ImplicitMetaPolicy& definition,
                                       std::vector<Child> children)
    : m_rule(fmt::format("{} {}", ruleName(definition.rule()),
                         printable(definition.sub_policy(), kMaxSubPolicyBytes))),
      m_subPolicy(definition.sub_policy()),
      m_children(std::move(children)),
      m_hasKnownRule(Definition::Rule_IsValid(definition.rule())) {
    if (m_children.empty()) return;  // nobody to ask: always satisfied, whatever the rule
    if (definition.rule() == Definition::ANY) m_threshold = 1;
    if (definition.rule() == Definition::ALL) m_threshold = m_children.size();
    if (definition.rule() == Definition::MAJORITY) m_threshold = m_children.size() / 2 + 1;
}

// Fabric counts down from the threshold and compares with zero at the end. With a rule that it does
// not know the threshold is 0, so that each satisfied child makes it fail; every node has to agree
// with that.
bool ImplicitMetaPolicy::enough(std::size_t satisfied) const {
    return m_hasKnownRule || m_children.empty() ? satisfied >= m_threshold : satisfied == 0;
}

bool ImplicitMetaPolicy::isSatisfiedBy(std::span<const identity::IdentityPtr> identities) const {
    std::size_t satisfied = 0;
    for (const auto& child : m_children) {
        if (child.policy && child.policy->isSatisfiedBy(identities)) ++satisfied;
        if (m_hasKnownRule && satisfied >= m_threshold) return true;
    }
    return enough(satisfied);
}

Explanation ImplicitMetaPolicy::explain(std::span<const identity::IdentityPtr> identities) const {
    Explanation result{.rule = m_rule, .needed = m_threshold};
    for (const auto& child : m_children) {
        if (child.policy) {
            result.parts.push_back(child.policy->explain(identities));
        } else {
            const std::string name =
                fmt::format("{}/{}", printable(child.path, 2 * kMaxSubPolicyBytes),
                            printable(m_subPolicy, kMaxSubPolicyBytes));
            result.parts.push_back(
                {.rule = name,
                 .needed = 1,
                 .why = "there is no such policy",
                 .reasons = {say("NO_SUCH_POLICY_HERE", "there is no such policy")},
                 .phrase = name + ", which does not exist"});
        }
        if (result.parts.back().satisfied) ++result.have;
    }
    result.satisfied = enough(result.have);
    if (!result.satisfied && !m_hasKnownRule)
        result.reasons = {say("META_RULE_UNKNOWN",
                              "{rule} lets nothing pass once a sub-policy is satisfied",
                              {{"rule", m_rule}})};
    if (!result.reasons.empty()) result.why = result.reasons.front().english;
    return result;
}

bool ImplicitMetaPolicy::canBeSatisfiedBy(const OrganisationPredicate& available) const {
    if (!m_hasKnownRule) return isSatisfiedBy({});
    std::size_t satisfiable = 0;
    for (const auto& child : m_children)
        if (child.policy && child.policy->canBeSatisfiedBy(available)) ++satisfiable;
    return satisfiable >= m_threshold;
}

void ImplicitMetaPolicy::addOrganisations(std::set<MspId>& organisations) const {
    for (const auto& child : m_children)
        if (child.policy) child.policy->addOrganisations(organisations);
}

Result<::common::ImplicitMetaPolicy> parseImplicitMetaText(std::string_view text) {
    const auto bad = [](std::size_t offset, const std::string& problem) {
        return makeError(StatusCode::kInvalidArgument, "BAD_POLICY_TEXT",
                         fmt::format("at byte {}: {}", offset, problem),
                         {{"offset", fmt::format("{}", offset)}, {"problem", problem}});
    };
    const std::size_t space = text.find(' ');
    const std::string_view rule = text.substr(0, space);
    Definition result;
    if (rule == "ANY")
        result.set_rule(Definition::ANY);
    else if (rule == "ALL")
        result.set_rule(Definition::ALL);
    else if (rule == "MAJORITY")
        result.set_rule(Definition::MAJORITY);
    else
        return bad(
            0,
            fmt::format("expected ANY, ALL or MAJORITY, found '{}'; an example is MAJORITY Admins",
                        printable(rule, 40)));
    if (space == std::string_view::npos || space + 1 == text.size())
        return bad(
            text.size(),
            fmt::format(
                "expected a space and the name of the sub-policy behind {0}, such as {0} Readers",
                rule));
    const std::string_view name = text.substr(space + 1);
    if (const std::size_t second = name.find(' '); second != std::string_view::npos)
        return bad(space + 1 + second, second == 0
                                           ? "one space between the rule and the name is all"
                                           : "the name of the sub-policy is one word");
    if (!isUtf8(name)) return bad(space + 1, "the name of the sub-policy is not UTF-8");
    result.set_sub_policy(std::string(name));
    return result;
}

Result<std::string> printImplicitMetaText(const ::common::ImplicitMetaPolicy& policy) {
    std::string text = fmt::format("{} {}", ruleName(policy.rule()), policy.sub_policy());
    const auto again = parseImplicitMetaText(text);
    if (!again.ok())
        return makeError(
            StatusCode::kInvalidArgument, "POLICY_HAS_NO_TEXT",
            fmt::format("the policy cannot be written as text: {}", messageOf(again.status())));
    return text;
}

}  // namespace chancery::policy
