#include <sys/stat.h>

#include <future>

#include "src/base/Log.h"
#include "src/rpc/AdminRights.h"
#include "src/rpc/Channel.h"
#include "tests/node/admin/FakeNode.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;
using interfaces::NodeAbility;

namespace {

constexpr std::string_view kService = "chancery.admin.v1.NodeAdmin/";

Deadline soon() {
    return deadlineIn(std::chrono::seconds(30));
}

FlowEvent eventOf(const std::string& txId, FlowStage stage = FlowStage::Commit) {
    return {.stage = stage,
            .channel = ChannelId("trade"),
            .txId = TxId(txId),
            .start = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000)),
            .duration = std::chrono::milliseconds(3),
            .outcome = {}};
}

/// What a callback on another thread has told, to be waited for.
template <class Value>
class Heard {
public:
    void tell(Value value) {
        const std::lock_guard lock(m_mutex);
        m_values.push_back(std::move(value));
        m_changed.notify_all();
    }
    /// The first that fits; fails the test's waiting after half a minute.
    template <class Condition>
    std::optional<Value> await(Condition&& fits) {
        std::unique_lock lock(m_mutex);
        std::optional<Value> found;
        m_changed.wait_for(lock, std::chrono::seconds(30), [&] {
            for (const Value& value : m_values)
                if (fits(value)) found = value;
            return found.has_value();
        });
        return found;
    }
    std::size_t count() {
        const std::lock_guard lock(m_mutex);
        return m_values.size();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<Value> m_values;
};

}  // namespace

/// The admin API of a node over a real gRPC service, with the console's client of it.
class NodeAdminTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsItsStatus() {
        FakeNode node;
        VERIFY_OK(node.start());
        node.health = makeError(StatusCode::kResourceExhausted, "DISK_FULL", "trade: no room");
        const auto status = node.as("auditor")->status(soon());
        VERIFY_OK(status);
        QCOMPARE(status->kind, std::string("peer"));
        QCOMPARE(status->mspId, MspId("Org1MSP"));
        QCOMPARE(status->version, std::string("1.2.3"));
        QCOMPARE(status->endpoints.at("grpc"), std::string("127.0.0.1:7051"));
        QCOMPARE(status->health.size(), std::size_t(2));
        QCOMPARE(status->health[0].problem, std::string("trade: no room"));
        QCOMPARE(status->health[1].problem, std::string());
        QVERIFY(status->readOnly);
        QVERIFY(status->memoryBytes > 1'000'000);
        QVERIFY(status->startedAt < absl::Now() &&
                *status->startedAt > absl::Now() - absl::Hours(9));
    }

    void listsChannelsPageByPage() {
        FakeNode node;
        VERIFY_OK(node.start());
        for (int i = 0; i < 2'345; ++i) {
            const ChannelId id(fmt::format("channel{:04}", i));
            node.channels.all[id] = {.channel = id,
                                     .height = static_cast<BlockNumber>(i),
                                     .lastBlockHash = "hash",
                                     .relation = "member",
                                     .status = "active",
                                     .problem = {},
                                     .contracts = {{"wallet", "1.0", 2, true}}};
        }
        node.channels.all.begin()->second.problem =
            makeError(StatusCode::kUnavailable, "NO_ORDERER", "no orderer answers");
        const auto channels = node.as("auditor")->channels(soon());
        VERIFY_OK(channels);
        QCOMPARE(channels->size(), std::size_t(2'345));
        for (std::size_t i = 0; i < channels->size(); ++i)
            QCOMPARE((*channels)[i].height, BlockNumber(i));
        const auto& first = channels->front();
        QCOMPARE(first.problem, std::string("no orderer answers"));
        QCOMPARE(first.lastBlockHash, Bytes("hash"));
        QCOMPARE(first.contracts.at(0).sequence, std::uint64_t(2));
        QVERIFY(first.contracts.at(0).runs);
    }

    void joinsAndLeaves() {
        FakeNode node;
        VERIFY_OK(node.start());
        const auto admin = node.as("administrator");
        VERIFY_OK(admin->join("trade", soon()));
        VERIFY_OK(admin->join("trade", soon()));  // what is already so is no error
        QCOMPARE(node.channels.all.size(), std::size_t(1));
        QCOMPARE(reasonOf(admin->join("", soon())), std::string("BAD_JOIN_BLOCK"));
        VERIFY_OK(admin->leave(ChannelId("trade"), soon()));
        VERIFY_OK(admin->leave(ChannelId("trade"), soon()));
        QVERIFY(node.channels.all.empty());
    }

    void tellsSettingsAndLogLevels() {
        const auto before = log::spec();
        FakeNode node;
        VERIFY_OK(node.start());
        const auto oper = node.as("operator");
        VERIFY_OK(oper->setLogSpec("peer=debug:warn", soon()));
        const auto spec = oper->logSpec(soon());
        VERIFY_OK(spec);
        QCOMPARE(*spec, std::string("peer=debug:warn"));
        const auto settings = oper->settings(soon());
        VERIFY_OK(settings);
        QCOMPARE(settings->at(0).value, *spec);
        QVERIFY(!settings->at(0).isDefault);
        QCOMPARE(settings->at(0).defaultValue, std::string("info"));
        QCOMPARE(settings->at(1).value, std::string(kMasked));
        const Status bad = oper->setLogSpec("borken", soon());
        QCOMPARE(reasonOf(bad), std::string("BAD_LOG_SPEC"));
        QVERIFY(absl::IsInvalidArgument(oper->setLogSpec(std::string(5000, 'a'), soon())));
        QCOMPARE(log::spec().str(), *spec);
        log::setSpec(before);
    }

    void saysWhatAKindCannotDo() {
        FakeNode node;
        VERIFY_OK(node.start("ca"));
        const auto ca = node.as("administrator");
        const auto abilities = ca->abilities(soon());
        VERIFY_OK(abilities);
        QVERIFY(abilities->can == (std::set{NodeAbility::Settings, NodeAbility::Metrics,
                                            NodeAbility::LogSpec, NodeAbility::Health}));
        QVERIFY(!abilities->limits.empty());
        for (const Status& status : {ca->channels(soon()).status(), ca->join("trade", soon()),
                                     ca->leave(ChannelId("trade"), soon())}) {
            QCOMPARE(reasonOf(status), std::string("NODE_CANNOT"));
            QVERIFY(absl::IsUnimplemented(status));
        }
        Heard<Status> lost;
        const auto flow =
            ca->watchFlow([](const auto&) {}, [&](const Status& why) { lost.tell(why); });
        QVERIFY(lost.await([](const Status& why) { return reasonOf(why) == "NODE_CANNOT"; }));
        FakeNode peer;
        VERIFY_OK(peer.start());
        const auto all = peer.as("auditor")->abilities(soon());
        VERIFY_OK(all);
        QCOMPARE(all->can.size(), std::size_t(8));
        QVERIFY(all->limits.empty());
    }

    /// C10: every call with every role and with none.
    void refusesByRole_data() {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QString>("role");
        QTest::addColumn<QString>("reason");
        std::size_t calls = 0;
        for (const auto& row : rpc::adminCalls()) {
            if (!row.name.starts_with(kService)) continue;
            ++calls;
            const auto add = [&](const char* role, bool allowed, const char* reason) {
                QTest::newRow(fmt::format("{} as {}", row.name, role).c_str())
                    << QString::fromStdString(std::string(row.name)) << role
                    << (allowed ? "" : reason);
            };
            add("administrator", row.administrator, "ROLE_DENIED");
            add("operator", row.operates, "ROLE_DENIED");
            add("auditor", row.auditor, "ROLE_DENIED");
            add("", false, "NO_ROLE");
            add("Administrator", false, "NO_ROLE");
        }
        QCOMPARE(calls, std::size_t(10));
    }
    void refusesByRole() {
        QFETCH(QString, method);
        QFETCH(QString, role);
        QFETCH(QString, reason);
        FakeNode node;
        VERIFY_OK(node.start());
        // Streams that are let in would go on; their first message, or their refusal, says all.
        const bool isStream = method.contains("/Watch");
        Status status;
        if (isStream) {
            if (method.endsWith("Flow")) return watchesByRole(node, role.toStdString(), reason);
            Heard<Status> heard;
            const auto client = node.as(role.toStdString());
            const auto watching = client->watchMetrics(
                std::chrono::seconds(1), [&](const auto&) { heard.tell(absl::OkStatus()); },
                [&](const Status& why) { heard.tell(why); });
            const auto first = heard.await([](const Status&) { return true; });
            QVERIFY(first);
            QCOMPARE(QString::fromStdString(reasonOf(*first)), reason);
            return;
        }
        const auto client = node.as(role.toStdString());
        const auto call = method.section('/', 1);
        if (call == "GetAbilities") status = client->abilities(soon()).status();
        if (call == "GetStatus") status = client->status(soon()).status();
        if (call == "ListChannels") status = client->channels(soon()).status();
        if (call == "JoinChannel") status = client->join("trade", soon());
        if (call == "LeaveChannel") status = client->leave(ChannelId("trade"), soon());
        if (call == "ListSettings") status = client->settings(soon()).status();
        if (call == "GetLogSpec") status = client->logSpec(soon()).status();
        if (call == "SetLogSpec") status = client->setLogSpec("borken", soon());
        // So that nothing changes for the tests behind.
        if (call == "SetLogSpec" && reason.isEmpty()) reason = "BAD_LOG_SPEC";
        QCOMPARE(QString::fromStdString(reasonOf(status)), reason);
        if (reason == "ROLE_DENIED") {
            QVERIFY(absl::IsPermissionDenied(status));
            QCOMPARE(argumentOf(status, "call"), method.toStdString());
        }
        QVERIFY(node.channels.all.empty() || reason.isEmpty());
    }
    void watchesByRole(FakeNode& node, const std::string& role, const QString& reason) {
        Heard<Status> heard;
        const auto watching =
            node.as(role)->watchFlow([&](const auto&) { heard.tell(absl::OkStatus()); },
                                     [&](const Status& why) { heard.tell(why); });
        // Nothing comes before something happens.
        while (heard.count() == 0) {
            node.flow.publish(eventOf("aa"));
            std::this_thread::yield();
        }
        const auto first = heard.await([](const Status&) { return true; });
        QVERIFY(first);
        QCOMPARE(QString::fromStdString(reasonOf(*first)), reason);
    }

    void twoRolesAreNone() {
        FakeNode node;
        VERIFY_OK(node.start());
        const auto client = client::makeBuiltinNode(
            node.admin->inProcessChannel(),
            {{"chancery-role", "auditor"}, {"chancery-role", "administrator"}});
        QCOMPARE(reasonOf(client->status(soon()).status()), std::string("NO_ROLE"));
    }

    void serves0600InAFolderOfItsOwn() {
        QTemporaryDir folder;
        const auto socket = std::filesystem::path(folder.path().toStdString()) / "run/admin.sock";
        FakeNode node;
        VERIFY_OK(node.start("orderer", socket));
        struct stat facts {};
        QCOMPARE(::stat(socket.c_str(), &facts), 0);
        QCOMPARE(facts.st_mode & 0777, mode_t(0600));
        QCOMPARE(::stat(socket.parent_path().c_str(), &facts), 0);
        QCOMPARE(facts.st_mode & 0777, mode_t(0700));
        const auto channel =
            rpc::makeChannel({.host = {}, .port = 0, .socketPath = socket.string()}, std::nullopt);
        VERIFY_OK(channel);
        VERIFY_OK(
            client::makeBuiltinNode(*channel, {{"chancery-role", "auditor"}})->status(soon()));
        FakeNode other;
        QCOMPARE(reasonOf(other.start("orderer", socket)), std::string("CANNOT_LISTEN"));
    }

    void endsAtDeadlinesAndRefusesFloods() {
        FakeNode node;
        std::promise<void> go;
        const auto gate = go.get_future().share();
        node.channels.waits = [gate] { gate.wait(); };
        VERIFY_OK(node.start());
        const auto admin = node.as("administrator");
        QCOMPARE(reasonOf(admin->join("a", deadlineIn(std::chrono::milliseconds(30)))),
                 std::string("TIMED_OUT"));
        // Two threads wait at the gate; behind them the queue fills up.
        std::vector<std::thread> callers;
        std::atomic<int> refused{0}, other{0};
        for (int i = 0; i < 100; ++i)
            callers.emplace_back([&, i] {
                const Status status =
                    admin->join(fmt::format("c{}", i), deadlineIn(std::chrono::seconds(30)));
                if (reasonOf(status) == "TOO_MANY_CALLS")
                    ++refused;
                else if (!status.ok())
                    ++other;
            });
        while (refused.load() < 30) std::this_thread::yield();
        go.set_value();
        for (auto& caller : callers) caller.join();
        QVERIFY(refused.load() >= 30);
        QCOMPARE(other.load(), 0);
        VERIFY_OK(admin->join("later", soon()));
    }

    void tellsWhatChangesOfMetrics() {
        FakeNode node;
        auto blocks = node.metrics.counter("blocks", "Blocks.", {"channel"});
        auto times = node.metrics.histogram("times", "Times.", {}, {0.1, 1});
        blocks.add(3, {"trade"});
        VERIFY_OK(node.start());
        Heard<std::map<std::string, double>> heard;
        const auto watching = node.as("auditor")->watchMetrics(
            std::chrono::milliseconds(100),
            [&](const interfaces::MetricsReading& reading) {
                std::map<std::string, double> values;
                for (const auto& sample : reading.samples) {
                    std::string name = sample.name;
                    for (const auto& [label, value] : sample.labels)
                        name += " " + label + "=" + value;
                    values[name] = sample.value;
                }
                heard.tell(std::move(values));
            },
            [](const Status&) {});
        const auto first = heard.await([](const auto& values) { return !values.empty(); });
        QVERIFY(first);
        QCOMPARE(first->at("blocks channel=trade"), 3.0);
        QCOMPARE(first->at("times_bucket le=+Inf"), 0.0);
        QVERIFY(first->at("process_resident_memory_bytes") > 0);
        blocks.add(1, {"trade"});
        blocks.add(7, {"other"});
        times.observe(0.5);
        const auto next = heard.await([](const auto& values) {
            return values.contains("blocks channel=other") && values.at("times_count") == 1;
        });
        QVERIFY(next);
        QCOMPARE(next->at("blocks channel=trade"), 4.0);
        QCOMPARE(next->at("blocks channel=other"), 7.0);
        QCOMPARE(next->at("times_bucket le=0.1"), 0.0);
        QCOMPARE(next->at("times_bucket le=1"), 1.0);
        QCOMPARE(next->at("times_sum"), 0.5);
        Heard<Status> lost;
        const auto tooOften = node.as("auditor")->watchMetrics(
            std::chrono::milliseconds(1), [](const auto&) {},
            [&](const Status& why) { lost.tell(why); });
        QVERIFY(lost.await([](const Status& why) { return reasonOf(why) == "BAD_PERIOD"; }));
    }

    void tellsFlowEvents() {
        FakeNode node;
        VERIFY_OK(node.start());
        Heard<interfaces::NodeFlowBatch> heard;
        {
            const auto watching = node.as("auditor")->watchFlow(
                [&](const interfaces::NodeFlowBatch& batch) { heard.tell(batch); },
                [](const Status&) {});
            while (!node.flow.isWanted()) std::this_thread::yield();
            const std::string id(64, 'a');
            auto refused = eventOf("odd id", FlowStage::Broadcast);
            refused.outcome = "NO_SUCH_CHANNEL";
            node.flow.publish(eventOf(id, FlowStage::Propose));
            node.flow.publish(refused);
            std::vector<interfaces::NodeFlowEvent> events;
            const auto last = heard.await([&](const interfaces::NodeFlowBatch& batch) {
                return !batch.events.empty() && batch.events.back().stage == "broadcast";
            });
            QVERIFY(last);
            QCOMPARE(last->oneIn, 1U);
            QVERIFY(!last->isFromBlocks);
            QCOMPARE(last->events.back().txId, TxId("odd id"));
            QCOMPARE(last->events.back().outcome, std::string("NO_SUCH_CHANNEL"));
            QCOMPARE(last->events.back().channel, ChannelId("trade"));
            QCOMPARE(last->events.back().start, absl::FromUnixSeconds(1'700'000'000));
            QVERIFY(last->events.back().duration == std::chrono::milliseconds(3));
            const auto first = heard.await([&](const interfaces::NodeFlowBatch& batch) {
                return !batch.events.empty() && batch.events.front().stage == "propose";
            });
            QVERIFY(first);
            QCOMPARE(first->events.front().txId, TxId(id));
        }
        // Nobody listens any more, soon after.
        QTRY_VERIFY_WITH_TIMEOUT(!node.flow.isWanted(), 30'000);
    }

    void findsANodeAgain() {
        QTemporaryDir folder;
        const auto socket = std::filesystem::path(folder.path().toStdString()) / "run/admin.sock";
        auto node = std::make_unique<FakeNode>();
        VERIFY_OK(node->start("peer", socket));
        rpc::ClientLimits limits;
        limits.firstReconnect = limits.lastReconnect = std::chrono::milliseconds(10);
        const auto channel = rpc::makeChannel(
            {.host = {}, .port = 0, .socketPath = socket.string()}, std::nullopt, limits);
        VERIFY_OK(channel);
        const auto client =
            client::makeBuiltinNode(*channel, {{"chancery-role", "auditor"}},
                                    {std::chrono::milliseconds(1), std::chrono::milliseconds(10)});
        Heard<double> values;
        Heard<Status> lost;
        const auto watching = client->watchMetrics(
            std::chrono::milliseconds(100),
            [&](const interfaces::MetricsReading& reading) {
                for (const auto& sample : reading.samples)
                    if (sample.name == "life") values.tell(sample.value);
            },
            [&](const Status& why) { lost.tell(why); });
        node->metrics.gauge("life", "").set(1);
        QVERIFY(values.await([](double value) { return value == 1; }));
        node->admin->stop(soon());
        QVERIFY(lost.await([](const Status& why) { return absl::IsUnavailable(why); }));
        node = std::make_unique<FakeNode>();
        node->metrics.gauge("life", "").set(2);
        VERIFY_OK(node->start("peer", socket));
        QVERIFY(values.await([](double value) { return value == 2; }));
        QVERIFY(lost.await([](const Status& why) { return why.ok(); }));
    }
};

CHANCERY_TEST(NodeAdminTest)
#include "NodeAdminTest.moc"
