#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/role/ChannelAdmin.h"
#include "src/base/Deadline.h"
#include "src/base/Status.h"

namespace chancery::node {

/// Something that may be out of order: what /healthz asks. Thread-safe; must return quickly.
struct HealthCheck {
    std::string component;
    std::function<Status()> check;
};

/// A part that a node can play: peer, orderer, certificate authority. Started once, stopped once.
class Role {
public:
    virtual ~Role() = default;
    virtual std::string_view name() const = 0;
    /// Serves when it returns. The error says which step failed and why.
    virtual Status start() = 0;
    /// Takes no new work, ends what runs until the deadline, makes everything durable.
    virtual void stop(Deadline deadline) = 0;
    /// "host:port" of the listeners, with real ports.
    virtual std::vector<std::string> endpoints() const = 0;
    virtual std::vector<HealthCheck> healthChecks() const = 0;
    /// Null for a role that has no channels. Between start() and stop(); lives as long as the role.
    virtual ChannelAdmin* channelAdmin() { return nullptr; }
};

}  // namespace chancery::node
