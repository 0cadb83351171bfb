#include "node/peer/EndorserService.h"

#include <grpcpp/grpcpp.h>

#include "fabric/peer/endorser_service.grpc.pb.h"
#include "src/rpc/StatusConversion.h"

namespace chancery::node {
namespace {

Bytes flatten(const grpc::ByteBuffer& buffer) {
    Bytes bytes;
    std::vector<grpc::Slice> slices;
    if (!buffer.Dump(&slices).ok()) return bytes;
    bytes.reserve(buffer.Length());
    for (const auto& slice : slices)
        bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    return bytes;
}

/// The slice owns the bytes; nothing is copied.
grpc::ByteBuffer toBuffer(Bytes bytes) {
    auto* owned = new Bytes(std::move(bytes));
    const grpc::Slice slice(
        owned->data(), owned->size(), [](void* user) { delete static_cast<Bytes*>(user); }, owned);
    return {&slice, 1};
}

/// Messages pass as bytes: what was signed is never decoded and encoded again.
class Service final : public ::protos::Endorser::WithRawCallbackMethod_ProcessProposal<
                          ::protos::Endorser::Service> {
public:
    Service(Endorser& endorser, std::chrono::milliseconds longest)
        : m_endorser(endorser), m_longest(longest) {}

    grpc::ServerUnaryReactor* ProcessProposal(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) override {
        auto* reactor = context->DefaultReactor();
        const auto left = context->deadline() - std::chrono::system_clock::now();
        const auto period = std::min<std::chrono::nanoseconds>(
            std::chrono::duration_cast<std::chrono::nanoseconds>(left), m_longest);
        m_endorser.process(flatten(*request), deadlineIn(period),
                           [reactor, response](Result<Bytes> result) {
                               if (result.ok()) *response = toBuffer(*std::move(result));
                               reactor->Finish(rpc::toGrpc(result.status()));
                           });
        return reactor;
    }

private:
    Endorser& m_endorser;
    const std::chrono::milliseconds m_longest;
};

}  // namespace

std::unique_ptr<grpc::Service> makeEndorserService(Endorser& endorser,
                                                   std::chrono::milliseconds longest) {
    return std::make_unique<Service>(endorser, longest);
}

}  // namespace chancery::node
