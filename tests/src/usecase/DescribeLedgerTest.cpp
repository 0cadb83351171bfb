#include "src/usecase/DescribeLedger.h"

#include <QTemporaryDir>
#include <filesystem>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/Digest.h"
#include "src/usecase/LedgerReplay.h"
#include "src/usecase/TransactionDescriber.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::usecase;
using chancery::test::facts;
using chancery::test::vectorFile;
using chancery::test::vectorPath;
using nlohmann::json;

class DescribeLedgerTest : public QObject {
    Q_OBJECT
private slots:
    void everyTransactionOfTheFacts();
    void everyBlockOfTheFacts();
    void everyHistoryOfTheFacts();
    void statesInBetween();
    void theWholeStory();
    void transactionsById();
    void whatIsNotThere();
    void anOrderersLedger();
    void definitionsAreExplained();
    void damageEndsTheStory();
};

namespace {

DescribeLedger ledger() {
    return DescribeLedger({{vectorPath("ledger/blocks")}, {}});
}

Bytes bytesOf(const json& row, const std::string& name) {
    return row.contains(name + "_hex") ? *fromHex(row[name + "_hex"].get<std::string>())
                                       : row.value(name, Bytes());
}

std::optional<WrittenAt> versionOf(const json& version) {
    if (!version.is_array()) return std::nullopt;
    return WrittenAt{version[0], version[1]};
}

void compareIdentity(const IdentityName& name, const json& row) {
    if (row.contains("undecodable_hex")) return;
    QCOMPARE(name.mspId.str(), row["mspid"].get<std::string>());
    if (row.contains("subject_cn")) QCOMPARE(name.commonName, row["subject_cn"].get<std::string>());
    if (row.contains("cert_sha256"))
        QCOMPARE(name.fingerprint, row["cert_sha256"].get<std::string>());
    if (row.contains("ou"))
        QCOMPARE(name.organizationalUnits, row["ou"].get<std::vector<std::string>>());
}

/// Reads and writes in the order in which they stand, of one namespace after the other.
void compareReadWriteSet(const TransactionDescription& transaction, const json& set) {
    std::size_t reads = 0;
    std::size_t writes = 0;
    std::size_t ranges = 0;
    std::size_t policies = 0;
    const json none = json::array();
    for (const json& ns : set) {
        for (const json& row : ns.value("reads", none)) {
            const ReadDescription& read = transaction.reads.at(reads++);
            QCOMPARE(read.contract, ns["namespace"].get<std::string>());
            QCOMPARE(read.key, bytesOf(row, "key"));
            QVERIFY(read.read == versionOf(row["version"]));
        }
        for (const json& row : ns.value("range_queries", none)) {
            const RangeReadDescription& range = transaction.rangeReads.at(ranges++);
            QCOMPARE(range.exhausted, row.value("itr_exhausted", false));
            QCOMPARE(range.results.has_value(), !row.contains("merkle"));
            if (range.results) QCOMPARE(*range.results, row.value("raw_reads", none).size());
        }
        for (const json& row : ns.value("writes", none)) {
            const WriteDescription& write = transaction.writes.at(writes++);
            QCOMPARE(write.key, bytesOf(row, "key"));
            QCOMPARE(write.after.has_value(), !row.value("is_delete", false));
            if (row.contains("value_sha256"))
                QCOMPARE(toHex(crypto::sha256(*write.after)),
                         row["value_sha256"].get<std::string>());
            else if (write.after)
                QCOMPARE(*write.after, bytesOf(row, "value"));
        }
        for (const json& row : ns.value("metadata_writes", none)) {
            const KeyPolicyDescription& policy = transaction.keyPolicies.at(policies++);
            QCOMPARE(policy.key, bytesOf(row, "key"));
            // An entry without a value takes the key's policy away.
            const json entries = row.value("entries", none);
            QCOMPARE(policy.policy.has_value(),
                     std::any_of(entries.begin(), entries.end(), [](const json& entry) {
                         return !entry.value("value_hex", "").empty();
                     }));
        }
        for (const json& collection : ns.value("collections", none)) {
            for (const json& row : collection.value("hashed_reads", none)) {
                const ReadDescription& read = transaction.reads.at(reads++);
                QCOMPARE(read.collection, collection["collection"].get<std::string>());
                QCOMPARE(toHex(read.key), row["key_hash"].get<std::string>());
                QVERIFY(read.read == versionOf(row["version"]));
            }
            for (const json& row : collection.value("hashed_writes", none)) {
                const WriteDescription& write = transaction.writes.at(writes++);
                QCOMPARE(toHex(write.key), row["key_hash"].get<std::string>());
                QCOMPARE(write.purge, row.value("is_purge", false));
                QCOMPARE(write.after ? toHex(*write.after) : "", row.value("value_hash", ""));
            }
            policies += collection.value("metadata_writes", none).size();
        }
    }
    QCOMPARE(transaction.reads.size(), reads);
    QCOMPARE(transaction.writes.size(), writes);
    QCOMPARE(transaction.rangeReads.size(), ranges);
    QCOMPARE(transaction.keyPolicies.size(), policies);
}

/// The header names the contract; where it does not, the action may.
std::string contractOf(const json& transaction) {
    const std::string name = transaction.value("chaincode", "");
    return name.empty() ? transaction.value("chaincode_in_action", "") : name;
}

void compareTransaction(const TransactionDescription& transaction, const json& row, bool first) {
    QCOMPARE(transaction.summary.txId, row.value("txid", ""));
    QCOMPARE(transaction.summary.type, row.value("type_name", ""));
    QCOMPARE(transaction.summary.code->number, row["validation_code"].get<int>());
    QCOMPARE(transaction.summary.code->name, row["validation_name"].get<std::string>());
    QCOMPARE(transaction.channel, row.value("channel", ""));
    QCOMPARE(transaction.summary.function, row.value("function", ""));
    if (row.value("type", 0) == 3) QCOMPARE(transaction.summary.contract, contractOf(row));
    QCOMPARE(toHex(transaction.nonce), row.value("nonce", ""));
    if (row.contains("creator") && transaction.summary.creator)
        compareIdentity(*transaction.summary.creator, row["creator"]);
    if (row.contains("arg_count"))
        QCOMPARE(transaction.arguments.size(), row["arg_count"].get<std::size_t>());
    const json arguments = row.value("args", json::array());
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const Bytes& argument = transaction.arguments.at(i);
        if (arguments[i].contains("arg_sha256"))
            QCOMPARE(toHex(crypto::sha256(argument)),
                     arguments[i]["arg_sha256"].get<std::string>());
        else
            QCOMPARE(argument, bytesOf(arguments[i], "arg"));
    }
    if (row.contains("response"))
        QCOMPARE(*transaction.responseStatus, row["response"].value("status", 0));
    QCOMPARE(transaction.isInit, row.value("is_init", false));
    QCOMPARE(transaction.event.has_value() && !transaction.event->first.empty(),
             row.contains("event"));
    if (row.contains("event")) {
        QCOMPARE(transaction.event->first, row["event"]["name"].get<std::string>());
        QCOMPARE(transaction.event->second, bytesOf(row["event"], "payload"));
    }
    QCOMPARE(transaction.endorsements.size(), row.value("endorsers", json::array()).size());
    for (std::size_t i = 0; i < transaction.endorsements.size(); ++i)
        compareIdentity(transaction.endorsements[i].endorser, row["endorsers"][i]);
    if (row.contains("rwset")) compareReadWriteSet(transaction, row["rwset"]);
    if (first) return;  // nobody judges the first block
    QCOMPARE(transaction.computedCode->number, row["validation_code"].get<int>());
    QCOMPARE(transaction.cause.has_value(), row["validation_code"] != 0);
    if (transaction.cause)
        QVERIFY(!transaction.cause->sentence.empty() && !transaction.cause->reason.empty());
    if (row["validation_code"] == 10) {
        QVERIFY(std::any_of(transaction.policies.begin(), transaction.policies.end(),
                            [](const auto& policy) { return !policy.satisfied; }) ||
                transaction.cause->reason == "KEY_POLICY_CHANGED");
    } else if (row["validation_code"] == 0) {
        for (const PolicyVerdict& policy : transaction.policies)
            QVERIFY2(policy.satisfied, policy.sentence.english.c_str());
        QVERIFY(row.value("type", 0) != 3 || !transaction.policies.empty());
    }
    if (row["validation_code"] == 11)
        QVERIFY(std::any_of(transaction.reads.begin(), transaction.reads.end(),
                            [](const auto& read) { return read.stale(); }));
}

}  // namespace

void DescribeLedgerTest::everyTransactionOfTheFacts() {
    const auto opened =
        LedgerReplay::open({{vectorPath("ledger/blocks"), vectorPath("ledger/crafted")}, {}});
    VERIFY_OK(opened);
    IdentityNames names;
    std::size_t compared = 0;
    for (const auto* blocks : {&facts()["chain"]["blocks"], &facts()["crafted_blocks"]["blocks"]}) {
        for (const json& row : *blocks) {
            const auto block = (*opened)->next();
            VERIFY_OK(block);
            QCOMPARE((*block)->block.number(), row["number"].get<BlockNumber>());
            for (const json& transaction : row["txs"]) {
                const auto description =
                    describeTransaction(**block, transaction["index"], **opened, names);
                compareTransaction(description, transaction, row["number"] == 0);
                if (QTest::currentTestFailed())
                    QFAIL(qPrintable(QString("block %1, transaction %2")
                                         .arg(row["number"].get<int>())
                                         .arg(transaction["index"].get<int>())));
                ++compared;
            }
            VERIFY_OK((*opened)->commit());
        }
    }
    QCOMPARE(compared, std::size_t{431});
}

void DescribeLedgerTest::everyBlockOfTheFacts() {
    const auto source = openLedger({vectorPath("ledger/peer_blockfile_000000")});
    VERIFY_OK(source);
    const auto summaries =
        DescribeLedger({{vectorPath("ledger/peer_blockfile_000000")}, {}}).blocks(0, 1000);
    VERIFY_OK(summaries);
    const json& rows = facts()["chain"]["blocks"];
    QCOMPARE(summaries->size(), rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        QCOMPARE(toHex((*summaries)[i].hash), rows[i]["header_hash"].get<std::string>());
        QCOMPARE((*summaries)[i].config, rows[i].value("is_config", false));
        QCOMPARE((*summaries)[i].transactions, rows[i]["txs"].size());
    }
    for (const std::size_t number : {0U, 40U, 85U, 277U}) {
        const auto block = ledger().block(number);
        VERIFY_OK(block);
        const json& row = rows[number];
        QCOMPARE(toHex(block->previousHash), row["previous_hash"].get<std::string>());
        QCOMPARE(toHex(block->commitHash), row.value("commit_hash", ""));
        QCOMPARE(*block->lastConfig, row["last_config_block"].get<BlockNumber>());
        QVERIFY(block->dataHashMatches);
        QCOMPARE(block->signatures.size(), row.value("orderer_signatures", json::array()).size());
        if (!block->signatures.empty())
            compareIdentity(*block->signatures[0].signer, row["orderer_signatures"][0]);
        if (row.contains("raft"))
            QCOMPARE(*block->raftIndex, row["raft"]["raft_index"].get<std::uint64_t>());
        QCOMPARE(!block->configChanges.empty(), row.value("is_config", false));
    }
}

void DescribeLedgerTest::everyHistoryOfTheFacts() {
    for (const json& row : facts()["chain"]["history_answers"]) {
        const auto key = ledger().key({"assets", {}, bytesOf(row, "key")}, {});
        VERIFY_OK(key);
        QCOMPARE(key->history.size(), row["entries"].size());
        for (std::size_t i = 0; i < key->history.size(); ++i) {
            const json& entry = row["entries"][i];
            QCOMPARE(key->history[i].txId, entry["txid"].get<std::string>());
            QCOMPARE(!key->history[i].value.has_value(), entry["is_delete"].get<bool>());
            if (key->history[i].value)
                QCOMPARE(toBase64(*key->history[i].value), entry["value"].get<std::string>());
        }
    }
}

void DescribeLedgerTest::statesInBetween() {
    // The versions of a key, asked for at the block before and at the block of each.
    const KeyReference reference{"assets", {}, "pub:first"};
    const auto key = ledger().key(reference, {});
    VERIFY_OK(key);
    QVERIFY(key->history.size() > 3);
    QVERIFY(key->current->at == key->history.front().at);
    const KeyVersion& older = key->history.back();
    const auto then = ledger().key(reference, older.at.block);
    VERIFY_OK(then);
    QCOMPARE(*then->current->value, *older.value);
    const auto before = ledger().key(reference, older.at.block - 1);
    VERIFY_OK(before);
    QVERIFY(!before->current && before->history.empty());
}

void DescribeLedgerTest::theWholeStory() {
    const auto story = ledger().overview();
    VERIFY_OK(story);
    const json& chain = facts()["chain"];
    QCOMPARE(story->channel, chain["channel"].get<std::string>());
    QCOMPARE(story->blocks, chain["blocks"].size());
    QCOMPARE(toHex(story->lastHash), chain["chain_info"]["current_block_hash"].get<std::string>());
    QCOMPARE(story->valid, chain["code_counts"]["VALID"].get<std::size_t>());
    QCOMPARE(story->refused.size(), story->transactions - story->valid);
    for (const RefusedTransaction& refused : story->refused) QVERIFY(refused.cause.has_value());
    QCOMPARE(story->configChanges.size(), chain["type_counts"]["CONFIG"].get<std::size_t>());
    QCOMPARE(story->configChanges.back().sequence,
             chain["last_config_sequence"].get<std::uint64_t>());
    QCOMPARE(story->configChanges.back().block, chain["last_config_block"].get<BlockNumber>());
    QCOMPARE(story->organisations.size(), std::size_t{4});
    for (const char* name : {"assets", "journal", "vault", "starter"}) {
        const json& committed = chain["lifecycle"][std::string("querycommitted_") + name];
        const auto contract = std::find_if(story->contracts.begin(), story->contracts.end(),
                                           [&](const auto& one) { return one.name == name; });
        QVERIFY(contract != story->contracts.end());
        QCOMPARE(contract->version, committed["version"].get<std::string>());
        QCOMPARE(contract->sequence, committed["sequence"].get<std::uint64_t>());
        QCOMPARE(contract->initRequired, committed.value("init_required", false));
    }
}

void DescribeLedgerTest::transactionsById() {
    const json& row = facts()["chain"]["blocks"][100]["txs"][0];
    const auto transaction = ledger().transaction(TxId(row["txid"].get<std::string>()));
    VERIFY_OK(transaction);
    QCOMPARE(transaction->summary.block, BlockNumber{100});
}

void DescribeLedgerTest::whatIsNotThere() {
    QCOMPARE(reasonOf(ledger().block(278).status()), std::string("NO_SUCH_BLOCK"));
    QCOMPARE(reasonOf(ledger().blocks(300, 400).status()), std::string("NO_SUCH_BLOCK"));
    QCOMPARE(reasonOf(ledger().key({"assets", {}, "x"}, 278).status()),
             std::string("NO_SUCH_BLOCK"));
    QCOMPARE(reasonOf(ledger().transaction(WrittenAt{40, 7}).status()),
             std::string("NO_SUCH_TRANSACTION"));
    QCOMPARE(reasonOf(ledger().transaction(TxId("00")).status()),
             std::string("NO_SUCH_TRANSACTION"));
    const auto key = ledger().key({"assets", {}, "never"}, {});
    VERIFY_OK(key);
    QVERIFY(!key->current && key->history.empty());
}

void DescribeLedgerTest::anOrderersLedger() {
    // Without recorded verdicts everything is found out: the story is the same.
    const auto story =
        DescribeLedger({{vectorPath("ledger/orderer_blockfile_000000.gz")}, {}}).overview();
    VERIFY_OK(story);
    QCOMPARE(story->valid, facts()["chain"]["code_counts"]["VALID"].get<std::size_t>());
    QCOMPARE(story->notJudged, std::size_t{0});
}

void DescribeLedgerTest::definitionsAreExplained() {
    // What the last definition of a contract wrote, in words, is what the peers answer.
    const auto value = [](const auto& pairs, const std::string& name) -> std::string {
        for (const auto& [key, text] : pairs)
            if (key.english == name) return text.english;
        return {};
    };
    std::map<std::string, TransactionDescription> last;
    for (const json& block : facts()["chain"]["blocks"]) {
        for (const json& row : block["txs"]) {
            if (row.value("function", "") != "CommitChaincodeDefinition" ||
                row["validation_code"] != 0)
                continue;
            const auto told = ledger().transaction(WrittenAt{block["number"], row["index"]});
            VERIFY_OK(told);
            last[value(told->decodedArguments, "Contract")] = *told;
        }
    }
    const json& definitions =
        facts()["chain"]["lifecycle"]["querycommitted"]["chaincode_definitions"];
    QCOMPARE(last.size(), definitions.size());
    for (const json& definition : definitions) {
        const std::string name = definition["name"];
        QVERIFY2(last.contains(name), name.c_str());
        const TransactionDescription& commit = last[name];
        QCOMPARE(value(commit.decodedArguments, "Version"),
                 definition["version"].get<std::string>());
        QCOMPARE(value(commit.decodedArguments, "Sequence"),
                 std::to_string(definition["sequence"].get<int>()));
        const auto write = std::find_if(
            commit.writes.begin(), commit.writes.end(), [&](const WriteDescription& one) {
                return one.keyMeaning.english == "definition of " + name + ": sequence";
            });
        QVERIFY2(write != commit.writes.end(), name.c_str());
        QCOMPARE(write->afterMeaning.english, std::to_string(definition["sequence"].get<int>()));
    }
}

void DescribeLedgerTest::damageEndsTheStory() {
    const QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("blockfile_000000").toStdString();
    VERIFY_OK(writeNewFile(file, vectorFile("ledger/peer_blockfile_000000").substr(0, 100000)));
    const DescribeLedger cut({{file}, {}});
    const auto story = cut.overview();
    VERIFY_OK(story);
    QCOMPARE(story->lastBlock, BlockNumber{15});
    QVERIFY2(story->damage.find("95441") != std::string::npos, story->damage.c_str());
    // What stands before the damage is there, what stands behind it is damaged, not missing.
    VERIFY_OK(cut.block(15));
    QCOMPARE(reasonOf(cut.block(16).status()), std::string("TORN_TAIL"));
    QCOMPARE(reasonOf(cut.key({"assets", {}, "pub:first"}, {}).status()), std::string("TORN_TAIL"));
}

CHANCERY_TEST(DescribeLedgerTest)
#include "DescribeLedgerTest.moc"
