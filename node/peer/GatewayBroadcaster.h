#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/protocol/SharedBytes.h"

namespace chancery::rpc {
class ByteStream;
}

namespace chancery::node {

class GatewayConnections;

/// An orderer's answer to an envelope.
struct BroadcastAnswer {
    int status = 0;  ///< common.Status
    std::string info;
};

/// The stream to one orderer, opened when it is needed. Thread-safe.
class GatewayBroadcaster : public std::enable_shared_from_this<GatewayBroadcaster> {
public:
    using Done = std::function<void(Result<BroadcastAnswer>)>;

    GatewayBroadcaster(GatewayConnections& connections, std::string address, std::string rootsPem);

    /// `done` is called once, on a thread of gRPC or before this returns.
    void submit(protocol::SharedBytes envelope, Done done);
    /// Ends the stream when its oldest envelope has waited longer: it and those behind it fail.
    void expire(std::chrono::milliseconds longest);
    /// Everything that waits fails; nothing is taken any more.
    void close();

private:
    struct Pending {
        protocol::SharedBytes envelope;
        Done done;
        std::chrono::steady_clock::time_point since;
        int attempts = 0;
    };
    /// What one stream has gone through.
    struct Use {
        std::shared_ptr<rpc::ByteStream> stream;
        bool hasAnswered = false;  ///< it worked once, so its end may be no fault of the orderer
        bool hasRefused = false;   ///< orderers end a stream after they have refused an envelope
        bool isExpired = false;
    };

    Status send(Pending pending);
    void answered(const std::shared_ptr<Use>& use, BytesView bytes);
    void ended(const std::shared_ptr<Use>& use, const Status& status);

    GatewayConnections& m_connections;
    const std::string m_address;
    const std::string m_rootsPem;
    std::mutex m_mutex;
    std::shared_ptr<Use> m_use;
    std::deque<Pending> m_pending;  ///< in the order in which they went out
    bool m_isClosed = false;
};

}  // namespace chancery::node
