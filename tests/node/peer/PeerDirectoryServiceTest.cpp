#include <grpcpp/grpcpp.h>

#include "fabric/common/ledger.pb.h"
#include "fabric/discovery/discovery_service.grpc.pb.h"
#include "node/peer/Discovery.h"
#include "node/peer/DiscoveryMessages.h"
#include "node/peer/DiscoveryService.h"
#include "node/peer/GatewayConnections.h"
#include "node/peer/PeerDirectory.h"
#include "tests/node/peer/GatewayFakeNodesService.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;
using namespace std::chrono_literals;

/// Which peers are known, and how they become known.
class PeerDirectoryServiceTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void selfIsCurrent();
    void runnableContracts();
    void reports_data();
    void reports();
    void lostPeers();
    void asksByDiscovery_data();
    void asksByDiscovery();
    void asksForTheHeightWhereDiscoveryRefuses();
    void peersThatDoNotAnswer();
    void peersThatComeBack();
    void asksWhoAsked();

private:
    channel::BundlePtr bundle(std::map<std::string, std::vector<channel::AnchorPeer>> anchors = {});
    std::unique_ptr<TestOrg> m_org1, m_org2, m_orderers;
    identity::SigningIdentityPtr m_peer1, m_peer2;
};

namespace {

/// One peer with its part of a channel.
struct Node {
    Node(const TestOrg& org, identity::SigningIdentityPtr who, channel::BundlePtr bundle,
         PeerDirectoryOptions options)
        : channel(std::make_shared<FakePeerChannel>(std::move(bundle))),
          connections(org.tls("peer")) {
        channel->define("assets", "OR('Org1MSP.peer')", 3);
        channels.channels[channel->channelId()] = channel;
        directory = std::make_unique<PeerDirectory>(channels, who, connections, options);
        layouts = std::make_unique<Layouts>(*directory);
        discovery =
            std::make_unique<Discovery>(channels, *directory, *layouts, who, DiscoveryOptions());
        service = std::make_unique<DiscoveryService>(*discovery);
    }
    std::shared_ptr<FakePeerChannel> channel;
    FakePeerChannels channels;
    GatewayConnections connections;
    std::unique_ptr<PeerDirectory> directory;
    std::unique_ptr<Layouts> layouts;
    std::unique_ptr<Discovery> discovery;
    std::unique_ptr<DiscoveryService> service;
};

template <class Condition>
bool waitUntil(const Condition& condition) {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::yield();
    }
    return true;
}

}  // namespace

void PeerDirectoryServiceTest::initTestCase() {
    m_org1 = std::make_unique<TestOrg>("Org1");
    m_org2 = std::make_unique<TestOrg>("Org2");
    m_orderers = std::make_unique<TestOrg>("Orderer");
    m_peer1 = m_org1->member("peer0", "peer");
    m_peer2 = m_org2->member("peer0", "peer");
}

channel::BundlePtr PeerDirectoryServiceTest::bundle(
    std::map<std::string, std::vector<channel::AnchorPeer>> anchors) {
    TestChannelConfig config;
    config.organisations = {m_org1.get(), m_org2.get()};
    config.orderers = m_orderers.get();
    config.anchors = std::move(anchors);
    return makeBundle(config);
}

void PeerDirectoryServiceTest::selfIsCurrent() {
    PeerDirectoryOptions options;
    options.selfEndpoint = "self:7051";
    const Node node(*m_org1, m_peer1, bundle(), options);
    const auto self = node.directory->self(*node.channel);
    QVERIFY(self->isSelf);
    QCOMPARE(self->endpoint, std::string("self:7051"));
    QCOMPARE(self->height.load(), BlockNumber(1));
    QCOMPARE(self->contracts.at("assets"), std::string("3"));
    QCOMPARE(self->contracts.at("_lifecycle"), std::string("1"));
    const auto generation = node.directory->generation();
    node.channel->raiseTo(8);
    QCOMPARE(node.directory->self(*node.channel).get(), self.get());
    QCOMPARE(self->height.load(), BlockNumber(8));
    QCOMPARE(node.directory->generation(), generation);
    node.channel->define("assets", "OR('Org1MSP.peer')", 4);
    node.channel->raiseTo(9);
    QCOMPARE(node.directory->self(*node.channel)->contracts.at("assets"), std::string("4"));
    QVERIFY(node.directory->generation() > generation);
}

void PeerDirectoryServiceTest::runnableContracts() {
    PeerDirectoryOptions options;
    options.selfEndpoint = "self:7051";
    options.isRunnable = [](const ChannelId&, std::string_view name) { return name != "assets"; };
    const Node node(*m_org1, m_peer1, bundle(), options);
    QVERIFY(!node.directory->self(*node.channel)->contracts.contains("assets"));
}

void PeerDirectoryServiceTest::reports_data() {
    QTest::addColumn<QString>("who");
    QTest::addColumn<bool>("accepted");
    QTest::newRow("peer") << "peer" << true;
    QTest::newRow("stranger") << "stranger" << false;
    QTest::newRow("impostor") << "impostor" << false;
    QTest::newRow("expired") << "expired" << false;
    QTest::newRow("orderer") << "orderer" << false;
    QTest::newRow("no endpoint") << "nowhere" << false;
}

void PeerDirectoryServiceTest::reports() {
    QFETCH(QString, who);
    QFETCH(bool, accepted);
    const Node node(*m_org1, m_peer1, bundle(), {});
    identity::SigningIdentityPtr identity = m_peer2;
    if (who == "stranger") identity = TestOrg("Evil").member("peer0", "peer");
    if (who == "impostor") identity = TestOrg("Org2").member("peer0", "peer");
    if (who == "expired")
        identity = m_org2->member("old", "peer", absl::Now() - absl::Hours(24 * 365 * 11));
    if (who == "orderer") identity = m_orderers->member("orderer0", "orderer");
    const auto status = node.directory->report(
        *node.channel, peerOf(*identity, who == "nowhere" ? "" : "p:7051", {{"assets", "3"}}));
    QCOMPARE(status.ok(), accepted);
    QCOMPARE(node.directory->peers(*node.channel).size(), std::size_t(accepted ? 2 : 1));
    QCOMPARE(node.directory->localPeers().size(), std::size_t(accepted ? 2 : 1));
}

void PeerDirectoryServiceTest::lostPeers() {
    const Node node(*m_org1, m_peer1, bundle(), {});
    VERIFY_OK(node.directory->report(*node.channel, peerOf(*m_peer2, "p:7051", {}, 5)));
    const auto generation = node.directory->generation();
    // A height alone changes nothing else.
    VERIFY_OK(node.directory->report(*node.channel, peerOf(*m_peer2, "p:7051", {}, 6)));
    QCOMPARE(node.directory->generation(), generation);
    QCOMPARE(node.directory->peers(*node.channel).back()->height.load(), BlockNumber(6));
    node.directory->lost(node.channel->channelId(), pkiIdOf(m_peer2->serialized()));
    QCOMPARE(node.directory->peers(*node.channel).size(), std::size_t(1));
    QVERIFY(node.directory->generation() > generation);
}

void PeerDirectoryServiceTest::asksByDiscovery_data() {
    QTest::addColumn<bool>("byAnchor");
    QTest::newRow("configured") << false;
    QTest::newRow("anchor peer") << true;
}

// Two peers: one asks the other over TLS, and learns what it can run and how far it is.
void PeerDirectoryServiceTest::asksByDiscovery() {
    QFETCH(bool, byAnchor);
    PeerDirectoryOptions theirs;
    theirs.selfEndpoint = "peer0.org2:7051";
    const Node second(*m_org2, m_peer2, bundle(), theirs);
    second.channel->raiseTo(17);
    const NodeServer server(*m_org2, {&second.service->service()});

    PeerDirectoryOptions ours;
    ours.selfEndpoint = "peer0.org1:7051";
    ours.refresh = 1ms;
    if (!byAnchor) ours.peers = {{m_org2->mspId(), server.address()}};
    const auto anchors =
        byAnchor ? std::map<std::string, std::vector<channel::AnchorPeer>>{{"Org2",
                                                                            {{"127.0.0.1",
                                                                              server.port()}}}}
                 : std::map<std::string, std::vector<channel::AnchorPeer>>();
    const Node first(*m_org1, m_peer1, bundle(anchors), ours);
    first.directory->start();
    QVERIFY(waitUntil([&] { return first.directory->peers(*first.channel).size() == 2; }));
    const auto known = first.directory->peers(*first.channel).back();
    QCOMPARE(known->mspId, m_org2->mspId());
    // The way it was reached, whatever it is called elsewhere.
    QCOMPARE(known->endpoint, server.address());
    QCOMPARE(known->identity, m_peer2->serialized());
    QCOMPARE(known->contracts.at("assets"), std::string("3"));
    QVERIFY(known->height.load() >= 17);
    second.channel->raiseTo(23);
    QVERIFY(waitUntil([&] {
        first.directory->refreshSoon(first.channel->channelId());
        return first.directory->peers(*first.channel).back()->height.load() == 23;
    }));
    first.directory->stop();
}

// As a Fabric peer does whose organisation lets only clients and administrators write.
void PeerDirectoryServiceTest::asksForTheHeightWhereDiscoveryRefuses() {
    class Refusing final : public ::discovery::Discovery::Service {
    public:
        grpc::Status Discover(grpc::ServerContext*, const ::discovery::SignedRequest* request,
                              ::discovery::Response* response) override {
            ::discovery::Request inner;
            inner.ParseFromString(request->payload());
            for (int i = 0; i < inner.queries_size(); ++i)
                response->add_results()->mutable_error()->set_content("access denied");
            return grpc::Status::OK;
        }
    } refusing;
    FakeRemoteEndorser endorser(m_peer2);
    ::common::BlockchainInfo info;
    info.set_height(77);
    endorser.behaviour.payload = info.SerializeAsString();
    const NodeServer server(*m_org2, {&refusing, &endorser});
    PeerDirectoryOptions options;
    options.selfEndpoint = "peer0.org1:7051";
    options.peers = {{m_org2->mspId(), server.address()}};
    const Node node(*m_org1, m_peer1, bundle(), options);
    node.directory->start();
    QVERIFY(waitUntil([&] { return node.directory->peers(*node.channel).size() == 2; }));
    const auto known = node.directory->peers(*node.channel).back();
    QCOMPARE(known->identity, m_peer2->serialized());
    QCOMPARE(known->height.load(), BlockNumber(77));
    QCOMPARE(known->contracts.at("assets"), std::string("3"));
}

void PeerDirectoryServiceTest::peersThatDoNotAnswer() {
    PeerDirectoryOptions options;
    options.selfEndpoint = "peer0.org1:7051";
    options.peers = {{m_org2->mspId(), "127.0.0.1:1"}, {MspId("NoMSP"), "127.0.0.1:2"}};
    options.firstRetry = options.lastRetry = 1ms;
    const Node node(*m_org1, m_peer1, bundle(), options);
    // What others said of it lasts until it has been asked in vain.
    VERIFY_OK(node.directory->report(*node.channel, peerOf(*m_peer2, "127.0.0.1:1", {})));
    QCOMPARE(node.directory->peers(*node.channel).size(), std::size_t(2));
    node.directory->start();
    QVERIFY(waitUntil([&] { return node.directory->peers(*node.channel).size() == 1; }));
}

// A call that cannot be served makes it ask again those who were gone.
void PeerDirectoryServiceTest::peersThatComeBack() {
    const Node second(*m_org2, m_peer2, bundle(), {.selfEndpoint = "peer0.org2:7051"});
    auto server = std::make_unique<NodeServer>(
        *m_org2, std::vector<grpc::Service*>{&second.service->service()});
    const std::uint16_t port = server->port();
    PeerDirectoryOptions options;
    options.selfEndpoint = "peer0.org1:7051";
    options.peers = {{m_org2->mspId(), server->address()}};
    options.refresh = options.firstRetry = 1ms;
    options.lastRetry = 1h;  // nobody would ask again by itself
    const Node first(*m_org1, m_peer1, bundle(), options);
    const auto count = [&] { return first.directory->peers(*first.channel).size(); };
    first.directory->start();
    QVERIFY(waitUntil([&] { return count() == 2; }));
    server.reset();
    QVERIFY(waitUntil([&] {
        first.directory->refreshSoon(first.channel->channelId());
        return count() == 1;
    }));
    server = std::make_unique<NodeServer>(
        *m_org2, std::vector<grpc::Service*>{&second.service->service()}, port);
    QVERIFY(waitUntil([&] {
        first.directory->refreshSoon(first.channel->channelId());
        return count() == 2;
    }));
}

// A peer that was asked before it joined the channel, and says by a question that it is there now.
void PeerDirectoryServiceTest::asksWhoAsked() {
    class Door final : public ::discovery::Discovery::Service {
    public:
        explicit Door(Discovery& behind) : discovery(behind) {}
        grpc::Status Discover(grpc::ServerContext*, const ::discovery::SignedRequest* request,
                              ::discovery::Response* response) override {
            const auto answer = discovery.discover(request->SerializeAsString());
            if (isOpen && answer.ok())
                response->ParseFromString(*answer);
            else
                response->add_results()->mutable_error()->set_content("access denied");
            ++asked;
            return grpc::Status::OK;
        }
        Discovery& discovery;
        std::atomic<bool> isOpen = false;
        std::atomic<int> asked = 0;
    };
    const Node second(*m_org2, m_peer2, bundle(), {.selfEndpoint = "peer0.org2:7051"});
    Door door(*second.discovery);
    const NodeServer server(*m_org2, {&door});
    PeerDirectoryOptions options;
    options.selfEndpoint = "peer0.org1:7051";
    options.peers = {{m_org2->mspId(), server.address()}};
    options.refresh = options.firstRetry = options.lastRetry = 1h;  // nobody asks again by itself
    const Node first(*m_org1, m_peer1, bundle(), options);
    first.directory->start();
    QVERIFY(waitUntil([&] { return door.asked == 1; }));
    door.isOpen = true;
    // Clients and the peer itself say nothing about others.
    first.directory->heard(*first.channel, m_org2->member("user", "client")->serialized());
    first.directory->heard(*first.channel, m_peer1->serialized());
    const auto question = encodePeerQuery(*m_peer2, {}, {first.channel->channelId()});
    VERIFY_OK(question);
    VERIFY_OK(first.discovery->discover(*question));
    QVERIFY(waitUntil([&] { return first.directory->peers(*first.channel).size() == 2; }));
    // Who is known is not asked for asking.
    VERIFY_OK(first.discovery->discover(*question));
    first.directory->stop();
    QCOMPARE(door.asked.load(), 2);
}

CHANCERY_TEST(PeerDirectoryServiceTest)
#include "PeerDirectoryServiceTest.moc"
