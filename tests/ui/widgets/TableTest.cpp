#include <QStandardItemModel>

#include <QSignalSpy>
#include <QtWidgets>
#include "tests/support/TestMain.h"
#include "tests/ui/widgets/Samples.h"
#include "ui/style/CellRoles.h"
#include "ui/style/Icons.h"
#include "ui/widgets/DataTable.h"
#include "ui/widgets/Delegates.h"

namespace chancery::test {

using namespace ui;

class TableTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        QCoreApplication::setOrganizationName("chancery-tests");
        Theme::instance().applyTo(*qApp);
    }

    void init() {
        m_table = std::make_unique<DataTable>();
        m_table->setModel(sampleBlocks(m_table.get()));
        m_table->setColumnDelegate<MonoDelegate>(0);
        m_table->setColumnDelegate<BarDelegate>(2);
        m_table->resize(640, 300);
        m_table->show();
        QVERIFY(QTest::qWaitForWindowActive(m_table.get()));
        m_table->setFocus();
    }

    void rowsFollowDensity() {
        QCOMPARE(m_table->rowHeight(0), 28);
        Theme::instance().setDensity(Theme::Density::Compact);
        QCOMPARE(m_table->rowHeight(0), 24);
        Theme::instance().setDensity(Theme::Density::Normal);
        QCOMPARE(m_table->rowHeight(5), 28);
        QCOMPARE(m_table->horizontalHeader()->height(), 28);
    }

    void copyTakesTheWholeValue() {
        auto* model = m_table->model();
        model->setData(model->index(3, 4), "58f5000011112222333344441cb1", cell::CopyText);
        m_table->setCurrentIndex(model->index(3, 4));
        QTest::keyClick(m_table.get(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), QString("58f5000011112222333344441cb1"));
        m_table->setCurrentIndex(model->index(3, 0));
        QTest::keyClick(m_table.get(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), QString("1,204,209"));
    }

    void copyOfSeveralRowsIsATable() {
        m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
        m_table->model()->setData(m_table->model()->index(0, 1), "two\nlines\tand tab");
        m_table->setColumnHidden(4, true);
        m_table->selectionModel()->select(
            QItemSelection(m_table->model()->index(0, 0), m_table->model()->index(1, 5)),
            QItemSelectionModel::ClearAndSelect);
        m_table->copySelection();
        const QStringList lines = QGuiApplication::clipboard()->text().split('\n');
        QCOMPARE(lines.size(), 3);
        QCOMPARE(lines[0].split('\t').size(), 5);
        QVERIFY(lines[0].startsWith("1,204,212\ttwo lines and tab\t"));
    }

    void enterOpens() {
        QSignalSpy opened(m_table.get(), &DataTable::opened);
        m_table->setCurrentIndex(m_table->model()->index(2, 0));
        QTest::keyClick(m_table.get(), Qt::Key_Return);
        QCOMPARE(opened.count(), 1);
        QCOMPARE(opened.at(0).at(0).toModelIndex().row(), 2);
    }

    void theSelectionHasItsBar() {
        m_table->selectRow(1);
        const QImage image = m_table->grab().toImage();
        const int y = 28 + 28 + 14;
        QCOMPARE(image.pixelColor(1, y), Theme::instance().color(Tone::Accent));
        QCOMPARE(image.pixelColor(8, y), Theme::instance().color(Tone::SelectedRow));
        QCOMPARE(image.pixelColor(8, y + 28), Theme::instance().color(Tone::Surface));
    }

    void hintsHoldTheirContent() {
        QStyleOptionViewItem option;
        option.initFrom(m_table.get());
        option.widget = m_table.get();
        const MonoDelegate mono;
        const QSize size = mono.sizeHint(option, m_table->model()->index(0, 0));
        QCOMPARE(size.height(), 28);
        const QFontMetrics metrics(Theme::instance().font(Type::Mono));
        // 16 px at the row's end, 8 inside.
        QVERIFY(size.width() >= metrics.horizontalAdvance("1,204,212") + 24);
        QVERIFY(size.width() <= metrics.horizontalAdvance("1,204,212") + 28);
        const BarDelegate bar;
        QVERIFY(bar.sizeHint(option, m_table->model()->index(3, 2)).width() >= 90);
        const SparkDelegate spark;
        QCOMPARE(spark.sizeHint(option, m_table->model()->index(3, 2)).width(), 52 + 16 + 1);
    }

    void invalidOnesHaveARedEnd() {
        const QImage image = m_table->grab().toImage();
        QVERIFY(hasColour(image, rowRect(3), Theme::instance().color(Tone::Error)));
        QVERIFY(!hasColour(image, rowRect(1), Theme::instance().color(Tone::Error)));
    }

    void lowPriorityColumnsGiveWay() {
        for (int i = 0; i < 6; ++i) m_table->setColumnWidth(i, 100);
        m_table->setLowPriorityColumns({4, 1});
        QVERIFY(!m_table->isColumnHidden(4));
        m_table->resize(520, 300);
        QCoreApplication::processEvents();
        QVERIFY(m_table->isColumnHidden(4));
        QVERIFY(!m_table->isColumnHidden(1));
        m_table->resize(420, 300);
        QCoreApplication::processEvents();
        QVERIFY(m_table->isColumnHidden(1));
        m_table->resize(700, 300);
        QCoreApplication::processEvents();
        QVERIFY(!m_table->isColumnHidden(4) && !m_table->isColumnHidden(1));
    }

    void columnsAreKept() {
        {
            DataTable table("test.blocks");
            table.setModel(sampleBlocks(&table));
            table.setColumnWidth(1, 177);
            table.horizontalHeader()->moveSection(1, 3);
            table.setColumnHidden(4, true);
        }
        DataTable again("test.blocks");
        again.setModel(sampleBlocks(&again));
        QCOMPARE(again.columnWidth(1), 177);
        QCOMPARE(again.horizontalHeader()->visualIndex(1), 3);
        QVERIFY(again.isColumnHidden(4));
        QSettings().remove("columns/test.blocks");
    }

    void heightFollowsTheRows() {
        m_table->setFitsContent(true);
        QCOMPARE(m_table->sizeHint().height(), 28 + 14 * 28);
        m_table->model()->removeRows(0, 4);
        QCOMPARE(m_table->sizeHint().height(), 28 + 10 * 28);
        m_table->model()->setData(m_table->model()->index(2, 0), true, cell::GroupRow);
        m_table->setFitsContent(true);
        QCOMPARE(m_table->columnSpan(2, 0), 6);
    }

    void aTreeDrawsItsRowsWhole() {
        DataTree tree;
        tree.setModel(sampleBlocks(&tree));
        auto* model = static_cast<QStandardItemModel*>(tree.model());
        model->item(0)->appendRow(new QStandardItem("inner"));
        tree.resize(640, 200);
        tree.show();
        QVERIFY(QTest::qWaitForWindowExposed(&tree));
        tree.setCurrentIndex(model->index(0, 0));
        const QImage closed = tree.grab().toImage();
        QCOMPARE(closed.pixelColor(1, 28 + 14), Theme::instance().color(Tone::Accent));
        QCOMPARE(closed.pixelColor(600, 28 + 6), Theme::instance().color(Tone::SelectedRow));
        tree.expandAll();
        QVERIFY(closed != tree.grab().toImage());
    }

private:
    QRect rowRect(int row) const { return {0, 28 + row * 28, 630, 28}; }

    static bool hasColour(const QImage& image, const QRect& rect, const QColor& color) {
        for (int y = rect.top(); y <= rect.bottom(); ++y) {
            for (int x = rect.left(); x <= rect.right(); ++x) {
                if (image.pixelColor(x, y) == color) return true;
            }
        }
        return false;
    }

    std::unique_ptr<DataTable> m_table;
};

CHANCERY_TEST(TableTest)

}  // namespace chancery::test

#include "TableTest.moc"
