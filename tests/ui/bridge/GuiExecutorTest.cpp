#include "ui/bridge/GuiExecutor.h"

#include <QSemaphore>
#include <QTest>
#include <atomic>
#include <thread>

#include "tests/support/TestMain.h"

using namespace chancery::ui;

class GuiExecutorTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void workRunsElsewhereAndItsResultArrivesHere() {
        const auto here = std::this_thread::get_id();
        std::thread::id there;
        int result = 0;
        const CallHandle handle = call(
            this,
            [&there](std::stop_token) {
                there = std::this_thread::get_id();
                return 42;
            },
            [&](int value) {
                QCOMPARE(std::this_thread::get_id(), here);
                result = value;
            });
        QTRY_COMPARE(result, 42);
        QVERIFY(there != here);
    }

    void valuesThatCannotBeCopiedPass() {
        std::unique_ptr<int> result;
        const CallHandle handle = callLong(
            this,
            [own = std::make_unique<int>(7)](std::stop_token) mutable { return std::move(own); },
            [&](std::unique_ptr<int> value) { result = std::move(value); });
        QTRY_VERIFY(result);
        QCOMPARE(*result, 7);
    }

    void aCancelledCallIsToldAndGivesNothing() {
        QSemaphore begun;
        std::atomic<bool> stopped = false;
        bool arrived = false;
        {
            const CallHandle handle = call(
                this,
                [&](std::stop_token stop) {
                    begun.release();
                    while (!stop.stop_requested()) std::this_thread::yield();
                    stopped = true;
                    return 1;
                },
                [&](int) { arrived = true; });
            begun.acquire();
        }
        QTRY_VERIFY(stopped);
        flush();
        QVERIFY(!arrived);
    }

    void aReceiverThatWentAwayGetsNothing() {
        QSemaphore begun, go;
        bool arrived = false;
        auto receiver = std::make_unique<QObject>();
        const CallHandle handle = call(
            receiver.get(),
            [&](std::stop_token) {
                begun.release();
                go.acquire();
                return 1;
            },
            [&](int) { arrived = true; });
        begun.acquire();
        receiver.reset();
        go.release();
        flush();
        QVERIFY(!arrived);
    }

    void aMovedHandleCancelsWhatItHadBefore() {
        std::stop_source first, second;
        CallHandle handle(first);
        handle = CallHandle(second);
        QVERIFY(first.stop_requested());
        QVERIFY(!second.stop_requested());
        CallHandle other(std::move(handle));
        handle.cancel();
        QVERIFY(!second.stop_requested());
        other.cancel();
        QVERIFY(second.stop_requested());
    }

    void longTasksDoNotKeepQuestionsWaiting() {
        QSemaphore go;
        std::vector<CallHandle> handles;
        int ended = 0;
        for (int i = 0; i < 12; ++i)
            handles.push_back(callLong(
                this,
                [&](std::stop_token) {
                    go.acquire();
                    return 0;
                },
                [&](int) { ++ended; }));
        int answer = 0;
        handles.push_back(call(
            this, [](std::stop_token) { return 5; }, [&](int value) { answer = value; }));
        QTRY_COMPARE(answer, 5);
        QCOMPARE(ended, 0);
        go.release(12);
        QTRY_COMPARE(ended, 12);
    }

private:
    /// Waits until what the pool has to do is done and its results were handed over.
    void flush() {
        for (int i = 0; i < 8; ++i) {
            bool passed = false;
            const CallHandle handle = call(
                this, [](std::stop_token) { return 0; }, [&](int) { passed = true; });
            QTRY_VERIFY(passed);
        }
    }
};

CHANCERY_TEST(GuiExecutorTest)
#include "GuiExecutorTest.moc"
