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

/// Who is valid, and who has which role.
class MspRulesTest : public MspCases {
    Q_OBJECT
private slots:
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
};

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

CHANCERY_TEST(MspRulesTest)
#include "MspRulesTest.moc"
