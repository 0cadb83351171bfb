#pragma once

#include <cstdint>
#include <vector>

#include "src/base/Bytes.h"
#include "src/channel/Bundle.h"

namespace chancery::node {

/// An envelope whose place in the order is settled.
struct OrderedEnvelope {
    Bytes bytes;
    std::size_t messageBytes = 0;  ///< payload and signature
    std::uint64_t index = 0;       ///< in the consenter's log
};

/// What goes into one block.
struct Batch {
    std::vector<Bytes> envelopes;
    std::uint64_t lastIndex = 0;
    bool isConfig = false;

    bool empty() const { return envelopes.empty(); }
};

/// Decides what goes into a block together (fact sheet A §5.5). The result depends on nothing but
/// the envelopes and the settings: time comes from outside, as a call of cut(). One thread.
class BlockCutter {
public:
    /// What an envelope makes complete: none, one or two batches.
    std::vector<Batch> add(OrderedEnvelope envelope, const channel::BatchSize& limits);
    /// A configuration stands alone, behind what was pending.
    std::vector<Batch> addConfig(OrderedEnvelope envelope);
    /// What is pending, perhaps nothing.
    Batch cut();

    bool hasPending() const { return !m_pending.empty(); }
    std::size_t pendingCount() const { return m_pending.envelopes.size(); }
    std::size_t pendingBytes() const { return m_pendingBytes; }
    const Batch& pending() const { return m_pending; }

private:
    Batch m_pending;
    std::size_t m_pendingBytes = 0;
};

}  // namespace chancery::node
