#include "src/policy/StandardPolicies.h"

#include "fabric/common/policies.pb.h"
#include "fabric/msp/identities.pb.h"
#include "src/wire/Serialize.h"

namespace chancery::policy {

namespace {

common::MSPRole::MSPRoleType toProto(Role role) {
    switch (role) {
        case Role::Admin:
            return common::MSPRole::ADMIN;
        case Role::Client:
            return common::MSPRole::CLIENT;
        case Role::Peer:
            return common::MSPRole::PEER;
        case Role::Orderer:
            return common::MSPRole::ORDERER;
        case Role::Member:
            break;
    }
    return common::MSPRole::MEMBER;
}

// A gate over leaves, one for each principal that is added.
class FlatPolicy {
public:
    explicit FlatPolicy(std::size_t needed) {
        m_envelope.mutable_rule()->mutable_n_out_of()->set_n(static_cast<std::int32_t>(needed));
    }
    void add(common::MSPPrincipal::Classification classification, Bytes principal) {
        m_envelope.mutable_rule()->mutable_n_out_of()->add_rules()->set_signed_by(
            m_envelope.identities_size());
        auto& added = *m_envelope.add_identities();
        added.set_principal_classification(classification);
        added.set_principal(std::move(principal));
    }
    common::SignaturePolicyEnvelope take() { return std::move(m_envelope); }

private:
    common::SignaturePolicyEnvelope m_envelope;
};

}  // namespace

::common::SignaturePolicyEnvelope policyOfRole(std::size_t needed, Role role,
                                               std::vector<MspId> organisations) {
    std::sort(organisations.begin(), organisations.end());
    FlatPolicy policy(needed);
    for (const auto& mspId : organisations) {
        common::MSPRole principal;
        principal.set_msp_identifier(mspId.str());
        principal.set_role(toProto(role));
        policy.add(common::MSPPrincipal::ROLE, wire::serialize(principal));
    }
    return policy.take();
}

::common::SignaturePolicyEnvelope acceptAllPolicy() {
    return FlatPolicy(0).take();
}
::common::SignaturePolicyEnvelope rejectAllPolicy() {
    return FlatPolicy(1).take();
}

std::size_t bftQuorum(std::size_t consenterCount) {
    const std::size_t faulty = consenterCount == 0 ? 0 : (consenterCount - 1) / 3;
    return (consenterCount + faulty + 2) / 2;  // half of n + f + 1, rounded up
}

::common::SignaturePolicyEnvelope bftBlockValidationPolicy(
    std::span<const std::pair<MspId, Bytes>> consenters) {
    FlatPolicy policy(bftQuorum(consenters.size()));
    for (const auto& [mspId, pem] : consenters) {
        msp::SerializedIdentity identity;
        identity.set_mspid(mspId.str());
        identity.set_id_bytes(pem);
        policy.add(common::MSPPrincipal::IDENTITY, wire::serialize(identity));
    }
    return policy.take();
}

}  // namespace chancery::policy
