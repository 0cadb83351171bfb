// The ledger page over a channel whose blocks come while it is read.
#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTimer>
#include <algorithm>

#include "src/identity/SigningIdentity.h"
#include "src/protocol/BlockBuilder.h"
#include "src/protocol/BlockFile.h"
#include "tests/bench/ledger/GenerateLedger.h"
#include "tests/support/FakeChain.h"
#include "tests/support/TestMain.h"
#include "tests/ui/pages/LedgerFixture.h"
#include "ui/models/LedgerRoles.h"
#include "ui/pages/ConnectDialog.h"
#include "ui/widgets/Badge.h"
#include "ui/widgets/DataTable.h"
#include "ui/widgets/Notice.h"

using namespace chancery;
using namespace chancery::ui;
using namespace chancery::test;

namespace {

std::vector<Bytes> blocksOf(const std::filesystem::path& path) {
    std::vector<Bytes> blocks;
    const auto source = usecase::openLedger({path});
    if (!source.ok()) throw std::runtime_error(source.status().ToString());
    while (true) {
        const auto block = (*source)->next();
        if (!block.ok()) throw std::runtime_error(block.status().ToString());
        if (!*block) return blocks;
        blocks.push_back((*block)->block.serialize());
    }
}

struct FollowedFixture : LedgerFixture {
    FakeChain chain;
    FakeChainConnector connector{chain};

    explicit FollowedFixture(
        BlockNumber height,
        std::vector<Bytes> blocks = blocksOf(vectorPath("ledger/peer_blockfile_000000")),
        const std::string& channel = "tradechannel")
        : chain(std::move(blocks)) {
        grow(height);
        const auto identity = identity::loadSigningIdentity(
            vectorPath("msp/peerOrganizations/alpha.pub.test/peers/peer0.alpha.pub.test/msp"),
            MspId("AlphaMSP"));
        if (!identity.ok()) throw std::runtime_error(identity.status().ToString());
        usecase::FollowRequest request{.channel = ChannelId(channel),
                                       .peers = {{.name = "peer0.alpha"}, {.name = "peer1.alpha"}},
                                       .folder = folder.path().toStdString() + "/followed",
                                       .threads = 1,
                                       .firstPause = std::chrono::milliseconds(20),
                                       .longestPause = std::chrono::milliseconds(200)};
        auto opened =
            usecase::FollowChannel::open({.connector = connector, .identity = *identity}, request);
        if (!opened.ok()) throw std::runtime_error(opened.status().ToString());
        LedgerPageModel::Followed target;
        target.network = QStringLiteral("Meridian");
        target.channel = QString::fromStdString(channel);
        target.key = QStringLiteral("k");
        target.blocks = QString::fromStdString((*opened)->blocksFolder().string());
        target.follow = *std::move(opened);
        kept = target.follow;
        model.follow(target);
    }
    ~FollowedFixture() {
        model.close();
        kept->stop();
    }
    std::shared_ptr<usecase::FollowChannel> kept;

    void grow(BlockNumber height) {
        chain.change([&](auto& nodes) {
            for (const char* name : {"peer0.alpha", "peer1.alpha"}) nodes[name].height = height;
        });
    }
    void setDown(bool down) {
        chain.change([&](auto& nodes) {
            for (const char* name : {"peer0.alpha", "peer1.alpha"}) nodes[name].down = down;
        });
    }
    bool isLiveAt(BlockNumber number) {
        return QTest::qWaitFor(
            [&] {
                return model.stream().kind == LedgerPageModel::Stream::Kind::Live &&
                       model.status().lastBlock == number &&
                       find<DataTable>("blockTable")->model()->rowCount() ==
                           static_cast<int>(number) + 1;
            },
            20'000);
    }
};

}  // namespace

class FollowedLedgerTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void newBlocksComeInSightAtTheTop() {
        FollowedFixture at(200);
        QAbstractItemModelTester blocks(at.model.blocks(),
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        QAbstractItemModelTester transactions(
            at.model.transactions(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(at.isLiveAt(199));
        QCOMPARE(at.find<Badge>("stream")->text(), QStringLiteral("live"));
        QCOMPARE(at.find<Badge>("verification")->text(),
                 QStringLiteral("Chain verified, blocks 0 to 199"));
        QVERIFY(at.shows(199, 0));
        auto* table = at.find<DataTable>("blockTable");
        for (BlockNumber height = 201; height <= 230; ++height) {
            at.grow(height);
            QVERIFY(at.isLiveAt(height - 1));
            QCOMPARE(table->verticalScrollBar()->value(), 0);
        }
        QTRY_COMPARE(table->model()->index(0, 0).data(BlockRole).toULongLong(), 229ULL);
        QVERIFY(!at.find<QPushButton>("newBlocks")->isVisible());
        // What is looked at stays.
        QVERIFY(at.shows(199, 0));
        QCOMPARE(table->currentIndex().data(BlockRole).toULongLong(), 199ULL);
    }

    void newBlocksMoveNothingThatIsRead() {
        FollowedFixture at(200);
        QVERIFY(at.isLiveAt(199));
        auto* table = at.find<DataTable>("blockTable");
        auto* news = at.find<QPushButton>("newBlocks");
        table->scrollTo(table->model()->index(60, 0), QAbstractItemView::PositionAtTop);
        QCoreApplication::processEvents();
        const auto top = [&] { return table->indexAt({4, 4}).data(BlockRole).toULongLong(); };
        QTRY_VERIFY(top() > 0);
        const auto before = top();
        at.grow(203);
        QVERIFY(at.isLiveAt(202));
        QTRY_VERIFY(news->isVisible());
        QVERIFY(news->text().startsWith(QStringLiteral("3 new block")));
        QTRY_COMPARE(top(), before);
        at.grow(210);
        QVERIFY(at.isLiveAt(209));
        QVERIFY(news->text().startsWith(QStringLiteral("10 new block")));
        QTRY_COMPARE(top(), before);
        QTest::mouseClick(news, Qt::LeftButton);
        QCOMPARE(table->verticalScrollBar()->value(), 0);
        QVERIFY(!news->isVisible());
        QTRY_COMPARE(top(), 209ULL);
    }

    void keepsWhatItHasWhenAllNodesAreLost() {
        FollowedFixture at(150);
        QVERIFY(at.isLiveAt(149));
        auto* stale = at.find<StaleBanner>("stale");
        QVERIFY(!stale->isVisible());
        at.setDown(true);
        QTRY_VERIFY(stale->isVisible());
        QVERIFY2(stale->text().contains(QStringLiteral("UTC")), qPrintable(stale->text()));
        QVERIFY(at.find<Badge>("stream")->text().startsWith(QStringLiteral("lost peer")));
        QCOMPARE(at.find<DataTable>("blockTable")->model()->rowCount(), 150);
        at.page.showBlock(20);
        QVERIFY(at.shows(20, 0));
        at.grow(160);
        at.setDown(false);
        QVERIFY(at.isLiveAt(159));
        QVERIFY(!stale->isVisible());
        QVERIFY(at.shows(20, 0));
    }

    void pausesAndGoesOn() {
        FollowedFixture at(100);
        QVERIFY(at.isLiveAt(99));
        auto* pause = at.find<QPushButton>("pause");
        QVERIFY(pause->isVisible());
        QVERIFY(!at.find<QPushButton>("verifyAgain")->isVisible());
        pause->click();
        QTRY_COMPARE(at.model.stream().kind, LedgerPageModel::Stream::Kind::Paused);
        at.grow(120);
        QTRY_COMPARE(pause->text(), QStringLiteral("Resume"));
        QCOMPARE(*at.model.status().lastBlock, BlockNumber{99});
        pause->click();
        QVERIFY(at.isLiveAt(119));
    }

    void tellsWhoGaveAWrongBlock() {
        FollowedFixture at(100);
        QVERIFY(at.isLiveAt(99));
        QSignalSpy alarms(&at.model, &LedgerPageModel::alarmed);
        const auto block = protocol::Block::parse(at.chain.blocks()[100]);
        VERIFY_OK(block);
        at.chain.change([&](auto& nodes) {
            nodes["peer0.alpha"].other[100] =
                protocol::withCommitHash(*block, Bytes(32, 'x')).serialize();
            for (auto& [name, node] : nodes) node.height = 110;
        });
        QVERIFY(at.isLiveAt(109));
        QCOMPARE(alarms.size(), 1);
        QCOMPARE(alarms[0][0].toString(), QStringLiteral("peer0.alpha"));
        QVERIFY(at.model.stream().toolTip.contains(QStringLiteral("peer1.alpha")));
    }

    /// Scrolling while 500 transactions per second arrive; the figures are told, not judged.
    void scrollsWhileBlocksArrive() {
        const QTemporaryDir made;
        const auto ledger = bench::generateLedger({.folder = made.path().toStdString() + "/chain",
                                                   .blocks = 240,
                                                   .transactions = 6'000,
                                                   .organisations = 2,
                                                   .accounts = 500,
                                                   .threads = 2});
        VERIFY_OK(ledger);
        auto chain = blocksOf(made.path().toStdString() + "/chain");
        const std::size_t all = chain.size();
        const auto name = protocol::Block::parse(chain.front());
        const std::string channel = std::string(name->transaction(0).channelHeader.channelId);
        FollowedFixture at(140, std::move(chain), channel);
        QVERIFY(at.isLiveAt(139));
        auto* table = at.find<DataTable>("blockTable");
        std::vector<double> frames;
        QTimer tick;
        QSignalSpy ticks(&tick, &QTimer::timeout);
        tick.start(8);
        QElapsedTimer since;
        since.start();
        BlockNumber height = 140;
        int direction = 1;
        while (height < all) {
            // 20 blocks of 25 transactions per second.
            height = std::min<BlockNumber>(
                all, 140 + static_cast<BlockNumber>(since.elapsed() * 20 / 1000));
            at.grow(height);
            QElapsedTimer frame;
            frame.start();
            QScrollBar* bar = table->verticalScrollBar();
            if (bar->value() >= bar->maximum()) direction = -1;
            if (bar->value() <= 1) direction = 1;
            bar->setValue(bar->value() + direction);
            table->viewport()->repaint();
            QCoreApplication::processEvents();
            frames.push_back(static_cast<double>(frame.nsecsElapsed()) / 1e6);
            ticks.wait();
        }
        QVERIFY(at.isLiveAt(all - 1));
        std::sort(frames.begin(), frames.end());
        qInfo("%zu frames: p50 %.1f ms, p95 %.1f ms, p99 %.1f ms, longest %.1f ms", frames.size(),
              frames[frames.size() / 2], frames[frames.size() * 95 / 100],
              frames[frames.size() * 99 / 100], frames.back());
    }

    void theDialogAsksForWhatItNeeds() {
        ConnectDialog dialog({});
        QSignalSpy asked(&dialog, &ConnectDialog::connectRequested);
        dialog.show();
        dialog.findChild<QLineEdit*>(QStringLiteral("profile"))->setText(QStringLiteral("/p.json"));
        QTest::keyClick(&dialog, Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(asked.size(), 0);
        QVERIFY(dialog.findChild<QWidget*>(QStringLiteral("problem"))->isVisible());
        dialog.findChild<QLineEdit*>(QStringLiteral("msp"))->setText(QStringLiteral("/msp"));
        QTest::keyClick(&dialog, Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(asked.size(), 1);
        dialog.setBusy(true);
        dialog.setProblem(QStringLiteral("No."));
        QCOMPARE(dialog.choice().msp, QStringLiteral("/msp"));
    }
};

CHANCERY_TEST(FollowedLedgerTest)
#include "FollowedLedgerTest.moc"
