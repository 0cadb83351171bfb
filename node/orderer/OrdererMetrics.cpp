#include "node/orderer/OrdererMetrics.h"

#include "node/orderer/MessageFilter.h"

namespace chancery::node {
namespace {

const std::vector<std::string> kBroadcastLabels{"channel", "type", "status"};
const std::vector<std::string> kChannelLabel{"channel"};

}  // namespace

OrdererMetrics::OrdererMetrics(Metrics& metrics)
    : m_processed(metrics.counter("broadcast_processed_count", "Envelopes that were broadcast",
                                  kBroadcastLabels)),
      m_validate(metrics.histogram("broadcast_validate_duration",
                                   "Seconds that checking an envelope took", kBroadcastLabels)),
      m_enqueue(metrics.histogram("broadcast_enqueue_duration",
                                  "Seconds until an envelope was durable", kBroadcastLabels)),
      m_fill(metrics.histogram("blockcutter_block_fill_duration",
                               "Seconds from the first envelope of a block until it was cut",
                               kChannelLabel)),
      m_status(metrics.gauge("participation_status", "0 inactive, 1 active, 2 onboarding, 3 failed",
                             kChannelLabel)),
      m_relation(metrics.gauge("participation_consensus_relation",
                               "0 other, 1 consenter, 2 follower, 3 config-tracker",
                               kChannelLabel)),
      m_clusterSize(metrics.gauge("consensus_etcdraft_cluster_size", "Consenters of the channel",
                                  kChannelLabel)),
      m_activeNodes(metrics.gauge("consensus_etcdraft_active_nodes",
                                  "Consenters that take part now", kChannelLabel)),
      m_isLeader(metrics.gauge("consensus_etcdraft_is_leader",
                               "1 when this node leads the channel's consenters", kChannelLabel)),
      m_committed(metrics.gauge("consensus_etcdraft_committed_block_number",
                                "Number of the newest block", kChannelLabel)),
      m_height(metrics.gauge("ledger_blockchain_height", "Blocks of the channel", kChannelLabel)),
      m_normalProposals(metrics.counter("consensus_etcdraft_normal_proposals_received",
                                        "Normal transactions taken for ordering", kChannelLabel)),
      m_configProposals(metrics.counter("consensus_etcdraft_config_proposals_received",
                                        "Configurations taken for ordering", kChannelLabel)),
      m_persist(metrics.histogram("consensus_etcdraft_data_persist_duration",
                                  "Seconds that making envelopes durable took", kChannelLabel)),
      m_commitTime(metrics.histogram("ledger_blockstorage_commit_time",
                                     "Seconds that storing a block took", kChannelLabel,
                                     {.005, .01, .015, .05, .1, 1, 10})) {}

void OrdererMetrics::broadcast(std::string_view channel, std::string_view type, int status,
                               Seconds validation, Seconds enqueue) {
    const std::string name = nameOfStatus(status);
    m_processed.add(1, {channel, type, name});
    m_validate.observe(validation.count(), {channel, type, name});
    if (enqueue.count() > 0) m_enqueue.observe(enqueue.count(), {channel, type, name});
}

void OrdererMetrics::filled(std::string_view channel, Seconds duration) {
    m_fill.observe(duration.count(), {channel});
}

void OrdererMetrics::committed(std::string_view channel, BlockNumber number, Seconds commit) {
    m_committed.set(static_cast<double>(number), {channel});
    m_height.set(static_cast<double>(number + 1), {channel});
    m_commitTime.observe(commit.count(), {channel});
}

void OrdererMetrics::proposed(std::string_view channel, bool isConfig) {
    (isConfig ? m_configProposals : m_normalProposals).add(1, {channel});
}

void OrdererMetrics::persisted(std::string_view channel, Seconds duration) {
    m_persist.observe(duration.count(), {channel});
}

void OrdererMetrics::state(const ChannelInfo& info, std::size_t clusterSize) {
    const std::string_view channel = info.channel.str();
    const bool consents = info.relation == ConsensusRelation::Consenter;
    const auto status = [&info] {
        switch (info.status) {
            case ChannelStatus::Inactive:
                return 0.0;
            case ChannelStatus::Active:
                return 1.0;
            case ChannelStatus::Onboarding:
                return 2.0;
            case ChannelStatus::Failed:
                break;
        }
        return 3.0;
    }();
    m_status.set(status, {channel});
    m_relation.set(consents ? 1 : 2, {channel});
    m_clusterSize.set(static_cast<double>(clusterSize), {channel});
    m_activeNodes.set(consents ? 1 : 0, {channel});
    m_isLeader.set(consents && info.status == ChannelStatus::Active ? 1 : 0, {channel});
    m_height.set(static_cast<double>(info.height), {channel});
}

void OrdererMetrics::removed(std::string_view channel) {
    m_status.set(0, {channel});
    m_relation.set(0, {channel});
    m_isLeader.set(0, {channel});
}

}  // namespace chancery::node
