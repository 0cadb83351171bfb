#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "node/agent/Call.h"
#include "node/agent/Clients.h"
#include "node/agent/PairingCodes.h"

namespace chancery::agent {

/// The services HostAccess and Pairing.
class AccessCalls {
public:
    struct Settings {
        std::string hostName;
        Bytes fingerprint;  ///< SHA-256 of the agent's certificate
        /// Where others reach the agent; empty: nowhere.
        std::function<std::string()> endpoint;
        /// Ends the running calls of a client.
        std::function<void(const std::string& fingerprint)> cut;
    };
    /// All must outlive it.
    AccessCalls(Settings settings, Clients& clients, PairingCodes& codes, audit::AuditLog& audit)
        : m_settings(std::move(settings)), m_clients(clients), m_codes(codes), m_audit(audit) {}

    Handlers handlers();

private:
    Status pair(Call& call);

    const Settings m_settings;
    Clients& m_clients;
    PairingCodes& m_codes;
    audit::AuditLog& m_audit;
    std::atomic<int> m_pairings = 0;
};

}  // namespace chancery::agent
