#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/cli/CommandLine.h"
#include "src/cli/WorkspaceAccess.h"
#include "src/usecase/CreateNetwork.h"
#include "src/usecase/FabricCommands.h"

namespace chancery::cli {

/// The options of commands that speak to a network: which one, and as whom. A network is either a
/// folder that "network create" has made, or a connection profile with an MSP folder. An identity
/// of a workspace may take the place of the user whose key lies in a file.
class NetworkAccess {
public:
    NetworkAccess();
    ~NetworkAccess();

    void declare(CommandLine& line);
    /// Reads what the options name. Errors of NetworkFolder::open, readConnectionProfile and
    /// loadSigningIdentity; INVALID_ARGUMENT (USAGE) when they do not fit together.
    Status open();

    /// Only who signs: no node has to be known for it. With --msp and --msp-id no network either.
    Status openIdentity();

    usecase::TransactionContext context() const;
    const identity::SigningIdentityPtr& identity() const { return m_identity; }
    interfaces::Connector& connector() const;
    const ChannelId& channel() const { return m_channel; }
    /// Those of --peer, or all of the own organisation.
    const std::vector<interfaces::NodeAddress>& ownPeers() const { return m_ownPeers; }
    /// Those of --peer, or one of every organisation.
    const std::vector<interfaces::NodeAddress>& allPeers() const { return m_allPeers; }
    /// All that the options know, whatever --peer says.
    std::vector<interfaces::NodeAddress> everyPeer() const;
    const std::vector<interfaces::NodeAddress>& orderers() const { return m_orderers; }
    /// How an orderer's administrator reaches it.
    struct OrdererAdmin {
        interfaces::NodeAddress address;
        interfaces::TlsIdentity identity;
    };
    /// Of all orderers, or those of --peer. FAILED_PRECONDITION (NO_ADMIN_ADDRESS) with a profile:
    /// profiles do not have them.
    Result<std::vector<OrdererAdmin>> ordererAdmins() const;
    /// The same network in the words of Fabric's tools.
    usecase::FabricPlace place() const;
    /// Null when the options name a profile.
    const usecase::NetworkFolder* network() const { return m_network ? &*m_network : nullptr; }
    /// Folder or profile of the network: where it is known from.
    std::filesystem::path knownFrom() const {
        return m_profile ? *m_profile : m_folder.value_or("network");
    }
    const std::string& organisation() const { return m_organisation; }
    Deadline deadline() const { return deadlineIn(m_patience); }

private:
    Status openFolder();
    Status openProfile();
    /// The identity of the workspace, when one is named.
    Status openWorkspace();
    Status choosePeers();
    usecase::FabricNodePlace placeOf(const interfaces::NodeAddress& node) const;

    std::optional<std::filesystem::path> m_folder;
    std::string m_organisation;  // empty: the first that has peers in the channel
    std::string m_user = "Admin";
    std::optional<std::filesystem::path> m_profile;
    std::optional<std::filesystem::path> m_msp;
    std::string m_mspId;
    std::optional<std::string> m_channelName;
    std::vector<std::string> m_peers;
    std::optional<std::uint64_t> m_seconds;
    WorkspaceAccess m_workspace;
    std::optional<std::string> m_walletIdentity;
    bool m_workspaceOpen = false;
    std::chrono::seconds m_patience{30};

    std::unique_ptr<interfaces::Connector> m_connector;
    identity::SigningIdentityPtr m_identity;
    std::optional<usecase::NetworkFolder> m_network;
    ChannelId m_channel;
    std::vector<interfaces::NodeAddress> m_ownPeers;
    std::vector<interfaces::NodeAddress> m_allPeers;
    std::vector<interfaces::NodeAddress> m_orderers;
    std::vector<interfaces::NodeAddress> m_everyPeer;
};

}  // namespace chancery::cli
