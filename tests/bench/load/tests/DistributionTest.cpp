#include "tests/bench/load/Distribution.h"

#include "tests/bench/load/RateSchedule.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace std::chrono_literals;
using load::Distribution;

class DistributionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingHasNoTimes() {
        const Distribution none;
        QCOMPARE(none.count(), std::size_t{0});
        QVERIFY(none.percentile(0.5) == 0ns && none.percentile(1) == 0ns && none.mean() == 0ns);
    }

    void oneIsAllPercentiles() {
        Distribution one;
        one.add(7ms);
        for (const double share : {0.0, 0.5, 0.99, 1.0}) QVERIFY(one.percentile(share) == 7ms);
    }

    void percentilesAreByRank() {
        Distribution hundred;
        for (int i = 100; i >= 1; --i) hundred.add(std::chrono::milliseconds(i));
        QVERIFY(hundred.percentile(0.5) == 50ms);
        QVERIFY(hundred.percentile(0.9) == 90ms);
        QVERIFY(hundred.percentile(0.99) == 99ms);
        QVERIFY(hundred.percentile(1) == 100ms);
        QVERIFY(hundred.mean() == 50'500us);
        hundred.add(1s);  // sorted anew
        QVERIFY(hundred.percentile(1) == 1s);
    }

    void saysMilliseconds() {
        Distribution two;
        two.add(1500us);
        two.add(2500us);
        const auto json = two.toJson();
        QCOMPARE(json["count"].get<int>(), 2);
        QCOMPARE(json["mean"].get<double>(), 2.0);
        QCOMPARE(json["p50"].get<double>(), 1.5);
        QCOMPARE(json["max"].get<double>(), 2.5);
    }

    void longTimesAreCut() {
        Distribution one;
        one.add(std::chrono::hours(24));
        one.add(-1s);
        QVERIFY(one.percentile(1) > 1h);
        QVERIFY(one.percentile(0) == 0ns);
    }

    void rateIsKeptExactly() {
        const load::RateSchedule::Time begin{};
        const load::RateSchedule schedule(begin, 3);
        QVERIFY(schedule.due(0) == begin);
        QVERIFY(schedule.due(3) == begin + 1s);
        QVERIFY(schedule.due(3'000'000) == begin + 1'000'000s);
        for (std::uint64_t n = 1; n < 100; ++n) {
            const auto gap = schedule.due(n) - schedule.due(n - 1);
            QVERIFY(gap > 333'333'000ns && gap < 333'334'000ns);
        }
    }
};

CHANCERY_TEST(DistributionTest)
#include "DistributionTest.moc"
