#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "node/peer/GatewayPlan.h"
#include "node/peer/PeerChannel.h"
#include "node/peer/PeerDirectory.h"
#include "src/base/Deadline.h"
#include "src/protocol/SharedBytes.h"

namespace chancery::rpc {
class UnaryByteCall;
}

namespace chancery::node {

class GatewayConnections;

/// What an endorser answered, as a gateway sees it (fact sheet B §6).
struct EndorserAnswer {
    StatusCode code = StatusCode::kOk;  ///< OK: status 200…399
    std::string message;                ///< otherwise what goes into the detail
    bool retry = false;                 ///< another peer may do better; for queries
    ProposalResponsePtr response;       ///< with OK
};

/// Asks endorsers, this peer without gRPC. Thread-safe.
class GatewayEndorsers {
public:
    /// All must outlive it and its calls.
    GatewayEndorsers(Endorser& local, GatewayConnections& connections, PeerDirectory& directory,
                     std::chrono::milliseconds timeout);

    enum class Purpose {
        Endorse,
        Evaluate  ///< only the answer is wanted: this peer does not sign it
    };
    /// `done` is called once, on any thread, perhaps before this returns. The call is null for this
    /// peer.
    std::shared_ptr<rpc::UnaryByteCall> ask(Purpose purpose, PeerChannel& channel,
                                            const ChannelPeerPtr& peer,
                                            const protocol::SharedBytes& signedProposal,
                                            Deadline deadline,
                                            std::function<void(EndorserAnswer)> done);

private:
    Endorser& m_local;
    GatewayConnections& m_connections;
    PeerDirectory& m_directory;
    std::chrono::milliseconds m_timeout;
};

/// The verdict on an answer of an endorser; `isLocal` tells apart who refused a proposal from who
/// could not be reached.
EndorserAnswer judgeAnswer(Result<Bytes> answer, bool isLocal);

}  // namespace chancery::node
