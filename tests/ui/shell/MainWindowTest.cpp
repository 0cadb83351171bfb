#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QSignalSpy>

#include "src/base/Encoding.h"
#include "tests/support/EventWatchdog.h"
#include "tests/support/LayoutCheck.h"
#include "tests/support/TestMain.h"
#include "tests/ui/shell/ShellFixture.h"
#include "ui/models/CommandRegistry.h"
#include "ui/models/NotificationModel.h"
#include "ui/models/OperationModel.h"
#include "ui/models/PaletteModel.h"
#include "ui/pages/Page.h"
#include "ui/pages/WelcomePage.h"
#include "ui/shell/CommandPalette.h"
#include "ui/shell/ContextBar.h"
#include "ui/shell/NavModel.h"

using namespace chancery::test;
using namespace chancery::ui;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#else
#endif

class MainWindowTest : public QObject {
    Q_OBJECT

    static void press(QWidget& widget, int key, Qt::KeyboardModifiers modifiers = {}) {
        QTest::keyClick(&widget, static_cast<Qt::Key>(key), modifiers);
    }
    static void fits(const QWidget& widget) {
        (void)QTest::qWaitFor([&] { return layoutComplaints(widget).isEmpty(); }, 2000);
        QVERIFY2(layoutComplaints(widget).isEmpty(),
                 qPrintable(layoutComplaints(widget).join('\n')));
    }
    static QStringList titles(const PaletteModel& model) {
        QStringList all;
        for (int row = 0; row < model.rowCount(); ++row)
            if (model.entry(row) != nullptr) all.append(model.entry(row)->title);
        return all;
    }

private Q_SLOTS:
    void beginsOnTheWelcomePage() {
        ShellFixture at;
        QCOMPARE(at.window().currentPage(), "welcome");
        QCOMPARE(at.window().contextBar().partButtons().size(), 1U);
        QCOMPARE(at.window().contextBar().partButtons().front()->part().text, "none open");
        QVERIFY(!at.window().showPage("ledger"));
        QVERIFY(!at.window().showPage("nothing"));
    }

    void opensALedgerAndTellsWhatItIs() {
        ShellFixture at;
        QVERIFY(at.openVectors());
        QCOMPARE(at.window().currentPage(), "ledger");
        const auto& parts = at.window().contextBar().partButtons();
        QCOMPARE(parts.size(), 3U);
        QCOMPARE(parts[0]->part().text, "peer_blockfile_000000");
        QVERIFY(parts[0]->part().status == Status::Ok);
        QCOMPARE(parts[1]->part().text, at.ledger().channel());
        QVERIFY(!parts[2]->part().menu);
        const QString first =
            at.window().welcome().findChild<QListView*>()->model()->index(0, 0).data().toString();
        QCOMPARE(first, "peer_blockfile_000000");
    }

    void aBrokenLedgerIsTold() {
        ShellFixture at;
        QFile file(ShellFixture::path("ledger/peer_blockfile_000000"));
        QVERIFY(file.open(QFile::ReadOnly));
        QByteArray bytes = file.readAll();
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        QFile broken(at.folder.filePath("broken_blockfile"));
        QVERIFY(broken.open(QFile::WriteOnly) && broken.write(bytes) == bytes.size());
        broken.close();
        QVERIFY(at.open(broken.fileName()));
        QTRY_COMPARE(at.window()
                         .navigation()
                         .index(at.window().navigation().rowOf("ledger"))
                         .data(NavModel::BadgeStatusRole)
                         .toInt(),
                     static_cast<int>(Status::Error));
        QVERIFY(at.window().contextBar().partButtons()[0]->part().status == Status::Error);
    }

    void thePaletteIsWorkedByKeys() {
        ShellFixture at;
        QVERIFY(at.openVectors());
        MainWindow& window = at.window();
        CommandPalette& palette = window.palette();
        press(window, Qt::Key_K, Qt::ControlModifier);
        QVERIFY(palette.isOpen());
        QTest::keyClicks(palette.field(), "87");
        QTRY_VERIFY(titles(window.paletteModel()).contains("Block 87"));
        const int row = [&] {
            for (int i = 0; i < window.paletteModel().rowCount(); ++i)
                if (const auto* entry = window.paletteModel().entry(i);
                    entry != nullptr && entry->title == "Block 87")
                    return i;
            return -1;
        }();
        while (palette.list()->currentIndex().row() < row) press(*palette.field(), Qt::Key_Down);
        press(*palette.field(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(QGuiApplication::clipboard()->text().startsWith("chanceryctl ledger show "));
        press(*palette.field(), Qt::Key_Return);
        QVERIFY(!palette.isOpen());
        // The page selects a transaction of the block: the place gets its more exact address.
        QTRY_VERIFY(window.history().current()->kind == "tx" &&
                    window.history().current()->id.startsWith("87:"));
        press(window, Qt::Key_K, Qt::ControlModifier);
        press(*palette.field(), Qt::Key_Escape);
        QVERIFY(!palette.isOpen());
    }

    void aPastedIdIsRecognised() {
        ShellFixture at;
        QVERIFY(at.openVectors());
        const auto query = chancery::usecase::parseLedgerQuery("block:87", 0);
        QVERIFY(query.ok());
        const auto page = at.ledger().ledger()->transactions(*query, 0, 1);
        VERIFY_OK(page);
        const QString id = QString::fromStdString(page->rows.front().txId);
        at.window().palette().open("  " + id.toUpper() + " ");
        PaletteModel& model = at.window().paletteModel();
        QTRY_VERIFY(titles(model).join(' ').contains(id.left(16)));
        // Other things that can be done with it.
        for (int row = 0; row < model.rowCount(); ++row)
            if (const auto* entry = model.entry(row); entry != nullptr && entry->icon == "send")
                QCOMPARE(entry->actions.size(), 3U);
    }

    void pastedHashesAndCertificatesAreRecognised() {
        ShellFixture at;
        QVERIFY(at.openVectors());
        PaletteModel& model = at.window().paletteModel();
        const auto block = at.ledger().ledger()->block(87);
        VERIFY_OK(block);
        at.window().palette().open(
            QString::fromStdString(chancery::toHex(block->summary.hash)).toUpper());
        QTRY_VERIFY(titles(model).contains(QStringLiteral("Block 87")));

        // As a text field gives it back.
        QFile file(ShellFixture::path("msp/extra/b_from_root/cert.pem"));
        QVERIFY(file.open(QFile::ReadOnly));
        QString pem = QString::fromLatin1(file.readAll());
        at.window().palette().open(pem.replace('\n', ' '));
        QTRY_VERIFY(titles(model).join('\n').contains(QStringLiteral("Transactions sent by ")));
    }

    void goesBackAndForward() {
        ShellFixture at;
        QVERIFY(at.openVectors());
        MainWindow& window = at.window();
        const QString key = at.ledger().key();
        QVERIFY(window.openLink({"ledger", key, "block", "40"}));
        QVERIFY(window.openLink({"ledger", key, "block", "87"}));
        QVERIFY(!window.openLinkText("chancery://ledger/unknown/block/1"));
        QVERIFY(!window.openLinkText("https://example.org"));
        window.goBack();
        QCOMPARE(window.history().current()->id, "40");
        while (window.history().canGoBack()) window.goBack();
        QCOMPARE(window.currentPage(), "welcome");
        window.goForward();
        QCOMPARE(window.currentPage(), "ledger");
        window.showWelcome();
        // A link opens a ledger again that was closed.
        at.ledger().close();
        QVERIFY(window.openLink({"ledger", key, "block", "40"}));
        QTRY_VERIFY(at.ledger().state() == LedgerPageModel::State::Open);
        QCOMPARE(at.ledger().key(), key);
    }

    void languageChangesAtOnce() {
        ShellFixture at;
        QVERIFY(at.openVectors());
        MainWindow& window = at.window();
        QCOMPARE(window.navigation().index(window.navigation().rowOf("ledger")).data().toString(),
                 "Ledger");
        at.settings.setLanguage("zh_CN");
        QTRY_COMPARE(
            window.navigation().index(window.navigation().rowOf("ledger")).data().toString(),
            QString("账本"));
        QTRY_COMPARE(window.contextBar().partButtons()[1]->part().caption, QString("通道"));
        QCOMPARE(window.currentPage(), "ledger");
        const auto chinese = [&](const QString& text) {
            for (const QLabel* label : window.findChildren<QLabel*>())
                if (label->isVisible() && label->text() == text) return true;
            return false;
        };
        QTRY_VERIFY(chinese("账本"));
        at.settings.setLanguage("en");
        QTRY_COMPARE(window.contextBar().partButtons()[1]->part().caption, "Channel");
    }

    void theActivityOpensAndCloses() {
        ShellFixture at;
        QVERIFY(at.openVectors());
        QVERIFY(!at.window().isActivityShown());
        press(at.window(), Qt::Key_J, Qt::ControlModifier);
        QVERIFY(at.window().isActivityShown());
        press(at.window(), Qt::Key_J, Qt::ControlModifier);
        QVERIFY(!at.window().isActivityShown());
    }

    void theMenuBarComesWithAlt() {
        ShellFixture at;
        QMenuBar* bar = at.window().menuBar();
        QVERIFY(!bar->isVisible());
        QTest::keyPress(&at.window(), Qt::Key_Alt, Qt::AltModifier);
        QTest::keyRelease(&at.window(), Qt::Key_Alt);
        QVERIFY(bar->isVisible());
        QVERIFY(bar->actions().size() >= 4);
        QTest::keyPress(&at.window(), Qt::Key_Alt, Qt::AltModifier);
        QTest::keyRelease(&at.window(), Qt::Key_Alt);
        QVERIFY(!bar->isVisible());
    }

    void dialogsOpenAndEndWithEscape() {
        ShellFixture at;
        for (const auto& open : {&MainWindow::openSettings, &MainWindow::openKeys}) {
            (at.window().*open)();
            auto* dialog = at.window().findChild<QDialog*>();
            QVERIFY(dialog != nullptr && dialog->isVisible());
            fits(*dialog);
            press(*dialog, Qt::Key_Escape);
            QTRY_VERIFY(at.window().findChild<QDialog*>() == nullptr);
        }
    }

    void nothingIsCut_data() {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<QString>("language");
        for (const char* language : {"en", "zh_CN"}) {
            QTest::addRow("wide %s", language) << QSize(1440, 900) << QString(language);
            QTest::addRow("small %s", language) << QSize(1100, 700) << QString(language);
        }
    }
    void nothingIsCut() {
        QFETCH(QSize, size);
        QFETCH(QString, language);
        ShellFixture at(size, language);
        fits(at.window());
        QVERIFY(at.openVectors());
        fits(at.window());
        at.window().setActivityShown(true);
        fits(at.window());
        at.window().palette().open("e");
        fits(at.window().palette());
        at.window().palette().close();
        at.window().openSettings();
        auto* dialog = at.window().findChild<QDialog*>();
        fits(*dialog);
    }

    /// The application of all these tests watches; here is a lot at once for it to see.
    void noEventTakesLong() {
        ShellFixture at;
        auto* application = dynamic_cast<WatchedApplication*>(qApp);
        QVERIFY(application != nullptr);
        const std::size_t before = application->handled();
        QVERIFY(at.openVectors());
        for (const char* text : {"v", "ve", "87", "# 12", "acct"}) {
            at.window().palette().open(text);
            QCoreApplication::processEvents();
        }
        at.window().palette().close();
        at.window().setActivityShown(true);
        at.settings.setAppearance(Settings::Appearance::Dark);
        QCoreApplication::processEvents();
        at.settings.setAppearance(Settings::Appearance::Light);
        QCoreApplication::processEvents();
        QVERIFY(application->handled() > before + 100);
    }

    void partsHaveNames() {
        ShellFixture at;
        QVERIFY(at.openVectors());
        for (const QAbstractButton* button : at.window().findChildren<QAbstractButton*>()) {
            if (!button->isVisible()) continue;
            const QAccessibleInterface* known =
                QAccessible::queryAccessibleInterface(const_cast<QAbstractButton*>(button));
            QVERIFY(known != nullptr);
            QVERIFY2(!known->text(QAccessible::Name).isEmpty() || !button->text().isEmpty(),
                     button->metaObject()->className());
        }
    }
};

CHANCERY_TEST(MainWindowTest)
#include "MainWindowTest.moc"
