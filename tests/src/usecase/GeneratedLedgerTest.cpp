// A ledger made for measurements is a real one: our own verification agrees with the generator's
// book-keeping, which does not use it.
#include "tests/bench/ledger/GenerateLedger.h"

#include "src/usecase/VerifyLedger.h"
#include "tests/support/TestMain.h"

#include <QTemporaryDir>

using namespace chancery;
using bench::generateLedger;
using protocol::ValidationCode;

class GeneratedLedgerTest : public QObject {
    Q_OBJECT
private slots:
    void isVerifiedInFull();
    void isRefusedWhenTooSmall();
};

void GeneratedLedgerTest::isVerifiedInFull() {
    const QTemporaryDir folder;
    QVERIFY(folder.isValid());
    const std::filesystem::path path = folder.path().toStdString();
    const auto made = generateLedger({.folder = path,
                                      .blocks = 40,
                                      .transactions = 1500,
                                      .organisations = 3,
                                      .accounts = 100,
                                      .seed = 7,
                                      .threads = 2});
    VERIFY_OK(made);
    QCOMPARE(made->blocks, std::uint64_t{40});
    QCOMPARE(made->transactions, std::uint64_t{1500 + 10});
    // There is something of everything.
    QVERIFY(made->codes.at(ValidationCode::MvccReadConflict) > 20);
    QVERIFY(made->codes.at(ValidationCode::EndorsementPolicyFailure) > 0);

    const auto report = usecase::VerifyLedger().run({.paths = {path}, .threads = 2});
    VERIFY_OK(report);
    for (const auto& finding : report->findings)
        qInfo("%s: %s", finding.reason.c_str(), finding.sentence.c_str());
    QVERIFY(report->good());
    QVERIFY(report->findings.empty());
    QCOMPARE(report->blocks, made->blocks);
    QCOMPARE(report->transactions, made->transactions);
    QCOMPARE(report->configBlocks, std::uint64_t{2});
    QCOMPARE(report->endorsements, made->endorsements);
    QCOMPARE(report->codesFrom, std::optional<BlockNumber>(0));
    QCOMPARE(report->commitHashesFrom, std::optional<BlockNumber>(1));
    QCOMPARE(report->lastBlockHash, made->lastBlockHash);
    QCOMPARE(report->lastCommitHash, made->lastCommitHash);
    for (const auto& [code, count] : made->codes)
        QCOMPARE(report->codes.at(static_cast<int>(code)).second, count);
}

void GeneratedLedgerTest::isRefusedWhenTooSmall() {
    const auto made = generateLedger({.folder = "/nowhere", .blocks = 5, .transactions = 10});
    QCOMPARE(reasonOf(made.status()), std::string("TOO_FEW_BLOCKS"));
}

CHANCERY_TEST(GeneratedLedgerTest)
#include "GeneratedLedgerTest.moc"
