#include "src/rpc/GrpcSetup.h"

#include <absl/synchronization/mutex.h>
#include <grpc/support/log.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/byte_buffer.h>

#include <future>
#include <mutex>

#include "src/base/Log.h"

namespace chancery::rpc {
namespace {

void write(gpr_log_func_args* line) {
    // gRPC calls every failed handshake an error; with us it is one only where a call fails by it.
    log::write(line->severity == GPR_LOG_SEVERITY_ERROR ? log::Level::Info : log::Level::Debug,
               "grpc", line->message);
}

/// gRPC 1.51 has one queue of callbacks, which ends with the last channel or server that uses it.
/// When a callback lets go of that one, the queue's thread frees the queue that it reads, and
/// aborts. A channel that lives as long as the program keeps the queue. It leads nowhere (no
/// credentials, no connection), and a call is what makes it take hold of the queue.
void keepCallbackQueue() {
    static const auto* const kept = new std::shared_ptr<grpc::Channel>(
        grpc::CreateChannel("kept", std::shared_ptr<grpc::ChannelCredentials>()));
    grpc::GenericStub stub(*kept);
    grpc::ClientContext context;
    const grpc::Slice nothing;
    const grpc::ByteBuffer request(&nothing, 1);
    grpc::ByteBuffer answer;
    // Shared: the thread that keeps the promise may still be in it when the wait is over.
    const auto ended = std::make_shared<std::promise<void>>();
    stub.UnaryCall(&context, "/kept/Kept", {}, &request, &answer,
                   [ended](const grpc::Status&) { ended->set_value(); });
    ended->get_future().wait();
}

}  // namespace

void setUpGrpc() {
    static std::once_flag once;
    std::call_once(once, [] {
        ::gpr_set_log_function(write);
        // Debian's build looks for deadlocks at every lock; gRPC's locks are not ours to debug.
        absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
        keepCallbackQueue();
    });
}

}  // namespace chancery::rpc
