#include "src/client/BroadcastClient.h"

#include <grpcpp/channel.h>

#include <fmt/format.h>

#include "fabric/orderer/atomic_broadcast_service.grpc.pb.h"
#include "src/base/Encoding.h"
#include "src/rpc/Call.h"
#include "src/wire/Parse.h"

namespace chancery::client {
namespace {

class BroadcastClient final : public interfaces::Ordering {
public:
    explicit BroadcastClient(std::shared_ptr<grpc::Channel> channel)
        : m_stub(::orderer::AtomicBroadcast::NewStub(std::move(channel))) {}

    Status broadcast(BytesView envelope, Deadline deadline, std::stop_token stop) override {
        ::common::Envelope request;
        RETURN_IF_ERROR(wire::parseInto(request, envelope, "envelope"));
        rpc::CallContext context(deadline, std::move(stop));
        const auto stream = m_stub->Broadcast(&context.grpc());
        ::orderer::BroadcastResponse answer;
        const bool answered =
            stream->Write(request) && stream->WritesDone() && stream->Read(&answer);
        if (!answered) {
            const Status ended = context.status(stream->Finish());
            return ended.ok() ? makeError(StatusCode::kUnavailable, "CONNECTION_CLOSED",
                                          "the orderer ended the stream without an answer")
                              : ended;
        }
        // The stream ends by itself now; its status says nothing that the answer does not.
        context.grpc().TryCancel();
        stream->Finish();
        if (answer.status() == ::common::SUCCESS) return absl::OkStatus();
        return makeError(
            answer.status() == ::common::SERVICE_UNAVAILABLE ? StatusCode::kUnavailable
                                                             : StatusCode::kFailedPrecondition,
            "NOT_ORDERED",
            fmt::format("the orderer answers {} ({})", ::common::Status_Name(answer.status()),
                        printable(answer.info())),
            {{"status", std::to_string(answer.status())}, {"info", answer.info()}});
    }

private:
    const std::unique_ptr<::orderer::AtomicBroadcast::Stub> m_stub;
};

}  // namespace

std::shared_ptr<interfaces::Ordering> makeBroadcastClient(std::shared_ptr<grpc::Channel> channel) {
    return std::make_shared<BroadcastClient>(std::move(channel));
}

}  // namespace chancery::client
