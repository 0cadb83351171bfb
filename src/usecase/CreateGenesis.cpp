#include "src/usecase/CreateGenesis.h"

#include <fmt/format.h>

#include "fabric/msp/msp_config.pb.h"
#include "src/base/File.h"
#include "src/channel/Genesis.h"
#include "src/identity/Msp.h"
#include "src/wire/Serialize.h"

namespace chancery::usecase {
namespace {

constexpr std::uint64_t kMaxCertificate = 64 << 10;

Result<channel::NewOrganisation> toOrganisation(const ChannelOrganisation& from) {
    channel::NewOrganisation made;
    made.name = from.name;
    made.mspConfig = from.mspConfig;
    if (made.mspConfig.empty()) {
        ASSIGN_OR_RETURN(const auto config, identity::readMspFolder(from.msp, from.mspId));
        made.mspConfig = wire::serialize(config);
    }
    made.policies = channel::usualOrganisationPolicies(from.mspId);
    return made;
}

std::string textOf(const ChannelEndpoint& endpoint) {
    return fmt::format("{}:{}", endpoint.host, endpoint.port);
}

}  // namespace

Result<Bytes> CreateGenesis::run(const GenesisRequest& request) const {
    channel::NewChannel wanted;
    wanted.channel = request.channel;
    wanted.orderers.batchSize = {.maxMessages = request.maxMessages,
                                 .absoluteMaxBytes = 10U << 20,
                                 .preferredMaxBytes = request.preferredMaxBytes};
    wanted.orderers.batchTimeout = request.batchTimeout;
    for (const ChannelOrganisation& orderer : request.orderers) {
        ASSIGN_OR_RETURN(auto made, toOrganisation(orderer));
        for (const ChannelEndpoint& endpoint : orderer.endpoints)
            made.endpoints.push_back(textOf(endpoint));
        wanted.orderers.organisations.push_back(std::move(made));
    }
    for (const ChannelConsenter& consenter : request.consenters) {
        ASSIGN_OR_RETURN(const Bytes pem, readFile(consenter.tlsCertificate, kMaxCertificate));
        channel::Consenter made;
        made.host = consenter.endpoint.host;
        made.port = consenter.endpoint.port;
        made.serverTlsPem = made.clientTlsPem = pem;
        wanted.orderers.consenters.push_back(std::move(made));
    }
    for (const ChannelOrganisation& application : request.applications) {
        ASSIGN_OR_RETURN(auto made, toOrganisation(application));
        for (const ChannelEndpoint& anchor : application.endpoints)
            made.anchorPeers.push_back({.host = anchor.host, .port = anchor.port});
        wanted.application.organisations.push_back(std::move(made));
    }
    for (const auto& [name, rule] : request.applicationPolicies) {
        // "ANY Endorsement" against "OR('Org1MSP.peer')".
        const bool meta = rule.find('(') == rule.npos;
        wanted.application.policies[name] = {.kind = meta ? channel::PolicyText::Kind::ImplicitMeta
                                                          : channel::PolicyText::Kind::Signature,
                                             .rule = rule};
    }
    ASSIGN_OR_RETURN(const auto block, channel::makeGenesisBlock(wanted, request.now));
    return block.serialize();
}

}  // namespace chancery::usecase
