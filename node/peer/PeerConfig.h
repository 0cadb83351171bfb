#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "node/chaincode/ChaincodeOptions.h"
#include "node/ledger/ChannelLedger.h"
#include "node/peer/BlockPuller.h"
#include "node/peer/GatewayOrderers.h"
#include "node/peer/PeerDirectory.h"
#include "src/base/Ids.h"
#include "src/crypto/Key.h"
#include "src/rpc/Server.h"
#include "src/rpc/Tls.h"

namespace chancery::node {

/// What a peer is told when it starts. Paths are absolute.
struct PeerConfig {
    MspId mspId;
    std::filesystem::path mspFolder;  ///< with signcerts and keystore
    crypto::SignerPtr key;            ///< null: in keystore
    std::filesystem::path data;       ///< ledgers, packages; made when missing
    std::filesystem::path snapshots;  ///< root of ledger snapshots; empty: <data>/snapshots

    std::vector<rpc::Listener> listeners;  ///< of the main services
    /// Shown to orderers and other peers that ask for a certificate.
    std::optional<rpc::TlsIdentity> clientTls;
    /// Clients must show a certificate, and bind what they sign to it.
    bool mutualTls = false;
    /// "host:port" under which others reach this peer; empty: the first listener.
    std::string externalEndpoint;

    /// Other addresses for the orderers that channels name.
    std::map<std::string, OrdererOverride> orderers;
    BlockPuller::Options puller;   ///< its orderers and overrides are taken from above
    std::vector<KnownPeer> peers;  ///< asked for who is in the channels, besides anchor peers
    ChannelLedger::Options ledger;
    /// Folder, MSP, channels, administrators and metrics are filled in by the role.
    ChaincodeOptions chaincode;

    std::size_t threads = 0;  ///< for checks of signatures and the like; 0: one per processor
    std::size_t endorserConcurrency = 2500;
    std::size_t deliverConcurrency = 2500;
    std::size_t gatewayConcurrency = 500;
    std::chrono::milliseconds gatewayEndorsementTimeout{30'000};
    std::chrono::milliseconds gatewayBroadcastTimeout{30'000};
    absl::Duration timeWindow = absl::Minutes(15);  ///< of signed requests, to either side
    bool discoveryForMembers = false;               ///< peer.discovery.orgMembersAllowedAccess
};

}  // namespace chancery::node
