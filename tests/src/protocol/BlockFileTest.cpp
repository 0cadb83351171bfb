#include "src/protocol/BlockFile.h"

#include <fmt/format.h>

#include <zlib.h>

#include <QTemporaryDir>
#include <filesystem>

#include "src/base/File.h"
#include "src/protocol/BlockBuilder.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::protocol;
namespace fs = std::filesystem;

namespace {

struct Read {
    std::vector<SourcedBlock> blocks;
    Status end;  ///< OK at the end of the source
};

Read readAll(BlockSource& source) {
    Read out;
    std::uint64_t done = 0;
    while (true) {
        auto block = source.next();
        if (source.bytesDone() < done || source.bytesDone() > source.bytesTotal())
            throw std::runtime_error("progress goes wrong");
        done = source.bytesDone();
        if (!block.ok()) {
            out.end = block.status();
            if (source.next().status() != out.end) throw std::runtime_error("errors must stay");
            return out;
        }
        if (!*block) {
            if (done != source.bytesTotal()) throw std::runtime_error("progress must end at all");
            return out;
        }
        out.blocks.push_back(*std::move(*block));
    }
}

Read readPath(const fs::path& path) {
    auto source = openBlocks(path);
    if (!source.ok()) return {{}, source.status()};
    return readAll(**source);
}

Read readBytes(Bytes bytes, const std::string& name = "blockfile_000000") {
    auto source = openBlockBytes(name, SharedBytes(std::move(bytes)));
    if (!source.ok()) return {{}, source.status()};
    return readAll(**source);
}

Bytes vectorBlock(std::size_t number) {
    return test::vectorFile(fmt::format("ledger/blocks/block_{}.pb", number));
}

/// The first blocks of the peer's raw file.
Bytes someRecords(std::size_t count) {
    Bytes out;
    for (std::size_t i = 0; i < count; ++i)
        out += encodeBlockRecord(Block::parse(vectorBlock(i)).value());
    return out;
}

Bytes gzipped(const Bytes& content) {
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    Bytes out(deflateBound(&stream, content.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
    stream.avail_in = static_cast<uInt>(content.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

}  // namespace

class BlockFileTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_count = 0;

    fs::path fresh() {
        const fs::path path =
            fs::path(m_folder.path().toStdString()) / fmt::format("case{}", m_count++);
        fs::create_directory(path);
        return path;
    }

private slots:
    void rawFileOfThePeer() {
        const Read read = readPath(test::vectorPath("ledger/peer_blockfile_000000"));
        QVERIFY2(read.end.ok(), read.end.ToString().c_str());
        QCOMPARE(read.blocks.size(), test::facts()["chain"]["blocks"].size());
        const Bytes raw = test::vectorFile("ledger/peer_blockfile_000000");
        Bytes rewritten;
        for (std::size_t i = 0; i < read.blocks.size(); ++i) {
            QCOMPARE(read.blocks[i].block.serialize(), vectorBlock(i));
            const Bytes record = encodeBlockRecord(read.blocks[i].block);
            QCOMPARE(raw.substr(read.blocks[i].offset, read.blocks[i].size),
                     record.substr(record.size() - read.blocks[i].size));
            rewritten += record;
        }
        QVERIFY(rewritten == raw);
    }

    void rawFileOfTheOrderer() {
        const Read read = readPath(test::vectorPath("ledger/orderer_blockfile_000000.gz"));
        QVERIFY2(read.end.ok(), read.end.ToString().c_str());
        QCOMPARE(read.blocks.size(), test::facts()["chain"]["blocks"].size());
        for (std::size_t i = 0; i < read.blocks.size(); ++i) {
            const Block ours = Block::parse(vectorBlock(i)).value();
            const Block& theirs = read.blocks[i].block;
            QCOMPARE(theirs.header().der(), ours.header().der());
            QVERIFY(theirs.envelopes() == ours.envelopes());
            QVERIFY(theirs.validationCodes().empty());
            QVERIFY(theirs.commitHash().value().empty());
            QCOMPARE(theirs.lastConfig().value(), ours.lastConfig().value());
        }
    }

    void folderOfSingleBlocks() {
        const Read read = readPath(test::vectorPath("ledger/blocks"));
        QVERIFY2(read.end.ok(), read.end.ToString().c_str());
        QCOMPARE(read.blocks.size(), std::size_t{278});
        for (std::size_t i = 0; i < read.blocks.size(); ++i) {
            QCOMPARE(read.blocks[i].block.number(), i);
            QVERIFY(read.blocks[i].file.ends_with(fmt::format("/block_{}.pb", i)));
        }
    }

    void singleFile() {
        const Read read = readPath(test::vectorPath("config/genesis_tradechannel.block"));
        QVERIFY(read.end.ok());
        QCOMPARE(read.blocks.size(), std::size_t{1});
        QCOMPARE(read.blocks[0].size, test::vectorFile("config/genesis_tradechannel.block").size());
        QCOMPARE(read.blocks[0].offset, std::uint64_t{0});
    }

    void folderInAnyOrderAndCompressed() {
        const fs::path folder = fresh();
        QVERIFY(writeNewFile(folder / "zz.block", vectorBlock(0)).ok());
        QVERIFY(writeNewFile(folder / "aa.block", vectorBlock(2)).ok());
        QVERIFY(writeNewFile(folder / "notes.txt", "no block").ok());
        QVERIFY(writeNewFile(folder / ".hidden.pb", "no block").ok());
        fs::create_directory(folder / "sub.pb");
        fs::create_symlink(folder / "zz.block", folder / "link.block");
        // The same block once more, as a fetch of "config" gives it.
        QVERIFY(writeNewFile(folder / "config.block", vectorBlock(2)).ok());
        const auto one = Block::parse(vectorBlock(1));
        QVERIFY(writeNewFile(folder / "mid.pb.gz", gzipped(one->serialize())).ok());
        const Read read = readPath(folder);
        QVERIFY2(read.end.ok(), read.end.ToString().c_str());
        QCOMPARE(read.blocks.size(), std::size_t{3});
        for (std::size_t i = 0; i < 3; ++i) QCOMPARE(read.blocks[i].block.number(), i);
        QVERIFY(read.blocks[1].file.ends_with("mid.pb.gz"));
    }

    void foldersThatAreRefused() {
        const fs::path empty = fresh();
        QCOMPARE(reasonOf(readPath(empty).end), std::string("NO_BLOCKS"));
        QCOMPARE(reasonOf(readPath(empty / "missing").end), std::string("NO_SUCH_FILE"));
        QVERIFY(writeNewFile(empty / "empty", "").ok());
        QCOMPARE(reasonOf(readPath(empty / "empty").end), std::string("NO_BLOCKS"));

        const fs::path mixed = fresh();
        QVERIFY(writeNewFile(mixed / "blockfile_000000", someRecords(1)).ok());
        QVERIFY(writeNewFile(mixed / "block_1.pb", vectorBlock(1)).ok());
        QCOMPARE(reasonOf(readPath(mixed).end), std::string("MIXED_FOLDER"));

        const fs::path twice = fresh();
        QVERIFY(writeNewFile(twice / "a.pb", vectorBlock(1)).ok());
        QVERIFY(writeNewFile(twice / "b.pb", buildBlock(1, "other", {"e"}).serialize()).ok());
        const Status status = readPath(twice).end;
        QCOMPARE(reasonOf(status), std::string("DUPLICATE_BLOCK"));
        QCOMPARE(argumentOf(status, "number"), std::string("1"));
        // The vectors' folder has no block files under the names that nodes give.
        QCOMPARE(reasonOf(readPath(test::vectorPath("ledger")).end), std::string("NO_BLOCKS"));
    }

    void unreadableFileInAFolderComesLast() {
        const fs::path folder = fresh();
        QVERIFY(writeNewFile(folder / "a.pb", "\xff\xff").ok());
        QVERIFY(writeNewFile(folder / "b.pb", vectorBlock(0)).ok());
        const Read read = readPath(folder);
        QCOMPARE(read.blocks.size(), std::size_t{1});
        QCOMPARE(reasonOf(read.end), std::string("MALFORMED_PROTOBUF"));
        QVERIFY(argumentOf(read.end, "file").ends_with("a.pb"));
    }

    void writersAndReadersAgree() {
        const fs::path folder = fresh();
        BlockFileWriter writer(folder, 100'000);
        for (std::size_t i = 0; i < 60; ++i)
            QVERIFY(writer.append(Block::parse(vectorBlock(i)).value()).ok());
        QVERIFY(writer.finish().ok());
        QVERIFY(fs::exists(folder / "blockfile_000002"));
        for (const auto& entry : fs::directory_iterator(folder))
            QVERIFY(entry.file_size() <= 100'000);
        const Read read = readPath(folder);
        QVERIFY2(read.end.ok(), read.end.ToString().c_str());
        QCOMPARE(read.blocks.size(), std::size_t{60});
        for (std::size_t i = 0; i < 60; ++i)
            QCOMPARE(read.blocks[i].block.serialize(), vectorBlock(i));
        BlockFileWriter again(folder);
        QVERIFY(again.append(read.blocks[0].block).ok());
        QCOMPARE(again.finish().code(), StatusCode::kAlreadyExists);

        const fs::path single = fresh();
        QVERIFY(writeSingleBlock(single, read.blocks[3].block).ok());
        QCOMPARE(readFile(single / "block_3.pb").value(), vectorBlock(3));
        QCOMPARE(writeSingleBlock(single, read.blocks[3].block).code(), StatusCode::kAlreadyExists);
    }

    /// Incident W1 of the abuse list: a peer reads zero bytes as blocks, and garbage as whatever it
    /// looks like.
    void damagedTails_data() {
        QTest::addColumn<QByteArray>("tail");
        QTest::addColumn<QString>("reason");
        QTest::newRow("one zero") << QByteArray(1, '\0') << "ZERO_TAIL";
        QTest::newRow("1093 zeros") << QByteArray(1093, '\0') << "ZERO_TAIL";
        QTest::newRow("zeros, then something") << QByteArray(10, '\0') + "x"
                                               << "BAD_BLOCK_FILE";
        QTest::newRow("0xFF") << QByteArray(64, '\xff') << "BAD_BLOCK_FILE";
        QTest::newRow("short 0xFF") << QByteArray(4, '\xff') << "TORN_TAIL";
        QTest::newRow("length only") << QByteArray("\x7f") << "TORN_TAIL";
        QTest::newRow("garbled record") << QByteArray("\x03\x80\x80\x80") << "BAD_BLOCK_FILE";
        QTest::newRow("count beyond the record")
            << QByteArray("\x08\x01\x00\x00\xff\xff\xff\x7f\x00", 9) << "BAD_BLOCK_FILE";
        QTest::newRow("bytes behind a block")
            << QByteArray("\x06\x01\x00\x00\x00\x00\x07", 7) << "BAD_BLOCK_FILE";
    }
    void damagedTails() {
        QFETCH(QByteArray, tail);
        QFETCH(QString, reason);
        const Bytes good = someRecords(5);
        const Read read = readBytes(good + tail.toStdString());
        QCOMPARE(read.blocks.size(), std::size_t{5});
        QCOMPARE(QString::fromStdString(reasonOf(read.end)), reason);
        QCOMPARE(read.end.code(), StatusCode::kDataLoss);
        QCOMPARE(argumentOf(read.end, "file"), std::string("blockfile_000000"));
        QVERIFY(std::stoull(argumentOf(read.end, "offset")) >= good.size());
    }

    /// A file cut anywhere gives the whole blocks before the cut, then a torn tail or a clean end.
    void cutAtEveryByteOfTheLastBlocks() {
        const Bytes all = someRecords(4);
        const std::size_t from = someRecords(1).size();
        std::vector<std::size_t> ends;
        for (std::size_t i = 1; i <= 4; ++i) ends.push_back(someRecords(i).size());
        for (std::size_t size = from; size < all.size(); ++size) {
            const Read read = readBytes(all.substr(0, size));
            const auto whole = static_cast<std::size_t>(std::count_if(
                ends.begin(), ends.end(), [&](std::size_t end) { return end <= size; }));
            QCOMPARE(read.blocks.size(), whole);
            const bool clean = ends[whole - 1] == size;
            QCOMPARE(reasonOf(read.end), std::string(clean ? "" : "TORN_TAIL"));
            if (!clean) QCOMPARE(argumentOf(read.end, "offset"), fmt::to_string(ends[whole - 1]));
        }
    }

    void kindIsFoundByContent() {
        QCOMPARE(readBytes(someRecords(2), "any name").blocks.size(), std::size_t{2});
        QCOMPARE(readBytes(vectorBlock(4), "blockfile_000007").blocks.size(), std::size_t{1});
        QCOMPARE(reasonOf(readBytes("neither", "any name").end), std::string("MALFORMED_PROTOBUF"));
        QCOMPARE(reasonOf(readBytes("\x1f\x8b\x08 broken", "x").end), std::string("BAD_ARCHIVE"));
        QCOMPARE(reasonOf(readBytes("\x1f\x8b\x08", "x").end), std::string("TRUNCATED"));
        const Bytes whole = gzipped(vectorBlock(4));
        QCOMPARE(reasonOf(readBytes(whole.substr(0, whole.size() / 2), "x").end),
                 std::string("TRUNCATED"));
    }

    void compressionBombsAreRefused() {
        const Read read = readBytes(gzipped(Bytes(8U << 20, '\0')), "bomb.gz");
        QCOMPARE(reasonOf(read.end), std::string("UNPACKS_TOO_LARGE"));
    }
};

CHANCERY_TEST(BlockFileTest)
#include "BlockFileTest.moc"
