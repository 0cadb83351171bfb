#include "src/cli/LabCommands.h"

#include <fmt/format.h>

#include "src/base/File.h"
#include "src/cli/Interrupt.h"
#include "src/cli/NetworkText.h"
#include "src/cli/SecretInput.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/client/GrpcConnector.h"

namespace chancery::cli {
namespace {

using usecase::HostSettings;
using usecase::LabContent;
using usecase::NetworkFolder;

constexpr std::chrono::minutes kLabPatience{30};

ExitCode failed(Session& session, const Status& status, ExitCode otherwise) {
    return session.fail(
        status, status.code() == StatusCode::kCancelled ? ExitCode::Interrupted : otherwise);
}

Json toJson(const LabContent& lab) {
    Json json{{"name", lab.name},
              {"made", rfc3339(lab.made)},
              {"open", lab.isOpen},
              {"files", lab.files},
              {"bytes", lab.bytes},
              {"nodes", Json::array()},
              {"scenario", lab.scenario ? Json(lab.scenario->name) : Json()}};
    for (const auto& node : lab.nodes)
        json["nodes"].push_back({{"name", node.name},
                                 {"kind", node.kind},
                                 {"endpoints", node.endpoints},
                                 {"heights", node.heights},
                                 {"bytes", node.bytes}});
    return json;
}

void warnOpen(Session& session) {
    session.err().item(bad("!"),
                       "This lab has no passphrase: whoever has the file has every key in it. Use "
                       "its network for training only.");
}

void tellContent(Session& session, const LabContent& lab) {
    Table table({{.title = "Node"},
                 {.title = "Kind"},
                 {.title = "Blocks", .fit = Fit::Wrap},
                 {.title = "Size", .align = Align::Right}});
    for (const auto& node : lab.nodes) {
        std::string blocks;
        for (const auto& [channel, height] : node.heights)
            blocks += (blocks.empty() ? "" : ", ") + channel + " " + number(height);
        table.row({strong(node.name), Text(node.kind), Text(blocks), Text(size(node.bytes))});
    }
    session.out().table(table);
    session.out().fields(
        {{"Network", Text(lab.name)},
         {"Made", Text(utc(lab.made))},
         {"Scenario", Text(lab.scenario ? lab.scenario->label.en : "none")},
         {"Files", Text(fmt::format("{}, {}", number(lab.files), size(lab.bytes)))}});
}

}  // namespace

Help NetworkExportCommand::help() const {
    return {.summary = "Save the topology of a network, or the whole network as a lab file",
            .about = {"A file whose name ends with .lab gets everything: topology, keys, ledgers "
                      "and, with --scenario, a story to be played. \"network import\" gives the "
                      "network back. It is encrypted with a passphrase; --open makes one without, "
                      "for training with keys that protect nothing. The network goes on meanwhile.",
                      "Any other file gets the topology alone: organisations, nodes, channels, "
                      "contracts and hosts; no keys and no ledger."},
            .examples = {{.what = "The topology, on standard output",
                          .arguments = "network export --network network",
                          .needsNetwork = true},
                         {.what = "The whole network, for a training",
                          .arguments = "network export --network network --open --out course.lab",
                          .needsNetwork = true}}};
}

void NetworkExportCommand::declare(CommandLine& line) {
    NetworkFolderCommand::declare(line);
    line.value({.names = "--out",
                .help = "File to make; .lab: the whole network; without: the topology on standard "
                        "output",
                .kind = ValueKind::Path,
                .value = "FILE"},
               m_file);
    line.value({.names = "--scenario",
                .help = "Into the lab file: a name of \"scenario list\", or a file",
                .value = "NAME"},
               m_scenario);
    line.value({.names = "--passphrase-fd",
                .help = "Read the passphrase from this descriptor; without, the terminal asks",
                .kind = ValueKind::Number,
                .value = "N"},
               m_passphrase);
    line.flag("--open", "A lab file without passphrase, which anybody can read", m_open);
}

ExitCode NetworkExportCommand::exportTopology(Session& session, const NetworkFolder& folder) const {
    const std::string text = usecase::toText(folder.topology());
    if (m_file.empty()) {
        session.out().raw(text);
        return ExitCode::Ok;
    }
    if (const Status written = writeNewFile(m_file, text); !written.ok())
        return session.fail(written, ExitCode::CannotWrite);
    return ExitCode::Ok;
}

ExitCode NetworkExportCommand::exportLab(Session& session, NetworkFolder folder) {
    usecase::ExportLabRequest request{.out = m_file,
                                      .isOpen = m_open,
                                      .now = session.clock().now(),
                                      .deadline = deadlineIn(kLabPatience)};
    if (m_scenario) {
        auto scenario = usecase::findScenario(*m_scenario);
        if (!scenario.ok()) return session.fail(scenario.status());
        request.scenario = *std::move(scenario);
    } else if (std::error_code error;
               std::filesystem::exists(folder.folder() / "scenario.json", error)) {
        // That of the lab which the network came from.
        auto scenario = usecase::findScenario((folder.folder() / "scenario.json").string());
        if (scenario.ok()) request.scenario = *std::move(scenario);
    }
    Result<crypto::Secret> passphrase = crypto::Secret(BytesView());
    if (!m_open) passphrase = readNewSecret(m_passphrase, "Passphrase of the lab file: ");
    if (!passphrase.ok()) return session.fail(passphrase.status());
    const Interrupt interrupt;
    request.stop = interrupt.token();
    auto hosts = m_hosts.open(folder, HostSettings::Local::EndsWithUs, request.deadline);
    if (!hosts.ok()) return session.fail(hosts.status());
    usecase::RunningNetwork network(std::move(folder), *std::move(hosts));
    const auto began = std::chrono::steady_clock::now();
    const auto lab = usecase::ExportLab().run(network, request, passphrase->view());
    if (!lab.ok()) return failed(session, lab.status(), ExitCode::UnreadableInput);
    std::error_code error;
    const auto bytes = std::filesystem::file_size(m_file, error);
    if (session.wantsJson()) {
        Json json = toJson(*lab);
        json["file_bytes"] = bytes;
        session.print(json);
        return ExitCode::Ok;
    }
    session.out().item(good("✓"),
                       Text(m_file.string() + " has the network: " + size(bytes)) +
                           quiet("  " + milliseconds(std::chrono::steady_clock::now() - began)));
    if (m_open) warnOpen(session);
    return ExitCode::Ok;
}

ExitCode NetworkExportCommand::run(Session& session) {
    const bool isLab = m_file.extension() == ".lab";
    if (!isLab && (m_scenario || m_passphrase || m_open))
        return session.usage("--scenario, --passphrase-fd and --open are for lab files",
                             "Give --out a name that ends with .lab.");
    if (m_open && m_passphrase)
        return session.usage("--open and --passphrase-fd exclude each other");
    auto folder = NetworkFolder::open(m_folder);
    if (!folder.ok()) return session.fail(folder.status());
    return isLab ? exportLab(session, *std::move(folder)) : exportTopology(session, *folder);
}

Help NetworkImportCommand::help() const {
    return {.summary = "Give the network of a lab file back, on this machine, and leave it running",
            .about = {"The file is checked to its last byte before anything is made. Nodes listen "
                      "where they did, on this machine alone; a port that is somebody else's now "
                      "is replaced, and told. Keys and ledgers are those of the file, so what was "
                      "signed stays signed; the network goes on from there.",
                      "Contracts in the file are programs, and peers will run them: import labs of "
                      "people that you trust. A lab without passphrase says so."},
            .examples = {{.what = "A file that is no lab",
                          .arguments = "network import network/network.json",
                          .ends = ExitCode::UnreadableInput,
                          .needsNetwork = true}}};
}

void NetworkImportCommand::declare(CommandLine& line) {
    line.value({.names = "FILE",
                .help = "Lab file",
                .kind = ValueKind::File,
                .value = "FILE",
                .required = true},
               m_file);
    line.value({.names = "--network",
                .help = "Folder to make; default: the network's name",
                .kind = ValueKind::Path,
                .value = "DIR"},
               m_folder);
    line.value({.names = "--as", .help = "Another name for the network", .value = "NAME"}, m_name);
    line.value({.names = "--passphrase-fd",
                .help = "Read the passphrase from this descriptor; without, the terminal asks",
                .kind = ValueKind::Number,
                .value = "N"},
               m_passphrase);
    line.flag("--preview", "Only check the file, and tell what is in it", m_preview);
    line.flag("--stopped", "Stop it again when all nodes have served", m_stop);
    m_hosts.declare(line);
}

ExitCode NetworkImportCommand::preview(Session& session, BytesView passphrase) const {
    const auto lab = usecase::readLab(m_file, passphrase);
    if (!lab.ok()) return session.fail(lab.status());
    if (session.wantsJson())
        session.print(toJson(*lab));
    else
        tellContent(session, *lab);
    return ExitCode::Ok;
}

ExitCode NetworkImportCommand::import(Session& session, BytesView passphrase) {
    const auto began = std::chrono::steady_clock::now();
    usecase::ImportLabRequest request{.file = m_file,
                                      .folder = m_folder.value_or(""),
                                      .name = m_name,
                                      .deadline = deadlineIn(kLabPatience)};
    if (!m_folder && !m_name.empty()) request.folder = m_name;
    if (request.folder.empty()) {
        // A name that a folder can have: what the file says is somebody else's.
        const auto lab = usecase::readLab(m_file, passphrase);
        if (!lab.ok()) return session.fail(lab.status());
        request.folder = lab->topology.name;
    }
    const Interrupt interrupt;
    request.stop = interrupt.token();
    client::GrpcConnector connector;
    auto lab = usecase::ImportLab(connector).run(
        request,
        [&](const NetworkFolder& folder) {
            return m_hosts.open(
                folder,
                m_stop ? HostSettings::Local::EndsWithUs : HostSettings::Local::KeepsRunning,
                request.deadline);
        },
        passphrase);
    if (!lab.ok()) return failed(session, lab.status(), ExitCode::UnreadableInput);
    if (m_stop)
        if (const Status stopped = lab->network->stopAll(); !stopped.ok())
            return session.fail(stopped);
    const NetworkFolder& folder = lab->network->folder();
    if (session.wantsJson()) {
        Json json = toJson(lab->content);
        json["network"] = bytesToJson(folder.folder().string());
        json["moved"] = Json::array();
        for (const auto& one : lab->moved)
            json["moved"].push_back({{"node", one.node},
                                     {"endpoint", one.endpoint},
                                     {"from", one.from},
                                     {"to", one.to}});
        session.print(json);
        return ExitCode::Ok;
    }
    tellContent(session, lab->content);
    for (const auto& one : lab->moved)
        session.out().item(quiet("•"), fmt::format("{}: {} listens at {} now, {} is taken",
                                                   one.node, one.endpoint, one.to, one.from));
    session.out().item(good("✓"),
                       Text(fmt::format("{} is in {}{}", folder.topology().name,
                                        folder.folder().string(), m_stop ? "" : " and serves")) +
                           quiet("  " + milliseconds(std::chrono::steady_clock::now() - began)));
    return ExitCode::Ok;
}

ExitCode NetworkImportCommand::run(Session& session) {
    const auto isOpen = usecase::isOpenLab(m_file);
    if (!isOpen.ok()) return session.fail(isOpen.status());
    Result<crypto::Secret> passphrase = crypto::Secret(BytesView());
    if (*isOpen)
        warnOpen(session);
    else
        passphrase = readSecret(m_passphrase, "Passphrase of the lab file: ");
    if (!passphrase.ok()) return session.fail(passphrase.status());
    return m_preview ? preview(session, passphrase->view()) : import(session, passphrase->view());
}

}  // namespace chancery::cli
