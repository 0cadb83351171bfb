#pragma once

#include <chrono>
#include <string_view>

#include "node/orderer/ChannelInfo.h"
#include "node/role/Metrics.h"

namespace chancery::node {

/// Metrics of an orderer, named as Fabric's (fact sheet A §8.1).
class OrdererMetrics {
public:
    explicit OrdererMetrics(Metrics& metrics);

    using Seconds = std::chrono::duration<double>;
    void broadcast(std::string_view channel, std::string_view type, int status, Seconds validation,
                   Seconds enqueue);
    void filled(std::string_view channel, Seconds duration);
    void committed(std::string_view channel, BlockNumber number, Seconds commit);
    void proposed(std::string_view channel, bool isConfig);
    void persisted(std::string_view channel, Seconds duration);
    void state(const ChannelInfo& info, std::size_t clusterSize);
    void removed(std::string_view channel);

private:
    Counter m_processed;
    Histogram m_validate, m_enqueue, m_fill;
    Gauge m_status, m_relation;
    Gauge m_clusterSize, m_activeNodes, m_isLeader, m_committed, m_height;
    Counter m_normalProposals, m_configProposals;
    Histogram m_persist, m_commitTime;
};

}  // namespace chancery::node
