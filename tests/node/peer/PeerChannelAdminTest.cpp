#include "node/peer/PeerChannelAdmin.h"

#include <QTemporaryDir>
#include <QTest>

#include "src/base/Encoding.h"
#include "tests/node/peer/FakeExecutor.h"
#include "tests/node/peer/TestPeer.h"
#include "tests/node/peer/TestProposals.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;

/// The channels of a peer for its administrator, with real ledgers: joining, and leaving that may
/// be interrupted at any step.
class PeerChannelAdminTest : public QObject {
    Q_OBJECT

    static constexpr BlockNumber kHeight = 12;
    const ChannelId m_golden{"tradechannel"};

    /// A peer over a folder; `failAt` ends it like a crash at that step of leaving.
    struct Peer {
        Peer(const QTemporaryDir& folder, const std::string& failAt = {}) {
            JoinedChannels::Options options;
            options.folder = folder.path().toStdString();
            options.snapshots = options.folder / "snapshots";
            options.reached = [failAt](std::string_view step) {
                return step == failAt ? makeError(StatusCode::kAborted, "CRASH", step)
                                      : absl::OkStatus();
            };
            channels = std::make_unique<JoinedChannels>(options, services.services, nullptr,
                                                        JoinedChannels::Ledgers());
            opened = channels->openAll();
            admin = std::make_unique<PeerChannelAdmin>(*channels, executor);
        }
        Status fill(const ChannelId& id) {
            const auto channel = channels->joined(id);
            for (BlockNumber n = channel->height(); n < kHeight; ++n)
                RETURN_IF_ERROR(channel->pipeline().accept(fromOrderer(n)));
            return waitForHeight(*channel, kHeight)
                       ? absl::OkStatus()
                       : makeError(StatusCode::kDeadlineExceeded, "TOO_SLOW", "no commit");
        }
        TestServices services;
        FakeExecutor executor;
        std::unique_ptr<JoinedChannels> channels;
        std::unique_ptr<PeerChannelAdmin> admin;
        Status opened;
    };

    static std::set<std::string> filesIn(const QTemporaryDir& folder) {
        std::set<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(
                 std::filesystem::path(folder.path().toStdString()) / "channels"))
            names.insert(entry.path().filename().string());
        return names;
    }

private Q_SLOTS:
    void describesAChannel() {
        QTemporaryDir folder;
        Peer peer(folder);
        VERIFY_OK(peer.opened);
        QVERIFY(peer.admin->ids().empty());
        const auto joined = peer.admin->join(fromOrderer(0).serialize());
        VERIFY_OK(joined);
        QCOMPARE(joined->channel, m_golden);
        QVERIFY(!joined->already);
        VERIFY_OK(peer.fill(m_golden));
        const auto described = peer.admin->describe(m_golden);
        VERIFY_OK(described);
        QCOMPARE(described->height, kHeight);
        QCOMPARE(described->relation, std::string("member"));
        QCOMPARE(described->status, std::string("active"));
        VERIFY_OK(described->problem);
        QCOMPARE(toHex(described->lastBlockHash), toHex(fromOrderer(kHeight - 1).header().hash()));
        QVERIFY(!described->contracts.empty());
        QCOMPARE(reasonOf(peer.admin->describe(ChannelId("other")).status()),
                 std::string("NO_SUCH_CHANNEL"));
        const auto again = peer.admin->join(fromOrderer(0).serialize());
        VERIFY_OK(again);
        QVERIFY(again->already);
    }

    void refusesBadBlocks_data() {
        QTest::addColumn<QByteArray>("block");
        const auto row = [](const char* name, const Bytes& block) {
            QTest::newRow(name) << QByteArray::fromStdString(block);
        };
        row("nothing", "");
        row("garbage", "garbage");
        row("a later block", fromOrderer(5).serialize());
        row("a later configuration", chancery::test::vectorFile("ledger/blocks/block_85.pb"));
    }
    void refusesBadBlocks() {
        QFETCH(QByteArray, block);
        QTemporaryDir folder;
        Peer peer(folder);
        const auto joined = peer.admin->join(block.toStdString());
        QCOMPARE(reasonOf(joined.status()), std::string("BAD_JOIN_BLOCK"));
        QVERIFY(filesIn(folder).empty());
    }

    void leavesNothingBehind() {
        QTemporaryDir folder;
        Peer peer(folder);
        VERIFY_OK(peer.admin->join(fromOrderer(0).serialize()));
        VERIFY_OK(peer.admin->join(chancery::test::vectorFile("config/genesis_cfglab.block")));
        VERIFY_OK(peer.fill(m_golden));
        const auto held = peer.channels->joined(m_golden);  // somebody still reads it
        const auto left = peer.admin->leave(m_golden);
        VERIFY_OK(left);
        QVERIFY(*left);
        QVERIFY(held->isClosed());
        QCOMPARE(filesIn(folder), (std::set<std::string>{"cfglab"}));
        QCOMPARE(peer.admin->ids(), (std::vector{ChannelId("cfglab")}));
        const auto again = peer.admin->leave(m_golden);
        VERIFY_OK(again);
        QVERIFY(!*again);
        for (const char* bad : {"", "../x", "Upper"})
            QCOMPARE(reasonOf(peer.admin->leave(ChannelId(bad)).status()),
                     std::string("BAD_CHANNEL_ID"));
        // And back from the beginning, while the old one is still held.
        VERIFY_OK(peer.admin->join(fromOrderer(0).serialize()));
        QCOMPARE(peer.channels->joined(m_golden)->height(), BlockNumber(1));
        VERIFY_OK(peer.fill(m_golden));
        QCOMPARE(toHex(peer.admin->describe(m_golden)->lastBlockHash),
                 toHex(fromOrderer(kHeight - 1).header().hash()));
    }

    void survivesACrashAtAnyStep_data() {
        QTest::addColumn<QString>("step");
        QTest::addColumn<bool>("stays");
        QTest::newRow("before the mark") << "begun" << true;
        for (const char* step : {"marked", "closed", "moved", "removed"})
            QTest::newRow(step) << step << false;
    }
    void survivesACrashAtAnyStep() {
        QFETCH(QString, step);
        QFETCH(bool, stays);
        QTemporaryDir folder;
        {
            Peer peer(folder, step.toStdString());
            VERIFY_OK(peer.admin->join(fromOrderer(0).serialize()));
            VERIFY_OK(peer.fill(m_golden));
            QCOMPARE(reasonOf(peer.admin->leave(m_golden).status()), std::string("CRASH"));
        }
        Peer peer(folder);
        VERIFY_OK(peer.opened);
        QCOMPARE(peer.channels->ids().size(), std::size_t(stays ? 1 : 0));
        QVERIFY(peer.channels->failures().empty());
        QCOMPARE(filesIn(folder),
                 stays ? std::set<std::string>{m_golden.str()} : std::set<std::string>());
        if (stays) {
            QCOMPARE(peer.channels->joined(m_golden)->height(), kHeight);
            VERIFY_OK(peer.admin->leave(m_golden));
        }
        // It can come back, whole.
        VERIFY_OK(peer.admin->join(fromOrderer(0).serialize()));
        VERIFY_OK(peer.fill(m_golden));
    }

    /// What the process could not remove the first time is removed when it is asked again.
    void leavesAgainAfterAnError() {
        QTemporaryDir folder;
        Peer peer(folder, "moved");
        VERIFY_OK(peer.admin->join(fromOrderer(0).serialize()));
        QCOMPARE(reasonOf(peer.admin->leave(m_golden).status()), std::string("CRASH"));
        const auto described = peer.admin->describe(m_golden);
        VERIFY_OK(described);
        QCOMPARE(described->status, std::string("failed"));
        QVERIFY(peer.channels->find(m_golden) == nullptr);
    }
};

CHANCERY_TEST(PeerChannelAdminTest)
#include "PeerChannelAdminTest.moc"
