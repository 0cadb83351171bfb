#include "src/usecase/BrowseLedger.h"

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/Digest.h"
#include "src/protocol/Block.h"
#include "src/usecase/BlockDescriber.h"
#include "src/usecase/LedgerJson.h"
#include "src/usecase/LedgerReplay.h"
#include "src/usecase/TransactionDescriber.h"
#include "tests/src/usecase/Browsed.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::usecase;
using namespace chancery::test;

namespace fs = std::filesystem;

class BrowseLedgerTest : public QObject {
    Q_OBJECT
private slots:
    void describesTransactionsAsTheReplayDoes_data();
    void describesTransactionsAsTheReplayDoes();
    void listsTheBlocksOfThePeer();
    void listsTheTransactionsOfThePeer();
    void tellsTheHistoriesOfThePeer();
    void tellsTheStateOfThePeer();
    void tellsAKeyAtEveryHeight();
    void tellsTheOverviewOfTheReplay_data();
    void tellsTheOverviewOfTheReplay();
    void takesEnvelopesApart();
    void givesRawBytes();
    void comparesLedgers();
};

void BrowseLedgerTest::describesTransactionsAsTheReplayDoes_data() {
    QTest::addColumn<std::string>("name");
    for (const char* name : {"raw", "orderer", "crafted", "snapshot", "bft"})
        QTest::newRow(name) << std::string(name);
}

void BrowseLedgerTest::describesTransactionsAsTheReplayDoes() {
    QFETCH(std::string, name);
    Opened opened;
    VERIFY_OK(opened.open(locationOf(name)));
    VERIFY_OK(opened.ledger->sync({}));
    const LedgerStatus status = opened.ledger->status();
    QVERIFY2(status.errors == 0, status.firstError ? status.firstError->sentence.c_str() : "");
    const auto replay = LedgerReplay::open(locationOf(name));
    VERIFY_OK(replay);
    IdentityNames names;
    std::uint64_t blocks = 0, transactions = 0;
    for (;;) {
        const auto sourced = (*replay)->next();
        VERIFY_OK(sourced);
        if (!*sourced) break;
        const protocol::Block& block = (*sourced)->block;
        ++blocks;
        auto description = opened.ledger->block(block.number());
        VERIFY_OK(description);
        description->configChanges.clear();  // the replay does not tell them
        QCOMPARE(toJson(*description).dump(), toJson(describeBlock(**sourced, names)).dump());
        for (std::size_t i = 0; i < block.transactionCount(); ++i, ++transactions) {
            auto told = opened.ledger->transaction(WrittenAt{block.number(), i});
            VERIFY_OK(told);
            QCOMPARE(told->configChanges.empty(), !block.isConfigBlock());
            told->configChanges.clear();
            const auto expected = describeTransaction(**sourced, i, **replay, names);
            QCOMPARE(toJson(*told).dump(), toJson(expected).dump());
            QCOMPARE(told->nonce, expected.nonce);
            QCOMPARE(told->stateKnown, expected.stateKnown);
        }
        VERIFY_OK((*replay)->commit());
    }
    QCOMPARE(opened.ledger->status().blocks, blocks);
    QCOMPARE(opened.ledger->status().transactions, transactions);
}

void BrowseLedgerTest::listsTheBlocksOfThePeer() {
    std::vector<nlohmann::json> expected;
    for (const auto* part : {&facts()["chain"]["blocks"], &facts()["crafted_blocks"]["blocks"]})
        for (const auto& block : *part) expected.push_back(block);
    const auto page = crafted().blocks({}, 0, 1000);
    VERIFY_OK(page);
    QCOMPARE(page->total, expected.size());
    QCOMPARE(page->rows.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto& fact = expected[expected.size() - 1 - i];
        const BlockRow& row = page->rows[i];
        QCOMPARE(row.number, fact["number"].get<BlockNumber>());
        QCOMPARE(toHex(row.hash), fact["header_hash"].get<std::string>());
        QCOMPARE(row.transactions, fact["txs"].size());
        QVERIFY(row.check == BlockRow::Check::Good);
        const auto found = crafted().rowOf({}, row.number);
        VERIFY_OK(found);
        QCOMPARE(found->value_or(~0ULL), i);
    }
    // Any part of the list is what the whole list has there.
    const auto part = crafted().blocks({}, 17, 5);
    VERIFY_OK(part);
    QCOMPARE(part->rows.size(), 5U);
    for (std::size_t i = 0; i < 5; ++i) QCOMPARE(part->rows[i].number, page->rows[17 + i].number);
    QVERIFY(crafted().blocks({}, expected.size(), 5)->rows.empty());
}

void BrowseLedgerTest::listsTheTransactionsOfThePeer() {
    const auto page = crafted().transactions({}, 0, 1000);
    VERIFY_OK(page);
    QCOMPARE(page->total, page->rows.size());
    std::size_t at = page->rows.size();
    std::uint64_t invalid = 0;
    for (const auto* part : {&facts()["chain"]["blocks"], &facts()["crafted_blocks"]["blocks"]})
        for (const auto& block : *part)
            for (const auto& fact : block["txs"]) {
                QVERIFY(at > 0);
                const TransactionSummary& row = page->rows[--at];
                QCOMPARE(row.block, block["number"].get<BlockNumber>());
                QCOMPARE(row.code->number, fact["validation_code"].get<int>());
                invalid += row.code->valid() ? 0 : 1;
                if (fact.contains("txid")) QCOMPARE(row.txId, fact["txid"].get<std::string>());
                if (fact.contains("chaincode") && fact["chaincode"].is_string() &&
                    fact["chaincode"] != "")
                    QCOMPARE(row.contract, fact["chaincode"].get<std::string>());
                if (!row.txId.empty() && row.code->valid()) {
                    const auto byId = crafted().transaction(TxId(row.txId));
                    VERIFY_OK(byId);
                    QCOMPARE(byId->summary.txId, row.txId);
                }
            }
    QCOMPARE(at, 0U);
    QCOMPARE(crafted().status().invalid, invalid);
    // Pages from anywhere.
    for (const std::uint64_t first : {0, 1, 100, 250}) {
        const auto some = crafted().transactions({}, first, 7);
        VERIFY_OK(some);
        for (std::size_t i = 0; i < 7; ++i)
            QCOMPARE(toJson(some->rows[i]).dump(), toJson(page->rows[first + i]).dump());
    }
}

void BrowseLedgerTest::tellsTheHistoriesOfThePeer() {
    for (const auto& answer : facts()["chain"]["history_answers"]) {
        const std::string contract =
            answer.contains("chaincode") ? answer["chaincode"].get<std::string>() : "assets";
        const Bytes key = answer["key"].get<std::string>();
        const auto told = crafted().key({contract, {}, key}, 277, 1000);
        VERIFY_OK(told);
        QCOMPARE(told->history.size(), answer["entries"].size());
        for (std::size_t i = 0; i < told->history.size(); ++i) {
            const auto& fact = answer["entries"][i];
            const KeyVersion& version = told->history[i];
            QCOMPARE(version.txId, fact["txid"].get<std::string>());
            QCOMPARE(!version.value.has_value(), fact["is_delete"].get<bool>());
            if (fact["value"].is_string())
                QCOMPARE(toBase64(version.value.value_or("")), fact["value"].get<std::string>());
            QCOMPARE(absl::ToUnixNanos(*version.time),
                     fact["timestamp_seconds"].get<std::int64_t>() * 1'000'000'000 +
                         fact["timestamp_nanos"].get<std::int64_t>());
        }
        const auto newest = crafted().key({contract, {}, key}, 277, 1);
        VERIFY_OK(newest);
        QCOMPARE(newest->history.size(), std::min<std::size_t>(1, told->history.size()));
    }
}

void BrowseLedgerTest::tellsTheStateOfThePeer() {
    std::map<std::string, std::vector<nlohmann::json>> contracts;
    for (const auto& row : facts()["chain"]["public_state"])
        contracts[row["namespace"].get<std::string>()].push_back(row);
    for (const auto& [contract, rows] : contracts) {
        const auto state = crafted().state({contract, {}, {}}, 277, 5000);
        VERIFY_OK(state);
        std::map<Bytes, KeyDescription> byKey;
        for (const KeyDescription& key : *state) byKey[key.key] = key;
        QCOMPARE(byKey.size(), rows.size());
        QVERIFY(std::is_sorted(state->begin(), state->end(),
                               [](const auto& a, const auto& b) { return a.key < b.key; }));
        for (const auto& fact : rows) {
            const Bytes key = fact.contains("key_hex")
                                  ? *fromHex(fact["key_hex"].get<std::string>())
                                  : fact["key"].get<Bytes>();
            QVERIFY2(byKey.contains(key), key.c_str());
            const KeyVersion& current = *byKey[key].current;
            QCOMPARE(current.at.block, fact["version"][0].get<BlockNumber>());
            QCOMPARE(current.at.transaction, fact["version"][1].get<std::uint64_t>());
            if (fact.contains("value_sha256"))
                QCOMPARE(toHex(crypto::sha256(*current.value)),
                         fact["value_sha256"].get<std::string>());
            if (fact.contains("value")) QCOMPARE(*current.value, fact["value"].get<Bytes>());
        }
    }
    std::map<std::pair<std::string, std::string>, std::size_t> hashed;
    for (const auto& fact : facts()["chain"]["private_hashed_state"])
        ++hashed[{fact["namespace"].get<std::string>(), fact["collection"].get<std::string>()}];
    for (const auto& [place, count] : hashed) {
        const auto state = crafted().state({place.first, place.second, {}}, 277, 5000);
        VERIFY_OK(state);
        QCOMPARE(state->size(), count);
        for (const KeyDescription& key : *state) {
            const bool known =
                std::any_of(facts()["chain"]["private_hashed_state"].begin(),
                            facts()["chain"]["private_hashed_state"].end(), [&](const auto& fact) {
                                return fact["key_hash"] == toHex(key.key) &&
                                       fact["value_hash"] == toHex(*key.current->value) &&
                                       fact["version"][0] == key.current->at.block;
                            });
            QVERIFY(known);
        }
    }
}

void BrowseLedgerTest::tellsAKeyAtEveryHeight() {
    const auto replay = LedgerReplay::open(locationOf("crafted"));
    VERIFY_OK(replay);
    std::size_t compared = 0;
    for (;;) {
        const auto sourced = (*replay)->next();
        VERIFY_OK(sourced);
        if (!*sourced) break;
        const BlockNumber number = (*sourced)->block.number();
        const auto updates = (*replay)->commit();
        VERIFY_OK(updates);
        for (const auto& [ns, keys] : (*updates)->publicUpdates())
            for (const auto& [key, entry] : keys) {
                const auto told = crafted().key({ns, {}, key}, number, 3);
                VERIFY_OK(told);
                const auto value = (*replay)->state().get(ns, key);
                QCOMPARE(told->current.has_value(), value->has_value());
                QVERIFY(told->stateKnown);
                if (!*value) continue;
                QCOMPARE(*told->current->value, (*value)->value);
                QCOMPARE(told->current->at.block, (*value)->version.block);
                QCOMPARE(told->current->at.transaction, (*value)->version.transaction);
                ++compared;
            }
    }
    QVERIFY(compared > 300);
    QCOMPARE(reasonOf(crafted().key({"assets", {}, "x"}, 100000, 1).status()),
             std::string("NO_SUCH_BLOCK"));
}

void BrowseLedgerTest::tellsTheOverviewOfTheReplay_data() {
    QTest::addColumn<std::string>("name");
    for (const char* name : {"raw", "orderer", "snapshot", "bft"})
        QTest::newRow(name) << std::string(name);
}

void BrowseLedgerTest::tellsTheOverviewOfTheReplay() {
    QFETCH(std::string, name);
    Opened opened;
    VERIFY_OK(opened.open(locationOf(name)));
    VERIFY_OK(opened.ledger->sync({}));
    const auto told = opened.ledger->overview();
    VERIFY_OK(told);
    const auto expected = DescribeLedger(locationOf(name)).overview();
    VERIFY_OK(expected);
    const auto difference = nlohmann::json::diff(nlohmann::json::parse(toJson(*expected).dump()),
                                                 nlohmann::json::parse(toJson(*told).dump()));
    QVERIFY2(difference.empty(), difference.dump().c_str());
    QCOMPARE(toJson(told->refused).dump(1), toJson(expected->refused).dump(1));
}

void BrowseLedgerTest::takesEnvelopesApart() {
    const auto page = crafted().transactions(parsed("result:valid type:endorser"), 0, 3);
    VERIFY_OK(page);
    for (const TransactionSummary& row : page->rows) {
        const auto tree = crafted().envelope({row.block, row.index});
        VERIFY_OK(tree);
        const auto raw = crafted().rawTransaction({row.block, row.index});
        VERIFY_OK(raw);
        QCOMPARE(tree->end, raw->size());
        std::map<std::string, std::vector<const EnvelopeNode*>> byName;
        const std::function<void(const EnvelopeNode&)> walk = [&](const EnvelopeNode& node) {
            byName[node.name].push_back(&node);
            for (const EnvelopeNode& part : node.parts) {
                QVERIFY(part.begin >= node.begin && part.end <= node.end);
                walk(part);
            }
        };
        walk(*tree);
        QCOMPARE(byName["tx_id"].front()->value, row.txId);
        const EnvelopeNode& id = *byName["tx_id"].front();
        QCOMPARE(raw->substr(id.begin, id.end - id.begin), row.txId);
        QVERIFY(byName.contains("mspid"));
        QVERIFY(byName.contains("endorser"));
        QVERIFY(byName.contains("rwset"));
        QCOMPARE(byName["data"].front()->type, std::string("protos.Transaction"));
    }
    const auto config = crafted().envelope({0, 0});
    VERIFY_OK(config);
    QCOMPARE(config->parts.front().parts.back().type, std::string("common.ConfigEnvelope"));
}

void BrowseLedgerTest::givesRawBytes() {
    for (const BlockNumber number : {0, 5, 277})
        QCOMPARE(*crafted().rawBlock(number),
                 vectorFile("ledger/blocks/block_" + std::to_string(number) + ".pb"));
    QCOMPARE(reasonOf(crafted().rawBlock(99999).status()), std::string("NO_SUCH_BLOCK"));
    QCOMPARE(reasonOf(crafted().transaction(TxId("beef")).status()),
             std::string("NO_SUCH_TRANSACTION"));
    QCOMPARE(reasonOf(crafted().transaction(WrittenAt{5, 99}).status()),
             std::string("NO_SUCH_TRANSACTION"));
    QCOMPARE(reasonOf(crafted().rawTransaction({5, 99}).status()),
             std::string("NO_SUCH_TRANSACTION"));
}

void BrowseLedgerTest::comparesLedgers() {
    Opened orderer, bft, changed;
    VERIFY_OK(orderer.open(locationOf("orderer")));
    VERIFY_OK(orderer.ledger->sync({}));
    const auto same = compareLedgers(crafted(), *orderer.ledger, {});
    VERIFY_OK(same);
    QVERIFY(!same->firstDifferent);
    QVERIFY(!same->damaged);
    QCOMPARE(same->height, 277U);
    QCOMPARE(toHex(same->leftHash),
             facts()["chain"]["chain_info"]["current_block_hash"].get<std::string>());
    VERIFY_OK(bft.open(locationOf("bft")));
    VERIFY_OK(bft.ledger->sync({}));
    QCOMPARE(reasonOf(compareLedgers(crafted(), *bft.ledger, {}).status()),
             std::string("CHANNELS_DIFFER"));
    QCOMPARE(reasonOf(compareLedgers(crafted(), *orderer.ledger, 5000).status()),
             std::string("NO_SUCH_BLOCK"));
    // The same hashes everywhere, but a transaction was changed behind them.
    Opened damaged;
    const fs::path exchanged = damaged.file("exchanged");
    fs::copy(vectorPath("ledger/blocks"), exchanged);
    const fs::path victim = exchanged / "block_150.pb";
    Bytes content = *readFile(victim);
    const auto whole = protocol::Block::parse(content);
    VERIFY_OK(whole);
    const std::size_t inside = content.find(Bytes(whole->envelopes()[0])) + 40;
    content[inside] = static_cast<char>(content[inside] ^ 1);
    fs::remove(victim);
    VERIFY_OK(writeNewFile(victim, content));
    VERIFY_OK(damaged.open({{exchanged}, {}}));
    VERIFY_OK(damaged.ledger->sync({}));
    const auto hollow = compareLedgers(crafted(), *damaged.ledger, {});
    VERIFY_OK(hollow);
    QVERIFY(!hollow->firstDifferent);
    QCOMPARE(hollow->damaged.value_or(0), 150U);
    QCOMPARE(hollow->sentence.id, std::string("LEDGERS_SAME_DAMAGED"));
    // Below that block nothing is wrong.
    QVERIFY(!compareLedgers(crafted(), *damaged.ledger, 149)->damaged);
    // Another header from block 200 on.
    const fs::path folder = changed.file("blocks");
    fs::copy(vectorPath("ledger/blocks"), folder);
    Bytes bytes = *readFile(folder / "block_200.pb");
    const auto block = protocol::Block::parse(bytes);
    VERIFY_OK(block);
    const std::size_t at = bytes.find(Bytes(block->header().dataHash));
    QVERIFY(at != Bytes::npos);
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    for (int i = 200; i <= 277; ++i) fs::remove(folder / ("block_" + std::to_string(i) + ".pb"));
    VERIFY_OK(writeNewFile(folder / "block_200.pb", bytes));
    VERIFY_OK(changed.open({{folder}, {}}));
    VERIFY_OK(changed.ledger->sync({}));
    const auto different = compareLedgers(crafted(), *changed.ledger, {});
    VERIFY_OK(different);
    QCOMPARE(different->firstDifferent.value_or(0), 200U);
    QVERIFY(different->leftHash != different->rightHash);
}

CHANCERY_TEST(BrowseLedgerTest)
#include "BrowseLedgerTest.moc"
