#include "node/agent/Call.h"

#include <fmt/format.h>

#include "src/base/Log.h"

namespace chancery::agent {

AuditTrail::AuditTrail(audit::AuditLog& log, const Caller& caller, const rpc::AdminCall& call)
    : m_log(log), m_isAudited(call.audited) {
    m_event.caller = caller.shown;
    m_event.role = caller.role ? std::string(rpc::nameOf(*caller.role)) : "stranger";
    m_event.call = call.name;
}

Status AuditTrail::begin(const std::string& subject) {
    if (!m_isAudited) return absl::OkStatus();
    const std::lock_guard lock(m_mutex);
    m_event.subject = subject;
    return m_log.append(m_event).status();
}

void AuditTrail::end(const Status& outcome) {
    if (!m_isAudited) return;
    const std::lock_guard lock(m_mutex);
    const std::string reason = reasonOf(outcome);
    m_event.outcome = outcome.ok()     ? "OK"
                      : reason.empty() ? absl::StatusCodeToString(outcome.code())
                                       : reason;
    if (const auto written = m_log.append(m_event); !written.ok())
        log::error("agent", fmt::format("the outcome of {} is not in the audit log: {}",
                                        m_event.call, messageOf(written.status())));
}

}  // namespace chancery::agent
