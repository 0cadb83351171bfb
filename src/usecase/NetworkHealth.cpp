#include "src/usecase/NetworkHealth.h"

#include <algorithm>
#include <set>

#include "fabric/common/configtx.pb.h"
#include "src/usecase/CertificateCollector.h"
#include "src/usecase/JoinChannel.h"
#include "src/usecase/NetworkFolder.h"

namespace chancery::usecase {

HealthChannel NetworkHealth::look(const ChannelId& channel, const HealthRequest& request) const {
    HealthChannel seen;
    seen.channel = channel;
    auto inspection =
        InspectChannel().run(m_context, channel, request.orderers, request.peers, m_deadline);
    if (!inspection.ok()) {
        seen.problem = std::string(messageOf(inspection.status()));
        seen.nodes =
            InspectChannel::nodes(m_context, channel, request.orderers, request.peers, m_deadline);
        return seen;
    }
    seen.config = std::move(inspection->config);
    seen.nodes = std::move(inspection->nodes);
    auto bundle = channel::Bundle::fromConfig(channel, *inspection->newest.file.config);
    if (bundle.ok())
        seen.bundle = *std::move(bundle);
    else
        seen.problem = std::string(messageOf(bundle.status()));
    if (auto contracts = ContractStatus().run(m_context, channel, request.administered, m_deadline);
        contracts.ok())
        seen.contracts = *std::move(contracts);
    return seen;
}

HealthFacts NetworkHealth::collect(const HealthRequest& request) const {
    std::set<ChannelId> channels;
    if (!request.channel.empty()) channels.insert(request.channel);
    for (const ContractStatusPeer& peer : request.administered) {
        const TransactionContext own{.connector = m_context.connector,
                                     .identity = peer.administrator};
        const auto members = ReadChannel().ofPeer(own, peer.peer, m_deadline);
        if (members.ok()) channels.insert(members->begin(), members->end());
    }
    HealthFacts facts;
    facts.now = m_context.clock.now();
    for (const ChannelId& channel : channels) facts.channels.push_back(look(channel, request));
    return facts;
}

void NetworkHealth::addCertificates(const NetworkFolder& network, HealthFacts& facts) const {
    CertificateCollector collector;
    collector.addNetwork(network);
    for (const HealthChannel& channel : facts.channels)
        if (channel.bundle) collector.addChannel(channel.bundle);
    const CertificateInventory inventory = collector.finish();
    for (const InventoriedCertificate& certificate : inventory.certificates())
        if (certificate.isInUse())
            facts.ends.push_back({.what = certificate.name + " (" + certificate.mspId.str() + ")",
                                  .at = certificate.certificate.notAfter(),
                                  .isList = false});
    for (const InventoriedCrl& list : inventory.revocationLists())
        if (const auto next = list.list.nextUpdate())
            facts.ends.push_back(
                {.what = "list of " + list.list.issuer(), .at = *next, .isList = true});
}

}  // namespace chancery::usecase
