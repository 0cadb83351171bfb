#include "src/usecase/EvidenceCertificates.h"

#include <fmt/format.h>

#include "src/identity/Certificate.h"
#include "src/identity/Msp.h"
#include "src/protocol/Envelope.h"

namespace chancery::usecase {
namespace {

constexpr std::size_t kLongestChain = 10;

const identity::Certificate* issuerOf(const identity::Certificate& certificate,
                                      const identity::Msp& msp) {
    if (certificate.rawSubject() == certificate.rawIssuer()) return nullptr;
    for (const auto* pool : {&msp.intermediateCertificates(), &msp.rootCertificates()})
        for (const identity::Certificate& one : *pool)
            if (one.rawSubject() == certificate.rawIssuer()) return &one;
    return nullptr;
}

}  // namespace

std::string EvidenceCertificates::add(const std::string& role, BytesView serializedIdentity,
                                      const channel::Bundle& bundle) {
    const auto identity = protocol::decodeSerializedIdentity(serializedIdentity);
    if (!identity.ok()) return {};
    const auto certificate = identity::Certificate::fromPem(identity->idBytes);
    if (!certificate.ok()) return {};
    const MspId mspId{std::string(identity->mspId)};
    std::size_t at = enter(role, mspId, *certificate);
    const std::string file = m_all[at].file;
    const identity::MspPtr msp = bundle.msps()->find(mspId);
    if (msp == nullptr) return file;
    const identity::Certificate* issuer = issuerOf(*certificate, *msp);
    for (std::size_t i = 0; issuer != nullptr && i < kLongestChain; ++i) {
        const std::size_t above = enter("ca", mspId, *issuer);
        m_all[at].issuerFile = m_all[above].file;
        at = above;
        issuer = issuerOf(*issuer, *msp);
    }
    return file;
}

std::size_t EvidenceCertificates::enter(const std::string& role, const MspId& mspId,
                                        const identity::Certificate& certificate) {
    const auto [known, isNew] =
        m_byFingerprint.try_emplace(certificate.fingerprint(), m_all.size());
    if (isNew) {
        EvidenceCertificate entry;
        entry.file = fmt::format("certificates/cert-{:02}.pem", m_all.size() + 1);
        entry.name = {mspId, certificate.commonName(), certificate.organizationalUnits(),
                      certificate.fingerprint()};
        entry.subject = certificate.subject();
        entry.issuer = certificate.issuer();
        entry.notBefore = certificate.notBefore();
        entry.notAfter = certificate.notAfter();
        entry.keyAlgorithm = crypto::nameOf(certificate.publicKey().algorithm());
        entry.pem = certificate.toPem();
        m_all.push_back(std::move(entry));
    }
    m_all[known->second].roles.insert(role);
    return known->second;
}

}  // namespace chancery::usecase
