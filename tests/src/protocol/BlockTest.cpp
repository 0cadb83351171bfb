#include "src/protocol/Block.h"

#include <fabric/common/common.pb.h>
#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/identity/Certificate.h"
#include "src/protocol/BlockBuilder.h"
#include "src/protocol/BlockFile.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::protocol;

namespace {

Block blockOf(const std::string& file) {
    return Block::parse(test::vectorFile(file)).value();
}

Bytes derHex(BlockNumber number, BytesView previous, BytesView data) {
    BlockHeader header{number, previous, data};
    return toHex(header.der());
}

/// What an error text of Fabric's verifier says that can be seen without identities and a channel.
std::string foundIn(const Block& block) {
    if (!block.hasHeader())
        return "Invalid Block on channel [tradechannel]. Header must be different from nil.";
    if (!block.hasMetadata())
        return fmt::format(
            "Block with id [{}] on channel [tradechannel] does not have metadata. Block not valid.",
            block.number());
    if (block.transactionCount() == 0)
        return fmt::format(
            "Failed getting channel id from block with id [{}] on channel [tradechannel]: "
            "[failed to retrieve channel id - block is empty]",
            block.number());
    if (const std::string channel(block.transaction(0).channelHeader.channelId);
        channel != "tradechannel")
        return fmt::format("Invalid block's channel id. Expected [tradechannel]. Given [{}]",
                           channel);
    if (const Status status = block.checkWellFormed(); !status.ok())
        return fmt::format("block has malformed transactions: transaction {}",
                           argumentOf(status, "transaction"));
    if (block.computedDataHash() != block.header().dataHash)
        return fmt::format(
            "Header.DataHash is different from Hash(block.Data) for block with id [{}] on channel "
            "[tradechannel]",
            block.number());
    return {};
}

/// What our identities would have to say.
bool isAboutSignatures(const std::string& error) {
    return error.starts_with("implicit policy evaluation failed");
}

}  // namespace

class BlockTest : public QObject {
    Q_OBJECT

private slots:
    void headerVectors() {
        QCOMPARE(derHex(0, {}, "\x01\x02"), std::string("3009020100040004020102"));
        QCOMPARE(toHex(BlockHeader{0, {}, "\x01\x02"}.hash()),
                 std::string("dbb4dc34c65c07cc44e278fff3d12a821477df54d061d5e9da992878d83e6753"));
        QCOMPARE(derHex(127, {}, {}), std::string("300702017f04000400"));
        QCOMPARE(derHex(128, {}, {}), std::string("30080202008004000400"));
        QCOMPARE(derHex(256, {}, {}), std::string("30080202010004000400"));
        QCOMPARE(derHex(~0ULL, {}, {}), std::string("300f020900ffffffffffffffff04000400"));
        // Hostile hashes make long forms.
        const Bytes derived = derHex(1, Bytes(200, 'a'), Bytes(70000, 'b'));
        QVERIFY(derived.starts_with("30830112430201010481c8"));
    }

    /// The single blocks of the vectors and the verdict of a peer's verifier, as far as it needs no
    /// identities.
    void blockVerification_data() {
        QTest::addColumn<int>("row");
        const auto& cases = test::facts()["block_verification"]["cases"];
        for (std::size_t i = 0; i < cases.size(); ++i)
            QTest::newRow(cases[i]["file"].get<std::string>().c_str()) << static_cast<int>(i);
    }
    void blockVerification() {
        QFETCH(int, row);
        const auto& fact =
            test::facts()["block_verification"]["cases"][static_cast<std::size_t>(row)];
        const Block block = blockOf("ledger/blockcheck/" + fact["file"].get<std::string>());
        const std::string error = fact["error"].is_null() ? "" : fact["error"].get<std::string>();
        QCOMPARE(error.empty(), fact["ok"].get<bool>());
        if (block.hasHeader() && block.number() != fact["claimed_number"].get<BlockNumber>()) {
            QVERIFY(error.starts_with("Claimed seqNum"));
            return;
        }
        const std::string found = foundIn(block);
        if (error.empty() || isAboutSignatures(error))
            QCOMPARE(QString::fromStdString(found), QString());
        else
            QVERIFY2(!found.empty() && error.starts_with(found), (error + " / " + found).c_str());
    }

    void serialisedBlocksAreTheSame() {
        for (int number = 0; number < 278; ++number) {
            const Bytes bytes = test::vectorFile(fmt::format("ledger/blocks/block_{}.pb", number));
            const auto block = Block::parse(bytes);
            VERIFY_OK(block);
            QCOMPARE(block->serialize(), bytes);
        }
        for (const char* file : {"no_header", "no_metadata", "empty_data"}) {
            const Bytes bytes = test::vectorFile(fmt::format("ledger/blockcheck/{}.pb", file));
            QCOMPARE(Block::parse(bytes)->serialize(), bytes);
        }
    }

    void raftSignaturesCoverWhatIsSaid() {
        for (const int number : {1, 86, 277}) {
            const Block block = blockOf(fmt::format("ledger/blocks/block_{}.pb", number));
            const OrdererMetadata metadata = block.ordererMetadata().value();
            QCOMPARE(metadata.signatures.size(), std::size_t{1});
            const auto signer =
                decodeSerializedIdentity(metadata.signatures[0].signatureHeader.creator);
            const auto certificate = identity::Certificate::fromPem(signer->idBytes);
            VERIFY_OK(certificate);
            const Status status = certificate->publicKey().verify(
                block.signedMessage(metadata, metadata.signatures[0]),
                metadata.signatures[0].signature, crypto::HashAlgorithm::Sha256);
            QVERIFY2(status.ok(), status.ToString().c_str());
        }
    }

    void genesisOfTheVectorsIsBuiltAgain() {
        const Block real = blockOf("config/genesis_tradechannel.block");
        const Transaction tx = real.transaction(0);
        const auto built =
            buildGenesisBlock(ChannelId("tradechannel"), tx.payload.data, tx.signatureHeader.nonce,
                              tx.channelHeader.timestamp.value().time());
        VERIFY_OK(built);
        QCOMPARE(built->serialize(), test::vectorFile("config/genesis_tradechannel.block"));
        QCOMPARE(toHex(built->metadata(MetadataSlot::Signatures)), std::string("0a020a00"));
        QCOMPARE(reasonOf(buildGenesisBlock(ChannelId(), "c", "n", absl::UnixEpoch()).status()),
                 std::string("MISSING_FIELD"));
    }

    /// A block taken to pieces and built, signed and judged again by the builder.
    void blocksOfTheVectorsAreBuiltAgain() {
        for (const int number : {1, 85, 134, 277}) {
            const std::string file = fmt::format("ledger/blocks/block_{}.pb", number);
            const Block real = blockOf(file);
            const OrdererMetadata metadata = real.ordererMetadata().value();
            const OrdererSignature& signature = metadata.signatures.at(0);
            std::vector<Bytes> envelopes;
            for (const BytesView envelope : real.envelopes()) envelopes.emplace_back(envelope);
            const Block bare = buildBlock(real.number(), real.header().previousHash, envelopes);
            QCOMPARE(bare.metadataEntries().size(), kMetadataSlots);
            QCOMPARE(bare.computedDataHash(), Bytes(bare.header().dataHash));
            const RaftMetadata raft = decodeRaftMetadata(metadata.consenterMetadata).value();
            const auto signedBlock =
                signBlock(bare, metadata.lastConfig, encodeRaftMetadata(raft),
                          signature.signatureHeader.creator, signature.signatureHeader.nonce,
                          [&](BytesView message) -> Result<Bytes> {
                              if (message != real.signedMessage(metadata, signature))
                                  return makeError(StatusCode::kInternal, "OTHER_MESSAGE", "");
                              return Bytes(signature.signature);
                          });
            VERIFY_OK(signedBlock);
            const Block judged =
                withCommitHash(withValidationCodes(*signedBlock, real.validationCodes()),
                               real.commitHash().value());
            QCOMPARE(judged.serialize(), test::vectorFile(file));
        }
    }

    void lastConfigComesFromSlotOneOnlyWhenSlotZeroIsSilent() {
        const Block block = buildBlock(7, "p", {"e"});
        ::common::LastConfig index;
        index.set_index(5);
        ::common::Metadata old;
        old.set_value(index.SerializeAsString());
        const Block before = withMetadata(block, MetadataSlot::LastConfig, old.SerializeAsString());
        QCOMPARE(before.lastConfig().value(), BlockNumber{5});
        ::common::Metadata metadata;
        metadata.set_value(encodeOrdererValue(3, "consenter"));
        const Block both =
            withMetadata(before, MetadataSlot::Signatures, metadata.SerializeAsString());
        QCOMPARE(both.lastConfig().value(), BlockNumber{3});
        QCOMPARE(both.ordererMetadata().value().consenterMetadata, BytesView("consenter"));
    }

    void slotsThatAreMissingAreEmpty() {
        const auto block = Block::parse(Bytes("\x1a\x02\x0a\x00", 4));
        VERIFY_OK(block);
        QVERIFY(!block->hasHeader() && !block->hasData() && block->hasMetadata());
        QVERIFY(block->metadata(MetadataSlot::CommitHash).empty());
        QVERIFY(block->commitHash().value().empty());
        QVERIFY(block->validationCodes().empty());
        QVERIFY(block->ordererMetadata().value().signatures.empty());
        QCOMPARE(block->lastConfig().value(), BlockNumber{0});
        QVERIFY(!block->isConfigBlock());
        QCOMPARE(reasonOf(block->checkWellFormed()), std::string("NOT_WELL_FORMED"));
    }

    void malformedBlocksTellPathAndOffset() {
        // Block{data{data: one byte promised, none there}}
        const Status status = Block::parse(Bytes("\x0a\x00\x12\x02\x0a\x01", 6)).status();
        QCOMPARE(reasonOf(status), std::string("MALFORMED_PROTOBUF"));
        QCOMPARE(argumentOf(status, "path"), std::string("block.data"));
        QCOMPARE(argumentOf(status, "offset"), std::string("4"));
        const Block broken =
            withMetadata(buildBlock(1, "", {"e"}), MetadataSlot::Signatures, "\x0a\x05x");
        QCOMPARE(reasonOf(broken.ordererMetadata().status()), std::string("MALFORMED_PROTOBUF"));
        QCOMPARE(reasonOf(broken.lastConfig().status()), std::string("MALFORMED_PROTOBUF"));
        const Block hash =
            withMetadata(buildBlock(1, "", {"e"}), MetadataSlot::CommitHash, "\x0a\x05x");
        QCOMPARE(reasonOf(hash.commitHash().status()), std::string("MALFORMED_PROTOBUF"));
        QCOMPARE(reasonOf(decodeRaftMetadata("\x0a\x02\x0a\x01").status()),
                 std::string("MALFORMED_PROTOBUF"));
        QCOMPARE(reasonOf(decodeBftViewMetadata("\x22\x01\x80").status()),
                 std::string("MALFORMED_PROTOBUF"));
    }

    void partsGivenTwiceAreMerged() {
        const Bytes first = blockOf("ledger/blocks/block_120.pb").serialize();
        const Bytes second = blockOf("ledger/blocks/block_121.pb").serialize();
        const auto merged = Block::parse(first + second);
        VERIFY_OK(merged);
        ::common::Block expected;
        QVERIFY(expected.ParseFromString(first + second));
        QCOMPARE(merged->number(), expected.header().number());
        QCOMPARE(merged->transactionCount(), static_cast<std::size_t>(expected.data().data_size()));
        QCOMPARE(merged->metadataEntries().size(),
                 static_cast<std::size_t>(expected.metadata().metadata_size()));
        QCOMPARE(merged->serialize(), expected.SerializeAsString());
    }

    // Some thousands of empty envelopes fit into every block, and one more for each 256 bytes.
    void floodsOfEnvelopesAreRefused() {
        for (const std::size_t count : {12'000U, 12'094U, 12'096U, 1'000'000U}) {
            ::common::Block message;
            message.mutable_header();
            for (std::size_t i = 0; i < count; ++i) message.mutable_data()->add_data();
            const Bytes bytes = message.SerializeAsString();
            const bool fits = count <= 12'000 + bytes.size() / 256;
            QCOMPARE(fits, count < 12'095);
            const auto block = Block::parse(bytes);
            QCOMPARE(reasonOf(block.status()), std::string(fits ? "" : "TOO_MANY_ELEMENTS"));
            // A record has one byte for each, so fewer fit.
            const Block made(nullptr, {}, std::vector<BytesView>(count), {});
            Bytes record = encodeBlockRecord(made);
            record.erase(0, record.size() > (2 << 20) ? 4 : record.size() > (16 << 10) ? 3 : 2);
            const auto decoded = decodeBlockRecord(SharedBytes(record));
            QCOMPARE(reasonOf(decoded.status()),
                     std::string(count == 12'000 ? "" : "BAD_BLOCK_FILE"));
        }
    }
};

CHANCERY_TEST(BlockTest)
#include "BlockTest.moc"
