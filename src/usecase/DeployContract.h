#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/usecase/Transact.h"

namespace chancery::usecase {

/// A contract that listens by itself (chaincode as a service).
struct ServiceAddress {
    std::string endpoint;                            ///< "host:port" as the peer reaches it
    Bytes tlsRootsPem;                               ///< empty: without TLS
    std::string clientCertificatePem, clientKeyPem;  ///< shown by the peer; may be empty
};

/// Packages a contract (fact sheet B §4.5).
class PackageContract {
public:
    /// What a peer installs so that it connects to a running contract.
    Result<Bytes> ofService(const std::string& label, const ServiceAddress& service) const;
    /// Files of a folder, links not followed; `type` is "node", "golang" …, or "ccaas" for a folder
    /// with connection.json.
    Result<Bytes> ofFolder(const std::string& label, const std::string& type,
                           const std::filesystem::path& folder) const;
    /// "<label>:<hash>": how peers will call it.
    static std::string idOf(const std::string& label, BytesView package);
};

/// What the organisations agree on about a contract, as people write it.
struct DefinitionText {
    std::string name;
    std::string version = "1.0";
    std::uint64_t sequence = 1;
    bool initRequired = false;
    /// "OR('Org1MSP.peer','Org2MSP.peer')", a policy's path ("/Channel/Application/Endorsement"),
    /// or empty: the channel's own.
    std::string policy;
    /// Fabric's collections_config.json; empty when there are none.
    std::string collectionsJson;
};

struct Installed {
    std::string packageId;
    std::string label;
};

struct Readiness {
    std::map<std::string, bool> approvals;  ///< by MSP id
    bool ready() const;
};

struct CommittedContract {
    std::string name;
    std::string version;
    std::uint64_t sequence = 0;
};

/// What an organisation has approved.
struct ApprovedContract {
    std::string version;
    std::uint64_t sequence = 0;
    std::string packageId;  ///< that runs for it; empty: none
};

/// A committed definition with who has approved it.
struct DefinedContract {
    CommittedContract contract;
    std::map<std::string, bool> approvals;  ///< by MSP id
    bool initRequired = false;
    Bytes policy;  ///< ApplicationPolicy of endorsements; empty: the channel's own
};

/// A policy as DefinitionText has it, as ApplicationPolicy; empty when the text is.
/// BAD_POLICY_TEXT.
Result<Bytes> encodeEndorsementPolicy(const std::string& text);

/// The steps that bring a contract onto a channel; each is an administrator's. Errors as Evaluate-
/// and SubmitTransaction; INVALID_ARGUMENT: BAD_POLICY_TEXT, BAD_COLLECTIONS.
class DeployContract {
public:
    Result<Installed> install(const TransactionContext& context,
                              const interfaces::NodeAddress& peer, BytesView package,
                              Deadline deadline) const;
    Result<std::vector<Installed>> installed(const TransactionContext& context,
                                             const interfaces::NodeAddress& peer,
                                             Deadline deadline) const;
    /// For the organisation of `context`. `request` says channel and nodes; its call is made here.
    Result<Submitted> approve(const TransactionContext& context, const DefinitionText& definition,
                              const std::string& packageId, SubmitRequest request) const;
    Result<Submitted> commit(const TransactionContext& context, const DefinitionText& definition,
                             SubmitRequest request) const;
    Result<Readiness> readiness(const TransactionContext& context, const ChannelId& channel,
                                const DefinitionText& definition,
                                const interfaces::NodeAddress& peer, Deadline deadline) const;
    Result<std::vector<CommittedContract>> committed(const TransactionContext& context,
                                                     const ChannelId& channel,
                                                     const interfaces::NodeAddress& peer,
                                                     Deadline deadline) const;
    /// Nothing when there is none of that name.
    Result<std::optional<DefinedContract>> defined(const TransactionContext& context,
                                                   const ChannelId& channel,
                                                   const std::string& name,
                                                   const interfaces::NodeAddress& peer,
                                                   Deadline deadline) const;
    /// By the peer's own organisation, with this sequence; 0: the newest. Nothing when there is
    /// none.
    Result<std::optional<ApprovedContract>> approved(
        const TransactionContext& context, const ChannelId& channel, const std::string& name,
        std::uint64_t sequence, const interfaces::NodeAddress& peer, Deadline deadline) const;

    // For runs that are repeated: whether exactly this was done before.

    /// The id under which a peer has this package; nothing when it has not.
    Result<std::optional<std::string>> installedAs(const TransactionContext& context,
                                                   const interfaces::NodeAddress& peer,
                                                   BytesView package, Deadline deadline) const;
    Result<bool> isApproved(const TransactionContext& context, const ChannelId& channel,
                            const DefinitionText& definition, const std::string& packageId,
                            const interfaces::NodeAddress& peer, Deadline deadline) const;
    Result<bool> isCommitted(const TransactionContext& context, const ChannelId& channel,
                             const DefinitionText& definition, const interfaces::NodeAddress& peer,
                             Deadline deadline) const;
};

}  // namespace chancery::usecase
