#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/cli/CommandLine.h"
#include "src/cli/HostsAccess.h"
#include "src/cli/NetworkAccess.h"
#include "src/interfaces/Node.h"
#include "src/usecase/NetworkFolder.h"

namespace chancery::client {
class GrpcConnector;
}

namespace chancery::cli {

/// A node that a command speaks to.
struct NamedNode {
    std::string name;
    std::shared_ptr<interfaces::Node> node;
};

/// The options of commands that look at nodes: which ones, and how they are reached. By their own
/// admin API through the agents of a network's hosts, or a socket of this machine; where that is
/// not to be had, and for every node of Fabric, by Fabric's protocols.
class NodeAccess {
public:
    NodeAccess();
    ~NodeAccess();

    void declare(CommandLine& line);
    /// The chosen nodes. NOT_FOUND (NO_SUCH_NODE); INVALID_ARGUMENT (USAGE); errors of the folder,
    /// the profile and the identity.
    Result<std::vector<NamedNode>> open();
    Deadline deadline() const { return deadlineIn(m_patience); }

private:
    Result<std::vector<NamedNode>> openSocket();
    Result<std::vector<NamedNode>> openFolder();
    Result<std::vector<NamedNode>> openProfile();
    Status readPlaces();
    bool isChosen(const std::string& name) const;
    /// Null when no agent leads to it.
    std::shared_ptr<interfaces::Node> agentNode(const usecase::NetworkFolder& network,
                                                const usecase::NetworkNode& node);
    Result<NamedNode> folderNode(const usecase::NetworkFolder& network,
                                 const usecase::NetworkNode& node);
    Result<NamedNode> profileNode(const interfaces::NodeAddress& address, const MspId& mspId,
                                  bool isPeer, const identity::SigningIdentityPtr& identity,
                                  const std::vector<ChannelId>& channels);

    std::vector<std::string> m_names;
    std::optional<std::filesystem::path> m_folder;
    std::optional<std::filesystem::path> m_profile, m_msp;
    std::string m_mspId;
    std::optional<std::filesystem::path> m_socket;
    std::optional<std::string> m_agentNetwork;
    std::vector<std::string> m_operationsTexts, m_participationTexts;
    std::map<std::string, std::string> m_operations, m_participation;  ///< by the node's name
    std::optional<std::filesystem::path> m_tlsCertificate, m_tlsKey;
    std::optional<std::uint64_t> m_seconds;
    std::chrono::nanoseconds m_patience = std::chrono::seconds(30);
    std::unique_ptr<client::GrpcConnector> m_connector;
    HostsAccess m_hostsAccess;
    std::unique_ptr<usecase::NetworkHosts> m_hosts;
};

}  // namespace chancery::cli
