#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/usecase/DeployContract.h"

namespace chancery::usecase {

/// One line of a shell that runs a tool of Hyperledger Fabric.
struct FabricCommand {
    std::string program;                 ///< "peer", "osnadmin", "configtxlator", "jq"
    std::vector<std::string> arguments;  ///< unquoted
    /// For "peer": whose, and to which peer it speaks.
    std::map<std::string, std::string> environment = {};
    std::string note = {};  ///< a comment above the line
};

/// Lines for a POSIX shell: comments, an "export" whenever the environment changes, commands.
/// Arguments are quoted where it is needed.
std::vector<std::string> shellLines(const std::vector<FabricCommand>& commands);

/// A node with the files by which Fabric's tools reach it.
struct FabricNodePlace {
    std::string endpoint;
    std::string tlsRoots;  ///< path
};

/// What Fabric's tools have to be told about a network.
struct FabricPlace {
    std::string channel;
    std::string mspId;
    std::string mspFolder;
    std::vector<FabricNodePlace> ownPeers;
    std::vector<FabricNodePlace> allPeers;
    std::vector<FabricNodePlace> orderers;
    /// Orderers' addresses for their administrators, and the certificate that is shown there.
    std::vector<FabricNodePlace> orderersAdmin;
    std::string adminCertificate, adminKey;
};

/// What our use cases do, as calls of Fabric's tools.
class FabricCommands {
public:
    explicit FabricCommands(FabricPlace place) : m_place(std::move(place)) {}

    std::vector<FabricCommand> listChannels() const;
    std::vector<FabricCommand> joinPeers(const std::string& block) const;
    std::vector<FabricCommand> joinOrderers(const std::string& block) const;
    std::vector<FabricCommand> leaveOrderers() const;
    std::vector<FabricCommand> unjoinPeers() const;
    /// `which`: "config", "newest", "oldest" or a number.
    std::vector<FabricCommand> fetch(const std::string& which, const std::string& out) const;
    std::vector<FabricCommand> channelInfo() const;
    std::vector<FabricCommand> makeGenesis(const std::string& out) const;
    /// From the configuration in force to an update in a file; `edit` is a step for a person.
    std::vector<FabricCommand> draft(const std::string& edit, const std::string& out) const;
    std::vector<FabricCommand> showUpdate(const std::string& file) const;
    std::vector<FabricCommand> signUpdate(const std::string& file) const;
    std::vector<FabricCommand> sendUpdate(const std::string& file) const;

    static std::vector<FabricCommand> package(const std::string& label, const std::string& type,
                                              const std::string& folder, const std::string& out);
    std::vector<FabricCommand> install(const std::string& package) const;
    std::vector<FabricCommand> approve(const DefinitionText& definition,
                                       const std::string& collections,
                                       const std::string& packageId) const;
    std::vector<FabricCommand> readiness(const DefinitionText& definition,
                                         const std::string& collections) const;
    std::vector<FabricCommand> commit(const DefinitionText& definition,
                                      const std::string& collections) const;
    std::vector<FabricCommand> contractStatus() const;
    std::vector<FabricCommand> query(const ContractCall& call) const;
    std::vector<FabricCommand> invoke(const ContractCall& call) const;

    std::vector<FabricCommand> listSnapshots() const;
    std::vector<FabricCommand> takeSnapshot(std::uint64_t block) const;
    std::vector<FabricCommand> cancelSnapshot(std::uint64_t block) const;

private:
    std::map<std::string, std::string> environment(const FabricNodePlace* peer) const;
    FabricCommand peer(const FabricNodePlace* at, std::vector<std::string> arguments,
                       bool ordering = false) const;
    FabricCommand first(std::vector<std::string> arguments, bool ordering = false) const;
    std::vector<FabricCommand> atOwnPeers(const std::vector<std::string>& arguments) const;
    FabricCommand osnadmin(const FabricNodePlace& orderer,
                           std::vector<std::string> arguments) const;
    std::vector<std::string> definition(const DefinitionText& definition,
                                        const std::string& collections) const;

    FabricPlace m_place;
};

}  // namespace chancery::usecase
