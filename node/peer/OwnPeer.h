#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "node/peer/PeerDirectory.h"

namespace chancery::node {

/// This peer as a member of its channels: what it can run and how far it is, looked up anew when
/// that may have changed. Thread-safe.
class OwnPeer {
public:
    /// All must outlive it. `generation` is raised when it can run other contracts than before.
    OwnPeer(const identity::SigningIdentityPtr& signer, const PeerDirectoryOptions& options,
            std::atomic<std::uint64_t>& generation)
        : m_signer(signer), m_options(options), m_generation(generation) {}

    /// Without a channel.
    std::shared_ptr<ChannelPeer> make() const;
    /// As of now.
    ChannelPeerPtr in(PeerChannel& channel);
    /// What was found within the last second, with the height of now, if it can run the contract;
    /// otherwise as of now.
    ChannelPeerPtr thatRuns(PeerChannel& channel, std::string_view contract);
    /// What it can run has changed, or may have.
    void forget(const ChannelId& channel);

private:
    using Time = std::chrono::steady_clock::time_point;
    struct Known {
        ChannelPeerPtr peer;
        BlockNumber height = 0;
        Time at;
    };
    std::map<std::string, std::string, std::less<>> contractsOf(PeerChannel& channel) const;

    const identity::SigningIdentityPtr& m_signer;
    const PeerDirectoryOptions& m_options;
    std::atomic<std::uint64_t>& m_generation;
    std::mutex m_mutex;
    std::map<ChannelId, Known> m_known;
    std::uint64_t m_epoch = 0;  ///< how often something was forgotten
};

}  // namespace chancery::node
