#include "fabric/common/configtx.pb.h"
#include "fabric/common/policies.pb.h"
#include "src/channel/Compare.h"
#include "src/channel/Update.h"

namespace chancery::channel {
namespace {

using ::common::ConfigGroup;

/// An element that is the same in both configurations: only its version is named.
template <class Element>
Element versionOnly(const Element& element) {
    Element named;
    named.set_version(element.version());
    return named;
}

::common::ConfigValue content(const ::common::ConfigValue& value) {
    ::common::ConfigValue copy;
    copy.set_value(value.value());
    copy.set_mod_policy(value.mod_policy());
    return copy;
}

::common::ConfigPolicy content(const ::common::ConfigPolicy& policy) {
    ::common::ConfigPolicy copy;
    if (policy.has_policy()) *copy.mutable_policy() = policy.policy();
    copy.set_mod_policy(policy.mod_policy());
    return copy;
}

/// A group as it stands in a write set when it is new: everything in it with version 0.
ConfigGroup content(const ConfigGroup& group) {
    ConfigGroup copy;
    copy.set_mod_policy(group.mod_policy());
    for (const auto& [name, value] : group.values())
        (*copy.mutable_values())[name] = content(value);
    for (const auto& [name, policy] : group.policies())
        (*copy.mutable_policies())[name] = content(policy);
    for (const auto& [name, child] : group.groups())
        (*copy.mutable_groups())[name] = content(child);
    return copy;
}

struct Sets {
    ConfigGroup read;
    ConfigGroup write;
    bool changed = false;
};

Sets compare(const ConfigGroup& original, const ConfigGroup& updated);

/// What became of the children of one kind.
template <class Map>
struct Children {
    Map read, write;  ///< what changed
    Map same;
    bool membersChanged = false;
};

template <class Map>
Children<Map> compareLeaves(const Map& original, const Map& updated) {
    Children<Map> children;
    for (const auto& [name, element] : original) {
        const auto now = updated.find(name);
        if (now == updated.end()) {
            children.membersChanged = true;
        } else if (sameContent(element, now->second)) {
            children.same[name] = versionOnly(element);
        } else {
            children.write[name] = content(now->second);
            children.write[name].set_version(element.version() + 1);
        }
    }
    for (const auto& [name, element] : updated) {
        if (original.contains(name)) continue;
        children.membersChanged = true;
        children.write[name] = content(element);
    }
    return children;
}

using GroupMap = google::protobuf::Map<std::string, ConfigGroup>;

Children<GroupMap> compareGroups(const GroupMap& original, const GroupMap& updated) {
    Children<GroupMap> children;
    for (const auto& [name, group] : original) {
        const auto now = updated.find(name);
        if (now == updated.end()) {
            children.membersChanged = true;
            continue;
        }
        Sets sets = compare(group, now->second);
        if (sets.changed) {
            children.read[name] = std::move(sets.read);
            children.write[name] = std::move(sets.write);
        } else {
            children.same[name] = versionOnly(group);
        }
    }
    for (const auto& [name, group] : updated) {
        if (original.contains(name)) continue;
        children.membersChanged = true;
        children.write[name] = content(group);
    }
    return children;
}

template <class Map>
bool touched(const Children<Map>& children) {
    return !children.read.empty() || !children.write.empty();
}

template <class Map>
void addSame(Children<Map>& children) {
    for (const auto& [name, element] : children.same) {
        children.read[name] = element;
        children.write[name] = element;
    }
}

Sets compare(const ConfigGroup& original, const ConfigGroup& updated) {
    auto policies = compareLeaves(original.policies(), updated.policies());
    auto values = compareLeaves(original.values(), updated.values());
    auto groups = compareGroups(original.groups(), updated.groups());
    const bool groupChanged = policies.membersChanged || values.membersChanged ||
                              groups.membersChanged ||
                              original.mod_policy() != updated.mod_policy();
    Sets sets;
    sets.changed = groupChanged || touched(policies) || touched(values) || touched(groups);
    sets.read.set_version(original.version());
    sets.write.set_version(original.version());
    if (groupChanged) {
        // A group's version covers its members, so all of them are named.
        addSame(policies);
        addSame(values);
        addSame(groups);
        sets.write.set_version(original.version() + 1);
        sets.write.set_mod_policy(updated.mod_policy());
    }
    sets.read.mutable_policies()->swap(policies.read);
    sets.read.mutable_values()->swap(values.read);
    sets.read.mutable_groups()->swap(groups.read);
    sets.write.mutable_policies()->swap(policies.write);
    sets.write.mutable_values()->swap(values.write);
    sets.write.mutable_groups()->swap(groups.write);
    return sets;
}

}  // namespace

Result<::common::ConfigUpdate> computeUpdate(const ChannelId& channel,
                                             const ::common::Config& original,
                                             const ::common::Config& updated) {
    for (const auto* config : {&original, &updated})
        if (!config->has_channel_group())
            return makeError(StatusCode::kInvalidArgument, "NO_CHANNEL_GROUP",
                             "the configuration has no channel group",
                             {{"which", config == &original ? "original" : "updated"}});
    Sets sets = compare(original.channel_group(), updated.channel_group());
    if (!sets.changed)
        return makeError(StatusCode::kInvalidArgument, "NO_DIFFERENCE",
                         "the two configurations say the same");
    ::common::ConfigUpdate update;
    update.set_channel_id(channel.str());
    *update.mutable_read_set() = std::move(sets.read);
    *update.mutable_write_set() = std::move(sets.write);
    return update;
}

}  // namespace chancery::channel
