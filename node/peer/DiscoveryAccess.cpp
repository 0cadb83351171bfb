#include "node/peer/DiscoveryAccess.h"

#include <fmt/format.h>

#include <array>

#include "fabric/common/policies.pb.h"
#include "src/crypto/Digest.h"
#include "src/policy/StandardPolicies.h"

namespace chancery::node {
namespace {

constexpr std::string_view kWriters = "/Channel/Application/Writers";

/// The principal "a <role> of this MSP".
::common::MSPPrincipal principalOf(policy::Role role, const MspId& msp) {
    return policy::policyOfRole(1, role, {msp}).identities(0);
}

}  // namespace

DiscoveryAccess::DiscoveryAccess(identity::MspPtr localMsp, bool membersMayAskLocally,
                                 std::size_t cachedRequests, const Clock& clock)
    : m_localMsp(std::move(localMsp)),
      m_membersMayAskLocally(membersMayAskLocally),
      m_cachedRequests(cachedRequests),
      m_clock(clock),
      m_verdicts(std::max<std::size_t>(cachedRequests, 1)) {}

template <class Judge>
Status DiscoveryAccess::remembered(const std::string& scope, const policy::SignedData& request,
                                   Judge&& judge) {
    if (m_cachedRequests == 0) return judge();
    const std::string sizes =
        fmt::format("{}/{}/{}/", scope, request.identity.size(), request.signature.size());
    const Bytes key = crypto::sha256({sizes, request.identity, request.signature, request.data});
    if (auto known = m_verdicts.find(key)) return *std::move(known);
    Status verdict = judge();
    m_verdicts.insert(key, verdict);
    return verdict;
}

Status DiscoveryAccess::checkChannel(const channel::Bundle& bundle,
                                     const policy::SignedData& request) {
    // The certificate may expire while the verdict is remembered.
    ASSIGN_OR_RETURN(const auto identity, bundle.msps()->deserialize(request.identity));
    RETURN_IF_ERROR(identity::checkAtDoor(*identity, m_clock));
    const std::string scope = fmt::format("{}/{}", bundle.channelId().str(), bundle.sequence());
    return remembered(scope, request, [&] { return judgeChannel(bundle, request); });
}

Status DiscoveryAccess::judgeChannel(const channel::Bundle& bundle,
                                     const policy::SignedData& request) const {
    const auto writers = bundle.policies().find(kWriters);
    if (!writers)
        return makeError(StatusCode::kNotFound, "UNKNOWN_POLICY",
                         "the channel has no policy for writers");
    const auto verified = policy::verifySignatures(std::span(&request, 1), *bundle.msps());
    if (verified.identities.empty()) return verified.verdicts.front().why;
    if (writers->isSatisfiedBy(verified.identities)) return {};
    const identity::Identity& identity = *verified.identities.front();
    if (bundle.applicationOrgs().contains(identity.mspId()) &&
        bundle.msps()->isPrincipal(identity, principalOf(policy::Role::Peer, identity.mspId())))
        return {};
    return makeError(StatusCode::kPermissionDenied, "POLICY_NOT_SATISFIED",
                     policy::toSentence(writers->explain(verified.identities)));
}

Status DiscoveryAccess::checkLocal(const policy::SignedData& request) {
    if (!m_localMsp)
        return makeError(StatusCode::kPermissionDenied, "NO_LOCAL_MSP",
                         "queries without a channel are not answered here");
    ASSIGN_OR_RETURN(const auto identity, m_localMsp->deserialize(request.identity));
    RETURN_IF_ERROR(identity::checkAtDoor(*identity, m_clock));
    return remembered("", request, [&] { return judgeLocal(request); });
}

Status DiscoveryAccess::judgeLocal(const policy::SignedData& request) const {
    ASSIGN_OR_RETURN(const auto identity, m_localMsp->deserialize(request.identity));
    RETURN_IF_ERROR(m_localMsp->validate(*identity));
    const auto role = m_membersMayAskLocally ? policy::Role::Member : policy::Role::Admin;
    RETURN_IF_ERROR(m_localMsp->satisfies(*identity, principalOf(role, m_localMsp->mspId())));
    return identity->verify(request.data, request.signature);
}

}  // namespace chancery::node
