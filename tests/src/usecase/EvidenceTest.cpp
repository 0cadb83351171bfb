#include <QTemporaryDir>

#include <QRegularExpression>
#include <QSet>
#include <filesystem>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/Digest.h"
#include "src/protocol/Block.h"
#include "src/protocol/BlockBuilder.h"
#include "src/usecase/EvidenceHtml.h"
#include "src/usecase/EvidenceJson.h"
#include "src/usecase/EvidencePack.h"
#include "src/usecase/EvidenceWords.h"
#include "src/usecase/ExportEvidence.h"
#include "src/usecase/VerifyEvidence.h"
#include "tests/bench/ledger/GenerateLedger.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::usecase;
using namespace std::string_literals;
namespace fs = std::filesystem;

class EvidenceTest : public QObject {
    Q_OBJECT
private slots:
    void everyTransactionOfTheVectors();
    void oneTransaction();
    void everyFlipIsNoticed();
    void forgedClaimsAreNoticed();
    void strangeFiles();
    void filesAreForTheOwnerAlone();
    void nothingIsLeftOfAFailure();
    void refusals_data();
    void refusals();
    void extraFiles();
    void aGeneratedLedger();
    void blocksOfBftOrderers();
    void reportIsHarmless();
    void chineseReport();

private:
    fs::path path(const std::string& name) const {
        return fs::path(m_folder.path().toStdString()) / name;
    }
    ExportEvidenceRequest request(const std::string& name) const {
        return {.location = {{test::vectorPath("ledger/peer_blockfile_000000")}, {}},
                .folder = path(name),
                .toolVersion = "test 1",
                .now = absl::FromUnixSeconds(1'800'000'000)};
    }
    QTemporaryDir m_folder;
};

namespace {

std::vector<std::string> filesOf(const fs::path& folder) {
    std::vector<std::string> names;
    const auto listing = listEvidence(folder);
    if (!listing.ok()) throw std::runtime_error(std::string(messageOf(listing.status())));
    for (const auto& [name, size] : listing->files) names.push_back(name);
    return names;
}

void write(const fs::path& path, BytesView bytes) {
    fs::remove(path);
    if (const Status status = writeNewFile(path, bytes); !status.ok())
        throw std::runtime_error(std::string(messageOf(status)));
}

bool names(const EvidenceReport& report, const std::string& file) {
    for (const auto& finding : report.findings)
        if (finding.sentence.find(file) != std::string::npos || finding.file == file) return true;
    return false;
}

std::string reasons(const EvidenceReport& report) {
    std::string text;
    for (const auto& finding : report.findings)
        text += finding.reason + " " + finding.file + ": " + finding.sentence + "\n";
    return text;
}

/// Rewrites the pack's sums, as a forger would.
void sumAgain(const fs::path& folder) {
    std::map<std::string, Bytes> sums;
    Json document = Json::parse(*readFile(folder / "evidence.json"));
    for (const std::string& name : filesOf(folder))
        if (name != kEvidenceSums && name != kEvidenceFile)
            document["files"][name] = toHex(sums[name] = crypto::sha256(*readFile(folder / name)));
    const std::string text = evidenceText(document);
    write(folder / "evidence.json", text);
    sums["evidence.json"] = crypto::sha256(text);
    write(folder / "SHA256SUMS", sumsText(sums));
}

}  // namespace

// The whole golden ledger: all kinds of transactions, valid and refused, key policies, private
// data, configurations.
void EvidenceTest::everyTransactionOfTheVectors() {
    auto asked = request("whole");
    asked.blocks = {0, 277};
    const auto made = ExportEvidence().run(asked);
    VERIFY_OK(made);
    QCOMPARE(made->transactions, std::size_t{411});
    QVERIFY2(made->differences.empty(),
             made->differences.empty() ? "" : made->differences.front().c_str());
    const auto report = VerifyEvidence().run(asked.folder);
    VERIFY_OK(report);
    QVERIFY2(report->good(), reasons(*report).c_str());
    QCOMPARE(report->transactions.size(), std::size_t{411});
    QCOMPARE(report->configBlocks, std::uint64_t{7});
}

void EvidenceTest::oneTransaction() {
    auto asked = request("one");
    asked.transactions = {WrittenAt{200, 0}};
    const auto made = ExportEvidence().run(asked);
    VERIFY_OK(made);
    QCOMPARE(made->transactions, std::size_t{1});
    // Genesis, the configurations up to there, the definition, the block itself.
    QVERIFY(made->blocks >= 6 && made->blocks <= 12);
    const auto report = VerifyEvidence().run(asked.folder);
    VERIFY_OK(report);
    QVERIFY2(report->good(), reasons(*report).c_str());
    QCOMPARE(report->channel, "tradechannel"s);
    QVERIFY(report->transactions[0].creatorGood);
    QVERIFY(!report->notProved.empty());
    QCOMPARE(report->files, std::uint64_t{made->files.size()});

    // By id it is the same one.
    auto byId = request("byId");
    byId.transactions = {TxId(report->transactions[0].summary.txId)};
    VERIFY_OK(ExportEvidence().run(byId));
    QCOMPARE(*readFile(byId.folder / "SHA256SUMS"), *readFile(asked.folder / "SHA256SUMS"));
}

void EvidenceTest::everyFlipIsNoticed() {
    auto asked = request("flips");
    asked.transactions = {WrittenAt{40, 0}};
    asked.extraFiles = [](const std::string&) -> Result<std::vector<EvidenceExtraFile>> {
        return std::vector<EvidenceExtraFile>{{"report.pdf", "%PDF-1.4 not really"}};
    };
    VERIFY_OK(ExportEvidence().run(asked));
    const auto all = filesOf(asked.folder);
    QVERIFY(all.size() > 10);
    for (const std::string& name : all) {
        const Bytes good = *readFile(asked.folder / name);
        for (const std::size_t at : {std::size_t{0}, good.size() / 3, good.size() - 1}) {
            Bytes bad = good;
            bad[at] = static_cast<char>(bad[at] ^ 0x04);
            write(asked.folder / name, bad);
            const auto report = VerifyEvidence().run(asked.folder);
            VERIFY_OK(report);
            QVERIFY2(!report->good(), (name + " at " + std::to_string(at)).c_str());
            QVERIFY2(names(*report, name), (name + "\n" + reasons(*report)).c_str());
        }
        write(asked.folder / name, good.substr(0, good.size() - 1));
        QVERIFY(names(*VerifyEvidence().run(asked.folder), name));
        fs::remove(asked.folder / name);
        const auto without = VerifyEvidence().run(asked.folder);
        QVERIFY(without.ok() ? names(*without, name) : name == kEvidenceFile);
        write(asked.folder / name, good);
    }
    const auto report = VerifyEvidence().run(asked.folder);
    QVERIFY2(report->good(), reasons(*report).c_str());
}

// With all sums made again, the blocks themselves contradict.
void EvidenceTest::forgedClaimsAreNoticed() {
    auto asked = request("forged");
    asked.transactions = {WrittenAt{40, 0}};
    VERIFY_OK(ExportEvidence().run(asked));
    const auto refused = [&](const std::string& file, const std::string& reason) {
        sumAgain(asked.folder);
        const auto report = VerifyEvidence().run(asked.folder);
        return report.ok() && !report->good() && names(*report, file) &&
               reasons(*report).find(reason) != std::string::npos;
    };
    const Bytes document = *readFile(asked.folder / "evidence.json");
    auto forged = Json::parse(document);
    forged["claims"]["transactions"][0]["function"] = "somethingElse";
    write(asked.folder / "evidence.json", forged.dump());
    QVERIFY(refused("evidence.json", "/claims/transactions/0/function"));
    write(asked.folder / "evidence.json", document);

    const Bytes certificate = *readFile(asked.folder / "certificates/cert-01.pem");
    write(asked.folder / "certificates/cert-01.pem",
          *readFile(asked.folder / "certificates/cert-02.pem"));
    QVERIFY(refused("certificates/cert-01.pem", "FILE_DIFFERS"));
    write(asked.folder / "certificates/cert-01.pem", certificate);

    const Bytes genesis = *readFile(asked.folder / "blocks/block_0.pb");
    fs::remove(asked.folder / "blocks/block_0.pb");
    auto without = Json::parse(document);
    without["files"].erase("blocks/block_0.pb");
    write(asked.folder / "evidence.json", without.dump());
    QVERIFY(refused("evidence.json", "NO_GENESIS"));
    write(asked.folder / "blocks/block_0.pb", genesis);
    write(asked.folder / "evidence.json", document);

    // A verdict is not signed by orderers, but it must fit the signatures: the code of a good
    // transaction cannot become "bad signature".
    Bytes block = *readFile(asked.folder / "blocks/block_40.pb");
    auto parsed = protocol::Block::parse(block);
    VERIFY_OK(parsed);
    const auto code = protocol::ValidationCode::BadCreatorSignature;
    std::vector<protocol::ValidationCode> codes(parsed->transactionCount(), code);
    write(asked.folder / "blocks/block_40.pb",
          protocol::withValidationCodes(*parsed, codes).serialize());
    QVERIFY(refused("blocks/block_40.pb", "VERDICT_DIFFERS"));
}

void EvidenceTest::strangeFiles() {
    auto asked = request("strange");
    asked.transactions = {WrittenAt{40, 0}};
    VERIFY_OK(ExportEvidence().run(asked));
    for (const char* name : {"more.txt", "blocks/more.txt", "na me", "\x1b[31m"}) {
        write(asked.folder / name, "x");
        const auto report = VerifyEvidence().run(asked.folder);
        QVERIFY(!report->good());
        QVERIFY(reasons(*report).find('\x1b') == std::string::npos);
        fs::remove(asked.folder / name);
    }
    fs::create_symlink("/etc/passwd", asked.folder / "link.pem");
    QVERIFY(names(*VerifyEvidence().run(asked.folder), "link.pem"));
    fs::remove(asked.folder / "link.pem");
    fs::create_directory(asked.folder / "folder");
    QVERIFY(names(*VerifyEvidence().run(asked.folder), "folder"));
    fs::remove(asked.folder / "folder");
    QVERIFY(VerifyEvidence().run(asked.folder)->good());
    // A name in the manifest that leads out of the pack is no file of it.
    auto forged = Json::parse(*readFile(asked.folder / "evidence.json"));
    forged["files"]["../../etc/passwd"] = std::string(64, '0');
    write(asked.folder / "evidence.json", forged.dump());
    QVERIFY(names(*VerifyEvidence().run(asked.folder), "../../etc/passwd"));
    // Anything instead of the document.
    for (const std::string& text : {"[]"s, "null"s, "{\"format\":7}"s, "{"s, std::string(99, '['),
                                    "{\"format\":\"chancery-evidence-1\",\"claims\":{"
                                    "\"transactions\":[3,{\"block\":-1,\"index\":2.5}]}}"s}) {
        write(asked.folder / "evidence.json", text);
        const auto report = VerifyEvidence().run(asked.folder);
        VERIFY_OK(report);
        QVERIFY(!report->good());
    }
    QCOMPARE(reasonOf(VerifyEvidence().run(path("nowhere")).status()), "NO_EVIDENCE"s);
    QVERIFY(!isEvidenceFolder(path("nowhere")));
}

void EvidenceTest::filesAreForTheOwnerAlone() {
    auto asked = request("modes");
    asked.transactions = {WrittenAt{40, 0}};
    VERIFY_OK(ExportEvidence().run(asked));
    QCOMPARE(fs::status(asked.folder).permissions(), fs::perms::owner_all);
    for (const auto& entry : fs::recursive_directory_iterator(asked.folder))
        QCOMPARE(entry.status().permissions(),
                 entry.is_directory() ? fs::perms::owner_all
                                      : fs::perms::owner_read | fs::perms::owner_write);
}

void EvidenceTest::nothingIsLeftOfAFailure() {
    auto asked = request("failure");
    asked.transactions = {WrittenAt{40, 0}};
    asked.extraFiles = [](const std::string&) -> Result<std::vector<EvidenceExtraFile>> {
        return makeError(StatusCode::kInternal, "NO_PRINTER", "no");
    };
    QCOMPARE(reasonOf(ExportEvidence().run(asked).status()), "NO_PRINTER"s);
    QVERIFY(!fs::exists(asked.folder));
    // What is there is not touched, also not behind a link.
    fs::create_directory(path("there"));
    fs::create_directory_symlink(path("there"), path("link"));
    asked.extraFiles = nullptr;
    for (const char* name : {"there", "link"}) {
        asked.folder = path(name);
        QCOMPARE(reasonOf(ExportEvidence().run(asked).status()), "FILE_ERROR"s);
        QVERIFY(fs::exists(path("there")) && fs::is_empty(path("there")));
    }
    std::stop_source stop;
    stop.request_stop();
    asked.folder = path("stopped");
    asked.stop = stop.get_token();
    QCOMPARE(ExportEvidence().run(asked).status().code(), StatusCode::kCancelled);
    QVERIFY(!fs::exists(asked.folder));
}

void EvidenceTest::refusals_data() {
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("reason");
    QTest::newRow("nothing") << ""
                             << "NOTHING_ASKED";
    QTest::newRow("no such index") << "40/9"
                                   << "NO_SUCH_TRANSACTION";
    QTest::newRow("no such block") << "400/0"
                                   << "NO_SUCH_BLOCK";
    QTest::newRow("no such id") << "ff"
                                << "NO_SUCH_TRANSACTION";
    QTest::newRow("range behind the end") << "270-300"
                                          << "NO_SUCH_BLOCK";
    QTest::newRow("empty range") << "9-8"
                                 << "NOTHING_ASKED";
}

void EvidenceTest::refusals() {
    QFETCH(const QString, what);
    auto asked = request("refused");
    if (const auto parts = what.split('/'); parts.size() == 2)
        asked.transactions = {WrittenAt{parts[0].toULongLong(), parts[1].toULongLong()}};
    else if (const auto range = what.split('-'); range.size() == 2)
        asked.blocks = {range[0].toULongLong(), range[1].toULongLong()};
    else if (!what.isEmpty())
        asked.transactions = {TxId(what.toStdString())};
    const auto made = ExportEvidence().run(asked);
    QVERIFY(!made.ok());
    QTEST(QString::fromStdString(reasonOf(made.status())), "reason");
    QVERIFY(!fs::exists(asked.folder));
}

void EvidenceTest::extraFiles() {
    for (const char* name : {"../report.pdf", "blocks/x", "", ".hidden", "evidence.json", "a b",
                             "SHA256SUMS", "-rf"}) {
        auto asked = request("extra");
        asked.transactions = {WrittenAt{40, 0}};
        asked.extraFiles = [&](const std::string&) -> Result<std::vector<EvidenceExtraFile>> {
            return std::vector<EvidenceExtraFile>{{name, "x"}};
        };
        QCOMPARE(reasonOf(ExportEvidence().run(asked).status()), "BAD_FILE_NAME"s);
        QVERIFY(!fs::exists(asked.folder));
    }
}

void EvidenceTest::aGeneratedLedger() {
    VERIFY_OK(bench::generateLedger({.folder = path("ledger"),
                                     .blocks = 30,
                                     .transactions = 400,
                                     .organisations = 3,
                                     .accounts = 40,
                                     .threads = 2}));
    auto asked = request("generated");
    asked.location.paths = {path("ledger")};
    asked.blocks = {25, 27};
    const auto made = ExportEvidence().run(asked);
    VERIFY_OK(made);
    QVERIFY(made->differences.empty());
    // Genesis, a configuration, both definitions, three blocks.
    QCOMPARE(made->blocks, std::size_t{7});
    const auto report = VerifyEvidence().run(asked.folder);
    VERIFY_OK(report);
    QVERIFY2(report->good(), reasons(*report).c_str());
    QCOMPARE(report->configBlocks, std::uint64_t{2});
}

// Several orderers sign each block, named by number; no peer has judged anything.
void EvidenceTest::blocksOfBftOrderers() {
    auto asked = request("bft");
    asked.location.paths = {test::vectorPath("bft/blocks")};
    asked.blocks = {0, 5};
    const auto made = ExportEvidence().run(asked);
    VERIFY_OK(made);
    QVERIFY(made->differences.empty());
    const auto report = VerifyEvidence().run(asked.folder);
    VERIFY_OK(report);
    QVERIFY2(report->good(), reasons(*report).c_str());
    QCOMPARE(report->ordererSignatures, std::uint64_t{15});
    QVERIFY(std::any_of(report->notProved.begin(), report->notProved.end(), [](const auto& one) {
        return one.find("no verdict of a peer") != std::string::npos;
    }));
}

void EvidenceTest::reportIsHarmless() {
    QCOMPARE(htmlText("<script>'\"&"), "&lt;script&gt;&#39;&quot;&amp;"s);
    QCOMPARE(htmlText("a\u202e\x1b\n\xff"), "a\\u{202e}\\x1b\\n\\xff"s);
    auto asked = request("html");
    asked.blocks = {0, 277};
    VERIFY_OK(ExportEvidence().run(asked));
    const Bytes html = *readFile(asked.folder / "report.html");
    QVERIFY(isUtf8(html));
    for (const char* bad : {"<script", "<img", "href=", "src=", "\x1b", "\u202e"})
        QVERIFY2(html.find(bad) == std::string::npos, bad);
    // Each tag is one that the report writes itself.
    static const QRegularExpression tag("<(/?[A-Za-z!][A-Za-z0-9]*)");
    const QSet<QString> known = {
        "!DOCTYPE", "html", "head", "meta", "title", "style", "body", "h1",   "h2",  "h3",  "table",
        "tr",       "th",   "td",   "p",    "ul",    "li",    "span", "code", "pre", "div", "br"};
    auto matches = tag.globalMatch(QString::fromStdString(html));
    while (matches.hasNext()) {
        const QString name = matches.next().captured(1);
        QVERIFY2(known.contains(name.startsWith('/') ? name.mid(1) : name), qPrintable(name));
    }
    const Bytes document = *readFile(asked.folder / "evidence.json");
    for (const char c : document) QVERIFY(c == '\n' || (c >= ' ' && c < 0x7f));
}

void EvidenceTest::chineseReport() {
    auto asked = request("zh");
    asked.transactions = {WrittenAt{40, 0}};
    asked.language = EvidenceLanguage::Chinese;
    const auto made = ExportEvidence().run(asked);
    VERIFY_OK(made);
    const Bytes html = *readFile(asked.folder / "report.html");
    QVERIFY(html.find("账本证据") != std::string::npos);
    // Sentences without fixed words are said by whoever asked; the claims stay as they are.
    auto said = request("said");
    said.transactions = {WrittenAt{87, 1}};
    said.language = EvidenceLanguage::Chinese;
    said.say = [](const chancery::Sentence& sentence) { return "<" + sentence.id + ">"; };
    VERIFY_OK(ExportEvidence().run(said));
    const Bytes report = *readFile(said.folder / "report.html");
    for (const char* id : {"&lt;KEY_CHANGED_IN_BLOCK&gt;", "&lt;OF_CONTRACT&gt;",
                           "&lt;SATISFIED_BY&gt;", "&lt;TOO_LATE_SAY_PEERS&gt;"})
        QVERIFY2(report.find(id) != std::string::npos, id);
    QVERIFY(VerifyEvidence().run(said.folder)->good());
    for (const auto& list : {made->proved, made->notProved})
        for (const std::string& sentence : list) {
            QVERIFY2(hasChinese(sentence), sentence.c_str());
            QVERIFY(html.find(htmlText(sentence)) == std::string::npos);
        }
    QCOMPARE(VerifyEvidence().run(asked.folder)->language, "zh"s);
}

CHANCERY_TEST(EvidenceTest)
#include "EvidenceTest.moc"
