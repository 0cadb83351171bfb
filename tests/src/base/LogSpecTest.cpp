#include "src/base/LogSpec.h"

#include <fstream>
#include <sstream>

#include "src/base/Log.h"
#include "tests/support/TestMain.h"

#include <QTemporaryDir>

using namespace chancery;
using log::Level;
using log::LogSpec;

class LogSpecTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void printsWhatFabricPrints_data() {
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("printed");
        QTest::newRow("empty") << ""
                               << "info";
        QTest::newRow("one level") << "DEBUG"
                                   << "debug";
        QTest::newRow("rooms sorted") << "rpc,http=WARNING:gossip=debug:error"
                                      << "gossip=debug:http=warn:rpc=warn:error";
        QTest::newRow("old names") << "a=notice:critical"
                                   << "a=info:error";
        QTest::newRow("exact") << "a.b.=debug:fatal"
                               << "a.b.=debug:fatal";
        QTest::newRow("last level counts") << "debug:warn"
                                           << "warn";
    }
    void printsWhatFabricPrints() {
        QFETCH(QString, given);
        QFETCH(QString, printed);
        const auto spec = LogSpec::parse(given.toStdString());
        VERIFY_OK(spec);
        QCOMPARE(spec->str(), printed.toStdString());
        QCOMPARE(LogSpec::parse(spec->str())->str(), spec->str());
    }

    void refusesWithTheSegment_data() {
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("says");
        QTest::newRow("no level") << "borken"
                                  << "bad segment 'borken'";
        QTest::newRow("mixed case") << "Debug"
                                    << "bad segment 'Debug'";
        QTest::newRow("no room") << "=debug"
                                 << "no logger specified in segment '=debug'";
        QTest::newRow("no level of a room") << "a="
                                            << "bad segment 'a='";
        QTest::newRow("two signs") << "a=b=debug"
                                   << "bad segment 'a=b=debug'";
        QTest::newRow("room name") << "a..b=debug"
                                   << "bad logger name 'a..b'";
        QTest::newRow("empty room name") << "a,,b=debug"
                                         << "bad logger name ''";
        QTest::newRow("odd letters") << "a b=debug"
                                     << "bad logger name 'a b'";
    }
    void refusesWithTheSegment() {
        QFETCH(QString, given);
        QFETCH(QString, says);
        const auto spec = LogSpec::parse(given.toStdString());
        QCOMPARE(reasonOf(spec.status()), std::string("BAD_LOG_SPEC"));
        QCOMPARE(
            std::string(messageOf(spec.status())),
            "invalid logging specification '" + given.toStdString() + "': " + says.toStdString());
    }

    void findsTheNearestRoom() {
        const auto spec = LogSpec::parse("node=warn:node.peer=debug:rpc.=debug:fatal");
        VERIFY_OK(spec);
        QVERIFY(spec->isOn(Level::Debug, "node.peer"));
        QVERIFY(spec->isOn(Level::Debug, "node.peer.gateway"));
        QVERIFY(!spec->isOn(Level::Info, "node.orderer"));
        QVERIFY(spec->isOn(Level::Warning, "node.orderer"));
        QVERIFY(spec->isOn(Level::Debug, "rpc"));
        QVERIFY(!spec->isOn(Level::Error, "rpc.tls"));
        QVERIFY(!spec->isOn(Level::Error, "nodes"));
        QVERIFY(spec->isOnAnywhere(Level::Debug));
    }

    void theLogObeys() {
        const QTemporaryDir folder;
        const std::string path = folder.filePath("log").toStdString();
        VERIFY_OK(log::toFile(path));
        log::setSpec(*LogSpec::parse("loud=debug:warn"));
        log::debug("loud", "one");
        log::info("quiet", "two");
        log::setForm(log::Form::Json);
        log::warning("quiet", "say \"hi\"\n\\");
        log::setForm(log::Form::Text);
        log::setLevel(Level::Warning);
        std::stringstream text;
        text << std::ifstream(path).rdbuf();
        QVERIFY(text.str().find("debug loud: one\n") != std::string::npos);
        QVERIFY(text.str().find("two") == std::string::npos);
        const std::string json = text.str().substr(text.str().find('{'));
        const std::string line =
            "\"level\":\"warning\",\"room\":\"quiet\",\"text\":\"say \\\"hi\\\"\\\\n\\\\\"}\n";
        QVERIFY2(json.ends_with(line), json.c_str());
    }
};

CHANCERY_TEST(LogSpecTest)
#include "LogSpecTest.moc"
