#include "ui/shell/WorkspaceLock.h"

#include <QDir>
#include <QLocalSocket>
#include <QLockFile>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>

#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using chancery::ui::WorkspaceLock;

/// Starts the console itself as the other process.
class WorkspaceLockTest : public QObject {
    Q_OBJECT

    struct Run {
        int code = -1;
        QString error;
    };
    /// Lets events come through meanwhile: this process answers the other one.
    static Run run(const QStringList& arguments, const QProcessEnvironment& environment) {
        QProcess process;
        process.setProcessEnvironment(environment);
        QSignalSpy ended(&process, &QProcess::finished);
        process.start(QStringLiteral(CHANCERY_PROGRAM), arguments);
        if (!QTest::qWaitFor([&] { return !ended.isEmpty(); }, 30000)) process.kill();
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardError())};
    }
    static QProcessEnvironment offscreen() {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("QT_QPA_PLATFORM", "offscreen");
        return environment;
    }

private Q_SLOTS:
    void theSecondHandsItsArgumentsToTheFirst() {
        QTemporaryDir folder;
        WorkspaceLock lock(folder.path());
        QVERIFY(lock.acquire({}) == WorkspaceLock::Outcome::Owner);
        QSignalSpy handed(&lock, &WorkspaceLock::handedOver);
        const Run second =
            run({"--workspace", folder.path(), "--ledger", "some file", "账本"}, offscreen());
        QCOMPARE(second.code, 0);
        QCOMPARE(handed.size(), 1);
        const QStringList arguments = handed[0][0].toStringList();
        QCOMPARE(arguments.first(), QDir::currentPath());
        QCOMPARE(arguments.mid(3), QStringList({"--ledger", "some file", "账本"}));
    }

    void aHolderThatDoesNotAnswerIsNamed() {
        QTemporaryDir folder;
        QLockFile held(folder.filePath("lock"));
        held.setStaleLockTime(0);
        QVERIFY(held.tryLock(0));
        const Run second = run({"--workspace", folder.path()}, offscreen());
        QCOMPARE(second.code, 1);
        QVERIFY2(second.error.contains(QString::number(QCoreApplication::applicationPid())),
                 qPrintable(second.error));
    }

    void aLockLeftBehindIsTaken() {
        QTemporaryDir folder;
        QFile left(folder.filePath("lock"));
        QVERIFY(left.open(QFile::WriteOnly));
        // The form of QLockFile, with a process that does not run.
        left.write("999999999\nchancery\n" + QSysInfo::machineHostName().toUtf8() + "\n\n\n");
        left.close();
        WorkspaceLock lock(folder.path());
        QVERIFY(lock.acquire({}) == WorkspaceLock::Outcome::Owner);
    }

    void nonsenseIsNotHandedOver() {
        QTemporaryDir folder;
        WorkspaceLock lock(folder.path());
        QVERIFY(lock.acquire({}) == WorkspaceLock::Outcome::Owner);
        QSignalSpy handed(&lock, &WorkspaceLock::handedOver);
        for (const QByteArray& bytes :
             {QByteArray("{}\n"), QByteArray("\0\1\n", 3), QByteArray(70000, 'x')}) {
            QLocalSocket socket;
            socket.connectToServer(lock.serverName());
            QTRY_VERIFY(socket.state() == QLocalSocket::ConnectedState);
            socket.write(bytes);
            QTRY_VERIFY(socket.state() == QLocalSocket::UnconnectedState);
        }
        QCOMPARE(handed.size(), 0);
    }

    void aFolderThatCannotBeMadeIsSaid() {
        QTemporaryDir folder;
        QFile file(folder.filePath("file"));
        QVERIFY(file.open(QFile::WriteOnly));
        WorkspaceLock lock(file.fileName() + "/inside");
        QVERIFY(lock.acquire({}) == WorkspaceLock::Outcome::NoFolder);
    }

    void withoutADisplayTheCommandLineRuns() {
        auto environment = QProcessEnvironment::systemEnvironment();
        for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
            environment.remove(name);
        const std::string ledger = chancery::test::vectorPath("ledger/peer_blockfile_000000");
        const Run shown = run({"--ledger", QString::fromStdString(ledger)}, environment);
        QCOMPARE(shown.code, 0);
        QVERIFY2(shown.error.contains("no display"), qPrintable(shown.error));
        const Run wrong = run({"--lodger", "x"}, environment);
        QCOMPARE(wrong.code, 2);
        QVERIFY(wrong.error.contains("--lodger"));
        QCOMPARE(run({"--version"}, environment).code, 0);
    }
};

CHANCERY_TEST(WorkspaceLockTest)
#include "WorkspaceLockTest.moc"
