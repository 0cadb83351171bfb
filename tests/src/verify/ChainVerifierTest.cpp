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
};

CHANCERY_TEST(ChainVerifierTest)
#include "ChainVerifierTest.moc"
