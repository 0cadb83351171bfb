#include <fmt/format.h>

#include "fabric/msp/identities.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "src/base/Encoding.h"
#include "src/crypto/Der.h"
#include "src/crypto/Digest.h"
#include "src/crypto/Pem.h"
#include "src/identity/CertificateImpl.h"
#include "tests/src/identity/MspCases.h"

using namespace chancery;
using namespace chancery::identity;
using namespace chancery::test;
using crypto::KeyAlgorithm;

/// Which MSP configurations are taken at all.
class MspSetUpTest : public MspCases {
    Q_OBJECT
private slots:
    void types();
    void hashFamilies();
    void keyKinds();
    void setUpRefusals();
    void oldVersionsNeedNoAdmins();
};

void MspSetUpTest::types() {
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

void MspSetUpTest::hashFamilies() {
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

void MspSetUpTest::keyKinds() {
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

void MspSetUpTest::setUpRefusals() {
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

void MspSetUpTest::oldVersionsNeedNoAdmins() {
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

CHANCERY_TEST(MspSetUpTest)
#include "MspSetUpTest.moc"
