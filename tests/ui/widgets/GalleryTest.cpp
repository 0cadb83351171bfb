#include <QtWidgets>

#include "tests/support/LayoutCheck.h"
#include "tests/support/TestMain.h"
#include "tests/ui/widgets/Samples.h"
#include "ui/style/Theme.h"

namespace chancery::test {

/// Every widget in both themes as pictures in the build folder, for the eye; and for the machine
/// that nothing in them is cut off or lies on its neighbour, at usual and at doubled size of type.
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
        QCoreApplication::processEvents();
        const QPixmap shot = page->grab();
        const QDir folder(QCoreApplication::applicationDirPath() + "/../gallery");
        QVERIFY(folder.mkpath("."));
        QVERIFY(shot.save(folder.filePath(name + (dark ? "-dark.png" : "-light.png"))));
        const QStringList complaints = layoutComplaints(*page);
        QVERIFY2(complaints.isEmpty(), qPrintable(complaints.join('\n')));
    }
};

CHANCERY_TEST(GalleryTest)

}  // namespace chancery::test

#include "GalleryTest.moc"
