#include <QDir>
#include <QTemporaryDir>
#include <csignal>

#include "src/cli/ExitCode.h"
#include "tests/src/cli/Chanceryctl.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::test;

class InterruptTest : public QObject {
    Q_OBJECT
private slots:
    // In a process of its own, for this one has threads that were there before.
    void anInterruptedExportLeavesNothing_data() {
        QTest::addColumn<QStringList>("what");
        QTest::newRow("json") << QStringList{"export", "--format", "json"};
        QTest::newRow("blocks") << QStringList{"export", "--format", "blocks"};
    }

    void anInterruptedExportLeavesNothing() {
        QFETCH(QStringList, what);
        const QTemporaryDir folder;
        const QString out = folder.filePath("out");
        QProcess process;
        process.setWorkingDirectory(CHANCERY_SOURCE);
        process.start(CHANCERYCTL,
                      QStringList{"ledger"} + what +
                          QStringList{kVectors + "ledger/peer_blockfile_000000", "--out", out});
        QVERIFY(process.waitForStarted());
        // From the moment on that there is something to be left behind.
        while (!QFileInfo::exists(out) && process.state() == QProcess::Running)
            process.waitForFinished(1);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(60000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), static_cast<int>(cli::ExitCode::Interrupted));
        const QByteArray told = process.readAllStandardError();
        QVERIFY2(told.contains("removed again"), told.constData());
        QVERIFY(QDir(folder.path()).isEmpty());
    }
};

CHANCERY_TEST(InterruptTest)
#include "InterruptTest.moc"
