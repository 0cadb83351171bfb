// How BrowseLedger reads: stops, crashes, growth, damage, and questions meanwhile.
#include <array>
#include <atomic>
#include <fstream>
#include <thread>

#include "src/base/File.h"
#include "src/protocol/BlockFile.h"
#include "src/store/Connection.h"
#include "src/usecase/VerifyLedger.h"
#include "tests/src/usecase/Browsed.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::usecase;
using namespace chancery::test;

namespace fs = std::filesystem;

namespace {

/// Everything that the tables hold, as text; but for times of files and of work.
std::string contentOf(const fs::path& indexes) {
    constexpr std::array kTables{
        "blocks",   "transactions", "identities", "names",  "keys",    "endorser_sets", "spaces",
        "versions", "touches",      "metadata",   "expiry", "configs", "causes",        "findings"};
    std::string content;
    const auto read = [&](const fs::path& path) -> Status {
        ASSIGN_OR_RETURN(auto connection,
                         store::Connection::open(path, {store::OpenMode::ReadWrite}));
        for (const std::string table : kTables) {
            std::vector<std::string> columns;
            ASSIGN_OR_RETURN(auto info, connection.prepare(fmt::format(
                                            "SELECT name FROM pragma_table_info('{}')", table)));
            RETURN_IF_ERROR(info.each([&](store::Row& row) {
                columns.push_back(fmt::format("quote({})", row.text(0)));
            }));
            ASSIGN_OR_RETURN(
                auto rows, connection.prepare(fmt::format("SELECT {} AS line FROM {} ORDER BY line",
                                                          fmt::join(columns, "||','||"), table)));
            content += table + "\n";
            RETURN_IF_ERROR(
                rows.each([&](store::Row& row) { content.append(row.text(0)).push_back('\n'); }));
        }
        return {};
    };
    for (const auto& entry : fs::directory_iterator(indexes))
        if (entry.path().extension() == ".index")
            if (const Status status = read(entry.path()); !status.ok())
                content += status.ToString();
    return content;
}

}  // namespace

class BrowseSyncTest : public QObject {
    Q_OBJECT
private slots:
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
    void keepsTheIndexToItsOwner();
};

void BrowseSyncTest::goesOnAfterStops() {
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

void BrowseSyncTest::goesOnAfterACrash() {
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

void BrowseSyncTest::goesOnWhenTheFileGrows() {
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

void BrowseSyncTest::startsAgainWhenAFileChanged() {
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

void BrowseSyncTest::tellsAFlippedByte_data() {
    QTest::addColumn<int>("block");
    QTest::newRow("early") << 12;
    QTest::newRow("middle") << 150;
    QTest::newRow("last") << 277;
}

void BrowseSyncTest::tellsAFlippedByte() {
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

void BrowseSyncTest::showsWhatComesBehindABreak() {
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

void BrowseSyncTest::replacesADamagedIndex() {
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

void BrowseSyncTest::opensASnapshotAlone() {
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

void BrowseSyncTest::survivesHostileFiles_data() {
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

void BrowseSyncTest::survivesHostileFiles() {
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

void BrowseSyncTest::answersWhileReading() {
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

void BrowseSyncTest::keepsTheIndexToItsOwner() {
    Opened opened;
    VERIFY_OK(opened.open(locationOf("bft")));
    VERIFY_OK(opened.ledger->sync({}));
    QCOMPARE(fs::status(opened.request.indexes).permissions(), fs::perms::owner_all);
    for (const auto& entry : fs::directory_iterator(opened.request.indexes))
        QCOMPARE(entry.status().permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

CHANCERY_TEST(BrowseSyncTest)
#include "BrowseSyncTest.moc"
