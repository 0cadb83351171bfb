#include "node/agent/EngineLauncher.h"

#include <signal.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "node/agent/HostFacts.h"
#include "node/agent/Readiness.h"
#include "src/process/Child.h"

namespace chancery::agent {
namespace {

constexpr std::string_view kReady = "READY";
/// Between two questions whether a node serves that does not say so by itself.
constexpr std::chrono::milliseconds kBetween{100};

/// A signal stops threads one after the other: waits until all stand still.
bool pauseChild(process::Child& child) {
    if (!child.signal(SIGSTOP).ok()) return false;
    const Deadline until = deadlineIn(std::chrono::seconds(2));
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    while (!isPaused(child.number())) {
        if (std::chrono::steady_clock::now() > until) {
            child.signal(SIGCONT).IgnoreError();
            return false;
        }
        never.wait_for(lock, std::chrono::milliseconds(1));
    }
    return true;
}

/// chancery-node: it says when it serves and ends with its standard input.
class OurProcess final : public NodeProcess {
public:
    explicit OurProcess(std::unique_ptr<process::Child> child) : m_child(std::move(child)) {}
    void askToEnd() override { m_child->closeInput(); }
    void kill() override { m_child->killGroup(); }
    pid_t number() const override { return m_child->number(); }
    bool pause() override { return pauseChild(*m_child); }
    void resume() override { m_child->signal(SIGCONT).IgnoreError(); }

private:
    const std::unique_ptr<process::Child> m_child;
};

/// Fabric's own: a signal ends it, and its operations service says when it serves.
class FabricProcess final : public NodeProcess {
public:
    FabricProcess(std::unique_ptr<process::Child> child, std::string operations,
                  std::function<void()> ready)
        : m_child(std::move(child)),
          m_prober([operations = std::move(operations),
                    ready = std::move(ready)](const std::stop_token& stop) {
              std::mutex mutex;
              std::condition_variable_any changed;
              std::unique_lock lock(mutex);
              while (!stop.stop_requested()) {
                  if (isServing(operations, deadlineIn(std::chrono::seconds(1)))) {
                      ready();
                      return;
                  }
                  changed.wait_for(lock, stop, kBetween, [] { return false; });
              }
          }) {}
    ~FabricProcess() override {
        m_prober.request_stop();
        askToEnd();
    }
    void askToEnd() override { m_child->signal(SIGTERM).IgnoreError(); }
    void kill() override { m_child->killGroup(); }
    pid_t number() const override { return m_child->number(); }
    bool pause() override { return pauseChild(*m_child); }
    void resume() override { m_child->signal(SIGCONT).IgnoreError(); }

private:
    const std::unique_ptr<process::Child> m_child;
    std::jthread m_prober;
};

std::string operationsOf(const Manifest& node) {
    const auto found = node.endpoints.find("operations");
    return found == node.endpoints.end() ? std::string() : found->second;
}

process::Command commandFor(const Manifest& node, const std::filesystem::path& program,
                            const std::filesystem::path& folder) {
    process::Command command;
    command.program = program;
    command.folder = folder;
    command.environment = process::minimalEnvironment();
    // By force: nobody would be left to do it later, and a ledger stands that.
    command.endsWithUs = SIGKILL;
    if (node.engine == kFabric) {
        command.environment["FABRIC_CFG_PATH"] = folder;
        // A path that Fabric's peer does not count from its settings' folder.
        command.environment["CORE_LEDGER_SNAPSHOTS_ROOTDIR"] = folder / "data" / "snapshots";
        // For the external builder that runs our contracts.
        std::error_code error;
        const auto ours = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
        command.environment["CHANCERY_CONTRACT"] = ours / "chancery-contract";
        if (node.kind == "peer") command.arguments = {"node", "start"};
    } else {
        command.arguments = {node.kind, "--config", folder / "node.yaml"};
    }
    return command;
}

}  // namespace

std::map<std::string, std::string> endpointsOf(std::string_view readyDetails) {
    std::map<std::string, std::string> endpoints;
    const auto json = nlohmann::json::parse(readyDetails, nullptr, false);
    if (!json.is_object()) return endpoints;
    const auto found = json.find("endpoints");
    if (found == json.end() || !found->is_object()) return endpoints;
    for (const auto& [name, endpoint] : found->items())
        if (endpoint.is_string()) endpoints[name] = endpoint.get<std::string>();
    return endpoints;
}

Result<std::unique_ptr<NodeProcess>> EngineLauncher::launch(const Manifest& node,
                                                            ProcessEvents events) {
    ASSIGN_OR_RETURN(const auto program, m_engines.program(node.engine, node.version, node.kind));
    const bool isFabric = node.engine == kFabric;
    const std::string operations = operationsOf(node);
    if (isFabric && operations.empty())
        return makeError(StatusCode::kInvalidArgument, "BAD_PLAN",
                         "the plan of a Fabric node has no endpoint 'operations'");
    process::Listener listener;
    listener.line = [events, isFabric, isReady = false](process::Stream stream,
                                                        std::string_view line) mutable {
        const bool isWord = line.starts_with(kReady) &&
                            (line.size() == kReady.size() || line[kReady.size()] == ' ');
        if (!isFabric && !isReady && stream == process::Stream::Output && isWord) {
            isReady = true;
            events.ready(endpointsOf(line.substr(std::min(line.size(), kReady.size() + 1))));
            return;
        }
        events.line(line);
    };
    listener.ended = events.ended;
    ASSIGN_OR_RETURN(auto child,
                     process::Child::start(commandFor(node, program, m_state.node(node.name)),
                                           std::move(listener)));
    if (!isFabric) return std::make_unique<OurProcess>(std::move(child));
    return std::make_unique<FabricProcess>(
        std::move(child), operations,
        [ready = events.ready, endpoints = node.endpoints] { ready(endpoints); });
}

bool EngineLauncher::isUseless(const Manifest& node, const process::ExitReason& exit) const {
    // What chancery-node returns for a wrong command line and for settings that it cannot use.
    return node.engine == kBuiltin && exit.signal == 0 && (exit.code == 2 || exit.code == 3);
}

}  // namespace chancery::agent
