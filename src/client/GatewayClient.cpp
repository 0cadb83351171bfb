#include "src/client/GatewayClient.h"

#include <grpcpp/channel.h>

#include "fabric/gateway/gateway_service.grpc.pb.h"
#include "src/rpc/Call.h"
#include "src/wire/Parse.h"

namespace chancery::client {
namespace {

using Stub = ::gateway::Gateway::Stub;

class GatewayClient final : public interfaces::Gateway {
public:
    explicit GatewayClient(std::shared_ptr<grpc::Channel> channel)
        : m_stub(::gateway::Gateway::NewStub(std::move(channel))) {}

    Result<Bytes> evaluate(const ChannelId& channel, const TxId& txId, BytesView signedProposal,
                           Deadline deadline, std::stop_token stop) override {
        ::gateway::EvaluateRequest request;
        request.set_channel_id(channel.str());
        request.set_transaction_id(txId.str());
        RETURN_IF_ERROR(wire::parseInto(*request.mutable_proposed_transaction(), signedProposal,
                                        "signed_proposal"));
        ASSIGN_OR_RETURN(const auto response,
                         rpc::call(*m_stub, &Stub::Evaluate, request, deadline, std::move(stop)));
        return response.result().SerializeAsString();
    }

    Result<Bytes> endorse(const ChannelId& channel, const TxId& txId, BytesView signedProposal,
                          Deadline deadline, std::stop_token stop) override {
        ::gateway::EndorseRequest request;
        request.set_channel_id(channel.str());
        request.set_transaction_id(txId.str());
        RETURN_IF_ERROR(wire::parseInto(*request.mutable_proposed_transaction(), signedProposal,
                                        "signed_proposal"));
        ASSIGN_OR_RETURN(const auto response,
                         rpc::call(*m_stub, &Stub::Endorse, request, deadline, std::move(stop)));
        return response.prepared_transaction().SerializeAsString();
    }

    Status submit(const ChannelId& channel, const TxId& txId, BytesView envelope, Deadline deadline,
                  std::stop_token stop) override {
        ::gateway::SubmitRequest request;
        request.set_channel_id(channel.str());
        request.set_transaction_id(txId.str());
        RETURN_IF_ERROR(
            wire::parseInto(*request.mutable_prepared_transaction(), envelope, "envelope"));
        return rpc::call(*m_stub, &Stub::Submit, request, deadline, std::move(stop)).status();
    }

    Result<interfaces::CommitStatus> commitStatus(BytesView bytes, BytesView signature,
                                                  Deadline deadline,
                                                  std::stop_token stop) override {
        ::gateway::SignedCommitStatusRequest request;
        request.set_request(std::string(bytes));
        request.set_signature(std::string(signature));
        ASSIGN_OR_RETURN(const auto response, rpc::call(*m_stub, &Stub::CommitStatus, request,
                                                        deadline, std::move(stop)));
        return interfaces::CommitStatus{.block = response.block_number(),
                                        .code = response.result()};
    }

private:
    const std::unique_ptr<Stub> m_stub;
};

}  // namespace

std::shared_ptr<interfaces::Gateway> makeGatewayClient(std::shared_ptr<grpc::Channel> channel) {
    return std::make_shared<GatewayClient>(std::move(channel));
}

}  // namespace chancery::client
