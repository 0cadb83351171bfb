#include "src/base/TaskPool.h"

#include <atomic>
#include <numeric>

#include "tests/support/TestMain.h"

using namespace chancery;

class TaskPoolTest : public QObject {
    Q_OBJECT
private slots:
    void runsEverything();
    void forEachTouchesEveryIndexOnce();
    void forEachWithinATask();
};

void TaskPoolTest::runsEverything() {
    std::atomic<int> ran{0};
    {
        TaskPool pool("test", 2, 4);
        for (int i = 0; i < 1000; ++i) pool.post([&] { ++ran; });
    }
    QCOMPARE(ran.load(), 1000);
}

void TaskPoolTest::forEachTouchesEveryIndexOnce() {
    TaskPool pool("test", 3);
    std::vector<int> touched(10000, 0);
    pool.forEach(touched.size(), [&](std::size_t i) { ++touched[i]; });
    QCOMPARE(std::accumulate(touched.begin(), touched.end(), 0), 10000);
    QVERIFY(std::all_of(touched.begin(), touched.end(), [](int n) { return n == 1; }));
}

void TaskPoolTest::forEachWithinATask() {
    TaskPool pool("test", 2);
    std::atomic<int> ran{0};
    pool.forEach(8, [&](std::size_t) { pool.forEach(8, [&](std::size_t) { ++ran; }); });
    QCOMPARE(ran.load(), 64);
}

CHANCERY_TEST(TaskPoolTest)
#include "TaskPoolTest.moc"
