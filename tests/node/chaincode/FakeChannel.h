#pragma once

#include <mutex>

#include "node/chaincode/ContractExecutor.h"
#include "tests/node/chaincode/FakeState.h"

namespace chancery::test {

/// A channel whose state is in memory. Who may do what is what the test says.
class FakeChannel final : public node::ExecutionChannel {
public:
    FakeChannel(channel::BundlePtr bundle, FakeState state)
        : m_bundle(std::move(bundle)), m_id(m_bundle->channelId()), m_state(std::move(state)) {}

    const ChannelId& channelId() const override { return m_id; }
    channel::BundlePtr bundle() const override { return m_bundle; }
    BlockNumber height() const override {
        const std::lock_guard lock(m_mutex);
        return m_state.height;
    }
    Result<std::unique_ptr<node::StateView>> view() override {
        const std::lock_guard lock(m_mutex);
        return m_state.view();
    }
    Status checkPolicy(std::string_view, BytesView) const override { return policy; }

    /// For views that are made from now on.
    template <class Change>
    void change(const Change& change) {
        const std::lock_guard lock(m_mutex);
        change(m_state);
        ++m_state.height;
    }

    Status policy;

private:
    channel::BundlePtr m_bundle;
    ChannelId m_id;
    mutable std::mutex m_mutex;
    FakeState m_state;
};

}  // namespace chancery::test
