#include "tests/node/peer/GatewayFixtureService.h"

#include <stdexcept>

#include "src/protocol/Transaction.h"
#include "src/rpc/StatusConversion.h"

namespace chancery::node::test {

using namespace std::chrono_literals;

std::string textOf(const grpc::Status& status) {
    if (status.ok()) return "OK";
    return std::to_string(status.error_code()) + " " + status.error_message();
}

std::vector<std::string> detailsOf(const grpc::Status& status) {
    std::vector<std::string> result;
    for (const auto& detail : rpc::detailsOf(rpc::fromGrpc(status))) {
        if (detail.typeUrl != "type.googleapis.com/gateway.ErrorDetail") continue;
        pb::ErrorDetail message;
        message.ParseFromString(detail.value);
        result.push_back(message.address() + " " + message.msp_id() + " " + message.message());
    }
    return result;
}

GatewayFixture::GatewayFixture() {
    m_org1 = std::make_unique<TestOrg>("Org1");
    m_org2 = std::make_unique<TestOrg>("Org2");
    m_org3 = std::make_unique<TestOrg>("Org3");
    m_orderers = std::make_unique<TestOrg>("Orderer");
    m_peer = m_org1->member("peer0", "peer");
    m_client = m_org1->member("user", "client");
    m_peer2 = m_org2->member("peer0", "peer");
    m_peer3 = m_org3->member("peer0", "peer");
}

GatewayFixture::~GatewayFixture() {
    end();
}

channel::BundlePtr GatewayFixture::bundleWith(std::vector<std::string> orderers, bool isBft) const {
    TestChannelConfig config;
    config.organisations = {m_org1.get(), m_org2.get(), m_org3.get()};
    config.orderers = m_orderers.get();
    config.ordererEndpoints = std::move(orderers);
    config.isBft = isBft;
    return makeBundle(config);
}

void GatewayFixture::serve(channel::BundlePtr bundle, GatewayOptions options,
                           std::vector<KnownPeer> peers) {
    end();
    m_run = std::make_unique<Running>();
    Running& run = *m_run;
    run.channel = std::make_shared<FakePeerChannel>(std::move(bundle));
    run.channel->define("assets", "OR('Org1MSP.peer','Org2MSP.peer')");
    run.channels.channels[run.channel->channelId()] = run.channel;
    run.endorser = std::make_unique<FakeEndorser>(m_peer);
    run.connections = std::make_unique<GatewayConnections>(m_org1->tls("peer0"));
    PeerDirectoryOptions directory;
    directory.selfEndpoint = "peer0.org1:7051";
    directory.peers = std::move(peers);
    run.directory =
        std::make_unique<PeerDirectory>(run.channels, m_peer, *run.connections, directory);
    run.layouts = std::make_unique<Layouts>(*run.directory);
    const std::size_t concurrency = options.concurrency;
    run.gateway = std::make_unique<Gateway>(run.channels, *run.endorser, *run.directory,
                                            *run.layouts, *run.connections, std::move(options));
    run.service = std::make_unique<GatewayService>(*run.gateway, concurrency);
    auto server = rpc::Server::start({}, {&run.service->service()});
    if (!server.ok()) throw std::runtime_error(server.status().ToString());
    run.server = *std::move(server);
    run.connection = run.server->inProcessChannel();
    run.stub = pb::Gateway::NewStub(run.connection);
}

bool GatewayFixture::end() {
    if (!m_run) return true;
    m_run->stub.reset();
    m_run->connection.reset();
    m_run->server.reset();
    const bool isIdle = m_run->service->running() == 0;
    m_run.reset();
    return isIdle;
}

grpc::Status GatewayFixture::endorseNow(const TestProposal& proposal, pb::EndorseResponse& response,
                                        const std::vector<std::string>& organisations) {
    pb::EndorseRequest request;
    request.ParseFromString(proposalRequest(proposal, "trade", organisations));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 60s);
    return m_run->stub->Endorse(&context, request, &response);
}

grpc::Status GatewayFixture::evaluateNow(const TestProposal& proposal,
                                         pb::EvaluateResponse& response,
                                         const std::vector<std::string>& organisations) {
    pb::EvaluateRequest request;
    request.ParseFromString(proposalRequest(proposal, "trade", organisations));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 60s);
    return m_run->stub->Evaluate(&context, request, &response);
}

grpc::Status GatewayFixture::submitNow(const std::string& payload) {
    pb::SubmitRequest request;
    request.ParseFromString(submitRequest("tx", "trade", payload, "signature"));
    pb::SubmitResponse response;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 60s);
    return m_run->stub->Submit(&context, request, &response);
}

grpc::Status GatewayFixture::status(const Bytes& request, pb::CommitStatusResponse& response) {
    pb::SignedCommitStatusRequest message;
    message.ParseFromString(request);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 60s);
    return m_run->stub->CommitStatus(&context, message, &response);
}

std::vector<std::string> GatewayFixture::endorsersOf(const pb::EndorseResponse& response) {
    const Bytes envelope = response.prepared_transaction().SerializeAsString();
    const auto transaction = protocol::Transaction::decode(protocol::SharedBytes(envelope));
    std::vector<std::string> msps;
    for (const auto& action : transaction.actions)
        for (const auto& endorsement : action.endorsements)
            msps.emplace_back(protocol::decodeSerializedIdentity(endorsement.endorser)->mspId);
    std::sort(msps.begin(), msps.end());
    return msps;
}

}  // namespace chancery::node::test
