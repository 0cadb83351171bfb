#include "node/peer/PeerRole.h"

#include "node/chaincode/Executor.h"
#include "node/deliver/DeliverMetrics.h"
#include "node/peer/AccessControl.h"
#include "node/peer/ConfigContract.h"
#include "node/peer/Discovery.h"
#include "node/peer/Gateway.h"
#include "node/peer/GatewayConnections.h"
#include "node/peer/Layouts.h"
#include "node/peer/MainPortService.h"
#include "node/peer/PeerChannelAdmin.h"
#include "node/peer/ProposalEndorser.h"
#include "node/peer/QueryContract.h"
#include "node/state/StateView.h"
#include "src/base/Log.h"
#include "src/identity/SigningIdentity.h"

namespace chancery::node {

struct PeerRole::Impl {
    Impl(PeerConfig given, Metrics& metrics, FlowEvents& flow, const Clock& clock, Doubles doubles)
        : config(std::move(given)),
          metrics(metrics),
          flow(flow),
          clock(clock),
          doubles(std::move(doubles)),
          peerMetrics(metrics) {}

    Status loadIdentity();
    Status makeChannels();
    void makeIndexes(PeerChannelPtr channel);
    Status makeExecutor();
    Status makeEndorser();
    Status makeGateway();
    Status openChannels();
    Status serve();
    void stop(Deadline deadline);

    PeerConfig config;
    Metrics& metrics;
    FlowEvents& flow;
    const Clock& clock;
    Doubles doubles;
    PeerMetrics peerMetrics;

    // In the order in which they are made; each uses only those before it.
    std::shared_ptr<TaskPool> pool;
    SignatureMemory signatures;
    identity::SigningIdentityPtr signer;
    std::unique_ptr<AccessControl> access;
    std::unique_ptr<OrderingService> orderers;
    std::unique_ptr<JoinedChannels> channels;
    std::unique_ptr<ContractExecutor> executor;
    std::unique_ptr<PrivateDissemination> dissemination;
    std::unique_ptr<ProposalEndorser> endorser;
    std::unique_ptr<GatewayConnections> connections;
    std::unique_ptr<PeerDirectory> directory;
    std::unique_ptr<Layouts> layouts;
    std::unique_ptr<Gateway> gateway;
    std::unique_ptr<Discovery> discovery;
    std::unique_ptr<SnapshotDesk> snapshots;
    std::unique_ptr<PeerChannelAdmin> admin;
    std::unique_ptr<MainPortService> port;
    bool stopped = false;
};

PeerRole::PeerRole(PeerConfig config, Metrics& metrics, FlowEvents& flow, const Clock& clock)
    : PeerRole(std::move(config), metrics, flow, clock, Doubles()) {}

PeerRole::PeerRole(PeerConfig config, Metrics& metrics, FlowEvents& flow, const Clock& clock,
                   Doubles doubles)
    : m_impl(std::make_unique<Impl>(std::move(config), metrics, flow, clock, std::move(doubles))) {}

PeerRole::~PeerRole() {
    m_impl->stop(deadlineIn({}));
}

Status PeerRole::start() {
    struct Step {
        std::string_view name;
        Status (Impl::*run)();
    };
    static constexpr Step kSteps[] = {
        {"reading the peer's identity", &Impl::loadIdentity},
        {"making the ledgers' folder", &Impl::makeChannels},
        {"preparing contracts", &Impl::makeExecutor},
        {"preparing endorsement", &Impl::makeEndorser},
        {"preparing gateway and discovery", &Impl::makeGateway},
        {"opening channels", &Impl::openChannels},
        {"listening", &Impl::serve},
    };
    for (const Step& step : kSteps)
        if (const Status done = ((*m_impl).*step.run)(); !done.ok())
            return withContext(done, step.name);
    return {};
}

Status PeerRole::Impl::loadIdentity() {
    pool = std::make_shared<TaskPool>("peer", config.threads);
    ASSIGN_OR_RETURN(auto msp, identity::Msp::fromFolder(config.mspFolder, config.mspId,
                                                         identity::MspVersion::V1_4_3));
    ASSIGN_OR_RETURN(signer, config.key
                                 ? identity::loadSigningIdentity(config.mspFolder, config.mspId,
                                                                 config.key, msp->messageHash())
                                 : identity::loadSigningIdentity(config.mspFolder, config.mspId,
                                                                 msp->messageHash()));
    ASSIGN_OR_RETURN(const auto self, msp->deserialize(signer->serialized()));
    RETURN_IF_ERROR(msp->validate(*self));
    if (const Status door = identity::checkAtDoor(*self, clock); !door.ok())
        log::error("peer",
                   fmt::format("nobody will accept what this peer signs: {}", messageOf(door)));
    access = std::make_unique<AccessControl>(std::move(msp));
    return {};
}

Status PeerRole::Impl::makeChannels() {
    if (config.snapshots.empty()) config.snapshots = config.data / "snapshots";
    orderers = doubles.orderers ? std::move(doubles.orderers)
                                : makeOrderingService(signer, config.clientTls, {}, clock);
    JoinedChannels::Options options;
    options.folder = config.data;
    options.snapshots = config.snapshots;
    options.ledger = config.ledger;
    options.puller = config.puller;
    options.puller.overrides = config.orderers;
    PeerServices services;
    services.identity = signer->serialized();
    services.pool = pool.get();
    services.signatures = &signatures;
    services.flow = &flow;
    services.metrics = &peerMetrics;
    services.definitionsChanged = [this](const std::shared_ptr<ExecutionChannel>& channel) {
        executor->definitionsChanged(channel);
        // Others can run something else too now; clients must not wait for the next round.
        directory->refreshSoon(channel->channelId());
        if (auto joined = channels->find(channel->channelId())) makeIndexes(std::move(joined));
    };
    channels = std::make_unique<JoinedChannels>(
        std::move(options), std::move(services), orderers.get(),
        doubles.ledgers ? *doubles.ledgers : JoinedChannels::Ledgers(),
        [this](const std::shared_ptr<JoinedChannel>& channel) {
            executor->definitionsChanged(channel);
            directory->refreshSoon(channel->channelId());
            makeIndexes(channel);
        });
    return {};
}

/// What the packages of the channel's contracts say about indexes becomes true in the background.
void PeerRole::Impl::makeIndexes(PeerChannelPtr channel) {
    pool->post([this, channel = std::move(channel)] {
        const auto contracts = channel->contracts();
        if (!contracts.ok()) return;
        std::vector<RichIndex> wanted;
        for (const std::string& contract : *contracts) {
            const auto indexes = executor->indexes(*channel, contract);
            if (!indexes.ok()) continue;  // not installed here
            for (const ContractIndex& index : *indexes)
                wanted.push_back({index.collection.empty()
                                      ? contract
                                      : privateNamespace(contract, index.collection),
                                  index.definition});
        }
        if (wanted.empty()) return;
        if (const Status made = channel->ledger().createIndexes(wanted); !made.ok())
            log::warning("peer", fmt::format("{}: indexes of contracts are not made: {}",
                                             channel->channelId().str(), messageOf(made)));
    });
}

Status PeerRole::Impl::makeExecutor() {
    if (doubles.executor) {
        executor = std::move(doubles.executor);
    } else {
        ChaincodeOptions options = config.chaincode;
        options.mspId = config.mspId;
        if (options.folder.empty()) options.folder = config.data / "chaincode";
        options.channels = [this](const ChannelId& id) -> std::shared_ptr<ExecutionChannel> {
            return channels->find(id);
        };
        options.checkLocalAdmin = [this](BytesView creator) { return access->checkAdmin(creator); };
        options.metrics = &metrics;
        ASSIGN_OR_RETURN(executor, makeContractExecutor(options));
    }
    executor->addSystemContract(std::make_shared<ConfigContract>(*channels, *access));
    executor->addSystemContract(std::make_shared<QueryContract>(*channels, *access));
    executor->addSystemContract(std::make_shared<LegacyContract>(*channels, *access));
    return {};
}

Status PeerRole::Impl::makeEndorser() {
    dissemination = makeLocalDissemination();
    ProposalEndorser::Parts parts;
    parts.channels = channels.get();
    parts.executor = executor.get();
    parts.signer = signer;
    parts.access = access.get();
    parts.dissemination = dissemination.get();
    parts.pool = pool.get();
    parts.signatures = &signatures;
    parts.flow = &flow;
    parts.metrics = &peerMetrics;
    parts.clock = &clock;
    parts.window = config.timeWindow;
    parts.concurrency = config.endorserConcurrency;
    endorser = std::make_unique<ProposalEndorser>(std::move(parts));
    return {};
}

Status PeerRole::Impl::makeGateway() {
    connections = std::make_unique<GatewayConnections>(config.clientTls);
    PeerDirectoryOptions directoryOptions;
    directoryOptions.selfEndpoint = config.externalEndpoint;
    if (directoryOptions.selfEndpoint.empty() && !config.listeners.empty())
        directoryOptions.selfEndpoint = config.listeners.front().endpoint.toString();
    directoryOptions.peers = config.peers;
    directoryOptions.isRunnable = [this](const ChannelId& id, std::string_view contract) {
        const PeerChannelPtr channel = channels->find(id);
        return channel != nullptr && executor->canRun(*channel, contract);
    };
    directory = std::make_unique<PeerDirectory>(*channels, signer, *connections,
                                                std::move(directoryOptions), clock);
    layouts = std::make_unique<Layouts>(*directory);
    GatewayOptions gatewayOptions;
    gatewayOptions.endorsementTimeout = config.gatewayEndorsementTimeout;
    gatewayOptions.orderers.timeout = config.gatewayBroadcastTimeout;
    gatewayOptions.orderers.overrides = config.orderers;
    gatewayOptions.concurrency = config.gatewayConcurrency;
    gatewayOptions.flow = &flow;
    gateway = std::make_unique<Gateway>(*channels, *endorser, *directory, *layouts, *connections,
                                        std::move(gatewayOptions), clock);
    DiscoveryOptions discoveryOptions;
    discoveryOptions.localMsp = access->localMsp();
    discoveryOptions.membersMayAskLocally = config.discoveryForMembers;
    discovery = std::make_unique<Discovery>(*channels, *directory, *layouts, signer,
                                            std::move(discoveryOptions), clock);
    return {};
}

Status PeerRole::Impl::openChannels() {
    return channels->openAll();
}

Status PeerRole::Impl::serve() {
    snapshots = std::make_unique<SnapshotDesk>(*channels, *access, clock);
    admin = std::make_unique<PeerChannelAdmin>(*channels, *executor);
    auto rules = std::make_shared<DeliverRules>();
    rules->feeds = [this](const ChannelId& id) -> BlockFeedPtr { return channels->find(id); };
    rules->window = config.timeWindow;
    rules->mutualTls = config.mutualTls;
    rules->clock = &clock;
    rules->metrics = std::make_shared<DeliverMetrics>(metrics);
    MainPortService::Parts parts;
    parts.listeners = config.listeners;
    parts.endorser = endorser.get();
    parts.snapshots = snapshots.get();
    parts.gateway = gateway.get();
    parts.discovery = discovery.get();
    parts.deliver = std::move(rules);
    parts.pool = pool;
    parts.gatewayConcurrency = config.gatewayConcurrency;
    ASSIGN_OR_RETURN(port, MainPortService::start(std::move(parts)));
    directory->start();
    return {};
}

void PeerRole::Impl::stop(Deadline deadline) {
    if (std::exchange(stopped, true)) return;
    if (directory) directory->stop();
    if (port) port->stop(deadline);
    if (executor) executor->stop(deadline);
    if (channels) channels->stop();
    // What is left on the pool uses the parts above.
    if (pool) {
        port.reset();
        pool.reset();
    }
}

void PeerRole::stop(Deadline deadline) {
    m_impl->stop(deadline);
}

std::vector<std::string> PeerRole::endpoints() const {
    std::vector<std::string> found;
    if (m_impl->port)
        for (const auto& endpoint : m_impl->port->endpoints()) found.push_back(endpoint.toString());
    // Behind them, where contracts come in.
    if (m_impl->port && m_impl->executor && !m_impl->executor->address().empty())
        found.push_back(m_impl->executor->address());
    return found;
}

std::vector<HealthCheck> PeerRole::healthChecks() const {
    return {{"channels", [impl = m_impl.get()]() -> Status {
                 if (!impl->channels) return {};
                 for (const ChannelId& id : impl->channels->ids())
                     if (const auto channel = impl->channels->find(id))
                         if (const auto alarm = channel->alarm())
                             return withContext(*alarm, id.str());
                 for (const auto& [id, why] : impl->channels->failures())
                     return withContext(why, id.str());
                 return {};
             }}};
}

ChannelAdmin* PeerRole::channelAdmin() {
    return m_impl->admin.get();
}

JoinedChannels& PeerRole::channels() {
    return *m_impl->channels;
}
ContractExecutor& PeerRole::executor() {
    return *m_impl->executor;
}
std::shared_ptr<grpc::Channel> PeerRole::inProcessChannel() {
    return m_impl->port->server().inProcessChannel();
}

}  // namespace chancery::node
