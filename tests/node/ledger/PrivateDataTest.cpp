#include "src/crypto/Digest.h"
#include "src/protocol/Snapshot.h"
#include "tests/node/ledger/JudgedChain.h"
#include "tests/node/ledger/LedgerMaker.h"
#include "tests/node/ledger/SmallChain.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using test::freshFolder;
using test::LedgerMaker;
using Set = protocol::ReadWriteSetBuilder;

class PrivateDataTest : public QObject {
    Q_OBJECT

    static std::optional<verify::StateValue> clear(LedgerMaker& maker, std::string_view collection,
                                                   std::string_view key) {
        const auto view = maker.ledger().view().value();
        auto found = view->get(privateNamespace("cc", collection), key).value();
        if (found !=
            maker.ledger().writerView().get(privateNamespace("cc", collection), key).value())
            throw std::runtime_error("the writer's view differs");
        return found;
    }
    static std::optional<verify::StateValue> hashed(LedgerMaker& maker, std::string_view collection,
                                                    std::string_view key) {
        return maker.ledger()
            .view()
            .value()
            ->get(verify::hashedNamespace("cc", collection), crypto::sha256(key))
            .value();
    }
    static LedgerMaker::Body put(std::string collection, std::string key, std::string value) {
        return [=](Set& set) {
            if (!set.privateWrite("cc", collection, key, value).ok())
                throw std::runtime_error("privateWrite");
        };
    }

private slots:
    void clearValuesAndHashesStandSideBySide() {
        LedgerMaker maker(freshFolder());
        const BlockNumber block = maker.commit(put("long", "k", "secret"));
        QCOMPARE(clear(maker, "long", "k")->value, Bytes("secret"));
        QVERIFY(clear(maker, "long", "k")->version == (protocol::Version{block, 0}));
        QCOMPARE(hashed(maker, "long", "k")->value, crypto::sha256("secret"));
        const auto writes = maker.ledger().privateWrites(block).value();
        QCOMPARE(writes.size(), std::size_t{1});
        QCOMPARE(writes[0].collection, std::string("long"));
        QVERIFY(maker.ledger().privateWrites(block + 1)->empty());
        maker.commit(put("long", "k", ""));
        QVERIFY(!clear(maker, "long", "k") && !hashed(maker, "long", "k"));
        QVERIFY(splitPrivateNamespace("cc$$plong")->collection == "long");
        QVERIFY(!splitPrivateNamespace("cc$$hlong"));
    }

    void invalidTransactionsLeaveNothing() {
        LedgerMaker maker(freshFolder());
        maker.commit({{put("long", "k", "v"), true, protocol::ValidationCode::MvccReadConflict}});
        QVERIFY(!clear(maker, "long", "k") && !hashed(maker, "long", "k"));
    }

    // Fabric's peers stop for ever at such a block; nothing says what it should become, so it is
    // data without end that nobody is a member of.
    void collectionsThatAreNotDefinedAreKept() {
        LedgerMaker maker(freshFolder());
        const BlockNumber block = maker.commit({{put("nosuch", "k", "v"), false}});
        maker.skip(5);
        for (const bool reopened : {false, true}) {
            if (reopened) maker.reopen();
            QCOMPARE(hashed(maker, "nosuch", "k")->value, crypto::sha256("v"));
            QVERIFY(hashed(maker, "nosuch", "k")->version == (protocol::Version{block, 0}));
            QVERIFY(!clear(maker, "nosuch", "k"));
        }
        const auto folder = freshFolder() / "snapshot";
        VERIFY_OK(maker.ledger().exportSnapshot(folder));
        const auto snapshot = protocol::Snapshot::open(folder);
        VERIFY_OK(snapshot);
        VERIFY_OK(ChannelLedger::createFromSnapshot(freshFolder(), **snapshot, {}));
        maker.commit(put("nosuch", "k", ""));
        QVERIFY(!hashed(maker, "nosuch", "k"));
    }

    // A snapshot has hashes only; what they stand for can come later.
    void aSnapshotsPrivateDataComeLater() {
        LedgerMaker maker(freshFolder());
        const BlockNumber first = maker.commit({{put("long", "k", "v"), false}});
        const BlockNumber second = maker.commit({{put("short", "s", "w"), false}});
        const auto folder = freshFolder() / "snapshot", home = freshFolder();
        VERIFY_OK(maker.ledger().exportSnapshot(folder));
        const auto snapshot = protocol::Snapshot::open(folder);
        VERIFY_OK(snapshot);
        auto ledger = ChannelLedger::createFromSnapshot(home, **snapshot, {});
        VERIFY_OK(ledger);
        QVERIFY((*ledger)->missing(10)->empty());
        const std::vector<MissingPrivateData> noted{{first, 0, "cc", "long"},
                                                    {second, 0, "cc", "short"}};
        VERIFY_OK((*ledger)->recordMissing(noted));
        VERIFY_OK((*ledger)->recordMissing(noted));
        QCOMPARE((*ledger)->missing(10)->size(), std::size_t{2});
        const auto value = [&] {
            return (*ledger)->view().value()->get(privateNamespace("cc", "long"), "k").value();
        };
        // The block is not here to compare with, but the state is.
        LedgerMaker liar(freshFolder());
        const BlockNumber lie = liar.commit({{put("long", "k", "other"), false}});
        VERIFY_OK((*ledger)->reconcile(first, liar.withheld(lie)));
        QVERIFY(!value());
        VERIFY_OK((*ledger)->recordMissing({noted[0]}));
        VERIFY_OK((*ledger)->reconcile(first, maker.withheld(first)));
        QCOMPARE(value()->value, Bytes("v"));
        QVERIFY(value()->version == (protocol::Version{first, 0}));
        QCOMPARE((*ledger)->missing(10)->size(), std::size_t{1});
        QCOMPARE((*ledger)->missing(10)->front().collection, std::string("short"));
    }

    // Written in block n with two blocks to live: gone when block n + 3 is committed.
    void dataEndsAfterItsBlocks() {
        for (const bool reopened : {false, true}) {
            LedgerMaker maker(freshFolder());
            const BlockNumber block = maker.commit(put("short", "k", "v"));
            maker.commit(put("long", "k", "v"));
            maker.skip(1);
            if (reopened) maker.reopen();
            QCOMPARE(maker.ledger().height(), block + 3);
            QVERIFY(clear(maker, "short", "k") && hashed(maker, "short", "k"));
            QCOMPARE(maker.ledger().privateWrites(block)->size(), std::size_t{1});
            maker.skip(1);
            QVERIFY(!clear(maker, "short", "k") && !hashed(maker, "short", "k"));
            QVERIFY(maker.ledger().privateWrites(block)->empty());
            QVERIFY(clear(maker, "long", "k") && hashed(maker, "long", "k"));
        }
    }

    void whatIsWrittenAgainLivesOn() {
        LedgerMaker maker(freshFolder());
        maker.commit({{put("short", "a", "1")}, {put("short", "b", "1")}});
        maker.skip(1);
        maker.commit(put("short", "a", "2"));
        maker.commit(put("short", "b", "2"));  // in the block with which the first one ends
        QCOMPARE(clear(maker, "short", "a")->value, Bytes("2"));
        QCOMPARE(clear(maker, "short", "b")->value, Bytes("2"));
        maker.skip(2);
        QVERIFY(!clear(maker, "short", "a") && !hashed(maker, "short", "a"));
        QVERIFY(clear(maker, "short", "b") && hashed(maker, "short", "b"));
        maker.skip(1);
        QVERIFY(!clear(maker, "short", "b") && !hashed(maker, "short", "b"));
    }

    void hashesEndAlsoWhereTheDataIsMissing() {
        LedgerMaker maker(freshFolder());
        const BlockNumber block = maker.commit({{put("short", "k", "v"), false}});
        QVERIFY(!clear(maker, "short", "k") && hashed(maker, "short", "k"));
        QCOMPARE(maker.ledger().missing(10)->size(), std::size_t{1});
        maker.skip(3);
        QVERIFY(!hashed(maker, "short", "k"));
        QVERIFY(maker.ledger().missing(10)->empty());
        VERIFY_OK(maker.ledger().reconcile(block, maker.withheld(block)));
        QVERIFY(!clear(maker, "short", "k"));
        QVERIFY(maker.ledger().privateWrites(block)->empty());
    }

    void lateDataIsTakenWhileItIsCurrent() {
        LedgerMaker maker(freshFolder());
        const BlockNumber first =
            maker.commit({{put("long", "a", "1"), false}, {put("long", "b", "1"), false}});
        const BlockNumber second = maker.commit(put("long", "a", "2"));
        const auto missing = maker.ledger().missing(10).value();
        QCOMPARE(missing.size(), std::size_t{2});
        QCOMPARE(maker.ledger().missing(1)->size(), std::size_t{1});
        QCOMPARE(missing[0].block, first);
        VERIFY_OK(maker.ledger().reconcile(first, maker.withheld(first)));
        QVERIFY(maker.ledger().missing(10)->empty());
        QCOMPARE(maker.ledger().privateWrites(first)->size(), std::size_t{2});
        // "a" has another value by now, "b" has not.
        QCOMPARE(clear(maker, "long", "a")->value, Bytes("2"));
        QVERIFY(clear(maker, "long", "a")->version == (protocol::Version{second, 0}));
        QCOMPARE(clear(maker, "long", "b")->value, Bytes("1"));
        QVERIFY(clear(maker, "long", "b")->version == hashed(maker, "long", "b")->version);
        // Nobody asked for it a second time.
        VERIFY_OK(maker.ledger().reconcile(first, maker.withheld(first)));
        QCOMPARE(maker.ledger().privateWrites(first)->size(), std::size_t{2});
    }

    void lateDataEndsToo() {
        LedgerMaker maker(freshFolder());
        const BlockNumber block = maker.commit({{put("short", "k", "v"), false}});
        maker.skip(1);
        VERIFY_OK(maker.ledger().reconcile(block, maker.withheld(block)));
        QCOMPARE(clear(maker, "short", "k")->value, Bytes("v"));
        maker.skip(2);
        QVERIFY(!clear(maker, "short", "k"));
        QVERIFY(maker.ledger().privateWrites(block)->empty());
    }

    void purgeTakesValueAndWrites() {
        for (const bool withData : {true, false}) {
            LedgerMaker maker(freshFolder());
            const BlockNumber first = maker.commit([](Set& set) {
                if (!set.privateWrite("cc", "long", "k", "one").ok() ||
                    !set.privateWrite("cc", "long", "other", "two").ok())
                    throw std::runtime_error("write");
            });
            const BlockNumber second = maker.commit(put("long", "k", "three"));
            const LedgerMaker::Body purge = [](Set& set) {
                if (!set.privatePurge("cc", "long", "k").ok()) throw std::runtime_error("purge");
            };
            const BlockNumber third = maker.commit({{purge, withData}});
            QVERIFY(!clear(maker, "long", "k") && !hashed(maker, "long", "k"));
            QCOMPARE(clear(maker, "long", "other")->value, Bytes("two"));
            const auto kept = maker.ledger().privateWrites(first).value();
            QCOMPARE(kept.size(), std::size_t{1});
            QVERIFY(kept[0].writes.find("one") == Bytes::npos);
            QVERIFY(kept[0].writes.find("two") != Bytes::npos);
            QVERIFY(maker.ledger().privateWrites(second)->empty());
            QCOMPARE(maker.ledger().privateWrites(third)->size(), std::size_t(withData ? 1 : 0));
            // A value that is written afterwards stays.
            maker.commit(put("long", "k", "four"));
            QCOMPARE(clear(maker, "long", "k")->value, Bytes("four"));
        }
    }

    void metadataGiveTheClearValueTheNewVersion() {
        LedgerMaker maker(freshFolder());
        maker.commit(put("long", "k", "v"));
        maker.commit([](Set& set) {
            if (!set.privateMetadata("cc", "long", "k", {{"VALIDATION_PARAMETER", "p"}}).ok())
                throw std::runtime_error("metadata");
        });
        QCOMPARE(clear(maker, "long", "k")->value, Bytes("v"));
        QVERIFY(clear(maker, "long", "k")->version == hashed(maker, "long", "k")->version);
        QVERIFY(!hashed(maker, "long", "k")->metadata.empty());
    }

    void theLastTransactionOfABlockWins() {
        LedgerMaker maker(freshFolder());
        maker.commit({{put("long", "k", "1")}, {put("long", "k", "2")}});
        QCOMPARE(clear(maker, "long", "k")->value, Bytes("2"));
        QVERIFY(clear(maker, "long", "k")->version == hashed(maker, "long", "k")->version);
        maker.commit({{put("long", "k", "3")}, {put("long", "k", "")}});
        QVERIFY(!clear(maker, "long", "k") && !hashed(maker, "long", "k"));
    }

    void transientDataWaitsForItsTransaction() {
        const auto folder = freshFolder();
        LedgerMaker maker(folder);
        const TxId one("one"), two("two"), three("three");
        QVERIFY(maker.ledger().transient(one)->empty());
        VERIFY_OK(maker.ledger().dropTransient({one}, 1));
        QVERIFY(!std::filesystem::exists(folder / "transient.db"));
        VERIFY_OK(maker.ledger().holdTransient(one, 5, "a"));
        VERIFY_OK(maker.ledger().holdTransient(one, 6, "b"));
        VERIFY_OK(maker.ledger().holdTransient(two, 5, "c"));
        VERIFY_OK(maker.ledger().holdTransient(three, 9, "d"));
        maker.reopen();
        QVERIFY((maker.ledger().transient(one).value() == std::vector<Bytes>{"a", "b"}));
        VERIFY_OK(maker.ledger().dropTransient({one}, 5));
        QVERIFY(maker.ledger().transient(one)->empty());
        QCOMPARE(maker.ledger().transient(two)->size(), std::size_t{1});
        VERIFY_OK(maker.ledger().dropTransient({}, 6));
        QVERIFY(maker.ledger().transient(two)->empty());
        QCOMPARE(maker.ledger().transient(three)->size(), std::size_t{1});
    }

    void collectionsAreRemembered() {
        LedgerMaker maker(freshFolder());
        QVERIFY(maker.ledger().collectionsAt("cc", 0)->has_value());
        VERIFY_OK(maker.ledger().recordCollections("cc", 7, "later"));
        QVERIFY(maker.ledger().collectionsAt("cc", 6).value() != Bytes("later"));
        QCOMPARE(maker.ledger().collectionsAt("cc", 7).value(), std::optional<Bytes>("later"));
        QVERIFY(!maker.ledger().collectionsAt("other", 7)->has_value());
    }
};

CHANCERY_TEST(PrivateDataTest)
#include "PrivateDataTest.moc"
