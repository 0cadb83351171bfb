#include "tests/src/identity/Issuing.h"

#include <stdexcept>

#include "fabric/msp/msp_config.pb.h"
#include "src/crypto/Der.h"
#include "src/crypto/Suite.h"
#include "src/identity/CertificateImpl.h"
#include "src/identity/SignatureAlgorithm.h"

namespace chancery::test {
namespace {

using namespace identity;

template <class T>
T valueOf(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(result.status().ToString());
    return *std::move(result);
}

SubjectName named(const std::string& commonName, const std::vector<std::string>& units = {}) {
    return {"PT", "", "Lisbon", "", units, commonName, ""};
}

}  // namespace

absl::Time someDay() {
    return absl::FromCivil(absl::CivilHour(2026, 11, 22, 12), absl::UTCTimeZone());
}

crypto::PrivateKey makeKey(crypto::KeyAlgorithm algorithm) {
    return valueOf(crypto::PrivateKey::generate(algorithm));
}

Holder makeRoot(const std::string& commonName, crypto::KeyAlgorithm algorithm) {
    crypto::PrivateKey key = makeKey(algorithm);
    Certificate certificate =
        valueOf(issueSelfSigned(cryptogenCa(named(commonName), someDay()), key));
    return {std::move(key), std::move(certificate)};
}

Holder issue(const CertificateTemplate& content, const Holder& issuer,
             crypto::KeyAlgorithm algorithm) {
    crypto::PrivateKey key = makeKey(algorithm);
    Certificate certificate =
        valueOf(issueCertificate(content, key.publicKey(), issuer.certificate, issuer.key));
    return {std::move(key), std::move(certificate)};
}

Holder makeIntermediate(const Holder& issuer, const std::string& commonName) {
    return issue(cryptogenCa(named(commonName), someDay()), issuer, issuer.key.algorithm());
}

Holder makeMember(const Holder& issuer, const std::vector<std::string>& units,
                  const std::string& commonName) {
    return issue(cryptogenIdentity(named(commonName, units), someDay()), issuer,
                 issuer.key.algorithm());
}

Certificate withExtension(const Certificate& certificate, const Holder& issuer,
                          BytesView extension) {
    // The extensions are the last element of the signed part.
    crypto::DerReader reader(
        *crypto::DerReader(certificate.impl().tbs).read(crypto::der::kSequence));
    Bytes before;
    Bytes extensions;
    while (!reader.empty()) {
        const auto element = *reader.readAny();
        if (element.tag == crypto::der::contextConstructed(3))
            extensions = Bytes(*crypto::DerReader(element.content).read(crypto::der::kSequence));
        else
            before += element.whole;
    }
    const Bytes list = crypto::derSequence({extensions, extension});
    const Bytes tbs =
        crypto::derSequence({before, crypto::derElement(crypto::der::contextConstructed(3), list)});
    const Bytes signature =
        valueOf(issuer.key.sign(tbs, crypto::suiteOf(issuer.key.algorithm()).certificateHash));
    return valueOf(Certificate::fromDer(
        crypto::derSequence({tbs, writeSignatureAlgorithm(schemeFor(issuer.key.algorithm())),
                             crypto::derBitString(signature)})));
}

Result<MspPtr> makeMsp(const MspParts& parts, MspVersion version) {
    ::msp::FabricMSPConfig config;
    config.set_name(parts.name);
    for (const auto& certificate : parts.roots) config.add_root_certs(certificate.toPem());
    for (const auto& certificate : parts.intermediates)
        config.add_intermediate_certs(certificate.toPem());
    for (const auto& certificate : parts.admins) config.add_admins(certificate.toPem());
    for (const auto& certificate : parts.tlsRoots) config.add_tls_root_certs(certificate.toPem());
    for (const Bytes& crl : parts.crls) config.add_revocation_list(crl);
    for (const auto& [unit, certificate] : parts.ouIdentifiers) {
        auto* added = config.add_organizational_unit_identifiers();
        added->set_organizational_unit_identifier(unit);
        added->set_certificate(certificate.toPem());
    }
    if (parts.nodeOus) {
        auto* units = config.mutable_fabric_node_ous();
        units->set_enable(true);
        const std::pair<::msp::FabricOUIdentifier*, const char*> roles[] = {
            {units->mutable_client_ou_identifier(), "client"},
            {units->mutable_peer_ou_identifier(), "peer"},
            {units->mutable_admin_ou_identifier(), "admin"},
            {units->mutable_orderer_ou_identifier(), "orderer"}};
        for (const auto& [identifier, name] : roles) {
            identifier->set_organizational_unit_identifier(name);
            if (parts.nodeOuCertifier) identifier->set_certificate(parts.nodeOuCertifier->toPem());
        }
    }
    config.mutable_crypto_config()->set_signature_hash_family(parts.hashFamily);
    config.mutable_crypto_config()->set_identity_identifier_hash_function(parts.identifierHash);
    ::msp::MSPConfig wrapped;
    wrapped.set_config(config.SerializeAsString());
    return Msp::fromConfig(wrapped, version);
}

std::string refusalOf(const MspPtr& msp, const Certificate& certificate) {
    const auto identity = msp->deserialize(serializeIdentity(msp->mspId(), certificate.toPem()));
    if (!identity.ok()) return reasonOf(identity.status());
    return reasonOf(msp->validate(**identity));
}

}  // namespace chancery::test
