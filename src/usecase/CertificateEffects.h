#pragma once

#include <compare>
#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/usecase/CertificateInventory.h"

namespace chancery::usecase {

/// What does not work any more. Arguments that a kind does not name are empty.
enum class EffectKind {
    QuorumLost,       ///< channel; remaining of total consenters, needed
    ConsenterLost,    ///< channel, name (host:port); remaining of total, needed
    NodeUnreachable,  ///< name, mspId; nobody completes a TLS handshake with it
    NodeCannotStart,  ///< name, mspId; it runs on, but does not come back from a restart
    IdentityRefused,  ///< name (label or subject), mspId; nodes refuse what it sends
    NobodyActs,       ///< mspId, role: the last one known of the organisation has ended
    PolicyStops,      ///< channel, name (path): nobody can satisfy it; mspIds that are missing
    ContractStops,    ///< channel, name: its calls cannot be endorsed; mspIds that are missing
    CaIssuesNothing,  ///< name, mspId; what it issued before stays valid in the ledger
    TlsRootEnds,      ///< name, mspId; `names` of nodes that depend on it
    CrlOutdated,      ///< name (issuer), mspId: nextUpdate has passed
};
/// Stable: "QUORUM_LOST".
std::string_view nameOf(EffectKind kind);

struct CertificateEffect {
    EffectKind kind = EffectKind::NodeUnreachable;
    std::string name;
    MspId mspId;
    ChannelId channel;
    std::string role;
    std::size_t remaining = 0;
    std::size_t needed = 0;
    std::size_t total = 0;
    std::vector<std::string> names;

    friend bool operator==(const CertificateEffect&, const CertificateEffect&) = default;
    friend auto operator<=>(const CertificateEffect&, const CertificateEffect&) = default;
};

/// Works out what stands still when certificates have ended. Checks signatures of chains once, when
/// it is made; then immutable. The inventory must outlive it.
///
/// TLS goes by the clock: a handshake fails as soon as any certificate of its chain has ended.
/// Membership in the ledger does not: Fabric judges identities as of the beginning of their
/// certificate, so what was signed stays valid, and a CA that has ended takes nobody down; it only
/// issues nothing new. Nodes refuse at their door what comes from an identity that has ended, and
/// do not start with one.
class CertificateEffects {
public:
    explicit CertificateEffects(const CertificateInventory& inventory);

    /// Everything that does not work while exactly those have ended for which `hasEnded` says so;
    /// sorted by kind, the worst first.
    std::vector<CertificateEffect> whileEnded(
        const std::function<bool(std::size_t)>& hasEnded) const;
    /// What stops when this one ends and no other has, so far as the others live.
    std::vector<CertificateEffect> ofEnd(std::size_t certificate) const;

private:
    class Evaluation;
    struct Consenter {
        std::string name;
        std::vector<std::size_t> certificates;  ///< server, client
    };
    struct Cluster {
        ChannelId channel;
        bool isBft = false;
        std::vector<Consenter> consenters;
    };
    struct Actors {
        MspId mspId;
        std::string role;
        std::vector<std::size_t> certificates;
    };

    void collectClusters();
    void collectActors();

    const CertificateInventory& m_inventory;
    std::vector<std::vector<std::size_t>> m_issuers;  ///< of what is in use; others are empty
    std::vector<std::size_t> m_relevant;              ///< in use, or of a CA
    std::vector<Cluster> m_clusters;
    std::vector<Actors> m_actors;
};

/// Consenters that must be alive for blocks to be cut.
std::size_t quorumOf(std::size_t consenters, bool isBft);

}  // namespace chancery::usecase
