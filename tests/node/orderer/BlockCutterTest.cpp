#include "node/orderer/BlockCutter.h"

#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;

/// When a block is full (fact sheet A §5.5).
class BlockCutterTest : public QObject {
    Q_OBJECT
private slots:
    void cuts_data();
    void cuts();
    void configurationsStandAlone();
    void cutOfNothing();
};

namespace {

constexpr channel::BatchSize kLimits{3, 1000, 100};

OrderedEnvelope ofSize(std::size_t size, std::uint64_t index) {
    return {Bytes(size, 'x'), size, index};
}

/// "2@2 1@3": two envelopes up to number 2, then one.
std::string describe(const std::vector<Batch>& batches) {
    std::string text;
    for (const Batch& batch : batches)
        text += fmt::format("{}{}{}@{}", text.empty() ? "" : " ", batch.isConfig ? "c" : "",
                            batch.envelopes.size(), batch.lastIndex);
    return text;
}

}  // namespace

void BlockCutterTest::cuts_data() {
    QTest::addColumn<QList<int>>("sizes");
    QTest::addColumn<QString>("batches");
    QTest::addColumn<bool>("pending");
    QTest::newRow("one waits") << QList<int>{10} << "" << true;
    QTest::newRow("count") << QList<int>{10, 10, 10} << "3@3" << false;
    QTest::newRow("count and more") << QList<int>{10, 10, 10, 10} << "3@3" << true;
    QTest::newRow("exactly preferred waits") << QList<int>{60, 40} << "" << true;
    QTest::newRow("over preferred") << QList<int>{60, 41} << "1@1" << true;
    QTest::newRow("large alone") << QList<int>{101} << "1@1" << false;
    QTest::newRow("large behind pending") << QList<int>{10, 101} << "1@1 1@2" << false;
    QTest::newRow("large at once, then small") << QList<int>{101, 10} << "1@1" << true;
    QTest::newRow("exactly preferred alone waits") << QList<int>{100} << "" << true;
    QTest::newRow("overflow twice") << QList<int>{60, 60, 60} << "1@1 1@2" << true;
}

void BlockCutterTest::cuts() {
    QFETCH(QList<int>, sizes);
    QFETCH(QString, batches);
    QFETCH(bool, pending);
    BlockCutter cutter;
    std::vector<Batch> all;
    std::uint64_t index = 0;
    for (const int size : sizes)
        for (Batch& batch : cutter.add(ofSize(static_cast<std::size_t>(size), ++index), kLimits))
            all.push_back(std::move(batch));
    QCOMPARE(describe(all), batches.toStdString());
    QCOMPARE(cutter.hasPending(), pending);
}

void BlockCutterTest::configurationsStandAlone() {
    BlockCutter cutter;
    QCOMPARE(describe(cutter.addConfig(ofSize(500, 1))), std::string("c1@1"));
    QVERIFY(cutter.add(ofSize(10, 2), kLimits).empty());
    QVERIFY(cutter.add(ofSize(10, 3), kLimits).empty());
    QCOMPARE(describe(cutter.addConfig(ofSize(10, 4))), std::string("2@3 c1@4"));
    QVERIFY(!cutter.hasPending());
}

void BlockCutterTest::cutOfNothing() {
    BlockCutter cutter;
    QVERIFY(cutter.cut().empty());
    QVERIFY(cutter.add(ofSize(60, 1), kLimits).empty());
    QCOMPARE(cutter.cut().lastIndex, std::uint64_t(1));
    // The bytes of what was cut do not count any more.
    QVERIFY(cutter.add(ofSize(60, 2), kLimits).empty());
    QVERIFY(cutter.hasPending());
}

CHANCERY_TEST(BlockCutterTest)
#include "BlockCutterTest.moc"
