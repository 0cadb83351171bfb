#include <fabric/common/common.pb.h>

#include <QElapsedTimer>
#include <QTest>
#include <filesystem>

#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"
#include "tests/src/wire/NestedBlock.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;

class BlockDecodeTest : public QObject {
    Q_OBJECT
private slots:
    void knowsEveryFieldOfTheChain();
    void knowsEveryFieldOfTheBftChain();
    void speed_data();
    void speed();

private:
    static std::vector<Bytes> chain() {
        std::vector<Bytes> blocks;
        for (int number = 0; number < 278; ++number)
            blocks.push_back(
                test::vectorFile("ledger/blocks/block_" + std::to_string(number) + ".pb"));
        return blocks;
    }
};

void BlockDecodeTest::knowsEveryFieldOfTheChain() {
    test::NestedCounts sum;
    for (const Bytes& block : chain()) {
        const auto counts =
            test::decodeNested(block, [](const auto&, BytesView, const std::string&) {});
        sum.messages += counts.messages;
        sum.malformed += counts.malformed;
        sum.unknown += counts.unknown;
    }
    QCOMPARE(sum.unknown, std::size_t{0});
    QVERIFY(sum.messages > 10'000);
    // Transactions that were broken on purpose, see the verdicts in facts.json.
    QVERIFY(sum.malformed > 0 && sum.malformed < 10);
}

void BlockDecodeTest::knowsEveryFieldOfTheBftChain() {
    std::size_t blocks = 0;
    for (const auto& entry : std::filesystem::directory_iterator(test::vectorPath("bft/blocks"))) {
        if (entry.path().extension() == ".json") continue;
        const auto counts =
            test::decodeNested(test::vectorFile("bft/blocks/" + entry.path().filename().string()),
                               [](const auto&, BytesView, const std::string&) {});
        QCOMPARE(counts.unknown, std::size_t{0});
        QCOMPARE(counts.malformed, std::size_t{0});
        ++blocks;
    }
    QVERIFY(blocks >= 17);
}

// Printed, not judged: machines differ and are shared. The aim is 200 MB/s per core.
void BlockDecodeTest::speed_data() {
    QTest::addColumn<int>("copies");
    QTest::newRow("the chain's blocks, a few transactions each") << 0;
    QTest::newRow("one block of all their transactions") << 1;
    QTest::newRow("one block of 20 times as many") << 20;
}

void BlockDecodeTest::speed() {
    QFETCH(int, copies);
    std::vector<Bytes> blocks = chain();
    if (copies > 0) {
        common::Block all;
        for (int i = 0; i < copies; ++i)
            for (const Bytes& block : blocks)
                all.mutable_data()->MergeFrom(wire::parse<common::Block>(block, "block")->data());
        blocks = {wire::serialize(all)};
    }
    std::size_t bytes = 0;
    for (const Bytes& block : blocks) bytes += block.size();
    double best = 0;
    std::size_t messages = 0;
    for (int round = 0; round < 5; ++round) {
        messages = 0;
        QElapsedTimer timer;
        timer.start();
        for (const Bytes& block : blocks) messages += test::decodeNested(block).messages;
        best = std::max(best, double(bytes) * 1e3 / double(timer.nsecsElapsed()));
    }
    qInfo("%zu blocks, %zu bytes, %zu nested messages: %.0f MB/s, %.2f million messages/s",
          blocks.size(), bytes, messages, best, best * double(messages) / double(bytes));
    QVERIFY(messages > 10'000 || copies > 0);
}

CHANCERY_TEST(BlockDecodeTest)
#include "BlockDecodeTest.moc"
