#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>

#include "node/peer/Gateway.h"
#include "node/peer/GatewayEndorsers.h"
#include "node/peer/GatewayRequests.h"

namespace chancery::node {

/// What the calls need of the gateway that runs them.
struct GatewayParts {
    const PeerChannels& channels;
    PeerDirectory& directory;
    Layouts& layouts;
    GatewayEndorsers& endorsers;
};

/// Peers of a channel that can run a contract, in the order in which they are asked; system
/// contracts run on all.
std::vector<ChannelPeerPtr> peersWith(const GatewayParts& parts, PeerChannel& channel,
                                      std::string_view contract);

/// Whether it is worth asking the other peers once more what they can run, because what is known of
/// them does not suffice: the contract is defined here, and this is the first time, or somebody has
/// not seen yet what was committed here. `attempts` counts how often it was.
bool isWorthRefresh(const GatewayParts& parts, PeerChannel& channel, std::string_view contract,
                    int& attempts);

/// Runs a reply once, and not before its caller's cancellation is taken note of.
class GatewayCall {
public:
    GatewayCall(Gateway::Reply reply, std::stop_token stop);
    virtual ~GatewayCall() = default;
    GatewayCall(const GatewayCall&) = delete;
    GatewayCall& operator=(const GatewayCall&) = delete;

    /// False when there was an answer already.
    bool finish(Result<Bytes> answer);
    bool isFinished() const { return m_isFinished.load(); }

protected:
    /// `onStop` runs at once when the caller has gone already. It must not own the call, and must
    /// ask whether the call is still there.
    void watch(std::function<void()> onStop);

private:
    struct Run {
        std::function<void()> run;
        void operator()() const { run(); }
    };
    Gateway::Reply m_reply;
    std::atomic<bool> m_isFinished{false};
    std::stop_token m_stop;
    std::optional<std::stop_callback<Run>> m_watch;
};

void startEvaluate(const GatewayParts& parts, ProposalCall request, Deadline deadline,
                   std::stop_token stop, Gateway::Reply reply);
void startEndorse(const GatewayParts& parts, ProposalCall request, Deadline deadline,
                  std::stop_token stop, Gateway::Reply reply);

}  // namespace chancery::node
