#pragma once

// Stands before gRPC's header of this name when we build for the thread sanitizer: what a batch of
// operations was given arrives where its tag is run (tests/support/tsan/TsanGrpc.cpp). `cb` and
// `ok` are the names of the parameters there.

extern "C" void __tsan_acquire(void* address);

#define StaticRun(tag, good)    \
    StaticRun(tag, good) {      \
        ::__tsan_acquire(cb);   \
        RunWhatArrived(cb, ok); \
    }                           \
    static void RunWhatArrived(tag, good)
#include_next <grpcpp/support/callback_common.h>
#undef StaticRun
