#include "src/usecase/WatchNetwork.h"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <stop_token>
#include <thread>
#include <tuple>

namespace chancery::usecase {
namespace {

using interfaces::NodePhase;
using Steady = std::chrono::steady_clock;

/// What an agent says of nodes that serve no admin API.
constexpr std::string_view kNoAdminApi = "NODE_CANNOT";
/// A host's figures are asked for less often than its nodes'.
constexpr int kHostsEvery = 3;

/// What somebody who looks would notice; times of answers alone are no change.
bool sameStatus(const interfaces::NodeStatus& a, const interfaces::NodeStatus& b) {
    const auto healthOf = [](const interfaces::NodeStatus& status) {
        std::vector<std::pair<std::string, std::string>> rows;
        for (const auto& row : status.health) rows.emplace_back(row.component, row.problem);
        return rows;
    };
    return std::tie(a.kind, a.mspId, a.version, a.startedAt, a.endpoints, a.memoryBytes,
                    a.processorSeconds,
                    a.readOnly) == std::tie(b.kind, b.mspId, b.version, b.startedAt, b.endpoints,
                                            b.memoryBytes, b.processorSeconds, b.readOnly) &&
           healthOf(a) == healthOf(b);
}

bool sameChannel(const interfaces::NodeChannel& a, const interfaces::NodeChannel& b) {
    const auto contractsOf = [](const interfaces::NodeChannel& channel) {
        std::vector<std::tuple<std::string, std::string, std::uint64_t, bool>> rows;
        for (const auto& row : channel.contracts)
            rows.emplace_back(row.name, row.version, row.sequence, row.runs);
        return rows;
    };
    return std::tie(a.channel, a.height, a.lastBlockHash, a.relation, a.status, a.problem) ==
               std::tie(b.channel, b.height, b.lastBlockHash, b.relation, b.status, b.problem) &&
           contractsOf(a) == contractsOf(b);
}

bool sameProcess(const interfaces::NodeState& a, const interfaces::NodeState& b) {
    return std::tie(a.kind, a.engine, a.version, a.phase, a.problem, a.processId, a.since,
                    a.nextStart, a.restarts, a.endpoints, a.processorSeconds, a.memoryBytes,
                    a.diskBytes, a.hasPreviousVersion) ==
           std::tie(b.kind, b.engine, b.version, b.phase, b.problem, b.processId, b.since,
                    b.nextStart, b.restarts, b.endpoints, b.processorSeconds, b.memoryBytes,
                    b.diskBytes, b.hasPreviousVersion);
}

bool sameFacts(const interfaces::HostFacts& a, const interfaces::HostFacts& b) {
    return std::tie(a.agentVersion, a.system, a.processors, a.memoryBytes, a.freeMemoryBytes,
                    a.diskBytes, a.freeDiskBytes, a.engines, a.role, a.endsWithConsole) ==
           std::tie(b.agentVersion, b.system, b.processors, b.memoryBytes, b.freeMemoryBytes,
                    b.diskBytes, b.freeDiskBytes, b.engines, b.role, b.endsWithConsole);
}

template <class T, class Same>
bool sameOptional(const std::optional<T>& a, const std::optional<T>& b, Same same) {
    return a.has_value() == b.has_value() && (!a || same(*a, *b));
}

bool sameAbilities(const interfaces::NodeAbilities& a, const interfaces::NodeAbilities& b) {
    return a.can == b.can && a.limits == b.limits;
}

bool sameNode(const NodeView& a, const NodeView& b) {
    return a.reach == b.reach && sameOptional(a.abilities, b.abilities, sameAbilities) &&
           sameOptional(a.process, b.process, sameProcess) &&
           sameOptional(a.status, b.status, sameStatus) &&
           std::equal(a.channels.begin(), a.channels.end(), b.channels.begin(), b.channels.end(),
                      sameChannel);
}

bool sameHost(const HostView& a, const HostView& b) {
    return a.reach == b.reach && sameOptional(a.facts, b.facts, sameFacts);
}

/// What a node has said so far: nothing.
Status notAskedYet() {
    return makeError(StatusCode::kUnavailable, "NOT_ASKED_YET", "has not answered yet");
}

/// Of a node that has nothing to say by itself, CAs for example: as its host sees it.
Result<interfaces::NodeStatus> statusOf(const interfaces::NodeState& process,
                                        const WatchedNode& what) {
    if (process.phase != NodePhase::Running)
        return makeError(StatusCode::kUnavailable, "NODE_NOT_RUNNING",
                         "its process does not serve yet");
    interfaces::NodeStatus status;
    status.kind = what.kind;
    status.mspId = what.mspId;
    status.version = process.version;
    status.startedAt = process.since;
    status.endpoints = process.endpoints;
    status.memoryBytes = process.memoryBytes;
    status.processorSeconds = process.processorSeconds;
    return status;
}

std::vector<ChannelView> channelsOf(const std::vector<NodeView>& nodes) {
    struct Gathered {
        ChannelView view;
        std::set<std::string> members;
        /// Nodes by height and then by hash.
        std::map<BlockNumber, std::map<Bytes, std::vector<std::string>>> newest;
    };
    std::map<ChannelId, Gathered> all;
    for (const NodeView& node : nodes) {
        for (const auto& channel : node.channels) {
            Gathered& gathered = all[channel.channel];
            gathered.view.channel = channel.channel;
            gathered.view.height = std::max(gathered.view.height, channel.height);
            gathered.view.nodes.push_back(node.what.name);
            if (node.what.kind == "peer" && !node.what.mspId.empty())
                gathered.members.insert(node.what.mspId.str());
            if (!channel.lastBlockHash.empty())
                gathered.newest[channel.height][channel.lastBlockHash].push_back(node.what.name);
        }
    }
    std::vector<ChannelView> result;
    for (auto& [id, gathered] : all) {
        ChannelView& view = gathered.view;
        view.members.assign(gathered.members.begin(), gathered.members.end());
        for (const auto& [height, byHash] : gathered.newest) {
            if (byHash.size() < 2) continue;
            for (const auto& [hash, names] : byHash)
                view.differing.insert(view.differing.end(), names.begin(), names.end());
        }
        std::sort(view.differing.begin(), view.differing.end());
        result.push_back(std::move(view));
    }
    return result;
}

WatchedNetwork withId(WatchedNetwork network) {
    if (network.id.empty()) network.id = network.name;
    return network;
}

/// Who is told of changes. Its lock is held while it is told, so that nobody is told after the end
/// of a subscription; recursive, because a told one may end its subscription itself.
struct Watcher {
    explicit Watcher(std::function<void(std::shared_ptr<const NetworkView>)> told)
        : seen(std::move(told)) {}
    void tell(const std::shared_ptr<const NetworkView>& view) {
        const std::lock_guard lock(mutex);
        // Another thread may have been faster with a newer one.
        if (ended || (last && last->revision >= view->revision)) return;
        last = view;
        seen(view);
    }
    std::recursive_mutex mutex;
    std::function<void(std::shared_ptr<const NetworkView>)> seen;
    std::shared_ptr<const NetworkView> last;
    bool ended = false;
};

/// When somebody is asked next.
struct Schedule {
    Steady::time_point due = Steady::now();
    std::chrono::milliseconds pause{0};  ///< grows while there is no answer
    bool asking = false;
    bool again = false;  ///< somebody wanted it while it was being asked
    bool silent = false;
};

}  // namespace

struct WatchNetwork::Impl {
    Impl(WatchedNetwork what, Options chosen, const Clock& clock);
    ~Impl();
    void begin();
    void end();
    void work(std::stop_token stop);
    /// The job that is due: nodes first, then hosts behind them; none, and when one will be.
    std::optional<std::size_t> due(Steady::time_point now, Steady::time_point& next) const;
    void ask(std::size_t job);
    void askNode(std::size_t index);
    void askHost(std::size_t index);
    void hostTells(std::size_t host, const interfaces::NodeState& state);
    bool takeProcess(std::size_t host, const interfaces::NodeState& state);
    bool forgetRemoved(std::size_t host, const std::vector<interfaces::NodeState>& states);
    bool isDown(const NodeView& node) const;
    void settle(std::size_t job, bool answered);
    void wake(std::size_t job);
    /// Makes the view anew; with the lock held. Null: nobody has to be told.
    void rebuild(bool changed);
    void publish();

    const WatchedNetwork network;
    const Options options;
    const Clock& clock;

    mutable std::mutex mutex;
    std::condition_variable_any changed;
    std::vector<NodeView> nodes;
    std::vector<HostView> hosts;
    std::vector<Schedule> schedules;
    std::shared_ptr<const NetworkView> view;
    std::vector<std::shared_ptr<Watcher>> watchers;
    std::uint64_t revision = 0;

    std::vector<Subscription> subscriptions;
    std::vector<std::jthread> threads;
};

WatchNetwork::Impl::Impl(WatchedNetwork what, Options chosen, const Clock& wallClock)
    : network(withId(std::move(what))), options(chosen), clock(wallClock) {
    for (const WatchedNode& node : network.nodes) {
        NodeView row;
        row.what = node;
        row.reach = notAskedYet();
        nodes.push_back(std::move(row));
    }
    for (const WatchedHost& host : network.hosts) {
        HostView row;
        row.name = host.name;
        row.reach = notAskedYet();
        hosts.push_back(std::move(row));
    }
    schedules.resize(nodes.size() + hosts.size());
    rebuild(true);
}

WatchNetwork::Impl::~Impl() = default;

void WatchNetwork::Impl::begin() {
    for (std::size_t i = 0; i < network.hosts.size(); ++i) {
        if (!network.hosts[i].host) continue;
        subscriptions.push_back(network.hosts[i].host->nodes().watch(
            [this, i](const interfaces::NodeState& state) { hostTells(i, state); }));
    }
    const std::size_t count =
        std::clamp<std::size_t>(options.threads, 1, std::max<std::size_t>(1, schedules.size()));
    for (std::size_t i = 0; i < count; ++i)
        threads.emplace_back([this, i](std::stop_token stop) {
            pthread_setname_np(pthread_self(), ("watch-" + std::to_string(i)).c_str());
            work(std::move(stop));
        });
}

void WatchNetwork::Impl::end() {
    for (std::jthread& thread : threads) thread.request_stop();
    changed.notify_all();
    subscriptions.clear();
    threads.clear();
}

std::optional<std::size_t> WatchNetwork::Impl::due(Steady::time_point now,
                                                   Steady::time_point& next) const {
    // Those who kept silent may take half of the threads, so that the others never wait for them.
    std::size_t silentNow = 0;
    for (const Schedule& schedule : schedules) silentNow += schedule.asking && schedule.silent;
    const bool roomForSilent = silentNow < std::max<std::size_t>(1, options.threads / 2);
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < schedules.size(); ++i) {
        const Schedule& schedule = schedules[i];
        if (schedule.asking || (schedule.silent && !roomForSilent)) continue;
        if (schedule.due > now) {
            next = std::min(next, schedule.due);
        } else if (!best || schedule.due < schedules[*best].due) {
            best = i;
        }
    }
    return best;
}

void WatchNetwork::Impl::work(std::stop_token stop) {
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
        auto next = Steady::now() + std::chrono::hours(1);
        const auto job = due(Steady::now(), next);
        if (!job) {
            changed.wait_until(lock, stop, next, [this] {
                auto later = Steady::time_point::max();
                return due(Steady::now(), later).has_value();
            });
            continue;
        }
        schedules[*job].asking = true;
        lock.unlock();
        ask(*job);
        lock.lock();
    }
}

void WatchNetwork::Impl::ask(std::size_t job) {
    if (job < nodes.size()) {
        askNode(job);
    } else {
        askHost(job - nodes.size());
    }
    publish();
    changed.notify_all();
}

/// A host that can be relied on says that nothing runs there.
bool WatchNetwork::Impl::isDown(const NodeView& node) const {
    if (!node.process) return false;
    const auto host = std::find_if(hosts.begin(), hosts.end(),
                                   [&](const HostView& row) { return row.name == node.what.host; });
    const NodePhase phase = node.process->phase;
    return host != hosts.end() && host->reach.ok() &&
           (phase == NodePhase::Stopped || phase == NodePhase::Failed ||
            phase == NodePhase::WaitingToRestart);
}

void WatchNetwork::Impl::askNode(std::size_t index) {
    NodeView now;
    {
        const std::lock_guard lock(mutex);
        now = nodes[index];
    }
    const auto node = now.what.node;
    const bool down = [&] {
        const std::lock_guard lock(mutex);
        return isDown(nodes[index]);
    }();
    if (node == nullptr) {
        now.reach = makeError(StatusCode::kUnavailable, "NO_WAY_TO_NODE",
                              "nobody has told how this node is reached");
    } else if (down) {
        now.reach = makeError(StatusCode::kUnavailable, "NODE_STOPPED",
                              "its process does not run on this host");
    } else {
        const Deadline deadline = deadlineIn(options.patience);
        const bool wasAway = !now.reach.ok();
        auto status = node->status(deadline);
        if (!status.ok() && reasonOf(status.status()) == kNoAdminApi && now.process) {
            now.abilities = interfaces::NodeAbilities{
                .can = {}, .limits = std::string(messageOf(status.status()))};
            status = statusOf(*now.process, now.what);
        }
        now.reach = status.ok() ? Status() : status.status();
        if (status.ok()) {
            now.status = *std::move(status);
            // Another version may have come back.
            if (wasAway || !now.abilities)
                if (auto abilities = node->abilities(deadline); abilities.ok())
                    now.abilities = *std::move(abilities);
            if (!now.abilities || now.abilities->can.contains(interfaces::NodeAbility::Channels)) {
                auto channels = node->channels(deadline);
                if (channels.ok()) {
                    now.channels = *std::move(channels);
                } else if (channels.status().code() != StatusCode::kUnimplemented) {
                    now.reach = channels.status();
                }
            }
            if (now.reach.ok()) now.asOf = clock.now();
        }
    }
    const std::lock_guard lock(mutex);
    // Its host may have told of its process meanwhile.
    now.process = nodes[index].process;
    const bool differs = !sameNode(now, nodes[index]);
    // What was settled by the host costs nothing to look at again.
    settle(index, now.reach.ok() || down);
    nodes[index] = std::move(now);
    rebuild(differs);
}

void WatchNetwork::Impl::askHost(std::size_t index) {
    const auto host = network.hosts[index].host;
    Result<interfaces::HostFacts> facts =
        makeError(StatusCode::kUnavailable, "NO_WAY_TO_HOST",
                  "nobody has told how this host's agent is reached");
    Result<std::vector<interfaces::NodeState>> states = facts.status();
    if (host) {
        const Deadline deadline = deadlineIn(options.patience);
        facts = host->facts(deadline);
        if (facts.ok()) states = host->nodes().list(network.id, deadline);
    }
    const std::lock_guard lock(mutex);
    HostView now = hosts[index];
    now.reach = facts.ok() ? (states.ok() ? Status() : states.status()) : facts.status();
    if (facts.ok()) {
        now.facts = *std::move(facts);
        now.asOf = clock.now();
    }
    bool differs = !sameHost(now, hosts[index]);
    if (now.reach.ok() != hosts[index].reach.ok())
        for (std::size_t i = 0; i < nodes.size(); ++i)
            if (nodes[i].what.host == now.name) wake(i);
    hosts[index] = std::move(now);
    if (states.ok()) {
        for (const interfaces::NodeState& state : *states)
            differs = takeProcess(index, state) || differs;
        differs = forgetRemoved(index, *states) || differs;
    }
    settle(nodes.size() + index, hosts[index].reach.ok());
    rebuild(differs);
}

bool WatchNetwork::Impl::takeProcess(std::size_t host, const interfaces::NodeState& state) {
    if (state.ref.network != network.id) return false;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        NodeView& node = nodes[i];
        if (node.what.name != state.ref.node || node.what.host != hosts[host].name) continue;
        // Its host has nothing of it any more.
        if (state.kind.empty()) {
            const bool had = node.process.has_value();
            node.process.reset();
            if (had) wake(i);
            return had;
        }
        const bool another = !node.process || node.process->phase != state.phase ||
                             node.process->processId != state.processId;
        const bool differs = !node.process || !sameProcess(*node.process, state);
        node.process = state;
        if (another) wake(i);
        return differs;
    }
    return false;
}

/// Nodes of which the host's list says nothing.
bool WatchNetwork::Impl::forgetRemoved(std::size_t host,
                                       const std::vector<interfaces::NodeState>& states) {
    bool differs = false;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        NodeView& node = nodes[i];
        if (node.what.host != hosts[host].name || !node.process) continue;
        if (std::any_of(states.begin(), states.end(), [&](const interfaces::NodeState& state) {
                return state.ref.node == node.what.name;
            }))
            continue;
        node.process.reset();
        wake(i);
        differs = true;
    }
    return differs;
}

void WatchNetwork::Impl::hostTells(std::size_t host, const interfaces::NodeState& state) {
    {
        const std::lock_guard lock(mutex);
        rebuild(takeProcess(host, state));
    }
    publish();
    changed.notify_all();
}

void WatchNetwork::Impl::settle(std::size_t job, bool answered) {
    Schedule& schedule = schedules[job];
    const auto usual = job < nodes.size() ? options.every : options.every * kHostsEvery;
    schedule.pause = answered || schedule.pause.count() == 0
                         ? usual
                         : std::min(schedule.pause * 2, std::max(usual, options.longestPause));
    schedule.silent = !answered;
    schedule.asking = false;
    schedule.due =
        Steady::now() +
        (std::exchange(schedule.again, false) ? std::chrono::milliseconds(0) : schedule.pause);
}

void WatchNetwork::Impl::wake(std::size_t job) {
    Schedule& schedule = schedules[job];
    schedule.pause = std::chrono::milliseconds(0);
    schedule.again = schedule.asking;
    schedule.due = Steady::now();
}

void WatchNetwork::Impl::rebuild(bool differs) {
    if (differs) ++revision;
    auto made = std::make_shared<NetworkView>();
    made->name = network.name;
    made->hosts = hosts;
    made->nodes = nodes;
    made->channels = differs || !view ? channelsOf(nodes) : view->channels;
    made->revision = revision;
    view = std::move(made);
}

void WatchNetwork::Impl::publish() {
    std::vector<std::shared_ptr<Watcher>> told;
    std::shared_ptr<const NetworkView> now;
    {
        const std::lock_guard lock(mutex);
        told = watchers;
        now = view;
    }
    for (const auto& watcher : told) watcher->tell(now);
}

WatchNetwork::WatchNetwork(WatchedNetwork network) : WatchNetwork(std::move(network), Options()) {}

WatchNetwork::WatchNetwork(WatchedNetwork network, Options options, const Clock& clock)
    : m_impl(std::make_shared<Impl>(std::move(network), options, clock)) {
    m_impl->begin();
}

WatchNetwork::~WatchNetwork() {
    m_impl->end();
}

const std::string& WatchNetwork::id() const {
    return m_impl->network.id;
}

std::shared_ptr<const NetworkView> WatchNetwork::view() const {
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->view;
}

Subscription WatchNetwork::watch(std::function<void(std::shared_ptr<const NetworkView>)> seen) {
    auto watcher = std::make_shared<Watcher>(std::move(seen));
    {
        const std::lock_guard lock(m_impl->mutex);
        m_impl->watchers.push_back(watcher);
    }
    watcher->tell(view());
    return Subscription([watcher, impl = std::weak_ptr(m_impl)] {
        if (const auto still = impl.lock()) {
            const std::lock_guard lock(still->mutex);
            std::erase(still->watchers, watcher);
        }
        const std::lock_guard lock(watcher->mutex);
        watcher->ended = true;
    });
}

void WatchNetwork::refresh(const std::string& node) {
    {
        const std::lock_guard lock(m_impl->mutex);
        for (std::size_t i = 0; i < m_impl->nodes.size(); ++i)
            if (m_impl->nodes[i].what.name == node) m_impl->wake(i);
    }
    m_impl->changed.notify_all();
}

std::shared_ptr<interfaces::Node> WatchNetwork::node(const std::string& name) const {
    for (const WatchedNode& node : m_impl->network.nodes)
        if (node.name == name) return node.node;
    return nullptr;
}

std::shared_ptr<interfaces::Host> WatchNetwork::host(const std::string& name) const {
    for (const WatchedHost& host : m_impl->network.hosts)
        if (host.name == name) return host.host;
    return nullptr;
}

}  // namespace chancery::usecase
