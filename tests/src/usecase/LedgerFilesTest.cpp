#include "src/usecase/LedgerFiles.h"

#include "src/protocol/BlockFile.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::usecase;
using chancery::test::vectorPath;

class LedgerFilesTest : public QObject {
    Q_OBJECT
private slots:
    void severalPlacesAreOneChain();
    void progressReachesTheEnd();
    void snapshotsAreTold();
    void whatIsNotThere();
};

namespace {

std::vector<BlockNumber> numbersOf(protocol::BlockSource& source) {
    std::vector<BlockNumber> numbers;
    for (;;) {
        const auto block = source.next();
        if (!block.ok() || !*block) return numbers;
        numbers.push_back((*block)->block.number());
    }
}

}  // namespace

void LedgerFilesTest::severalPlacesAreOneChain() {
    // Given in any order, read in the order of their blocks.
    const auto source = openLedger({vectorPath("ledger/crafted"), vectorPath("ledger/blocks")});
    VERIFY_OK(source);
    const std::vector<BlockNumber> numbers = numbersOf(**source);
    QCOMPARE(numbers.size(), std::size_t{286});
    for (std::size_t i = 0; i < numbers.size(); ++i) QCOMPARE(numbers[i], BlockNumber{i});
}

void LedgerFilesTest::progressReachesTheEnd() {
    for (const char* second : {"ledger/crafted", "ledger/crafted/block_278.pb"}) {
        const auto source =
            openLedger({vectorPath("ledger/peer_blockfile_000000"), vectorPath(second)});
        VERIFY_OK(source);
        QVERIFY((*source)->bytesDone() < (*source)->bytesTotal());
        numbersOf(**source);
        QCOMPARE((*source)->bytesDone(), (*source)->bytesTotal());
    }
}

void LedgerFilesTest::snapshotsAreTold() {
    QVERIFY(isSnapshotFolder(vectorPath("ledger/snapshot_277")));
    for (const char* path : {"ledger/blocks", "ledger/crafted/block_278.pb", "nothing"})
        QVERIFY2(!isSnapshotFolder(vectorPath(path)), path);
}

void LedgerFilesTest::whatIsNotThere() {
    QCOMPARE(reasonOf(openLedger({vectorPath("nothing")}).status()), std::string("NO_SUCH_FILE"));
    // One wrong path among good ones is not passed over.
    QCOMPARE(
        reasonOf(openLedger({vectorPath("ledger/blocks"), vectorPath("ledger/nothing")}).status()),
        std::string("NO_SUCH_FILE"));
}

CHANCERY_TEST(LedgerFilesTest)
#include "LedgerFilesTest.moc"
