#pragma once

// For the sources of this folder.
#include <grpcpp/support/client_interceptor.h>
#include <grpcpp/support/server_interceptor.h>

#include <memory>
#include <vector>

namespace chancery::rpc {

/// Refuses unary calls without a deadline, and writes a line to the log per call.
std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>>
clientInterceptors();

class RunningCalls;

/// Counts calls while they run, and writes a line to the log per call: who, which method, code and
/// reason, how long. Never a payload, never metadata, never a sentence: these may hold what is not
/// for a log.
std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>>
serverInterceptors(std::shared_ptr<RunningCalls> running);

}  // namespace chancery::rpc
