#include "fabric/common/configuration.pb.h"
#include "fabric/common/policies.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "fabric/orderer/configuration.pb.h"
#include "fabric/orderer/etcdraft/configuration.pb.h"
#include "fabric/orderer/smartbft/configuration.pb.h"
#include "src/channel/Update.h"
#include "src/identity/Certificate.h"
#include "src/identity/Issue.h"
#include "tests/src/channel/ConfigFiles.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::channel;
using namespace chancery::test;

namespace {

using ::common::ConfigGroup;

::common::Config genesis(const std::string& file = "config/genesis_tradechannel.block") {
    return configEnvelopeOf(vectorMessage<::common::Block>(file)).config();
}

BundlePtr load(const ::common::Config& config) {
    auto bundle = Bundle::fromConfig(ChannelId("tradechannel"), config);
    if (!bundle.ok()) throw std::runtime_error(textOf(bundle));
    return *bundle;
}

ConfigGroup& ordererGroup(::common::Config& config) {
    return config.mutable_channel_group()->mutable_groups()->at("Orderer");
}

template <class M, class Edit>
void edit(ConfigGroup& in, const char* key, Edit change) {
    M message;
    message.ParseFromString((*in.mutable_values())[key].value());
    change(message);
    (*in.mutable_values())[key].set_value(message.SerializeAsString());
}

template <class Edit>
void editRaft(::common::Config& config, Edit change) {
    edit<::orderer::ConsensusType>(ordererGroup(config), "ConsensusType", [&](auto& consensus) {
        ::etcdraft::ConfigMetadata metadata;
        metadata.ParseFromString(consensus.metadata());
        change(metadata);
        consensus.set_metadata(metadata.SerializeAsString());
    });
}

/// Consenters 1 to 3 of the vectors' ordering organisation.
::etcdraft::Consenter consenter(int number) {
    const std::string name =
        (number == 1 ? "orderer" : "orderer" + std::to_string(number)) + ".orderers.pub.test";
    const std::string pem = vectorFile("msp/ordererOrganizations/orderers.pub.test/orderers/" +
                                       name + "/tls/server.crt");
    ::etcdraft::Consenter made;
    made.set_host("127.0.0.1");
    made.set_port(7000 + static_cast<std::uint32_t>(number));
    made.set_client_tls_cert(pem);
    made.set_server_tls_cert(pem);
    return made;
}

::common::Config withConsenters(std::initializer_list<int> numbers) {
    auto config = genesis();
    editRaft(config, [&](auto& metadata) {
        metadata.clear_consenters();
        for (const int number : numbers) *metadata.add_consenters() = consenter(number);
    });
    return config;
}

Status check(const ::common::Config& current, const ::common::Config& proposed,
             const OrdererView& view = {}) {
    return checkOrdererRules(*load(current), *load(proposed), view);
}

std::string reason(const ::common::Config& current, const ::common::Config& proposed,
                   const OrdererView& view = {}) {
    return reasonOf(check(current, proposed, view));
}

void setCapability(ConfigGroup& in, std::initializer_list<const char*> names) {
    ::common::Capabilities capabilities;
    for (const char* name : names) (*capabilities.mutable_capabilities())[name];
    (*in.mutable_values())["Capabilities"].set_value(capabilities.SerializeAsString());
}

void setConsensus(::common::Config& config, const char* type,
                  ::orderer::ConsensusType::State state) {
    edit<::orderer::ConsensusType>(ordererGroup(config), "ConsensusType", [&](auto& consensus) {
        consensus.set_type(type);
        consensus.set_state(state);
    });
}

constexpr auto kNormal = ::orderer::ConsensusType::STATE_NORMAL;
constexpr auto kMaintenance = ::orderer::ConsensusType::STATE_MAINTENANCE;

/// The raft channel with V3_0 in maintenance, and what it could become.
struct Migration {
    ::common::Config raft = genesis();
    ::common::Config bft;

    Migration() {
        setCapability(*raft.mutable_channel_group(), {"V3_0"});
        setConsensus(raft, "etcdraft", kMaintenance);
        bft = raft;
        ::etcdraft::ConfigMetadata metadata;
        ::orderer::ConsensusType consensus;
        consensus.ParseFromString(ordererGroup(raft).values().at("ConsensusType").value());
        metadata.ParseFromString(consensus.metadata());
        ::common::Orderers orderers;
        for (const auto& from : metadata.consenters()) {
            auto& to = *orderers.add_consenter_mapping();
            to.set_id(1);
            to.set_host(from.host());
            to.set_port(from.port());
            to.set_msp_id("OrdererPubMSP");
            to.set_client_tls_cert(from.client_tls_cert());
            to.set_server_tls_cert(from.server_tls_cert());
        }
        (*ordererGroup(bft).mutable_values())["Orderers"].set_value(orderers.SerializeAsString());
        consensus.set_type("BFT");
        consensus.set_metadata(options().SerializeAsString());
        ordererGroup(bft)
            .mutable_values()
            ->at("ConsensusType")
            .set_value(consensus.SerializeAsString());
    }

    static ::orderer::smartbft::Options options() {
        ::orderer::smartbft::Options options;
        options.set_request_batch_max_count(100);
        options.set_request_batch_max_bytes(10u << 20);
        options.set_request_batch_max_interval("200ms");
        options.set_incoming_message_buffer_size(200);
        options.set_request_pool_size(1000);
        options.set_request_forward_timeout("1s");
        options.set_request_complain_timeout("3s");
        options.set_request_auto_remove_timeout("3m");
        options.set_view_change_resend_interval("2s");
        options.set_view_change_timeout("8s");
        options.set_leader_heartbeat_timeout("5s");
        options.set_leader_heartbeat_count(10);
        options.set_collect_timeout("1s");
        return options;
    }

    template <class Edit>
    void editOptions(Edit change) {
        edit<::orderer::ConsensusType>(ordererGroup(bft), "ConsensusType", [&](auto& consensus) {
            ::orderer::smartbft::Options options;
            options.ParseFromString(consensus.metadata());
            change(options);
            consensus.set_metadata(options.SerializeAsString());
        });
    }
};

/// A TLS CA of the ordering organisation beside that of the vectors.
struct TlsCa {
    TlsCa() {
        const auto content = identity::cryptogenCa(named("tlsca2.orderers.pub.test"), day);
        auto made = identity::issueSelfSigned(content, key);
        if (!made.ok()) throw std::runtime_error(textOf(made));
        certificate = *std::move(made);
    }

    static identity::SubjectName named(std::string commonName) {
        return {"", "", "", "", {}, std::move(commonName), ""};
    }
    /// In PEM.
    Bytes issue(std::vector<std::string> usages) const {
        auto content = identity::cryptogenTls(named("orderer"), {"127.0.0.1"}, day);
        content.extendedKeyUsages = std::move(usages);
        const auto made = identity::issueCertificate(content, key.publicKey(), *certificate, key);
        if (!made.ok()) throw std::runtime_error(textOf(made));
        return made->toPem();
    }
    void addTo(::common::Config& config) const {
        auto& organisation = ordererGroup(config).mutable_groups()->at("orderers");
        edit<::msp::MSPConfig>(organisation, "MSP", [&](auto& msp) {
            ::msp::FabricMSPConfig content;
            content.ParseFromString(msp.config());
            content.add_tls_root_certs(certificate->toPem());
            msp.set_config(content.SerializeAsString());
        });
    }

    absl::Time day = absl::FromUnixSeconds(1'750'000'000);
    crypto::PrivateKey key = *crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256);
    std::optional<identity::Certificate> certificate;
};

}  // namespace

class OrdererRulesTest : public QObject {
    Q_OBJECT
private slots:
    void sameConfiguration();
    void membership();
    void quorum();
    void expiredConsenters();
    void raftOptions_data();
    void raftOptions();
    void certificates();
    void usagesOfCertificates();
    void sections();
    void capabilities();
    void maintenance();
    void migration();
    void bftChannel();
};

void OrdererRulesTest::sameConfiguration() {
    const auto config = genesis();
    VERIFY_OK(check(config, config));
}

void OrdererRulesTest::membership() {
    VERIFY_OK(check(withConsenters({1}), withConsenters({1, 2})));
    VERIFY_OK(check(withConsenters({1, 2}), withConsenters({2})));
    VERIFY_OK(check(withConsenters({1, 2}), withConsenters({2, 1})));
    VERIFY_OK(check(withConsenters({1, 2}), withConsenters({1, 3})));  // certificate rotation
    QCOMPARE(reason(withConsenters({1}), withConsenters({1, 2, 3})),
             std::string("TOO_MANY_CONSENTERS_CHANGED"));
    QCOMPARE(reason(withConsenters({1, 2, 3}), withConsenters({1})),
             std::string("TOO_MANY_CONSENTERS_CHANGED"));
    QCOMPARE(reason(withConsenters({1}), withConsenters({2, 3})),
             std::string("TOO_MANY_CONSENTERS_CHANGED"));
    QCOMPARE(reason(withConsenters({1}), withConsenters({})), std::string("BAD_CONSENSUS"));
    QCOMPARE(reason(withConsenters({1}), withConsenters({1, 1})), std::string("BAD_CONSENSUS"));
}

void OrdererRulesTest::quorum() {
    const auto one = withConsenters({1});
    const auto two = withConsenters({1, 2});
    const auto three = withConsenters({1, 2, 3});
    const auto view = [](std::vector<std::size_t> active) {
        OrdererView made;
        made.activeConsenters = std::move(active);
        return made;
    };
    // Growing from one to two costs the quorum until the second starts; nothing can be done.
    VERIFY_OK(check(one, two, view({0})));
    // Growing to three wants two of the three.
    VERIFY_OK(check(two, three, view({0, 1})));
    QCOMPARE(reason(two, three, view({0})), std::string("QUORUM_LOST"));
    // Of three, one is down: it may be removed, one of the others may not.
    VERIFY_OK(check(three, withConsenters({1, 2}), view({0, 1})));
    QCOMPARE(reason(three, withConsenters({2, 3}), view({0, 1})), std::string("QUORUM_LOST"));
    VERIFY_OK(check(three, withConsenters({2, 3}), view({0, 1, 2})));
    // No change of members is fine whoever is down.
    VERIFY_OK(check(three, three, view({})));
}

void OrdererRulesTest::expiredConsenters() {
    const auto pem = consenter(2).server_tls_cert();
    const auto certificate = identity::Certificate::fromPem(pem);
    VERIFY_OK(certificate);
    OrdererView view;
    view.now = certificate->notBefore() + absl::Hours(1);
    VERIFY_OK(check(withConsenters({1}), withConsenters({1, 2}), view));
    view.now = certificate->notAfter() + absl::Hours(1);
    QCOMPARE(reason(withConsenters({1}), withConsenters({1, 2}), view),
             std::string("BAD_CONSENTER"));
    // Those that are members already may expire.
    VERIFY_OK(check(withConsenters({1, 2}), withConsenters({1, 2}), view));
    VERIFY_OK(check(withConsenters({1, 2}), withConsenters({2}), view));
}

void OrdererRulesTest::raftOptions_data() {
    QTest::addColumn<std::string>("name");
    for (const char* name : {"no heartbeat", "no election", "no blocks in flight", "election first",
                             "no interval", "zero interval", "no options"})
        QTest::newRow(name) << std::string(name);
}

void OrdererRulesTest::raftOptions() {
    QFETCH(std::string, name);
    auto config = genesis();
    editRaft(config, [&](auto& metadata) {
        auto& options = *metadata.mutable_options();
        if (name == "no heartbeat") options.set_heartbeat_tick(0);
        if (name == "no election") options.set_election_tick(0);
        if (name == "no blocks in flight") options.set_max_inflight_blocks(0);
        if (name == "election first") options.set_election_tick(options.heartbeat_tick());
        if (name == "no interval") options.set_tick_interval("often");
        if (name == "zero interval") options.set_tick_interval("0s");
        if (name == "no options") metadata.clear_options();
    });
    const Status status = check(genesis(), config);
    QCOMPARE(reasonOf(status), std::string("BAD_CONSENSUS"));
    QCOMPARE(argumentOf(status, "path"), std::string("/Channel/Orderer/ConsensusType"));
}

void OrdererRulesTest::certificates() {
    auto config = genesis();
    editRaft(config, [&](auto& metadata) {
        metadata.mutable_consenters(0)->set_client_tls_cert("no certificate");
    });
    QCOMPARE(reason(genesis(), config), std::string("BAD_CONSENTER"));
    // A certificate of the right organisation, but not of its TLS CA.
    config = genesis();
    editRaft(config, [&](auto& metadata) {
        metadata.mutable_consenters(0)->set_server_tls_cert(vectorFile(
            "msp/ordererOrganizations/orderers.pub.test/orderers/"
            "orderer.orderers.pub.test/msp/signcerts/orderer.orderers.pub.test-cert.pem"));
    });
    QCOMPARE(reason(genesis(), config), std::string("BAD_CONSENTER"));
    config = genesis();
    edit<::orderer::ConsensusType>(ordererGroup(config), "ConsensusType",
                                   [](auto& consensus) { consensus.set_metadata("\xff"); });
    QCOMPARE(reason(genesis(), config), std::string("BAD_VALUE"));
}

void OrdererRulesTest::usagesOfCertificates() {
    const std::string server = "1.3.6.1.5.5.7.3.1", client = "1.3.6.1.5.5.7.3.2",
                      codeSigning = "1.3.6.1.5.5.7.3.3";
    const TlsCa ca;
    const auto with = [&](const Bytes& clientPem, const Bytes& serverPem) {
        auto config = genesis();
        ca.addTo(config);
        editRaft(config, [&](auto& metadata) {
            metadata.mutable_consenters(0)->set_client_tls_cert(clientPem);
            metadata.mutable_consenters(0)->set_server_tls_cert(serverPem);
        });
        return config;
    };
    auto current = genesis();
    ca.addTo(current);
    VERIFY_OK(check(current, with(ca.issue({client}), ca.issue({server}))));
    // Fabric asks for one of the two, and does not mind which of the certificates has which.
    VERIFY_OK(check(current, with(ca.issue({server}), ca.issue({client}))));
    VERIFY_OK(check(current, with(ca.issue({}), ca.issue({server, client}))));
    const Status status = check(current, with(ca.issue({codeSigning}), ca.issue({server})));
    QCOMPARE(reasonOf(status), std::string("BAD_CONSENTER"));
    QCOMPARE(argumentOf(status, "cause"), std::string("WRONG_KEY_USAGE"));
    QCOMPARE(argumentOf(check(current, with(ca.issue({client}), ca.issue({codeSigning}))), "cause"),
             std::string("WRONG_KEY_USAGE"));
}

void OrdererRulesTest::sections() {
    auto config = genesis();
    config.mutable_channel_group()->mutable_groups()->erase("Application");
    QCOMPARE(reason(genesis(), config), std::string("SECTION_REMOVED"));
    VERIFY_OK(check(config, genesis()));
    config = genesis();
    config.mutable_channel_group()->mutable_groups()->erase("Orderer");
    QCOMPARE(reason(genesis(), config), std::string("SECTION_REMOVED"));
    config = genesis();
    (*config.mutable_channel_group()->mutable_groups())["Consortiums"];
    QCOMPARE(reason(genesis(), config), std::string("SECTION_ADDED"));
    QCOMPARE(reason(config, genesis()), std::string("SECTION_REMOVED"));
}

void OrdererRulesTest::capabilities() {
    auto config = genesis();
    setCapability(ordererGroup(config), {"V2_0", "V3_0"});
    const Status status = check(genesis(), config);
    QCOMPARE(reasonOf(status), std::string("UNSUPPORTED_CAPABILITY"));
    QCOMPARE(argumentOf(status, "level"), std::string("Orderer"));
    QCOMPARE(argumentOf(status, "name"), std::string("V3_0"));
    config = genesis();
    setCapability(*config.mutable_channel_group(), {"V4_0"});
    setCapability(ordererGroup(config), {"V2_0"});
    auto with = genesis();
    setCapability(*with.mutable_channel_group(), {"V4_0", "V2_0"});
    QCOMPARE(argumentOf(check(genesis(), with), "level"), std::string("Channel"));
    // Below V1_4_2 the consensus type stays.
    auto old = genesis();
    auto changed = genesis();
    ::common::OrdererAddresses addresses;
    addresses.add_addresses("127.0.0.1:7050");
    for (auto* one : {&old, &changed}) {
        setCapability(*one->mutable_channel_group(), {"V1_3"});
        (*one->mutable_channel_group()->mutable_values())["OrdererAddresses"].set_value(
            addresses.SerializeAsString());
        auto& organisation = ordererGroup(*one).mutable_groups()->at("orderers");
        organisation.mutable_values()->erase("Endpoints");
        // Old rules want listed administrators; one organisation of the vectors has them.
        const auto legacy = identity::readMspFolder(
            vectorPath("msp/peerOrganizations/legacy.pub.test/msp"), MspId("LegacyMSP"));
        VERIFY_OK(legacy);
        organisation.mutable_values()->at("MSP").set_value(legacy->SerializeAsString());
        one->mutable_channel_group()->mutable_groups()->erase("Application");
    }
    setConsensus(changed, "kafka", kNormal);
    QCOMPARE(reason(old, changed), std::string("CONSENSUS_TYPE_CHANGED"));
}

void OrdererRulesTest::maintenance() {
    auto normal = genesis();
    auto maintenance = genesis();
    setConsensus(maintenance, "etcdraft", kMaintenance);
    VERIFY_OK(check(normal, maintenance));
    VERIFY_OK(check(maintenance, normal));
    // With the metadata changed at once.
    auto more = maintenance;
    editRaft(more, [](auto& metadata) { metadata.mutable_options()->set_election_tick(11); });
    QCOMPARE(reason(normal, more), std::string("BAD_MIGRATION"));
    VERIFY_OK(check(maintenance, more));
    // Without the capability.
    auto old = genesis();
    auto oldMaintenance = maintenance;
    setCapability(ordererGroup(old), {"V1_1"});
    setCapability(ordererGroup(oldMaintenance), {"V1_1"});
    QCOMPARE(reason(old, oldMaintenance), std::string("BAD_MIGRATION"));

    // The shape of the update counts, too.
    const auto current = load(normal);
    const auto next = load(maintenance);
    auto update = computeUpdate(ChannelId("tradechannel"), normal, maintenance);
    VERIFY_OK(update);
    VERIFY_OK(checkMaintenanceUpdate(*current, *next, *update));
    VERIFY_OK(checkMaintenanceUpdate(*current, *current, ::common::ConfigUpdate()));
    const auto refused = [&](const ::common::ConfigUpdate& spoilt) {
        return reasonOf(checkMaintenanceUpdate(*current, *next, spoilt)) == "MAINTENANCE_AND_MORE";
    };
    auto spoilt = *update;
    (*spoilt.mutable_write_set()->mutable_values())["HashingAlgorithm"];
    QVERIFY(refused(spoilt));
    spoilt = *update;
    (*spoilt.mutable_write_set()->mutable_groups())["Application"];
    QVERIFY(refused(spoilt));
    spoilt = *update;
    auto& orderer = spoilt.mutable_write_set()->mutable_groups()->at("Orderer");
    (*orderer.mutable_values())["BatchSize"];
    QVERIFY(refused(spoilt));
    spoilt = *update;
    (*spoilt.mutable_write_set()->mutable_groups()->at("Orderer").mutable_groups())["orderers"];
    QVERIFY(refused(spoilt));
    spoilt = *update;
    spoilt.mutable_write_set()->mutable_groups()->at("Orderer").clear_values();
    QVERIFY(refused(spoilt));
    QVERIFY(refused(::common::ConfigUpdate()));
}

void OrdererRulesTest::migration() {
    VERIFY_OK(check(Migration().raft, Migration().bft));
    {
        Migration m;  // not in maintenance before
        setConsensus(m.raft, "etcdraft", kNormal);
        QCOMPARE(reason(m.raft, m.bft), std::string("BAD_MIGRATION"));
    }
    {
        Migration m;  // not in maintenance after
        setConsensus(m.bft, "BFT", kNormal);
        QCOMPARE(reason(m.raft, m.bft), std::string("BAD_MIGRATION"));
    }
    {
        Migration m;  // the way back
        QCOMPARE(reason(m.bft, m.raft), std::string("BAD_MIGRATION"));
    }
    {
        Migration m;  // without V3_0
        setCapability(*m.raft.mutable_channel_group(), {"V2_0"});
        setCapability(*m.bft.mutable_channel_group(), {"V2_0"});
        QCOMPARE(reason(m.raft, m.bft), std::string("BAD_CONSENSUS"));
    }
    {
        Migration m;  // a consenter at another address
        edit<::common::Orderers>(ordererGroup(m.bft), "Orderers",
                                 [](auto& o) { o.mutable_consenter_mapping(0)->set_port(1); });
        QCOMPARE(reason(m.raft, m.bft), std::string("BAD_MIGRATION"));
        edit<::common::Orderers>(ordererGroup(m.bft), "Orderers", [](auto& o) {
            *o.add_consenter_mapping() = o.consenter_mapping(0);
        });
        QCOMPARE(reason(m.raft, m.bft), std::string("BAD_MIGRATION"));
        edit<::common::Orderers>(ordererGroup(m.bft), "Orderers",
                                 [](auto& o) { o.clear_consenter_mapping(); });
        QCOMPARE(reason(m.raft, m.bft), std::string("BAD_MIGRATION"));
    }
    using Options = ::orderer::smartbft::Options;
    void (*const spoils[])(Options&) = {
        [](Options& o) { o.set_request_batch_max_count(0); },
        [](Options& o) { o.set_request_batch_max_bytes(0); },
        [](Options& o) { o.set_request_batch_max_bytes(10 * 1024 - 1); },
        [](Options& o) { o.set_request_batch_max_count((10u << 20) + 1); },
        [](Options& o) { o.set_request_batch_max_interval("0s"); },
        [](Options& o) { o.set_incoming_message_buffer_size(0); },
        [](Options& o) { o.set_request_pool_size(0); },
        [](Options& o) { o.set_request_forward_timeout("4s"); },
        [](Options& o) { o.set_request_complain_timeout("4m"); },
        [](Options& o) { o.set_view_change_resend_interval("9s"); },
        [](Options& o) { o.set_leader_heartbeat_timeout("-1s"); },
        [](Options& o) { o.set_leader_heartbeat_count(0); },
        [](Options& o) { o.set_leader_rotation(Options::ROTATION_ON); },
    };
    for (const auto spoil : spoils) {
        Migration m;
        m.editOptions(spoil);
        QCOMPARE(reason(m.raft, m.bft), std::string("BAD_CONSENSUS"));
    }
    Migration unreadable;
    unreadable.editOptions([](Options& o) { o.set_collect_timeout("soon"); });
    QCOMPARE(reason(unreadable.raft, unreadable.bft), std::string("BAD_VALUE"));
}

void OrdererRulesTest::bftChannel() {
    const auto config = genesis("bft/genesis.block");
    VERIFY_OK(check(config, config));
    // A consenter less, with and without the policy that goes with it.
    auto fewer = config;
    edit<::common::Orderers>(ordererGroup(fewer), "Orderers",
                             [](auto& o) { o.mutable_consenter_mapping()->RemoveLast(); });
    QCOMPARE(reason(config, fewer), std::string("BAD_BLOCK_VALIDATION"));
    auto policy = ordererGroup(fewer).policies().at("BlockValidation").policy();
    ::common::SignaturePolicyEnvelope envelope;
    QVERIFY(envelope.ParseFromString(policy.value()));
    envelope.mutable_identities()->RemoveLast();
    envelope.mutable_rule()->mutable_n_out_of()->mutable_rules()->RemoveLast();
    envelope.mutable_rule()->mutable_n_out_of()->set_n(2);  // f = 0 of three: ⌈(3 + 0 + 1) / 2⌉
    policy.set_value(envelope.SerializeAsString());
    *ordererGroup(fewer).mutable_policies()->at("BlockValidation").mutable_policy() = policy;
    VERIFY_OK(check(config, fewer));
    // One signature less than the quorum.
    envelope.mutable_rule()->mutable_n_out_of()->set_n(1);
    policy.set_value(envelope.SerializeAsString());
    *ordererGroup(fewer).mutable_policies()->at("BlockValidation").mutable_policy() = policy;
    QCOMPARE(reason(config, fewer), std::string("BAD_BLOCK_VALIDATION"));
    auto without = config;
    ordererGroup(without).mutable_policies()->erase("BlockValidation");
    QCOMPARE(reason(config, without), std::string("BAD_BLOCK_VALIDATION"));
    auto nobody = config;
    ordererGroup(nobody).mutable_values()->erase("Orderers");
    QCOMPARE(reason(config, nobody), std::string("BAD_BLOCK_VALIDATION"));
}

CHANCERY_TEST(OrdererRulesTest)
#include "OrdererRulesTest.moc"
