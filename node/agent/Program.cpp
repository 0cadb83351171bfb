#include "node/agent/Program.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <optional>

#include "node/agent/Agent.h"
#include "node/agent/Builder.h"
#include "node/agent/IdleMemory.h"
#include "src/base/Descriptor.h"
#include "src/base/Log.h"

namespace chancery::agent {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kRoom = "agent";
/// Without calls for so long, memory is given back.
constexpr std::chrono::milliseconds kIdle{2000};

struct CommandLine {
    AgentSettings settings;
    log::Level logLevel = log::Level::Info;
};

void printHelp(std::ostream& out) {
    out << "Usage: chancery-agent --state DIR [options]\n"
           "       chancery-agent builder detect|build|release FOLDER…   (called by Fabric's "
           "peers)\n\n"
           "Keeps the nodes of this machine. It writes \"READY {…}\" with its addresses to "
           "standard "
           "output when it\nserves, and ends with all nodes at SIGTERM, SIGINT or the end of "
           "standard input.\n\n"
           "  --state DIR            where it keeps everything; only the user may enter it\n"
           "  --listen HOST:PORT     also serve other machines, by TLS and only for paired "
           "clients; "
           "port 0: any\n"
           "  --detached             standard input may end\n"
           "  --name NAME            what people see; otherwise the machine's name\n"
           "  --programs DIR         where chancery-node is; otherwise beside this program\n"
           "  --engines DIR          folders with other versions of chancery-node\n"
           "  --fabric-programs DIR  where Fabric's peer and orderer are, or folders with them\n"
           "  --log LEVEL            debug, info, warning or error\n"
           "  --version              the version of this program\n\n"
           "It ends with\n";
    for (const AgentExitMeaning& row : kAgentExits)
        out << fmt::format("  {}  {}\n", static_cast<int>(row.code), row.meaning);
}

std::optional<log::Level> levelNamed(std::string_view name) {
    for (const auto& [text, level] :
         {std::pair("debug", log::Level::Debug), std::pair("info", log::Level::Info),
          std::pair("warning", log::Level::Warning), std::pair("error", log::Level::Error)})
        if (name == text) return level;
    return std::nullopt;
}

/// Sets what a word with a value says; an empty text, or what is wrong.
std::string take(CommandLine& line, std::string_view word, const std::string& value) {
    AgentSettings& settings = line.settings;
    if (word == "--state") {
        settings.state = value;
    } else if (word == "--listen") {
        const auto endpoint = rpc::parseEndpoint(value);
        if (!endpoint.ok()) return std::string(messageOf(endpoint.status()));
        if (endpoint->isUnix()) return "--listen takes HOST:PORT";
        settings.listen = *endpoint;
    } else if (word == "--name") {
        settings.name = value;
    } else if (word == "--programs") {
        settings.engines.programs = value;
    } else if (word == "--engines") {
        settings.engines.others = value;
    } else if (word == "--fabric-programs") {
        settings.engines.fabric = value;
    } else if (word == "--log") {
        const auto level = levelNamed(value);
        if (!level) return fmt::format("\"{}\" is no level", value);
        line.logLevel = *level;
    } else {
        return fmt::format("\"{}\" is not understood", word);
    }
    return {};
}

/// What to do, or nothing when help was given or the line is wrong; `exit` says which.
std::optional<CommandLine> parse(const std::vector<std::string_view>& arguments, std::ostream& out,
                                 std::ostream& err, AgentExit& exit) {
    const auto wrong = [&](std::string_view what) {
        err << fmt::format("chancery-agent: {}\nchancery-agent --help says more.\n", what);
        exit = AgentExit::Usage;
        return std::nullopt;
    };
    exit = AgentExit::Stopped;
    CommandLine line;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string_view word = arguments[i];
        if (word == "--help" || word == "-h") {
            printHelp(out);
            return std::nullopt;
        }
        if (word == "--version") {
            out << "chancery-agent " << CHANCERY_VERSION << "\n";
            return std::nullopt;
        }
        if (word == "--detached") {
            line.settings.isDetached = true;
            continue;
        }
        std::string value;
        if (const std::size_t equals = word.find('='); equals != word.npos) {
            value = word.substr(equals + 1);
            word = word.substr(0, equals);
        } else if (word.starts_with("--") && i + 1 < arguments.size()) {
            value = arguments[++i];
        }
        if (const std::string problem = take(line, word, value); !problem.empty())
            return wrong(problem);
        if (value.empty()) return wrong(fmt::format("{} needs a value", word));
    }
    if (line.settings.state.empty()) return wrong("--state is missing");
    std::error_code error;
    if (line.settings.engines.programs.empty())
        line.settings.engines.programs = fs::read_symlink("/proc/self/exe", error).parent_path();
    for (fs::path* path : {&line.settings.state, &line.settings.engines.programs,
                           &line.settings.engines.others, &line.settings.engines.fabric})
        if (!path->empty()) *path = fs::absolute(*path, error);
    return line;
}

/// The signals that end an agent, as something that can be waited for.
Descriptor takeSignals() {
    sigset_t signals;
    ::sigemptyset(&signals);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&signals, number);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    return Descriptor(::signalfd(-1, &signals, SFD_CLOEXEC));
}

/// What calls want of the main thread.
struct Requests {
    Descriptor wake{::eventfd(0, EFD_CLOEXEC)};
    std::atomic<bool> end = false, detach = false;

    void ask(bool keepNodes) {
        (keepNodes ? detach : end) = true;
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(wake.get(), &one, sizeof one);
    }
};

/// Gives memory back, once after each time of work, the start included.
class IdleMemory {
public:
    void look(std::uint64_t calls) {
        const bool isQuiet = std::exchange(m_calls, calls) == calls;
        if (isQuiet && !m_isReturned) returnIdleMemory();
        m_isReturned = isQuiet;
    }

private:
    std::uint64_t m_calls = 0;
    bool m_isReturned = false;
};

/// Why the agent shall end.
std::string waitForEnd(int signals, Requests& requests, const Agent& agent, bool isDetached) {
    IdleMemory memory;
    while (true) {
        const bool ignoresInput = isDetached || requests.detach;
        pollfd watched[3] = {{signals, POLLIN, 0},
                             {requests.wake.get(), POLLIN, 0},
                             {ignoresInput ? -1 : STDIN_FILENO, POLLIN, 0}};
        const int ready = ::poll(watched, 3, static_cast<int>(kIdle.count()));
        if (ready == 0) memory.look(agent.calls());
        if (ready <= 0) continue;
        if (watched[0].revents != 0) {
            signalfd_siginfo info{};
            if (::read(signals, &info, sizeof info) == sizeof info)
                return fmt::format("signal {}", info.ssi_signo);
        }
        if (watched[1].revents != 0) {
            std::uint64_t count = 0;
            [[maybe_unused]] const auto got = ::read(requests.wake.get(), &count, sizeof count);
            if (requests.end) return "a call";
        }
        if (watched[2].revents != 0 && !requests.detach) {
            char buffer[256];
            if (::read(STDIN_FILENO, buffer, sizeof buffer) <= 0) return "end of standard input";
        }
    }
}

std::string readyLine(const Agent& agent) {
    nlohmann::ordered_json ready{{"agent", CHANCERY_VERSION}, {"pid", ::getpid()}};
    for (const auto& [name, endpoint] : agent.endpoints()) ready["endpoints"][name] = endpoint;
    return "READY " + ready.dump();
}

bool isStateError(const Status& status) {
    return status.code() == StatusCode::kFailedPrecondition ||
           status.code() == StatusCode::kDataLoss ||
           status.code() == StatusCode::kPermissionDenied ||
           status.code() == StatusCode::kInvalidArgument;
}

}  // namespace

AgentExit runAgent(const std::vector<std::string_view>& arguments, std::ostream& out,
                   std::ostream& err) {
    if (!arguments.empty() && arguments.front() == "builder") {
        const Status built = runBuilder({arguments.begin() + 1, arguments.end()});
        if (built.ok()) return AgentExit::Stopped;
        err << fmt::format("chancery-agent: {}\n", messageOf(built));
        return AgentExit::Usage;
    }
    AgentExit exit = AgentExit::Stopped;
    const auto line = parse(arguments, out, err, exit);
    if (!line) return exit;
    const Descriptor signals = takeSignals();
    log::setLevel(line->logLevel);
    Requests requests;
    auto agent =
        Agent::start(line->settings, [&requests](bool keepNodes) { requests.ask(keepNodes); });
    if (!agent.ok()) {
        err << fmt::format("chancery-agent: {} ({})\n", messageOf(agent.status()),
                           reasonOf(agent.status()));
        return isStateError(agent.status()) ? AgentExit::BadState : AgentExit::CannotStart;
    }
    out << readyLine(**agent) << std::endl;
    const std::string why = waitForEnd(signals.get(), requests, **agent, line->settings.isDetached);
    log::info(kRoom, "stopping: " + why);
    (*agent)->stop();
    log::info(kRoom, "stopped");
    return AgentExit::Stopped;
}

}  // namespace chancery::agent
