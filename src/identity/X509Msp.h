#pragma once

// For the sources of this folder: the MSP of type 0 (X.509).
#include <array>
#include <atomic>
#include <mutex>

#include "fabric/msp/msp_config.pb.h"
#include "fabric/msp/msp_principal.pb.h"
#include "src/base/LruCache.h"
#include "src/identity/ChainBuilder.h"
#include "src/identity/Msp.h"

namespace chancery::identity {

/// Whether a refusal says what is wrong, or only that something is (no reason, no sentence).
enum class Telling { Words, Nothing };

inline Status refusalWithoutWords() {
    return Status(StatusCode::kPermissionDenied, "");
}

enum class NodeRole { Client, Peer, Admin, Orderer };

/// What an MSP has found out about one certificate. Each part is computed once, by whichever thread
/// asks first.
struct Membership {
    explicit Membership(Certificate sanitised, std::string identifierOfThis,
                        std::uint64_t ownerOfThis)
        : certificate(std::move(sanitised)),
          identifier(std::move(identifierOfThis)),
          owner(ownerOfThis) {}

    Certificate certificate;  ///< with a low-S signature
    std::string identifier;
    std::uint64_t owner;  ///< number of the MSP object that judged

    mutable std::once_flag chainOnce;
    mutable Status chainStatus;
    mutable Chain chain;  ///< empty unless chainStatus is OK
    mutable Bytes certifiersIdentifier;

    mutable std::once_flag verdictOnce;
    mutable Status verdict;
};

using MembershipPtr = std::shared_ptr<const Membership>;

class X509Msp final : public Msp {
public:
    static Result<MspPtr> make(::msp::FabricMSPConfig config, MspVersion version);

    const MspId& mspId() const override { return m_mspId; }
    Result<IdentityPtr> deserialize(BytesView serializedIdentity) const override;
    Status validate(const Identity& identity) const override;
    Status satisfies(const Identity& identity,
                     const ::common::MSPPrincipal& principal) const override;
    bool isPrincipal(const Identity& identity,
                     const ::common::MSPPrincipal& principal) const override;
    std::vector<OrganizationalUnit> organizationalUnits(const Identity& identity) const override;

    MspVersion version() const override { return m_version; }
    crypto::HashAlgorithm messageHash() const override { return m_messageHash; }
    const ::msp::FabricMSPConfig& config() const override { return m_config; }
    const std::vector<Certificate>& rootCertificates() const override { return m_roots; }
    const std::vector<Certificate>& intermediateCertificates() const override {
        return m_intermediates;
    }
    const std::vector<Certificate>& tlsRootCertificates() const override { return m_tlsRoots; }
    const std::vector<Certificate>& tlsIntermediateCertificates() const override {
        return m_tlsIntermediates;
    }
    const std::vector<Certificate>& adminCertificates() const override { return m_admins; }
    const std::vector<RevocationList>& revocationLists() const override { return m_crls; }
    bool hasNodeOus() const override { return m_enforcesNodeOus; }

private:
    struct NodeOu {
        std::string name;
        Bytes certifiersIdentifier;  ///< empty: any CA of the MSP
    };
    struct Pools {
        CertificatePool roots;
        CertificatePool intermediates;
    };

    X509Msp(::msp::FabricMSPConfig config, MspVersion version);

    // Set-up, in Fabric's order (X509MspSetup.cpp).
    Status setUp();
    Status setUpCrypto();
    Status setUpCas();
    Status setUpCrls();
    Status checkCas();
    Status checkCa(const Certificate& ca, const Pools& pools) const;
    Status setUpTlsCas();
    Status setUpOuIdentifiers();
    Status setUpNodeOus();
    Status setUpNodeOusOfV11();
    Status setUpAdmins();
    Status checkAdmins() const;
    Result<Bytes> certifiersIdentifierOf(BytesView certificatePem) const;

    // Judging certificates (X509MspValidate.cpp).
    Status checkKeyKind(const Certificate& certificate) const;
    /// The certificate with low S; fails when its CA is not known and the signature is ECDSA's.
    Result<Certificate> sanitise(const Certificate& certificate, const Pools& pools,
                                 Chain* chain) const;
    Result<IdentityPtr> read(BytesView serializedIdentity) const;
    Result<MembershipPtr> membershipOf(const Certificate& certificate) const;
    MembershipPtr ownMembership(const Identity& identity, Status& error) const;
    const Status& chainOf(const Membership& membership) const;
    const Status& verdictOf(const Membership& membership) const;
    Status computeVerdict(const Membership& membership) const;
    Status checkRevocation(const Certificate& certificate, const Certificate& issuer) const;
    Status checkIssuer(const Membership& membership) const;
    Status checkOus(const Membership& membership) const;
    Status checkOuIdentifiers(const Membership& membership) const;
    Bytes certifiersIdentifierOf(const Chain& chain, std::size_t from) const;
    Status hasRoleOu(const Membership& membership, NodeRole role,
                     Telling telling = Telling::Words) const;
    bool isAdmin(const Membership& membership) const;

    // Principals (X509MspPrincipal.cpp).
    Status satisfiesOne(const Membership& membership, const ::common::MSPPrincipal& principal,
                        Telling telling, int depth, int& count) const;
    Status satisfiesRole(const Membership& membership, BytesView principal, Telling telling) const;
    Status satisfiesUnit(const Membership& membership, BytesView principal, Telling telling) const;
    Status satisfiesIdentity(const Membership& membership, BytesView principal,
                             Telling telling) const;
    Status checkMspOf(std::string_view principalsMsp, Telling telling) const;
    Status refuse(StatusCode code, std::string_view reason, const Certificate& certificate,
                  std::string_view sentence) const;

    const std::uint64_t m_number;
    ::msp::FabricMSPConfig m_config;
    MspVersion m_version;
    MspId m_mspId;
    crypto::HashAlgorithm m_messageHash{};
    crypto::HashAlgorithm m_identifierHash{};
    bool m_isSm2 = false;

    std::vector<Certificate> m_roots;
    std::vector<Certificate> m_intermediates;
    Pools m_pools;
    std::set<Bytes> m_innerCas;  ///< DER of CAs that have a configured CA below them
    std::vector<Certificate> m_tlsRoots;
    std::vector<Certificate> m_tlsIntermediates;
    std::vector<RevocationList> m_crls;
    std::vector<Certificate> m_admins;
    std::set<Bytes> m_adminDers;
    std::map<std::string, std::vector<Bytes>> m_ouIdentifiers;
    bool m_enforcesNodeOus = false;
    std::array<std::optional<NodeOu>, 4> m_nodeOus;  ///< by NodeRole

    mutable LruCache<Result<IdentityPtr>> m_bySerialized{2048};  ///< refusals too
    mutable LruCache<MembershipPtr> m_byDer{2048};
};

}  // namespace chancery::identity
