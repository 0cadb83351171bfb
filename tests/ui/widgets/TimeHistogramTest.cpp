#include "ui/widgets/TimeHistogram.h"

#include <QAccessible>

#include <QSignalSpy>
#include <QtWidgets>
#include "tests/support/TestMain.h"
#include "ui/style/Theme.h"

namespace chancery::test {

using namespace ui;

class TimeHistogramTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme::instance().applyTo(*qApp); }

    void init() {
        m_view = std::make_unique<TimeHistogram>();
        HistogramModel model;
        model.begin = QDateTime(QDate(2026, 3, 17), QTime(0, 0), Qt::UTC);
        model.end = model.begin.addSecs(100 * 60);
        for (int i = 0; i < 100; ++i) model.bars.push_back({double(i % 10), i % 20 == 3 ? 1.0 : 0});
        m_view->setModel(model);
        m_view->resize(1032, 56);  // bars of 10 px from x = 16
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }

    void aDragSelects() {
        QSignalSpy changed(m_view.get(), &TimeHistogram::rangeChanged);
        drag(barX(10), barX(20));
        QCOMPARE(range(), QPair(10, 20));
        QCOMPARE(m_view->rangeBegin(), m_view->model().begin.addSecs(10 * 60));
        QCOMPARE(m_view->rangeEnd(), m_view->model().begin.addSecs(21 * 60));
        QVERIFY(changed.count() > 1);
        QCOMPARE(changed.last().at(0).toDateTime(), m_view->rangeBegin());
        drag(barX(80), barX(70));  // to the left as well
        QCOMPARE(range(), QPair(70, 80));
    }

    void theEdgesAndTheWholeMove() {
        drag(barX(10), barX(20));
        drag(16 + 100, barX(5));  // left edge
        QCOMPARE(range(), QPair(5, 20));
        drag(16 + 210, barX(30));  // right edge
        QCOMPARE(range(), QPair(5, 30));
        drag(barX(15), barX(25));
        QCOMPARE(range(), QPair(15, 40));
        drag(barX(20), barX(99));  // stops at the end
        QCOMPARE(range(), QPair(74, 99));
    }

    void anEdgeMayCrossTheOther() {
        drag(barX(40), barX(50));
        drag(16 + 400, barX(60));
        QCOMPARE(range(), QPair(50, 60));
    }

    void theWheelZoomsAboutThePointer() {
        drag(barX(20), barX(59));
        wheel(barX(30), 120);
        QCOMPARE(m_view->lastBar() - m_view->firstBar() + 1, 30);
        QVERIFY(m_view->firstBar() <= 30 && m_view->lastBar() >= 30);
        for (int i = 0; i < 20; ++i) wheel(barX(30), -120);
        QVERIFY(!m_view->hasRange());  // wider than all is no range
    }

    void keysMoveAndSize() {
        QSignalSpy changed(m_view.get(), &TimeHistogram::rangeChanged);
        m_view->setFocus(Qt::TabFocusReason);
        QTest::keyClick(m_view.get(), Qt::Key_Right);
        QCOMPARE(range(), QPair(0, 0));
        QTest::keyClick(m_view.get(), Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(m_view.get(), Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(range(), QPair(0, 2));
        QTest::keyClick(m_view.get(), Qt::Key_Right);
        QCOMPARE(range(), QPair(1, 3));
        QTest::keyClick(m_view.get(), Qt::Key_Right, Qt::ControlModifier);
        QCOMPARE(range(), QPair(2, 3));
        QTest::keyClick(m_view.get(), Qt::Key_End);
        QCOMPARE(range(), QPair(98, 99));
        QTest::keyClick(m_view.get(), Qt::Key_Left, Qt::ControlModifier);
        QCOMPARE(range(), QPair(97, 99));
        QTest::keyClick(m_view.get(), Qt::Key_Home);
        QCOMPARE(range(), QPair(0, 2));
        QTest::keyClick(m_view.get(), Qt::Key_Left);
        QCOMPARE(range(), QPair(0, 2));
        changed.clear();
        QTest::keyClick(m_view.get(), Qt::Key_Escape);
        QVERIFY(!m_view->hasRange());
        QVERIFY(!changed.last().at(0).toDateTime().isValid());
    }

    void aRangeSetFromOutsideIsSilent() {
        QSignalSpy changed(m_view.get(), &TimeHistogram::rangeChanged);
        const QDateTime begin = m_view->model().begin;
        m_view->setRange(begin.addSecs(90), begin.addSecs(5 * 60));
        QCOMPARE(range(), QPair(1, 4));
        m_view->setRange(begin.addSecs(-900), begin.addSecs(999'999));
        QCOMPARE(range(), QPair(0, 99));
        m_view->setRange(begin.addSecs(999'999), begin.addSecs(9'999'999));
        QVERIFY(!m_view->hasRange());
        QCOMPARE(changed.count(), 0);
    }

    void newBarsKeepTheTimes() {
        const QDateTime begin = m_view->model().begin;
        m_view->setRange(begin.addSecs(600), begin.addSecs(1200));
        HistogramModel half = m_view->model();
        half.bars.resize(50);
        m_view->setModel(half);
        QCOMPARE(m_view->rangeBegin(), begin.addSecs(600));
        QCOMPARE(m_view->rangeEnd(), begin.addSecs(1200));
        m_view->setModel({});
        QVERIFY(!m_view->hasRange());
        m_view->grab();
        QTest::keyClick(m_view.get(), Qt::Key_Right);
        QVERIFY(!m_view->hasRange());
    }

    void assistiveTechnologyReadsTheBars() {
        drag(barX(10), barX(20));
        auto* whole = QAccessible::queryAccessibleInterface(m_view.get());
        QCOMPARE(whole->childCount(), 100);
        auto* part = whole->child(3);
        QCOMPARE(part->text(QAccessible::Name),
                 QString("2026-03-17 00:03:00 to 2026-03-17 00:04:00 UTC: 3 transactions, 1 "
                         "invalid"));
        QVERIFY(!part->state().selected);
        QVERIFY(whole->child(15)->state().selected);
        QCOMPARE(part->parent(), whole);
        QCOMPARE(whole->indexOfChild(part), 3);
        QVERIFY(whole->text(QAccessible::Name).contains("00:10:00"));
        const QPoint middle = part->rect().center();
        QCOMPARE(whole->childAt(middle.x(), middle.y()), part);
    }

    void invalidOnesAreSeen() {
        const QImage image = m_view->grab().toImage();
        const QColor red = Theme::instance().color(Tone::Error);
        int found = 0;
        for (int y = 0; y < image.height(); ++y) {
            found += image.pixelColor(static_cast<int>(barX(3)) - 2, y) == red;
        }
        QVERIFY(found >= 2);
    }

private:
    static qreal barX(int bar) { return 16 + bar * 10 + 4; }
    QPair<int, int> range() const { return {m_view->firstBar(), m_view->lastBar()}; }

    void drag(qreal from, qreal to) {
        const auto at = [](qreal x) { return QPoint(static_cast<int>(x), 20); };
        QTest::mousePress(m_view.get(), Qt::LeftButton, {}, at(from));
        QTest::mouseMove(m_view.get(), at((from + to) / 2));
        QTest::mouseMove(m_view.get(), at(to));
        QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, at(to));
    }

    void wheel(qreal x, int delta) {
        QWheelEvent event(QPointF(x, 20), m_view->mapToGlobal(QPointF(x, 20)), {}, {0, delta},
                          Qt::NoButton, {}, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(m_view.get(), &event);
    }

    std::unique_ptr<TimeHistogram> m_view;
};

CHANCERY_TEST(TimeHistogramTest)

}  // namespace chancery::test

#include "TimeHistogramTest.moc"
