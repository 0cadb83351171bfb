#include "node/orderer/BlockCutter.h"

#include <utility>

namespace chancery::node {
namespace {

Batch alone(OrderedEnvelope envelope, bool isConfig) {
    Batch batch;
    batch.lastIndex = envelope.index;
    batch.isConfig = isConfig;
    batch.envelopes.push_back(std::move(envelope.bytes));
    return batch;
}

}  // namespace

std::vector<Batch> BlockCutter::add(OrderedEnvelope envelope, const channel::BatchSize& limits) {
    std::vector<Batch> batches;
    if (envelope.messageBytes > limits.preferredMaxBytes) {
        if (hasPending()) batches.push_back(cut());
        batches.push_back(alone(std::move(envelope), false));
        return batches;
    }
    if (m_pendingBytes + envelope.messageBytes > limits.preferredMaxBytes && hasPending())
        batches.push_back(cut());
    m_pendingBytes += envelope.messageBytes;
    m_pending.lastIndex = envelope.index;
    m_pending.envelopes.push_back(std::move(envelope.bytes));
    if (m_pending.envelopes.size() >= limits.maxMessages) batches.push_back(cut());
    return batches;
}

std::vector<Batch> BlockCutter::addConfig(OrderedEnvelope envelope) {
    std::vector<Batch> batches;
    if (hasPending()) batches.push_back(cut());
    batches.push_back(alone(std::move(envelope), true));
    return batches;
}

Batch BlockCutter::cut() {
    m_pendingBytes = 0;
    return std::exchange(m_pending, {});
}

}  // namespace chancery::node
