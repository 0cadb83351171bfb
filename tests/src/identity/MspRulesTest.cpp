#include <fmt/format.h>

#include <thread>

#include "fabric/msp/identities.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "fabric/msp/msp_principal.pb.h"
#include "src/base/Encoding.h"
#include "src/crypto/Der.h"
#include "src/crypto/Digest.h"
#include "src/crypto/Pem.h"
#include "src/identity/CertificateImpl.h"
#include "tests/src/identity/Issuing.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::identity;
using crypto::KeyAlgorithm;
using test::Holder;
using test::makeMember;
using test::makeMsp;
using test::MspParts;
using test::refusalOf;
using test::someDay;

namespace {

using Classification = ::common::MSPPrincipal::Classification;

::common::MSPPrincipal principalOf(Classification kind, BytesView content) {
    ::common::MSPPrincipal principal;
    principal.set_principal_classification(kind);
    principal.set_principal(content.data(), content.size());
    return principal;
}

::common::MSPPrincipal role(::common::MSPRole::MSPRoleType type,
                            const std::string& msp = "TestMSP") {
    ::common::MSPRole content;
    content.set_msp_identifier(msp);
    content.set_role(type);
    return principalOf(::common::MSPPrincipal::ROLE, content.SerializeAsString());
}

::common::MSPPrincipal unit(const std::string& name, const Bytes& certifiers,
                            const std::string& msp = "TestMSP") {
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

Bytes serialized(const Certificate& certificate, const std::string& msp = "TestMSP") {
    return serializeIdentity(MspId(msp), certificate.toPem());
}

IdentityPtr identityOf(const MspPtr& msp, const Certificate& certificate) {
    auto identity = msp->deserialize(serialized(certificate));
    if (!identity.ok()) qFatal("%s", identity.status().ToString().c_str());
    return *std::move(identity);
}

bool satisfies(const MspPtr& msp, const Certificate& certificate,
               const ::common::MSPPrincipal& principal) {
    return msp->satisfies(*identityOf(msp, certificate), principal).ok();
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

// The same certificate with the other half of S.
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

class FixedClock final : public Clock {
public:
    explicit FixedClock(absl::Time time) : m_time(time) {}
    absl::Time now() const override { return m_time; }

private:
    absl::Time m_time;
};

}  // namespace

class MspRulesTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void types();
    void hashFamilies();
    void keyKinds();
    void setUpRefusals();
    void oldVersionsNeedNoAdmins();
    void adminsByCertificate();
    void adminsByUnit();
    void rolesByVersion();
    void roleUnits();
    void pinnedCertifier();
    void ouIdentifiers();
    void certifiersIdentifier();
    void innerCasIssueNobody();
    void revocation();
    void lowSIsWhatCounts();
    void otherCasAreJudgedLater();
    void principals();
    void combinedPrincipals();
    void malformedInput();
    void otherMsps();
    void doors();
    void wellFormed();
    void verdictsAreShared();
    void verdictsOfOtherMspsDoNotCount();
    void threadsAgree();

private:
    std::optional<Holder> m_root;
    MspParts m_parts;
};

void MspRulesTest::init() {
    m_root = test::makeRoot();
    m_parts = {};
    m_parts.roots = {m_root->certificate};
}

void MspRulesTest::types() {
    ::msp::MSPConfig config;
    config.set_type(1);
    QCOMPARE(reasonOf(Msp::fromConfig(config, MspVersion::V1_4_3).status()),
             std::string("IDEMIX_UNSUPPORTED"));
    QCOMPARE(Msp::fromConfig(config, MspVersion::V1_4_3).status().code(),
             StatusCode::kUnimplemented);
    for (const int type : {2, -1, 77}) {
        config.set_type(type);
        QCOMPARE(reasonOf(Msp::fromConfig(config, MspVersion::V1_4_3).status()),
                 std::string("UNKNOWN_MSP_TYPE"));
    }
    config.set_type(0);
    config.set_config("\xff\xff");
    QCOMPARE(reasonOf(Msp::fromConfig(config, MspVersion::V1_4_3).status()),
             std::string("MALFORMED_PROTOBUF"));
    config.clear_config();
    QCOMPARE(reasonOf(Msp::fromConfig(config, MspVersion::V1_4_3).status()),
             std::string("NO_ROOT_CA"));
}

void MspRulesTest::hashFamilies() {
    const auto reason = [&](const char* family, const char* identifier) {
        m_parts.hashFamily = family;
        m_parts.identifierHash = identifier;
        return reasonOf(makeMsp(m_parts).status());
    };
    for (const char* family : {"", "SHA2", "SHA3"})
        for (const char* identifier : {"", "SHA256", "SHA384", "SHA3_256", "SHA3_384"})
            QCOMPARE(reason(family, identifier), std::string());
    QCOMPARE(reason("MD5", ""), std::string("UNKNOWN_HASH"));
    QCOMPARE(reason("", "SHA-256"), std::string("UNKNOWN_HASH"));

    m_parts.hashFamily = "SHA3";
    m_parts.identifierHash = "SHA384";
    const MspPtr msp = valueOf(makeMsp(m_parts));
    const Holder member = makeMember(*m_root, {"client"});
    const IdentityPtr identity = identityOf(msp, member.certificate);
    QCOMPARE(identity->identifier(),
             toHex(crypto::digest(crypto::HashAlgorithm::Sha384, member.certificate.der())));
    VERIFY_OK(identity->verify("m", *member.key.sign("m", crypto::HashAlgorithm::Sha3_256)));
    QVERIFY(!identity->verify("m", *member.key.sign("m", crypto::HashAlgorithm::Sha256)).ok());
}

void MspRulesTest::keyKinds() {
    const auto offered = [&](KeyAlgorithm ca, KeyAlgorithm key, MspVersion version,
                             const char* family) {
        const Holder root = test::makeRoot("root", ca);
        MspParts parts;
        parts.roots = {root.certificate};
        parts.hashFamily = family;
        const auto msp = makeMsp(parts, version);
        if (!msp.ok()) return "set-up: " + reasonOf(msp.status());
        CertificateTemplate content =
            cryptogenIdentity({"", "", "", "", {"client"}, "m", ""}, someDay());
        return refusalOf(*msp, test::issue(content, root, key).certificate);
    };
    using enum KeyAlgorithm;
    QCOMPARE(offered(EcdsaP256, EcdsaP384, MspVersion::V1_4_3, ""), std::string());
    QCOMPARE(offered(EcdsaP384, EcdsaP256, MspVersion::V1_4_3, ""), std::string());
    QCOMPARE(offered(EcdsaP256, Ed25519, MspVersion::V1_4_3, ""), std::string("UNSUPPORTED_KEY"));
    QCOMPARE(offered(EcdsaP256, Ed25519, MspVersion::V3_0, ""), std::string());
    QCOMPARE(offered(Ed25519, EcdsaP256, MspVersion::V3_0, ""), std::string());
    QCOMPARE(offered(Ed25519, EcdsaP256, MspVersion::V1_4_3, ""),
             std::string("set-up: UNSUPPORTED_KEY"));
    // SM2 and the others are two worlds: the hash family says which.
    QCOMPARE(offered(EcdsaP256, Sm2, MspVersion::V3_0, "SHA2"), std::string("UNSUPPORTED_KEY"));
    QCOMPARE(offered(Sm2, Sm2, MspVersion::V3_0, "SHA2"), std::string("set-up: UNSUPPORTED_KEY"));
    QCOMPARE(offered(Sm2, Sm2, MspVersion::V1_4_3, "SM3"), std::string());
    QCOMPARE(offered(Sm2, EcdsaP256, MspVersion::V1_4_3, "SM3"), std::string("UNSUPPORTED_KEY"));
}

void MspRulesTest::setUpRefusals() {
    const Holder other = test::makeRoot("other");
    const Holder ica = test::makeIntermediate(*m_root);
    const Holder member = makeMember(*m_root, {"client"});
    const auto reason = [&](auto change) {
        MspParts parts = m_parts;
        change(parts);
        const auto msp = makeMsp(parts);
        if (!msp.ok() && msp.status().code() != StatusCode::kInvalidArgument)
            return std::string("code");
        return reasonOf(msp.status());
    };
    QCOMPARE(reason([](MspParts&) {}), std::string());
    QCOMPARE(reason([](MspParts& p) { p.roots.clear(); }), std::string("NO_ROOT_CA"));
    QCOMPARE(reason([&](MspParts& p) { p.roots = {member.certificate}; }),
             std::string("BAD_CHAIN"));
    QCOMPARE(reason([&](MspParts& p) { p.intermediates = {ica.certificate}; }), std::string());
    QCOMPARE(reason([&](MspParts& p) {
                 p.roots = {other.certificate}, p.intermediates = {ica.certificate};
             }),
             std::string("UNKNOWN_CA"));
    QCOMPARE(reason([&](MspParts& p) { p.intermediates = {member.certificate}; }),
             std::string("CA_WITHOUT_CA_FLAG"));
    QCOMPARE(reason([&](MspParts& p) { p.crls = {"garbage"}; }), std::string("BAD_CRL"));
    QCOMPARE(reason([&](MspParts& p) { p.tlsRoots = {other.certificate}; }), std::string());
    QCOMPARE(reason([&](MspParts& p) { p.tlsRoots = {member.certificate}; }),
             std::string("CA_WITHOUT_CA_FLAG"));
    QCOMPARE(reason([&](MspParts& p) {
                 p.ouIdentifiers = {{"unit", other.certificate}};
             }),
             std::string("UNKNOWN_OU_CERTIFIER"));
    QCOMPARE(reason([&](MspParts& p) { p.nodeOuCertifier = other.certificate; }),
             std::string("UNKNOWN_OU_CERTIFIER"));
    QCOMPARE(reason([&](MspParts& p) { p.admins = {makeMember(other, {"admin"}).certificate}; }),
             std::string("UNKNOWN_CA"));
    QCOMPARE(reason([&](MspParts& p) { p.admins = {makeMember(*m_root, {"peer"}).certificate}; }),
             std::string("BAD_ADMIN"));
    QCOMPARE(reason([&](MspParts& p) { p.admins = {member.certificate}; }), std::string());
    QCOMPARE(reason([&](MspParts& p) { p.nodeOus = false; }), std::string("NO_ADMINS"));
    QCOMPARE(reason([&](MspParts& p) { p.nodeOus = false, p.admins = {member.certificate}; }),
             std::string());
    CertificateTemplate noKeyId = cryptogenCa({"", "", "", "", {}, "no id", ""}, someDay());
    noKeyId.subjectKeyId = CertificateTemplate::KeyId::None;
    const auto rootWithoutId = issueSelfSigned(noKeyId, test::makeKey());
    QCOMPARE(reason([&](MspParts& p) { p.roots = {*rootWithoutId}; }),
             std::string("CA_WITHOUT_SUBJECT_KEY_ID"));
    // A revoked intermediate CA makes the whole MSP unusable.
    QCOMPARE(reason([&](MspParts& p) {
                 p.intermediates = {ica.certificate}, p.crls = {crlOf(*m_root, {ica.certificate})};
             }),
             std::string("REVOKED"));
}

void MspRulesTest::oldVersionsNeedNoAdmins() {
    m_parts.nodeOus = false;
    for (const auto version : {MspVersion::V1_0, MspVersion::V1_1, MspVersion::V1_3})
        VERIFY_OK(makeMsp(m_parts, version));
    QCOMPARE(reasonOf(makeMsp(m_parts, MspVersion::V3_0).status()), std::string("NO_ADMINS"));
    // There administrators must be valid clients, and the other units have no meaning yet.
    m_parts.nodeOus = true;
    m_parts.admins = {makeMember(*m_root, {"admin"}).certificate};
    QCOMPARE(reasonOf(makeMsp(m_parts, MspVersion::V1_1).status()), std::string("BAD_ADMIN"));
    VERIFY_OK(makeMsp(m_parts, MspVersion::V1_4_3));
    m_parts.admins = {makeMember(*m_root, {"client"}).certificate};
    const MspPtr msp = valueOf(makeMsp(m_parts, MspVersion::V1_1));
    QCOMPARE(refusalOf(msp, makeMember(*m_root, {"admin"}).certificate), std::string("NO_ROLE_OU"));
    QCOMPARE(refusalOf(msp, makeMember(*m_root, {"peer"}).certificate), std::string());
    // Version 1.0 knows no roles at all.
    const MspPtr first = valueOf(makeMsp(m_parts, MspVersion::V1_0));
    QVERIFY(!first->hasNodeOus());
    QCOMPARE(refusalOf(first, makeMember(*m_root, {"anything"}).certificate), std::string());
    QVERIFY(!satisfies(first, makeMember(*m_root, {"peer"}).certificate,
                       role(::common::MSPRole::PEER)));
}

void MspRulesTest::adminsByCertificate() {
    const Certificate admin = makeMember(*m_root, {}).certificate;
    m_parts.nodeOus = false;
    m_parts.admins = {admin};
    const MspPtr msp = valueOf(makeMsp(m_parts));
    QVERIFY(satisfies(msp, admin, role(::common::MSPRole::ADMIN)));
    QVERIFY(satisfies(msp, highS(admin), role(::common::MSPRole::ADMIN)));
    QVERIFY(satisfies(msp, admin, role(::common::MSPRole::MEMBER)));
    const Certificate member = makeMember(*m_root, {"admin"}).certificate;
    QVERIFY(satisfies(msp, member, role(::common::MSPRole::MEMBER)));
    for (const auto type : {::common::MSPRole::ADMIN, ::common::MSPRole::CLIENT,
                            ::common::MSPRole::PEER, ::common::MSPRole::ORDERER})
        QVERIFY(!satisfies(msp, member, role(type)));
}

void MspRulesTest::adminsByUnit() {
    const Certificate listed = makeMember(*m_root, {"client"}).certificate;
    m_parts.admins = {listed};
    m_parts.crls = {crlOf(*m_root, {listed})};
    const MspPtr msp = valueOf(makeMsp(m_parts));
    // An administrator's certificate counts by its bytes alone, even when it has been revoked
    // since.
    QCOMPARE(refusalOf(msp, listed), std::string("REVOKED"));
    QVERIFY(satisfies(msp, listed, role(::common::MSPRole::ADMIN)));
    QVERIFY(!satisfies(msp, listed, role(::common::MSPRole::MEMBER)));
    QVERIFY(
        satisfies(msp, makeMember(*m_root, {"admin"}).certificate, role(::common::MSPRole::ADMIN)));
    QVERIFY(!satisfies(msp, makeMember(*m_root, {"client"}).certificate,
                       role(::common::MSPRole::ADMIN)));
}

void MspRulesTest::rolesByVersion() {
    m_parts.admins = {makeMember(*m_root, {"client"}).certificate};
    const Certificate orderer = makeMember(*m_root, {"orderer"}).certificate;
    const Certificate admin = makeMember(*m_root, {"admin"}).certificate;
    for (const auto& [version, hasNewRoles] :
         {std::pair(MspVersion::V1_1, false), std::pair(MspVersion::V1_3, false),
          std::pair(MspVersion::V1_4_3, true), std::pair(MspVersion::V3_0, true)}) {
        const MspPtr msp = valueOf(makeMsp(m_parts, version));
        QCOMPARE(satisfies(msp, orderer, role(::common::MSPRole::ORDERER)), hasNewRoles);
        QCOMPARE(satisfies(msp, admin, role(::common::MSPRole::ADMIN)), hasNewRoles);
        QVERIFY(satisfies(msp, makeMember(*m_root, {"peer"}).certificate,
                          role(::common::MSPRole::PEER)));
        QVERIFY(satisfies(msp, makeMember(*m_root, {"client"}).certificate,
                          role(::common::MSPRole::CLIENT)));
    }
}

void MspRulesTest::roleUnits() {
    const MspPtr msp = valueOf(makeMsp(m_parts));
    const auto reason = [&](const std::vector<std::string>& units) {
        return refusalOf(msp, makeMember(*m_root, units).certificate);
    };
    QCOMPARE(reason({"client"}), std::string());
    QCOMPARE(reason({"client", "sales"}), std::string());
    QCOMPARE(reason({}), std::string("NO_ROLE_OU"));
    QCOMPARE(reason({"Client"}), std::string("NO_ROLE_OU"));
    QCOMPARE(reason({"client "}), std::string("NO_ROLE_OU"));
    QCOMPARE(reason({"client", "peer"}), std::string("SEVERAL_ROLE_OUS"));
    QCOMPARE(reason({"peer", "peer"}), std::string("SEVERAL_ROLE_OUS"));
}

void MspRulesTest::pinnedCertifier() {
    const Holder first = test::makeIntermediate(*m_root, "first");
    const Holder second = test::makeIntermediate(*m_root, "second");
    m_parts.intermediates = {first.certificate, second.certificate};
    m_parts.nodeOuCertifier = first.certificate;
    const MspPtr msp = valueOf(makeMsp(m_parts));
    QCOMPARE(refusalOf(msp, makeMember(first, {"peer"}).certificate), std::string());
    QCOMPARE(refusalOf(msp, makeMember(second, {"peer"}).certificate),
             std::string("WRONG_CERTIFIER"));
    // An inner CA cannot vouch, a lone root can.
    m_parts.nodeOuCertifier = m_root->certificate;
    VERIFY_OK(makeMsp(m_parts));
    m_parts.intermediates.clear();
    const MspPtr lone = valueOf(makeMsp(m_parts));
    QCOMPARE(refusalOf(lone, makeMember(*m_root, {"peer"}).certificate), std::string());
    // The certifier is compared in its low-S form.
    m_parts.nodeOuCertifier = highS(m_root->certificate);
    QCOMPARE(refusalOf(valueOf(makeMsp(m_parts)), makeMember(*m_root, {"peer"}).certificate),
             std::string());
}

void MspRulesTest::ouIdentifiers() {
    const Holder first = test::makeIntermediate(*m_root, "first");
    const Holder second = test::makeIntermediate(*m_root, "second");
    m_parts.intermediates = {first.certificate, second.certificate};
    m_parts.ouIdentifiers = {
        {"sales", first.certificate}, {"legal", second.certificate}, {"sales", first.certificate}};
    const MspPtr msp = valueOf(makeMsp(m_parts));
    const auto reason = [&](const Holder& ca, const std::vector<std::string>& units) {
        return refusalOf(msp, makeMember(ca, units).certificate);
    };
    QCOMPARE(reason(first, {"client", "sales"}), std::string());
    QCOMPARE(reason(second, {"client", "legal"}), std::string());
    QCOMPARE(reason(first, {"client", "legal"}), std::string("OU_NOT_ALLOWED"));
    QCOMPARE(reason(first, {"client"}), std::string("OU_NOT_ALLOWED"));
    QCOMPARE(reason(first, {"sales"}), std::string("NO_ROLE_OU"));
}

void MspRulesTest::certifiersIdentifier() {
    const Holder ica = test::makeIntermediate(*m_root);
    m_parts.intermediates = {ica.certificate};
    const MspPtr msp = valueOf(makeMsp(m_parts));
    const Holder member = makeMember(ica, {"client", "sales"});
    const Bytes expected = crypto::sha256({ica.certificate.der(), m_root->certificate.der()});
    const auto units = msp->organizationalUnits(*identityOf(msp, member.certificate));
    QVERIFY((units == std::vector<OrganizationalUnit>{{"sales", expected}, {"client", expected}}));
    QVERIFY(satisfies(msp, member.certificate, unit("sales", expected)));
    QVERIFY(!satisfies(msp, member.certificate, unit("sales", "")));
    QVERIFY(!satisfies(msp, member.certificate, unit("legal", expected)));
    QVERIFY(!satisfies(msp, member.certificate,
                       unit("sales", crypto::sha256(m_root->certificate.der()))));
    QVERIFY(!satisfies(msp, member.certificate, unit("sales", expected, "OtherMSP")));
    // Valid it must be, too.
    QVERIFY(!satisfies(msp, makeMember(ica, {"sales"}).certificate, unit("sales", expected)));
}

void MspRulesTest::innerCasIssueNobody() {
    const Holder ica = test::makeIntermediate(*m_root);
    const Certificate direct = makeMember(*m_root, {"client"}).certificate;
    QCOMPARE(refusalOf(valueOf(makeMsp(m_parts)), direct), std::string());
    m_parts.intermediates = {ica.certificate};
    const MspPtr msp = valueOf(makeMsp(m_parts));
    QCOMPARE(refusalOf(msp, direct), std::string("ISSUER_HAS_CA_BELOW"));
    QVERIFY(msp->organizationalUnits(*identityOf(msp, direct)).empty());
    QCOMPARE(refusalOf(msp, makeMember(ica, {"client"}).certificate), std::string());
    QCOMPARE(refusalOf(msp, m_root->certificate), std::string("CERTIFICATE_IS_CA"));
    QCOMPARE(refusalOf(msp, ica.certificate), std::string("CERTIFICATE_IS_CA"));
    QCOMPARE(refusalOf(msp, test::makeRoot("stranger").certificate),
             std::string("CERTIFICATE_IS_CA"));
}

void MspRulesTest::revocation() {
    const Holder ica = test::makeIntermediate(*m_root);
    const Certificate gone = makeMember(ica, {"client"}).certificate;
    const Certificate stays = makeMember(ica, {"client"}).certificate;
    m_parts.intermediates = {ica.certificate};
    const auto reason = [&](std::vector<Bytes> crls, const Certificate& certificate) {
        m_parts.crls = std::move(crls);
        return refusalOf(valueOf(makeMsp(m_parts)), certificate);
    };
    QCOMPARE(reason({crlOf(ica, {gone})}, gone), std::string("REVOKED"));
    QCOMPARE(reason({crlOf(ica, {gone})}, stays), std::string());
    QCOMPARE(reason({crlOf(ica, {stays}), crlOf(ica, {gone})}, gone), std::string("REVOKED"));
    QCOMPARE(reason({RevocationList::fromBytes(crlOf(ica, {gone}))->der()}, gone),
             std::string("REVOKED"));
    // A list of another CA says nothing, even with the same serial number.
    QCOMPARE(reason({crlOf(*m_root, {gone})}, gone), std::string());
    // Nor does one that claims this CA's key identifier but is signed by another key.
    const Bytes good = RevocationList::fromBytes(crlOf(ica, {gone}))->der();
    Bytes forged = good;
    forged.back() = char(forged.back() ^ 1);
    QCOMPARE(reason({crypto::writePem("X509 CRL", forged)}, gone), std::string());
    QCOMPARE(reason({crypto::writePem("X509 CRL", forged), good}, gone), std::string("REVOKED"));
}

void MspRulesTest::lowSIsWhatCounts() {
    const Holder member = makeMember(*m_root, {"client"});
    const Certificate high = highS(member.certificate);
    QVERIFY(high.der() != member.certificate.der());
    const MspPtr msp = valueOf(makeMsp(m_parts));
    const IdentityPtr one = identityOf(msp, member.certificate);
    const IdentityPtr two = identityOf(msp, high);
    QCOMPARE(one->identifier(), member.certificate.fingerprint());
    QCOMPARE(two->identifier(), one->identifier());
    QVERIFY(two->certificate() == member.certificate);
    QVERIFY(two->serialized() != one->serialized());
    VERIFY_OK(msp->validate(*two));
    VERIFY_OK(msp->satisfies(
        *two, principalOf(::common::MSPPrincipal::IDENTITY, serialized(member.certificate))));
    VERIFY_OK(
        msp->satisfies(*one, principalOf(::common::MSPPrincipal::IDENTITY, serialized(high))));
    // A root with high S is the same MSP's root, and members' certifiers identifiers come from its
    // low form.
    m_parts.roots = {highS(m_root->certificate)};
    const MspPtr same = valueOf(makeMsp(m_parts));
    QVERIFY(same->rootCertificates().front() == m_root->certificate);
    QCOMPARE(same->organizationalUnits(*identityOf(same, member.certificate))
                 .front()
                 .certifiersIdentifier,
             crypto::sha256(m_root->certificate.der()));
}

// What no ECDSA CA signed is not rewritten, so its chain is looked at only by validation.
void MspRulesTest::otherCasAreJudgedLater() {
    const Holder root = test::makeRoot("root", KeyAlgorithm::Ed25519);
    const Holder stranger = test::makeRoot("stranger", KeyAlgorithm::Ed25519);
    MspParts parts;
    parts.roots = {root.certificate};
    const MspPtr msp = valueOf(makeMsp(parts, MspVersion::V3_0));
    const Certificate certificate = makeMember(stranger, {"client"}).certificate;
    const auto identity = msp->deserialize(serialized(certificate));
    VERIFY_OK(identity);
    QCOMPARE(reasonOf(msp->validate(**identity)), std::string("UNKNOWN_CA"));
    QVERIFY(msp->organizationalUnits(**identity).empty());
}

void MspRulesTest::principals() {
    const MspPtr msp = valueOf(makeMsp(m_parts));
    const Certificate member = makeMember(*m_root, {"client"}).certificate;
    const IdentityPtr identity = identityOf(msp, member);
    const auto reason = [&](const ::common::MSPPrincipal& principal) {
        const Status status = msp->satisfies(*identity, principal);
        if (!status.ok() && status.code() != StatusCode::kPermissionDenied)
            return std::string("code");
        return reasonOf(status);
    };
    QCOMPARE(reason(role(::common::MSPRole::CLIENT)), std::string());
    QCOMPARE(reason(role(::common::MSPRole::PEER)), std::string("WRONG_ROLE"));
    QCOMPARE(reason(role(::common::MSPRole::CLIENT, "OtherMSP")), std::string("OTHER_MSP"));
    QCOMPARE(reason(role(::common::MSPRole::MSPRoleType(9))), std::string("UNKNOWN_ROLE"));
    QCOMPARE(reason(principalOf(::common::MSPPrincipal::IDENTITY, serialized(member))),
             std::string());
    QCOMPARE(reason(principalOf(::common::MSPPrincipal::IDENTITY,
                                serialized(makeMember(*m_root, {"client"}).certificate))),
             std::string("OTHER_IDENTITY"));
    QCOMPARE(reason(principalOf(::common::MSPPrincipal::IDENTITY, serialized(member, "OtherMSP"))),
             std::string("WRONG_MSP"));
    QCOMPARE(reason(anonymity(::common::MSPIdentityAnonymity::NOMINAL)), std::string());
    QCOMPARE(reason(anonymity(::common::MSPIdentityAnonymity::ANONYMOUS)),
             std::string("NOT_ANONYMOUS"));
    QCOMPARE(reason(principalOf(Classification(9), "")), std::string("UNKNOWN_PRINCIPAL"));
    for (const auto kind : {::common::MSPPrincipal::ROLE, ::common::MSPPrincipal::ORGANIZATION_UNIT,
                            ::common::MSPPrincipal::IDENTITY, ::common::MSPPrincipal::ANONYMITY,
                            ::common::MSPPrincipal::COMBINED})
        QCOMPARE(reason(principalOf(kind, "\xff")), std::string("MALFORMED_PROTOBUF"));
    m_parts.admins = {member};
    const MspPtr old = valueOf(makeMsp(m_parts, MspVersion::V1_1));
    QCOMPARE(reasonOf(old->satisfies(*identityOf(old, member),
                                     anonymity(::common::MSPIdentityAnonymity::NOMINAL))),
             std::string("UNKNOWN_PRINCIPAL"));
    QCOMPARE(reasonOf(old->satisfies(*identityOf(old, member),
                                     combined({role(::common::MSPRole::MEMBER)}))),
             std::string("UNKNOWN_PRINCIPAL"));
}

void MspRulesTest::combinedPrincipals() {
    const MspPtr msp = valueOf(makeMsp(m_parts));
    const Certificate member = makeMember(*m_root, {"client", "sales"}).certificate;
    const auto client = role(::common::MSPRole::CLIENT);
    const auto peer = role(::common::MSPRole::PEER);
    const auto sales = unit("sales", crypto::sha256(m_root->certificate.der()));
    QVERIFY(satisfies(msp, member, combined({client, sales})));
    QVERIFY(!satisfies(msp, member, combined({client, sales, peer})));
    QVERIFY(satisfies(msp, member, combined({combined({client}), combined({sales, client})})));
    QVERIFY(!satisfies(msp, member, combined({})));
    QVERIFY(!satisfies(msp, member, combined({client, combined({})})));
    ::common::MSPPrincipal deep = client;
    for (int i = 0; i < 1'000; ++i) deep = combined({deep});
    QCOMPARE(reasonOf(msp->satisfies(*identityOf(msp, member), deep)),
             std::string("PRINCIPAL_TOO_LARGE"));
}

void MspRulesTest::malformedInput() {
    const MspPtr msp = valueOf(makeMsp(m_parts));
    const auto reason = [&](BytesView bytes) { return reasonOf(msp->deserialize(bytes).status()); };
    QCOMPARE(reason(""), std::string("WRONG_MSP"));
    QCOMPARE(reason("\xff"), std::string("MALFORMED_PROTOBUF"));
    QCOMPARE(reason(serializeIdentity(MspId("TestMSP"), "")), std::string("NOT_PEM"));
    QCOMPARE(reason(serializeIdentity(MspId("TestMSP"), "text")), std::string("NOT_PEM"));
    QCOMPARE(reason(serializeIdentity(MspId("TestMSP"), crypto::writePem("CERTIFICATE", "x"))),
             std::string("BAD_CERTIFICATE"));
    QCOMPARE(reason(serializeIdentity(MspId("testmsp"), "text")), std::string("WRONG_MSP"));
    const Bytes good = serialized(makeMember(*m_root, {"client"}).certificate);
    QCOMPARE(reason(good), std::string());
    for (std::size_t size = 0; size < good.size(); ++size)
        QVERIFY(!reason(BytesView(good).substr(0, size)).empty());
    // Unknown fields are of no consequence; the bytes stay what they are.
    const Bytes more = good + Bytes("\x78\x01", 2);
    QCOMPARE((*msp->deserialize(more))->serialized(), more);
    // An identity with a megabyte of text before it is judged but not kept.
    const Certificate member = makeMember(*m_root, {"client"}).certificate;
    const auto large = msp->deserialize(
        serializeIdentity(MspId("TestMSP"), Bytes(500'000, '\n') + member.toPem()));
    VERIFY_OK(large);
    VERIFY_OK(msp->validate(**large));
}

void MspRulesTest::otherMsps() {
    const Holder other = test::makeRoot("other");
    MspParts parts;
    parts.name = "OtherMSP";
    parts.roots = {other.certificate};
    const MspSet set({valueOf(makeMsp(m_parts)), valueOf(makeMsp(parts))});
    QVERIFY((set.ids() == std::vector<MspId>{MspId("OtherMSP"), MspId("TestMSP")}));
    QVERIFY(set.find(MspId("TestMSP")) && !set.find(MspId("NoMSP")));
    const Certificate member = makeMember(*m_root, {"client"}).certificate;
    const auto identity = set.deserialize(serialized(member));
    VERIFY_OK(identity);
    VERIFY_OK(set.validate(**identity));
    VERIFY_OK(set.satisfies(**identity, role(::common::MSPRole::CLIENT)));
    // A valid certificate of one organisation that claims the other.
    QCOMPARE(reasonOf(set.deserialize(serialized(member, "OtherMSP")).status()),
             std::string("UNKNOWN_CA"));
    QCOMPARE(reasonOf(set.deserialize(serialized(member, "NoMSP")).status()),
             std::string("UNKNOWN_MSP"));
    QCOMPARE(set.deserialize(serialized(member, "NoMSP")).status().code(),
             StatusCode::kUnauthenticated);
    QCOMPARE(reasonOf(set.deserialize("\x0a").status()), std::string("MALFORMED_PROTOBUF"));
    QCOMPARE(reasonOf(set.deserialize("").status()), std::string("UNKNOWN_MSP"));
    const MspSet none;
    QCOMPARE(reasonOf(none.validate(**identity)), std::string("UNKNOWN_MSP"));
    QCOMPARE(reasonOf(none.satisfies(**identity, role(::common::MSPRole::CLIENT))),
             std::string("UNKNOWN_MSP"));
}

void MspRulesTest::doors() {
    const MspPtr msp = valueOf(makeMsp(m_parts));
    const Certificate member = makeMember(*m_root, {"client"}).certificate;
    const IdentityPtr identity = identityOf(msp, member);
    const auto reason = [&](absl::Time now) {
        return reasonOf(checkAtDoor(*identity, FixedClock(now)));
    };
    QCOMPARE(reason(member.notBefore()), std::string());
    QCOMPARE(reason(member.notAfter()), std::string());
    QCOMPARE(reason(member.notBefore() - absl::Seconds(1)), std::string("NOT_YET_VALID"));
    QCOMPARE(reason(member.notAfter() + absl::Seconds(1)), std::string("CERTIFICATE_EXPIRED"));
    // The ledger's verdict has no clock.
    VERIFY_OK(msp->validate(*identity));
}

void MspRulesTest::wellFormed() {
    const Certificate member = makeMember(*m_root, {"client"}).certificate;
    const std::string pem = member.toPem();
    const auto reason = [](const std::string& text) {
        return reasonOf(checkWellFormed(serializeIdentity(MspId("Any"), text)));
    };
    QCOMPARE(reason(pem), std::string());
    QCOMPARE(reason("text\n" + pem), std::string());
    QCOMPARE(reason(crypto::writePem("", member.der())), std::string());
    QCOMPARE(reason(highS(member).toPem()), std::string());
    QCOMPARE(reason(pem + "\n"), std::string("NOT_WELL_FORMED"));
    QCOMPARE(reason(pem + pem), std::string("NOT_WELL_FORMED"));
    QCOMPARE(reason(crypto::writePem("TRUSTED CERTIFICATE", member.der())),
             std::string("NOT_WELL_FORMED"));
    QCOMPARE(reason(""), std::string("NOT_PEM"));
    QCOMPARE(reason(crypto::writePem("CERTIFICATE", "x")), std::string("BAD_CERTIFICATE"));
    QCOMPARE(reasonOf(checkWellFormed("\xff")), std::string("MALFORMED_PROTOBUF"));
    const auto& impl = member.impl();
    const Bytes odd = crypto::derSequence(
        {impl.tbs, impl.signatureAlgorithm, crypto::derBitString(Bytes(impl.signature) + "x")});
    QCOMPARE(reason(crypto::writePem("CERTIFICATE", odd)), std::string("NOT_WELL_FORMED"));
}

void MspRulesTest::verdictsAreShared() {
    const MspPtr msp = valueOf(makeMsp(m_parts));
    // The same configuration is the same object, so that a new bundle keeps what was found out.
    QCOMPARE(valueOf(makeMsp(m_parts)).get(), msp.get());
    QVERIFY(valueOf(makeMsp(m_parts, MspVersion::V3_0)).get() != msp.get());
    const Certificate member = makeMember(*m_root, {"client"}).certificate;
    const IdentityPtr first = identityOf(msp, member);
    QCOMPARE(identityOf(msp, member).get(), first.get());
    // Other bytes around the same certificate are another identity with the same membership.
    const auto other =
        msp->deserialize(serializeIdentity(MspId("TestMSP"), "text\n" + member.toPem()));
    VERIFY_OK(other);
    QVERIFY(other->get() != first.get());
    QCOMPARE((*other)->membership().get(), first->membership().get());
}

void MspRulesTest::verdictsOfOtherMspsDoNotCount() {
    const Certificate member = makeMember(*m_root, {"client"}).certificate;
    const MspPtr before = valueOf(makeMsp(m_parts));
    const IdentityPtr identity = identityOf(before, member);
    VERIFY_OK(before->validate(*identity));
    m_parts.crls = {crlOf(*m_root, {member})};
    const MspPtr after = valueOf(makeMsp(m_parts));
    QCOMPARE(reasonOf(after->validate(*identity)), std::string("REVOKED"));
    QCOMPARE(reasonOf(after->satisfies(*identity, role(::common::MSPRole::CLIENT))),
             std::string("REVOKED"));
    VERIFY_OK(before->validate(*identity));
    MspParts parts;
    parts.name = "OtherMSP";
    parts.roots = {m_root->certificate};
    const MspPtr other = valueOf(makeMsp(parts));
    QCOMPARE(reasonOf(other->validate(*identity)), std::string("WRONG_MSP"));
    QVERIFY(!other->satisfies(*identity, role(::common::MSPRole::MEMBER, "OtherMSP")).ok());
    // An identity that no MSP made is judged by its bytes.
    const Identity bare(MspId("TestMSP"), member, "id", serialized(member),
                        crypto::HashAlgorithm::Sha256);
    VERIFY_OK(before->validate(bare));
}

void MspRulesTest::threadsAgree() {
    m_parts.crls = {crlOf(*m_root, {})};
    const MspSet set({valueOf(makeMsp(m_parts))});
    std::vector<Bytes> good, bad;
    for (int i = 0; i < 10; ++i) {
        good.push_back(serialized(makeMember(*m_root, {"client"}).certificate));
        bad.push_back(serialized(makeMember(*m_root, {"nothing"}).certificate));
    }
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int round = 0; round < 20; ++round)
                for (std::size_t i = 0; i < good.size(); ++i) {
                    const auto one = set.deserialize(good[i]);
                    const auto two = set.deserialize(bad[i]);
                    if (!one.ok() || !set.satisfies(**one, role(::common::MSPRole::CLIENT)).ok())
                        ++wrong;
                    if (!two.ok() || reasonOf(set.validate(**two)) != "NO_ROLE_OU") ++wrong;
                }
        });
    for (auto& thread : threads) thread.join();
    QCOMPARE(wrong.load(), 0);
}

CHANCERY_TEST(MspRulesTest)
#include "MspRulesTest.moc"
