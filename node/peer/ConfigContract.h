#pragma once

#include "node/chaincode/ContractExecutor.h"
#include "node/peer/AccessControl.h"
#include "node/peer/JoinedChannels.h"

namespace chancery::node {

/// cscc: joining channels, and what the peer says about its channels (fact sheet B §4.1).
class ConfigContract final : public SystemContract {
public:
    ConfigContract(JoinedChannels& channels, const AccessControl& access)
        : m_channels(channels), m_access(access) {}

    std::string_view name() const override { return "cscc"; }
    bool usesSimulation() const override { return false; }
    ContractResponse invoke(const SystemCall& call) override;

private:
    ContractResponse joinChain(const SystemCall& call);
    ContractResponse joinBySnapshot(const SystemCall& call);
    ContractResponse snapshotStatus(const SystemCall& call);
    ContractResponse channels(const SystemCall& call);
    ContractResponse configBlock(const SystemCall& call);
    ContractResponse channelConfig(const SystemCall& call);

    JoinedChannels& m_channels;
    const AccessControl& m_access;
};

/// What a system contract answers when it refuses: status 500 and the text.
ContractResponse contractError(std::string message);
ContractResponse contractSuccess(Bytes payload = {});

}  // namespace chancery::node
