#include "node/deliver/DeliverSession.h"

#include <limits>

#include "fabric/common/configtx.pb.h"
#include "fabric/orderer/ab.pb.h"
#include "node/orderer/BlockWriter.h"
#include "src/protocol/BlockBuilder.h"
#include "src/wire/Serialize.h"
#include "tests/node/deliver/FakeFeed.h"
#include "tests/node/orderer/OrderingNetwork.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;

/// What a Deliver stream answers (fact sheet A §6.3).
class DeliverSessionTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void seeks_data();
    void seeks();
    void refusals_data();
    void refusals();
    void follows();
    void severalRequests();
    void closing();
    void errors();
    void binding();
    void expiresWhileOpen();
    void revokedWhileOpen();
    void afterASnapshot();
    void headersOnly();
    void sharesRenderings();
    void malformed();

private:
    static constexpr BlockNumber kHeight = 5;

    DeliverSession open(Bytes tlsHash = {}) {
        return {m_rules, {m_blocks, ordererReaders}, std::move(tlsHash), [this] { ++m_wakes; }};
    }
    /// All that comes now: "0 1 2 =200".
    static std::string drain(DeliverSession& session) {
        std::string text;
        while (const auto message = session.next()) {
            ::orderer::DeliverResponse response;
            if (!response.ParseFromArray(message->view().data(), static_cast<int>(message->size())))
                return "unreadable";
            text += text.empty() ? "" : " ";
            if (response.has_block())
                text += std::to_string(response.block().header().number());
            else
                text += "=" + std::to_string(response.status());
        }
        return text;
    }
    std::string answer(const Bytes& envelope) {
        auto session = open();
        session.seek(protocol::SharedBytes(envelope));
        return drain(session);
    }
    protocol::Block nextBlock() const {
        const BlockNumber number = m_feed->height();
        return protocol::buildBlock(
            number, "previous", {m_network.envelope(*m_network.client, std::to_string(number))});
    }
    /// Behind a configuration block in which the clients of Alpha's old CA are strangers.
    channel::BundlePtr withoutAlpha() const {
        OrderingNetwork other;
        other.channel.application.organisations = {
            TestOrganisation("Alpha", MspId("AlphaMSP")).group()};
        ::common::Config config = valueOf(bundleOf(other.genesis()))->config();
        config.set_sequence(1);
        return valueOf(channel::Bundle::fromConfig(m_network.channelId(), config));
    }

    OrderingNetwork m_network;
    TestClock m_clock;
    std::shared_ptr<FakeFeed> m_feed;
    std::shared_ptr<DeliverRules> m_rules;
    std::shared_ptr<RenderedBlocks> m_blocks;
    std::atomic<int> m_wakes = 0;
};

void DeliverSessionTest::init() {
    const auto genesis = m_network.genesis();
    m_feed = std::make_shared<FakeFeed>(valueOf(bundleOf(genesis)), 0);
    m_feed->append(genesis);
    while (m_feed->height() < kHeight) m_feed->append(nextBlock());
    m_clock.time = absl::Now();
    m_rules = std::make_shared<DeliverRules>();
    m_rules->feeds = [this](const ChannelId& channel) -> BlockFeedPtr {
        return channel == m_network.channelId() ? m_feed : nullptr;
    };
    m_rules->clock = &m_clock;
    m_blocks = std::make_shared<RenderedBlocks>(wholeBlocks());
    m_wakes = 0;
}

void DeliverSessionTest::seeks_data() {
    using Kind = SeekPosition::Kind;
    QTest::addColumn<int>("start");
    QTest::addColumn<qulonglong>("first");
    QTest::addColumn<int>("stop");
    QTest::addColumn<qulonglong>("last");
    QTest::addColumn<bool>("fail");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, SeekPosition start, SeekPosition stop, bool fail,
                        const char* expected) {
        QTest::newRow(name) << int(start.kind) << qulonglong(start.number) << int(stop.kind)
                            << qulonglong(stop.number) << fail << expected;
    };
    const SeekPosition oldest{Kind::Oldest, 0}, newest{Kind::Newest, 0}, next{Kind::NextCommit, 0},
        none{Kind::None, 0}, endless{Kind::Specified, std::numeric_limits<BlockNumber>::max()};
    const auto at = [](BlockNumber number) { return SeekPosition{Kind::Specified, number}; };
    row("all there is", oldest, newest, false, "0 1 2 3 4 =200");
    row("the oldest", oldest, oldest, false, "0 =200");
    row("the newest", newest, newest, false, "4 =200");
    row("the newest to the oldest", newest, {Kind::Oldest, 0}, false, "4 =200");
    row("one", at(2), at(2), false, "2 =200");
    row("some", at(1), at(3), false, "1 2 3 =200");
    row("from one to the newest", at(3), newest, false, "3 4 =200");
    row("without end", oldest, endless, false, "0 1 2 3 4");
    row("without end, fail", oldest, endless, true, "0 1 2 3 4 =404");
    row("to one that is not there", at(4), at(5), false, "4");
    row("to one that is not there, fail", at(4), at(5), true, "4 =404");
    row("the next one", next, endless, false, "");
    row("the next one, fail", next, endless, true, "=404");
    row("at the height", at(5), at(5), false, "");
    row("above the height", at(6), at(7), false, "=404");
    row("above the height, fail", at(6), at(7), true, "=404");
    row("reversed", at(3), at(2), false, "=400");
    row("newest before specified", newest, at(2), false, "=400");
    row("starts nowhere", none, newest, false, "=404");
    row("stops nowhere, from 0", oldest, none, false, "0 =200");
    row("stops nowhere, later", at(3), none, false, "3 4");
    row("to the next commit", at(3), next, true, "3 4 =404");
    row("the far end", endless, endless, false, "=404");
}

void DeliverSessionTest::seeks() {
    QFETCH(int, start);
    QFETCH(qulonglong, first);
    QFETCH(int, stop);
    QFETCH(qulonglong, last);
    QFETCH(bool, fail);
    QFETCH(QString, expected);
    SeekInfo info;
    info.start = SeekPosition{SeekPosition::Kind(start), first};
    info.stop = SeekPosition{SeekPosition::Kind(stop), last};
    info.failIfNotReady = fail;
    QCOMPARE(answer(m_network.seek(*m_network.peer, info)), expected.toStdString());
}

void DeliverSessionTest::refusals_data() {
    QTest::addColumn<QByteArray>("envelope");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, const Bytes& envelope, const char* expected,
                        const char* reason) {
        QTest::newRow(name) << QByteArray::fromStdString(envelope) << expected << reason;
    };
    const SeekInfo all = range(0, 1);
    const auto& peer = *m_network.peer;
    const Bytes good = m_network.seek(peer, all);
    const auto parts = valueOf(protocol::decodeEnvelope(BytesView(good)));
    row("nothing", {}, "=400", "NO_HEADER");
    row("nonsense", "\xff\xff\xff", "=400", "MALFORMED_PROTOBUF");
    row("no signature", protocol::encodeEnvelope(parts.payload, {}), "=403",
        "POLICY_NOT_SATISFIED");
    row("other signature", protocol::encodeEnvelope(parts.payload, "signature"), "=403",
        "POLICY_NOT_SATISFIED");
    row("stale", m_network.seek(peer, all, absl::Now() - absl::Minutes(16)), "=400",
        "STALE_TIMESTAMP");
    row("from the future", m_network.seek(peer, all, absl::Now() + absl::Minutes(16)), "=400",
        "STALE_TIMESTAMP");
    row("just in time", m_network.seek(peer, all, absl::Now() - absl::Minutes(14)), "0 1 =200", "");
    row("out of range", m_network.seek(peer, all, absl::InfinitePast()), "=400", "STALE_TIMESTAMP");
    protocol::ChannelHeader header;
    header.channelId = "trade";
    row("no timestamp",
        protocol::encodeEnvelope(
            protocol::encodePayload(protocol::encodeChannelHeader(header),
                                    protocol::encodeSignatureHeader({peer.serialized(), "n"}), {}),
            "s"),
        "=400", "NO_TIMESTAMP");
    row("SeekInfo that is none", m_network.envelope(peer, "\xff\xff"), "=400",
        "MALFORMED_PROTOBUF");
    row("no range", m_network.seek(peer, SeekInfo{}), "=400", "NO_RANGE");
    SeekInfo half = all;
    half.stop.reset();
    row("no stop", m_network.seek(peer, half), "=400", "NO_RANGE");
    row("other channel",
        m_network.envelope(peer, encodeSeekInfo(all), protocol::HeaderType::DeliverSeekInfo,
                           "other"),
        "=404", "NO_SUCH_CHANNEL");
    row("other header type", m_network.envelope(peer, encodeSeekInfo(all)), "0 1 =200", "");
    const TestOrganisation stranger("Stranger", MspId("StrangerMSP"));
    row("unknown MSP", m_network.seek(*stranger.member("x", "peer"), all), "=403", "UNKNOWN_MSP");
    row("expired",
        m_network.seek(
            *m_network.alpha.member("x", "peer", absl::Now() - absl::Hours(48), absl::Hours(24)),
            all),
        "=403", "CERTIFICATE_EXPIRED");
    row("no role", m_network.seek(*m_network.alpha.member("x", "janitor"), all), "=403",
        "POLICY_NOT_SATISFIED");
}

void DeliverSessionTest::refusals() {
    QFETCH(QByteArray, envelope);
    QFETCH(QString, expected);
    QFETCH(QString, reason);
    auto session = open();
    session.seek(protocol::SharedBytes(envelope.toStdString()));
    QCOMPARE(drain(session), expected.toStdString());
    QCOMPARE(reasonOf(session.refusal()), reason.toStdString());
    QCOMPARE(session.state(),
             reason.isEmpty() ? DeliverSession::State::Idle : DeliverSession::State::Ended);
}

void DeliverSessionTest::follows() {
    auto session = open();
    session.seek(protocol::SharedBytes(m_network.seek(*m_network.peer, everything())));
    QCOMPARE(drain(session), std::string("0 1 2 3 4"));
    QCOMPARE(session.state(), DeliverSession::State::Sending);
    for (int i = 1; i <= 3; ++i) {
        m_feed->append(nextBlock());
        QCOMPARE(m_wakes.load(), i);
        QCOMPARE(drain(session), std::to_string(4 + i));
    }
    // Not asked, not woken: it has not said again that it waits.
    m_feed->append(nextBlock());
    m_feed->append(nextBlock());
    QCOMPARE(m_wakes.load(), 4);
    QCOMPARE(drain(session), std::string("8 9"));
}

void DeliverSessionTest::severalRequests() {
    auto session = open();
    for (BlockNumber number = 0; number < 3; ++number) {
        QCOMPARE(session.state(), DeliverSession::State::Idle);
        session.seek(protocol::SharedBytes(m_network.seek(*m_network.peer, range(number, number))));
        QCOMPARE(drain(session), fmt::format("{} =200", number));
    }
    session.seek(protocol::SharedBytes(m_network.seek(*m_network.peer, range(3, 2))));
    QCOMPARE(drain(session), std::string("=400"));
    QCOMPARE(session.state(), DeliverSession::State::Ended);
}

void DeliverSessionTest::closing() {
    auto session = open();
    session.seek(protocol::SharedBytes(m_network.seek(*m_network.peer, everything())));
    QCOMPARE(drain(session), std::string("0 1 2 3 4"));
    m_feed->close();
    QCOMPARE(m_wakes.load(), 1);
    QCOMPARE(drain(session), std::string("=503"));
    QCOMPARE(session.state(), DeliverSession::State::Ended);
    QCOMPARE(answer(m_network.seek(*m_network.peer, everything())), std::string("=503"));
}

void DeliverSessionTest::errors() {
    m_feed->inError = true;
    SeekInfo info = range(0, 1);
    QCOMPARE(answer(m_network.seek(*m_network.peer, info)), std::string("=503"));
    info.bestEffort = true;
    QCOMPARE(answer(m_network.seek(*m_network.peer, info)), std::string("0 1 =200"));
}

void DeliverSessionTest::binding() {
    m_rules->mutualTls = true;
    const auto ask = [&](BytesView named, Bytes actual) {
        auto session = open(std::move(actual));
        session.seek(protocol::SharedBytes(
            m_network.seek(*m_network.peer, range(0, 0), absl::Now(), named)));
        return drain(session);
    };
    QCOMPARE(ask("hash", "hash"), std::string("0 =200"));
    QCOMPARE(ask("hash", "other"), std::string("=400"));
    QCOMPARE(ask("", "hash"), std::string("=400"));
    QCOMPARE(ask("hash", ""), std::string("=400"));
    QCOMPARE(ask("", ""), std::string("=400"));
    m_rules->mutualTls = false;
    QCOMPARE(ask("hash", "other"), std::string("0 =200"));
}

void DeliverSessionTest::expiresWhileOpen() {
    const auto brief =
        m_network.alpha.member("brief", "peer", absl::Now() - absl::Hours(1), absl::Hours(2));
    auto session = open();
    session.seek(protocol::SharedBytes(m_network.seek(*brief, everything())));
    QCOMPARE(drain(session), std::string("0 1 2 3 4"));
    m_clock.time += absl::Hours(2);
    m_feed->append(nextBlock());
    QCOMPARE(drain(session), std::string("=403"));
    QCOMPARE(reasonOf(session.refusal()), std::string("CERTIFICATE_EXPIRED"));
}

void DeliverSessionTest::revokedWhileOpen() {
    auto session = open();
    session.seek(protocol::SharedBytes(m_network.seek(*m_network.peer, everything())));
    QCOMPARE(drain(session), std::string("0 1 2 3 4"));
    m_feed->append(nextBlock(), withoutAlpha());
    QCOMPARE(drain(session), std::string("=403"));
}

void DeliverSessionTest::afterASnapshot() {
    m_feed = std::make_shared<FakeFeed>(m_feed->bundle(), 7);
    const auto ask = [&](SeekInfo info) { return answer(m_network.seek(*m_network.peer, info)); };
    using Kind = SeekPosition::Kind;
    SeekInfo newest;
    newest.start = newest.stop = SeekPosition{Kind::Newest, 0};
    auto waiting = open();
    waiting.seek(protocol::SharedBytes(m_network.seek(*m_network.peer, newest)));
    QCOMPARE(drain(waiting), std::string());
    QCOMPARE(ask(everything()), std::string("=404"));
    QCOMPARE(ask(range(6, 7)), std::string("=404"));
    m_feed->append(nextBlock());
    QCOMPARE(drain(waiting), std::string("7 =200"));
    QCOMPARE(ask(everything()), std::string("=404"));
    QCOMPARE(ask(range(7, 7)), std::string("7 =200"));
    QCOMPARE(ask(newest), std::string("7 =200"));
}

void DeliverSessionTest::headersOnly() {
    SeekInfo info = range(0, 1);
    info.headersOnly = true;
    auto session = open();
    session.seek(protocol::SharedBytes(m_network.seek(*m_network.peer, info)));
    for (const BlockNumber number : {0, 1}) {
        const auto message = session.next();
        QVERIFY(message.has_value());
        ::orderer::DeliverResponse response;
        QVERIFY(response.ParseFromArray(message->view().data(), int(message->size())));
        QCOMPARE(response.block().header().number(), number);
        QCOMPARE(response.block().metadata().metadata_size(), 5);
        QCOMPARE(response.block().has_data(), number == 0);
    }
    // The same block whole, although it was kept without data.
    QCOMPARE(answer(m_network.seek(*m_network.peer, range(1, 1))), std::string("1 =200"));
}

void DeliverSessionTest::sharesRenderings() {
    for (int i = 0; i < 5; ++i)
        QCOMPARE(answer(m_network.seek(*m_network.peer, range(1, 3))), std::string("1 2 3 =200"));
    QCOMPARE(m_feed->reads.load(), 3);
    // A channel that came again under the same name has other blocks.
    auto other = std::make_shared<FakeFeed>(m_feed->bundle(), 0);
    for (int i = 0; i < 4; ++i) other->append(*m_feed->read(BlockNumber(i)));
    m_feed = other;
    QCOMPARE(answer(m_network.seek(*m_network.peer, range(1, 3))), std::string("1 2 3 =200"));
    QCOMPARE(m_feed->reads.load(), 3);
    // Little is kept.
    m_blocks = std::make_shared<RenderedBlocks>(wholeBlocks(), 1);
    for (int i = 0; i < 2; ++i)
        QCOMPARE(answer(m_network.seek(*m_network.peer, range(1, 3))), std::string("1 2 3 =200"));
    QCOMPARE(m_feed->reads.load(), 9);
}

void DeliverSessionTest::malformed() {
    const Bytes good = m_network.seek(*m_network.peer, range(0, 1));
    for (std::size_t length = 0; length < good.size(); ++length) {
        const std::string text = answer(good.substr(0, length));
        QVERIFY2(text == "=400" || text == "=403" || text == "=404", text.c_str());
    }
    for (std::size_t at = 0; at < good.size(); at += 5) {
        Bytes changed = good;
        changed[at] = static_cast<char>(changed[at] ^ 0x11);
        const std::string text = answer(changed);
        QVERIFY2(text == "=400" || text == "=403" || text == "=404", text.c_str());
    }
}

CHANCERY_TEST(DeliverSessionTest)
#include "DeliverSessionTest.moc"
