#include <QAccessible>

#include <QSignalSpy>
#include <QtWidgets>
#include "tests/support/TestMain.h"
#include "ui/style/Paint.h"
#include "ui/widgets/Badge.h"
#include "ui/widgets/ChainStrip.h"
#include "ui/widgets/ConfirmByNameDialog.h"
#include "ui/widgets/CopyLabel.h"
#include "ui/widgets/DetailGrid.h"
#include "ui/widgets/DropArea.h"
#include "ui/widgets/ErrorState.h"
#include "ui/widgets/FigureStrip.h"
#include "ui/widgets/IconButton.h"
#include "ui/widgets/Label.h"
#include "ui/widgets/Notice.h"
#include "ui/widgets/OrgChip.h"
#include "ui/widgets/ProgressLine.h"
#include "ui/widgets/SearchField.h"
#include "ui/widgets/SegmentedControl.h"
#include "ui/widgets/Spinner.h"

namespace chancery::test {

using namespace ui;

class WidgetsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme::instance().applyTo(*qApp); }

    void copyLabelCopiesTheWholeValue() {
        CopyLabel label(QString(64, 'a') + "end");
        label.setShortened(8, 4);
        label.setWhat("transaction ID");
        QSignalSpy copied(&label, &CopyLabel::copied);
        auto* button = label.findChild<IconButton*>();
        QCOMPARE(button->accessibleName(), QString("Copy transaction ID"));
        const QImage before = button->grab().toImage();
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), QString(64, 'a') + "end");
        QCOMPARE(copied.count(), 1);
        QVERIFY(before != button->grab().toImage());  // a tick for a second
    }

    void segmentsMoveByKeys() {
        SegmentedControl control({"Tree", "JSON diff", "Raw"});
        QSignalSpy changed(&control, &SegmentedControl::currentChanged);
        QCOMPARE(control.current(), 0);
        control.show();
        QTest::keyClick(&control, Qt::Key_Right);
        QCOMPARE(control.current(), 1);
        QTest::keyClick(&control, Qt::Key_Left);
        QTest::keyClick(&control, Qt::Key_Left);
        QCOMPARE(control.current(), 0);
        QCOMPARE(changed.count(), 2);
        control.setCurrent(2);
        QCOMPARE(changed.last().at(0).toInt(), 2);
    }

    void searchClearsByEscape() {
        SearchField field("Filter");
        field.show();
        QTest::keyClicks(&field, "abc");
        QTest::keyClick(&field, Qt::Key_Escape);
        QVERIFY(field.text().isEmpty());
    }

    void destructiveActsWaitForTheName() {
        ConfirmByNameDialog dialog("Remove HarborPay?", {"Its peer stops."}, "HarborPay",
                                   "Propose removal");
        dialog.open();
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        QPushButton* act = nullptr;
        for (auto* button : dialog.findChildren<QPushButton*>()) {
            if (button->text() == "Propose removal") act = button;
        }
        QVERIFY(act != nullptr && !act->isEnabled());
        QCOMPARE(QApplication::focusWidget()->property("text").toString(), QString("Cancel"));
        auto* edit = dialog.findChild<QLineEdit*>();
        edit->setFocus();
        QTest::keyClicks(edit, "HarborPa");
        QTest::keyClick(edit, Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(dialog.isVisible());
        QTest::keyClicks(edit, "y");
        QVERIFY(act->isEnabled());
        QTest::keyClick(edit, Qt::Key_Return);  // Enter alone is not enough
        QVERIFY(dialog.isVisible());
        QSignalSpy accepted(&dialog, &QDialog::accepted);
        QTest::keyClick(edit, Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(accepted.count(), 1);
    }

    void noticesGrowWithTheirText() {
        Notice notice(Notice::Kind::Warn, "41 blocks behind.", "Block writes slowed.");
        const int one = notice.heightForWidth(600);
        notice.setTexts("41 blocks behind.", QString("Block writes slowed. ").repeated(10));
        QVERIFY(notice.heightForWidth(600) > one);
        QVERIFY(notice.heightForWidth(300) > notice.heightForWidth(600));
        QVERIFY(notice.accessibleName().startsWith("41 blocks behind. Block"));
        notice.setClosable(true);
        notice.show();
        QSignalSpy closed(&notice, &Notice::closed);
        QTest::mouseClick(notice.findChild<IconButton*>(), Qt::LeftButton);
        QCOMPARE(closed.count(), 1);
        QVERIFY(!notice.isVisible());
    }

    void chainIsReadAndWalked() {
        ChainStrip chain;
        using L = ChainBlock::Link;
        chain.setBlocks({{"7", "aa", false, L::Unknown, 70},
                         {"8", "bb", true, L::Broken, 80},
                         {"9", "cc", false, L::Holds, 90}});
        chain.resize(900, 60);
        chain.show();
        QSignalSpy activated(&chain, &ChainStrip::activated);
        QTest::keyClick(&chain, Qt::Key_Right);
        QTest::keyClick(&chain, Qt::Key_Return);
        QCOMPARE(activated.takeLast().at(0).toULongLong(), 90ULL);
        QTest::mouseClick(&chain, Qt::LeftButton, {}, chain.partRect(0).center());
        QCOMPARE(activated.takeLast().at(0).toULongLong(), 70ULL);
        auto* whole = QAccessible::queryAccessibleInterface(&chain);
        QCOMPARE(whole->childCount(), 3);
        QVERIFY(whole->child(1)->text(QAccessible::Name).contains("does not follow"));
        QVERIFY(whole->child(1)->state().selected);
        whole->child(2)->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
        QCOMPARE(activated.takeLast().at(0).toULongLong(), 90ULL);
        const QImage image = chain.grab().toImage();
        QVERIFY(hasColour(image, Theme::instance().color(Tone::Error)));
    }

    void reducedMotionStandsStill() {
        Theme::instance().setReducedMotion(false);
        Spinner spinner;
        ProgressLine line;
        line.setFraction(-1);
        spinner.show();
        line.show();
        QVERIFY(spinner.isMoving());
        Theme::instance().setReducedMotion(true);
        QVERIFY(!spinner.isMoving());
        QCOMPARE(spinner.grab().toImage(), spinner.grab().toImage());
        Theme::instance().setReducedMotion(false);
        QVERIFY(spinner.isMoving());
        spinner.hide();
        QVERIFY(!spinner.isMoving());
    }

    void textOfOthersIsNeverRich() {
        DetailGrid grid;
        auto* label = grid.addText("Creator", u"<b>x</b>\u202e"_qs);
        QCOMPARE(label->text(), u"<b>x</b>·U+202E·"_qs);
        QCOMPARE(label->textFormat(), Qt::PlainText);
        CopyLabel copy(u"<b>\u202e"_qs);
        QVERIFY(!copy.toolTip().contains("<b>"));
        QCOMPARE(copy.value(), u"<b>\u202e"_qs);
        Badge badge(u"a\u202eb"_qs, BadgeTone::Info);
        QCOMPARE(badge.text(), u"a·U+202E·b"_qs);
        OrgChip chip;
        chip.setOrganisation("<script>Bank", 0);
        QVERIFY(!chip.toolTip().contains("<script>"));
        ErrorState state;
        state.setTitle("Cannot read <img src=x>");
        for (const auto* part : state.findChildren<QLabel*>()) {
            QCOMPARE(part->textFormat(), Qt::PlainText);
        }
    }

    void filesAreTaken() {
        DropArea area("shield", "Drop block files", ".block", "Choose file…");
        area.resize(400, 60);
        QSignalSpy dropped(&area, &DropArea::filesDropped);
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile("/tmp/a.block"), QUrl("https://example.com/x")});
        QDragEnterEvent enter({5, 5}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&area, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop({5, 5}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&area, &drop);
        QCOMPARE(dropped.at(0).at(0).toStringList(), QStringList("/tmp/a.block"));
        QMimeData none;
        none.setText("hello");
        QDragEnterEvent refused({5, 5}, Qt::CopyAction, &none, Qt::LeftButton, {});
        refused.ignore();
        QCoreApplication::sendEvent(&area, &refused);
        QVERIFY(!refused.isAccepted());
    }

    void figuresAreNamed() {
        FigureStrip strip;
        strip.setFigures({{"Throughput", "27.4", "tx/s"}, {"Nodes", "12", "of 13", Status::Warn}});
        auto* whole = QAccessible::queryAccessibleInterface(&strip);
        QCOMPARE(whole->child(0)->text(QAccessible::Name), QString("Throughput: 27.4 tx/s"));
        QCOMPARE(whole->child(1)->text(QAccessible::Name), QString("Nodes: 12 of 13, Warning"));
    }

    void labelsSayTheirRoom() {
        Label label("A text of several words that goes over more than one line", Type::Body);
        const int line = Theme::instance().lineHeight(Type::Body);
        QCOMPARE(label.sizeHint().height(), line);
        QCOMPARE(label.minimumSizeHint(), label.sizeHint());
        label.setWordWrap(true);
        QCOMPARE(label.heightForWidth(2000), line);
        QVERIFY(label.heightForWidth(120) >= 3 * line);
        label.setWordWrap(false);
        label.setElide(Qt::ElideRight);
        QVERIFY(label.minimumSizeHint().width() <= 40);
    }

    void linesStaySharpAtOddRatios() {
        for (const qreal ratio : {1.0, 1.25, 1.5, 2.0, 3.0}) {
            QImage image(QSize(100, 40) * ratio, QImage::Format_RGB32);
            image.setDevicePixelRatio(ratio);
            image.fill(Qt::white);
            QPainter painter(&image);
            drawHorizontalLine(painter, 0, 100, 13, Qt::black);
            drawVerticalLine(painter, 33, 20, 40, Qt::black);
            painter.end();
            QSet<QRgb> colours;
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x) colours << image.pixel(x, y);
            }
            QCOMPARE(colours.size(), 2);  // no grey in between
        }
    }

private:
    static bool hasColour(const QImage& image, const QColor& color) {
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                if (image.pixelColor(x, y) == color) return true;
            }
        }
        return false;
    }
};

CHANCERY_TEST(WidgetsTest)

}  // namespace chancery::test

#include "WidgetsTest.moc"
