#include "node/peer/PeerRole.h"

#include <QTemporaryDir>
#include <QTest>
#include <future>

#include "src/base/Encoding.h"
#include "src/protocol/Snapshot.h"
#include "tests/node/peer/FakeExecutor.h"
#include "tests/node/peer/TestOrdererService.h"
#include "tests/node/peer/TestPeer.h"
#include "tests/node/peer/TestProposals.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;
using chancery::test::facts;
using chancery::test::vectorPath;

/// A whole peer with its real ledger: it joins, pulls, restarts, and hands on by a snapshot.
class PeerRoleTest : public QObject {
    Q_OBJECT
private slots:
    void pullsTheGoldenChain();
    void joinsBySnapshot();
    void steps();

private:
    PeerConfig configFor(const QTemporaryDir& folder, const std::string& orderer) const;
};

namespace {

std::string goldenCommitHash(BlockNumber block) {
    return facts()["chain"]["blocks"][block]["commit_hash"].get<std::string>();
}

/// A peer that runs, with its executor's strings in the test's hands.
struct Running {
    explicit Running(PeerConfig config) {
        auto fake = std::make_unique<FakeExecutor>();
        executor = fake.get();
        PeerRole::Doubles doubles;
        doubles.executor = std::move(fake);
        role =
            std::make_unique<PeerRole>(std::move(config), metrics, flow, clock, std::move(doubles));
        started = role->start();
    }
    Metrics metrics;
    FlowEvents flow;
    FixedClock clock{goldenTime()};
    FakeExecutor* executor = nullptr;
    std::unique_ptr<PeerRole> role;
    Status started;

    std::shared_ptr<JoinedChannel> channel() {
        return role->channels().joined(ChannelId("tradechannel"));
    }
};

}  // namespace

PeerConfig PeerRoleTest::configFor(const QTemporaryDir& folder, const std::string& orderer) const {
    PeerConfig config;
    config.mspId = MspId("AlphaMSP");
    config.mspFolder =
        vectorPath("msp/peerOrganizations/alpha.pub.test/peers/peer0.alpha.pub.test/msp");
    config.data = folder.path().toStdString();
    config.threads = 2;
    config.puller.firstPause = std::chrono::milliseconds(1);
    config.puller.longestPause = std::chrono::milliseconds(5);
    config.puller.orderers = {{orderer, {}, {}, {}}};
    return config;
}

void PeerRoleTest::pullsTheGoldenChain() {
    QTemporaryDir folder, sockets;
    std::vector<protocol::Block> blocks;
    for (BlockNumber n = 0; n < 150; ++n) blocks.push_back(fromOrderer(n));
    TestOrderer orderer(sockets.filePath("orderer").toStdString(), blocks);
    QVERIFY(orderer.started());
    {
        Running peer(configFor(folder, orderer.address()));
        VERIFY_OK(peer.started);
        VERIFY_OK(peer.role->channels().join(fromOrderer(0)));
        QVERIFY(waitForHeight(*peer.channel(), 150));
        QVERIFY(peer.executor->definitionChanges > 1);
        VERIFY_OK(peer.role->healthChecks().front().check());
        peer.role->stop(deadlineIn(std::chrono::seconds(1)));
    }
    for (BlockNumber n = 150; n < 278; ++n) orderer.add(fromOrderer(n));
    Running peer(configFor(folder, orderer.address()));
    VERIFY_OK(peer.started);
    QVERIFY(peer.channel() != nullptr);
    QVERIFY(peer.channel()->height() >= 150);
    QVERIFY(waitForHeight(*peer.channel(), 278));
    for (const BlockNumber n : {1, 86, 149, 150, 244, 277})
        QCOMPARE(toHex(peer.channel()->read(n).value().commitHash().value()), goldenCommitHash(n));
    // Every private hash that has ended is gone, everything else is there.
    const auto view = peer.channel()->view().value();
    std::map<std::string, std::size_t> counts;
    for (const auto& fact : facts()["chain"]["private_hashed_state"])
        ++counts[verify::hashedNamespace(fact["namespace"].get<std::string>(),
                                         fact["collection"].get<std::string>())];
    for (const auto& [ns, count] : counts) {
        std::size_t found = 0;
        const auto scan = view->scan(ns, "", "").value();
        while (scan->next().value()) ++found;
        QCOMPARE(found, count);
    }
    peer.role->stop(deadlineIn(std::chrono::seconds(1)));
}

void PeerRoleTest::joinsBySnapshot() {
    QTemporaryDir folder, other, sockets;
    std::vector<protocol::Block> blocks;
    for (BlockNumber n = 0; n < 278; ++n) blocks.push_back(fromOrderer(n));
    for (BlockNumber n = 278; n < 286; ++n)
        blocks.push_back(fromOrderer(vectorBlock(fmt::format("ledger/crafted/block_{}.pb", n))));
    TestOrderer orderer(sockets.filePath("orderer").toStdString(), blocks);
    QVERIFY(orderer.started());
    const std::string crafted =
        facts()["crafted_blocks"]["blocks"].back()["commit_hash"].get<std::string>();
    // From a snapshot of a real peer.
    Running peer(configFor(folder, orderer.address()));
    VERIFY_OK(peer.started);
    VERIFY_OK(peer.role->channels().joinBySnapshot(vectorPath("ledger/snapshot_277")));
    QTRY_VERIFY_WITH_TIMEOUT(peer.channel() != nullptr, 60'000);
    QCOMPARE(peer.channel()->firstBlock(), BlockNumber{278});
    QVERIFY(waitForHeight(*peer.channel(), 286));
    QCOMPARE(toHex(peer.channel()->read(285).value().commitHash().value()), crafted);
    QVERIFY(peer.role->channels().joiningSnapshot().empty());
    // Its hashes came without what they stand for: all is noted that is Alpha's.
    std::set<std::string> expected, noted;
    for (const auto& fact : facts()["chain"]["private_hashed_state"]) {
        const auto ns = fact["namespace"].get<std::string>();
        const auto collection = fact["collection"].get<std::string>();
        const bool isOwn = collection == "_implicit_org_AlphaMSP" || collection == "onlyA" ||
                           collection == "sharedAB";
        const auto& version = fact["version"];
        if (isOwn)
            expected.insert(fmt::format("{}/{} {}:{}", ns, collection, version[0].get<int>(),
                                        version[1].get<int>()));
    }
    const auto missing = peer.channel()->ledger().missing(10'000);
    VERIFY_OK(missing);
    for (const auto& one : *missing)
        if (one.block <= 277)
            noted.insert(
                fmt::format("{}/{} {}:{}", one.ns, one.collection, one.block, one.transaction));
    QVERIFY(!expected.empty());
    QCOMPARE(fmt::format("{}", fmt::join(noted, " ")), fmt::format("{}", fmt::join(expected, " ")));
    peer.role->stop(deadlineIn(std::chrono::seconds(1)));
}

void PeerRoleTest::steps() {
    QTemporaryDir folder;
    auto config = configFor(folder, "unix:/nowhere");
    config.mspFolder = folder.filePath("missing").toStdString();
    Running noMsp(config);
    QVERIFY(!noMsp.started.ok());
    QVERIFY(messageOf(noMsp.started).starts_with("reading the peer's identity: "));
    config = configFor(folder, "unix:/nowhere");
    config.listeners = {
        {.endpoint = {.host = {}, .port = 0, .socketPath = "/nowhere/socket"}, .tls = {}}};
    Running noSocket(config);
    QVERIFY(!noSocket.started.ok());
    QVERIFY(messageOf(noSocket.started).starts_with("listening: "));
}

CHANCERY_TEST(PeerRoleTest)
#include "PeerRoleTest.moc"
