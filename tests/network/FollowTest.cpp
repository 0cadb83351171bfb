// A channel of real nodes is followed while they work, are killed and come back.
#include <QElapsedTimer>
#include <thread>

#include "src/usecase/ComparePeers.h"
#include "src/usecase/FollowChannel.h"
#include "src/usecase/VerifyLedger.h"
#include "tests/network/TestNetwork.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::usecase;
using test::TestNetwork;
using Phase = FollowState::Phase;

namespace {

/// Clients that submit one after the other until they are stopped; those of the peers that are
/// left when one is gone.
class Traffic {
public:
    Traffic(TestNetwork& network, std::vector<interfaces::NodeAddress> endorsers)
        : m_network(network), m_endorsers(std::move(endorsers)) {
        for (int i = 0; i < 2; ++i)
            m_threads.emplace_back([this, i](const std::stop_token& stop) { run(i, stop); });
    }
    ~Traffic() { m_threads.clear(); }

private:
    void run(int client, const std::stop_token& stop) {
        const auto context = m_network.actAs("Org1", "User1");
        for (int i = 0; !stop.stop_requested(); ++i)
            (void)SubmitTransaction().run(
                context, {.call = {.channel = m_network.folder().channel(),
                                   .contract = "keys",
                                   .args = {"put", fmt::format("{}-{}", client, i), "value"}},
                          .endorsers = m_endorsers,
                          .orderers = m_network.orderers(),
                          .deadline = deadlineIn(std::chrono::seconds(5)),
                          .stop = stop});
    }
    TestNetwork& m_network;
    const std::vector<interfaces::NodeAddress> m_endorsers;
    std::vector<std::jthread> m_threads;
};

}  // namespace

class FollowTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void followsThroughTheDeathOfAPeer() {
        TestNetwork network;
        QTemporaryDir folder;
        const auto context = network.actAs("Org1", "Admin");
        FollowRequest request{.channel = network.folder().channel(),
                              .peers = network.peers(),
                              .folder = folder.path().toStdString() + "/followed",
                              .threads = 1,
                              .firstPause = std::chrono::milliseconds(20)};
        QVERIFY(request.peers.size() >= 2);
        auto opened = FollowChannel::open(context, request);
        VERIFY_OK(opened);
        FollowChannel& follow = **opened;
        follow.start();
        const auto reaches = [&](const std::function<bool(const FollowState&)>& wanted) {
            return QTest::qWaitFor([&] { return wanted(follow.state()); }, 60'000);
        };
        QVERIFY(reaches([](const auto& state) { return state.phase == Phase::Live; }));
        const std::string first = follow.state().source;
        const BlockNumber before = *follow.state().at;
        for (int i = 0; i < 5; ++i) VERIFY_OK(network.submit({"put", std::to_string(i), "v"}));
        QVERIFY(reaches([&](const auto& state) { return *state.at >= before + 5; }));

        // The peer that gives the blocks is killed; those that are ordered meanwhile come from
        // another.
        network.killNode(first);
        QVERIFY(reaches([&](const auto& state) {
            return state.phase == Phase::Live && state.source != first;
        }));
        QCOMPARE(follow.state().lost, first);
        VERIFY_OK(network.running().startNode(first, deadlineIn(TestNetwork::kLong)));
        const BlockNumber between = *follow.state().at;
        for (int i = 0; i < 5; ++i) VERIFY_OK(network.submit({"put", "b", std::to_string(i)}));
        QVERIFY(reaches([&](const auto& state) { return *state.at >= between + 5; }));
        QVERIFY(follow.state().alarms.empty());

        QElapsedTimer timer;
        timer.start();
        follow.stop();
        QVERIFY(timer.elapsed() < 1000);
        const auto report = VerifyLedger().run({.paths = {follow.blocksFolder()}, .threads = 1});
        VERIFY_OK(report);
        QVERIFY(report->good());
        const LedgerStatus status = follow.ledger()->status();
        QCOMPARE(report->lastBlock, status.lastBlock);
        QCOMPARE(report->verifiedTo, status.verifiedTo);
        QCOMPARE(report->transactions, status.transactions);
        QCOMPARE(follow.ledger()->block(*status.lastBlock)->commitHash, report->lastCommitHash);

        const auto same = ComparePeers().run(context, {.channel = request.channel,
                                                       .peers = request.peers,
                                                       .deadline = deadlineIn(TestNetwork::kLong)});
        VERIFY_OK(same);
        QVERIFY(same->same());
        QVERIFY(same->allAnswered());
        QVERIFY(same->comparedTo >= *status.lastBlock);
    }

    void catchesUpAsQuicklyAsFromFiles() {
        TestNetwork network;
        QTemporaryDir folder;
        const auto peer = network.peers().front();
        {
            const Traffic traffic(network, network.peers());
            const auto height = [&] {
                ComparePeersRequest request{.channel = network.folder().channel(),
                                            .peers = {peer},
                                            .deadline = deadlineIn(TestNetwork::kLong)};
                const auto now = ComparePeers().run(network.actAs("Org1", "Admin"), request);
                return now.ok() ? now->peers.front().height : 0;
            };
            QVERIFY(QTest::qWaitFor([&] { return height() > 60; }, 120'000));
        }
        FollowRequest request{.channel = network.folder().channel(),
                              .peers = {peer},
                              .folder = folder.path().toStdString() + "/followed"};
        QElapsedTimer timer;
        timer.start();
        auto follow = FollowChannel::open(network.actAs("Org1", "Admin"), request);
        VERIFY_OK(follow);
        (*follow)->start();
        QVERIFY(QTest::qWaitFor([&] { return (*follow)->state().phase == Phase::Live; }, 60'000));
        const auto status = (*follow)->ledger()->status();
        qInfo("followed %llu blocks, %llu transactions in %lld ms",
              static_cast<unsigned long long>(status.blocks),
              static_cast<unsigned long long>(status.transactions),
              static_cast<long long>(timer.elapsed()));
        (*follow)->stop();
        timer.restart();
        auto files = BrowseLedger::open({.location = {.paths = {(*follow)->blocksFolder()}},
                                         .indexes = folder.path().toStdString() + "/other"});
        VERIFY_OK(files);
        VERIFY_OK((*files)->sync({}));
        qInfo("read the same from files in %lld ms", static_cast<long long>(timer.elapsed()));
        QCOMPARE((*files)->status().transactions, status.transactions);
        QCOMPARE((*files)->status().verifiedTo, status.verifiedTo);
    }
};

CHANCERY_TEST(FollowTest)
#include "FollowTest.moc"
