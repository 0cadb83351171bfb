#include "src/verify/ChainVerifier.h"

#include "src/base/Encoding.h"
#include "tests/src/verify/Ledger.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::test;
using verify::Severity;

class ChainVerifierTest : public QObject {
    Q_OBJECT

private:
    // Nothing wrong, nothing odd, all blocks reached.
    static void checkGood(const verify::Report& report, BlockNumber last) {
        QVERIFY2(report.good(), listed(report, Severity::Warning).c_str());
        QCOMPARE(report.count(Severity::Warning), std::size_t{0});
        QCOMPARE(report.verifiedTo.value_or(0), last);
    }

private slots:
    void everyBlockOfTheLedgerIsGood_data() {
        QTest::addColumn<QString>("path");
        QTest::newRow("single blocks") << "ledger/blocks";
        QTest::newRow("a peer's block file") << "ledger/peer_blockfile_000000";
        QTest::newRow("an orderer's block file") << "ledger/orderer_blockfile_000000.gz";
    }
    void everyBlockOfTheLedgerIsGood() {
        QFETCH(QString, path);
        const auto report = verified(blocksOf(path.toStdString()));
        checkGood(report, 277);
        QCOMPARE(report.counters.blocks, std::uint64_t{278});
        const auto& chain = facts()["chain"];
        QCOMPARE(toHex(report.lastBlockHash),
                 chain["chain_info"]["current_block_hash"].get<std::string>());
        QCOMPARE(toHex(report.lastCommitHash),
                 chain["snapshot"]["additional_metadata"]["last_block_commit_hash"]
                     .get<std::string>());
    }

    void craftedBlocksGoOnWithTheChain() {
        const auto report = verified(blocksOf("ledger/crafted"), after277());
        checkGood(report, 285);
        QCOMPARE(report.firstBlock.value_or(0), BlockNumber{278});
        QCOMPARE(toHex(report.lastCommitHash),
                 facts()["crafted_blocks"]["blocks"].back()["commit_hash"].get<std::string>());
    }
    void craftedBlocksGoOnFromTheSnapshot() {
        const auto snapshot = protocol::Snapshot::open(vectorPath("ledger/snapshot_277"));
        VERIFY_OK(snapshot);
        auto start = verify::ChainState::fromSnapshot(**snapshot);
        VERIFY_OK(start);
        const auto report = verified(blocksOf("ledger/crafted"), *std::move(start));
        checkGood(report, 285);
        QVERIFY(report.scope.signaturesAt(278) && report.scope.codesAt(278));
        QVERIFY(report.scope.commitHashAt(278) && report.scope.startKnown);
    }
    void bftBlocksAreGood() {
        const auto report = verified(blocksOf("bft/blocks"));
        checkGood(report, 16);
        const auto& blocks = bftFacts()["blocks"];
        QCOMPARE(report.counters.blocks, std::uint64_t{blocks.size()});
        std::uint64_t signatures = 0;
        for (const auto& block : blocks) signatures += block["signatures"].size();
        QCOMPARE(report.counters.ordererSignatures, signatures);
        QCOMPARE(toHex(report.lastBlockHash), blocks.back()["header_hash"].get<std::string>());
    }
};

CHANCERY_TEST(ChainVerifierTest)
#include "ChainVerifierTest.moc"
