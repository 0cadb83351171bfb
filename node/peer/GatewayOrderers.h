#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "src/base/Deadline.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/channel/Bundle.h"
#include "src/protocol/SharedBytes.h"

namespace chancery::node {

class GatewayConnections;

/// An orderer under another address than the channel's configuration gives.
struct OrdererOverride {
    std::string address;   ///< "host:port"
    std::string rootsPem;  ///< CAs of its TLS certificate; empty: those of the configuration
};

struct GatewayOrderersOptions {
    std::chrono::milliseconds timeout{30'000};  ///< of one envelope at one orderer
    std::map<std::string, OrdererOverride> overrides;
};

/// Sends envelopes to orderers. There is one stream to each orderer for all who submit; answers
/// come in the order of the envelopes. One orderer is used until it fails. Thread-safe.
class GatewayOrderers {
public:
    /// `connections` must outlive it.
    GatewayOrderers(GatewayConnections& connections, GatewayOrderersOptions options);
    ~GatewayOrderers();

    /// `done` is called once, on any thread: OK once an orderer (with BFT: a quorum of them) has
    /// taken the envelope, else an error as a gateway gives it (fact sheet B §6). Who does not wait
    /// any longer ignores it.
    void submit(const channel::Bundle& bundle, protocol::SharedBytes envelope,
                std::function<void(Status)> done);

private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

}  // namespace chancery::node
