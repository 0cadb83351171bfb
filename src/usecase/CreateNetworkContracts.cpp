#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "src/base/File.h"
#include "src/interfaces/ConnectionProfile.h"
#include "src/protocol/ChaincodePackage.h"
#include "src/usecase/CreateNetwork.h"
#include "src/usecase/FreshFiles.h"
#include "src/usecase/InParallel.h"

namespace chancery::usecase {
namespace {

using interfaces::NodeAddress;

constexpr std::uint64_t kMostMember = 1U << 20;

constexpr std::chrono::milliseconds kBetweenTries{100};

/// Fabric's orderers have no leader for a moment after they joined a channel.
Status untilOrdered(Deadline deadline, const std::function<Status()>& submit) {
    while (true) {
        const Status status = submit();
        const bool waits = reasonOf(status) == "NOT_ORDERED" &&
                           messageOf(status).find("SERVICE_UNAVAILABLE") != std::string::npos;
        if (!waits || std::chrono::steady_clock::now() + kBetweenTries > deadline) return status;
        std::this_thread::sleep_for(kBetweenTries);
    }
}

/// A file of a folder that holds one.
Result<Bytes> onlyFile(const std::filesystem::path& folder) {
    std::error_code error;
    for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
         at.increment(error))
        if (at->is_regular_file(error)) return readFile(at->path(), kMostMember);
    return makeError(StatusCode::kNotFound, "NO_SUCH_FILE", "no file in " + folder.string(),
                     {{"path", folder.string()}});
}

Result<interfaces::ConnectionProfile> profileFor(const NetworkFolder& network,
                                                 const std::string& organisation) {
    interfaces::ConnectionProfile profile;
    profile.name = fmt::format("{}-{}", network.topology().name, organisation);
    profile.clientOrganisation = organisation;
    for (const NetworkNode& node : network.nodes()) {
        ASSIGN_OR_RETURN(const NodeAddress address, network.address(node));
        const OrganisationPlan& owner = network.organisations()[node.organisation].plan();
        if (!node.isPeer) {
            profile.orderers[node.name] = address;
            continue;
        }
        profile.peers[node.name] = address;
        profile.organisations[owner.name].mspId = owner.mspId;
        profile.organisations[owner.name].peers.push_back(node.name);
    }
    for (const TopologyChannel& channel : network.topology().channels) {
        if (std::ranges::find(channel.members, organisation) == channel.members.end()) continue;
        for (const NetworkNode* node : network.peersOf(channel.name))
            profile.channels[channel.name].peers.push_back(node->name);
        for (const NetworkNode* node : network.orderersOf(channel.name))
            profile.channels[channel.name].orderers.push_back(node->name);
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

Status writeWallet(const NetworkFolder& network, const OrganisationFolders& organisation) {
    const OrganisationPlan& plan = organisation.plan();
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
        RETURN_IF_ERROR(writeFileAtomically(
            network.folder() / "wallets" / plan.name / (user + ".id"),
            id.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace), 0600));
    }
    return absl::OkStatus();
}

}  // namespace

Result<ContractPlan> CreateNetwork::contractOf(const TopologyContract& contract,
                                               const ChannelId& channel) {
    ContractPlan plan;
    plan.channel = channel;
    plan.definition = {.name = contract.name,
                       .version = contract.version,
                       .policy = contract.policy,
                       .collectionsJson = contract.collectionsJson};
    ASSIGN_OR_RETURN(const auto folder, findContractFolder(contract.source));
    ASSIGN_OR_RETURN(plan.package, PackageContract().ofFolder(
                                       fmt::format("{}_{}", contract.name, contract.version),
                                       "chancery", folder));
    return plan;
}

Status CreateNetwork::approve(const NetworkFolder& network, const ContractPlan& contract,
                              const std::string& organisation, const std::string& packageId,
                              SubmitRequest request) {
    ASSIGN_OR_RETURN(const auto context, actAs(network, organisation, "Admin"));
    ASSIGN_OR_RETURN(request.endorsers, peers(network, organisation));
    // Each would keep what it has written for its organisation alone.
    request.endorsers.resize(1);
    const Status approved = untilOrdered(m_deadline, [&] {
        return DeployContract().approve(context, contract.definition, packageId, request).status();
    });
    if (approved.ok()) return approved;
    // Approved before: by somebody who was interrupted.
    const auto readiness = DeployContract().readiness(
        context, request.call.channel, contract.definition, request.endorsers.front(), m_deadline);
    const auto mspId = network.organisation(organisation)->plan().mspId.str();
    const bool there =
        readiness.ok() && readiness->approvals.contains(mspId) && readiness->approvals.at(mspId);
    return there ? absl::OkStatus() : withContext(approved, organisation);
}

Status CreateNetwork::deploy(const NetworkFolder& network, const ContractPlan& contract) {
    const ChannelId channel = contract.channel.str().empty() ? network.channel() : contract.channel;
    const TopologyChannel* topology = network.channelNamed(channel);
    std::vector<std::string> members;
    if (topology != nullptr) members = topology->members;
    if (members.empty())
        return makeError(StatusCode::kNotFound, "NO_SUCH_CHANNEL",
                         "there is no channel " + channel.str(), {{"channel", channel.str()}});
    ASSIGN_OR_RETURN(const auto allPeers, peersOf(network, channel));
    ASSIGN_OR_RETURN(const auto first, actAs(network, members.front(), "Admin"));
    ASSIGN_OR_RETURN(const auto ownPeers, peers(network, members.front()));
    const auto committed = DeployContract().committed(first, channel, ownPeers.front(), m_deadline);
    if (committed.ok())
        for (const CommittedContract& one : *committed)
            if (one.name == contract.definition.name &&
                one.sequence >= contract.definition.sequence)
                return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto allOrderers, orderers(network, channel));
    // A peer that has not seen an approval yet would refuse the commit.
    SubmitRequest request{.call = {.channel = channel},
                          .endorsers = {},
                          .commitPeers = allPeers,
                          .orderers = allOrderers,
                          .deadline = m_deadline};
    // The id says what was approved, whether or not a peer has it yet.
    ASSIGN_OR_RETURN(const auto package, protocol::readChaincodePackage(contract.package));
    const std::string packageId = PackageContract::idOf(package.label, contract.package);
    const auto install = [&](const NetworkNode* const& node) -> Status {
        ASSIGN_OR_RETURN(
            const auto context,
            actAs(network, network.organisations()[node->organisation].plan().name, "Admin"));
        ASSIGN_OR_RETURN(const auto address, network.address(*node));
        const auto installed =
            DeployContract().install(context, address, contract.package, m_deadline);
        if (installed.ok()) return absl::OkStatus();
        const auto present = DeployContract().installed(context, address, m_deadline);
        if (present.ok() &&
            std::ranges::find(*present, packageId, &Installed::packageId) != present->end())
            return absl::OkStatus();
        return withContext(installed.status(), "install on " + node->name);
    };

    std::vector<std::function<Status()>> both{
        [&] { return inParallel<const NetworkNode*>(network.peersOf(channel), install); },
        [&] {
            return inParallel<std::string>(members, [&](const std::string& who) {
                return approve(network, contract, who, packageId, request);
            });
        }};
    RETURN_IF_ERROR(inParallel<std::function<Status()>>(
        both, [](const std::function<Status()>& work) { return work(); }));
    ASSIGN_OR_RETURN(request.endorsers, endorsers(network, channel));
    return withContext(
        untilOrdered(
            m_deadline,
            [&] { return DeployContract().commit(first, contract.definition, request).status(); }),
        "commit " + contract.definition.name);
}

Status CreateNetwork::sendScenario(const NetworkFolder& network,
                                   const std::vector<TopologyCall>& calls) {
    std::uint32_t number = 0;
    m_steps = static_cast<std::uint32_t>(calls.size());
    for (const TopologyCall& call : calls) {
        std::string text = call.contract;
        for (const std::string& argument : call.arguments) text += " " + argument;
        RETURN_IF_ERROR(step(++number, text, [&]() -> Status {
            ASSIGN_OR_RETURN(const auto context, actAs(network, call.organisation, call.user));
            SubmitRequest request{.call = {.channel = call.channel,
                                           .contract = call.contract,
                                           .args = {call.arguments.begin(), call.arguments.end()}},
                                  .endorsers = {},
                                  .deadline = m_deadline};
            ASSIGN_OR_RETURN(request.endorsers, endorsers(network, call.channel));
            ASSIGN_OR_RETURN(request.commitPeers, peersOf(network, call.channel));
            ASSIGN_OR_RETURN(request.orderers, orderers(network, call.channel));
            return SubmitTransaction().run(context, request).status();
        }));
    }
    return absl::OkStatus();
}

Status CreateNetwork::writeProfiles(const NetworkFolder& network) {
    for (const OrganisationFolders& organisation : network.organisations()) {
        const OrganisationPlan& plan = organisation.plan();
        if (plan.kind != OrganisationPlan::Kind::Peers) continue;
        ASSIGN_OR_RETURN(const auto profile, profileFor(network, plan.name));
        const auto folder = network.folder() / "profiles";
        RETURN_IF_ERROR(makeFolder(folder));
        RETURN_IF_ERROR(makeFolder(network.folder() / "wallets" / plan.name));
        const auto base = folder / ("connection-" + plan.name);
        RETURN_IF_ERROR(
            writeFileAtomically(base.string() + ".json", interfaces::toJson(profile), 0600));
        RETURN_IF_ERROR(
            writeFileAtomically(base.string() + ".yaml", interfaces::toYaml(profile), 0600));
        RETURN_IF_ERROR(writeWallet(network, organisation));
    }
    return absl::OkStatus();
}

}  // namespace chancery::usecase
