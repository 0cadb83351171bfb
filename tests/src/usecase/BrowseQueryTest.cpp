// The questions of BrowseLedger with a query, against a look at everything one by one.
#include "tests/src/usecase/Browsed.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::usecase;
using namespace chancery::test;

class BrowseQueryTest : public QObject {
    Q_OBJECT
private slots:
    void findsWhatMatches_data();
    void findsWhatMatches();
    void namesFruitlessTerms();
    void completesValues();
    void countsSlicesOfTime();
};

/// Against the replay: each key after each block that changes it.
void BrowseQueryTest::findsWhatMatches_data() {
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
void BrowseQueryTest::findsWhatMatches() {
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

void BrowseQueryTest::namesFruitlessTerms() {
    const auto terms =
        crafted().fruitlessTerms(parsed("contract:assets key:never-written block > 100000"));
    VERIFY_OK(terms);
    QCOMPARE(*terms, (std::vector<std::size_t>{1, 2}));
}

void BrowseQueryTest::completesValues() {
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

void BrowseQueryTest::countsSlicesOfTime() {
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

/// What is on the disk in the middle of a run is what a crash leaves.

CHANCERY_TEST(BrowseQueryTest)
#include "BrowseQueryTest.moc"
