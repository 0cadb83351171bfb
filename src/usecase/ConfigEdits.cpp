#include "src/usecase/ConfigEdits.h"

#include <algorithm>

#include <fmt/format.h>

#include "fabric/common/configtx.pb.h"
#include "fabric/common/configuration.pb.h"
#include "fabric/common/policies.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "fabric/orderer/configuration.pb.h"
#include "fabric/orderer/etcdraft/configuration.pb.h"
#include "fabric/peer/configuration.pb.h"
#include "src/base/Encoding.h"
#include "src/channel/Genesis.h"
#include "src/channel/GoDuration.h"
#include "src/interfaces/NodeAddress.h"
#include "src/policy/ImplicitMetaPolicy.h"
#include "src/policy/SignaturePolicy.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::usecase {
namespace {

using ::common::ConfigGroup;

Status badEdit(std::string_view edit, std::string_view why) {
    return makeError(StatusCode::kInvalidArgument, "BAD_EDIT",
                     fmt::format("{}: {}", printable(edit, 256), why),
                     {{"edit", std::string(edit.substr(0, 256))}});
}

Result<ConfigGroup*> sectionOf(::common::Config& config, const std::string& name) {
    auto& groups = *config.mutable_channel_group()->mutable_groups();
    const auto found = groups.find(name);
    if (found == groups.end())
        return makeError(StatusCode::kNotFound, "NO_SUCH_SECTION",
                         fmt::format("the channel has no section {}", name), {{"section", name}});
    return &found->second;
}

Result<ConfigGroup*> organisationOf(::common::Config& config, const std::string& section,
                                    const std::string& name) {
    ASSIGN_OR_RETURN(ConfigGroup * group, sectionOf(config, section));
    const auto found = group->mutable_groups()->find(name);
    if (found == group->mutable_groups()->end())
        return makeError(StatusCode::kNotFound, "NO_SUCH_ORGANISATION",
                         fmt::format("section {} of the channel has no organisation {}", section,
                                     printable(name, 256)),
                         {{"organisation", name}});
    return &found->second;
}

/// Reads a value, changes it, puts it back; a new one is ruled by Admins.
template <class M, class Change>
Status changeValue(ConfigGroup& group, const std::string& key, const Change& change) {
    auto& value = (*group.mutable_values())[key];
    ASSIGN_OR_RETURN(M message, wire::parse<M>(value.value(), key));
    RETURN_IF_ERROR(change(message));
    value.set_value(wire::serialize(message));
    if (value.mod_policy().empty()) value.set_mod_policy("Admins");
    return absl::OkStatus();
}

Status editBatches(::common::Config& config, const ConfigEdits& edits) {
    if (!edits.batchTimeout && !edits.maxMessages && !edits.absoluteMaxBytes &&
        !edits.preferredMaxBytes)
        return absl::OkStatus();
    ASSIGN_OR_RETURN(ConfigGroup * orderer, sectionOf(config, "Orderer"));
    if (edits.batchTimeout) {
        ASSIGN_OR_RETURN(const auto timeout, channel::parseGoDuration(*edits.batchTimeout));
        RETURN_IF_ERROR(changeValue<::orderer::BatchTimeout>(
            *orderer, "BatchTimeout", [&](::orderer::BatchTimeout& value) {
                value.set_timeout(channel::printGoDuration(timeout));
                return absl::OkStatus();
            }));
    }
    const auto set = [](const std::optional<std::uint64_t>& wanted, const char* name,
                        const auto& put) -> Status {
        if (!wanted) return absl::OkStatus();
        if (*wanted == 0 || *wanted > 0xFFFF'FFFFULL)
            return badEdit(name, "is between 1 and 4294967295");
        put(std::uint32_t(*wanted));
        return absl::OkStatus();
    };
    if (!edits.maxMessages && !edits.absoluteMaxBytes && !edits.preferredMaxBytes)
        return absl::OkStatus();
    return changeValue<::orderer::BatchSize>(
        *orderer, "BatchSize", [&](::orderer::BatchSize& value) -> Status {
            RETURN_IF_ERROR(set(edits.maxMessages, "messages of a batch",
                                [&](auto n) { value.set_max_message_count(n); }));
            RETURN_IF_ERROR(set(edits.absoluteMaxBytes, "bytes of a transaction",
                                [&](auto n) { value.set_absolute_max_bytes(n); }));
            return set(edits.preferredMaxBytes, "bytes of a batch",
                       [&](auto n) { value.set_preferred_max_bytes(n); });
        });
}

Result<interfaces::HostAndPort> addressOf(const std::string& address) {
    auto place = interfaces::splitEndpoint(address);
    if (!place.ok()) return badEdit(address, "is no host:port");
    return place;
}

Status noSuchAddress(const AddressEdit& edit) {
    return makeError(StatusCode::kNotFound, "NO_SUCH_ADDRESS",
                     fmt::format("{} does not have {}", edit.organisation, edit.address),
                     {{"organisation", edit.organisation}, {"address", edit.address}});
}

Status editAnchor(::common::Config& config, const AddressEdit& edit, bool add) {
    ASSIGN_OR_RETURN(const auto place, addressOf(edit.address));
    ASSIGN_OR_RETURN(ConfigGroup * group, organisationOf(config, "Application", edit.organisation));
    bool left = true;
    RETURN_IF_ERROR(changeValue<::protos::AnchorPeers>(
        *group, "AnchorPeers", [&](::protos::AnchorPeers& peers) -> Status {
            auto& list = *peers.mutable_anchor_peers();
            const auto found = std::find_if(list.begin(), list.end(), [&](const auto& peer) {
                return peer.host() == place.host && peer.port() == place.port;
            });
            if (add && found == list.end()) {
                auto& peer = *list.Add();
                peer.set_host(place.host);
                peer.set_port(place.port);
            } else if (!add) {
                if (found == list.end()) return noSuchAddress(edit);
                list.erase(found);
            }
            left = !list.empty();
            return absl::OkStatus();
        }));
    if (!left) group->mutable_values()->erase("AnchorPeers");
    return absl::OkStatus();
}

Status editEndpoint(::common::Config& config, const AddressEdit& edit, bool add) {
    RETURN_IF_ERROR(addressOf(edit.address).status());
    ASSIGN_OR_RETURN(ConfigGroup * group, organisationOf(config, "Orderer", edit.organisation));
    return changeValue<::common::OrdererAddresses>(
        *group, "Endpoints", [&](::common::OrdererAddresses& addresses) -> Status {
            auto& list = *addresses.mutable_addresses();
            const auto found = std::find(list.begin(), list.end(), edit.address);
            if (add && found == list.end()) *list.Add() = edit.address;
            if (!add) {
                if (found == list.end()) return noSuchAddress(edit);
                list.erase(found);
            }
            return absl::OkStatus();
        });
}

Status editAcls(::common::Config& config, const std::vector<TextEdit>& edits) {
    if (edits.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(ConfigGroup * application, sectionOf(config, "Application"));
    return changeValue<::protos::ACLs>(*application, "ACLs", [&](::protos::ACLs& acls) -> Status {
        for (const TextEdit& edit : edits) {
            if (edit.name.empty()) return badEdit("ACL", "a resource has a name");
            if (edit.value.empty())
                acls.mutable_acls()->erase(edit.name);
            else
                (*acls.mutable_acls())[edit.name].set_policy_ref(edit.value);
        }
        return absl::OkStatus();
    });
}

/// "MAJORITY Admins" or a signature policy's text.
Result<::common::Policy> policyOf(const std::string& rule) {
    ::common::Policy policy;
    const bool meta =
        rule.starts_with("ANY ") || rule.starts_with("ALL ") || rule.starts_with("MAJORITY ");
    if (meta) {
        ASSIGN_OR_RETURN(const auto parsed, policy::parseImplicitMetaText(rule));
        policy.set_type(::common::Policy::IMPLICIT_META);
        policy.set_value(wire::serialize(parsed));
    } else {
        ASSIGN_OR_RETURN(const auto parsed, policy::parsePolicyText(rule));
        policy.set_type(::common::Policy::SIGNATURE);
        policy.set_value(wire::serialize(parsed));
    }
    return policy;
}

Status editPolicy(::common::Config& config, const TextEdit& edit) {
    ConfigGroup* group = config.mutable_channel_group();
    if (!edit.name.starts_with("/Channel/"))
        return badEdit(edit.name, "a policy's path begins with /Channel/");
    std::size_t at = std::string_view("/Channel/").size();
    for (std::size_t slash = edit.name.find('/', at); slash != std::string::npos;
         slash = edit.name.find('/', at)) {
        const std::string name = edit.name.substr(at, slash - at);
        const auto found = group->mutable_groups()->find(name);
        if (found == group->mutable_groups()->end())
            return makeError(StatusCode::kNotFound, "NO_SUCH_SECTION",
                             fmt::format("{} does not exist", edit.name.substr(0, slash)),
                             {{"section", edit.name.substr(0, slash)}});
        group = &found->second;
        at = slash + 1;
    }
    const std::string name = edit.name.substr(at);
    if (edit.value.empty()) {
        if (group->mutable_policies()->erase(name) == 0)
            return badEdit(edit.name, "there is no such policy");
        return absl::OkStatus();
    }
    auto policy = policyOf(edit.value);
    if (!policy.ok()) return withContext(policy.status(), edit.name);
    auto& element = (*group->mutable_policies())[name];
    *element.mutable_policy() = *std::move(policy);
    if (element.mod_policy().empty()) element.set_mod_policy("Admins");
    return absl::OkStatus();
}

Status editCapability(::common::Config& config, const TextEdit& edit) {
    ConfigGroup* group = config.mutable_channel_group();
    if (edit.name == "orderer") {
        ASSIGN_OR_RETURN(group, sectionOf(config, "Orderer"));
    } else if (edit.name == "application") {
        ASSIGN_OR_RETURN(group, sectionOf(config, "Application"));
    } else if (edit.name != "channel") {
        return badEdit(edit.name, "capabilities stand at channel, orderer or application");
    }
    if (edit.value.empty()) return badEdit(edit.name, "a capability has a name such as V2_0");
    return changeValue<::common::Capabilities>(
        *group, "Capabilities", [&](::common::Capabilities& capabilities) {
            capabilities.clear_capabilities();
            (*capabilities.mutable_capabilities())[edit.value];
            return absl::OkStatus();
        });
}

Status removeConsenter(::common::Config& config, const std::string& address) {
    ASSIGN_OR_RETURN(const auto place, addressOf(address));
    ASSIGN_OR_RETURN(ConfigGroup * orderer, sectionOf(config, "Orderer"));
    bool found = false;
    const auto eraseFrom = [&](auto& list) {
        for (int i = list.size() - 1; i >= 0; --i)
            if (list.Get(i).host() == place.host && list.Get(i).port() == place.port) {
                list.DeleteSubrange(i, 1);
                found = true;
            }
    };
    RETURN_IF_ERROR(changeValue<::orderer::ConsensusType>(
        *orderer, "ConsensusType", [&](::orderer::ConsensusType& type) -> Status {
            if (type.type() != "etcdraft") return absl::OkStatus();
            ASSIGN_OR_RETURN(auto metadata, wire::parse<::etcdraft::ConfigMetadata>(
                                                type.metadata(), "ConsensusType.metadata"));
            eraseFrom(*metadata.mutable_consenters());
            type.set_metadata(wire::serialize(metadata));
            return absl::OkStatus();
        }));
    if (orderer->values().contains("Orderers"))
        RETURN_IF_ERROR(changeValue<::common::Orderers>(
            *orderer, "Orderers", [&](::common::Orderers& orderers) {
                eraseFrom(*orderers.mutable_consenter_mapping());
                return absl::OkStatus();
            }));
    if (found) return absl::OkStatus();
    return makeError(StatusCode::kNotFound, "NO_SUCH_CONSENTER",
                     fmt::format("no consenter listens at {}", address), {{"address", address}});
}

Status addMember(::common::Config& config, const MemberEdit& edit) {
    channel::NewOrganisation made{.name = edit.name,
                                  .mspConfig = edit.mspConfig,
                                  .policies = channel::usualOrganisationPolicies(edit.mspId),
                                  .anchorPeers = {},
                                  .endpoints = edit.endpoints};
    for (const TextEdit& policy : edit.policies) {
        const bool meta = policy.value.starts_with("ANY ") || policy.value.starts_with("ALL ") ||
                          policy.value.starts_with("MAJORITY ");
        made.policies[policy.name] = {
            meta ? channel::PolicyText::Kind::ImplicitMeta : channel::PolicyText::Kind::Signature,
            policy.value};
    }
    for (const std::string& anchor : edit.anchors) {
        ASSIGN_OR_RETURN(const auto place, addressOf(anchor));
        made.anchorPeers.push_back({.host = place.host, .port = place.port});
    }
    const auto put = [&](const std::string& section, channel::GroupKind kind) -> Status {
        ASSIGN_OR_RETURN(ConfigGroup * group, sectionOf(config, section));
        if (group->groups().contains(edit.name))
            return makeError(StatusCode::kAlreadyExists, "MEMBER_EXISTS",
                             fmt::format("{} is a member already", edit.name),
                             {{"organisation", edit.name}});
        ASSIGN_OR_RETURN((*group->mutable_groups())[edit.name],
                         channel::makeOrganisation(made, kind));
        return absl::OkStatus();
    };
    RETURN_IF_ERROR(put("Application", channel::GroupKind::ApplicationOrg));
    if (edit.endpoints.empty()) return absl::OkStatus();
    return put("Orderer", channel::GroupKind::OrdererOrg);
}

std::string mspIdOf(const ConfigGroup& organisation) {
    const auto value = organisation.values().find("MSP");
    if (value == organisation.values().end()) return {};
    const auto outer = wire::parse<::msp::MSPConfig>(value->second.value(), "MSP");
    if (!outer.ok()) return {};
    const auto inner = wire::parse<::msp::FabricMSPConfig>(outer->config(), "MSP");
    return inner.ok() ? inner->name() : std::string();
}

Status removeMember(::common::Config& config, const std::string& who) {
    bool found = false;
    for (const char* section : {"Application", "Orderer"}) {
        const auto group = sectionOf(config, section);
        if (!group.ok()) continue;
        auto& members = *(*group)->mutable_groups();
        std::vector<std::string> gone;
        for (const auto& [name, member] : members)
            if (name == who || mspIdOf(member) == who) gone.push_back(name);
        for (const std::string& name : gone) members.erase(name);
        found = found || !gone.empty();
    }
    if (found) return absl::OkStatus();
    return makeError(StatusCode::kNotFound, "NO_SUCH_ORGANISATION",
                     fmt::format("the channel has no member {}", printable(who, 256)),
                     {{"organisation", who}});
}

}  // namespace

bool ConfigEdits::empty() const {
    return !batchTimeout && !maxMessages && !absoluteMaxBytes && !preferredMaxBytes &&
           addAnchors.empty() && removeAnchors.empty() && addEndpoints.empty() &&
           removeEndpoints.empty() && acls.empty() && policies.empty() && capabilities.empty() &&
           removeConsenters.empty() && addMembers.empty() && removeMembers.empty();
}

Result<Bytes> editConfig(BytesView bytes, const ConfigEdits& edits) {
    ASSIGN_OR_RETURN(auto config, wire::parse<::common::Config>(bytes, "config"));
    RETURN_IF_ERROR(editBatches(config, edits));
    for (const AddressEdit& edit : edits.addAnchors)
        RETURN_IF_ERROR(editAnchor(config, edit, true));
    for (const AddressEdit& edit : edits.removeAnchors)
        RETURN_IF_ERROR(editAnchor(config, edit, false));
    for (const AddressEdit& edit : edits.addEndpoints)
        RETURN_IF_ERROR(editEndpoint(config, edit, true));
    for (const AddressEdit& edit : edits.removeEndpoints)
        RETURN_IF_ERROR(editEndpoint(config, edit, false));
    RETURN_IF_ERROR(editAcls(config, edits.acls));
    for (const TextEdit& edit : edits.policies) RETURN_IF_ERROR(editPolicy(config, edit));
    for (const TextEdit& edit : edits.capabilities) RETURN_IF_ERROR(editCapability(config, edit));
    for (const std::string& address : edits.removeConsenters)
        RETURN_IF_ERROR(removeConsenter(config, address));
    for (const MemberEdit& edit : edits.addMembers) RETURN_IF_ERROR(addMember(config, edit));
    for (const std::string& who : edits.removeMembers) RETURN_IF_ERROR(removeMember(config, who));
    return wire::serialize(config);
}

}  // namespace chancery::usecase
