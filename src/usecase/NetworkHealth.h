#pragma once

#include <vector>

#include "src/usecase/HealthExam.h"

namespace chancery::usecase {

class NetworkFolder;

struct HealthRequest {
    ChannelId channel;  ///< looked at even if no peer tells of it
    std::vector<interfaces::NodeAddress> orderers;
    std::vector<interfaces::NodeAddress> peers;
    std::vector<ContractStatusPeer> administered;  ///< peers that tell their packages and channels
};

/// Collects what the rules of HealthExam look at.
class NetworkHealth {
public:
    NetworkHealth(const TransactionContext& context, Deadline deadline)
        : m_context(context), m_deadline(deadline) {}

    /// What does not answer is part of the facts.
    HealthFacts collect(const HealthRequest& request) const;
    /// Certificates and revocation lists in use by the nodes of a folder and by the channels.
    void addCertificates(const NetworkFolder& network, HealthFacts& facts) const;

private:
    HealthChannel look(const ChannelId& channel, const HealthRequest& request) const;

    const TransactionContext m_context;
    const Deadline m_deadline;
};

}  // namespace chancery::usecase
