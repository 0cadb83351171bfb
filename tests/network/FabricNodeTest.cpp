#include "src/client/FabricNode.h"

#include <condition_variable>
#include <mutex>

#include "src/base/File.h"
#include "src/usecase/ConnectNetwork.h"
#include "tests/network/TestNetwork.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using interfaces::NodeAbility;
using test::TestNetwork;

namespace {

const std::string kPeer1 = "peer0.org1.example.com";
const std::string kPeer2 = "peer0.org2.example.com";
const std::string kOrderer = "orderer.example.com";

Deadline soon() {
    return deadlineIn(TestNetwork::kLong);
}

/// What another thread tells, to be waited for.
template <class Value>
class Told {
public:
    void add(Value value) {
        const std::lock_guard lock(m_mutex);
        m_all.push_back(std::move(value));
        m_changed.notify_all();
    }
    template <class Fits>
    std::optional<Value> await(Fits&& fits) {
        std::unique_lock lock(m_mutex);
        std::optional<Value> found;
        m_changed.wait_for(lock, TestNetwork::kLong, [&] {
            for (const Value& value : m_all)
                if (!found && fits(value)) found = value;
            return found.has_value();
        });
        return found;
    }
    template <class Take>
    void each(Take&& take) {
        const std::lock_guard lock(m_mutex);
        for (const Value& value : m_all) take(value);
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<Value> m_all;
};

}  // namespace

/// Our nodes as if they were Fabric's: nothing of the admin API is used.
class FabricNodeTest : public QObject {
    Q_OBJECT

    std::unique_ptr<TestNetwork> m_network;

    const ChannelId& channel() const { return m_network->folder().channel(); }
    Bytes genesis() const { return readFile(m_network->folder().genesis()).value(); }

    client::FabricNodeAccess accessTo(const std::string& name, const std::string& user = "Admin") {
        const auto& node = *m_network->folder().node(name);
        const auto& organisation = m_network->folder().organisations()[node.organisation];
        client::FabricNodeAccess access;
        access.isPeer = node.isPeer;
        access.mspId = organisation.plan().mspId;
        access.address = m_network->folder().address(node).value();
        access.operations = m_network->folder().address(node, "operations").value();
        if (!node.isPeer) access.participation = m_network->folder().address(node, "admin").value();
        const auto folder = organisation.user(user);
        access.identity = identity::loadSigningIdentity(folder / "msp", access.mspId).value();
        access.tls = interfaces::TlsIdentity{readFile(folder / "tls/client.crt").value(),
                                             readFile(folder / "tls/client.key").value()};
        access.pauses = {std::chrono::milliseconds(5), std::chrono::milliseconds(50)};
        access.channelPeriod = std::chrono::milliseconds(100);
        return access;
    }
    std::shared_ptr<interfaces::Node> node(client::FabricNodeAccess access) {
        return client::makeFabricNode(m_network->connector(), std::move(access)).value();
    }

private Q_SLOTS:
    void initTestCase() { m_network = std::make_unique<TestNetwork>(); }

    void tellsWhatItCan() {
        const auto peer = node(accessTo(kPeer1))->abilities(soon());
        VERIFY_OK(peer);
        QVERIFY(peer->can ==
                (std::set{NodeAbility::Channels, NodeAbility::Join, NodeAbility::Flow,
                          NodeAbility::Health, NodeAbility::Metrics, NodeAbility::LogSpec}));
        QVERIFY(peer->limits.find("no agent on this host") != std::string::npos);
        auto least = accessTo(kOrderer);
        least.operations.reset();
        least.participation.reset();
        const auto orderer = node(std::move(least))->abilities(soon());
        VERIFY_OK(orderer);
        QVERIFY(orderer->can.empty());
        QVERIFY2(orderer->limits.starts_with("read and monitor only: no agent on this host"),
                 orderer->limits.c_str());
        const auto all = node(accessTo(kOrderer))->abilities(soon());
        VERIFY_OK(all);
        QVERIFY(all->can.contains(NodeAbility::Leave));
    }

    void tellsStatus() {
        for (const std::string& name : {kPeer1, kOrderer}) {
            const auto status = node(accessTo(name))->status(soon());
            VERIFY_OK(status);
            QCOMPARE(status->kind, std::string(name == kOrderer ? "orderer" : "peer"));
            QVERIFY(!status->version.empty());
            QVERIFY(status->memoryBytes > 1'000'000 && status->startedAt);
            QVERIFY(status->health.size() >= 2);
            for (const auto& row : status->health) QCOMPARE(row.problem, std::string());
        }
    }

    void tellsChannelsLedgerAndLifecycle() {
        VERIFY_OK(m_network->submit({"put", "a", "b"}));
        const auto channels = node(accessTo(kPeer1))->channels(soon());
        VERIFY_OK(channels);
        QCOMPARE(channels->size(), std::size_t(1));
        const auto& one = channels->front();
        QCOMPARE(one.channel, channel());
        QCOMPARE(one.height, BlockNumber(m_network->blocks(kPeer1).size()));
        QCOMPARE(one.status, std::string("active"));
        QCOMPARE(one.contracts.size(), std::size_t(1));
        QCOMPARE(one.contracts.front().name, std::string("keys"));
        QVERIFY(one.contracts.front().runs);
        // Who is no administrator is told less, and that is no error.
        const auto less = node(accessTo(kPeer1, "User1"))->channels(soon());
        VERIFY_OK(less);
        QCOMPARE(less->front().height, one.height);
        QCOMPARE(less->front().contracts.size(), std::size_t(1));
        QVERIFY(!less->front().contracts.front().runs);
        const auto ordered = node(accessTo(kOrderer))->channels(soon());
        VERIFY_OK(ordered);
        QCOMPARE(ordered->front().relation, std::string("consenter"));
        QCOMPARE(ordered->front().lastBlockHash, one.lastBlockHash);
        // Without participation what is known of it is asked.
        auto known = accessTo(kOrderer);
        known.participation.reset();
        known.channels = {channel(), ChannelId("nowhere")};
        const auto asked = node(std::move(known))->channels(soon());
        VERIFY_OK(asked);
        QCOMPARE(asked->at(0).height, one.height);
        QVERIFY(!asked->at(1).problem.empty());
    }

    void joinsAndLeaves() {
        const auto peer = node(accessTo(kPeer1));
        VERIFY_OK(peer->join(genesis(), soon()));  // it is there already
        QCOMPARE(reasonOf(peer->join("garbage", soon())), std::string("BAD_JOIN_BLOCK"));
        QCOMPARE(reasonOf(peer->leave(channel(), soon())), std::string("NODE_CANNOT"));
        const auto orderer = node(accessTo(kOrderer));
        VERIFY_OK(orderer->join(genesis(), soon()));
        const Bytes other = test::vectorFile("config/genesis_cfglab.block");
        VERIFY_OK(orderer->join(other, soon()));
        const auto two = orderer->channels(soon());
        VERIFY_OK(two);
        QCOMPARE(two->size(), std::size_t(2));
        QCOMPARE(two->front().channel, ChannelId("cfglab"));
        QCOMPARE(two->front().relation, std::string("follower"));
        VERIFY_OK(orderer->leave(ChannelId("cfglab"), soon()));
        VERIFY_OK(orderer->leave(ChannelId("cfglab"), soon()));
        QCOMPARE(orderer->channels(soon())->size(), std::size_t(1));
    }

    void setsLogLevels() {
        const auto peer = node(accessTo(kPeer2));
        VERIFY_OK(peer->setLogSpec("gateway=debug:warn", soon()));
        const auto spec = peer->logSpec(soon());
        VERIFY_OK(spec);
        QCOMPARE(*spec, std::string("gateway=debug:warn"));
        QCOMPARE(reasonOf(peer->setLogSpec("borken", soon())), std::string("BAD_LOG_SPEC"));
        QCOMPARE(reasonOf(peer->settings(soon()).status()), std::string("NODE_CANNOT"));
        auto without = accessTo(kPeer2);
        without.tls.reset();
        QCOMPARE(reasonOf(node(std::move(without))->logSpec(soon()).status()),
                 std::string("NODE_CANNOT"));
    }

    void followsMetrics() {
        Told<double> heights;
        const auto watching = node(accessTo(kPeer1))
                                  ->watchMetrics(
                                      std::chrono::milliseconds(100),
                                      [&](const interfaces::MetricsReading& reading) {
                                          for (const auto& sample : reading.samples)
                                              if (sample.name == "ledger_blockchain_height")
                                                  heights.add(sample.value);
                                      },
                                      [](const Status&) {});
        const auto first = heights.await([](double) { return true; });
        QVERIFY(first);
        VERIFY_OK(m_network->submit({"put", "more", "blocks"}));
        QVERIFY(heights.await([&](double height) { return height > *first; }));
    }

    void followsBlocks() {
        struct Event {
            std::string node;
            interfaces::NodeFlowEvent event;
            bool isFromBlocks = false;
        };
        Told<Event> events;
        std::vector<Subscription> watching;
        for (const std::string& name : {kPeer1, kOrderer})
            watching.push_back(node(accessTo(name))
                                   ->watchFlow(
                                       [&, name](const interfaces::NodeFlowBatch& batch) {
                                           QCOMPARE(batch.seen, std::uint64_t(batch.events.size()));
                                           for (const auto& event : batch.events)
                                               events.add({name, event, batch.isFromBlocks});
                                       },
                                       [](const Status&) {}));
        // Blocks are followed from a moment after the call on.
        TxId txId;
        const auto seen = [&](const std::string& name, const std::string& stage) {
            return [&, name, stage](const Event& one) {
                return one.node == name && one.event.stage == stage && one.event.txId == txId &&
                       one.event.outcome.empty() && one.isFromBlocks;
            };
        };
        const auto submit = [&] {
            const auto done = m_network->submit({"put", "followed", "key"});
            if (done.ok()) txId = done->txId;
            return done.ok();
        };
        std::set<std::string> begun;
        const auto isBegun = [&] {
            events.each([&](const Event& one) { begun.insert(one.node); });
            return begun.size() == 2;
        };
        QVERIFY(QTest::qWaitFor([&] { return submit() && isBegun(); }, 60'000));
        QVERIFY(submit());
        QVERIFY(events.await(seen(kPeer1, "commit")));
        QVERIFY(events.await(seen(kOrderer, "order")));
    }

    void findsANodeAgain() {
        const auto peer = node(accessTo(kPeer2));
        Told<Status> lost;
        Told<TxId> committed;
        const auto watching = peer->watchFlow(
            [&](const interfaces::NodeFlowBatch& batch) {
                for (const auto& event : batch.events) committed.add(event.txId);
            },
            [&](const Status& why) { lost.add(why); });
        // It has begun to follow when a block of its own has come.
        std::size_t count = 0;
        QVERIFY(QTest::qWaitFor(
            [&] {
                committed.each([&](const TxId&) { ++count; });
                return count > 0 || (m_network->submit({"put", "before", "it"}).ok() && false);
            },
            60'000));
        VERIFY_OK(m_network->running().stopNode(kPeer2));
        QVERIFY(!peer->status(deadlineIn(std::chrono::seconds(2))).ok());
        QVERIFY(lost.await([](const Status& why) { return !why.ok(); }));
        VERIFY_OK(m_network->running().startNode(kPeer2, soon()));
        QVERIFY(lost.await([](const Status& why) { return why.ok(); }));
        Result<usecase::Submitted> done = absl::UnknownError("not tried");
        QVERIFY(QTest::qWaitFor(
            [&] {
                return (done = m_network->submit({"put", "again", "there"})).ok();
            },
            60'000));
        QVERIFY(committed.await([&](const TxId& txId) { return txId == done->txId; }));
    }

    void findsTheNetworkFromOneAddress() {
        const auto context = m_network->actAs("Org1", "Admin");
        auto address = accessTo(kPeer1).address;
        address.name.clear();
        const usecase::ConnectRequest request{
            .name = "found", .peers = {address}, .deadline = soon()};
        client::GrpcConnector connector;
        Result<usecase::ConnectedNetwork> network = absl::UnknownError("not tried");
        // Peers learn of each other some time after they began.
        QVERIFY(QTest::qWaitFor(
            [&] {
                network = usecase::ConnectNetwork().run(context, connector, request);
                return network.ok() && network->profile.peers.size() == 2;
            },
            60'000));
        QVERIFY(network->warnings.empty());
        const auto& profile = network->profile;
        QCOMPARE(profile.name, std::string("found"));
        QVERIFY(profile.peers.contains(kPeer1) && profile.peers.contains(kPeer2));
        QCOMPARE(profile.orderers.size(), std::size_t(1));
        QCOMPARE(profile.channels.at(channel()).peers.size(), std::size_t(2));
        QCOMPARE(profile.organisations.at("Org2MSP").mspId, MspId("Org2MSP"));
        QCOMPARE(network->channels.front().peers.front().contracts.at("keys"), std::string("1"));
        // The addresses and roots are good ones: a node is reached that nobody has told us of.
        client::FabricNodeAccess access;
        access.address = profile.peers.at(kPeer2);
        access.identity = context.identity;
        access.channels = {channel()};
        const auto found = client::makeFabricNode(connector, access);
        VERIFY_OK(found);
        VERIFY_OK((*found)->status(soon()));
        // Of another organisation: its own is told more, but the channel is the same.
        const auto theirs = (*found)->channels(soon());
        VERIFY_OK(theirs);
        QCOMPARE(theirs->size(), std::size_t(1));
        QVERIFY(theirs->front().height > 0);
        QCOMPARE(theirs->front().problem, std::string());
        access.isPeer = false;
        access.address = profile.orderers.begin()->second;
        VERIFY_OK(client::makeFabricNode(connector, access).value()->channels(soon()));
        // Written, read and asked again: nothing is lost or doubled.
        const auto folder = std::filesystem::path(m_network->path()).parent_path() / "found";
        VERIFY_OK(usecase::ConnectNetwork::write(*network, folder));
        auto again = request;
        again.profile = interfaces::readConnectionProfileFile(folder / "connection.json").value();
        QVERIFY(again.profile == profile);
        const auto same = usecase::ConnectNetwork().run(context, connector, again);
        VERIFY_OK(same);
        QVERIFY(same->profile == profile);
    }

    void tellsWhyNothingIsFound() {
        const auto context = m_network->actAs("Org1", "Admin");
        client::GrpcConnector connector;
        usecase::ConnectRequest request{.deadline = soon()};
        QCOMPARE(reasonOf(usecase::ConnectNetwork().run(context, connector, request).status()),
                 std::string("NO_SUCH_NODE"));
        // Of another organisation: its peer tells nothing without a channel.
        request.peers = {accessTo(kPeer2).address};
        const auto foreign = usecase::ConnectNetwork().run(context, connector, request);
        QVERIFY(!foreign.ok());
        request.peers = {accessTo(kPeer1).address};
        request.channels = {ChannelId("nowhere")};
        const auto partly = usecase::ConnectNetwork().run(context, connector, request);
        VERIFY_OK(partly);
        for (const auto& one : partly->channels)
            QCOMPARE(one.problem.empty(), one.channel == channel());
    }
};

CHANCERY_TEST(FabricNodeTest)
#include "FabricNodeTest.moc"
