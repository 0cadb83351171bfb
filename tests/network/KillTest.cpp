#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "src/protocol/Block.h"
#include "tests/network/TestNetwork.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using test::TestNetwork;

namespace {

/// Clients that send transactions one after the other, and what they were promised.
class Load {
public:
    explicit Load(TestNetwork& network) : m_network(network) {
        for (int i = 0; i < kClients; ++i)
            m_threads.emplace_back([this, i](const std::stop_token& stop) { run(i, stop); });
    }

    /// Returns once so many more were committed.
    void waitFor(std::size_t more) {
        std::unique_lock lock(m_mutex);
        const std::size_t wanted = m_committed.size() + more;
        m_changed.wait(lock, [&] { return m_committed.size() >= wanted; });
    }
    void stop() { m_threads.clear(); }

    /// Key → value of what clients were told is committed.
    const std::map<std::string, std::string>& committed() const { return m_committed; }
    /// Ids of what was ordered, committed or not.
    const std::vector<std::string>& ordered() const { return m_ordered; }

private:
    static constexpr int kClients = 4;

    void run(int client, const std::stop_token& stop) {
        for (int i = 0; !stop.stop_requested(); ++i) {
            const std::string key = std::to_string(client) + "-" + std::to_string(i);
            const auto done = m_network.submit({"put", key, "v" + key});
            const std::lock_guard lock(m_mutex);
            if (done.ok()) m_committed[key] = "v" + key;
            if (done.ok()) m_ordered.push_back(done->txId.str());
            if (reasonOf(done.status()) == "COMMIT_UNKNOWN")
                m_ordered.push_back(argumentOf(done.status(), "txid"));
            m_changed.notify_all();
        }
    }

    TestNetwork& m_network;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<std::string, std::string> m_committed;
    std::vector<std::string> m_ordered;
    std::vector<std::jthread> m_threads;
};

}  // namespace

/// kill -9 of a node at a random moment under load: nothing that was acknowledged is lost.
class KillTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void losesNothing() {
        constexpr int kRounds = 20;
        TestNetwork network;
        const unsigned seed = qEnvironmentVariableIsSet("CHANCERY_SEED")
                                  ? qEnvironmentVariable("CHANCERY_SEED").toUInt()
                                  : std::random_device()();
        qInfo("CHANCERY_SEED=%u", seed);
        std::mt19937 random(seed);
        Load load(network);
        for (int round = 0; round < kRounds; ++round) {
            const auto& nodes = network.folder().nodes();
            const std::string victim = nodes[random() % nodes.size()].name;
            load.waitFor(1 + random() % 25);
            network.killNode(victim);
            VERIFY_OK(network.running().startNode(victim, deadlineIn(TestNetwork::kLong)));
        }
        load.waitFor(5);
        load.stop();

        // When this is committed at both peers, everything before it is.
        VERIFY_OK(network.submit({"put", "last", "one"}));
        for (const std::string organisation : {"Org1", "Org2"})
            for (const auto& [key, value] : load.committed()) {
                const auto found = network.evaluate(organisation, {"get", key});
                VERIFY_OK(found);
                QCOMPARE(*found, value);
            }
        std::map<std::string, int> times;
        for (const Bytes& bytes : network.blocks("orderer.example.com")) {
            const auto block = protocol::Block::parse(bytes);
            VERIFY_OK(block);
            for (const auto& transaction : block->transactions())
                ++times[std::string(transaction.channelHeader.txId)];
        }
        for (const std::string& txId : load.ordered())
            QVERIFY2(times[txId] == 1, (txId + " stands there not once").c_str());
        qInfo("%zu committed, %zu ordered", load.committed().size(), load.ordered().size());
    }
};

CHANCERY_TEST(KillTest)
#include "KillTest.moc"
