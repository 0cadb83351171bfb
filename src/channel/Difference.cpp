#include "src/channel/Difference.h"

#include <set>

#include "fabric/common/common.pb.h"
#include "fabric/common/configtx.pb.h"
#include "fabric/common/policies.pb.h"
#include "fabric/msp/identities.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "src/base/Encoding.h"
#include "src/channel/Authorisation.h"
#include "src/channel/Compare.h"
#include "src/channel/ConfigMap.h"
#include "src/channel/PolicyWords.h"
#include "src/channel/UnknownParts.h"
#include "src/channel/ValueDifference.h"
#include "src/identity/Certificate.h"
#include "src/wire/Parse.h"

namespace chancery::channel {
namespace {

using ::common::ConfigGroup;
using Text = ChangeList::Text;

/// Where the walk is.
struct Place {
    GroupKind kind = GroupKind::Channel;
    std::string name = "Channel";
    std::string path = std::string(kRootPath);

    Place child(const std::string& childName) const {
        return {childKind(kind, childName), childName, path + "/" + childName};
    }
};

template <class Map>
std::set<std::string> keysOf(const Map& before, const Map& after) {
    std::set<std::string> keys;
    for (const auto& [key, unused] : before) keys.insert(key);
    for (const auto& [key, unused] : after) keys.insert(key);
    return keys;
}

template <class Map>
const typename Map::mapped_type* find(const Map& map, const std::string& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

/// What the texts call an element: "batch size" has a path, a group a name.
std::string elementName(std::string_view kind, const std::string& path) {
    return fmt::format("{} {}", kind, path);
}

/// Everything about an element but its content. Without a content change a new version is news.
template <class E>
std::vector<Change> frameDifference(std::string_view kind, const std::string& path, const E* before,
                                    const E* after, bool contentChanged) {
    ChangeList changes(path, {{"element", elementName(kind, path)}});
    const auto policyOf = [](const E* element) {
        // Additions are usually governed by "Admins"; anything else is worth a word.
        return element == nullptr              ? Text("Admins")
               : element->mod_policy().empty() ? Text("nobody (no mod_policy)")
                                               : Text(element->mod_policy());
    };
    if (after != nullptr) changes.setting("MOD_POLICY", policyOf(before), policyOf(after));
    const auto unknownOf = [](const E* element) -> Text {
        if (element == nullptr) return std::nullopt;
        const auto* reflection = element->GetReflection();
        const auto& fields = reflection->GetUnknownFields(*element);
        if (fields.empty()) return std::nullopt;
        std::string bytes;
        fields.SerializeToString(&bytes);
        return describeBytes(bytes);
    };
    changes.setting("UNKNOWN_PART", unknownOf(before), unknownOf(after));
    if (before != nullptr && after != nullptr && !contentChanged && changes.empty() &&
        before->version() != after->version())
        changes.setting("REWRITTEN", std::to_string(before->version()),
                        std::to_string(after->version()));
    return changes.take();
}

void append(std::vector<Change>& to, std::vector<Change> from) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
}

class Walk {
public:
    std::vector<Change> groups(const Place& place, const ConfigGroup& before,
                               const ConfigGroup& after) {
        std::vector<Change> changes;
        for (const std::string& key : keysOf(before.values(), after.values()))
            append(changes,
                   value(place, key, find(before.values(), key), find(after.values(), key)));
        for (const std::string& key : keysOf(before.policies(), after.policies()))
            append(changes, policy(place.path + "/" + key, find(before.policies(), key),
                                   find(after.policies(), key)));
        for (const std::string& key : inOrder(place, before, after))
            append(changes, group(place.child(key), place, find(before.groups(), key),
                                  find(after.groups(), key)));
        return changes;
    }

    std::vector<Change> frame(const Place& place, const ConfigGroup& before,
                              const ConfigGroup& after) {
        return frameDifference("group", place.path, &before, &after,
                               hasOtherMembers(before, after));
    }

private:
    // People think of the orderers before the applications that use them.
    static std::vector<std::string> inOrder(const Place& place, const ConfigGroup& before,
                                            const ConfigGroup& after) {
        const auto keys = keysOf(before.groups(), after.groups());
        std::vector<std::string> ordered(keys.begin(), keys.end());
        if (place.kind == GroupKind::Channel)
            std::stable_partition(ordered.begin(), ordered.end(),
                                  [](const std::string& key) { return key == "Orderer"; });
        return ordered;
    }

    static bool hasOtherMembers(const ConfigGroup& before, const ConfigGroup& after) {
        const auto differ = [](const auto& a, const auto& b) {
            return keysOf(a, b).size() != a.size() || a.size() != b.size();
        };
        return differ(before.values(), after.values()) ||
               differ(before.policies(), after.policies()) ||
               differ(before.groups(), after.groups());
    }

    static std::vector<Change> value(const Place& place, const std::string& key,
                                     const ::common::ConfigValue* before,
                                     const ::common::ConfigValue* after) {
        const ValuePlace where{place.kind, place.name, key, place.path + "/" + key};
        std::vector<Change> changes = valueDifference(where, before, after);
        append(changes, frameDifference("value", where.path, before, after,
                                        before == nullptr || after == nullptr ||
                                            before->value() != after->value()));
        return changes;
    }

    static std::vector<Change> policy(const std::string& path, const ::common::ConfigPolicy* before,
                                      const ::common::ConfigPolicy* after) {
        ChangeList changes(path);
        const auto wordsOf = [](const ::common::ConfigPolicy* element) -> Text {
            if (element == nullptr) return std::nullopt;
            return element->has_policy() ? describePolicy(element->policy()) : "nothing";
        };
        changes.setting("POLICY", wordsOf(before), wordsOf(after));
        const bool bothThere = before != nullptr && after != nullptr;
        const bool otherBytes = bothThere && (before->policy().type() != after->policy().type() ||
                                              before->policy().value() != after->policy().value());
        if (otherBytes && changes.empty())
            changes.setting("ENCODING", describeBytes(before->policy().value()),
                            describeBytes(after->policy().value()));
        const auto unknownOf = [](const ::common::ConfigPolicy* element) -> Text {
            const Bytes parts = element == nullptr ? Bytes() : unknownParts(element->policy());
            return parts.empty() ? Text() : Text(describeBytes(parts));
        };
        changes.setting("UNKNOWN_PART", unknownOf(before), unknownOf(after));
        std::vector<Change> all = changes.take();
        append(all, frameDifference("policy", path, before, after, !bothThere || !all.empty()));
        return all;
    }

    std::vector<Change> group(const Place& place, const Place& parent, const ConfigGroup* before,
                              const ConfigGroup* after) {
        if (before != nullptr && after != nullptr) {
            std::vector<Change> changes = groups(place, *before, *after);
            append(changes, frame(place, *before, *after));
            return changes;
        }
        const ConfigGroup& existing = before != nullptr ? *before : *after;
        ChangeList changes(place.path, {{"section", sectionName(parent)},
                                        {"organisation", organisationName(place, existing)},
                                        {"name", place.name}});
        const ChangeKind kind = before == nullptr ? ChangeKind::Added : ChangeKind::Removed;
        Change& change = changes.item(subjectOf(place, parent), kind);
        const auto& nothing = ConfigGroup::default_instance();
        change.details = groups(place, before != nullptr ? *before : nothing,
                                after != nullptr ? *after : nothing);
        if (after != nullptr)
            append(change.details,
                   frameDifference<ConfigGroup>("group", place.path, nullptr, after, true));
        return changes.take();
    }

    static std::string_view subjectOf(const Place& place, const Place& parent) {
        if (isOrganisation(place.kind)) return "ORGANISATION";
        if (place.kind == GroupKind::Consortium) return "CONSORTIUM_GROUP";
        if (place.kind == GroupKind::Unknown) return "UNKNOWN_GROUP";
        return parent.kind == GroupKind::Channel ? "SECTION" : "UNKNOWN_GROUP";
    }

    static std::string sectionName(const Place& parent) {
        switch (parent.kind) {
            case GroupKind::Application:
                return "application";
            case GroupKind::Orderer:
                return "orderers";
            case GroupKind::Consortium:
                return fmt::format("consortium {}", parent.name);
            default:
                return parent.path;
        }
    }

    /// "Alpha (AlphaMSP)"; just the group's name when the MSP cannot be read.
    static std::string organisationName(const Place& place, const ConfigGroup& group) {
        const auto* value = find(group.values(), "MSP");
        if (value == nullptr) return place.name;
        const auto msp = wire::parse<::msp::MSPConfig>(value->value(), "MSP");
        if (!msp.ok() || msp->type() != 0) return place.name;
        const auto config = wire::parse<::msp::FabricMSPConfig>(msp->config(), "MSP.config");
        if (!config.ok() || config->name().empty()) return place.name;
        return fmt::format("{} ({})", place.name, config->name());
    }
};

/// "Admin@alpha.pub.test (AlphaMSP)" from SerializedIdentity bytes, unverified.
std::string nameOfSigner(BytesView serialized) {
    const auto identity = wire::parse<::msp::SerializedIdentity>(serialized, "creator");
    if (!identity.ok()) return fmt::format("unreadable identity ({})", describeBytes(serialized));
    const auto certificate = identity::Certificate::fromPem(identity->id_bytes());
    const std::string name = certificate.ok() ? certificate->commonName()
                                              : fmt::format("unreadable certificate ({})",
                                                            describeBytes(identity->id_bytes()));
    return printable(fmt::format("{} ({})", name, identity->mspid()), 1024);
}

std::string nameOfCreator(BytesView signatureHeader) {
    const auto header = wire::parse<::common::SignatureHeader>(signatureHeader, "signature_header");
    return header.ok() ? nameOfSigner(header->creator())
                       : fmt::format("unreadable header ({})", describeBytes(signatureHeader));
}

}  // namespace

std::string_view Change::argument(std::string_view name) const {
    for (const auto& [key, text] : arguments)
        if (key == name) return text;
    return {};
}

Result<std::vector<Change>> difference(const ConfigGroup& before, const ConfigGroup& after) {
    RETURN_IF_ERROR(checkBounds(before));
    RETURN_IF_ERROR(checkBounds(after));
    const Place root;
    Walk walk;
    std::vector<Change> changes = walk.groups(root, before, after);
    append(changes, walk.frame(root, before, after));
    return changes;
}

Result<std::vector<Change>> describe(const ConfigGroup& root) {
    ConfigGroup nothing;
    nothing.set_mod_policy(root.mod_policy());
    nothing.set_version(root.version());
    return difference(nothing, root);
}

Result<ConfigStory> tellConfig(const ::common::ConfigEnvelope& envelope,
                               const ::common::Config* previous) {
    ConfigStory story;
    story.sequence = envelope.config().sequence();
    if (envelope.has_last_update()) {
        ASSIGN_OR_RETURN(const auto payload, wire::parse<::common::Payload>(
                                                 envelope.last_update().payload(), "last_update"));
        story.submitter = nameOfCreator(payload.header().signature_header());
        ASSIGN_OR_RETURN(const DecodedUpdate update, decodeUpdate(envelope.last_update()));
        for (const auto& signature : update.envelope.signatures())
            story.signers.push_back(nameOfCreator(signature.signature_header()));
    }
    const auto& group = envelope.config().channel_group();
    if (previous == nullptr || !envelope.has_last_update()) {
        ASSIGN_OR_RETURN(story.changes, describe(group));
    } else {
        ASSIGN_OR_RETURN(story.changes, difference(previous->channel_group(), group));
    }
    return story;
}

}  // namespace chancery::channel
