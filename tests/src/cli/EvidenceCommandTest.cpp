// `ledger evidence` and what its report tells people to do by hand.
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>

#include "tests/src/cli/Chanceryctl.h"
#include "tests/support/TestMain.h"

using chancery::test::chanceryctl;
using chancery::test::Run;
using chancery::test::shell;

namespace {

const QString kLedger = "tests/data/vectors/ledger/peer_blockfile_000000";

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class EvidenceCommandTest : public QObject {
    Q_OBJECT
private slots:
    void commandsOfTheReportWork_data();
    void commandsOfTheReportWork();
    void toldInBothForms();
    void aChangedPackIsRefused();
    void usage();
};

void EvidenceCommandTest::commandsOfTheReportWork_data() {
    QTest::addColumn<QStringList>("what");
    QTest::newRow("a valid one") << QStringList{"--tx", "40/0"};
    QTest::newRow("several, with a configuration") << QStringList{"--range", "85-87"};
    QTest::newRow("in Chinese") << QStringList{"--tx", "200/0", "--language", "zh"};
}

void EvidenceCommandTest::commandsOfTheReportWork() {
    QFETCH(const QStringList, what);
    const QTemporaryDir folder;
    const QString out = folder.path() + "/pack";
    const Run made = chanceryctl(QStringList{"ledger", "evidence", kLedger, "--out", out} + what);
    QVERIFY2(made.exitCode == 0, (made.out + made.err).c_str());
    QFile report(out + "/report.html");
    QVERIFY(report.open(QIODevice::ReadOnly));
    static const QRegularExpression command("<pre class=\"command\">(.*?)</pre>");
    auto matches = command.globalMatch(QString::fromUtf8(report.readAll()));
    int openssl = 0, all = 0;
    while (matches.hasNext()) {
        QString text = matches.next().captured(1);
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&#39;", "'");
        text.replace("&quot;", "\"").replace("&amp;", "&");
        const Run run = shell(text, out);
        QVERIFY2(run.exitCode == 0, (text.toStdString() + "\n" + run.out + run.err).c_str());
        if (text.startsWith("openssl dgst")) QVERIFY(has(run.out, "Verified OK"));
        openssl += text.startsWith("openssl") ? 1 : 0;
        ++all;
    }
    QVERIFY(openssl >= 4 && all >= 9);
}

void EvidenceCommandTest::toldInBothForms() {
    const QTemporaryDir folder;
    const QString out = folder.path() + "/pack";
    const Run made =
        chanceryctl({"ledger", "evidence", kLedger, "--block", "40", "--out", out, "-o", "json"});
    QCOMPARE(made.exitCode, 0);
    QCOMPARE(made.json()["channel"].get<std::string>(), std::string("tradechannel"));
    QVERIFY(made.json()["files"].size() > 10);
    const Run text = chanceryctl({"ledger", "verify", out});
    QCOMPARE(text.exitCode, 0);
    QVERIFY(has(text.out, "The evidence is sound"));
    QVERIFY(has(text.out, "What it cannot prove"));
    const Run json = chanceryctl({"ledger", "verify", out, "--output", "json"});
    QCOMPARE(json.exitCode, 0);
    QVERIFY(json.json()["good"].get<bool>());
    QVERIFY(json.json()["transactions"][0]["agrees"].get<bool>());
    // It is not written twice.
    const Run again = chanceryctl({"ledger", "evidence", kLedger, "--block", "40", "--out", out});
    QCOMPARE(again.exitCode, 5);
}

void EvidenceCommandTest::aChangedPackIsRefused() {
    const QTemporaryDir folder;
    const QString out = folder.path() + "/pack";
    QCOMPARE(chanceryctl({"ledger", "evidence", kLedger, "--tx", "40/0", "--out", out}).exitCode,
             0);
    QFile block(out + "/blocks/block_40.pb");
    QVERIFY(block.open(QIODevice::ReadWrite));
    QByteArray bytes = block.readAll();
    bytes[200] = static_cast<char>(bytes[200] ^ 1);
    block.seek(0);
    block.write(bytes);
    block.close();
    const Run run = chanceryctl({"ledger", "verify", out});
    QCOMPARE(run.exitCode, 1);
    QVERIFY2(has(run.out, "blocks/block_40.pb"), run.out.c_str());
    const Run json = chanceryctl({"ledger", "verify", out, "-o", "json"});
    QCOMPARE(json.exitCode, 1);
    QVERIFY(!json.json()["good"].get<bool>());
}

void EvidenceCommandTest::usage() {
    QCOMPARE(chanceryctl({"ledger", "evidence", kLedger, "--out", "/tmp/x"}).exitCode, 2);
    QCOMPARE(
        chanceryctl({"ledger", "evidence", kLedger, "--range", "5-", "--out", "/tmp/x"}).exitCode,
        2);
    const Run missing =
        chanceryctl({"ledger", "evidence", kLedger, "--tx", "999/0", "--out", "/tmp/x"});
    QCOMPARE(missing.exitCode, 3);
}

CHANCERY_TEST(EvidenceCommandTest)
#include "EvidenceCommandTest.moc"
