#include "src/usecase/CreateNetwork.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "src/base/File.h"
#include "src/crypto/Secret.h"
#include "src/interfaces/ConnectionProfile.h"
#include "src/usecase/CreateGenesis.h"
#include "src/usecase/EnrolOrganisation.h"
#include "src/usecase/FreshFiles.h"
#include "src/usecase/JoinChannel.h"

namespace chancery::usecase {
namespace {

using interfaces::NodeAddress;

constexpr std::uint64_t kMaxPem = 1U << 20;

Result<ChannelEndpoint> channelEndpoint(const NetworkNode& node) {
    const auto found = node.endpoints.find("grpc");
    ASSIGN_OR_RETURN(auto parts,
                     interfaces::splitEndpoint(found == node.endpoints.end() ? "" : found->second));
    return ChannelEndpoint{.host = std::move(parts.host), .port = parts.port};
}

/// A file of a folder that holds one.
Result<Bytes> onlyFile(const std::filesystem::path& folder) {
    std::error_code error;
    for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
         at.increment(error))
        if (at->is_regular_file(error)) return readFile(at->path(), kMaxPem);
    return makeError(StatusCode::kNotFound, "NO_SUCH_FILE", "no file in " + folder.string(),
                     {{"path", folder.string()}});
}

/// For all at once; the first error counts.
template <class Item>
Status inParallel(const std::vector<Item>& items, const std::function<Status(const Item&)>& work) {
    std::vector<Status> results(items.size());
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < items.size(); ++i)
            threads.emplace_back([&, i] { results[i] = work(items[i]); });
    }
    for (const Status& result : results) RETURN_IF_ERROR(result);
    return absl::OkStatus();
}

Result<interfaces::ConnectionProfile> profileFor(const NetworkFolder& network,
                                                 const std::vector<NodeAddress>& peers,
                                                 const std::vector<NodeAddress>& orderers,
                                                 const std::string& organisation) {
    interfaces::ConnectionProfile profile;
    profile.name = fmt::format("{}-{}", network.channel().str(), organisation);
    profile.clientOrganisation = organisation;
    for (const NodeAddress& peer : peers) {
        const NetworkNode* node = network.node(peer.name);
        const OrganisationPlan& owner = network.organisations()[node->organisation].plan();
        profile.peers[peer.name] = peer;
        profile.organisations[owner.name].mspId = owner.mspId;
        profile.organisations[owner.name].peers.push_back(peer.name);
        profile.channels[network.channel()].peers.push_back(peer.name);
    }
    for (const NodeAddress& orderer : orderers) {
        profile.orderers[orderer.name] = orderer;
        profile.channels[network.channel()].orderers.push_back(orderer.name);
    }
    for (std::size_t i = 0; i < network.organisations().size(); ++i) {
        const OrganisationFolders& owner = network.organisations()[i];
        if (owner.plan().kind != OrganisationPlan::Kind::Peers) continue;
        ASSIGN_OR_RETURN(auto address, network.identityCa(i));
        const std::string name = address.caName;
        profile.organisations[owner.plan().name].authorities.push_back(name);
        profile.authorities[name] = {.address = std::move(address), .registrar = kRegistrar};
    }
    return profile;
}

}  // namespace

CreateNetwork::CreateNetwork(interfaces::Connector& connector, Deadline deadline,
                             StepListener listener, const Clock& clock)
    : m_connector(connector),
      m_deadline(deadline),
      m_listener(std::move(listener)),
      m_clock(clock) {}

Status CreateNetwork::step(const std::string& what, const std::function<Status()>& work) {
    const auto began = std::chrono::steady_clock::now();
    const Status status = work();
    if (status.ok() && m_listener) m_listener(what, std::chrono::steady_clock::now() - began);
    return withContext(status, what);
}

Result<std::unique_ptr<RunningNetwork>> CreateNetwork::run(const NetworkPlan& plan,
                                                           const std::filesystem::path& nodeProgram,
                                                           interfaces::CaConnector& cas) {
    std::unique_ptr<RunningNetwork> network;
    RETURN_IF_ERROR(step("write settings", [&]() -> Status {
        ASSIGN_OR_RETURN(auto folder, NetworkFolder::create(plan));
        network = std::make_unique<RunningNetwork>(std::move(folder), nodeProgram);
        return absl::OkStatus();
    }));
    RETURN_IF_ERROR(step("start the certificate authorities",
                         [&] { return network->startAuthorities(m_deadline); }));
    RETURN_IF_ERROR(step("enrol the members", [&] { return enrolAll(network->folder(), cas); }));
    RETURN_IF_ERROR(step("start the nodes", [&] { return network->startAll(m_deadline); }));
    Bytes genesis;
    RETURN_IF_ERROR(step("make the channel's first block",
                         [&] { return makeChannel(network->folder(), genesis); }));
    RETURN_IF_ERROR(step("join the channel", [&] { return joinAll(network->folder(), genesis); }));
    return network;
}

Status CreateNetwork::enrolAll(const NetworkFolder& network, interfaces::CaConnector& cas) {
    std::vector<std::size_t> organisations;
    for (std::size_t i = 0; i < network.organisations().size(); ++i) organisations.push_back(i);
    return inParallel<std::size_t>(organisations, [&](const std::size_t& i) -> Status {
        OrganisationCas at;
        at.suite = &network.suite();
        at.registrar = kRegistrar;
        ASSIGN_OR_RETURN(at.identities, network.identityCa(i));
        ASSIGN_OR_RETURN(at.tls, network.tlsCa(i));
        ASSIGN_OR_RETURN(at.secret, network.caFolder(i).secret());
        const Status enrolled =
            EnrolOrganisation(cas, m_deadline).run(network.organisations()[i], at);
        crypto::wipe(at.secret);
        return enrolled;
    });
}

Status CreateNetwork::makeChannel(const NetworkFolder& network, Bytes& genesis) {
    GenesisRequest request;
    request.channel = network.channel();
    request.batchTimeout = network.batchTimeout();
    request.maxMessages = network.maxMessages();
    request.now = m_clock.now();
    for (std::size_t i = 0; i < network.organisations().size(); ++i) {
        const OrganisationFolders& from = network.organisations()[i];
        const bool peers = from.plan().kind == OrganisationPlan::Kind::Peers;
        ChannelOrganisation made{.name = from.plan().name,
                                 .mspId = from.plan().mspId,
                                 .msp = from.msp(),
                                 .endpoints = {}};
        for (const NetworkNode& node : network.nodes()) {
            if (node.organisation != i) continue;
            ASSIGN_OR_RETURN(const auto endpoint, channelEndpoint(node));
            // One anchor peer is enough, and what a large organisation would choose.
            if (!peers || made.endpoints.empty()) made.endpoints.push_back(endpoint);
            if (peers) continue;
            const std::string name = node.name.substr(0, node.name.find('.'));
            request.consenters.push_back(
                {.endpoint = endpoint, .tlsCertificate = from.node(name) / "tls" / "server.crt"});
        }
        (peers ? request.applications : request.orderers).push_back(std::move(made));
    }
    ASSIGN_OR_RETURN(genesis, CreateGenesis().run(request));
    return writeFresh(network.genesis(), genesis);
}

Status CreateNetwork::forEachPeer(const NetworkFolder& network,
                                  const std::function<Status(const NetworkNode&)>& work) {
    std::vector<const NetworkNode*> peers;
    for (const NetworkNode& node : network.nodes())
        if (node.isPeer) peers.push_back(&node);
    return inParallel<const NetworkNode*>(
        peers, [&](const NetworkNode* const& node) { return work(*node); });
}

Status CreateNetwork::joinAll(const NetworkFolder& network, const Bytes& genesis) {
    for (const NetworkNode* orderer : network.orderers()) {
        const auto admin = network.organisations()[orderer->organisation].user("Admin") / "tls";
        interfaces::TlsIdentity identity;
        ASSIGN_OR_RETURN(identity.certificatePem, readFile(admin / "client.crt", kMaxPem));
        ASSIGN_OR_RETURN(identity.keyPem, readFile(admin / "client.key", kMaxPem));
        ASSIGN_OR_RETURN(const auto address, network.address(*orderer, "admin"));
        RETURN_IF_ERROR(JoinChannel()
                            .joinOrderer(m_connector, {.participation = address,
                                                       .admin = identity,
                                                       .block = genesis,
                                                       .deadline = m_deadline})
                            .status());
    }
    return forEachPeer(network, [&](const NetworkNode& node) -> Status {
        ASSIGN_OR_RETURN(
            const auto context,
            actAs(network, network.organisations()[node.organisation].plan().name, "Admin"));
        ASSIGN_OR_RETURN(const auto address, network.address(node));
        return JoinChannel().joinPeer(context,
                                      {.peer = address, .block = genesis, .deadline = m_deadline});
    });
}

Status CreateNetwork::deploy(const NetworkFolder& network, const ContractPlan& contract) {
    const std::string& name = contract.definition.name;
    std::string packageId;
    RETURN_IF_ERROR(step("install " + name, [&] {
        std::mutex mutex;
        return forEachPeer(network, [&](const NetworkNode& node) -> Status {
            ASSIGN_OR_RETURN(
                const auto context,
                actAs(network, network.organisations()[node.organisation].plan().name, "Admin"));
            ASSIGN_OR_RETURN(const auto address, network.address(node));
            ASSIGN_OR_RETURN(
                const auto installed,
                DeployContract().install(context, address, contract.package, m_deadline));
            const std::lock_guard lock(mutex);
            packageId = installed.packageId;
            return absl::OkStatus();
        });
    }));
    ASSIGN_OR_RETURN(const auto allOrderers, orderers(network));
    // A peer that has not seen an approval yet would refuse the commit.
    ASSIGN_OR_RETURN(const auto allPeers, peers(network));
    SubmitRequest request{.call = {.channel = network.channel()},
                          .endorsers = {},
                          .commitPeers = allPeers,
                          .orderers = allOrderers,
                          .deadline = m_deadline};
    std::vector<std::string> organisations;
    for (const OrganisationFolders& organisation : network.organisations())
        if (!network.peersOf(organisation.plan().name).empty())
            organisations.push_back(organisation.plan().name);
    RETURN_IF_ERROR(step("approve " + name, [&] {
        return inParallel<std::string>(organisations, [&](const std::string& who) -> Status {
            ASSIGN_OR_RETURN(const auto context, actAs(network, who, "Admin"));
            SubmitRequest own = request;
            ASSIGN_OR_RETURN(own.endorsers, peers(network, who));
            return DeployContract()
                .approve(context, contract.definition, packageId, std::move(own))
                .status();
        });
    }));
    return step("commit " + name, [&]() -> Status {
        ASSIGN_OR_RETURN(const auto context, actAs(network, organisations.front(), "Admin"));
        ASSIGN_OR_RETURN(request.endorsers, peers(network));
        return DeployContract().commit(context, contract.definition, request).status();
    });
}

Status CreateNetwork::writeProfiles(const NetworkFolder& network) {
    return step("write profiles and wallets", [&]() -> Status {
        ASSIGN_OR_RETURN(const auto allPeers, peers(network));
        ASSIGN_OR_RETURN(const auto allOrderers, orderers(network));
        for (const OrganisationFolders& organisation : network.organisations()) {
            const OrganisationPlan& plan = organisation.plan();
            if (plan.kind != OrganisationPlan::Kind::Peers) continue;
            ASSIGN_OR_RETURN(const auto profile,
                             profileFor(network, allPeers, allOrderers, plan.name));
            const auto base = network.folder() / "profiles" / ("connection-" + plan.name);
            RETURN_IF_ERROR(writeFresh(base.string() + ".json", interfaces::toJson(profile)));
            RETURN_IF_ERROR(writeFresh(base.string() + ".yaml", interfaces::toYaml(profile)));
            std::vector<std::string> users = plan.users;
            users.push_back("Admin");
            for (const std::string& user : users) {
                const auto msp = organisation.user(user) / "msp";
                ASSIGN_OR_RETURN(const Bytes certificate, onlyFile(msp / "signcerts"));
                // The form of that wallet has the key inside: a second copy below the same folder.
                ASSIGN_OR_RETURN(const Bytes key, onlyFile(msp / "keystore"));
                const nlohmann::ordered_json id{
                    {"credentials", {{"certificate", certificate}, {"privateKey", key}}},
                    {"mspId", plan.mspId.str()},
                    {"type", "X.509"},
                    {"version", 1}};
                RETURN_IF_ERROR(writeFresh(
                    network.folder() / "wallets" / plan.name / (user + ".id"),
                    id.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)));
            }
        }
        return absl::OkStatus();
    });
}

Result<TransactionContext> CreateNetwork::actAs(const NetworkFolder& network,
                                                const std::string& organisation,
                                                const std::string& user) {
    const OrganisationFolders* folders = network.organisation(organisation);
    if (folders == nullptr)
        return makeError(StatusCode::kNotFound, "NO_SUCH_ORGANISATION",
                         "there is no organisation " + organisation,
                         {{"organisation", organisation}});
    ASSIGN_OR_RETURN(auto identity, identity::loadSigningIdentity(folders->user(user) / "msp",
                                                                  folders->plan().mspId));
    return TransactionContext{
        .connector = m_connector, .identity = std::move(identity), .clock = m_clock};
}

Result<std::vector<NodeAddress>> CreateNetwork::peers(const NetworkFolder& network,
                                                      const std::string& organisation) const {
    std::vector<NodeAddress> found;
    for (const NetworkNode& node : network.nodes()) {
        const std::string& owner = network.organisations()[node.organisation].plan().name;
        if (!node.isPeer || (!organisation.empty() && owner != organisation)) continue;
        ASSIGN_OR_RETURN(auto address, network.address(node));
        found.push_back(std::move(address));
    }
    return found;
}

Result<std::vector<NodeAddress>> CreateNetwork::orderers(const NetworkFolder& network) const {
    std::vector<NodeAddress> found;
    for (const NetworkNode* node : network.orderers()) {
        ASSIGN_OR_RETURN(auto address, network.address(*node));
        found.push_back(std::move(address));
    }
    return found;
}

}  // namespace chancery::usecase
