#pragma once

#include <memory>
#include <string>

#include "src/policy/ImplicitMetaPolicy.h"
#include "src/policy/Policy.h"

namespace common {
class SignaturePolicyEnvelope;
}

namespace chancery::policy {

/// A policy of a channel's configuration: it knows its path and what it was made from.
class NamedPolicy final : public Policy {
public:
    /// A signature policy, with the bytes of its envelope.
    NamedPolicy(std::string path, PolicyPtr policy, Bytes envelope)
        : m_path(std::move(path)), m_policy(std::move(policy)), m_envelope(std::move(envelope)) {}
    NamedPolicy(std::string path, std::shared_ptr<const ImplicitMetaPolicy> policy)
        : m_path(std::move(path)), m_policy(policy), m_implicitMeta(std::move(policy)) {}

    const std::string& path() const { return m_path; }
    /// Null for a signature policy.
    const ImplicitMetaPolicy* implicitMeta() const { return m_implicitMeta.get(); }
    /// SignaturePolicyEnvelope of a signature policy.
    const Bytes& envelope() const { return m_envelope; }

    bool isSatisfiedBy(std::span<const identity::IdentityPtr> identities) const override {
        return m_policy->isSatisfiedBy(identities);
    }
    Explanation explain(std::span<const identity::IdentityPtr> identities) const override;
    bool canBeSatisfiedBy(const OrganisationPredicate& available) const override {
        return m_policy->canBeSatisfiedBy(available);
    }
    void addOrganisations(std::set<MspId>& organisations) const override {
        m_policy->addOrganisations(organisations);
    }

private:
    std::string m_path;
    PolicyPtr m_policy;
    std::shared_ptr<const ImplicitMetaPolicy> m_implicitMeta;
    Bytes m_envelope;
};

/// The policy with its implicit-meta parts resolved (fact sheet A §3.3.5); sub-groups in the order
/// of their names. FAILED_PRECONDITION (POLICY_NOT_CONVERTIBLE) when a sub-group lacks its policy,
/// RESOURCE_EXHAUSTED (POLICY_TOO_LARGE) above the limits of compileSignaturePolicy.
Result<::common::SignaturePolicyEnvelope> convertToSignaturePolicy(const NamedPolicy& policy);

}  // namespace chancery::policy
