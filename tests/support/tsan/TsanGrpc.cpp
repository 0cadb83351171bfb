// gRPC hands what is done from thread to thread through queues without locks, inside of libraries
// that are built without the thread sanitizer. These definitions come before those of the
// libraries, do the same, and tell the sanitizer where something is handed over;
// tests/support/tsan/grpcpp tells it where it arrives. Built with that sanitizer only.
#include <dlfcn.h>
#include <grpc/grpc.h>
#include <grpcpp/support/server_callback.h>

extern "C" void __tsan_acquire(void* address);
extern "C" void __tsan_release(void* address);

extern "C" grpc_call_error grpc_call_start_batch(grpc_call* call, const grpc_op* operations,
                                                 size_t count, void* tag, void* reserved) {
    using Start = grpc_call_error (*)(grpc_call*, const grpc_op*, size_t, void*, void*);
    static const auto start = reinterpret_cast<Start>(::dlsym(RTLD_NEXT, "grpc_call_start_batch"));
    if (tag != nullptr) __tsan_release(tag);
    return start(call, operations, count, tag, reserved);
}

namespace grpc::internal {

void ServerCallbackCall::ScheduleOnDone(bool inLine) {
    using Schedule = void (*)(ServerCallbackCall*, bool);
    static const auto schedule = reinterpret_cast<Schedule>(
        ::dlsym(RTLD_NEXT, "_ZN4grpc8internal18ServerCallbackCall14ScheduleOnDoneEb"));
    // The last of a call's callbacks may have counted itself off inside of the library.
    __tsan_acquire(&callbacks_outstanding_);
    __tsan_release(this);
    schedule(this, inLine);
}

}  // namespace grpc::internal
