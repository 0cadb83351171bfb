#include "src/channel/Difference.h"

#include "fabric/common/configuration.pb.h"
#include "fabric/common/policies.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "fabric/orderer/configuration.pb.h"
#include "fabric/orderer/etcdraft/configuration.pb.h"
#include "fabric/orderer/smartbft/configuration.pb.h"
#include "fabric/peer/configuration.pb.h"
#include "src/channel/Sentences.h"
#include "src/identity/Crl.h"
#include "src/wire/Serialize.h"
#include "tests/src/channel/ConfigFiles.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::channel;
using namespace chancery::test;

namespace {

using Group = ::common::ConfigGroup;

Group genesis(const std::string& file = "config/genesis_tradechannel.block") {
    return configEnvelopeOf(vectorMessage<::common::Block>(file)).config().channel_group();
}

Group& orderers(Group& root) {
    return root.mutable_groups()->at("Orderer");
}
Group& applications(Group& root) {
    return root.mutable_groups()->at("Application");
}
Group& alpha(Group& root) {
    return applications(root).mutable_groups()->at("Alpha");
}
Group& orderingOrg(Group& root) {
    return orderers(root).mutable_groups()->at("orderers");
}

template <class M, class Edit>
void edit(Group& in, const char* key, Edit change) {
    M message;
    message.ParseFromString((*in.mutable_values())[key].value());
    change(message);
    (*in.mutable_values())[key].set_value(message.SerializeAsString());
}

template <class Edit>
void editMsp(Group& root, Edit change) {
    edit<::msp::MSPConfig>(alpha(root), "MSP", [&](auto& msp) {
        ::msp::FabricMSPConfig config;
        config.ParseFromString(msp.config());
        change(config);
        msp.set_config(config.SerializeAsString());
    });
}

template <class Edit>
void editRaft(Group& root, Edit change) {
    edit<::orderer::ConsensusType>(orderers(root), "ConsensusType", [&](auto& consensus) {
        ::etcdraft::ConfigMetadata metadata;
        metadata.ParseFromString(consensus.metadata());
        change(metadata);
        consensus.set_metadata(metadata.SerializeAsString());
    });
}

std::string certificateFile(const std::string& node) {
    return vectorFile("msp/ordererOrganizations/orderers.pub.test/orderers/" + node +
                      ".orderers.pub.test/tls/server.crt");
}

/// CRL of Alpha's CA with that many entries, signed by it.
std::string alphaCrl(std::size_t entries, absl::Time at = absl::FromUnixSeconds(1'790'000'000)) {
    const std::string folder = "msp/peerOrganizations/alpha.pub.test/ca/";
    const auto ca =
        identity::Certificate::fromPem(vectorFile(folder + "ca.alpha.pub.test-cert.pem"));
    const auto key = crypto::PrivateKey::fromPem(vectorFile(folder + "priv_sk"));
    std::vector<identity::RevocationList::Entry> list;
    for (std::size_t i = 0; i < entries; ++i)
        list.push_back({Bytes(1, static_cast<char>(0x11 * (i + 1))), at, std::nullopt});
    return identity::makeRevocationList(*ca, *key, list, at, at + absl::Hours(24))->toPem();
}

struct Row {
    const char* name;
    void (*prepare)(Group& root);  ///< on both sides
    void (*change)(Group& root);
    std::vector<const char*> lines;  ///< each must be the beginning of the line
};

const Row kRows[] = {
    {"nothing", {}, [](Group&) {}, {}},
    {"mod_policy of the root",
     {},
     [](Group& root) { root.set_mod_policy("Writers"); },
     {"who may change the group /Channel: Admins → Writers"}},
    {"mod_policy of an organisation lost",
     {},
     [](Group& root) { alpha(root).set_mod_policy(""); },
     {"who may change the group /Channel/Application/Alpha: Admins → nobody (no mod_policy)"}},
    {"mod_policy of a policy",
     {},
     [](Group& root) {
         applications(root).mutable_policies()->at("Writers").set_mod_policy(
             "/Channel/Orderer/Admins");
     },
     {"who may change the policy /Channel/Application/Writers: Admins → /Channel/Orderer/Admins"}},
    {"mod_policy of a new element",
     {},
     [](Group& root) {
         auto& policy = (*root.mutable_policies())["Auditors"];
         policy = root.policies().at("Readers");
         policy.set_mod_policy("Auditors");
     },
     {"policy /Channel/Auditors added: ANY Readers",
      "who may change the policy /Channel/Auditors: Admins → Auditors"}},
    {"only the version",
     {},
     [](Group& root) {
         orderers(root).mutable_values()->at("BatchSize").set_version(4);
         root.mutable_policies()->at("Readers").set_version(1);
         alpha(root).set_version(2);
     },
     {"the policy /Channel/Readers is set anew without a change (version 0 → 1)",
      "the value /Channel/Orderer/BatchSize is set anew without a change (version 0 → 4)",
      "the group /Channel/Application/Alpha is set anew without a change (version 0 → 2)"}},
    {"a member comes, the group's version with it",
     {},
     [](Group& root) {
         applications(root).set_version(1);
         (*applications(root).mutable_groups())["Zeta"];
     },
     {"Zeta added to the application",
      "  who may change the group /Channel/Application/Zeta: Admins → nobody (no mod_policy)"}},
    {"unknown value",
     {},
     [](Group& root) { (*root.mutable_values())["Nose"].set_value("abc"); },
     {"value /Channel/Nose, which Fabric does not know: 3 bytes, SHA-256 ba7816bf8f01cfea414140de",
      "who may change the value /Channel/Nose: Admins → nobody (no mod_policy)"}},
    {"unknown value changed",
     [](Group& root) { (*root.mutable_values())["Nose"].set_value("abc"); },
     [](Group& root) { root.mutable_values()->at("Nose").set_value(""); },
     {"value /Channel/Nose, which Fabric does not know: 3 bytes, SHA-256 ba7816bf8f01cfea414140de5d"
      "ae2223b00361a396177a9cb410ff61f20015ad → 0 bytes, SHA-256 e3b0c44298fc1c149afb"}},
    {"unknown value removed",
     [](Group& root) { (*root.mutable_values())["Nose"].set_value("abc"); },
     [](Group& root) { root.mutable_values()->erase("Nose"); },
     {"value /Channel/Nose, which Fabric does not know removed, was: 3 bytes"}},
    {"value that cannot be read",
     {},
     [](Group& root) { orderers(root).mutable_values()->at("BatchSize").set_value("\xff"); },
     {"value /Channel/Orderer/BatchSize, which cannot be read: 11 bytes, SHA-256"}},
    {"unknown field in a value",
     {},
     [](Group& root) {
         auto& value = *root.mutable_values()->at("HashingAlgorithm").mutable_value();
         value += std::string("\x78\x01", 2);
     },
     {"part of /Channel/HashingAlgorithm that is unknown here: 2 bytes"}},
    {"unknown field deep in an MSP",
     {},
     [](Group& root) {
         edit<::msp::MSPConfig>(alpha(root), "MSP", [](auto& msp) {
             msp.set_config(msp.config() + std::string("\xf8\x01\x05", 3));
         });
     },
     {"part of /Channel/Application/Alpha/MSP that is unknown here: 3 bytes"}},
    {"unknown field in the consensus metadata",
     {},
     [](Group& root) {
         edit<::orderer::ConsensusType>(orderers(root), "ConsensusType", [](auto& consensus) {
             consensus.set_metadata(consensus.metadata() + std::string("\xf8\x01\x05", 3));
         });
     },
     {"part of /Channel/Orderer/ConsensusType that is unknown here: 3 bytes"}},
    {"another order",
     [](Group& root) {
         edit<::common::OrdererAddresses>(orderingOrg(root), "Endpoints",
                                          [](auto& m) { m.add_addresses("second:1"); });
     },
     [](Group& root) {
         edit<::common::OrdererAddresses>(orderingOrg(root), "Endpoints", [](auto& m) {
             m.mutable_addresses()->SwapElements(0, 1);
         });
     },
     {"/Channel/Orderer/orderers/Endpoints is in another order or encoding, with the same "
      "content"}},
    {"unknown group",
     {},
     [](Group& root) { (*root.mutable_groups())["Colours"]; },
     {"group /Channel/Colours, which Fabric does not know, added",
      "  who may change the group /Channel/Colours: Admins → nobody (no mod_policy)"}},
    {"group in an organisation",
     {},
     [](Group& root) { (*alpha(root).mutable_groups())["Department"].set_mod_policy("Admins"); },
     {"group /Channel/Application/Alpha/Department, which Fabric does not know, added"}},
    {"section removed",
     {},
     [](Group& root) { root.mutable_groups()->erase("Application"); },
     {"section Application removed",
      "  access to event/FilteredBlock: /Channel/Application/Readers",
      "  application capability V2_5 removed",
      "  policy /Channel/Application/Admins removed, was: "}},
    {"values of the channel",
     {},
     [](Group& root) {
         edit<::common::HashingAlgorithm>(root, "HashingAlgorithm",
                                          [](auto& m) { m.set_name("SHA3_256"); });
         edit<::common::BlockDataHashingStructure>(root, "BlockDataHashingStructure",
                                                   [](auto& m) { m.set_width(2); });
         ::common::Consortium consortium;
         consortium.set_name("Sample");
         (*root.mutable_values())["Consortium"].set_value(consortium.SerializeAsString());
         (*root.mutable_values())["Consortium"].set_mod_policy("Admins");
     },
     {"width of the block data hash: 4294967295 → 2",
      "consortium the channel was created in: Sample",
      "hashing algorithm of the channel: SHA256 → SHA3_256"}},
    {"capabilities",
     {},
     [](Group& root) {
         edit<::common::Capabilities>(root, "Capabilities",
                                      [](auto& m) { (*m.mutable_capabilities())["V3_0"]; });
         edit<::common::Capabilities>(applications(root), "Capabilities", [](auto& m) {
             m.clear_capabilities();
             (*m.mutable_capabilities())["V2_0"];
         });
     },
     {"channel capability V3_0 added", "application capability: V2_5 → V2_0"}},
    {"values of the orderers",
     {},
     [](Group& root) {
         edit<::orderer::BatchSize>(orderers(root), "BatchSize", [](auto& m) {
             m.set_max_message_count(1);
             m.set_absolute_max_bytes(1);
             m.set_preferred_max_bytes(1536);
         });
         edit<::orderer::BatchTimeout>(orderers(root), "BatchTimeout",
                                       [](auto& m) { m.set_timeout("1m30s"); });
         edit<::orderer::ChannelRestrictions>(orderers(root), "ChannelRestrictions",
                                              [](auto& m) { m.set_max_count(7); });
         ::orderer::KafkaBrokers brokers;
         brokers.add_brokers("kafka:9092");
         (*orderers(root).mutable_values())["KafkaBrokers"].set_value(brokers.SerializeAsString());
         (*orderers(root).mutable_values())["KafkaBrokers"].set_mod_policy("Admins");
         edit<::common::OrdererAddresses>(orderingOrg(root), "Endpoints",
                                          [](auto& m) { m.add_addresses("second:7050"); });
     },
     {"transactions per block (maximum): 10 → 1",
      "size of a transaction (maximum): 10 MiB → 1 byte",
      "size of a block (preferred): 512 KiB → 1536 bytes", "batch timeout: 400 ms → 1 min 30 s",
      "number of channels (maximum): no limit → 7", "Kafka broker kafka:9092 added",
      "orderer endpoint second:7050 of orderers added"}},
    {"ACLs",
     {},
     [](Group& root) {
         edit<::protos::ACLs>(applications(root), "ACLs", [](auto& m) {
             auto& acls = *m.mutable_acls();
             acls.erase("event/FilteredBlock");
             acls["peer/Propose"].set_policy_ref("Admins");
             acls["cscc/JoinChain"].set_policy_ref("");
         });
     },
     {"access to cscc/JoinChain: default (the node's own organisation decides) → default",
      "access to event/FilteredBlock: /Channel/Application/Readers → default "
      "(/Channel/Application/Re",
      "access to peer/Propose: default (/Channel/Application/Writers) → "
      "/Channel/Application/Admins"}},
    {"anchor peers",
     {},
     [](Group& root) {
         edit<::protos::AnchorPeers>(applications(root).mutable_groups()->at("Beta"), "AnchorPeers",
                                     [](auto& m) { m.mutable_anchor_peers(0)->set_port(-1); });
     },
     {"anchor peer 127.0.0.1:27251 of Beta removed", "anchor peer 127.0.0.1:-1 of Beta added"}},
    {"policies without a text",
     {},
     [](Group& root) {
         auto& policies = *root.mutable_policies();
         policies.at("Readers").mutable_policy()->set_type(9);
         policies.at("Writers").clear_policy();
         policies.at("Admins").mutable_policy()->set_value("\xff");
     },
     {"policy /Channel/Admins: MAJORITY Admins → unreadable implicit policy (1 byte, SHA-256",
      "policy /Channel/Readers: ANY Readers → policy of unknown type 9 (",
      "policy /Channel/Writers: ANY Writers → nothing"}},
    {"consenters of raft",
     [](Group& root) {
         editRaft(root, [](auto& m) {
             auto& second = *m.add_consenters();
             second.set_host("second");
             second.set_port(7050);
             second.set_client_tls_cert(certificateFile("orderer2"));
             second.set_server_tls_cert(certificateFile("orderer2"));
         });
     },
     [](Group& root) {
         editRaft(root, [](auto& m) {
             m.mutable_consenters(0)->set_host("moved");
             m.mutable_consenters(1)->set_client_tls_cert(certificateFile("orderer3"));
             m.mutable_consenters(1)->set_server_tls_cert(certificateFile("orderer3"));
             auto& options = *m.mutable_options();
             options.set_tick_interval("1s");
             options.set_snapshot_interval_size(1000);
         });
     },
     {"TLS certificate of consenter second:7050: CN=orderer2.orderers.pub.test",
      "address of consenter 127.0.0.1:27050: 127.0.0.1:27050 → moved:27050",
      "Raft tick interval: 100 ms → 1 s", "Raft snapshot interval: 16 MiB → 1000 bytes"}},
    {"another consensus type",
     {},
     [](Group& root) {
         edit<::orderer::ConsensusType>(orderers(root), "ConsensusType", [](auto& consensus) {
             consensus.set_type("kafka");
             consensus.set_metadata("zoo");
             consensus.set_state(static_cast<::orderer::ConsensusType::State>(5));
         });
     },
     {"consensus type: etcdraft → kafka",
      "state of the ordering service: normal operation → unknown",
      "consensus settings, which cannot be read: "}},
    {"MSP",
     {},
     [](Group& root) {
         editMsp(root, [](auto& m) {
             m.set_name("OtherMSP");
             m.add_root_certs("rubbish");
             m.add_admins(certificateFile("orderer"));
             m.add_tls_intermediate_certs("x");
             m.clear_tls_root_certs();
             m.mutable_crypto_config()->set_signature_hash_family("SHA3");
             m.mutable_fabric_node_ous()->set_enable(false);
             m.mutable_fabric_node_ous()
                 ->mutable_admin_ou_identifier()
                 ->set_organizational_unit_identifier("boss");
             m.mutable_fabric_node_ous()->clear_orderer_ou_identifier();
             m.mutable_fabric_node_ous()->mutable_peer_ou_identifier()->clear_certificate();
             m.add_organizational_unit_identifiers()->set_organizational_unit_identifier("sales");
             m.mutable_signing_identity()->set_public_signer("key!");
         });
     },
     {"MSP id of Alpha: AlphaMSP → OtherMSP",
      "root CA added to Alpha: unreadable certificate (7 bytes, SHA-256 ",
      "administrator added to Alpha: CN=orderer.orderers.pub.test",
      "TLS root CA removed from Alpha: CN=tlsca.alpha.pub.test",
      "TLS intermediate CA added to Alpha: unreadable certificate (1 byte, SHA-256 ",
      "roles by organisational unit in Alpha: on (client, peer, admin, orderer) → off (client, "
      "peer, "
      "admin as \"boss\")",
      "CA that certifies peers of Alpha: CN=ca.alpha.pub.test",
      "CA that certifies orderers of Alpha removed, was: CN=ca.alpha.pub.test",
      "organisational unit that Alpha accepts added: \"sales\" below any CA of the organisation",
      "hash functions of Alpha: SHA2 under signatures, SHA256 of identities → SHA3 under "
      "signatures",
      "signing identity, which has no place in a channel, added to Alpha: 6 bytes"}},
    {"revocation list grows",
     [](Group& root) { editMsp(root, [](auto& m) { m.set_revocation_list(0, alphaCrl(1)); }); },
     [](Group& root) { editMsp(root, [](auto& m) { m.set_revocation_list(0, alphaCrl(2)); }); },
     {"certificate revocation list of Alpha by CN=ca.alpha.pub.test,O=alpha.pub.test,L=San "
      "Francisco,"
      "ST=California,C=US: 1 entry → 2 entries",
      "  serial number 22 is revoked"}},
    {"revocation list issued again",
     [](Group& root) { editMsp(root, [](auto& m) { m.set_revocation_list(0, alphaCrl(1)); }); },
     [](Group& root) {
         editMsp(root, [](auto& m) {
             m.set_revocation_list(0, alphaCrl(1, absl::FromUnixSeconds(1'791'000'000)));
         });
     },
     {"certificate revocation list of Alpha by CN=ca.alpha.pub.test,O=alpha.pub.test,L=San "
      "Francisco,"
      "ST=California,C=US: 1 entry of 2026-09-21 → 1 entry of 2026-10-03"}},
    {"revocation list that cannot be read",
     {},
     [](Group& root) { editMsp(root, [](auto& m) { m.add_revocation_list("x"); }); },
     {"certificate revocation list added to Alpha: unreadable (1 byte, SHA-256 "}},
    {"MSP of another kind",
     {},
     [](Group& root) {
         edit<::msp::MSPConfig>(alpha(root), "MSP", [](auto& m) {
             ::msp::IdemixMSPConfig config;
             config.set_name("AlphaMSP");
             config.set_ipk("key");
             config.set_epoch(3);
             m.set_type(1);
             m.set_config(config.SerializeAsString());
         });
     },
     {"kind of the MSP of Alpha: X.509 → Idemix", "MSP id of Alpha removed, was: AlphaMSP",
      "root CA removed from Alpha"}},
    {"MSP of an unknown kind",
     {},
     [](Group& root) {
         edit<::msp::MSPConfig>(alpha(root), "MSP", [](auto& m) { m.set_type(5); });
     },
     {"kind of the MSP of Alpha: X.509 → unknown type 5"}},
    {"hostile names",
     {},
     [](Group& root) {
         edit<::orderer::BatchTimeout>(orderers(root), "BatchTimeout",
                                       [](auto& m) { m.set_timeout("1s\n\x1b[2J\u202e"); });
     },
     {"batch timeout: 400 ms → \"1s\\n\\x1b[2J\\u{202e}\" (no duration)"}},
};

}  // namespace

class DifferenceTest : public QObject {
    Q_OBJECT
private slots:
    void tells_data();
    void tells();
    void tellsBftConsenters();
    void describesEverything();
    void storyOfAGenesis();
    void boundsAreKept();
};

void DifferenceTest::tells_data() {
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < std::size(kRows); ++i)
        QTest::newRow(kRows[i].name) << static_cast<int>(i);
}

void DifferenceTest::tells() {
    QFETCH(int, index);
    const Row& row = kRows[index];
    Group before = genesis();
    if (row.prepare != nullptr) row.prepare(before);
    Group after = before;
    row.change(after);
    const auto changes = difference(before, after);
    VERIFY_OK(changes);
    const auto lines = toSentences(*changes);
    std::string all;
    for (const std::string& line : lines) all += line + "\n";
    QVERIFY2(lines.size() >= row.lines.size(), all.c_str());
    for (std::size_t i = 0; i < row.lines.size(); ++i)
        QVERIFY2(lines[i].starts_with(row.lines[i]),
                 ("want: " + std::string(row.lines[i]) + "\n" + all).c_str());
    // A section that goes takes much with it, and an MSP of another kind is another MSP; everything
    // else must be told completely.
    const std::string name = row.name;
    if (name != "section removed" && name != "MSP of another kind")
        QVERIFY2(lines.size() == row.lines.size(), all.c_str());
    QCOMPARE(lines.empty(), wire::serialize(before) == wire::serialize(after));
}

void DifferenceTest::tellsBftConsenters() {
    const Group before = genesis("bft/genesis.block");
    Group after = before;
    edit<::common::Orderers>(orderers(after), "Orderers", [](auto& m) {
        m.mutable_consenter_mapping(0)->set_host("moved");
        m.mutable_consenter_mapping(1)->set_msp_id("BftTwoMSP");
        m.mutable_consenter_mapping(2)->set_identity(certificateFile("orderer"));
        m.mutable_consenter_mapping(3)->set_id(9);
    });
    edit<::orderer::ConsensusType>(orderers(after), "ConsensusType", [](auto& consensus) {
        ::orderer::smartbft::Options options;
        options.ParseFromString(consensus.metadata());
        options.set_leader_rotation(::orderer::smartbft::Options::ROTATION_ON);
        options.set_sync_on_start(true);
        options.set_view_change_timeout("1m");
        consensus.set_metadata(options.SerializeAsString());
    });
    const auto changes = difference(before, after);
    VERIFY_OK(changes);
    std::string all;
    for (const std::string& line : toSentences(*changes)) all += line + "\n";
    for (const char* expected :
         {"BFT view change timeout: 8 s → 1 min\n", "BFT sync on start: off → on\n",
          "BFT leader rotation: not set → on\n",
          "address of consenter 1 (127.0.0.1:23150): 127.0.0.1:23150 → moved:23150\n",
          "organisation of consenter 2 (127.0.0.1:23250): BftOneMSP → BftTwoMSP\n",
          "signing certificate of consenter 3 (127.0.0.1:23350): CN=n3.two.bft.pub.test",
          "consenter 4 (127.0.0.1:23450) removed\n", "consenter 9 (127.0.0.1:23450) added\n"})
        QVERIFY2(all.find(expected) != std::string::npos, (expected + ("\n" + all)).c_str());
}

namespace {

void collectPaths(const std::vector<Change>& changes, std::set<std::string>& paths) {
    for (const Change& change : changes) {
        paths.insert(change.path);
        collectPaths(change.details, paths);
    }
}

void collectElements(const Group& group, const std::string& path, std::set<std::string>& paths) {
    for (const auto& [name, unused] : group.values()) paths.insert(path + "/" + name);
    for (const auto& [name, unused] : group.policies()) paths.insert(path + "/" + name);
    for (const auto& [name, child] : group.groups()) {
        paths.insert(path + "/" + name);
        collectElements(child, path + "/" + name, paths);
    }
}

}  // namespace

// Whatever a real configuration holds, some sentence speaks of it.
void DifferenceTest::describesEverything() {
    for (const char* file : {"config/genesis_tradechannel.block", "config/genesis_cfglab.block",
                             "config/last_config_tradechannel.block", "bft/genesis.block"}) {
        const Group root = genesis(file);
        const auto changes = describe(root);
        VERIFY_OK(changes);
        std::set<std::string> told;
        std::set<std::string> there;
        collectPaths(*changes, told);
        collectElements(root, "/Channel", there);
        for (const std::string& path : there) QVERIFY2(told.contains(path), path.c_str());
        const auto nothing = difference(root, root);
        VERIFY_OK(nothing);
        QVERIFY(nothing->empty());
    }
}

void DifferenceTest::storyOfAGenesis() {
    const auto envelope =
        configEnvelopeOf(vectorMessage<::common::Block>("config/genesis_tradechannel.block"));
    const auto story = tellConfig(envelope, nullptr);
    VERIFY_OK(story);
    QVERIFY(story->submitter.empty());
    QVERIFY(story->signers.empty());
    QCOMPARE(story->sequence, std::uint64_t(0));
    QVERIFY(!story->changes.empty());
    auto broken = configEnvelopeOf(vectorMessage<::common::Block>("ledger/blocks/block_85.pb"));
    broken.mutable_last_update()->set_payload("\xff");
    QVERIFY(!tellConfig(broken, &envelope.config()).ok());
}

void DifferenceTest::boundsAreKept() {
    Group wide;
    for (int i = 0; i < 100'001; ++i) (*wide.mutable_policies())[std::to_string(i)];
    QCOMPARE(reasonOf(describe(wide).status()), std::string("TOO_MANY_ELEMENTS"));
    Group deep;
    Group* at = &deep;
    for (int i = 0; i < 1'000; ++i) at = &(*at->mutable_groups())["a"];
    QCOMPARE(reasonOf(difference(deep, Group()).status()), std::string("TOO_DEEP"));
}

CHANCERY_TEST(DifferenceTest)
#include "DifferenceTest.moc"
