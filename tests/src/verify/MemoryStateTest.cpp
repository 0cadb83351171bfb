#include "src/verify/MemoryState.h"

#include "tests/support/TestMain.h"

using namespace chancery;
using verify::MemoryState;
using verify::StateValue;
using verify::Version;

class MemoryStateTest : public QObject {
    Q_OBJECT

private:
    static std::string keysIn(const MemoryState& state, const char* start, const char* end) {
        auto cursor = state.range("ns", start, end);
        std::string keys;
        for (;;) {
            const auto item = (*cursor)->next();
            if (!item.ok() || !*item) return keys;
            keys += std::string((*item)->key) + " ";
        }
    }

private slots:
    void valuesVersionsAndMetadata() {
        MemoryState state;
        QVERIFY(!*state.get("ns", "a") && !*state.version("ns", "a"));
        state.put("ns", "a", {"1", "m", {3, 2}});
        QVERIFY((**state.get("ns", "a") == StateValue{"1", "m", {3, 2}}));
        QVERIFY((**state.version("ns", "a") == Version{3, 2}));
        QCOMPARE(*state.metadata("ns", "a"), Bytes("m"));
        QVERIFY(!*state.get("other", "a"));
        state.put("ns", "a", {"2", "", {4, 0}});
        QCOMPARE(state.keyCount(), std::size_t{1});
        QCOMPARE(*state.metadata("ns", "a"), Bytes());
    }

    void deletionsAreRemembered() {
        MemoryState state;
        state.put("ns", "a", {"1", "", {3, 2}});
        const std::size_t full = state.memoryBytes();
        state.remove("ns", "never", {4, 0});
        QVERIFY(!state.deletion("ns", "never"));
        state.remove("ns", "a", {5, 1});
        QVERIFY((state.deletion("ns", "a") == Version{5, 1}));
        QCOMPARE(state.keyCount(), std::size_t{0});
        QVERIFY(state.namespaces().empty());
        state.put("ns", "a", {"1", "", {6, 0}});
        QVERIFY(!state.deletion("ns", "a"));
        QCOMPARE(state.memoryBytes(), full);
    }

    void rangesGoInByteOrder() {
        MemoryState state;
        for (const char* key : {"b", "a", "\xc3\xa4", "ab", "c"})
            state.put("ns", key, {"v", "", {}});
        state.put("ns2", "b", {"v", "", {}});
        QCOMPARE(keysIn(state, "", ""), std::string("a ab b c \xc3\xa4 "));
        QCOMPARE(keysIn(state, "a", "b"), std::string("a ab "));
        QCOMPARE(keysIn(state, "ab", ""), std::string("ab b c \xc3\xa4 "));
        QCOMPARE(keysIn(state, "b", "b"), std::string());
        QCOMPARE(keysIn(state, "c", "a"), std::string());
    }

    void copiesAreIndependent() {
        MemoryState state;
        state.put("ns", "a", {"1", "", {}});
        state.transactions().addBlock(0, {"x"});
        MemoryState copy = state;
        state.put("ns", "a", {"2", "", {}});
        state.transactions().addBlock(1, {"y"});
        QCOMPARE((*copy.get("ns", "a"))->value, Bytes("1"));
        QVERIFY(!*copy.hasTransaction("y") && *state.hasTransaction("y"));
    }

    void memoryIsAccountedFor() {
        MemoryState state;
        for (int i = 0; i < 1000; ++i)
            state.put("ns", "key " + std::to_string(i), {std::string(1000, 'v'), "", {}});
        QVERIFY(state.memoryBytes() > 1'000'000 && state.memoryBytes() < 1'500'000);
        for (int i = 0; i < 1000; ++i)
            state.put("ns", "key " + std::to_string(i), {std::string(10, 'v'), "", {}});
        QVERIFY(state.memoryBytes() < 200'000);
    }
};

class TransactionIndexTest : public QObject {
    Q_OBJECT

private slots:
    void findsIdsAndPlaces() {
        verify::TransactionIndex index;
        const std::string id(64, 'a');
        const std::string upper(64, 'A');
        index.addWithoutPlace(std::string(64, 'f'));
        index.addBlock(7, {id, "", "short"});
        index.addBlock(8, {upper, id});
        for (const auto& known : {id, upper, std::string("short"), std::string(64, 'f')})
            QVERIFY2(index.contains(known), known.c_str());
        QVERIFY(!index.contains("") && !index.contains(std::string(64, 'b')));
        QVERIFY(!index.contains(std::string(63, 'a')));
        QCOMPARE(index.at({7, 0}).str(), id);
        QCOMPARE(index.at({7, 1}).str(), std::string());
        QCOMPARE(index.at({7, 2}).str(), std::string("short"));
        QCOMPARE(index.at({8, 0}).str(), upper);
        QCOMPARE(index.at({8, 1}).str(), id);
        for (const protocol::Version nowhere :
             {protocol::Version{6, 0}, {7, 3}, {8, 2}, {9, 0}, {7, ~0ULL}, {~0ULL, 0}})
            QCOMPARE(index.at(nowhere).str(), std::string());
    }

    void growsAndStaysSmall() {
        verify::TransactionIndex index;
        std::vector<std::string> ids;
        for (int i = 0; i < 20'000; ++i) {
            std::string id(64, '0');
            for (int d = 0; d < 8; ++d)
                id[static_cast<std::size_t>(d)] = "0123456789abcdef"[i >> (4 * d) & 15];
            ids.push_back(id);
        }
        index.addBlock(0, ids);
        for (const auto& id : ids) QVERIFY(index.contains(id));
        QVERIFY(!index.contains(std::string(64, 'e')));
        QVERIFY(index.memoryBytes() / ids.size() < 80);
    }
};

CHANCERY_TEST(MemoryStateTest)
CHANCERY_TEST(TransactionIndexTest)
#include "MemoryStateTest.moc"
