#include "src/channel/Bundle.h"

#include "fabric/common/configuration.pb.h"
#include "fabric/common/policies.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "fabric/orderer/configuration.pb.h"
#include "fabric/peer/configuration.pb.h"
#include "src/channel/Acl.h"
#include "src/channel/Compare.h"
#include "tests/src/channel/ConfigFiles.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::channel;
using namespace chancery::test;

namespace {

::common::Config genesis(const std::string& file = "config/genesis_tradechannel.block") {
    return configEnvelopeOf(vectorMessage<::common::Block>(file)).config();
}

Result<BundlePtr> load(const ::common::Config& config,
                       const std::string& channel = "tradechannel") {
    return Bundle::fromConfig(ChannelId(channel), config);
}

using Group = ::common::ConfigGroup;
using Change = void (*)(Group& root);

Group& group(Group& root, const char* name) {
    return root.mutable_groups()->at(name);
}
Group& orderers(Group& root) {
    return group(root, "Orderer");
}
Group& applications(Group& root) {
    return group(root, "Application");
}
Group& alpha(Group& root) {
    return group(applications(root), "Alpha");
}

template <class M>
void set(Group& in, const char* key, const M& message) {
    (*in.mutable_values())[key].set_value(message.SerializeAsString());
}

template <class M, class Edit>
void edit(Group& in, const char* key, Edit change) {
    M message;
    message.ParseFromString((*in.mutable_values())[key].value());
    change(message);
    set(in, key, message);
}

void setCapability(Group& in, std::initializer_list<const char*> names) {
    ::common::Capabilities capabilities;
    for (const char* name : names) (*capabilities.mutable_capabilities())[name];
    set(in, "Capabilities", capabilities);
}

struct Refusal {
    const char* name;
    const char* reason;
    const char* path;
    Change change;
};

const Refusal kRefusals[] = {
    {"unknown group", "UNEXPECTED_GROUP", "/Channel/Colours",
     [](Group& root) { (*root.mutable_groups())["Colours"]; }},
    {"unknown value", "UNEXPECTED_VALUE", "/Channel/Colour",
     [](Group& root) { (*root.mutable_values())["Colour"]; }},
    {"value of another group", "UNEXPECTED_VALUE", "/Channel/Application/BatchSize",
     [](Group& root) { (*applications(root).mutable_values())["BatchSize"]; }},
    {"endpoints of an application organisation", "UNEXPECTED_VALUE",
     "/Channel/Application/Alpha/Endpoints",
     [](Group& root) { (*alpha(root).mutable_values())["Endpoints"]; }},
    {"undecodable value", "BAD_VALUE", "/Channel/Orderer/BatchSize",
     [](Group& root) { orderers(root).mutable_values()->at("BatchSize").set_value("\xff"); }},
    {"text that is no UTF-8", "BAD_VALUE", "/Channel/HashingAlgorithm",
     [](Group& root) { root.mutable_values()->at("HashingAlgorithm").set_value("\x0a\x01\xff"); }},
    {"no hashing algorithm", "BAD_VALUE", "/Channel/HashingAlgorithm",
     [](Group& root) { root.mutable_values()->erase("HashingAlgorithm"); }},
    {"unknown hashing algorithm", "BAD_VALUE", "/Channel/HashingAlgorithm",
     [](Group& root) {
         edit<::common::HashingAlgorithm>(root, "HashingAlgorithm",
                                          [](auto& m) { m.set_name("SHA384"); });
     }},
    {"width", "BAD_VALUE", "/Channel/BlockDataHashingStructure",
     [](Group& root) {
         edit<::common::BlockDataHashingStructure>(root, "BlockDataHashingStructure",
                                                   [](auto& m) { m.set_width(7); });
     }},
    {"no addresses below V1_4_2", "BAD_VALUE", "/Channel/OrdererAddresses",
     [](Group& root) { setCapability(root, {"V1_3"}); }},
    {"endpoints below V1_4_2", "CAPABILITY_NEEDED", "/Channel/Orderer/orderers/Endpoints",
     [](Group& root) {
         setCapability(root, {"V1_3"});
         ::common::OrdererAddresses addresses;
         addresses.add_addresses("127.0.0.1:7050");
         set(root, "OrdererAddresses", addresses);
     }},
    {"global addresses with V3_0", "BAD_VALUE", "/Channel/OrdererAddresses",
     [](Group& root) {
         setCapability(root, {"V3_0"});
         ::common::OrdererAddresses addresses;
         addresses.add_addresses("127.0.0.1:7050");
         set(root, "OrdererAddresses", addresses);
     }},
    {"no endpoints with V3_0", "BAD_VALUE", "/Channel/Orderer/orderers/Endpoints",
     [](Group& root) {
         setCapability(root, {"V3_0"});
         group(orderers(root), "orderers").mutable_values()->erase("Endpoints");
     }},
    {"no orderer capabilities", "CAPABILITY_NEEDED", "/Channel/Orderer/Capabilities",
     [](Group& root) { orderers(root).mutable_values()->erase("Capabilities"); }},
    {"no orderer capabilities, those of the application", "CAPABILITY_NEEDED",
     "/Channel/Orderer/Capabilities",
     [](Group& root) {
         orderers(root).mutable_values()->erase("Capabilities");
         root.mutable_values()->erase("Capabilities");
     }},
    {"ACLs without V1_2", "CAPABILITY_NEEDED", "/Channel/Application/ACLs",
     [](Group& root) { setCapability(applications(root), {"V1_1"}); }},
    {"no messages in a block", "BAD_VALUE", "/Channel/Orderer/BatchSize",
     [](Group& root) {
         edit<::orderer::BatchSize>(orderers(root), "BatchSize",
                                    [](auto& m) { m.set_max_message_count(0); });
     }},
    {"no absolute bytes", "BAD_VALUE", "/Channel/Orderer/BatchSize",
     [](Group& root) {
         edit<::orderer::BatchSize>(orderers(root), "BatchSize",
                                    [](auto& m) { m.set_absolute_max_bytes(0); });
     }},
    {"no preferred bytes", "BAD_VALUE", "/Channel/Orderer/BatchSize",
     [](Group& root) {
         edit<::orderer::BatchSize>(orderers(root), "BatchSize",
                                    [](auto& m) { m.set_preferred_max_bytes(0); });
     }},
    {"no batch size", "BAD_VALUE", "/Channel/Orderer/BatchSize",
     [](Group& root) { orderers(root).mutable_values()->erase("BatchSize"); }},
    {"no batch timeout", "BAD_VALUE", "/Channel/Orderer/BatchTimeout",
     [](Group& root) { orderers(root).mutable_values()->erase("BatchTimeout"); }},
    {"batch timeout of zero", "BAD_VALUE", "/Channel/Orderer/BatchTimeout",
     [](Group& root) {
         edit<::orderer::BatchTimeout>(orderers(root), "BatchTimeout",
                                       [](auto& m) { m.set_timeout("0s"); });
     }},
    {"negative batch timeout", "BAD_VALUE", "/Channel/Orderer/BatchTimeout",
     [](Group& root) {
         edit<::orderer::BatchTimeout>(orderers(root), "BatchTimeout",
                                       [](auto& m) { m.set_timeout("-1s"); });
     }},
    {"Kafka broker without port", "BAD_VALUE", "/Channel/Orderer/KafkaBrokers",
     [](Group& root) {
         ::orderer::KafkaBrokers brokers;
         brokers.add_brokers("kafka.example.com:9092");
         brokers.add_brokers("kafka.example.com");
         set(orderers(root), "KafkaBrokers", brokers);
     }},
    {"Kafka broker with a large port", "BAD_VALUE", "/Channel/Orderer/KafkaBrokers",
     [](Group& root) {
         ::orderer::KafkaBrokers brokers;
         brokers.add_brokers("kafka:65536");
         set(orderers(root), "KafkaBrokers", brokers);
     }},
    {"organisation with a sub-group", "UNEXPECTED_GROUP", "/Channel/Application/Alpha/Department",
     [](Group& root) { (*alpha(root).mutable_groups())["Department"]; }},
    {"organisation without MSP", "BAD_MSP", "/Channel/Application/Alpha/MSP",
     [](Group& root) { alpha(root).mutable_values()->erase("MSP"); }},
    {"unknown MSP type", "BAD_MSP", "/Channel/Application/Alpha/MSP",
     [](Group& root) {
         edit<::msp::MSPConfig>(alpha(root), "MSP", [](auto& m) { m.set_type(2); });
     }},
    {"MSP without id", "BAD_MSP", "/Channel/Application/Alpha/MSP",
     [](Group& root) {
         edit<::msp::MSPConfig>(alpha(root), "MSP", [](auto& m) {
             ::msp::FabricMSPConfig config;
             config.ParseFromString(m.config());
             config.clear_name();
             m.set_config(config.SerializeAsString());
         });
     }},
    {"one MSP id, two definitions", "DIFFERENT_MSPS", "",
     [](Group& root) {
         auto& copy = (*orderers(root).mutable_groups())["Alpha"];
         copy = alpha(root);
         copy.mutable_values()->erase("AnchorPeers");
         edit<::msp::MSPConfig>(copy, "MSP", [](auto& m) {
             ::msp::FabricMSPConfig config;
             config.ParseFromString(m.config());
             config.clear_revocation_list();
             m.set_config(config.SerializeAsString());
         });
     }},
    {"policy that is nothing", "BAD_POLICY", "/Channel/Application/Writers",
     [](Group& root) { applications(root).mutable_policies()->at("Writers").clear_policy(); }},
    {"policy of an unknown type", "BAD_POLICY", "/Channel/Application/Writers",
     [](Group& root) {
         applications(root).mutable_policies()->at("Writers").mutable_policy()->set_type(2);
     }},
    {"name of a group", "BAD_NAME", "/Channel/Application/River_Bank",
     [](Group& root) { (*applications(root).mutable_groups())["River_Bank"] = alpha(root); }},
    {"name of a policy", "BAD_NAME", "/Channel/..",
     [](Group& root) { (*root.mutable_policies())[".."]; }},
    {"name with a control character", "BAD_NAME", "/Channel/a\\nb",
     [](Group& root) { (*root.mutable_values())["a\nb"]; }},
    {"consortium with an unknown value", "UNEXPECTED_VALUE", "/Channel/Consortiums/C/Capabilities",
     [](Group& root) {
         auto& consortium = (*(*root.mutable_groups())["Consortiums"].mutable_groups())["C"];
         (*consortium.mutable_values())["Capabilities"];
     }},
};

}  // namespace

class BundleTest : public QObject {
    Q_OBJECT
private slots:
    void tellsWhatTradechannelSays();
    void tellsWhatBftSays();
    void refuses_data();
    void refuses();
    void accepts_data();
    void accepts();
    void channelNames();
    void noChannelGroup();
    void hostileTrees();
    void sameMspUnderTwoNames();
    void reusesMsps();
    void endpointsPreferOrganisations();
    void acls();
    void consensusThatCannotBeRead();
    void consortiums();
};

void BundleTest::tellsWhatTradechannelSays() {
    const auto config = genesis();
    const auto loaded = load(config);
    VERIFY_OK(loaded);
    const Bundle& bundle = **loaded;
    QCOMPARE(bundle.channelId().str(), std::string("tradechannel"));
    QCOMPARE(bundle.sequence(), std::uint64_t(0));
    QVERIFY(sameGroup(bundle.config().channel_group(), config.channel_group()));
    QVERIFY(bundle.hasApplication());
    QVERIFY(!bundle.hasConsortiums());

    const Capabilities& capabilities = bundle.capabilities();
    QCOMPARE(capabilities.channel, std::vector<std::string>{"V2_0"});
    QCOMPARE(capabilities.orderer, std::vector<std::string>{"V2_0"});
    QCOMPARE(capabilities.application, std::vector<std::string>{"V2_5"});
    QVERIFY(capabilities.mspVersion == identity::MspVersion::V1_4_3);
    QVERIFY(capabilities.purgePrivateData && capabilities.newLifecycle && capabilities.acls);
    QVERIFY(!capabilities.consensusTypeBft);

    const OrdererSettings* orderer = bundle.orderer();
    QVERIFY(orderer != nullptr);
    QCOMPARE(orderer->consensusType, std::string("etcdraft"));
    QVERIFY(orderer->consensusState == ConsensusState::Normal);
    QCOMPARE(orderer->batchSize.maxMessages, 10u);
    QCOMPARE(orderer->batchSize.absoluteMaxBytes, 10u << 20);
    QCOMPARE(orderer->batchSize.preferredMaxBytes, 512u << 10);
    QVERIFY(orderer->batchTimeout == absl::Milliseconds(400));
    QCOMPARE(orderer->maxChannels, std::uint64_t(0));

    const auto options = bundle.raftOptions();
    VERIFY_OK(options);
    QVERIFY(options->tickInterval == absl::Milliseconds(100));
    QCOMPARE(options->electionTick, 10u);
    QCOMPARE(options->heartbeatTick, 1u);
    QCOMPARE(options->maxInflightBlocks, 5u);
    QCOMPARE(options->snapshotIntervalSize, 16u << 20);
    QCOMPARE(reasonOf(bundle.bftOptions().status()), std::string("OTHER_CONSENSUS"));
    QCOMPARE(bundle.consenters().size(), std::size_t(1));
    QCOMPARE(bundle.consenters()[0].host, std::string("127.0.0.1"));
    QCOMPARE(bundle.consenters()[0].port, 27050u);
    QVERIFY(bundle.consenters()[0].serverTlsPem.starts_with("-----BEGIN CERTIFICATE-----"));

    QCOMPARE(bundle.applicationOrgs().at(MspId("AlphaMSP")), std::string("Alpha"));
    QCOMPARE(bundle.applicationOrgs().at(MspId("BetaMSP")), std::string("Beta"));
    QCOMPARE(bundle.ordererOrgs().at(MspId("OrdererPubMSP")), std::string("orderers"));
    const Organisation& beta = bundle.applicationOrganisations().at("Beta");
    QCOMPARE(beta.anchorPeers.size(), std::size_t(1));
    QCOMPARE(beta.anchorPeers[0].host, std::string("127.0.0.1"));
    QCOMPARE(beta.anchorPeers[0].port, 27251);
    QCOMPARE(beta.msp->mspId().str(), std::string("BetaMSP"));
    QCOMPARE(bundle.msps()->ids().size(), std::size_t(3));

    QCOMPARE(bundle.ordererEndpoints().size(), std::size_t(1));
    QCOMPARE(bundle.ordererEndpoints()[0].address, std::string("127.0.0.1:27050"));
    QCOMPARE(bundle.ordererEndpoints()[0].organisation, std::string("orderers"));
    QCOMPARE(bundle.ordererEndpoints()[0].tlsRoots.size(), std::size_t(1));
    QVERIFY(bundle.blockValidationPolicy() != nullptr);
    QVERIFY(bundle.policies().find("/Channel/Application/Alpha/Admins") != nullptr);
}

void BundleTest::tellsWhatBftSays() {
    const auto loaded = load(genesis("bft/genesis.block"), "bftpublic");
    VERIFY_OK(loaded);
    const Bundle& bundle = **loaded;
    QCOMPARE(bundle.consensusType(), std::string("BFT"));
    QVERIFY(bundle.capabilities().consensusTypeBft);
    QVERIFY(bundle.capabilities().mspVersion == identity::MspVersion::V3_0);
    QCOMPARE(bundle.consenters().size(), std::size_t(4));
    QCOMPARE(bundle.consenters()[2].id, 3u);
    QCOMPARE(bundle.consenters()[2].mspId.str(), std::string("BftTwoMSP"));
    QVERIFY(!bundle.consenters()[2].identityPem.empty());
    QCOMPARE(bundle.ordererMapping().size(), std::size_t(4));
    const auto options = bundle.bftOptions();
    VERIFY_OK(options);
    QVERIFY(options->requestAutoRemoveTimeout == absl::Minutes(3));
    QVERIFY(options->requestBatchMaxInterval == absl::Milliseconds(200));
    QCOMPARE(options->requestPoolSize, std::uint64_t(1000));
    QVERIFY(!options->leaderRotation);
    QCOMPARE(reasonOf(bundle.raftOptions().status()), std::string("OTHER_CONSENSUS"));
    QCOMPARE(bundle.ordererEndpoints().size(), std::size_t(4));
}

void BundleTest::refuses_data() {
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < std::size(kRefusals); ++i)
        QTest::newRow(kRefusals[i].name) << static_cast<int>(i);
}

void BundleTest::refuses() {
    QFETCH(int, index);
    const Refusal& refusal = kRefusals[index];
    auto config = genesis();
    VERIFY_OK(load(config));
    refusal.change(*config.mutable_channel_group());
    const auto loaded = load(config);
    QVERIFY(!loaded.ok());
    QCOMPARE(reasonOf(loaded.status()), std::string(refusal.reason));
    if (*refusal.path != '\0')
        QCOMPARE(argumentOf(loaded.status(), "path"), std::string(refusal.path));
    QVERIFY(!argumentOf(loaded.status(), "path").empty());
}

void BundleTest::accepts_data() {
    QTest::addColumn<int>("which");
    for (int i = 0; i < 6; ++i) QTest::newRow(std::to_string(i).c_str()) << i;
}

// What Fabric lets pass although it looks odd.
void BundleTest::accepts() {
    QFETCH(int, which);
    auto config = genesis();
    Group& root = *config.mutable_channel_group();
    switch (which) {
        case 0:  // unknown capabilities are refused by orderers and stop peers, but they load
            setCapability(root, {"V2_0", "V9_9"});
            break;
        case 1:  // the other hash
            edit<::common::HashingAlgorithm>(root, "HashingAlgorithm",
                                             [](auto& m) { m.set_name("SHA3_256"); });
            break;
        case 2:  // addresses beside endpoints, up to V2_0
        {
            ::common::OrdererAddresses addresses;
            addresses.add_addresses("127.0.0.1:7050");
            set(root, "OrdererAddresses", addresses);
            break;
        }
        case 3:  // no application
            root.mutable_groups()->erase("Application");
            break;
        case 4:  // no orderers
            root.mutable_groups()->erase("Orderer");
            break;
        case 5:  // a value of the Consortiums group itself is not looked at
            (*(*root.mutable_groups())["Consortiums"].mutable_values())["Anything"].set_value("x");
            break;
    }
    VERIFY_OK(load(config));
}

void BundleTest::channelNames() {
    const auto config = genesis();
    VERIFY_OK(load(config, "a"));
    VERIFY_OK(load(config, "a.b-c9"));
    VERIFY_OK(load(config, std::string(249, 'x')));
    for (const std::string& name :
         {std::string(), std::string("A"), std::string("9a"), std::string("a_b"), std::string("aB"),
          std::string("a b"), std::string(250, 'x')})
        QCOMPARE(reasonOf(load(config, name).status()), std::string("BAD_CHANNEL_NAME"));
}

void BundleTest::noChannelGroup() {
    QCOMPARE(reasonOf(load(::common::Config()).status()), std::string("NO_CHANNEL_GROUP"));
}

void BundleTest::hostileTrees() {
    auto config = genesis();
    auto& values = *config.mutable_channel_group()->mutable_values();
    for (int i = 0; i < 100'001; ++i) values[std::to_string(i)];
    QCOMPARE(reasonOf(load(config).status()), std::string("TOO_MANY_ELEMENTS"));

    config = genesis();
    Group* deepest = &alpha(*config.mutable_channel_group());
    for (int i = 0; i < 1'000; ++i) deepest = &(*deepest->mutable_groups())["a"];
    QCOMPARE(reasonOf(load(config).status()), std::string("TOO_DEEP"));

    // Long names deep down would multiply.
    config = genesis();
    deepest = &alpha(*config.mutable_channel_group());
    for (int i = 0; i < 5; ++i) deepest = &(*deepest->mutable_groups())[std::string(249, 'a')];
    for (int i = 0; i < 50'000; ++i) (*deepest->mutable_values())[std::to_string(i)];
    QCOMPARE(reasonOf(load(config).status()), std::string("TOO_MANY_ELEMENTS"));

    // A policy a thousand levels deep cannot even be decoded.
    ::common::SignaturePolicyEnvelope envelope;
    auto* rule = envelope.mutable_rule();
    for (int i = 0; i < 1'000; ++i) rule = rule->mutable_n_out_of()->add_rules();
    rule->set_signed_by(0);
    config = genesis();
    auto& policy =
        *alpha(*config.mutable_channel_group()).mutable_policies()->at("Readers").mutable_policy();
    policy.set_value(envelope.SerializeAsString());
    const auto loaded = load(config);
    QVERIFY(!loaded.ok());
    QCOMPARE(argumentOf(loaded.status(), "path"),
             std::string("/Channel/Application/Alpha/Readers"));
}

void BundleTest::sameMspUnderTwoNames() {
    auto config = genesis();
    Group& root = *config.mutable_channel_group();
    (*applications(root).mutable_groups())["Copy"] = alpha(root);
    auto& inOrderers = (*orderers(root).mutable_groups())["AlsoHere"];
    inOrderers = alpha(root);
    const auto loaded = load(config);
    VERIFY_OK(loaded);
    QCOMPARE((*loaded)->msps()->ids().size(), std::size_t(3));
    QCOMPARE((*loaded)->applicationOrganisations().size(), std::size_t(3));
    QCOMPARE((*loaded)->applicationOrgs().at(MspId("AlphaMSP")), std::string("Alpha"));
    const auto& organisations = (*loaded)->applicationOrganisations();
    QVERIFY(organisations.at("Copy").msp == organisations.at("Alpha").msp);
}

void BundleTest::reusesMsps() {
    auto config = genesis();
    const auto first = load(config);
    VERIFY_OK(first);
    edit<::msp::MSPConfig>(alpha(*config.mutable_channel_group()), "MSP", [](auto& m) {
        ::msp::FabricMSPConfig msp;
        msp.ParseFromString(m.config());
        msp.clear_revocation_list();
        m.set_config(msp.SerializeAsString());
    });
    const auto second = Bundle::fromConfig(ChannelId("tradechannel"), config, first->get());
    VERIFY_OK(second);
    const MspId alphaId("AlphaMSP");
    const MspId betaId("BetaMSP");
    QVERIFY((*second)->msps()->find(betaId) == (*first)->msps()->find(betaId));
    QVERIFY((*second)->msps()->find(alphaId) != (*first)->msps()->find(alphaId));
    // Other rules, other MSPs.
    setCapability(*config.mutable_channel_group(), {"V3_0"});
    const auto third = Bundle::fromConfig(ChannelId("tradechannel"), config, second->get());
    VERIFY_OK(third);
    QVERIFY((*third)->msps()->find(betaId) != (*second)->msps()->find(betaId));
}

void BundleTest::endpointsPreferOrganisations() {
    auto config = genesis();
    Group& root = *config.mutable_channel_group();
    ::common::OrdererAddresses addresses;
    addresses.add_addresses("global:1");
    addresses.add_addresses("global:2");
    set(root, "OrdererAddresses", addresses);
    auto loaded = load(config);
    VERIFY_OK(loaded);
    QCOMPARE((*loaded)->ordererEndpoints().size(), std::size_t(1));
    group(orderers(root), "orderers").mutable_values()->erase("Endpoints");
    loaded = load(config);
    VERIFY_OK(loaded);
    const auto& endpoints = (*loaded)->ordererEndpoints();
    QCOMPARE(endpoints.size(), std::size_t(2));
    QCOMPARE(endpoints[1].address, std::string("global:2"));
    QVERIFY(endpoints[1].organisation.empty());
    QCOMPARE(endpoints[1].tlsRoots.size(), std::size_t(1));
}

void BundleTest::acls() {
    auto config = genesis();
    edit<::protos::ACLs>(applications(*config.mutable_channel_group()), "ACLs", [](auto& m) {
        auto& acls = *m.mutable_acls();
        acls.clear();
        acls["peer/Propose"].set_policy_ref("Readers");
        acls["qscc/GetChainInfo"].set_policy_ref("/Channel/Orderer/Admins");
        acls["event/Block"].set_policy_ref("");
        acls["x/y"].set_policy_ref("Writers");
        acls["cscc/JoinChain"].set_policy_ref("Writers");
    });
    const auto loaded = load(config);
    VERIFY_OK(loaded);
    const Bundle& bundle = **loaded;
    QCOMPARE(bundle.acls().size(), std::size_t(4));
    const auto is = [&](const char* resource, const char* policy) {
        return bundle.policyOfResource(resource) == policy;
    };
    QVERIFY(is("peer/Propose", "/Channel/Application/Readers"));
    QVERIFY(is("qscc/GetChainInfo", "/Channel/Orderer/Admins"));
    QVERIFY(is("event/Block", "/Channel/Application/Readers"));
    QVERIFY(is("_lifecycle/CommitChaincodeDefinition", "/Channel/Application/Writers"));
    QVERIFY(is("gateway/CommitStatus", "/Channel/Application/Readers"));
    QVERIFY(is("x/y", "/Channel/Application/Writers"));
    QVERIFY(is("a/b", ""));
    QVERIFY(is("cscc/JoinChain", ""));  // the node's own affair
    QCOMPARE(channelResources().size(), std::size_t(22));
    QVERIFY(defaultAccess("cscc/GetChannels") == DefaultAccess::LocalMembers);
    QVERIFY(defaultAccess("lscc/Deploy") == DefaultAccess::CoveredByOther);
    QVERIFY(defaultAccess("nothing") == DefaultAccess::Unknown);
}

void BundleTest::consensusThatCannotBeRead() {
    auto config = genesis();
    edit<::orderer::ConsensusType>(orderers(*config.mutable_channel_group()), "ConsensusType",
                                   [](auto& m) { m.set_metadata("\xff\xff"); });
    const auto loaded = load(config);
    VERIFY_OK(loaded);  // peers do not mind
    QVERIFY((*loaded)->consenters().empty());
    QCOMPARE(reasonOf((*loaded)->raftOptions().status()), std::string("BAD_VALUE"));
}

void BundleTest::consortiums() {
    auto config = genesis();
    Group& root = *config.mutable_channel_group();
    auto& consortium = (*(*root.mutable_groups())["Consortiums"].mutable_groups())["Sample"];
    auto& organisation = (*consortium.mutable_groups())["A"];
    (*organisation.mutable_values())["MSP"] = alpha(root).values().at("MSP");
    ::common::Policy policy;
    policy.set_type(::common::Policy::IMPLICIT_META);
    set(consortium, "ChannelCreationPolicy", policy);
    const auto loaded = load(config);
    VERIFY_OK(loaded);
    QVERIFY((*loaded)->hasConsortiums());
    QCOMPARE((*loaded)->consortiumOrgs().at("Sample/A").str(), std::string("AlphaMSP"));
}

CHANCERY_TEST(BundleTest)
#include "BundleTest.moc"
