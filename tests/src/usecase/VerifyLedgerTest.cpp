#include "src/usecase/VerifyLedger.h"

#include <QTemporaryDir>
#include <filesystem>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::usecase;
using chancery::test::bftFacts;
using chancery::test::facts;
using chancery::test::vectorFile;
using chancery::test::vectorPath;
using nlohmann::json;
using Severity = LedgerFinding::Severity;

class VerifyLedgerTest : public QObject {
    Q_OBJECT
private slots:
    void theWholeChain_data();
    void theWholeChain();
    void blocksThatFollow_data();
    void blocksThatFollow();
    void aSnapshotAlone();
    void smartBft();
    void everyBlockOfThePeersVerifier();
    void everyBlockThatStopsAPeer();
    void aFlippedByteIsFoundWhereItIs();
    void everyByteIsCounted_data();
    void everyByteIsCounted();
    void stopsWhenTold();
    void whatCannotBeRead();
};

namespace {

VerificationReport reportOf(VerifyLedgerRequest request) {
    const auto report = VerifyLedger().run(request);
    return report.ok() ? *report : VerificationReport{.stopped = true};
}

/// The reasons of the errors.
std::string errorsOf(const VerificationReport& report) {
    std::string reasons;
    for (const LedgerFinding& finding : report.findings)
        if (finding.severity == Severity::Error) reasons += finding.reason + " ";
    return reasons;
}

std::uint64_t signaturesIn(const json& blocks) {
    std::uint64_t count = 0;
    for (const json& block : blocks) count += block.value("orderer_signatures", json()).size();
    return count;
}

}  // namespace

void VerifyLedgerTest::theWholeChain_data() {
    QTest::addColumn<QString>("ledger");
    QTest::addColumn<int>("threads");
    QTest::addColumn<bool>("recorded");
    QTest::newRow("single blocks, all cores") << "ledger/blocks" << 0 << true;
    QTest::newRow("a peer's file, one core") << "ledger/peer_blockfile_000000" << 1 << true;
    QTest::newRow("an orderer's file") << "ledger/orderer_blockfile_000000.gz" << 2 << false;
}

void VerifyLedgerTest::theWholeChain() {
    QFETCH(QString, ledger);
    QFETCH(int, threads);
    QFETCH(bool, recorded);
    std::uint64_t blocksTold = 0;
    const VerificationReport report =
        reportOf({.paths = {vectorPath(ledger.toStdString())},
                  .threads = static_cast<std::size_t>(threads),
                  .progress = [&](const Progress& at) { blocksTold = at.blocks; }});
    QVERIFY2(report.good(), errorsOf(report).c_str());
    const json& chain = facts()["chain"];
    QCOMPARE(report.channel, chain["channel"].get<std::string>());
    QCOMPARE(report.blocks, chain["chain_info"]["height"].get<std::uint64_t>());
    QCOMPARE(blocksTold, report.blocks);
    QCOMPARE(*report.firstBlock, BlockNumber{0});
    QCOMPARE(*report.verifiedTo, report.blocks - 1);
    QCOMPARE(toHex(report.lastBlockHash),
             chain["chain_info"]["current_block_hash"].get<std::string>());
    QCOMPARE(*report.configBlock, chain["last_config_block"].get<BlockNumber>());
    QCOMPARE(report.configSequence, chain["last_config_sequence"].get<std::uint64_t>());
    QCOMPARE(report.configBlocks, chain["type_counts"]["CONFIG"].get<std::uint64_t>());
    QCOMPARE(report.ordererSignatures, signaturesIn(chain["blocks"]));
    QCOMPARE(report.recordedCodes, recorded);
    // Recorded or found out, the verdicts are those of the peers.
    std::map<std::string, std::uint64_t> codes;
    for (const auto& [number, row] : report.codes) codes[row.first] = row.second;
    QCOMPARE(json(codes).dump(), chain["code_counts"].dump());
    if (recorded)
        QCOMPARE(
            toHex(report.lastCommitHash),
            chain["snapshot"]["additional_metadata"]["last_block_commit_hash"].get<std::string>());
}

void VerifyLedgerTest::blocksThatFollow_data() {
    QTest::addColumn<QString>("snapshot");
    QTest::addColumn<QString>("anchor");
    QTest::addColumn<bool>("signatures");
    QTest::addColumn<bool>("codes");
    QTest::newRow("a snapshot") << "ledger/snapshot_277"
                                << "" << true << true;
    QTest::newRow("a trusted config block")
        << ""
        << "config/last_config_tradechannel.block" << true << false;
    QTest::newRow("nothing") << ""
                             << "" << false << false;
}

void VerifyLedgerTest::blocksThatFollow() {
    QFETCH(QString, snapshot);
    QFETCH(QString, anchor);
    QFETCH(bool, signatures);
    QFETCH(bool, codes);
    VerifyLedgerRequest request{.paths = {vectorPath("ledger/crafted")}};
    if (!snapshot.isEmpty()) request.snapshot = vectorPath(snapshot.toStdString());
    if (!anchor.isEmpty()) request.anchor = vectorPath(anchor.toStdString());
    const VerificationReport report = reportOf(request);
    QVERIFY2(report.good(), errorsOf(report).c_str());
    const json& blocks = facts()["crafted_blocks"]["blocks"];
    QCOMPARE(report.blocks, blocks.size());
    QCOMPARE(*report.lastBlock, blocks.back()["number"].get<BlockNumber>());
    QCOMPARE(toHex(report.lastBlockHash), blocks.back()["header_hash"].get<std::string>());
    QCOMPARE(report.signaturesFrom.has_value(), signatures);
    QCOMPARE(report.codesFrom.has_value(), codes);
    QCOMPARE(report.snapshot.has_value(), !snapshot.isEmpty());
}

void VerifyLedgerTest::aSnapshotAlone() {
    const VerificationReport report = reportOf({.paths = {vectorPath("ledger/snapshot_277")}});
    QVERIFY(report.good() && report.snapshot);
    const json& signable = facts()["chain"]["snapshot"]["signable_metadata"];
    const SnapshotSummary& snapshot = *report.snapshot;
    QCOMPARE(snapshot.channel, signable["channel_name"].get<std::string>());
    QCOMPARE(snapshot.lastBlock, signable["last_block_number"].get<BlockNumber>());
    QCOMPARE(toHex(snapshot.lastBlockHash), signable["last_block_hash"].get<std::string>());
    QCOMPARE(snapshot.database, signable["state_db_type"].get<std::string>());
    QCOMPARE(snapshot.files.size(), signable["snapshot_files_raw_hashes"].size());
    QCOMPARE(snapshot.publicKeys, facts()["chain"]["public_state"].size());
    QCOMPARE(snapshot.privateHashes, facts()["chain"]["private_hashed_state"].size());
    QCOMPARE(snapshot.configSequence,
             facts()["chain"]["last_config_sequence"].get<std::uint64_t>());

    // One changed byte of one of its files.
    const QTemporaryDir folder;
    const std::filesystem::path copy = folder.filePath("snapshot").toStdString();
    std::filesystem::copy(vectorPath("ledger/snapshot_277"), copy);
    Bytes state = vectorFile("ledger/snapshot_277/public_state.data");
    state[state.size() / 2] ^= 1;
    std::filesystem::remove(copy / "public_state.data");
    VERIFY_OK(writeNewFile(copy / "public_state.data", state));
    const auto damaged = VerifyLedger().run({.paths = {copy}});
    QCOMPARE(reasonOf(damaged.status()), std::string("HASH_MISMATCH"));
    QVERIFY(messageOf(damaged.status()).find("public_state.data") != std::string_view::npos);
}

void VerifyLedgerTest::smartBft() {
    const VerificationReport report = reportOf({.paths = {vectorPath("bft/blocks")}});
    QVERIFY2(report.good(), errorsOf(report).c_str());
    QCOMPARE(report.channel, bftFacts()["channel"].get<std::string>());
    QCOMPARE(report.blocks, bftFacts()["blocks"].size());
    QCOMPARE(toHex(report.lastBlockHash),
             bftFacts()["blocks"].back()["header_hash"].get<std::string>());
}

void VerifyLedgerTest::everyBlockOfThePeersVerifier() {
    const json& rows = facts()["block_verification"]["cases"];
    for (const json& row : rows) {
        const std::string file = row["file"];
        const VerificationReport report =
            reportOf({.paths = {vectorPath("ledger/blockcheck/" + file)},
                      .snapshot = vectorPath("ledger/snapshot_277"),
                      .threads = 1});
        // The peer's verifier looks neither at the chain nor into the transactions, and it asks
        // for one good signature; what it refuses must be refused here, too.
        if (!row["ok"].get<bool>()) {
            QVERIFY2(!report.good(), file.c_str());
            QVERIFY2(!errorsOf(report).empty(), file.c_str());
        } else if (file == "previous_hash_wrong_signed.pb") {
            QVERIFY2(errorsOf(report).find("PREVIOUS_HASH_DIFFERS") != std::string::npos,
                     errorsOf(report).c_str());
        } else {
            for (const LedgerFinding& finding : report.findings)
                QVERIFY2(finding.reason.find("SIGNATURE") == std::string::npos &&
                             finding.reason.find("HASH_DIFFERS") == std::string::npos,
                         (file + ": " + finding.reason).c_str());
        }
    }
    QCOMPARE(rows.size(), std::size_t{23});
}

void VerifyLedgerTest::everyBlockThatStopsAPeer() {
    for (const json& row : facts()["blocks_that_stop_a_peer"]) {
        const std::string file = row["file"];
        const VerificationReport report = reportOf(
            {.paths = {vectorPath("ledger/crafted"), vectorPath("ledger/peer_stops/" + file)},
             .snapshot = vectorPath("ledger/snapshot_277")});
        QVERIFY2(!report.good(), file.c_str());
        const BlockNumber height = row["height_before"];
        QVERIFY2(report.verifiedTo == height - 1, file.c_str());
        for (const LedgerFinding& finding : report.findings)
            if (finding.severity == Severity::Error)
                QVERIFY2(finding.block == height || !finding.block, finding.sentence.c_str());
    }
}

void VerifyLedgerTest::aFlippedByteIsFoundWhereItIs() {
    const QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("block_280.pb").toStdString();
    Bytes bytes = vectorFile("ledger/crafted/block_280.pb");
    bytes[bytes.size() / 2] ^= 1;
    VERIFY_OK(writeNewFile(file, bytes));
    std::vector<std::filesystem::path> paths;
    for (const json& block : facts()["crafted_blocks"]["blocks"]) {
        const auto number = block["number"].get<BlockNumber>();
        paths.push_back(
            number == 280 ? file : vectorPath(fmt::format("ledger/crafted/block_{}.pb", number)));
    }
    const VerificationReport report =
        reportOf({.paths = paths, .snapshot = vectorPath("ledger/snapshot_277")});
    QVERIFY(!report.good());
    QCOMPARE(*report.verifiedTo, BlockNumber{279});
    QCOMPARE(report.findings.front().reason, std::string("DATA_HASH_DIFFERS"));
    QCOMPARE(*report.findings.front().block, BlockNumber{280});
    QCOMPARE(report.findings.front().file, file.string());
}

void VerifyLedgerTest::everyByteIsCounted_data() {
    QTest::addColumn<QStringList>("files");
    QTest::addColumn<QString>("anchor");
    QTest::addColumn<bool>("allCovered");
    QTest::newRow("a peer's file") << QStringList{"ledger/peer_blockfile_000000"} << "" << true;
    QStringList crafted;
    for (int number = 278; number <= 285; ++number)
        crafted << QString("ledger/crafted/block_%1.pb").arg(number);
    // Without a state nobody can compute the verdicts again.
    QTest::newRow("blocks behind an anchor")
        << crafted << "config/last_config_tradechannel.block" << false;
}

void VerifyLedgerTest::everyByteIsCounted() {
    QFETCH(QStringList, files);
    QFETCH(QString, anchor);
    QFETCH(bool, allCovered);
    VerifyLedgerRequest request{.coverage = true};
    std::uint64_t size = 0;
    for (const QString& file : files) {
        request.paths.push_back(vectorPath(file.toStdString()));
        size += std::filesystem::file_size(request.paths.back());
    }
    if (!anchor.isEmpty()) request.anchor = vectorPath(anchor.toStdString());
    const VerificationReport report = reportOf(request);
    std::uint64_t all = 0;
    std::uint64_t uncovered = 0;
    std::uint64_t explained = 0;
    for (const CoverageRow& row : report.coverage) {
        all += row.bytes;
        QVERIFY(row.spans > 0);
        if (row.by == "nothing") uncovered = row.bytes;
        for (const auto& [why, bytes] : row.whyNot) explained += bytes;
    }
    QCOMPARE(all, size);
    QCOMPARE(explained, uncovered);
    QCOMPARE(uncovered == 0, allCovered);
}

void VerifyLedgerTest::stopsWhenTold() {
    std::stop_source source;
    source.request_stop();
    const auto report =
        VerifyLedger().run({.paths = {vectorPath("ledger/blocks")}, .stop = source.get_token()});
    VERIFY_OK(report);
    QVERIFY(report->stopped && !report->good());
    QVERIFY(report->blocks < facts()["chain"]["blocks"].size());
}

void VerifyLedgerTest::whatCannotBeRead() {
    const auto reason = [](VerifyLedgerRequest request) {
        return reasonOf(VerifyLedger().run(request).status());
    };
    QCOMPARE(reason({.paths = {vectorPath("nothing")}}), std::string("NO_SUCH_FILE"));
    const QTemporaryDir folder;
    QCOMPARE(reason({.paths = {folder.path().toStdString()}}), std::string("NO_BLOCKS"));
    QCOMPARE(reason({.paths = {vectorPath("ledger/crafted")},
                     .anchor = vectorPath("ledger/blocks/block_1.pb")}),
             std::string("BAD_ANCHOR"));
    // A file that is no block is a finding: other files may have been read before it.
    const VerificationReport report = reportOf({.paths = {vectorPath("README.md")}});
    QVERIFY(!report.good() && report.blocks == 0);
}

CHANCERY_TEST(VerifyLedgerTest)
#include "VerifyLedgerTest.moc"
