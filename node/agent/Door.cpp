#include "node/agent/Door.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/identity/Certificate.h"

namespace chancery::agent {
namespace {

constexpr std::string_view kForwarded = "chancery.admin.";
constexpr std::size_t kRefusalsPerSecond = 10;

Status notKnown(std::string_view reason, std::string_view sentence) {
    return makeError(StatusCode::kUnauthenticated, reason, sentence);
}

/// Certificates are pinned, so only their own dates can end them.
Status checkDates(const Bytes& der, absl::Time now) {
    const auto certificate = identity::Certificate::fromDer(der);
    if (!certificate.ok())
        return notKnown("BAD_CERTIFICATE", "the caller's certificate cannot be read");
    if (now > certificate->notAfter())
        return notKnown("CERTIFICATE_EXPIRED", "the caller's certificate has expired");
    if (now < certificate->notBefore())
        return notKnown("CERTIFICATE_NOT_YET_VALID", "the caller's certificate is not valid yet");
    return absl::OkStatus();
}

std::string addressOf(const std::string& peer) {
    // Without the port, so that a stranger's connections count together.
    return peer.substr(0, peer.rfind(':'));
}

}  // namespace

Result<Caller> Door::identify(const rpc::CallFacts& facts) {
    Caller caller;
    if (facts.isLocal) {
        caller.isLocal = true;
        caller.role = rpc::Role::Administrator;
        caller.shown = "local";
        return caller;
    }
    caller.shown = "stranger " + addressOf(facts.peer);
    if (!facts.certificate) return caller;
    caller.fingerprint = toHex(facts.certificate->bindingHash);
    const auto client = m_clients.find(caller.fingerprint);
    if (!client) return caller;
    caller.shown = fmt::format("{} {}", client->name, client->fingerprint);
    if (client->isRevoked)
        return notKnown("REVOKED", "the caller's certificate was revoked at this host");
    RETURN_IF_ERROR(checkDates(facts.certificate->der, m_clock.now()));
    caller.name = client->name;
    caller.role = client->role;
    m_clients.seen(caller.fingerprint);
    return caller;
}

bool Door::mayAuditRefusal() {
    const std::lock_guard lock(m_mutex);
    const absl::Time now = m_clock.now();
    while (!m_refusals.empty() && m_refusals.front() + absl::Seconds(1) < now)
        m_refusals.pop_front();
    if (m_refusals.size() >= kRefusalsPerSecond) return false;
    m_refusals.push_back(now);
    return true;
}

rpc::CallPlan Door::refuse(const Caller& caller, const rpc::AdminCall* call, Status why) {
    rpc::CallPlan plan;
    plan.refusal = why;
    // Who is known and tries what it may not do is written down, though not a flood of it.
    if (!caller.role || call == nullptr || !call->audited || !mayAuditRefusal()) return plan;
    plan.refusal = absl::OkStatus();
    plan.caller = caller.key();
    plan.handle = [why](rpc::ByteCall&) { return why; };
    const auto trail = std::make_shared<AuditTrail>(m_audit, caller, *call);
    plan.ended = [trail](const Status& outcome) { trail->end(outcome); };
    return plan;
}

rpc::CallPlan Door::plan(const rpc::CallFacts& facts) {
    ++m_calls;
    const auto known = identify(facts);
    const rpc::AdminCall* row = rpc::findAdminCall(facts.method);
    if (!known.ok()) {
        // A client that was revoked or has an old certificate may still pair again.
        rpc::CallPlan plan;
        plan.refusal = known.status();
        if (row == nullptr || !row->stranger) return plan;
    }
    Caller caller = known.value_or(Caller{});
    if (!known.ok()) {
        caller.fingerprint = toHex(facts.certificate->bindingHash);
        caller.shown = "stranger " + addressOf(facts.peer);
    }
    if (const Status allowed = rpc::authorise(facts.method, caller.role); !allowed.ok())
        return refuse(caller, row, allowed);

    rpc::CallPlan plan;
    // Strangers of one address share what one caller may have.
    plan.caller = caller.role ? caller.key() : caller.shown;
    const auto trail = std::make_shared<AuditTrail>(m_audit, caller, *row);
    plan.ended = [trail](const Status& outcome) { trail->end(outcome); };
    if (const auto handler = m_handlers.find(facts.method); handler != m_handlers.end()) {
        plan.handle = [&answer = handler->second, caller, trail](rpc::ByteCall& bytes) {
            Call call(bytes, caller, *trail);
            return answer(call);
        };
    } else if (facts.method.starts_with(kForwarded) && m_forwarder) {
        plan.passage = [this, facts, caller, trail] { return m_forwarder(facts, caller, *trail); };
    } else {
        plan.refusal = makeError(StatusCode::kUnimplemented, "UNKNOWN_CALL",
                                 fmt::format("this agent cannot {}", facts.method));
    }
    return plan;
}

}  // namespace chancery::agent
