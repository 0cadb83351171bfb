#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include <QtTest>
#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>

#include "src/base/Descriptor.h"
#include "src/base/File.h"
#include "tests/network/agent/AgentProcess.h"
#include "tests/support/TestMain.h"

extern "C" {
#include <sys/pidfd.h>
}

namespace chancery::test {
namespace {

using interfaces::Host;
using interfaces::NodePhase;
using interfaces::NodeRef;
using interfaces::NodeState;

const NodeRef kPeer{.network = "net", .node = "peer0.org1.example.com"};

Deadline soon() {
    return deadlineIn(AgentProcess::kLong);
}

/// A process by a handle of its own: numbers are used again.
class Watched {
public:
    explicit Watched(pid_t number) : m_handle(::pidfd_open(number, 0)) {}
    bool wasThere() const { return static_cast<bool>(m_handle); }
    /// Waits; false when it lives on.
    bool ends() const {
        pollfd watched{m_handle.get(), POLLIN, 0};
        return ::poll(&watched, 1, 20'000) == 1;
    }

private:
    Descriptor m_handle;
};

pid_t numberIn(const std::filesystem::path& file) {
    const auto text = readFile(file);
    return text.ok() ? static_cast<pid_t>(std::stol(*text)) : 0;
}

}  // namespace
}  // namespace chancery::test

using namespace chancery;
using namespace chancery::test;

class AgentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsANodeFromPlanToRemoval();
    void phases_data();
    void phases();
    void watches();
    void readsLogs();
    void leavesNoProcessBehind_data();
    void leavesNoProcessBehind();
    void comesBackWithItsNodes();
    void upgradesAndRollsBack();
    void pairs();
    void keepsItsStateForItself();
    void stopsStubbornNodesByForce();
    void refusesConnections_data();
    void refusesConnections();
    void servesOthersDuringAFlood();

private:
    NodeState stateOf(Host& host, const std::string& node) {
        const auto all = host.nodes().list("net", soon());
        if (all.ok())
            for (const NodeState& state : *all)
                if (state.ref.node == node) return state;
        return {};
    }
};

void AgentTest::keepsANodeFromPlanToRemoval() {
    AgentProcess agent;
    const auto host = agent.local();
    const auto facts = host->facts(soon());
    VERIFY_OK(facts.status());
    QCOMPARE(facts->name, std::string("test host"));
    QCOMPARE(facts->role, interfaces::HostRole::Administrator);
    QVERIFY(facts->endsWithConsole);
    QVERIFY(facts->memoryBytes > facts->freeMemoryBytes && facts->freeDiskBytes > 0);

    auto plan = standInPlan(kPeer.node, "serve");
    const auto applied = host->nodes().apply(plan, soon());
    VERIFY_OK(applied.status());
    QVERIFY(*applied);
    QVERIFY(!*host->nodes().apply(plan, soon()));
    const auto folder = agent.state() / "nodes/net" / kPeer.node;
    QCOMPARE(*readFile(folder / "node.yaml"), Bytes("serve\n"));
    QCOMPARE(std::filesystem::status(folder / "msp/keystore/key.pem").permissions(),
             std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);

    const auto started = host->nodes().start({kPeer}, soon());
    VERIFY_OK(started.status());
    QCOMPARE(started->size(), std::size_t(1));
    QCOMPARE(started->front().phase, NodePhase::Running);
    QCOMPARE(started->front().endpoints.at("grpc"), std::string("127.0.0.1:1"));
    QVERIFY(started->front().processId > 0);
    QVERIFY(started->front().memoryBytes > 0);
    VERIFY_OK(host->nodes().start({kPeer}, soon()).status());

    // A plan without a file takes it away; what the node made itself stays.
    plan.files.pop_back();
    plan.files.push_back({.path = "tls/cert.pem", .content = "certificate"});
    QVERIFY(*host->nodes().apply(plan, soon()));
    QVERIFY(!std::filesystem::exists(folder / "msp"));
    QVERIFY(std::filesystem::exists(folder / "number"));

    VERIFY_OK(host->nodes().stop({kPeer}, soon()));
    QCOMPARE(stateOf(*host, kPeer.node).phase, NodePhase::Stopped);
    QVERIFY(stateOf(*host, kPeer.node).lastExit->expected);
    VERIFY_OK(host->nodes().stop({kPeer}, soon()));
    VERIFY_OK(host->nodes().remove({kPeer}, soon()));
    QVERIFY(!std::filesystem::exists(folder));
    VERIFY_OK(host->nodes().remove({kPeer}, soon()));
    QCOMPARE(reasonOf(host->nodes().start({kPeer}, soon()).status()),
             std::string("NODE_NOT_FOUND"));
    const auto audit = host->access().audit(1, 1000, soon());
    VERIFY_OK(audit.status());
    QCOMPARE(audit->front().call, std::string("chancery.agent.v1.HostNodes/Apply"));
    QCOMPARE(audit->front().subject, std::string("net/peer0.org1.example.com"));
    QCOMPARE(audit->at(1).outcome, std::string("OK"));
    QCOMPARE(audit->back().outcome, std::string("NODE_NOT_FOUND"));
    QCOMPARE(agent.end().code, 0);
}

void AgentTest::phases_data() {
    QTest::addColumn<QString>("behaviour");
    QTest::addColumn<QString>("reason");
    QTest::addColumn<int>("phase");
    QTest::addColumn<QString>("lastLine");
    QTest::newRow("useless") << "useless"
                             << "NODE_ENDED" << int(NodePhase::Failed) << "no such key";
    QTest::newRow("broken") << "broken"
                            << "NODE_ENDED" << int(NodePhase::Failed) << "port in use";
}

void AgentTest::phases() {
    QFETCH(const QString, behaviour);
    QFETCH(const QString, reason);
    QFETCH(const int, phase);
    QFETCH(const QString, lastLine);
    AgentProcess agent;
    const auto host = agent.local();
    VERIFY_OK(host->nodes().apply(standInPlan("a", behaviour.toStdString()), soon()).status());
    const auto started = host->nodes().start({{"net", "a"}}, soon());
    QCOMPARE(QString::fromStdString(reasonOf(started.status())), reason);
    QVERIFY(argumentOf(started.status(), "lines").find(lastLine.toStdString()) !=
            std::string::npos);
    const NodeState state = stateOf(*host, "a");
    QCOMPARE(int(state.phase), phase);
    QVERIFY(!state.lastExit->expected);
    QCOMPARE(state.lastExit->lastLines.back(), lastLine.toStdString());
}

void AgentTest::watches() {
    AgentProcess agent;
    const auto host = agent.local();
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::pair<NodePhase, std::string>> seen;
    const auto subscription = host->nodes().watch([&](const NodeState& state) {
        const std::lock_guard lock(mutex);
        seen.emplace_back(state.phase, state.kind);
        changed.notify_all();
    });
    // Forgets what came before that.
    const auto waitFor = [&](NodePhase phase, const std::string& kind) {
        std::unique_lock lock(mutex);
        return changed.wait_until(lock, soon(), [&] {
            while (!seen.empty()) {
                const auto next = seen.front();
                seen.pop_front();
                if (next == std::pair(phase, kind)) return true;
            }
            return false;
        });
    };
    VERIFY_OK(host->nodes().apply(standInPlan("a", "crash-once"), soon()).status());
    QVERIFY(waitFor(NodePhase::Stopped, "peer"));
    VERIFY_OK(host->nodes().start({{"net", "a"}}, soon()).status());
    QVERIFY(waitFor(NodePhase::WaitingToRestart, "peer"));
    QVERIFY(waitFor(NodePhase::Running, "peer"));
    QCOMPARE(stateOf(*host, "a").restarts, 1U);
    QCOMPARE(stateOf(*host, "a").lastExit->sentence, std::string("returned 7"));
    // The agent goes and comes back: everything is told anew.
    agent.kill();
    agent.start();
    QVERIFY(waitFor(NodePhase::Running, "peer"));
    VERIFY_OK(host->nodes().remove({{"net", "a"}}, soon()));
    QVERIFY(waitFor(NodePhase::Stopped, ""));
}

void AgentTest::readsLogs() {
    AgentProcess agent;
    const auto host = agent.local();
    VERIFY_OK(host->nodes().apply(standInPlan("a", "lines 2000"), soon()).status());
    VERIFY_OK(host->nodes().start({{"net", "a"}}, soon()).status());
    std::vector<interfaces::LogLine> lines;
    const auto take = [&](const std::vector<interfaces::LogLine>& more) {
        lines.insert(lines.end(), more.begin(), more.end());
        return absl::OkStatus();
    };
    interfaces::LogQuery query{.node = {"net", "a"}, .last = 10};
    VERIFY_OK(host->logs().read(query, take, soon()));
    QCOMPARE(lines.size(), std::size_t(10));
    QCOMPARE(lines.back().number, std::uint64_t(2000));
    QCOMPARE(lines.back().logger, std::string("room"));
    QCOMPARE(lines.back().level, interfaces::LogLevel::Warning);
    lines.clear();
    query.contains = "LINE 77";
    query.last = 100'000;
    VERIFY_OK(host->logs().read(query, take, soon()));
    QCOMPARE(lines.size(), std::size_t(11));  // 77, 770 … 779
    lines.clear();
    query.least = interfaces::LogLevel::Error;
    VERIFY_OK(host->logs().read(query, take, soon()));
    QCOMPARE(lines.size(), std::size_t(0));

    // A follower gets what comes later, until it has seen enough.
    query = {.node = {"net", "a"}, .contains = "stopped", .last = 0, .follow = true};
    std::thread stopper([&] { VERIFY_OK(host->nodes().stop({{"net", "a"}}, soon())); });
    const Status ended = host->logs().read(
        query,
        [](const std::vector<interfaces::LogLine>& more) -> Status {
            return more.empty() ? absl::OkStatus() : absl::AbortedError("enough");
        },
        soon());
    stopper.join();
    QCOMPARE(ended.code(), absl::StatusCode::kAborted);
}

void AgentTest::leavesNoProcessBehind_data() {
    QTest::addColumn<QString>("behaviour");
    QTest::addColumn<bool>("isKilled");
    for (const char* behaviour : {"serve", "stubborn", "lines 100000"})
        for (const bool isKilled : {false, true})
            QTest::addRow("%s %s", behaviour, isKilled ? "killed" : "ended")
                << behaviour << isKilled;
}

void AgentTest::leavesNoProcessBehind() {
    QFETCH(const QString, behaviour);
    QFETCH(const bool, isKilled);
    AgentProcess agent;
    const auto host = agent.local();
    std::vector<NodeRef> nodes;
    for (const char* name : {"a", "b", "c"}) {
        nodes.push_back({"net", name});
        VERIFY_OK(host->nodes().apply(standInPlan(name, behaviour.toStdString()), soon()).status());
    }
    VERIFY_OK(host->nodes().start(nodes, soon()).status());
    std::vector<Watched> processes;
    for (const NodeRef& node : nodes) {
        processes.emplace_back(numberIn(agent.state() / "nodes/net" / node.node / "number"));
        QVERIFY(processes.back().wasThere());
    }
    if (isKilled)
        agent.kill();
    else
        agent.end();
    for (const Watched& process : processes) QVERIFY(process.ends());
}

void AgentTest::comesBackWithItsNodes() {
    AgentProcess agent;
    auto host = agent.local();
    auto other = standInPlan("other", "serve");
    other.startsWithAgent = false;
    VERIFY_OK(host->nodes().apply(standInPlan("wanted", "serve"), soon()).status());
    VERIFY_OK(host->nodes().apply(standInPlan("stopped", "serve"), soon()).status());
    VERIFY_OK(host->nodes().apply(other, soon()).status());
    VERIFY_OK(host->nodes()
                  .start({{"net", "wanted"}, {"net", "stopped"}, {"net", "other"}}, soon())
                  .status());
    VERIFY_OK(host->nodes().stop({{"net", "stopped"}}, soon()));
    agent.kill();
    agent.start();
    host = agent.local();
    // Starting what is starting waits until it serves.
    VERIFY_OK(host->nodes().start({{"net", "wanted"}}, soon()).status());
    QCOMPARE(stateOf(*host, "wanted").restarts, 0U);
    QCOMPARE(stateOf(*host, "stopped").phase, NodePhase::Stopped);
    QCOMPARE(stateOf(*host, "other").phase, NodePhase::Stopped);
    agent.end();
    agent.start();
    host = agent.local();
    const NodePhase phase = stateOf(*host, "wanted").phase;
    QVERIFY(phase == NodePhase::Running || phase == NodePhase::Starting);
    QVERIFY(stateOf(*host, "wanted").lastExit->expected);
}

void AgentTest::upgradesAndRollsBack() {
    AgentProcess agent;
    const auto host = agent.local();
    const NodeRef node{"net", "a"};
    auto plan = standInPlan("a", "serve");
    plan.version = "0.1.0";
    VERIFY_OK(host->nodes().apply(plan, soon()).status());
    VERIFY_OK(host->nodes().start({node}, soon()).status());
    QCOMPARE(reasonOf(host->nodes().rollBack(node, soon()).status()),
             std::string("NO_PREVIOUS_VERSION"));
    QCOMPARE(reasonOf(host->nodes().upgrade(node, "7.7.7", soon()).status()),
             std::string("VERSION_NOT_FOUND"));
    const auto upgraded = host->nodes().upgrade(node, "0.2.0", soon());
    VERIFY_OK(upgraded.status());
    QCOMPARE(upgraded->version, std::string("0.2.0"));
    QCOMPARE(upgraded->endpoints.at("version"), std::string("0.2.0"));
    QVERIFY(upgraded->hasPreviousVersion);
    const auto data = agent.state() / "nodes/net/a/data";
    VERIFY_OK(writeFileAtomically(data, "of the new version"));
    const auto back = host->nodes().rollBack(node, soon());
    VERIFY_OK(back.status());
    QCOMPARE(back->endpoints.at("version"), std::string("0.1.0"));
    QVERIFY(!std::filesystem::exists(data));
    QVERIFY(!back->hasPreviousVersion);

    // One that does not serve with its new version is as it was.
    auto needs = standInPlan("a", "needs 0.1.0");
    needs.version = "0.1.0";
    VERIFY_OK(host->nodes().apply(needs, soon()).status());
    VERIFY_OK(host->nodes().restart({node}, soon()).status());
    VERIFY_OK(writeFileAtomically(data, "old"));
    const auto failed = host->nodes().upgrade(node, "0.2.0", soon());
    QCOMPARE(reasonOf(failed.status()), std::string("UPGRADE_ROLLED_BACK"));
    const NodeState state = stateOf(*host, "a");
    QCOMPARE(state.phase, NodePhase::Running);
    QCOMPARE(state.version, std::string("0.1.0"));
    QVERIFY(!state.hasPreviousVersion);
}

void AgentTest::pairs() {
    AgentProcess agent({"--listen", "127.0.0.1:0"});
    const auto us = clientIdentity();
    const auto local = agent.local();
    const std::string endpoint = agent.endpoint("grpc");
    QCOMPARE(
        reasonOf(agent.connector().pair(endpoint, "AAAAA-AAAAA-AAAAA-AAAAA", us, soon()).status()),
        std::string("CODE_ENDED"));
    const auto code =
        local->access().newCode("Ana's console", interfaces::HostRole::Administrator, soon());
    VERIFY_OK(code.status());
    QCOMPARE(code->endpoint, endpoint);
    QCOMPARE(
        reasonOf(agent.connector().pair(endpoint, "AAAAA-AAAAA-AAAAA-AAAAA", us, soon()).status()),
        std::string("WRONG_CODE"));
    const auto paired = agent.connector().pair(endpoint, code->code, us, soon());
    VERIFY_OK(paired.status());
    QCOMPARE(paired->name, std::string("test host"));
    const auto remote = agent.connector().host(*paired, us);
    VERIFY_OK(remote.status());
    const auto facts = (*remote)->facts(soon());
    VERIFY_OK(facts.status());
    QCOMPARE(facts->role, interfaces::HostRole::Administrator);
    // The same calls as by the socket.
    VERIFY_OK((*remote)->nodes().apply(standInPlan("a", "serve"), soon()).status());
    VERIFY_OK((*remote)->nodes().start({{"net", "a"}}, soon()).status());
    QCOMPARE(stateOf(**remote, "a").phase, NodePhase::Running);
    QCOMPARE(reasonOf(agent.connector().pair(endpoint, code->code, us, soon()).status()),
             std::string("CODE_ENDED"));

    const auto clients = local->access().clients(soon());
    VERIFY_OK(clients.status());
    QCOMPARE(clients->size(), std::size_t(1));
    QCOMPARE(reasonOf(local->access().revoke(clients->front().fingerprint, soon())),
             std::string("LAST_ADMINISTRATOR"));
    const auto second = clientIdentity();
    const auto more =
        local->access().newCode("another", interfaces::HostRole::Administrator, soon());
    VERIFY_OK(agent.connector().pair(endpoint, more->code, second, soon()).status());

    // Whose rights are taken away loses its running calls, too.
    std::atomic<bool> isReading = false;
    Status ended;
    std::thread reader([&] {
        ended = (*remote)->logs().read(
            {.node = {"net", "a"}, .last = 1, .follow = true},
            [&](const auto&) {
                isReading = true;
                return absl::OkStatus();
            },
            soon());
    });
    VERIFY_OK(local->nodes().restart({{"net", "a"}}, soon()).status());
    QTRY_VERIFY(isReading);
    VERIFY_OK(local->access().revoke(clients->front().fingerprint, soon()));
    reader.join();
    QCOMPARE(reasonOf(ended), std::string("REVOKED"));
    QCOMPARE(reasonOf((*remote)->facts(soon()).status()), std::string("REVOKED"));
}

void AgentTest::keepsItsStateForItself() {
    AgentProcess agent;
    auto second = process::Child::start({.program = CHANCERY_AGENT,
                                         .arguments = {"--state", agent.state().string()},
                                         .environment = process::minimalEnvironment()});
    VERIFY_OK(second.status());
    const auto exit = (*second)->waitEnd(soon());
    VERIFY_OK(exit.status());
    QCOMPARE(exit->code, 3);
    QVERIFY(exit->lastLines.back().find("STATE_IN_USE") != std::string::npos);
}

void AgentTest::stopsStubbornNodesByForce() {
    AgentProcess agent;
    const auto host = agent.local();
    VERIFY_OK(host->nodes().apply(standInPlan("a", "stubborn"), soon()).status());
    VERIFY_OK(host->nodes().start({{"net", "a"}}, soon()).status());
    VERIFY_OK(host->nodes().stop({{"net", "a"}}, soon()));
    QVERIFY(stateOf(*host, "a").lastExit->sentence.starts_with("was ended by signal 9 (Killed)"));
}

void AgentTest::refusesConnections_data() {
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("reason");
    QTest::newRow("stranger") << "stranger"
                              << "NOT_PAIRED";
    QTest::newRow("expired") << "expired"
                             << "CERTIFICATE_EXPIRED";
    QTest::newRow("wrong pin") << "pin"
                               << "TLS_HANDSHAKE_FAILED";
    QTest::newRow("swapped agent") << "swapped"
                                   << "TLS_HANDSHAKE_FAILED";
    QTest::newRow("plain scheme") << "grpc"
                                  << "PLAINTEXT_REFUSED";
    QTest::newRow("no pin") << "unpinned"
                            << "NO_ROOTS";
}

void AgentTest::refusesConnections() {
    QFETCH(const QString, what);
    QFETCH(const QString, reason);
    AgentProcess agent({"--listen", "127.0.0.1:0"});
    const auto us = clientIdentity(what == "expired" ? -absl::Hours(1) : absl::Hours(1));
    const auto code = agent.local()->access().newCode("x", interfaces::HostRole::Auditor, soon());
    auto address = agent.connector().pair(agent.endpoint("grpc"), code->code, us, soon());
    VERIFY_OK(address.status());
    auto caller = us;
    if (what == "stranger") caller = clientIdentity();
    if (what == "pin") address->certificatePem = clientIdentity().certificatePem;
    if (what == "unpinned") address->certificatePem.clear();
    if (what == "grpc") address->endpoint = "grpc://" + address->endpoint;
    if (what == "swapped") {
        agent.end();
        for (const char* file : {"agent.pem", "agent.key"})
            std::filesystem::remove(agent.state() / file);
        agent.start();
        address->endpoint = agent.endpoint("grpc");
    }
    const auto host = agent.connector().host(*address, caller);
    const Status status = host.ok() ? (*host)->facts(soon()).status() : host.status();
    QCOMPARE(QString::fromStdString(reasonOf(status)), reason);
}

// Connections that say nothing, say nonsense, or go away in the middle; others are served
// meanwhile.
void AgentTest::servesOthersDuringAFlood() {
    AgentProcess agent({"--listen", "127.0.0.1:0"});
    const auto us = clientIdentity();
    const auto host = agent.local();
    const auto code = host->access().newCode("x", interfaces::HostRole::Administrator, soon());
    const auto address = agent.connector().pair(agent.endpoint("grpc"), code->code, us, soon());
    VERIFY_OK(address.status());
    const auto remote = *agent.connector().host(*address, us);
    const auto place = *interfaces::splitEndpoint(address->endpoint);
    const std::vector<std::string> words{"",
                                         "GET / HTTP/1.1\r\n\r\n",
                                         "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                                         "\x16\x03\x01\x02",
                                         "\x16\x03\x00\x00\x05xxxxx",
                                         std::string(4096, '\xff')};
    std::vector<Descriptor> flood;
    for (int i = 0; i < 600; ++i) {
        Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(place.port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        QCOMPARE(::connect(socket.get(), reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
        const std::string& word = words[static_cast<std::size_t>(i) % words.size()];
        QCOMPARE(::send(socket.get(), word.data(), word.size(), MSG_NOSIGNAL),
                 static_cast<ssize_t>(word.size()));
        if (i % 3 != 0) flood.push_back(std::move(socket));
        if (i % 50 == 0) {
            VERIFY_OK(remote->facts(deadlineIn(std::chrono::seconds(10))).status());
            VERIFY_OK(host->nodes().list("", deadlineIn(std::chrono::seconds(10))).status());
        }
    }
    // Who is known cannot take all places either.
    std::vector<std::jthread> readers;
    VERIFY_OK(remote->nodes().apply(standInPlan("a", "serve"), soon()).status());
    std::atomic<int> refused = 0;
    for (int i = 0; i < 80; ++i)
        readers.emplace_back([&](const std::stop_token& stop) {
            const Status ended = remote->logs().read(
                {.node = {"net", "a"}, .follow = true},
                [](const auto&) { return absl::OkStatus(); }, soon(), stop);
            if (reasonOf(ended) == "TOO_MANY_CALLS") ++refused;
        });
    QTRY_COMPARE_WITH_TIMEOUT(refused.load(), 16, 20'000);
    VERIFY_OK(host->facts(deadlineIn(std::chrono::seconds(10))).status());
}

CHANCERY_TEST(AgentTest)
#include "AgentTest.moc"
