#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Bytes.h"
#include "src/base/Deadline.h"
#include "src/base/Status.h"
#include "src/base/Subscription.h"
#include "src/interfaces/NodeAddress.h"

/// What a front end may ask of a machine with an agent. Every call blocks until its deadline or
/// stop at the latest and may come from any thread. Refusals: PERMISSION_DENIED (ROLE_DENIED) with
/// `call` and `role`, UNAUTHENTICATED (NOT_PAIRED); errors of a call that did not get through have
/// the reasons of rpc::CallContext::status.
namespace chancery::interfaces {

/// Rights of a caller at a host, as the agent has stored them; auditors only read.
enum class HostRole { Administrator, Operator, Auditor };

/// A kind of node program that the host can start.
struct Engine {
    std::string name;     ///< "builtin", "fabric"
    std::string version;  ///< "0.1.0", "2.5.11"; empty when it is not usable
    std::string problem;  ///< why it cannot be used; empty: it can
    friend bool operator==(const Engine&, const Engine&) = default;
};

struct HostFacts {
    std::string name;
    std::string agentVersion;
    std::string system;  ///< "Debian GNU/Linux 12 (bookworm), x86_64"
    std::uint32_t processors = 0;
    std::uint64_t memoryBytes = 0;
    std::uint64_t freeMemoryBytes = 0;
    std::uint64_t diskBytes = 0;  ///< where the agent keeps its nodes
    std::uint64_t freeDiskBytes = 0;
    absl::Time now;  ///< by the host's clock
    std::vector<Engine> engines;
    HostRole role = HostRole::Auditor;  ///< of the caller
    /// The agent ends with who started it; else it keeps its nodes running.
    bool endsWithConsole = false;
};

/// What nodes would need of a host.
struct HostNeeds {
    std::vector<std::string> endpoints;  ///< "host:port" to listen on; port 0 is always free
    std::uint64_t memoryBytes = 0;
    std::uint64_t diskBytes = 0;
    std::vector<std::string> engines;
};
struct HostFinding {
    std::string reason;  ///< PORT_TAKEN, DISK_TOO_SMALL, MEMORY_TOO_SMALL, ENGINE_MISSING …
    std::string sentence;
    bool prevents = true;  ///< else a warning
};

/// Which node of which network; both are a file name's letters: a-z, 0-9, '.', '-', at most 128.
struct NodeRef {
    std::string network;
    std::string node;  ///< "peer0.org1.example.com"
    friend auto operator<=>(const NodeRef&, const NodeRef&) = default;
};

struct PlannedFile {
    std::string path;  ///< below the node's folder, "msp/signcerts/cert.pem"
    Bytes content;
    bool secret = false;  ///< 0600 and never read back by anybody else than a backup
};

/// A node as it shall be. Its settings are files whose paths count from its folder.
struct NodePlan {
    NodeRef ref;
    std::string kind;  ///< "peer", "orderer", "ca"
    std::string engine = "builtin";
    std::string version;  ///< of the engine; empty: the newest that the host has
    /// All files that are not the node's own work: others that an earlier plan had are removed.
    std::vector<PlannedFile> files;
    /// Where it will listen, by name ("grpc", "admin", "https", "operations"); port 0 for any.
    std::map<std::string, std::string> endpoints;
    std::map<std::string, std::string> labels;  ///< for people: "msp", "organisation"
    bool startsWithAgent = true;                ///< again after the agent or the host came back
};

enum class NodePhase { Stopped, Starting, Running, Stopping, WaitingToRestart, Failed };

struct NodeExit {
    absl::Time when;
    std::string sentence;  ///< "returned 3", "was ended by signal 11 (Segmentation fault)"
    bool expected = false;
    std::vector<std::string> lastLines;
};

/// A node as it is.
struct NodeState {
    NodeRef ref;
    std::string kind, engine, version;
    NodePhase phase = NodePhase::Stopped;
    std::string problem;  ///< of Failed and WaitingToRestart
    std::int64_t processId = 0;
    std::optional<absl::Time> since;      ///< of this phase
    std::optional<absl::Time> nextStart;  ///< of WaitingToRestart
    std::uint32_t restarts = 0;           ///< by the agent, since the last start by somebody
    std::optional<NodeExit> lastExit;
    std::map<std::string, std::string> endpoints;  ///< where it really listens
    std::map<std::string, std::string> labels;
    double processorSeconds = 0;
    std::uint64_t memoryBytes = 0;    ///< resident
    std::uint64_t diskBytes = 0;      ///< of its folder
    bool hasPreviousVersion = false;  ///< that it can be rolled back to
};

/// The nodes of one host. Changing calls may be repeated: what is already so is no error.
class HostNodes {
public:
    virtual ~HostNodes() = default;
    /// Of one network, or of all when it is empty.
    virtual Result<std::vector<NodeState>> list(const std::string& network, Deadline deadline) = 0;
    /// Writes settings; a running node takes them at its next start. INVALID_ARGUMENT (BAD_PLAN),
    /// FAILED_PRECONDITION (ENGINE_MISSING, OTHER_KIND). True when something was different.
    virtual Result<bool> apply(const NodePlan& plan, Deadline deadline) = 0;
    /// Together; returns when all serve. The error names the first node that does not.
    virtual Result<std::vector<NodeState>> start(const std::vector<NodeRef>& nodes,
                                                 Deadline deadline, std::stop_token stop = {}) = 0;
    /// Gracefully, then by force; returns when no process of theirs is left.
    virtual Status stop(const std::vector<NodeRef>& nodes, Deadline deadline) = 0;
    virtual Result<std::vector<NodeState>> restart(const std::vector<NodeRef>& nodes,
                                                   Deadline deadline) = 0;
    /// Stops them and removes their folders, ledgers and keys included.
    virtual Status remove(const std::vector<NodeRef>& nodes, Deadline deadline) = 0;
    /// Stops the node, keeps a copy of its data, starts it with another version of its engine and
    /// waits until it serves; when it does not, the old version and data are back and the error
    /// says so: ABORTED (UPGRADE_ROLLED_BACK).
    virtual Result<NodeState> upgrade(const NodeRef& node, const std::string& version,
                                      Deadline deadline) = 0;
    /// To the version and data before the last upgrade. FAILED_PRECONDITION (NO_PREVIOUS_VERSION).
    virtual Result<NodeState> rollBack(const NodeRef& node, Deadline deadline) = 0;
    /// Every change of a state, first the present states; any thread, in order for each node. The
    /// connection may be lost and found again: all present states are told anew. A node that was
    /// removed is told once more, without a kind.
    virtual Subscription watch(std::function<void(const NodeState&)> changed) = 0;
};

enum class LogLevel { Debug, Info, Warning, Error };

struct LogQuery {
    NodeRef node;
    LogLevel least = LogLevel::Debug;
    std::string contains;  ///< in any case; empty: all
    std::optional<absl::Time> since;
    std::uint32_t last = 1'000;  ///< lines before now; at most 100,000
    bool follow = false;         ///< goes on with new lines until it is stopped
};
struct LogLine {
    absl::Time when;
    LogLevel level = LogLevel::Info;
    std::string logger;        ///< "peer.gateway"; empty when the line has none
    std::string text;          ///< as written, without its end; control characters are in it
    std::uint64_t number = 0;  ///< counts from the first line that the agent has kept
};

class HostLogs {
public:
    virtual ~HostLogs() = default;
    /// Calls `lines` in order, at most some hundred each; ends at the last line, or when `lines`
    /// gives an error, which comes back, or by `stop`.
    virtual Status read(const LogQuery& query,
                        const std::function<Status(const std::vector<LogLine>&)>& lines,
                        Deadline deadline, std::stop_token stop = {}) = 0;
};

/// Files of a node for backup and restore.
class HostFiles {
public:
    virtual ~HostFiles() = default;
    struct Entry {
        std::string path;  ///< below the node's folder
        std::uint64_t bytes = 0;
        std::uint32_t mode = 0;
    };
    /// The node's folder as it is at one moment, its ledger to a block that is named in `height`
    /// by channel: a running node goes on. Calls `begin` for each file and `content` for its
    /// bytes in pieces. Only administrators: keys are among them.
    virtual Result<std::map<std::string, std::uint64_t>> copyOut(
        const NodeRef& node, const std::function<Status(const Entry&)>& begin,
        const std::function<Status(BytesView)>& content, Deadline deadline,
        std::stop_token stop = {}) = 0;
    /// Into a node that was applied and has never run. `next` gives the following file or nothing
    /// at the end; `content` the following piece of it, empty at its end. ALREADY_EXISTS
    /// (NODE_HAS_DATA).
    virtual Status copyIn(const NodeRef& node,
                          const std::function<Result<std::optional<Entry>>()>& next,
                          const std::function<Result<Bytes>()>& content, Deadline deadline,
                          std::stop_token stop = {}) = 0;
};

/// A console or person that the agent knows.
struct PairedClient {
    std::string name;
    std::string fingerprint;  ///< SHA-256 of the certificate, hex
    HostRole role = HostRole::Auditor;
    absl::Time since;
    std::optional<absl::Time> lastSeen;
    bool revoked = false;
};
struct PairingCode {
    std::string code;  ///< secret; "ABCDE-FGHJK-…", works once
    absl::Time ends;
    HostRole role = HostRole::Auditor;
    std::string endpoint;  ///< where to pair; empty: the agent does not listen for others
};
struct AuditEntry {
    std::uint64_t number = 0;
    absl::Time when;
    std::string caller;  ///< name and fingerprint, or "local"
    HostRole role = HostRole::Auditor;
    std::string call;
    std::string subject;  ///< "network/node"
    std::string outcome;  ///< empty: begun; "OK" or reason
    std::string hash;     ///< of the chain up to here, hex
};

/// Who may do what at a host, and what they did.
class HostAccess {
public:
    virtual ~HostAccess() = default;
    virtual Result<PairingCode> newCode(const std::string& clientName, HostRole role,
                                        Deadline deadline) = 0;
    virtual Result<std::vector<PairedClient>> clients(Deadline deadline) = 0;
    /// FAILED_PRECONDITION (LAST_ADMINISTRATOR).
    virtual Status setRole(const std::string& fingerprint, HostRole role, Deadline deadline) = 0;
    /// Its running calls end.
    virtual Status revoke(const std::string& fingerprint, Deadline deadline) = 0;
    /// From that number on, at most `limit`. The agent has verified the chain: DATA_LOSS
    /// (AUDIT_BROKEN) with `number`.
    virtual Result<std::vector<AuditEntry>> audit(std::uint64_t from, std::uint32_t limit,
                                                  Deadline deadline) = 0;
};

class Node;

/// One machine. Its parts live as long as the host does.
class Host {
public:
    virtual ~Host() = default;
    virtual Result<HostFacts> facts(Deadline deadline) = 0;
    virtual Result<std::vector<HostFinding>> preflight(const HostNeeds& needs,
                                                       Deadline deadline) = 0;
    /// Ports that nobody uses at this moment, for engines that cannot choose one themselves.
    virtual Result<std::vector<std::uint16_t>> freePorts(std::uint32_t count,
                                                         Deadline deadline) = 0;
    virtual HostNodes& nodes() = 0;
    virtual HostLogs& logs() = 0;
    virtual HostFiles& files() = 0;
    virtual HostAccess& access() = 0;
    /// The admin API of a node there. Nothing is sent before its first call.
    virtual std::shared_ptr<Node> node(const NodeRef& node) = 0;
    /// The agent and, unless they shall keep running, its nodes end.
    virtual Status shutDown(bool keepNodes, Deadline deadline) = 0;
};

/// How an agent is reached: by its socket on this machine, or by TLS with both sides pinned.
struct HostAddress {
    std::string name;
    std::string socket;          ///< path; empty: remote
    std::string endpoint;        ///< "host:port"
    std::string certificatePem;  ///< the agent's own, as pairing has pinned it
    friend bool operator==(const HostAddress&, const HostAddress&) = default;
};

/// Makes connections to agents and keeps them. Thread-safe.
class HostConnector {
public:
    virtual ~HostConnector() = default;
    /// Nothing is sent before the first call. INVALID_ARGUMENT: BAD_ENDPOINT, BAD_CERTIFICATE.
    virtual Result<std::shared_ptr<Host>> host(const HostAddress& address,
                                               const TlsIdentity& us) = 0;
    /// Gives the address with the pinned certificate. UNAUTHENTICATED (WRONG_CODE,
    /// AGENT_NOT_PROVEN: somebody stands between), FAILED_PRECONDITION (CODE_ENDED).
    virtual Result<HostAddress> pair(const std::string& endpoint, const std::string& code,
                                     const TlsIdentity& us, Deadline deadline) = 0;
};

}  // namespace chancery::interfaces
