#include "src/client/PrometheusText.h"

#include <cmath>

#include "tests/support/TestMain.h"

using namespace chancery;
using client::readPrometheusText;

class PrometheusTextTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsSamples() {
        const auto samples = readPrometheusText(
            "# HELP blocks Blocks.\n# TYPE blocks gauge\n"
            "blocks{channel=\"a\",} 12\n\n  plain 1.5e-3 1700000000000\r\n"
            "odd{text=\"a \\\"b\\\" \\\\ \\n c\", other = \"}\"} +Inf\nnothing NaN");
        VERIFY_OK(samples);
        QCOMPARE(samples->size(), std::size_t(4));
        QCOMPARE(samples->at(0).name, std::string("blocks"));
        QCOMPARE(samples->at(0).labels.at("channel"), std::string("a"));
        QCOMPARE(samples->at(0).value, 12.0);
        QCOMPARE(samples->at(1).value, 0.0015);
        QCOMPARE(samples->at(2).labels.at("text"), std::string("a \"b\" \\ \n c"));
        QCOMPARE(samples->at(2).labels.at("other"), std::string("}"));
        QVERIFY(std::isinf(samples->at(2).value));
        QVERIFY(std::isnan(samples->at(3).value));
    }

    void refuses_data() {
        QTest::addColumn<QByteArray>("line");
        for (const char* line : {"a", "a b", "a{", "a{b} 1", "a{b=c} 1", "a{b=\"c} 1", "a{b=\"c\"",
                                 "a{b=\"c\\", "{} 1", "a{b=\"c\",b=\"d\"} 1", "a 1x", "a 1 x",
                                 "a{b=\"c\" d=\"e\"} 1", "\x01 1", "<html>", "a{,} 1"})
            QTest::newRow(line) << QByteArray(line);
    }
    void refuses() {
        QFETCH(QByteArray, line);
        const auto read = readPrometheusText("good 1\n" + line.toStdString() + "\n");
        QCOMPARE(reasonOf(read.status()), std::string("BAD_METRICS"));
        QCOMPARE(argumentOf(read.status(), "line"), std::string("2"));
    }
};

CHANCERY_TEST(PrometheusTextTest)
#include "PrometheusTextTest.moc"
