#include "src/channel/Genesis.h"

#include <google/protobuf/util/message_differencer.h>

#include <QTemporaryDir>
#include <fstream>

#include "fabric/msp/msp_config.pb.h"
#include "src/channel/Compare.h"
#include "src/crypto/Digest.h"
#include "src/identity/Issue.h"
#include "src/wire/Serialize.h"
#include "tests/src/channel/ConfigFiles.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::channel;
using namespace chancery::test;

namespace {

Bytes mspOf(const std::string& folder, const std::string& id) {
    auto config = identity::readMspFolder(vectorPath(folder + "/msp"), MspId(id));
    if (!config.ok()) throw std::runtime_error(textOf(config));
    return wire::serialize(*config);
}

NewOrganisation organisation(const std::string& name, const std::string& folder,
                             const std::string& id) {
    NewOrganisation organisation;
    organisation.name = name;
    organisation.mspConfig = mspOf(folder, id);
    organisation.policies = usualOrganisationPolicies(MspId(id));
    return organisation;
}

/// The network that made the vectors, as their configtx.yaml must have described it.
NewChannel tradechannel() {
    NewChannel channel;
    channel.channel = ChannelId("tradechannel");
    const std::string orderers = "msp/ordererOrganizations/orderers.pub.test";
    const std::string node = orderers + "/orderers/orderer.orderers.pub.test";
    auto ordering = organisation("orderers", orderers, "OrdererPubMSP");
    ordering.endpoints = {"127.0.0.1:27050"};
    channel.orderers.organisations = {ordering};
    channel.orderers.batchSize = {10, 10u << 20, 512u << 10};
    channel.orderers.batchTimeout = absl::Milliseconds(400);
    Consenter consenter;
    consenter.host = "127.0.0.1";
    consenter.port = 27050;
    consenter.clientTlsPem = consenter.serverTlsPem = vectorFile(node + "/tls/server.crt");
    channel.orderers.consenters = {consenter};
    auto options = NewOrderers::defaultRaftOptions();
    options.tickInterval = absl::Milliseconds(100);
    channel.orderers.options = options;

    auto alpha = organisation("Alpha", "msp/peerOrganizations/alpha.pub.test", "AlphaMSP");
    auto beta = organisation("Beta", "msp/peerOrganizations/beta.pub.test", "BetaMSP");
    beta.anchorPeers = {{"127.0.0.1", 27251}};
    channel.application.organisations = {alpha, beta};
    channel.application.acls = {{"event/FilteredBlock", "/Channel/Application/Readers"}};
    return channel;
}

NewChannel bft() {
    const auto withMembers = [](NewOrganisation one, const std::string& id) {
        one.policies["Endorsement"].rule = "OR('" + id + ".member')";
        return one;
    };
    NewChannel channel;
    channel.channel = ChannelId("bftpublic");
    channel.capabilities = {"V3_0"};
    const std::string folder = "bft/msp/ordererOrganizations/";
    auto one = withMembers(organisation("OrdererOne", folder + "one.bft.pub.test", "BftOneMSP"),
                           "BftOneMSP");
    one.endpoints = {"127.0.0.1:23150", "127.0.0.1:23250"};
    auto two = withMembers(organisation("OrdererTwo", folder + "two.bft.pub.test", "BftTwoMSP"),
                           "BftTwoMSP");
    two.endpoints = {"127.0.0.1:23350", "127.0.0.1:23450"};
    channel.orderers.organisations = {one, two};
    channel.orderers.batchSize = {5, 10u << 20, 512u << 10};
    channel.orderers.batchTimeout = absl::Milliseconds(500);
    for (std::uint32_t id = 1; id <= 4; ++id) {
        const std::string domain = id <= 2 ? "one.bft.pub.test" : "two.bft.pub.test";
        const std::string name = "n" + std::to_string(id) + "." + domain;
        const std::string node = folder + domain + "/orderers/" + name;
        Consenter consenter;
        consenter.id = id;
        consenter.host = "127.0.0.1";
        consenter.port = 23050 + 100 * id;
        consenter.mspId = MspId(id <= 2 ? "BftOneMSP" : "BftTwoMSP");
        consenter.identityPem = vectorFile(node + "/msp/signcerts/" + name + "-cert.pem");
        consenter.clientTlsPem = consenter.serverTlsPem = vectorFile(node + "/tls/server.crt");
        channel.orderers.consenters.push_back(consenter);
    }
    BftOptions options;
    options.requestBatchMaxInterval = absl::Milliseconds(200);
    options.incomingMessageBufferSize = 200;
    options.requestPoolSize = 1000;
    options.requestForwardTimeout = absl::Seconds(1);
    options.requestComplainTimeout = absl::Seconds(3);
    options.requestAutoRemoveTimeout = absl::Minutes(3);
    options.viewChangeResendInterval = absl::Seconds(2);
    options.viewChangeTimeout = absl::Seconds(8);
    options.leaderHeartbeatTimeout = absl::Seconds(5);
    options.leaderHeartbeatCount = 10;
    options.collectTimeout = absl::Seconds(1);
    channel.orderers.options = options;
    channel.application.organisations = {
        withMembers(organisation("App", "bft/msp/peerOrganizations/app.bft.pub.test", "BftAppMSP"),
                    "BftAppMSP")};
    return channel;
}

/// Always the same bytes.
class FixedRandom : public Random {
public:
    Bytes bytes(std::size_t count) override { return Bytes(count, 'n'); }
};

}  // namespace

class GenesisTest : public QObject {
    Q_OBJECT
private slots:
    void equalsConfigtxgen();
    void equalsConfigtxgenForBft();
    void block();
    void organisationAsPrinted();
    void refuses();
    void defaults();
    void suitesAreNotMixed();
};

void GenesisTest::equalsConfigtxgen() {
    const auto config = makeGenesisConfig(tradechannel());
    VERIFY_OK(config);
    const auto expected =
        configEnvelopeOf(vectorMessage<::common::Block>("config/genesis_tradechannel.block"));
    std::string report;
    google::protobuf::util::MessageDifferencer differencer;
    differencer.ReportDifferencesToString(&report);
    QVERIFY2(differencer.Compare(expected.config(), *config), report.c_str());
    QVERIFY(sameGroup(expected.config().channel_group(), config->channel_group()));
}

void GenesisTest::equalsConfigtxgenForBft() {
    const auto config = makeGenesisConfig(bft());
    VERIFY_OK(config);
    const auto expected = configEnvelopeOf(vectorMessage<::common::Block>("bft/genesis.block"));
    QVERIFY(sameGroup(expected.config().channel_group(), config->channel_group()));
}

void GenesisTest::block() {
    FixedRandom random;
    const auto made =
        makeGenesisBlock(tradechannel(), absl::FromUnixSeconds(1'700'000'000), random);
    VERIFY_OK(made);
    ::common::Block block;
    QVERIFY(block.ParseFromString(made->serialize()));
    const auto real = vectorMessage<::common::Block>("config/genesis_tradechannel.block");
    QCOMPARE(block.header().number(), std::uint64_t(0));
    QVERIFY(block.header().previous_hash().empty());
    QCOMPARE(block.header().data_hash(), crypto::sha256(block.data().data(0)));
    QVERIFY(google::protobuf::util::MessageDifferencer::Equals(block.metadata(), real.metadata()));
    QVERIFY(sameGroup(configEnvelopeOf(block).config().channel_group(),
                      configEnvelopeOf(real).config().channel_group()));
    ::common::Envelope envelope;
    ::common::Payload payload;
    ::common::ChannelHeader header;
    QVERIFY(envelope.ParseFromString(block.data().data(0)));
    QVERIFY(envelope.signature().empty());
    QVERIFY(payload.ParseFromString(envelope.payload()));
    QVERIFY(header.ParseFromString(payload.header().channel_header()));
    QCOMPARE(header.type(), static_cast<int>(::common::CONFIG));
    QCOMPARE(header.version(), 1);
    QCOMPARE(header.channel_id(), std::string("tradechannel"));
    QCOMPARE(header.timestamp().seconds(), std::int64_t(1'700'000'000));
    QCOMPARE(header.tx_id().size(), std::size_t(64));
}

void GenesisTest::organisationAsPrinted() {
    const auto made =
        makeOrganisation(organisation("Gamma", "msp/peerOrganizations/gamma.pub.test", "GammaMSP"),
                         GroupKind::ApplicationOrg);
    VERIFY_OK(made);
    const auto later =
        configEnvelopeOf(vectorMessage<::common::Block>("config/last_config_tradechannel.block"));
    QVERIFY(sameGroup(
        *made, later.config().channel_group().groups().at("Application").groups().at("Gamma")));
}

void GenesisTest::refuses() {
    const auto reason = [](void (*spoil)(NewChannel&), const char* path = "") {
        auto channel = tradechannel();
        spoil(channel);
        const auto status = makeGenesisConfig(channel).status();
        if (*path != '\0' && argumentOf(status, "path") != path)
            return "at " + argumentOf(status, "path");
        return reasonOf(status);
    };
    QCOMPARE(reason([](NewChannel& c) { c.policies.erase("Writers"); }, "/Channel/Writers"),
             std::string("POLICY_MISSING"));
    QCOMPARE(reason([](NewChannel& c) { c.orderers.policies.erase("BlockValidation"); },
                    "/Channel/Orderer/BlockValidation"),
             std::string("POLICY_MISSING"));
    QCOMPARE(reason([](NewChannel& c) { c.application.policies.erase("Admins"); },
                    "/Channel/Application/Admins"),
             std::string("POLICY_MISSING"));
    QCOMPARE(reason([](NewChannel& c) { c.policies["Admins"].rule = "SOME Admins"; }),
             std::string("BAD_POLICY_TEXT"));
    QCOMPARE(reason([](NewChannel& c) { c.application.organisations[0].name = "River_Bank"; }),
             std::string("BAD_NAME"));
    QCOMPARE(reason([](NewChannel& c) { c.application.organisations[1].name = "Alpha"; }),
             std::string("DUPLICATE_ORGANISATION"));
    QCOMPARE(reason([](NewChannel& c) { c.application.organisations[0].mspConfig = "\xff"; }),
             std::string("MALFORMED_PROTOBUF"));
    QCOMPARE(reason([](NewChannel& c) { c.application.organisations[0].mspConfig.clear(); },
                    "/Channel/Application/Alpha/MSP"),
             std::string("BAD_MSP"));
    QCOMPARE(reason([](NewChannel& c) { c.channel = ChannelId("Trade"); }),
             std::string("BAD_CHANNEL_NAME"));
    QCOMPARE(reason([](NewChannel& c) { c.orderers.batchTimeout = absl::ZeroDuration(); },
                    "/Channel/Orderer/BatchTimeout"),
             std::string("BAD_VALUE"));
}

// What a new channel gets when nobody says otherwise (fact sheet A §4.2, §6.6).
void GenesisTest::defaults() {
    const NewOrderers orderers;
    QCOMPARE(orderers.batchSize.maxMessages, 500u);
    QCOMPARE(orderers.batchSize.absoluteMaxBytes, 10u << 20);
    QCOMPARE(orderers.batchSize.preferredMaxBytes, 2u << 20);
    QVERIFY(orderers.batchTimeout == absl::Seconds(2));
    const auto& raft = std::get<RaftOptions>(orderers.options);
    QVERIFY(raft.tickInterval == absl::Milliseconds(500));
    QCOMPARE(raft.electionTick, 10u);
    QCOMPARE(raft.snapshotIntervalSize, 16u << 20);
    const auto options = NewOrderers::defaultBftOptions();
    VERIFY_OK(checkBft(options, 500, 10u << 20));
}

void GenesisTest::suitesAreNotMixed() {
    const QTemporaryDir temporary;
    const std::filesystem::path folder = temporary.path().toStdString();
    identity::SubjectName subject;
    subject.commonName = "ca.sm2.test";
    const auto key = crypto::PrivateKey::generate(crypto::KeyAlgorithm::Sm2);
    VERIFY_OK(key);
    const auto root = identity::issueSelfSigned(identity::cryptogenCa(subject, absl::Now()), *key);
    VERIFY_OK(root);
    std::filesystem::create_directories(folder / "cacerts");
    std::ofstream(folder / "cacerts/ca.pem") << root->toPem();
    std::ofstream(folder / "config.yaml") << "NodeOUs:\n  Enable: true\n  AdminOUIdentifier:\n"
                                             "    OrganizationalUnitIdentifier: admin\n";
    const auto withSm2 = [&](NewOrganisation one, const std::string& id) {
        const auto config = identity::readMspFolder(folder, MspId(id));
        if (!config.ok()) throw std::runtime_error(textOf(config));
        one.mspConfig = wire::serialize(*config);
        one.policies = usualOrganisationPolicies(MspId(id));
        return one;
    };
    // It loads what it has made.
    const auto reason = [](const NewChannel& one) {
        return reasonOf(makeGenesisConfig(one).status());
    };
    NewChannel channel = tradechannel();
    QCOMPARE(reason(channel), std::string());
    auto& beta = channel.application.organisations.back();
    beta = withSm2(beta, "BetaMSP");
    QCOMPARE(reason(channel), std::string("MIXED_SUITES"));
    auto& alpha = channel.application.organisations.front();
    alpha = withSm2(alpha, "AlphaMSP");
    auto& orderers = channel.orderers.organisations.front();
    orderers = withSm2(orderers, "OrdererPubMSP");
    QCOMPARE(reason(channel), std::string());
}

CHANCERY_TEST(GenesisTest)
#include "GenesisTest.moc"
