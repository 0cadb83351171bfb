#include "tests/src/identity/MspCases.h"

#include "fabric/msp/identities.pb.h"
#include "src/base/Encoding.h"
#include "src/crypto/Der.h"
#include "src/identity/CertificateImpl.h"

namespace chancery::test {

::common::MSPPrincipal principalOf(Classification kind, BytesView content) {
    ::common::MSPPrincipal principal;
    principal.set_principal_classification(kind);
    principal.set_principal(content.data(), content.size());
    return principal;
}

::common::MSPPrincipal role(::common::MSPRole::MSPRoleType type, const std::string& msp) {
    ::common::MSPRole content;
    content.set_msp_identifier(msp);
    content.set_role(type);
    return principalOf(::common::MSPPrincipal::ROLE, content.SerializeAsString());
}

::common::MSPPrincipal unit(const std::string& name, const Bytes& certifiers,
                            const std::string& msp) {
    ::common::OrganizationUnit content;
    content.set_msp_identifier(msp);
    content.set_organizational_unit_identifier(name);
    content.set_certifiers_identifier(certifiers);
    return principalOf(::common::MSPPrincipal::ORGANIZATION_UNIT, content.SerializeAsString());
}

::common::MSPPrincipal combined(std::initializer_list<::common::MSPPrincipal> parts) {
    ::common::CombinedPrincipal content;
    for (const auto& part : parts) *content.add_principals() = part;
    return principalOf(::common::MSPPrincipal::COMBINED, content.SerializeAsString());
}

::common::MSPPrincipal anonymity(::common::MSPIdentityAnonymity::MSPIdentityAnonymityType type) {
    ::common::MSPIdentityAnonymity content;
    content.set_anonymity_type(type);
    return principalOf(::common::MSPPrincipal::ANONYMITY, content.SerializeAsString());
}

Bytes serialized(const Certificate& certificate, const std::string& msp) {
    return serializeIdentity(MspId(msp), certificate.toPem());
}

IdentityPtr identityOf(const MspPtr& msp, const Certificate& certificate) {
    auto identity = msp->deserialize(serialized(certificate));
    if (!identity.ok()) qFatal("%s", identity.status().ToString().c_str());
    return *std::move(identity);
}

bool satisfies(const MspPtr& msp, const Certificate& certificate,
               const ::common::MSPPrincipal& principal) {
    const IdentityPtr identity = identityOf(msp, certificate);
    const bool yes = msp->satisfies(*identity, principal).ok();
    if (msp->isPrincipal(*identity, principal) != yes) qFatal("without words the answer differs");
    return yes;
}

MspPtr valueOf(Result<MspPtr> msp) {
    if (!msp.ok()) qFatal("%s", msp.status().ToString().c_str());
    return *std::move(msp);
}

Bytes crlOf(const Holder& ca, std::initializer_list<Certificate> revoked) {
    std::vector<RevocationList::Entry> entries;
    for (const Certificate& certificate : revoked)
        entries.push_back({certificate.impl().serial, someDay(), {}});
    return Bytes(
        makeRevocationList(ca.certificate, ca.key, entries, someDay(), someDay())->toPem());
}

Certificate highS(const Certificate& certificate) {
    crypto::DerReader numbers(
        *crypto::DerReader(certificate.impl().signature).read(crypto::der::kSequence));
    const BytesView r = *numbers.readInteger();
    const BytesView s = *numbers.readInteger();
    Bytes other = *fromHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    int borrow = 0;
    for (std::size_t i = 0; i < other.size(); ++i) {
        const int digit = i < s.size() ? std::uint8_t(s[s.size() - 1 - i]) : 0;
        const int difference = std::uint8_t(other[other.size() - 1 - i]) - digit - borrow;
        borrow = difference < 0 ? 1 : 0;
        other[other.size() - 1 - i] = char(difference);
    }
    return *Certificate::fromDer(
        crypto::derSequence({certificate.impl().tbs, certificate.impl().signatureAlgorithm,
                             crypto::derBitString(crypto::derSequence(
                                 {crypto::derUnsigned(r), crypto::derUnsigned(other)}))}));
}

void MspCases::init() {
    m_root = makeRoot();
    m_parts = {};
    m_parts.roots = {m_root->certificate};
}

}  // namespace chancery::test
