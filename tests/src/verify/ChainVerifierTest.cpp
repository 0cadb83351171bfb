#include "src/verify/ChainVerifier.h"

#include <algorithm>

#include "src/base/Encoding.h"
#include "src/protocol/BlockBuilder.h"
#include "tests/src/verify/Ledger.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::test;
using verify::Severity;

class ChainVerifierTest : public QObject {
    Q_OBJECT

private:
    // Nothing wrong, nothing odd, all blocks reached.
    static void checkGood(const verify::Report& report, BlockNumber last) {
        QVERIFY2(report.good(), listed(report, Severity::Warning).c_str());
        QCOMPARE(report.count(Severity::Warning), std::size_t{0});
        QCOMPARE(report.verifiedTo.value_or(0), last);
    }

private slots:
    void everyBlockOfTheLedgerIsGood_data() {
        QTest::addColumn<QString>("path");
        QTest::newRow("single blocks") << "ledger/blocks";
        QTest::newRow("a peer's block file") << "ledger/peer_blockfile_000000";
        QTest::newRow("an orderer's block file") << "ledger/orderer_blockfile_000000.gz";
    }
    void everyBlockOfTheLedgerIsGood() {
        QFETCH(QString, path);
        const auto report = verified(blocksOf(path.toStdString()));
        checkGood(report, 277);
        QCOMPARE(report.counters.blocks, std::uint64_t{278});
        const auto& chain = facts()["chain"];
        QCOMPARE(toHex(report.lastBlockHash),
                 chain["chain_info"]["current_block_hash"].get<std::string>());
        QCOMPARE(
            toHex(report.lastCommitHash),
            chain["snapshot"]["additional_metadata"]["last_block_commit_hash"].get<std::string>());
    }

    void craftedBlocksGoOnWithTheChain() {
        const auto report = verified(blocksOf("ledger/crafted"), after277());
        checkGood(report, 285);
        QCOMPARE(report.firstBlock.value_or(0), BlockNumber{278});
        QCOMPARE(toHex(report.lastCommitHash),
                 facts()["crafted_blocks"]["blocks"].back()["commit_hash"].get<std::string>());
    }
    void craftedBlocksGoOnFromTheSnapshot() {
        const auto snapshot = protocol::Snapshot::open(vectorPath("ledger/snapshot_277"));
        VERIFY_OK(snapshot);
        auto start = verify::ChainState::fromSnapshot(**snapshot);
        VERIFY_OK(start);
        const auto report = verified(blocksOf("ledger/crafted"), *std::move(start));
        checkGood(report, 285);
        QVERIFY(report.scope.signaturesAt(278) && report.scope.codesAt(278));
        QVERIFY(report.scope.commitHashAt(278) && report.scope.startKnown);
    }
    void bftBlocksAreGood() {
        const auto report = verified(blocksOf("bft/blocks"));
        checkGood(report, 16);
        const auto& blocks = bftFacts()["blocks"];
        QCOMPARE(report.counters.blocks, std::uint64_t{blocks.size()});
        std::uint64_t signatures = 0;
        for (const auto& block : blocks) signatures += block["signatures"].size();
        QCOMPARE(report.counters.ordererSignatures, signatures);
        QCOMPARE(report.channel.str(), bftFacts()["channel"].get<std::string>());
        QCOMPARE(toHex(report.lastBlockHash), blocks.back()["header_hash"].get<std::string>());
    }

    void severalThreadsComeToTheSameReport() {
        TaskPool pool("verify", 3);
        verify::ChainOptions options;
        options.pool = &pool;
        std::vector<BlockNumber> passed;
        options.passed = [&](const verify::PassedBlock& block) {
            passed.push_back(block.sourced.block.number());
        };
        const auto one = verified(blocksOf("ledger/blocks"));
        const auto many = verified(blocksOf("ledger/blocks"), {}, options);
        checkGood(many, 277);
        QCOMPARE(listed(many, Severity::Note), listed(one, Severity::Note));
        QCOMPARE(many.counters.signatures(), one.counters.signatures());
        QCOMPARE(many.lastCommitHash, one.lastCommitHash);
        QCOMPARE(passed.size(), std::size_t{278});
        QVERIFY(std::is_sorted(passed.begin(), passed.end()));
    }

    void itGoesOnFromACheckpoint() {
        auto blocks = blocksOf("ledger/blocks");
        const std::vector<protocol::SourcedBlock> behind(blocks.begin() + 150, blocks.end());
        blocks.erase(blocks.begin() + 150, blocks.end());
        BlockList first(std::move(blocks));
        verify::ChainVerifier verifier;
        verifier.verify(first);
        const auto report = verified(behind, verifier.state());
        checkGood(report, 277);
        QCOMPARE(report.counters.blocks, std::uint64_t{128});
        // Or the same verifier with another source.
        BlockList second(behind);
        checkGood(verifier.verify(second), 277);
        QCOMPARE(verifier.report().counters.blocks, std::uint64_t{278});
    }

    void blocksThatAreMissing() {
        auto blocks = blocksOf("ledger/blocks");
        blocks.erase(blocks.begin() + 100);
        const auto report = verified(blocks);
        QCOMPARE(report.verifiedTo.value_or(0), BlockNumber{99});
        QCOMPARE(report.findings.back().reason, std::string("NUMBER_DIFFERS"));
        QCOMPARE(report.findings.back().block.value_or(0), BlockNumber{101});
    }

    void aChainOfAnotherGenesisBlock() {
        auto blocks = blocksOf("ledger/blocks");
        blocks[0] = blockOf("bft/blocks/block_0.pb");
        const auto report = verified({blocks[0], blocks[1]});
        QVERIFY(!report.good());
        QCOMPARE(report.verifiedTo.value_or(99), BlockNumber{0});
        QVERIFY(has(report, "PREVIOUS_HASH_DIFFERS") && has(report, "OTHER_CHANNEL"));
        // A trusted genesis block says which one it has to be.
        const auto anchor =
            verify::ChainState::fromConfigBlock(blockOf("ledger/blocks/block_0.pb").block);
        VERIFY_OK(anchor);
        QVERIFY(has(verified({blocks[0]}, *anchor), "ANCHOR_DIFFERS"));
        checkGood(verified(blocksOf("ledger/blocks"), *anchor), 277);
    }

    void aPieceOfAChainWithoutAnything() {
        auto blocks = blocksOf("ledger/blocks");
        blocks.erase(blocks.begin(), blocks.begin() + 90);
        const auto report = verified(blocks);
        checkGood(report, 277);
        QVERIFY(has(report, "LINKS_ONLY"));
        // The configuration of block 187 is the first that comes along.
        QVERIFY(has(report, "CONFIG_ADOPTED"));
        QCOMPARE(report.scope.signaturesFrom.value_or(0), BlockNumber{188});
        QVERIFY(!report.scope.codesFrom);
        QVERIFY(has(report, "STATE_UNKNOWN"));
        QVERIFY(!report.scope.start.empty());
    }

    void aPieceOfAChainBehindATrustedConfiguration() {
        auto blocks = blocksOf("ledger/blocks");
        auto anchor = verify::ChainState::fromConfigBlock(blocks[86].block);
        VERIFY_OK(anchor);
        // It may stand before the piece or at its beginning.
        for (const std::ptrdiff_t first : {86, 87, 120}) {
            const auto report = verified({blocks.begin() + first, blocks.end()}, *anchor);
            checkGood(report, 277);
            QVERIFY(report.scope.signaturesFrom && *report.scope.signaturesFrom >= 87);
            QVERIFY(report.scope.commitHashesFrom.has_value());
            QCOMPARE(report.configBlock.value_or(0), BlockNumber{270});
        }
        // Not behind it, and with no other configuration between.
        QVERIFY(has(verified({blocks[85]}, *anchor), "BEFORE_ANCHOR"));
        QVERIFY(has(verified({blocks[200]}, *anchor), "LAST_CONFIG_WRONG"));
        QCOMPARE(reasonOf(verify::ChainState::fromConfigBlock(blocks[87].block).status()),
                 std::string("BAD_ANCHOR"));
    }

    void recordedCodesThatAreWrong() {
        auto blocks = blocksOf("ledger/blocks");
        // In block 87 transactions 1 and 2 are conflicts.
        std::vector<protocol::ValidationCode> codes(blocks[87].block.transactionCount(),
                                                    protocol::ValidationCode::Valid);
        blocks[87].block = protocol::withValidationCodes(blocks[87].block, codes);
        blocks[87].size = 0;
        const auto report = verified(blocks);
        QCOMPARE(report.verifiedTo.value_or(0), BlockNumber{86});
        QCOMPARE(report.count(Severity::Error), std::size_t{2});
        const auto& finding =
            *std::find_if(report.findings.begin(), report.findings.end(),
                          [](const auto& one) { return one.severity == Severity::Error; });
        QCOMPARE(finding.reason, std::string("CODE_DIFFERS"));
        QCOMPARE(finding.block.value_or(0), BlockNumber{87});
        QCOMPARE(finding.transaction.value_or(0), std::size_t{1});
        QVERIFY(finding.cause && finding.cause->conflict && finding.cause->conflict->writer);
        QCOMPARE(finding.cause->conflict->writer->place.block, BlockNumber{87});
        QVERIFY(report.summary().find("verified to block 86") != std::string::npos);
        // The count must be right, too.
        codes.pop_back();
        blocks[87].block = protocol::withValidationCodes(blocks[87].block, codes);
        QVERIFY(has(verified(blocks), "CODE_COUNT_DIFFERS"));
    }

    void aWrongCommitHashIsToldOnce() {
        auto blocks = blocksOf("ledger/blocks");
        blocks[50].block = protocol::withCommitHash(blocks[50].block, Bytes(32, 'x'));
        blocks[50].size = 0;
        const auto report = verified(blocks);
        // In its own block, and in the next, which was computed with the right one.
        QCOMPARE(report.count(Severity::Error), std::size_t{2});
        QCOMPARE(report.verifiedTo.value_or(0), BlockNumber{49});
        QVERIFY(has(report, "COMMIT_HASH_DIFFERS"));
    }

    void damagedFiles() {
        Bytes file = vectorFile("ledger/peer_blockfile_000000");
        auto source = protocol::openBlockBytes(
            "blockfile", protocol::SharedBytes(file.substr(0, file.size() - 10)));
        VERIFY_OK(source);
        verify::ChainVerifier torn;
        const auto& report = torn.verify(**source);
        QCOMPARE(report.verifiedTo.value_or(0), BlockNumber{276});
        QCOMPARE(report.findings.back().reason, std::string("TORN_TAIL"));
        QVERIFY(report.findings.back().bytes.has_value());
        QCOMPARE(report.findings.back().file, std::string("blockfile"));

        auto zeros =
            protocol::openBlockBytes("blockfile", protocol::SharedBytes(file + Bytes(100, '\0')));
        VERIFY_OK(zeros);
        verify::ChainVerifier verifier;
        QCOMPARE(verifier.verify(**zeros).findings.back().reason, std::string("ZERO_TAIL"));
        QCOMPARE(verifier.report().verifiedTo.value_or(0), BlockNumber{277});
    }

    void itStopsWhenAsked() {
        std::stop_source stop;
        verify::ChainOptions options;
        options.stop = stop.get_token();
        options.passed = [&](const verify::PassedBlock& block) {
            if (block.sourced.block.number() == 40) stop.request_stop();
        };
        const auto report = verified(blocksOf("ledger/blocks"), {}, options);
        QVERIFY(report.stopped && report.good());
        QCOMPARE(report.verifiedTo.value_or(0), BlockNumber{40});
        QVERIFY(report.summary().find("stopped") != std::string::npos);
    }

    void progressIsTold() {
        std::vector<verify::Progress> told;
        verify::ChainOptions options;
        options.progress = [&](const verify::Progress& progress) { told.push_back(progress); };
        auto source = protocol::openBlocks(vectorPath("ledger/peer_blockfile_000000"));
        VERIFY_OK(source);
        verify::ChainVerifier verifier({}, options);
        verifier.verify(**source);
        QVERIFY(!told.empty());
        QCOMPARE(told.back().block.value_or(0), BlockNumber{277});
        QCOMPARE(told.back().blocks, std::uint64_t{278});
        QCOMPARE(told.back().bytesDone, told.back().bytesTotal);
        QVERIFY(told.back().bytesTotal > 1'000'000);
    }

    void findingsAreBounded() {
        auto blocks = blocksOf("ledger/blocks");
        for (auto& block : blocks) {
            block.block = protocol::withMetadata(block.block, protocol::MetadataSlot::Orderer, "x");
            block.size = 0;
        }
        verify::ChainOptions options;
        options.maxFindings = 10;
        auto report = verified(blocks, {}, options);
        QCOMPARE(report.findings.size(), std::size_t{10});
        QCOMPARE(report.counters.findingsLeftOut, std::uint64_t{268});
        QVERIFY(report.good());
        // Errors end it.
        for (auto& block : blocks)
            block.block =
                protocol::withMetadata(block.block, protocol::MetadataSlot::LastConfig, "x");
        options.maxErrors = 5;
        report = verified(blocks, {}, options);
        QVERIFY(report.lastBlock.value_or(277) < 10);
    }

    void aStateThatIsTooLarge() {
        verify::ChainOptions options;
        options.maxStateBytes = 100'000;
        const auto report = verified(blocksOf("ledger/blocks"), {}, options);
        checkGood(report, 277);
        QVERIFY(has(report, "STATE_TOO_LARGE"));
        QVERIFY(report.scope.codesTo.value_or(277) < 277);
        QVERIFY(report.scope.commitHashAt(277));
    }

    void noBlocksAtAll() {
        const auto report = verified({});
        QVERIFY(report.good() && !report.verifiedTo && !report.firstBlock);
        QCOMPARE(report.summary(), std::string("no block verified"));
    }
};

CHANCERY_TEST(ChainVerifierTest)
#include "ChainVerifierTest.moc"
