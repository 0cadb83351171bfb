#include <random>

#include "node/ledger/BlockStore.h"
#include "src/base/File.h"
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

/// What may stand at the end of a file after a crash, or after somebody's hand.
class TailTest : public QObject {
    Q_OBJECT

    struct Image {
        fs::path folder, file;
        Bytes bytes;
        std::vector<std::uint64_t> ends;  // behind each block
        std::vector<protocol::Block> blocks;
    };
    static Image makeImage(std::size_t count, std::size_t envelopeBytes) {
        Image image;
        image.folder = freshFolder();
        image.blocks = smallChain(count, envelopeBytes);
        auto store = BlockStore::open(image.folder).value();
        image.file = image.folder / protocol::ledgerFileName(0);
        for (const auto& block : image.blocks) {
            if (!store->append(block).ok()) throw std::runtime_error("append");
            image.ends.push_back(fs::file_size(image.file));
        }
        image.bytes = *readFile(image.file);
        return image;
    }
    static void put(const Image& image, const Bytes& bytes) {
        fs::remove(image.file);  // rewriting a file in place would be synced by the file system
        std::FILE* out = std::fopen(image.file.c_str(), "wb");
        if (std::fwrite(bytes.data(), 1, bytes.size(), out) != bytes.size() ||
            std::fclose(out) != 0)
            throw std::runtime_error("write");
    }
    static std::size_t goodBlocks(const Image& image, std::uint64_t size) {
        std::size_t count = 0;
        while (count < image.ends.size() && image.ends[count] <= size) ++count;
        return count;
    }
    /// Opens to a prefix of the chain of at least `atLeast` blocks and takes the next one, or
    /// refuses with file and offset when it may.
    static void check(const Image& image, std::size_t atLeast, std::size_t atMost, bool mayRefuse) {
        static test::FaultyDisk disk;
        auto store = BlockStore::open(image.folder, {.disk = &disk});
        if (!store.ok()) {
            QVERIFY2(mayRefuse, store.status().ToString().c_str());
            QCOMPARE(argumentOf(store.status(), "file"), image.file.string());
            QVERIFY(!argumentOf(store.status(), "offset").empty());
            return;
        }
        const auto height = static_cast<std::size_t>((*store)->height());
        QVERIFY2(height >= atLeast && height <= atMost, fmt::format("{}", height).c_str());
        for (std::size_t n = 0; n < height; ++n) {
            const auto block = (*store)->read(n);
            VERIFY_OK(block);
            QCOMPARE(block->header().der(), image.blocks[n].header().der());
            QVERIFY(block->envelopes() == image.blocks[n].envelopes());
        }
        for (std::size_t n = height; n < image.blocks.size(); ++n)
            VERIFY_OK((*store)->append(image.blocks[n]));
    }

private slots:
    void cutAtEveryByte() {
        const Image image = makeImage(5, 20);
        for (std::size_t size = 0; size <= image.bytes.size(); ++size) {
            put(image, image.bytes.substr(0, size));
            const std::size_t good = goodBlocks(image, size);
            {
                test::FaultyDisk disk;
                const auto store = BlockStore::open(image.folder, {.disk = &disk});
                VERIFY_OK(store);
                const std::uint64_t whole =
                    good == 0 ? protocol::kLedgerFileHeaderBytes : image.ends[good - 1];
                const bool isWhole = size == whole;
                QCOMPARE((*store)->repair().has_value(), !isWhole);
                if (size > whole) {
                    QCOMPARE((*store)->repair()->offset, whole);
                    QCOMPARE((*store)->repair()->bytes, size - whole);
                    QVERIFY(!(*store)->repair()->why.empty());
                }
            }
            check(image, good, good, false);
        }
    }

    void filledTails_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("zeros") << 0;
        QTest::newRow("ones") << 1;
        QTest::newRow("random") << 2;
        QTest::newRow("own older bytes") << 3;
        QTest::newRow("zeros and more of them") << 4;
        QTest::newRow("garbage behind the end") << 5;
    }
    void filledTails() {
        QFETCH(int, kind);
        const Image image = makeImage(5, 20);
        std::mt19937 random(7);
        const auto fill = [&](std::size_t from, std::size_t size) {
            Bytes out;
            for (std::size_t i = 0; i < size; ++i) {
                switch (kind) {
                    case 1:
                        out.push_back('\xFF');
                        break;
                    case 2:
                    case 5:
                        out.push_back(static_cast<char>(random()));
                        break;
                    case 3:
                        out.push_back(image.bytes[(from + i) % image.ends[1]]);
                        break;
                    default:
                        out.push_back('\0');
                }
            }
            return out;
        };
        for (std::size_t at = image.ends[1]; at <= image.bytes.size(); ++at) {
            const std::size_t tail = kind >= 4 ? 1093 : image.bytes.size() - at;
            put(image, image.bytes.substr(0, at) + fill(at, tail));
            check(image, goodBlocks(image, at), image.blocks.size(), false);
        }
    }

    void swappedSectors() {
        // Blocks smaller and larger than a sector.
        for (const std::size_t envelope : {300, 6000}) {
            const Image image = makeImage(envelope == 300 ? 60 : 8, envelope);
            constexpr std::size_t kSector = 4096;
            const std::size_t sectors = (image.bytes.size() + kSector - 1) / kSector;
            Bytes padded = image.bytes;
            padded.resize(sectors * kSector, '\0');
            for (std::size_t a = 0; a < sectors; ++a)
                for (std::size_t b = a + 1; b < sectors; ++b) {
                    Bytes mixed = padded;
                    std::swap_ranges(mixed.begin() + static_cast<std::ptrdiff_t>(a * kSector),
                                     mixed.begin() + static_cast<std::ptrdiff_t>((a + 1) * kSector),
                                     mixed.begin() + static_cast<std::ptrdiff_t>(b * kSector));
                    put(image, mixed);
                    check(image, goodBlocks(image, a * kSector), image.blocks.size(), true);
                }
        }
    }

    void everyFlippedByte() {
        const Image image = makeImage(4, 20);
        const std::size_t lastFrame = image.ends[2];
        for (std::size_t at = 0; at < image.bytes.size(); ++at) {
            Bytes flipped = image.bytes;
            flipped[at] = static_cast<char>(flipped[at] ^ 0x20);
            put(image, flipped);
            // In the last frame it looks like a block that was not finished. Before, it is damage.
            // The last four bytes of the header mean nothing.
            const bool isLast = at >= lastFrame;
            const bool isPadding = at >= 36 && at < 40;
            {
                test::FaultyDisk disk;
                const auto store = BlockStore::open(image.folder, {.disk = &disk});
                if (isLast) {
                    VERIFY_OK(store);
                    QCOMPARE((*store)->height(), BlockNumber{3});
                } else if (isPadding) {
                    VERIFY_OK(store);
                    QCOMPARE((*store)->height(), BlockNumber{4});
                } else {
                    QVERIFY(!store.ok());
                    QVERIFY2(reasonOf(store.status()) == "BAD_LEDGER_FILE",
                             store.status().ToString().c_str());
                    QCOMPARE(argumentOf(store.status(), "file"), image.file.string());
                    // Of the file's header only the whole can be judged.
                    QVERIFY(std::stoull(argumentOf(store.status(), "offset")) <=
                            std::max(at, protocol::kLedgerFileHeaderBytes));
                }
            }
            // Tools tell it as well, and never crash.
            put(image, flipped);
            const auto source = protocol::openBlocks(image.file);
            std::size_t count = 0;
            Status end;
            for (; source.ok(); ++count) {
                const auto next = (*source)->next();
                end = next.status();
                if (!next.ok() || !*next) break;
            }
            if (!isPadding) QVERIFY2(!end.ok(), fmt::format("byte {}", at).c_str());
        }
    }

    void damageInOlderFilesIsFoundWhenItIsRead() {
        const fs::path folder = freshFolder();
        const auto blocks = smallChain(20, 300);
        {
            auto store = BlockStore::open(folder, {.maxFileBytes = 2000}).value();
            for (const auto& block : blocks) VERIFY_OK(store->append(block));
        }
        const fs::path first = folder / protocol::ledgerFileName(0);
        Bytes bytes = *readFile(first);
        const Bytes whole = bytes;
        bytes[600] = static_cast<char>(bytes[600] ^ 1);
        VERIFY_OK(writeFileAtomically(first, bytes));
        auto store = BlockStore::open(folder).value();
        QCOMPARE(store->height(), BlockNumber{20});
        std::size_t bad = 0;
        for (BlockNumber n = 0; n < 20; ++n) {
            const auto block = store->read(n);
            if (block.ok()) continue;
            ++bad;
            QCOMPARE(reasonOf(block.status()), std::string("BAD_LEDGER_FILE"));
            QCOMPARE(argumentOf(block.status(), "file"), first.string());
        }
        QCOMPARE(bad, std::size_t{1});
        store.reset();
        // A file that lacks its end.
        VERIFY_OK(writeFileAtomically(first, whole.substr(0, whole.size() - 10)));
        store = BlockStore::open(folder).value();
        QCOMPARE(reasonOf(store->read(0).status()), std::string("BAD_LEDGER_FILE"));
    }

    void aBlockCannotPassForAnother() {
        // A transaction that holds a whole frame of the same file's format, in a torn block.
        const fs::path folder = freshFolder();
        const auto blocks = smallChain(3);
        const Bytes frame = protocol::encodeLedgerFrame({0, 0}, smallChain(9)[8]);
        auto store = BlockStore::open(folder).value();
        VERIFY_OK(store->append(blocks[0]));
        const auto file = folder / protocol::ledgerFileName(0);
        const auto end = fs::file_size(file);
        Bytes previous = blocks[0].header().hash();
        VERIFY_OK(store->append(protocol::Block(nullptr, {1, previous, "h"}, {BytesView(frame)},
                                                std::vector<BytesView>(5))));
        store.reset();
        Bytes bytes = *readFile(file);
        bytes.pop_back();
        VERIFY_OK(writeFileAtomically(file, bytes));
        store = BlockStore::open(folder).value();
        QCOMPARE(store->height(), BlockNumber{1});
        QCOMPARE(store->repair()->offset, end);
    }
};

CHANCERY_TEST(TailTest)
#include "TailTest.moc"
