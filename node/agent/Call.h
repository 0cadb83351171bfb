#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "src/audit/AuditLog.h"
#include "src/rpc/AdminRights.h"
#include "src/rpc/ByteService.h"
#include "src/wire/Parse.h"

namespace chancery::agent {

/// Who makes a call.
struct Caller {
    bool isLocal = false;           ///< by the socket in our folder: the user that we run as
    std::string fingerprint;        ///< of the certificate, hex; empty: none was shown
    std::string name;               ///< as it was paired
    std::optional<rpc::Role> role;  ///< nothing: a stranger

    /// "local", "name fingerprint", or "stranger address".
    std::string shown;
    /// What `rpc::ByteService::cut` takes.
    const std::string& key() const { return isLocal || fingerprint.empty() ? shown : fingerprint; }
};

/// A call's entries in the audit log: one before it is done, one after.
class AuditTrail {
public:
    AuditTrail(audit::AuditLog& log, const Caller& caller, const rpc::AdminCall& call);
    /// What cannot be written down is not done.
    Status begin(const std::string& subject);
    void end(const Status& outcome);

private:
    audit::AuditLog& m_log;
    const bool m_isAudited;
    std::mutex m_mutex;
    audit::Event m_event;
};

/// One call of the agent's own services.
class Call {
public:
    Call(rpc::ByteCall& bytes, const Caller& caller, AuditTrail& trail)
        : m_bytes(bytes), m_caller(caller), m_trail(trail) {}

    const Caller& caller() const { return m_caller; }
    const rpc::CallFacts& facts() const { return m_bytes.facts(); }
    Deadline deadline() const { return m_bytes.facts().deadline; }
    std::stop_token stop() const { return m_bytes.stop(); }

    /// Before anything is changed: what the call is about.
    Status begin(const std::string& subject) { return m_trail.begin(subject); }

    /// INVALID_ARGUMENT (MESSAGE_MISSING) when the caller has sent none, and as wire::parseInto.
    template <class M>
    Result<M> read() {
        ASSIGN_OR_RETURN(auto next, readNext<M>());
        if (!next)
            return makeError(StatusCode::kInvalidArgument, "MESSAGE_MISSING",
                             "the call has no message");
        return *std::move(next);
    }
    /// Nothing after the last one.
    template <class M>
    Result<std::optional<M>> readNext() {
        ASSIGN_OR_RETURN(const auto bytes, m_bytes.read());
        if (!bytes) return std::optional<M>();
        std::optional<M> message(std::in_place);
        RETURN_IF_ERROR(wire::parseInto(*message, *bytes, "request"));
        return message;
    }
    Status write(const google::protobuf::Message& message) {
        return m_bytes.write(message.SerializeAsString());
    }

private:
    rpc::ByteCall& m_bytes;
    const Caller& m_caller;
    AuditTrail& m_trail;
};

using Handler = std::function<Status(Call&)>;
/// By the name of the call.
using Handlers = std::map<std::string, Handler>;

/// One message in, one message out.
template <class Request, class Response>
Handler unary(std::function<Result<Response>(Call&, const Request&)> answer) {
    return [answer = std::move(answer)](Call& call) -> Status {
        ASSIGN_OR_RETURN(const Request request, call.read<Request>());
        ASSIGN_OR_RETURN(const Response response, answer(call, request));
        return call.write(response);
    };
}

}  // namespace chancery::agent
