#pragma once

#include "node/orderer/Registrar.h"
#include "node/role/ChannelAdmin.h"

namespace chancery::node {

/// The channels of an orderer for its administrator: what the participation API does. Thread-safe.
class OrdererChannelAdmin final : public ChannelAdmin {
public:
    /// `registrar` must outlive it.
    explicit OrdererChannelAdmin(Registrar& registrar) : m_registrar(registrar) {}

    std::vector<ChannelId> ids() const override;
    Result<AdminChannel> describe(const ChannelId& channel) override;
    Result<Joined> join(BytesView block) override;
    Result<bool> leave(const ChannelId& channel) override;

private:
    Registrar& m_registrar;
};

}  // namespace chancery::node
