#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "fabric/peer/deliver_service.grpc.pb.h"
#include "fabric/peer/endorser_service.grpc.pb.h"
#include "src/rpc/Call.h"
#include "src/rpc/Channel.h"
#include "src/rpc/Server.h"

namespace chancery::rpc::test {

constexpr std::chrono::seconds kLong{60};  // never reached unless something is broken

/// A unary service that does what the test wants; by default it gives the bytes back.
class TestEndorser final : public ::protos::Endorser::Service {
public:
    using Handler = std::function<grpc::Status(
        grpc::ServerContext&, const ::protos::SignedProposal&, ::protos::ProposalResponse&)>;
    Handler handler;
    std::atomic<int> calls = 0;

    grpc::Status ProcessProposal(grpc::ServerContext* context,
                                 const ::protos::SignedProposal* request,
                                 ::protos::ProposalResponse* response) override {
        ++calls;
        if (handler) return handler(*context, *request, *response);
        response->set_payload(request->proposal_bytes());
        return grpc::Status::OK;
    }
};

/// What the endorser behind the channel answers to these bytes.
inline Result<std::string> endorse(const std::shared_ptr<grpc::Channel>& channel,
                                   const std::string& bytes = "proposal",
                                   Deadline deadline = deadlineIn(kLong),
                                   std::stop_token stop = {}) {
    const auto stub = ::protos::Endorser::NewStub(channel);
    ::protos::SignedProposal request;
    request.set_proposal_bytes(bytes);
    ASSIGN_OR_RETURN(const auto response, call(*stub, &::protos::Endorser::Stub::ProcessProposal,
                                               request, deadline, std::move(stop)));
    return response.payload();
}

/// A listener on any free port of this machine.
inline Listener localListener(ServerTls tls) {
    return {.endpoint = {.host = "127.0.0.1", .port = 0, .socketPath = {}}, .tls = std::move(tls)};
}

}  // namespace chancery::rpc::test
