#include "tests/bench/load/ArgumentTemplate.h"

#include <set>

#include "tests/support/TestMain.h"

using namespace chancery;
using load::ArgumentTemplate;

class ArgumentTemplateTest : public QObject {
    Q_OBJECT

    static Bytes filled(std::string_view text, const load::ArgumentValues& values) {
        const auto parsed = ArgumentTemplate::parse(text);
        return parsed.ok() ? parsed->fill(values) : "refused: " + reasonOf(parsed.status());
    }

private Q_SLOTS:
    void fillsPlaces() {
        const load::ArgumentValues values{.run = "r1", .number = 42, .client = 3};
        QCOMPARE(filled("put", values), Bytes("put"));
        QCOMPARE(filled("", values), Bytes());
        QCOMPARE(filled("{run}-{n}/{client}", values), Bytes("r1-42/3"));
        QCOMPARE(filled("{{\"n\":{n}}}", values), Bytes("{\"n\":42}"));
    }

    void bytesAreAsManyAsAskedFor_data() {
        QTest::addColumn<int>("size");
        for (const int size : {1, 9, 10, 11, 256, 100'000})
            QTest::newRow(std::to_string(size).c_str()) << size;
    }
    void bytesAreAsManyAsAskedFor() {
        QFETCH(int, size);
        const Bytes made = filled("{bytes:" + std::to_string(size) + "}", {.number = 1});
        QCOMPARE(made.size(), static_cast<std::size_t>(size));
        for (const char c : made) QVERIFY(c > ' ' && c < 127);
    }

    void everyTransactionHasItsOwn() {
        std::set<Bytes> seen;
        for (std::uint64_t n = 0; n < 1000; ++n)
            QVERIFY(seen.insert(filled("{bytes:16}", {.run = "r", .number = n})).second);
        QVERIFY(seen.insert(filled("{bytes:16}", {.run = "s", .number = 0})).second);
        QCOMPARE(filled("{bytes:16}", {.run = "r", .number = 7}),
                 filled("{bytes:16}", {.run = "r", .number = 7}));
    }

    void randomNumbersStayBelow() {
        std::set<Bytes> seen;
        for (std::uint64_t n = 0; n < 500; ++n) {
            const Bytes made = filled("{random:10}", {.number = n});
            QVERIFY(made.size() == 1 && made[0] >= '0' && made[0] <= '9');
            seen.insert(made);
        }
        QCOMPARE(seen.size(), std::size_t{10});
    }

    void refusesOthers_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("offset");
        QTest::newRow("no end") << "ab{n"
                                << "2";
        QTest::newRow("no beginning") << "a}b"
                                      << "1";
        QTest::newRow("unknown") << "{time}"
                                 << "0";
        QTest::newRow("empty") << "{}"
                               << "0";
        QTest::newRow("bytes without number") << "x{bytes}"
                                              << "1";
        QTest::newRow("bytes of no number") << "{bytes:many}"
                                            << "0";
        QTest::newRow("none") << "{bytes:0}"
                              << "0";
        QTest::newRow("too many") << "{bytes:99999999}"
                                  << "0";
        QTest::newRow("too many together") << "{bytes:9000000}{bytes:9000000}"
                                           << "15";
        QTest::newRow("overflow") << "{random:99999999999999999999}"
                                  << "0";
    }
    void refusesOthers() {
        QFETCH(QString, text);
        QFETCH(QString, offset);
        const auto parsed = ArgumentTemplate::parse(text.toStdString());
        QCOMPARE(reasonOf(parsed.status()), std::string("BAD_TEMPLATE"));
        QCOMPARE(argumentOf(parsed.status(), "offset"), offset.toStdString());
    }
};

CHANCERY_TEST(ArgumentTemplateTest)
#include "ArgumentTemplateTest.moc"
