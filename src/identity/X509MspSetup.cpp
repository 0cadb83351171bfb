#include <fmt/format.h>

#include <algorithm>

#include "src/base/Encoding.h"
#include "src/identity/CertificateImpl.h"
#include "src/identity/X509Msp.h"

namespace chancery::identity {
namespace {

std::uint64_t nextNumber() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

Status bad(std::string_view reason, std::string_view sentence) {
    return makeError(StatusCode::kInvalidArgument, reason, sentence);
}

// A refusal of a certificate that makes the whole MSP unusable: same reason, said of the
// configuration.
Status ofConfiguration(const Status& status, std::string_view where) {
    return makeError(StatusCode::kInvalidArgument, reasonOf(status),
                     fmt::format("{}: {}", where, messageOf(status)), argumentsOf(status));
}

Result<std::vector<Certificate>> readAll(
    const google::protobuf::RepeatedPtrField<std::string>& pems, std::string_view what) {
    std::vector<Certificate> certificates;
    for (int i = 0; i < pems.size(); ++i) {
        auto certificate = Certificate::fromPem(pems[i]);
        if (!certificate.ok())
            return ofConfiguration(certificate.status(), fmt::format("{}[{}]", what, i));
        certificates.push_back(*std::move(certificate));
    }
    return certificates;
}

std::optional<crypto::HashAlgorithm> identifierHashNamed(std::string_view name) {
    if (name.empty() || name == "SHA256") return crypto::HashAlgorithm::Sha256;
    if (name == "SHA384") return crypto::HashAlgorithm::Sha384;
    if (name == "SHA3_256") return crypto::HashAlgorithm::Sha3_256;
    if (name == "SHA3_384") return crypto::HashAlgorithm::Sha3_384;
    if (name == "SM3") return crypto::HashAlgorithm::Sm3;
    return std::nullopt;
}

}  // namespace

X509Msp::X509Msp(::msp::FabricMSPConfig config, MspVersion version)
    : m_number(nextNumber()),
      m_config(std::move(config)),
      m_version(version),
      m_mspId(m_config.name()) {}

Result<MspPtr> X509Msp::make(::msp::FabricMSPConfig config, MspVersion version) {
    const std::shared_ptr<X509Msp> msp(new X509Msp(std::move(config), version));
    const Status status = msp->setUp();
    if (!status.ok())
        return withContext(status, fmt::format("MSP '{}'", printable(msp->m_mspId.str(), 128)));
    return msp;
}

Status X509Msp::setUp() {
    RETURN_IF_ERROR(setUpCrypto());
    RETURN_IF_ERROR(setUpCas());
    const bool isOld = m_version < MspVersion::V1_4_3;
    if (isOld) RETURN_IF_ERROR(setUpAdmins());
    RETURN_IF_ERROR(setUpCrls());
    RETURN_IF_ERROR(checkCas());
    RETURN_IF_ERROR(setUpTlsCas());
    RETURN_IF_ERROR(setUpOuIdentifiers());
    if (m_version >= MspVersion::V1_4_3)
        RETURN_IF_ERROR(setUpNodeOus());
    else if (m_version >= MspVersion::V1_1)
        RETURN_IF_ERROR(setUpNodeOusOfV11());
    if (!isOld) RETURN_IF_ERROR(setUpAdmins());
    return checkAdmins();
}

Status X509Msp::setUpCrypto() {
    const std::string& family = m_config.crypto_config().signature_hash_family();
    m_isSm2 = family == "SM3";
    if (family.empty() || family == "SHA2")
        m_messageHash = crypto::HashAlgorithm::Sha256;
    else if (family == "SHA3")
        m_messageHash = crypto::HashAlgorithm::Sha3_256;
    else if (m_isSm2)
        m_messageHash = crypto::HashAlgorithm::Sm3;
    else
        return bad("UNKNOWN_HASH", fmt::format("the signature hash family '{}' is not known",
                                               printable(family, 64)));
    const auto hash =
        identifierHashNamed(m_config.crypto_config().identity_identifier_hash_function());
    if (!hash)
        return bad(
            "UNKNOWN_HASH",
            fmt::format(
                "the hash '{}' for identifiers is not known",
                printable(m_config.crypto_config().identity_identifier_hash_function(), 64)));
    m_identifierHash = *hash;
    return absl::OkStatus();
}

Status X509Msp::setUpCas() {
    if (m_config.root_certs().empty()) return bad("NO_ROOT_CA", "it has no root CA certificate");
    ASSIGN_OR_RETURN(const auto roots, readAll(m_config.root_certs(), "root_certs"));
    ASSIGN_OR_RETURN(const auto intermediates,
                     readAll(m_config.intermediate_certs(), "intermediate_certs"));
    // Rewriting a certificate to low S needs its issuer, so the certificates as given serve first.
    Pools given;
    for (const Certificate& root : roots) given.roots.add(root);
    for (const Certificate& ca : intermediates) given.intermediates.add(ca);
    for (const auto* kind : {&roots, &intermediates}) {
        const bool areRoots = kind == &roots;
        for (std::size_t i = 0; i < kind->size(); ++i) {
            const std::string where =
                fmt::format("{}[{}]", areRoots ? "root_certs" : "intermediate_certs", i);
            if (const Status status = checkKeyKind((*kind)[i]); !status.ok())
                return ofConfiguration(status, where);
            auto sanitised = sanitise((*kind)[i], given, nullptr);
            if (!sanitised.ok()) return ofConfiguration(sanitised.status(), where);
            (areRoots ? m_pools.roots : m_pools.intermediates).add(*sanitised);
            (areRoots ? m_roots : m_intermediates).push_back(*std::move(sanitised));
        }
    }
    return absl::OkStatus();
}

Status X509Msp::setUpCrls() {
    for (int i = 0; i < m_config.revocation_list_size(); ++i) {
        auto crl = RevocationList::fromBytes(m_config.revocation_list(i));
        if (!crl.ok()) return ofConfiguration(crl.status(), fmt::format("revocation_list[{}]", i));
        m_crls.push_back(*std::move(crl));
    }
    return absl::OkStatus();
}

Status X509Msp::checkCa(const Certificate& ca, const Pools& pools) const {
    if (!ca.isCa())
        return refuse(StatusCode::kInvalidArgument, "CA_WITHOUT_CA_FLAG", ca,
                      "it stands for a CA but is not marked as one");
    if (!ca.impl().extensions.subjectKeyId)
        return refuse(StatusCode::kInvalidArgument, "CA_WITHOUT_SUBJECT_KEY_ID", ca,
                      "the CA has no subject key identifier");
    ASSIGN_OR_RETURN(const Chain chain, uniqueChain(ca, pools.roots, pools.intermediates));
    return chain.size() == 1 ? absl::OkStatus() : checkRevocation(ca, chain[1]);
}

Status X509Msp::checkCas() {
    for (const auto* kind : {&m_roots, &m_intermediates})
        for (const Certificate& ca : *kind)
            if (const Status status = checkCa(ca, m_pools); !status.ok())
                return ofConfiguration(status, "CA certificates");
    for (const Certificate& ca : m_intermediates) {
        ASSIGN_OR_RETURN(const Chain chain, uniqueChain(ca, m_pools.roots, m_pools.intermediates));
        for (std::size_t i = 1; i < chain.size(); ++i) m_innerCas.insert(chain[i].der());
    }
    return absl::OkStatus();
}

Status X509Msp::setUpTlsCas() {
    ASSIGN_OR_RETURN(m_tlsRoots, readAll(m_config.tls_root_certs(), "tls_root_certs"));
    ASSIGN_OR_RETURN(m_tlsIntermediates,
                     readAll(m_config.tls_intermediate_certs(), "tls_intermediate_certs"));
    Pools pools;
    for (const Certificate& root : m_tlsRoots) pools.roots.add(root);
    for (const Certificate& ca : m_tlsIntermediates) pools.intermediates.add(ca);
    for (const auto* kind : {&m_tlsRoots, &m_tlsIntermediates})
        for (const Certificate& ca : *kind)
            if (const Status status = checkCa(ca, pools); !status.ok())
                return ofConfiguration(status, "TLS CA certificates");
    return absl::OkStatus();
}

Result<Bytes> X509Msp::certifiersIdentifierOf(BytesView certificatePem) const {
    ASSIGN_OR_RETURN(const Certificate given, Certificate::fromPem(certificatePem));
    ASSIGN_OR_RETURN(const Certificate certificate, sanitise(given, m_pools, nullptr));
    const auto isOneOf = [&](const std::vector<Certificate>& all) {
        return std::find(all.begin(), all.end(), certificate) != all.end();
    };
    if (isOneOf(m_roots)) return certifiersIdentifierOf(Chain{certificate}, 0);
    if (!isOneOf(m_intermediates))
        return refuse(StatusCode::kInvalidArgument, "UNKNOWN_OU_CERTIFIER", certificate,
                      "it shall vouch for an organisational unit but is no CA of this MSP");
    ASSIGN_OR_RETURN(const Chain chain,
                     uniqueChain(certificate, m_pools.roots, m_pools.intermediates));
    if (m_innerCas.contains(certificate.der()))
        return refuse(StatusCode::kInvalidArgument, "ISSUER_HAS_CA_BELOW", certificate,
                      "it shall vouch for an organisational unit but has a CA below it");
    return certifiersIdentifierOf(chain, 0);
}

Status X509Msp::setUpOuIdentifiers() {
    for (const auto& unit : m_config.organizational_unit_identifiers()) {
        auto id = certifiersIdentifierOf(unit.certificate());
        if (!id.ok()) return ofConfiguration(id.status(), "organizational_unit_identifiers");
        m_ouIdentifiers[unit.organizational_unit_identifier()].push_back(*std::move(id));
    }
    return absl::OkStatus();
}

Status X509Msp::setUpNodeOus() {
    if (!m_config.has_fabric_node_ous()) return absl::OkStatus();
    const auto& units = m_config.fabric_node_ous();
    const std::array<const ::msp::FabricOUIdentifier*, 4> given = {
        units.has_client_ou_identifier() ? &units.client_ou_identifier() : nullptr,
        units.has_peer_ou_identifier() ? &units.peer_ou_identifier() : nullptr,
        units.has_admin_ou_identifier() ? &units.admin_ou_identifier() : nullptr,
        units.has_orderer_ou_identifier() ? &units.orderer_ou_identifier() : nullptr};
    bool any = false;
    for (std::size_t role = 0; role < given.size(); ++role) {
        if (given[role] == nullptr) continue;
        any = true;
        NodeOu unit{given[role]->organizational_unit_identifier(), {}};
        if (!given[role]->certificate().empty()) {
            auto id = certifiersIdentifierOf(given[role]->certificate());
            if (!id.ok()) return ofConfiguration(id.status(), "fabric_node_ous");
            unit.certifiersIdentifier = *std::move(id);
        }
        m_nodeOus[role] = std::move(unit);
    }
    m_enforcesNodeOus = units.enable() && any;
    return absl::OkStatus();
}

Status X509Msp::setUpNodeOusOfV11() {
    if (!m_config.has_fabric_node_ous()) return absl::OkStatus();
    const auto& units = m_config.fabric_node_ous();
    if (units.client_ou_identifier().organizational_unit_identifier().empty() ||
        units.peer_ou_identifier().organizational_unit_identifier().empty())
        return bad("NODE_OU_MISSING",
                   "node OUs of this MSP version must name both the client and the peer unit");
    RETURN_IF_ERROR(setUpNodeOus());
    m_enforcesNodeOus = units.enable();
    m_nodeOus[std::size_t(NodeRole::Admin)].reset();
    m_nodeOus[std::size_t(NodeRole::Orderer)].reset();
    return absl::OkStatus();
}

Status X509Msp::setUpAdmins() {
    ASSIGN_OR_RETURN(const auto admins, readAll(m_config.admins(), "admins"));
    for (std::size_t i = 0; i < admins.size(); ++i) {
        auto membership = membershipOf(admins[i]);
        if (!membership.ok())
            return ofConfiguration(membership.status(), fmt::format("admins[{}]", i));
        m_admins.push_back((*membership)->certificate);
        m_adminDers.insert((*membership)->certificate.der());
    }
    if (m_version >= MspVersion::V1_4_3 && m_admins.empty() &&
        (!m_enforcesNodeOus || !m_nodeOus[std::size_t(NodeRole::Admin)]))
        return bad("NO_ADMINS",
                   "it names no administrator certificates and no node OU for administrators");
    return absl::OkStatus();
}

Status X509Msp::checkAdmins() const {
    for (std::size_t i = 0; i < m_admins.size(); ++i) {
        ASSIGN_OR_RETURN(const MembershipPtr membership, membershipOf(m_admins[i]));
        Status status;
        if (!m_enforcesNodeOus) {
            status = verdictOf(*membership);
        } else if (m_version < MspVersion::V1_4_3) {
            status = verdictOf(*membership);
            if (status.ok()) status = hasRoleOu(*membership, NodeRole::Client);
        } else {
            status = hasRoleOu(*membership, NodeRole::Client);
            if (!status.ok()) status = hasRoleOu(*membership, NodeRole::Admin);
        }
        if (!status.ok())
            return makeError(
                StatusCode::kInvalidArgument, "BAD_ADMIN",
                fmt::format("admins[{}] is no valid administrator: {}", i, messageOf(status)),
                {{"certificate", m_admins[i].subject()}, {"cause", reasonOf(status)}});
    }
    return absl::OkStatus();
}

}  // namespace chancery::identity
