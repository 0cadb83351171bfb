#include "src/verify/PendingUpdates.h"

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/verify/MemoryState.h"
#include "tests/src/verify/TestChain.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::test;
using verify::MemoryState;
using verify::PendingUpdates;
using verify::Version;

class PendingUpdatesTest : public QObject {
    Q_OBJECT

private:
    static void apply(PendingUpdates& updates, const SetMaker& set, std::uint64_t index,
                      const MemoryState& state, std::string_view hazard = {}) {
        const auto found = updates.apply(set.set(), {9, index}, state);
        VERIFY_OK(found);
        QCOMPARE(*found ? (*found)->reason : std::string(), std::string(hazard));
    }
    static Bytes policy(const std::string& value) {
        const auto set = SetMaker().metadata("ns", "k", value).set();
        return verify::encodeMetadata(set.namespaces[0].metadataWrites[0].entries);
    }

private slots:
    void aValueKeepsTheKeysMetadata() {
        MemoryState state;
        state.put("ns", "k", {"old", policy("p"), {5, 0}});
        PendingUpdates updates;
        apply(updates, SetMaker().write("ns", "k", "new"), 1, state);
        const auto* entry = updates.findPublic("ns", "k");
        QCOMPARE(entry->value, Bytes("new"));
        QCOMPARE(entry->metadata, policy("p"));
        QVERIFY((entry->version == Version{9, 1}));
        // The same from what an earlier transaction of the block left.
        apply(updates, SetMaker().metadata("ns", "k", "q"), 2, state);
        apply(updates, SetMaker().write("ns", "k", "newer"), 3, state);
        QCOMPARE(updates.findPublic("ns", "k")->metadata, policy("q"));
    }

    void metadataKeepTheValueAndRenewTheVersion() {
        MemoryState state;
        state.put("ns", "k", {"old", policy("p"), {5, 0}});
        PendingUpdates updates;
        apply(updates, SetMaker().metadata("ns", "k", "q"), 1, state);
        QCOMPARE(updates.findPublic("ns", "k")->value, Bytes("old"));
        QVERIFY((updates.findPublic("ns", "k")->version == Version{9, 1}));
        apply(updates, SetMaker().metadata("ns", "k", ""), 2, state);
        QCOMPARE(updates.findPublic("ns", "k")->metadata, Bytes());
        // Nothing happens to a key that does not exist.
        apply(updates, SetMaker().metadata("ns", "none", "q"), 3, state);
        QVERIFY(updates.findPublic("ns", "none") == nullptr);
    }

    void deletionsTakeEverything() {
        MemoryState state;
        state.put("ns", "k", {"old", policy("p"), {5, 0}});
        PendingUpdates updates;
        apply(updates, SetMaker().remove("ns", "k"), 1, state);
        QVERIFY(updates.findPublic("ns", "k")->isDelete);
        apply(updates, SetMaker().metadata("ns", "k", "q"), 2, state, "METADATA_OF_DELETED_KEY");
        apply(updates, SetMaker().write("ns", "k", "again"), 3, state);
        QCOMPARE(updates.findPublic("ns", "k")->metadata, Bytes());
        // A write of nothing is a deletion.
        apply(updates, SetMaker().write("ns", "k", ""), 4, state);
        QVERIFY(updates.findPublic("ns", "k")->isDelete);
    }

    // Only hand-made sets name a key twice; peers add their flags up.
    void repeatedWritesOfOneKey() {
        MemoryState state;
        state.put("ns", "k", {"old", policy("p"), {5, 0}});
        PendingUpdates updates;
        // Twice a value counts as "metadata": the old value stays and the metadata go.
        apply(updates, SetMaker().write("ns", "k", "a").write("ns", "k", "b"), 1, state);
        QCOMPARE(updates.findPublic("ns", "k")->value, Bytes("old"));
        QCOMPARE(updates.findPublic("ns", "k")->metadata, Bytes());
        apply(updates, SetMaker().write("ns", "new", "a").write("ns", "new", "b"), 2, state);
        QVERIFY(updates.findPublic("ns", "new") == nullptr);
        apply(updates, SetMaker().write("ns", "new", "a").remove("ns", "new"), 3, state);
        QVERIFY(updates.findPublic("ns", "new")->isDelete);
    }

    void privateHashes() {
        MemoryState state;
        PendingUpdates updates;
        apply(updates,
              SetMaker()
                  .hashedWrite("ns", "coll", "k", "v")
                  .hashedMetadata("ns", "coll", "k", "p")
                  .hashedWrite("ns", "coll", "gone", "", true),
              1, state);
        const auto* entry = updates.findHashed("ns", "coll", crypto::sha256("k"));
        QCOMPARE(entry->value, crypto::sha256("v"));
        QCOMPARE(entry->metadata, policy("p"));
        QVERIFY(updates.findHashed("ns", "coll", crypto::sha256("gone"))->isDelete);
        QVERIFY(updates.touches("ns") && !updates.touches("other"));
    }

    void theCommitHashCoversThemInOrder() {
        MemoryState state;
        state.put("a", "meta", {"kept", "", {5, 0}});
        PendingUpdates updates;
        updates.put("", "CHANNEL_CONFIG_ENV_BYTES", "config", {9, 0});
        apply(updates,
              SetMaker()
                  .write("b", "k", "v")
                  .hashedWrite("a", "coll", "k", "v")
                  .write("a", "k", "v")
                  .remove("a", "gone")
                  .metadata("a", "meta", "p"),
              1, state);
        protocol::UpdateBatch expected;
        const Version version{9, 1};
        expected.remove("a", "gone", version);
        expected.put("a", "k", "v", version);
        expected.put("a", "meta", "kept", version);
        expected.putHash("a", "coll", crypto::sha256("k"), crypto::sha256("v"), version);
        expected.put("b", "k", "v", version);
        QCOMPARE(toHex(updates.toBatch().serialize()), toHex(expected.serialize()));
        // What ends by itself does not belong to it.
        const Bytes before = updates.toBatch().serialize();
        QVERIFY(!before.empty());
    }

    void entriesOfMetadata() {
        const auto found = verify::metadataEntry(policy("p"), "VALIDATION_PARAMETER");
        VERIFY_OK(found);
        QCOMPARE(found->value_or(""), Bytes("p"));
        QVERIFY(!*verify::metadataEntry(policy("p"), "OTHER"));
        QVERIFY(!*verify::metadataEntry("", "VALIDATION_PARAMETER"));
        QCOMPARE(reasonOf(verify::metadataEntry("\xff", "X").status()),
                 std::string("BAD_METADATA"));
    }
};

CHANCERY_TEST(PendingUpdatesTest)
#include "PendingUpdatesTest.moc"
