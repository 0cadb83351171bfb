#include "src/cli/NetworkText.h"

#include <fmt/format.h>

#include "src/cli/NetworkCommands.h"
#include "src/cli/Values.h"

namespace chancery::cli {

using usecase::NetworkFolder;

std::string milliseconds(std::chrono::nanoseconds time) {
    return fmt::format("{:.0f} ms", std::chrono::duration<double, std::milli>(time).count());
}

void Steps::tell(const std::string& what, std::chrono::nanoseconds took) {
    m_session.err().item(good("✓"), Text(what) + quiet("  " + milliseconds(took)));
}

usecase::StepListener Steps::listener() {
    return [this](const usecase::StepReport& report) {
        if (report.took) tell(report.what, *report.took);
    };
}

void tellAddresses(Session& session, const NetworkFolder& network) {
    session.out().heading("Nodes");
    for (const auto* nodes : {&network.nodes(), &network.authorities()})
        for (const auto& node : *nodes) {
            std::string text;
            for (const auto& [name, endpoint] : node.endpoints)
                text += (text.empty() ? "" : "  ") + name + " " + endpoint;
            session.out().fields({{node.name, Text(text)}}, 2);
        }
    session.out().heading("Files");
    session.out().fields({{"Profiles", Text((network.folder() / "profiles").string())},
                          {"Wallets", Text((network.folder() / "wallets").string())},
                          {"Identities", Text((network.folder() / "crypto").string())}},
                         2);
    for (const auto* nodes : {&network.nodes(), &network.authorities()})
        for (const auto& node : *nodes)
            if (!node.data.empty())
                session.out().fields({{"Data of " + node.name, Text(node.data.string())}}, 2);
    tellSuite(session, network);
}

void tellSuite(Session& session, const NetworkFolder& network) {
    if (!network.suite().fabricCompatible)
        session.out().line(
            warning("Identities are SM2, which real Fabric does not understand: its "
                    "nodes and SDKs cannot take part."));
}

void tellPreview(Session& session, const usecase::NetworkPlan& plan) {
    const usecase::NetworkPreview preview = usecase::previewOf(plan);
    if (session.wantsJson()) {
        Json json{{"topology", plan.topology.name},
                  {"memory_bytes", preview.memoryBytes},
                  {"contract_hosts", preview.contractHosts},
                  {"nodes", Json::array()}};
        for (const usecase::PreviewNode& node : preview.nodes)
            json["nodes"].push_back({{"name", node.name},
                                     {"kind", node.kind},
                                     {"organisation", node.organisation},
                                     {"host", node.host},
                                     {"endpoints", node.endpoints},
                                     {"memory_bytes", node.memoryBytes}});
        session.print(json);
        return;
    }
    Table table({{.title = "Node"},
                 {.title = "Kind"},
                 {.title = "Organisation"},
                 {.title = "Host"},
                 {.title = "Listens at", .fit = Fit::Wrap},
                 {.title = "Memory", .align = Align::Right}});
    for (const usecase::PreviewNode& node : preview.nodes) {
        std::string at;
        for (const auto& [name, endpoint] : node.endpoints)
            at += (at.empty() ? "" : ", ") + name + " " +
                  (endpoint.ends_with(":0") ? std::string("any free port") : endpoint);
        table.row({strong(node.name), Text(node.kind), Text(node.organisation), Text(node.host),
                   Text(at), Text(size(node.memoryBytes))});
    }
    session.out().table(table);
    session.out().fields({{"Processes for contracts", Text(number(preview.contractHosts))},
                          {"Memory of all", Text(size(preview.memoryBytes))}});
}

void tellFabricCommands(Session& session, const usecase::NetworkPlan& plan) {
    const auto say = [&](const std::string& line) { session.out().line(line); };
    for (const auto& one : plan.topology.organisations)
        say(fmt::format(
            "fabric-ca-server start -n ca.{} -b admin:SECRET    # and one for TLS; then "
            "fabric-ca-client register and enroll for each member",
            one.domain));
    for (const usecase::PreviewNode& node : usecase::previewOf(plan).nodes)
        if (node.kind != "ca")
            say(fmt::format("FABRIC_CFG_PATH={} {}", node.name,
                            node.kind == "peer" ? "peer node start" : "orderer"));
    for (const auto& channel : plan.topology.channels) {
        const std::string name = channel.name.str();
        say(fmt::format("configtxgen -profile {0} -channelID {0} -outputBlock {0}.block", name));
        for (const std::string& orderer : channel.consenters)
            say(
                fmt::format("osnadmin channel join --channelID {0} --config-block {0}.block -o "
                            "{1}:ADMIN-PORT --ca-file ca.crt --client-cert client.crt "
                            "--client-key client.key",
                            name, orderer));
        say(fmt::format("peer channel join -b {}.block    # as administrator, at each peer of {}",
                        name, list(channel.members)));
        for (const auto& contract : channel.contracts) {
            say(
                fmt::format("peer lifecycle chaincode package {0}.tar.gz --path {1} --lang node "
                            "--label {0}_{2}",
                            contract.name, contract.source, contract.version));
            say(fmt::format("peer lifecycle chaincode install {}.tar.gz    # at each peer",
                            contract.name));
            const std::string definition = fmt::format(
                "-C {} -n {} -v {} --sequence 1{}", name, contract.name, contract.version,
                contract.policy.empty()
                    ? std::string()
                    : fmt::format(" --signature-policy \"{}\"", contract.policy));
            say("peer lifecycle chaincode approveformyorg " + definition +
                " --package-id ID    # for each member");
            say("peer lifecycle chaincode commit " + definition);
        }
    }
}

std::string_view nameOf(interfaces::NodePhase phase) {
    using interfaces::NodePhase;
    switch (phase) {
        case NodePhase::Stopped:
            return "stopped";
        case NodePhase::Starting:
            return "starting";
        case NodePhase::Running:
            return "running";
        case NodePhase::Stopping:
            return "stopping";
        case NodePhase::WaitingToRestart:
            return "waiting to restart";
        case NodePhase::Failed:
            return "failed";
    }
    return "";
}

Json toJson(const interfaces::NodeState& state) {
    Json json{{"network", state.ref.network},
              {"node", state.ref.node},
              {"kind", state.kind},
              {"engine", state.engine},
              {"version", state.version},
              {"phase", std::string(nameOf(state.phase))},
              {"problem", bytesToJson(state.problem)},
              {"process", state.processId},
              {"restarts", state.restarts},
              {"endpoints", state.endpoints},
              {"memory_bytes", state.memoryBytes},
              {"disk_bytes", state.diskBytes},
              {"can_roll_back", state.hasPreviousVersion}};
    if (state.since) json["since"] = rfc3339(*state.since);
    if (state.lastExit)
        json["last_exit"] = {{"when", rfc3339(state.lastExit->when)},
                             {"how", bytesToJson(state.lastExit->sentence)},
                             {"expected", state.lastExit->expected}};
    return json;
}

}  // namespace chancery::cli
