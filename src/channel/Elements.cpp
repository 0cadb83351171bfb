#include "src/channel/Elements.h"

#include "fabric/common/configuration.pb.h"
#include "fabric/common/policies.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "fabric/orderer/configuration.pb.h"
#include "fabric/peer/configuration.pb.h"

namespace chancery::channel {
namespace {

constexpr std::size_t kMaxNameLength = 249;

using google::protobuf::Message;

const Message* channelValue(std::string_view key) {
    if (key == "HashingAlgorithm") return &::common::HashingAlgorithm::default_instance();
    if (key == "BlockDataHashingStructure")
        return &::common::BlockDataHashingStructure::default_instance();
    if (key == "OrdererAddresses") return &::common::OrdererAddresses::default_instance();
    if (key == "Consortium") return &::common::Consortium::default_instance();
    if (key == "Capabilities") return &::common::Capabilities::default_instance();
    return nullptr;
}

const Message* ordererValue(std::string_view key) {
    if (key == "ConsensusType") return &::orderer::ConsensusType::default_instance();
    if (key == "BatchSize") return &::orderer::BatchSize::default_instance();
    if (key == "BatchTimeout") return &::orderer::BatchTimeout::default_instance();
    if (key == "KafkaBrokers") return &::orderer::KafkaBrokers::default_instance();
    if (key == "ChannelRestrictions") return &::orderer::ChannelRestrictions::default_instance();
    if (key == "Capabilities") return &::common::Capabilities::default_instance();
    if (key == "Orderers") return &::common::Orderers::default_instance();
    return nullptr;
}

bool isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-';
}

}  // namespace

GroupKind childKind(GroupKind parent, std::string_view name) {
    switch (parent) {
        case GroupKind::Channel:
            if (name == "Application") return GroupKind::Application;
            if (name == "Orderer") return GroupKind::Orderer;
            if (name == "Consortiums") return GroupKind::Consortiums;
            return GroupKind::Unknown;
        case GroupKind::Application:
            return GroupKind::ApplicationOrg;
        case GroupKind::Orderer:
            return GroupKind::OrdererOrg;
        case GroupKind::Consortiums:
            return GroupKind::Consortium;
        case GroupKind::Consortium:
            return GroupKind::ConsortiumOrg;
        default:
            return GroupKind::Unknown;
    }
}

bool isOrganisation(GroupKind kind) {
    return kind == GroupKind::ApplicationOrg || kind == GroupKind::OrdererOrg ||
           kind == GroupKind::ConsortiumOrg;
}

const Message* valueMessage(GroupKind group, std::string_view key) {
    if (isOrganisation(group) && key == "MSP") return &::msp::MSPConfig::default_instance();
    switch (group) {
        case GroupKind::Channel:
            return channelValue(key);
        case GroupKind::Orderer:
            return ordererValue(key);
        case GroupKind::OrdererOrg:
            if (key == "Endpoints") return &::common::OrdererAddresses::default_instance();
            return nullptr;
        case GroupKind::Application:
            if (key == "ACLs") return &::protos::ACLs::default_instance();
            if (key == "Capabilities") return &::common::Capabilities::default_instance();
            return nullptr;
        case GroupKind::ApplicationOrg:
            if (key == "AnchorPeers") return &::protos::AnchorPeers::default_instance();
            return nullptr;
        case GroupKind::Consortium:
            if (key == "ChannelCreationPolicy") return &::common::Policy::default_instance();
            return nullptr;
        default:
            return nullptr;
    }
}

Status checkChannelName(const ChannelId& channel) {
    const std::string& name = channel.str();
    const bool startsWell = !name.empty() && name[0] >= 'a' && name[0] <= 'z';
    const bool restIsWell = std::all_of(name.begin(), name.end(), [](char c) {
        return isNameCharacter(c) && !(c >= 'A' && c <= 'Z');
    });
    if (startsWell && restIsWell && name.size() <= kMaxNameLength) return absl::OkStatus();
    return makeError(StatusCode::kInvalidArgument, "BAD_CHANNEL_NAME",
                     "a channel's name is a lower-case letter, then lower-case letters, digits, "
                     "dots and dashes, at most 249 in all",
                     {{"name", name}});
}

Status checkElementName(std::string_view name) {
    const bool wellFormed = !name.empty() && name.size() <= kMaxNameLength && name != "." &&
                            name != ".." && std::all_of(name.begin(), name.end(), isNameCharacter);
    if (wellFormed) return absl::OkStatus();
    return makeError(StatusCode::kInvalidArgument, "BAD_NAME",
                     "the name of a configuration element is letters, digits, dots and dashes, at "
                     "most 249 in all",
                     {{"name", std::string(name.substr(0, kMaxNameLength + 1))}});
}

Status checkModPolicy(std::string_view modPolicy) {
    const auto refuse = [&](std::string_view why) {
        return makeError(StatusCode::kInvalidArgument, "BAD_MOD_POLICY", why,
                         {{"mod_policy", std::string(modPolicy.substr(0, 1024))}});
    };
    if (modPolicy.empty()) return refuse("the element has no mod_policy");
    std::string_view rest = modPolicy;
    if (rest[0] == '/') rest.remove_prefix(1);
    while (true) {
        const std::size_t slash = rest.find('/');
        if (!checkElementName(rest.substr(0, slash)).ok())
            return refuse("the mod_policy is not a path of element names");
        if (slash == std::string_view::npos) return absl::OkStatus();
        rest.remove_prefix(slash + 1);
    }
}

}  // namespace chancery::channel
