#include <fmt/format.h>

#include <map>
#include <random>
#include <set>

#include "fabric/common/common.pb.h"
#include "src/protocol/BlockBuilder.h"
#include "src/verify/Coverage.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"
#include "tests/src/verify/Ledger.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::test;
using verify::CoveredBy;
using verify::Severity;

namespace {

/// A stored chain, with the verifier's state before each of its blocks.
struct Chain {
    struct Stored {
        Bytes container;           ///< of the block alone
        std::uint64_t offset = 0;  ///< in the file; 0 for single files
        protocol::SourcedBlock block;
    };
    verify::Container container = verify::Container::Message;
    Bytes file;  ///< the whole block file; empty for single files
    std::vector<Stored> blocks;
    std::vector<verify::ChainState> before;                   ///< the state before each block
    std::map<std::size_t, std::optional<std::string>> usual;  ///< what is found in it as it is
    verify::Scope scope;
};

/// Blocks as peers and tools pass them on, one file each.
Chain singleBlocks(const std::string& folder) {
    Chain chain;
    for (auto& block : blocksOf(folder)) {
        const Bytes bytes = vectorFile(folder + fmt::format("/block_{}.pb", block.block.number()));
        chain.blocks.push_back({bytes, 0, std::move(block)});
    }
    return chain;
}

/// A raw block file.
Chain blockFile(const std::string& path, Bytes bytes) {
    Chain chain;
    chain.container = verify::Container::Record;
    chain.file = std::move(bytes);
    for (auto& block : blocksOf(path)) {
        const Bytes record = chain.file.substr(block.offset, block.size);
        chain.blocks.push_back({record, block.offset, std::move(block)});
    }
    return chain;
}

void makeCheckpoints(Chain& chain, verify::ChainState start = {}) {
    verify::ChainVerifier verifier(std::move(start));
    for (const auto& stored : chain.blocks) {
        chain.before.push_back(verifier.state());
        BlockList one({stored.block});
        verifier.verify(one);
    }
    chain.scope = verifier.report().scope;
    QVERIFY2(verifier.report().good(), listed(verifier.report(), Severity::Error).c_str());
}

/// What is found from a block on, when it stands in this file and others behind it.
std::string foundIn(const verify::ChainState& before, const Bytes& file,
                    std::vector<protocol::SourcedBlock> behind) {
    auto source = protocol::openBlockBytes("block", protocol::SharedBytes(file));
    if (!source.ok()) return source.status().ToString();
    verify::ChainVerifier verifier(before);
    verifier.verify(**source);
    BlockList rest(std::move(behind));
    verifier.verify(rest);
    return listed(verifier.report(), Severity::Warning);
}

/// A container as it stands in a file of its own.
Bytes asFile(verify::Container container, const Bytes& bytes) {
    if (container == verify::Container::Message) return bytes;
    Bytes record;
    std::uint64_t length = bytes.size();
    for (; length >= 0x80; length >>= 7) record += static_cast<char>(0x80 | (length & 0x7f));
    return record + static_cast<char>(length) + bytes;
}

}  // namespace

/// Single bytes of stored chains are changed. Each change must be found, or lie where Coverage says
/// that nothing covers it.
class FlipTest : public QObject {
    Q_OBJECT

private:
    std::mt19937 m_random{20260101};
    std::map<CoveredBy, std::size_t> m_flipped;  // how many were tried in bytes of each cover
    std::set<std::string> m_uncovered;           // parts in which a change was not found

    std::size_t below(std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(m_random);
    }

    void flip(Chain& chain, std::size_t index, std::uint64_t offset) {
        const auto& stored = chain.blocks[index];
        Bytes changed = stored.container;
        const auto pattern = static_cast<char>(1 + below(255));
        changed[offset] = static_cast<char>(changed[offset] ^ pattern);
        std::vector<protocol::SourcedBlock> behind;
        if (index + 1 < chain.blocks.size()) behind.push_back(chain.blocks[index + 1].block);
        const verify::ChainState& before = chain.before[index];
        auto& usual = chain.usual[index];
        if (!usual) usual = foundIn(before, asFile(chain.container, stored.container), behind);
        const bool found = foundIn(before, asFile(chain.container, changed), behind) != *usual;

        const auto coverage = verify::Coverage::of(protocol::SharedBytes(stored.container),
                                                   chain.container, chain.scope);
        VERIFY_OK(coverage);
        const verify::CoveredSpan& span = coverage->at(offset);
        ++m_flipped[span.by];
        if (found) return;
        const std::string where =
            fmt::format("block {} byte {} ^ {:#04x}: {} ({})", stored.block.block.number(), offset,
                        static_cast<std::uint8_t>(pattern), span.part, nameOf(span.by));
        QVERIFY2(span.by == CoveredBy::Nothing, where.c_str());
        QVERIFY2(!span.why.empty(), where.c_str());
        m_uncovered.insert(span.part);
    }

    // Anywhere, every byte with the same probability.
    void flipBytes(Chain& chain, std::size_t count) {
        std::vector<std::uint64_t> ends;
        std::uint64_t total = 0;
        for (const auto& stored : chain.blocks) ends.push_back(total += stored.container.size());
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint64_t at = below(total);
            const auto index = static_cast<std::size_t>(
                std::upper_bound(ends.begin(), ends.end(), at) - ends.begin());
            flip(chain, index, at - (index == 0 ? 0 : ends[index - 1]));
            if (QTest::currentTestFailed()) return;
        }
    }

    // Most bytes are transactions; here every span has the same probability.
    void flipSpans(Chain& chain, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t index = below(chain.blocks.size());
            const auto coverage = verify::Coverage::of(
                protocol::SharedBytes(chain.blocks[index].container), chain.container, chain.scope);
            VERIFY_OK(coverage);
            const auto& span = coverage->spans()[below(coverage->spans().size())];
            flip(chain, index, span.begin + below(span.end - span.begin));
            if (QTest::currentTestFailed()) return;
        }
    }

    // The lengths between the records of a block file.
    void flipLengths(const Chain& chain, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t index = below(chain.blocks.size());
            const std::uint64_t begin = index == 0 ? 0
                                                   : chain.blocks[index - 1].offset +
                                                         chain.blocks[index - 1].container.size();
            Bytes changed = chain.file.substr(begin);
            const std::uint64_t offset = below(chain.blocks[index].offset - begin);
            changed[offset] = static_cast<char>(changed[offset] ^ (1 + below(255)));
            QVERIFY2(!foundIn(chain.before[index], changed, {}).empty(),
                     fmt::format("length before block {}", index).c_str());
        }
    }

    static std::uint64_t uncoveredBytes(const Chain& chain) {
        std::uint64_t bytes = 0;
        for (const auto& stored : chain.blocks) {
            const auto coverage = verify::Coverage::of(protocol::SharedBytes(stored.container),
                                                       chain.container, chain.scope);
            if (!coverage.ok()) return ~std::uint64_t{0};
            std::uint64_t at = 0;
            for (const auto& span : coverage->spans()) {
                if (span.begin != at || span.end <= span.begin) return ~std::uint64_t{0};
                at = span.end;
            }
            if (at != stored.container.size()) return ~std::uint64_t{0};
            bytes += coverage->uncovered();
        }
        return bytes;
    }

    static Chain& golden() {
        static Chain chain = [] {
            Chain made = singleBlocks("ledger/blocks");
            makeCheckpoints(made);
            return made;
        }();
        return chain;
    }

    // Blocks [first, last] of a chain.
    static void keep(Chain& chain, BlockNumber first, BlockNumber last) {
        std::erase_if(chain.blocks, [&](const auto& stored) {
            const BlockNumber number = stored.block.block.number();
            return number < first || number > last;
        });
    }

private slots:
    void init() {
        m_flipped.clear();
        m_uncovered.clear();
    }

    void changesInSingleBlocks() {
        Chain& chain = golden();
        QCOMPARE(uncoveredBytes(chain), std::uint64_t{0});
        flipBytes(chain, 300);
        flipSpans(chain, 200);
        QCOMPARE(m_uncovered.size(), std::size_t{0});
    }
    void changesInAPeersBlockFile() {
        const std::string path = "ledger/peer_blockfile_000000";
        Chain chain = blockFile(path, vectorFile(path));
        makeCheckpoints(chain);
        QCOMPARE(uncoveredBytes(chain), std::uint64_t{0});
        flipBytes(chain, 300);
        flipSpans(chain, 200);
        flipLengths(chain, 20);
        QCOMPARE(m_uncovered.size(), std::size_t{0});
        // All kinds of cover were put to the test.
        for (const CoveredBy by : {CoveredBy::HeaderHash, CoveredBy::DataHash,
                                   CoveredBy::OrdererSignature, CoveredBy::LastConfigCopy,
                                   CoveredBy::Codes, CoveredBy::CommitHash, CoveredBy::Encoding})
            QVERIFY2(m_flipped[by] > 0, std::string(nameOf(by)).c_str());
    }
    void changesInBftBlocks() {
        Chain chain = singleBlocks("bft/blocks");
        makeCheckpoints(chain);
        QCOMPARE(uncoveredBytes(chain), std::uint64_t{0});
        flipBytes(chain, 100);
        flipSpans(chain, 200);
        QCOMPARE(m_uncovered.size(), std::size_t{0});
    }
    // What an orderer stores: no codes, no commit hashes.
    void changesInAnOrderersBlockFile() {
        const std::string path = "ledger/orderer_blockfile_000000.gz";
        Chain chain;
        chain.container = verify::Container::Record;
        for (auto& block : blocksOf(path)) {
            Bytes record = protocol::encodeBlockRecord(block.block);
            const std::size_t size = block.size;
            chain.blocks.push_back({record.substr(record.size() - size), 0, std::move(block)});
        }
        makeCheckpoints(chain);
        QCOMPARE(uncoveredBytes(chain), std::uint64_t{0});
        flipBytes(chain, 100);
        flipSpans(chain, 100);
        QCOMPARE(m_uncovered.size(), std::size_t{0});
    }

    // Without any configuration the metadata are nobody's word.
    void changesInAPieceOfAChain() {
        Chain chain = singleBlocks("ledger/blocks");
        keep(chain, 100, 120);
        makeCheckpoints(chain);
        QVERIFY(!chain.scope.signaturesFrom && !chain.scope.codesFrom);
        flipSpans(chain, 600);
        const std::set<std::string> expected{
            "metadata[0].value", "metadata[0].signatures[0].signature_header",
            "metadata[0].signatures[0].signature", "metadata[2]", "metadata[4]"};
        QCOMPARE(m_uncovered, expected);
    }

    // A single block, of which neither predecessor nor successor is there.
    void changesInALonelyBlock() {
        Chain chain = singleBlocks("ledger/blocks");
        keep(chain, 100, 100);
        makeCheckpoints(chain);
        flipSpans(chain, 300);
        QVERIFY(m_uncovered.contains("header.previous_hash"));
        QVERIFY(!m_uncovered.contains("header.data_hash"));
    }

    // With a trusted configuration: the state is missing, the commit hash still covers the codes.
    void changesBehindATrustedConfiguration() {
        Chain chain = singleBlocks("ledger/blocks");
        const auto anchor = verify::ChainState::fromConfigBlock(chain.blocks[86].block.block);
        VERIFY_OK(anchor);
        keep(chain, 87, 116);
        makeCheckpoints(chain, *anchor);
        QCOMPARE(chain.scope.signaturesFrom.value_or(0), BlockNumber{87});
        QVERIFY(!chain.scope.codesFrom);
        QCOMPARE(chain.scope.commitHashesFrom.value_or(0), BlockNumber{88});
        flipSpans(chain, 600);
        for (const auto& part : m_uncovered) QCOMPARE(part, std::string("metadata[2]"));
    }

    // Places of which no rule says what stands there.
    void changesThatNobodyNotices() {
        Chain chain = singleBlocks("ledger/blocks");
        const auto& block = chain.blocks[5].block.block;
        auto changed = protocol::withMetadata(block, protocol::MetadataSlot::Orderer, "remark");
        Bytes signatures(changed.metadata(protocol::MetadataSlot::Signatures));
        // Two bytes behind the orderer's signature, with the lengths around it put right.
        auto metadata = wire::parse<common::Metadata>(signatures, "metadata");
        VERIFY_OK(metadata);
        metadata->mutable_signatures(0)->mutable_signature()->append("\x01\x02", 2);
        changed = protocol::withMetadata(changed, protocol::MetadataSlot::Signatures,
                                         wire::serialize(*metadata));
        const Bytes container = changed.serialize();
        auto parsed = protocol::Block::parse(container);
        VERIFY_OK(parsed);
        chain.blocks[5] = {container, 0, {*parsed, "block", 0, container.size()}};
        makeCheckpoints(chain);
        QCOMPARE(uncoveredBytes(chain), std::uint64_t{8});
        const auto coverage =
            verify::Coverage::of(protocol::SharedBytes(container), chain.container, chain.scope);
        VERIFY_OK(coverage);
        for (const auto& span : coverage->spans())
            if (span.by == CoveredBy::Nothing)
                for (std::uint64_t at = span.begin; at < span.end; ++at) flip(chain, 5, at);
        const std::set<std::string> expected{"metadata[0].signatures[0].signature", "metadata[3]"};
        QCOMPARE(m_uncovered, expected);
    }

    void everyByteOfTheMetadataOfSomeBlocks() {
        Chain& chain = golden();
        for (const std::size_t index : {0u, 1u, 86u, 277u}) {
            const auto coverage = verify::Coverage::of(
                protocol::SharedBytes(chain.blocks[index].container), chain.container, chain.scope);
            VERIFY_OK(coverage);
            for (const auto& span : coverage->spans()) {
                if (span.by == CoveredBy::DataHash) continue;
                for (std::uint64_t at = span.begin; at < span.end; ++at) {
                    flip(chain, index, at);
                    if (QTest::currentTestFailed()) return;
                }
            }
        }
        QCOMPARE(m_uncovered.size(), std::size_t{0});
    }
};

CHANCERY_TEST(FlipTest)
#include "FlipTest.moc"
