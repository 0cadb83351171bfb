#include "src/protocol/RangeQuery.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::protocol;

namespace {

RangeQueryRecorder recorded(int count, std::uint32_t degree = kRangeQueryMaxDegree) {
    RangeQueryRecorder recorder(degree);
    for (int i = 0; i < count; ++i) recorder.add(fmt::format("k{:04}", i), Version{4, 0});
    return recorder;
}

/// The tree by its definition, level by level, for comparison with the incremental one.
std::vector<Bytes> leaves(int count, int degree) {
    std::vector<Bytes> out;
    for (int from = 0; from < count; from += degree + 1) {
        Bytes reads;
        for (int i = from; i < std::min(count, from + degree + 1); ++i) {
            const Bytes key = fmt::format("k{:04}", i);
            Bytes read =
                Bytes("\x0a") + static_cast<char>(key.size()) + key + Bytes("\x12\x02\x08\x04", 4);
            reads += Bytes("\x0a") + static_cast<char>(read.size()) + read;
        }
        out.push_back(crypto::sha256(reads));
    }
    return out;
}

}  // namespace

class RangeQueryTest : public QObject {
    Q_OBJECT

private slots:
    void upToTheDegreeReadsAreListed() {
        auto outcome = recorded(50).finish();
        QCOMPARE(outcome.reads.size(), std::size_t{50});
        QVERIFY(!outcome.summary);
        QVERIFY(recorded(0).finish().reads.empty());
        QVERIFY(!recorded(0).finish().summary);
    }

    void leafVector() {
        const auto outcome = recorded(51).finish();
        QVERIFY(outcome.reads.empty());
        QCOMPARE(outcome.summary.value().maxLevel, 1U);
        QCOMPARE(outcome.summary->maxDegree, 50U);
        QCOMPARE(toHex(outcome.summary->hashes.at(0)),
                 std::string("39681288075442a98a18c3d66f09846a062ad3448e2ed990eb7027d3a0bdc9e9"));
    }

    void hundredAndSixtyResultsGiveFourHashes() {
        const auto outcome = recorded(160).finish();
        QCOMPARE(outcome.summary.value().maxLevel, 1U);
        QCOMPARE(outcome.summary->hashes, leaves(160, 50));
        QCOMPARE(outcome.summary->hashes.size(), std::size_t{4});
    }

    void levelsCollapse() {
        // Degree 2: leaves of 3 reads; 3 hashes on a level become one on the next.
        const auto leaf = leaves(9, 2);
        const auto nine = recorded(9, 2).finish();
        QCOMPARE(nine.summary.value().maxLevel, 2U);
        QCOMPARE(nine.summary->hashes,
                 std::vector<Bytes>{crypto::sha256(leaf[0] + leaf[1] + leaf[2])});
        // Twelve reads: the fourth leaf is left alone and moves up as it is.
        const auto four = leaves(12, 2);
        const auto twelve = recorded(12, 2).finish();
        QCOMPARE(twelve.summary.value().hashes,
                 (std::vector<Bytes>{crypto::sha256(four[0] + four[1] + four[2]), four[3]}));
        // Fifteen: two are left and move up as one.
        const auto five = leaves(15, 2);
        QCOMPARE(recorded(15, 2).finish().summary.value().hashes,
                 (std::vector<Bytes>{crypto::sha256(five[0] + five[1] + five[2]),
                                     crypto::sha256(five[3] + five[4])}));
    }

    void aFullTopLevelCollapsesAtTheEnd() {
        // Degree 2, 24 reads: 8 leaves, two hashes on level 2, and two leaves that move up make
        // three: one more level.
        const auto leaf = leaves(24, 2);
        const Bytes first = crypto::sha256(leaf[0] + leaf[1] + leaf[2]);
        const Bytes second = crypto::sha256(leaf[3] + leaf[4] + leaf[5]);
        const Bytes third = crypto::sha256(leaf[6] + leaf[7]);
        const auto outcome = recorded(24, 2).finish();
        QCOMPARE(outcome.summary.value().maxLevel, 3U);
        QCOMPARE(outcome.summary->hashes,
                 std::vector<Bytes>{crypto::sha256(first + second + third)});
    }

    void withoutHashingAllReadsStay() {
        RangeQueryRecorder recorder(50, false);
        for (int i = 0; i < 200; ++i) recorder.add("k", std::nullopt);
        QCOMPARE(recorder.finish().reads.size(), std::size_t{200});
    }

    void resultsAreCompared() {
        const auto outcome = recorded(3).finish();
        RangeQuery query;
        QVERIFY(!sameResults(query, outcome));
        QVERIFY(sameResults(query, recorded(0).finish()));
        std::vector<KeyRead> reads;
        for (const auto& read : outcome.reads) reads.push_back({read.key, read.version});
        query.results = reads;
        QVERIFY(sameResults(query, outcome));
        QVERIFY(!sameResults(query, recorded(2).finish()));
        QVERIFY(!sameResults(query, recorded(60).finish()));
        reads[1].version = Version{4, 1};
        query.results = reads;
        QVERIFY(!sameResults(query, outcome));

        const auto many = recorded(60).finish();
        MerkleSummary summary{many.summary->maxDegree, many.summary->maxLevel, {}};
        for (const Bytes& hash : many.summary->hashes) summary.hashes.emplace_back(hash);
        query.results = summary;
        QVERIFY(sameResults(query, many));
        QVERIFY(!sameResults(query, recorded(61).finish()));
        QVERIFY(!sameResults(query, outcome));
        summary.maxLevel = 2;
        query.results = summary;
        QVERIFY(!sameResults(query, many));
    }
};

CHANCERY_TEST(RangeQueryTest)
#include "RangeQueryTest.moc"
