#include "src/policy/PolicyTree.h"

#include "fabric/common/configtx.pb.h"
#include "fabric/common/policies.pb.h"
#include "src/base/Encoding.h"
#include "src/policy/ImplicitMetaPolicy.h"
#include "src/policy/PolicyConversion.h"
#include "src/policy/RuleTree.h"
#include "src/policy/SignaturePolicy.h"
#include "src/wire/Parse.h"

namespace chancery::policy {

namespace {

constexpr int kMaxGroupDepth = 64;
constexpr std::size_t kMaxPolicies = 65'536;
constexpr std::size_t kMaxPathBytes = 1024;

Status badPolicy(const std::string& path, std::string_view problem) {
    return makeError(StatusCode::kInvalidArgument, "BAD_POLICY",
                     fmt::format("policy {}: {}", printable(path, kMaxPathBytes), problem),
                     {{"path", path}, {"problem", std::string(problem)}});
}

/// A group with its policies; answers names as Fabric's policy managers do.
struct Group {
    std::string path;  // without the slash in front
    std::map<std::string, std::shared_ptr<const NamedPolicy>, std::less<>> policies;
    std::map<std::string, std::unique_ptr<Group>, std::less<>> groups;

    // An absolute name has to begin with this group's path; one more byte, normally the slash, is
    // cut with it.
    std::shared_ptr<const NamedPolicy> get(std::string_view name) const {
        if (!name.starts_with('/')) return getRelative(name);
        if (!name.substr(1).starts_with(path) || name.size() < path.size() + 2) return nullptr;
        return getRelative(name.substr(path.size() + 2));
    }

    // "Group/Policy" names a sub-group's policy and hides a policy of this group that bears such a
    // name itself.
    std::shared_ptr<const NamedPolicy> getRelative(std::string_view name) const {
        for (std::size_t slash = name.find('/'); slash != std::string_view::npos;
             slash = name.find('/', slash + 1)) {
            const auto group = groups.find(name.substr(0, slash));
            if (group == groups.end()) continue;
            if (auto found = group->second->getRelative(name.substr(slash + 1))) return found;
        }
        const auto found = policies.find(name);
        return found == policies.end() ? nullptr : found->second;
    }
};

/// Reads a configuration group by group, sub-groups first, because implicit-meta policies point
/// down.
class Builder {
public:
    explicit Builder(std::shared_ptr<const identity::MspSet> msps) : m_msps(std::move(msps)) {}

    Result<std::unique_ptr<Group>> build(const common::ConfigGroup& config, std::string path,
                                         int depth) {
        if (depth == kMaxGroupDepth)
            return badPolicy(
                "/" + path, fmt::format("groups are nested deeper than {} levels", kMaxGroupDepth));
        auto group = std::make_unique<Group>();
        group->path = std::move(path);
        for (const auto& [name, child] : config.groups()) {
            ASSIGN_OR_RETURN(group->groups[name],
                             build(child, group->path + "/" + name, depth + 1));
        }
        for (const auto& [name, policy] : config.policies()) {
            const std::string policyPath = fmt::format("/{}/{}", group->path, name);
            if (++m_count > kMaxPolicies)
                return badPolicy(
                    policyPath,
                    fmt::format("the configuration has more than {} policies", kMaxPolicies));
            if (!policy.has_policy()) return badPolicy(policyPath, "missing");
            ASSIGN_OR_RETURN(auto compiled, compile(policy.policy(), policyPath, *group));
            group->policies.emplace(name, std::move(compiled));
        }
        return group;
    }

private:
    Result<std::shared_ptr<const NamedPolicy>> compile(const common::Policy& policy,
                                                       const std::string& path,
                                                       const Group& group) const {
        switch (policy.type()) {
            case common::Policy::SIGNATURE: {
                auto envelope = wire::parse<common::SignaturePolicyEnvelope>(policy.value(), path,
                                                                             kPolicyLimits);
                if (!envelope.ok()) return badPolicy(path, messageOf(envelope.status()));
                auto compiled = compileSignaturePolicy(*envelope, m_msps);
                if (!compiled.ok()) return badPolicy(path, messageOf(compiled.status()));
                return std::make_shared<const NamedPolicy>(path, *std::move(compiled),
                                                           policy.value());
            }
            case common::Policy::IMPLICIT_META: {
                const auto definition =
                    wire::parse<common::ImplicitMetaPolicy>(policy.value(), path);
                if (!definition.ok()) return badPolicy(path, messageOf(definition.status()));
                std::vector<ImplicitMetaPolicy::Child> children;
                for (const auto& [name, child] : group.groups)
                    children.push_back({"/" + child->path, child->get(definition->sub_policy())});
                return std::make_shared<const NamedPolicy>(
                    path,
                    std::make_shared<const ImplicitMetaPolicy>(*definition, std::move(children)));
            }
            case common::Policy::MSP:
                return badPolicy(path, "policies of type MSP have no implementation");
            default:
                return badPolicy(path, fmt::format("unknown policy type {}", policy.type()));
        }
    }

    std::shared_ptr<const identity::MspSet> m_msps;
    std::size_t m_count = 0;
};

class Tree final : public PolicyTree {
public:
    explicit Tree(std::unique_ptr<Group> root) : m_root(std::move(root)) {
        addPaths(*m_root);
        std::sort(m_paths.begin(), m_paths.end());
    }

    PolicyPtr find(std::string_view path) const override { return m_root->get(path); }
    std::vector<std::string> paths() const override { return m_paths; }

    Result<::common::SignaturePolicyEnvelope> asSignaturePolicy(
        std::string_view path) const override {
        const auto policy = m_root->get(path);
        if (policy) return convertToSignaturePolicy(*policy);
        return makeError(
            StatusCode::kNotFound, "UNKNOWN_POLICY",
            fmt::format("the channel has no policy {}", printable(path, kMaxPathBytes)),
            {{"policy", std::string(path)}});
    }

private:
    void addPaths(const Group& group) {
        for (const auto& [name, policy] : group.policies) m_paths.push_back(policy->path());
        for (const auto& [name, child] : group.groups) addPaths(*child);
    }

    std::unique_ptr<Group> m_root;
    std::vector<std::string> m_paths;
};

}  // namespace

Result<std::shared_ptr<const PolicyTree>> PolicyTree::fromConfig(
    const ::common::ConfigGroup& root, std::shared_ptr<const identity::MspSet> msps) {
    ASSIGN_OR_RETURN(auto group, Builder(std::move(msps)).build(root, "Channel", 0));
    return std::make_shared<const Tree>(std::move(group));
}

}  // namespace chancery::policy
