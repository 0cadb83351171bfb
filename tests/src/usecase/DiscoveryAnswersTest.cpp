#include "src/usecase/DiscoveryAnswers.h"

#include "fabric/discovery/protocol.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::usecase;

/// What a peer tells of a network may be anything.
class DiscoveryAnswersTest : public QObject {
    Q_OBJECT

    const std::vector<ChannelId> m_channels{ChannelId("trade")};

    static ::discovery::Response good() {
        ::discovery::Response response;
        auto* config = response.add_results()->mutable_config_result();
        auto& msp = (*config->mutable_msps())["Org1MSP"];
        msp.add_tls_root_certs("ROOT");
        msp.add_tls_intermediate_certs("BETWEEN\n");
        auto* orderer = (*config->mutable_orderers())["OrdererMSP"].add_endpoint();
        orderer->set_host("orderer.example.com");
        orderer->set_port(7050);
        addPeer(response.add_results()->mutable_members(), "peer0.org1:7051", 12);
        return response;
    }
    static void addPeer(::discovery::PeerMembershipResult* members, const std::string& endpoint,
                        std::uint64_t height) {
        auto* peer = (*members->mutable_peers_by_org())["Org1MSP"].add_peers();
        ::gossip::GossipMessage alive, state;
        alive.mutable_alive_msg()->mutable_membership()->set_endpoint(endpoint);
        peer->mutable_membership_info()->set_payload(alive.SerializeAsString());
        auto* properties = state.mutable_state_info()->mutable_properties();
        properties->set_ledger_height(height);
        auto* contract = properties->add_chaincodes();
        contract->set_name("wallet");
        contract->set_version("2");
        peer->mutable_state_info()->set_payload(state.SerializeAsString());
        peer->set_identity("no certificate");
    }
    Result<DiscoveryAnswer> read(const ::discovery::Response& response) const {
        return readDiscovery(response.SerializeAsString(), m_channels);
    }

private Q_SLOTS:
    void readsNodes() {
        const auto answer = read(good());
        VERIFY_OK(answer);
        QVERIFY(answer->warnings.empty());
        const auto& channel = answer->channels.at(0);
        QCOMPARE(channel.peers.at(0).endpoint, std::string("peer0.org1:7051"));
        QCOMPARE(channel.peers.at(0).name, std::string("peer0.org1:7051"));
        QCOMPARE(channel.peers.at(0).height, BlockNumber(12));
        QCOMPARE(channel.peers.at(0).contracts.at("wallet"), std::string("2"));
        QCOMPARE(channel.orderers.at(MspId("OrdererMSP")).at(0),
                 std::string("orderer.example.com:7050"));
        QCOMPARE(answer->tlsRootsPem.at(MspId("Org1MSP")), std::string("ROOT\nBETWEEN\n"));
    }

    void leavesOutWhatCannotBeUsed() {
        auto response = good();
        auto* members = response.mutable_results(1)->mutable_members();
        for (const char* bad : {"", "nowhere", "a:b", "x:0", "x:99999", "[::1:7051"})
            addPeer(members, bad, 1);
        (*members->mutable_peers_by_org())["Org1MSP"]
            .mutable_peers(0)
            ->mutable_membership_info()
            ->set_payload("\xff\xff");
        auto* orderers = response.mutable_results(0)->mutable_config_result();
        auto* bad = (*orderers->mutable_orderers())["OrdererMSP"].add_endpoint();
        bad->set_host("a b\x1b[31m");
        bad->set_port(70'000);
        const auto answer = read(response);
        VERIFY_OK(answer);
        QVERIFY(answer->channels.at(0).peers.empty());
        QCOMPARE(answer->channels.at(0).orderers.at(MspId("OrdererMSP")).size(), std::size_t(1));
        QCOMPARE(answer->warnings.size(), std::size_t(8));
        for (const std::string& one : answer->warnings)
            QVERIFY2(one.find('\x1b') == std::string::npos, one.c_str());
    }

    void tellsRefusals() {
        auto response = good();
        response.mutable_results(1)->mutable_error()->set_content("access denied");
        const auto answer = read(response);
        VERIFY_OK(answer);
        QCOMPARE(answer->channels.at(0).problem, std::string("access denied"));
    }

    void refusesOtherAnswers() {
        ::discovery::Response none;
        QCOMPARE(reasonOf(read(none).status()), std::string("UNEXPECTED_ANSWER"));
        auto swapped = good();
        swapped.mutable_results()->SwapElements(0, 1);
        QCOMPARE(reasonOf(read(swapped).status()), std::string("UNEXPECTED_ANSWER"));
        auto more = good();
        more.add_results();
        QCOMPARE(reasonOf(read(more).status()), std::string("UNEXPECTED_ANSWER"));
        QVERIFY(!readDiscovery("\xff\xff\xff", m_channels).ok());
    }
};

CHANCERY_TEST(DiscoveryAnswersTest)
#include "DiscoveryAnswersTest.moc"
