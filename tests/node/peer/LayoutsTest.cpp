#include "node/peer/Layouts.h"

#include <fmt/format.h>

#include "fabric/common/policies.pb.h"
#include "fabric/peer/proposal_response.pb.h"
#include "node/peer/GatewayConnections.h"
#include "node/peer/LayoutsPrincipals.h"
#include "src/protocol/Lifecycle.h"
#include "tests/node/peer/GatewayTestNetwork.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;

/// Which peers endorse together for which policies.
class LayoutsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void policies_data();
    void policies();
    void collections_data();
    void collections();
    void keyPolicies();
    void disregardedPolicy();
    void channelReference();
    void lifecycle();
    void peersThatCannotRunIt();
    void refusals_data();
    void refusals();
    void cacheFollowsWhatChanges();
    void hugePolicies();
    void peersForAnInterest();

private:
    struct Network {
        explicit Network(const LayoutsTest& test);
        std::shared_ptr<FakePeerChannel> channel;
        FakePeerChannels channels;
        GatewayConnections connections{std::nullopt};
        std::unique_ptr<PeerDirectory> directory;
        std::unique_ptr<Layouts> layouts;

        std::string find(BytesView interest);
    };

    std::vector<std::unique_ptr<TestOrg>> m_orgs;
    std::unique_ptr<TestOrg> m_orderers;
    channel::BundlePtr m_bundle;
    std::map<std::string, identity::SigningIdentityPtr> m_peers;  // "1.0": peer 0 of Org1
};

namespace {

/// "G0=Org1.0,Org1.1 | G0:1 G1:1 / G2:2": groups, then layouts.
std::string textOf(const EndorsementLayouts& layouts) {
    std::string text;
    for (std::size_t i = 0; i < layouts.groups.size(); ++i) {
        std::vector<std::string> names;
        for (const auto& peer : layouts.groups[i]) names.push_back(peer->endpoint);
        text += fmt::format("{}G{}={}", i == 0 ? "" : " ", i, fmt::join(names, ","));
    }
    for (std::size_t i = 0; i < layouts.layouts.size(); ++i) {
        text += i == 0 ? " |" : " /";
        for (const auto& need : layouts.layouts[i])
            text += fmt::format(" G{}:{}", need.group, need.quantity);
    }
    return text;
}

}  // namespace

void LayoutsTest::initTestCase() {
    m_orderers = std::make_unique<TestOrg>("Orderer");
    TestChannelConfig config;
    config.orderers = m_orderers.get();
    for (int i = 1; i <= 3; ++i) {
        m_orgs.push_back(std::make_unique<TestOrg>("Org" + std::to_string(i)));
        config.organisations.push_back(m_orgs.back().get());
        for (int peer = 0; peer < 2; ++peer)
            m_peers[fmt::format("{}.{}", i, peer)] =
                m_orgs.back()->member(fmt::format("peer{}", peer), "peer");
    }
    m_bundle = makeBundle(config);
}

// This peer is 1.0; 1.1, 2.0 and 3.0 are known, and all can run the contract.
LayoutsTest::Network::Network(const LayoutsTest& test)
    : channel(std::make_shared<FakePeerChannel>(test.m_bundle)) {
    channel->define("assets", "OR('Org1MSP.peer')");
    channels.channels[channel->channelId()] = channel;
    PeerDirectoryOptions options;
    options.selfEndpoint = "1.0";
    directory =
        std::make_unique<PeerDirectory>(channels, test.m_peers.at("1.0"), connections, options);
    for (const char* name : {"1.1", "2.0", "3.0"})
        VERIFY_OK(directory->report(
            *channel, peerOf(*test.m_peers.at(name), name, {{"assets", "1"}, {"other", "1"}})));
    layouts = std::make_unique<Layouts>(*directory);
}

std::string LayoutsTest::Network::find(BytesView interest) {
    const auto found = layouts->find(*channel, interest);
    return found.ok() ? textOf(**found) : "error: " + std::string(messageOf(found.status()));
}

void LayoutsTest::policies_data() {
    QTest::addColumn<QString>("policy");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* policy, const char* expected) {
        QTest::newRow(policy) << policy << expected;
    };
    row("OR('Org1MSP.peer')", "G0=1.0,1.1 | G0:1");
    row("OR('Org1MSP.peer','Org2MSP.peer')", "G0=1.0,1.1 G1=2.0 | G0:1 / G1:1");
    row("AND('Org1MSP.peer','Org2MSP.peer')", "G0=1.0,1.1 G1=2.0 | G0:1 G1:1");
    row("OutOf(2,'Org1MSP.peer','Org2MSP.peer','Org3MSP.peer')",
        "G0=1.0,1.1 G1=2.0 G2=3.0 | G0:1 G1:1 / G0:1 G2:1 / G1:1 G2:1");
    row("AND('Org1MSP.peer','Org1MSP.peer')", "G0=1.0,1.1 | G0:2");
    row("AND('Org2MSP.peer','Org2MSP.peer')",
        "error: no peer combination can satisfy the endorsement policy");
    row("OR(AND('Org2MSP.peer','Org2MSP.peer'),'Org3MSP.member')", "G0=3.0 | G0:1");
    row("OR('Org1MSP.admin')", "error: no peer combination can satisfy the endorsement policy");
    row("OR('StrangerMSP.peer','Org2MSP.peer')", "G0=2.0 | G0:1");
    row("OutOf(0,'Org1MSP.peer')", "error: policy not found");
}

void LayoutsTest::policies() {
    QFETCH(QString, policy);
    QFETCH(QString, expected);
    Network network(*this);
    if (policy.startsWith("OutOf(0")) {
        // A policy that lists nobody.
        auto& definition = network.channel->define("assets", "OR('Org1MSP.peer')");
        definition.validationParameter = std::string("\x0a\x00", 2);
    } else {
        network.channel->define("assets", policy.toStdString());
    }
    QCOMPARE(network.find(interestIn({"assets"})), expected.toStdString());
}

void LayoutsTest::collections_data() {
    QTest::addColumn<QString>("members");
    QTest::addColumn<QString>("own");
    QTest::addColumn<bool>("reads");
    QTest::addColumn<QString>("expected");
    const char* all = "G0=1.0,1.1 G1=2.0 G2=3.0 | G0:1 / G1:1 / G2:1";
    QTest::newRow("members endorse") << "OR('Org1MSP.member','Org2MSP.member')"
                                     << "" << true << "G0=1.0,1.1 G1=2.0 | G0:1 / G1:1";
    QTest::newRow("anybody may write") << "OR('Org1MSP.member')"
                                       << "" << false << all;
    QTest::newRow("own policy") << "OR('Org1MSP.member','Org2MSP.member')"
                                << "AND('Org1MSP.peer','Org2MSP.peer')" << true
                                << "G0=1.0,1.1 G1=2.0 | G0:1 G1:1";
    QTest::newRow("policy beyond the members")
        << "OR('Org1MSP.member')"
        << "OR('Org3MSP.peer')" << true
        << "error: no peer combination can satisfy the endorsement policy";
}

void LayoutsTest::collections() {
    QFETCH(QString, members);
    QFETCH(QString, own);
    QFETCH(bool, reads);
    QFETCH(QString, expected);
    Network network(*this);
    auto& definition =
        network.channel->define("assets", "OR('Org1MSP.peer','Org2MSP.peer','Org3MSP.peer')");
    protocol::Collection collection;
    collection.name = "secrets";
    collection.memberOrgsPolicy = signaturePolicy(members.toStdString());
    if (!own.isEmpty()) collection.endorsementPolicy = applicationPolicy(own.toStdString());
    definition.collections = {collection};
    ::protos::ChaincodeInterest interest;
    interest.ParseFromString(interestIn({"assets/secrets"}));
    interest.mutable_chaincodes(0)->set_no_private_reads(!reads);
    QCOMPARE(network.find(interest.SerializeAsString()), expected.toStdString());
}

void LayoutsTest::keyPolicies() {
    Network network(*this);
    network.channel->define("assets", "OR('Org1MSP.peer','Org2MSP.peer')");
    ::protos::ChaincodeInterest interest;
    interest.ParseFromString(interestIn({"assets"}));
    interest.mutable_chaincodes(0)->add_key_policies()->ParseFromString(
        signaturePolicy("AND('Org2MSP.peer','Org3MSP.peer')"));
    // Org2 counts for both policies, so Org1 is not needed.
    QCOMPARE(network.find(interest.SerializeAsString()), std::string("G0=2.0 G1=3.0 | G0:1 G1:1"));
}

void LayoutsTest::disregardedPolicy() {
    Network network(*this);
    network.channel->define("assets", "OR('Org1MSP.peer')");
    ::protos::ChaincodeInterest interest;
    interest.ParseFromString(interestIn({"assets"}));
    auto& call = *interest.mutable_chaincodes(0);
    call.set_disregard_namespace_policy(true);
    QVERIFY(QString::fromStdString(network.find(interest.SerializeAsString()))
                .startsWith("error: requested to disregard chaincode assets's policy"));
    call.add_key_policies()->ParseFromString(signaturePolicy("OR('Org3MSP.peer')"));
    QCOMPARE(network.find(interest.SerializeAsString()), std::string("G0=3.0 | G0:1"));
}

void LayoutsTest::channelReference() {
    Network network(*this);
    // A majority of three organisations.
    network.channel->define("assets", "/Channel/Application/Endorsement");
    QCOMPARE(network.find(interestIn({"assets"})),
             std::string("G0=1.0,1.1 G1=2.0 G2=3.0 | G0:1 G1:1 / G0:1 G2:1 / G1:1 G2:1"));
    network.channel->define("assets", "/Channel/Application/Nowhere", 2);
    network.channel->raiseTo(2);
    QCOMPARE(network.find(interestIn({"assets"})),
             std::string("error: No metadata was found for chaincode assets in channel trade"));
}

void LayoutsTest::lifecycle() {
    Network network(*this);
    for (const char* name : {"2.0", "3.0"})
        VERIFY_OK(network.directory->report(
            *network.channel, peerOf(*m_peers.at(name), name, {{"_lifecycle", "1"}})));
    QCOMPARE(network.find(interestIn({"_lifecycle"})),
             std::string("G0=1.0 G1=2.0 G2=3.0 | G0:1 G1:1 / G0:1 G2:1 / G1:1 G2:1"));
}

void LayoutsTest::peersThatCannotRunIt() {
    Network network(*this);
    network.channel->define("assets", "AND('Org1MSP.peer','Org2MSP.peer')", 2);
    // This peer has the new sequence, the others still the old one.
    QCOMPARE(network.find(interestIn({"assets"})),
             std::string("error: required chaincodes are not installed on sufficient peers"));
    VERIFY_OK(network.directory->report(*network.channel,
                                        peerOf(*m_peers.at("2.0"), "2.0", {{"assets", "2"}})));
    QCOMPARE(network.find(interestIn({"assets"})), std::string("G0=1.0 G1=2.0 | G0:1 G1:1"));
}

void LayoutsTest::refusals_data() {
    QTest::addColumn<QStringList>("calls");
    QTest::addColumn<QString>("expected");
    QTest::newRow("unknown contract")
        << QStringList{"nope"}
        << "error: No metadata was found for chaincode nope in channel trade";
    QTest::newRow("unknown second contract")
        << QStringList{"assets", "nope"}
        << "error: No metadata was found for chaincode nope in channel trade";
    QTest::newRow("unknown collection")
        << QStringList{"assets/nope"}
        << "error: collection nope doesn't exist in collection config for chaincode assets";
    QTest::newRow("nothing") << QStringList{}
                             << "error: chaincode interest must contain at least one chaincode";
}

void LayoutsTest::refusals() {
    QFETCH(QStringList, calls);
    QFETCH(QString, expected);
    std::vector<std::string> names;
    for (const QString& call : calls) names.push_back(call.toStdString());
    Network network(*this);
    QCOMPARE(network.find(interestIn(names)), expected.toStdString());
    const auto malformed = network.layouts->find(*network.channel, "\xff\xff");
    QCOMPARE(malformed.status().code(), StatusCode::kInvalidArgument);
}

void LayoutsTest::cacheFollowsWhatChanges() {
    Network network(*this);
    const Bytes interest = interestIn({"assets"});
    const auto first = network.layouts->find(*network.channel, interest);
    VERIFY_OK(first);
    network.channel->raiseTo(5);
    const auto same = network.layouts->find(*network.channel, interest);
    QCOMPARE(same->get(), first->get());

    network.channel->define("assets", "OR('Org2MSP.peer')");  // the same sequence: not noticed …
    network.channel->define("assets", "OR('Org1MSP.peer')", 2);
    network.channel->raiseTo(6);  // … until a block has brought another one
    QCOMPARE(network.find(interest), std::string("G0=1.0 | G0:1"));

    VERIFY_OK(network.directory->report(*network.channel,
                                        peerOf(*m_peers.at("1.1"), "1.1", {{"assets", "2"}})));
    QCOMPARE(network.find(interest), std::string("G0=1.0,1.1 | G0:1"));
    network.directory->lost(network.channel->channelId(), pkiIdOf(m_peers.at("1.1")->serialized()));
    QCOMPARE(network.find(interest), std::string("G0=1.0 | G0:1"));
}

// As many sets as nobody could list: some are given, and soon.
void LayoutsTest::hugePolicies() {
    std::string rules;
    for (int i = 0; i < 40; ++i) rules += fmt::format(",'M{}.peer'", i);
    ::common::SignaturePolicyEnvelope policy;
    policy.ParseFromString(signaturePolicy(fmt::format("OutOf(20{})", rules)));
    PrincipalTable table;
    const auto sets = setsOf(policy, table);
    VERIFY_OK(sets);
    QVERIFY(!sets->empty() && sets->size() <= kMaxPrincipalSets);
    for (const auto& set : *sets) QCOMPARE(set.size(), std::size_t(20));
}

void LayoutsTest::peersForAnInterest() {
    Network network(*this);
    const auto names = [&](const std::vector<std::string>& calls) {
        ::protos::ChaincodeInterest interest;
        interest.ParseFromString(interestIn(calls));
        const auto peers = network.layouts->peersFor(*network.channel, interest);
        std::vector<std::string> found;
        if (peers.ok())
            for (const auto& peer : *peers) found.push_back(peer->endpoint);
        return fmt::format("{}", fmt::join(found, ","));
    };
    QCOMPARE(names({}), std::string("1.0,1.1,2.0,3.0"));
    network.channel->define("assets", "OR('Org1MSP.peer')", 2);
    network.channel->raiseTo(3);
    QCOMPARE(names({"assets"}), std::string("1.0"));
    QCOMPARE(names({"nope"}), std::string());
}

CHANCERY_TEST(LayoutsTest)
#include "LayoutsTest.moc"
