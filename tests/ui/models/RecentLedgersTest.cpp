#include "ui/models/RecentLedgers.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTemporaryDir>

#include "tests/support/TestMain.h"
#include "ui/models/Settings.h"

using namespace chancery::ui;

class RecentLedgersTest : public QObject {
    Q_OBJECT

    static RecentLedger ledger(const QString& path) {
        RecentLedger one;
        one.paths = QStringList{path};
        one.name = path.section('/', -1);
        one.channel = "settlement";
        one.verdict = RecentLedger::Verdict::Good;
        one.blocks = 1204213;
        one.opened = QDateTime(QDate(2026, 3, 1), QTime(12, 0), Qt::UTC);
        return one;
    }

private Q_SLOTS:
    void rememberedOverAStart() {
        QTemporaryDir folder;
        const QString file = folder.filePath("settings.ini");
        {
            Settings settings(file);
            RecentLedgers recent(settings);
            for (int i = 0; i < 30; ++i) recent.remember(ledger(QString("/x/%1.block").arg(i)));
            recent.remember(ledger("/x/20.block"));
            QCOMPARE(recent.rowCount(), 20);
        }
        Settings settings(file);
        RecentLedgers recent(settings);
        QAbstractItemModelTester tester(&recent,
                                        QAbstractItemModelTester::FailureReportingMode::Fatal);
        QCOMPARE(recent.rowCount(), 20);
        QCOMPARE(recent.at(0).name, "20.block");
        QCOMPARE(recent.at(1).name, "29.block");
        QCOMPARE(recent.at(0).blocks, quint64(1204213));
        QCOMPARE(recent.index(0).data(RecentLedgers::DateRole).toDateTime(), ledger("/x").opened);
        recent.remove(0);
        QCOMPARE(recent.at(0).name, "29.block");
        RecentLedger better = ledger("/x/29.block");
        better.verdict = RecentLedger::Verdict::Bad;
        recent.remember(better);
        QCOMPARE(recent.rowCount(), 19);
        QVERIFY(recent.at(0).verdict == RecentLedger::Verdict::Bad);
    }

    void missingOnesAreFoundOut() {
        QTemporaryDir folder;
        QFile there(folder.filePath("there.block"));
        QVERIFY(there.open(QFile::WriteOnly));
        Settings settings(folder.filePath("settings.ini"));
        RecentLedgers recent(settings);
        recent.remember(ledger(there.fileName()));
        recent.remember(ledger(folder.filePath("gone.block")));
        QSignalSpy looked(&recent, &RecentLedgers::looked);
        recent.look();
        QTRY_VERIFY(!looked.isEmpty());
        QVERIFY(recent.at(0).missing);
        QVERIFY(recent.index(0).data(RecentLedgers::SummaryRole).toString().contains("gone.block"));
        QVERIFY(!recent.at(1).missing);
        recent.relocate(0, {there.fileName()});
        QVERIFY(!recent.at(0).missing);
    }

    void damagedSettingsGiveAnEmptyList() {
        QTemporaryDir folder;
        Settings settings(folder.filePath("settings.ini"));
        settings.setValue("recentLedgers", QByteArray("[{\"paths\":7},3,{\"paths\":[]}"));
        QCOMPARE(RecentLedgers(settings).rowCount(), 0);
        settings.setValue("recentLedgers",
                          QByteArray("[{\"paths\":7},3,{\"paths\":[\"/a\"],\"verdict\":99}]"));
        RecentLedgers recent(settings);
        QCOMPARE(recent.rowCount(), 1);
    }

    void settingsAreToldAndKept() {
        QTemporaryDir folder;
        const QString file = folder.filePath("settings.ini");
        {
            Settings settings(file);
            QSignalSpy changed(&settings, &Settings::changed);
            settings.setLanguage("zh_CN");
            settings.setLanguage("zh_CN");
            settings.setDensity(Settings::Density::Compact);
            settings.setAppearance(Settings::Appearance::Dark);
            QCOMPARE(changed.size(), 3);
            settings.setState("window", QByteArray("\0\1\2", 3));
            for (int i = 0; i < 20; ++i) settings.addRecentCommand(QString::number(i % 15));
        }
        Settings settings(file);
        QCOMPARE(settings.language(), "zh_CN");
        QVERIFY(settings.density() == Settings::Density::Compact);
        QVERIFY(settings.appearance() == Settings::Appearance::Dark);
        QCOMPARE(settings.state("window"), QByteArray("\0\1\2", 3));
        QCOMPARE(settings.recentCommands().size(), 12);
        QCOMPARE(settings.recentCommands().first(), "4");
        settings.setLanguage("xx");
        QVERIFY(settings.language() == "en" || settings.language() == "zh_CN");
        settings.setValue("theme", "purple");
        QVERIFY(settings.appearance() == Settings::Appearance::System);
    }
};

CHANCERY_TEST(RecentLedgersTest)
#include "RecentLedgersTest.moc"
