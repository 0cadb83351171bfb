#include "src/verify/Expiry.h"

#include "src/crypto/Digest.h"
#include "src/verify/MemoryState.h"
#include "tests/src/verify/TestChain.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::test;
using verify::Expiry;
using verify::MemoryState;
using verify::PendingUpdates;

/// A contract "cc" with collections "short" (3 blocks) and "ever".
class ExpiryTest : public QObject {
    Q_OBJECT

private:
    verify::Contract m_contract;
    MemoryState m_state;
    Expiry m_expiry;

    Result<const verify::Contract*> find(std::string_view) { return &m_contract; }

    /// Passes a block and puts what it leaves into the state.
    void pass(BlockNumber block, const SetMaker& set = {}) {
        PendingUpdates updates;
        VERIFY_OK(updates.apply(set.set(), {block, 0}, m_state));
        VERIFY_OK(m_expiry.pass(block, updates, m_state,
                                [this](std::string_view name) { return find(name); }));
        for (const auto& [ns, collections] : updates.hashedUpdates())
            for (const auto& [collection, keys] : collections)
                for (const auto& [key, entry] : keys) {
                    const auto place = verify::hashedNamespace(ns, collection);
                    if (entry.isDelete)
                        m_state.remove(place, key, entry.version);
                    else
                        m_state.put(place, key, {entry.value, entry.metadata, entry.version});
                }
    }
    bool has(const std::string& collection, const std::string& key) {
        return (*m_state.get(verify::hashedNamespace("cc", collection), crypto::sha256(key)))
            .has_value();
    }

private slots:
    void init() {
        m_contract = {};
        m_contract.name = "cc";
        m_contract.defined = true;
        m_contract.collections = {{"short", std::nullopt, 3}, {"ever", std::nullopt, 0}};
        m_state = {};
        m_expiry = {};
    }

    // Fact sheet B §3.6: three blocks to live, written in block 10, gone once 14 is committed.
    void keysEndByThemselves() {
        pass(10, SetMaker()
                     .hashedWrite("cc", "short", "k", "v")
                     .hashedWrite("cc", "ever", "k", "v")
                     .hashedWrite("cc", "_implicit_org_X", "k", "v"));
        QCOMPARE(m_expiry.pending(), std::size_t{1});
        for (BlockNumber block = 11; block <= 13; ++block) pass(block);
        QVERIFY(has("short", "k"));
        pass(14);
        QVERIFY(!has("short", "k"));
        QVERIFY(has("ever", "k") && has("_implicit_org_X", "k"));
        QCOMPARE(m_expiry.pending(), std::size_t{0});
    }

    void whatWasWrittenAgainLivesOn() {
        pass(10, SetMaker().hashedWrite("cc", "short", "k", "v"));
        pass(12, SetMaker().hashedWrite("cc", "short", "k", "w"));
        for (BlockNumber block = 13; block <= 15; ++block) pass(block);
        QVERIFY(has("short", "k"));
        pass(16);
        QVERIFY(!has("short", "k"));
    }

    void aWriteInTheLastBlockSavesTheKey() {
        pass(10, SetMaker().hashedWrite("cc", "short", "k", "v"));
        for (BlockNumber block = 11; block <= 13; ++block) pass(block);
        pass(14, SetMaker().hashedWrite("cc", "short", "k", "w"));
        QVERIFY(has("short", "k"));
        for (BlockNumber block = 15; block <= 18; ++block) pass(block);
        QVERIFY(!has("short", "k"));
    }

    void newMetadataAreAWriteToo() {
        pass(10, SetMaker().hashedWrite("cc", "short", "k", "v"));
        pass(13, SetMaker().hashedMetadata("cc", "short", "k", "p"));
        pass(14);
        QVERIFY(has("short", "k"));
        for (BlockNumber block = 15; block <= 17; ++block) pass(block);
        QVERIFY(!has("short", "k"));
    }

    void lifetimesBeyondAllBlocksNeverEnd() {
        m_contract.collections[0].blockToLive = ~std::uint64_t{0};
        pass(10, SetMaker().hashedWrite("cc", "short", "k", "v"));
        QCOMPARE(m_expiry.pending(), std::size_t{0});
    }

    void expiryIsNotPartOfTheCommitHash() {
        pass(10, SetMaker().hashedWrite("cc", "short", "k", "v"));
        PendingUpdates updates;
        VERIFY_OK(m_expiry.pass(14, updates, m_state,
                                [this](std::string_view name) { return find(name); }));
        // The batch is to be taken before.
        QVERIFY(!updates.toBatch().empty());
    }
};

CHANCERY_TEST(ExpiryTest)
#include "ExpiryTest.moc"
