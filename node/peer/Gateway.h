#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>

#include "node/peer/GatewayEvents.h"
#include "node/peer/GatewayOrderers.h"
#include "node/peer/Layouts.h"
#include "node/peer/PeerChannel.h"
#include "node/peer/PeerDirectory.h"
#include "node/role/FlowEvents.h"
#include "src/base/Clock.h"
#include "src/base/Deadline.h"
#include "src/base/Status.h"
#include "src/protocol/SharedBytes.h"

namespace chancery::node {

struct GatewayOptions {
    std::chrono::milliseconds endorsementTimeout{30'000};  ///< of one call of one endorser
    GatewayOrderersOptions orderers;
    std::size_t concurrency = 500;  ///< calls at once, waiting ones included; 0: no limit
    std::size_t threads = 2;        ///< that answer who waited for a commit or for events
    FlowEvents* flow = nullptr;     ///< may be null
};

/// Fabric's gateway without gRPC: five calls (fact sheet B §6) that take a request's bytes and give
/// the answer's. Nothing blocks; `reply` is called once, on any thread, perhaps before the call
/// returns. Errors are those that clients see. Thread-safe.
class Gateway {
public:
    using Reply = std::function<void(Result<Bytes>)>;

    /// All must outlive it and the calls that run.
    Gateway(const PeerChannels& channels, Endorser& endorser, PeerDirectory& directory,
            Layouts& layouts, GatewayConnections& connections, GatewayOptions options,
            const Clock& clock = Clock::system());
    ~Gateway();

    /// `stop` is requested when the caller has gone or does not want to wait any longer.
    void evaluate(protocol::SharedBytes request, Deadline deadline, std::stop_token stop,
                  Reply reply);
    void endorse(protocol::SharedBytes request, Deadline deadline, std::stop_token stop,
                 Reply reply);
    void submit(protocol::SharedBytes request, std::stop_token stop, Reply reply);
    void commitStatus(protocol::SharedBytes request, std::stop_token stop, Reply reply);

    /// Still to be started. The error ends the call.
    Result<std::shared_ptr<GatewayEventStream>> chaincodeEvents(protocol::SharedBytes request,
                                                                GatewayEventStream::Sink sink);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace chancery::node
