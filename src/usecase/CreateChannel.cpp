#include "src/usecase/CreateChannel.h"

#include <algorithm>

#include "src/base/File.h"
#include "src/channel/Elements.h"
#include "src/channel/GoDuration.h"
#include "src/usecase/CreateGenesis.h"
#include "src/usecase/MspBundle.h"

namespace chancery::usecase {
namespace {

Result<ChannelEndpoint> endpointOf(const NetworkFolder& network, const NetworkNode& node) {
    ASSIGN_OR_RETURN(const auto address, network.address(node));
    ASSIGN_OR_RETURN(const auto place, interfaces::splitEndpoint(address.endpoint));
    return ChannelEndpoint{.host = place.host, .port = place.port};
}

Status addOrganisation(const NetworkFolder& network, std::size_t index, GenesisRequest& request) {
    const OrganisationFolders& from = network.organisations()[index];
    const bool peers = from.plan().kind == OrganisationPlan::Kind::Peers;
    ChannelOrganisation made{
        .name = from.plan().name, .mspId = from.plan().mspId, .msp = from.msp(), .endpoints = {}};
    for (const NetworkNode& node : network.nodes()) {
        if (node.organisation != index) continue;
        ASSIGN_OR_RETURN(const auto endpoint, endpointOf(network, node));
        if (!peers || made.endpoints.empty()) made.endpoints.push_back(endpoint);
        if (peers) continue;
        const std::string name = node.name.substr(0, node.name.find('.'));
        request.consenters.push_back(
            {.endpoint = endpoint, .tlsCertificate = from.node(name) / "tls" / "server.crt"});
    }
    (peers ? request.applications : request.orderers).push_back(std::move(made));
    return absl::OkStatus();
}

}  // namespace

Result<CreatedChannel> CreateChannel::run(const NetworkFolder& network,
                                          const CreateChannelRequest& wanted) const {
    RETURN_IF_ERROR(channel::checkChannelName(wanted.channel));
    CreatedChannel created;
    created.file = network.folder() / "channels" / (wanted.channel.str() + ".block");
    for (const OrganisationFolders& organisation : network.organisations())
        if (organisation.plan().kind == OrganisationPlan::Kind::Peers &&
            (wanted.members.empty() || std::find(wanted.members.begin(), wanted.members.end(),
                                                 organisation.plan().name) != wanted.members.end()))
            created.members.push_back(organisation.plan().name);
    for (const std::string& name : wanted.members)
        if (std::find(created.members.begin(), created.members.end(), name) ==
            created.members.end())
            return makeError(StatusCode::kNotFound, "NO_SUCH_ORGANISATION",
                             "the network has no organisation with peers called " + name,
                             {{"organisation", name}});
    if (std::filesystem::exists(created.file)) {
        ASSIGN_OR_RETURN(created.bytes, readFile(created.file));
        created.already = true;
        return created;
    }
    GenesisRequest request;
    request.channel = wanted.channel;
    request.now = wanted.now;
    request.batchTimeout = network.batchTimeout();
    request.maxMessages = network.maxMessages();
    if (wanted.batchTimeout) {
        ASSIGN_OR_RETURN(request.batchTimeout, channel::parseGoDuration(*wanted.batchTimeout));
    }
    if (wanted.maxMessages) {
        if (*wanted.maxMessages == 0 || *wanted.maxMessages > 0xFFFF'FFFFULL)
            return makeError(StatusCode::kInvalidArgument, "BAD_EDIT",
                             "messages of a batch are between 1 and 4294967295");
        request.maxMessages = static_cast<std::uint32_t>(*wanted.maxMessages);
    }
    for (std::size_t i = 0; i < network.organisations().size(); ++i) {
        const auto& plan = network.organisations()[i].plan();
        if (plan.kind == OrganisationPlan::Kind::Orderers ||
            std::find(created.members.begin(), created.members.end(), plan.name) !=
                created.members.end())
            RETURN_IF_ERROR(addOrganisation(network, i, request));
    }
    for (const auto& path : wanted.bundles) {
        ASSIGN_OR_RETURN(const MspBundle bundle, ReadMspBundle().run(path));
        request.applications.push_back({.name = bundle.name,
                                        .mspId = bundle.mspId,
                                        .msp = {},
                                        .mspConfig = bundle.config,
                                        .endpoints = {}});
    }
    ASSIGN_OR_RETURN(created.bytes, CreateGenesis().run(request));
    RETURN_IF_ERROR(writeNewFile(created.file, created.bytes));
    return created;
}

}  // namespace chancery::usecase
