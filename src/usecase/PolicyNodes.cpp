#include "src/usecase/PolicyNodes.h"

#include "fabric/common/policies.pb.h"
#include "src/policy/Principal.h"
#include "src/policy/RuleTree.h"
#include "src/policy/SignaturePolicy.h"

namespace chancery::usecase {
namespace {

PolicyNode nodeAt(const policy::RuleTree& tree, std::size_t at) {
    const policy::Rule& rule = tree.rules[at];
    if (!rule.isGate()) {
        const policy::PrincipalWords words =
            policy::describePrincipal(tree.principals[rule.principal]);
        return {.rule = words.rule, .phrase = words.phrase, .needed = 1};
    }
    PolicyNode node{.needed = static_cast<std::size_t>(std::max<std::int32_t>(rule.needed, 0))};
    for (std::size_t child = at + 1; child < rule.end; child = tree.rules[child].end)
        node.parts.push_back(nodeAt(tree, child));
    node.rule = fmt::format("{} of {}", rule.needed, node.parts.size());
    return node;
}

std::string inOneLine(const PolicyNode& node) {
    if (node.parts.empty()) return node.rule;
    std::string parts;
    for (const PolicyNode& part : node.parts)
        parts += (parts.empty() ? "" : ", ") + inOneLine(part);
    return fmt::format("{} ({})", node.rule, parts);
}

}  // namespace

PolicyNode describePolicy(const ::common::SignaturePolicyEnvelope& envelope) {
    const auto tree = policy::flattenRules(envelope, policy::VersionRule::Ignored);
    if (!tree.ok()) return {.rule = std::string(messageOf(tree.status()))};
    return nodeAt(*tree, 0);
}

std::string policyText(const ::common::SignaturePolicyEnvelope& envelope) {
    auto text = policy::printPolicyText(envelope);
    if (text.ok()) return *std::move(text);
    return inOneLine(describePolicy(envelope));
}

std::set<MspId> organisationsOf(const ::common::SignaturePolicyEnvelope& envelope) {
    std::set<MspId> organisations;
    for (const auto& principal : envelope.identities()) {
        const policy::PrincipalScope scope = policy::scopeOf(principal);
        if (scope.reach == policy::PrincipalReach::OneMsp) organisations.insert(scope.mspId);
    }
    return organisations;
}

}  // namespace chancery::usecase
