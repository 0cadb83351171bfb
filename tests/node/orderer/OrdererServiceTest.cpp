#include "node/orderer/OrdererRole.h"

#include <grpcpp/grpcpp.h>

#include <future>
#include <set>
#include <thread>

#include "fabric/common/configtx.pb.h"
#include "fabric/orderer/atomic_broadcast_service.grpc.pb.h"
#include "fabric/orderer/configuration.pb.h"
#include "node/orderer/BlockWriter.h"
#include "node/orderer/PullService.h"
#include "node/orderer/Registrar.h"
#include "src/http/Client.h"
#include "src/rpc/Call.h"
#include "src/rpc/Channel.h"
#include "src/verify/ChainVerifier.h"
#include "src/wire/Serialize.h"
#include "tests/node/orderer/OrderingNetwork.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;

namespace {

constexpr std::chrono::seconds kLong{60};  // never reached unless something is broken

using Stub = ::orderer::AtomicBroadcast::Stub;

::common::Envelope parsed(const Bytes& bytes) {
    ::common::Envelope envelope;
    if (!envelope.ParseFromString(bytes)) throw std::runtime_error("not an envelope");
    return envelope;
}

/// Blocks in memory as a source of verification.
class BlockList final : public protocol::BlockSource {
public:
    explicit BlockList(std::vector<protocol::Block> blocks) : m_blocks(std::move(blocks)) {}
    Result<std::optional<protocol::SourcedBlock>> next() override {
        if (m_next == m_blocks.size()) return std::nullopt;
        return protocol::SourcedBlock{m_blocks[m_next++], "memory", 0, 0};
    }
    std::uint64_t bytesDone() const override { return 0; }
    std::uint64_t bytesTotal() const override { return 0; }

private:
    std::vector<protocol::Block> m_blocks;
    std::size_t m_next = 0;
};

}  // namespace

/// A whole orderer over gRPC with TLS.
class OrdererServiceTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void ordersForManyClients();
    void goesOnAfterARestart();
    void aSecondNodeCopies();
    void answersAfterHalfClose();
    void endsAStreamAtARefusal();
    void hostileStreams();
    void cancelledStreams();
    void stopEndsStreams();
    void stopEndsIdleBroadcasts();
    void boundRequests();

private:
    void startNode(rpc::ClientCertificates clients = rpc::ClientCertificates::Requested);
    void stopNode() {
        m_stub.reset();
        m_role.reset();
    }
    /// Sends all on one stream; the statuses that came back.
    std::vector<int> broadcast(const std::vector<Bytes>& envelopes) {
        rpc::CallContext call(deadlineIn(kLong));
        const auto stream = m_stub->Broadcast(&call.grpc());
        std::thread writer([&] {
            for (const Bytes& envelope : envelopes)
                if (!stream->Write(parsed(envelope))) return;
            stream->WritesDone();
        });
        std::vector<int> statuses;
        ::orderer::BroadcastResponse response;
        while (stream->Read(&response)) statuses.push_back(response.status());
        writer.join();
        const auto ended = stream->Finish();
        if (!ended.ok()) statuses.push_back(-int(ended.error_code()));
        return statuses;
    }
    /// Reads until `enough` says so.
    std::vector<protocol::Block> deliver(
        const SeekInfo& info,
        const std::function<bool(const std::vector<protocol::Block>&)>& enough) {
        rpc::CallContext call(deadlineIn(kLong));
        const auto stream = m_stub->Deliver(&call.grpc());
        stream->Write(parsed(m_network.seek(*m_network.peer, info, absl::Now(), m_binding)));
        std::vector<protocol::Block> blocks;
        ::orderer::DeliverResponse response;
        while (!enough(blocks) && stream->Read(&response)) {
            if (!response.has_block()) break;
            blocks.push_back(valueOf(protocol::Block::parse(wire::serialize(response.block()))));
        }
        call.grpc().TryCancel();
        stream->Finish();
        return blocks;
    }
    static std::size_t transactionsIn(const std::vector<protocol::Block>& blocks) {
        std::size_t count = 0;
        for (const auto& block : blocks)
            if (!block.isConfigBlock()) count += block.transactionCount();
        return count;
    }
    http::Response post(const protocol::Block& block);
    Bytes smallerBatches();

    OrderingNetwork m_network;
    std::unique_ptr<TestFolder> m_folder;
    Metrics m_metrics;
    FlowEvents m_flow;
    rpc::TlsIdentity m_clientTls;
    Bytes m_binding;
    std::unique_ptr<OrdererRole> m_role;
    std::unique_ptr<Stub> m_stub;
};

void OrdererServiceTest::init() {
    m_folder = std::make_unique<TestFolder>();
    m_clientTls = m_network.alpha.tls("client");
    m_binding.clear();
    m_network.channel.channel = ChannelId("trade");
    startNode();
    const auto response = post(m_network.genesis());
    QCOMPARE(response.body, std::string("{\"name\":\"trade\",\"url\":\"/participation/v1/"
                                        "channels/trade\",\"consensusRelation\":\"consenter\","
                                        "\"status\":\"active\",\"height\":1}\n"));
    QCOMPARE(response.status, 201);
}

void OrdererServiceTest::cleanup() {
    stopNode();
    m_folder.reset();
}

void OrdererServiceTest::startNode(rpc::ClientCertificates clients) {
    OrdererConfig config;
    config.dataFolder = m_folder->path();
    config.listen = {"127.0.0.1", 0, {}};
    config.tls = {
        m_network.ordererTls, clients,
        clients == rpc::ClientCertificates::Required ? m_network.alpha.tlsRootsPem() : ""};
    config.identity = m_network.orderer;
    http::ServerOptions admin;
    admin.tls = {m_network.ordererTls.certificatePem, m_network.ordererTls.keyPem,
                 http::ClientCertificates::Required, m_network.orderers.tlsRootsPem()};
    config.admin = admin;
    config.metrics = &m_metrics;
    config.flow = &m_flow;
    m_role = std::make_unique<OrdererRole>(config);
    VERIFY_OK(m_role->start());
    const auto endpoint = rpc::parseEndpoint(m_role->endpoints()[0]);
    VERIFY_OK(endpoint);
    rpc::ClientTls tls;
    tls.rootsPem = m_network.orderers.tlsRootsPem();
    if (clients != rpc::ClientCertificates::Requested) tls.identity = m_clientTls;
    const auto channel = rpc::makeChannel(*endpoint, tls);
    VERIFY_OK(channel);
    m_stub = ::orderer::AtomicBroadcast::NewStub(*channel);
}

/// A join as osnadmin does it.
http::Response OrdererServiceTest::post(const protocol::Block& block) {
    const auto admin = valueOf(rpc::parseEndpoint(m_role->endpoints()[1]));
    const auto identity = m_network.orderers.tls("admin");
    const auto client = valueOf(http::Client::make(
        "127.0.0.1", admin.port,
        {m_network.orderers.tlsRootsPem(), identity.certificatePem, identity.keyPem}));
    http::Call call;
    call.method = "POST";
    call.path = "/participation/v1/channels";
    call.parts = {{"config-block", "config.block", "application/octet-stream", block.serialize()}};
    return valueOf(client->send(call, deadlineIn(kLong)));
}

void OrdererServiceTest::ordersForManyClients() {
    constexpr int kStreams = 5, kEach = 200, kReaders = 3;
    std::atomic<int> flowEvents = 0;
    const auto subscription = m_flow.subscribe([&](const FlowEvent&) { ++flowEvents; });
    const auto isAll = [](const std::vector<protocol::Block>& blocks) {
        return transactionsIn(blocks) >= kStreams * kEach;
    };
    std::vector<std::future<std::vector<protocol::Block>>> readers;
    for (int i = 0; i < kReaders; ++i)
        readers.push_back(
            std::async(std::launch::async, [&] { return deliver(everything(), isAll); }));
    std::vector<std::future<std::vector<int>>> writers;
    std::vector<std::vector<Bytes>> sent(kStreams);
    for (int s = 0; s < kStreams; ++s) {
        for (int i = 0; i < kEach; ++i)
            sent[std::size_t(s)].push_back(
                m_network.envelope(*m_network.client, fmt::format("{}-{}", s, i)));
        writers.push_back(
            std::async(std::launch::async, [&, s] { return broadcast(sent[std::size_t(s)]); }));
    }
    for (auto& writer : writers)
        QVERIFY(writer.get() == std::vector<int>(kEach, ::common::SUCCESS));
    std::set<Bytes> expected;
    for (const auto& list : sent) expected.insert(list.begin(), list.end());
    for (auto& reader : readers) {
        const auto blocks = reader.get();
        std::multiset<Bytes> found;
        for (const auto& block : blocks)
            if (!block.isConfigBlock())
                for (const BytesView envelope : block.envelopes()) found.emplace(envelope);
        QCOMPARE(found.size(), expected.size());
        QVERIFY(std::equal(found.begin(), found.end(), expected.begin()));
    }
    stopNode();
    // Durable, and in a block.
    QCOMPARE(flowEvents.load(), 2 * kStreams * kEach);
    const std::string metrics = m_metrics.text();
    for (const char* name :
         {"broadcast_processed_count{channel=\"trade\",type=\"ENDORSER_TRANSACTION\","
          "status=\"SUCCESS\"} 1000",
          "participation_status{channel=\"trade\"} 1",
          "consensus_etcdraft_committed_block_number{channel=\"trade\"}",
          "deliver_blocks_sent{channel=\"trade\",filtered=\"false\",data_type=\"block\"}"})
        QVERIFY2(metrics.find(name) != std::string::npos, name);
}

/// Fewer transactions in a block.
Bytes OrdererServiceTest::smallerBatches() {
    const auto genesis = deliver(range(0, 0), [](const auto& blocks) { return !blocks.empty(); });
    return m_network.configUpdate(*valueOf(bundleOf(genesis.at(0))), [](common::Config& config) {
        auto& values =
            *(*config.mutable_channel_group()->mutable_groups())["Orderer"].mutable_values();
        ::orderer::BatchSize size;
        size.ParseFromString(values["BatchSize"].value());
        size.set_max_message_count(3);
        values["BatchSize"].set_value(wire::serialize(size));
    });
}

void OrdererServiceTest::goesOnAfterARestart() {
    const auto send = [&](int count) {
        std::vector<Bytes> envelopes;
        for (int i = 0; i < count; ++i)
            envelopes.push_back(m_network.envelope(*m_network.client, std::to_string(i)));
        return broadcast(envelopes) == std::vector<int>(std::size_t(count), ::common::SUCCESS);
    };
    QVERIFY(send(25));
    QVERIFY(broadcast({smallerBatches()}) == std::vector<int>{::common::SUCCESS});
    QVERIFY(send(2));
    stopNode();
    startNode();
    QVERIFY(send(10));
    const auto blocks =
        deliver(everything(), [](const auto& all) { return transactionsIn(all) >= 37; });
    QCOMPARE(transactionsIn(blocks), std::size_t(37));
    QVERIFY(blocks.back().transactionCount() <= 3);
    verify::ChainVerifier verifier;
    BlockList source(blocks);
    const verify::Report& report = verifier.verify(source);
    for (const auto& finding : report.findings)
        if (finding.severity == verify::Severity::Error) qWarning("%s", finding.sentence.c_str());
    QVERIFY(report.good());
    QCOMPARE(report.configSequence, std::uint64_t(1));
}

void OrdererServiceTest::aSecondNodeCopies() {
    // Joined with a later block; it calls the first where the configuration says.
    m_network.channel.channel = ChannelId("copied");
    m_network.channel.orderers.organisations[0].endpoints = {m_role->endpoints()[0]};
    const auto genesis = m_network.genesis();
    QCOMPARE(post(genesis).status, 201);
    for (int i = 0; i < 3; ++i)
        QVERIFY(broadcast({m_network.envelope(*m_network.client, "x",
                                              protocol::HeaderType::EndorserTransaction,
                                              "copied")}) == std::vector<int>{::common::SUCCESS});
    QVERIFY(broadcast({smallerBatches()}) == std::vector<int>{::common::SUCCESS});
    const auto blocks = deliver(
        everything(), [](const auto& all) { return all.size() > 1 && all.back().isConfigBlock(); });
    const TestFolder folder;
    auto context = m_network.context();
    context->tls = m_network.orderers.tls("orderer1");
    Registrar second(context, {folder.path(), makeBlockPull(context)});
    VERIFY_OK(second.start());
    const auto joined = second.join(blocks.back());
    VERIFY_OK(joined);
    QCOMPARE(joined->status, ChannelStatus::Onboarding);
    const auto channel = second.find(m_network.channelId());
    const auto end = std::chrono::steady_clock::now() + kLong;
    while (channel->height() < blocks.size() && std::chrono::steady_clock::now() < end)
        std::this_thread::yield();
    QCOMPARE(channel->height(), blocks.size());
    for (std::size_t i = 0; i < blocks.size(); ++i)
        QVERIFY(channel->read(i)->serialize() == blocks[i].serialize());
    QCOMPARE(channel->info().status, ChannelStatus::Active);
}

void OrdererServiceTest::answersAfterHalfClose() {
    for (int i = 0; i < 20; ++i)
        QVERIFY(broadcast({m_network.envelope(*m_network.client, "x")}) ==
                std::vector<int>{::common::SUCCESS});
    QVERIFY(broadcast({}).empty());
}

void OrdererServiceTest::endsAStreamAtARefusal() {
    const Bytes good = m_network.envelope(*m_network.client, "good");
    const Bytes bad = m_network.envelope(*m_network.client, "bad",
                                         protocol::HeaderType::EndorserTransaction, "other");
    QVERIFY((broadcast({good, good, bad, good, good}) ==
             std::vector<int>{::common::SUCCESS, ::common::SUCCESS, ::common::BAD_REQUEST}));
}

void OrdererServiceTest::hostileStreams() {
    const Bytes good = m_network.envelope(*m_network.client, "good");
    std::vector<Bytes> hostile{{}, Bytes(1 << 20, 'x'), good.substr(0, good.size() / 2)};
    for (const Bytes& bytes : hostile) {
        rpc::CallContext call(deadlineIn(kLong));
        ::common::Envelope envelope;
        envelope.set_payload(bytes);
        const auto stream = m_stub->Deliver(&call.grpc());
        stream->Write(envelope);
        ::orderer::DeliverResponse response;
        QVERIFY(stream->Read(&response));
        QCOMPARE(int(response.status()), int(::common::BAD_REQUEST));
        QVERIFY(!stream->Read(&response));
        QVERIFY(stream->Finish().ok());
        QVERIFY(broadcast({wire::serialize(envelope)}) == std::vector<int>{::common::BAD_REQUEST});
    }
    QVERIFY(broadcast({good}) == std::vector<int>{::common::SUCCESS});
}

void OrdererServiceTest::cancelledStreams() {
    for (int i = 0; i < 50; ++i) {
        rpc::CallContext call(deadlineIn(kLong));
        const auto deliver = m_stub->Deliver(&call.grpc());
        deliver->Write(parsed(m_network.seek(*m_network.peer, everything())));
        rpc::CallContext other(deadlineIn(kLong));
        const auto broadcast = m_stub->Broadcast(&other.grpc());
        for (int n = 0; n < i % 5; ++n)
            broadcast->Write(parsed(m_network.envelope(*m_network.client, "x")));
        call.grpc().TryCancel();
        other.grpc().TryCancel();
        deliver->Finish();
        broadcast->Finish();
    }
    QVERIFY(broadcast({m_network.envelope(*m_network.client, "x")}) ==
            std::vector<int>{::common::SUCCESS});
}

void OrdererServiceTest::stopEndsStreams() {
    rpc::CallContext call(deadlineIn(kLong));
    const auto stream = m_stub->Deliver(&call.grpc());
    stream->Write(parsed(m_network.seek(*m_network.peer, everything())));
    ::orderer::DeliverResponse response;
    QVERIFY(stream->Read(&response));
    QVERIFY(response.has_block());
    std::thread stopper([&] { m_role->stop(deadlineIn(kLong)); });
    QVERIFY(stream->Read(&response));
    QCOMPARE(int(response.status()), int(::common::SERVICE_UNAVAILABLE));
    QVERIFY(stream->Finish().ok());
    stopper.join();
}

// The clients send nothing and do not close: the end must not wait for them.
void OrdererServiceTest::stopEndsIdleBroadcasts() {
    rpc::CallContext first(deadlineIn(kLong)), second(deadlineIn(kLong));
    const auto fresh = m_stub->Broadcast(&first.grpc());
    const auto used = m_stub->Broadcast(&second.grpc());
    ::orderer::BroadcastResponse response;
    for (int i = 0; i < 3; ++i) {
        QVERIFY(used->Write(parsed(m_network.envelope(*m_network.client, "x"))));
        QVERIFY(used->Read(&response));
        QCOMPARE(int(response.status()), int(::common::SUCCESS));
    }
    m_role->stop(Deadline::max());
    for (const auto& stream : {&fresh, &used}) {
        QVERIFY(!(*stream)->Read(&response));
        QCOMPARE((*stream)->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
    }
}

void OrdererServiceTest::boundRequests() {
    stopNode();
    startNode(rpc::ClientCertificates::Required);
    const auto one = [](const auto& blocks) { return blocks.size() == 1; };
    QVERIFY(deliver(range(0, 0), one).empty());
    m_binding = valueOf(rpc::bindingHashOf(m_clientTls));
    QCOMPARE(deliver(range(0, 0), one).size(), std::size_t(1));
    // Broadcast does not ask for it.
    QVERIFY(broadcast({m_network.envelope(*m_network.client, "x")}) ==
            std::vector<int>{::common::SUCCESS});
}

CHANCERY_TEST(OrdererServiceTest)
#include "OrdererServiceTest.moc"
