#include "src/usecase/AddNode.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/base/File.h"
#include "src/crypto/Secret.h"
#include "src/identity/SigningIdentity.h"
#include "src/usecase/EnrolIdentity.h"
#include "src/usecase/EnrolNode.h"

namespace chancery::usecase {
namespace {

/// Registers at one CA by its registrar; gives the secret.
Result<std::string> registerAt(interfaces::CaConnector& cas, const interfaces::CaAddress& ca,
                               const crypto::Suite& suite, const std::string& registrarSecret,
                               const interfaces::CaIdentity& identity, Deadline deadline) {
    ASSIGN_OR_RETURN(const auto key, crypto::PrivateKey::generate(suite.key));
    ASSIGN_OR_RETURN(const auto registrar,
                     EnrolIdentity(cas, deadline).run(ca, kRegistrar, registrarSecret, {}, key));
    ASSIGN_OR_RETURN(auto signer,
                     identity::makeSigningIdentity(MspId(ca.caName), registrar.certificatePem,
                                                   std::make_shared<crypto::PrivateKey>(key)));
    ASSIGN_OR_RETURN(const auto registry, cas.registry(ca, callerOf(std::move(signer))));
    return registry->registerIdentity(identity, {}, deadline);
}

}  // namespace

Status AddNode::enrol(const NetworkFolder& network, const NetworkNode& node) {
    const auto files = network.filesOf(node);
    std::error_code error;
    if (std::filesystem::exists(files / "tls" / "server.key", error)) return absl::OkStatus();
    // What an earlier attempt has begun.
    std::filesystem::remove_all(files, error);
    ASSIGN_OR_RETURN(std::string registrar, network.caFolder(node.organisation).secret());
    interfaces::CaIdentity identity;
    identity.id = node.name;
    identity.type = node.isPeer ? "peer" : "orderer";
    EnrolNodeRequest request;
    request.id = node.name;
    request.hosts = network.organisations()[node.organisation].plan().hosts;
    request.hosts.insert(request.hosts.begin(), node.name);
    const auto at = [&](const interfaces::CaAddress& ca, const crypto::Suite& suite) {
        return registerAt(m_cas, ca, suite, registrar, identity, m_deadline);
    };
    ASSIGN_OR_RETURN(request.identities, network.identityCa(node.organisation));
    ASSIGN_OR_RETURN(const auto tls, network.tlsCa(node.organisation));
    ASSIGN_OR_RETURN(request.secret, at(request.identities, network.suite()));
    request.tls = tls;
    request.mspFolder = files / "msp";
    RETURN_IF_ERROR(EnrolNode(m_cas, m_deadline).run(request));
    // The two CAs have made different secrets.
    ASSIGN_OR_RETURN(request.secret, at(tls, crypto::ecdsaP256()));
    request.mspFolder.reset();
    request.tlsFolder = files / "tls";
    const Status enrolled = EnrolNode(m_cas, m_deadline).run(request);
    crypto::wipe(registrar);
    crypto::wipe(request.secret);
    return enrolled;
}

Result<interfaces::NodeState> AddNode::run(RunningNetwork& network, const NewNode& wanted) {
    NetworkFolder& folder = network.folder();
    const TopologyOrganisation* owner = folder.topology().organisation(wanted.organisation);
    if (owner == nullptr)
        return makeError(StatusCode::kNotFound, "NO_SUCH_ORGANISATION",
                         "there is no organisation " + wanted.organisation,
                         {{"organisation", wanted.organisation}});
    if (!wanted.host.empty()) RETURN_IF_ERROR(network.hosts().host(wanted.host).status());
    const std::string full = wanted.name + "." + owner->domain;
    if (folder.node(full) == nullptr) {
        RETURN_IF_ERROR(folder.addNode(wanted.organisation, wanted.name, wanted.host));
        RETURN_IF_ERROR(network.assignPorts({full}, m_deadline));
    }
    const NetworkNode node = *folder.node(full);
    RETURN_IF_ERROR(enrol(folder, node));
    CreateNetwork parts(m_connector, m_deadline, m_listener);
    RETURN_IF_ERROR(parts.startNodes(network, {full}));
    for (const TopologyChannel& channel : folder.topology().channels) {
        const bool asked =
            wanted.channels.empty() ||
            std::ranges::find(wanted.channels, channel.name) != wanted.channels.end();
        const bool member =
            std::ranges::find(channel.members, wanted.organisation) != channel.members.end();
        if (!asked || (node.isPeer && !member)) continue;
        // Orderers join only what they are asked to.
        if (!node.isPeer && wanted.channels.empty()) continue;
        ASSIGN_OR_RETURN(const Bytes block, readFile(folder.genesis(channel.name)));
        RETURN_IF_ERROR(parts.join(network, node, block));
    }
    RETURN_IF_ERROR(parts.writeProfiles(folder));
    return network.state(full, m_deadline);
}

Status AddOrganisation::run(RunningNetwork& network, const TopologyOrganisation& wanted) {
    NetworkFolder& folder = network.folder();
    if (folder.topology().organisation(wanted.name) == nullptr)
        RETURN_IF_ERROR(folder.addOrganisation(wanted));
    std::size_t index = 0;
    while (folder.organisations()[index].plan().name != wanted.name) ++index;
    const OrganisationFolders& made = folder.organisations()[index];
    std::vector<std::string> nodes;
    for (const std::string& node : wanted.nodes) nodes.push_back(made.nodeName(node));
    CreateNetwork parts(m_connector, m_deadline, m_listener);
    std::error_code error;
    if (!std::filesystem::exists(made.msp() / "config.yaml", error)) {
        std::vector<std::string> all = nodes;
        all.push_back(made.caName());
        RETURN_IF_ERROR(network.assignPorts(all, m_deadline));
        RETURN_IF_ERROR(parts.enrol(network, {index}, m_cas));
    }
    RETURN_IF_ERROR(parts.startNodes(network, nodes));
    return parts.writeProfiles(folder);
}

Status AddOrganisation::join(RunningNetwork& network, const std::string& organisation,
                             const ChannelId& channel) {
    NetworkFolder& folder = network.folder();
    const TopologyChannel* known = folder.channelNamed(channel);
    if (known == nullptr)
        return makeError(StatusCode::kNotFound, "NO_SUCH_CHANNEL",
                         "there is no channel " + channel.str(), {{"channel", channel.str()}});
    TopologyChannel with = *known;
    if (std::ranges::find(with.members, organisation) == with.members.end())
        with.members.push_back(organisation);
    ASSIGN_OR_RETURN(const Bytes block, readFile(folder.genesis(channel)));
    CreateNetwork parts(m_connector, m_deadline, m_listener);
    for (const NetworkNode* peer : folder.peersOf(organisation))
        RETURN_IF_ERROR(parts.join(network, *peer, block));
    RETURN_IF_ERROR(folder.setChannel(with));
    return parts.writeProfiles(folder);
}

Status AddOrganisation::leave(RunningNetwork& network, const std::string& organisation,
                              const ChannelId& channel) {
    NetworkFolder& folder = network.folder();
    const TopologyChannel* known = folder.channelNamed(channel);
    if (known == nullptr)
        return makeError(StatusCode::kNotFound, "NO_SUCH_CHANNEL",
                         "there is no channel " + channel.str(), {{"channel", channel.str()}});
    TopologyChannel without = *known;
    std::erase(without.members, organisation);
    RETURN_IF_ERROR(folder.setChannel(without));
    return CreateNetwork(m_connector, m_deadline, m_listener).writeProfiles(folder);
}

Status removeNode(RunningNetwork& network, const std::string& name, Deadline deadline) {
    ASSIGN_OR_RETURN(interfaces::Host* const host, network.hostOf(name));
    const NetworkNode node = *network.folder().node(name);
    if (node.isAuthority)
        return makeError(StatusCode::kFailedPrecondition, "NODE_NEEDED",
                         name + " certifies the members of its organisation", {{"node", name}});
    RETURN_IF_ERROR(host->nodes().remove({network.folder().ref(node)}, deadline));
    std::error_code error;
    std::filesystem::remove_all(network.folder().filesOf(node), error);
    return network.folder().removeNode(name);
}

}  // namespace chancery::usecase
