#include "tests/support/FakeWatchedHost.h"

#include <algorithm>
#include <cstdlib>

namespace chancery::test {

using interfaces::NodePhase;
using interfaces::NodeRef;
using interfaces::NodeState;

void FakeWatchedHost::setFacts(interfaces::HostFacts facts) {
    const std::lock_guard lock(m_mutex);
    m_facts = std::move(facts);
}

void FakeWatchedHost::fail(Status problem) {
    const std::lock_guard lock(m_mutex);
    m_problem = std::move(problem);
}

void FakeWatchedHost::tell(const NodeState& state) {
    std::list<std::shared_ptr<Watch>> told;
    {
        const std::lock_guard lock(m_mutex);
        // Removed ones are told without a kind.
        if (state.kind.empty()) {
            m_states.erase(state.ref.node);
        } else {
            m_states[state.ref.node] = state;
        }
        told = m_watches;
    }
    for (const auto& watch : told) {
        const std::lock_guard lock(watch->mutex);
        if (watch->changed) watch->changed(state);
    }
}

void FakeWatchedHost::log(const std::string& node, std::vector<interfaces::LogLine> lines) {
    const std::lock_guard lock(m_mutex);
    auto& log = m_logs[node];
    for (auto& line : lines) {
        line.number = log.size();
        log.push_back(std::move(line));
    }
    m_logged.notify_all();
}

std::vector<std::string> FakeWatchedHost::done() const {
    const std::lock_guard lock(m_mutex);
    return m_done;
}

Result<interfaces::HostFacts> FakeWatchedHost::facts(Deadline) {
    const std::lock_guard lock(m_mutex);
    RETURN_IF_ERROR(m_problem);
    return m_facts;
}

Result<std::vector<interfaces::HostFinding>> FakeWatchedHost::preflight(
    const interfaces::HostNeeds&, Deadline) {
    return std::vector<interfaces::HostFinding>();
}

Result<std::vector<std::uint16_t>> FakeWatchedHost::freePorts(std::uint32_t count, Deadline) {
    return std::vector<std::uint16_t>(count, 0);
}

interfaces::HostFiles& FakeWatchedHost::files() {
    std::abort();  // nobody who watches copies files
}

interfaces::HostAccess& FakeWatchedHost::access() {
    std::abort();
}

std::shared_ptr<interfaces::Node> FakeWatchedHost::node(const NodeRef&) {
    return nullptr;
}

Status FakeWatchedHost::shutDown(bool, Deadline) {
    return {};
}

Result<std::vector<NodeState>> FakeWatchedHost::list(const std::string& network, Deadline) {
    const std::lock_guard lock(m_mutex);
    RETURN_IF_ERROR(m_problem);
    std::vector<NodeState> result;
    for (const auto& [name, state] : m_states)
        if (network.empty() || state.ref.network == network) result.push_back(state);
    return result;
}

Result<bool> FakeWatchedHost::apply(const interfaces::NodePlan&, Deadline) {
    return false;
}

Result<std::vector<NodeState>> FakeWatchedHost::move(const char* word,
                                                     const std::vector<NodeRef>& nodes,
                                                     NodePhase phase) {
    std::vector<NodeState> result;
    for (const NodeRef& ref : nodes) {
        NodeState state;
        {
            const std::lock_guard lock(m_mutex);
            RETURN_IF_ERROR(m_problem);
            m_done.push_back(std::string(word) + " " + ref.node);
            const auto known = m_states.find(ref.node);
            if (known == m_states.end())
                return makeError(StatusCode::kNotFound, "NO_SUCH_NODE",
                                 "there is no node " + ref.node, {{"node", ref.node}});
            state = known->second;
        }
        state.phase = phase;
        state.processId = phase == NodePhase::Running ? state.processId + 1 : 0;
        tell(state);
        result.push_back(state);
    }
    return result;
}

Result<std::vector<NodeState>> FakeWatchedHost::start(const std::vector<NodeRef>& nodes, Deadline,
                                                      std::stop_token) {
    return move("start", nodes, NodePhase::Running);
}

Status FakeWatchedHost::stop(const std::vector<NodeRef>& nodes, Deadline) {
    return move("stop", nodes, NodePhase::Stopped).status();
}

Result<std::vector<NodeState>> FakeWatchedHost::restart(const std::vector<NodeRef>& nodes,
                                                        Deadline) {
    return move("restart", nodes, NodePhase::Running);
}

Status FakeWatchedHost::remove(const std::vector<NodeRef>&, Deadline) {
    return {};
}

Result<NodeState> FakeWatchedHost::upgrade(const NodeRef& node, const std::string& version,
                                           Deadline) {
    ASSIGN_OR_RETURN(auto states, move("upgrade", {node}, NodePhase::Running));
    NodeState state = states.front();
    state.version = version;
    state.hasPreviousVersion = true;
    tell(state);
    return state;
}

Result<NodeState> FakeWatchedHost::rollBack(const NodeRef& node, Deadline) {
    ASSIGN_OR_RETURN(auto states, move("rollback", {node}, NodePhase::Running));
    return states.front();
}

Subscription FakeWatchedHost::watch(std::function<void(const NodeState&)> changed) {
    auto watch = std::make_shared<Watch>();
    watch->changed = std::move(changed);
    std::vector<NodeState> present;
    {
        const std::lock_guard lock(m_mutex);
        m_watches.push_back(watch);
        for (const auto& [name, state] : m_states) present.push_back(state);
    }
    for (const NodeState& state : present) watch->changed(state);
    return Subscription([this, watch] {
        {
            const std::lock_guard lock(m_mutex);
            m_watches.remove(watch);
        }
        const std::lock_guard lock(watch->mutex);
        watch->changed = nullptr;
    });
}

Status FakeWatchedHost::read(
    const interfaces::LogQuery& query,
    const std::function<Status(const std::vector<interfaces::LogLine>&)>& lines, Deadline,
    std::stop_token stop) {
    std::unique_lock lock(m_mutex);
    RETURN_IF_ERROR(m_problem);
    std::size_t at = m_logs[query.node.node].size();
    at -= std::min<std::size_t>(at, query.last);
    while (true) {
        const auto& log = m_logs[query.node.node];
        while (at < log.size()) {
            std::vector<interfaces::LogLine> batch;
            for (; at < log.size() && batch.size() < 500; ++at)
                if (log[at].level >= query.least) batch.push_back(log[at]);
            lock.unlock();
            const Status taken = lines(batch);
            lock.lock();
            RETURN_IF_ERROR(taken);
        }
        if (!query.follow || stop.stop_requested()) return {};
        m_logged.wait(lock, stop, [&] { return at < m_logs[query.node.node].size(); });
        if (stop.stop_requested()) return {};
    }
}

}  // namespace chancery::test
