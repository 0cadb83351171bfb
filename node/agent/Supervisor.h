#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "node/agent/Launcher.h"
#include "node/agent/Lifecycle.h"
#include "node/agent/LogStore.h"
#include "node/agent/StateFolder.h"
#include "src/base/Deadline.h"

namespace chancery::agent {

/// A node as it is at one moment.
struct NodeStatus {
    Manifest manifest;
    Phase phase = Phase::Stopped;
    std::string problem;
    pid_t process = 0;
    std::optional<absl::Time> since, nextStart;
    std::uint32_t restarts = 0;
    std::optional<LastExit> lastExit;
    std::map<std::string, std::string> endpoints;
};

/// What changed since a place in the order of all changes.
struct Changes {
    std::uint64_t next = 0;  ///< the place to ask from the next time
    std::vector<NodeStatus> nodes;
    std::vector<NodeName> removed;
};

/// Keeps the processes of all nodes of this host. Thread-safe.
class Supervisor {
public:
    /// All must outlive it.
    Supervisor(const StateFolder& state, Launcher& launcher, Patience patience = {});
    /// As `end`.
    ~Supervisor();

    /// A node that there is from now on, or its new manifest.
    void put(const Manifest& manifest);
    /// Starts what ran before the agent went and shall come back with it.
    void startRemembered();

    /// Errors of all: NOT_FOUND (NODE_NOT_FOUND). Returns when all serve, with the error of the
    /// first that does not: FAILED_PRECONDITION (NODE_ENDED), DEADLINE_EXCEEDED (NODE_NOT_READY),
    /// CANCELLED (NODE_STOPPED, STOPPED).
    Status start(const std::vector<NodeName>& nodes, Deadline deadline, std::stop_token stop = {});
    /// Returns when no process of theirs is left.
    Status stop(const std::vector<NodeName>& nodes, Deadline deadline, std::stop_token stop = {});
    /// Ends every process and starts none any more; who runs is remembered.
    void end();

    std::optional<NodeStatus> status(const NodeName& name) const;
    std::vector<NodeStatus> list() const;  ///< by name
    bool isEnding() const;                 ///< since end()
    std::shared_ptr<LogStore> log(const NodeName& name) const;

    /// Waits until something has changed since `from` (0: everything there is), at most until
    /// `until`. Nothing when that came or `stop` was requested.
    std::optional<Changes> changes(std::uint64_t from, Deadline until, std::stop_token stop) const;

    /// Keeps nodes for one call that changes what they consist of: who else wants to start, stop or
    /// hold them waits. DEADLINE_EXCEEDED (NODE_BUSY), CANCELLED (STOPPED).
    class Hold {
    public:
        Hold(Supervisor& owner, std::vector<NodeName> names)
            : m_owner(&owner), m_names(std::move(names)) {}
        Hold(Hold&& other) noexcept
            : m_owner(std::exchange(other.m_owner, nullptr)), m_names(std::move(other.m_names)) {}
        ~Hold();
        /// As those of the supervisor, for the nodes that are held.
        Status start(Deadline deadline, std::stop_token stop = {});
        Status stop(Deadline deadline, std::stop_token stop = {});
        /// Holds the process of the first node, if there is one, while `work` runs.
        Status whilePaused(const std::function<Status()>& work);
        /// Stopped nodes: forgets them.
        void forget();

    private:
        Supervisor* m_owner;
        std::vector<NodeName> m_names;
    };
    Result<Hold> hold(const std::vector<NodeName>& names, Deadline deadline,
                      std::stop_token stop = {});

private:
    struct Node;
    struct Event;

    void run(const std::stop_token& stop);
    void handle(Event& event, std::vector<std::unique_ptr<NodeProcess>>& ended);
    void act(Node& node, Lifecycle::Action action);
    void launch(Node& node);
    void changed(Node& node);
    void poke();
    void remember(const NodeName& name, const Remembered& what) const;
    Remembered read(const NodeName& name) const;
    NodeStatus statusOf(const Node& node) const;
    Status check(const std::vector<NodeName>& names) const;
    Status waitFree(std::unique_lock<std::mutex>& lock, const std::vector<NodeName>& names,
                    Deadline deadline, const std::stop_token& stop);
    Status startLocked(std::unique_lock<std::mutex>& lock, const std::vector<NodeName>& names,
                       Deadline deadline, const std::stop_token& stop);
    Status stopLocked(std::unique_lock<std::mutex>& lock, const std::vector<NodeName>& names,
                      Deadline deadline, const std::stop_token& stop);
    void waitUntilRemembered(std::unique_lock<std::mutex>& lock,
                             const std::vector<NodeName>& names);
    Status failureOf(const Node& node) const;

    const StateFolder& m_state;
    Launcher& m_launcher;
    const Patience m_patience;
    mutable std::mutex m_mutex;
    mutable std::condition_variable_any m_changed;
    std::condition_variable_any m_wake;
    std::map<NodeName, std::unique_ptr<Node>> m_nodes;
    std::set<NodeName> m_held;
    std::deque<Event> m_events;
    std::map<NodeName, Remembered> m_toRemember;
    std::deque<std::pair<std::uint64_t, NodeName>> m_removed;
    std::uint64_t m_change = 0;
    bool m_isEnding = false;
    bool m_isRemembering = false;  // writes into folders of nodes
    bool m_isPoked = false;        // times may have changed
    std::jthread m_thread;
};

}  // namespace chancery::agent
