#include "src/usecase/ContractStatus.h"

#include <algorithm>

namespace chancery::usecase {
namespace {

TransactionContext asAdministrator(const TransactionContext& context,
                                   const ContractStatusPeer& peer) {
    return {.connector = context.connector,
            .identity = peer.administrator,
            .clock = context.clock,
            .random = context.random};
}

bool hasPackage(const PeerPackages& peer, const std::string& packageId) {
    return std::any_of(peer.packages.begin(), peer.packages.end(),
                       [&](const Installed& one) { return one.packageId == packageId; });
}

}  // namespace

Result<ContractStatusReport> ContractStatus::run(const TransactionContext& context,
                                                 const ChannelId& channel,
                                                 const std::vector<ContractStatusPeer>& peers,
                                                 Deadline deadline) const {
    const DeployContract deploy;
    ContractStatusReport report;
    Result<std::vector<CommittedContract>> committed =
        makeError(StatusCode::kNotFound, "NO_NODE", "there is no peer to be asked");
    const ContractStatusPeer* source = nullptr;
    for (const ContractStatusPeer& peer : peers) {
        PeerPackages row{.name = peer.peer.name,
                         .mspId = peer.administrator->mspId(),
                         .packages = {},
                         .problem = {}};
        const TransactionContext own = asAdministrator(context, peer);
        if (auto installed = deploy.installed(own, peer.peer, deadline); installed.ok())
            row.packages = *std::move(installed);
        else
            row.problem = std::string(messageOf(installed.status()));
        report.peers.push_back(std::move(row));
        if (committed.ok()) continue;
        committed = deploy.committed(own, channel, peer.peer, deadline);
        if (committed.ok()) source = &peer;
    }
    if (!committed.ok()) return committed.status();
    for (const CommittedContract& contract : *committed) {
        ASSIGN_OR_RETURN(const auto defined,
                         deploy.defined(asAdministrator(context, *source), channel, contract.name,
                                        source->peer, deadline));
        if (!defined) continue;
        ContractState state{.definition = *defined, .packageOf = {}, .runsAt = {}};
        for (std::size_t i = 0; i < peers.size(); ++i) {
            const MspId& mspId = report.peers[i].mspId;
            const auto approved =
                deploy.approved(asAdministrator(context, peers[i]), channel, contract.name,
                                contract.sequence, peers[i].peer, deadline);
            if (!approved.ok() || !*approved) continue;
            state.packageOf[mspId.str()] = (*approved)->packageId;
            if (hasPackage(report.peers[i], (*approved)->packageId))
                state.runsAt.push_back(report.peers[i].name);
        }
        report.contracts.push_back(std::move(state));
    }
    std::sort(report.contracts.begin(), report.contracts.end(),
              [](const ContractState& a, const ContractState& b) {
                  return a.definition.contract.name < b.definition.contract.name;
              });
    return report;
}

Json toJson(const ContractStatusReport& report) {
    Json contracts = Json::array();
    for (const ContractState& state : report.contracts)
        contracts.push_back({{"name", state.definition.contract.name},
                             {"version", state.definition.contract.version},
                             {"sequence", state.definition.contract.sequence},
                             {"init_required", state.definition.initRequired},
                             {"approvals", state.definition.approvals},
                             {"packages", state.packageOf},
                             {"runs_at", state.runsAt}});
    Json peers = Json::array();
    for (const PeerPackages& peer : report.peers) {
        Json packages = Json::array();
        for (const Installed& one : peer.packages) packages.push_back(one.packageId);
        peers.push_back({{"name", peer.name},
                         {"mspid", peer.mspId.str()},
                         {"packages", std::move(packages)},
                         {"problem", bytesToJson(peer.problem)}});
    }
    return {{"contracts", std::move(contracts)}, {"peers", std::move(peers)}};
}

}  // namespace chancery::usecase
