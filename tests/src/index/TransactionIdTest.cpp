#include "src/index/TransactionId.h"

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/index/Names.h"
#include "src/index/Place.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using index::TransactionId;

class TransactionIdTest : public QObject {
    Q_OBJECT
private slots:
    void keepsAnyId();
    void findsBeginnings();
    void placesGrowAlongTheChain();
    void wordsAreText();
};

void TransactionIdTest::keepsAnyId() {
    const std::string good = toHex(crypto::sha256("x"));
    for (const std::string& id : {good, std::string(), std::string("odd"), good.substr(1),
                                  good + "0", "A" + good.substr(1), std::string("\0\xff", 2)}) {
        const TransactionId kept(id);
        QCOMPARE(TransactionId::textOf(kept.key, kept.stored), id);
        QCOMPARE(kept.key >= 0, id == good);
    }
    QVERIFY(TransactionId("odd").key != TransactionId("even").key);
}

void TransactionIdTest::findsBeginnings() {
    for (int i = 0; i < 50; ++i) {
        const std::string id = toHex(crypto::sha256(std::to_string(i)));
        const TransactionId kept(id);
        for (const std::size_t digits : {1, 4, 7, 13, 14, 15, 64}) {
            const auto range = TransactionId::range(id.substr(0, digits));
            QVERIFY(range);
            QVERIFY(range->first <= kept.key && kept.key <= range->second);
        }
        std::string other = id.substr(0, 8);
        other[7] = other[7] == '0' ? '1' : '0';
        const auto range = TransactionId::range(other);
        QVERIFY(kept.key < range->first || kept.key > range->second);
    }
    QVERIFY(!TransactionId::range(""));
    QVERIFY(!TransactionId::range("no hex"));
    QVERIFY(!TransactionId::range(std::string(65, 'a')));
}

void TransactionIdTest::placesGrowAlongTheChain() {
    using namespace index;
    QVERIFY(placeOf(0, 0) > kFromSnapshot);
    QVERIFY(placeOf(5, 7) < placeOf(5, 8));
    QVERIFY(placeOf(5, kEndSlot) < placeOf(6, 0));
    QVERIFY(placeOf(kMaxBlock, kEndSlot) < kNever);
    QCOMPARE(blockOf(placeOf(kMaxBlock, 3)), kMaxBlock);
    QCOMPARE(slotOf(placeOf(kMaxBlock, 3)), 3U);
    QCOMPARE(beginOf(kMaxBlock + 1), kNever);
    QCOMPARE(beginOf(~0ULL), kNever);
    QVERIFY((versionOf(placeOf(9, ~0ULL)) == protocol::Version{9, ~0ULL}));
    QVERIFY((versionOf(placeOf(9, 1)) == protocol::Version{9, 1}));
}

void TransactionIdTest::wordsAreText() {
    QCOMPARE(index::wordsOf("acct/2041"), std::string("acct/2041"));
    QCOMPARE(index::wordsOf(std::string("a\0b\xff", 4) + "c"), std::string("a b c"));
    QCOMPARE(index::wordsOf("\xe4\xb8\xad"), std::string("\xe4\xb8\xad"));
    QVERIFY(index::wordsOf(std::string(100'000, 'x')).size() <= 520);
}

CHANCERY_TEST(TransactionIdTest)
#include "TransactionIdTest.moc"
