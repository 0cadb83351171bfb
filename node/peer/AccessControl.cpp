#include "node/peer/AccessControl.h"

#include "fabric/msp/msp_principal.pb.h"
#include "src/channel/Acl.h"
#include "src/wire/Serialize.h"

namespace chancery::node {
namespace {

Status denied(std::string_view reason, std::string sentence) {
    return makeError(StatusCode::kPermissionDenied, reason, sentence);
}

}  // namespace

Status AccessControl::check(std::string_view resource, const ExecutionChannel* channel,
                            BytesView creator) const {
    switch (channel::defaultAccess(resource)) {
        case channel::DefaultAccess::LocalAdmins:
            return checkLocal(Role::Admins, creator);
        case channel::DefaultAccess::LocalMembers:
            return checkLocal(Role::Members, creator);
        default:
            break;
    }
    if (channel == nullptr)
        return denied("NO_SUCH_CHANNEL",
                      fmt::format("Failed to get policy manager for the channel of {}", resource));
    const std::string policy = channel->bundle()->policyOfResource(resource);
    if (policy.empty())
        return denied("UNKNOWN_RESOURCE", fmt::format("Unmapped policy for {}", resource));
    const Status allowed = channel->checkPolicy(policy, creator);
    if (allowed.ok()) return {};
    return makeError(StatusCode::kPermissionDenied, reasonOf(allowed),
                     fmt::format("Failed evaluating policy on signed data during check policy on "
                                 "channel [{}] with policy [{}]: [{}]",
                                 channel->channelId().str(), policy, messageOf(allowed)),
                     argumentsOf(allowed));
}

Status AccessControl::checkLocal(Role role, BytesView creator) const {
    const std::string_view name = role == Role::Admins ? "Admins" : "Members";
    const auto identity = m_msp->deserialize(creator);
    if (!identity.ok())
        return denied("NOT_LOCAL",
                      fmt::format("Failed deserializing proposal creator during channelless check "
                                  "policy with policy [{}]: [{}]",
                                  name, messageOf(identity.status())));
    ::common::MSPRole wanted;
    wanted.set_msp_identifier(m_msp->mspId().str());
    wanted.set_role(role == Role::Admins ? ::common::MSPRole::ADMIN : ::common::MSPRole::MEMBER);
    ::common::MSPPrincipal principal;
    principal.set_principal_classification(::common::MSPPrincipal::ROLE);
    principal.set_principal(wire::serialize(wanted));
    const Status is = m_msp->satisfies(**identity, principal);
    if (is.ok()) return {};
    return denied("POLICY_NOT_SATISFIED",
                  fmt::format("Failed verifying that proposal's creator satisfies local MSP "
                              "principal during channelless check policy with policy [{}]: [{}]",
                              name, messageOf(is)));
}

}  // namespace chancery::node
