#pragma once

#include <grpcpp/client_context.h>

#include <stop_token>
#include <utility>

#include "src/base/Deadline.h"
#include "src/base/Status.h"

namespace chancery::rpc {

/// What one call needs: until when it may last, and how it is stopped early. For streams, whose
/// reactors and readers take `grpc()`; unary calls use `call` below. Must outlive the call.
class CallContext {
public:
    explicit CallContext(Deadline deadline, std::stop_token stop = {});
    CallContext(const CallContext&) = delete;
    CallContext& operator=(const CallContext&) = delete;

    grpc::ClientContext& grpc() { return m_context; }

    /// The status of the ended call with a reason in every case: the server's own, or STOPPED,
    /// TIMED_OUT, CONNECTION_REFUSED, TLS_HANDSHAKE_FAILED, CONNECTION_CLOSED (also by a server
    /// that does not take our certificate), UNREACHABLE, or REMOTE_ERROR for servers that give
    /// none.
    Status status(const grpc::Status& status) const;

private:
    struct Cancel {
        grpc::ClientContext* context;
        void operator()() const { context->TryCancel(); }
    };

    grpc::ClientContext m_context;
    std::stop_token m_stop;
    std::stop_callback<Cancel> m_callback;
};

/// A unary call: `call(*stub, &Endorser::Stub::ProcessProposal, request, deadlineIn(5s), stop)`.
/// Blocks; any thread.
template <class Stub, class Request, class Response>
Result<Response> call(Stub& stub,
                      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                      const Request& request, Deadline deadline, std::stop_token stop = {}) {
    CallContext context(deadline, std::move(stop));
    Response response;
    const grpc::Status ended = (stub.*method)(&context.grpc(), request, &response);
    if (!ended.ok()) return context.status(ended);
    return response;
}

}  // namespace chancery::rpc
