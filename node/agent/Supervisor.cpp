#include "node/agent/Supervisor.h"

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>

#include "absl/time/clock.h"
#include "src/base/File.h"
#include "src/base/Log.h"

namespace chancery::agent {
namespace {

constexpr std::string_view kRoom = "agent";
constexpr const char* kRemembered = "remembered.json";
constexpr std::size_t kMaxRemoved = 1000;

Status stopped() {
    return makeError(StatusCode::kCancelled, "STOPPED", "stopped");
}

Status notFound(const NodeName& name) {
    return makeError(StatusCode::kNotFound, "NODE_NOT_FOUND",
                     fmt::format("there is no node {}", name.toString()),
                     {{"node", name.toString()}});
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += (text.empty() ? "" : "\n") + line;
    return text;
}

}  // namespace

struct Supervisor::Node {
    Node(const Manifest& planned, Patience patience, std::filesystem::path logFolder)
        : manifest(planned),
          life(patience),
          log(std::make_shared<LogStore>(std::move(logFolder))) {}

    Manifest manifest;
    Lifecycle life;
    std::shared_ptr<LogStore> log;
    std::unique_ptr<NodeProcess> process;
    std::uint64_t run = 0;  // events of earlier runs are old news
    std::map<std::string, std::string> endpoints;
    std::optional<LastExit> lastExit;
    bool isWanted = false;  // by those who ask; an agent that ends asks nobody
    std::uint64_t change = 0;
};

struct Supervisor::Event {
    NodeName name;
    std::uint64_t run = 0;
    std::optional<std::map<std::string, std::string>> ready;
    std::optional<process::ExitReason> exit;
};

Supervisor::Supervisor(const StateFolder& state, Launcher& launcher, Patience patience)
    : m_state(state), m_launcher(launcher), m_patience(patience) {
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Supervisor::~Supervisor() {
    end();
    m_thread.request_stop();
    m_wake.notify_all();
}

void Supervisor::put(const Manifest& manifest) {
    const std::lock_guard lock(m_mutex);
    auto& node = m_nodes[manifest.name];
    if (node == nullptr) {
        node = std::make_unique<Node>(manifest, m_patience, m_state.kept(manifest.name) / "log");
        const Remembered before = read(manifest.name);
        node->lastExit = before.lastExit;
        node->isWanted = before.isWanted;
    }
    node->manifest = manifest;
    changed(*node);
}

void Supervisor::startRemembered() {
    const std::lock_guard lock(m_mutex);
    for (auto& [name, node] : m_nodes)
        if (node->manifest.startsWithAgent && node->isWanted)
            act(*node, node->life.start(absl::Now(), true));
    poke();
}

Status Supervisor::check(const std::vector<NodeName>& names) const {
    for (const NodeName& name : names)
        if (!m_nodes.contains(name)) return notFound(name);
    return absl::OkStatus();
}

Status Supervisor::waitFree(std::unique_lock<std::mutex>& lock, const std::vector<NodeName>& names,
                            Deadline deadline, const std::stop_token& stop) {
    const auto isFree = [&] {
        return std::ranges::none_of(names, [&](const auto& name) { return m_held.contains(name); });
    };
    if (m_changed.wait_until(lock, stop, deadline, isFree)) return absl::OkStatus();
    if (stop.stop_requested()) return stopped();
    return makeError(StatusCode::kDeadlineExceeded, "NODE_BUSY",
                     "another call changes what the node consists of");
}

Status Supervisor::failureOf(const Node& node) const {
    const std::string name = node.manifest.name.toString();
    ErrorArguments arguments{{"node", name}, {"problem", node.life.problem()}};
    if (node.lastExit) arguments.emplace_back("lines", joined(node.lastExit->lastLines));
    return makeError(StatusCode::kFailedPrecondition, "NODE_ENDED",
                     fmt::format("{} does not serve: {}", name, node.life.problem()),
                     std::move(arguments));
}

Status Supervisor::start(const std::vector<NodeName>& names, Deadline deadline,
                         std::stop_token stop) {
    std::unique_lock lock(m_mutex);
    RETURN_IF_ERROR(waitFree(lock, names, deadline, stop));
    return startLocked(lock, names, deadline, stop);
}

Status Supervisor::startLocked(std::unique_lock<std::mutex>& lock,
                               const std::vector<NodeName>& names, Deadline deadline,
                               const std::stop_token& stop) {
    RETURN_IF_ERROR(check(names));
    if (m_isEnding)
        return makeError(StatusCode::kUnavailable, "AGENT_ENDING", "the agent is ending");
    for (const NodeName& name : names) {
        Node& node = *m_nodes.at(name);
        act(node, node.life.start(absl::Now()));
        node.isWanted = true;
        m_toRemember[name] = {true, node.lastExit};
    }
    poke();
    for (const NodeName& name : names) {
        Status failure;
        const auto isDecided = [&] {
            const auto found = m_nodes.find(name);
            if (found == m_nodes.end()) {
                failure = notFound(name);
                return true;
            }
            const Lifecycle& life = found->second->life;
            if (life.phase() == Phase::Failed) failure = failureOf(*found->second);
            if (!life.isWanted())
                failure = makeError(StatusCode::kCancelled, "NODE_STOPPED",
                                    fmt::format("{} was stopped", name.toString()),
                                    {{"node", name.toString()}});
            return !failure.ok() || life.phase() == Phase::Running;
        };
        if (!m_changed.wait_until(lock, stop, deadline, isDecided)) {
            if (stop.stop_requested()) return stopped();
            return makeError(StatusCode::kDeadlineExceeded, "NODE_NOT_READY",
                             fmt::format("{} does not serve yet", name.toString()),
                             {{"node", name.toString()}});
        }
        RETURN_IF_ERROR(failure);
    }
    waitUntilRemembered(lock, names);
    return absl::OkStatus();
}

Status Supervisor::stop(const std::vector<NodeName>& names, Deadline deadline,
                        std::stop_token stop) {
    std::unique_lock lock(m_mutex);
    RETURN_IF_ERROR(waitFree(lock, names, deadline, stop));
    return stopLocked(lock, names, deadline, stop);
}

Status Supervisor::stopLocked(std::unique_lock<std::mutex>& lock,
                              const std::vector<NodeName>& names, Deadline deadline,
                              const std::stop_token& stop) {
    RETURN_IF_ERROR(check(names));
    for (const NodeName& name : names) {
        Node& node = *m_nodes.at(name);
        act(node, node.life.stop(absl::Now()));
        node.isWanted = false;
        m_toRemember[name] = {false, node.lastExit};
        changed(node);
    }
    poke();
    const auto isOver = [&] {
        return std::ranges::all_of(names, [&](const NodeName& name) {
            const auto found = m_nodes.find(name);
            return found == m_nodes.end() || found->second->process == nullptr;
        });
    };
    if (m_changed.wait_until(lock, stop, deadline, isOver)) {
        waitUntilRemembered(lock, names);
        return absl::OkStatus();
    }
    if (stop.stop_requested()) return stopped();
    return makeError(StatusCode::kDeadlineExceeded, "NODE_STILL_RUNNING",
                     "a node has not ended yet");
}

// What a call has answered survives an agent that is killed.
void Supervisor::waitUntilRemembered(std::unique_lock<std::mutex>& lock,
                                     const std::vector<NodeName>& names) {
    m_changed.wait(lock, [&] {
        return !m_isRemembering && std::ranges::none_of(names, [&](const NodeName& name) {
            return m_toRemember.contains(name);
        });
    });
}

bool Supervisor::isEnding() const {
    const std::lock_guard lock(m_mutex);
    return m_isEnding;
}

void Supervisor::end() {
    std::unique_lock lock(m_mutex);
    if (m_isEnding) return;
    m_isEnding = true;
    for (auto& [name, node] : m_nodes) act(*node, node->life.stop(absl::Now()));
    poke();
    m_changed.wait(lock, [&] {
        return std::ranges::all_of(
            m_nodes, [](const auto& entry) { return entry.second->process == nullptr; });
    });
}

// With the lock held, as everything below that has no lock of its own.
void Supervisor::act(Node& node, Lifecycle::Action action) {
    switch (action) {
        case Lifecycle::Action::None:
            return;
        case Lifecycle::Action::Launch:
            launch(node);
            break;
        case Lifecycle::Action::AskToEnd:
            if (node.process) node.process->askToEnd();
            break;
        case Lifecycle::Action::Kill:
            log::warning(kRoom,
                         fmt::format("{} does not end by itself", node.manifest.name.toString()));
            if (node.process) node.process->kill();
            break;
    }
    changed(node);
}

void Supervisor::launch(Node& node) {
    const std::uint64_t run = ++node.run;
    const NodeName name = node.manifest.name;
    const auto tell = [this, name, run](Event event) {
        event.name = name;
        event.run = run;
        const std::lock_guard lock(m_mutex);
        m_events.push_back(std::move(event));
        m_wake.notify_all();
    };
    ProcessEvents events;
    events.line = [log = node.log](std::string_view line) { log->append(line, absl::Now()); };
    events.ready = [tell](auto endpoints) { tell({.ready = std::move(endpoints)}); };
    events.ended = [tell](const process::ExitReason& exit) { tell({.exit = exit}); };
    node.endpoints.clear();
    auto process = m_launcher.launch(node.manifest, std::move(events));
    if (!process.ok()) {
        node.life.launchFailed(absl::Now(), std::string(messageOf(process.status())));
        return;
    }
    node.process = *std::move(process);
    node.life.launched(absl::Now());
}

void Supervisor::poke() {
    m_isPoked = true;
    m_wake.notify_all();
}

void Supervisor::changed(Node& node) {
    node.change = ++m_change;
    m_changed.notify_all();
}

void Supervisor::handle(Event& event, std::vector<std::unique_ptr<NodeProcess>>& ended) {
    const auto found = m_nodes.find(event.name);
    if (found == m_nodes.end() || found->second->run != event.run) return;
    Node& node = *found->second;
    if (event.ready) {
        node.life.ready(absl::Now());
        node.endpoints = std::move(*event.ready);
    }
    if (event.exit) {
        const bool isExpected = node.life.phase() == Phase::Stopping;
        const bool isUseless = m_launcher.isUseless(node.manifest, *event.exit);
        node.lastExit =
            LastExit{absl::Now(), event.exit->sentence(), isExpected, event.exit->lastLines};
        if (!isExpected)
            log::warning(kRoom,
                         fmt::format("{} {}", event.name.toString(), event.exit->sentence()));
        ended.push_back(std::move(node.process));
        node.endpoints.clear();
        act(node, node.life.ended(absl::Now(), event.exit->sentence(), isUseless));
        m_toRemember[event.name] = {node.isWanted, node.lastExit};
    }
    changed(node);
}

void Supervisor::run(const std::stop_token& stop) {
    ::pthread_setname_np(::pthread_self(), "supervisor");
    std::unique_lock lock(m_mutex);
    while (true) {
        std::vector<std::unique_ptr<NodeProcess>> ended;
        while (!m_events.empty()) {
            Event event = std::move(m_events.front());
            m_events.pop_front();
            handle(event, ended);
        }
        absl::Time due = absl::Now() + absl::Hours(1);
        for (auto& [name, node] : m_nodes) {
            if (!m_isEnding || node->life.phase() == Phase::Stopping)
                act(*node, node->life.tick(absl::Now()));
            due = std::min(due, node->life.due().value_or(due));
        }
        const auto toRemember = std::exchange(m_toRemember, {});
        if (!ended.empty() || !toRemember.empty()) {
            m_isRemembering = true;
            lock.unlock();
            ended.clear();  // joins their threads, which may be telling something
            for (const auto& [name, what] : toRemember) remember(name, what);
            lock.lock();
            m_isRemembering = false;
            m_changed.notify_all();
            continue;
        }
        if (stop.stop_requested()) return;
        m_wake.wait_until(lock, stop, absl::ToChronoTime(due),
                          [&] { return m_isPoked || !m_events.empty(); });
        m_isPoked = false;
    }
}

void Supervisor::remember(const NodeName& name, const Remembered& what) const {
    // Not synced: after a loss of power the node is as it was remembered before.
    const auto folder = m_state.kept(name);
    const auto path = folder / kRemembered, unfinished = folder / "remembered.new";
    ::unlink(unfinished.c_str());
    if (writeNewFile(unfinished, toJson(what), 0600).ok())
        ::rename(unfinished.c_str(), path.c_str());
}

Remembered Supervisor::read(const NodeName& name) const {
    const auto text = readFile(m_state.kept(name) / kRemembered, 1 << 20);
    return text.ok() ? rememberedFromJson(*text) : Remembered{};
}

NodeStatus Supervisor::statusOf(const Node& node) const {
    return {.manifest = node.manifest,
            .phase = node.life.phase(),
            .problem = node.life.problem(),
            .process = node.process ? node.process->number() : 0,
            .since =
                node.life.since() == absl::Time() ? std::nullopt : std::optional(node.life.since()),
            .nextStart = node.life.nextStart(),
            .restarts = node.life.restarts(),
            .lastExit = node.lastExit,
            .endpoints = node.endpoints};
}

std::optional<NodeStatus> Supervisor::status(const NodeName& name) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_nodes.find(name);
    if (found == m_nodes.end()) return std::nullopt;
    return statusOf(*found->second);
}

std::vector<NodeStatus> Supervisor::list() const {
    const std::lock_guard lock(m_mutex);
    std::vector<NodeStatus> all;
    for (const auto& [name, node] : m_nodes) all.push_back(statusOf(*node));
    return all;
}

std::shared_ptr<LogStore> Supervisor::log(const NodeName& name) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_nodes.find(name);
    return found == m_nodes.end() ? nullptr : found->second->log;
}

std::optional<Changes> Supervisor::changes(std::uint64_t from, Deadline until,
                                           std::stop_token stop) const {
    std::unique_lock lock(m_mutex);
    const bool isFirst = from == 0;
    if (!isFirst && !m_changed.wait_until(lock, stop, until, [&] { return m_change >= from; }))
        return std::nullopt;
    Changes changes{.next = m_change + 1, .nodes = {}, .removed = {}};
    for (const auto& [name, node] : m_nodes)
        if (node->change >= from) changes.nodes.push_back(statusOf(*node));
    if (!isFirst)
        for (const auto& [change, name] : m_removed)
            if (change >= from && !m_nodes.contains(name)) changes.removed.push_back(name);
    return changes;
}

Result<Supervisor::Hold> Supervisor::hold(const std::vector<NodeName>& names, Deadline deadline,
                                          std::stop_token stop) {
    std::unique_lock lock(m_mutex);
    RETURN_IF_ERROR(waitFree(lock, names, deadline, stop));
    m_held.insert(names.begin(), names.end());
    return Hold(*this, names);
}

Supervisor::Hold::~Hold() {
    if (m_owner == nullptr) return;
    const std::lock_guard lock(m_owner->m_mutex);
    for (const NodeName& name : m_names) m_owner->m_held.erase(name);
    m_owner->m_changed.notify_all();
}

Status Supervisor::Hold::start(Deadline deadline, std::stop_token stop) {
    std::unique_lock lock(m_owner->m_mutex);
    return m_owner->startLocked(lock, m_names, deadline, stop);
}

Status Supervisor::Hold::stop(Deadline deadline, std::stop_token stop) {
    std::unique_lock lock(m_owner->m_mutex);
    return m_owner->stopLocked(lock, m_names, deadline, stop);
}

Status Supervisor::Hold::whilePaused(const std::function<Status()>& work) {
    // The process cannot go away in between: its end is handled with the lock held.
    const std::unique_lock lock(m_owner->m_mutex);
    const auto found = m_owner->m_nodes.find(m_names.front());
    if (found == m_owner->m_nodes.end()) return notFound(m_names.front());
    NodeProcess* process = found->second->process.get();
    if (process == nullptr) return work();
    if (!process->pause())
        return makeError(StatusCode::kUnavailable, "NODE_NOT_PAUSED",
                         "the node's process cannot be held for a moment");
    const Status done = work();
    process->resume();
    return done;
}

void Supervisor::Hold::forget() {
    std::unique_lock lock(m_owner->m_mutex);
    m_owner->m_changed.wait(lock, [this] { return !m_owner->m_isRemembering; });
    for (const NodeName& name : m_names) {
        if (m_owner->m_nodes.erase(name) == 0) continue;
        m_owner->m_toRemember.erase(name);
        m_owner->m_removed.emplace_back(++m_owner->m_change, name);
        if (m_owner->m_removed.size() > kMaxRemoved) m_owner->m_removed.pop_front();
    }
    m_owner->m_changed.notify_all();
}

}  // namespace chancery::agent
