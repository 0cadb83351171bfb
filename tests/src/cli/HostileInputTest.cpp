#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <filesystem>

#include "src/base/Crc32c.h"
#include "src/base/File.h"
#include "src/protocol/LedgerFile.h"
#include "tests/src/cli/Chanceryctl.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using chancery::Bytes;
using chancery::readFile;
using chancery::writeNewFile;
using chancery::test::chanceryctl;
using chancery::test::kVectors;
using chancery::test::misleads;
using chancery::test::Run;
using chancery::test::shell;
using chancery::test::vectorFile;
using chancery::test::vectorPath;
using nlohmann::json;

/// Files that are missing, damaged, of another kind or made to mislead: the program ends with the
/// exit code that its help names, says where the fault is, and writes nothing.
class HostileInputTest : public QObject {
    Q_OBJECT
private slots:
    void wrongUsage_data();
    void wrongUsage();
    void unreadable_data();
    void unreadable();
    void aFlippedByteNamesTheBlock();
    void aFlippedByteInAnAuthority();
    void aCutLedgerIsToldToItsEnd();
    void aNodesDamagedFile_data();
    void aNodesDamagedFile();
    void namesCannotSteerTheTerminal_data();
    void namesCannotSteerTheTerminal();
    void cellsAreNoFormulas_data();
    void cellsAreNoFormulas();
    void certificateNames();
    void configNames();
    void argumentsAreShownEscaped();
    void linksAreNotFollowed_data();
    void linksAreNotFollowed();
    void archivesAreNoLedgers();
};

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::filesystem::path in(const QTemporaryDir& folder, const QString& name) {
    return folder.filePath(name).toStdString();
}

void writeFile(const QTemporaryDir& folder, const QString& name, const Bytes& bytes) {
    VERIFY_OK(writeNewFile(in(folder, name), bytes));
}

/// Every occurrence of a text exchanged for one of the same length, so that all lengths around it
/// stay right.
Bytes exchanged(Bytes bytes, const std::string& from, const std::string& to) {
    if (from.size() != to.size()) qFatal("the texts differ in length");
    for (std::size_t at = bytes.find(from); at != Bytes::npos; at = bytes.find(from, at))
        bytes.replace(at, from.size(), to);
    return bytes;
}

/// Block 100 of the vectors, a call of assets.put; with another name for the contract.
constexpr const char* kBlock = "ledger/blocks/block_100.pb";

/// The commands that read a file, with @ in its place, and a good file for each.
struct Reader {
    const char* words;
    const char* good;
};
constexpr Reader kReaders[] = {
    {"ledger verify @", kBlock},
    {"ledger show @", kBlock},
    {"ledger export @ --format csv --out written", kBlock},
    {"config show @", "config/genesis_cfglab.block"},
    {"config explain @", "config/genesis_cfglab.block"},
    {"config diff @ @", "config/genesis_cfglab.block"},
    {"config compute-update --channel cfglab @ @", "config/genesis_cfglab.block"},
    {"policy explain @", "config/genesis_cfglab.block"},
    {"policy simulate @ /Channel/Admins", "config/genesis_cfglab.block"},
    {"msp check --msp-id AlphaMSP @",
     "msp/peerOrganizations/alpha.pub.test/ca/ca.alpha.pub.test-cert.pem"},
    {"cert show @", "msp/peerOrganizations/alpha.pub.test/ca/ca.alpha.pub.test-cert.pem"},
};

Bytes contentOf(const QString& kind, const Reader& reader) {
    if (kind == "random") {
        Bytes bytes;
        for (std::uint32_t i = 0, x = 1; i < 4096; ++i) {
            x = x * 1664525U + 1013904223U;
            bytes += static_cast<char>(x >> 24);
        }
        return bytes;
    }
    // A block whose header is said to be 2^63 bytes long.
    if (kind == "huge length") return Bytes("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 10);
    if (kind == "truncated") {
        const Bytes good = vectorFile(reader.good);
        return good.substr(0, good.size() / 2);
    }
    return {};
}

}  // namespace

void HostileInputTest::wrongUsage_data() {
    QTest::addColumn<QStringList>("arguments");
    const auto row = [](const char* line) {
        QTest::newRow(line) << QString(line).split(' ', Qt::SkipEmptyParts);
    };
    for (const char* line : {"ledger",
                             "ledger verify",
                             "ledger verify . --from-snapshot a --trust-anchor b",
                             "ledger verify . --threads many",
                             "ledger show",
                             "ledger show . --block -1",
                             "ledger show . --block 1 --tx 1/0",
                             "ledger show . --at 3",
                             "ledger show . --blocks 9-x",
                             "ledger show . --key nothing",
                             "ledger export .",
                             "ledger export . --format csv",
                             "ledger export . --format xml --out a",
                             "config show",
                             "config diff a",
                             "config compute-update a b",
                             "config explain",
                             "policy parse",
                             "policy explain",
                             "policy simulate",
                             "msp check .",
                             "msp check . --msp-id A --channel-level V9",
                             "cert show",
                             "completion",
                             "version --output yaml"})
        row(line);
}

void HostileInputTest::wrongUsage() {
    QFETCH(QStringList, arguments);
    const Run run = chanceryctl(arguments);
    QVERIFY2(run.exitCode == 2, run.told().c_str());
    QCOMPARE(run.out, std::string());
    QVERIFY2(has(run.err, "Error: ") || arguments.size() == 1, run.err.c_str());
}

void HostileInputTest::unreadable_data() {
    QTest::addColumn<int>("reader");
    QTest::addColumn<QString>("kind");
    for (int i = 0; i < static_cast<int>(std::size(kReaders)); ++i)
        for (const char* kind :
             {"missing", "empty", "random", "huge length", "truncated", "folder", "endless link"})
            QTest::newRow(qPrintable(QString(kReaders[i].words) + ": " + kind)) << i << kind;
}

void HostileInputTest::unreadable() {
    QFETCH(int, reader);
    QFETCH(QString, kind);
    const Reader& one = kReaders[reader];
    const QTemporaryDir folder;
    const QString path = folder.filePath("input");
    if (kind == "folder")
        std::filesystem::create_directory(path.toStdString());
    else if (kind == "endless link")
        std::filesystem::create_symlink("input", path.toStdString());
    else if (kind != "missing")
        writeFile(folder, "input", contentOf(kind, one));
    const QStringList arguments = QString(one.words).replace('@', "input").split(' ');
    const Run run = chanceryctl(arguments, folder.path());
    const bool verify = arguments[1] == "verify";
    const bool msp = arguments[0] == "msp";
    if (msp && kind == "folder") {
        // A folder is what it wants; that nothing is in it is a finding.
        QVERIFY2(run.exitCode == 1 && run.err.empty(), run.told().c_str());
        return;
    }
    QVERIFY2(run.exitCode == 3, run.told().c_str());
    // A verification that could begin tells its findings as a report.
    const std::string& told = verify && run.err.empty() ? run.out : run.err;
    QVERIFY2(has(told, "input"), run.told().c_str());
    QVERIFY2(verify || (run.out.empty() && run.err.starts_with("Error: ")), run.told().c_str());
    QVERIFY(!misleads(told));
    QVERIFY(!QFile::exists(folder.filePath("written")));
    if (kind != "random" && kind != "missing") return;
    const Run asJson = chanceryctl(arguments + QStringList{"-o", "json"}, folder.path());
    QCOMPARE(asJson.exitCode, 3);
    const json error = json::parse(asJson.err.empty() ? asJson.out : asJson.err, nullptr, false);
    QVERIFY2(!error.is_discarded(), asJson.told().c_str());
    if (!asJson.err.empty()) QVERIFY(!error["error"]["reason"].get<std::string>().empty());
}

void HostileInputTest::aFlippedByteNamesTheBlock() {
    const QTemporaryDir folder;
    for (int number = 278; number <= 285; ++number) {
        const std::string name = "block_" + std::to_string(number) + ".pb";
        Bytes bytes = vectorFile("ledger/crafted/" + name);
        if (number == 280) bytes[bytes.size() / 2] ^= 1;
        writeFile(folder, name.c_str(), bytes);
    }
    const QStringList arguments{"ledger", "verify", folder.path(), "--from-snapshot",
                                kVectors + "ledger/snapshot_277"};
    const Run run = chanceryctl(arguments);
    QVERIFY2(run.exitCode == 1 && run.err.empty(), run.told().c_str());
    QVERIFY2(has(run.out, "verified to block 279 only"), run.out.c_str());
    QVERIFY2(has(run.out, "✗ Block 280: "), run.out.c_str());
    QVERIFY2(has(run.out, "block_280.pb"), run.out.c_str());
    const Run again = chanceryctl(arguments + QStringList{"--output", "json"});
    QCOMPARE(again.exitCode, 1);
    const json report = again.json();
    QVERIFY(report["verified_to"] == 279 && report["good"] == false);
    QVERIFY(report["findings"][0]["block"] == 280);
    QVERIFY(report["findings"][0]["reason"] == "DATA_HASH_DIFFERS");
    // Told block by block, it shows that its data are not the ones of its header.
    const Run block = chanceryctl({"ledger", "show", folder.path(), "--block", "280",
                                   "--from-snapshot", kVectors + "ledger/snapshot_277"});
    QCOMPARE(block.exitCode, 0);
    QVERIFY2(has(block.out, "does not match the data"), block.out.c_str());
}

void HostileInputTest::aFlippedByteInAnAuthority() {
    const QTemporaryDir folder;
    const QString alpha = "peerOrganizations/alpha.pub.test/msp";
    const auto copy = in(folder, "msp");
    std::filesystem::copy(vectorPath("msp/" + alpha.toStdString()), copy,
                          std::filesystem::copy_options::recursive);
    const auto file = copy / "cacerts" / "ca.alpha.pub.test-cert.pem";
    Bytes pem = *readFile(file);
    char& letter = pem[pem.size() / 2];
    letter = letter == 'A' ? 'B' : 'A';
    std::filesystem::remove(file);
    VERIFY_OK(writeNewFile(file, pem));
    const Run run = chanceryctl({"msp", "check", "--msp-id", "AlphaMSP", folder.filePath("msp")});
    QVERIFY2(run.exitCode == 1 && run.err.empty(), run.told().c_str());
    QVERIFY2(has(run.out, "✗ ") && has(run.out, "Not all is well."), run.out.c_str());
}

void HostileInputTest::aNodesDamagedFile_data() {
    QTest::addColumn<int>("flipped");
    QTest::addColumn<QString>("says");
    QTest::addColumn<QString>("advises");
    QTest::newRow("beginning") << 20 << "the beginning of the file is damaged"
                               << "files of another node";
    QTest::newRow("where a block begins") << 41 << "no block begins there, although one should"
                                          << "files of another node";
    QTest::newRow("inside a block") << 500 << "the block has changed since it was written"
                                    << "files of another node";
    QTest::newRow("newer") << 8 << "has format 2, this program knows 1"
                           << "version of Chancery";
}

// A stranger reads what is wrong with it, where, and what to do.
void HostileInputTest::aNodesDamagedFile() {
    using namespace chancery::protocol;
    QFETCH(int, flipped);
    QFETCH(QString, says);
    QFETCH(QString, advises);
    const auto block = Block::parse(vectorFile(kBlock));
    VERIFY_OK(block);
    const LedgerFileHeader header{7, block->number()};
    Bytes bytes = encodeLedgerFileHeader(header) + encodeLedgerFrame(header, *block);
    auto& byte = bytes[static_cast<std::size_t>(flipped)];
    byte = static_cast<char>(byte ^ 3);  // of the version: 1 becomes 2
    if (flipped == 8) {
        const std::uint32_t check = chancery::crc32c(chancery::BytesView(bytes).substr(0, 32));
        for (std::size_t i = 0; i < 4; ++i)
            bytes[32 + i] = static_cast<char>(check >> (8 * i) & 0xFF);
    }
    const QTemporaryDir folder;
    const auto name = QString::fromStdString(ledgerFileName(block->number()));
    writeFile(folder, name, bytes);
    const Run run = chanceryctl({"ledger", "show", name}, folder.path());
    QCOMPARE(run.exitCode, 3);
    for (const QString& part : {name, says, advises})
        QVERIFY2(has(run.err, part.toStdString()), run.told().c_str());
}

void HostileInputTest::aCutLedgerIsToldToItsEnd() {
    const QTemporaryDir folder;
    writeFile(folder, "blockfile_000000",
              vectorFile("ledger/peer_blockfile_000000").substr(0, 100000));
    const QString file = folder.filePath("blockfile_000000");
    const Run story = chanceryctl({"ledger", "show", file});
    QCOMPARE(story.exitCode, 3);
    QVERIFY2(has(story.out, "16 (0 to 15)"), story.out.c_str());
    QVERIFY2(has(story.err, "at byte 95441"), story.err.c_str());
    const Run asJson = chanceryctl({"ledger", "show", file, "-o", "json"});
    QVERIFY(asJson.json()["height"] == 16 && asJson.json()["damage"].is_string());
    const Run verified = chanceryctl({"ledger", "verify", file});
    QCOMPARE(verified.exitCode, 1);
    QVERIFY2(has(verified.out, "verified to block 15 only"), verified.out.c_str());
    const Run written = chanceryctl(
        {"ledger", "export", file, "--format", "csv", "--out", folder.filePath("out.csv")});
    QVERIFY2(written.exitCode == 3 && !QFile::exists(folder.filePath("out.csv")),
             written.told().c_str());
}

void HostileInputTest::namesCannotSteerTheTerminal_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("shown");
    QTest::newRow("clear the screen") << QByteArray("\x1b[2Jab") << QByteArray("\\x1b[2Jab");
    QTest::newRow("right to left") << QByteArray("a\u202Ebc") << QByteArray("a\\u{202e}bc");
    QTest::newRow("isolate") << QByteArray("a\u2066bc") << QByteArray("a\\u{2066}bc");
    QTest::newRow("C1 control") << QByteArray(
                                       "ab\xc2\x9b"
                                       "cd")
                                << QByteArray("ab\\u{9b}cd");
    QTest::newRow("line breaks") << QByteArray("a\nb\rcd") << QByteArray("a\\nb\\x0dcd");
    QTest::newRow("back space") << QByteArray("ab\b\bcd") << QByteArray("ab\\x08\\x08cd");
}

void HostileInputTest::namesCannotSteerTheTerminal() {
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, shown);
    const QTemporaryDir folder;
    writeFile(folder, "block.pb", exchanged(vectorFile(kBlock), "assets", name.toStdString()));
    const QString file = folder.filePath("block.pb");
    for (const QStringList& question :
         {QStringList{"--block", "100"}, QStringList{"--tx", "100/0"}, QStringList{}}) {
        const QStringList arguments = QStringList{"ledger", "show", file} + question;
        const Run table = chanceryctl(arguments);
        QVERIFY2(table.exitCode == 0, table.told().c_str());
        QVERIFY2(has(table.out, shown.toStdString()), table.out.c_str());
        QVERIFY2(!misleads(table.out), table.out.c_str());
        if (question.isEmpty()) continue;
        const Run asJson = chanceryctl(arguments + QStringList{"--output", "json"});
        QVERIFY2(!misleads(asJson.out), asJson.out.c_str());
        const json told = asJson.json();
        const json& transaction = told.contains("txs") ? told["txs"][0] : told;
        QCOMPARE(transaction["chaincode"].get<std::string>(), name.toStdString());
    }
    // The file's own name, in an error and in a result.
    const QString odd = folder.filePath(QString::fromUtf8(name).remove('/') + ".pb");
    QVERIFY(QFile::rename(file, odd));
    const Run block = chanceryctl({"ledger", "show", odd, "--block", "100"});
    QVERIFY2(has(block.out, shown.toStdString()) && !misleads(block.out), block.out.c_str());
    const Run refused = chanceryctl({"config", "show", odd});
    QVERIFY2(refused.exitCode == 3 && !misleads(refused.err), refused.told().c_str());
}

void HostileInputTest::cellsAreNoFormulas_data() {
    QTest::addColumn<QByteArray>("name");
    for (const char* name : {"=cmd|1", "+cmd|1", "-cmd|1", "@SUM(1", "\tcmd|1", "\rcmd|1"})
        QTest::newRow(QByteArray(name).toPercentEncoding().constData()) << QByteArray(name);
}

void HostileInputTest::cellsAreNoFormulas() {
    QFETCH(QByteArray, name);
    const QTemporaryDir folder;
    writeFile(folder, "block.pb", exchanged(vectorFile(kBlock), "assets", name.toStdString()));
    const QString out = folder.filePath("out.csv");
    const Run run = chanceryctl(
        {"ledger", "export", folder.filePath("block.pb"), "--format", "csv", "--out", out});
    QVERIFY2(run.exitCode == 0 && run.err.empty(), run.told().c_str());
    const QByteArray csv = QByteArray::fromStdString(*readFile(out.toStdString()));
    const QList<QByteArray> lines = csv.split('\n');
    QCOMPARE(lines.size(), 3);  // head, one transaction, nothing
    const QByteArray rest = name.mid(1);
    const qsizetype at = lines[1].indexOf(rest);
    QVERIFY2(at > 0, csv.constData());
    const qsizetype cell = lines[1].lastIndexOf(",\"'", at);
    QVERIFY2(cell >= 0 && !lines[1].mid(cell + 3, at - cell - 3).contains(','), csv.constData());
    QVERIFY(QFile::permissions(out) ==
            (QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser));
}

void HostileInputTest::certificateNames() {
    const QByteArray pem = QByteArray::fromStdString(
        vectorFile("msp/peerOrganizations/alpha.pub.test/users/User1@alpha.pub.test/msp/signcerts/"
                   "User1@alpha.pub.test-cert.pem"));
    const qsizetype begin = pem.indexOf("-----\n") + 6;
    const Bytes der =
        QByteArray::fromBase64(pem.mid(begin, pem.indexOf("-----END") - begin)).toStdString();
    const QTemporaryDir folder;
    writeFile(folder, "cert.der",
              exchanged(der, "User1@alpha.pub.test", "\x1b[31mUse\u202E.pub.test"));
    const Run table = chanceryctl({"cert", "show", folder.filePath("cert.der")});
    QVERIFY2(table.exitCode == 0, table.told().c_str());
    QVERIFY2(has(table.out, "\\x1b[31mUse\\u{202e}.pub") && !misleads(table.out),
             table.out.c_str());
    const Run asJson = chanceryctl({"cert", "show", folder.filePath("cert.der"), "-o", "json"});
    QVERIFY(!misleads(asJson.out));
    QVERIFY(asJson.json()[0]["common_name"] == "\x1b[31mUse\u202E.pub.test");
}

void HostileInputTest::configNames() {
    const QTemporaryDir folder;
    writeFile(folder, "config.block",
              exchanged(vectorFile("config/last_config_tradechannel.block"), "127.0.0.1",
                        "\x1b[2J\u202E.1"));
    for (const char* words : {"config show", "config explain", "policy explain"}) {
        for (const char* form : {"table", "json"}) {
            const Run run = chanceryctl(QString(words).split(' ') +
                                        QStringList{folder.filePath("config.block"), "-o", form});
            QVERIFY2(run.exitCode == 0, run.told().c_str());
            QVERIFY2(!misleads(run.out) && !misleads(run.err), words);
            // Sentences are written for people, in any form.
            const std::string shown = *form == 't'                      ? "\\x1b[2J\\u{202e}.1"
                                      : QString(words).contains("show") ? "\\u001b[2J\\u202e.1"
                                                                        : "\\\\x1b[2J\\\\u{202e}.1";
            if (QString(words).startsWith("config")) QVERIFY2(has(run.out, shown), run.out.c_str());
        }
    }
}

void HostileInputTest::argumentsAreShownEscaped() {
    const QString hostile = QString::fromUtf8("\x1b[31m\u202E");
    for (const QStringList& arguments :
         {QStringList{"policy", "parse", "OR('" + hostile + ".member')"},
          QStringList{"policy", "parse", hostile}, QStringList{"ledger", "show", hostile},
          QStringList{"policy", "simulate", "OR('A.peer')", "--down", hostile},
          QStringList{"msp", "check", "--msp-id", hostile, kVectors + "msp"},
          QStringList{"ledger", "show", kVectors + kBlock, "--key", "assets/" + hostile}}) {
        for (const char* form : {"table", "json"}) {
            const Run run = chanceryctl(arguments + QStringList{"-o", form});
            QVERIFY2(run.exitCode >= 0 && run.exitCode < 4, run.told().c_str());
            QVERIFY2(!misleads(run.out) && !misleads(run.err), run.told().c_str());
        }
    }
}

void HostileInputTest::linksAreNotFollowed_data() {
    QTest::addColumn<QString>("words");
    const QString block = "tests/" + QString("data/vectors/") + kBlock;
    const QString config = kVectors + "config/genesis_cfglab.block";
    for (const char* format : {"json", "csv", "blocks"})
        QTest::newRow(format) << "ledger export " + block + " --format " + format;
    for (const char* name : {"compute-update", "compute-update as JSON"})
        QTest::newRow(name) << "config compute-update --channel cfglab " + config + " " + kVectors +
                                   "config/cfglab/01_batch_size/modified.pb";
}

void HostileInputTest::linksAreNotFollowed() {
    QFETCH(QString, words);
    const QTemporaryDir folder;
    const QString end = QTest::currentDataTag() == QString("compute-update as JSON") ? ".json" : "";
    writeFile(folder, "mine", "mine");
    std::filesystem::create_symlink("mine", in(folder, "link" + end));
    std::filesystem::create_symlink("nothing", in(folder, "dangling" + end));
    writeFile(folder, "there" + end, "there");
    for (const QString& target :
         {"link" + end, "dangling" + end, "there" + end, QString("no/such")}) {
        const Run run =
            chanceryctl(words.split(' ') + QStringList{"--out", folder.filePath(target)});
        QVERIFY2(run.exitCode == 5, (target.toStdString() + run.told()).c_str());
        QVERIFY2(run.out.empty() && run.err.starts_with("Error: "), run.told().c_str());
    }
    QCOMPARE(*readFile(in(folder, "mine")), Bytes("mine"));
    QCOMPARE(*readFile(in(folder, "there" + end)), Bytes("there"));
    QVERIFY(!QFile::exists(folder.filePath("nothing")));
}

void HostileInputTest::archivesAreNoLedgers() {
    // No command unpacks an archive; one whose entries lead out of the folder is refused like any
    // other file that is no ledger, and nothing of it is written.
    const QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkdir("inner"));
    const Run made = shell("echo x > evil && cd inner && tar -P -czf ../a.gz ../evil && rm ../evil",
                           folder.path());
    QVERIFY2(made.exitCode == 0, made.told().c_str());
    for (const char* words : {"ledger show", "ledger verify", "config show", "cert show"}) {
        const Run run = chanceryctl(QString(words).split(' ') + QStringList{"../a.gz"},
                                    folder.filePath("inner"));
        QVERIFY2(run.exitCode == 3, run.told().c_str());
    }
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList{"a.gz"});
    QVERIFY(QDir(folder.filePath("inner")).isEmpty());
}

CHANCERY_TEST(HostileInputTest)
#include "HostileInputTest.moc"
