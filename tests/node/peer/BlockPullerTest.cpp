#include "node/peer/BlockPuller.h"

#include <QTemporaryDir>
#include <QTest>
#include <deque>

#include "src/protocol/BlockBuilder.h"
#include "tests/node/peer/TestOrdererService.h"
#include "tests/node/peer/TestPeer.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;

/// Blocks asked of orderers that are good, gone, silent or hostile.
class BlockPullerTest : public QObject {
    Q_OBJECT
private slots:
    void oneOrderer();
    void failOver();
    void hostileOrderers_data();
    void hostileOrderers();
    void onlyOneThatMends();
    void silentStream();
    void removedByConfiguration();
    void stopsAtOnce();
    void overGrpc();
    void overGrpcRefused();
};

namespace {

constexpr BlockNumber kHeight = 40;

/// One orderer's behaviour: which block it gives for a number.
struct Script {
    std::function<std::optional<protocol::Block>(BlockNumber number, int stream)> block;
    bool connects = true;
    int streams = 0;
    BlockNumber end = kHeight;  ///< silent from here on
};

/// Orderers that do what the test wrote down for them.
class ScriptedOrderers final : public OrderingService {
public:
    std::map<std::string, Script> scripts;
    std::mutex mutex;
    std::vector<std::string> asked;

    Result<std::unique_ptr<BlockStream>> deliver(const channel::OrdererEndpoint& orderer,
                                                 const ChannelId&, BlockNumber from,
                                                 std::stop_token stop) override {
        const std::lock_guard lock(mutex);
        asked.push_back(orderer.address);
        auto& script = scripts[orderer.address];
        ++script.streams;
        if (!script.connects)
            return makeError(StatusCode::kUnavailable, "CONNECTION_REFUSED", "nobody there");
        return std::make_unique<Stream>(*this, orderer.address, from, script.streams,
                                        std::move(stop));
    }
    int streamsOf(const std::string& address) {
        const std::lock_guard lock(mutex);
        return scripts[address].streams;
    }

private:
    class Stream final : public BlockStream {
    public:
        Stream(ScriptedOrderers& all, std::string address, BlockNumber from, int stream,
               std::stop_token stop)
            : m_all(all),
              m_address(std::move(address)),
              m_next(from),
              m_stream(stream),
              m_stop(std::move(stop)) {}

        Result<std::optional<protocol::Block>> next(Deadline deadline) override {
            BlockNumber end = 0;
            std::function<std::optional<protocol::Block>(BlockNumber, int)> block;
            {
                const std::lock_guard lock(m_all.mutex);
                end = m_all.scripts[m_address].end;
                block = m_all.scripts[m_address].block;
            }
            if (m_next < end) {
                const auto given = block ? block(m_next, m_stream) : fromOrderer(m_next);
                ++m_next;
                if (!given) return makeError(StatusCode::kUnavailable, "CONNECTION_CLOSED", "gone");
                return given;
            }
            std::mutex mutex;
            std::unique_lock lock(mutex);
            std::condition_variable_any never;
            never.wait_until(lock, m_stop, deadline, [] { return false; });
            return std::optional<protocol::Block>();
        }

    private:
        ScriptedOrderers& m_all;
        std::string m_address;
        BlockNumber m_next;
        int m_stream;
        std::stop_token m_stop;
    };
};

BlockPuller::Options quick(std::vector<std::string> addresses) {
    BlockPuller::Options options;
    options.firstPause = std::chrono::milliseconds(1);
    options.longestPause = std::chrono::milliseconds(5);
    options.pauseAfterBadBlock = std::chrono::milliseconds(5);
    options.silence = std::chrono::minutes(1);
    options.seed = 1;
    for (auto& address : addresses) options.orderers.push_back({std::move(address), {}, {}, {}});
    return options;
}

struct Fixture {
    explicit Fixture(BlockNumber height = 10)
        : channel(openChannel(goldenStore(height), services.services).value()) {}
    TestServices services;
    std::shared_ptr<JoinedChannel> channel;
    ScriptedOrderers orderers;
};

}  // namespace

void BlockPullerTest::oneOrderer() {
    Fixture f;
    BlockPuller puller(f.channel->pipeline(), f.orderers, quick({"a:1"}));
    QVERIFY(waitForHeight(*f.channel, kHeight));
    QCOMPARE(f.orderers.streamsOf("a:1"), 1);
    QCOMPARE(puller.status().orderer, std::string("a:1"));
}

void BlockPullerTest::failOver() {
    Fixture f;
    f.orderers.scripts["gone:1"].connects = false;
    f.orderers.scripts["breaks:1"].block = [](BlockNumber number,
                                              int) -> std::optional<protocol::Block> {
        if (number % 3 == 0) return std::nullopt;
        return fromOrderer(number);
    };
    BlockPuller puller(f.channel->pipeline(), f.orderers, quick({"gone:1", "breaks:1", "good:1"}));
    QVERIFY(waitForHeight(*f.channel, kHeight));
}

void BlockPullerTest::hostileOrderers_data() {
    QTest::addColumn<int>("kind");
    QTest::newRow("gap") << 0;
    QTest::newRow("repeats the same block for ever") << 1;
    QTest::newRow("foreign signature") << 2;
    QTest::newRow("metadata stripped") << 3;
    QTest::newRow("changed data") << 4;
    QTest::newRow("other channel") << 5;
    QTest::newRow("wrong previous hash") << 6;
}

void BlockPullerTest::hostileOrderers() {
    QFETCH(int, kind);
    Fixture f;
    f.orderers.scripts["bad:1"].end = 1'000'000;
    f.orderers.scripts["bad:1"].block = [kind](BlockNumber number,
                                               int) -> std::optional<protocol::Block> {
        const auto good = fromOrderer(std::min<BlockNumber>(number, 277));
        switch (kind) {
            case 0:
                return fromOrderer(std::min<BlockNumber>(number + 1, 277));
            case 1:
                return fromOrderer(10);
            case 2: {
                // Signed by somebody who is no orderer.
                const auto& foreign = chancery::test::member("User1@alpha");
                return protocol::signBlock(good, 0, {}, foreign.serialized(), "nonce",
                                           [&](BytesView m) { return foreign.sign(m); })
                    .value();
            }
            case 3:
                return protocol::withMetadata(good, protocol::MetadataSlot::Signatures, {});
            case 4: {
                auto envelopes = good.envelopes();
                envelopes.push_back(envelopes.front());
                return protocol::Block(good.owner(), good.header(), envelopes,
                                       good.metadataEntries());
            }
            case 5:
                return vectorBlock("ledger/blockcheck/other_channel.pb");
            default: {
                auto header = good.header();
                static const Bytes other(32, '\x09');
                header.previousHash = other;
                const auto& orderer = chancery::test::member("orderer");
                const protocol::Block changed(good.owner(), header, good.envelopes(),
                                              good.metadataEntries());
                return protocol::signBlock(changed, *good.lastConfig(), {}, orderer.serialized(),
                                           "nonce", [&](BytesView m) { return orderer.sign(m); })
                    .value();
            }
        }
    };
    // Alone with it the channel stands still, with an alarm, and keeps asking.
    {
        BlockPuller alone(f.channel->pipeline(), f.orderers, quick({"bad:1"}));
        QTRY_VERIFY_WITH_TIMEOUT(f.orderers.streamsOf("bad:1") > 3, 60'000);
        QVERIFY(f.channel->height() <= 11);  // "repeats" begins with a good one
        QVERIFY(!alone.status().problem.empty());
    }
    BlockPuller puller(f.channel->pipeline(), f.orderers, quick({"bad:1", "good:1"}));
    QVERIFY(waitForHeight(*f.channel, kHeight));
    QVERIFY(waitForAlarm(*f.channel, false));
}

void BlockPullerTest::onlyOneThatMends() {
    Fixture f;
    f.orderers.scripts["a:1"].block = [](BlockNumber number, int stream) {
        const auto good = fromOrderer(number);
        return std::optional(
            stream < 5 && number == 20
                ? protocol::withMetadata(good, protocol::MetadataSlot::Signatures, {})
                : good);
    };
    BlockPuller puller(f.channel->pipeline(), f.orderers, quick({"a:1"}));
    QVERIFY(waitForHeight(*f.channel, kHeight));
    QCOMPARE(f.orderers.streamsOf("a:1"), 5);
    QVERIFY(!f.channel->alarm());
}

void BlockPullerTest::silentStream() {
    Fixture f;
    f.orderers.scripts["silent:1"].end = 0;
    auto options = quick({"silent:1", "good:1"});
    options.silence = std::chrono::milliseconds(2);
    BlockPuller puller(f.channel->pipeline(), f.orderers, options);
    QVERIFY(waitForHeight(*f.channel, kHeight));
}

void BlockPullerTest::removedByConfiguration() {
    // With no list of its own the puller follows the configuration, through overrides.
    Fixture f;
    BlockPuller::Options options = quick({});
    for (const auto& endpoint : f.channel->bundle()->ordererEndpoints())
        options.overrides[endpoint.address] = {"instead:1", {}};
    BlockPuller puller(f.channel->pipeline(), f.orderers, options);
    QVERIFY(waitForHeight(*f.channel, kHeight));
    QVERIFY(f.orderers.streamsOf("instead:1") >= 1);
    puller.stop();
    QCOMPARE(f.orderers.asked.size(), std::size_t(f.orderers.streamsOf("instead:1")));
}

void BlockPullerTest::stopsAtOnce() {
    Fixture f;
    f.orderers.scripts["silent:1"].end = 0;
    auto options = quick({"silent:1"});
    options.silence = std::chrono::hours(1);
    {
        BlockPuller puller(f.channel->pipeline(), f.orderers, options);
        QTRY_VERIFY_WITH_TIMEOUT(f.orderers.streamsOf("silent:1") == 1, 60'000);
    }
    // While it pauses, too.
    f.orderers.scripts["gone:1"].connects = false;
    options = quick({"gone:1"});
    options.firstPause = options.longestPause = std::chrono::hours(1);
    BlockPuller paused(f.channel->pipeline(), f.orderers, options);
    QTRY_VERIFY_WITH_TIMEOUT(f.orderers.streamsOf("gone:1") == 1, 60'000);
    paused.stop();
}

void BlockPullerTest::overGrpc() {
    Fixture f;
    QTemporaryDir folder;
    std::vector<protocol::Block> blocks;
    for (BlockNumber n = 0; n < kHeight; ++n) blocks.push_back(fromOrderer(n));
    TestOrderer orderer(folder.filePath("socket").toStdString(), blocks);
    QVERIFY(orderer.started());
    const auto service = makeOrderingService(
        identity::SigningIdentityPtr(std::shared_ptr<void>(), &chancery::test::member("alpha")),
        std::nullopt);
    BlockPuller puller(f.channel->pipeline(), *service, quick({orderer.address()}));
    QVERIFY(waitForHeight(*f.channel, kHeight));
    QCOMPARE(orderer.lastFrom(), BlockNumber{10});
    QCOMPARE(orderer.lastChannel(), std::string("tradechannel"));
    // New blocks come over the same stream.
    orderer.add(fromOrderer(kHeight));
    QVERIFY(waitForHeight(*f.channel, kHeight + 1));
    QCOMPARE(orderer.streams(), 1);
    puller.stop();
}

void BlockPullerTest::overGrpcRefused() {
    Fixture f;
    QTemporaryDir folder;
    TestOrderer orderer(folder.filePath("socket").toStdString(), {});
    QVERIFY(orderer.started());
    orderer.refuseWith(403);
    const auto service = makeOrderingService(
        identity::SigningIdentityPtr(std::shared_ptr<void>(), &chancery::test::member("alpha")),
        std::nullopt);
    const auto stream =
        service->deliver({orderer.address(), {}, {}, {}}, ChannelId("tradechannel"), 5, {});
    VERIFY_OK(stream);
    const auto refused = (*stream)->next(Deadline::max());
    QCOMPARE(reasonOf(refused.status()), std::string("DELIVER_REFUSED"));
    QCOMPARE(argumentOf(refused.status(), "status"), std::string("403"));
    // Nobody there at all.
    const auto nobody =
        service->deliver({"unix:" + folder.filePath("none").toStdString(), {}, {}, {}},
                         ChannelId("tradechannel"), 5, {});
    VERIFY_OK(nobody);
    QCOMPARE((*nobody)->next(Deadline::max()).status().code(), StatusCode::kUnavailable);
}

CHANCERY_TEST(BlockPullerTest)
#include "BlockPullerTest.moc"
