#include "src/usecase/BrowseLedger.h"

#include <QTemporaryDir>
#include <atomic>
#include <fstream>
#include <thread>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/cli/LedgerJson.h"
#include "src/crypto/Digest.h"
#include "src/index/LedgerIndex.h"
#include "src/store/Connection.h"
#include "src/usecase/BlockDescriber.h"
#include "src/usecase/LedgerReplay.h"
#include "src/usecase/TransactionDescriber.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::usecase;
using chancery::test::facts;
using chancery::test::vectorFile;
using chancery::test::vectorPath;

namespace {

namespace fs = std::filesystem;

/// A ledger with an index in a folder of its own.
struct Opened {
    QTemporaryDir folder;
    OpenLedgerRequest request;
    std::unique_ptr<BrowseLedger> ledger;

    Status open(LedgerLocation location) {
        request.location = std::move(location);
        request.indexes = fs::path(folder.path().toStdString()) / "indexes";
        request.threads = 2;
        return again();
    }
    Status again() {
        ledger.reset();
        ASSIGN_OR_RETURN(ledger, BrowseLedger::open(request));
        return {};
    }
    fs::path file(const std::string& name) const {
        return fs::path(folder.path().toStdString()) / name;
    }
};

LedgerLocation locationOf(const std::string& name) {
    if (name == "blocks") return {{vectorPath("ledger/blocks")}, {}};
    if (name == "raw") return {{vectorPath("ledger/peer_blockfile_000000")}, {}};
    if (name == "orderer") return {{vectorPath("ledger/orderer_blockfile_000000.gz")}, {}};
    if (name == "crafted") return {{vectorPath("ledger/blocks"), vectorPath("ledger/crafted")}, {}};
    if (name == "snapshot")
        return {{vectorPath("ledger/crafted")}, vectorPath("ledger/snapshot_277")};
    return {{vectorPath("bft/blocks")}, {}};
}

/// One ledger for all tests that only look at it.
BrowseLedger& crafted() {
    static Opened opened;
    if (!opened.ledger) {
        const Status status = opened.open(locationOf("crafted"));
        if (!status.ok() || !opened.ledger->sync({}).ok()) qFatal("the ledger cannot be indexed");
    }
    return *opened.ledger;
}

LedgerQuery parsed(std::string_view text) {
    const auto query = parseLedgerQuery(text, 1'795'400'000'000'000'000);
    if (!query.ok()) qFatal("%s", query.status().ToString().c_str());
    return *query;
}

/// Everything that the tables hold, as text; but for times of files and of work.
std::string contentOf(const fs::path& indexes) {
    std::string content;
    for (const auto& entry : fs::directory_iterator(indexes)) {
        if (entry.path().extension() != ".index") continue;
        auto connection = store::Connection::open(entry.path(), {store::OpenMode::ReadWrite});
        if (!connection.ok()) return connection.status().ToString();
        for (const std::string table :
             {"blocks", "transactions", "identities", "names", "endorser_sets", "spaces", "keys",
              "versions", "touches", "metadata", "expiry", "configs", "causes", "findings"}) {
            std::vector<std::string> columns;
            auto info = connection->prepare("SELECT name FROM pragma_table_info('" + table + "')");
            if (!info.ok()) return info.status().ToString();
            (void)info->each([&](store::Row& row) {
                columns.emplace_back("quote(" + std::string(row.text(0)) + ")");
            });
            auto rows = connection->prepare(fmt::format("SELECT {} FROM {} ORDER BY 1, 2",
                                                        fmt::join(columns, "||','||"), table) +
                                            (columns.size() < 2 ? "" : ""));
            if (!rows.ok()) {
                rows = connection->prepare(fmt::format("SELECT {} AS line FROM {} ORDER BY line",
                                                       fmt::join(columns, "||','||"), table));
            }
            if (!rows.ok()) return rows.status().ToString();
            content += table + "\n";
            const Status status =
                rows->each([&](store::Row& row) { content += std::string(row.text(0)) + "\n"; });
            if (!status.ok()) return status.ToString();
        }
    }
    return content;
}

}  // namespace

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
    void findsWhatMatches_data();
    void findsWhatMatches();
    void namesFruitlessTerms();
    void completesValues();
    void countsSlicesOfTime();
    void goesOnAfterStops();
    void goesOnAfterACrash();
    void goesOnWhenTheFileGrows();
    void startsAgainWhenAFileChanged();
    void tellsAFlippedByte_data();
    void tellsAFlippedByte();
    void showsWhatComesBehindABreak();
    void replacesADamagedIndex();
    void opensASnapshotAlone();
    void survivesHostileFiles_data();
    void survivesHostileFiles();
    void answersWhileReading();
    void takesEnvelopesApart();
    void givesRawBytes();
    void comparesLedgers();
    void keepsTheIndexToItsOwner();
};

void BrowseLedgerTest::describesTransactionsAsTheReplayDoes_data() {
    QTest::addColumn<std::string>("name");
    for (const char* name : {"blocks", "raw", "orderer", "crafted", "snapshot", "bft"})
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
        QCOMPARE(cli::toJson(*description).dump(),
                 cli::toJson(describeBlock(**sourced, names)).dump());
        for (std::size_t i = 0; i < block.transactionCount(); ++i, ++transactions) {
            auto told = opened.ledger->transaction(WrittenAt{block.number(), i});
            VERIFY_OK(told);
            QCOMPARE(told->configChanges.empty(), !block.isConfigBlock());
            told->configChanges.clear();
            const auto expected = describeTransaction(**sourced, i, **replay, names);
            QCOMPARE(cli::toJson(*told).dump(), cli::toJson(expected).dump());
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
            QCOMPARE(cli::toJson(some->rows[i]).dump(), cli::toJson(page->rows[first + i]).dump());
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

/// Against the replay: each key after each block that changes it.
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
    const auto difference =
        nlohmann::json::diff(nlohmann::json::parse(cli::toJson(*expected).dump()),
                             nlohmann::json::parse(cli::toJson(*told).dump()));
    QVERIFY2(difference.empty(), difference.dump().c_str());
    QCOMPARE(cli::toJson(told->refused).dump(1), cli::toJson(expected->refused).dump(1));
}

void BrowseLedgerTest::findsWhatMatches_data() {
    QTest::addColumn<std::string>("query");
    for (const char* query : {"block:5",
                              "block >= 270",
                              "block < 3",
                              "-block < 250",
                              "block > 10 block <= 12",
                              "transactions > 2",
                              "size > 25KB",
                              "size <= 5KB",
                              "result:invalid",
                              "result:valid",
                              "result:unjudged",
                              "code:MVCC_READ_CONFLICT",
                              "code:10",
                              "type:config",
                              "type:endorser",
                              "contract:assets",
                              "contract:ASSETS",
                              "contract:a*",
                              "-contract:assets",
                              "function:put",
                              "creator:User1@alpha.pub.test",
                              "org:AlphaMSP",
                              "-org:AlphaMSP",
                              "endorser:BetaMSP",
                              "endorser:peer0.beta.pub.test",
                              "key:pub:anchor-388",
                              "key:pub:*",
                              "contract:assets result:invalid",
                              "block >= 100 code:MVCC_READ_CONFLICT",
                              "transactions > 1 result:invalid",
                              "event:nothing-of-this-name",
                              "time >= 2026-11-22",
                              "time < 2000-01-01",
                              "anchor-388",
                              "MSP",
                              "5",
                              "tx:1c0ba758b547"})
        QTest::newRow(query) << std::string(query);
}

namespace {

bool sameText(std::string a, std::string b) {
    const auto lower = [](std::string& text) {
        for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    };
    lower(a);
    lower(b);
    if (b.ends_with('*')) return a.starts_with(b.substr(0, b.size() - 1));
    return a == b;
}

bool contains(const std::string& text, std::string part) {
    std::string folded = text;
    for (char& c : folded) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    for (char& c : part) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return folded.find(part) != std::string::npos;
}

/// The plain meaning of a term, for a transaction in its block.
bool termHolds(const LedgerTerm& term, const BlockRow& block, const TransactionDescription& tx,
               bool ofTransactions) {
    const TransactionSummary& row = tx.summary;
    std::set<Bytes> keys;
    for (const auto& read : tx.reads)
        if (read.collection.empty()) keys.insert(read.key);
    for (const auto& write : tx.writes)
        if (write.collection.empty()) keys.insert(write.key);
    for (const auto& policy : tx.keyPolicies)
        if (policy.collection.empty()) keys.insert(policy.key);
    const std::string creator = row.creator ? row.creator->commonName : "";
    const std::string msp = row.creator ? row.creator->mspId.str() : "";
    switch (term.field) {
        case LedgerField::Block:
            return holds(term, static_cast<std::int64_t>(row.block));
        case LedgerField::Transactions:
            return holds(term, static_cast<std::int64_t>(block.transactions));
        case LedgerField::Size:
            return holds(term, static_cast<std::int64_t>(block.size));
        case LedgerField::Time: {
            const auto time = ofTransactions ? row.time : block.time;
            return time && holds(term, absl::ToUnixNanos(*time));
        }
        case LedgerField::TxId:
            return row.txId.starts_with(term.value);
        case LedgerField::Key:
            return std::any_of(keys.begin(), keys.end(), [&](const Bytes& key) {
                return term.value.ends_with('*')
                           ? key.starts_with(term.value.substr(0, term.value.size() - 1))
                           : key == term.value;
            });
        case LedgerField::Contract:
            return !row.contract.empty() && sameText(row.contract, term.value);
        case LedgerField::Function:
            return !row.function.empty() && sameText(row.function, term.value);
        case LedgerField::Creator:
            return sameText(creator, term.value);
        case LedgerField::Org:
            return sameText(msp, term.value);
        case LedgerField::Endorser:
            return std::any_of(tx.endorsements.begin(), tx.endorsements.end(), [&](const auto& e) {
                return sameText(e.endorser.mspId.str(), term.value) ||
                       sameText(e.endorser.commonName, term.value);
            });
        case LedgerField::Event:
            return tx.event && sameText(tx.event->first, term.value);
        case LedgerField::Result:
            return term.value == "unjudged"
                       ? !row.code
                       : row.code && row.code->valid() == (term.value == "valid");
        case LedgerField::Code:
            return row.code && row.code->number == term.number;
        case LedgerField::Type:
            return row.type == (term.value == "config" ? "CONFIG" : "ENDORSER_TRANSACTION");
        case LedgerField::Any:
            break;
    }
    return std::to_string(row.block) == term.value || contains(row.contract, term.value) ||
           contains(row.function, term.value) || contains(creator, term.value) ||
           contains(msp, term.value) || (tx.event && contains(tx.event->first, term.value)) ||
           (term.value.size() >= 4 && row.txId.starts_with(term.value)) ||
           std::any_of(keys.begin(), keys.end(), [&](const Bytes& key) {
               return term.value.size() >= 3 ? contains(key, term.value) : key == term.value;
           });
}

}  // namespace

/// Against a look at everything, one by one.
void BrowseLedgerTest::findsWhatMatches() {
    QFETCH(std::string, query);
    static const auto everything = [] {
        std::vector<std::pair<BlockRow, TransactionDescription>> all;
        const auto blocks = crafted().blocks({}, 0, 1000);
        for (const BlockRow& row : blocks->rows)
            for (std::size_t i = row.transactions; i-- > 0;)
                all.emplace_back(row, *crafted().transaction(WrittenAt{row.number, i}));
        return all;
    }();
    const LedgerQuery terms = parsed(query);
    const auto matches = [&](const auto& entry, bool ofTransactions) {
        return std::all_of(terms.terms.begin(), terms.terms.end(), [&](const LedgerTerm& term) {
            return termHolds(term, entry.first, entry.second, ofTransactions) != term.negated;
        });
    };
    std::vector<WrittenAt> transactions;
    std::vector<BlockNumber> blocks;
    for (const auto& entry : everything) {
        const TransactionSummary& row = entry.second.summary;
        if (matches(entry, true)) transactions.push_back({row.block, row.index});
        if (matches(entry, false) && (blocks.empty() || blocks.back() != row.block))
            blocks.push_back(row.block);
    }
    const auto blockPage = crafted().blocks(terms, 0, 1000);
    VERIFY_OK(blockPage);
    std::vector<BlockNumber> foundBlocks;
    for (const BlockRow& row : blockPage->rows) foundBlocks.push_back(row.number);
    QCOMPARE(fmt::format("{}", fmt::join(foundBlocks, " ")),
             fmt::format("{}", fmt::join(blocks, " ")));
    QCOMPARE(blockPage->total, blocks.size());
    const auto page = crafted().transactions(terms, 0, 1000);
    VERIFY_OK(page);
    QCOMPARE(page->total, transactions.size());
    QCOMPARE(page->rows.size(), transactions.size());
    for (std::size_t i = 0; i < transactions.size(); ++i)
        QVERIFY((WrittenAt{page->rows[i].block, page->rows[i].index} == transactions[i]));
    for (std::size_t i = 0; i < blocks.size(); i += 7) {
        const auto row = crafted().rowOf(terms, blocks[i]);
        VERIFY_OK(row);
        QCOMPARE(row->value_or(~0ULL), i);
    }
    // The histogram counts the same.
    const auto buckets = crafted().histogram(terms, 20);
    VERIFY_OK(buckets);
    std::uint64_t counted = 0;
    for (const auto& bucket : *buckets) counted += bucket.blocks;
    QCOMPARE(counted, blocks.size());
}

void BrowseLedgerTest::namesFruitlessTerms() {
    const auto terms =
        crafted().fruitlessTerms(parsed("contract:assets key:never-written block > 100000"));
    VERIFY_OK(terms);
    QCOMPARE(*terms, (std::vector<std::size_t>{1, 2}));
}

void BrowseLedgerTest::completesValues() {
    const auto texts = [](std::string_view text) {
        std::vector<std::string> found;
        const auto completions = crafted().complete(text, text.size(), 50);
        if (!completions.ok()) qFatal("%s", completions.status().ToString().c_str());
        for (const auto& completion : *completions) found.push_back(completion.text);
        return found;
    };
    QCOMPARE(texts("contract:ass"), std::vector<std::string>{"assets"});
    const auto keys = texts("result:invalid key:pub:anchor");
    QVERIFY(!keys.empty());
    for (const std::string& key : keys) QVERIFY(key.find("pub:anchor") != std::string::npos);
    const auto free = texts("vaul");
    QVERIFY(std::find(free.begin(), free.end(), "contract:vault") != free.end());
    QVERIFY(texts("org:Alpha") == std::vector<std::string>{"AlphaMSP"});
    QVERIFY(texts("nonsense:x").empty());
    // What is offered can be read again.
    const auto offered = crafted().complete("function:p", 10, 5);
    VERIFY_OK(offered);
    for (const auto& completion : *offered) {
        QCOMPARE(completion.begin, 9U);
        VERIFY_OK(parseLedgerQuery("function:" + completion.text, 0));
    }
}

void BrowseLedgerTest::countsSlicesOfTime() {
    const auto buckets = crafted().histogram({}, 30);
    VERIFY_OK(buckets);
    QVERIFY(buckets->size() <= 30 && buckets->size() > 1);
    HistogramBucket sum;
    for (std::size_t i = 0; i < buckets->size(); ++i) {
        const HistogramBucket& bucket = (*buckets)[i];
        if (i > 0) QVERIFY(bucket.begin > (*buckets)[i - 1].begin);
        sum.blocks += bucket.blocks;
        sum.transactions += bucket.transactions;
        sum.invalid += bucket.invalid;
    }
    const auto status = crafted().status();
    QCOMPARE(sum.blocks, status.blocks);
    QCOMPARE(sum.transactions, status.transactions);
    QCOMPARE(sum.invalid, status.invalid);
}

void BrowseLedgerTest::goesOnAfterStops() {
    Opened whole, parts;
    VERIFY_OK(whole.open(locationOf("crafted")));
    VERIFY_OK(whole.ledger->sync({}));
    VERIFY_OK(parts.open(locationOf("crafted")));
    std::size_t runs = 0;
    while (parts.ledger->status().phase != LedgerStatus::Phase::Done) {
        QVERIFY(++runs < 500);
        std::stop_source stop;
        // Each run ends soon after it has something to show, wherever that is.
        const auto before = parts.ledger->status().blocks;
        const auto watch = parts.ledger->onChanged([&] {
            if (parts.ledger->status().blocks > before + 30) stop.request_stop();
        });
        std::atomic<bool> ended = false;
        std::thread stopper([&] {
            if (runs < 5) {
                std::this_thread::yield();
                stop.request_stop();
            }
        });
        VERIFY_OK(parts.ledger->sync(stop.get_token()));
        ended = true;
        stopper.join();
        if (runs % 2 == 0) VERIFY_OK(parts.again());
    }
    QVERIFY(runs > 1);
    QVERIFY(contentOf(parts.request.indexes) == contentOf(whole.request.indexes));
    QCOMPARE(*parts.ledger->status().verifiedTo, *whole.ledger->status().verifiedTo);
    QCOMPARE(parts.ledger->status().trusted, whole.ledger->status().trusted);
}

/// What is on the disk in the middle of a run is what a crash leaves.
void BrowseLedgerTest::goesOnAfterACrash() {
    Opened whole, crashed;
    VERIFY_OK(whole.open(locationOf("raw")));
    VERIFY_OK(whole.ledger->sync({}));
    VERIFY_OK(crashed.open(locationOf("raw")));
    const fs::path copies = crashed.file("copies");
    int copied = 0;
    {
        const auto watch = crashed.ledger->onChanged([&] {
            fs::copy(crashed.request.indexes, copies / std::to_string(copied++),
                     fs::copy_options::recursive);
        });
        fs::create_directories(copies);
        VERIFY_OK(crashed.ledger->sync({}));
    }
    QVERIFY(copied >= 2);
    const std::string expected = contentOf(whole.request.indexes);
    for (int i = 0; i < copied; ++i) {
        crashed.request.indexes = copies / std::to_string(i);
        VERIFY_OK(crashed.again());
        VERIFY_OK(crashed.ledger->sync({}));
        QVERIFY(contentOf(crashed.request.indexes) == expected);
    }
}

void BrowseLedgerTest::goesOnWhenTheFileGrows() {
    Opened opened;
    const std::string bytes = vectorFile("ledger/peer_blockfile_000000");
    const fs::path file = opened.file("blockfile_000000");
    // In the middle of a block, as when a running peer's file was copied.
    VERIFY_OK(writeNewFile(file, std::string_view(bytes).substr(0, bytes.size() / 2)));
    VERIFY_OK(opened.open({{file}, {}}));
    VERIFY_OK(opened.ledger->sync({}));
    const auto half = opened.ledger->status();
    QCOMPARE(half.errors, 1U);
    QCOMPARE(half.firstError->reason, std::string("TORN_TAIL"));
    QVERIFY(half.blocks > 50 && half.blocks < 278);
    std::ofstream(file, std::ios::app | std::ios::binary) << bytes.substr(bytes.size() / 2);
    VERIFY_OK(opened.ledger->sync({}));
    const auto status = opened.ledger->status();
    QCOMPARE(status.errors, 0U);
    QCOMPARE(status.blocks, 278U);
    QCOMPARE(status.verifiedTo.value_or(0), 277U);
    QVERIFY(status.findings.empty());
    Opened whole;
    VERIFY_OK(whole.open(locationOf("raw")));
    VERIFY_OK(whole.ledger->sync({}));
    QCOMPARE(opened.ledger->blocks({}, 0, 300)->rows.front().hash,
             whole.ledger->blocks({}, 0, 300)->rows.front().hash);
}

void BrowseLedgerTest::startsAgainWhenAFileChanged() {
    Opened opened;
    const fs::path file = opened.file("blockfile_000000");
    VERIFY_OK(writeNewFile(file, vectorFile("ledger/peer_blockfile_000000")));
    VERIFY_OK(opened.open({{file}, {}}));
    VERIFY_OK(opened.ledger->sync({}));
    QCOMPARE(opened.ledger->status().blocks, 278U);
    // Other blocks under the old name.
    fs::remove(file);
    Bytes other;
    for (int i = 0; i < 17; ++i) {
        const auto block =
            protocol::Block::parse(vectorFile("bft/blocks/block_" + std::to_string(i) + ".pb"));
        if (!block.ok()) break;
        other += protocol::encodeBlockRecord(*block);
    }
    QVERIFY(!other.empty());
    VERIFY_OK(writeNewFile(file, other));
    VERIFY_OK(opened.ledger->sync({}));
    QVERIFY(opened.ledger->status().blocks <= 17);
    QVERIFY(opened.ledger->status().channel != "tradechannel");
    VERIFY_OK(opened.ledger->startAgain());
    QCOMPARE(opened.ledger->status().blocks, 0U);
    VERIFY_OK(opened.ledger->sync({}));
    QVERIFY(opened.ledger->status().blocks > 0);
}

void BrowseLedgerTest::tellsAFlippedByte_data() {
    QTest::addColumn<int>("block");
    QTest::newRow("early") << 12;
    QTest::newRow("middle") << 150;
    QTest::newRow("last") << 277;
}

void BrowseLedgerTest::tellsAFlippedByte() {
    QFETCH(int, block);
    Opened opened;
    const fs::path folder = opened.file("blocks");
    fs::copy(vectorPath("ledger/blocks"), folder);
    const fs::path file = folder / ("block_" + std::to_string(block) + ".pb");
    Bytes bytes = *readFile(file);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    fs::remove(file);
    VERIFY_OK(writeNewFile(file, bytes));
    VERIFY_OK(opened.open({{folder}, {}}));
    VERIFY_OK(opened.ledger->sync({}));
    const auto status = opened.ledger->status();
    QVERIFY(status.phase == LedgerStatus::Phase::Done);
    QVERIFY(status.errors > 0);
    QCOMPARE(status.firstError->block.value_or(0), static_cast<BlockNumber>(block));
    QCOMPARE(status.verifiedTo.value_or(~0ULL), static_cast<BlockNumber>(block - 1));
    QCOMPARE(status.blocks, 278U);
    const auto row = opened.ledger->rowOf({}, static_cast<BlockNumber>(block));
    VERIFY_OK(row);
    const auto page = opened.ledger->blocks({}, **row, 1);
    VERIFY_OK(page);
    QVERIFY(page->rows.front().check == BlockRow::Check::Bad);
    // As the one who only verifies tells it.
    const auto report = VerifyLedger().run({.paths = {folder}});
    VERIFY_OK(report);
    QCOMPARE(status.findings.size(), report->findings.size());
    for (std::size_t i = 0; i < report->findings.size(); ++i)
        QCOMPARE(status.findings[i].sentence, report->findings[i].sentence);
}

void BrowseLedgerTest::showsWhatComesBehindABreak() {
    Opened opened;
    const fs::path folder = opened.file("blocks");
    fs::copy(vectorPath("ledger/blocks"), folder);
    fs::remove(folder / "block_100.pb");
    VERIFY_OK(opened.open({{folder}, {}}));
    VERIFY_OK(opened.ledger->sync({}));
    const auto status = opened.ledger->status();
    QCOMPARE(status.firstError->reason, std::string("NUMBER_DIFFERS"));
    QCOMPARE(status.verifiedTo.value_or(0), 99U);
    QCOMPARE(status.blocks, 277U);
    const auto page = opened.ledger->blocks({}, 0, 1000);
    VERIFY_OK(page);
    for (const BlockRow& row : page->rows)
        QVERIFY(row.check ==
                (row.number < 100 ? BlockRow::Check::Good : BlockRow::Check::Unchecked));
    QVERIFY(opened.ledger->key({"assets", {}, "x"}, 99, 1)->stateKnown);
    QVERIFY(!opened.ledger->key({"assets", {}, "x"}, 150, 1)->stateKnown);
    VERIFY_OK(opened.ledger->transaction(WrittenAt{200, 0}));
    // The same once more when asked again.
    VERIFY_OK(opened.again());
    VERIFY_OK(opened.ledger->sync({}));
    QCOMPARE(opened.ledger->status().errors, status.errors);
    QCOMPARE(opened.ledger->status().blocks, status.blocks);
}

void BrowseLedgerTest::replacesADamagedIndex() {
    for (const bool head : {true, false}) {
        Opened opened;
        VERIFY_OK(opened.open(locationOf("raw")));
        VERIFY_OK(opened.ledger->sync({}));
        const std::string expected = contentOf(opened.request.indexes);
        opened.ledger.reset();
        for (const auto& entry : fs::directory_iterator(opened.request.indexes)) {
            if (entry.path().extension() != ".index") continue;
            std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
            file.seekp(head ? 0 : static_cast<std::streamoff>(entry.file_size() / 3));
            file << std::string(head ? 64 : 200'000, 'x');
        }
        VERIFY_OK(opened.again());
        VERIFY_OK(opened.ledger->sync({}));
        QCOMPARE(opened.ledger->status().blocks, 278U);
        QVERIFY(contentOf(opened.request.indexes) == expected);
    }
}

void BrowseLedgerTest::opensASnapshotAlone() {
    Opened opened;
    VERIFY_OK(opened.open({{vectorPath("ledger/snapshot_277")}, {}}));
    VERIFY_OK(opened.ledger->sync({}));
    QCOMPARE(opened.ledger->status().channel, std::string("tradechannel"));
    QCOMPARE(opened.ledger->status().blocks, 0U);
    const auto expected = crafted().state({"assets", {}, {}}, 277, 1000);
    const auto state = opened.ledger->state({"assets", {}, {}}, {}, 1000);
    VERIFY_OK(state);
    QCOMPARE(state->size(), expected->size());
    for (std::size_t i = 0; i < state->size(); ++i) {
        QCOMPARE((*state)[i].key, (*expected)[i].key);
        QCOMPARE(*(*state)[i].current->value, *(*expected)[i].current->value);
        QVERIFY((*state)[i].current->at == (*expected)[i].current->at);
        QVERIFY((*state)[i].policy == (*expected)[i].policy);
    }
    VERIFY_OK(opened.ledger->overview());
    VERIFY_OK(opened.ledger->histogram({}, 10));
    QVERIFY(opened.ledger->blocks({}, 0, 10)->rows.empty());
    VERIFY_OK(opened.ledger->sync({}));
}

void BrowseLedgerTest::survivesHostileFiles_data() {
    QTest::addColumn<std::string>("bytes");
    QTest::newRow("empty") << std::string();
    QTest::newRow("zeros") << std::string(10'000, '\0');
    QTest::newRow("noise")
        << std::string(vectorFile("ledger/orderer_blockfile_000000.gz")).substr(50);
    QTest::newRow("cut gzip") << vectorFile("ledger/orderer_blockfile_000000.gz").substr(0, 5000);
    // A block of an impossible number.
    QTest::newRow("number") << std::string("\x0a\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
                                           13);
    QTest::newRow("text") << std::string("This is no ledger at all.");
}

void BrowseLedgerTest::survivesHostileFiles() {
    QFETCH(std::string, bytes);
    Opened opened;
    const fs::path file = opened.file("hostile");
    VERIFY_OK(writeNewFile(file, bytes));
    VERIFY_OK(opened.open({{file}, {}}));
    const Status status = opened.ledger->sync({});
    const auto now = opened.ledger->status();
    QVERIFY(!status.ok() || now.errors > 0);
    QCOMPARE(now.phase == LedgerStatus::Phase::Failed, !status.ok());
    if (!status.ok()) QVERIFY(!reasonOf(now.failure).empty());
    VERIFY_OK(opened.ledger->blocks({}, 0, 10));
    (void)opened.ledger->overview();
    (void)opened.ledger->transaction(WrittenAt{~0ULL, ~0ULL});
    (void)opened.ledger->key({"a", "b", "c"}, ~0ULL, 5);
}

void BrowseLedgerTest::answersWhileReading() {
    Opened opened;
    VERIFY_OK(opened.open(locationOf("crafted")));
    std::atomic<bool> ended = false;
    std::atomic<int> answers = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i)
        readers.emplace_back([&, i] {
            while (!ended) {
                const auto page = opened.ledger->blocks({}, 0, 50);
                if (!page.ok()) return;
                // Blocks wholly or not at all.
                for (const BlockRow& row : page->rows) {
                    const auto block = opened.ledger->block(row.number);
                    if (!block.ok() || block->transactions.size() != row.transactions) return;
                }
                const auto found = opened.ledger->transactions(
                    parsed(i == 0 ? "result:invalid" : "contract:assets"), 0, 20);
                if (!found.ok()) return;
                (void)opened.ledger->histogram({}, 20);
                (void)opened.ledger->status();
                ++answers;
            }
        });
    const Status synced = opened.ledger->sync({});
    // At least once with everything there.
    const int before = answers;
    while (answers < before + 4) std::this_thread::yield();
    ended = true;
    for (std::thread& reader : readers) reader.join();
    VERIFY_OK(synced);
    // Lists that grew during the run are those of a list made at once.
    const auto grown = opened.ledger->transactions(parsed("result:invalid"), 0, 1000);
    VERIFY_OK(grown);
    QCOMPARE(grown->total, crafted().transactions(parsed("result:invalid"), 0, 1000)->total);
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
    QCOMPARE(same->height, 277U);
    QCOMPARE(toHex(same->leftHash),
             facts()["chain"]["chain_info"]["current_block_hash"].get<std::string>());
    VERIFY_OK(bft.open(locationOf("bft")));
    VERIFY_OK(bft.ledger->sync({}));
    QCOMPARE(reasonOf(compareLedgers(crafted(), *bft.ledger, {}).status()),
             std::string("CHANNELS_DIFFER"));
    QCOMPARE(reasonOf(compareLedgers(crafted(), *orderer.ledger, 5000).status()),
             std::string("NO_SUCH_BLOCK"));
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

void BrowseLedgerTest::keepsTheIndexToItsOwner() {
    Opened opened;
    VERIFY_OK(opened.open(locationOf("bft")));
    VERIFY_OK(opened.ledger->sync({}));
    QCOMPARE(fs::status(opened.request.indexes).permissions(), fs::perms::owner_all);
    for (const auto& entry : fs::directory_iterator(opened.request.indexes))
        QCOMPARE(entry.status().permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

CHANCERY_TEST(BrowseLedgerTest)
#include "BrowseLedgerTest.moc"
