#include "node/peer/DiscoveryService.h"

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "fabric/discovery/discovery_service.grpc.pb.h"
#include "src/rpc/StatusConversion.h"

namespace chancery::node {

struct DiscoveryService::Impl final
    : ::discovery::Discovery::WithRawCallbackMethod_Discover<::discovery::Discovery::Service> {
    explicit Impl(Discovery& behind) : discovery(behind) {}

    grpc::ServerUnaryReactor* Discover(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override {
        auto* reactor = context->DefaultReactor();
        grpc::Slice slice;
        if (!request->DumpToSingleSlice(&slice).ok()) {
            reactor->Finish({grpc::StatusCode::INTERNAL, "the message cannot be read"});
            return reactor;
        }
        const auto answer =
            discovery.discover({reinterpret_cast<const char*>(slice.begin()), slice.size()});
        if (answer.ok()) {
            const grpc::Slice out(answer->data(), answer->size());
            *response = grpc::ByteBuffer(&out, 1);
        }
        reactor->Finish(rpc::toGrpc(answer.status()));
        return reactor;
    }

    Discovery& discovery;
};

DiscoveryService::DiscoveryService(Discovery& discovery)
    : m_impl(std::make_unique<Impl>(discovery)) {}
DiscoveryService::~DiscoveryService() = default;

grpc::Service& DiscoveryService::service() {
    return *m_impl;
}

}  // namespace chancery::node
