#include "src/cli/FlowTable.h"

#include <algorithm>

namespace chancery::cli {
namespace {

void sortByBeginning(std::vector<FlowRow>& rows) {
    std::sort(rows.begin(), rows.end(),
              [](const FlowRow& a, const FlowRow& b) { return a.begun < b.begun; });
}

}  // namespace

void FlowTable::add(const std::string& node, const interfaces::NodeFlowEvent& event, Time now) {
    if (!m_underWay.contains(event.txId) && m_underWay.size() >= m_options.most) return;
    const absl::Time end = event.start + absl::FromChrono(event.duration);
    const auto [at, isNew] = m_underWay.try_emplace(event.txId);
    FlowRow& row = at->second.row;
    if (isNew) {
        row.txId = event.txId;
        row.begun = event.start;
        row.ended = end;
    }
    at->second.last = now;
    if (row.channel.empty()) row.channel = event.channel;
    row.begun = std::min(row.begun, event.start);
    row.ended = std::max(row.ended, end);
    auto& longest = row.stages[event.stage];
    longest = std::max(longest, event.duration);
    row.nodes.insert(node);
    if (row.outcome.empty()) row.outcome = event.outcome;
    row.isCommitted = row.isCommitted || event.stage == "commit";
}

std::vector<FlowRow> FlowTable::takeFinished(Time now) {
    std::vector<FlowRow> finished;
    for (auto at = m_underWay.begin(); at != m_underWay.end();) {
        const auto quiet = at->second.row.isCommitted ? m_options.afterCommit : m_options.without;
        if (now - at->second.last < quiet) {
            ++at;
            continue;
        }
        finished.push_back(std::move(at->second.row));
        at = m_underWay.erase(at);
    }
    sortByBeginning(finished);
    return finished;
}

std::vector<FlowRow> FlowTable::takeAll() {
    std::vector<FlowRow> all;
    for (auto& [txId, underWay] : m_underWay) all.push_back(std::move(underWay.row));
    m_underWay.clear();
    sortByBeginning(all);
    return all;
}

}  // namespace chancery::cli
