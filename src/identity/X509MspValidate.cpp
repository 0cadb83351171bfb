#include <fmt/format.h>

#include <algorithm>

#include "fabric/msp/identities.pb.h"
#include "src/base/Encoding.h"
#include "src/crypto/Der.h"
#include "src/identity/CertificateImpl.h"
#include "src/identity/X509Msp.h"
#include "src/wire/Parse.h"

namespace chancery::identity {
namespace {

// The same certificate with another signature.
Result<Certificate> withSignature(const Certificate& certificate, BytesView signature) {
    const Certificate::Impl& impl = certificate.impl();
    return Certificate::fromDer(
        crypto::derSequence({impl.tbs, impl.signatureAlgorithm, crypto::derBitString(signature)}));
}

Result<Certificate> withLowS(const Certificate& certificate, const Certificate& issuer) {
    ASSIGN_OR_RETURN(const Bytes low,
                     crypto::toLowS(certificate.impl().signature, issuer.publicKey().algorithm()));
    if (low == certificate.impl().signature) return certificate;
    return withSignature(certificate, low);
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names)
        text += fmt::format("{}{}", text.empty() ? "" : ", ", printable(name, 64));
    return text.empty() ? "none" : text;
}

// Larger identities are judged anew each time: a member could otherwise fill the memory with them.
constexpr std::size_t kMostCachedBytes = 8 << 10;

constexpr std::string_view kRoleNames[] = {"client", "peer", "admin", "orderer"};

}  // namespace

Status X509Msp::refuse(StatusCode code, std::string_view reason, const Certificate& certificate,
                       std::string_view sentence) const {
    return makeError(
        code, reason,
        fmt::format("certificate '{}' at {}: {}", printable(certificate.subject(), 256),
                    printable(m_mspId.str(), 128), sentence),
        {{"msp", m_mspId.str()},
         {"certificate", certificate.subject()},
         {"serial", certificate.serialHex()}});
}

Status X509Msp::checkKeyKind(const Certificate& certificate) const {
    const crypto::KeyAlgorithm kind = certificate.publicKey().algorithm();
    const bool isSm2 = kind == crypto::KeyAlgorithm::Sm2;
    const bool isEarlyEd25519 =
        kind == crypto::KeyAlgorithm::Ed25519 && m_version < MspVersion::V3_0;
    if (isSm2 == m_isSm2 && !isEarlyEd25519) return absl::OkStatus();
    return refuse(StatusCode::kUnauthenticated, "UNSUPPORTED_KEY", certificate,
                  fmt::format("its key is of kind {}, which this MSP does not take", nameOf(kind)));
}

Result<Certificate> X509Msp::sanitise(const Certificate& certificate, const Pools& pools,
                                      Chain* chain) const {
    const auto& scheme = certificate.impl().scheme;
    if (!scheme || !crypto::isEcdsa(*scheme)) return certificate;
    if (certificate.isCa() && checkSignedBy(certificate, certificate).ok()) {
        ASSIGN_OR_RETURN(Certificate root, withLowS(certificate, certificate));
        CertificatePool itself;
        itself.add(root);
        RETURN_IF_ERROR(uniqueChain(root, itself, pools.intermediates).status());
        return root;
    }
    ASSIGN_OR_RETURN(Chain found, uniqueChain(certificate, pools.roots, pools.intermediates));
    if (found.size() < 2)
        return refuse(StatusCode::kUnauthenticated, "BAD_CHAIN", certificate,
                      "it stands among the root CAs but is no self-signed CA certificate");
    ASSIGN_OR_RETURN(Certificate low, withLowS(certificate, found[1]));
    if (chain != nullptr) {
        *chain = std::move(found);
        chain->front() = low;
    }
    return low;
}

Result<MembershipPtr> X509Msp::membershipOf(const Certificate& certificate) const {
    if (auto known = m_byDer.find(certificate.der())) return *std::move(known);
    RETURN_IF_ERROR(checkKeyKind(certificate));
    Chain chain;
    ASSIGN_OR_RETURN(Certificate sanitised, sanitise(certificate, m_pools, &chain));
    std::string identifier = toHex(crypto::digest(m_identifierHash, sanitised.der()));
    auto membership =
        std::make_shared<Membership>(std::move(sanitised), std::move(identifier), m_number);
    if (!chain.empty())
        std::call_once(membership->chainOnce, [&] {
            membership->certifiersIdentifier = certifiersIdentifierOf(chain, 1);
            membership->chain = std::move(chain);
        });
    if (certificate.der().size() <= kMostCachedBytes) m_byDer.insert(certificate.der(), membership);
    return MembershipPtr(std::move(membership));
}

Result<IdentityPtr> X509Msp::deserialize(BytesView serializedIdentity) const {
    if (auto known = m_bySerialized.find(serializedIdentity)) return *std::move(known);
    Result<IdentityPtr> identity = read(serializedIdentity);
    if (serializedIdentity.size() <= kMostCachedBytes)
        m_bySerialized.insert(Bytes(serializedIdentity), identity);
    return identity;
}

Result<IdentityPtr> X509Msp::read(BytesView serializedIdentity) const {
    ASSIGN_OR_RETURN(const auto message,
                     wire::parse<::msp::SerializedIdentity>(serializedIdentity, "identity"));
    if (message.mspid() != m_mspId.str())
        return makeError(
            StatusCode::kUnauthenticated, "WRONG_MSP",
            fmt::format("an identity says it is of MSP '{}', this is '{}'",
                        printable(message.mspid(), 128), printable(m_mspId.str(), 128)),
            {{"msp", m_mspId.str()}, {"given", message.mspid()}});
    ASSIGN_OR_RETURN(const Certificate certificate, Certificate::fromPem(message.id_bytes()));
    ASSIGN_OR_RETURN(MembershipPtr membership, membershipOf(certificate));
    return std::make_shared<const Identity>(m_mspId, membership->certificate,
                                            membership->identifier, Bytes(serializedIdentity),
                                            m_messageHash, membership);
}

// The verdicts on an identity that another MSP object made (an older configuration, say) do not
// count here.
MembershipPtr X509Msp::ownMembership(const Identity& identity, Status& error) const {
    if (identity.membership() && identity.membership()->owner == m_number)
        return identity.membership();
    auto own = deserialize(identity.serialized());
    if (own.ok()) return (*own)->membership();
    error = own.status();
    return nullptr;
}

const Status& X509Msp::chainOf(const Membership& membership) const {
    std::call_once(membership.chainOnce, [&] {
        auto chain = uniqueChain(membership.certificate, m_pools.roots, m_pools.intermediates);
        if (!chain.ok()) {
            membership.chainStatus = chain.status();
        } else {
            membership.certifiersIdentifier = certifiersIdentifierOf(*chain, 1);
            membership.chain = *std::move(chain);
        }
    });
    return membership.chainStatus;
}

const Status& X509Msp::verdictOf(const Membership& membership) const {
    std::call_once(membership.verdictOnce,
                   [&] { membership.verdict = computeVerdict(membership); });
    return membership.verdict;
}

// The chain as it counts for an identity: a CA has none, nor has what a CA issued that has CAs
// below it.
Status X509Msp::checkIssuer(const Membership& membership) const {
    const Certificate& certificate = membership.certificate;
    if (certificate.isCa())
        return refuse(StatusCode::kUnauthenticated, "CERTIFICATE_IS_CA", certificate,
                      "a CA certificate cannot be used as an identity");
    RETURN_IF_ERROR(chainOf(membership));
    if (membership.chain.size() < 2)
        return refuse(StatusCode::kUnauthenticated, "BAD_CHAIN", certificate,
                      "it is itself a root, not issued by one");
    if (m_innerCas.contains(membership.chain[1].der()))
        return refuse(
            StatusCode::kUnauthenticated, "ISSUER_HAS_CA_BELOW", certificate,
            fmt::format(
                "its issuer '{}' has a CA of this MSP below it and may not issue identities itself",
                printable(membership.chain[1].subject(), 256)));
    return absl::OkStatus();
}

Status X509Msp::computeVerdict(const Membership& membership) const {
    if (m_version >= MspVersion::V3_0 &&
        membership.certificate.publicKey().algorithm() == crypto::KeyAlgorithm::Rsa)
        return refuse(StatusCode::kUnauthenticated, "UNSUPPORTED_KEY", membership.certificate,
                      "its key is of kind RSA, which this MSP does not take");
    RETURN_IF_ERROR(checkIssuer(membership));
    RETURN_IF_ERROR(checkRevocation(membership.certificate, membership.chain[1]));
    return checkOus(membership);
}

Status X509Msp::validate(const Identity& identity) const {
    Status error;
    const MembershipPtr membership = ownMembership(identity, error);
    return membership ? verdictOf(*membership) : error;
}

Status X509Msp::checkRevocation(const Certificate& certificate, const Certificate& issuer) const {
    if (m_crls.empty() && issuer.impl().extensions.subjectKeyId) return absl::OkStatus();
    if (!issuer.impl().extensions.subjectKeyId)
        return refuse(StatusCode::kUnauthenticated, "CA_WITHOUT_SUBJECT_KEY_ID", certificate,
                      "its issuer has no subject key identifier");
    for (const RevocationList& crl : m_crls) {
        if (!crl.authorityKeyId())
            return refuse(
                StatusCode::kUnauthenticated, "CRL_WITHOUT_AUTHORITY_KEY_ID", certificate,
                "a revocation list of the MSP does not say whose it is, so nobody counts as valid");
        if (*crl.authorityKeyId() != issuer.subjectKeyId() || !crl.lists(certificate.impl().serial))
            continue;
        if (crl.checkSignedBy(issuer).ok())
            return refuse(StatusCode::kUnauthenticated, "REVOKED", certificate,
                          "it has been revoked");
    }
    return absl::OkStatus();
}

Bytes X509Msp::certifiersIdentifierOf(const Chain& chain, std::size_t from) const {
    crypto::Hasher hasher(m_identifierHash);
    for (std::size_t i = from; i < chain.size(); ++i) hasher.update(chain[i].der());
    return hasher.finish();
}

Status X509Msp::checkOuIdentifiers(const Membership& membership) const {
    if (m_ouIdentifiers.empty()) return absl::OkStatus();
    const auto& units = membership.certificate.organizationalUnits();
    for (const std::string& unit : units) {
        const auto wanted = m_ouIdentifiers.find(unit);
        if (wanted == m_ouIdentifiers.end()) continue;
        const auto& ids = wanted->second;
        if (std::find(ids.begin(), ids.end(), membership.certifiersIdentifier) != ids.end())
            return absl::OkStatus();
    }
    return refuse(StatusCode::kUnauthenticated, "OU_NOT_ALLOWED", membership.certificate,
                  fmt::format("none of its organisational units ({}) is one that the MSP asks for",
                              joined(units)));
}

Status X509Msp::checkOus(const Membership& membership) const {
    RETURN_IF_ERROR(checkOuIdentifiers(membership));
    if (!m_enforcesNodeOus) return absl::OkStatus();
    const auto& units = membership.certificate.organizationalUnits();
    int roles = 0;
    for (const std::string& unit : units) {
        // When two roles share a name the later role's certifier counts.
        const NodeOu* role = nullptr;
        for (const auto& nodeOu : m_nodeOus)
            if (nodeOu && nodeOu->name == unit) role = &*nodeOu;
        if (role == nullptr) continue;
        if (!role->certifiersIdentifier.empty() &&
            role->certifiersIdentifier != membership.certifiersIdentifier)
            return refuse(StatusCode::kUnauthenticated, "WRONG_CERTIFIER", membership.certificate,
                          fmt::format("another CA than its own must vouch for the unit '{}'",
                                      printable(unit, 64)));
        if (++roles > 1) break;
    }
    if (roles == 0)
        return refuse(
            StatusCode::kUnauthenticated, "NO_ROLE_OU", membership.certificate,
            fmt::format("none of its organisational units ({}) gives it a role", joined(units)));
    if (roles > 1)
        return refuse(
            StatusCode::kUnauthenticated, "SEVERAL_ROLE_OUS", membership.certificate,
            fmt::format("its organisational units ({}) give it more than one role", joined(units)));
    return absl::OkStatus();
}

Status X509Msp::hasRoleOu(const Membership& membership, NodeRole role, Telling telling) const {
    const auto& unit = m_nodeOus[std::size_t(role)];
    const auto& units = membership.certificate.organizationalUnits();
    if (m_enforcesNodeOus && unit &&
        std::find(units.begin(), units.end(), unit->name) != units.end() &&
        checkIssuer(membership).ok())
        return absl::OkStatus();
    if (telling == Telling::Nothing) return refusalWithoutWords();
    const auto deny = [&](std::string_view reason, std::string_view sentence) {
        return refuse(StatusCode::kPermissionDenied, reason, membership.certificate, sentence);
    };
    if (!m_enforcesNodeOus) return deny("NO_NODE_OUS", "the MSP does not tell roles apart");
    const std::string_view roleName = kRoleNames[std::size_t(role)];
    if (!unit)
        return deny("NO_NODE_OUS", fmt::format("the MSP names no unit for the role {}", roleName));
    return deny("WRONG_ROLE",
                fmt::format("it is not a {} (organisational units: {})", roleName, joined(units)));
}

bool X509Msp::isAdmin(const Membership& membership) const {
    return m_adminDers.contains(membership.certificate.der());
}

std::vector<OrganizationalUnit> X509Msp::organizationalUnits(const Identity& identity) const {
    Status error;
    const MembershipPtr membership = ownMembership(identity, error);
    if (!membership || !checkIssuer(*membership).ok()) return {};
    std::vector<OrganizationalUnit> units;
    for (const std::string& unit : membership->certificate.organizationalUnits())
        units.push_back({unit, membership->certifiersIdentifier});
    return units;
}

}  // namespace chancery::identity
