#include "src/base/Encoding.h"

#include "tests/support/TestMain.h"

using namespace chancery;

class EncodingTest : public QObject {
    Q_OBJECT
private slots:
    void hexRoundTrip();
    void badHexNamesTheOffset();
    void base64RoundTrip();
    void utf8();
    void printableHidesWhatMisleads();
};

void EncodingTest::hexRoundTrip() {
    const Bytes bytes("\x00\xff\x10", 3);
    QCOMPARE(toHex(bytes), std::string("00ff10"));
    QCOMPARE(*fromHex("00FF10"), bytes);
}

void EncodingTest::badHexNamesTheOffset() {
    QCOMPARE(reasonOf(fromHex("0").status()), std::string("BAD_HEX"));
    QCOMPARE(argumentOf(fromHex("00zz").status(), "offset"), std::string("2"));
}

void EncodingTest::base64RoundTrip() {
    QCOMPARE(toBase64("isle"), std::string("aXNsZQ=="));
    QCOMPARE(*fromBase64("aXNsZQ=="), Bytes("isle"));
    QCOMPARE(reasonOf(fromBase64("%").status()), std::string("BAD_BASE64"));
}

void EncodingTest::utf8() {
    QVERIFY(isUtf8("grün 链 \U0010FFFF"));
    QVERIFY(!isUtf8("\xC0\x80"));          // overlong
    QVERIFY(!isUtf8("\xED\xA0\x80"));      // surrogate
    QVERIFY(!isUtf8("\xF4\x90\x80\x80"));  // above the last code point
    QVERIFY(!isUtf8("\xE9\x93"));          // cut
}

void EncodingTest::printableHidesWhatMisleads() {
    QCOMPARE(printable("a\nb\x1b[31m"), std::string("a\\nb\\x1b[31m"));
    QCOMPARE(printable("x\u202Ey"), std::string("x\\u{202e}y"));
    QCOMPARE(printable("\xff"), std::string("\\xff"));
    QCOMPARE(printable("abcdef", 3), std::string("abc…"));
}

CHANCERY_TEST(EncodingTest)
#include "EncodingTest.moc"
