#include "src/wire/FieldScanner.h"

#include <QTest>

#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::wire;

namespace {

ScanProblem problemOf(BytesView bytes) {
    FieldScanner scanner(bytes);
    while (scanner.next()) {
    }
    return scanner.problem();
}

Bytes repeated(int count, BytesView piece) {
    Bytes bytes;
    for (int i = 0; i < count; ++i) bytes += piece;
    return bytes;
}

}  // namespace

class FieldScannerTest : public QObject {
    Q_OBJECT
private slots:
    void readsEveryWireType();
    void varintsAsGoReadsThem();
    void varintSizes();
    void problems();
    void groupsNestAsDeepAsInGo();
    void staysAtItsProblem();
    void lastFieldWins();
};

void FieldScannerTest::readsEveryWireType() {
    const Bytes bytes(
        "\x08\x96\x01\x12\x02hi\x1d\x01\x00\x00\x00\x21\x02\x00\x00\x00\x00\x00\x00\x00\x2b\x30\x01"
        "\x2c",
        25);
    FieldScanner scanner(bytes);
    QVERIFY(scanner.next());
    QCOMPARE(scanner.number(), 1u);
    QCOMPARE(scanner.integer(), std::uint64_t{150});
    QVERIFY(scanner.next());
    QCOMPARE(scanner.view(), BytesView("hi"));
    QCOMPARE(scanner.raw(), BytesView("\x12\x02hi"));
    QCOMPARE(scanner.offset(), std::size_t{3});
    QVERIFY(scanner.next());
    QCOMPARE(scanner.wireType(), WireType::Fixed32);
    QCOMPARE(scanner.integer(), std::uint64_t{1});
    QVERIFY(scanner.next());
    QCOMPARE(scanner.wireType(), WireType::Fixed64);
    QCOMPARE(scanner.integer(), std::uint64_t{2});
    QVERIFY(scanner.next());
    QCOMPARE(scanner.wireType(), WireType::StartGroup);
    QCOMPARE(scanner.number(), 5u);
    QCOMPARE(scanner.view(), BytesView("\x30\x01"));
    QVERIFY(!scanner.next());
    QVERIFY(!scanner.failed());
}

void FieldScannerTest::varintsAsGoReadsThem() {
    const Bytes largest("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11);
    FieldScanner scanner(largest);
    QVERIFY(scanner.next());
    QCOMPARE(scanner.integer(), ~std::uint64_t{0});
    // Padding is fine up to ten bytes, also in tags and lengths.
    QCOMPARE(problemOf(Bytes("\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00", 11)),
             ScanProblem::None);
    QCOMPARE(problemOf(Bytes("\x88\x80\x80\x80\x80\x80\x80\x80\x80\x00\x01", 11)),
             ScanProblem::None);
    QCOMPARE(problemOf(Bytes("\x0a\x81\x80\x80\x80\x80\x80\x80\x80\x80\x00x", 12)),
             ScanProblem::None);
    // A tenth byte above 1 does not fit, an eleventh never does.
    QCOMPARE(problemOf(Bytes("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 11)),
             ScanProblem::VarintTooLong);
    QCOMPARE(problemOf("\x08" + repeated(11, "\x80")), ScanProblem::VarintTooLong);
    QCOMPARE(problemOf("\x08" + repeated(9, "\x80")), ScanProblem::Truncated);
}

void FieldScannerTest::varintSizes() {
    for (int bits = 0; bits < 64; ++bits) {
        const std::uint64_t power = std::uint64_t{1} << bits;
        QCOMPARE(varintSize(power), bits / 7 + 1);
        QCOMPARE(varintSize(power - 1), bits == 0 ? 1 : (bits - 1) / 7 + 1);
    }
}

void FieldScannerTest::problems() {
    QCOMPARE(problemOf(""), ScanProblem::None);
    QCOMPARE(problemOf("\x08"), ScanProblem::Truncated);
    QCOMPARE(problemOf("\x12\x03hi"), ScanProblem::Truncated);
    QCOMPARE(problemOf("\x1d\x01\x01\x01"), ScanProblem::Truncated);
    QCOMPARE(problemOf("\x21\x01\x01\x01\x01\x01\x01\x01"), ScanProblem::Truncated);
    QCOMPARE(problemOf("\x2b\x30\x01"), ScanProblem::Truncated);
    QCOMPARE(problemOf(Bytes("\x00\x00", 2)), ScanProblem::BadFieldNumber);
    QCOMPARE(problemOf(Bytes("\x80\x80\x80\x80\x10\x00", 6)), ScanProblem::BadFieldNumber);  // 2^29
    QCOMPARE(problemOf(Bytes("\xf8\xff\xff\xff\x0f\x00", 6)), ScanProblem::None);  // 2^29-1
    QCOMPARE(problemOf(Bytes("\x0b\x80\x80\x80\x80\x10\x00\x0c", 8)),
             ScanProblem::None);  // in a group
    QCOMPARE(problemOf("\x0e"), ScanProblem::BadWireType);
    QCOMPARE(problemOf("\x0f"), ScanProblem::BadWireType);
    QCOMPARE(problemOf("\x0c"), ScanProblem::UnmatchedEndGroup);
    QCOMPARE(problemOf("\x0b\x14"), ScanProblem::UnmatchedEndGroup);
}

void FieldScannerTest::groupsNestAsDeepAsInGo() {
    const auto nested = [](int depth) { return repeated(depth, "\x0b") + repeated(depth, "\x0c"); };
    QCOMPARE(problemOf(nested(kMaxGroupDepth + 1)), ScanProblem::None);
    QCOMPARE(problemOf(nested(kMaxGroupDepth + 2)), ScanProblem::TooDeep);
}

void FieldScannerTest::staysAtItsProblem() {
    FieldScanner scanner("\x08\x01\x12\x05hi");
    QVERIFY(scanner.next());
    QVERIFY(!scanner.next());
    QVERIFY(!scanner.next());
    QCOMPARE(scanner.problem(), ScanProblem::Truncated);
    QCOMPARE(scanner.number(), 2u);
    QCOMPARE(scanner.offset(), std::size_t{2});
}

void FieldScannerTest::lastFieldWins() {
    QCOMPARE(lastField("\x0a\x01x\x0a\x01y\x12\x01z", 1), std::optional<BytesView>("y"));
    QCOMPARE(lastField("\x12\x01z", 1), std::optional<BytesView>(""));
    QCOMPARE(lastField("\x12\x02z", 1), std::optional<BytesView>());
}

CHANCERY_TEST(FieldScannerTest)
#include "FieldScannerTest.moc"
