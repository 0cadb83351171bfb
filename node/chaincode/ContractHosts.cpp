#include "node/chaincode/ContractHosts.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <set>

#include "node/chaincode/ChildPipe.h"
#include "node/chaincode/ConnectionFile.h"
#include "node/chaincode/ContractCommand.h"
#include "node/chaincode/ShimService.h"
#include "src/base/Encoding.h"
#include "src/base/Log.h"

namespace chancery::node {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

namespace {

constexpr std::string_view kRoom = "chaincode";
constexpr int kMaxOverdue = 8;
constexpr auto kMaxBackOff = std::chrono::minutes(1);
constexpr std::size_t kLinesOfReason = 3;

Status notRunning(const std::string& packageId, std::string_view why) {
    return makeError(StatusCode::kUnavailable, "NOT_RUNNING",
                     fmt::format("could not launch chaincode {}: {}", packageId, why));
}

std::string folderNameOf(std::string packageId) {
    std::replace(packageId.begin(), packageId.end(), ':', '.');
    return packageId;
}

std::string reasonOfEnd(const process::ExitReason& reason) {
    std::string text = fmt::format("the contract's process {}", reason.sentence());
    const auto& lines = reason.lastLines;
    for (std::size_t i = lines.size() - std::min(lines.size(), kLinesOfReason); i < lines.size();
         ++i)
        text += fmt::format(" | {}", printable(lines[i], 300));
    return text;
}

}  // namespace

ContractHosts::ContractHosts(const ChaincodeOptions& options,
                             std::shared_ptr<PackageStore> packages,
                             std::shared_ptr<ContractAuthority> authority,
                             std::shared_ptr<TaskPool> pool, std::shared_ptr<Timers> timers,
                             std::shared_ptr<ChaincodeMetrics> metrics)
    : m_options(options),
      m_packages(std::move(packages)),
      m_authority(std::move(authority)),
      m_pool(std::move(pool)),
      m_timers(std::move(timers)),
      m_metrics(std::move(metrics)) {}

void ContractHosts::connect(CallContract callContract, std::string peerAddress) {
    m_callContract = std::move(callContract);
    m_peerAddress = std::move(peerAddress);
}

void ContractHosts::stream(const std::string& packageId, Waiting done) {
    ContractStreamPtr running;
    Status refused;
    {
        const std::lock_guard lock(m_mutex);
        Host& host = m_hosts[packageId];
        if (m_stopped) {
            refused = notRunning(packageId, "the peer stops");
        } else if (host.state == State::Running) {
            running = host.stream;
        } else if (host.state != State::Starting && steady_clock::now() < host.notBefore) {
            refused = notRunning(packageId, host.why + " (it will be tried again shortly)");
        } else {
            host.waiting.push_back(std::move(done));
            if (host.state != State::Starting) start(packageId, host);
            return;
        }
    }
    if (running) return done(std::move(running));
    done(std::move(refused));
}

void ContractHosts::keep(const std::vector<std::string>& packageIds) {
    const std::set<std::string> kept(packageIds.begin(), packageIds.end());
    const std::lock_guard lock(m_mutex);
    if (m_stopped) return;
    for (auto& [id, host] : m_hosts) host.isKept = kept.contains(id);
    for (const std::string& id : kept) {
        Host& host = m_hosts[id];
        host.isKept = true;
        if (host.state == State::Idle || host.state == State::Failed) {
            if (steady_clock::now() >= host.notBefore) start(id, host);
        }
    }
}

/// With the lock held.
void ContractHosts::start(const std::string& packageId, Host& host) {
    host.state = State::Starting;
    host.began = steady_clock::now();
    host.overdue = 0;
    const std::uint64_t run = ++host.run;
    const std::weak_ptr<ContractHosts> weak = weak_from_this();
    m_pool->post([weak, packageId, run] {
        if (const auto self = weak.lock()) self->launch(packageId, run);
    });
    m_timers->at(host.began + m_options.startupTimeout, [weak, packageId, run] {
        const auto self = weak.lock();
        if (!self) return;
        {
            const std::lock_guard lock(self->m_mutex);
            const Host& late = self->m_hosts[packageId];
            if (late.run != run || late.state != State::Starting) return;
        }
        self->fail(
            packageId, run,
            fmt::format("timeout expired while starting chaincode {} for transaction", packageId),
            true);
    });
}

void ContractHosts::launch(const std::string& packageId, std::uint64_t run) {
    const auto package = m_packages->find(packageId);
    Status status;
    if (!package) {
        status =
            m_options.acceptsUnlaunched
                ? Status()  // it comes by itself
                : makeError(StatusCode::kNotFound, "NO_SUCH_PACKAGE",
                            fmt::format("chaincode install package '{}' not found", packageId));
    } else {
        status = package->kind == PackageKind::Service ? dial(*package, run) : spawn(*package, run);
    }
    if (!status.ok()) fail(packageId, run, std::string(messageOf(status)));
}

ContractStream::Surroundings ContractHosts::surroundings(
    std::function<Status(const std::string&)> mayRegister) {
    const std::weak_ptr<ContractHosts> weak = weak_from_this();
    ContractStream::Surroundings out;
    out.pool = m_pool;
    out.metrics = m_metrics;
    out.announcesBatches = m_options.announcesBatches;
    out.mayRegister = std::move(mayRegister);
    out.ready = [weak](const ContractStreamPtr& stream) {
        if (const auto self = weak.lock()) self->ready(stream);
    };
    out.ended = [weak](ContractStream& stream, const Status& why) {
        if (const auto self = weak.lock()) self->ended(stream, why);
    };
    out.callContract = m_callContract;
    return out;
}

/// Of a stream that can only be this package's, because the peer chose who is at its other end.
ContractStream::Surroundings ContractHosts::surroundingsOf(const std::string& packageId,
                                                           std::uint64_t run) {
    auto around = surroundings([id = packageId](const std::string& registered) -> Status {
        if (registered == id) return {};
        return makeError(
            StatusCode::kPermissionDenied, "OTHER_PACKAGE",
            fmt::format("it registers as {}, not as {}", printable(registered, 300), id));
    });
    around.ended = [weak = weak_from_this(), id = packageId, run](ContractStream& stream,
                                                                  const Status& why) {
        const auto self = weak.lock();
        if (!self) return;
        if (!stream.packageId().empty()) return self->ended(stream, why);
        self->fail(id, run, fmt::format("connection failed: {}", messageOf(why)));
    };
    return around;
}

Status ContractHosts::dial(const InstalledPackage& package, std::uint64_t run) {
    const std::string& id = package.packageId;
    ASSIGN_OR_RETURN(const Bytes json, m_packages->codeFile(id, "connection.json"));
    ASSIGN_OR_RETURN(const ConnectionFile file, parseConnectionFile(json, m_options.peerName));
    auto dialled =
        dialContract(file, m_options.allowPlaintext, [&](std::shared_ptr<MessagePipe> pipe) {
            return std::make_shared<ContractStream>(std::move(pipe), surroundingsOf(id, run));
        });
    if (!dialled.ok()) return withContext(dialled.status(), "connection to chaincode failed");
    // There is no news when nobody listens; the dial timeout is for that.
    const auto patience =
        std::max<std::chrono::nanoseconds>(file.dialTimeout, std::chrono::seconds(3));
    m_timers->at(steady_clock::now() + patience, [weak = std::weak_ptr<ContractStream>(*dialled),
                                                  address = file.address] {
        const auto stream = weak.lock();
        if (stream && stream->packageId().empty())
            stream->close(makeError(StatusCode::kUnavailable, "DIAL_TIMEOUT",
                                    fmt::format("nobody registered at {} in time", address)));
    });
    return {};
}

/// Only those that dial in need an identity.
Result<process::Command> ContractHosts::commandFor(const InstalledPackage& package,
                                                   const fs::path& code) {
    if (package.kind == PackageKind::Script) return scriptCommand(package, code, m_options);
    ASSIGN_OR_RETURN(auto identity, m_authority->issue(package.packageId));
    return nodeCommand(package, code, m_options.folder / "run" / folderNameOf(package.packageId),
                       {m_peerAddress, m_authority->rootsPem(), std::move(identity)}, m_options);
}

Status ContractHosts::spawn(const InstalledPackage& package, std::uint64_t run) {
    const std::string& id = package.packageId;
    ASSIGN_OR_RETURN(const fs::path code, m_packages->unpack(id, m_options.folder / "code"));
    ASSIGN_OR_RETURN(auto command, commandFor(package, code));
    const std::weak_ptr<ContractHosts> weak = weak_from_this();
    process::Listener listener;
    listener.line = [label = package.label](process::Stream, std::string_view line) {
        log::info(kRoom, fmt::format("[{}] {}", label, line));
    };
    listener.ended = [weak, id, run](const process::ExitReason& reason) {
        if (const auto self = weak.lock()) self->fail(id, run, reasonOfEnd(reason));
    };
    ASSIGN_OR_RETURN(auto child, process::Child::start(std::move(command), std::move(listener)));
    limitProcess(child->number());
    const std::shared_ptr<process::Child> shared = std::move(child);
    std::shared_ptr<ChildPipe> pipe;
    if (Descriptor socket = shared->takeSocket()) {
        pipe = std::make_shared<ChildPipe>(std::move(socket));
        auto around = surroundingsOf(id, run);
        around.ended = [weak, id, run, process = std::weak_ptr(shared)](ContractStream& stream,
                                                                        const Status& why) {
            const auto self = weak.lock();
            if (!self) return;
            if (!stream.packageId().empty()) return self->ended(stream, why);
            if (reasonOf(why) != "CONNECTION_CLOSED")
                return self->fail(id, run, std::string(messageOf(why)));
            // Its end tells more.
            if (const auto silent = process.lock()) silent->killGroup();
        };
        pipe->begin(std::make_shared<ContractStream>(pipe, std::move(around)));
    }
    // It may have ended already, and even registered.
    const std::lock_guard lock(m_mutex);
    Host& host = m_hosts[id];
    if (host.run != run || m_stopped ||
        (host.state != State::Starting && host.state != State::Running)) {
        shared->killGroup();
        return {};
    }
    host.child = shared;
    host.pipe = std::move(pipe);
    if (!std::exchange(m_watching, true))
        m_timers->at(steady_clock::now() + m_options.memoryCheckInterval, [weak] {
            if (const auto self = weak.lock()) self->watchMemory();
        });
    return {};
}

ContractStreamPtr ContractHosts::accept(std::shared_ptr<MessagePipe> pipe,
                                        const Bytes& certificateHash) {
    const std::weak_ptr<ContractHosts> weak = weak_from_this();
    return std::make_shared<ContractStream>(
        std::move(pipe), surroundings([weak, certificateHash](const std::string& id) -> Status {
            const auto self = weak.lock();
            if (self) return self->mayDialIn(id, certificateHash);
            return makeError(StatusCode::kUnavailable, "STOPPING", "the peer stops");
        }));
}

Status ContractHosts::mayDialIn(const std::string& packageId, const Bytes& certificateHash) const {
    const auto refuse = [&](std::string_view why) {
        return makeError(StatusCode::kPermissionDenied, "REGISTRATION_REFUSED",
                         fmt::format("{} {}", printable(packageId, 300), why));
    };
    const std::lock_guard lock(m_mutex);
    const auto host = m_hosts.find(packageId);
    if (host != m_hosts.end() && host->second.stream)
        return refuse("is registered already: duplicate chaincodeID");
    if (m_options.acceptsUnlaunched) return {};
    if (host == m_hosts.end() || host->second.state != State::Starting)
        return refuse(
            "was not started by this peer, which will not accept external chaincode "
            "connections");
    if (!m_authority->isOf(certificateHash, packageId))
        return refuse("registers with a TLS certificate that was not given to it");
    return {};
}

void ContractHosts::ready(const ContractStreamPtr& stream) {
    const std::string id = stream->packageId();
    std::vector<Waiting> waiting;
    Deadline began;
    {
        const std::lock_guard lock(m_mutex);
        Host& host = m_hosts[id];
        if (host.stream || m_stopped) {
            stream->close(makeError(StatusCode::kAlreadyExists, "DUPLICATE",
                                    fmt::format("duplicate chaincodeID: {}", id)));
            return;
        }
        if (host.state != State::Starting) host.began = steady_clock::now();
        host.stream = stream;
        host.state = State::Running;
        host.why.clear();
        began = host.began;
        waiting.swap(host.waiting);
    }
    log::info(kRoom, fmt::format("{} is ready", id));
    if (m_metrics) m_metrics->launched(id, true, false, steady_clock::now() - began);
    for (const Waiting& done : waiting) done(stream);
}

void ContractHosts::answered(const std::string& packageId) {
    const std::lock_guard lock(m_mutex);
    const auto host = m_hosts.find(packageId);
    if (host == m_hosts.end()) return;
    host->second.overdue = 0;
    host->second.failures = 0;
}

void ContractHosts::ended(ContractStream& stream, const Status& why) {
    const std::string id = stream.packageId();
    std::uint64_t run = 0;
    {
        const std::lock_guard lock(m_mutex);
        const auto host = m_hosts.find(id);
        if (host == m_hosts.end() || host->second.stream.get() != &stream) return;
        run = host->second.run;
    }
    fail(id, run, fmt::format("chaincode stream terminated: {}", messageOf(why)));
}

/// The run is over, whatever there was of it.
void ContractHosts::fail(const std::string& packageId, std::uint64_t run, const std::string& why,
                         bool timedOut) {
    std::vector<Waiting> waiting;
    std::shared_ptr<process::Child> child;
    std::shared_ptr<ChildPipe> pipe;
    ContractStreamPtr stream;
    Deadline began, next;
    bool again = false;
    bool wasStarting = false;
    std::string reason;
    {
        const std::lock_guard lock(m_mutex);
        Host& host = m_hosts[packageId];
        if (host.run != run || host.state == State::Failed || host.state == State::Idle) {
            // The process goes after its stream: it knows better why.
            if (host.run == run && why.starts_with("the contract's process") &&
                host.why.starts_with("chaincode stream terminated"))
                host.why = why;
            return;
        }
        wasStarting = host.state == State::Starting;
        host.state = State::Failed;
        if (host.why.empty() || wasStarting) host.why = why;
        reason = host.why;
        // A run of some length counts as a good one.
        if (steady_clock::now() - host.began > kMaxBackOff) host.failures = 0;
        const auto pause = std::min<std::chrono::nanoseconds>(
            m_options.firstBackOff * (1LL << std::min(host.failures, 6)), kMaxBackOff);
        ++host.failures;
        began = host.began;
        next = steady_clock::now() + pause;
        const auto package = m_packages->find(packageId);
        const bool isService = !package || package->kind == PackageKind::Service;
        // Services are tried again at every call, as Fabric does: somebody else runs them.
        host.notBefore = isService || (host.failures == 1 && !wasStarting) ? Deadline() : next;
        again = host.isKept && !m_stopped;
        waiting.swap(host.waiting);
        child = std::move(host.child);
        pipe = std::move(host.pipe);
        stream = std::move(host.stream);
    }
    log::warning(kRoom, fmt::format("{} has ended: {}", packageId, reason));
    if (m_metrics && wasStarting)
        m_metrics->launched(packageId, false, timedOut, steady_clock::now() - began);
    if (stream) stream->close(makeError(StatusCode::kUnavailable, "CONTRACT_ENDED", reason));
    if (pipe) pipe->close({});
    // Its end is waited for, which its own thread must not do.
    if (child)
        m_pool->post([child = std::move(child)]() mutable {
            child->killGroup();
            child.reset();
        });
    for (const Waiting& done : waiting) done(notRunning(packageId, reason));
    if (again) restartLater(packageId, next);
}

void ContractHosts::restartLater(const std::string& packageId, Deadline when) {
    m_timers->at(when, [weak = weak_from_this(), packageId] {
        const auto self = weak.lock();
        if (!self) return;
        const std::lock_guard lock(self->m_mutex);
        Host& host = self->m_hosts[packageId];
        if (!self->m_stopped && host.isKept && host.state == State::Failed)
            self->start(packageId, host);
    });
}

void ContractHosts::kill(const std::string& packageId, std::uint64_t run, const std::string& why) {
    {
        const std::lock_guard lock(m_mutex);
        Host& host = m_hosts[packageId];
        if (host.run != run || host.state != State::Running || !host.child) return;
        host.why = why;
    }
    fail(packageId, run, why);
}

void ContractHosts::overdue(const ContractStreamPtr& stream) {
    const std::string id = stream->packageId();
    std::uint64_t run = 0;
    bool hopeless = false;
    {
        const std::lock_guard lock(m_mutex);
        Host& host = m_hosts[id];
        if (host.stream != stream || !host.child) return;
        run = host.run;
        hopeless = ++host.overdue >= kMaxOverdue;
    }
    if (hopeless)
        return kill(id, run,
                    fmt::format("{} transactions in a row were not answered in time", kMaxOverdue));
    const std::uint64_t before = stream->received();
    stream->ping();
    m_timers->at(steady_clock::now() + m_options.pingTimeout,
                 [weak = weak_from_this(), stream, id, run, before] {
                     const auto self = weak.lock();
                     if (!self || stream->received() != before) return;
                     self->m_pool->post([self, id, run] {
                         self->kill(id, run,
                                    "a transaction was not answered in time and the contract gives "
                                    "no sign of life");
                     });
                 });
}

void ContractHosts::watchMemory() {
    std::vector<std::pair<std::string, std::uint64_t>> greedy;
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopped) return;
        for (const auto& [id, host] : m_hosts)
            if (host.child && memoryOf(host.child->number()) > m_options.memoryLimit)
                greedy.emplace_back(id, host.run);
    }
    for (const auto& [id, run] : greedy)
        m_pool->post([self = shared_from_this(), id = id, run = run] {
            self->kill(id, run,
                       fmt::format("the contract holds more than {} MiB of memory",
                                   self->m_options.memoryLimit >> 20));
        });
    m_timers->at(steady_clock::now() + m_options.memoryCheckInterval, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->watchMemory();
    });
}

ContractHosts::HostStatus ContractHosts::status(const std::string& packageId) const {
    const std::lock_guard lock(m_mutex);
    const auto host = m_hosts.find(packageId);
    if (host == m_hosts.end()) return {};
    return {host->second.state, host->second.why,
            host->second.child ? memoryOf(host->second.child->number()) : 0};
}

void ContractHosts::stop(Deadline deadline) {
    std::vector<std::shared_ptr<process::Child>> children;
    std::vector<ContractStreamPtr> streams;
    std::vector<std::shared_ptr<ChildPipe>> pipes;
    std::vector<std::pair<std::string, Waiting>> waiting;
    {
        const std::lock_guard lock(m_mutex);
        m_stopped = true;
        for (auto& [id, host] : m_hosts) {
            host.state = State::Idle;
            if (host.child) children.push_back(std::move(host.child));
            if (host.stream) streams.push_back(std::move(host.stream));
            if (host.pipe) pipes.push_back(std::move(host.pipe));
            for (auto& done : host.waiting) waiting.emplace_back(id, std::move(done));
            host.waiting.clear();
        }
    }
    const Status stopping = makeError(StatusCode::kUnavailable, "STOPPING", "the peer stops");
    for (const auto& stream : streams) stream->close(stopping);
    for (const auto& [id, done] : waiting) done(notRunning(id, "the peer stops"));
    for (const auto& child : children) (void)child->signal(SIGTERM);
    for (const auto& child : children) {
        if (!child->waitEnd(deadline).ok()) child->killGroup();
    }
    for (const auto& pipe : pipes) pipe->end();
}

}  // namespace chancery::node
