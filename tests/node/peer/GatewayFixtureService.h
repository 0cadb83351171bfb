#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "fabric/gateway/gateway_service.grpc.pb.h"
#include "node/peer/Gateway.h"
#include "node/peer/GatewayConnections.h"
#include "node/peer/GatewayService.h"
#include "tests/node/peer/GatewayFakeNodesService.h"

namespace chancery::node::test {

namespace pb = ::gateway;

/// Code and text: "OK", "14 no orderer nodes available".
std::string textOf(const grpc::Status& status);
/// What ErrorDetails a client finds behind an error: "address MSP message".
std::vector<std::string> detailsOf(const grpc::Status& status);

/// A gateway of Org1's peer behind gRPC, with a channel of three organisations that the test fills.
class GatewayFixture {
protected:
    struct Running {
        FakePeerChannels channels;
        std::shared_ptr<FakePeerChannel> channel;
        std::unique_ptr<FakeEndorser> endorser;
        std::unique_ptr<GatewayConnections> connections;
        std::unique_ptr<PeerDirectory> directory;
        std::unique_ptr<Layouts> layouts;
        std::unique_ptr<Gateway> gateway;
        std::unique_ptr<GatewayService> service;
        std::unique_ptr<rpc::Server> server;
        std::shared_ptr<grpc::Channel> connection;
        std::unique_ptr<pb::Gateway::Stub> stub;
    };

    GatewayFixture();
    ~GatewayFixture();

    channel::BundlePtr bundleWith(std::vector<std::string> orderers, bool isBft = false) const;
    /// Ends what ran and serves anew.
    void serve(channel::BundlePtr bundle, GatewayOptions options = {},
               std::vector<KnownPeer> peers = {});
    /// False when a call was left over.
    bool end();

    TestProposal proposal(const std::string& contract = "assets", bool transient = false) const {
        return propose(*m_client, "trade", contract, transient);
    }
    grpc::Status endorseNow(const TestProposal& proposal, pb::EndorseResponse& response,
                            const std::vector<std::string>& organisations = {});
    grpc::Status evaluateNow(const TestProposal& proposal, pb::EvaluateResponse& response,
                             const std::vector<std::string>& organisations = {});
    grpc::Status submitNow(const std::string& payload = "payload");
    grpc::Status status(const Bytes& request, pb::CommitStatusResponse& response);
    /// MSP ids of those who endorsed a prepared transaction, sorted.
    static std::vector<std::string> endorsersOf(const pb::EndorseResponse& response);

    std::unique_ptr<TestOrg> m_org1, m_org2, m_org3, m_orderers;
    identity::SigningIdentityPtr m_peer, m_client, m_peer2, m_peer3;
    FlowEvents m_flow;
    std::unique_ptr<Running> m_run;
};

}  // namespace chancery::node::test
