#include "src/usecase/RebaseDraft.h"

#include <set>

#include <fmt/format.h>

#include "fabric/common/configtx.pb.h"
#include "src/channel/Compare.h"
#include "src/channel/ConfigMap.h"
#include "src/usecase/ConfigChanges.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::usecase {
namespace {

using ::common::ConfigGroup;

bool sameElement(const ConfigGroup& a, const ConfigGroup& b);
bool sameElement(const ::common::ConfigValue& a, const ::common::ConfigValue& b) {
    return a.mod_policy() == b.mod_policy() && channel::sameContent(a, b);
}
bool sameElement(const ::common::ConfigPolicy& a, const ::common::ConfigPolicy& b) {
    return a.mod_policy() == b.mod_policy() && channel::sameContent(a, b);
}

template <class Map>
bool sameMembers(const Map& a, const Map& b) {
    if (a.size() != b.size()) return false;
    for (const auto& [name, element] : a) {
        const auto other = b.find(name);
        if (other == b.end() || !sameElement(element, other->second)) return false;
    }
    return true;
}

/// Whatever the versions.
bool sameElement(const ConfigGroup& a, const ConfigGroup& b) {
    return a.mod_policy() == b.mod_policy() && sameMembers(a.values(), b.values()) &&
           sameMembers(a.policies(), b.policies()) && sameMembers(a.groups(), b.groups());
}

template <class T>
bool sameElement(const T* a, const T* b) {
    return (a == nullptr || b == nullptr) ? a == b : sameElement(*a, *b);
}

/// Merges three states of a tree: where the change started, what it wants, what there is now. The
/// versions of the result are those of now.
class ThreeWayMerge {
public:
    void group(const std::string& path, const ConfigGroup& base, const ConfigGroup& wanted,
               ConfigGroup& now) {
        if (base.mod_policy() != wanted.mod_policy()) {
            if (now.mod_policy() == base.mod_policy())
                now.set_mod_policy(wanted.mod_policy());
            else if (now.mod_policy() != wanted.mod_policy())
                m_clashes.insert(path);
        }
        elements(path, base.values(), wanted.values(), *now.mutable_values());
        elements(path, base.policies(), wanted.policies(), *now.mutable_policies());
        std::set<std::string> names;
        for (const auto* groups : {&base.groups(), &wanted.groups(), &now.groups()})
            for (const auto& [name, below] : *groups) names.insert(name);
        for (const std::string& name : names) {
            const auto* from = find(base.groups(), name);
            const auto* to = find(wanted.groups(), name);
            const auto* present = find(now.groups(), name);
            if (from && to && present)
                group(path + "/" + name, *from, *to, (*now.mutable_groups())[name]);
            else
                element(path + "/" + name, from, to, present, name, *now.mutable_groups());
        }
    }

    const std::set<std::string>& clashes() const { return m_clashes; }

private:
    template <class Map>
    static const typename Map::mapped_type* find(const Map& map, const std::string& name) {
        const auto found = map.find(name);
        return found == map.end() ? nullptr : &found->second;
    }

    template <class Map>
    void elements(const std::string& path, const Map& base, const Map& wanted, Map& now) {
        std::set<std::string> names;
        for (const auto* map : {&base, &wanted})
            for (const auto& [name, value] : *map) names.insert(name);
        for (const std::string& name : names)
            element(path + "/" + name, find(base, name), find(wanted, name), find(now, name), name,
                    now);
    }

    template <class T, class Map>
    void element(const std::string& path, const T* base, const T* wanted, const T* present,
                 const std::string& name, Map& now) {
        if (sameElement(base, wanted) || sameElement(present, wanted)) return;
        if (!sameElement(base, present)) {
            m_clashes.insert(path);
            return;
        }
        if (wanted == nullptr) {
            now.erase(name);
            return;
        }
        const std::uint64_t version = present ? present->version() : 0;
        T changed = *wanted;
        changed.set_version(version);
        now[name] = std::move(changed);
    }

    std::set<std::string> m_clashes;
};

/// What the changes at or below a path say, as one text.
std::string sayAt(const std::vector<ConfigChange>& changes, const std::string& path) {
    std::string text;
    for (const ConfigChange& change : changes)
        if (change.path == path || change.path.starts_with(path + "/"))
            text += (text.empty() ? "" : "; ") + change.sentence;
    return text.empty() ? "changed" : text;
}

}  // namespace

Result<RebasedDraft> RebaseDraft::run(const ConfigDraft& draft, BytesView newest) const {
    if (draft.baseConfig == newest)
        return RebasedDraft{.draft = draft, .nothingToDo = true, .conflicts = {}};
    ASSIGN_OR_RETURN(const auto base, wire::parse<::common::Config>(draft.baseConfig, "base"));
    ASSIGN_OR_RETURN(const Bytes target, draftTarget(draft));
    ASSIGN_OR_RETURN(const auto wanted, wire::parse<::common::Config>(target, "target"));
    ASSIGN_OR_RETURN(const auto now, wire::parse<::common::Config>(newest, "newest"));
    for (const auto* config : {&base, &wanted, &now})
        RETURN_IF_ERROR(channel::checkBounds(config->channel_group()));
    ::common::Config merged = now;
    ThreeWayMerge merge;
    merge.group("/Channel", base.channel_group(), wanted.channel_group(),
                *merged.mutable_channel_group());
    RebasedDraft result{.draft = draft, .nothingToDo = false, .conflicts = {}};
    if (!merge.clashes().empty()) {
        const auto ours = tellConfigChange(&base, wanted);
        const auto theirs = tellConfigChange(&base, now);
        for (const std::string& path : merge.clashes())
            result.conflicts.push_back(
                {path, fmt::format("since the draft was made: {}; the draft: {}",
                                   sayAt(theirs, path), sayAt(ours, path))});
        return result;
    }
    auto made = makeDraft(draft.channel, newest, wire::serialize(merged));
    if (reasonOf(made.status()) == "NO_DIFFERENCE")
        return makeError(StatusCode::kAlreadyExists, "CHANGE_IN_FORCE",
                         "the configuration in force says already what the draft wants");
    if (!made.ok()) return made.status();
    result.draft = *std::move(made);
    result.draft.note = draft.note;
    result.draft.expires = draft.expires;
    return result;
}

}  // namespace chancery::usecase
