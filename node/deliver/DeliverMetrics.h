#pragma once

#include <string_view>

#include "node/role/Metrics.h"

namespace chancery::node {

/// deliver_… (fact sheet A §8.1).
class DeliverMetrics {
public:
    explicit DeliverMetrics(Metrics& metrics);

    void opened() { m_opened.add(); }
    void closed() { m_closed.add(); }
    void received(std::string_view channel, std::string_view dataType);
    void completed(std::string_view channel, std::string_view dataType, bool success);
    void sent(std::string_view channel, std::string_view dataType);

private:
    Counter m_opened, m_closed, m_received, m_completed, m_sent;
};

}  // namespace chancery::node
