#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "src/interfaces/Node.h"

namespace chancery::cli {

/// The way of one transaction over the nodes of a network.
struct FlowRow {
    TxId txId;
    ChannelId channel;
    std::map<std::string, std::chrono::nanoseconds> stages;  ///< the longest of all nodes
    std::set<std::string> nodes;
    std::string outcome;  ///< the first that is not empty
    absl::Time begun, ended;
    bool isCommitted = false;
};

/// Puts events of nodes together by transaction. One thread at a time; time is the caller's.
class FlowTable {
public:
    using Time = std::chrono::steady_clock::time_point;
    struct Options {
        std::chrono::milliseconds afterCommit{300};  ///< for the other nodes
        std::chrono::milliseconds without{5'000};    ///< for those that are never committed
        std::size_t most = 10'000;                   ///< that are under way
    };
    FlowTable() = default;
    explicit FlowTable(Options options) : m_options(options) {}

    void add(const std::string& node, const interfaces::NodeFlowEvent& event, Time now);
    /// Those of which nothing more is to be expected, by their beginning.
    std::vector<FlowRow> takeFinished(Time now);
    std::vector<FlowRow> takeAll();

private:
    struct UnderWay {
        FlowRow row;
        Time last;
    };
    Options m_options;
    std::map<TxId, UnderWay> m_underWay;
};

}  // namespace chancery::cli
