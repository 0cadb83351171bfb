#include <QCheckBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTreeView>

#include "tests/support/LayoutCheck.h"
#include "tests/support/MeridianNetwork.h"
#include "tests/support/TestMain.h"
#include "ui/models/Link.h"
#include "ui/models/NetworkSession.h"
#include "ui/pages/NodeInspector.h"
#include "ui/pages/OverviewPage.h"
#include "ui/widgets/FigureStrip.h"
#include "ui/widgets/Notice.h"
#include "ui/widgets/TopologyView.h"

using namespace chancery;
using namespace chancery::test;
using namespace chancery::ui;

namespace {

/// The page over the network of the design's pictures.
struct Shown {
    MeridianNetwork meridian;
    NetworkSession session{std::nullopt, nullptr};
    std::unique_ptr<OverviewPage> page;

    explicit Shown(QSize size = {1260, 760}) {
        usecase::WatchNetwork::Options options;
        options.every = std::chrono::milliseconds(5);
        options.longestPause = std::chrono::milliseconds(10);
        session.show(std::make_shared<usecase::WatchNetwork>(meridian.network, options),
                     "Meridian Clearing");
        page = std::make_unique<OverviewPage>(&session);
        page->resize(size);
        page->show();
        (void)QTest::qWaitForWindowExposed(page.get());
    }
    bool ready() {
        return QTest::qWaitFor([this] { return session.model()->troubled() == 1; }, 20000);
    }
    TopologyView& view() { return *page->findChild<TopologyView*>(); }
    int part(const QString& name) {
        for (int i = 0; i < view().partCount(); ++i)
            if (view().partName(i).startsWith(name + ',')) return i;
        return -1;
    }
};

}  // namespace

class OverviewPageTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyNodeStandsInItsPlace() {
        Shown at;
        QVERIFY(at.ready());
        QCOMPARE(at.view().partCount(), 13);
        const QRect ca = at.view().partRect(at.part("ca.riverbank"));
        const QRect late = at.view().partRect(at.part("peer1.riverbank"));
        const QRect beside = at.view().partRect(at.part("peer0.riverbank"));
        const QRect orderer = at.view().partRect(at.part("orderer1.riverbank"));
        QVERIFY(ca.bottom() < late.top());
        QVERIFY(late.bottom() < orderer.top());
        QCOMPARE(beside.top(), late.top());
        QVERIFY(beside.right() < late.left());
        for (int i = 0; i < at.view().partCount(); ++i)
            for (int k = 0; k < i; ++k)
                QVERIFY2(!at.view().partRect(i).intersects(at.view().partRect(k)),
                         qPrintable(at.view().partName(i)));
        QVERIFY(at.view().partName(at.part("peer1.riverbank")).contains("1,204,172"));
        QVERIFY2(layoutComplaints(*at.page).isEmpty(),
                 qPrintable(layoutComplaints(*at.page).join('\n')));
    }

    void whatNeedsAttentionIsChosenFirst() {
        Shown at;
        QVERIFY(at.ready());
        QTRY_COMPARE(at.page->findChild<NodeInspector*>()->node(), "peer1.riverbank");
        const auto* notice = at.page->findChild<Notice*>("nodeProblem");
        QVERIFY(notice->isVisibleTo(at.page.get()));
        QVERIFY2(notice->text().contains("41"), qPrintable(notice->text()));
        QCOMPARE(at.page->currentLink().toString(),
                 "chancery://network/Meridian%20Clearing/node/peer1.riverbank");
        QVERIFY(at.page->reveal({"network", "Meridian Clearing", "node", "peer0.regulator"}));
        QCOMPARE(at.page->findChild<NodeInspector*>()->node(), "peer0.regulator");
        QVERIFY(!notice->isVisibleTo(at.page.get()));
        QVERIFY(!at.page->reveal({"network", "Meridian Clearing", "node", "nobody"}));
    }

    void mouseAndArrowsSelect() {
        Shown at;
        QVERIFY(at.ready());
        QSignalSpy links(at.page.get(), &Page::linkChanged);
        QTest::mouseClick(&at.view(), Qt::LeftButton, {},
                          at.view().partRect(at.part("peer0.arxanbank")).center());
        QCOMPARE(at.view().selected(), "peer0.arxanbank");
        QTest::keyClick(&at.view(), Qt::Key_Right);
        QCOMPARE(at.view().selected(), "peer1.arxanbank");
        QTest::keyClick(&at.view(), Qt::Key_Up);
        QCOMPARE(at.view().selected(), "ca.arxanbank");
        QTest::keyClick(&at.view(), Qt::Key_Right);
        QCOMPARE(at.view().selected(), "ca.riverbank");
        QCOMPARE(links.size(), 4);
        QCOMPARE(at.page->findChild<NodeInspector*>()->node(), "ca.riverbank");
    }

    void bandsCanBeHidden() {
        Shown at;
        QVERIFY(at.ready());
        const int height = at.view().partRect(at.part("peer0.arxanbank")).height();
        auto boxes = at.page->findChildren<QCheckBox*>();
        QCOMPARE(boxes.size(), 2);
        boxes[1]->click();
        QVERIFY(at.view().partRect(at.part("peer0.arxanbank")).height() < height);
        boxes[1]->click();
        QCOMPARE(at.view().partRect(at.part("peer0.arxanbank")).height(), height);
    }

    void theTableSaysTheSame() {
        Shown at;
        QVERIFY(at.ready());
        at.page->setView(OverviewPage::Table);
        const auto* table = at.page->findChild<QTreeView*>("topologyTable");
        QVERIFY(table->isVisibleTo(at.page.get()));
        QCOMPARE(table->model()->rowCount(), 4);
        int nodes = 0;
        for (int row = 0; row < 4; ++row)
            nodes += table->model()->rowCount(table->model()->index(row, 0));
        QCOMPARE(nodes, at.view().partCount());
    }

    void whoGoesIsGreyedAndComesBack() {
        Shown at;
        QVERIFY(at.ready());
        at.page->selectNode("peer0.riverbank");
        const auto* notice = at.page->findChild<Notice*>("nodeProblem");
        at.meridian.nodes["peer0.riverbank"]->fail(
            makeError(StatusCode::kUnavailable, "CANNOT_CONNECT", "connection refused"));
        QTRY_VERIFY(notice->isVisibleTo(at.page.get()));
        // What it said last is still there.
        QVERIFY(at.view().partName(at.part("peer0.riverbank")).contains("1,204,213"));
        at.meridian.nodes["peer0.riverbank"]->fail({});
        QTRY_VERIFY(!notice->isVisibleTo(at.page.get()));
    }

    void drawingsAreWritten() {
        Shown at;
        QVERIFY(at.ready());
        QTemporaryDir folder;
        QVERIFY(at.page->exportTo(folder.filePath("topology.svg")));
        QFile drawing(folder.filePath("topology.svg"));
        QVERIFY(drawing.open(QFile::ReadOnly));
        const QByteArray text = drawing.readAll();
        QVERIFY(text.contains("<svg") && text.contains("orderer1") && text.contains("1,204,172"));
        QVERIFY(at.page->exportTo(folder.filePath("topology.png")));
        const QImage picture(folder.filePath("topology.png"));
        QVERIFY(picture.width() > 1400 && picture.height() > 700);
        QVERIFY(!at.page->exportTo(folder.filePath("nowhere/topology.svg")));
    }

    void zoomKeepsEverythingReachable() {
        Shown at({1100, 640});
        QVERIFY(at.ready());
        const QSize before = at.view().sizeHint();
        at.view().setZoom(1.5);
        QVERIFY(at.view().sizeHint().width() > before.width());
        QTest::mouseClick(&at.view(), Qt::LeftButton, {},
                          at.view().partRect(at.part("peer0.arxanbank")).center());
        QCOMPARE(at.view().selected(), "peer0.arxanbank");
        at.view().fit({500, 400});
        QVERIFY(at.view().sizeHint().width() <= 500);
        QTest::keyClick(&at.view(), Qt::Key_Home);
        QCOMPARE(at.view().zoom(), 1.0);
    }
};

CHANCERY_TEST(OverviewPageTest)
#include "OverviewPageTest.moc"
