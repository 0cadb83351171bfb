#include "ui/bridge/Coalescer.h"

#include <QTest>
#include <thread>

#include "tests/support/TestMain.h"

using namespace chancery::ui;

class CoalescerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void manyPokesBecomeFewCallsAndTheLastOneCounts() {
        std::atomic<int> state = 0;
        int calls = 0;
        int seen = -1;
        Coalescer coalescer(
            [&] {
                ++calls;
                seen = state;
            },
            20);
        std::thread other([poke = coalescer.poker(), &state] {
            for (int i = 1; i <= 10000; ++i) {
                state = i;
                poke();
            }
        });
        QTRY_COMPARE(seen, 10000);
        other.join();
        QVERIFY2(calls < 1000, qPrintable(QString::number(calls)));
    }

    void aPokerMayOutliveIt() {
        bool called = false;
        std::function<void()> poke;
        {
            Coalescer coalescer([&] { called = true; });
            poke = coalescer.poker();
        }
        poke();
        QCoreApplication::processEvents();
        QVERIFY(!called);
    }
};

CHANCERY_TEST(CoalescerTest)
#include "CoalescerTest.moc"
