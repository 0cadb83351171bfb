#include "node/orderer/SingleConsenter.h"

#include <future>

#include "node/orderer/BlockWriter.h"
#include "src/protocol/BlockBuilder.h"
#include "tests/node/orderer/OrderingNetwork.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;

namespace {

/// Keeps what would be blocks; can refuse to store them.
class FakeChannel final : public ConsenterChannel {
public:
    explicit FakeChannel(const OrderingNetwork& network)
        : m_bundle(valueOf(bundleOf(network.genesis()))) {}

    channel::BundlePtr bundle() const override { return m_bundle; }
    std::uint64_t lastIndex() const override { return m_lastIndex; }
    Status readmit(Submission& submission) override {
        if (submission.envelope.find("bad") != Bytes::npos)
            return makeError(StatusCode::kPermissionDenied, "POLICY_NOT_SATISFIED", "no more");
        submission.sequence = m_bundle->sequence();
        return absl::OkStatus();
    }
    void prepare(const std::vector<Bytes>& envelopes, std::uint64_t index) override {
        {
            const std::lock_guard lock(m_mutex);
            m_prepared.push_back({envelopes, false, index});
        }
        if (const auto then = std::exchange(m_whenPrepared, nullptr)) then();
    }
    Status write(std::vector<Bytes> envelopes, bool isConfig, std::uint64_t index) override {
        m_unwritten = {std::move(envelopes), isConfig, index};
        return retry();
    }
    Status retry() override {
        const std::lock_guard lock(m_mutex);
        if (!m_disk.ok()) return m_disk;
        m_lastIndex = m_unwritten.index;
        m_blocks.push_back(m_unwritten);
        m_changed.notify_all();
        return absl::OkStatus();
    }

    void setDisk(Status disk) {
        const std::lock_guard lock(m_mutex);
        m_disk = std::move(disk);
    }
    /// Called once, on the consenter's thread.
    void whenPrepared(std::function<void()> then) { m_whenPrepared = std::move(then); }
    /// How many envelopes were prepared, and whether the last block is what was prepared last.
    std::string preparation() {
        const std::lock_guard lock(m_mutex);
        std::string text;
        for (const auto& block : m_prepared) text += fmt::format("{} ", block.envelopes.size());
        const bool same = !m_prepared.empty() && !m_blocks.empty() &&
                          m_prepared.back().envelopes == m_blocks.back().envelopes &&
                          m_prepared.back().index == m_blocks.back().index;
        return text + (same ? "same" : "other");
    }
    /// Waits until so many envelopes are in blocks.
    bool waitFor(std::size_t envelopes) {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, std::chrono::minutes(1),
                                  [&] { return count() >= envelopes; });
    }
    std::vector<std::string> texts() {
        const std::lock_guard lock(m_mutex);
        std::vector<std::string> all;
        for (const auto& block : m_blocks)
            for (const Bytes& envelope : block.envelopes)
                all.emplace_back(valueOf(protocol::decodeEnvelope(BytesView(envelope))).payload);
        return all;
    }
    std::string shape() {
        const std::lock_guard lock(m_mutex);
        std::string text;
        for (const auto& block : m_blocks)
            text += fmt::format("{}{} ", block.isConfig ? "c" : "", block.envelopes.size());
        return text;
    }

private:
    struct Written {
        std::vector<Bytes> envelopes;
        bool isConfig = false;
        std::uint64_t index = 0;
    };
    std::size_t count() const {
        std::size_t count = 0;
        for (const auto& block : m_blocks) count += block.envelopes.size();
        return count;
    }

    const channel::BundlePtr m_bundle;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    Status m_disk;
    Written m_unwritten;
    std::atomic<std::uint64_t> m_lastIndex = 0;
    std::vector<Written> m_blocks, m_prepared;
    std::function<void()> m_whenPrepared;
};

Submission submission(const std::string& text, std::function<void(const Status&)> done,
                      bool isConfig = false, std::uint64_t sequence = 0) {
    Submission made;
    made.envelope = protocol::encodeEnvelope(text, "signature");
    made.messageBytes = text.size() + 9;
    made.isConfig = isConfig;
    made.sequence = sequence;
    made.received = std::chrono::steady_clock::now();
    made.done = std::move(done);
    return made;
}

/// What came of it.
Status order(Consenter& consenter, const std::string& text, bool isConfig = false,
             std::uint64_t sequence = 0) {
    std::promise<Status> promise;
    consenter.order(submission(
        text, [&promise](const Status& status) { promise.set_value(status); }, isConfig, sequence));
    return promise.get_future().get();
}

}  // namespace

/// The order of one orderer alone: acknowledged means durable, and in exactly one block.
class SingleConsenterTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { m_network.channel.orderers.batchTimeout = absl::Milliseconds(20); }
    void cutsByCountAndTime();
    void preparesWhatIsDue();
    void configurationsAlone();
    void pendingSurvivesAStop();
    void changedConfiguration();
    void fullDisk();
    void finalError();
    void fullLog();
    void manyAtOnce();
    void haltedTakesNothing();

private:
    SingleConsenter::Options options(const TestFolder& folder) const {
        SingleConsenter::Options options;
        options.folder = folder.path() / "order";
        options.logFileBytes = 64 << 10;
        options.retryAfter = std::chrono::milliseconds(5);
        return options;
    }
    OrderingNetwork m_network;
};

void SingleConsenterTest::preparesWhatIsDue() {
    const TestFolder folder;
    FakeChannel channel(m_network);
    SingleConsenter consenter(channel, "first", options(folder));
    QCOMPARE(consenter.start(), absl::OkStatus());
    QCOMPARE(order(consenter, "a"), absl::OkStatus());
    QVERIFY(channel.waitFor(1));
    QCOMPARE(channel.preparation(), std::string("1 same"));

    // One that comes in the last moment goes into the block all the same, without a second try.
    std::promise<Status> late;
    channel.whenPrepared([&] {
        consenter.order(submission("c", [&late](const Status& status) { late.set_value(status); }));
    });
    QCOMPARE(order(consenter, "b"), absl::OkStatus());
    QCOMPARE(late.get_future().get(), absl::OkStatus());
    QVERIFY(channel.waitFor(3));
    QCOMPARE(channel.texts(), (std::vector<std::string>{"a", "b", "c"}));
    QVERIFY(channel.preparation().starts_with("1 1 "));
    consenter.halt();
}

void SingleConsenterTest::cutsByCountAndTime() {
    const TestFolder folder;
    FakeChannel channel(m_network);
    SingleConsenter consenter(channel, "test", options(folder));
    VERIFY_OK(consenter.start());
    VERIFY_OK(consenter.ready());
    std::vector<std::string> sent;
    for (int i = 0; i < 23; ++i) {
        sent.push_back(std::to_string(i));
        VERIFY_OK(order(consenter, sent.back()));
    }
    QVERIFY(channel.waitFor(23));
    QVERIFY(channel.texts() == sent);
}

void SingleConsenterTest::configurationsAlone() {
    const TestFolder folder;
    FakeChannel channel(m_network);
    SingleConsenter consenter(channel, "test", options(folder));
    VERIFY_OK(consenter.start());
    std::atomic<int> left = 4;
    std::promise<void> all;
    const auto done = [&](const Status&) {
        if (--left == 0) all.set_value();
    };
    consenter.order(submission("a", done));
    consenter.order(submission("config", done, true));
    consenter.order(submission("b", done));
    consenter.order(submission("c", done));
    all.get_future().wait();
    QVERIFY(channel.waitFor(4));
    QVERIFY(channel.shape().starts_with("1 c1 "));
    QVERIFY((channel.texts() == std::vector<std::string>{"a", "config", "b", "c"}));
}

void SingleConsenterTest::pendingSurvivesAStop() {
    const TestFolder folder;
    m_network.channel.orderers.batchTimeout = absl::Hours(1);
    FakeChannel channel(m_network);
    m_network.channel.orderers.batchTimeout = absl::Milliseconds(20);
    for (int run = 0; run < 3; ++run) {
        SingleConsenter consenter(channel, "test", options(folder));
        VERIFY_OK(consenter.start());
        for (int i = 0; i < 4; ++i) VERIFY_OK(order(consenter, fmt::format("{}-{}", run, i)));
        consenter.halt();
    }
    // Ten were enough for a block; two wait in the log.
    QCOMPARE(channel.shape(), std::string("10 "));
    FakeChannel quick(m_network);
    SingleConsenter consenter(channel, "test", options(folder));
    VERIFY_OK(consenter.start());
    for (int i = 0; i < 8; ++i) VERIFY_OK(order(consenter, fmt::format("3-{}", i)));
    consenter.halt();
    std::vector<std::string> expected;
    for (int run = 0; run < 3; ++run)
        for (int i = 0; i < 4; ++i) expected.push_back(fmt::format("{}-{}", run, i));
    for (int i = 0; i < 8; ++i) expected.push_back(fmt::format("3-{}", i));
    QVERIFY(channel.texts() == expected);
}

void SingleConsenterTest::changedConfiguration() {
    const TestFolder folder;
    FakeChannel channel(m_network);
    SingleConsenter consenter(channel, "test", options(folder));
    VERIFY_OK(consenter.start());
    // Checked under another configuration than the one in force.
    VERIFY_OK(order(consenter, "good", false, 7));
    QCOMPARE(reasonOf(order(consenter, "bad", false, 7)), std::string("POLICY_NOT_SATISFIED"));
    QVERIFY(channel.waitFor(1));
    QVERIFY(channel.texts() == std::vector<std::string>{"good"});
}

void SingleConsenterTest::fullDisk() {
    const TestFolder folder;
    FakeChannel channel(m_network);
    SingleConsenter consenter(channel, "test", options(folder));
    VERIFY_OK(consenter.start());
    channel.setDisk(makeError(StatusCode::kResourceExhausted, "DISK_FULL", "no space left"));
    std::vector<std::string> acknowledged;
    Status refused;
    for (int i = 0; i < 100'000 && refused.ok(); ++i) {
        refused = order(consenter, std::to_string(i));
        if (refused.ok()) acknowledged.push_back(std::to_string(i));
    }
    QCOMPARE(reasonOf(refused), std::string("DISK_FULL"));
    QCOMPARE(refused.code(), StatusCode::kUnavailable);
    QVERIFY(!consenter.ready().ok());
    channel.setDisk(absl::OkStatus());
    QVERIFY(channel.waitFor(acknowledged.size()));
    while (!consenter.ready().ok()) std::this_thread::yield();
    VERIFY_OK(order(consenter, "later"));
    acknowledged.push_back("later");
    QVERIFY(channel.waitFor(acknowledged.size()));
    QVERIFY(channel.texts() == acknowledged);
}

void SingleConsenterTest::finalError() {
    const TestFolder folder;
    FakeChannel channel(m_network);
    SingleConsenter consenter(channel, "test", options(folder));
    VERIFY_OK(consenter.start());
    channel.setDisk(makeError(StatusCode::kDataLoss, "STORE_IO_ERROR", "the disk failed"));
    Status refused;
    std::size_t acknowledged = 0;
    for (int i = 0; i < 100'000 && refused.ok(); ++i) {
        refused = order(consenter, std::to_string(i));
        acknowledged += refused.ok();
    }
    QCOMPARE(reasonOf(refused), std::string("STORE_IO_ERROR"));
    consenter.halt();
    // A start with a disk that works has them all.
    channel.setDisk(absl::OkStatus());
    SingleConsenter again(channel, "test", options(folder));
    VERIFY_OK(again.start());
    QVERIFY(channel.waitFor(acknowledged));
    QCOMPARE(channel.texts().size(), acknowledged);
}

namespace {

/// A disk without space for new bytes.
class FullDisk final : public Disk {
public:
    std::atomic<bool> full = false;

    int open(const std::filesystem::path& file, bool create) override {
        return system().open(file, create);
    }
    ssize_t pwrite(int fd, const void* bytes, std::size_t size, off_t offset) override {
        if (!full) return system().pwrite(fd, bytes, size, offset);
        errno = ENOSPC;
        return -1;
    }
    int fdatasync(int fd) override { return system().fdatasync(fd); }
    int fsync(int fd) override { return system().fsync(fd); }
    int ftruncate(int fd, off_t size) override { return system().ftruncate(fd, size); }
    int unlink(const std::filesystem::path& file) override { return system().unlink(file); }
};

}  // namespace

void SingleConsenterTest::fullLog() {
    const TestFolder folder;
    FakeChannel channel(m_network);
    FullDisk disk;
    auto withDisk = options(folder);
    withDisk.disk = &disk;
    SingleConsenter consenter(channel, "test", withDisk);
    VERIFY_OK(consenter.start());
    VERIFY_OK(order(consenter, "before"));
    disk.full = true;
    const Status refused = order(consenter, "refused");
    QCOMPARE(refused.code(), StatusCode::kUnavailable);
    QCOMPARE(reasonOf(refused), std::string("DISK_FULL"));
    disk.full = false;
    VERIFY_OK(order(consenter, "after"));
    QVERIFY(channel.waitFor(2));
    QVERIFY((channel.texts() == std::vector<std::string>{"before", "after"}));
}

void SingleConsenterTest::manyAtOnce() {
    const TestFolder folder;
    FakeChannel channel(m_network);
    SingleConsenter consenter(channel, "test", options(folder));
    VERIFY_OK(consenter.start());
    constexpr int kThreads = 4, kEach = 500;
    std::vector<std::thread> threads;
    std::atomic<int> refused = 0;
    for (int t = 0; t < kThreads; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < kEach; ++i)
                refused += !order(consenter, fmt::format("{}-{}", t, i)).ok();
        });
    for (auto& thread : threads) thread.join();
    QCOMPARE(refused.load(), 0);
    QVERIFY(channel.waitFor(kThreads * kEach));
    auto texts = channel.texts();
    QCOMPARE(texts.size(), std::size_t(kThreads * kEach));
    // Each once, those of a thread in its order.
    std::map<std::string, int> next;
    for (const std::string& text : texts) {
        const auto dash = text.find('-');
        QCOMPARE(std::stoi(text.substr(dash + 1)), next[text.substr(0, dash)]++);
    }
}

void SingleConsenterTest::haltedTakesNothing() {
    const TestFolder folder;
    FakeChannel channel(m_network);
    SingleConsenter consenter(channel, "test", options(folder));
    VERIFY_OK(consenter.start());
    consenter.halt();
    QCOMPARE(reasonOf(order(consenter, "a")), std::string("HALTED"));
    QCOMPARE(reasonOf(consenter.ready()), std::string("HALTED"));
}

CHANCERY_TEST(SingleConsenterTest)
#include "SingleConsenterTest.moc"
