#include "ui/models/OperationModel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

#include "tests/support/TestMain.h"
#include "ui/models/Durations.h"
#include "ui/models/NotificationModel.h"

using namespace chancery::ui;

class OperationModelTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void operationsComeAndGo() {
        OperationModel model;
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::Fatal);
        QSignalSpy running(&model, &OperationModel::runningChanged);
        int cancelled = 0;
        Operation first;
        first.title = "Verify settlement";
        first.cancel = [&] { ++cancelled; };
        const quint64 one = model.start(first);
        Operation second;
        second.title = "Export";
        const quint64 two = model.start(second);
        QCOMPARE(model.runningCount(), 2);
        QCOMPARE(model.current()->id, two);
        QCOMPARE(model.at(1).id, one);
        model.progress(one, 0.5, "block 12");
        QCOMPARE(model.index(1, OperationModel::Progress).data().toString(), "50 %");
        QCOMPARE(model.index(1, OperationModel::Step).data().toString(), "block 12");
        model.progress(one, 7, "too far");
        QCOMPARE(model.index(1, OperationModel::Progress).data().toString(), "100 %");
        model.cancel(one);
        model.cancel(one);
        QCOMPARE(cancelled, 1);
        model.finish(two, Operation::State::Succeeded, "12,000 transactions");
        model.finish(two, Operation::State::Failed, "later");
        QCOMPARE(model.at(0).step, "12,000 transactions");
        QVERIFY(model.at(0).state == Operation::State::Succeeded);
        QCOMPARE(model.current()->id, one);
        model.setReveal(two, "/tmp/x.csv", "chancery://a/b/c");
        QCOMPARE(model.at(0).revealPath, "/tmp/x.csv");
        QCOMPARE(running.size(), 3);
    }

    void unknownIdsDoNothing() {
        OperationModel model;
        model.progress(7, 0.5, "x");
        model.finish(7, Operation::State::Failed, "x");
        model.cancel(7);
        model.setReveal(7, "x", "y");
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(model.current() == nullptr);
    }

    void finishedOnesAreForgottenAfterADay() {
        OperationModel model;
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::Fatal);
        Operation old;
        old.started = QDateTime::currentDateTimeUtc().addDays(-3);
        const quint64 running = model.start(old);
        const quint64 other = model.start(Operation{});
        model.finish(other, Operation::State::Succeeded, "done");
        model.start(Operation{});
        QCOMPARE(model.rowCount(), 3);
        QVERIFY(model.rowOf(running) >= 0);
    }

    void notificationsAreCountedAndCapped() {
        NotificationModel model;
        QAbstractItemModelTester tester(&model,
                                        QAbstractItemModelTester::FailureReportingMode::Fatal);
        for (int i = 0; i < 520; ++i) {
            Notification one;
            one.kind = i % 2 == 0 ? Notification::Kind::Good : Notification::Kind::Error;
            one.title = QString::number(i);
            model.add(one);
        }
        QCOMPARE(model.rowCount(), 500);
        QCOMPARE(model.at(0).title, "519");
        QCOMPARE(model.unreadCount(), 500);
        QCOMPARE(model.problemCount(), 250);
        QSignalSpy counts(&model, &NotificationModel::countsChanged);
        model.markAllRead();
        model.markAllRead();
        QCOMPARE(model.unreadCount(), 0);
        QCOMPARE(counts.size(), 1);
        model.remove(0);
        model.remove(-1);
        model.remove(4000);
        QCOMPARE(model.rowCount(), 499);
    }

    void durationsAreReadable() {
        QCOMPARE(clockText(7), "00:07");
        QCOMPARE(clockText(3727), "1:02:07");
        QCOMPARE(durationText(12), "12 s");
        QCOMPARE(durationText(372), "6 min 12 s");
        QCOMPARE(durationText(7500), "2 h 05 min");
    }
};

CHANCERY_TEST(OperationModelTest)
#include "OperationModelTest.moc"
