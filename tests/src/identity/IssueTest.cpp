#include "src/identity/Issue.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/crypto/Pem.h"
#include "src/identity/CertificateImpl.h"
#include "src/identity/ChainBuilder.h"
#include "tests/src/identity/Issuing.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::identity;
using crypto::KeyAlgorithm;
using test::Holder;
using test::someDay;

namespace {

Certificate vectorCertificate(const std::string& path) {
    return *Certificate::fromPem(test::vectorFile("msp/" + path));
}
crypto::PrivateKey vectorKey(const std::string& path) {
    return *crypto::PrivateKey::fromPem(test::vectorFile("msp/" + path));
}

// The time from which cryptogen's templates count to arrive at this certificate.
absl::Time madeAt(const Certificate& certificate) {
    return certificate.notBefore() + absl::Minutes(5);
}

CertificateTemplate withSerialOf(CertificateTemplate content, const Certificate& certificate) {
    content.serial = *fromHex(certificate.serialHex());
    return content;
}

const SubjectName kPlace = {"US", "California", "San Francisco", "", {}, "", ""};

SubjectName inPlace(std::string commonName, std::vector<std::string> units = {},
                    std::string organization = {}) {
    SubjectName name = kPlace;
    name.commonName = std::move(commonName);
    name.organizationalUnits = std::move(units);
    name.organization = std::move(organization);
    return name;
}

}  // namespace

class IssueTest : public QObject {
    Q_OBJECT
private slots:
    void signsTheBytesThatCryptogenSigns();
    void issuedIdentitiesAreMembers_data();
    void issuedIdentitiesAreMembers();
    void fabricCaTemplates();
    void attributesAreReadBack();
    void tlsNames();
    void serialNumbers();
    void refuses();
    void requests_data();
    void requests();
    void hostileRequests();
    void revocationLists();
    void hostileRevocationLists();
};

// With the same name, key, serial number and time, the signed part is cryptogen's to the byte.
void IssueTest::signsTheBytesThatCryptogenSigns() {
    const std::string org = "peerOrganizations/alpha.pub.test/";
    const Certificate ca = vectorCertificate(org + "ca/ca.alpha.pub.test-cert.pem");
    const crypto::PrivateKey caKey = vectorKey(org + "ca/priv_sk");
    const auto root = issueSelfSigned(
        withSerialOf(cryptogenCa(inPlace("ca.alpha.pub.test", {}, "alpha.pub.test"), madeAt(ca)),
                     ca),
        caKey);
    VERIFY_OK(root);
    QCOMPARE(toHex(root->impl().tbs), toHex(ca.impl().tbs));

    for (const auto& [folder, commonName, unit] :
         {std::tuple("peers/peer0.alpha.pub.test", "peer0.alpha.pub.test", "peer"),
          std::tuple("users/Admin@alpha.pub.test", "Admin@alpha.pub.test", "admin"),
          std::tuple("users/User1@alpha.pub.test", "User1@alpha.pub.test", "client")}) {
        const Certificate given = vectorCertificate(
            fmt::format("{}{}/msp/signcerts/{}-cert.pem", org, folder, commonName));
        const auto made = issueCertificate(
            withSerialOf(cryptogenIdentity(inPlace(commonName, {unit}), madeAt(given)), given),
            given.publicKey(), ca, caKey);
        VERIFY_OK(made);
        QCOMPARE(toHex(made->impl().tbs), toHex(given.impl().tbs));
    }

    const Certificate tlsCa = vectorCertificate(org + "tlsca/tlsca.alpha.pub.test-cert.pem");
    const Certificate tls = vectorCertificate(org + "peers/peer0.alpha.pub.test/tls/server.crt");
    const auto made = issueCertificate(
        withSerialOf(cryptogenTls(inPlace("peer0.alpha.pub.test"), tls.hosts(), madeAt(tls)), tls),
        tls.publicKey(), tlsCa, vectorKey(org + "tlsca/priv_sk"));
    VERIFY_OK(made);
    QCOMPARE(toHex(made->impl().tbs), toHex(tls.impl().tbs));
}

void IssueTest::issuedIdentitiesAreMembers_data() {
    QTest::addColumn<int>("algorithm");
    QTest::addColumn<int>("version");
    QTest::addColumn<QByteArray>("hashFamily");
    const auto row = [](const char* name, KeyAlgorithm algorithm, MspVersion version,
                        const char* family) {
        QTest::newRow(name) << int(algorithm) << int(version) << QByteArray(family);
    };
    row("P-256", KeyAlgorithm::EcdsaP256, MspVersion::V1_4_3, "SHA2");
    row("P-384", KeyAlgorithm::EcdsaP384, MspVersion::V1_4_3, "SHA2");
    row("P-256 with SHA-3", KeyAlgorithm::EcdsaP256, MspVersion::V1_4_3, "SHA3");
    row("P-224", KeyAlgorithm::EcdsaP224, MspVersion::V1_4_3, "");
    row("P-521", KeyAlgorithm::EcdsaP521, MspVersion::V3_0, "");
    row("Ed25519", KeyAlgorithm::Ed25519, MspVersion::V3_0, "SHA2");
    row("SM2", KeyAlgorithm::Sm2, MspVersion::V1_4_3, "SM3");
}

void IssueTest::issuedIdentitiesAreMembers() {
    QFETCH(int, algorithm);
    QFETCH(int, version);
    QFETCH(QByteArray, hashFamily);
    const Holder root = test::makeRoot("root.test", KeyAlgorithm(algorithm));
    const Holder ca = test::makeIntermediate(root);
    const Holder member = test::makeMember(ca, {"client"});
    QCOMPARE(member.certificate.publicKey().algorithm(), KeyAlgorithm(algorithm));
    VERIFY_OK(checkSignedBy(root.certificate, root.certificate));
    VERIFY_OK(checkSignedBy(member.certificate, ca.certificate));
    QVERIFY(!checkSignedBy(member.certificate, root.certificate).ok());

    test::MspParts parts;
    parts.roots = {root.certificate};
    parts.intermediates = {ca.certificate};
    parts.hashFamily = hashFamily.toStdString();
    const auto msp = test::makeMsp(parts, MspVersion(version));
    VERIFY_OK(msp);
    const auto identity =
        (*msp)->deserialize(serializeIdentity(MspId("TestMSP"), member.certificate.toPem()));
    VERIFY_OK(identity);
    VERIFY_OK((*msp)->validate(**identity));
    const Bytes signature = *member.key.sign("message", (*msp)->messageHash());
    VERIFY_OK((*identity)->verify("message", signature));
    QVERIFY(!(*identity)->verify("massage", signature).ok());
}

void IssueTest::fabricCaTemplates() {
    const absl::Time now = someDay();
    const crypto::PrivateKey rootKey = test::makeKey();
    const auto root = issueSelfSigned(fabricCaRoot(inPlace("root"), now), rootKey);
    VERIFY_OK(root);
    QCOMPARE(root->impl().extensions.pathLength, std::optional(1));
    QCOMPARE(root->subjectKeyId().size(), std::size_t(20));
    QCOMPARE(root->notAfter(), now + absl::Hours(131400));
    const Holder issuer{rootKey, *root};
    const Holder ca = test::issue(fabricCaIntermediate(inPlace("ica"), *root, now), issuer);
    QCOMPARE(ca.certificate.impl().extensions.pathLength, std::optional(0));
    QCOMPARE(ca.certificate.authorityKeyId(), root->subjectKeyId());
    const absl::Time later = now + absl::Hours(24 * 400);
    const Holder member = test::issue(
        fabricCaIdentity(inPlace("user", {"client", "org1", "department1"}), ca.certificate, later),
        ca);
    // It begins when its CA began, so that the ledger's rule (valid as of NotBefore + 1 s) never
    // stumbles over the CA.
    QCOMPARE(member.certificate.notBefore(), ca.certificate.notBefore());
    QCOMPARE(member.certificate.notAfter(), later + absl::Hours(8760));
    QCOMPARE(member.certificate.subjectKeyId().size(), std::size_t(20));
    QCOMPARE(member.certificate.serialHex().size(), std::size_t(40));
    QCOMPARE(member.certificate.organizationalUnits(),
             (std::vector<std::string>{"org1", "client", "department1"}));
    QCOMPARE(
        member.certificate.subject(),
        std::string("CN=user,OU=org1+OU=client+OU=department1,L=San Francisco,ST=California,C=US"));
    // Never longer than the CA.
    const auto atTheEnd = fabricCaTls(inPlace("tls"), {"localhost"}, ca.certificate,
                                      ca.certificate.notAfter() - absl::Hours(1));
    QCOMPARE(atTheEnd.notAfter, ca.certificate.notAfter());

    test::MspParts parts;
    parts.roots = {*root};
    parts.intermediates = {ca.certificate};
    const auto msp = test::makeMsp(parts);
    VERIFY_OK(msp);
    QCOMPARE(test::refusalOf(*msp, member.certificate), std::string());
}

void IssueTest::attributesAreReadBack() {
    // This one's extension holds no JSON (its quotes are missing): no attributes, but a
    // certificate.
    QVERIFY(vectorCertificate("extra/attribute_ext/cert.pem").attributes().empty());
    const Holder root = test::makeRoot();
    CertificateTemplate content =
        fabricCaIdentity(inPlace("user", {"client"}), root.certificate, someDay());
    content.attributes = {{"role", "<auditor> & \"more\""}, {"hf.Affiliation", "a.b"}};
    const Certificate certificate = test::issue(content, root).certificate;
    const std::vector<std::pair<std::string, std::string>> expected = {
        {"hf.Affiliation", "a.b"}, {"role", "<auditor> & \"more\""}};
    QCOMPARE(certificate.attributes(), expected);
    QVERIFY(certificate.der().find("{\"attrs\":{\"hf.Affiliation\":\"a.b\",\"role\":"
                                   "\"\\u003cauditor\\u003e \\u0026 \\\"more\\\"\"}}") !=
            Bytes::npos);
    content.attributes.emplace();
    const Certificate empty = test::issue(content, root).certificate;
    QVERIFY(empty.attributes().empty());
    QVERIFY(empty.der().find("{\"attrs\":{}}") != Bytes::npos);
    content.attributes.reset();
    QVERIFY(test::issue(content, root).certificate.der().find("attrs") == Bytes::npos);
}

void IssueTest::tlsNames() {
    const Holder root = test::makeRoot();
    const std::vector<std::string> hosts = {"peer0.org1", "localhost", "127.0.0.1", "::1",
                                            "admin@org1"};
    const Certificate certificate =
        test::issue(cryptogenTls(inPlace("peer0"), hosts, someDay()), root).certificate;
    QCOMPARE(certificate.hosts(),
             (std::vector<std::string>{"peer0.org1", "localhost", "127.0.0.1", "::1"}));
    QCOMPARE(certificate.impl().extensions.altNames.back().kind, NameKind::Email);
    QCOMPARE(certificate.impl().extensions.extendedKeyUsages.size(), std::size_t(2));
}

void IssueTest::serialNumbers() {
    const Holder root = test::makeRoot();
    std::set<std::string> seen;
    for (int i = 0; i < 20; ++i) {
        const std::string serial = test::makeMember(root, {"client"}).certificate.serialHex();
        QCOMPARE(serial.size(), std::size_t(32));
        QVERIFY(seen.insert(serial).second);
    }
}

void IssueTest::refuses() {
    const Holder root = test::makeRoot();
    const Holder other = test::makeRoot("other.test");
    const Holder member = test::makeMember(root, {"client"});
    const crypto::PrivateKey key = test::makeKey();
    const CertificateTemplate good = cryptogenIdentity(inPlace("x"), someDay());
    const auto reason = [&](const CertificateTemplate& content, const Certificate& issuer,
                            const crypto::PrivateKey& issuerKey) {
        return reasonOf(issueCertificate(content, key.publicKey(), issuer, issuerKey).status());
    };
    QCOMPARE(reason(good, root.certificate, root.key), std::string());
    QCOMPARE(reason(good, root.certificate, other.key), std::string("KEY_MISMATCH"));
    QCOMPARE(reason(good, member.certificate, member.key), std::string("CA_MAY_NOT_SIGN"));
    const auto changed = [&](auto change) {
        CertificateTemplate content = good;
        change(content);
        return reason(content, root.certificate, root.key);
    };
    QCOMPARE(changed([](auto& c) { c.subject.country = "USA"; }), std::string("BAD_NAME"));
    QCOMPARE(changed([](auto& c) { c.subject.commonName = std::string(65, 'x'); }),
             std::string("BAD_NAME"));
    QCOMPARE(changed([](auto& c) { c.subject.commonName = "\xff"; }), std::string("BAD_NAME"));
    QCOMPARE(changed([](auto& c) { c.subject.organizationalUnits = {std::string(65, 'x')}; }),
             std::string("BAD_NAME"));
    QCOMPARE(changed([](auto& c) { c.notAfter = c.notBefore - absl::Seconds(1); }),
             std::string("BAD_VALIDITY"));
    QCOMPARE(changed([](auto& c) { c.serial = Bytes(30, 'x'); }), std::string("BAD_SERIAL"));
    QCOMPARE(changed([](auto& c) { c.serialBytes = 4; }), std::string("BAD_SERIAL"));
    for (const char* host : {"", "a b", "a\nb", "\xc3\xa9", "a\x7f"})
        QCOMPARE(changed([&](auto& c) { c.hosts = {host}; }), std::string("BAD_HOST"));
    QCOMPARE(changed([](auto& c) { c.hosts.assign(257, "a"); }), std::string("BAD_HOST"));
}

void IssueTest::requests_data() {
    QTest::addColumn<int>("algorithm");
    for (const auto algorithm : {KeyAlgorithm::EcdsaP256, KeyAlgorithm::EcdsaP384,
                                 KeyAlgorithm::Ed25519, KeyAlgorithm::Sm2})
        QTest::newRow(std::string(nameOf(algorithm)).c_str()) << int(algorithm);
}

void IssueTest::requests() {
    QFETCH(int, algorithm);
    const crypto::PrivateKey key = test::makeKey(KeyAlgorithm(algorithm));
    const auto made =
        makeCertificateRequest(inPlace("user", {"client"}), {"localhost", "10.0.0.1"}, key);
    VERIFY_OK(made);
    for (const char* label : {"CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"}) {
        std::string pem = made->toPem();
        for (std::size_t at = 0; (at = pem.find("CERTIFICATE REQUEST", at)) != std::string::npos;
             at += strlen(label))
            pem.replace(at, 19, label);
        const auto read = CertificateRequest::fromPem(pem);
        VERIFY_OK(read);
        VERIFY_OK(read->checkSignature());
        QCOMPARE(read->subject(),
                 std::string("CN=user,OU=client,L=San Francisco,ST=California,C=US"));
        QCOMPARE(read->name().commonName(), std::string("user"));
        QCOMPARE(read->hosts(), (std::vector<std::string>{"localhost", "10.0.0.1"}));
        QVERIFY(read->publicKey() == key.publicKey());
        QVERIFY(!read->asksForCa());
    }
    const auto plain = makeCertificateRequest(inPlace("user"), {}, key);
    VERIFY_OK(plain);
    QVERIFY(plain->hosts().empty());
    VERIFY_OK(plain->checkSignature());
    // Any other content is not what was signed.
    Bytes changed = plain->der();
    changed[changed.find("user")] = 'U';
    const auto forged = CertificateRequest::fromDer(changed);
    VERIFY_OK(forged);
    QCOMPARE(reasonOf(forged->checkSignature()), std::string("BAD_SIGNATURE"));
}

void IssueTest::hostileRequests() {
    const crypto::PrivateKey key = test::makeKey();
    const Bytes good = makeCertificateRequest(inPlace("user"), {"localhost"}, key)->der();
    for (std::size_t cut = 0; cut < good.size(); ++cut)
        QVERIFY(!CertificateRequest::fromDer(good.substr(0, cut)).ok());
    QCOMPARE(reasonOf(CertificateRequest::fromDer(good + "x").status()),
             std::string("BAD_REQUEST"));
    QCOMPARE(reasonOf(CertificateRequest::fromPem(crypto::writePem("CERTIFICATE", good)).status()),
             std::string("BAD_REQUEST"));
    QCOMPARE(reasonOf(CertificateRequest::fromPem("text").status()), std::string("NOT_PEM"));
    QCOMPARE(reasonOf(CertificateRequest::fromPem(Bytes(300'000, 'x')).status()),
             std::string("BAD_REQUEST"));
    QCOMPARE(reasonOf(makeCertificateRequest(inPlace("user"), {"a b"}, key).status()),
             std::string("BAD_HOST"));
}

void IssueTest::revocationLists() {
    for (const auto algorithm : {KeyAlgorithm::EcdsaP256, KeyAlgorithm::EcdsaP384,
                                 KeyAlgorithm::Ed25519, KeyAlgorithm::Sm2}) {
        const Holder root = test::makeRoot("root.test", algorithm);
        const Holder other = test::makeRoot("root.test", algorithm);
        const std::vector<RevocationList::Entry> entries = {{"\x7f", someDay(), {}},
                                                            {"\x01\x02", someDay(), {}}};
        const auto list = makeRevocationList(root.certificate, root.key, entries, someDay(),
                                             someDay() + absl::Hours(24));
        VERIFY_OK(list);
        VERIFY_OK(list->checkSignedBy(root.certificate));
        QVERIFY(!list->checkSignedBy(other.certificate).ok());
        QCOMPARE(list->authorityKeyId().value(), root.certificate.subjectKeyId());
        QVERIFY(list->lists("\x7f") && list->lists("\x01\x02") && !list->lists("\x01") &&
                !list->lists(""));
        QCOMPARE(list->issuer(), root.certificate.subject());
        QCOMPARE(list->nextUpdate().value() - list->thisUpdate(), absl::Hours(24));
        QCOMPARE(RevocationList::fromBytes(list->toPem())->der(), list->der());
        QCOMPARE(RevocationList::fromBytes(list->der())->entries().size(), std::size_t(2));
        const auto none = makeRevocationList(root.certificate, root.key, {}, someDay(), someDay());
        VERIFY_OK(none);
        QVERIFY(none->entries().empty());
        QCOMPARE(
            reasonOf(
                makeRevocationList(root.certificate, other.key, {}, someDay(), someDay()).status()),
            std::string("KEY_MISMATCH"));
    }
    const auto vector = RevocationList::fromBytes(
        test::vectorFile("msp/peerOrganizations/alpha.pub.test/msp/crls/crl.pem"));
    VERIFY_OK(vector);
    QVERIFY(vector->lists(*fromHex("51c0819eceb69be3c3257ed01846d7c3")));
    VERIFY_OK(vector->checkSignedBy(
        vectorCertificate("peerOrganizations/alpha.pub.test/ca/ca.alpha.pub.test-cert.pem")));
}

void IssueTest::hostileRevocationLists() {
    const Holder root = test::makeRoot();
    const Bytes good = makeRevocationList(root.certificate, root.key, {{"\x05", someDay(), {}}},
                                          someDay(), someDay())
                           ->der();
    for (std::size_t cut = 0; cut < good.size(); ++cut)
        QCOMPARE(reasonOf(RevocationList::fromBytes(good.substr(0, cut)).status()),
                 std::string("BAD_CRL"));
    QCOMPARE(reasonOf(RevocationList::fromBytes(good + "x").status()), std::string("BAD_CRL"));
    // PEM counts only at the very beginning, as in Fabric.
    QCOMPARE(
        reasonOf(RevocationList::fromBytes("\n" + crypto::writePem("X509 CRL", good)).status()),
        std::string("BAD_CRL"));
    QCOMPARE(reasonOf(RevocationList::fromBytes(crypto::writePem("CRL", good)).status()),
             std::string("BAD_CRL"));
}

CHANCERY_TEST(IssueTest)
#include "IssueTest.moc"
