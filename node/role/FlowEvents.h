#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "src/base/Ids.h"
#include "src/base/Subscription.h"

namespace chancery::node {

/// The stages of a transaction at a node, in the order in which it passes them.
enum class FlowStage {
    Propose,    ///< peer: the proposal's form, creator and permission were checked
    Execute,    ///< peer: the contract ran
    Endorse,    ///< peer: the result was signed
    Submit,     ///< gateway: the envelope went to an orderer
    Broadcast,  ///< orderer: the envelope was checked and is durable
    Order,      ///< orderer: the block with it was written
    Deliver,    ///< peer: the block with it arrived
    Validate,   ///< peer: its validation code is known
    Commit      ///< peer: it stands in ledger and state
};

/// One stage of one transaction at this node.
struct FlowEvent {
    FlowStage stage = FlowStage::Propose;
    ChannelId channel;
    TxId txId;
    std::chrono::system_clock::time_point start;
    std::chrono::nanoseconds duration{0};
    std::string
        outcome;  ///< empty: went well; else a reason ("POLICY_NOT_SATISFIED") or validation code
};

/// Where the rooms of a node tell what happens to transactions, for the admin API. Thread-safe.
/// Costs one atomic load while nobody listens.
class FlowEvents {
public:
    FlowEvents();
    ~FlowEvents();

    bool isWanted() const;
    /// Drops the event when nobody listens.
    void publish(const FlowEvent& event);
    /// `listener` is called on the publishing thread and must return quickly.
    [[nodiscard]] Subscription subscribe(std::function<void(const FlowEvent&)> listener);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

std::string_view nameOf(FlowStage stage);

}  // namespace chancery::node
