#include "src/identity/Certificate.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/crypto/Der.h"
#include "src/crypto/Pem.h"
#include "src/identity/CertificateImpl.h"
#include "src/identity/X509Time.h"
#include "tests/src/identity/Issuing.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::identity;
using namespace chancery::crypto;

namespace {

constexpr const char* kPeer =
    "msp/peerOrganizations/alpha.pub.test/peers/peer0.alpha.pub.test/msp/signcerts/"
    "peer0.alpha.pub.test-cert.pem";

// A name from pairs of type and encoded string, one RDN each.
Bytes nameOf(std::initializer_list<std::pair<std::string_view, Bytes>> parts) {
    Bytes rdns;
    for (const auto& [type, value] : parts)
        rdns += derElement(der::kSet, derSequence({derOid(type), value}));
    return derElement(der::kSequence, rdns);
}

Bytes utf8(BytesView text) {
    return derElement(der::kUtf8String, text);
}

// The pieces of a certificate, to be put together wrongly.
struct Pieces {
    Bytes version = derElement(der::contextConstructed(0), derInteger(2));
    Bytes serial = derInteger(7);
    Bytes algorithm = derSequence({derOid("1.2.840.10045.4.3.2")});
    Bytes issuer = nameOf({{"2.5.4.3", utf8("issuer")}});
    Bytes validity = derSequence(
        {derElement(der::kUtcTime, "260101000000Z"), derElement(der::kUtcTime, "270101000000Z")});
    Bytes subject = nameOf({{"2.5.4.3", utf8("subject")}});
    Bytes key = test::makeKey().publicKey().toDer();
    Bytes tail = derElement(der::contextConstructed(3),
                            derSequence({extension("2.5.29.19", true, derSequence({}))}));
    Bytes outerAlgorithm = derSequence({derOid("1.2.840.10045.4.3.2")});
    Bytes signature = derBitString("signature");
    Bytes behind;

    static Bytes extension(std::string_view oid, bool critical, BytesView value) {
        return writeExtension(oid, critical, value);
    }
    void setExtensions(BytesView list) {
        tail = derElement(der::contextConstructed(3), derElement(der::kSequence, list));
    }
    Bytes der() const {
        return derSequence(
            {derSequence({version, serial, algorithm, issuer, validity, subject, key, tail}),
             outerAlgorithm, signature, behind});
    }
};

std::string reasonFor(const Pieces& pieces) {
    return reasonOf(Certificate::fromDer(pieces.der()).status());
}

// A row of the test of extensions.
void row(const char* name, const Bytes& list, bool good, bool unknownCritical = false) {
    QTest::newRow(name) << QByteArray::fromStdString(list) << good << unknownCritical;
}

Bytes ext(std::string_view oid, BytesView value, bool critical = false) {
    return writeExtension(oid, critical, value);
}

void addExtensions() {
    const Bytes dns = derSequence({derElement(der::context(2), "a.test")});
    row("none", "", true);
    row("unknown", ext("1.2.3.4", "anything"), true);
    row("unknown and critical", ext("1.2.3.4", "anything", true), true, true);
    row("twice", ext("1.2.3.4", "a") + ext("1.2.3.4", "b"), false);
    row("no value", derSequence({derOid("1.2.3.4")}), false);
    row("critical mark of two",
        derSequence(
            {derOid("1.2.3.4"), BytesView("\x01\x01\x02", 3), derElement(der::kOctetString, "")}),
        false);
    row("key usage", ext("2.5.29.15", *fromHex("03020780")), true);
    row("key usage with set padding", ext("2.5.29.15", *fromHex("030207ff")), false);
    row("key usage of nothing", ext("2.5.29.15", *fromHex("0300")), false);
    row("basic constraints", ext("2.5.29.19", *fromHex("30060101ff020103")), true);
    row("negative path length", ext("2.5.29.19", *fromHex("30060101ff0201ff")), false);
    row("basic constraints, no sequence", ext("2.5.29.19", "x"), false);
    row("alternative names", ext("2.5.29.17", dns, true), true);
    row("alternative names of unknown kinds only",
        ext("2.5.29.17", derSequence({derElement(der::context(8), "x")}), true), true, true);
    row("alternative name not ASCII",
        ext("2.5.29.17", derSequence({derElement(der::context(2), "\xc3\xa9")})), false);
    row("address of five bytes",
        ext("2.5.29.17", derSequence({derElement(der::context(7), "12345")})), false);
    row("subject key id", ext("2.5.29.14", derElement(der::kOctetString, "id")), true);
    row("subject key id, critical", ext("2.5.29.14", derElement(der::kOctetString, "id"), true),
        false);
    row("subject key id, malformed", ext("2.5.29.14", "id"), false);
    row("authority key id", ext("2.5.29.35", derSequence({derElement(der::context(0), "id")})),
        true);
    row("authority key id, critical",
        ext("2.5.29.35", derSequence({derElement(der::context(0), "id")}), true), false);
    row("authority key id without id", ext("2.5.29.35", derSequence({})), true);
    row("extended key usage", ext("2.5.29.37", derSequence({derOid("1.3.6.1.5.5.7.3.1")}), true),
        true);
    row("extended key usage, malformed", ext("2.5.29.37", derSequence({derInteger(1)})), false);
    row("policies", ext("2.5.29.32", derSequence({derSequence({derOid("1.2.3")})}), true), true);
    row("policies, malformed", ext("2.5.29.32", "x"), false);
    row("authority information access, critical", ext("1.3.6.1.5.5.7.1.1", derSequence({}), true),
        false);
}

void addNameConstraints() {
    row("name constraints",
        ext("2.5.29.30",
            derSequence({derElement(der::contextConstructed(0),
                                    derSequence({derElement(der::context(2), "a")}))}),
            true),
        true);
    row("name constraints of an unknown kind",
        ext("2.5.29.30",
            derSequence({derElement(der::contextConstructed(0),
                                    derSequence({derElement(der::contextConstructed(4), "")}))}),
            true),
        true, true);
    row("name constraints, empty", ext("2.5.29.30", derSequence({})), false);
    row("name constraints, empty list",
        ext("2.5.29.30", derSequence({derElement(der::contextConstructed(0), "")})), false);
    row("name constraints, mask with holes",
        ext("2.5.29.30",
            derSequence({derElement(
                der::contextConstructed(1),
                derSequence({derElement(der::context(7), *fromHex("0a000000ff00ff00"))}))})),
        false);
    row("name constraints, URI of an address",
        ext("2.5.29.30",
            derSequence({derElement(der::contextConstructed(1),
                                    derSequence({derElement(der::context(6), "10.0.0.1")}))})),
        false);
}

}  // namespace

class CertificateTest : public QObject {
    Q_OBJECT
private slots:
    void readsAPeer();
    void pemForms();
    void names_data();
    void names();
    void times_data();
    void times();
    void writtenTimesAreRead();
    void wrongPieces();
    void extensions_data();
    void extensions();
    void cutAnywhereIsAnError();
    void flippedAnywhereNeverBreaks();
};

void CertificateTest::readsAPeer() {
    const auto certificate = Certificate::fromPem(test::vectorFile(kPeer));
    VERIFY_OK(certificate);
    QCOMPARE(certificate->serialHex(), std::string("51deb951c08b8254e33bbc874869ddb6"));
    QCOMPARE(certificate->commonName(), std::string("peer0.alpha.pub.test"));
    QCOMPARE(certificate->organizationalUnits(), std::vector<std::string>{"peer"});
    QCOMPARE(
        certificate->issuer(),
        std::string("CN=ca.alpha.pub.test,O=alpha.pub.test,L=San Francisco,ST=California,C=US"));
    QCOMPARE(toHex(certificate->authorityKeyId()),
             std::string("806e491c5beb3d02b8184f131c2d4d8b21653491c175f9909f8e38648c470a0e"));
    QVERIFY(certificate->subjectKeyId().empty());
    QVERIFY(!certificate->isCa());
    QVERIFY(certificate->hosts().empty());
    QCOMPARE(timeText(certificate->notBefore()), std::string("2026-11-22T11:48:00Z"));
    QCOMPARE(timeText(certificate->notAfter()), std::string("2036-11-19T11:48:00Z"));
    QCOMPARE(certificate->toPem(), test::vectorFile(kPeer));
    const auto again = Certificate::fromDer(certificate->der());
    VERIFY_OK(again);
    QVERIFY(*again == *certificate);
    const auto tls = Certificate::fromPem(test::vectorFile(
        "msp/peerOrganizations/alpha.pub.test/peers/peer0.alpha.pub.test/tls/server.crt"));
    QCOMPARE(tls->hosts(),
             (std::vector<std::string>{"peer0.alpha.pub.test", "peer0", "localhost", "127.0.0.1"}));
    QVERIFY(!(*tls == *certificate));
}

void CertificateTest::pemForms() {
    const Bytes pem = test::vectorFile(kPeer);
    const auto given = Certificate::fromPem(pem);
    for (const Bytes& text :
         {"text before\n" + pem, pem + "text behind", writePem("WHATEVER", given->der())})
        QVERIFY(*Certificate::fromPem(text) == *given);
    QCOMPARE(reasonOf(Certificate::fromPem("").status()), std::string("NOT_PEM"));
    QCOMPARE(reasonOf(Certificate::fromPem(given->der()).status()), std::string("NOT_PEM"));
    QCOMPARE(reasonOf(Certificate::fromPem(writePem("CERTIFICATE", "x")).status()),
             std::string("BAD_CERTIFICATE"));
    QCOMPARE(reasonOf(Certificate::fromPem(Bytes(2 << 20, 'x')).status()),
             std::string("BAD_CERTIFICATE"));
    QCOMPARE(reasonOf(Certificate::fromDer(Bytes(2 << 20, '\x30')).status()),
             std::string("BAD_CERTIFICATE"));
}

// How Go prints names; the empty text stands for a name that is refused.
void CertificateTest::names_data() {
    QTest::addColumn<QByteArray>("der");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* name, const Bytes& der, const char* text) {
        QTest::newRow(name) << QByteArray::fromStdString(der) << QByteArray(text);
    };
    const auto cn = [](BytesView value) { return nameOf({{"2.5.4.3", Bytes(value)}}); };
    row("empty value", cn(utf8("")), "");
    row("order",
        nameOf({{"2.5.4.6", utf8("C")},
                {"2.5.4.8", utf8("S")},
                {"2.5.4.7", utf8("L")},
                {"2.5.4.9", utf8("R")},
                {"2.5.4.17", utf8("P")},
                {"2.5.4.10", utf8("O")},
                {"2.5.4.11", utf8("U")},
                {"2.5.4.3", utf8("N")},
                {"2.5.4.5", utf8("5")}}),
        "SERIALNUMBER=5,CN=N,OU=U,O=O,POSTALCODE=P,STREET=R,L=L,ST=S,C=C");
    row("encoded in another order", nameOf({{"2.5.4.3", utf8("N")}, {"2.5.4.6", utf8("C")}}),
        "CN=N,C=C");
    row("several of a kind",
        nameOf({{"2.5.4.11", utf8("a")}, {"2.5.4.3", utf8("N")}, {"2.5.4.11", utf8("b")}}),
        "CN=N,OU=a+OU=b");
    row("two common names", nameOf({{"2.5.4.3", utf8("a")}, {"2.5.4.3", utf8("b")}}), "CN=b");
    row("several in one set",
        derSequence({derElement(der::kSet, {derSequence({derOid("2.5.4.11"), utf8("a")}),
                                            derSequence({derOid("2.5.4.11"), utf8("b")})})}),
        "OU=a+OU=b");
    row("escapes", cn(utf8(" a,b+c\"d\\e<f>g;h# ")), "CN=\\ a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h#\\ ");
    row("number sign first", cn(utf8("#a")), "CN=\\#a");
    row("unknown type", nameOf({{"1.2.3", utf8("x")}, {"2.5.4.3", utf8("N")}}),
        "CN=N,1.2.3=#130178");
    row("unknown type with odd letters", nameOf({{"1.2.3", utf8("\xc3\xa9")}}), "1.2.3=#0c02c3a9");
    row("Latin-1", cn(derElement(der::kT61String, "\xe9")), "CN=\xc3\xa9");
    row("BMP", cn(derElement(der::kBmpString, BytesView("\x4e\x2d\x00\x41", 4))),
        "CN=\xe4\xb8\xad"
        "A");
    row("printable with wildcard", cn(derElement(der::kPrintableString, "*.a&b")), "CN=*.a&b");
}

void CertificateTest::names() {
    QFETCH(QByteArray, der);
    QFETCH(QByteArray, text);
    const auto name = readName(der.toStdString());
    VERIFY_OK(name);
    QCOMPARE(QByteArray::fromStdString(name->text()), text);
}

void CertificateTest::times_data() {
    QTest::addColumn<int>("tag");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](int tag, const char* text, const char* expected) {
        QTest::addRow("%02x %s", tag, text) << tag << QByteArray(text) << QByteArray(expected);
    };
    row(der::kUtcTime, "260102030405Z", "2026-01-02T03:04:05Z");
    row(der::kUtcTime, "2601020304Z", "2026-01-02T03:04:00Z");
    row(der::kUtcTime, "491231235959Z", "2049-12-31T23:59:59Z");
    row(der::kUtcTime, "500101000000Z", "1950-01-01T00:00:00Z");
    row(der::kUtcTime, "260102030405+0100", "2026-01-02T02:04:05Z");
    row(der::kUtcTime, "260102030405-0130", "2026-01-02T04:34:05Z");
    row(der::kGeneralizedTime, "20500102030405Z", "2050-01-02T03:04:05Z");
    row(der::kGeneralizedTime, "99991231235959Z", "9999-12-31T23:59:59Z");
    for (const char* bad : {"", "Z", "260102030405", "260102030405+0000", "260102030405+2500",
                            "260102030405+01", "261302030405Z", "260132030405Z", "260229030405Z",
                            "260102240405Z", "260102036005Z", "260102030460Z", "260102030405.1Z",
                            "26010203040Z", "260102030405ZZ", "2a0102030405Z", "20260102030405Z"})
        row(der::kUtcTime, bad, "");
    for (const char* bad : {"260102030405Z", "20260102030405.5Z", "20260102030405"})
        row(der::kGeneralizedTime, bad, "");
    row(der::kUtf8String, "260102030405Z", "");
}

void CertificateTest::times() {
    QFETCH(int, tag);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, expected);
    const Bytes bytes = derElement(std::uint8_t(tag), text.toStdString());
    DerReader reader(bytes);
    const auto time = readX509Time(reader);
    QCOMPARE(time.has_value(), !expected.isEmpty());
    QCOMPARE(reader.empty(), time.has_value());
    if (time) QCOMPARE(QByteArray::fromStdString(timeText(*time)), expected);
}

void CertificateTest::writtenTimesAreRead() {
    for (const std::int64_t seconds :
         {-631152000LL, 0LL, 1795348800LL, 2524607999LL, 2524608000LL, 253402300799LL}) {
        const Bytes bytes = writeX509Time(absl::FromUnixSeconds(seconds));
        DerReader reader(bytes);
        QCOMPARE(absl::ToUnixSeconds(readX509Time(reader).value()), std::int64_t(seconds));
        QCOMPARE(std::uint8_t(bytes[0]),
                 seconds < 2524608000 ? der::kUtcTime : der::kGeneralizedTime);
    }
}

void CertificateTest::wrongPieces() {
    QCOMPARE(reasonFor(Pieces()), std::string());
    const auto changed = [](auto change) {
        Pieces pieces;
        change(pieces);
        return reasonFor(pieces);
    };
    const std::string bad = "BAD_CERTIFICATE";
    QCOMPARE(
        changed([](auto& p) { p.version = derElement(der::contextConstructed(0), derInteger(3)); }),
        bad);
    QCOMPARE(changed([](auto& p) {
                 p.version =
                     derElement(der::contextConstructed(0), derElement(der::kInteger, "\xff"));
             }),
             bad);
    QCOMPARE(changed([](auto& p) {
                 p.version = derElement(der::contextConstructed(0), derInteger(2) + derInteger(2));
             }),
             bad);
    QCOMPARE(changed([](auto& p) { p.serial = derElement(der::kInteger, "\x80"); }), bad);
    QCOMPARE(changed([](auto& p) { p.serial = derElement(der::kInteger, BytesView("\0\x01", 2)); }),
             bad);
    QCOMPARE(changed([](auto& p) { p.algorithm = derSequence({derOid("1.2.840.10045.4.3.3")}); }),
             bad);
    QCOMPARE(changed([](auto& p) { p.issuer = utf8("x"); }), bad);
    QCOMPARE(changed([](auto& p) {
                 p.validity = derSequence({derElement(der::kUtcTime, "260101000000Z")});
             }),
             bad);
    QCOMPARE(changed([](auto& p) {
                 p.subject = nameOf({{"2.5.4.3", utf8("\xff")}});
             }),
             std::string("BAD_NAME"));
    QCOMPARE(changed([](auto& p) {
                 p.subject = nameOf({{"2.5.4.3", derInteger(5)}});
             }),
             std::string("BAD_NAME"));
    QCOMPARE(changed([](auto& p) {
                 p.subject = nameOf({{"2.5.4.3", derElement(der::kPrintableString, "a@b")}});
             }),
             std::string("BAD_NAME"));
    QCOMPARE(changed([](auto& p) {
                 p.subject = nameOf({{"2.5.4.3", derElement(der::kBmpString, "abc")}});
             }),
             std::string("BAD_NAME"));
    QCOMPARE(changed([](auto& p) { p.key = derSequence({}); }), std::string("BAD_KEY"));
    QCOMPARE(changed([](auto& p) { p.signature = derElement(der::kBitString, "\x01x"); }), bad);
    QCOMPARE(changed([](auto& p) { p.signature = {}; }), bad);
    // Unique identifiers may stand there, and Go ignores what follows the signature.
    QCOMPARE(changed([](auto& p) {
                 p.tail =
                     derElement(der::context(1), "id") + derElement(der::context(2), "id") + p.tail;
             }),
             std::string());
    QCOMPARE(changed([](auto& p) { p.behind = derInteger(1); }), std::string());
    // Version 1 has no extensions; whatever stands there is not read.
    QCOMPARE(changed([](auto& p) { p.version = {}, p.tail = {}; }), std::string());
    Pieces pieces;
    QCOMPARE(reasonOf(Certificate::fromDer(pieces.der() + "x").status()), bad);
    QCOMPARE(argumentOf(Certificate::fromDer(pieces.der() + "x").status(), "offset"),
             fmt::to_string(pieces.der().size()));
}

void CertificateTest::extensions_data() {
    QTest::addColumn<QByteArray>("list");
    QTest::addColumn<bool>("good");
    QTest::addColumn<bool>("unknownCritical");
    addExtensions();
    addNameConstraints();
}

void CertificateTest::extensions() {
    QFETCH(QByteArray, list);
    QFETCH(bool, good);
    QFETCH(bool, unknownCritical);
    Pieces pieces;
    pieces.setExtensions(list.toStdString());
    const auto certificate = Certificate::fromDer(pieces.der());
    QVERIFY2(certificate.ok() == good, certificate.status().ToString().c_str());
    if (!good) {
        QCOMPARE(reasonOf(certificate.status()), std::string("BAD_CERTIFICATE"));
        return;
    }
    QCOMPARE(!certificate->impl().extensions.unknownCritical.empty(), unknownCritical);
}

void CertificateTest::cutAnywhereIsAnError() {
    const Bytes der = Certificate::fromPem(test::vectorFile(kPeer))->der();
    for (std::size_t size = 0; size < der.size(); ++size) {
        const auto certificate = Certificate::fromDer(der.substr(0, size));
        QCOMPARE(reasonOf(certificate.status()), std::string("BAD_CERTIFICATE"));
    }
}

// Either a certificate with other bytes or a typed error.
void CertificateTest::flippedAnywhereNeverBreaks() {
    const Bytes der = Certificate::fromPem(test::vectorFile(kPeer))->der();
    for (std::size_t at = 0; at < der.size(); ++at)
        for (const char flip : {'\x01', '\x80', '\xff'}) {
            Bytes changed = der;
            changed[at] = char(changed[at] ^ flip);
            const auto certificate = Certificate::fromDer(changed);
            if (certificate.ok())
                QCOMPARE(certificate->der(), changed);
            else
                QVERIFY(!reasonOf(certificate.status()).empty());
        }
}

CHANCERY_TEST(CertificateTest)
#include "CertificateTest.moc"
