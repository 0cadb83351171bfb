#include "src/channel/ConfigMap.h"

#include "fabric/common/configtx.pb.h"
#include "fabric/common/policies.pb.h"
#include "src/base/Encoding.h"
#include "src/channel/Elements.h"

namespace chancery::channel {
namespace {

using ::common::ConfigGroup;

/// Counts what a tree holds and says when it is too much.
class Bounds {
public:
    Status enterGroup(std::size_t depth) const {
        if (depth <= kMaxGroupDepth) return absl::OkStatus();
        return makeError(
            StatusCode::kResourceExhausted, "TOO_DEEP",
            fmt::format("the configuration has more than {} levels of groups", kMaxGroupDepth));
    }

    Status addElement(const std::string& path, const std::string& name) {
        m_pathBytes += path.size() + 1 + name.size();
        if (++m_count <= kMaxElements && m_pathBytes <= kMaxPathBytes) return absl::OkStatus();
        return makeError(StatusCode::kResourceExhausted, "TOO_MANY_ELEMENTS",
                         fmt::format("the configuration has more than {} elements, or their paths "
                                     "more than {} bytes",
                                     kMaxElements, kMaxPathBytes));
    }

    /// All groups below one.
    Status check(const std::string& path, const ConfigGroup& group, std::size_t depth) {
        RETURN_IF_ERROR(enterGroup(depth));
        for (const auto& [name, value] : group.values()) RETURN_IF_ERROR(addElement(path, name));
        for (const auto& [name, policy] : group.policies()) RETURN_IF_ERROR(addElement(path, name));
        for (const auto& [name, child] : group.groups()) {
            RETURN_IF_ERROR(addElement(path, name));
            RETURN_IF_ERROR(check(path + "/" + name, child, depth + 1));
        }
        return absl::OkStatus();
    }

private:
    std::size_t m_count = 0;
    std::size_t m_pathBytes = 0;
};

class Flattener {
public:
    Status addGroup(const std::string& path, const ConfigGroup& group, std::size_t depth) {
        RETURN_IF_ERROR(m_bounds.enterGroup(depth));
        m_map[{path, ElementKind::Group}] = {.group = &group};
        for (const auto& [name, value] : group.values()) {
            RETURN_IF_ERROR(admit(path, name));
            m_map[{path + "/" + name, ElementKind::Value}] = {.value = &value};
        }
        for (const auto& [name, policy] : group.policies()) {
            RETURN_IF_ERROR(admit(path, name));
            m_map[{path + "/" + name, ElementKind::Policy}] = {.policy = &policy};
        }
        for (const auto& [name, child] : group.groups()) {
            RETURN_IF_ERROR(admit(path, name));
            RETURN_IF_ERROR(addGroup(path + "/" + name, child, depth + 1));
        }
        return absl::OkStatus();
    }

    ConfigMap take() { return std::move(m_map); }

private:
    Status admit(const std::string& path, const std::string& name) {
        RETURN_IF_ERROR(m_bounds.addElement(path, name));
        const Status status = checkElementName(name);
        if (status.ok()) return status;
        const std::string full = path + "/" + printable(name, 256);
        return makeError(StatusCode::kInvalidArgument, "BAD_NAME",
                         fmt::format("{}: {}", full, messageOf(status)), {{"path", full}});
    }

    Bounds m_bounds;
    ConfigMap m_map;
};

class Rebuilder {
public:
    explicit Rebuilder(const ConfigMap& elements)
        : m_elements(elements),
          m_fillsModPolicy(
              elements.contains({"/Channel/Orderer/Capabilities", ElementKind::Value})) {}

    Status buildGroup(const std::string& path, ConfigGroup& result) const {
        ASSIGN_OR_RETURN(const Element* const element, find({path, ElementKind::Group}));
        const ConfigGroup& group = *element->group;
        result.set_version(group.version());
        result.set_mod_policy(group.mod_policy());
        const auto* reflection = group.GetReflection();
        reflection->MutableUnknownFields(&result)->MergeFrom(reflection->GetUnknownFields(group));
        fillModPolicy(result);
        for (const auto& [name, unused] : group.values()) {
            ASSIGN_OR_RETURN(const Element* const value,
                             find({path + "/" + name, ElementKind::Value}));
            fillModPolicy((*result.mutable_values())[name] = *value->value);
        }
        for (const auto& [name, unused] : group.policies()) {
            ASSIGN_OR_RETURN(const Element* const policy,
                             find({path + "/" + name, ElementKind::Policy}));
            fillModPolicy((*result.mutable_policies())[name] = *policy->policy);
        }
        for (const auto& [name, unused] : group.groups())
            RETURN_IF_ERROR(buildGroup(path + "/" + name, (*result.mutable_groups())[name]));
        return absl::OkStatus();
    }

private:
    Result<const Element*> find(const ElementKey& key) const {
        const auto found = m_elements.find(key);
        if (found != m_elements.end()) return &found->second;
        return makeError(
            StatusCode::kInvalidArgument, "MISSING_ELEMENT",
            fmt::format("{} is listed by its group, but does not exist", printKey(key)),
            {{"path", key.path}});
    }

    // Channels made by the first version of Fabric have elements without a mod_policy.
    template <class E>
    void fillModPolicy(E& element) const {
        if (m_fillsModPolicy && element.mod_policy().empty()) element.set_mod_policy("Admins");
    }

    const ConfigMap& m_elements;
    bool m_fillsModPolicy;
};

}  // namespace

std::uint64_t Element::version() const {
    if (group != nullptr) return group->version();
    return value != nullptr ? value->version() : policy->version();
}

const std::string& Element::modPolicy() const {
    if (group != nullptr) return group->mod_policy();
    return value != nullptr ? value->mod_policy() : policy->mod_policy();
}

std::string_view ElementKey::rulingGroup() const {
    const std::string_view all = path;
    return kind == ElementKind::Group ? all : all.substr(0, all.rfind('/'));
}

std::string printKey(const ElementKey& key) {
    switch (key.kind) {
        case ElementKind::Group:
            return "[Group] " + key.path;
        case ElementKind::Value:
            return "[Value] " + key.path;
        case ElementKind::Policy:
            break;
    }
    return "[Policy] " + key.path;
}

Status checkBounds(const ConfigGroup& root) {
    return Bounds().check(std::string(kRootPath), root, 0);
}

Result<ConfigMap> flatten(const ConfigGroup& root) {
    Flattener flattener;
    RETURN_IF_ERROR(flattener.addGroup(std::string(kRootPath), root, 0));
    return flattener.take();
}

Result<ConfigGroup> rebuild(const ConfigMap& elements) {
    ConfigGroup root;
    RETURN_IF_ERROR(Rebuilder(elements).buildGroup(std::string(kRootPath), root));
    return root;
}

}  // namespace chancery::channel
