#include <fmt/format.h>

#include <map>
#include <random>

#include "src/verify/Coverage.h"
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
        Bytes container;            ///< of the block alone
        std::uint64_t offset = 0;   ///< in the file; 0 for single files
        protocol::SourcedBlock block;
    };
    verify::Container container = verify::Container::Message;
    Bytes file;                               ///< the whole block file; empty for single files
    std::vector<Stored> blocks;
    std::vector<verify::ChainState> before;   ///< one more than blocks
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

void makeCheckpoints(Chain& chain) {
    verify::ChainVerifier verifier;
    for (const auto& stored : chain.blocks) {
        chain.before.push_back(verifier.state());
        BlockList one({stored.block});
        verifier.verify(one);
    }
    chain.before.push_back(verifier.state());
    chain.scope = verifier.report().scope;
    QVERIFY2(verifier.report().good(), listed(verifier.report(), Severity::Error).c_str());
    QCOMPARE(verifier.report().count(Severity::Warning), std::size_t{0});
}

/// Goes through a changed copy of the file from where the change is.
bool isFound(const Chain& chain, std::size_t index, const Bytes& changed,
             const std::vector<protocol::SourcedBlock>& behind) {
    verify::ChainVerifier verifier(chain.before[index]);
    auto source = protocol::openBlockBytes(
        "changed", protocol::SharedBytes(changed));
    const auto odd = [&] {
        return !verifier.report().good() || verifier.report().count(Severity::Warning) > 0;
    };
    if (!source.ok()) return true;
    verifier.verify(**source);
    if (odd()) return true;
    BlockList rest(behind);
    verifier.verify(rest);
    return odd();
}

}  // namespace

/// Single bytes of stored chains are changed. Each change must be found, or lie where Coverage says
/// that nothing covers it.
class FlipTest : public QObject {
    Q_OBJECT

private:
    std::mt19937 m_random{20260101};
    std::map<CoveredBy, std::size_t> m_flipped;  // how many were tried in bytes of each cover
    std::vector<std::string> m_uncovered;

    std::size_t below(std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(m_random);
    }

    void flip(const Chain& chain, std::size_t index, std::uint64_t offset) {
        const auto& stored = chain.blocks[index];
        Bytes changed = stored.container;
        const auto pattern = static_cast<char>(1 + below(255));
        changed[offset] = static_cast<char>(changed[offset] ^ pattern);
        if (chain.container == verify::Container::Record) {
            // As it stands in a file, with its length before it.
            Bytes record;
            std::uint64_t length = changed.size();
            for (; length >= 0x80; length >>= 7)
                record += static_cast<char>(0x80 | (length & 0x7f));
            changed = record + static_cast<char>(length) + changed;
        }
        std::vector<protocol::SourcedBlock> behind;
        if (index + 1 < chain.blocks.size()) behind.push_back(chain.blocks[index + 1].block);
        const bool found = isFound(chain, index, changed, behind);

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
        m_uncovered.push_back(span.part);
    }

    // Anywhere, every byte with the same probability.
    void flipBytes(const Chain& chain, std::size_t count) {
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
    void flipSpans(const Chain& chain, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t index = below(chain.blocks.size());
            const auto coverage =
                verify::Coverage::of(protocol::SharedBytes(chain.blocks[index].container),
                                     chain.container, chain.scope);
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
            const std::uint64_t begin =
                index == 0 ? 0
                           : chain.blocks[index - 1].offset +
                                 chain.blocks[index - 1].container.size();
            Bytes changed = chain.file.substr(begin);
            const std::uint64_t offset = below(chain.blocks[index].offset - begin);
            changed[offset] = static_cast<char>(changed[offset] ^ (1 + below(255)));
            QVERIFY2(isFound(chain, index, changed, {}),
                     fmt::format("length before block {}", index).c_str());
        }
    }

    static void checkCoverage(const Chain& chain) {
        for (const auto& stored : chain.blocks) {
            const auto coverage = verify::Coverage::of(protocol::SharedBytes(stored.container),
                                                       chain.container, chain.scope);
            VERIFY_OK(coverage);
            std::uint64_t at = 0;
            for (const auto& span : coverage->spans()) {
                QCOMPARE(span.begin, at);
                QVERIFY(span.end > span.begin);
                at = span.end;
            }
            QCOMPARE(at, std::uint64_t{stored.container.size()});
            // In these chains nothing at all is left uncovered.
            QCOMPARE(coverage->uncovered(), std::uint64_t{0});
        }
    }

private slots:
    void init() {
        m_flipped.clear();
        m_uncovered.clear();
    }

    void changesInSingleBlocks() {
        Chain chain = singleBlocks("ledger/blocks");
        makeCheckpoints(chain);
        checkCoverage(chain);
        flipBytes(chain, 300);
        flipSpans(chain, 200);
        QCOMPARE(m_uncovered.size(), std::size_t{0});
    }
    void changesInAPeersBlockFile() {
        const std::string path = "ledger/peer_blockfile_000000";
        Chain chain = blockFile(path, vectorFile(path));
        makeCheckpoints(chain);
        checkCoverage(chain);
        flipBytes(chain, 300);
        flipSpans(chain, 200);
        flipLengths(chain, 20);
        QCOMPARE(m_uncovered.size(), std::size_t{0});
        // All kinds of cover were put to the test.
        for (const CoveredBy by :
             {CoveredBy::HeaderHash, CoveredBy::DataHash, CoveredBy::OrdererSignature,
              CoveredBy::LastConfigCopy, CoveredBy::Codes, CoveredBy::CommitHash,
              CoveredBy::Encoding})
            QVERIFY2(m_flipped[by] > 0, std::string(nameOf(by)).c_str());
    }
    void changesInBftBlocks() {
        Chain chain = singleBlocks("bft/blocks");
        makeCheckpoints(chain);
        checkCoverage(chain);
        flipBytes(chain, 100);
        flipSpans(chain, 200);
        QCOMPARE(m_uncovered.size(), std::size_t{0});
    }
    void everyByteOfTheMetadataOfSomeBlocks() {
        Chain chain = singleBlocks("ledger/blocks");
        makeCheckpoints(chain);
        for (const std::size_t index : {0u, 1u, 86u, 277u}) {
            const auto coverage =
                verify::Coverage::of(protocol::SharedBytes(chain.blocks[index].container),
                                     chain.container, chain.scope);
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
