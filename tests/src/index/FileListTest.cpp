#include "src/index/FileList.h"

#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using chancery::test::vectorPath;
using index::ListedFile;

class FileListTest : public QObject {
    Q_OBJECT
private slots:
    void listsInTheOrderOfTheBlocks();
    void tellsGrowthFromChange();
};

void FileListTest::listsInTheOrderOfTheBlocks() {
    const auto files =
        index::listFiles({vectorPath("ledger/crafted"), vectorPath("ledger/blocks")});
    VERIFY_OK(files);
    QCOMPARE(files->front().path.filename().string(), std::string("block_0.pb"));
    QCOMPARE((*files)[9].path.filename().string(), std::string("block_9.pb"));
    QVERIFY(files->size() > 278);
    QCOMPARE((*files)[278].path.filename().string(), std::string("block_278.pb"));
    QVERIFY(index::goOn(*files, *files));
    QCOMPARE(reasonOf(index::listFiles({"/no/such/file"}).status()), std::string("NO_SUCH_FILE"));
}

void FileListTest::tellsGrowthFromChange() {
    const ListedFile first{"/a/blockfile_000000", 100, 1, "head of the file"};
    const ListedFile second{"/a/blockfile_000001", 50, 2, "head"};
    const auto with = [](ListedFile file, std::uint64_t size, std::int64_t changed,
                         const Bytes& head) {
        file.size = size;
        file.changed = changed;
        file.head = head;
        return file;
    };
    QVERIFY(index::goOn({}, {first}));
    QVERIFY(index::goOn({first}, {first, second}));
    QVERIFY(index::goOn({first, second}, {first, with(second, 60, 3, "head and more")}));
    // Not the last one, smaller, another beginning, only another time, gone, in another place.
    QVERIFY(!index::goOn({first, second}, {with(first, 101, 2, first.head), second}));
    QVERIFY(!index::goOn({first}, {with(first, 99, 2, first.head)}));
    QVERIFY(!index::goOn({first}, {with(first, 101, 2, "other head")}));
    QVERIFY(!index::goOn({first}, {with(first, 100, 2, first.head)}));
    QVERIFY(!index::goOn({first, second}, {first}));
    QVERIFY(!index::goOn({first}, {second}));
    // A compressed file is another one as soon as anything is added.
    const Bytes gzip("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03 and more bytes of it", 30);
    QVERIFY(!index::goOn({with(first, 100, 1, gzip)}, {with(first, 120, 2, gzip)}));
}

CHANCERY_TEST(FileListTest)
#include "FileListTest.moc"
