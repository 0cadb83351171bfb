#include "node/peer/Discovery.h"

#include <fmt/format.h>

#include "fabric/discovery/protocol.pb.h"
#include "fabric/gossip/message.pb.h"
#include "fabric/peer/proposal_response.pb.h"
#include "node/peer/DiscoveryMessages.h"
#include "node/peer/GatewayConnections.h"
#include "src/crypto/Digest.h"
#include "tests/node/peer/GatewayTestNetwork.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;

namespace pb = ::discovery;

/// What clients learn of a network from a peer, and who may ask.
class DiscoveryTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void config();
    void peers();
    void peersForAContract();
    void endorsers();
    void endorserErrors_data();
    void endorserErrors();
    void localPeers();
    void severalQueries();
    void whoMayAsk_data();
    void whoMayAsk();
    void unknownRequests();
    void malformed();
    void rememberedVerdictsFollowTheConfiguration();
    void globalOrdererAddresses();

private:
    pb::Response ask(const pb::Request& request, const identity::SigningIdentity& who);
    pb::QueryResult askOne(const pb::Query& query) { return askOne(query, *m_client); }
    pb::QueryResult askOne(const pb::Query& query, const identity::SigningIdentity& who);
    static pb::Query queryFor(const std::string& channel) {
        pb::Query query;
        query.set_channel(channel);
        return query;
    }

    std::unique_ptr<TestOrg> m_org1, m_org2, m_orderers;
    identity::SigningIdentityPtr m_peer, m_peer2, m_client, m_admin;
    TestChannelConfig m_config;
    channel::BundlePtr m_bundle;

    std::shared_ptr<FakePeerChannel> m_channel;
    FakePeerChannels m_channels;
    GatewayConnections m_connections{std::nullopt};
    std::unique_ptr<PeerDirectory> m_directory;
    std::unique_ptr<Layouts> m_layouts;
    std::unique_ptr<Discovery> m_discovery;
};

void DiscoveryTest::initTestCase() {
    m_org1 = std::make_unique<TestOrg>("Org1");
    m_org2 = std::make_unique<TestOrg>("Org2");
    m_orderers = std::make_unique<TestOrg>("Orderer");
    m_peer = m_org1->member("peer0", "peer");
    m_peer2 = m_org2->member("peer0", "peer");
    m_client = m_org1->member("user", "client");
    m_admin = m_org1->member("admin", "admin");
    m_config.organisations = {m_org1.get(), m_org2.get()};
    m_config.orderers = m_orderers.get();
    m_config.ordererEndpoints = {"orderer0:7050", "orderer1:7051"};
    m_bundle = makeBundle(m_config);
}

void DiscoveryTest::init() {
    m_channel = std::make_shared<FakePeerChannel>(m_bundle);
    m_channel->define("assets", "AND('Org1MSP.peer','Org2MSP.peer')");
    m_channels.channels = {{m_channel->channelId(), m_channel}};
    PeerDirectoryOptions options;
    options.selfEndpoint = "peer0.org1:7051";
    m_directory = std::make_unique<PeerDirectory>(m_channels, m_peer, m_connections, options);
    VERIFY_OK(m_directory->report(*m_channel,
                                  peerOf(*m_peer2, "peer0.org2:7051", {{"assets", "1"}}, 42)));
    m_layouts = std::make_unique<Layouts>(*m_directory);
    DiscoveryOptions discovery;
    discovery.localMsp = m_org1->msp();
    m_discovery =
        std::make_unique<Discovery>(m_channels, *m_directory, *m_layouts, m_peer, discovery);
}

pb::Response DiscoveryTest::ask(const pb::Request& queries, const identity::SigningIdentity& who) {
    pb::Request request = queries;
    request.mutable_authentication()->set_client_identity(who.serialized());
    pb::SignedRequest signedRequest;
    signedRequest.set_payload(request.SerializeAsString());
    signedRequest.set_signature(*who.sign(signedRequest.payload()));
    pb::Response response;
    const auto answer = m_discovery->discover(signedRequest.SerializeAsString());
    if (answer.ok()) response.ParseFromString(*answer);
    return response;
}

pb::QueryResult DiscoveryTest::askOne(const pb::Query& query,
                                      const identity::SigningIdentity& who) {
    pb::Request request;
    *request.add_queries() = query;
    const auto response = ask(request, who);
    return response.results_size() == 1 ? response.results(0) : pb::QueryResult();
}

void DiscoveryTest::config() {
    auto query = queryFor("trade");
    query.mutable_config_query();
    const auto result = askOne(query).config_result();
    QCOMPARE(result.msps_size(), 3);
    for (const TestOrg* org : {m_org1.get(), m_org2.get(), m_orderers.get()}) {
        const auto& msp = result.msps().at(org->mspId().str());
        QCOMPARE(msp.name(), org->mspId().str());
        QCOMPARE(msp.tls_root_certs(0), org->tlsRoots());
        QCOMPARE(msp.root_certs_size(), 1);
        QVERIFY(msp.fabric_node_ous().enable());
    }
    QCOMPARE(result.orderers_size(), 1);
    const auto& endpoints = result.orderers().at("OrdererMSP");
    QCOMPARE(endpoints.endpoint_size(), 2);
    QCOMPARE(endpoints.endpoint(1).host(), std::string("orderer1"));
    QCOMPARE(endpoints.endpoint(1).port(), 7051U);
}

// What the Go client demands of each peer is there.
void DiscoveryTest::peers() {
    m_channel->raiseTo(9);
    auto query = queryFor("trade");
    query.mutable_peer_query();
    const auto members = askOne(query).members();
    QCOMPARE(members.peers_by_org_size(), 2);
    const auto check = [&](const std::string& org, const identity::SigningIdentity& who,
                           const std::string& endpoint, std::uint64_t height, bool isSelf) {
        QCOMPARE(members.peers_by_org().at(org).peers_size(), 1);
        const auto& peer = members.peers_by_org().at(org).peers(0);
        QCOMPARE(peer.identity(), who.serialized());
        ::gossip::GossipMessage alive, state;
        QVERIFY(alive.ParseFromString(peer.membership_info().payload()));
        QVERIFY(state.ParseFromString(peer.state_info().payload()));
        QCOMPARE(alive.alive_msg().membership().endpoint(), endpoint);
        QVERIFY(alive.alive_msg().has_timestamp());
        QVERIFY(state.state_info().has_timestamp());
        QCOMPARE(state.state_info().properties().ledger_height(), height);
        QCOMPARE(state.state_info().channel_mac(),
                 crypto::sha256({state.state_info().pki_id(), "trade"}));
        QCOMPARE(peer.state_info().signature().empty(), !isSelf);
    };
    check("Org1MSP", *m_peer, "peer0.org1:7051", 9, true);
    check("Org2MSP", *m_peer2, "peer0.org2:7051", 42, false);
}

void DiscoveryTest::peersForAContract() {
    m_channel->define("mine", "OR('Org1MSP.peer')");
    m_channel->raiseTo(3);
    auto query = queryFor("trade");
    query.mutable_peer_query()->mutable_filter()->add_chaincodes()->set_name("mine");
    const auto members = askOne(query).members();
    QCOMPARE(members.peers_by_org().at("Org1MSP").peers_size(), 1);
    QCOMPARE(members.peers_by_org().at("Org2MSP").peers_size(), 0);
    query.mutable_peer_query()->mutable_filter()->mutable_chaincodes(0)->set_name("nope");
    QCOMPARE(askOne(query).error().content(),
             std::string("No metadata was found for chaincode nope in channel trade"));
}

void DiscoveryTest::endorsers() {
    auto query = queryFor("trade");
    query.mutable_cc_query()->add_interests()->ParseFromString(interestIn({"assets"}));
    query.mutable_cc_query()->add_interests()->ParseFromString(interestIn({"assets"}));
    const auto result = askOne(query).cc_query_res();
    QCOMPARE(result.content_size(), 2);
    const auto& descriptor = result.content(0);
    QCOMPARE(descriptor.chaincode(), std::string("assets"));
    QCOMPARE(descriptor.layouts_size(), 1);
    const auto& quantities = descriptor.layouts(0).quantities_by_group();
    QCOMPARE(quantities.at("G0"), 1U);
    QCOMPARE(quantities.at("G1"), 1U);
    QCOMPARE(descriptor.endorsers_by_groups_size(), 2);
    for (const auto& [group, quantity] : quantities) {
        const auto& peers = descriptor.endorsers_by_groups().at(group);
        QCOMPARE(peers.peers_size(), 1);
        QVERIFY(peers.peers(0).has_state_info() && peers.peers(0).has_membership_info());
    }
}

void DiscoveryTest::endorserErrors_data() {
    QTest::addColumn<QStringList>("calls");
    QTest::addColumn<QString>("expected");
    QTest::newRow("no interest") << QStringList{"-"}
                                 << "chaincode query must have at least one chaincode interest";
    QTest::newRow("empty interest")
        << QStringList{} << "chaincode interest must contain at least one chaincode";
    QTest::newRow("no name") << QStringList{""} << "chaincode name in interest cannot be empty";
    QTest::newRow("unknown") << QStringList{"nope"}
                             << "failed constructing descriptor for chaincodes:<name:\"nope\" >";
    QTest::newRow("unknown collection")
        << QStringList{"assets/nope"}
        << "failed constructing descriptor for chaincodes:<name:\"assets\" "
           "collection_names:\"nope\" >";
}

void DiscoveryTest::endorserErrors() {
    QFETCH(QStringList, calls);
    QFETCH(QString, expected);
    auto query = queryFor("trade");
    auto& endorsers = *query.mutable_cc_query();
    if (calls != QStringList{"-"}) {
        std::vector<std::string> names;
        for (const QString& call : calls) names.push_back(call.toStdString());
        endorsers.add_interests()->ParseFromString(interestIn(names));
    }
    QCOMPARE(askOne(query).error().content(), expected.toStdString());
}

void DiscoveryTest::localPeers() {
    pb::Query query;
    query.mutable_local_peers();
    const auto members = askOne(query, *m_admin).members();
    QCOMPARE(members.peers_by_org_size(), 2);
    QVERIFY(!members.peers_by_org().at("Org1MSP").peers(0).has_state_info());
    QVERIFY(members.peers_by_org().at("Org2MSP").peers(0).has_membership_info());
    QCOMPARE(askOne(query, *m_client).error().content(), std::string("access denied"));
    DiscoveryOptions options;
    options.localMsp = m_org1->msp();
    options.membersMayAskLocally = true;
    m_discovery =
        std::make_unique<Discovery>(m_channels, *m_directory, *m_layouts, m_peer, options);
    QVERIFY(askOne(query, *m_client).has_members());
    QCOMPARE(askOne(query, *m_org2->member("u", "client")).error().content(),
             std::string("access denied"));
}

void DiscoveryTest::severalQueries() {
    pb::Request request;
    auto& members = *request.add_queries();
    members.set_channel("trade");
    members.mutable_peer_query();
    request.add_queries()->set_channel("nowhere");
    auto& config = *request.add_queries();
    config.set_channel("trade");
    config.mutable_config_query();
    const auto response = ask(request, *m_client);
    QCOMPARE(response.results_size(), 3);
    QVERIFY(response.results(0).has_members());
    QCOMPARE(response.results(1).error().content(), std::string("access denied"));
    QVERIFY(response.results(2).has_config_result());
}

void DiscoveryTest::whoMayAsk_data() {
    QTest::addColumn<QString>("who");
    QTest::addColumn<bool>("allowed");
    QTest::newRow("client") << "client" << true;
    QTest::newRow("peer of another organisation") << "peer2" << true;
    QTest::newRow("admin") << "admin" << true;
    QTest::newRow("stranger") << "stranger" << false;
    QTest::newRow("orderer") << "orderer" << false;
    QTest::newRow("expired") << "expired" << false;
    QTest::newRow("same name, other CA") << "impostor" << false;
    QTest::newRow("nobody") << "nobody" << false;
}

void DiscoveryTest::whoMayAsk() {
    QFETCH(QString, who);
    QFETCH(bool, allowed);
    const std::map<QString, std::function<identity::SigningIdentityPtr()>> members{
        {"client", [&] { return m_client; }},
        {"peer2", [&] { return m_peer2; }},
        {"admin", [&] { return m_admin; }},
        {"stranger", [&] { return TestOrg("Evil").member("u", "client"); }},
        {"orderer", [&] { return m_orderers->member("o", "orderer"); }},
        {"expired",
         [&] { return m_org1->member("old", "client", absl::Now() - absl::Hours(24 * 365 * 11)); }},
        {"impostor", [&] { return TestOrg("Org1").member("u", "client"); }},
        {"nobody", [&] { return m_client; }}};
    auto query = queryFor("trade");
    query.mutable_config_query();
    if (who == "nobody") {
        // A signature over something else.
        pb::Request request;
        *request.add_queries() = query;
        request.mutable_authentication()->set_client_identity(m_client->serialized());
        pb::SignedRequest forged;
        forged.set_payload(request.SerializeAsString());
        forged.set_signature(*m_client->sign("something else"));
        pb::Response response;
        QVERIFY(response.ParseFromString(*m_discovery->discover(forged.SerializeAsString())));
        QCOMPARE(response.results(0).error().content(), std::string("access denied"));
        return;
    }
    for (int i = 0; i < 2; ++i) {
        const auto result = askOne(query, *members.at(who)());
        QCOMPARE(result.has_config_result(), allowed);
        if (!allowed) QCOMPARE(result.error().content(), std::string("access denied"));
    }
}

void DiscoveryTest::unknownRequests() {
    QCOMPARE(askOne(queryFor("trade")).error().content(),
             std::string("unknown or missing request type"));
    auto local = queryFor("trade");
    local.mutable_local_peers();
    QCOMPARE(askOne(local).error().content(), std::string("unknown or missing request type"));
    auto config = queryFor("");
    config.mutable_config_query();
    QCOMPARE(askOne(config, *m_admin).error().content(),
             std::string("unknown or missing request type"));
}

void DiscoveryTest::malformed() {
    const auto refuse = [&](const Bytes& bytes) {
        const auto answer = m_discovery->discover(bytes);
        return fmt::format("{} {}", static_cast<int>(answer.status().code()),
                           messageOf(answer.status()));
    };
    QVERIFY(refuse("\xff\xff").starts_with("2 failed parsing request: "));
    pb::SignedRequest request;
    request.set_payload("\xff");
    QVERIFY(refuse(request.SerializeAsString()).starts_with("2 failed parsing request: "));
    request.clear_payload();
    QCOMPARE(refuse(request.SerializeAsString()),
             std::string("2 access denied, no authentication info in request"));
    pb::Request inner;
    inner.mutable_authentication();
    request.set_payload(inner.SerializeAsString());
    QCOMPARE(refuse(request.SerializeAsString()),
             std::string("2 access denied, client identity wasn't supplied"));
    inner.mutable_authentication()->set_client_identity("somebody");
    for (int i = 0; i < 5000; ++i) inner.add_queries();
    request.set_payload(inner.SerializeAsString());
    QCOMPARE(refuse(request.SerializeAsString()), std::string("2 too many queries"));
}

void DiscoveryTest::rememberedVerdictsFollowTheConfiguration() {
    auto query = queryFor("trade");
    query.mutable_config_query();
    const auto user2 = m_org2->member("u", "client");
    QVERIFY(askOne(query, *user2).has_config_result());
    auto config = m_config;
    config.organisations = {m_org1.get()};
    m_channel->setBundle(makeBundle(config));
    QCOMPARE(askOne(query, *user2).error().content(), std::string("access denied"));
    // And who has left is not shown any more.
    auto peers = queryFor("trade");
    peers.mutable_peer_query();
    QCOMPARE(askOne(peers).members().peers_by_org_size(), 1);
}

void DiscoveryTest::globalOrdererAddresses() {
    auto config = m_config;
    config.ordererEndpoints = {};
    config.globalAddresses = {"global:7050"};
    m_channel->setBundle(makeBundle(config));
    auto query = queryFor("trade");
    query.mutable_config_query();
    const auto result = askOne(query).config_result();
    QCOMPARE(result.orderers().at("OrdererMSP").endpoint(0).host(), std::string("global"));
}

CHANCERY_TEST(DiscoveryTest)
#include "DiscoveryTest.moc"
