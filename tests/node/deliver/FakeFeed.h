#pragma once

#include <atomic>
#include <mutex>
#include <vector>

#include "node/deliver/BlockFeed.h"
#include "node/deliver/HeightListeners.h"

namespace chancery::node::test {

/// A channel in memory.
class FakeFeed final : public BlockFeed {
public:
    FakeFeed(channel::BundlePtr bundle, BlockNumber first) : m_first(first), m_bundle(bundle) {}

    BlockNumber height() const override {
        const std::lock_guard lock(m_mutex);
        return m_first + m_blocks.size();
    }
    BlockNumber firstBlock() const override { return m_first; }
    Result<protocol::Block> read(BlockNumber number) const override {
        ++reads;
        const std::lock_guard lock(m_mutex);
        if (number < m_first || number - m_first >= m_blocks.size())
            return makeError(StatusCode::kNotFound, "NO_SUCH_BLOCK", "no");
        return m_blocks[number - m_first];
    }
    Subscription onHeight(std::function<void(BlockNumber)> listener) override {
        return m_listeners.add(std::move(listener));
    }
    channel::BundlePtr bundle() const override {
        const std::lock_guard lock(m_mutex);
        return m_bundle;
    }
    bool isClosed() const override { return m_closed; }
    bool isInError() const override { return inError; }

    void append(protocol::Block block, channel::BundlePtr bundle = nullptr) {
        {
            const std::lock_guard lock(m_mutex);
            m_blocks.push_back(std::move(block));
            if (bundle) m_bundle = std::move(bundle);
        }
        m_listeners.notify(height());
    }
    void close() {
        m_closed = true;
        m_listeners.notify(height());
    }

    std::atomic<bool> inError = false;
    mutable std::atomic<int> reads = 0;

private:
    const BlockNumber m_first;
    mutable std::mutex m_mutex;
    std::vector<protocol::Block> m_blocks;
    channel::BundlePtr m_bundle;
    std::atomic<bool> m_closed = false;
    HeightListeners m_listeners;
};

}  // namespace chancery::node::test
