#include "ui/widgets/HexView.h"

#include <QAccessible>
#include <QSignalSpy>
#include <QtWidgets>
#include "tests/support/TestMain.h"
#include "ui/style/Theme.h"

namespace chancery::test {

using namespace ui;

class HexViewTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme::instance().applyTo(*qApp); }

    void init() {
        m_view = std::make_unique<HexView>();
        m_view->resize(700, 300);
        QByteArray bytes("wallet.Transfer");
        for (int i = 0; i < 1000; ++i) bytes += static_cast<char>(i);
        m_view->setBytes(bytes);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowActive(m_view.get()));
        m_view->setFocus();
    }

    void copiesHexadecimalAndText() {
        m_view->setSelection(0, 6);
        QTest::keyClick(m_view.get(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), QString("77616c6c6574"));
        QTest::keyClick(m_view.get(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), QString("wallet"));
        m_view->setSelection(15, 2);
        QCOMPARE(m_view->selectedText(), u"··"_qs);
        QCOMPARE(m_view->selectedHex(), QString("0001"));
    }

    void rowsAreKnownToAssistiveTechnology() {
        const QAccessibleInterface* whole = QAccessible::queryAccessibleInterface(m_view.get());
        QVERIFY(whole != nullptr && whole->childCount() > 2);
        QVERIFY(whole->childCount() < 1000 / m_view->bytesPerRow());  // those in sight
        const QString first = whole->child(0)->text(QAccessible::Name);
        QVERIFY2(first.startsWith("00000000: 77 61 6c") && first.contains("wallet.Tran"),
                 qPrintable(first));
        QVERIFY(whole->child(0)->state().selected);
        m_view->setSelection(m_view->bytesPerRow() + 1, 1);
        QVERIFY(!whole->child(0)->state().selected && whole->child(1)->state().selected);
        QVERIFY(whole->child(1)->rect().top() > whole->child(0)->rect().top());
    }

    void keysSelect() {
        QTest::keyClick(m_view.get(), Qt::Key_Right);
        QTest::keyClick(m_view.get(), Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(m_view.get(), Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(m_view->selectionBegin(), 1);
        QCOMPARE(m_view->selectionSize(), 3);
        QTest::keyClick(m_view.get(), Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(m_view->selectionSize(), 3 + m_view->bytesPerRow());
        QTest::keyClick(m_view.get(), Qt::Key_End, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(m_view->selectionSize(), m_view->bytes().size() - 1);
        QTest::keyClick(m_view.get(), Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(m_view->selectionSize(), m_view->bytes().size());
        QTest::keyClick(m_view.get(), Qt::Key_Left);
        QCOMPARE(m_view->selectionSize(), 0);
    }

    void theMouseSelectsInBothColumns() {
        m_view->grab();
        const auto y = 9;
        QSignalSpy changed(m_view.get(), &HexView::selectionChanged);
        QTest::mousePress(m_view->viewport(), Qt::LeftButton, {}, QPoint(600, y));
        QVERIFY(m_view->selectionBegin() > 0);
        QTest::mouseMove(m_view->viewport(), QPoint(0, y));
        QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, {}, QPoint(0, y));
        QVERIFY(changed.count() >= 1);
    }

    void aNarrowViewHasShorterRows() {
        QCOMPARE(m_view->bytesPerRow(), 16);
        m_view->resize(400, 300);
        QCoreApplication::processEvents();
        QCOMPARE(m_view->bytesPerRow(), 8);
    }

    void millionsOfBytesCostNothing() {
        m_view->setBytes(QByteArray(64 << 20, 'x'));
        QElapsedTimer timer;
        timer.start();
        m_view->reveal((64 << 20) - 1);
        const QImage image = m_view->grab().toImage();
        QVERIFY(!image.isNull());
        // A row is laid out only when it is seen: far from what all of them would take.
        QVERIFY(timer.elapsed() < 2000);
        QTest::keyClick(m_view.get(), Qt::Key_End, Qt::ControlModifier);
        QCOMPARE(m_view->selectionBegin(), (64 << 20) - 1);
    }

    void rangesOutsideAreCut() {
        m_view->setSelection(1'000'000, 5);
        QCOMPARE(m_view->selectionSize(), 0);
        m_view->setHighlight(1010, 999);
        m_view->setBytes({});
        m_view->setSelection(0, 5);
        QCOMPARE(m_view->selectionSize(), 0);
        QTest::keyClick(m_view.get(), Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(m_view->selectionSize(), 0);
        m_view->grab();
    }

    void aHighlightIsTinted() {
        const QImage before = m_view->grab().toImage();
        m_view->setHighlight(0, 15);
        QVERIFY(before != m_view->grab().toImage());
    }

private:
    std::unique_ptr<HexView> m_view;
};

CHANCERY_TEST(HexViewTest)

}  // namespace chancery::test

#include "HexViewTest.moc"
