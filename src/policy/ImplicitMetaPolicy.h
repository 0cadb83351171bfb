#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/policy/Policy.h"

namespace common {
class ImplicitMetaPolicy;
}

namespace chancery::policy {

/// "ANY Readers": exactly two words with one space between, the rule in upper case.
/// INVALID_ARGUMENT: BAD_POLICY_TEXT with argument `offset` (bytes).
Result<::common::ImplicitMetaPolicy> parseImplicitMetaText(std::string_view text);
/// INVALID_ARGUMENT (POLICY_HAS_NO_TEXT) when the rule has no name or the sub-policy's name is not
/// one word.
Result<std::string> printImplicitMetaText(const ::common::ImplicitMetaPolicy& policy);

/// A policy over the policies of one name in the sub-groups of a group (fact sheet A §3.3 step 4).
class ImplicitMetaPolicy final : public Policy {
public:
    struct Child {
        std::string path;  ///< of the sub-group
        PolicyPtr
            policy;  ///< null when the sub-group has no policy of that name; it counts all the same
    };

    ImplicitMetaPolicy(const ::common::ImplicitMetaPolicy& definition, std::vector<Child> children);

    bool isSatisfiedBy(std::span<const identity::IdentityPtr> identities) const override;
    Explanation explain(std::span<const identity::IdentityPtr> identities) const override;
    bool canBeSatisfiedBy(const OrganisationPredicate& available) const override;
    void addOrganisations(std::set<MspId>& organisations) const override;

    /// How many children must be satisfied.
    std::size_t threshold() const { return m_threshold; }
    const std::vector<Child>& children() const { return m_children; }
    const std::string& subPolicy() const { return m_subPolicy; }

private:
    bool enough(std::size_t satisfied) const;

    std::string m_rule;
    std::string m_subPolicy;
    std::vector<Child> m_children;
    std::size_t m_threshold = 0;
    bool m_hasKnownRule = true;
};

}  // namespace chancery::policy
