#include "src/protocol/CommitHash.h"

#include "src/base/Encoding.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::protocol;

/// Vectors of a live network (fact sheet B §14); LedgerReplayTest holds 285 blocks against it.
class CommitHashTest : public QObject {
    Q_OBJECT

private slots:
    void onePublicWrite() {
        UpdateBatch batch;
        batch.put("fb", "g", "1", {22, 0});
        QCOMPARE(toHex(batch.serialize()), std::string("0a0f0a0266621a01672a01313203011600"));
        const ValidationCode codes[] = {ValidationCode::Valid};
        const Bytes previous =
            fromHex("dd523006c49ce4cf7e834f29d4d6e2fea3992b54f4d2b743c17e73331dbdafd0").value();
        QCOMPARE(toHex(computeCommitHash(codes, batch.serialize(), previous)),
                 std::string("10b2da0c71d106ae02cd7bdef35a550020775af5199637e39fc4f3e9dde405aa"));
    }

    void purge() {
        UpdateBatch batch;
        batch.removeHash(
            "fb", "collB",
            fromHex("3946ca64ff78d93ca61090a437cbb6b3d2ca0d488f5f9ccf3059608368b27693").value(),
            {13, 0});
        QCOMPARE(
            toHex(batch.serialize()),
            std::string("0a340a0266621205636f6c6c421a203946ca64ff78d93ca61090a437cbb6b3d2ca0d48"
                        "8f5f9ccf3059608368b2769320013203010d00"));
        const ValidationCode codes[] = {ValidationCode::Valid};
        const Bytes previous =
            fromHex("0fd1cf55461563733245e1b1c0d0f9cd5579067044d60b4393cd08110d77d2af").value();
        QCOMPARE(toHex(computeCommitHash(codes, batch.serialize(), previous)),
                 std::string("435301145133b8e057b78b6048b7bbd5a1652839477a2254d85e27e6524d70cc"));
    }

    void severalTransactions() {
        UpdateBatch batch;
        batch.put("fb", "d", "2", {26, 1});
        QCOMPARE(toHex(batch.serialize()), std::string("0a100a0266621a01642a01323204011a0101"));
        const ValidationCode codes[] = {ValidationCode::DuplicateTxId, ValidationCode::Valid,
                                        ValidationCode::MvccReadConflict};
        const Bytes previous =
            fromHex("73e7fb93af859e4e0df47dc56839bc3e7cef59e087985d132453036af6509e8c").value();
        QCOMPARE(toHex(computeCommitHash(codes, batch.serialize(), previous)),
                 std::string("fe9ba2ca4628388891973afacbf555c4b4bb741a761bdb8310991db8f9b3df94"));
    }

    void namesStandAtTheFirstEntryOfTheirRun() {
        UpdateBatch batch;
        batch.put("", "CHANNEL_CONFIG_ENV_BYTES", "left out", {1, 0});
        batch.put("b", "k2", "v", {1, 0});
        batch.putHash("b", "c", "h2", "x", {1, 0});
        batch.putHash("b", "c", "h1", "x", {1, 0});
        batch.remove("b", "k1", {1, 0});
        batch.putHash("a", "z", "h", "x", {1, 0});
        // a: one entry with both names; b: k1 with the namespace, k2 bare, h1 with the collection,
        // h2 bare
        QCOMPARE(toHex(batch.serialize()), std::string("0a110a016112017a1a01682a01783203010100"
                                                       "0a0e0a01621a026b3120013203010100"
                                                       "0a0c1a026b322a01763203010100"
                                                       "0a0f1201631a0268312a01783203010100"
                                                       "0a0c1a0268322a01783203010100"));
    }

    void theLastUpdateOfAKeyStands() {
        UpdateBatch batch;
        batch.put("n", "k", "1", {1, 0});
        batch.remove("n", "k", {1, 1});
        QVERIFY(batch.namespaces().at("n").keys.at("k").isDelete);
        batch.clear();
        QVERIFY(batch.empty());
        QVERIFY(batch.serialize().empty());
    }
};

CHANCERY_TEST(CommitHashTest)
#include "CommitHashTest.moc"
