#include <string>  // moc cannot read <compare> when it comes first

#include "src/protocol/Version.h"

#include "src/base/Encoding.h"
#include "src/protocol/ValidationCode.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::protocol;

class VersionTest : public QObject {
    Q_OBJECT

private slots:
    void formOfIntegers_data() {
        QTest::addColumn<quint64>("value");
        QTest::addColumn<QString>("hex");
        QTest::newRow("0") << quint64{0} << "00";
        QTest::newRow("1") << quint64{1} << "0101";
        QTest::newRow("255") << quint64{255} << "01ff";
        QTest::newRow("256") << quint64{256} << "020100";
        QTest::newRow("max") << ~quint64{0} << "08ffffffffffffffff";
    }
    void formOfIntegers() {
        QFETCH(quint64, value);
        QFETCH(QString, hex);
        Bytes bytes;
        appendOrderPreserving(bytes, value);
        QCOMPARE(QString::fromStdString(toHex(bytes)), hex);
        BytesView rest = bytes;
        QCOMPARE(takeOrderPreserving(rest).value(), value);
        QVERIFY(rest.empty());
    }

    void orderOfBytesIsOrderOfNumbers() {
        Bytes previous;
        for (const std::uint64_t value : {0ULL, 1ULL, 127ULL, 255ULL, 256ULL, 65535ULL, 65536ULL,
                                          1ULL << 32, 1ULL << 63, ~0ULL}) {
            Bytes bytes;
            appendOrderPreserving(bytes, value);
            QVERIFY(previous < bytes);
            previous = bytes;
        }
    }

    void versions() {
        QCOMPARE(toHex(encodeVersion({26, 1})), std::string("011a0101"));
        QVERIFY((decodeVersion(fromHex("011a0101").value()).value() == Version{26, 1}));
        for (const char* bad : {"", "00", "01", "0100", "0900", "02000100", "011a010100"})
            QCOMPARE(reasonOf(decodeVersion(fromHex(bad).value()).status()),
                     std::string("BAD_VERSION"));
        QVERIFY((Version{2, 9} < Version{3, 0}));
    }

    void namesOfValidationCodes() {
        int known = 0;
        for (int number = 0; number < 256; ++number) {
            const auto code = static_cast<ValidationCode>(number);
            QCOMPARE(static_cast<int>(validationCodeNamed(nameOf(code)).value()), number);
            if (isKnown(code)) ++known;
        }
        QCOMPARE(known, 28);
        QCOMPARE(nameOf(ValidationCode::PhantomReadConflict), std::string("PHANTOM_READ_CONFLICT"));
        QCOMPARE(nameOf(static_cast<ValidationCode>(99)), std::string("99"));
        for (const char* bad : {"", "valid", "256", "-1", "1x"}) QVERIFY(!validationCodeNamed(bad));
    }
};

CHANCERY_TEST(VersionTest)
#include "VersionTest.moc"
