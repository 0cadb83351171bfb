#include "src/client/EndorserClient.h"

#include <grpcpp/channel.h>

#include "fabric/peer/endorser_service.grpc.pb.h"
#include "src/rpc/Call.h"
#include "src/wire/Parse.h"

namespace chancery::client {
namespace {

class EndorserClient final : public interfaces::Endorser {
public:
    explicit EndorserClient(std::shared_ptr<grpc::Channel> channel)
        : m_stub(::protos::Endorser::NewStub(std::move(channel))) {}

    Result<Bytes> process(BytesView signedProposal, Deadline deadline,
                          std::stop_token stop) override {
        ::protos::SignedProposal request;
        RETURN_IF_ERROR(wire::parseInto(request, signedProposal, "signed_proposal"));
        ASSIGN_OR_RETURN(const auto response,
                         rpc::call(*m_stub, &::protos::Endorser::Stub::ProcessProposal, request,
                                   deadline, std::move(stop)));
        return response.SerializeAsString();
    }

private:
    const std::unique_ptr<::protos::Endorser::Stub> m_stub;
};

}  // namespace

std::shared_ptr<interfaces::Endorser> makeEndorserClient(std::shared_ptr<grpc::Channel> channel) {
    return std::make_shared<EndorserClient>(std::move(channel));
}

}  // namespace chancery::client
