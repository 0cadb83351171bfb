#pragma once

#include <atomic>
#include <deque>
#include <mutex>

#include "node/agent/Call.h"
#include "node/agent/Clients.h"
#include "src/base/Clock.h"

namespace chancery::agent {

/// The one way in: finds out who calls, asks `authorise`, and hands the call to who answers it.
class Door {
public:
    /// A call of a node's own admin API; its outcome goes into the trail.
    using Forwarder =
        std::function<Result<rpc::Passage>(const rpc::CallFacts&, const Caller&, AuditTrail&)>;
    /// All must outlive it.
    Door(Clients& clients, audit::AuditLog& audit, const Clock& clock = Clock::system())
        : m_clients(clients), m_audit(audit), m_clock(clock) {}

    void add(Handlers handlers) { m_handlers.merge(handlers); }
    void setForwarder(Forwarder forwarder) { m_forwarder = std::move(forwarder); }

    /// Never waits.
    rpc::CallPlan plan(const rpc::CallFacts& facts);
    std::uint64_t calls() const { return m_calls; }

private:
    Result<Caller> identify(const rpc::CallFacts& facts);
    rpc::CallPlan refuse(const Caller& caller, const rpc::AdminCall* call, Status why);
    bool mayAuditRefusal();

    Clients& m_clients;
    audit::AuditLog& m_audit;
    const Clock& m_clock;
    Handlers m_handlers;
    Forwarder m_forwarder;
    std::atomic<std::uint64_t> m_calls = 0;
    std::mutex m_mutex;
    std::deque<absl::Time> m_refusals;  // audited in the last second
};

}  // namespace chancery::agent
