#include "node/peer/GatewayEndorsers.h"

#include <fmt/format.h>

#include "node/peer/GatewayConnections.h"
#include "node/peer/GatewayErrors.h"
#include "src/rpc/ByteCalls.h"

namespace chancery::node {
namespace {

constexpr const char* kProcessProposal = "/protos.Endorser/ProcessProposal";

EndorserAnswer unreachable(const Status& status) {
    return {StatusCode::kUnavailable, goTextOf(status), true, nullptr};
}

}  // namespace

EndorserAnswer judgeAnswer(Result<Bytes> answer, bool isLocal) {
    if (!answer.ok()) {
        if (!isLocal) return unreachable(answer.status());
        return {StatusCode::kFailedPrecondition, std::string(messageOf(answer.status())), false,
                nullptr};
    }
    auto decoded = protocol::decodeProposalResponse(protocol::SharedBytes(*std::move(answer)));
    if (!decoded.ok()) return unreachable(decoded.status());
    const auto response = decoded->response.value_or(protocol::ChaincodeResponse());
    if (response.status >= 200 && response.status < 400)
        return {StatusCode::kOk,
                {},
                false,
                std::make_shared<const protocol::ProposalResponse>(*std::move(decoded))};
    // Without payload the peer itself says so, not the contract.
    if (decoded->payload.empty() && response.status == 500)
        return {StatusCode::kAborted, std::string(response.message), true, nullptr};
    return {StatusCode::kUnknown,
            fmt::format("chaincode response {}, {}", response.status, response.message), false,
            nullptr};
}

GatewayEndorsers::GatewayEndorsers(Endorser& local, GatewayConnections& connections,
                                   PeerDirectory& directory, std::chrono::milliseconds timeout)
    : m_local(local), m_connections(connections), m_directory(directory), m_timeout(timeout) {}

std::shared_ptr<rpc::UnaryByteCall> GatewayEndorsers::ask(
    Purpose purpose, PeerChannel& channel, const ChannelPeerPtr& peer,
    const protocol::SharedBytes& signedProposal, Deadline deadline,
    std::function<void(EndorserAnswer)> done) {
    deadline = std::min(deadline, deadlineIn(m_timeout));
    if (peer->isSelf) {
        auto judge = [done = std::move(done)](Result<Bytes> answer) {
            done(judgeAnswer(std::move(answer), true));
        };
        Bytes bytes(signedProposal.view());
        if (purpose == Purpose::Evaluate)
            m_local.evaluate(std::move(bytes), deadline, std::move(judge));
        else
            m_local.process(std::move(bytes), deadline, std::move(judge));
        return nullptr;
    }
    const auto msp = channel.bundle()->msps()->find(peer->mspId);
    auto connection = msp ? m_connections.to(peer->endpoint, tlsRootsOf(*msp))
                          : Result<std::shared_ptr<grpc::Channel>>(
                                makeError(StatusCode::kUnavailable, "UNKNOWN_MSP",
                                          "the channel has no such organisation any more"));
    if (!connection.ok()) {
        done(unreachable(connection.status()));
        return nullptr;
    }
    return rpc::UnaryByteCall::start(
        *connection, kProcessProposal, signedProposal.view(), deadline,
        [this, peer, id = channel.channelId(), done = std::move(done)](Result<Bytes> answer) {
            if (answer.status().code() == StatusCode::kUnavailable) {
                m_connections.forget(peer->endpoint);
                m_directory.lost(id, peer->pkiId);
            }
            done(judgeAnswer(std::move(answer), false));
        });
}

}  // namespace chancery::node
