#include "node/deliver/DeliverMetrics.h"

namespace chancery::node {
namespace {

std::string_view filtered(std::string_view dataType) {
    return dataType == "filtered_block" ? "true" : "false";
}

}  // namespace

DeliverMetrics::DeliverMetrics(Metrics& metrics)
    : m_opened(metrics.counter("deliver_streams_opened", "Deliver streams that were opened")),
      m_closed(metrics.counter("deliver_streams_closed", "Deliver streams that have ended")),
      m_received(metrics.counter("deliver_requests_received", "Requests for blocks",
                                 {"channel", "filtered", "data_type"})),
      m_completed(metrics.counter("deliver_requests_completed",
                                  "Requests for blocks that were answered to their end",
                                  {"channel", "filtered", "data_type", "success"})),
      m_sent(metrics.counter("deliver_blocks_sent", "Blocks that were sent",
                             {"channel", "filtered", "data_type"})) {}

void DeliverMetrics::received(std::string_view channel, std::string_view dataType) {
    m_received.add(1, {channel, filtered(dataType), dataType});
}

void DeliverMetrics::completed(std::string_view channel, std::string_view dataType, bool success) {
    m_completed.add(1, {channel, filtered(dataType), dataType, success ? "true" : "false"});
}

void DeliverMetrics::sent(std::string_view channel, std::string_view dataType) {
    m_sent.add(1, {channel, filtered(dataType), dataType});
}

}  // namespace chancery::node
