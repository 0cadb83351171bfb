#include "src/channel/ValueDifference.h"

#include "fabric/common/configtx.pb.h"
#include "fabric/common/configuration.pb.h"
#include "fabric/common/policies.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "fabric/orderer/configuration.pb.h"
#include "fabric/peer/configuration.pb.h"
#include "src/base/Encoding.h"
#include "src/channel/Acl.h"
#include "src/channel/PolicyWords.h"
#include "src/channel/UnknownParts.h"
#include "src/wire/Parse.h"

namespace chancery::channel {
namespace {

using google::protobuf::Message;
using Text = ChangeList::Text;
using Texts = std::vector<std::string>;

/// The text of a message's field; nothing when there is no message.
template <class M, class Get>
Text text(const M* message, Get get) {
    if (message == nullptr) return std::nullopt;
    return get(*message);
}

template <class Repeated>
Texts listOf(const Repeated& repeated) {
    return Texts(repeated.begin(), repeated.end());
}

std::string sectionOf(GroupKind kind) {
    switch (kind) {
        case GroupKind::Orderer:
            return "orderer";
        case GroupKind::Application:
            return "application";
        default:
            return "channel";
    }
}

void compare(ChangeList& changes, const ::common::Capabilities* before,
             const ::common::Capabilities* after) {
    const auto namesOf = [](const ::common::Capabilities* capabilities) {
        Texts names;
        if (capabilities != nullptr)
            for (const auto& [name, unused] : capabilities->capabilities()) names.push_back(name);
        std::sort(names.begin(), names.end());
        return names;
    };
    const Texts was = namesOf(before);
    const Texts is = namesOf(after);
    // One name in the place of another is the usual upgrade.
    if (was.size() == 1 && is.size() == 1)
        changes.setting("CAPABILITY", was[0], is[0]);
    else
        changes.items("CAPABILITY", was, is);
}

void compare(ChangeList& changes, const ::orderer::BatchSize* before,
             const ::orderer::BatchSize* after) {
    const auto number = [](const auto* m) {
        return text(m, [](const auto& s) { return std::to_string(s.max_message_count()); });
    };
    changes.setting("BATCH_MESSAGES", number(before), number(after));
    const auto absolute = [](const auto* m) {
        return text(m, [](const auto& s) { return describeSize(s.absolute_max_bytes()); });
    };
    changes.setting("BATCH_ABSOLUTE_BYTES", absolute(before), absolute(after));
    const auto preferred = [](const auto* m) {
        return text(m, [](const auto& s) { return describeSize(s.preferred_max_bytes()); });
    };
    changes.setting("BATCH_PREFERRED_BYTES", preferred(before), preferred(after));
}

std::string defaultOf(const std::string& resource) {
    switch (defaultAccess(resource)) {
        case DefaultAccess::Writers:
            return "default (/Channel/Application/Writers)";
        case DefaultAccess::Readers:
            return "default (/Channel/Application/Readers)";
        case DefaultAccess::LocalAdmins:
        case DefaultAccess::LocalMembers:
            return "default (the node's own organisation decides)";
        case DefaultAccess::CoveredByOther:
            return "default (as peer/Propose)";
        case DefaultAccess::Unknown:
            break;
    }
    return "default (no such resource is known)";
}

void compare(ChangeList& changes, const ::protos::ACLs* before, const ::protos::ACLs* after) {
    const auto& none = ::protos::ACLs::default_instance().acls();
    const auto& was = before != nullptr ? before->acls() : none;
    const auto& is = after != nullptr ? after->acls() : none;
    std::set<std::string> resources;
    for (const auto& [resource, unused] : was) resources.insert(resource);
    for (const auto& [resource, unused] : is) resources.insert(resource);
    for (const std::string& resource : resources) {
        const auto refOf = [&](const auto& acls) -> Text {
            const auto found = acls.find(resource);
            if (found == acls.end()) return std::nullopt;
            if (found->second.policy_ref().empty()) return defaultOf(resource) + ", written empty";
            return absolutePolicyOf(found->second.policy_ref());
        };
        changes.setting("ACL", refOf(was), refOf(is),
                        {{"resource", resource}, {"default", defaultOf(resource)}});
    }
}

void compare(ChangeList& changes, const ::protos::AnchorPeers* before,
             const ::protos::AnchorPeers* after) {
    const auto peersOf = [](const ::protos::AnchorPeers* peers) {
        Texts texts;
        if (peers != nullptr)
            for (const auto& peer : peers->anchor_peers())
                texts.push_back(fmt::format("{}:{}", peer.host(), peer.port()));
        return texts;
    };
    changes.items("ANCHOR_PEER", peersOf(before), peersOf(after));
}

template <class M>
const M* as(const Message* message) {
    return static_cast<const M*>(message);
}

void compareAddresses(ChangeList& changes, std::string_view subject, const Message* before,
                      const Message* after) {
    const auto addressesOf = [](const Message* message) {
        return message == nullptr ? Texts()
                                  : listOf(as<::common::OrdererAddresses>(message)->addresses());
    };
    changes.items(subject, addressesOf(before), addressesOf(after));
}

/// Dispatches by the message that the value holds.
void compareMessages(ChangeList& changes, const ValuePlace& place, const Message* before,
                     const Message* after, UnknownBytes& unknown) {
    const auto setting = [&](std::string_view subject, auto get) {
        changes.setting(subject, before ? Text(get(before)) : Text(),
                        after ? Text(get(after)) : Text());
    };
    const std::string& key = place.key;
    if (key == "HashingAlgorithm") {
        setting("HASHING_ALGORITHM",
                [](const Message* m) { return as<::common::HashingAlgorithm>(m)->name(); });
    } else if (key == "BlockDataHashingStructure") {
        setting("BLOCK_HASH_WIDTH", [](const Message* m) {
            return std::to_string(as<::common::BlockDataHashingStructure>(m)->width());
        });
    } else if (key == "OrdererAddresses") {
        compareAddresses(changes, "ORDERER_ADDRESS", before, after);
    } else if (key == "Consortium") {
        setting("CONSORTIUM", [](const Message* m) { return as<::common::Consortium>(m)->name(); });
    } else if (key == "Capabilities") {
        compare(changes, as<::common::Capabilities>(before), as<::common::Capabilities>(after));
    } else if (key == "BatchSize") {
        compare(changes, as<::orderer::BatchSize>(before), as<::orderer::BatchSize>(after));
    } else if (key == "BatchTimeout") {
        setting("BATCH_TIMEOUT", [](const Message* m) {
            return describeDuration(as<::orderer::BatchTimeout>(m)->timeout());
        });
    } else if (key == "ChannelRestrictions") {
        setting("MAX_CHANNELS", [](const Message* m) {
            const auto count = as<::orderer::ChannelRestrictions>(m)->max_count();
            return count == 0 ? "no limit" : std::to_string(count);
        });
    } else if (key == "KafkaBrokers") {
        const auto brokersOf = [](const Message* m) {
            return m == nullptr ? Texts() : listOf(as<::orderer::KafkaBrokers>(m)->brokers());
        };
        changes.items("KAFKA_BROKER", brokersOf(before), brokersOf(after));
    } else if (key == "ConsensusType") {
        compareConsensusType(changes, as<::orderer::ConsensusType>(before),
                             as<::orderer::ConsensusType>(after), unknown);
    } else if (key == "Orderers") {
        compareOrderers(changes, as<::common::Orderers>(before), as<::common::Orderers>(after));
    } else if (key == "Endpoints") {
        compareAddresses(changes, "ENDPOINT", before, after);
    } else if (key == "ACLs") {
        compare(changes, as<::protos::ACLs>(before), as<::protos::ACLs>(after));
    } else if (key == "AnchorPeers") {
        compare(changes, as<::protos::AnchorPeers>(before), as<::protos::AnchorPeers>(after));
    } else if (key == "MSP") {
        compareMsp(changes, as<::msp::MSPConfig>(before), as<::msp::MSPConfig>(after), unknown);
    } else if (key == "ChannelCreationPolicy") {
        setting("CHANNEL_CREATION_POLICY",
                [](const Message* m) { return describePolicy(*as<::common::Policy>(m)); });
    }
}

Text hashOf(const ::common::ConfigValue* value) {
    return text(value, [](const auto& v) { return describeBytes(v.value()); });
}

Text hashOf(const Bytes& bytes) {
    return bytes.empty() ? Text() : Text(describeBytes(bytes));
}

}  // namespace

std::vector<Change> valueDifference(const ValuePlace& place, const ::common::ConfigValue* before,
                                    const ::common::ConfigValue* after) {
    ChangeList changes(place.path, {{"organisation", place.groupName},
                                    {"name", place.groupName},
                                    {"section", sectionOf(place.group)}});
    if (before != nullptr && after != nullptr && before->value() == after->value()) return {};
    const Message* prototype = valueMessage(place.group, place.key);
    if (prototype == nullptr) {
        changes.setting("UNKNOWN_VALUE", hashOf(before), hashOf(after));
        return changes.take();
    }
    const auto decode = [&](const ::common::ConfigValue* value, std::unique_ptr<Message>& message) {
        if (value == nullptr) return true;
        message.reset(prototype->New());
        return wire::parseInto(*message, value->value(), place.key).ok();
    };
    std::unique_ptr<Message> was;
    std::unique_ptr<Message> is;
    const bool readable = decode(before, was) && decode(after, is);
    if (!readable) {
        changes.setting("UNREADABLE_VALUE", hashOf(before), hashOf(after));
        return changes.take();
    }
    UnknownBytes unknown;
    if (was != nullptr) unknown.before = unknownParts(*was);
    if (is != nullptr) unknown.after = unknownParts(*is);
    compareMessages(changes, place, was.get(), is.get(), unknown);
    changes.setting("UNKNOWN_PART", hashOf(unknown.before), hashOf(unknown.after));
    if (changes.empty() && before != nullptr && after != nullptr)
        changes.setting("ENCODING", hashOf(before), hashOf(after));
    return changes.take();
}

}  // namespace chancery::channel
