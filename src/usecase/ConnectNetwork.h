#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "src/interfaces/ConnectionProfile.h"
#include "src/interfaces/Discovery.h"
#include "src/usecase/Transact.h"

namespace chancery::usecase {

struct ConnectRequest {
    std::string name;  ///< of the network, for people
    /// What is known already: stays, with what is found beside it.
    interfaces::ConnectionProfile profile;
    /// Peers of the own organisation, asked one after the other until one answers.
    std::vector<interfaces::NodeAddress> peers;
    /// Besides those that the peer tells, for somebody whom it does not tell.
    std::vector<ChannelId> channels;
    Deadline deadline;
    std::stop_token stop = {};
};

/// A peer as another one knows it.
struct DiscoveredPeer {
    std::string name;
    MspId mspId;
    std::string endpoint;
    BlockNumber height = 0;
    std::map<std::string, std::string> contracts;  ///< that it can run, with their versions
};
struct DiscoveredChannel {
    ChannelId channel;
    std::vector<DiscoveredPeer> peers;
    std::map<MspId, std::vector<std::string>> orderers;  ///< "host:port"
    std::string problem;  ///< why nothing more is known of it; empty: all is
};

struct ConnectedNetwork {
    interfaces::ConnectionProfile profile;  ///< all nodes with their TLS roots
    std::vector<DiscoveredChannel> channels;
    std::string askedPeer;
    std::vector<std::string> warnings;  ///< sentences: what was told and cannot be used
};

/// Finds out what belongs to a network that exists, from one peer's address: its channels by cscc,
/// and their peers, orderers and TLS roots by discovery.
class ConnectNetwork {
public:
    /// The error of the last peer when none answers; PERMISSION_DENIED (NOT_DISCOVERED) when the
    /// peer tells nothing of any channel.
    Result<ConnectedNetwork> run(const TransactionContext& context,
                                 interfaces::DiscoveryConnector& connector,
                                 const ConnectRequest& request) const;

    /// `folder`/connection.json: a connection profile that other commands and clients read. Made or
    /// written anew.
    static Status write(const ConnectedNetwork& network, const std::filesystem::path& folder);
};

}  // namespace chancery::usecase
