#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include "tests/src/cli/Chanceryctl.h"
#include "tests/support/TestMain.h"

using chancery::test::chanceryctl;
using chancery::test::kVectors;
using chancery::test::Run;
using nlohmann::json;

/// Inventory, forecast, calendar, bundles and drafts on the command line.
class CertCommandsTest : public QObject {
    Q_OBJECT

    const QString m_trade = kVectors + "config/genesis_tradechannel.block";
    const QString m_bundle = "tests/data/bundles/alpha.bundle";

private slots:
    void listsWithAllUses() {
        const Run run = chanceryctl({"cert", "list", "--config", m_trade, "-o", "json"});
        QCOMPARE(run.exitCode, 0);
        const json all = run.json();
        QCOMPARE(all["problems"].size(), std::size_t(0));
        bool hasConsenter = false;
        for (const json& one : all["certificates"]) {
            for (const char* key : {"subject", "issuer", "serial_hex", "not_before", "not_after",
                                    "suite", "role", "mspid", "uses", "revoked", "chain", "key"})
                QVERIFY2(one.contains(key), key);
            QVERIFY(!one["uses"].empty() && !one["chain"].empty());
            for (const json& use : one["uses"])
                hasConsenter = hasConsenter || use["use"] == "consenter_server_tls";
        }
        QVERIFY(hasConsenter);
        // A second source adds nothing that is known, and its uses.
        const Run more = chanceryctl(
            {"cert", "list", "--config", m_trade, "--msp",
             "AlphaMSP=" + kVectors + "msp/peerOrganizations/alpha.pub.test/msp", "-o", "json"});
        QCOMPARE(more.json()["certificates"].size(), all["certificates"].size());
        QVERIFY(more.out.size() > run.out.size());
    }

    void whatIsNotReachedIsNamed() {
        // Nobody listens on a port that was free a moment ago; 1 is no port for users.
        const QStringList line{"cert", "list", "--config", m_trade, "--endpoint", "127.0.0.1:1"};
        const Run run = chanceryctl(line + QStringList{"-o", "json"});
        QCOMPARE(run.exitCode, 7);
        const json all = run.json();
        QCOMPARE(all["certificates"].size(), std::size_t(8));
        QCOMPARE(all["problems"].size(), std::size_t(1));
        QCOMPARE(all["problems"][0]["place"].get<std::string>(), std::string("127.0.0.1:1"));
        QCOMPARE(all["problems"][0]["reason"].get<std::string>(),
                 std::string("CONNECTION_REFUSED"));
        const Run told = chanceryctl(line);
        QCOMPARE(told.exitCode, 7);
        QVERIFY(told.err.find("127.0.0.1:1") != std::string::npos);
        // So is a CA, and a forecast that found nothing else says so too.
        const QStringList ca{"--ca", "https://127.0.0.1:1", "--ca-roots",
                             kVectors +
                                 "msp/peerOrganizations/alpha.pub.test/ca/"
                                 "ca.alpha.pub.test-cert.pem"};
        const Run quiet = chanceryctl(QStringList{"cert", "forecast", "--at", "2027-01-01",
                                                  "--warn", "30", "--config", m_trade} +
                                      ca);
        QCOMPARE(quiet.exitCode, 7);
        QVERIFY(quiet.err.find("CA 127.0.0.1:1") != std::string::npos);
        QCOMPARE(chanceryctl(QStringList{"cert", "list"} + ca.mid(0, 2)).exitCode, 2);
    }

    void filters_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("count");
        QTest::newRow("an organisation") << QStringList{"--mspid", "AlphaMSP"} << 2;
        QTest::newRow("a role") << QStringList{"--role", "tls"} << 1;
        QTest::newRow("words") << QStringList{"TLSCA beta"} << 1;
        QTest::newRow("none") << QStringList{"nobody"} << 0;
        QTest::newRow("revoked") << QStringList{"--revoked"} << 0;
        QTest::newRow("soon") << QStringList{"--ends-within", "1"} << 0;
        QTest::newRow("ever") << QStringList{"--ends-within", "36500"} << 8;
    }
    void filters() {
        QFETCH(QStringList, arguments);
        QFETCH(int, count);
        const Run run = chanceryctl(QStringList{"cert", "list"} + arguments +
                                    QStringList{"--config", m_trade, "-o", "json"});
        QCOMPARE(run.exitCode, 0);
        QCOMPARE(run.json()["certificates"].size(), std::size_t(count));
    }

    void forecastTellsScripts() {
        const Run good =
            chanceryctl({"cert", "forecast", "--at", "2027-01-01", "--config", m_trade});
        QCOMPARE(good.exitCode, 0);
        const Run soon = chanceryctl({"cert", "forecast", "--at", "2036-11-15T00:00:00Z", "--warn",
                                      "7", "--config", m_trade, "-o", "json"});
        QCOMPARE(soon.exitCode, 1);
        const json forecast = soon.json();
        QCOMPARE(forecast["ended"].size(), std::size_t(1));
        QVERIFY(!forecast["soon"].empty());
        QVERIFY(forecast["soon"][0]["within_days"] == 7);
        bool losesQuorum = false;
        for (const json& step : forecast["soon"])
            for (const json& effect : step["stops"])
                losesQuorum = losesQuorum || effect["effect"] == "QUORUM_LOST";
        QVERIFY(losesQuorum);
    }

    void wrongLines_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("no source") << QStringList{"cert", "list"};
        QTest::newRow("no date") << QStringList{"cert", "forecast", "--at",
                                                "soon", "--config", m_trade};
        QTest::newRow("no days") << QStringList{"cert", "calendar", "--warn",
                                                "x",    "--config", m_trade};
        QTest::newRow("no MSP id") << QStringList{"cert", "list", "--msp", "folder"};
        QTest::newRow("nobody compares")
            << QStringList{"msp", "import", m_bundle, "--out", "/nowhere/msp"};
    }
    void wrongLines() {
        QFETCH(QStringList, arguments);
        const Run run = chanceryctl(arguments);
        QVERIFY2(run.exitCode == 2, run.told().c_str());
        QVERIFY(run.out.empty() && !run.err.empty());
    }

    void whatIsMissingIsTold() {
        const Run none = chanceryctl({"cert", "list", "--config", "/nowhere"});
        QCOMPARE(none.exitCode, 3);
        const Run part = chanceryctl({"cert", "list", "--config", m_trade, "--file", "/nowhere"});
        QCOMPARE(part.exitCode, 7);
        QVERIFY(part.err.find("/nowhere") != std::string::npos);
        const Run closed = chanceryctl(
            {"cert", "list", "--config", m_trade, "--endpoint", "127.0.0.1:1", "-o", "json"});
        QCOMPARE(closed.exitCode, 7);
    }

    void calendarIsStable() {
        const auto events = [](const Run& run) {
            // All but the time at which it was made.
            QStringList lines = QString::fromStdString(run.out).split("\r\n");
            lines.removeIf([](const QString& line) { return line.startsWith("DTSTAMP:"); });
            return lines;
        };
        const Run one = chanceryctl({"cert", "calendar", "--config", m_trade});
        const Run two = chanceryctl({"cert", "calendar", "--config", m_trade});
        QCOMPARE(one.exitCode, 0);
        QCOMPARE(events(one), events(two));
        QVERIFY(events(one).contains("BEGIN:VALARM"));
    }

    void bundlesGoThereAndBack() {
        const QTemporaryDir folder;
        const Run shown = chanceryctl({"msp", "bundle", m_bundle, "-o", "json"});
        QCOMPARE(shown.exitCode, 0);
        const QString words = QString::fromStdString(shown.json()["words"]);
        const QString made = folder.filePath("alpha");
        const Run other = chanceryctl(
            {"msp", "import", m_bundle, "--out", made, "--yes-fingerprint", "acorn admiral"});
        QCOMPARE(other.exitCode, 3);
        QVERIFY(!QDir(made).exists());
        const Run good = chanceryctl(
            {"msp", "import", m_bundle, "--out", made, "--yes-fingerprint", words.toUpper()});
        QVERIFY2(good.exitCode == 0, good.told().c_str());
        const Run check = chanceryctl({"msp", "check", made, "--msp-id", "AlphaMSP"});
        QVERIFY2(check.exitCode == 0, check.told().c_str());
        const QString again = folder.filePath("again.bundle");
        const Run exported = chanceryctl(
            {"msp", "export", made, "--msp-id", "AlphaMSP", "--name", "Alpha", "--out", again});
        QCOMPARE(exported.exitCode, 0);
        QFile left(again);
        QFile right(CHANCERY_SOURCE "/" + m_bundle);
        QVERIFY(left.open(QIODevice::ReadOnly) && right.open(QIODevice::ReadOnly));
        QCOMPARE(left.readAll(), right.readAll());
    }

    void draftsAreWhatTheSignerTakes() {
        const QTemporaryDir folder;
        const QString update = folder.filePath("update.pb");
        const QString crl = kVectors + "msp/badmsp/client_as_admin/crls/crl.pem";
        const Run draft =
            chanceryctl({"msp", "draft-crl", kVectors + "config/cfglab/12_crl/result_block.pb",
                         "--msp-id", "AlphaMSP", "--crl", crl, "--out", update, "-o", "json"});
        QVERIFY2(draft.exitCode == 0, draft.told().c_str());
        QVERIFY(draft.json()["agreements"][0]["policy"] == "/Channel/Application/Alpha/Admins");
        // The command that shows updates knows it.
        const Run shown = chanceryctl({"config", "show", update});
        QVERIFY2(shown.exitCode == 0, shown.told().c_str());
        // What is there already is no change.
        const Run same =
            chanceryctl({"msp", "draft-crl", kVectors + "config/genesis_cfglab.block", "--msp-id",
                         "AlphaMSP", "--crl", crl, "--out", folder.filePath("other.pb")});
        QCOMPARE(same.exitCode, 1);
    }

    /// One command for several channels: a folder of drafts, and one answer for each.
    void draftsForSeveralChannels() {
        const QTemporaryDir folder;
        const QString crl = kVectors + "msp/badmsp/client_as_admin/crls/crl.pem";
        const QString out = folder.filePath("updates");
        const QString has = kVectors + "config/genesis_cfglab.block";
        const QString lacks = kVectors + "config/cfglab/12_crl/result_block.pb";
        const Run all =
            chanceryctl({"msp", "draft-crl", lacks, has, kVectors + "README.md", "--msp-id",
                         "AlphaMSP", "--crl", crl, "--out", out, "-o", "json"});
        QVERIFY2(all.exitCode == 7, all.told().c_str());
        const auto rows = all.json();
        QCOMPARE(rows.size(), std::size_t(3));
        QVERIFY(rows[0]["outcome"] == "drafted");
        QVERIFY(rows[0]["draft"]["agreements"][0]["policy"] == "/Channel/Application/Alpha/Admins");
        QVERIFY(rows[1]["outcome"] == "present");
        QVERIFY(rows[2]["outcome"] == "failed");
        QCOMPARE(QDir(out).entryList(QDir::Files),
                 QStringList{QString::fromStdString(rows[0]["channel"]) + ".update.pb"});
        const Run nothing = chanceryctl({"msp", "draft-crl", has, has, "--msp-id", "AlphaMSP",
                                         "--crl", crl, "--out", folder.filePath("none")});
        QVERIFY2(nothing.exitCode == 1, nothing.told().c_str());
        const Run nowhere =
            chanceryctl({"msp", "draft-crl", "--msp-id", "AlphaMSP", "--crl", crl, "--out", out});
        QVERIFY2(nowhere.exitCode != 0, nowhere.told().c_str());
    }
};

CHANCERY_TEST(CertCommandsTest)
#include "CertCommandsTest.moc"
