#include "src/crypto/Der.h"

#include "src/base/Encoding.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::crypto;

namespace {
Bytes hex(const char* text) {
    return *fromHex(text);
}
}  // namespace

class DerTest : public QObject {
    Q_OBJECT
private slots:
    void lengths_data();
    void lengths();
    void integers_data();
    void integers();
    void booleansAndBits();
    void failedReadsMoveNothing();
    void objectIdentifiers();
    void writesWhatItReads();
};

void DerTest::lengths_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("good");
    const auto row = [](const char* name, const char* bytes, bool good) {
        QTest::newRow(name) << QByteArray(bytes) << good;
    };
    row("empty", "", false);
    row("tag alone", "30", false);
    row("no content", "3000", true);
    row("one byte", "300101", true);
    row("content missing", "3001", false);
    row("long form for a short length", "308101ff", false);
    row("zero length in long form", "308100", false);
    row("leading zero in the length", "30820080", false);
    row("indefinite", "30800000", false);
    row("length of five bytes", "30850000000001ff", false);
    row("length beyond the end", "3084ffffffff00", false);
    row("high tag number", "1f2101ff", false);
    row("reserved form", "30ff", false);
}

void DerTest::lengths() {
    QFETCH(QByteArray, bytes);
    QFETCH(bool, good);
    const Bytes input = hex(bytes.constData());
    DerReader reader(input);
    QCOMPARE(reader.readAny().has_value(), good);
    QCOMPARE(reader.empty(), good || input.empty());
}

void DerTest::integers_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("good");
    QTest::addColumn<int>("value");
    const auto row = [](const char* name, const char* bytes, bool good, int value = -1) {
        QTest::newRow(name) << QByteArray(bytes) << good << value;
    };
    row("zero", "020100", true, 0);
    row("127", "02017f", true, 127);
    row("128", "02020080", true, 128);
    row("largest", "02047fffffff", true, 0x7fffffff);
    row("minus one", "0201ff", true);
    row("minus 129", "0202ff7f", true);
    row("32 bits", "02050080000000", true);
    row("empty", "0200", false);
    row("longer than needed", "0202007f", false);
    row("negative and longer than needed", "0202ff80", false);
    row("other tag", "030100", false);
}

void DerTest::integers() {
    QFETCH(QByteArray, bytes);
    QFETCH(bool, good);
    QFETCH(int, value);
    const Bytes input = hex(bytes.constData());
    QCOMPARE(DerReader(input).readInteger().has_value(), good);
    QCOMPARE(DerReader(input).readSmallInteger().value_or(-1), value);
}

void DerTest::booleansAndBits() {
    QCOMPARE(DerReader(hex("0101ff")).readBoolean(), std::optional(true));
    QCOMPARE(DerReader(hex("010100")).readBoolean(), std::optional(false));
    QVERIFY(!DerReader(hex("010101")).readBoolean());
    QVERIFY(!DerReader(hex("0100")).readBoolean());
    QVERIFY(!DerReader(hex("0102ffff")).readBoolean());
    const Bytes bits = hex("030300abcd");
    QCOMPARE(DerReader(bits).readBitStringBytes().value(), BytesView("\xab\xcd"));
    QVERIFY(!DerReader(hex("030301abcc")).readBitStringBytes());
    QVERIFY(!DerReader(hex("0300")).readBitStringBytes());
}

void DerTest::failedReadsMoveNothing() {
    const Bytes bytes = hex("0202007f0101ff");
    DerReader reader(bytes);
    QVERIFY(!reader.readInteger());
    QVERIFY(!reader.readSmallInteger());
    QVERIFY(!reader.readBoolean());
    QVERIFY(!reader.readWhole(der::kSequence));
    QVERIFY(!reader.readBitStringBytes());
    QCOMPARE(reader.rest(), BytesView(bytes));
    QVERIFY(reader.read(der::kInteger));
    QCOMPARE(reader.readBoolean(), std::optional(true));
    QVERIFY(reader.empty());
    QCOMPARE(reader.nextTag(), std::uint8_t(0));
}

void DerTest::objectIdentifiers() {
    for (const char* text :
         {"1.2.840.10045.2.1", "2.5.4.3", "1.3.101.112", "0.9.2342.19200300.100.1.25", "2.999.3",
          "1.2.156.10197.1.501", "2.16.840.1.101.3.4.2.1"})
        QCOMPARE(oidText(oidBytes(text)), std::string(text));
    QCOMPARE(toHex(oidBytes("1.2.840.10045.2.1")), std::string("2a8648ce3d0201"));
    QCOMPARE(oidText(""), std::string());
    QCOMPARE(oidText(hex("2a86")), std::string());                    // cut in an arc
    QCOMPARE(oidText(hex("2a8001")), std::string());                  // not the shortest form
    QCOMPARE(oidText(hex("2affffffffffffffffff7f")), std::string());  // an arc beyond 64 bits
}

void DerTest::writesWhatItReads() {
    for (const std::size_t size : {0U, 1U, 127U, 128U, 255U, 256U, 65535U, 65536U}) {
        const Bytes content(size, 'x');
        const Bytes element = derElement(der::kOctetString, content);
        DerReader reader(element);
        QCOMPARE(reader.read(der::kOctetString).value(), BytesView(content));
        QVERIFY(reader.empty());
    }
    QCOMPARE(toHex(derInteger(0)), std::string("020100"));
    QCOMPARE(toHex(derInteger(255)), std::string("020200ff"));
    QCOMPARE(toHex(derUnsigned(hex("00000080"))), std::string("02020080"));
    QCOMPARE(toHex(derUnsigned("")), std::string("020100"));
    QCOMPARE(toHex(derSequence({derInteger(1), derBitString("a")})),
             std::string("300702010103020061"));
}

CHANCERY_TEST(DerTest)
#include "DerTest.moc"
