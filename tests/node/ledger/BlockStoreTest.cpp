#include "node/ledger/BlockStore.h"

#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "src/base/File.h"
#include "src/protocol/BlockBuilder.h"
#include "src/protocol/BlockFile.h"
#include "src/protocol/LedgerFile.h"
#include "tests/node/ledger/FaultyDisk.h"
#include "tests/node/ledger/SmallChain.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using test::freshFolder;
using test::smallChain;
namespace fs = std::filesystem;

namespace {

std::unique_ptr<BlockStore> opened(const fs::path& folder, const BlockStoreOptions& options = {}) {
    auto store = BlockStore::open(folder, options);
    if (!store.ok()) throw std::runtime_error(store.status().ToString());
    return *std::move(store);
}

void appendAll(BlockStore& store, const std::vector<protocol::Block>& blocks) {
    for (const auto& block : blocks)
        if (Status status = store.append(block); !status.ok())
            throw std::runtime_error(status.ToString());
}

std::size_t ledgerFiles(const fs::path& folder) {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(folder))
        count += protocol::ledgerFileFirstBlock(entry.path().filename().string()) ? 1 : 0;
    return count;
}

}  // namespace

class BlockStoreTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsAppendedIsThereAgain() {
        const fs::path folder = freshFolder() / "deep" / "ledger";
        const auto blocks = smallChain(50);
        {
            auto store = opened(folder);
            QCOMPARE(store->height(), BlockNumber{0});
            QCOMPARE(store->firstBlock(), BlockNumber{0});
            QVERIFY(store->lastHash().empty());
            QCOMPARE(reasonOf(store->read(0).status()), std::string("NO_SUCH_BLOCK"));
            appendAll(*store, blocks);
            QCOMPARE(store->height(), BlockNumber{50});
        }
        auto store = opened(folder);
        QVERIFY(!store->repair());
        QCOMPARE(store->height(), BlockNumber{50});
        QCOMPARE(store->lastHash(), blocks.back().header().hash());
        for (const auto& block : blocks) {
            const auto read = store->read(block.number());
            VERIFY_OK(read);
            QCOMPARE(read->serialize(), block.serialize());
        }
        QCOMPARE(reasonOf(store->read(50).status()), std::string("NO_SUCH_BLOCK"));
        QCOMPARE(fs::status(folder).permissions() & fs::perms::others_all, fs::perms::none);
    }

    void filesRollAndOldOnesCannotBeWritten() {
        const fs::path folder = freshFolder();
        const auto blocks = smallChain(60, 300);
        const BlockStoreOptions options{.maxFileBytes = 2000};
        {
            auto store = opened(folder, options);
            appendAll(*store, {blocks.begin(), blocks.begin() + 40});
            for (const auto& block : blocks) {
                if (block.number() >= 40) break;
                QCOMPARE(store->read(block.number())->serialize(), block.serialize());
            }
        }
        QVERIFY(ledgerFiles(folder) > 5);
        auto store = opened(folder, options);
        appendAll(*store, {blocks.begin() + 40, blocks.end()});
        for (const auto& block : blocks)
            QCOMPARE(store->read(block.number())->serialize(), block.serialize());
        std::size_t writable = 0;
        for (const auto& entry : fs::directory_iterator(folder)) {
            if (!protocol::ledgerFileFirstBlock(entry.path().filename().string())) continue;
            QVERIFY(entry.file_size() <= 2000);
            writable +=
                (entry.status().permissions() & fs::perms::owner_write) != fs::perms::none ? 1 : 0;
        }
        QCOMPARE(writable, std::size_t{1});
    }

    void aBlockLargerThanAFileHasOneOfItsOwn() {
        const fs::path folder = freshFolder();
        const auto blocks = smallChain(4, 5000);
        auto store = opened(folder, {.maxFileBytes = 100});
        appendAll(*store, blocks);
        QCOMPARE(ledgerFiles(folder), std::size_t{4});
        store.reset();
        QCOMPARE(opened(folder)->height(), BlockNumber{4});
    }

    void onlyTheNextBlockIsTaken() {
        const auto blocks = smallChain(4);
        auto store = opened(freshFolder());
        QCOMPARE(reasonOf(store->append(blocks[1])), std::string("BLOCK_OUT_OF_ORDER"));
        appendAll(*store, {blocks[0], blocks[1]});
        QCOMPARE(reasonOf(store->append(blocks[1])), std::string("BLOCK_OUT_OF_ORDER"));
        QCOMPARE(reasonOf(store->append(blocks[3])), std::string("BLOCK_OUT_OF_ORDER"));
        const auto foreign = protocol::buildBlock(2, "another", {"x"});
        QCOMPARE(reasonOf(store->append(foreign)), std::string("BROKEN_CHAIN"));
        VERIFY_OK(store->append(blocks[2]));
    }

    void aStoreMayBeginBehindASnapshot() {
        const fs::path folder = freshFolder();
        const auto blocks = smallChain(9);
        const BlockStoreOptions options{.firstBlock = 5, .previousHash = blocks[4].header().hash()};
        {
            auto store = opened(folder, options);
            QCOMPARE(store->height(), BlockNumber{5});
            QCOMPARE(store->firstBlock(), BlockNumber{5});
            QCOMPARE(store->lastHash(), blocks[4].header().hash());
            QCOMPARE(reasonOf(store->append(protocol::buildBlock(5, "foreign", {"x"}))),
                     std::string("BROKEN_CHAIN"));
            appendAll(*store, {blocks.begin() + 5, blocks.end()});
        }
        auto store = opened(folder, options);
        QCOMPARE(store->height(), BlockNumber{9});
        QCOMPARE(store->firstBlock(), BlockNumber{5});
        QCOMPARE(reasonOf(store->read(4).status()), std::string("NO_SUCH_BLOCK"));
        QCOMPARE(store->read(5)->serialize(), blocks[5].serialize());
        store.reset();
        const auto foreign =
            BlockStore::open(folder, {.firstBlock = 5, .previousHash = "another hash"});
        QCOMPARE(reasonOf(foreign.status()), std::string("BROKEN_CHAIN"));
    }

    void aSecondStoreOnTheSameFolderIsRefused() {
        const fs::path folder = freshFolder();
        auto store = opened(folder);
        QCOMPARE(reasonOf(BlockStore::open(folder).status()), std::string("IN_USE"));
        store.reset();
        VERIFY_OK(BlockStore::open(folder));
    }

    void listenersAreTold() {
        const auto blocks = smallChain(4);
        auto store = opened(freshFolder());
        std::vector<BlockNumber> heard;
        Subscription subscription;
        subscription = store->onAppend([&](BlockNumber height) {
            heard.push_back(height);
            if (!store->read(height - 1).ok()) heard.push_back(999);
            if (height == 3) subscription.reset();
        });
        appendAll(*store, blocks);
        QVERIFY((heard == std::vector<BlockNumber>{1, 2, 3}));
    }

    void readersSeeBlocksAtOnce() {
        const auto blocks = smallChain(400, 200);
        auto store = opened(freshFolder(), {.maxFileBytes = 4000});
        std::atomic<int> wrong{0};
        std::vector<std::thread> readers;
        for (int r = 0; r < 3; ++r)
            readers.emplace_back([&, r] {
                std::size_t at = static_cast<std::size_t>(r);
                for (;;) {
                    const BlockNumber height = store->height();
                    if (height == blocks.size()) return;
                    if (height == 0) continue;
                    at = (at * 31 + 7) % height;
                    const auto block = store->read(at);
                    if (!block.ok() || block->number() != at) ++wrong;
                }
            });
        appendAll(*store, blocks);
        for (auto& reader : readers) reader.join();
        QCOMPARE(wrong.load(), 0);
    }

    void toolsReadWhileANodeAppends() {
        const fs::path folder = freshFolder();
        const auto blocks = smallChain(30, 300);
        auto store = opened(folder, {.maxFileBytes = 3000});
        for (const auto& block : blocks) {
            VERIFY_OK(store->append(block));
            const auto source = protocol::openBlocks(folder);
            VERIFY_OK(source);
            BlockNumber number = 0;
            for (;; ++number) {
                const auto next = (*source)->next();
                VERIFY_OK(next);
                if (!*next) break;
                QCOMPARE((*next)->block.serialize(), blocks[number].serialize());
                // What the index keeps of a block is enough to find it again.
                const auto again = readFileRange((*next)->file, (*next)->offset, (*next)->size);
                VERIFY_OK(again);
                QCOMPARE(protocol::decodeBlockRecord(protocol::SharedBytes(*again))->serialize(),
                         blocks[number].serialize());
            }
            QCOMPARE(number, block.number() + 1);
        }
        // A block whose header is not written yet.
        store.reset();
        const auto newest =
            folder / protocol::ledgerFileName([&] {
                BlockNumber last = 0;
                for (const auto& entry : fs::directory_iterator(folder))
                    if (auto n = protocol::ledgerFileFirstBlock(entry.path().filename().string()))
                        last = std::max(last, *n);
                return last;
            }());
        Bytes content = *readFile(newest);
        content += Bytes(24, '\0') + "a part of a payload";
        fs::permissions(newest, fs::perms::owner_write, fs::perm_options::add);
        VERIFY_OK(writeFileAtomically(newest, content));
        const auto source = protocol::openBlocks(folder);
        std::size_t count = 0;
        for (;; ++count) {
            const auto next = (*source)->next();
            VERIFY_OK(next);
            if (!*next) break;
        }
        QCOMPARE(count, blocks.size());
    }

    void everyFailureOfTheDiskIsToldAndNothingIsLost() {
        const auto blocks = smallChain(8, 400);
        int injections = 0;
        for (const int error : {EIO, ENOSPC}) {
            for (const bool onward : {false, true}) {
                for (std::int64_t at = 0;; ++at) {
                    const fs::path folder = freshFolder();
                    test::FaultyDisk disk;
                    disk.fail(at, error, onward);
                    const BlockStoreOptions options{.maxFileBytes = 1000, .disk = &disk};
                    BlockNumber acknowledged = 0;
                    bool clean = true;
                    {
                        auto store = BlockStore::open(folder, options);
                        clean = store.ok();
                        if (store.ok()) {
                            for (const auto& block : blocks) {
                                const Status status = (*store)->append(block);
                                clean = clean && status.ok();
                                if (!status.ok()) {
                                    const std::string reason = reasonOf(status);
                                    QVERIFY2(reason == "DISK_FULL" || reason == "STORE_IO_ERROR",
                                             status.ToString().c_str());
                                    QVERIFY(error == ENOSPC || reason == "STORE_IO_ERROR");
                                    // Final errors stay; a full disk may become free again.
                                    disk.heal();
                                    const Status again = (*store)->append(block);
                                    if (reason == "DISK_FULL")
                                        VERIFY_OK(again);
                                    else
                                        QCOMPARE(reasonOf(again), std::string("STORE_IO_ERROR"));
                                    if (!again.ok()) break;
                                }
                                acknowledged = block.number() + 1;
                                QCOMPARE((*store)->height(), acknowledged);
                            }
                        }
                        ++injections;
                    }
                    disk.heal();
                    auto store = BlockStore::open(folder, options);
                    VERIFY_OK(store);
                    QVERIFY((*store)->height() >= acknowledged);
                    QVERIFY((*store)->height() <= acknowledged + 1);
                    for (BlockNumber n = 0; n < (*store)->height(); ++n)
                        QCOMPARE((*store)->read(n)->serialize(), blocks[n].serialize());
                    for (BlockNumber n = (*store)->height(); n < blocks.size(); ++n)
                        VERIFY_OK((*store)->append(blocks[n]));
                    if (clean) break;
                }
            }
        }
        QVERIFY(injections > 100);
    }

    void aFullDiskLetsReadAndGoOn() {
        const auto blocks = smallChain(6, 400);
        test::FaultyDisk disk;
        disk.spareSyncs(true);
        const fs::path folder = freshFolder();
        auto store = opened(folder, {.disk = &disk});
        appendAll(*store, {blocks[0], blocks[1], blocks[2]});
        disk.fail(0, ENOSPC, true);
        for (int i = 0; i < 5; ++i) {
            QCOMPARE(reasonOf(store->append(blocks[3])), std::string("DISK_FULL"));
            QCOMPARE(store->height(), BlockNumber{3});
            VERIFY_OK(store->read(2));
        }
        disk.heal();
        appendAll(*store, {blocks[3], blocks[4], blocks[5]});
        store.reset();
        store = opened(folder);
        QVERIFY(!store->repair());
        QCOMPARE(store->height(), BlockNumber{6});
    }
};

CHANCERY_TEST(BlockStoreTest)
#include "BlockStoreTest.moc"
