#pragma once

#include "node/chaincode/ContractExecutor.h"
#include "node/peer/AccessControl.h"
#include "node/peer/PeerChannel.h"

namespace chancery::node {

/// qscc: blocks and transactions of a channel's ledger (fact sheet B §4.2).
class QueryContract final : public SystemContract {
public:
    QueryContract(const PeerChannels& channels, const AccessControl& access)
        : m_channels(channels), m_access(access) {}

    std::string_view name() const override { return "qscc"; }
    bool usesSimulation() const override { return false; }
    ContractResponse invoke(const SystemCall& call) override;

private:
    const PeerChannels& m_channels;
    const AccessControl& m_access;
};

/// lscc: the contracts of Fabric 1.x, of which there are none here. What asks for them is answered
/// as a peer without any answers it; what would change them is refused (fact sheet B §4.3).
class LegacyContract final : public SystemContract {
public:
    LegacyContract(const PeerChannels& channels, const AccessControl& access)
        : m_channels(channels), m_access(access) {}

    std::string_view name() const override { return "lscc"; }
    bool usesSimulation() const override { return false; }
    ContractResponse invoke(const SystemCall& call) override;

private:
    const PeerChannels& m_channels;
    const AccessControl& m_access;
};

}  // namespace chancery::node
