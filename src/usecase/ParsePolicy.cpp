#include "src/usecase/ParsePolicy.h"

#include <optional>

#include "fabric/common/policies.pb.h"
#include "src/policy/Principal.h"
#include "src/policy/SignaturePolicy.h"
#include "src/usecase/PolicyNodes.h"
#include "src/wire/Serialize.h"

namespace chancery::usecase {
namespace {

/// "ANY Writers": exactly two words with one space between, the first in capitals (fact sheet A
/// §3.4).
std::optional<::common::ImplicitMetaPolicy> implicitMeta(std::string_view text) {
    const std::size_t space = text.find(' ');
    if (space == std::string_view::npos || text.find(' ', space + 1) != std::string_view::npos)
        return std::nullopt;
    ::common::ImplicitMetaPolicy policy;
    ::common::ImplicitMetaPolicy_Rule rule{};
    if (!::common::ImplicitMetaPolicy_Rule_Parse(std::string(text.substr(0, space)), &rule))
        return std::nullopt;
    if (space + 1 == text.size()) return std::nullopt;
    policy.set_rule(rule);
    policy.set_sub_policy(std::string(text.substr(space + 1)));
    return policy;
}

ParsedPolicy describe(const ::common::ImplicitMetaPolicy& policy, std::string_view text) {
    ParsedPolicy parsed{.text = std::string(text),
                        .messageName = "common.ImplicitMetaPolicy",
                        .bytes = wire::serialize(policy)};
    const std::string_view part = policy.rule() == ::common::ImplicitMetaPolicy::ANY
                                      ? "any one organisation's"
                                  : policy.rule() == ::common::ImplicitMetaPolicy::ALL
                                      ? "every organisation's"
                                      : "more than half of the organisations'";
    parsed.tree = {.rule = parsed.text,
                   .phrase = fmt::format("{} own policy {}", part, policy.sub_policy())};
    return parsed;
}

}  // namespace

Result<ParsedPolicy> ParsePolicy::run(std::string_view text) const {
    if (const auto meta = implicitMeta(text)) return describe(*meta, text);
    ASSIGN_OR_RETURN(const ::common::SignaturePolicyEnvelope envelope,
                     policy::parsePolicyText(text));
    ParsedPolicy parsed{.text = policyText(envelope),
                        .tree = describePolicy(envelope),
                        .messageName = "common.SignaturePolicyEnvelope",
                        .bytes = wire::serialize(envelope)};
    for (const auto& principal : envelope.identities())
        parsed.principals.push_back(policy::describePrincipal(principal).rule);
    for (const MspId& id : organisationsOf(envelope)) parsed.organisations.push_back(id.str());
    return parsed;
}

}  // namespace chancery::usecase
