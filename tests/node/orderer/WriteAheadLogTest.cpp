#include "node/orderer/WriteAheadLog.h"

#include "src/base/Crc32c.h"
#include "src/base/File.h"
#include "tests/node/orderer/OrderingNetwork.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;

/// What was acknowledged outlives the process, whatever is left of the file.
class WriteAheadLogTest : public QObject {
    Q_OBJECT
private slots:
    void keepsRecords();
    void passesOverWhatIsReleased();
    void severalFiles();
    void filesAreUsedAgain();
    void cutAtEveryByte();
    void flippedBytes();
    void damageBeforeTheEnd();
    void newerFormat();
    void missingRecords();
    void largeRecords();
    void goesOnBehindATornFrame();

private:
    using LogPtr = std::unique_ptr<WriteAheadLog>;
    static Result<LogPtr> open(const TestFolder& folder, std::uint64_t released = 0,
                               std::uint64_t fileBytes = 64 << 10) {
        return WriteAheadLog::open(folder.path() / "log", released, {nullptr, fileBytes});
    }
    static Status append(WriteAheadLog& log, const std::vector<std::string>& texts) {
        std::vector<WriteAheadLog::Entry> entries;
        for (const auto& text : texts) entries.push_back({text == "config", text});
        return log.append(entries).status();
    }
    static std::string contents(WriteAheadLog& log) {
        std::string text;
        for (const auto& record : log.takeReplay())
            text += fmt::format("{}:{}{} ", record.number, record.isConfig ? "!" : "",
                                record.bytes.substr(0, 8));
        return text;
    }
};

void WriteAheadLogTest::keepsRecords() {
    const TestFolder folder;
    {
        auto log = open(folder);
        VERIFY_OK(log);
        VERIFY_OK(append(**log, {"a", "b"}));
        VERIFY_OK(append(**log, {"config"}));
        VERIFY_OK(append(**log, {""}));
        QCOMPARE((*log)->next(), std::uint64_t(5));
    }
    auto log = open(folder);
    VERIFY_OK(log);
    QCOMPARE(contents(**log), std::string("1:a 2:b 3:!config 4: "));
    QVERIFY(!(*log)->torn());
    VERIFY_OK(append(**log, {"e"}));
    log->reset();
    auto again = open(folder);
    VERIFY_OK(again);
    QCOMPARE(contents(**again), std::string("1:a 2:b 3:!config 4: 5:e "));
}

void WriteAheadLogTest::passesOverWhatIsReleased() {
    const TestFolder folder;
    {
        auto log = open(folder);
        VERIFY_OK(log);
        VERIFY_OK(append(**log, {"a", "b", "c"}));
    }
    for (std::uint64_t released = 0; released <= 5; ++released) {
        auto log = open(folder, released);
        VERIFY_OK(log);
        QCOMPARE((*log)->takeReplay().size(), std::size_t(released < 3 ? 3 - released : 0));
        // Blocks of another orderer may be ahead.
        QCOMPARE((*log)->next(), std::max<std::uint64_t>(4, released + 1));
    }
}

void WriteAheadLogTest::severalFiles() {
    const TestFolder folder;
    const std::string large(10'000, 'x');
    {
        auto log = open(folder);
        VERIFY_OK(log);
        for (int i = 0; i < 30; ++i) VERIFY_OK(append(**log, {large}));
    }
    auto log = open(folder);
    VERIFY_OK(log);
    QCOMPARE((*log)->takeReplay().size(), std::size_t(30));
}

void WriteAheadLogTest::filesAreUsedAgain() {
    const TestFolder folder;
    const std::string large(10'000, 'x');
    auto log = open(folder);
    VERIFY_OK(log);
    for (std::uint64_t i = 1; i <= 200; ++i) {
        VERIFY_OK(append(**log, {large}));
        if (i > 3) (*log)->release(i - 3);
    }
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "log"))
        files += entry.is_regular_file();
    QVERIFY(files <= 3);
    log->reset();
    auto again = open(folder, 197);
    VERIFY_OK(again);
    QCOMPARE((*again)->takeReplay().size(), std::size_t(3));
}

void WriteAheadLogTest::cutAtEveryByte() {
    const TestFolder folder;
    std::vector<std::uint64_t> ends;  // of the frames
    const auto file = folder.path() / "log" / "orderlog_000000000001";
    {
        auto log = open(folder, 0, 256);
        VERIFY_OK(log);
        VERIFY_OK(append(**log, {"first"}));
        VERIFY_OK(append(**log, {"second", "third"}));
        VERIFY_OK(append(**log, {"fourth"}));
    }
    const Bytes whole = *readFile(file);
    for (std::size_t length = 0; length <= whole.size(); ++length) {
        std::filesystem::remove_all(folder.path() / "log");
        std::filesystem::create_directories(folder.path() / "log");
        VERIFY_OK(writeNewFile(file, BytesView(whole).substr(0, length)));
        auto log = open(folder, 0, 256);
        if (!log.ok()) {
            // Only the header, which is there before the file has its name.
            QVERIFY(length < 32);
            QCOMPARE(reasonOf(log.status()), std::string("BAD_ORDER_LOG"));
            QCOMPARE(argumentOf(log.status(), "file"), file.string());
            continue;
        }
        // 32 of the file, 32 and the padded payload of each frame.
        const std::size_t frames = length >= 32 + 48 + 56 + 48 ? 4
                                   : length >= 32 + 48 + 56    ? 3
                                   : length >= 32 + 48         ? 1
                                                               : 0;
        const auto records = (*log)->takeReplay();
        QCOMPARE(records.size(), frames);
        VERIFY_OK(append(**log, {"more"}));
        log->reset();
        auto again = open(folder, 0, 256);
        VERIFY_OK(again);
        QCOMPARE((*again)->takeReplay().size(), frames + 1);
    }
}

void WriteAheadLogTest::flippedBytes() {
    const TestFolder folder;
    const auto file = folder.path() / "log" / "orderlog_000000000001";
    {
        auto log = open(folder, 0, 256);
        VERIFY_OK(log);
        VERIFY_OK(append(**log, {"first"}));
        VERIFY_OK(append(**log, {"second"}));
    }
    const Bytes whole = *readFile(file);
    const std::size_t lastFrame = 32 + 48;
    for (std::size_t at = 0; at < lastFrame + 48; ++at) {
        std::filesystem::remove_all(folder.path() / "log");
        std::filesystem::create_directories(folder.path() / "log");
        Bytes flipped = whole;
        flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
        VERIFY_OK(writeNewFile(file, flipped));
        auto log = open(folder, 0, 256);
        const bool isUnchecked = at >= 28 && at < 32;  // of the header's padding
        if (isUnchecked) {
            QCOMPARE((*log)->takeReplay().size(), std::size_t(2));
        } else if (at < lastFrame) {
            QCOMPARE(reasonOf(log.status()), std::string("BAD_ORDER_LOG"));
        } else {
            VERIFY_OK(log);
            QCOMPARE((*log)->takeReplay().size(), std::size_t(1));
            QVERIFY((*log)->torn());
            QCOMPARE((*log)->torn()->offset, std::uint64_t(lastFrame));
        }
    }
}

void WriteAheadLogTest::damageBeforeTheEnd() {
    const TestFolder folder;
    const std::string large(20'000, 'x');
    {
        auto log = open(folder);
        VERIFY_OK(log);
        for (int i = 0; i < 6; ++i) VERIFY_OK(append(**log, {large}));
    }
    const auto first = folder.path() / "log" / "orderlog_000000000001";
    Bytes bytes = *readFile(first);
    bytes[32 + 32 + 100] = 'y';
    VERIFY_OK(writeFileAtomically(first, bytes));
    const auto log = open(folder);
    QCOMPARE(reasonOf(log.status()), std::string("BAD_ORDER_LOG"));
    QCOMPARE(argumentOf(log.status(), "file"), first.string());
    QCOMPARE(argumentOf(log.status(), "offset"), std::string("32"));
}

void WriteAheadLogTest::newerFormat() {
    const TestFolder folder;
    {
        auto log = open(folder);
        VERIFY_OK(log);
        VERIFY_OK(append(**log, {"one"}));
    }
    const auto file = folder.path() / "log" / "orderlog_000000000001";
    Bytes bytes = *readFile(file);
    bytes[8] = 2;
    const std::uint32_t check = crc32c(BytesView(bytes).substr(0, 24));
    for (std::size_t i = 0; i < 4; ++i) bytes[24 + i] = static_cast<char>(check >> (8 * i) & 0xFF);
    VERIFY_OK(writeFileAtomically(file, bytes));
    const auto log = open(folder);
    QCOMPARE(log.status().code(), StatusCode::kFailedPrecondition);
    QCOMPARE(reasonOf(log.status()), std::string("NEWER_FORMAT"));
    QCOMPARE(argumentOf(log.status(), "file"), file.string());
    QVERIFY(*readFile(file) == bytes);
}

void WriteAheadLogTest::missingRecords() {
    const TestFolder folder;
    const std::string large(20'000, 'x');
    {
        auto log = open(folder);
        VERIFY_OK(log);
        for (int i = 0; i < 6; ++i) VERIFY_OK(append(**log, {large}));
    }
    std::filesystem::remove(folder.path() / "log" / "orderlog_000000000001");
    QCOMPARE(reasonOf(open(folder).status()), std::string("LOG_GAP"));
    VERIFY_OK(open(folder, 4));
}

void WriteAheadLogTest::largeRecords() {
    const TestFolder folder;
    const std::string huge(300'000, 'h');
    {
        auto log = open(folder);
        VERIFY_OK(log);
        VERIFY_OK(append(**log, {"a"}));
        VERIFY_OK(append(**log, {huge, "b"}));
        VERIFY_OK(append(**log, {"c"}));
    }
    auto log = open(folder);
    VERIFY_OK(log);
    QCOMPARE(contents(**log), std::string("1:a 2:hhhhhhhh 3:b 4:c "));
}

void WriteAheadLogTest::goesOnBehindATornFrame() {
    const TestFolder folder;
    const auto file = folder.path() / "log" / "orderlog_000000000001";
    {
        auto log = open(folder);
        VERIFY_OK(log);
        VERIFY_OK(append(**log, {"a"}));
        VERIFY_OK(append(**log, {std::string(5'000, 't')}));
    }
    Bytes bytes = *readFile(file);
    bytes[3'000] = 'z';
    VERIFY_OK(writeFileAtomically(file, bytes));
    {
        auto log = open(folder);
        VERIFY_OK(log);
        QVERIFY((*log)->torn());
        VERIFY_OK(append(**log, {"b"}));
    }
    auto log = open(folder);
    VERIFY_OK(log);
    QCOMPARE(contents(**log), std::string("1:a 2:b "));
}

CHANCERY_TEST(WriteAheadLogTest)
#include "WriteAheadLogTest.moc"
