#include "node/chaincode/Simulation.h"

#include <fmt/format.h>

#include "fabric/peer/proposal_response.pb.h"
#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/protocol/ReadWriteSet.h"
#include "src/verify/PendingUpdates.h"
#include "tests/node/chaincode/Fixture.h"
#include "tests/node/chaincode/GoldenChain.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::test;
using protocol::ReadWriteSet;

namespace {

constexpr auto kVault = "vault";

Simulation on(const FakeState& state) {
    return {goldenEnd().bundle, state.view(), TxId("t1")};
}

std::string sentence(const Status& status) {
    return std::string(messageOf(status));
}

std::vector<std::string> take(Rows& rows, std::size_t count) {
    std::vector<std::string> keys;
    while (keys.size() < count) {
        auto row = rows.next();
        if (!row.ok() || !*row) break;
        keys.push_back((*row)->key);
    }
    return keys;
}

/// Does again what a transaction of the chain did, going by its read/write set.
Status doAgain(Simulation& simulation, const ReadWriteSet& set) {
    for (const auto& ns : set.namespaces) {
        for (const auto& query : ns.rangeQueries) {
            // An end that was not reached is that of the last row that was looked at.
            const std::string_view end = query.exhausted ? query.endKey : std::string_view();
            auto rows = simulation.range(ns.name, query.startKey, end);
            RETURN_IF_ERROR(rows.status());
            for (;;) {
                ASSIGN_OR_RETURN(const auto row, (*rows)->next());
                if (!row || (!query.exhausted && row->key >= query.endKey)) break;
            }
        }
        for (const auto& read : ns.reads)
            RETURN_IF_ERROR(simulation.get(ns.name, read.key).status());
        for (const auto& write : ns.writes)
            RETURN_IF_ERROR(
                simulation.put(ns.name, write.key, write.isDelete() ? BytesView() : write.value));
        for (const auto& write : ns.metadataWrites) {
            Simulation::Metadata metadata;
            for (const auto& entry : write.entries)
                metadata.emplace(entry.name, Bytes(entry.value));
            RETURN_IF_ERROR(simulation.putMetadata(ns.name, write.key, metadata));
        }
    }
    return {};
}

}  // namespace

class SimulationTest : public QObject {
    Q_OBJECT
private slots:
    /// Every valid transaction of the golden chain without private data, done again.
    void recordsAsRealPeersDo() {
        int done = 0, ranges = 0, metadata = 0;
        GoldenChain::walk([&](const protocol::Block& block, const verify::ChainState& before) {
            const auto codes = block.validationCodes();
            for (std::size_t at = 0; at < block.transactionCount(); ++at) {
                const auto transaction = block.transaction(at);
                if (codes.at(at) != protocol::ValidationCode::Valid) continue;
                if (transaction.actions.size() != 1 || !transaction.actions[0].readWriteSet)
                    continue;
                const auto& action = transaction.actions[0];
                // Hand-made sets hold what no simulation gives; peers' come with both signatures.
                bool isPrivate = false;
                for (const auto& ns : action.readWriteSet->namespaces) {
                    isPrivate = isPrivate || !ns.collections.empty();
                    ranges += static_cast<int>(ns.rangeQueries.size());
                    metadata += static_cast<int>(ns.metadataWrites.size());
                }
                if (isPrivate) continue;
                FakeState state;
                state.keys = before.state;
                Simulation simulation(before.bundle, state.view(), transaction.filedTxId());
                const Status status = doAgain(simulation, *action.readWriteSet);
                QVERIFY2(status.ok(), status.ToString().c_str());
                auto output = simulation.finish();
                QVERIFY(output.ok());
                if (output->readWriteSet == action.results)
                    ++done;
                else
                    m_different.push_back(fmt::format("{}:{}", block.number(), at));
            }
        });
        qInfo("%d transactions, %d ranges, %d metadata writes; different: %s", done, ranges,
              metadata, fmt::format("{}", fmt::join(m_different, " ")).c_str());
        QVERIFY(done > 150);
        QVERIFY(ranges > 5);
        QVERIFY(metadata > 3);
        QVERIFY2(m_different.empty(), fmt::format("{}", fmt::join(m_different, " ")).c_str());
    }

    void readsOnlyWhatIsCommitted() {
        FakeState state = goldenState();
        state.put("assets", "k", "old", {5, 1});
        auto simulation = on(state);
        QVERIFY(simulation.put("assets", "k", "new").ok());
        QCOMPARE(**simulation.get("assets", "k"), Bytes("old"));
        QVERIFY(!*simulation.get("assets", "none"));
        QVERIFY(simulation.put("assets", "empty", "").ok());
        const auto output = simulation.finish();
        QVERIFY(output.ok());
        const auto set = protocol::decodeReadWriteSet(output->readWriteSet);
        QCOMPARE(set->namespaces.size(), 1U);
        const auto& ns = set->namespaces[0];
        QCOMPARE(ns.reads.size(), 2U);
        QCOMPARE(ns.reads[0].key, std::string_view("k"));
        QCOMPARE(ns.reads[0].version->block, 5U);
        QVERIFY(!ns.reads[1].version);
        QCOMPARE(ns.writes.size(), 2U);
        QVERIFY(ns.writes[0].isDelete());
        QVERIFY(output->privateWrites.empty());
        QVERIFY(!simulation.finish().ok());
    }

    void tellsHowFarARangeWasLookedAt() {
        FakeState state = goldenState();
        for (int i = 0; i < 120; ++i) state.put("other", fmt::format("k{:03}", i), "v", {4, 0});
        auto simulation = on(state);
        auto all = *simulation.range("other", "k", "l");
        QCOMPARE(take(*all, 1000).size(), 120U);
        auto some = *simulation.range("other", "k010", "");
        QCOMPARE(take(*some, 7).size(), 7U);
        auto none = *simulation.range("other", "x", "a");
        QCOMPARE(take(*none, 7).size(), 0U);
        const auto output = simulation.finish();
        const auto set = protocol::decodeReadWriteSet(output->readWriteSet);
        const auto& queries = set->namespaces.at(0).rangeQueries;
        QCOMPARE(queries.size(), 3U);
        QVERIFY(queries[0].exhausted);
        QCOMPARE(queries[0].endKey, std::string_view("l"));
        // 51 + 51 + 18
        QCOMPARE(std::get<protocol::MerkleSummary>(queries[0].results).hashes.size(), 3U);
        QVERIFY(!queries[1].exhausted);
        QCOMPARE(queries[1].endKey, std::string_view("k016"));
        QCOMPARE(std::get<std::vector<protocol::KeyRead>>(queries[1].results).size(), 7U);
        QVERIFY(queries[2].exhausted);
        QVERIFY(std::holds_alternative<std::monostate>(queries[2].results));
    }

    void recordsRowsOfRichQueriesAsReads() {
        FakeState state = goldenState();
        state.put("other", "a1", "{}", {4, 0}).put("other", "a2", "{}", {4, 1});
        auto simulation = on(state);
        auto rows = *simulation.query("other", "a");
        QCOMPARE(take(*rows, 1).size(), 1U);
        const auto output = simulation.finish();
        const auto set = protocol::decodeReadWriteSet(output->readWriteSet);
        QCOMPARE(set->namespaces.at(0).reads.size(), 1U);
        QVERIFY(set->namespaces.at(0).rangeQueries.empty());
    }

    void guardsPagesAndPrivateQueries() {
        const FakeState state = goldenState();
        auto paged = on(state);
        QVERIFY(paged.rangePage("other", "", "").ok());
        QCOMPARE(sentence(paged.put("other", "k", "v")),
                 std::string("txid [t1]: unsuppored transaction. Transaction has already performed "
                             "a paginated query. Writes are not allowed"));
        auto queried = on(state);
        QVERIFY(queried.privateRange(kVault, "sharedAB", "", "").ok());
        QCOMPARE(sentence(queried.putPrivate(kVault, "sharedAB", "k", "v")),
                 std::string("txid [t1]: unsuppored transaction. Transaction has already performed "
                             "queries on pvt data. Writes are not allowed"));
        auto written = on(state);
        QVERIFY(written.put("other", "k", "v").ok());
        QCOMPARE(sentence(written.queryPage("other", "a", "", 3).status()),
                 std::string("txid [t1]: unsuppored transaction. Paginated queries are supported "
                             "only in a read-only transaction"));
        QCOMPARE(sentence(written.privateQuery(kVault, "sharedAB", "a").status()),
                 std::string("txid [t1]: unsuppored transaction. Queries on pvt data is supported "
                             "only in a read-only transaction"));
    }

    void keepsPrivateDataApart() {
        FakeState state = goldenState();
        state.putPrivate(kVault, "sharedAB", "mine", "secret", {7, 2});
        auto simulation = on(state);
        QCOMPARE(**simulation.getPrivate(kVault, "sharedAB", "mine"), Bytes("secret"));
        QCOMPARE(**simulation.getPrivateHash(kVault, "sharedAB", "mine"), crypto::sha256("secret"));
        QVERIFY(!*simulation.getPrivate(kVault, "sharedAB", "none"));
        QVERIFY(simulation.putPrivate(kVault, "onlyA", "p1", "secret").ok());
        QVERIFY(simulation.purgePrivate(kVault, "sharedAB", "p2").ok());
        QVERIFY(simulation.putPrivate(kVault, "_implicit_org_BetaMSP", "x", "y").ok());
        const auto output = simulation.finish();
        QVERIFY(output.ok());
        const auto set = protocol::decodeReadWriteSet(output->readWriteSet);
        // The reads of the definition come with private access.
        QCOMPARE(set->namespaces.size(), 2U);
        QCOMPARE(set->namespaces[0].name, std::string_view("_lifecycle"));
        QCOMPARE(set->namespaces[0].reads.size(), 5U);
        const auto& collections = set->namespaces[1].collections;
        QCOMPARE(collections.size(), 3U);
        QCOMPARE(collections[1].collection, std::string_view("onlyA"));
        // Fact sheet B §14.
        QCOMPARE(toHex(collections[1].privateHash),
                 std::string("fc9cd68e40273460724adf816181c107f0706f61c06b7a40c2d3f5edc781d92c"));
        QCOMPARE(toHex(collections[2].privateHash),
                 std::string("663067e86c0ea7641cb4285961cbf22e549f523829e54e6fc4d017ca9d024d38"));
        QVERIFY(collections[2].writes.at(0).isPurge);
        QCOMPARE(collections[2].reads.size(), 2U);
        const auto clear = protocol::decodePrivateReadWriteSet(output->privateWrites);
        QCOMPARE(clear->size(), 3U);
    }

    void refusesPrivateDataThatDoesNotFit() {
        FakeState state = goldenState();
        state.putPrivate(kVault, "sharedAB", "k", "v", {7, 2});
        state.keys.put(verify::hashedNamespace(kVault, "sharedAB"), crypto::sha256("k"),
                       {crypto::sha256("w"), {}, {9, 0}});
        auto simulation = on(state);
        QCOMPARE(sentence(simulation.getPrivate(kVault, "sharedAB", "k").status()),
                 std::string("private data matching public hash version is not available. Public "
                             "hash version = {BlockNum: 9, TxNum: 0}, Private data version = "
                             "{BlockNum: 7, TxNum: 2}"));
        QCOMPARE(sentence(simulation.getPrivate(kVault, "nosuch", "k").status()),
                 std::string("collection [nosuch] not defined in the collection config for "
                             "chaincode [vault]"));
        QVERIFY(!simulation.putPrivate(kVault, "_implicit_org_NobodyMSP", "k", "v").ok());
    }

    void tellsWhosePoliciesCount() {
        FakeState state = goldenState();
        // A key with a policy of its own.
        std::string policyKey;
        Bytes metadata;
        for (const auto& [key, value] : *state.keys.keys("assets"))
            if (!value.metadata.empty()) policyKey = key, metadata = value.metadata;
        QVERIFY(!policyKey.empty());

        const auto interestOfRun = [&](const auto& body) {
            auto simulation = on(state);
            body(simulation);
            ::protos::ChaincodeInterest interest;
            interest.ParseFromString(simulation.finish()->interest);
            return interest;
        };
        auto interest = interestOfRun([](Simulation& s) {
            (void)s.get("_lifecycle", "namespaces/fields/assets/Sequence");
            (void)s.get("assets", "k");
        });
        QCOMPARE(interest.chaincodes_size(), 1);
        QCOMPARE(interest.chaincodes(0).name(), std::string("assets"));
        QVERIFY(!interest.chaincodes(0).disregard_namespace_policy());

        interest = interestOfRun([&](Simulation& s) { (void)s.put("assets", policyKey, "v"); });
        QCOMPARE(interest.chaincodes_size(), 1);
        QCOMPARE(interest.chaincodes(0).key_policies_size(), 1);
        QVERIFY(interest.chaincodes(0).disregard_namespace_policy());

        interest = interestOfRun([&](Simulation& s) {
            (void)s.put("assets", policyKey, "v");
            (void)s.put("assets", "plain", "v");
        });
        QCOMPARE(interest.chaincodes(0).key_policies_size(), 1);
        QVERIFY(!interest.chaincodes(0).disregard_namespace_policy());

        interest = interestOfRun([](Simulation& s) {
            (void)s.putPrivate(kVault, "sharedAB", "k", "v");
            (void)s.getPrivate(kVault, "onlyA", "none");
        });
        QCOMPARE(interest.chaincodes_size(), 2);
        QCOMPARE(interest.chaincodes(0).collection_names(0), std::string("onlyA"));
        QVERIFY(!interest.chaincodes(0).no_private_reads());
        QCOMPARE(interest.chaincodes(1).collection_names(0), std::string("sharedAB"));
        QVERIFY(interest.chaincodes(1).no_private_reads());
    }

    void boundsWhatIsWritten() {
        const FakeState state = goldenState();
        Simulation simulation(goldenEnd().bundle, state.view(), TxId("t1"), {100, 1000});
        QVERIFY(simulation.put("a", "k", Bytes(900, 'x')).ok());
        QCOMPARE(reasonOf(simulation.put("a", "k", Bytes(100, 'x'))),
                 std::string("TOO_MANY_WRITES"));
        QCOMPARE(reasonOf(simulation.put("a", "\xff\xfe", "")), std::string("NOT_UTF8"));
    }

private:
    std::vector<std::string> m_different;
};

CHANCERY_TEST(SimulationTest)
#include "SimulationTest.moc"
