#include "node/peer/SnapshotService.h"

#include <grpcpp/grpcpp.h>

#include "fabric/peer/snapshot.pb.h"
#include "fabric/peer/snapshot_service.grpc.pb.h"
#include "src/base/Encoding.h"
#include "src/rpc/StatusConversion.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::node {
namespace {

Status refusal(const Status& why, std::string_view text) {
    return makeError(StatusCode::kUnknown, reasonOf(why), text, argumentsOf(why));
}
Status refusal(std::string_view reason, std::string_view text) {
    return makeError(StatusCode::kUnknown, reason, text);
}

}  // namespace

struct SnapshotDesk::Request {
    std::shared_ptr<SnapshotRequests> requests;
    BlockNumber block = 0;
};

/// SnapshotQuery is SnapshotRequest without the block number.
Result<SnapshotDesk::Request> SnapshotDesk::open(BytesView signedRequest,
                                                 std::string_view resource) const {
    const auto outer = wire::parse<::protos::SignedSnapshotRequest>(signedRequest, "request");
    if (!outer.ok())
        return refusal(outer.status(), fmt::format("failed to unmarshal snapshot request: {}",
                                                   messageOf(outer.status())));
    const auto request = wire::parse<::protos::SnapshotRequest>(outer->request(), "request");
    if (!request.ok())
        return refusal(request.status(), fmt::format("failed to unmarshal snapshot request: {}",
                                                     messageOf(request.status())));
    if (!request->has_signature_header())
        return refusal("MISSING_FIELD", "missing signature header");
    const Bytes& creator = request->signature_header().creator();
    const auto identity = m_access.localMsp()->deserialize(creator);
    if (!identity.ok())
        return refusal(identity.status(),
                       fmt::format("failed deserializing signed data identity during channelless "
                                   "check policy with policy [Admins]: [{}]",
                                   messageOf(identity.status())));
    if (const Status door = identity::checkAtDoor(**identity, m_clock); !door.ok())
        return refusal(door, "client identity expired");
    if (const Status allowed = m_access.check(resource, nullptr, creator); !allowed.ok())
        return refusal(allowed, messageOf(allowed));
    if (const Status good = (*identity)->verify(outer->request(), outer->signature()); !good.ok())
        return refusal(good, fmt::format("failed verifying the signature of the request: {}",
                                         messageOf(good)));
    if (request->channel_id().empty()) return refusal("MISSING_FIELD", "missing channel ID");
    auto requests = m_channels.snapshots(ChannelId(request->channel_id()));
    if (requests == nullptr)
        return refusal("NO_SUCH_CHANNEL", fmt::format("cannot find ledger for channel {}",
                                                      printable(request->channel_id(), 256)));
    return Request{std::move(requests), request->block_number()};
}

Status SnapshotDesk::generate(BytesView signedRequest) const {
    ASSIGN_OR_RETURN(const Request request, open(signedRequest, "snapshot/submitrequest"));
    const Status done = request.requests->submit(request.block);
    return done.ok() ? done : refusal(done, messageOf(done));
}

Status SnapshotDesk::cancel(BytesView signedRequest) const {
    ASSIGN_OR_RETURN(const Request request, open(signedRequest, "snapshot/cancelrequest"));
    const Status done = request.requests->cancel(request.block);
    return done.ok() ? done : refusal(done, messageOf(done));
}

Result<Bytes> SnapshotDesk::queryPendings(BytesView signedRequest) const {
    ASSIGN_OR_RETURN(const Request request, open(signedRequest, "snapshot/listpending"));
    ::protos::QueryPendingSnapshotsResponse response;
    for (const BlockNumber block : request.requests->pending()) response.add_block_numbers(block);
    return wire::serialize(response);
}

namespace {

using Base = ::protos::Snapshot::WithRawCallbackMethod_Generate<
    ::protos::Snapshot::WithRawCallbackMethod_Cancel<
        ::protos::Snapshot::WithRawCallbackMethod_QueryPendings<::protos::Snapshot::Service>>>;

class Service final : public Base {
public:
    Service(const SnapshotDesk& desk, TaskPool& pool) : m_desk(desk), m_pool(pool) {}

    grpc::ServerUnaryReactor* Generate(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override {
        return answer(context, request, response, [this](BytesView bytes) -> Result<Bytes> {
            RETURN_IF_ERROR(m_desk.generate(bytes));
            return Bytes();
        });
    }
    grpc::ServerUnaryReactor* Cancel(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* response) override {
        return answer(context, request, response, [this](BytesView bytes) -> Result<Bytes> {
            RETURN_IF_ERROR(m_desk.cancel(bytes));
            return Bytes();
        });
    }
    grpc::ServerUnaryReactor* QueryPendings(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override {
        return answer(context, request, response,
                      [this](BytesView bytes) { return m_desk.queryPendings(bytes); });
    }

private:
    grpc::ServerUnaryReactor* answer(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request, grpc::ByteBuffer* response,
                                     std::function<Result<Bytes>(BytesView)> handler) {
        auto* reactor = context->DefaultReactor();
        grpc::Slice slice;
        if (!request->DumpToSingleSlice(&slice).ok()) {
            reactor->Finish({grpc::StatusCode::INTERNAL, "the request cannot be read"});
            return reactor;
        }
        Bytes bytes(reinterpret_cast<const char*>(slice.begin()), slice.size());
        m_pool.post([reactor, response, bytes = std::move(bytes), handler = std::move(handler)] {
            const auto result = handler(bytes);
            if (result.ok()) {
                const grpc::Slice out(*result);
                *response = grpc::ByteBuffer(&out, 1);
            }
            reactor->Finish(rpc::toGrpc(result.status()));
        });
        return reactor;
    }

    const SnapshotDesk& m_desk;
    TaskPool& m_pool;
};

}  // namespace

std::unique_ptr<grpc::Service> makeSnapshotService(const SnapshotDesk& desk, TaskPool& pool) {
    return std::make_unique<Service>(desk, pool);
}

}  // namespace chancery::node
