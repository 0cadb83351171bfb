#include <QtWidgets>

#include "tests/support/LayoutCheck.h"
#include "tests/support/TestMain.h"
#include "tests/ui/widgets/Samples.h"
#include "ui/style/Icons.h"
#include "ui/style/Theme.h"
#include "ui/widgets/QueryEdit.h"

namespace chancery::test {

/// Every widget in both themes as pictures in the build folder, for the eye; and for the machine
/// that nothing in them is cut off or lies on its neighbour.
class GalleryTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { ui::Theme::instance().applyTo(*qApp); }

    void pages_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("dark");
        for (const auto* name : {"states", "ledger", "controls", "tables"}) {
            QTest::addRow("%s light", name) << QString(name) << false;
            QTest::addRow("%s dark", name) << QString(name) << true;
        }
    }

    void pages() {
        QFETCH(QString, name);
        QFETCH(bool, dark);
        auto& theme = ui::Theme::instance();
        theme.setMode(dark ? ui::Theme::Mode::Dark : ui::Theme::Mode::Light);
        const std::unique_ptr<QWidget> page(name == "states"     ? sampleStates()
                                            : name == "ledger"   ? sampleLedger()
                                            : name == "controls" ? sampleControls()
                                                                 : sampleTables());
        page->show();
        QVERIFY(QTest::qWaitForWindowExposed(page.get()));
        if (auto* query = page->findChild<ui::QueryEdit*>()) query->setFocus();
        QCoreApplication::processEvents();
        save(*page, name, dark);
        const QStringList complaints = layoutComplaints(*page);
        QVERIFY2(complaints.isEmpty(), qPrintable(complaints.join('\n')));
    }

    void menus() {
        for (const bool dark : {false, true}) {
            auto& theme = ui::Theme::instance();
            theme.setMode(dark ? ui::Theme::Mode::Dark : ui::Theme::Mode::Light);
            QMenu menu;
            menu.addAction(ui::icon("copy"), "Copy as hexadecimal")
                ->setShortcut(QKeySequence::Copy);
            menu.addAction("Copy as text");
            menu.addSeparator();
            QAction* hash = menu.addAction("Block hash");
            hash->setCheckable(true);
            hash->setChecked(true);
            menu.addAction("Select all")->setEnabled(false);
            menu.popup({});
            menu.setActiveAction(hash);
            save(menu, "menu", dark);
            QComboBox combo;
            combo.addItems({"Any result", "Valid", "Invalid"});
            combo.show();
            combo.showPopup();
            save(*combo.view()->window(), "choices", dark);
            QVERIFY(combo.view()->window()->height() >= 3 * 16);
        }
    }

private:
    static void save(QWidget& widget, const QString& name, bool dark) {
        const QDir folder(QCoreApplication::applicationDirPath() + "/../gallery");
        QVERIFY(folder.mkpath("."));
        QVERIFY(widget.grab().save(folder.filePath(name + (dark ? "-dark.png" : "-light.png"))));
    }
};

CHANCERY_TEST(GalleryTest)

}  // namespace chancery::test

#include "GalleryTest.moc"
