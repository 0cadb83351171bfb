#pragma once

#include <string>

#include "fabric/common/configtx.pb.h"
#include "fabric/common/policies.pb.h"
#include "src/policy/SignaturePolicy.h"

namespace chancery::test {

/// Puts a signature policy, given as text, into a group.
inline void addSignaturePolicy(common::ConfigGroup& group, const std::string& name,
                               std::string_view text) {
    auto& policy = *(*group.mutable_policies())[name].mutable_policy();
    policy.set_type(common::Policy::SIGNATURE);
    policy.set_value(policy::parsePolicyText(text)->SerializeAsString());
}

inline void addImplicitMeta(common::ConfigGroup& group, const std::string& name,
                            common::ImplicitMetaPolicy::Rule rule, const std::string& subPolicy) {
    common::ImplicitMetaPolicy definition;
    definition.set_rule(rule);
    definition.set_sub_policy(subPolicy);
    auto& policy = *(*group.mutable_policies())[name].mutable_policy();
    policy.set_type(common::Policy::IMPLICIT_META);
    policy.set_value(definition.SerializeAsString());
}

inline common::ConfigGroup& groupIn(common::ConfigGroup& group, const std::string& name) {
    return (*group.mutable_groups())[name];
}

}  // namespace chancery::test
