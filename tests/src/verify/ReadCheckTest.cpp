#include "src/verify/ReadCheck.h"

#include <fmt/format.h>

#include "src/crypto/Digest.h"
#include "src/protocol/RangeQuery.h"
#include "src/verify/MemoryState.h"
#include "tests/src/verify/TestChain.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::test;
using protocol::ValidationCode;
using verify::PendingUpdates;
using verify::Version;

/// What was read against what is there.
class ReadCheckTest : public QObject {
    Q_OBJECT

private:
    static std::string key(int i) { return fmt::format("k{:05}", i); }
    /// k00000 … of namespace "ns", all written by transaction 0 of block 5.
    static verify::MemoryState stateWith(int count) {
        verify::MemoryState state;
        for (int i = 0; i < count; ++i) state.put("ns", key(i), {"v", "", {5, 0}});
        return state;
    }
    static verify::ReadVerdict check(const SetMaker& set, const verify::MemoryState& state,
                                     const PendingUpdates& pending = {}) {
        auto verdict = verify::checkReads(set.set(), pending, state);
        if (!verdict.ok()) throw std::runtime_error(verdict.status().ToString());
        return *std::move(verdict);
    }
    static PendingUpdates pending(const SetMaker& set, const verify::MemoryState& state) {
        PendingUpdates updates;
        if (!updates.apply(set.set(), {6, 0}, state).ok()) throw std::runtime_error("apply");
        return updates;
    }
    /// The query as a peer would have recorded it over this state.
    static kvrwset::RangeQueryInfo recorded(const verify::MemoryState& state,
                                            const std::string& start, const std::string& end,
                                            bool exhausted = true, int atMost = 1 << 20) {
        protocol::RangeQueryRecorder recorder;
        auto cursor = *state.range("ns", start, end);
        std::string last = end;
        for (int i = 0; i < atMost; ++i) {
            const auto item = *cursor->next();
            if (!item) break;
            recorder.add(item->key, item->version);
            last = item->key;
        }
        kvrwset::RangeQueryInfo info;
        info.set_start_key(start);
        info.set_end_key(exhausted ? end : last);
        info.set_itr_exhausted(exhausted);
        const auto outcome = recorder.finish();
        for (const auto& read : outcome.reads) {
            auto& added = *info.mutable_raw_reads()->add_kv_reads();
            added.set_key(read.key);
            added.mutable_version()->set_block_num(read.version->block);
            added.mutable_version()->set_tx_num(read.version->transaction);
        }
        if (outcome.summary) {
            auto& summary = *info.mutable_reads_merkle_hashes();
            summary.set_max_degree(outcome.summary->maxDegree);
            summary.set_max_level(outcome.summary->maxLevel);
            for (const auto& hash : outcome.summary->hashes) summary.add_max_level_hashes(hash);
        }
        return info;
    }

private slots:
    void singleReads() {
        const auto state = stateWith(3);
        QCOMPARE(check(SetMaker().read("ns", key(1), Version{5, 0}), state).code,
                 ValidationCode::Valid);
        QCOMPARE(check(SetMaker().read("ns", "none", std::nullopt), state).code,
                 ValidationCode::Valid);
        for (const auto& set : {SetMaker().read("ns", key(1), Version{5, 1}),
                                SetMaker().read("ns", key(1), std::nullopt),
                                SetMaker().read("ns", "none", Version{0, 0})}) {
            const auto verdict = check(set, state);
            QCOMPARE(verdict.code, ValidationCode::MvccReadConflict);
            QCOMPARE(verdict.cause->reason, std::string("KEY_CHANGED"));
        }
    }

    void whateverTheBlockTouchedConflicts() {
        const auto state = stateWith(3);
        // Also a deletion, of a key that was read as it is, and of one that never was.
        const auto updates =
            pending(SetMaker().remove("ns", key(1)).write("ns", "new", "v"), state);
        for (const auto& set : {SetMaker().read("ns", key(1), Version{5, 0}),
                                SetMaker().read("ns", key(1), std::nullopt),
                                SetMaker().read("ns", "new", std::nullopt)}) {
            const auto verdict = check(set, state, updates);
            QCOMPARE(verdict.code, ValidationCode::MvccReadConflict);
            QCOMPARE(verdict.cause->reason, std::string("KEY_CHANGED_IN_BLOCK"));
        }
        QCOMPARE(check(SetMaker().read("ns", key(2), Version{5, 0}), state, updates).code,
                 ValidationCode::Valid);
    }

    void hashedReads() {
        verify::MemoryState state;
        state.put(verify::hashedNamespace("ns", "coll"), crypto::sha256("k"),
                  {crypto::sha256("v"), "", {5, 0}});
        QCOMPARE(check(SetMaker().hashedRead("ns", "coll", "k", Version{5, 0}), state).code,
                 ValidationCode::Valid);
        QCOMPARE(check(SetMaker().hashedRead("ns", "other", "k", Version{5, 0}), state).code,
                 ValidationCode::MvccReadConflict);
        const auto updates = pending(SetMaker().hashedWrite("ns", "coll", "k", "", true), state);
        const auto verdict =
            check(SetMaker().hashedRead("ns", "coll", "k", Version{5, 0}), state, updates);
        QCOMPARE(verdict.code, ValidationCode::MvccReadConflict);
        QCOMPARE(verdict.cause->conflict->collection, std::string("coll"));
    }

    void rangesOfFewResults() {
        const auto state = stateWith(10);
        const auto query = recorded(state, key(2), key(6));
        const auto set = SetMaker().range("ns", query);
        QCOMPARE(check(set, state).code, ValidationCode::Valid);
        struct Row {
            SetMaker change;
            std::string differs;  // empty: nothing
        };
        const Row rows[] = {
            {SetMaker().write("ns", key(1), "x"), ""},
            {SetMaker().write("ns", key(6), "x"), ""},  // the end is not part of it
            {SetMaker().write("ns", key(4), "x"), key(4)},
            {SetMaker().remove("ns", key(2)), key(2)},
            {SetMaker().remove("ns", key(5)), key(5)},
            {SetMaker().write("ns", key(3) + "x", "x"), key(3) + "x"},
            {SetMaker().write("ns", key(5) + "x", "x"), key(5) + "x"},
            {SetMaker().remove("ns", "never"), ""},
        };
        for (const Row& row : rows) {
            const auto verdict = check(set, state, pending(row.change, state));
            if (row.differs.empty()) {
                QCOMPARE(verdict.code, ValidationCode::Valid);
                continue;
            }
            QCOMPARE(verdict.code, ValidationCode::PhantomReadConflict);
            QCOMPARE(verdict.cause->phantom->difference.key, row.differs);
            QVERIFY((verdict.cause->phantom->difference.writer->place == Version{6, 0}));
        }
    }

    void rangesThatWereLeftEarly() {
        const auto state = stateWith(10);
        // Left at k00004: that key itself counts, what follows does not.
        const auto set = SetMaker().range("ns", recorded(state, key(2), key(9), false, 3));
        QCOMPARE(check(set, state).code, ValidationCode::Valid);
        QCOMPARE(check(set, state, pending(SetMaker().write("ns", key(5), "x"), state)).code,
                 ValidationCode::Valid);
        QCOMPARE(check(set, state, pending(SetMaker().write("ns", key(4), "x"), state)).code,
                 ValidationCode::PhantomReadConflict);
        QCOMPARE(check(set, state, pending(SetMaker().remove("ns", key(4)), state)).code,
                 ValidationCode::PhantomReadConflict);
    }

    void rangesWithoutResult() {
        const auto state = stateWith(3);
        const auto set = SetMaker().range("ns", recorded(state, "x", "y"));
        QCOMPARE(check(set, state).code, ValidationCode::Valid);
        QCOMPARE(check(set, state, pending(SetMaker().write("ns", "xx", "1"), state)).code,
                 ValidationCode::PhantomReadConflict);
        // Nonsense borders are an empty range.
        kvrwset::RangeQueryInfo inverted;
        inverted.set_start_key("k2");
        inverted.set_end_key("k1");
        inverted.set_itr_exhausted(true);
        QCOMPARE(check(SetMaker().range("ns", inverted), state).code, ValidationCode::Valid);
    }

    void summariesOfManyResults_data() {
        QTest::addColumn<int>("results");
        for (const int results : {51, 52, 101, 102, 160, 2549, 2550, 2551, 2601, 2602, 5300})
            QTest::newRow(std::to_string(results).c_str()) << results;
    }
    void summariesOfManyResults() {
        QFETCH(int, results);
        auto state = stateWith(results);
        const auto query = recorded(state, "", "");
        QVERIFY(query.has_reads_merkle_hashes());
        const auto set = SetMaker().range("ns", query);
        QCOMPARE(check(set, state).code, ValidationCode::Valid);
        for (const int touched : {0, results / 2, results - 1}) {
            const auto updates = pending(SetMaker().write("ns", key(touched), "x"), state);
            const auto verdict = check(set, state, updates);
            QCOMPARE(verdict.code, ValidationCode::PhantomReadConflict);
            QVERIFY(!verdict.hazard);
            QCOMPARE(check(set, state, pending(SetMaker().remove("ns", key(touched)), state)).code,
                     ValidationCode::PhantomReadConflict);
        }
        QCOMPARE(check(set, state, pending(SetMaker().write("ns", "z", "x"), state)).code,
                 ValidationCode::PhantomReadConflict);
    }

    // Fifty full leaves were recorded; when so many results follow that the tree grows a level, a
    // peer looks for a hash that is no longer there.
    void whereAPeerCrashesOnASummary() {
        auto state = stateWith(50 * 51);
        const auto set = SetMaker().range("ns", recorded(state, "", ""));
        for (int i = 0; i < 50; ++i) state.put("ns", fmt::format("z{:05}", i), {"v", "", {5, 0}});
        auto verdict = check(set, state);
        QCOMPARE(verdict.code, ValidationCode::PhantomReadConflict);
        QVERIFY(!verdict.hazard);
        state.put("ns", "zz", {"v", "", {5, 0}});
        verdict = check(set, state);
        QCOMPARE(verdict.code, ValidationCode::PhantomReadConflict);
        QCOMPARE(verdict.hazard->reason, std::string("RANGE_SUMMARY_OVERFLOW"));
    }

    void whereAPeerStopsAtAQuery() {
        const auto state = stateWith(60);
        auto query = recorded(state, "", "");
        query.mutable_reads_merkle_hashes()->set_max_degree(1);
        auto verdict = check(SetMaker().range("ns", query), state);
        QCOMPARE(verdict.hazard->reason, std::string("RANGE_SUMMARY_DEGREE"));

        auto reads = recorded(state, key(1), key(3));
        reads.mutable_raw_reads()->mutable_kv_reads(0)->clear_version();
        verdict = check(SetMaker().range("ns", reads), state);
        QCOMPARE(verdict.code, ValidationCode::PhantomReadConflict);
        QCOMPARE(verdict.hazard->reason, std::string("RANGE_READ_WITHOUT_VERSION"));
    }

    void theFirstDifferenceDecides() {
        const auto state = stateWith(3);
        const auto reads = SetMaker()
                               .range("ns", recorded(state, key(0), key(2)))
                               .read("ns", key(2), Version{5, 0});
        // Reads are looked at before ranges, ranges before private reads.
        const auto both =
            pending(SetMaker().write("ns", key(1), "x").write("ns", key(2), "x"), state);
        QCOMPARE(check(reads, state, both).code, ValidationCode::MvccReadConflict);
        const auto range = pending(SetMaker().write("ns", key(1), "x"), state);
        QCOMPARE(check(reads, state, range).code, ValidationCode::PhantomReadConflict);
    }
};

CHANCERY_TEST(ReadCheckTest)
#include "ReadCheckTest.moc"
