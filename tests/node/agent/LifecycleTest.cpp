#include "node/agent/Lifecycle.h"

#include <QtTest>

#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::agent;
using Action = Lifecycle::Action;

namespace {

constexpr absl::Time kBegin = absl::FromUnixSeconds(1'000'000);

absl::Time at(double seconds) {
    return kBegin + absl::Seconds(seconds);
}

}  // namespace

class LifecycleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void servesAndStops();
    void waitsLongerEachTime();
    void forgetsAccidentsOfLongAgo();
    void tellsWhoWaitsThatItFailed_data();
    void tellsWhoWaitsThatItFailed();
    void endsByForceInTheEnd();
    void startsAgainAfterStopping();
    void isStoppedWhileItWaits();
    void repeatsChangeNothing();
};

void LifecycleTest::servesAndStops() {
    Lifecycle life;
    QCOMPARE(life.phase(), Phase::Stopped);
    QCOMPARE(life.start(at(0)), Action::Launch);
    life.launched(at(0));
    QCOMPARE(life.phase(), Phase::Starting);
    QVERIFY(!life.due());
    life.ready(at(1));
    QCOMPARE(life.phase(), Phase::Running);
    QVERIFY(life.since() == at(1));
    QCOMPARE(life.stop(at(2)), Action::AskToEnd);
    QCOMPARE(life.phase(), Phase::Stopping);
    QVERIFY(!life.isWanted());
    QCOMPARE(life.ended(at(3), "returned 0", false), Action::None);
    QCOMPARE(life.phase(), Phase::Stopped);
    QVERIFY(life.problem().empty());
}

void LifecycleTest::waitsLongerEachTime() {
    Lifecycle life;
    life.start(at(0));
    life.launched(at(0));
    life.ready(at(0));
    absl::Time now = at(0);
    double expected = 0.5;
    for (std::uint32_t i = 1; i <= 12; ++i) {
        QCOMPARE(life.ended(now, "returned 1", false), Action::None);
        QCOMPARE(life.phase(), Phase::WaitingToRestart);
        QCOMPARE(life.problem(), std::string("returned 1"));
        QVERIFY(*life.nextStart() == now + absl::Seconds(expected));
        QCOMPARE(life.tick(*life.due() - absl::Milliseconds(1)), Action::None);
        now = *life.due();
        QCOMPARE(life.tick(now), Action::Launch);
        QCOMPARE(life.restarts(), i);
        life.launched(now);
        if (i % 2 == 0) life.ready(now);  // served or not, it is an accident
        expected = std::min(2 * expected, 60.0);
    }
    QCOMPARE(expected, 60.0);
}

void LifecycleTest::forgetsAccidentsOfLongAgo() {
    Lifecycle life;
    life.start(at(0));
    life.ready(at(0));
    life.ended(at(1), "x", false);
    life.tick(*life.due());
    life.ready(at(2));
    life.ended(at(3), "x", false);
    QVERIFY(*life.nextStart() == at(4));
    life.tick(at(4));
    life.ready(at(4));
    life.ended(at(64), "x", false);
    QVERIFY(*life.nextStart() == at(64.5));
}

void LifecycleTest::tellsWhoWaitsThatItFailed_data() {
    QTest::addColumn<bool>("byAgent");
    QTest::addColumn<bool>("isUseless");
    QTest::addColumn<bool>("isLaunched");
    QTest::addColumn<int>("phase");
    const int failed = int(Phase::Failed), waits = int(Phase::WaitingToRestart);
    QTest::newRow("asked for") << false << false << true << failed;
    QTest::newRow("asked for, bad settings") << false << true << true << failed;
    QTest::newRow("with the agent") << true << false << true << waits;
    QTest::newRow("with the agent, bad settings") << true << true << true << failed;
    QTest::newRow("asked for, no program") << false << false << false << failed;
    QTest::newRow("with the agent, no program") << true << false << false << waits;
}

void LifecycleTest::tellsWhoWaitsThatItFailed() {
    QFETCH(const bool, byAgent);
    QFETCH(const bool, isUseless);
    QFETCH(const bool, isLaunched);
    QFETCH(const int, phase);
    Lifecycle life;
    QCOMPARE(life.start(at(0), byAgent), Action::Launch);
    if (isLaunched) {
        life.launched(at(0));
        life.ended(at(1), "why", isUseless);
    } else {
        life.launchFailed(at(0), "why");
    }
    QCOMPARE(int(life.phase()), phase);
    QCOMPARE(life.problem(), std::string("why"));
    QVERIFY(life.isWanted());
    // Whoever asks again gets a new try at once.
    QCOMPARE(life.start(at(2)), Action::Launch);
}

void LifecycleTest::endsByForceInTheEnd() {
    Lifecycle life({.grace = absl::Seconds(3)});
    life.start(at(0));
    life.ready(at(0));
    life.stop(at(10));
    QVERIFY(*life.due() == at(13));
    QCOMPARE(life.tick(at(12)), Action::None);
    QCOMPARE(life.tick(at(13)), Action::Kill);
    QCOMPARE(life.phase(), Phase::Stopping);
    QCOMPARE(life.ended(at(13), "killed", false), Action::None);
    QCOMPARE(life.phase(), Phase::Stopped);
}

void LifecycleTest::startsAgainAfterStopping() {
    Lifecycle life;
    life.start(at(0));
    life.ready(at(0));
    life.stop(at(1));
    QCOMPARE(life.start(at(2)), Action::None);
    QCOMPARE(life.ended(at(3), "returned 0", false), Action::Launch);
    QCOMPARE(life.phase(), Phase::Starting);
    QCOMPARE(life.restarts(), 0U);
}

void LifecycleTest::isStoppedWhileItWaits() {
    Lifecycle life;
    life.start(at(0));
    life.ready(at(0));
    life.ended(at(1), "x", false);
    QCOMPARE(life.stop(at(1)), Action::None);
    QCOMPARE(life.phase(), Phase::Stopped);
    QVERIFY(!life.due());
    QCOMPARE(life.tick(at(100)), Action::None);
}

void LifecycleTest::repeatsChangeNothing() {
    Lifecycle life;
    QCOMPARE(life.stop(at(0)), Action::None);
    life.start(at(0));
    QCOMPARE(life.start(at(0)), Action::None);
    life.ready(at(1));
    life.ready(at(2));
    QVERIFY(life.since() == at(1));
    QCOMPARE(life.start(at(2)), Action::None);
    QCOMPARE(life.stop(at(3)), Action::AskToEnd);
    QCOMPARE(life.stop(at(4)), Action::None);
    QVERIFY(*life.due() == at(8));
}

CHANCERY_TEST(LifecycleTest)
#include "LifecycleTest.moc"
