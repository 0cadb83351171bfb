#pragma once

// Stands before gRPC's header of this name when we build for the thread sanitizer: all that the
// callbacks of a call have done arrives where its end is told (tests/support/tsan/TsanGrpc.cpp).

#include <grpcpp/impl/codegen/message_allocator.h>
#include <grpcpp/impl/codegen/rpc_service_method.h>
#include <grpcpp/impl/codegen/server_callback.h>
#include <grpcpp/impl/codegen/server_context.h>
#include <grpcpp/impl/codegen/status.h>

extern "C" void __tsan_acquire(void* address);

#define CallOnDone()                                                              \
    CallOnDone() {                                                                \
        ::__tsan_acquire(static_cast<grpc::internal::ServerCallbackCall*>(this)); \
        EndWhatArrived();                                                         \
    }                                                                             \
    void EndWhatArrived()
#define override
#include_next <grpcpp/impl/codegen/server_callback_handlers.h>
#undef override
#undef CallOnDone
