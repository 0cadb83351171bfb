// A channel followed from nodes that die, lie, stand still and come back.
#include "src/usecase/FollowChannel.h"

#include "src/identity/SigningIdentity.h"
#include "src/protocol/BlockBuilder.h"
#include "src/protocol/BlockFile.h"
#include "src/usecase/ComparePeers.h"
#include "src/usecase/VerifyLedger.h"
#include "tests/src/usecase/Browsed.h"
#include "tests/support/FakeChain.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::usecase;
using test::FakeChain;
using test::FakeChainConnector;
using Phase = FollowState::Phase;

namespace {

std::vector<Bytes> chainOf(const std::string& name) {
    std::vector<Bytes> blocks;
    const auto source = openLedger(test::locationOf(name).paths);
    if (!source.ok()) throw std::runtime_error(source.status().ToString());
    while (true) {
        const auto block = (*source)->next();
        if (!block.ok()) throw std::runtime_error(block.status().ToString());
        if (!*block) return blocks;
        blocks.push_back((*block)->block.serialize());
    }
}

/// The block with one byte of an envelope changed.
Bytes damaged(const Bytes& block) {
    Bytes bytes = block;
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    return bytes;
}

struct World {
    QTemporaryDir folder;
    FakeChain chain;
    FakeChainConnector connector{chain};
    identity::SigningIdentityPtr identity;
    std::unique_ptr<FollowChannel> follow;
    std::vector<std::string> nodes{"one", "two", "three"};

    explicit World(std::vector<Bytes> blocks = chainOf("raw")) : chain(std::move(blocks)) {
        auto made = identity::loadSigningIdentity(
            test::vectorPath("msp/peerOrganizations/alpha.pub.test/peers/peer0.alpha.pub.test/msp"),
            MspId("AlphaMSP"));
        if (!made.ok()) throw std::runtime_error(made.status().ToString());
        identity = *made;
        chain.change([&](auto& all) {
            for (const auto& name : nodes) all[name].height = chain.blocks().size();
        });
    }
    TransactionContext context() { return {.connector = connector, .identity = identity}; }
    Status open() {
        follow.reset();
        FollowRequest request{.channel = ChannelId("tradechannel"),
                              .folder = folder.path().toStdString() + "/followed"};
        for (const auto& name : nodes) request.peers.push_back({.name = name});
        request.threads = 2;
        request.firstPause = std::chrono::milliseconds(5);
        request.longestPause = std::chrono::milliseconds(40);
        request.patience = std::chrono::milliseconds(200);
        ASSIGN_OR_RETURN(follow, FollowChannel::open(context(), request));
        follow->start();
        return {};
    }
    bool reaches(const std::function<bool(const FollowState&)>& wanted) const {
        return QTest::qWaitFor([&] { return wanted(follow->state()); }, 20'000);
    }
    bool isLiveAt(BlockNumber number) const {
        return reaches([&](const FollowState& state) {
            return state.phase == Phase::Live && state.at == number;
        });
    }
    BlockNumber last() const { return chain.blocks().size() - 1; }
    /// The index against an offline verification of the files.
    void compare() const {
        const auto report = VerifyLedger().run({.paths = {follow->blocksFolder()}, .threads = 2});
        VERIFY_OK(report);
        QVERIFY(report->good());
        const LedgerStatus status = follow->ledger()->status();
        QCOMPARE(report->lastBlock, status.lastBlock);
        QCOMPARE(report->verifiedTo, status.verifiedTo);
        QCOMPARE(report->transactions, status.transactions);
        const auto block = follow->ledger()->block(*status.lastBlock);
        VERIFY_OK(block);
        QCOMPARE(block->summary.hash, report->lastBlockHash);
        QCOMPARE(block->commitHash, report->lastCommitHash);
    }
};

}  // namespace

class FollowChannelTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void catchesUpAndStaysLive() {
        World world;
        world.chain.change([&](auto& nodes) {
            for (auto& [name, node] : nodes) node.height = 100;
        });
        VERIFY_OK(world.open());
        QVERIFY(world.isLiveAt(99));
        QCOMPARE(world.follow->state().source, std::string("one"));
        for (BlockNumber height = 101; height <= 140; ++height) {
            world.chain.change([&](auto& nodes) { nodes["one"].height = height; });
            QVERIFY(world.isLiveAt(height - 1));
        }
        world.chain.change([&](auto& nodes) { nodes["one"].height = world.last() + 1; });
        QVERIFY(world.isLiveAt(world.last()));
        QElapsedTimer timer;
        timer.start();
        world.follow->stop();
        QVERIFY(timer.elapsed() < 1000);
        QVERIFY(world.follow->state().phase == Phase::Stopped);
        QVERIFY(world.follow->state().alarms.empty());
        world.compare();
    }

    void goesOnWhereItEnded() {
        World world;
        world.chain.change([&](auto& nodes) {
            for (auto& [name, node] : nodes) node.height = 60;
        });
        VERIFY_OK(world.open());
        QVERIFY(world.isLiveAt(59));
        world.chain.change([&](auto& nodes) {
            for (auto& [name, node] : nodes) node.height = world.last() + 1;
        });
        VERIFY_OK(world.open());
        QVERIFY(world.isLiveAt(world.last()));
        QCOMPARE(world.follow->state().from, BlockNumber{59});
        // Stopping and starting the same one.
        world.follow->stop();
        world.follow->start();
        QVERIFY(world.isLiveAt(world.last()));
        world.compare();
    }

    void buildsALostIndexFromItsBlocks() {
        World world;
        VERIFY_OK(world.open());
        QVERIFY(world.isLiveAt(world.last()));
        world.follow.reset();
        for (const auto& entry :
             std::filesystem::directory_iterator(world.folder.path().toStdString() + "/followed"))
            if (entry.is_regular_file()) std::filesystem::remove(entry.path());
        VERIFY_OK(world.open());
        QVERIFY(world.isLiveAt(world.last()));
        QCOMPARE(world.follow->state().from, world.last());
        world.compare();
    }

    void findsAnotherNodeWhenOneIsLost() {
        World world;
        world.chain.change([&](auto& nodes) {
            for (auto& [name, node] : nodes) node.height = 80;
        });
        VERIFY_OK(world.open());
        QVERIFY(world.isLiveAt(79));
        world.chain.change([&](auto& nodes) {
            nodes["one"].down = true;
            nodes["two"].height = nodes["three"].height = world.last() + 1;
        });
        QVERIFY(world.isLiveAt(world.last()));
        const FollowState state = world.follow->state();
        QCOMPARE(state.source, std::string("two"));
        QCOMPARE(state.lost, std::string("one"));
        QVERIFY(state.alarms.empty());
        // Nobody is left; then somebody comes back.
        world.chain.change([&](auto& nodes) {
            for (auto& [name, node] : nodes) node.down = true;
        });
        QVERIFY(world.reaches([](const FollowState& now) {
            return now.phase == Phase::Waiting && now.until && !now.why.ok();
        }));
        QCOMPARE(world.follow->state().at, std::optional(world.last()));
        world.chain.change([&](auto& nodes) { nodes["three"].down = false; });
        QVERIFY(world.isLiveAt(world.last()));
        world.compare();
    }

    void refusesABlockThatDoesNotVerify() {
        World world;
        const BlockNumber bad = world.last() / 2;
        world.chain.change(
            [&](auto& nodes) { nodes["one"].other[bad] = damaged(world.chain.blocks()[bad]); });
        VERIFY_OK(world.open());
        QVERIFY(world.isLiveAt(world.last()));
        const FollowState state = world.follow->state();
        QCOMPARE(state.source, std::string("two"));
        QVERIFY(state.sources[0].aside);
        QCOMPARE(state.alarms.size(), std::size_t{1});
        QCOMPARE(state.alarms[0].source, std::string("one"));
        qInfo("%s", state.alarms[0].why.ToString().c_str());
        QVERIFY(reasonOf(state.alarms[0].why) == "BLOCK_REFUSED" ||
                reasonOf(state.alarms[0].why) == "MALFORMED_PROTOBUF");
        world.compare();
    }

    void refusesVerdictsThatAreWrong() {
        World world;
        const BlockNumber bad = world.last() - 3;
        const auto block = protocol::Block::parse(world.chain.blocks()[bad]);
        VERIFY_OK(block);
        const std::vector<protocol::ValidationCode> codes(
            block->transactionCount(), protocol::ValidationCode::PhantomReadConflict);
        world.chain.change([&](auto& nodes) {
            for (const char* name : {"one", "three"})
                nodes[name].other[bad] = protocol::withValidationCodes(*block, codes).serialize();
        });
        VERIFY_OK(world.open());
        QVERIFY(world.isLiveAt(world.last()));
        QCOMPARE(world.follow->state().source, std::string("two"));
        QCOMPARE(reasonOf(world.follow->state().alarms.at(0).why), std::string("BLOCK_REFUSED"));
        QCOMPARE(argumentOf(world.follow->state().alarms[0].why, "block"), std::to_string(bad));
        world.compare();
    }

    void saysWhenAllNodesLie() {
        World world;
        world.chain.change([&](auto& nodes) {
            for (auto& [name, node] : nodes) node.other[50] = world.chain.blocks()[51];
        });
        VERIFY_OK(world.open());
        QVERIFY(world.reaches([](const FollowState& now) { return now.phase == Phase::Refused; }));
        QVERIFY(QTest::qWaitFor(
            [&] { return world.follow->ledger()->status().lastBlock == BlockNumber{49}; }, 5000));
        QCOMPARE(reasonOf(world.follow->state().why), std::string("WRONG_BLOCK"));
        QCOMPARE(world.follow->state().alarms.size(), std::size_t{3});
        world.chain.change([&](auto& nodes) {
            for (auto& [name, node] : nodes) node.other.clear();
        });
        world.follow->retry(true);
        QVERIFY(world.isLiveAt(world.last()));
        world.compare();
    }

    void refusesAnotherChannelOfTheSameName() {
        World world;
        VERIFY_OK(world.open());
        QVERIFY(world.isLiveAt(world.last()));
        world.follow.reset();
        const std::vector<Bytes> other = chainOf("bft");
        world.chain.change([&](auto& nodes) {
            for (const std::string name : {"one", "two"})
                for (BlockNumber number = 0; number < world.chain.blocks().size(); ++number)
                    nodes[name].other[number] =
                        number < other.size()
                            ? other[number]
                            : protocol::buildBlock(number, "previous", {}).serialize();
        });
        VERIFY_OK(world.open());
        QVERIFY(world.isLiveAt(world.last()));
        const FollowState state = world.follow->state();
        QCOMPARE(state.source, std::string("three"));
        for (const FollowAlarm& alarm : state.alarms)
            QCOMPARE(reasonOf(alarm.why), std::string("OTHER_GENESIS"));
        QCOMPARE(state.alarms.size(), std::size_t{2});
    }

    void leavesANodeThatStandsStill() {
        World world;
        world.chain.change([&](auto& nodes) {
            nodes["one"].height = 90;
            nodes["three"].height = 40;
        });
        VERIFY_OK(world.open());
        QVERIFY(world.isLiveAt(world.last()));
        QCOMPARE(world.follow->state().source, std::string("two"));
        QVERIFY(world.follow->state().alarms.empty());
        QCOMPARE(reasonOf(world.follow->state().sources[0].why), std::string("SOURCE_BEHIND"));
    }

    void stopsWhileItCatchesUp() {
        World world;
        VERIFY_OK(world.open());
        world.follow->stop();
        const auto at = world.follow->ledger()->status().lastBlock;
        QVERIFY(!at || *at <= world.last());
        world.follow->start();
        QVERIFY(world.isLiveAt(world.last()));
        world.compare();
    }

    void comparesPeers() {
        World world;
        const BlockNumber bad = 77;
        const auto block = protocol::Block::parse(world.chain.blocks()[bad]);
        VERIFY_OK(block);
        world.chain.change([&](auto& nodes) {
            for (BlockNumber number = bad; number <= world.last(); ++number) {
                const auto same = protocol::Block::parse(world.chain.blocks()[number]);
                nodes["two"].other[number] =
                    protocol::withCommitHash(*same, Bytes(32, 'x')).serialize();
            }
            nodes["one"].height = 120;
            nodes["four"].down = true;
        });
        ComparePeersRequest request{.channel = ChannelId("tradechannel"),
                                    .deadline = deadlineIn(std::chrono::seconds(10))};
        for (const char* name : {"one", "two", "three", "four"})
            request.peers.push_back({.name = name});
        const auto result = ComparePeers().run(world.context(), request);
        VERIFY_OK(result);
        QCOMPARE(result->comparedTo, BlockNumber{119});
        QVERIFY(!result->same());
        QVERIFY(!result->allAnswered());
        QVERIFY(!result->peers[0].differsFrom);
        QCOMPARE(result->peers[1].differsFrom, std::optional(bad));
        QVERIFY(result->peers[1].onlyState);
        QCOMPARE(result->peers[2].height, world.last() + 1);
        QCOMPARE(reasonOf(result->peers[3].reach), std::string("CONNECTION_REFUSED"));
        QCOMPARE(result->sentence.id, std::string("PEERS_DIFFER"));
        request.at = 76;
        const auto before = ComparePeers().run(world.context(), request);
        VERIFY_OK(before);
        QVERIFY(before->same());
        request.at = 500'000;
        QCOMPARE(reasonOf(ComparePeers().run(world.context(), request).status()),
                 std::string("NO_SUCH_BLOCK"));
    }
};

CHANCERY_TEST(FollowChannelTest)
#include "FollowChannelTest.moc"
