#include "node/ledger/ChannelLedger.h"
#include "src/base/File.h"
#include "tests/node/ledger/JudgedChain.h"
#include "tests/node/ledger/SmallChain.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::node;
using test::freshFolder;
using test::judgedChain;
using test::openLedger;
namespace fs = std::filesystem;

/// Snapshots against the one that a real peer made of the same ledger.
class LedgerSnapshotTest : public QObject {
    Q_OBJECT

    static std::map<std::string, Bytes> filesOf(const fs::path& folder) {
        std::map<std::string, Bytes> files;
        for (const auto& entry : fs::directory_iterator(folder))
            files[entry.path().filename().string()] = *readFile(entry.path());
        return files;
    }
    static void compare(const fs::path& ours, const fs::path& theirs) {
        const auto a = filesOf(ours), b = filesOf(theirs);
        for (const auto& [name, bytes] : b) {
            QVERIFY2(a.contains(name), name.c_str());
            QVERIFY2(a.at(name) == bytes, name.c_str());
        }
        QCOMPARE(a.size(), b.size());
    }

private slots:
    void everyFileIsThePeers() {
        auto ledger = openLedger(freshFolder());
        for (const auto& judged : judgedChain()) VERIFY_OK(ledger->commit(judged.commit()));
        const fs::path folder = freshFolder() / "snapshot";
        const auto info = ledger->exportSnapshot(folder);
        VERIFY_OK(info);
        compare(folder, test::vectorPath("ledger/snapshot_277"));
        QCOMPARE(reasonOf(ledger->exportSnapshot(folder).status()), std::string("FOLDER_EXISTS"));
        const auto opened = protocol::Snapshot::open(folder);
        VERIFY_OK(opened);
        QCOMPARE((*opened)->info().snapshotHash, info->snapshotHash);
        QCOMPARE(info->lastCommitHash, ledger->lastCommitHash());
    }

    void aLedgerBeginsWithOne() {
        const auto snapshot =
            protocol::Snapshot::open(test::vectorPath("ledger/snapshot_277")).value();
        const fs::path folder = freshFolder() / "ledger";
        {
            auto ledger = ChannelLedger::createFromSnapshot(folder, *snapshot, {});
            VERIFY_OK(ledger);
            QCOMPARE((*ledger)->height(), BlockNumber{278});
            QCOMPARE(test::difference(*(*ledger)->view().value(), *judgedChain().back().state),
                     std::string());
        }
        QCOMPARE(reasonOf(ChannelLedger::createFromSnapshot(folder, *snapshot, {}).status()),
                 std::string("LEDGER_EXISTS"));
        auto ledger = openLedger(folder);
        QVERIFY(ledger->bootstrap().has_value());
        QCOMPARE(ledger->bootstrap()->snapshotHash, snapshot->info().snapshotHash);
        QVERIFY(ledger->bootstrap()->fileHashes == snapshot->info().fileHashes);
        QCOMPARE(ledger->lastCommitHash(), snapshot->info().lastCommitHash);
        QCOMPARE(ledger->blocks().lastHash(), snapshot->info().lastBlockHash);
        QCOMPARE(ledger->blocks().firstBlock(), BlockNumber{278});
        const TxId old = judgedChain()[20].txIds[0];
        QVERIFY(*ledger->writerView().hasTransaction(old.str()));
        QCOMPARE(reasonOf(ledger->findTransaction(old).status()), std::string("BEFORE_SNAPSHOT"));
        QVERIFY(!ledger->findTransaction(TxId("unknown"))->has_value());
        QVERIFY(ledger->collectionsAt("vault", 278)->has_value());
        const fs::path again = freshFolder() / "snapshot";
        VERIFY_OK(ledger->exportSnapshot(again));
        compare(again, test::vectorPath("ledger/snapshot_277"));
    }

    void anEmptyLedgerHasNone() {
        auto ledger = openLedger(freshFolder());
        QCOMPARE(reasonOf(ledger->exportSnapshot(freshFolder() / "snapshot").status()),
                 std::string("EMPTY_LEDGER"));
    }
};

CHANCERY_TEST(LedgerSnapshotTest)
#include "LedgerSnapshotTest.moc"
