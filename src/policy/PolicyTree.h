#pragma once

#include <map>
#include <memory>
#include <string>

#include "src/policy/Policy.h"

namespace common {
class ConfigGroup;
class SignaturePolicyEnvelope;
}  // namespace common

namespace chancery::policy {

/// All policies of a channel configuration by path ("/Channel/Application/Writers"). Immutable,
/// thread-safe.
class PolicyTree {
public:
    /// `root` is the group "Channel". Errors: BAD_POLICY with the path of the policy, as Fabric
    /// rejects such a config.
    static Result<std::shared_ptr<const PolicyTree>> fromConfig(
        const ::common::ConfigGroup& root, std::shared_ptr<const identity::MspSet> msps);
    virtual ~PolicyTree() = default;

    /// The policy at an absolute path, or null: an unknown name refuses everybody.
    virtual PolicyPtr find(std::string_view path) const = 0;
    /// Absolute paths of all policies, sorted.
    virtual std::vector<std::string> paths() const = 0;
    /// The policy as one signature policy (implicit-meta resolved), fact sheet A §3.3.5; for
    /// satisfying sets and layouts.
    virtual Result<::common::SignaturePolicyEnvelope> asSignaturePolicy(
        std::string_view path) const = 0;
};

}  // namespace chancery::policy
