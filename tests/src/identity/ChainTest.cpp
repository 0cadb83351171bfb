#include <fmt/format.h>

#include <QProcess>
#include <QTemporaryDir>
#include <fstream>

#include "src/base/Encoding.h"
#include "src/crypto/Der.h"
#include "src/identity/CertificateImpl.h"
#include "src/identity/ChainBuilder.h"
#include "tests/src/identity/Issuing.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::identity;
using crypto::KeyAlgorithm;
using test::Holder;
using test::someDay;

namespace {

namespace der = crypto::der;
using crypto::derElement;
using crypto::derSequence;

struct Pools {
    CertificatePool roots;
    CertificatePool intermediates;
    Pools(std::initializer_list<Certificate> rootList,
          std::initializer_list<Certificate> intermediateList = {}) {
        for (const auto& root : rootList) roots.add(root);
        for (const auto& ca : intermediateList) intermediates.add(ca);
    }
    std::string reason(const Certificate& certificate) const {
        return reasonOf(uniqueChain(certificate, roots, intermediates).status());
    }
};

SubjectName named(std::string commonName, std::vector<std::string> units = {"client"}) {
    return {"", "", "", "", std::move(units), std::move(commonName), ""};
}

CertificateTemplate ca(std::string commonName = "ica.test") {
    return cryptogenCa(named(std::move(commonName), {}), someDay());
}
CertificateTemplate leaf(std::string commonName = "leaf") {
    return cryptogenIdentity(named(std::move(commonName)), someDay());
}

// A leaf below a CA below a root, with the extended key usages given.
struct UsageChain {
    UsageChain(const QStringList& ofCa, const QStringList& ofLeaf)
        : root(test::makeRoot()),
          issuer(test::issue(with(ca(), ofCa), root)),
          leaf(test::issue(with(::leaf(), ofLeaf), issuer).certificate),
          pools({root.certificate}, {issuer.certificate}) {}

    static CertificateTemplate with(CertificateTemplate content, const QStringList& usages) {
        content.extendedKeyUsages.clear();
        for (const QString& usage : usages)
            content.extendedKeyUsages.push_back(usage.toStdString());
        return content;
    }

    Holder root;
    Holder issuer;
    Certificate leaf;
    Pools pools;
};

// Name constraints that permit and exclude names of one kind (context tag).
Bytes constraints(unsigned tag, std::vector<BytesView> permitted, std::vector<BytesView> excluded) {
    const auto trees = [&](unsigned place, const std::vector<BytesView>& values) {
        Bytes list;
        for (const BytesView value : values)
            list += derSequence({derElement(der::context(tag), value)});
        return values.empty() ? Bytes() : derElement(der::contextConstructed(place), list);
    };
    return writeExtension(oid::kNameConstraints, true,
                          derSequence({trees(0, permitted), trees(1, excluded)}));
}

}  // namespace

class ChainTest : public QObject {
    Q_OBJECT
private slots:
    void plainChains();
    void theIssuerMustHaveSigned();
    void caFlagsAndKeyUsage();
    void timesOfTheChain();
    void pathLengths();
    void extendedKeyUsages_data();
    void extendedKeyUsages();
    void usagesOfConsenters();
    void criticalExtensions();
    void nameConstraints_data();
    void nameConstraints();
    void namesWithoutAlternatives();
    void severalChains();
    void loopsAndCrowds();
    void insecureSignatures();
    void verifiesWithOpenssl_data();
    void verifiesWithOpenssl();
};

void ChainTest::plainChains() {
    const Holder root = test::makeRoot();
    const Holder ica = test::makeIntermediate(root);
    const Holder member = test::makeMember(ica, {"client"});
    const auto chain =
        uniqueChain(member.certificate, Pools({root.certificate}, {ica.certificate}).roots,
                    Pools({root.certificate}, {ica.certificate}).intermediates);
    VERIFY_OK(chain);
    QVERIFY((*chain == Chain{member.certificate, ica.certificate, root.certificate}));
    const Pools onlyRoot({root.certificate});
    QCOMPARE(uniqueChain(root.certificate, onlyRoot.roots, onlyRoot.intermediates)->size(),
             std::size_t(1));
    QCOMPARE(onlyRoot.reason(member.certificate), std::string("UNKNOWN_CA"));
    // A root by trust alone: the chain ends at it, whoever issued it.
    const Pools trusted({ica.certificate});
    QCOMPARE(uniqueChain(member.certificate, trusted.roots, trusted.intermediates)->size(),
             std::size_t(2));
}

void ChainTest::theIssuerMustHaveSigned() {
    const Holder root = test::makeRoot();
    const Holder impostor = test::makeRoot();  // the same name, another key
    const Holder member = test::makeMember(impostor, {"client"});
    const auto status =
        uniqueChain(member.certificate, Pools({root.certificate}).roots, {}).status();
    QCOMPARE(reasonOf(status), std::string("UNKNOWN_CA"));
    QCOMPARE(argumentOf(status, "certificate"), member.certificate.subject());
    QVERIFY(messageOf(status).find(root.certificate.subject()) != std::string_view::npos);
    QCOMPARE(Pools({test::makeRoot("other").certificate}).reason(member.certificate),
             std::string("UNKNOWN_CA"));
    // Self-signed and unknown.
    QCOMPARE(Pools({test::makeRoot("other").certificate}).reason(root.certificate),
             std::string("UNKNOWN_CA"));
    // The right one is found among others of its name.
    QCOMPARE(Pools({root.certificate, impostor.certificate}).reason(member.certificate),
             std::string());
}

void ChainTest::caFlagsAndKeyUsage() {
    const Holder root = test::makeRoot();
    CertificateTemplate noFlag = ca();
    noFlag.isCa = false;
    const Holder notCa = test::issue(noFlag, root);
    CertificateTemplate noSign = ca();
    noSign.keyUsage = kDigitalSignature;
    const Holder mayNotSign = test::issue(noSign, root);
    CertificateTemplate noUsage = ca();
    noUsage.keyUsage = 0;
    const Holder free = test::issue(noUsage, root);
    const Holder good = test::issue(ca(), root);
    const Certificate pattern = test::makeMember(good, {"client"}).certificate;
    const auto signedBy = [&](const Holder& issuer) {
        return test::withExtension(pattern, issuer, writeExtension("1.2.3", false, "x"));
    };
    QCOMPARE(Pools({root.certificate}, {good.certificate}).reason(signedBy(good)), std::string());
    QCOMPARE(Pools({root.certificate}, {free.certificate}).reason(signedBy(free)), std::string());
    QCOMPARE(Pools({root.certificate}, {notCa.certificate}).reason(signedBy(notCa)),
             std::string("CA_MAY_NOT_SIGN"));
    QCOMPARE(Pools({root.certificate}, {mayNotSign.certificate}).reason(signedBy(mayNotSign)),
             std::string("CA_MAY_NOT_SIGN"));
    QCOMPARE(Pools({notCa.certificate}).reason(signedBy(notCa)), std::string("CA_MAY_NOT_SIGN"));
}

void ChainTest::timesOfTheChain() {
    const Holder root = test::makeRoot();
    const absl::Time start = root.certificate.notBefore();
    const absl::Time end = root.certificate.notAfter();
    const auto reason = [&](absl::Time notBefore, absl::Time notAfter) {
        CertificateTemplate content = leaf();
        content.notBefore = notBefore;
        content.notAfter = notAfter;
        return Pools({root.certificate}).reason(test::issue(content, root).certificate);
    };
    // As of one second after its own beginning, whatever the clock says.
    QCOMPARE(reason(start, end), std::string());
    QCOMPARE(reason(start - absl::Seconds(1), end), std::string());
    QCOMPARE(reason(start - absl::Seconds(2), end), std::string("NOT_YET_VALID"));
    QCOMPARE(reason(end - absl::Seconds(1), end + absl::Hours(1)), std::string());
    QCOMPARE(reason(end, end + absl::Hours(1)), std::string("CERTIFICATE_EXPIRED"));
    // Its own end counts only when it comes before that second.
    QCOMPARE(reason(start, start + absl::Seconds(1)), std::string());
    QCOMPARE(reason(start, start), std::string("CERTIFICATE_EXPIRED"));
}

void ChainTest::pathLengths() {
    const auto root = [](std::optional<int> length) {
        CertificateTemplate content = ca("root.test");
        content.pathLength = length;
        const crypto::PrivateKey key = test::makeKey();
        return Holder{key, *issueSelfSigned(content, key)};
    };
    for (const int length : {0, 1, 2}) {
        const Holder top = root(length);
        const Holder first = test::makeIntermediate(top, "first");
        const Holder second = test::makeIntermediate(first, "second");
        const Pools pools({top.certificate}, {first.certificate, second.certificate});
        const auto expected = [&](int casBelow) {
            return std::string(casBelow <= length ? "" : "PATH_TOO_LONG");
        };
        QCOMPARE(pools.reason(test::makeMember(top, {}).certificate), expected(0));
        QCOMPARE(pools.reason(test::makeMember(first, {}).certificate), expected(1));
        QCOMPARE(pools.reason(test::makeMember(second, {}).certificate), expected(2));
    }
    CertificateTemplate none = ca("limited");
    none.pathLength = 0;
    const Holder top = root(std::nullopt);
    const Holder limited = test::issue(none, top);
    const Holder below = test::makeIntermediate(limited, "below");
    QCOMPARE(Pools({top.certificate}, {limited.certificate, below.certificate})
                 .reason(test::makeMember(below, {}).certificate),
             std::string("PATH_TOO_LONG"));
}

void ChainTest::extendedKeyUsages_data() {
    QTest::addColumn<QStringList>("ofCa");
    QTest::addColumn<QStringList>("ofLeaf");
    QTest::addColumn<bool>("good");
    const QString server = "1.3.6.1.5.5.7.3.1", client = "1.3.6.1.5.5.7.3.2", any = "2.5.29.37.0",
                  unknown = "1.2.3.4";
    QTest::newRow("none") << QStringList() << QStringList() << true;
    QTest::newRow("server") << QStringList() << QStringList(server) << true;
    QTest::newRow("client and server") << QStringList() << QStringList({client, server}) << true;
    QTest::newRow("client only") << QStringList() << QStringList(client) << false;
    QTest::newRow("any") << QStringList() << QStringList({client, any}) << true;
    QTest::newRow("unknown only") << QStringList() << QStringList(unknown) << false;
    QTest::newRow("CA for clients only") << QStringList(client) << QStringList() << false;
    QTest::newRow("CA for anything") << QStringList(any) << QStringList(server) << true;
}

void ChainTest::extendedKeyUsages() {
    QFETCH(QStringList, ofCa);
    QFETCH(QStringList, ofLeaf);
    QFETCH(bool, good);
    const UsageChain made(ofCa, ofLeaf);
    QCOMPARE(made.pools.reason(made.leaf), std::string(good ? "" : "WRONG_KEY_USAGE"));
}

// Either usage will do, but the same one has to go through the whole chain.
void ChainTest::usagesOfConsenters() {
    const QString server = "1.3.6.1.5.5.7.3.1", client = "1.3.6.1.5.5.7.3.2", any = "2.5.29.37.0",
                  unknown = "1.2.3.4";
    const auto reason = [](const QStringList& ofCa, const QStringList& ofLeaf, ChainUsage usage) {
        const UsageChain made(ofCa, ofLeaf);
        return reasonOf(buildChains(made.leaf, made.pools.roots, made.pools.intermediates,
                                    made.leaf.notBefore() + absl::Seconds(1), usage)
                            .status());
    };
    const std::string good, wrong = "WRONG_KEY_USAGE";
    QCOMPARE(reason({}, {client}, ChainUsage::ClientOrServer), good);
    QCOMPARE(reason({}, {client}, ChainUsage::Server), wrong);
    QCOMPARE(reason({}, {server}, ChainUsage::ClientOrServer), good);
    QCOMPARE(reason({}, {}, ChainUsage::ClientOrServer), good);
    QCOMPARE(reason({any}, {client}, ChainUsage::ClientOrServer), good);
    QCOMPARE(reason({client}, {client, server}, ChainUsage::ClientOrServer), good);
    QCOMPARE(reason({client}, {server}, ChainUsage::ClientOrServer), wrong);
    QCOMPARE(reason({server}, {client}, ChainUsage::ClientOrServer), wrong);
    QCOMPARE(reason({}, {unknown}, ChainUsage::ClientOrServer), wrong);
}

void ChainTest::criticalExtensions() {
    const Holder root = test::makeRoot();
    const Holder member = test::makeMember(root, {"client"});
    const auto with = [&](bool critical) {
        return test::withExtension(member.certificate, root,
                                   writeExtension("1.2.3.4", critical, "x"));
    };
    QCOMPARE(Pools({root.certificate}).reason(with(false)), std::string());
    QCOMPARE(Pools({root.certificate}).reason(with(true)),
             std::string("UNKNOWN_CRITICAL_EXTENSION"));
    const Holder middle = test::makeIntermediate(root);
    const Certificate odd =
        test::withExtension(middle.certificate, root, writeExtension("1.2.3.4", true, "x"));
    QCOMPARE(Pools({root.certificate}, {odd}).reason(test::makeMember(middle, {}).certificate),
             std::string("UNKNOWN_CRITICAL_EXTENSION"));
}

void ChainTest::nameConstraints_data() {
    QTest::addColumn<int>("tag");
    QTest::addColumn<QByteArray>("permitted");
    QTest::addColumn<QByteArray>("excluded");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("good");
    const auto row = [](int tag, const char* permitted, const char* excluded, const char* name,
                        bool good) {
        QTest::addRow("%d +%s -%s %s", tag, permitted, excluded, name)
            << tag << QByteArray(permitted) << QByteArray(excluded) << QByteArray(name) << good;
    };
    constexpr int kDns = 2, kEmail = 1, kUri = 6, kIp = 7;
    row(kDns, "a.test", "", "a.test", true);
    row(kDns, "a.test", "", "x.A.TEST", true);
    row(kDns, "a.test", "", "ba.test", false);
    row(kDns, "a.test", "", "test", false);
    row(kDns, ".a.test", "", "x.a.test", true);
    row(kDns, ".a.test", "", "a.test", false);
    row(kDns, "", "a.test", "b.test", true);
    row(kDns, "", "a.test", "x.a.test", false);
    row(kDns, "a.test", "b.a.test", "c.a.test", true);
    row(kDns, "a.test", "b.a.test", "x.b.a.test", false);
    row(kDns, "a.test", "", "a..test", false);
    row(kEmail, "a.test", "", "user@a.test", true);
    row(kEmail, "a.test", "", "user@x.a.test", true);
    row(kEmail, "a.test", "", "user@b.test", false);
    row(kEmail, "user@a.test", "", "user@A.test", true);
    row(kEmail, "user@a.test", "", "User@a.test", false);
    row(kEmail, "a.test", "", "\"quoted \\\" user\"@a.test", true);
    row(kEmail, "a.test", "", "two..dots@a.test", false);
    row(kEmail, "a.test", "", "nobody", false);
    row(kEmail, "", "a.test", "user@a.test", false);
    row(kUri, "a.test", "", "https://a.test/path", true);
    row(kUri, "a.test", "", "https://user@x.a.test:8443?q", true);
    row(kUri, "a.test", "", "https://b.test", false);
    row(kUri, "a.test", "", "https://10.0.0.1", false);
    row(kUri, "a.test", "", "https://[::1]/", false);
    row(kUri, "a.test", "", "mailto:user@a.test", false);
    row(kIp, "0a000000ff000000", "", "0a010203", true);
    row(kIp, "0a000000ff000000", "", "0b010203", false);
    row(kIp, "", "0a000000ff000000", "0a010203", false);
    row(kIp, "0a000000ff000000", "", "00000000000000000000000000000001", false);
    row(kIp, "00000000000000000000000000000000ffffffffffffffff0000000000000000", "",
        "00000000000000000000000000000001", true);
}

void ChainTest::nameConstraints() {
    QFETCH(int, tag);
    QFETCH(QByteArray, permitted);
    QFETCH(QByteArray, excluded);
    QFETCH(QByteArray, name);
    QFETCH(bool, good);
    const auto bytes = [&](const QByteArray& text) {
        return tag == 7 ? *fromHex(text.toStdString()) : text.toStdString();
    };
    const auto list = [&](const QByteArray& text) {
        return text.isEmpty() ? std::vector<Bytes>() : std::vector<Bytes>{bytes(text)};
    };
    const auto permittedList = list(permitted);
    const auto excludedList = list(excluded);
    const Holder root = test::makeRoot();
    const Holder plain = test::makeIntermediate(root);
    const Certificate limited =
        test::withExtension(plain.certificate, root,
                            constraints(unsigned(tag), {permittedList.begin(), permittedList.end()},
                                        {excludedList.begin(), excludedList.end()}));
    const Holder issuer{plain.key, limited};
    const Certificate certificate = test::withExtension(
        test::makeMember(issuer, {"client"}).certificate, issuer,
        writeExtension(oid::kSubjectAltName, false,
                       derSequence({derElement(der::context(unsigned(tag)), bytes(name))})));
    QCOMPARE(Pools({root.certificate}, {limited}).reason(certificate),
             std::string(good ? "" : "NAME_CONSTRAINT"));
}

void ChainTest::namesWithoutAlternatives() {
    const Holder root = test::makeRoot();
    const Holder plain = test::makeIntermediate(root);
    const Certificate limited =
        test::withExtension(plain.certificate, root, constraints(2, {"a.test"}, {}));
    const Holder issuer{plain.key, limited};
    const Pools pools({root.certificate}, {limited});
    QCOMPARE(pools.reason(test::makeMember(issuer, {}, "host.a.test").certificate),
             std::string("NAME_CONSTRAINT"));
    QCOMPARE(pools.reason(test::makeMember(issuer, {}, "Admin@a.test").certificate), std::string());
    QCOMPARE(pools.reason(test::makeMember(issuer, {}, "two words").certificate), std::string());
}

void ChainTest::severalChains() {
    const crypto::PrivateKey shared = test::makeKey();
    const Holder one{shared, *issueSelfSigned(ca("root.test"), shared)};
    const Holder two{
        shared, *issueSelfSigned(ca("root.test"), shared)};  // another certificate of the same CA
    const Holder member = test::makeMember(one, {"client"});
    QCOMPARE(Pools({one.certificate}).reason(member.certificate), std::string());
    QCOMPARE(Pools({one.certificate, two.certificate}).reason(member.certificate),
             std::string("SEVERAL_CHAINS"));
    // The same certificate twice is one.
    QCOMPARE(Pools({one.certificate, *Certificate::fromDer(one.certificate.der())})
                 .reason(member.certificate),
             std::string());
    // Cross-signed: the CA below two roots.
    const Holder first = test::makeRoot("first");
    const Holder second = test::makeRoot("second");
    const Holder crossed = test::issue(ca(), first);
    const auto again =
        issueCertificate(ca(), crossed.key.publicKey(), second.certificate, second.key);
    const Holder below = test::makeMember(crossed, {"client"});
    QCOMPARE(Pools({first.certificate, second.certificate}, {crossed.certificate, *again})
                 .reason(below.certificate),
             std::string("SEVERAL_CHAINS"));
}

void ChainTest::loopsAndCrowds() {
    // Two CAs that signed each other, and no root.
    const Holder root = test::makeRoot();
    const Holder a = test::makeIntermediate(root, "a");
    const Holder b = test::makeIntermediate(root, "b");
    const auto aByB = issueCertificate(ca("a"), a.key.publicKey(), b.certificate, b.key);
    const auto bByA = issueCertificate(ca("b"), b.key.publicKey(), a.certificate, a.key);
    QCOMPARE(Pools({test::makeRoot("elsewhere").certificate}, {*aByB, *bByA})
                 .reason(test::makeMember(a, {}).certificate),
             std::string("UNKNOWN_CA"));
    // 150 CAs of one name with other keys: the search ends after 100 signature checks.
    Pools crowd({test::makeRoot("elsewhere").certificate});
    for (int i = 0; i < 150; ++i) crowd.intermediates.add(test::makeRoot("crowd").certificate);
    const Holder member = test::makeMember(test::makeRoot("crowd"), {});
    QCOMPARE(crowd.reason(member.certificate), std::string("BAD_CHAIN"));
}

void ChainTest::insecureSignatures() {
    const Holder root = test::makeRoot();
    const Certificate good = test::makeMember(root, {"client"}).certificate;
    const auto renamed = [&](std::string_view algorithm) {
        // The same content under another algorithm's name; its signature need not be right to be
        // refused for that.
        const Bytes from = crypto::derOid("1.2.840.10045.4.3.2");
        const Bytes to = crypto::derOid(algorithm);
        Bytes bytes = good.der();
        if (from.size() != to.size()) return good;
        for (std::size_t at = 0; (at = bytes.find(from, at)) != Bytes::npos; at += to.size())
            bytes.replace(at, from.size(), to);
        return *Certificate::fromDer(bytes);
    };
    QCOMPARE(Pools({root.certificate}).reason(renamed("1.2.840.10045.4.3.9")),
             std::string("UNSUPPORTED_ALGORITHM"));
    QCOMPARE(Pools({root.certificate}).reason(renamed("1.2.840.10045.4.3.3")),
             std::string("UNKNOWN_CA"));
    // SHA-1, in one byte less.
    const auto& impl = good.impl();
    const Bytes sha1 = derSequence({crypto::derOid("1.2.840.10045.4.1")});
    Bytes tbs(*crypto::DerReader(impl.tbs).read(der::kSequence));
    tbs.replace(tbs.find(impl.signatureAlgorithm), impl.signatureAlgorithm.size(), sha1);
    const Bytes whole = derSequence({tbs});
    const auto old = Certificate::fromDer(derSequence(
        {whole, sha1, crypto::derBitString(*root.key.sign(whole, crypto::HashAlgorithm::Sha1))}));
    VERIFY_OK(old);
    QCOMPARE(Pools({root.certificate}).reason(*old), std::string("INSECURE_ALGORITHM"));
}

void ChainTest::verifiesWithOpenssl_data() {
    QTest::addColumn<int>("algorithm");
    for (const auto algorithm : {KeyAlgorithm::EcdsaP256, KeyAlgorithm::EcdsaP384,
                                 KeyAlgorithm::Ed25519, KeyAlgorithm::Sm2})
        QTest::newRow(std::string(nameOf(algorithm)).c_str()) << int(algorithm);
}

// What we issue, another implementation accepts: chain, request and revocation list.
void ChainTest::verifiesWithOpenssl() {
    QFETCH(int, algorithm);
    const QTemporaryDir folder;
    const auto write = [&](const char* name, const std::string& text) {
        std::ofstream(folder.filePath(name).toStdString(), std::ios::binary) << text;
    };
    const auto run = [&](const QStringList& arguments) {
        QProcess process;
        process.setWorkingDirectory(folder.path());
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start("openssl", arguments);
        process.waitForFinished();
        return std::pair(process.exitCode(), process.readAll());
    };
    const Holder root = test::makeRoot("root.test", KeyAlgorithm(algorithm));
    const Holder ica = test::makeIntermediate(root);
    CertificateTemplate content =
        cryptogenTls(named("peer0"), {"localhost", "127.0.0.1"}, someDay());
    content.attributes.emplace().emplace_back("a", "b");
    const Holder member = test::issue(content, ica, KeyAlgorithm(algorithm));
    const auto crl = makeRevocationList(ica.certificate, ica.key,
                                        {{*fromHex(member.certificate.serialHex()), someDay(), {}}},
                                        someDay(), someDay() + absl::Hours(24 * 365));
    VERIFY_OK(crl);
    write("root.pem", root.certificate.toPem());
    write("ica.pem", ica.certificate.toPem());
    write("leaf.pem", member.certificate.toPem());
    write("key.pem", member.key.toPem());
    write("crl.pem", crl->toPem());
    write("csr.pem", makeCertificateRequest(named("peer0"), {"localhost"}, member.key)->toPem());

    const bool isSm2 = KeyAlgorithm(algorithm) == KeyAlgorithm::Sm2;
    const QStringList id =
        isSm2 ? QStringList{"-vfyopt", "distid:1234567812345678"} : QStringList();
    const QStringList base =
        QStringList{"verify", "-attime", QString::number(absl::ToUnixSeconds(someDay()) + 60)} + id;
    const QStringList whole = base + QStringList{"-CAfile", "root.pem", "-untrusted", "ica.pem"};
    // The SM2 user id reaches only the certificate in question, so SM2 goes link by link.
    const std::vector<QStringList> checks =
        isSm2 ? std::vector<QStringList>{base + QStringList{"-partial_chain", "-trusted", "ica.pem",
                                                            "leaf.pem"},
                                         base + QStringList{"-trusted", "root.pem", "ica.pem"}}
              : std::vector<QStringList>{whole + QStringList{"leaf.pem"}};
    for (const QStringList& check : checks) {
        const auto [code, text] = run(check);
        QVERIFY2(code == 0, text.constData());
    }
    // OpenSSL's check of revocation lists cannot be told the SM2 user id.
    if (!isSm2) {
        const auto [revoked, why] =
            run(whole + QStringList{"-crl_check", "-CRLfile", "crl.pem", "leaf.pem"});
        QVERIFY(revoked != 0);
        QVERIFY2(why.contains("certificate revoked"), why.constData());
    }
    const QStringList requestId =
        isSm2 ? QStringList{"-vfyopt", "distid:1234567812345678"} : QStringList();
    const auto [requestCode, requestText] =
        run(QStringList{"req", "-verify", "-noout", "-in", "csr.pem"} + requestId);
    QVERIFY2(requestCode == 0, requestText.constData());
    const auto [keyCode, keyText] = run({"pkey", "-in", "key.pem", "-check", "-noout"});
    QVERIFY2(keyCode == 0, keyText.constData());
}

CHANCERY_TEST(ChainTest)
#include "ChainTest.moc"
