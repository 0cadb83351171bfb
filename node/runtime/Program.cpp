#include "node/runtime/Program.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "node/runtime/Node.h"
#include "src/base/Descriptor.h"
#include "src/base/Log.h"

namespace chancery::node {
namespace {

// Less than what our own programs give a child before they end it by force.
constexpr std::chrono::seconds kGrace{4};
constexpr std::string_view kRoom = "runtime";

struct CommandLine {
    NodeKind kind = NodeKind::Peer;
    std::filesystem::path config;
    bool detached = false;
};

void printHelp(std::ostream& out, std::optional<NodeKind> kind) {
    out << "Usage: chancery-node peer|orderer|ca --config FILE [--detached]\n\n"
           "A node of a Fabric-compatible network. It writes \"READY {…}\" with its addresses to "
           "standard\noutput when it serves, and ends at SIGTERM, SIGINT or the end of standard "
           "input.\n\n"
           "  --config FILE   settings in YAML; \"chancery-node peer --help\" shows all of them\n"
           "  --detached      standard input may end\n"
           "  --version       the version of this program\n";
    if (kind) {
        out << "\nSettings of a" << (*kind == NodeKind::Orderer ? "n " : " ") << nameOf(*kind)
            << "; paths count from the file's folder:\n\n"
            << describeConfig(*kind);
    }
    out << "\nIt ends with\n";
    for (const NodeExitMeaning& row : kNodeExits)
        out << fmt::format("  {}  {}\n", static_cast<int>(row.code), row.meaning);
}

std::optional<NodeKind> kindOf(std::string_view word) {
    for (const NodeKind kind : {NodeKind::Peer, NodeKind::Orderer, NodeKind::Ca})
        if (word == nameOf(kind)) return kind;
    return std::nullopt;
}

/// What to do, or nothing when help was given or the line is wrong; `exit` says which.
std::optional<CommandLine> parse(const std::vector<std::string_view>& arguments, std::ostream& out,
                                 std::ostream& err, NodeExit& exit) {
    const auto wrong = [&](std::string_view what) {
        err << fmt::format("chancery-node: {}\nchancery-node --help says more.\n", what);
        exit = NodeExit::Usage;
        return std::nullopt;
    };
    exit = NodeExit::Stopped;
    if (arguments.empty()) return wrong("which kind of node? peer, orderer or ca");
    const auto kind = kindOf(arguments.front());
    CommandLine line;
    for (std::size_t i = kind ? 1 : 0; i < arguments.size(); ++i) {
        const std::string_view word = arguments[i];
        if (word == "--help" || word == "-h") {
            printHelp(out, kind);
            return std::nullopt;
        }
        if (word == "--version") {
            out << "chancery-node " << CHANCERY_VERSION << "\n";
            return std::nullopt;
        }
        if (word == "--detached")
            line.detached = true;
        else if (word == "--config" && i + 1 < arguments.size())
            line.config = arguments[++i];
        else if (word.starts_with("--config="))
            line.config = word.substr(9);
        else
            return wrong(fmt::format("\"{}\" is not understood", word));
    }
    if (!kind) return wrong("which kind of node? peer, orderer or ca");
    if (line.config.empty()) return wrong("--config is missing");
    line.kind = *kind;
    return line;
}

/// The signals that end a node, as something that can be waited for.
Descriptor takeSignals() {
    sigset_t signals;
    ::sigemptyset(&signals);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&signals, number);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    return Descriptor(::signalfd(-1, &signals, SFD_CLOEXEC));
}

/// Why the node shall end.
std::string waitForEnd(int signals, bool detached) {
    pollfd watched[2] = {{signals, POLLIN, 0}, {detached ? -1 : STDIN_FILENO, POLLIN, 0}};
    while (true) {
        if (::poll(watched, 2, -1) < 0) continue;
        if (watched[0].revents != 0) {
            signalfd_siginfo info{};
            if (::read(signals, &info, sizeof info) != sizeof info) continue;
            return fmt::format("signal {}", info.ssi_signo);
        }
        if (watched[1].revents != 0) {
            char buffer[256];
            if (::read(STDIN_FILENO, buffer, sizeof buffer) <= 0) return "end of standard input";
        }
    }
}

std::string readyLine(const Node& node, NodeKind kind) {
    nlohmann::ordered_json ready{{"node", std::string(nameOf(kind))}, {"pid", ::getpid()}};
    for (const auto& [name, endpoint] : node.endpoints()) ready["endpoints"][name] = endpoint;
    return "READY " + ready.dump();
}

NodeExit fail(std::ostream& err, const Status& status, NodeExit code) {
    err << "chancery-node: " << messageOf(status);
    if (const std::string reason = reasonOf(status); !reason.empty()) err << " (" << reason << ")";
    err << std::endl;
    return code;
}

/// Whether an error says that what the operator gave cannot be used, rather than that it does not
/// work now.
bool isConfigError(const Status& status) {
    return status.code() == StatusCode::kInvalidArgument ||
           status.code() == StatusCode::kNotFound || status.code() == StatusCode::kPermissionDenied;
}

}  // namespace

NodeExit runNode(const std::vector<std::string_view>& arguments, std::ostream& out,
                 std::ostream& err) {
    NodeExit exit = NodeExit::Stopped;
    const auto line = parse(arguments, out, err, exit);
    if (!line) return exit;
    const Descriptor signals = takeSignals();
    const auto config = readNodeConfig(line->kind, line->config);
    if (!config.ok()) return fail(err, config.status(), NodeExit::BadConfig);
    log::setSpec(config->logSpec);
    log::setForm(config->logForm);

    auto node = Node::start(*config);
    if (!node.ok())
        return fail(err, node.status(),
                    isConfigError(node.status()) ? NodeExit::BadConfig : NodeExit::CannotStart);
    out << readyLine(**node, line->kind) << std::endl;
    const std::string why = waitForEnd(signals.get(), line->detached);
    log::info(kRoom, "stopping: " + why);
    (*node)->stop(deadlineIn(kGrace));
    log::info(kRoom, "stopped");
    return NodeExit::Stopped;
}

}  // namespace chancery::node
