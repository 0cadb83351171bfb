#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Ids.h"
#include "src/channel/Bundle.h"
#include "src/identity/Certificate.h"
#include "src/identity/Crl.h"

namespace chancery::usecase {

/// What somebody uses a certificate for.
enum class CertificateUseKind {
    WalletIdentity,   ///< somebody acts with it; owner: its label
    IssuedByCa,       ///< a CA's list names it; owner: the CA
    CaSigning,        ///< a CA issues with it; owner: the CA
    NodeIdentity,     ///< signcerts of a node; owner: the node
    NodeTlsServer,    ///< in a node's TLS folder; owner: the node
    PresentedTls,     ///< shown in a handshake; owner: the node, place: the endpoint
    MspRoot,          ///< of identities; owner: the organisation, like those below
    MspIntermediate,  ///<
    MspTlsRoot,
    MspTlsIntermediate,
    MspAdmin,
    ConsenterServerTls,  ///< owner: "host:port", like those below
    ConsenterClientTls,
    ConsenterIdentity,
};
/// Stable: "msp_tls_root".
std::string_view nameOf(CertificateUseKind kind);

struct CertificateUse {
    CertificateUseKind kind = CertificateUseKind::IssuedByCa;
    MspId mspId;        ///< empty when the source does not say
    ChannelId channel;  ///< of configurations only
    std::string owner;
    std::string place;  ///< file, endpoint or path in the configuration
    friend bool operator==(const CertificateUse&, const CertificateUse&) = default;
    friend auto operator<=>(const CertificateUse&, const CertificateUse&) = default;
};

struct CertificateRevocation {
    absl::Time at;
    std::optional<int> reason;  ///< CRLReason of RFC 5280
    std::size_t list = 0;       ///< index into CertificateInventory::revocationLists
};

/// One certificate with everybody who uses it. The same bytes from several sources are one.
struct InventoriedCertificate {
    identity::Certificate certificate;
    std::string fingerprint;  ///< SHA-256 of the DER, hex
    std::string name;         ///< common name, or the subject when it has none
    std::string suite;        ///< "ECDSA P-256", "SM2" …
    std::string
        role;     ///< "ca", "admin", "peer", "orderer", "client", "tls"; empty: none or several
    MspId mspId;  ///< organisation; empty when no source says
    std::string keyPlace;              ///< "workspace", "token safe"; empty: not held here
    std::vector<CertificateUse> uses;  ///< sorted, each once
    std::optional<CertificateRevocation> revocation;

    bool hasUse(CertificateUseKind kind) const;
    /// Somebody notices when it ends; not so with what a CA has merely issued.
    bool isInUse() const;
};

/// A revocation list that was seen.
struct InventoriedCrl {
    identity::RevocationList list;
    MspId mspId;
    std::vector<CertificateUse> places;  ///< kind is of no meaning here
    std::optional<std::size_t> signer;   ///< index of the CA that signed it; nothing: none known
};

/// A node, as far as it has certificates.
struct InventoriedNode {
    std::string name;
    MspId mspId;
    bool isOrderer = false;
    std::optional<std::size_t> identity;
    std::optional<std::size_t> tls;        ///< in its folder
    std::optional<std::size_t> presented;  ///< what it runs with
    std::string unreachable;  ///< why no handshake took place; empty: it did, or was not asked for
};

/// A contract of a channel, as far as it says who must endorse.
struct InventoriedContract {
    ChannelId channel;
    std::string name;
    Bytes policy;  ///< ApplicationPolicy; empty: the channel's own
};

/// Which certificates, in which order; what is left out does not matter.
struct InventoryQuery {
    enum class Order { End, Name, Organisation, Issuer, Serial };
    /// All of these words, in any case, anywhere in names, hosts, serial, fingerprint and uses.
    std::string text = {};
    std::optional<MspId> mspId = {};
    std::string role = {};
    std::optional<ChannelId> channel = {};
    std::optional<absl::Time> endsBefore = {};
    std::optional<absl::Time> endsFrom = {};
    bool onlyInUse = false;
    bool onlyRevoked = false;
    Order order = Order::End;
    bool descending = false;
};

/// Every certificate that can be seen. Immutable once it was collected; any thread may read.
class CertificateInventory {
public:
    const std::vector<InventoriedCertificate>& certificates() const { return m_certificates; }
    const std::vector<InventoriedCrl>& revocationLists() const { return m_lists; }
    const std::vector<InventoriedNode>& nodes() const { return m_nodes; }
    const std::vector<channel::BundlePtr>& channels() const { return m_channels; }
    const std::vector<InventoriedContract>& contracts() const { return m_contracts; }

    /// Indexes of what matches, in order; ties by fingerprint.
    std::vector<std::size_t> find(const InventoryQuery& query) const;
    std::optional<std::size_t> byFingerprint(const std::string& fingerprint) const;
    /// Those with this serial number, or whose fingerprint or name it is.
    std::vector<std::size_t> named(const std::string& what) const;

    /// Those among the known ones that signed it, signatures checked; a root that signed itself has
    /// none.
    std::vector<std::size_t> issuersOf(std::size_t certificate) const;
    /// From the certificate to a root; shorter when an issuer is not known.
    std::vector<std::size_t> chainOf(std::size_t certificate) const;
    bool isRoot(std::size_t certificate) const;

private:
    friend class CertificateCollector;
    void index();

    std::vector<InventoriedCertificate> m_certificates;
    std::vector<InventoriedCrl> m_lists;
    std::vector<InventoriedNode> m_nodes;
    std::vector<channel::BundlePtr> m_channels;
    std::vector<InventoriedContract> m_contracts;
    std::map<std::string, std::size_t> m_byFingerprint;
    std::map<Bytes, std::vector<std::size_t>> m_authorities;  ///< by subject
    std::array<std::vector<std::uint32_t>, 5> m_orders;  ///< all, for each InventoryQuery::Order
    std::vector<std::string> m_haystacks;                ///< what is searched, lower case
};

}  // namespace chancery::usecase
