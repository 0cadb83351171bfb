#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Status.h"
#include "src/channel/Bundle.h"
#include "src/policy/Policy.h"
#include "src/usecase/PolicyInsight.h"

namespace common {
class SignaturePolicyEnvelope;
}

namespace chancery::usecase {

/// The policies of a channel configuration, or a single one from its text, for use cases that
/// explain policies.
class PolicyCatalog {
public:
    /// Of a file in any form that holds a whole configuration that a node would accept.
    static Result<PolicyCatalog> fromConfig(const std::filesystem::path& file);
    /// INVALID_ARGUMENT (BAD_POLICY_TEXT, or NEEDS_CONFIG for a text that refers to the policies of
    /// organisations).
    static Result<PolicyCatalog> fromText(std::string_view text);

    bool hasConfig() const { return m_bundle != nullptr; }
    const channel::BundlePtr& bundle() const { return m_bundle; }
    std::vector<std::string> paths() const;

    /// What there is to say about a policy; `path` is not looked at for a text. NOT_FOUND
    /// (UNKNOWN_POLICY) with argument `path`.
    Result<PolicyInsight> insight(std::string_view path) const;
    /// Null for an unknown path.
    policy::PolicyPtr find(std::string_view path) const;
    /// Of a text; null for a configuration.
    const ::common::SignaturePolicyEnvelope* envelope() const { return m_envelope.get(); }

private:
    channel::BundlePtr m_bundle;
    std::shared_ptr<const ::common::SignaturePolicyEnvelope> m_envelope;
};

}  // namespace chancery::usecase
