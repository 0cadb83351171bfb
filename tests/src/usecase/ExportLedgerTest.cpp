#include "src/usecase/ExportLedger.h"

#include <sys/stat.h>

#include <QTemporaryDir>
#include <filesystem>

#include "src/base/File.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::usecase;
using chancery::test::facts;
using chancery::test::vectorFile;
using chancery::test::vectorPath;
using nlohmann::json;

class ExportLedgerTest : public QObject {
    Q_OBJECT
private slots:
    void jsonHoldsEveryTransaction();
    void csvHoldsEveryTransaction();
    void blocksAreTheBytesOfTheNetwork();
    void partsOfALedger();
    void filesAreMadeForTheOwnerAlone();
    void whatIsThereStaysAsItIs_data();
    void whatIsThereStaysAsItIs();
    void damageLeavesNothingBehind();
    void stoppingLeavesNothingBehind_data();
    void stoppingLeavesNothingBehind();
};

namespace {

constexpr const char* kPeerFile = "ledger/peer_blockfile_000000";

ExportLedgerRequest request(ExportFormat format, const std::filesystem::path& out,
                            const std::string& ledger = kPeerFile) {
    return {.location = {{vectorPath(ledger)}, {}}, .format = format, .out = out};
}

std::filesystem::path in(const QTemporaryDir& folder, const char* name) {
    return folder.filePath(name).toStdString();
}

/// The cells of RFC 4180 lines.
std::vector<std::vector<std::string>> csvRows(const std::string& text) {
    std::vector<std::vector<std::string>> rows(1, std::vector<std::string>(1));
    bool quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        std::string& cell = rows.back().back();
        if (quoted) {
            if (c != '"')
                cell += c;
            else if (at + 1 < text.size() && text[at + 1] == '"')
                cell += text[++at];
            else
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == ',') {
            rows.back().emplace_back();
        } else if (c == '\r' && at + 1 < text.size() && text[at + 1] == '\n') {
            ++at;
            rows.emplace_back(1);
        } else {
            cell += c;
        }
    }
    rows.pop_back();  // what follows the last line break
    return rows;
}

/// The header names the contract; where it does not, the action may.
std::string contractOf(const json& transaction) {
    const std::string name = transaction.value("chaincode", "");
    return name.empty() ? transaction.value("chaincode_in_action", "") : name;
}

}  // namespace

void ExportLedgerTest::jsonHoldsEveryTransaction() {
    const QTemporaryDir folder;
    const auto out = in(folder, "ledger.json");
    const auto result = ExportLedger().run(request(ExportFormat::Json, out));
    VERIFY_OK(result);
    const json& blocks = facts()["chain"]["blocks"];
    const json exported = json::parse(*readFile(out), nullptr, false);
    QCOMPARE(exported.size(), blocks.size());
    QCOMPARE(result->blocks, blocks.size());
    QCOMPARE(result->files, std::uint64_t{1});
    QCOMPARE(result->bytes, std::filesystem::file_size(out));
    std::size_t transactions = 0;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        QVERIFY(exported[i]["header_hash"] == blocks[i]["header_hash"]);
        QCOMPARE(exported[i]["txs"].size(), blocks[i]["txs"].size());
        for (std::size_t j = 0; j < blocks[i]["txs"].size(); ++j, ++transactions) {
            const json& row = blocks[i]["txs"][j];
            const json& told = exported[i]["txs"][j];
            QCOMPARE(told["txid"].get<std::string>(), row.value("txid", ""));
            QVERIFY(told["validation_code"] == row["validation_code"]);
            QVERIFY(told["validation_name"] == row["validation_name"]);
            // An export tells what the blocks say; it does not judge.
            QVERIFY(told.contains("recomputed_code") && told["recomputed_code"].is_null());
        }
    }
    QCOMPARE(result->transactions, transactions);
}

void ExportLedgerTest::csvHoldsEveryTransaction() {
    const QTemporaryDir folder;
    const auto out = in(folder, "ledger.csv");
    VERIFY_OK(ExportLedger().run(request(ExportFormat::Csv, out)));
    const auto rows = csvRows(*readFile(out));
    const std::vector<std::string>& names = rows.front();
    const auto cell = [&](const std::vector<std::string>& row, const std::string& name) {
        const auto column = std::find(names.begin(), names.end(), name) - names.begin();
        return row.at(static_cast<std::size_t>(column));
    };
    std::size_t at = 1;
    for (const json& block : facts()["chain"]["blocks"]) {
        for (const json& transaction : block["txs"]) {
            const auto& row = rows.at(at++);
            QCOMPARE(row.size(), names.size());
            QCOMPARE(cell(row, "block"), std::to_string(block["number"].get<int>()));
            QCOMPARE(cell(row, "index"), std::to_string(transaction["index"].get<int>()));
            QCOMPARE(cell(row, "txid"), transaction.value("txid", ""));
            QCOMPARE(cell(row, "type"), transaction.value("type_name", ""));
            QCOMPARE(cell(row, "contract"), contractOf(transaction));
            QCOMPARE(cell(row, "function"), transaction.value("function", ""));
            QCOMPARE(cell(row, "validation_name"),
                     transaction["validation_name"].get<std::string>());
            QCOMPARE(cell(row, "arguments"),
                     std::to_string(transaction.value(
                         "arg_count", transaction.value("args", json::array()).size())));
            QCOMPARE(cell(row, "event"),
                     transaction.value("event", json::object()).value("name", ""));
            const json creator = transaction.value("creator", json::object());
            if (creator.contains("subject_cn"))
                QCOMPARE(cell(row, "sent_by"), creator["subject_cn"].get<std::string>());
            std::size_t writes = 0;
            for (const json& ns : transaction.value("rwset", json::array())) {
                writes += ns.value("writes", json::array()).size();
                for (const json& collection : ns.value("collections", json::array()))
                    writes += collection.value("hashed_writes", json::array()).size();
            }
            QCOMPARE(cell(row, "writes"), std::to_string(writes));
        }
    }
    QCOMPARE(at, rows.size());
}

void ExportLedgerTest::blocksAreTheBytesOfTheNetwork() {
    const QTemporaryDir folder;
    const auto out = in(folder, "blocks");
    const auto result = ExportLedger().run(request(ExportFormat::Blocks, out));
    VERIFY_OK(result);
    std::uint64_t bytes = 0;
    for (const json& block : facts()["chain"]["blocks"]) {
        const std::string name = fmt::format("block_{}.pb", block["number"].get<int>());
        const auto written = readFile(out / name);
        VERIFY_OK(written);
        QVERIFY2(*written == vectorFile("ledger/blocks/" + name), name.c_str());
        bytes += written->size();
    }
    QCOMPARE(result->bytes, bytes);
    QCOMPARE(result->files, facts()["chain"]["blocks"].size());
    struct stat made {};
    QCOMPARE(::stat(out.c_str(), &made), 0);
    QCOMPARE(made.st_mode & 0777U, 0700U);
}

void ExportLedgerTest::partsOfALedger() {
    const QTemporaryDir folder;
    auto some = request(ExportFormat::Json, in(folder, "some.json"));
    some.first = 80;
    some.last = 90;
    std::uint64_t told = 0;
    some.progress = [&](const Progress& progress) { told = progress.bytesDone; };
    const auto result = ExportLedger().run(some);
    VERIFY_OK(result);
    QCOMPARE(result->blocks, std::uint64_t{11});
    QVERIFY(told > 0);
    const json exported = json::parse(*readFile(some.out), nullptr, false);
    QCOMPARE(exported.front()["number"].get<int>(), 80);
    QCOMPARE(exported.back()["number"].get<int>(), 90);

    auto none = request(ExportFormat::Csv, in(folder, "none.csv"));
    none.first = 278;
    const auto refused = ExportLedger().run(none);
    QCOMPARE(reasonOf(refused.status()), std::string("NO_SUCH_BLOCK"));
    QVERIFY(!std::filesystem::exists(none.out));
}

void ExportLedgerTest::filesAreMadeForTheOwnerAlone() {
    const QTemporaryDir folder;
    auto csv = request(ExportFormat::Csv, in(folder, "a.csv"));
    auto blocks = request(ExportFormat::Blocks, in(folder, "b"));
    csv.last = blocks.last = 1;
    VERIFY_OK(ExportLedger().run(csv));
    VERIFY_OK(ExportLedger().run(blocks));
    for (const auto& file : {csv.out, blocks.out / "block_0.pb", blocks.out / "block_1.pb"}) {
        struct stat made {};
        QCOMPARE(::stat(file.c_str(), &made), 0);
        QCOMPARE(made.st_mode & 0777U, 0600U);
    }
}

void ExportLedgerTest::whatIsThereStaysAsItIs_data() {
    QTest::addColumn<int>("format");
    QTest::newRow("json") << static_cast<int>(ExportFormat::Json);
    QTest::newRow("csv") << static_cast<int>(ExportFormat::Csv);
    QTest::newRow("blocks") << static_cast<int>(ExportFormat::Blocks);
}

void ExportLedgerTest::whatIsThereStaysAsItIs() {
    QFETCH(int, format);
    const QTemporaryDir folder;
    const auto refused = [&](const std::filesystem::path& out) {
        const auto result =
            ExportLedger().run(request(static_cast<ExportFormat>(format), out, "ledger/crafted"));
        return reasonOf(result.status()) == "FILE_ERROR" &&
               argumentOf(result.status(), "writing") == "yes";
    };
    // A file in the place.
    const auto file = in(folder, "file");
    VERIFY_OK(writeNewFile(file, "mine"));
    QVERIFY(refused(file));
    QCOMPARE(*readFile(file), Bytes("mine"));
    // A link to it, and one to nothing: neither is followed.
    std::filesystem::create_symlink(file, in(folder, "link"));
    std::filesystem::create_symlink(in(folder, "nothing"), in(folder, "dangling"));
    QVERIFY(refused(in(folder, "link")));
    QVERIFY(refused(in(folder, "dangling")));
    QCOMPARE(*readFile(file), Bytes("mine"));
    QVERIFY(!std::filesystem::exists(in(folder, "nothing")));
    // A folder that leads elsewhere, and one that holds a file of the name.
    if (format != static_cast<int>(ExportFormat::Blocks)) return;
    std::filesystem::create_directory(in(folder, "elsewhere"));
    std::filesystem::create_directory_symlink(in(folder, "elsewhere"), in(folder, "detour"));
    QVERIFY(refused(in(folder, "detour")));
    QVERIFY(std::filesystem::is_empty(in(folder, "elsewhere")));
    std::filesystem::create_directory(in(folder, "used"));
    std::filesystem::create_symlink(file, in(folder, "used") / "block_278.pb");
    QVERIFY(refused(in(folder, "used")));
    QCOMPARE(*readFile(file), Bytes("mine"));
}

void ExportLedgerTest::damageLeavesNothingBehind() {
    const QTemporaryDir folder;
    const Bytes whole = vectorFile(kPeerFile);
    const auto cut = in(folder, "blockfile_000000");
    VERIFY_OK(writeNewFile(cut, whole.substr(0, whole.size() / 2)));
    for (const auto format : {ExportFormat::Json, ExportFormat::Csv}) {
        auto damaged = request(format, in(folder, "out"));
        damaged.location.paths = {cut};
        const auto result = ExportLedger().run(damaged);
        QCOMPARE(reasonOf(result.status()), std::string("TORN_TAIL"));
        QVERIFY(argumentOf(result.status(), "writing").empty());
        QVERIFY(!std::filesystem::exists(damaged.out));
    }
}

void ExportLedgerTest::stoppingLeavesNothingBehind_data() {
    whatIsThereStaysAsItIs_data();
}

void ExportLedgerTest::stoppingLeavesNothingBehind() {
    QFETCH(int, format);
    const QTemporaryDir folder;
    const auto stopAfterFour = [&](const std::filesystem::path& out) {
        std::stop_source stop;
        std::uint64_t told = 0;
        auto stopped = request(static_cast<ExportFormat>(format), out);
        stopped.stop = stop.get_token();
        stopped.progress = [&](const Progress&) {
            if (++told == 4) stop.request_stop();
        };
        const auto result = ExportLedger().run(stopped);
        return result.status().code() == StatusCode::kCancelled &&
               reasonOf(result.status()) == "STOPPED" && told == 4;
    };
    QVERIFY(stopAfterFour(in(folder, "out")));
    QVERIFY(!std::filesystem::exists(in(folder, "out")));
    // A folder that was there stays, with what was in it.
    if (format != static_cast<int>(ExportFormat::Blocks)) return;
    std::filesystem::create_directory(in(folder, "used"));
    VERIFY_OK(writeNewFile(in(folder, "used") / "block_9.pb", "mine"));
    QVERIFY(stopAfterFour(in(folder, "used")));
    QCOMPARE(*readFile(in(folder, "used") / "block_9.pb"), Bytes("mine"));
    QVERIFY(!std::filesystem::exists(in(folder, "used") / "block_0.pb"));
}

CHANCERY_TEST(ExportLedgerTest)
#include "ExportLedgerTest.moc"
