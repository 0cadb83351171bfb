#include "src/usecase/LedgerReplay.h"

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using chancery::test::facts;
using chancery::test::vectorPath;
using usecase::LedgerReplay;

class LedgerReplayTest : public QObject {
    Q_OBJECT
private slots:
    void reachesThePeersState_data();
    void reachesThePeersState();
    void goesOnFromASnapshot();
    void judgesAsThePeersDid();
    void withoutABeginningNothingIsKnown();
};

namespace {

/// Replays to the end; the caller looks at the state.
Result<std::unique_ptr<LedgerReplay>> replayed(const usecase::LedgerLocation& location) {
    ASSIGN_OR_RETURN(auto replay, LedgerReplay::open(location));
    for (;;) {
        ASSIGN_OR_RETURN(const auto block, replay->next());
        if (!block) return replay;
        RETURN_IF_ERROR(replay->commit().status());
    }
}

verify::Version versionOf(const nlohmann::json& row) {
    return {row["version"][0], row["version"][1]};
}

}  // namespace

void LedgerReplayTest::reachesThePeersState_data() {
    QTest::addColumn<QString>("path");
    QTest::newRow("single blocks") << "ledger/blocks";
    QTest::newRow("a peer's file") << "ledger/peer_blockfile_000000";
    QTest::newRow("an orderer's file, without verdicts") << "ledger/orderer_blockfile_000000.gz";
}

void LedgerReplayTest::reachesThePeersState() {
    QFETCH(QString, path);
    const auto replay = replayed({{vectorPath(path.toStdString())}, {}});
    VERIFY_OK(replay);
    QVERIFY((*replay)->stateKnown());
    const auto& chain = facts()["chain"];
    for (const auto& row : chain["public_state"]) {
        const std::string ns = row["namespace"];
        const Bytes key = row.contains("key_hex") ? *fromHex(row["key_hex"].get<std::string>())
                                                  : row["key"].get<Bytes>();
        const auto value = (*replay)->state().get(ns, key);
        QVERIFY2(value.ok() && *value, (ns + "/" + key).c_str());
        QVERIFY((*value)->version == versionOf(row));
        if (row.contains("value_sha256"))
            QCOMPARE(toHex(crypto::sha256((*value)->value)),
                     row["value_sha256"].get<std::string>());
        if (row.contains("value_hex"))
            QCOMPARE(toHex((*value)->value), row["value_hex"].get<std::string>());
        if (row.contains("value")) QCOMPARE((*value)->value, row["value"].get<Bytes>());
    }
    for (const auto& row : chain["private_hashed_state"]) {
        const std::string ns = verify::hashedNamespace(row["namespace"].get<std::string>(),
                                                       row["collection"].get<std::string>());
        const auto value = (*replay)->state().get(ns, *fromHex(row["key_hash"].get<std::string>()));
        QVERIFY(value.ok() && *value);
        QVERIFY((*value)->version == versionOf(row));
        QCOMPARE(toHex((*value)->value), row["value_hash"].get<std::string>());
    }
    // Nothing but these keys.
    QCOMPARE((*replay)->state().keyCount(),
             chain["public_state"].size() + chain["private_hashed_state"].size());
}

void LedgerReplayTest::goesOnFromASnapshot() {
    const auto whole = replayed({{vectorPath("ledger/blocks"), vectorPath("ledger/crafted")}, {}});
    const auto rest = replayed({{vectorPath("ledger/crafted")}, vectorPath("ledger/snapshot_277")});
    VERIFY_OK(whole);
    VERIFY_OK(rest);
    QCOMPARE((*rest)->state().namespaces(), (*whole)->state().namespaces());
    for (const std::string& ns : (*whole)->state().namespaces())
        QVERIFY(*(*rest)->state().keys(ns) == *(*whole)->state().keys(ns));
}

void LedgerReplayTest::judgesAsThePeersDid() {
    const auto opened =
        LedgerReplay::open({{vectorPath("ledger/blocks"), vectorPath("ledger/crafted")}, {}});
    VERIFY_OK(opened);
    LedgerReplay& replay = **opened;
    std::size_t refused = 0;
    for (;;) {
        const auto block = replay.next();
        VERIFY_OK(block);
        if (!*block) break;
        if ((*block)->block.number() > 0) {
            const auto judged = replay.judge();
            VERIFY_OK(judged);
            QVERIFY((*judged)->verdict.codes() == (*block)->block.validationCodes());
            for (const auto& verdict : (*judged)->verdict.transactions)
                refused += verdict.valid() ? 0 : 1;
        }
        VERIFY_OK(replay.commit());
    }
    std::size_t expected = 0;
    for (const auto* blocks : {&facts()["chain"]["blocks"], &facts()["crafted_blocks"]["blocks"]})
        for (const auto& block : *blocks)
            for (const auto& transaction : block["txs"])
                expected += transaction["validation_code"] == 0 ? 0 : 1;
    QCOMPARE(refused, expected);
}

void LedgerReplayTest::withoutABeginningNothingIsKnown() {
    const auto opened = LedgerReplay::open({{vectorPath("ledger/crafted")}, {}});
    VERIFY_OK(opened);
    VERIFY_OK((*opened)->next());
    QVERIFY(!(*opened)->canJudge());
    QCOMPARE(reasonOf((*opened)->judge().status()), std::string("STATE_UNKNOWN"));
    VERIFY_OK((*opened)->commit());
    QVERIFY(!(*opened)->stateKnown());
}

CHANCERY_TEST(LedgerReplayTest)
#include "LedgerReplayTest.moc"
