#include "src/usecase/WatchNetwork.h"

#include <condition_variable>
#include <filesystem>
#include <mutex>

#include "tests/support/FakeNode.h"
#include "tests/support/FakeWatchedHost.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::test;
using interfaces::NodePhase;
using usecase::NetworkView;
using usecase::WatchNetwork;

namespace {

using Seen = std::shared_ptr<const NetworkView>;

class WatchClock : public Clock {
public:
    absl::Time now() const override { return absl::FromUnixSeconds(m_seconds); }
    void set(int seconds) { m_seconds = seconds; }

private:
    std::atomic<int> m_seconds{1000};
};

/// Views as they come, and a way to wait for one.
class Views {
public:
    void operator()(Seen view) {
        const std::lock_guard lock(m_mutex);
        m_views.push_back(std::move(view));
        m_changed.notify_all();
    }
    /// The first that fits, of those that came or will come; null after a long while.
    Seen await(const std::function<bool(const NetworkView&)>& fits) {
        std::unique_lock lock(m_mutex);
        Seen found;
        m_changed.wait_for(lock, std::chrono::seconds(30), [&] {
            for (; m_at < m_views.size(); ++m_at) {
                if (!fits(*m_views[m_at])) continue;
                found = m_views[m_at];
                return true;
            }
            return false;
        });
        return found;
    }
    std::vector<Seen> all() {
        const std::lock_guard lock(m_mutex);
        return m_views;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<Seen> m_views;
    std::size_t m_at = 0;
};

interfaces::NodeChannel channelOf(const char* name, BlockNumber height, const char* hash) {
    interfaces::NodeChannel channel;
    channel.channel = ChannelId(name);
    channel.height = height;
    const std::string text(hash);
    channel.lastBlockHash = Bytes(text.begin(), text.end());
    channel.relation = "member";
    return channel;
}

struct Watched {
    std::vector<std::shared_ptr<FakeNode>> nodes;
    std::shared_ptr<FakeWatchedHost> host = std::make_shared<FakeWatchedHost>();
    usecase::WatchedNetwork network;

    explicit Watched(int count, const std::string& hostName = {}) {
        network.name = "meridian";
        network.hosts.push_back({"here", host});
        for (int i = 0; i < count; ++i) {
            nodes.push_back(std::make_shared<FakeNode>());
            nodes.back()->setChannels({channelOf("settlement", 10, "same")});
            network.nodes.push_back({"peer" + std::to_string(i), "peer", "Org" + std::to_string(i),
                                     MspId("Org" + std::to_string(i) + "MSP"), hostName,
                                     nodes.back()});
        }
    }
};

WatchNetwork::Options quick() {
    WatchNetwork::Options options;
    options.every = std::chrono::milliseconds(1);
    options.patience = std::chrono::milliseconds(20000);
    options.longestPause = std::chrono::milliseconds(4);
    return options;
}

std::size_t threadsOfThisProcess() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& task : std::filesystem::directory_iterator("/proc/self/task"))
        ++count;
    return count;
}

}  // namespace

class WatchNetworkTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everythingIsAskedAndGathered() {
        Watched watched(3);
        watched.nodes[2]->setChannels(
            {channelOf("settlement", 8, "older"), channelOf("loyalty", 4, "x")});
        Views views;
        WatchClock clock;
        WatchNetwork watch(watched.network, quick(), clock);
        const Subscription subscription = watch.watch(std::ref(views));
        QVERIFY(views.all().front()->revision > 0);
        const auto view = views.await([](const NetworkView& seen) {
            return std::all_of(seen.nodes.begin(), seen.nodes.end(),
                               [](const auto& node) { return node.reach.ok(); });
        });
        QVERIFY(view != nullptr);
        QCOMPARE(view->name, "meridian");
        QCOMPARE(view->channels.size(), 2U);
        QCOMPARE(view->channels[0].channel.str(), "loyalty");
        QCOMPARE(view->channels[1].height, 10U);
        QCOMPARE(view->channels[1].members.size(), 3U);
        QCOMPARE(view->channels[1].nodes.size(), 3U);
        QVERIFY(view->channels[1].differing.empty());
        QVERIFY(view->nodes[0].asOf == absl::FromUnixSeconds(1000));
        QVERIFY(view->nodes[0].abilities.has_value());
        QVERIFY(watch.node("peer1") == watched.nodes[1]);
        QVERIFY(watch.node("peer7") == nullptr);
        QVERIFY(watch.host("here") == watched.host);
        QVERIFY(watch.host("there") == nullptr);
    }

    void aSilentNodeHoldsUpNobody() {
        Watched watched(9);
        for (int i = 0; i < 8; ++i) watched.nodes[static_cast<std::size_t>(i)]->setSilent(true);
        auto options = quick();
        options.patience = std::chrono::milliseconds(50);
        Views views;
        {
            WatchNetwork watch(watched.network, options);
            const Subscription subscription = watch.watch(std::ref(views));
            const auto silent = views.await([](const NetworkView& seen) {
                return seen.nodes[8].reach.ok() && !seen.nodes[0].reach.ok() &&
                       reasonOf(seen.nodes[0].reach) == "NO_ANSWER";
            });
            QVERIFY(silent != nullptr);
            QVERIFY(!silent->nodes[0].asOf.has_value());
            // All the others keep silent, and it is still asked again and again.
            QVERIFY(watched.nodes[8]->waitAsked(watched.nodes[8]->asked() + 20));
            for (const auto& node : watched.nodes) node->setSilent(false);
            QVERIFY(views.await([](const NetworkView& seen) {
                return std::all_of(seen.nodes.begin(), seen.nodes.end(),
                                   [](const auto& node) { return node.reach.ok(); });
            }) != nullptr);
        }
    }

    void whoComesAndGoesKeepsItsLastValues() {
        Watched watched(2);
        WatchClock clock;
        Views views;
        WatchNetwork watch(watched.network, quick(), clock);
        const Subscription subscription = watch.watch(std::ref(views));
        QVERIFY(views.await([](const NetworkView& seen) { return seen.nodes[0].reach.ok(); }));
        watched.nodes[0]->fail(makeError(StatusCode::kUnavailable, "CANNOT_CONNECT", "refused"));
        const auto gone = views.await([](const NetworkView& seen) {
            return reasonOf(seen.nodes[0].reach) == "CANNOT_CONNECT";
        });
        QVERIFY(gone != nullptr);
        QCOMPARE(gone->nodes[0].channels.size(), 1U);
        QVERIFY(gone->nodes[0].asOf == absl::FromUnixSeconds(1000));
        QCOMPARE(gone->channels.front().nodes.size(), 2U);
        clock.set(2000);
        watched.nodes[0]->setChannels({channelOf("settlement", 11, "newer")});
        watched.nodes[0]->fail({});
        const auto back = views.await([](const NetworkView& seen) {
            return seen.nodes[0].reach.ok() && seen.channels.front().height == 11;
        });
        QVERIFY(back != nullptr);
        QVERIFY(back->nodes[0].asOf == absl::FromUnixSeconds(2000));
    }

    void differingLedgersAreNamed() {
        Watched watched(4);
        watched.nodes[1]->setChannels({channelOf("settlement", 10, "other")});
        watched.nodes[3]->setChannels({channelOf("settlement", 9, "earlier")});
        Views views;
        WatchNetwork watch(watched.network, quick());
        const Subscription subscription = watch.watch(std::ref(views));
        const auto view = views.await([](const NetworkView& seen) {
            return !seen.channels.empty() && seen.channels.front().nodes.size() == 4;
        });
        QVERIFY(view != nullptr);
        const std::vector<std::string> expected{"peer0", "peer1", "peer2"};
        QVERIFY(view->channels.front().differing == expected);
    }

    void aHostTellsOfItsProcesses() {
        Watched watched(1, "here");
        interfaces::HostFacts facts;
        facts.agentVersion = "1.4.0";
        watched.host->setFacts(facts);
        interfaces::NodeState state;
        state.ref = {"meridian", "peer0"};
        state.kind = "peer";
        state.phase = NodePhase::Running;
        state.processId = 7;
        watched.host->tell(state);
        interfaces::NodeState stranger = state;
        stranger.ref.network = "another";
        stranger.processId = 8;
        watched.host->tell(stranger);
        watched.host->tell(state);
        auto options = quick();
        // Only what hosts tell makes anybody ask again.
        options.every = std::chrono::hours(1);
        Views views;
        WatchNetwork watch(watched.network, options);
        const Subscription subscription = watch.watch(std::ref(views));
        QVERIFY(views.await([](const NetworkView& seen) {
            return seen.nodes[0].reach.ok() && seen.hosts[0].reach.ok();
        }));
        state.phase = NodePhase::Stopped;
        state.processId = 0;
        watched.host->tell(state);
        const auto stopped = views.await([](const NetworkView& seen) {
            return reasonOf(seen.nodes[0].reach) == "NODE_STOPPED";
        });
        QVERIFY(stopped != nullptr);
        QVERIFY(stopped->nodes[0].process->phase == NodePhase::Stopped);
        QCOMPARE(stopped->nodes[0].channels.size(), 1U);
        state.phase = NodePhase::Running;
        state.processId = 9;
        watched.host->tell(state);
        QVERIFY(views.await([](const NetworkView& seen) { return seen.nodes[0].reach.ok(); }));
        const int asked = watched.nodes[0]->asked();
        watch.refresh("peer0");
        QVERIFY(watched.nodes[0]->waitAsked(asked + 1));
    }

    void aHostSpeaksForANodeWithoutAdminApi() {
        Watched watched(1, "here");
        watched.nodes[0]->fail(
            makeError(StatusCode::kUnimplemented, "NODE_CANNOT", "peer0 has no admin API"));
        interfaces::NodeState state;
        state.ref = {"meridian", "peer0"};
        state.kind = "ca";
        state.version = "1.5.7";
        state.phase = NodePhase::Running;
        state.memoryBytes = 62'000'000;
        watched.host->tell(state);
        Views views;
        WatchNetwork watch(watched.network, quick());
        const Subscription subscription = watch.watch(std::ref(views));
        const auto seen =
            views.await([](const NetworkView& view) { return view.nodes[0].reach.ok(); });
        QVERIFY(seen != nullptr);
        QCOMPARE(seen->nodes[0].status->version, "1.5.7");
        QCOMPARE(seen->nodes[0].status->memoryBytes, 62'000'000U);
        QVERIFY(seen->nodes[0].abilities->can.empty());
        QCOMPARE(seen->nodes[0].abilities->limits, "peer0 has no admin API");
        QVERIFY(seen->nodes[0].channels.empty());
        state.phase = NodePhase::Starting;
        watched.host->tell(state);
        QVERIFY(views.await([](const NetworkView& view) { return !view.nodes[0].reach.ok(); }));
    }

    void aRemovedNodeHasNoProcess() {
        Watched watched(1, "here");
        watched.network.id = "meridian-1a2b";
        interfaces::NodeState state;
        state.ref = {"meridian-1a2b", "peer0"};
        state.kind = "peer";
        state.phase = NodePhase::Running;
        state.processId = 7;
        watched.host->tell(state);
        auto options = quick();
        options.every = std::chrono::hours(1);
        Views views;
        WatchNetwork watch(watched.network, options);
        const Subscription subscription = watch.watch(std::ref(views));
        QVERIFY(views.await([](const NetworkView& seen) {
            return seen.nodes[0].process && seen.nodes[0].reach.ok();
        }));
        watched.nodes[0]->fail(
            makeError(StatusCode::kUnavailable, "CANNOT_CONNECT", "connection refused"));
        state.kind.clear();
        watched.host->tell(state);
        const auto removed = views.await([](const NetworkView& seen) {
            return !seen.nodes[0].process && !seen.nodes[0].reach.ok();
        });
        QVERIFY(removed != nullptr);
        // What it said stays, as of then.
        QCOMPARE(removed->nodes[0].channels.size(), 1U);
        QVERIFY(removed->nodes[0].asOf.has_value());
    }

    void aLostHostSaysSo() {
        Watched watched(1, "here");
        Views views;
        WatchNetwork watch(watched.network, quick());
        const Subscription subscription = watch.watch(std::ref(views));
        QVERIFY(views.await([](const NetworkView& seen) { return seen.hosts[0].reach.ok(); }));
        watched.host->fail(makeError(StatusCode::kUnavailable, "CANNOT_CONNECT", "no route"));
        const auto lost = views.await([](const NetworkView& seen) {
            return reasonOf(seen.hosts[0].reach) == "CANNOT_CONNECT";
        });
        QVERIFY(lost != nullptr);
        QVERIFY(lost->hosts[0].facts.has_value());
        watched.host->fail({});
        QVERIFY(views.await([](const NetworkView& seen) { return seen.hosts[0].reach.ok(); }));
    }

    void viewsComeInOrderAndNoneWithoutAChange() {
        Watched watched(5);
        Views views;
        WatchNetwork watch(watched.network, quick());
        Subscription subscription = watch.watch(std::ref(views));
        for (BlockNumber height = 11; height < 40; ++height) {
            for (const auto& node : watched.nodes)
                node->setChannels({channelOf("settlement", height, "same")});
            QVERIFY(views.await([&](const NetworkView& seen) {
                return std::all_of(seen.nodes.begin(), seen.nodes.end(), [&](const auto& node) {
                    return !node.channels.empty() && node.channels[0].height == height;
                });
            }));
        }
        const auto all = views.all();
        for (std::size_t i = 1; i < all.size(); ++i)
            QVERIFY(all[i]->revision > all[i - 1]->revision);
        const std::size_t seen = all.size();
        for (const auto& node : watched.nodes) QVERIFY(node->waitAsked(node->asked() + 5));
        QVERIFY(views.all().size() <= seen + 1);  // its host's first answer may be among them
        subscription.reset();
        for (const auto& node : watched.nodes) node->setChannels({});
        const std::size_t ended = views.all().size();
        for (const auto& node : watched.nodes) QVERIFY(node->waitAsked(node->asked() + 3));
        QCOMPARE(views.all().size(), ended);
    }

    void noThreadIsLeft() {
        const std::size_t before = threadsOfThisProcess();
        Watched watched(6);
        {
            WatchNetwork watch(watched.network, quick());
            QVERIFY(watched.nodes[0]->waitAsked(2));
            QVERIFY(threadsOfThisProcess() > before);
        }
        QCOMPARE(threadsOfThisProcess(), before);
        WatchNetwork nobody({"empty", {}, {}});
        QCOMPARE(nobody.view()->nodes.size(), 0U);
    }
};

CHANCERY_TEST(WatchNetworkTest)
#include "WatchNetworkTest.moc"
