#include "src/cli/NodeViewCommands.h"

#include <condition_variable>
#include <mutex>

#include "src/base/Encoding.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"

namespace chancery::cli {
namespace {

/// Asks every node; the ones that do not answer are told beside the others. Findings when one of
/// them does not.
template <class Ask>
ExitCode askAll(Session& session, NodeAccess& access, Ask&& ask) {
    const auto nodes = access.open();
    if (!nodes.ok()) return session.fail(nodes.status());
    Json all = Json::object();
    bool good = true;
    for (const NamedNode& node : *nodes) {
        auto answer = ask(node);
        if (answer.ok()) {
            if (session.wantsJson()) all[node.name] = *std::move(answer);
            continue;
        }
        good = false;
        if (session.wantsJson())
            all[node.name] = {{"error",
                               {{"reason", reasonOf(answer.status())},
                                {"message", std::string(messageOf(answer.status()))}}}};
        else
            session.out().item(bad("✗"),
                               strong(node.name) + Text(": ") + Text(messageOf(answer.status())));
    }
    if (session.wantsJson()) session.print(all);
    return good ? ExitCode::Ok : ExitCode::Findings;
}

Json healthJson(const std::vector<interfaces::NodeHealth>& health) {
    Json rows = Json::array();
    for (const auto& row : health)
        rows.push_back({{"component", row.component},
                        {"healthy", row.problem.empty()},
                        {"problem", row.problem}});
    return rows;
}

void showStatus(Session& session, const NamedNode& node, const interfaces::NodeStatus& status,
                const interfaces::NodeAbilities& abilities) {
    const bool well = std::all_of(status.health.begin(), status.health.end(),
                                  [](const auto& row) { return row.problem.empty(); });
    session.out().item(well ? good("✓") : bad("✗"),
                       strong(node.name) + Text(well ? " is well" : " is not well"));
    std::vector<Printer::Field> fields{
        {"Kind", Text(status.kind)},
        {"Organisation", Text(status.mspId.str())},
        {"Version", Text(status.version)},
        {"Started", status.startedAt ? Text(utc(*status.startedAt)) : Text()},
        {"Memory", status.memoryBytes == 0 ? Text() : Text(size(status.memoryBytes))},
        {"Processor", status.processorSeconds == 0
                          ? Text()
                          : Text(duration(absl::Seconds(status.processorSeconds)))},
        {"Disk", status.readOnly ? bad("full: nothing new is taken") : Text()}};
    for (const auto& [name, endpoint] : status.endpoints)
        fields.emplace_back("At " + name, Text(endpoint));
    for (const auto& row : status.health)
        if (!row.problem.empty()) fields.emplace_back(row.component, bad(row.problem));
    fields.emplace_back("Limits", Text(abilities.limits));
    session.out().fields(fields, 2);
}

Json channelJson(const interfaces::NodeChannel& channel) {
    Json contracts = Json::array();
    for (const auto& contract : channel.contracts)
        contracts.push_back({{"name", contract.name},
                             {"version", contract.version},
                             {"sequence", contract.sequence},
                             {"runs", contract.runs}});
    return {{"channel", channel.channel.str()},
            {"height", channel.height},
            {"last_block_hash", toHex(channel.lastBlockHash)},
            {"relation", channel.relation},
            {"status", channel.status},
            {"problem", channel.problem},
            {"contracts", std::move(contracts)}};
}

std::string labelsText(const std::map<std::string, std::string>& labels) {
    std::vector<std::string> parts;
    for (const auto& [name, value] : labels) parts.push_back(name + "=" + value);
    return list(parts);
}

}  // namespace

Help NodeStatusCommand::help() const {
    return {.summary = "Show what nodes say of themselves",
            .about = {"Kind, version, health with reasons, and what they take of the machine. "
                      "Nodes of Fabric are asked by Fabric's own protocols; what cannot be seen "
                      "that way is said under \"Limits\"."},
            .examples = {{.what = "All nodes of the network in the folder \"network\"",
                          .arguments = "node status",
                          .ends = ExitCode::Ok,
                          .needsNetwork = true}}};
}

ExitCode NodeStatusCommand::run(Session& session) {
    bool well = true;
    const ExitCode code = askAll(session, m_access, [&](const NamedNode& node) -> Result<Json> {
        ASSIGN_OR_RETURN(const auto abilities, node.node->abilities(m_access.deadline()));
        ASSIGN_OR_RETURN(const auto status, node.node->status(m_access.deadline()));
        for (const auto& row : status.health) well = well && row.problem.empty();
        if (!session.wantsJson()) showStatus(session, node, status, abilities);
        Json json{{"kind", status.kind},
                  {"msp_id", status.mspId.str()},
                  {"version", status.version},
                  {"started_at", status.startedAt ? Json(rfc3339(*status.startedAt)) : Json()},
                  {"memory_bytes", status.memoryBytes},
                  {"processor_seconds", status.processorSeconds},
                  {"read_only", status.readOnly},
                  {"endpoints", status.endpoints},
                  {"health", healthJson(status.health)},
                  {"limits", abilities.limits}};
        return json;
    });
    return code == ExitCode::Ok && !well ? ExitCode::Findings : code;
}

Help NodeChannelsCommand::help() const {
    return {
        .summary = "Show the channels of nodes, their heights and contracts",
        .about = {"For peers of Fabric a contract \"runs\" when a package for its definition is "
                  "installed; only administrators of the peer's organisation are told."},
        .examples = {{.what = "The channels of one peer",
                      .arguments = "node channels peer0.org1.example.com",
                      .ends = ExitCode::Ok,
                      .needsNetwork = true}}};
}

ExitCode NodeChannelsCommand::run(Session& session) {
    Table table({{"Node", Align::Left, Fit::CutEnd},
                 {"Channel", Align::Left, Fit::CutEnd},
                 {"Height", Align::Right},
                 {"Newest block", Align::Left, Fit::Id, 12},
                 {"As"},
                 {"Status", Align::Left, Fit::Wrap},
                 {"Contracts", Align::Left, Fit::Wrap}});
    const ExitCode code = askAll(session, m_access, [&](const NamedNode& node) -> Result<Json> {
        ASSIGN_OR_RETURN(const auto channels, node.node->channels(m_access.deadline()));
        Json rows = Json::array();
        for (const auto& channel : channels) {
            std::vector<std::string> contracts;
            for (const auto& contract : channel.contracts)
                contracts.push_back(fmt::format("{} {} (sequence {}{})", contract.name,
                                                contract.version, contract.sequence,
                                                contract.runs ? "" : ", does not run"));
            table.row({node.name, channel.channel.str(), number(channel.height),
                       toHex(channel.lastBlockHash), channel.relation,
                       channel.problem.empty() ? Text(channel.status)
                                               : bad(channel.status + ": " + channel.problem),
                       list(contracts)});
            rows.push_back(channelJson(channel));
        }
        return rows;
    });
    if (!session.wantsJson() && table.rows() > 0) session.out().table(table);
    return code;
}

Help NodeMetricsCommand::help() const {
    return {.summary = "Show the metrics of nodes as of now",
            .about = {"Names and labels are those of Prometheus' text format."},
            .examples = {{.what = "How far the ledgers are",
                          .arguments = "node metrics --match ledger_blockchain_height",
                          .ends = ExitCode::Ok,
                          .needsNetwork = true}}};
}

void NodeMetricsCommand::declare(CommandLine& line) {
    m_access.declare(line);
    line.value(
        {.names = "--match", .help = "Only metrics whose names contain this", .value = "TEXT"},
        m_match);
}

ExitCode NodeMetricsCommand::run(Session& session) {
    Table table({{"Node", Align::Left, Fit::CutEnd},
                 {"Metric", Align::Left, Fit::CutMiddle},
                 {"Labels", Align::Left, Fit::Wrap},
                 {"Value", Align::Right}});
    const ExitCode code = askAll(session, m_access, [&](const NamedNode& node) -> Result<Json> {
        std::mutex mutex;
        std::condition_variable changed;
        std::optional<Result<interfaces::MetricsReading>> first;
        const auto keep = [&](Result<interfaces::MetricsReading> result) {
            const std::lock_guard lock(mutex);
            if (!first) first = std::move(result);
            changed.notify_all();
        };
        const auto watching =
            node.node->watchMetrics(std::chrono::hours(1), keep, [&](const Status& why) {
                if (!why.ok()) keep(why);
            });
        std::unique_lock lock(mutex);
        if (!changed.wait_until(lock, m_access.deadline(), [&] { return first.has_value(); }))
            return makeError(StatusCode::kDeadlineExceeded, "TIMED_OUT",
                             "the node does not answer");
        if (!first->ok()) return first->status();
        Json rows = Json::array();
        for (const auto& sample : (**first).samples) {
            if (sample.name.find(m_match) == std::string::npos) continue;
            rows.push_back(
                {{"name", sample.name}, {"labels", sample.labels}, {"value", sample.value}});
            table.row({node.name, sample.name, labelsText(sample.labels),
                       fmt::format("{}", sample.value)});
        }
        return rows;
    });
    if (!session.wantsJson() && table.rows() > 0) session.out().table(table);
    return code;
}

Help NodeConfigCommand::help() const {
    return {.summary = "Show the settings that nodes use",
            .about = {"With defaults and what they are for; secrets are not shown. Only nodes of "
                      "this project tell their settings, by their admin socket or the agent of "
                      "their host."},
            .examples = {{.what = "Nodes of Fabric do not tell",
                          .arguments = "node config peer0.org1.example.com --profile "
                                       "network/profiles/connection-Org1.json --msp-id Org1MSP "
                                       "--msp network/crypto/peerOrganizations/org1.example.com/"
                                       "users/Admin@org1.example.com/msp",
                          .ends = ExitCode::Findings,
                          .needsNetwork = true}}};
}

void NodeConfigCommand::declare(CommandLine& line) {
    m_access.declare(line);
    line.flag("--changed", "Only settings that are not the default", m_changed);
}

ExitCode NodeConfigCommand::run(Session& session) {
    return askAll(session, m_access, [&](const NamedNode& node) -> Result<Json> {
        ASSIGN_OR_RETURN(const auto settings, node.node->settings(m_access.deadline()));
        Json rows = Json::array();
        Table table({{"Setting", Align::Left, Fit::CutMiddle},
                     {"Value", Align::Left, Fit::Wrap},
                     {"Default", Align::Left, Fit::Wrap},
                     {"What it is", Align::Left, Fit::Wrap}});
        for (const auto& setting : settings) {
            if (m_changed && setting.isDefault) continue;
            rows.push_back({{"path", setting.path},
                            {"value", setting.value},
                            {"default", setting.defaultValue},
                            {"is_default", setting.isDefault},
                            {"help", setting.help}});
            table.row({setting.path, setting.isDefault ? quiet(setting.value) : Text(setting.value),
                       setting.defaultValue, setting.help});
        }
        if (!session.wantsJson()) {
            session.out().heading(node.name);
            session.out().table(table);
        }
        return rows;
    });
}

Help NodeLogLevelCommand::help() const {
    return {.summary = "Show or change which log lines nodes write",
            .about = {"In Fabric's form, \"gateway=debug:info\". A change lasts until the node "
                      "ends."},
            .examples = {{.what = "More of the gateway",
                          .arguments = "node log-level peer0.org1.example.com --set "
                                       "gateway=debug:info",
                          .ends = ExitCode::Ok,
                          .needsNetwork = true}}};
}

void NodeLogLevelCommand::declare(CommandLine& line) {
    m_access.declare(line);
    line.value({.names = "--set", .help = "From now on", .value = "SPEC"}, m_spec);
}

ExitCode NodeLogLevelCommand::run(Session& session) {
    return askAll(session, m_access, [&](const NamedNode& node) -> Result<Json> {
        if (m_spec) RETURN_IF_ERROR(node.node->setLogSpec(*m_spec, m_access.deadline()));
        ASSIGN_OR_RETURN(const auto spec, node.node->logSpec(m_access.deadline()));
        if (!session.wantsJson()) session.out().line(strong(node.name) + quiet(": ") + Text(spec));
        return Json{{"spec", spec}};
    });
}

}  // namespace chancery::cli
