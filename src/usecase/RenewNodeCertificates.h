#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "src/base/Status.h"
#include "src/usecase/CertificateDrafts.h"
#include "src/usecase/CertificateInventory.h"
#include "src/usecase/EnrolIdentity.h"
#include "src/usecase/RenewalPlan.h"

namespace chancery::usecase {

/// Renews certificates of nodes without losing a quorum: those for TLS, or those by which nodes
/// sign. The rules, which the order of the steps follows: a channel's configuration learns a
/// consenter's new certificate while the node still runs with the old one, for Fabric lets one
/// consenter change at a time; a node is restarted only when all its channels know the new
/// certificate; and the next node's turn comes when that one is seen with its new certificate.
class RenewNodeCertificates {
public:
    /// `folder` holds plan.json and, for each node, the new key until it is installed; 0700.
    explicit RenewNodeCertificates(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    /// Of nodes that the inventory knows; peers first. `folders` by node, see NodeCertificate.
    /// NOT_FOUND (NO_SUCH_NODE); ALREADY_EXISTS (PLAN_EXISTS).
    Result<RenewalPlan> begin(const CertificateInventory& inventory,
                              const std::map<std::string, std::filesystem::path>& folders,
                              NodeCertificate what = NodeCertificate::Tls) const;
    /// NOT_FOUND (NO_PLAN); INVALID_ARGUMENT (BAD_PLAN).
    Result<RenewalPlan> resume() const;

    /// Step Enrol: a certificate with the same names from the CA that the node's present one
    /// belongs to, for its key or a new one. Errors of ReenrolIdentity; NOT_FOUND (NO_PRIVATE_KEY)
    /// when the key is not in the folder: then `take` is the way.
    Status enrol(RenewalPlan& plan, const std::string& node, interfaces::CaConnector& connector,
                 const interfaces::CaAddress& ca, bool newKey, Deadline deadline) const;
    /// The same with a certificate that was made elsewhere, with its key (empty: the same key).
    /// INVALID_ARGUMENT: KEY_MISMATCH; of TLS OTHER_NAMES (it does not serve what the old one
    /// did); of identities OTHER_ROLE (other organizational units) and what the node's own
    /// organisation says against it.
    Status take(RenewalPlan& plan, const std::string& node, const std::string& certificatePem,
                const std::string& keyPem) const;
    /// Step UpdateChannel: what must be signed and submitted; nothing when the configuration has it
    /// already, and then the step is done.
    Result<std::optional<CertificateDraft>> draft(RenewalPlan& plan, const std::string& node,
                                                  ConfigFile config) const;
    /// Step Install: certificate and key into the node's folder; what was there is kept: *.old
    /// beside them, of identities in "msp.old" beside the MSP folder, for every file in signcerts
    /// counts. May be repeated. `instance` names the process that runs now (of identities).
    /// FAILED_PRECONDITION (STEP_NOT_NEXT) before all its channels know the certificate.
    Status install(RenewalPlan& plan, const std::string& node,
                   const std::string& instance = {}) const;
    /// Step Restart of TLS: what the node showed (DER). FAILED_PRECONDITION (STILL_OLD,
    /// STEP_NOT_NEXT).
    Status seen(RenewalPlan& plan, const std::string& node, BytesView presentedDer) const;
    /// Step Restart of identities, which nodes read when they start: another process runs than at
    /// the installation. The same errors.
    Status restarted(RenewalPlan& plan, const std::string& node, const std::string& instance) const;

private:
    std::filesystem::path planFile() const { return m_folder / "plan.json"; }
    std::filesystem::path keyFile(const RenewalPlan& plan, const RenewalPlan::Node& node) const;
    Status save(const RenewalPlan& plan) const;
    Result<RenewalStep*> expect(RenewalPlan& plan, const std::string& node,
                                RenewalStep::Kind kind) const;
    Status finish(RenewalPlan& plan, RenewalStep& step) const;

    std::filesystem::path m_folder;
};

}  // namespace chancery::usecase
