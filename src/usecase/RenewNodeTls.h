#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/base/Status.h"
#include "src/usecase/CertificateDrafts.h"
#include "src/usecase/CertificateInventory.h"
#include "src/usecase/EnrolIdentity.h"

namespace chancery::usecase {

/// One node's way from its old TLS certificate to a new one.
struct RenewalStep {
    enum class Kind {
        Enrol,          ///< the new certificate is made and lies beside the plan
        UpdateChannel,  ///< the channel's configuration names it
        Install,        ///< the node's folder holds it
        Restart,        ///< the node shows it in handshakes
    };
    Kind kind = Kind::Enrol;
    std::string node;
    ChannelId channel;  ///< of UpdateChannel
    bool done = false;
    /// Of Restart: channels that stand still while this one node is away.
    std::vector<ChannelId> pauses;
};

/// The whole way, one node after the other. It is kept in a file, so that whoever begins may be
/// interrupted at any step and somebody else goes on.
struct RenewalPlan {
    struct Node {
        std::string name;
        MspId mspId;
        bool isOrderer = false;
        std::filesystem::path tlsFolder;
        std::string oldPem;
        std::string newPem;  ///< empty until it was made
    };
    std::vector<Node> nodes;
    std::vector<RenewalStep> steps;

    /// Null when everything is done.
    const RenewalStep* next() const;
    const Node* node(const std::string& name) const;
};

/// Renews TLS certificates of nodes without losing a quorum. The rules, which the order of the
/// steps follows: a channel's configuration learns a consenter's new certificate while the node
/// still runs with the old one, for Fabric lets one consenter change at a time; a node is
/// restarted only when all its channels know the new certificate; and the next node's turn comes
/// when that one is seen with its new certificate.
class RenewNodeTls {
public:
    /// `folder` holds plan.json and, for each node, the new certificate and its key until they are
    /// installed; 0700.
    explicit RenewNodeTls(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    /// Of nodes that the inventory knows; followers of no channel and peers first. `tlsFolders`
    /// by node. NOT_FOUND (NO_SUCH_NODE); ALREADY_EXISTS (PLAN_EXISTS).
    Result<RenewalPlan> begin(const CertificateInventory& inventory,
                              const std::map<std::string, std::filesystem::path>& tlsFolders) const;
    /// NOT_FOUND (NO_PLAN); INVALID_ARGUMENT (BAD_PLAN).
    Result<RenewalPlan> resume() const;

    /// Step Enrol: a certificate with the same names from the CA that the node's present TLS
    /// identity belongs to, for its key or a new one. Errors of ReenrolIdentity.
    Status enrol(RenewalPlan& plan, const std::string& node, interfaces::CaConnector& connector,
                 const interfaces::CaAddress& ca, bool newKey, Deadline deadline) const;
    /// The same with a certificate that was made elsewhere, with its key (empty: the same key).
    /// INVALID_ARGUMENT: KEY_MISMATCH, OTHER_NAMES (it does not serve what the old one did).
    Status take(RenewalPlan& plan, const std::string& node, const std::string& certificatePem,
                const std::string& keyPem) const;
    /// Step UpdateChannel: what must be signed and submitted; nothing when the configuration has it
    /// already, and then the step is done.
    Result<std::optional<CertificateDraft>> draft(RenewalPlan& plan, const std::string& node,
                                                  ConfigFile config) const;
    /// Step Install: certificate and key into the node's folder; what was there is kept beside it
    /// as *.old. May be repeated. FAILED_PRECONDITION (STEP_NOT_NEXT) before all its channels know
    /// the certificate.
    Status install(RenewalPlan& plan, const std::string& node) const;
    /// Step Restart: what the node showed (DER). FAILED_PRECONDITION (STILL_OLD, STEP_NOT_NEXT).
    Status seen(RenewalPlan& plan, const std::string& node, BytesView presentedDer) const;

private:
    std::filesystem::path planFile() const { return m_folder / "plan.json"; }
    Status save(const RenewalPlan& plan) const;
    Result<RenewalStep*> expect(RenewalPlan& plan, const std::string& node,
                                RenewalStep::Kind kind) const;

    std::filesystem::path m_folder;
};

/// Stable: "update_channel".
std::string_view nameOf(RenewalStep::Kind kind);

}  // namespace chancery::usecase
