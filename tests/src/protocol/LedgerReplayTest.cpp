#include "tests/src/protocol/LedgerReplay.h"

#include <fmt/format.h>

#include <set>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/protocol/ReadWriteSetBuilder.h"
#include "tests/src/protocol/FactShape.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::protocol;
using chancery::test::LedgerReplay;
using nlohmann::json;

namespace {

Block blockOf(const std::string& folder, const json& row) {
    return Block::parse(
               test::vectorFile(fmt::format("ledger/{}/block_{}.pb", folder, row["number"].dump())))
        .value();
}

json versionRow(const Version& version) {
    return {version.block, version.transaction};
}

/// Metadata as snapshots keep it: KVMetadataWrite with entries only.
Bytes metadataBytes(const std::map<std::string, Bytes>& metadata) {
    ReadWriteSetBuilder builder;
    builder.writeMetadata("", "", metadata).IgnoreError();
    const Bytes set = builder.build().publicSet;
    // TxReadWriteSet{ns{rwset{metadata_writes{…}}}}: three frames of tag and length around it, all
    // short.
    return set.substr(6);
}

}  // namespace

/// The ledger of the vectors run through: what transactions recorded, what blocks state about their
/// outcome, and the state that peers answered from afterwards.
class LedgerReplayTest : public QObject {
    Q_OBJECT

    LedgerReplay m_ledger;
    std::vector<std::string> m_hashFaults, m_readFaults, m_rangeFaults;
    int m_hashes = 0;
    int m_phantoms = 0;
    int m_conflicts = 0;
    Bytes m_previous;

    void runBlock(const Block& block) {
        const auto codes = block.validationCodes();
        const auto transactions = block.transactions();
        m_ledger.beginBlock(block.number());
        for (std::size_t i = 0; i < transactions.size(); ++i) {
            const auto& tx = transactions[i];
            const std::string where = fmt::format("{}:{}", block.number(), i);
            const ReadWriteSet* set = nullptr;
            if (!tx.actions.empty() && tx.actions[0].readWriteSet)
                set = &*tx.actions[0].readWriteSet;
            if (codes[i] == ValidationCode::Valid) {
                if (set != nullptr && !m_ledger.readsMatch(*set)) m_readFaults.push_back(where);
                if (set != nullptr && !m_ledger.rangesMatch(*set)) m_rangeFaults.push_back(where);
                m_ledger.apply(tx, i);
            }
            if (codes[i] == ValidationCode::MvccReadConflict) {
                if (m_ledger.readsMatch(*set)) m_readFaults.push_back(where);
                ++m_conflicts;
            }
            if (codes[i] == ValidationCode::PhantomReadConflict) {
                if (m_ledger.rangesMatch(*set)) m_rangeFaults.push_back(where);
                ++m_phantoms;
            }
        }
        if (block.number() > 0) {
            m_previous = computeCommitHash(codes, m_ledger.batch().serialize(), m_previous);
            if (m_previous != block.commitHash().value())
                m_hashFaults.push_back(fmt::to_string(block.number()));
            ++m_hashes;
        }
        m_ledger.endBlock();
    }

private slots:
    void initTestCase() {
        for (const json& row : test::facts()["chain"]["blocks"]) runBlock(blockOf("blocks", row));
    }

    void commitHashesFollow() {
        QCOMPARE(QString::fromStdString(test::summary(m_hashFaults)), QString("0 differences"));
        QCOMPARE(m_hashes, 277);
    }

    void recordedReadsAreJudgedAsThePeersDid() {
        QCOMPARE(QString::fromStdString(test::summary(m_readFaults)), QString("0 differences"));
        QCOMPARE(m_conflicts,
                 test::facts()["chain"]["code_counts"]["MVCC_READ_CONFLICT"].get<int>());
    }

    void recordedRangesAreJudgedAsThePeersDid() {
        QCOMPARE(QString::fromStdString(test::summary(m_rangeFaults)), QString("0 differences"));
        QCOMPARE(m_phantoms,
                 test::facts()["chain"]["code_counts"]["PHANTOM_READ_CONFLICT"].get<int>());
    }

    void publicState() {
        json ours = json::array();
        for (const auto& [ns, keys] : m_ledger.publicState())
            for (const auto& [key, value] : keys) {
                json row{{"namespace", ns}, {"version", versionRow(value.version)}};
                test::describeKey(row, key);
                test::describeValue(row, "value", value.value);
                if (!value.metadata.empty())
                    row["metadata_hex"] = toHex(metadataBytes(value.metadata));
                ours.push_back(row);
            }
        const auto found = test::differences(test::facts()["chain"]["public_state"], ours);
        QVERIFY2(found.empty(), test::summary(found).c_str());
    }

    void privateHashedState() {
        json ours = json::array();
        for (const auto& [name, keys] : m_ledger.privateState())
            for (const auto& [key, value] : keys) {
                json row{{"namespace", name.first},
                         {"collection", name.second},
                         {"key_hash", toHex(key)},
                         {"value_hash", toHex(value.value)},
                         {"version", versionRow(value.version)}};
                if (!value.metadata.empty())
                    row["metadata_hex"] = toHex(metadataBytes(value.metadata));
                ours.push_back(row);
            }
        const auto found = test::differences(test::facts()["chain"]["private_hashed_state"], ours);
        QVERIFY2(found.empty(), test::summary(found).c_str());
    }

    void rangeAnswers() {
        for (json row : test::facts()["chain"]["range_answers"]) {
            const auto& keys = m_ledger.publicState().at(row["namespace"].get<std::string>());
            // The contract interface hides composite keys by beginning behind the zero byte.
            const std::string start = row["start"].get<std::string>();
            const std::string end = row["end"].get<std::string>();
            json ours{{"namespace", row["namespace"]},
                      {"start", start},
                      {"end", end},
                      {"status", 200},
                      {"keys_in_order", json::array()}};
            for (auto at = keys.lower_bound(start.empty() ? "\x01" : start);
                 at != keys.end() && (end.empty() || at->first < end); ++at)
                ours["keys_in_order"].push_back(at->first);
            const auto found = test::differences(row, ours);
            QVERIFY2(found.empty(), test::summary(found).c_str());
        }
    }

    void historyAnswers() {
        for (const json& row : test::facts()["chain"]["history_answers"]) {
            json ours{{"key", row["key"]}, {"entries", json::array()}};
            for (const auto& entry : m_ledger.history("assets", row["key"].get<std::string>()))
                ours["entries"].push_back(
                    {{"txid", entry.txId},
                     {"timestamp_seconds", entry.timestamp.seconds},
                     {"timestamp_nanos", entry.timestamp.nanos},
                     {"is_delete", entry.isDelete},
                     {"value", entry.isDelete ? json() : json(toBase64(entry.value))}});
            const auto found = test::differences(row, ours);
            QVERIFY2(found.empty(), test::summary(found).c_str());
        }
    }

    void privateDataAnswersBelongToTheHashes() {
        for (const json& row : test::facts()["chain"]["private_data_answers"]) {
            if (!row.contains("entries")) continue;  // refused by the peer's access rules
            const auto found =
                m_ledger.privateState().find({"vault", row["collection"].get<std::string>()});
            QVERIFY(found != m_ledger.privateState().end());
            QCOMPARE(found->second.size(), row["entries"].size());
            for (const json& entry : row["entries"]) {
                const auto key = found->second.find(crypto::sha256(entry["K"].get<std::string>()));
                QVERIFY(key != found->second.end());
                QCOMPARE(key->second.value, crypto::sha256(entry["V"].get<std::string>()));
            }
        }
    }

    void craftedBlocksGoOn() {
        m_hashes = 0;
        for (const json& row : test::facts()["crafted_blocks"]["blocks"])
            runBlock(blockOf("crafted", row));
        QCOMPARE(m_hashes, 8);
        QCOMPARE(QString::fromStdString(test::summary(m_hashFaults)), QString("0 differences"));
        QCOMPARE(QString::fromStdString(test::summary(m_readFaults)), QString("0 differences"));
    }
};

CHANCERY_TEST(LedgerReplayTest)
#include "LedgerReplayTest.moc"
