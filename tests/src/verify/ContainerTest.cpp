#include "src/verify/Container.h"

#include "tests/src/verify/Ledger.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::test;

class ContainerTest : public QObject {
    Q_OBJECT

private:
    static bool canonical(const Bytes& bytes) {
        const auto block = protocol::Block::parse(bytes);
        if (!block.ok()) throw std::runtime_error(block.status().ToString());
        return verify::isCanonical({*block, "block", 0, bytes.size()});
    }

private slots:
    void storedBlocksAreCanonical() {
        for (const char* path :
             {"ledger/blocks", "ledger/peer_blockfile_000000", "ledger/orderer_blockfile_000000.gz",
              "bft/blocks", "ledger/crafted", "ledger/blockcheck/good.pb"})
            for (const auto& block : blocksOf(path)) QVERIFY2(verify::isCanonical(block), path);
    }

    void sameContentInOtherBytesIsNot() {
        const Bytes good = vectorFile("ledger/blocks/block_100.pb");
        QVERIFY(canonical(good));
        // A field that nobody knows, behind or before everything.
        QVERIFY(!canonical(good + Bytes("\x22\x01x", 3)));
        QVERIFY(!canonical(Bytes("\x22\x01x", 3) + good));
        // The header a second time: it is merged with the first.
        const std::size_t header = 2 + static_cast<std::uint8_t>(good[1]);
        QVERIFY(!canonical(good.substr(0, header) + good));
        // The header behind the rest.
        QVERIFY(!canonical(good.substr(header) + good.substr(0, header)));
        // The header's length padded to two bytes.
        Bytes padded = good;
        padded[1] = static_cast<char>(padded[1] | 0x80);
        padded.insert(2, 1, '\0');
        QVERIFY(!canonical(padded));
        // The number behind the hashes.
        const Bytes number = good.substr(2, 2);
        Bytes moved = good;
        moved.erase(2, 2);
        moved.insert(header - 2, number);
        QVERIFY(!canonical(moved));
        // A default that is written out.
        Bytes genesis = vectorFile("ledger/blocks/block_0.pb");
        QVERIFY(canonical(genesis));
        genesis[1] = static_cast<char>(genesis[1] + 2);
        genesis.insert(2, Bytes("\x08\x00", 2));
        QVERIFY(!canonical(genesis));
    }

    void blocksWithoutPlaceAreNotAsked() {
        QVERIFY(verify::isCanonical(sourced(blockOf("ledger/blocks/block_100.pb").block)));
    }

    void hollowBlocks() {
        for (const Bytes& bytes :
             {Bytes(), Bytes("\x0a\x00", 2), Bytes("\x0a\x02\x08\x05\x12\x00\x1a\x00", 8),
              Bytes("\x1a\x00", 2), Bytes("\x0a\x05\x12\x01x\x1a\x00", 7)}) {
            const auto block = protocol::Block::parse(bytes);
            if (block.ok()) (void)verify::isCanonical({*block, "block", 0, bytes.size()});
        }
    }
};

CHANCERY_TEST(ContainerTest)
#include "ContainerTest.moc"
