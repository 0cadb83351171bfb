#include "node/agent/LogStore.h"

#include <QTemporaryDir>
#include <QtTest>
#include <thread>

#include "src/base/File.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::agent;

namespace {

struct Line {
    std::uint64_t number;
    std::string text;
    LineLevel level;
};

std::vector<Line> read(const LogStore& log, const LogQuery& query) {
    std::vector<Line> lines;
    log.read(query,
             [&](const std::vector<LogLine>& more) {
                 for (const LogLine& line : more)
                     lines.push_back({line.number, std::string(line.text), line.level});
                 return more.size() <= LogStore::kBatch ? absl::OkStatus()
                                                        : absl::InternalError("long");
             })
        .IgnoreError();
    return lines;
}

absl::Time at(int second) {
    return absl::FromUnixSeconds(1'800'000'000 + second);
}

}  // namespace

class LogStoreTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void facts_data();
    void facts();
    void findsWords_data();
    void findsWords();
    void keepsTheNewest();
    void goesOnAfterACrash();
    void filters();
    void searchesAMillionLines();
    void follows();
};

void LogStoreTest::facts_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("level");
    QTest::addColumn<QString>("logger");
    QTest::addColumn<qint64>("millis");
    const auto row = [](const char* name, const char* line, LineLevel level, const char* logger,
                        qint64 millis) {
        QTest::newRow(name) << QByteArray(line) << int(level) << logger << millis;
    };
    const auto none = static_cast<LineLevel>(0);
    const qint64 noon = 1769860800123;
    row("ours", "2026-01-31T12:00:00.123+00:00 info peer.gateway: served", LineLevel::Info,
        "peer.gateway", noon);
    row("ours, warning", "2026-01-31T12:00:00.123+0000 warning rpc: slow", LineLevel::Warning,
        "rpc", noon);
    row("ours, error", "2026-01-31T13:00:00.123+01:00 error ledger: broken", LineLevel::Error,
        "ledger", noon);
    row("ours, debug", "2026-01-31T12:00:00.123+00:00 debug a: b", LineLevel::Debug, "a", noon);
    row("ours, JSON",
        R"({"time":"2026-01-31T12:00:00.123000+0000","level":"warning","room":"rpc","text":"x"})",
        LineLevel::Warning, "rpc", noon);
    row("Fabric", "2026-01-31 12:00:00.123 UTC 0001 INFO [orderer.common.server] Main -> x",
        LineLevel::Info, "orderer.common.server", noon);
    row("Fabric, WARN", "2026-01-31 12:00:00.123 UTC 00fe WARN [gossip.gossip] f -> x",
        LineLevel::Warning, "gossip.gossip", noon);
    row("Fabric, ERRO", "2026-01-31 12:00:00.123 UTC 0002 ERRO [a] -> x", LineLevel::Error, "a",
        noon);
    row("Fabric, DEBU", "2026-01-31 12:00:00.123 UTC 0002 DEBU [a] -> x", LineLevel::Debug, "a",
        noon);
    row("Fabric, PANI", "2026-01-31 12:00:00.123 UTC 0002 PANI [a] -> x", LineLevel::Error, "a",
        noon);
    row("Fabric, coloured",
        "\x1b[34m2026-01-31 12:00:00.123 UTC 0001 INFO\x1b[0m [nodeCmd] \x1b[34mserve\x1b[0m -> x",
        LineLevel::Info, "nodeCmd", noon);
    row("Fabric, JSON",
        R"({"level":"error","ts":"2026-01-31T12:00:00.123Z","name":"peer","msg":"x"})",
        LineLevel::Error, "peer", noon);
    for (const char* line : {"", " ", "{", "{}", "{\"level\":", "panic: runtime error",
                             "goroutine 1 [running]:", "2026", "2026-01-31", "2026-01-31 ",
                             "2026-01-31T", "2026-01-31 12:00", "\x1b[", "\x1b[34m",
                             "\x1b[\x1b[\x1b[", "    at Object.<anonymous> (index.js:1:1)"})
        row(("plain " + std::string(line)).c_str(), line, none, "", -1);
}

void LogStoreTest::facts() {
    QFETCH(const QByteArray, line);
    QFETCH(const int, level);
    QFETCH(const QString, logger);
    QFETCH(const qint64, millis);
    ::setenv("TZ", "UTC", 1);
    const std::string text(line.constData(), static_cast<std::size_t>(line.size()));
    const LineFacts facts = factsOf(text);
    QCOMPARE(facts.level ? int(*facts.level) : 0, level);
    QCOMPARE(levelOf(text), facts.level);
    QCOMPARE(QString::fromStdString(std::string(facts.logger)), logger);
    QCOMPARE(facts.when ? absl::ToUnixMillis(*facts.when) : -1, millis);
}

void LogStoreTest::findsWords_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("word");
    QTest::addColumn<bool>("isThere");
    int number = 0;
    const auto row = [&](const char* text, const char* word, bool isThere) {
        QTest::addRow("%d", ++number) << text << word << isThere;
    };
    row("", "", true);
    row("abc", "", true);
    row("", "a", false);
    row("ABC", "abc", true);
    row("xAbC", "abc", true);
    row("aab", "ab", true);
    row("AaAaB", "ab", true);
    row("abab", "abb", false);
    row("x1y2", "1Y", false);  // words are in lower case
    row("x1y2", "1y", true);
    row("..[..", "[", true);
    row("..{..", "[", false);
    row("ab", "abc", false);
    row("endorse FAILED", "failed", true);
}

void LogStoreTest::findsWords() {
    QFETCH(const QString, text);
    QFETCH(const QString, word);
    QFETCH(const bool, isThere);
    QCOMPARE(containsWord(text.toStdString(), word.toStdString()), isThere);
}

void LogStoreTest::keepsTheNewest() {
    const QTemporaryDir folder;
    LogStore log(folder.filePath("log").toStdString(), {.segmentBytes = 1000, .segments = 3});
    for (int i = 1; i <= 500; ++i) log.append("line " + std::to_string(i), at(i));
    const auto lines = read(log, {.last = 10'000});
    QVERIFY(lines.size() < 150 && lines.size() > 50);
    QCOMPARE(lines.back().number, std::uint64_t(500));
    for (const Line& line : lines) QCOMPARE(line.text, "line " + std::to_string(line.number));
    QCOMPARE(read(log, {.last = 7}).front().number, std::uint64_t(494));
    QVERIFY(read(log, {.last = 0}).empty());
    QVERIFY(std::distance(std::filesystem::directory_iterator(folder.filePath("log").toStdString()),
                          {}) <= 3);
}

void LogStoreTest::goesOnAfterACrash() {
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath("log").toStdString();
    {
        LogStore log(path);
        for (int i = 1; i <= 3; ++i) log.append("line " + std::to_string(i), at(i));
    }
    const auto file = path / "00000000000000000001.log";
    VERIFY_OK(writeFileAtomically(file, *readFile(file) + "0005", 0600));
    LogStore log(path);
    log.append("later", at(9));
    const auto lines = read(log, {.last = 10});
    QCOMPARE(lines.size(), std::size_t(5));
    QCOMPARE(lines.back().text, std::string("later"));
    QCOMPARE(lines.back().number, std::uint64_t(5));
}

void LogStoreTest::filters() {
    const QTemporaryDir folder;
    LogStore log(folder.filePath("log").toStdString());
    const char* levels[] = {"debug", "info", "warning", "error"};
    for (int i = 0; i < 100; ++i)
        log.append(std::string("2026-01-31T12:00:00.000+00:00 ") + levels[i % 4] + " room: N" +
                       std::to_string(i),
                   at(i));
    QCOMPARE(read(log, {.least = LineLevel::Info}).size(), std::size_t(75));
    QCOMPARE(read(log, {.least = LineLevel::Warning}).size(), std::size_t(50));
    QCOMPARE(read(log, {.least = LineLevel::Error}).size(), std::size_t(25));
    QCOMPARE(read(log, {.contains = "n9"}).size(), std::size_t(11));
    QCOMPARE(read(log, {.since = at(90)}).size(), std::size_t(10));
    QCOMPARE(read(log, {.least = LineLevel::Error, .contains = "n9", .since = at(95)}).size(),
             std::size_t(2));
}

void LogStoreTest::searchesAMillionLines() {
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath("log").toStdString();
    std::filesystem::create_directories(path);
    Bytes text;
    for (int i = 1; i <= 1'000'000; ++i)
        text += "00065d6a4bf00I 2026-01-31T12:00:00.000+00:00 info room: line " +
                std::to_string(i) + "\n";
    VERIFY_OK(writeNewFile(path / "00000000000000000001.log", text));
    const LogStore log(path);
    const auto lines = read(log, {.contains = "LINE 4711", .last = 100'000});
    QCOMPARE(lines.size(), std::size_t(1 + 10 + 100));
    QCOMPARE(lines.front().number, std::uint64_t(4711));
}

void LogStoreTest::follows() {
    const QTemporaryDir folder;
    LogStore log(folder.filePath("log").toStdString(), {.segmentBytes = 500, .segments = 100});
    log.append("before", at(0));
    const auto from = log.read({.last = 0}, [](const auto&) { return absl::OkStatus(); });
    VERIFY_OK(from.status());
    std::thread writer([&] {
        for (int i = 1; i <= 300; ++i) log.append("line " + std::to_string(i), at(i));
    });
    std::vector<std::uint64_t> numbers;
    const Status ended = log.follow(*from, {},
                                    [&](const std::vector<LogLine>& lines) -> Status {
                                        for (const LogLine& line : lines)
                                            numbers.push_back(line.number);
                                        return numbers.size() < 300 ? absl::OkStatus()
                                                                    : absl::AbortedError("enough");
                                    },
                                    {});
    writer.join();
    QCOMPARE(ended.code(), absl::StatusCode::kAborted);
    for (std::size_t i = 0; i < numbers.size(); ++i) QCOMPARE(numbers[i], i + 2);
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(reasonOf(log.follow(
                 999, {}, [](const auto&) { return absl::OkStatus(); }, stop.get_token())),
             std::string("STOPPED"));
}

CHANCERY_TEST(LogStoreTest)
#include "LogStoreTest.moc"
