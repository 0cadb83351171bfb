#include <future>

#include "fabric/common/configtx.pb.h"
#include "fabric/orderer/configuration.pb.h"
#include "fabric/orderer/etcdraft/configuration.pb.h"
#include "node/orderer/BroadcastProcessor.h"
#include "src/protocol/BlockBuilder.h"
#include "src/wire/Serialize.h"
#include "tests/node/orderer/OrderingNetwork.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;

/// Joining with a later block, copying what others order, taking over.
class FollowingTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void copiesFromOthers();
    void passesOverBadSources_data();
    void passesOverBadSources();
    void anotherHistory();
    void takesOver();
    void survivesARestart();

private:
    /// One orderer of the network.
    struct Node {
        TestFolder folder;
        std::shared_ptr<OrdererContext> context;
        std::unique_ptr<Registrar> registrar;
        OrdererChannelPtr channel() const { return registrar->find(ChannelId("trade")); }
    };
    BlockPull pullFrom(Node& node) {
        return [&node](const channel::OrdererEndpoint&, const ChannelId& id, BlockNumber from,
                       const std::function<Status(protocol::Block)>& sink, std::stop_token stop) {
            return copy(node.registrar->feed(id), from, sink, stop);
        };
    }
    static Status copy(const BlockFeedPtr& feed, BlockNumber from,
                       const std::function<Status(protocol::Block)>& sink, std::stop_token stop) {
        for (; feed && !stop.stop_requested() && !feed->isClosed(); std::this_thread::yield())
            for (; from < feed->height(); ++from) {
                ASSIGN_OR_RETURN(auto block, feed->read(from));
                RETURN_IF_ERROR(sink(std::move(block)));
            }
        return makeError(StatusCode::kUnavailable, "ENDED", "the stream has ended");
    }
    std::unique_ptr<Node> makeNode(const rpc::TlsIdentity& tls, BlockPull pull) {
        auto node = std::make_unique<Node>();
        node->context = m_network.context();
        node->context->tls = tls;
        start(*node, std::move(pull));
        return node;
    }
    void start(Node& node, BlockPull pull) {
        Registrar::Options options{node.folder.path(), std::move(pull),
                                   std::chrono::milliseconds(1), std::chrono::milliseconds(5)};
        node.registrar = std::make_unique<Registrar>(node.context, std::move(options));
        VERIFY_OK(node.registrar->start());
    }
    void send(Node& node, Bytes envelope) {
        std::promise<BroadcastAnswer> promise;
        BroadcastProcessor(node.context, *node.registrar)
            .process(protocol::SharedBytes(std::move(envelope)),
                     [&](BroadcastAnswer answer) { promise.set_value(answer); });
        const auto answer = promise.get_future().get();
        QCOMPARE(answer.info, std::string());
    }
    static bool waitFor(const std::function<bool()>& condition) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
        while (!condition() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
        return condition();
    }
    /// A new batch size, so that there is a configuration block to join with.
    Bytes update(const std::function<void(::orderer::ConsensusType&)>& change = {}) {
        return m_network.configUpdate(*m_first->channel()->bundle(), [&](common::Config& config) {
            auto& values =
                *(*config.mutable_channel_group()->mutable_groups())["Orderer"].mutable_values();
            if (!change) {
                ::orderer::BatchSize size;
                size.ParseFromString(values["BatchSize"].value());
                size.set_max_message_count(size.max_message_count() + 1);
                values["BatchSize"].set_value(wire::serialize(size));
                return;
            }
            ::orderer::ConsensusType type;
            type.ParseFromString(values["ConsensusType"].value());
            change(type);
            values["ConsensusType"].set_value(wire::serialize(type));
        });
    }
    /// Blocks 0…height-1 with the newest configuration in block `height - 2`.
    void makeHistory() {
        for (int i = 0; i < 25; ++i)
            send(*m_first, m_network.envelope(*m_network.client, std::to_string(i)));
        send(*m_first, update());
        QVERIFY(waitFor([&] { return m_first->channel()->bundle()->sequence() == 1; }));
        m_joinBlock = m_first->channel()->height() - 1;
        send(*m_first, m_network.envelope(*m_network.client, "last"));
        QVERIFY(waitFor([&] { return m_first->channel()->height() == m_joinBlock + 2; }));
    }

    OrderingNetwork m_network;
    rpc::TlsIdentity m_otherTls;
    std::unique_ptr<Node> m_first;
    BlockNumber m_joinBlock = 0;
};

void FollowingTest::init() {
    m_otherTls = m_network.orderers.tls("orderer1");
    m_first = makeNode(m_network.ordererTls, {});
    VERIFY_OK(m_first->registrar->join(m_network.genesis()));
    makeHistory();
}

void FollowingTest::cleanup() {
    m_first.reset();
}

void FollowingTest::copiesFromOthers() {
    const auto second = makeNode(m_otherTls, pullFrom(*m_first));
    const auto joined = second->registrar->join(*m_first->channel()->read(m_joinBlock));
    VERIFY_OK(joined);
    QCOMPARE(joined->relation, ConsensusRelation::Follower);
    QVERIFY(waitFor([&] { return second->channel()->height() == m_first->channel()->height(); }));
    QCOMPARE(second->channel()->info().status, ChannelStatus::Active);
    send(*m_first, m_network.envelope(*m_network.client, "more"));
    QVERIFY(waitFor([&] { return second->channel()->height() == m_joinBlock + 3; }));
    for (BlockNumber number = 0; number < second->channel()->height(); ++number)
        QVERIFY(second->channel()->read(number)->serialize() ==
                m_first->channel()->read(number)->serialize());
    QVERIFY(!std::filesystem::exists(second->folder.path() / "channels" / "trade" / "join.block"));
}

void FollowingTest::passesOverBadSources_data() {
    QTest::addColumn<QString>("fault");
    for (const char* fault : {"gap", "signature", "data", "other channel", "nothing"})
        QTest::newRow(fault) << fault;
}

void FollowingTest::passesOverBadSources() {
    QFETCH(QString, fault);
    std::atomic<int> turns = 0;
    const auto good = pullFrom(*m_first);
    const auto feed = m_first->registrar->feed(ChannelId("trade"));
    const auto bad = [&](const std::function<Status(protocol::Block)>& sink, BlockNumber from) {
        auto block = valueOf(feed->read(std::min(from, m_joinBlock)));
        if (fault == "gap") block = valueOf(feed->read(from + 2));
        if (fault == "signature")
            block = protocol::withMetadata(block, protocol::MetadataSlot::Signatures, {});
        if (fault == "data" || fault == "other channel") {
            const Bytes hash(block.header().previousHash);
            block =
                protocol::buildBlock(from, hash,
                                     {m_network.envelope(*m_network.client, "x",
                                                         protocol::HeaderType::EndorserTransaction,
                                                         fault == "data" ? "trade" : "other")});
        }
        return sink(block);
    };
    const BlockPull pull = [&](const channel::OrdererEndpoint& endpoint, const ChannelId& id,
                               BlockNumber from, const std::function<Status(protocol::Block)>& sink,
                               std::stop_token stop) -> Status {
        if (turns++ % 2 == 1) return good(endpoint, id, from, sink, stop);
        if (fault == "nothing") return absl::UnavailableError("no");
        // Two good ones first.
        for (; from < 2; ++from) RETURN_IF_ERROR(sink(valueOf(feed->read(from))));
        const Status refused = bad(sink, from);
        return refused.ok() ? absl::InternalError("a bad block was taken") : refused;
    };
    const auto second = makeNode(m_otherTls, pull);
    VERIFY_OK(second->registrar->join(*m_first->channel()->read(m_joinBlock)));
    QVERIFY(waitFor([&] { return second->channel()->height() == m_first->channel()->height(); }));
    QVERIFY(second->channel()->read(m_joinBlock)->serialize() ==
            m_first->channel()->read(m_joinBlock)->serialize());
    QVERIFY(turns >= 2);
}

void FollowingTest::anotherHistory() {
    // The same name and members, another beginning: noticed at the join block, and all is undone.
    auto other = makeNode(m_network.ordererTls, {});
    VERIFY_OK(other->registrar->join(m_network.genesis()));
    std::swap(m_first, other);
    const BlockNumber before = m_joinBlock;
    makeHistory();
    std::swap(m_first, other);
    m_joinBlock = before;
    std::atomic<int> turns = 0;
    const auto wrong = pullFrom(*other);
    const auto right = pullFrom(*m_first);
    const auto second = makeNode(
        m_otherTls,
        [&](const channel::OrdererEndpoint& endpoint, const ChannelId& id, BlockNumber from,
            const std::function<Status(protocol::Block)>& sink, std::stop_token stop) {
            return (turns++ == 0 ? wrong : right)(endpoint, id, from, sink, stop);
        });
    VERIFY_OK(second->registrar->join(*m_first->channel()->read(m_joinBlock)));
    QVERIFY(waitFor([&] { return second->channel()->height() == m_first->channel()->height(); }));
    QVERIFY(second->channel()->read(0)->serialize() == m_first->channel()->read(0)->serialize());
}

void FollowingTest::takesOver() {
    const auto second = makeNode(m_otherTls, pullFrom(*m_first));
    VERIFY_OK(second->registrar->join(*m_first->channel()->read(m_joinBlock)));
    QVERIFY(waitFor([&] { return second->channel()->height() == m_first->channel()->height(); }));
    // The consenter's place goes to the other node's certificate.
    send(*m_first, update([&](::orderer::ConsensusType& type) {
        ::etcdraft::ConfigMetadata metadata;
        metadata.ParseFromString(type.metadata());
        metadata.mutable_consenters(0)->set_client_tls_cert(m_otherTls.certificatePem);
        metadata.mutable_consenters(0)->set_server_tls_cert(m_otherTls.certificatePem);
        type.set_metadata(wire::serialize(metadata));
    }));
    QVERIFY(waitFor([&] {
        return second->channel()->info().relation == ConsensusRelation::Consenter &&
               second->channel()->info().status == ChannelStatus::Active;
    }));
    QVERIFY(waitFor(
        [&] { return m_first->channel()->info().relation == ConsensusRelation::Follower; }));
    const BlockNumber height = second->channel()->height();
    for (int i = 0; i < 3; ++i)
        send(*second, m_network.envelope(*m_network.client, "by the second"));
    QVERIFY(waitFor([&] { return second->channel()->height() > height; }));
    std::promise<BroadcastAnswer> refused;
    BroadcastProcessor(m_first->context, *m_first->registrar)
        .process(protocol::SharedBytes(m_network.envelope(*m_network.client, "by the first")),
                 [&](BroadcastAnswer answer) { refused.set_value(answer); });
    QCOMPARE(refused.get_future().get().status, 400);
    // The id of the consenter whose place was taken stays.
    const auto metadata = second->channel()->read(height)->ordererMetadata();
    const auto raft = valueOf(protocol::decodeRaftMetadata(metadata->consenterMetadata));
    QVERIFY(raft.consenterIds == std::vector<std::uint64_t>{1});
}

void FollowingTest::survivesARestart() {
    const auto second = makeNode(
        m_otherTls, [](const auto&, const auto&, BlockNumber, const auto&, std::stop_token) {
            return absl::UnavailableError("nobody is there");
        });
    const auto joined = second->registrar->join(*m_first->channel()->read(m_joinBlock));
    VERIFY_OK(joined);
    QCOMPARE(joined->status, ChannelStatus::Onboarding);
    QCOMPARE(joined->height, BlockNumber(0));
    QVERIFY(second->registrar->feed(ChannelId("trade")) == nullptr);
    second->registrar.reset();
    start(*second, pullFrom(*m_first));
    QVERIFY(second->channel() != nullptr);
    QVERIFY(waitFor([&] { return second->channel()->height() == m_first->channel()->height(); }));
    second->registrar.reset();
    start(*second, {});
    QCOMPARE(second->channel()->info().status, ChannelStatus::Active);
}

CHANCERY_TEST(FollowingTest)
#include "FollowingTest.moc"
