#include "tests/support/EventWatchdog.h"

#include <QTimer>
#include <ctime>

#include "tests/support/TestMain.h"

using namespace chancery::test;

class EventWatchdogTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void seesWhoWorksTooLong() {
        auto* application = dynamic_cast<WatchedApplication*>(qApp);
        QVERIFY(application != nullptr);
        (void)application->takeSlow();
        bool done = false;
        QTimer::singleShot(0, this, [&] {
            timespec now{};
            do {
                clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
            } while (milliseconds(now) < milliseconds(m_begun) + 2 * WatchedApplication::limit());
            done = true;
        });
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &m_begun);
        QTRY_VERIFY(done);
        const auto slow = application->takeSlow();
        QCOMPARE(slow.size(), std::size_t{1});
        QVERIFY(slow.front().milliseconds > WatchedApplication::limit());
        QVERIFY2(slow.front().what.startsWith("seesWhoWorksTooLong: "),
                 qPrintable(slow.front().what));
    }

private:
    static double milliseconds(const timespec& time) {
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    }
    timespec m_begun{};
};

CHANCERY_TEST(EventWatchdogTest)
#include "EventWatchdogTest.moc"
