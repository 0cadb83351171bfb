#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "src/base/Deadline.h"
#include "src/base/Status.h"
#include "src/interfaces/CertificateAuthority.h"
#include "src/usecase/CertificateInventory.h"

namespace msp {
class FabricMSPConfig;
}

namespace chancery::usecase {

class NetworkFolder;

/// An identity of a wallet, by what is public of it.
struct WalletCertificate {
    std::string label;
    MspId mspId;
    std::string certificatePem;
    std::string keyPlace;  ///< "workspace", "token safe"; empty: not held here
};

/// Where a node keeps its certificates.
struct NodeCertificateFolders {
    std::string name;
    MspId mspId;
    bool isOrderer = false;
    std::filesystem::path msp;  ///< may be empty
    std::filesystem::path tls;  ///< with server.crt; may be empty
};

/// What somebody showed in a TLS handshake; nothing of it was verified.
struct PresentedCertificates {
    std::string node;  ///< name of the node, else the endpoint
    MspId mspId;
    bool isOrderer = false;
    std::string endpoint;
    std::vector<Bytes> chain;  ///< DER, the node's own first; empty: it could not be asked
    std::string problem;       ///< why not
};

/// Something that could not be read. The inventory goes on without it and says so.
struct CollectionProblem {
    std::string place;
    Status status;
};

/// Brings certificates of all sources together. What cannot be read becomes a problem, not an
/// error. One thread at a time.
class CertificateCollector {
public:
    void addWallet(const WalletCertificate& identity);
    /// The CA's own certificates and those above it.
    void addCa(const std::string& name, const MspId& mspId, BytesView chainPem);
    void addIssued(const std::string& ca, const MspId& mspId, BytesView certificatePem);
    /// Asks a CA: its chain, what it has issued as far as the caller may see it, its revocation
    /// list. Without a caller only the chain is told.
    void addAuthority(const std::string& name, const MspId& mspId,
                      interfaces::CertificateAuthority& authority, Deadline deadline,
                      bool hasCaller = true);
    void addNode(const NodeCertificateFolders& node);
    /// An organisation's verifying MSP folder; what it holds belongs to no channel.
    void addMspFolder(const std::filesystem::path& folder, const MspId& mspId,
                      const std::string& organisation);
    void addPresented(const PresentedCertificates& presented);
    /// MSPs of all sections, and consenters.
    void addChannel(const channel::BundlePtr& bundle);
    /// Who must endorse it. The later one counts when it is added twice.
    void addContract(InventoriedContract contract);
    /// A file in any form that holds a whole configuration.
    void addChannelFile(const std::filesystem::path& file);
    void addRevocationList(const MspId& mspId, const std::string& place, BytesView pemOrDer);
    /// A file with certificates of which nobody says what they are for.
    void addFile(const std::filesystem::path& file);
    /// MSP folders and TLS folders of a network on this machine, and its contracts as they were
    /// agreed on when it was made.
    void addNetwork(const NetworkFolder& network);

    const std::vector<CollectionProblem>& problems() const { return m_problems; }
    /// The collector is empty afterwards.
    CertificateInventory finish();

private:
    std::optional<std::size_t> add(BytesView pem, CertificateUse use);
    std::size_t add(identity::Certificate certificate, CertificateUse use);
    void addMsp(const ::msp::FabricMSPConfig& config, const CertificateUse& use);
    void addList(identity::RevocationList list, CertificateUse use);
    void addConsenters(const channel::Bundle& bundle);
    InventoriedNode& node(const std::string& name, const MspId& mspId, bool isOrderer);
    void problem(std::string place, Status status);

    CertificateInventory m_inventory;
    std::map<Bytes, std::size_t> m_byDer;
    std::map<Bytes, std::size_t> m_listsByDer;
    std::vector<CollectionProblem> m_problems;
};

}  // namespace chancery::usecase
