#include "src/protocol/Block.h"
#include "tests/network/TestNetwork.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using test::TestNetwork;

/// A network of real processes: what is sent is committed, everywhere the same, and survives
/// restarts.
class NetworkTest : public QObject {
    Q_OBJECT

    std::unique_ptr<TestNetwork> m_network;

    void compareChains() {
        const auto ordered = m_network->blocks("orderer.example.com");
        for (const auto& node : m_network->folder().nodes()) {
            const auto blocks = m_network->blocks(node.name);
            QCOMPARE(blocks.size(), ordered.size());
            Bytes previous;
            for (std::size_t i = 0; i < blocks.size(); ++i) {
                const auto block = protocol::Block::parse(blocks[i]);
                VERIFY_OK(block);
                const auto same = protocol::Block::parse(ordered[i]);
                VERIFY_OK(same);
                QCOMPARE(block->header().hash(), same->header().hash());
                QCOMPARE(Bytes(block->header().dataHash), block->computedDataHash());
                QCOMPARE(Bytes(block->header().previousHash), previous);
                previous = block->header().hash();
            }
        }
    }

private Q_SLOTS:
    void initTestCase() { m_network = std::make_unique<TestNetwork>(); }

    void commitsTransactions() {
        for (int i = 0; i < 5; ++i) {
            const std::string key = "key" + std::to_string(i);
            const auto done = m_network->submit({"put", key, "value of " + key});
            VERIFY_OK(done);
            QCOMPARE(done->payload, key);
            for (const std::string organisation : {"Org1", "Org2"}) {
                const auto value = m_network->evaluate(organisation, {"get", key});
                VERIFY_OK(value);
                QCOMPARE(*value, "value of " + key);
            }
        }
        compareChains();
    }

    void refusesWhatTheContractRefuses() {
        const auto before = m_network->blocks("orderer.example.com").size();
        const auto refused = m_network->submit({"noSuchFunction"});
        QCOMPARE(reasonOf(refused.status()), std::string("CONTRACT_REFUSED"));
        QCOMPARE(m_network->blocks("orderer.example.com").size(), before);
    }

    void goesOnAfterRestarts_data() {
        QTest::addColumn<QString>("node");
        for (const auto& node : m_network->folder().nodes())
            QTest::newRow(node.name.c_str()) << QString::fromStdString(node.name);
    }
    void goesOnAfterRestarts() {
        QFETCH(QString, node);
        const std::string name = node.toStdString();
        VERIFY_OK(m_network->submit({"put", "before", name}));
        const auto endpoints = m_network->folder().node(name)->endpoints;
        VERIFY_OK(m_network->restart(name));
        QVERIFY(m_network->folder().node(name)->endpoints == endpoints);
        Result<usecase::Submitted> done = absl::UnknownError("not tried");
        const bool worked = QTest::qWaitFor(
            [&] {
                done = m_network->submit({"put", "after", name});
                return done.ok();
            },
            60'000);
        QVERIFY2(worked, done.status().ToString().c_str());
        for (const std::string organisation : {"Org1", "Org2"})
            for (const std::string key : {"before", "after"}) {
                const auto value = m_network->evaluate(organisation, {"get", key});
                VERIFY_OK(value);
                QCOMPARE(*value, name);
            }
        compareChains();
    }
};

CHANCERY_TEST(NetworkTest)
#include "NetworkTest.moc"
