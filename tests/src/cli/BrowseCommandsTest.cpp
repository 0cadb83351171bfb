// `ledger search`, `history`, `state` and `compare` as people use them.
#include <QDir>
#include <QTemporaryDir>

#include "tests/src/cli/Chanceryctl.h"
#include "tests/support/TestMain.h"

using chancery::test::chanceryctl;
using chancery::test::Run;
using chancery::test::shell;

namespace {

const QString kLedger = "tests/data/vectors/ledger/peer_blockfile_000000";
const QString kBlocks = "tests/data/vectors/ledger/blocks";

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class BrowseCommandsTest : public QObject {
    Q_OBJECT
private slots:
    void searchCountsAsTheLedgerHas();
    void searchWithoutHits();
    void badQueriesAreUsageErrors();
    void pagesAreParts();
    void historyAndStateAgreeWithShow();
    void stateOfAPrefix();
    void twoCopies();
    void indexFolders();
    void hostileTextStaysText();

private:
    Run ask(QStringList arguments) const {
        return chanceryctl(arguments << "--index" << m_folder.path() + "/index");
    }
    QTemporaryDir m_folder;
};

// Against `ledger show`, which reads the files without an index.
void BrowseCommandsTest::searchCountsAsTheLedgerHas() {
    const Run all = ask({"ledger", "search", "", kLedger, "--limit", "1000", "-o", "json"});
    QVERIFY2(all.exitCode == 0, all.err.c_str());
    const auto found = all.json();
    QCOMPARE(found["total"].get<int>(), 411);
    QCOMPARE(found["transactions"].size(), std::size_t{411});
    const Run refused = chanceryctl({"ledger", "show", kBlocks, "--refused", "-o", "json"});
    QCOMPARE(ask({"ledger", "search", "result:invalid", kLedger, "-o", "json"})
                 .json()["total"]
                 .get<std::size_t>(),
             refused.json().size());
    const Run config = ask({"ledger", "search", "type:config", kLedger, "--blocks", "-o", "json"});
    std::vector<int> numbers;
    const auto configBlocks = config.json()["blocks"];
    for (const auto& block : configBlocks) numbers.push_back(block["number"]);
    QCOMPARE(numbers, (std::vector<int>{270, 244, 243, 187, 86, 85, 0}));
    // Each one is found again by its id.
    for (std::size_t i = 0; i < 411; i += 41) {
        const auto& one = found["transactions"][i];
        const Run byId =
            ask({"ledger", "search", "tx:" + QString::fromStdString(one["txid"].get<std::string>()),
                 kLedger, "-o", "json"});
        QVERIFY(byId.json()["total"].get<int>() >= 1);
        QVERIFY(byId.json()["transactions"][0]["txid"] == one["txid"]);
    }
}

void BrowseCommandsTest::searchWithoutHits() {
    const Run run = ask({"ledger", "search", "key:no-such-key result:valid", kLedger});
    QCOMPARE(run.exitCode, 1);
    QVERIFY2(has(run.out, "key:no-such-key alone matches nothing"), run.out.c_str());
    QVERIFY(!has(run.out, "result:valid alone"));
}

void BrowseCommandsTest::badQueriesAreUsageErrors() {
    const Run run = ask({"ledger", "search", "blok>5", kLedger});
    QCOMPARE(run.exitCode, 2);
    QVERIFY(has(run.err, "one of the words block"));
    const Run json = ask({"ledger", "search", "size>x", kLedger, "-o", "json"});
    const auto error = nlohmann::json::parse(json.err, nullptr, false);
    QCOMPARE(error["error"]["reason"].get<std::string>(), std::string("QUERY_SYNTAX"));
}

void BrowseCommandsTest::pagesAreParts() {
    const auto idsOf = [](const Run& run) {
        std::vector<std::string> ids;
        const auto transactions = run.json()["transactions"];
        for (const auto& one : transactions) ids.push_back(one["txid"].get<std::string>());
        return ids;
    };
    const auto all =
        idsOf(ask({"ledger", "search", "contract:assets", kLedger, "--limit", "30", "-o", "json"}));
    QCOMPARE(all.size(), std::size_t{30});
    const auto part = idsOf(ask({"ledger", "search", "contract:assets", kLedger, "--limit", "5",
                                 "--skip", "10", "-o", "json"}));
    QCOMPARE(part, std::vector<std::string>(all.begin() + 10, all.begin() + 15));
    const Run text = ask({"ledger", "search", "contract:assets", kLedger, "--limit", "5"});
    QVERIFY(has(text.out, "5 of 328 transactions"));
}

void BrowseCommandsTest::historyAndStateAgreeWithShow() {
    for (const QString& at : {QString("60"), QString("277")}) {
        const auto shown = chanceryctl({"ledger", "show", kBlocks, "--key", "assets/pub:row001",
                                        "--at", at, "--history", "-o", "json"})
                               .json();
        const auto history =
            ask({"ledger", "history", "assets", "pub:row001", kLedger, "--at", at, "-o", "json"})
                .json();
        QVERIFY(!shown["history"].empty());
        QVERIFY(history["history"] == shown["history"]);
        QVERIFY(history["current"] == shown["current"]);
        const auto state =
            ask({"ledger", "state", "assets", "pub:row001", kLedger, "--at", at, "-o", "json"})
                .json();
        QVERIFY(state["current"] == shown["current"]);
    }
    QCOMPARE(ask({"ledger", "state", "assets", "no such key", kLedger}).exitCode, 1);
    QCOMPARE(ask({"ledger", "history", "assets", "bad\\q", kLedger}).exitCode, 2);
}

void BrowseCommandsTest::stateOfAPrefix() {
    const Run run = ask(
        {"ledger", "state", "assets", "pub:", kLedger, "--prefix", "--limit", "7", "-o", "json"});
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.json()["keys"].size(), std::size_t{7});
    QVERIFY(run.json()["more"].get<bool>());
    std::string last;
    const auto keys = run.json()["keys"];
    for (const auto& key : keys) {
        const auto name = key["key"].get<std::string>();
        QVERIFY(name.starts_with("pub:") && name > last);
        last = name;
    }
    QCOMPARE(ask({"ledger", "state", "assets", "zz", kLedger, "--prefix"}).exitCode, 1);
    QCOMPARE(ask({"ledger", "state", "assets", "a", kLedger, "--limit", "1"}).exitCode, 2);
}

void BrowseCommandsTest::twoCopies() {
    const Run same = ask({"ledger", "compare", kLedger, kBlocks, "-o", "json"});
    QVERIFY2(same.exitCode == 0, (same.out + same.err).c_str());
    QVERIFY(same.json()["equal"].get<bool>());
    QCOMPARE(same.json()["compared_to_block"].get<int>(), 277);
    QVERIFY(same.json()["block_hash"]["a"] == same.json()["block_hash"]["b"]);
    const Run text = ask({"ledger", "compare", kLedger, kBlocks, "--at", "100"});
    QCOMPARE(text.exitCode, 0);
    QVERIFY(has(text.out, "block 100"));
}

void BrowseCommandsTest::indexFolders() {
    const QString cache = m_folder.path() + "/cache";
    QCOMPARE(
        chanceryctl({"ledger", "search", "", kLedger}, CHANCERY_SOURCE, {"XDG_CACHE_HOME=" + cache})
            .exitCode,
        0);
    QVERIFY(!QDir(cache + "/chancery/index").isEmpty());
    const Run nowhere = chanceryctl({"ledger", "search", "", kLedger}, CHANCERY_SOURCE,
                                    {"XDG_CACHE_HOME=", "HOME="});
    QCOMPARE(nowhere.exitCode, 3);
    QVERIFY(has(nowhere.err, "--index"));
}

void BrowseCommandsTest::hostileTextStaysText() {
    // The golden ledger has keys and values with escapes and bidirectional marks.
    for (const QStringList& arguments :
         {QStringList{"ledger", "search", "", kLedger, "--limit", "500"},
          QStringList{"ledger", "state", "assets", "", kLedger, "--prefix", "--limit", "500"},
          QStringList{"ledger", "search", "\x1b[31m\u202e", kLedger}}) {
        for (const QString& form : {QString("table"), QString("json")}) {
            const Run run = ask(QStringList(arguments) << "-o" << form);
            for (const char* bad : {"\x1b", "\u202e", "\u2066"})
                QVERIFY(!has(run.out, bad) && !has(run.err, bad));
        }
    }
}

CHANCERY_TEST(BrowseCommandsTest)
#include "BrowseCommandsTest.moc"
