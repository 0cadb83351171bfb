#include <fmt/format.h>

#include "src/base/File.h"
#include "src/cli/NetworkCommands.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"

namespace chancery::cli {
namespace {

constexpr std::uint64_t kMostTopology = 4U << 20;

}  // namespace

Help TopologyListCommand::help() const {
    return {.summary = "List the topologies that come with the program",
            .about = {},
            .examples = {{.what = "What can be made?", .arguments = "topology list"}}};
}

ExitCode TopologyListCommand::run(Session& session) {
    Json all = Json::array();
    Table table({{.title = "Name"},
                 {.title = "What it is", .fit = Fit::Wrap},
                 {.title = "Organisations", .align = Align::Right},
                 {.title = "Peers", .align = Align::Right},
                 {.title = "Channels", .align = Align::Right},
                 {.title = "Memory", .align = Align::Right}});
    for (const usecase::Topology& one : usecase::builtInTopologies()) {
        std::size_t peers = 0;
        std::size_t organisations = 0;
        for (const auto& organisation : one.organisations)
            if (organisation.kind == usecase::OrganisationPlan::Kind::Peers) {
                ++organisations;
                peers += organisation.nodes.size();
            }
        const auto memory = usecase::previewOf({.folder = {}, .topology = one}).memoryBytes;
        all.push_back({{"name", one.name},
                       {"label", {{"en", one.label.en}, {"zh", one.label.zh}}},
                       {"about", {{"en", one.about.en}, {"zh", one.about.zh}}},
                       {"organisations", organisations},
                       {"peers", peers},
                       {"channels", one.channels.size()},
                       {"memory_bytes", memory}});
        table.row({strong(one.name), Text(one.label.en), Text(number(organisations)),
                   Text(number(peers)), Text(number(one.channels.size())), Text(size(memory))});
    }
    if (session.wantsJson())
        session.print(all);
    else
        session.out().table(table);
    return ExitCode::Ok;
}

Help TopologyShowCommand::help() const {
    return {.summary = "Tell what a topology would start, and what that needs",
            .about = {"--output json gives what will be started, not the topology's own file: that "
                      "is \"topology save\"."},
            .examples = {
                {.what = "Banks with a regulator", .arguments = "topology show bank-consortium"}}};
}

void TopologyShowCommand::declare(CommandLine& line) {
    line.value(
        {.names = "TOPOLOGY", .help = "A name of \"topology list\", or a file", .required = true},
        m_topology);
}

ExitCode TopologyShowCommand::run(Session& session) {
    const auto topology = usecase::findTopology(m_topology);
    if (!topology.ok()) return session.fail(topology.status());
    if (!session.wantsJson()) {
        session.out().heading(topology->label.en);
        if (!topology->about.en.empty()) session.out().paragraph(topology->about.en);
        for (const auto& channel : topology->channels) {
            std::vector<std::string> contracts;
            for (const auto& contract : channel.contracts) contracts.push_back(contract.name);
            session.out().fields(
                {{"Channel " + channel.name.str(),
                  Text(fmt::format("{}; contracts: {}", list(channel.members),
                                   contracts.empty() ? "none" : list(contracts)))}});
        }
        session.out().blank();
    }
    tellPreview(session, {.folder = {}, .topology = *topology});
    return ExitCode::Ok;
}

Help TopologyCheckCommand::help() const {
    return {.summary = "Check a topology's file",
            .about = {"Form, names and what they refer to; the first mistake is told with its "
                      "place. resources/topologies/schema.json describes the form."},
            .examples = {{.what = "One of the program's own",
                          .arguments = "topology check resources/topologies/two-banks.json"}}};
}

void TopologyCheckCommand::declare(CommandLine& line) {
    line.value({.names = "FILE", .help = "The file", .kind = ValueKind::File, .required = true},
               m_file);
}

ExitCode TopologyCheckCommand::run(Session& session) {
    const auto text = readFile(m_file, kMostTopology);
    if (!text.ok()) return session.fail(text.status());
    const auto topology = usecase::readTopology(*text);
    if (!topology.ok()) return session.fail(topology.status(), ExitCode::Findings);
    if (session.wantsJson())
        session.print({{"name", topology->name}, {"good", true}});
    else
        session.out().item(good("✓"), topology->name + " is a good topology");
    return ExitCode::Ok;
}

Help TopologySaveCommand::help() const {
    return {.summary = "Save a topology of the program as a file, to be changed",
            .about = {},
            .examples = {{.what = "Which does not exist",
                          .arguments = "topology save moon-base --out moon.json",
                          .ends = ExitCode::UnreadableInput}}};
}

void TopologySaveCommand::declare(CommandLine& line) {
    line.value(
        {.names = "TOPOLOGY", .help = "A name of \"topology list\", or a file", .required = true},
        m_topology);
    line.value({.names = "--out",
                .help = "File to make",
                .kind = ValueKind::Path,
                .value = "FILE",
                .required = true},
               m_file);
}

ExitCode TopologySaveCommand::run(Session& session) {
    const auto topology = usecase::findTopology(m_topology);
    if (!topology.ok()) return session.fail(topology.status());
    if (const Status written = writeNewFile(m_file, usecase::toText(*topology)); !written.ok())
        return session.fail(written, ExitCode::CannotWrite);
    if (session.wantsJson()) session.print({{"file", bytesToJson(m_file.string())}});
    return ExitCode::Ok;
}

}  // namespace chancery::cli
