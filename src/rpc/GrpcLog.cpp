#include "src/rpc/GrpcLog.h"

#include <grpc/support/log.h>

#include <mutex>

#include "src/base/Log.h"

namespace chancery::rpc {
namespace {

void write(gpr_log_func_args* line) {
    // gRPC calls every failed handshake an error; with us it is one only where a call fails by it.
    log::write(line->severity == GPR_LOG_SEVERITY_ERROR ? log::Level::Info : log::Level::Debug,
               "grpc", line->message);
}

}  // namespace

void keepGrpcLog() {
    static std::once_flag once;
    std::call_once(once, [] { ::gpr_set_log_function(write); });
}

}  // namespace chancery::rpc
