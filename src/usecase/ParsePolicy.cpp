#include "src/usecase/ParsePolicy.h"

#include "fabric/common/policies.pb.h"
#include "src/policy/ImplicitMetaPolicy.h"
#include "src/policy/Principal.h"
#include "src/policy/SignaturePolicy.h"
#include "src/usecase/PolicyNodes.h"
#include "src/wire/Serialize.h"

namespace chancery::usecase {
namespace {

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
    if (const auto meta = policy::parseImplicitMetaText(text); meta.ok())
        return describe(*meta, text);
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
