#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/crypto/Digest.h"
#include "src/identity/Crl.h"
#include "src/identity/Identity.h"

namespace common {
class MSPPrincipal;
}
namespace msp {
class MSPConfig;
class FabricMSPConfig;
}  // namespace msp

namespace chancery::identity {

/// Which rules an MSP applies; follows from the channel's capability.
enum class MspVersion { V1_0, V1_1, V1_3, V1_4_3, V3_0 };

/// A unit in the subject of a certificate, and who vouches for it.
struct OrganizationalUnit {
    std::string name;
    Bytes certifiersIdentifier;  ///< hash over the chain from the issuer to the root, 32 bytes
    bool operator==(const OrganizationalUnit&) const = default;
};

/// One organisation's membership rules. Immutable after set-up, thread-safe; parses and judges each
/// certificate once.
class Msp {
public:
    /// From channel configuration. Every set-up check of fact sheet A §2.3; the error says which
    /// failed.
    static Result<std::shared_ptr<const Msp>> fromConfig(const ::msp::MSPConfig& config,
                                                         MspVersion version);
    /// From an MSP folder (verifying form: keys and signcerts are not needed). The folder carries
    /// no name.
    static Result<std::shared_ptr<const Msp>> fromFolder(const std::filesystem::path& folder,
                                                         const MspId& mspId, MspVersion version);
    virtual ~Msp() = default;

    virtual const MspId& mspId() const = 0;

    /// From SerializedIdentity bytes. Refusals: MALFORMED_PROTOBUF, WRONG_MSP, NOT_PEM,
    /// BAD_CERTIFICATE, UNKNOWN_CA …
    virtual Result<IdentityPtr> deserialize(BytesView serializedIdentity) const = 0;
    /// Fact sheet A §2.4, as of the certificate's own NotBefore + 1 s. Refusals UNAUTHENTICATED:
    /// UNKNOWN_CA, REVOKED, CERTIFICATE_IS_CA, NO_ROLE_OU, SEVERAL_ROLE_OUS, WRONG_CERTIFIER,
    /// BAD_CHAIN …, each with a sentence.
    virtual Status validate(const Identity& identity) const = 0;
    /// Whether the identity is the principal; PERMISSION_DENIED with the reason otherwise.
    virtual Status satisfies(const Identity& identity,
                             const ::common::MSPPrincipal& principal) const = 0;
    /// Whether `satisfies` is OK. Finds no words for a no, which policies get to hear all the time.
    virtual bool isPrincipal(const Identity& identity,
                             const ::common::MSPPrincipal& principal) const = 0;

    /// In the order of the subject; empty when there is no chain to a root, as in Fabric.
    virtual std::vector<OrganizationalUnit> organizationalUnits(const Identity& identity) const = 0;

    virtual MspVersion version() const = 0;
    /// What members hash their messages with.
    virtual crypto::HashAlgorithm messageHash() const = 0;
    virtual const ::msp::FabricMSPConfig& config() const = 0;
    virtual const std::vector<Certificate>& rootCertificates() const = 0;
    virtual const std::vector<Certificate>& intermediateCertificates() const = 0;
    virtual const std::vector<Certificate>& tlsRootCertificates() const = 0;
    virtual const std::vector<Certificate>& tlsIntermediateCertificates() const = 0;
    virtual const std::vector<Certificate>& adminCertificates() const = 0;
    virtual const std::vector<RevocationList>& revocationLists() const = 0;
    virtual bool hasNodeOus() const = 0;
};

using MspPtr = std::shared_ptr<const Msp>;

/// The MSPs of a channel by id.
class MspSet {
public:
    MspSet() = default;
    explicit MspSet(std::vector<MspPtr> msps);

    /// Null when unknown.
    MspPtr find(const MspId& mspId) const;
    std::vector<MspId> ids() const;

    /// Picks the MSP by the mspid inside. UNAUTHENTICATED (UNKNOWN_MSP) when there is none.
    Result<IdentityPtr> deserialize(BytesView serializedIdentity) const;
    Status validate(const Identity& identity) const;
    Status satisfies(const Identity& identity, const ::common::MSPPrincipal& principal) const;
    bool isPrincipal(const Identity& identity, const ::common::MSPPrincipal& principal) const;

private:
    std::map<MspId, MspPtr> m_msps;
};

/// Reads an MSP folder into the message of channel configurations (no signing identity) as Fabric
/// does: files by name, those without PEM passed over with a warning; SM3 if the first root is SM2.
/// NOT_FOUND (NO_ROOT_CA) without cacerts; INVALID_ARGUMENT (BAD_MSP_CONFIG_FILE) for config.yaml;
/// RESOURCE_EXHAUSTED (FILE_TOO_LARGE, TOO_MANY_FILES).
Result<::msp::MSPConfig> readMspFolder(const std::filesystem::path& folder, const MspId& mspId);

}  // namespace chancery::identity
