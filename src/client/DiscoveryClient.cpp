#include "src/client/DiscoveryClient.h"

#include <grpcpp/channel.h>

#include "fabric/discovery/discovery_service.grpc.pb.h"
#include "src/rpc/Call.h"
#include "src/wire/Parse.h"

namespace chancery::client {
namespace {

class DiscoveryClient final : public interfaces::Discovery {
    using Stub = ::discovery::Discovery::Stub;

public:
    explicit DiscoveryClient(std::shared_ptr<grpc::Channel> channel)
        : m_stub(::discovery::Discovery::NewStub(std::move(channel))) {}

    Result<Bytes> ask(BytesView signedRequest, Deadline deadline, std::stop_token stop) override {
        ::discovery::SignedRequest request;
        RETURN_IF_ERROR(wire::parseInto(request, signedRequest, "signed_request"));
        ASSIGN_OR_RETURN(const auto response,
                         rpc::call(*m_stub, &Stub::Discover, request, deadline, std::move(stop)));
        return response.SerializeAsString();
    }

private:
    const std::unique_ptr<Stub> m_stub;
};

}  // namespace

std::shared_ptr<interfaces::Discovery> makeDiscoveryClient(std::shared_ptr<grpc::Channel> channel) {
    return std::make_shared<DiscoveryClient>(std::move(channel));
}

}  // namespace chancery::client
