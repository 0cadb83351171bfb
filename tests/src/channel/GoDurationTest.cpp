#include "src/channel/GoDuration.h"

#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::channel;

class GoDurationTest : public QObject {
    Q_OBJECT
private slots:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
};

void GoDurationTest::reads_data() {
    QTest::addColumn<std::string>("text");
    QTest::addColumn<qint64>("nanoseconds");
    QTest::addColumn<std::string>("printed");
    const auto row = [](const char* text, qint64 nanoseconds, const char* printed) {
        QTest::newRow(text) << std::string(text) << nanoseconds << std::string(printed);
    };
    row("0", 0, "0s");
    row("+0", 0, "0s");
    row("0s", 0, "0s");
    row("2s", 2'000'000'000, "2s");
    row("500ms", 500'000'000, "500ms");
    row("1500ms", 1'500'000'000, "1.5s");
    row(".5s", 500'000'000, "500ms");
    row("1.s", 1'000'000'000, "1s");
    row("3m0s", 180'000'000'000, "3m0s");
    row("1h15m30.918273645s", 4'530'918'273'645, "1h15m30.918273645s");
    row("-1.5h", -5'400'000'000'000, "-1h30m0s");
    row("10us", 10'000, "10\u00B5s");
    row("10\u00B5s", 10'000, "10\u00B5s");
    row("10\u03BCs", 10'000, "10\u00B5s");
    row("1.1us", 1'100, "1.1\u00B5s");
    row("7ns", 7, "7ns");
    row("0.3333333333333333333h", 1'200'000'000'000, "20m0s");
    row("9223372036854775807ns", 9'223'372'036'854'775'807, "2562047h47m16.854775807s");
    row("-9223372036854775808ns", std::numeric_limits<qint64>::min(), "-2562047h47m16.854775808s");
}

void GoDurationTest::reads() {
    QFETCH(std::string, text);
    QFETCH(qint64, nanoseconds);
    QFETCH(std::string, printed);
    const auto duration = parseGoDuration(text);
    VERIFY_OK(duration);
    QCOMPARE(static_cast<qint64>(absl::ToInt64Nanoseconds(*duration)), nanoseconds);
    QCOMPARE(printGoDuration(*duration), printed);
}

void GoDurationTest::refuses_data() {
    QTest::addColumn<std::string>("text");
    for (const char* text : {"", "3", "-", "s", ".", "-.", ".s", "+.s", "1 s", "1S", "soon", "1s2",
                             "1d", "0x1s", "1e3s", "9223372036854775808ns", "3000000h", "1s-2s"})
        QTest::newRow(text) << std::string(text);
}

void GoDurationTest::refuses() {
    QFETCH(std::string, text);
    QCOMPARE(reasonOf(parseGoDuration(text).status()), std::string("BAD_DURATION"));
}

CHANCERY_TEST(GoDurationTest)
#include "GoDurationTest.moc"
