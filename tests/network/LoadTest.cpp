#include "src/protocol/Block.h"
#include "tests/bench/load/RunLoad.h"
#include "tests/network/TestNetwork.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using test::TestNetwork;

/// The load generator tells of a network what its ledgers say, too.
class LoadTest : public QObject {
    Q_OBJECT

    std::unique_ptr<TestNetwork> m_network;

    load::LoadPlan plan() {
        load::LoadPlan plan;
        plan.channel = m_network->folder().channel();
        plan.contract = "keys";
        for (const char* text : {"put", "{run}-{n}", "{bytes:256}"})
            plan.arguments.push_back(*load::ArgumentTemplate::parse(text));
        plan.run = "test";
        plan.gateways = m_network->peers();
        for (const std::string organisation : {"Org1", "Org2"})
            plan.identities.push_back(m_network->actAs(organisation, "User1").identity);
        for (const auto& node : m_network->folder().nodes())
            plan.processes.push_back({.name = node.name, .pid = m_network->processOf(node.name)});
        plan.inFlight = 16;
        plan.warmUp = {};
        plan.patience = TestNetwork::kLong;
        return plan;
    }

    /// Blocks of a peer once it has as many as the orderer.
    std::vector<Bytes> settledBlocks(const std::string& peer) {
        std::vector<Bytes> blocks;
        const bool settled = QTest::qWaitFor(
            [&] {
                blocks = m_network->blocks(peer);
                return blocks.size() == m_network->blocks("orderer.example.com").size();
            },
            60'000);
        return settled ? blocks : std::vector<Bytes>();
    }

    /// Codes of a peer's blocks from `first` on.
    static std::map<std::string, std::uint64_t> codesOf(const std::vector<Bytes>& blocks,
                                                        std::size_t first) {
        std::map<std::string, std::uint64_t> counts;
        for (std::size_t i = first; i < blocks.size(); ++i)
            for (const auto code : protocol::Block::parse(blocks[i])->validationCodes())
                ++counts[protocol::nameOf(code)];
        return counts;
    }

private Q_SLOTS:
    void initTestCase() {
        m_network = std::make_unique<TestNetwork>();
        // Gateways learn from each other which contracts they have.
        auto one = plan();
        one.run = "first";
        one.count = 2;
        one.inFlight = 1;
        const bool worked = QTest::qWaitFor(
            [&] {
                const auto results = load::runLoad(one);
                return results.ok() && results->measured.good == 2;
            },
            60'000);
        QVERIFY(worked);
    }

    void countsWhatTheLedgersHave() {
        const std::size_t before = settledBlocks("peer0.org1.example.com").size();
        QVERIFY(before > 0);
        auto planned = plan();
        planned.duration = std::chrono::seconds(2);
        const auto results = load::runLoad(planned);
        VERIFY_OK(results);
        QVERIFY(results->measured.good > 0);
        for (const load::Tally& tally : {results->measured, results->all})
            QCOMPARE(tally.begun, tally.good + tally.invalid + tally.failed);
        QVERIFY2(results->errors.empty(), results->errors.begin()->first.c_str());
        for (const auto& process : planned.processes) {
            QVERIFY(results->before.at(process.name) && results->after.at(process.name));
            QVERIFY(results->after.at(process.name)->cpu > results->before.at(process.name)->cpu);
        }
        for (const std::string peer : {"peer0.org1.example.com", "peer0.org2.example.com"}) {
            const auto blocks = settledBlocks(peer);
            QVERIFY(codesOf(blocks, before) == results->codes);
            QCOMPARE(*results->blocks.begin(), before);
            QCOMPARE(*results->blocks.rbegin(), blocks.size() - 1);
        }
    }

    void countsConflictsAsInvalid() {
        auto planned = plan();
        planned.arguments = {*load::ArgumentTemplate::parse("append"),
                             *load::ArgumentTemplate::parse("contested"),
                             *load::ArgumentTemplate::parse("{client}")};
        planned.count = 100;
        planned.duration = TestNetwork::kLong;
        const auto results = load::runLoad(planned);
        VERIFY_OK(results);
        QCOMPARE(results->measured.begun, 100U);
        QVERIFY(results->measured.good > 0 && results->measured.invalid > 0);
        QCOMPARE(results->codes.at("MVCC_READ_CONFLICT"), results->measured.invalid);
    }

    void endsAtTheCount() {
        for (const auto kind : {load::LoadKind::Evaluate, load::LoadKind::Endorse}) {
            const std::size_t before = settledBlocks("peer0.org1.example.com").size();
            auto planned = plan();
            planned.kind = kind;
            planned.count = 50;
            planned.rate = 1000;
            planned.duration = TestNetwork::kLong;
            const auto results = load::runLoad(planned);
            VERIFY_OK(results);
            QCOMPARE(results->measured.begun, 50U);
            QCOMPARE(results->measured.good, 50U);
            QCOMPARE(settledBlocks("peer0.org1.example.com").size(), before);
        }
    }

    void refusalsAreCounted() {
        auto planned = plan();
        planned.arguments = {*load::ArgumentTemplate::parse("noSuchFunction")};
        planned.count = 20;
        planned.duration = TestNetwork::kLong;
        const auto results = load::runLoad(planned);
        VERIFY_OK(results);
        QCOMPARE(results->measured.failed, 20U);
        QCOMPARE(results->measured.good, 0U);
        std::uint64_t errors = 0;
        for (const auto& [error, count] : results->errors) {
            QVERIFY2(error.starts_with("endorse "), error.c_str());
            errors += count;
        }
        QCOMPARE(errors, 20U);
    }
};

CHANCERY_TEST(LoadTest)
#include "LoadTest.moc"
