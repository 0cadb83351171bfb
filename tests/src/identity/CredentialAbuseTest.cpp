#include <fmt/format.h>

#include "fabric/msp/identities.pb.h"
#include "src/base/Encoding.h"
#include "src/crypto/Der.h"
#include "src/crypto/Pem.h"
#include "src/crypto/Suite.h"
#include "src/identity/CertificateImpl.h"
#include "src/identity/Extensions.h"
#include "src/identity/SignatureAlgorithm.h"
#include "tests/src/identity/MspCases.h"

using namespace chancery;
using namespace chancery::identity;
using namespace chancery::test;
using crypto::KeyAlgorithm;
namespace der = crypto::der;
using crypto::derElement;
using crypto::derOid;
using crypto::derSequence;

namespace {

constexpr const char* kRoles[] = {"client", "peer", "admin", "orderer"};

/// The parts of a certificate that are signed, in their order.
enum Part { kVersion, kSerial, kAlgorithm, kIssuer, kValidity, kSubject, kPublicKey, kExtensions };

/// The certificate with changed parts, signed by `signer`. May be no certificate any more.
Bytes changed(const Certificate& certificate, const crypto::PrivateKey& signer,
              const std::function<void(std::vector<Bytes>&)>& change) {
    crypto::DerReader reader(*crypto::DerReader(certificate.impl().tbs).read(der::kSequence));
    std::vector<Bytes> parts;
    while (!reader.empty()) parts.emplace_back((*reader.readAny()).whole);
    change(parts);
    Bytes content;
    for (const Bytes& part : parts) content += part;
    const Bytes tbs = derElement(der::kSequence, content);
    const auto signature = signer.sign(tbs, crypto::suiteOf(signer.algorithm()).certificateHash);
    return derSequence({tbs, writeSignatureAlgorithm(schemeFor(signer.algorithm())),
                        crypto::derBitString(*signature)});
}

Bytes ecKey(std::string_view curve, const Bytes& point) {
    return derSequence(
        {derSequence({derOid("1.2.840.10045.2.1"), derOid(curve)}), crypto::derBitString(point)});
}

Bytes rsaKey(std::size_t bits) {
    Bytes modulus(bits / 8, '\xc7');
    return derSequence(
        {derSequence({derOid("1.2.840.113549.1.1.1"), derElement(der::kNull, "")}),
         crypto::derBitString(derSequence(
             {crypto::derUnsigned(modulus), crypto::derUnsigned(BytesView("\x01\x00\x01", 3))}))});
}

Bytes inMsp(const Bytes& certificateDer, const std::string& msp = "TestMSP") {
    return serializeIdentity(MspId(msp), crypto::writePem("CERTIFICATE", certificateDer));
}

}  // namespace

/// Cases C5, C6, C7 and C9 of what nodes must withstand, as far as an MSP decides them:
/// certificates that are forged, out of time, revoked, or of another organisation or role.
class CredentialAbuseTest : public MspCases {
    Q_OBJECT
private slots:
    void forgedCertificates_data();
    void forgedCertificates();
    void certificatesOutOfTime_data();
    void certificatesOutOfTime();
    void revokedCertificates_data();
    void revokedCertificates();
    void wrongMspsAndRoles_data();
    void wrongMspsAndRoles();
};

namespace {

/// An organisation that stays the same for all rows of a table.
struct Organisation {
    explicit Organisation(const std::string& name = "TestMSP", const std::string& ca = "ca.test")
        : root(makeRoot(ca)), intermediate(makeIntermediate(root, "ica." + ca)) {
        parts.name = name;
        parts.roots = {root.certificate};
        parts.intermediates = {intermediate.certificate};
    }
    Holder root;
    Holder intermediate;
    MspParts parts;
};

const Organisation& ours() {
    static const Organisation one;
    return one;
}
const Organisation& theirs() {
    static const Organisation one("OtherMSP", "ca.other");
    return one;
}

void row(const std::string& what, const Bytes& certificate, const char* reason) {
    QTest::newRow(what.c_str()) << QByteArray::fromStdString(inMsp(certificate))
                                << QByteArray(reason);
}

/// Certificates that others have signed.
void addForgedIssuers() {
    const Holder& intermediate = ours().intermediate;
    // Others who call themselves as ours do.
    const Holder sameRoot = makeRoot("ca.test");
    const Holder sameIntermediate = makeIntermediate(sameRoot, "ica.ca.test");
    const Holder halfKnown = makeIntermediate(theirs().root, "ica.ca.test");
    for (const char* role : kRoles) {
        const auto by = [&](const char* who, const Holder& issuer, const char* reason) {
            row(fmt::format("{} by {}", role, who), makeMember(issuer, {role}).certificate.der(),
                reason);
        };
        by("a root of the same name", sameRoot, "UNKNOWN_CA");
        by("an intermediate of the same name", sameIntermediate, "UNKNOWN_CA");
        by("an intermediate of the same name by another root", halfKnown, "UNKNOWN_CA");
        by("another organisation", theirs().root, "UNKNOWN_CA");
        by("another organisation's intermediate", theirs().intermediate, "UNKNOWN_CA");
        const Holder own{makeKey(), intermediate.certificate};
        const Certificate honest = makeMember(intermediate, {role}).certificate;
        row(fmt::format("{} signed by itself", role),
            changed(honest, own.key,
                    [&](auto& parts) {
                        parts[kIssuer] = parts[kSubject];
                        parts[kPublicKey] = own.key.publicKey().toDer();
                    }),
            "UNKNOWN_CA");
        row(fmt::format("{} that claims our intermediate", role),
            changed(honest, own.key, [](auto&) {}), "UNKNOWN_CA");
        // Somebody with an honest certificate plays CA.
        const Holder member = makeMember(intermediate, {role});
        row(fmt::format("issued by a {}", role),
            changed(honest, member.key,
                    [&](auto& parts) { parts[kIssuer] = Bytes(member.certificate.rawSubject()); }),
            "UNKNOWN_CA");
    }
}

/// Bytes that nobody has signed: one bit of each part.
void addChangedBytes() {
    const Certificate honest = makeMember(ours().intermediate, {"client"}).certificate;
    for (int part = kSerial; part <= kExtensions; ++part) {
        Bytes bytes = honest.der();
        crypto::DerReader reader(*crypto::DerReader(honest.impl().tbs).read(der::kSequence));
        for (int i = 0; i < part; ++i) reader.readAny();
        const auto element = *reader.readAny();
        const auto at = static_cast<std::size_t>(bytes.find(element.whole)) + element.whole.size();
        bytes[at - 1] = static_cast<char>(bytes[at - 1] ^ 1);
        row(fmt::format("a bit of part {}", part), bytes, nullptr);
    }
    Bytes flipped = honest.der();
    flipped.back() = static_cast<char>(flipped.back() ^ 1);
    row("a bit of the signature", flipped, nullptr);
    row("no signature",
        derSequence(
            {honest.impl().tbs, honest.impl().signatureAlgorithm, crypto::derBitString("")}),
        nullptr);
    row("bytes behind", honest.der() + "x", nullptr);
}

/// Below a CA of ours where nothing must be.
void addShortChains() {
    const Holder& root = ours().root;
    auto narrow = cryptogenCa({.commonName = "narrow"}, someDay());
    narrow.pathLength = 0;
    const Holder last = issue(narrow, root);
    row("below a CA that may have nothing below",
        makeMember(makeIntermediate(last), {"client"}).certificate.der(), "UNKNOWN_CA");
    row("below an intermediate that nobody named",
        makeMember(makeIntermediate(root, "unnamed"), {"client"}).certificate.der(), "UNKNOWN_CA");
}

/// What our own CA should not have signed.
void addForbiddenContent() {
    const Holder& root = ours().root;
    const Holder& intermediate = ours().intermediate;
    row("the root itself", root.certificate.der(), "CERTIFICATE_IS_CA");
    row("the intermediate itself", intermediate.certificate.der(), "CERTIFICATE_IS_CA");
    auto asCa =
        cryptogenIdentity({.organizationalUnits = {"client"}, .commonName = "x"}, someDay());
    asCa.isCa = true;
    row("member that may issue", issue(asCa, intermediate).certificate.der(), "CERTIFICATE_IS_CA");
    const Holder member = makeMember(intermediate, {"client"});
    const Certificate& honest = member.certificate;
    // What is changed below is why they are refused.
    const MspPtr msp = chancery::test::valueOf(makeMsp(ours().parts));
    QCOMPARE(refusalOf(msp, honest), std::string());
    QCOMPARE(refusalOf(msp, *Certificate::fromDer(changed(honest, intermediate.key, [](auto&) {}))),
             std::string());
    const auto with = [&](const char* what, const std::function<void(std::vector<Bytes>&)>& change,
                          const char* reason) {
        row(what, changed(honest, intermediate.key, change), reason);
    };
    // Keys that nobody should trust, though our root signed them.
    with(
        "RSA-1024", [](auto& p) { p[kPublicKey] = rsaKey(1024); }, "BAD_KEY");
    with(
        "RSA-512", [](auto& p) { p[kPublicKey] = rsaKey(512); }, "BAD_KEY");
    with(
        "RSA-16384", [](auto& p) { p[kPublicKey] = rsaKey(16'384); }, "BAD_KEY");
    with(
        "secp256k1",
        [](auto& p) { p[kPublicKey] = ecKey("1.3.132.0.10", "\x04" + Bytes(64, 'a')); },
        "UNSUPPORTED_KEY");
    with(
        "secp192r1",
        [](auto& p) { p[kPublicKey] = ecKey("1.2.840.10045.3.1.1", "\x04" + Bytes(48, 'a')); },
        "UNSUPPORTED_KEY");
    with(
        "point off the curve",
        [](auto& p) { p[kPublicKey] = ecKey("1.2.840.10045.3.1.7", "\x04" + Bytes(64, 'a')); },
        "BAD_KEY");
    with(
        "point at infinity",
        [](auto& p) { p[kPublicKey] = ecKey("1.2.840.10045.3.1.7", Bytes(1, '\0')); }, "BAD_KEY");
    with(
        "no key", [](auto& p) { p[kPublicKey] = derSequence({}); }, nullptr);
    with(
        "validity reversed",
        [](auto& p) {
            crypto::DerReader reader(*crypto::DerReader(p[kValidity]).read(der::kSequence));
            const Bytes from((*reader.readAny()).whole);
            const Bytes until((*reader.readAny()).whole);
            p[kValidity] = derSequence({until, from});
        },
        nullptr);
    with(
        "critical extension that nobody knows",
        [](auto& p) {
            crypto::DerReader wrapped(p[kExtensions]);
            const Bytes list(
                *crypto::DerReader(*wrapped.read(der::contextConstructed(3))).read(der::kSequence));
            p[kExtensions] = derElement(
                der::contextConstructed(3),
                derSequence({list, writeExtension("1.3.6.1.4.1.99999.1", true, "\x05\x00")}));
        },
        nullptr);
}

}  // namespace

void CredentialAbuseTest::forgedCertificates_data() {
    QTest::addColumn<QByteArray>("identity");
    QTest::addColumn<QByteArray>("reason");
    addForgedIssuers();
    addChangedBytes();
    addForbiddenContent();
    addShortChains();
}

void CredentialAbuseTest::forgedCertificates() {
    QFETCH(QByteArray, identity);
    QFETCH(QByteArray, reason);
    static const MspPtr msp = chancery::test::valueOf(makeMsp(ours().parts));
    const auto made = msp->deserialize(identity.toStdString());
    const Status refused = made.ok() ? msp->validate(**made) : made.status();
    QVERIFY(!refused.ok());
    QVERIFY(!reasonOf(refused).empty());
    QVERIFY(!messageOf(refused).empty());
    if (!reason.isNull()) QCOMPARE(reasonOf(refused), reason.toStdString());
    if (made.ok()) QCOMPARE(refused.code(), StatusCode::kUnauthenticated);
}

void CredentialAbuseTest::certificatesOutOfTime_data() {
    QTest::addColumn<QByteArray>("role");
    QTest::addColumn<qint64>("seconds");
    for (const char* role : kRoles)
        for (const qint64 seconds : {1LL, 60LL, 3600LL, 86'400LL, 31'536'000LL, 3'153'600'000LL})
            for (const int side : {-1, 1})
                QTest::addRow("%s, %lld s %s", role, seconds, side < 0 ? "early" : "late")
                    << QByteArray(role) << side * seconds;
}

/// Refused at the doors; in the ledger, where it stands for ever, the verdict has no clock.
void CredentialAbuseTest::certificatesOutOfTime() {
    QFETCH(QByteArray, role);
    QFETCH(qint64, seconds);
    const MspPtr msp = chancery::test::valueOf(makeMsp(ours().parts));
    const Certificate member = makeMember(ours().intermediate, {role.toStdString()}).certificate;
    const IdentityPtr identity = identityOf(msp, member);
    const absl::Time now = seconds < 0 ? member.notBefore() + absl::Seconds(seconds)
                                       : member.notAfter() + absl::Seconds(seconds);
    const Status refused = checkAtDoor(*identity, FixedClock(now));
    QCOMPARE(refused.code(), StatusCode::kUnauthenticated);
    QCOMPARE(reasonOf(refused), std::string(seconds < 0 ? "NOT_YET_VALID" : "CERTIFICATE_EXPIRED"));
    VERIFY_OK(msp->validate(*identity));
    QVERIFY(msp->isPrincipal(*identity, chancery::test::role(::common::MSPRole::MEMBER)));
}

void CredentialAbuseTest::revokedCertificates_data() {
    QTest::addColumn<QByteArray>("role");
    QTest::addColumn<bool>("byIntermediate");
    QTest::addColumn<int>("reason");
    for (const char* role : kRoles)
        for (const bool byIntermediate : {false, true})
            for (const int reason : {0, 1, 3, 4, 5, 6, 9})  // RFC 5280, 5.3.1
                QTest::addRow("%s of %s, reason %d", role,
                              byIntermediate ? "the intermediate" : "the root", reason)
                    << QByteArray(role) << byIntermediate << reason;
}

/// From the configuration on that brings the list: no call, no role, whoever asks again.
void CredentialAbuseTest::revokedCertificates() {
    QFETCH(QByteArray, role);
    QFETCH(bool, byIntermediate);
    QFETCH(int, reason);
    const Holder& issuer = byIntermediate ? ours().intermediate : ours().root;
    const Certificate member = makeMember(issuer, {role.toStdString()}).certificate;
    const Certificate other = makeMember(issuer, {role.toStdString()}).certificate;
    MspParts parts = ours().parts;
    // A root that has CAs below it issues for nobody else.
    if (!byIntermediate) parts.intermediates.clear();
    const IdentityPtr known = identityOf(chancery::test::valueOf(makeMsp(parts)), member);
    VERIFY_OK(chancery::test::valueOf(makeMsp(parts))->validate(*known));
    const auto list = makeRevocationList(
        issuer.certificate, issuer.key,
        {{.serial = *fromHex(member.serialHex()), .revokedAt = someDay(), .reason = reason}},
        someDay(), someDay() + absl::Hours(24));
    VERIFY_OK(list);
    parts.crls = {list->toPem()};
    const MspPtr msp = chancery::test::valueOf(makeMsp(parts));
    for (const IdentityPtr& identity : {known, identityOf(msp, member)}) {
        const Status refused = msp->validate(*identity);
        QCOMPARE(refused.code(), StatusCode::kUnauthenticated);
        QCOMPARE(reasonOf(refused), std::string("REVOKED"));
        for (const auto kind : {::common::MSPRole::MEMBER, ::common::MSPRole::ADMIN,
                                ::common::MSPRole::CLIENT, ::common::MSPRole::PEER})
            QVERIFY(!msp->isPrincipal(*identity, chancery::test::role(kind)));
    }
    VERIFY_OK(msp->validate(*identityOf(msp, other)));
}

void CredentialAbuseTest::wrongMspsAndRoles_data() {
    QTest::addColumn<QByteArray>("identity");
    QTest::addColumn<int>("role");
    const auto row = [](const std::string& what, const Bytes& identity, int role) {
        QTest::newRow(what.c_str()) << QByteArray::fromStdString(identity) << role;
    };
    const std::pair<const char*, ::common::MSPRole::MSPRoleType> wanted[] = {
        {"client", ::common::MSPRole::CLIENT},
        {"peer", ::common::MSPRole::PEER},
        {"admin", ::common::MSPRole::ADMIN},
        {"orderer", ::common::MSPRole::ORDERER}};
    for (const auto& [needed, role] : wanted) {
        const auto member = [&](const Organisation& organisation, const char* unit) {
            return makeMember(organisation.intermediate, {unit}).certificate.der();
        };
        for (const char* own : kRoles)
            if (std::string(own) != needed)
                row(fmt::format("{} where {} is needed", own, needed), inMsp(member(ours(), own)),
                    role);
        row(fmt::format("their {} who claims our MSP", needed), inMsp(member(theirs(), needed)),
            role);
        row(fmt::format("our {} who claims their MSP", needed),
            inMsp(member(ours(), needed), "OtherMSP"), role);
        row(fmt::format("their own {}", needed), inMsp(member(theirs(), needed), "OtherMSP"), role);
        for (const std::string msp : {"", "testmsp", "TestMSP ", "TestMSP.", "NoMSP"})
            row(fmt::format("{} of the MSP '{}'", needed, msp), inMsp(member(ours(), needed), msp),
                role);
        row(fmt::format("{} without a role", needed), inMsp(member(ours(), "nothing")), role);
        row(fmt::format("{} of two roles", needed),
            inMsp(makeMember(ours().intermediate, {"client", "admin"}).certificate.der()), role);
    }
}

void CredentialAbuseTest::wrongMspsAndRoles() {
    QFETCH(QByteArray, identity);
    QFETCH(int, role);
    static const MspSet set({chancery::test::valueOf(makeMsp(ours().parts)),
                             chancery::test::valueOf(makeMsp(theirs().parts))});
    const auto principal = chancery::test::role(static_cast<::common::MSPRole::MSPRoleType>(role));
    const auto made = set.deserialize(identity.toStdString());
    const Status refused = made.ok() ? set.satisfies(**made, principal) : made.status();
    QVERIFY(refused.code() == StatusCode::kPermissionDenied ||
            refused.code() == StatusCode::kUnauthenticated);
    QVERIFY(!reasonOf(refused).empty());
    if (made.ok()) QVERIFY(!set.isPrincipal(**made, principal));
}

CHANCERY_TEST(CredentialAbuseTest)
#include "CredentialAbuseTest.moc"
