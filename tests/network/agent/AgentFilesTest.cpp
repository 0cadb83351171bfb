#include <QtTest>

#include "src/base/File.h"
#include "src/protocol/LedgerFile.h"
#include "tests/network/agent/AgentProcess.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::test;

namespace {

using Copy = std::vector<std::pair<interfaces::HostFiles::Entry, Bytes>>;

Deadline shortly() {
    return deadlineIn(AgentProcess::kLong);
}

}  // namespace

class AgentFilesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void copiesOutAndIn();
    void refusesBadCopies_data();
    void refusesBadCopies();

private:
    void restoresInto(AgentProcess& agent, const Copy& copy, const Bytes& blocks);
};

void AgentFilesTest::copiesOutAndIn() {
    AgentProcess agent;
    const auto host = agent.local();
    VERIFY_OK(host->nodes().apply(standInPlan("a", "serve"), shortly()).status());
    VERIFY_OK(host->nodes().start({{"net", "a"}}, shortly()).status());
    const auto folder = agent.state() / "nodes/net/a/data/channels/trade";
    std::filesystem::create_directories(folder / "blocks");
    const protocol::LedgerFileHeader header{.salt = 7, .firstBlock = 3};
    Bytes whole = protocol::encodeLedgerFileHeader(header);
    for (const auto& file : {"block_3.pb", "block_4.pb"}) {
        const auto block = protocol::Block::parse(vectorFile("ledger/blocks/" + std::string(file)));
        VERIFY_OK(block.status());
        whole += protocol::encodeLedgerFrame(header, *block);
    }
    // The next block is being written.
    VERIFY_OK(writeNewFile(folder / "blocks/ledgerfile_000000000003",
                           whole + Bytes(24, '\0') + Bytes(100, 'x')));
    VERIFY_OK(writeNewFile(folder / "state.db", Bytes(3'000'000, 's'), 0600));
    VERIFY_OK(writeNewFile(folder / "state.db-shm", "made anew"));
    std::filesystem::create_symlink("/etc/passwd", folder / "link");
    Copy copy;
    const auto heights = host->files().copyOut(
        {"net", "a"},
        [&](const auto& entry) {
            copy.emplace_back(entry, Bytes());
            return absl::OkStatus();
        },
        [&](BytesView bytes) {
            copy.back().second += bytes;
            return absl::OkStatus();
        },
        shortly());
    VERIFY_OK(heights.status());
    QCOMPARE(heights->size(), std::size_t(1));
    QCOMPARE(heights->at("trade"), std::uint64_t(5));
    std::map<std::string, Bytes> files;
    for (const auto& [entry, bytes] : copy) {
        QCOMPARE(entry.bytes, std::uint64_t(bytes.size()));
        files[entry.path] = bytes;
    }
    QVERIFY(files.at("data/channels/trade/blocks/ledgerfile_000000000003") == whole);
    QCOMPARE(files.at("data/channels/trade/state.db").size(), std::size_t(3'000'000));
    QCOMPARE(files.at("msp/keystore/key.pem"), Bytes("a key"));
    QVERIFY(!files.contains("data/channels/trade/link"));
    QVERIFY(!files.contains("data/channels/trade/state.db-shm"));
    // It goes on: it still ends when it is asked to.
    VERIFY_OK(host->nodes().stop({{"net", "a"}}, shortly()));
    QCOMPARE(host->nodes().list("net", shortly())->front().lastExit->sentence,
             std::string("returned 0"));
    restoresInto(agent, copy, whole);
}

void AgentFilesTest::restoresInto(AgentProcess& agent, const Copy& copy, const Bytes& blocks) {
    const auto host = agent.local();
    const auto give = [&](const std::string& node) {
        std::size_t next = 0;
        bool isGiven = false;
        return host->files().copyIn(
            {"net", node},
            [&]() -> Result<std::optional<interfaces::HostFiles::Entry>> {
                isGiven = false;
                if (next == copy.size()) return std::nullopt;
                return copy[next++].first;
            },
            [&]() -> Result<Bytes> {
                return std::exchange(isGiven, true) ? Bytes() : copy[next - 1].second;
            },
            shortly());
    };
    QCOMPARE(reasonOf(give("a")), std::string("NODE_HAS_DATA"));
    QCOMPARE(reasonOf(give("b")), std::string("NODE_NOT_FOUND"));
    VERIFY_OK(host->nodes().apply(standInPlan("b", "lines 3"), shortly()).status());
    VERIFY_OK(give("b"));
    const auto other = agent.state() / "nodes/net/b";
    QVERIFY(*readFile(other / "data/channels/trade/blocks/ledgerfile_000000000003") == blocks);
    QCOMPARE(*readFile(other / "node.yaml"), Bytes("lines 3\n"));
    VERIFY_OK(host->nodes().start({{"net", "b"}}, shortly()).status());
}

void AgentFilesTest::refusesBadCopies_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("bytes");
    for (const char* path : {"../x", "/etc/x", "a/../../x", "", "a//b", "a\nb"})
        QTest::newRow(path) << path << 1;
    QTest::newRow("too many bytes") << "a" << 0;
    QTest::newRow("bytes missing") << "a" << 2;
}

void AgentFilesTest::refusesBadCopies() {
    QFETCH(const QString, path);
    QFETCH(const int, bytes);
    AgentProcess agent;
    const auto host = agent.local();
    VERIFY_OK(host->nodes().apply(standInPlan("a", "serve"), shortly()).status());
    int files = 0, pieces = 0;
    const Status status = host->files().copyIn(
        {"net", "a"},
        [&]() -> Result<std::optional<interfaces::HostFiles::Entry>> {
            if (files++ == 1) return std::nullopt;
            return interfaces::HostFiles::Entry{path.toStdString(), std::uint64_t(bytes), 0644};
        },
        [&]() -> Result<Bytes> { return pieces++ == 0 ? Bytes("x") : Bytes(); }, shortly());
    QCOMPARE(reasonOf(status), std::string("BAD_COPY"));
    QVERIFY(!std::filesystem::exists(agent.state() / "nodes/net/a/a"));
    QVERIFY(std::filesystem::exists(agent.state() / "nodes/net/a/node.yaml"));
}

CHANCERY_TEST(AgentFilesTest)
#include "AgentFilesTest.moc"
