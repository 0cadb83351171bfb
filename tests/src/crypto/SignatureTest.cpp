#include <thread>

#include "src/base/Encoding.h"
#include "src/crypto/Der.h"
#include "src/crypto/Key.h"
#include "src/crypto/Pem.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::crypto;

namespace {

constexpr BytesView kMessage = "a message to be signed";

Bytes hex(std::string_view text) {
    return *fromHex(text);
}

const PrivateKey& keyOf(KeyAlgorithm algorithm) {
    static std::map<KeyAlgorithm, PrivateKey> keys;
    auto found = keys.find(algorithm);
    if (found == keys.end())
        found = keys.emplace(algorithm, *PrivateKey::generate(algorithm)).first;
    return found->second;
}

struct CurveNumbers {
    KeyAlgorithm algorithm;
    const char* order;
};
constexpr CurveNumbers kCurves[] = {
    {KeyAlgorithm::EcdsaP224, "ffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3d"},
    {KeyAlgorithm::EcdsaP256, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"},
    {KeyAlgorithm::EcdsaP384,
     "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52"
     "973"},
    {KeyAlgorithm::EcdsaP521,
     "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa"
     "51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409"}};

// a − b for big-endian numbers, a ≥ b.
Bytes minus(Bytes a, BytesView b) {
    int borrow = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const int digit = i < b.size() ? std::uint8_t(b[b.size() - 1 - i]) : 0;
        const int difference = std::uint8_t(a[a.size() - 1 - i]) - digit - borrow;
        borrow = difference < 0 ? 1 : 0;
        a[a.size() - 1 - i] = char(difference);
    }
    return a;
}

struct Numbers {
    Bytes r;
    Bytes s;
    Bytes der() const { return derSequence({derUnsigned(r), derUnsigned(s)}); }
};

Numbers numbersOf(BytesView signature) {
    DerReader reader(*DerReader(signature).read(der::kSequence));
    const BytesView r = *reader.readInteger();
    return {Bytes(r), Bytes(*reader.readInteger())};
}

std::string reason(const PublicKey& key, BytesView signature) {
    return reasonOf(key.verify(kMessage, signature, HashAlgorithm::Sha256));
}

// The key of the example in GB/T 32918.5, annex A.
const PrivateKey& standardSm2Key() {
    static const PrivateKey key = [] {
        const Bytes inner = derSequence(
            {derInteger(1), derElement(der::kOctetString,
                                       hex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb"
                                           "81ef4df7c5b8"))});
        const Bytes algorithm =
            derSequence({derOid("1.2.840.10045.2.1"), derOid("1.2.156.10197.1.301")});
        return *PrivateKey::fromPem(writePem(
            "PRIVATE KEY",
            derSequence({derInteger(0), algorithm, derElement(der::kOctetString, inner)})));
    }();
    return key;
}

void oddRow(const std::string& name, const PublicKey& key, BytesView message,
            const Bytes& signature, const char* reason, int scheme = -1) {
    QTest::newRow(name.c_str()) << QByteArray::fromStdString(key.toDer())
                                << QByteArray(message.data(), qsizetype(message.size()))
                                << QByteArray::fromStdString(signature) << scheme
                                << QByteArray(reason);
}

void addOddEcdsa(const CurveNumbers& curve) {
    const Bytes order = hex(curve.order);
    const Bytes signature = *keyOf(curve.algorithm).sign(kMessage, HashAlgorithm::Sha256);
    const Numbers good = numbersOf(signature);
    const PublicKey key = keyOf(curve.algorithm).publicKey();
    const auto row = [&](const char* name, const Bytes& bytes, const char* reason) {
        oddRow(std::string(nameOf(curve.algorithm)) + ", " + name, key, kMessage, bytes, reason);
    };
    const Bytes zero(1, '\0');
    const Bytes one("\x01");
    const Bytes whole(order.size(), '\xff');
    const Bytes r = derUnsigned(good.r);
    const Bytes s = derUnsigned(good.s);
    row("high S", Numbers{good.r, minus(order, good.s)}.der(), "HIGH_S");
    row("r = 0", Numbers{zero, good.s}.der(), "BAD_SIGNATURE");
    row("s = 0", Numbers{good.r, zero}.der(), "BAD_SIGNATURE");
    row("r = s = 0", Numbers{zero, zero}.der(), "BAD_SIGNATURE");
    row("r = n", Numbers{order, good.s}.der(), "BAD_SIGNATURE");
    row("s = n", Numbers{good.r, order}.der(), "HIGH_S");
    row("r = n, s = n", Numbers{order, order}.der(), "HIGH_S");
    row("r = n - 1", Numbers{minus(order, one), good.s}.der(), "BAD_SIGNATURE");
    row("s = n - 1", Numbers{good.r, minus(order, one)}.der(), "HIGH_S");
    row("r = s = 1", Numbers{one, one}.der(), "BAD_SIGNATURE");
    row("r above n", Numbers{whole, good.s}.der(), "BAD_SIGNATURE");
    row("s above n", Numbers{good.r, whole}.der(), "HIGH_S");
    row("r and s exchanged", Numbers{good.s, good.r}.der(), nullptr);
    row("r of 10,000 bytes", Numbers{"\x01" + Bytes(9'999, 'x'), good.s}.der(), "BAD_SIGNATURE");
    row("negative r", derSequence({derElement(der::kInteger, "\x80"), s}), "BAD_SIGNATURE");
    row("negative s", derSequence({r, derElement(der::kInteger, "\xff")}), "BAD_SIGNATURE");
    row("empty", "", "SIGNATURE_NOT_DER");
    row("empty sequence", derSequence({}), "SIGNATURE_NOT_DER");
    row("r alone", derSequence({r}), "SIGNATURE_NOT_DER");
    row("leading zero in r",
        derSequence({derElement(der::kInteger, {BytesView("\0\0", 2), good.r}), s}),
        "SIGNATURE_NOT_DER");
    row("leading zero in s",
        derSequence({r, derElement(der::kInteger, {BytesView("\0\0", 2), good.s})}),
        "SIGNATURE_NOT_DER");
    row("empty integer", derSequence({r, BytesView("\x02\x00", 2)}), "SIGNATURE_NOT_DER");
    row("length in long form", "\x30\x81" + signature.substr(1),
        curve.algorithm == KeyAlgorithm::EcdsaP521 ? nullptr : "SIGNATURE_NOT_DER");
    row("indefinite length", "\x30\x80" + r + s + Bytes(2, '\0'), "SIGNATURE_NOT_DER");
    row("set in place of sequence", derElement(der::kSet, {r, s}), "SIGNATURE_NOT_DER");
    row("octet strings",
        derSequence({derElement(der::kOctetString, good.r), derElement(der::kOctetString, good.s)}),
        "SIGNATURE_NOT_DER");
    row("cut by one byte", signature.substr(0, signature.size() - 1), "SIGNATURE_NOT_DER");
    row("raw r and s", good.r + good.s, "SIGNATURE_NOT_DER");
    row("wrapped once more", derSequence({signature}), "SIGNATURE_NOT_DER");
}

constexpr const char* kSm2Order =
    "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";

void addOddSm2() {
    const BytesView message = "message digest";
    const PublicKey key = standardSm2Key().publicKey();
    const Bytes order = hex(kSm2Order);
    const Bytes signature = *standardSm2Key().sign(message, HashAlgorithm::Sm3);
    const Numbers good = numbersOf(signature);
    const Bytes zero(1, '\0');
    const Bytes one("\x01");
    const Bytes r = derUnsigned(good.r);
    const Bytes s = derUnsigned(good.s);
    const auto row = [&](const char* name, const Bytes& bytes, const char* reason) {
        oddRow(std::string("SM2, ") + name, key, message, bytes, reason);
        // Certificates are signed by the same scheme.
        oddRow(std::string("SM2 in a certificate, ") + name, key, message, bytes, reason,
               int(SignatureScheme::Sm2Sm3));
    };
    // Made by OpenSSL over the same message with the user id ALICE123@YAHOO.COM, and with none.
    row("another user id",
        hex("3045022100d6de11c850945da8bfe2c9e82130493ad1b5e3c3f97a2c849334ea29700aa36502206375e12c"
            "03d8257f1de1897fe2d8ebf22b9c1ffbe4cd4f80e7e95d26205c4854"),
        "BAD_SIGNATURE");
    row("no user id",
        hex("3045022059b20af5b792a91a5bcade77e06d119fbf79f24a6366171fe4e0e03df25be3e4022100b2b97dbf"
            "de3bf7362ad742213d7c5b113f7a5b0344f4b0db3cd000926e60776e"),
        "BAD_SIGNATURE");
    row("r + s = n", Numbers{good.r, minus(order, good.r)}.der(), "BAD_SIGNATURE");
    row("s + r = n", Numbers{minus(order, good.s), good.s}.der(), "BAD_SIGNATURE");
    row("n - s", Numbers{good.r, minus(order, good.s)}.der(), "BAD_SIGNATURE");
    row("r = 0", Numbers{zero, good.s}.der(), "BAD_SIGNATURE");
    row("s = 0", Numbers{good.r, zero}.der(), "BAD_SIGNATURE");
    row("r = s = 0", Numbers{zero, zero}.der(), "BAD_SIGNATURE");
    row("r = n", Numbers{order, good.s}.der(), "BAD_SIGNATURE");
    row("s = n", Numbers{good.r, order}.der(), "BAD_SIGNATURE");
    row("r above n", Numbers{Bytes(32, '\xff'), good.s}.der(), "BAD_SIGNATURE");
    row("s above n", Numbers{good.r, Bytes(32, '\xff')}.der(), "BAD_SIGNATURE");
    row("r = s = 1", Numbers{one, one}.der(), "BAD_SIGNATURE");
    row("r and s exchanged", Numbers{good.s, good.r}.der(), "BAD_SIGNATURE");
    row("negative r", derSequence({derElement(der::kInteger, "\x80"), s}), nullptr);
    row("leading zero in r",
        derSequence({derElement(der::kInteger, {BytesView("\0\0", 2), good.r}), s}),
        "SIGNATURE_NOT_DER");
    row("leading zero in s",
        derSequence({r, derElement(der::kInteger, {BytesView("\0\0", 2), good.s})}),
        "SIGNATURE_NOT_DER");
    row("length in long form", "\x30\x81" + signature.substr(1), "SIGNATURE_NOT_DER");
    row("indefinite length", "\x30\x80" + r + s + Bytes(2, '\0'), "SIGNATURE_NOT_DER");
    row("raw r and s", good.r + good.s, "SIGNATURE_NOT_DER");
    row("bytes behind", signature + "x", "SIGNATURE_NOT_DER");
    row("a third number", derSequence({r, s, derInteger(1)}), "SIGNATURE_NOT_DER");
    row("cut", signature.substr(0, 40), "SIGNATURE_NOT_DER");
    row("empty", "", "SIGNATURE_NOT_DER");
}

/// A key of one suite is offered the other's signature, in messages and in certificates.
void addExchangedSuites() {
    const PrivateKey& ecdsa = keyOf(KeyAlgorithm::EcdsaP256);
    const PrivateKey& sm2 = keyOf(KeyAlgorithm::Sm2);
    const Bytes byEcdsa = *ecdsa.sign(kMessage, HashAlgorithm::Sha256);
    const Bytes bySm3 = *ecdsa.sign(kMessage, HashAlgorithm::Sm3);
    const Bytes bySm2 = *sm2.sign(kMessage, HashAlgorithm::Sm3);
    const PublicKey ecdsaKey = ecdsa.publicKey();
    const PublicKey sm2Key = sm2.publicKey();
    const auto row = [](const char* name, const PublicKey& key, const Bytes& signature,
                        int scheme = -1) {
        oddRow(name, key, kMessage, signature, nullptr, scheme);
    };
    row("SM2's signature for an ECDSA key", ecdsaKey, bySm2);
    row("ECDSA's signature for an SM2 key", sm2Key, byEcdsa);
    row("ECDSA over SM3 for an SM2 key", sm2Key, bySm3);
    row("SM2 key as ECDSA", sm2Key, bySm2, int(SignatureScheme::EcdsaSha256));
    row("SM2 key as ECDSA, its signature", sm2Key, byEcdsa, int(SignatureScheme::EcdsaSha256));
    row("ECDSA key as SM2", ecdsaKey, byEcdsa, int(SignatureScheme::Sm2Sm3));
    row("ECDSA key as SM2, its signature", ecdsaKey, bySm2, int(SignatureScheme::Sm2Sm3));
    row("ECDSA over SM3 as SM2", ecdsaKey, bySm3, int(SignatureScheme::Sm2Sm3));
    row("SM2 key as Ed25519", sm2Key, bySm2, int(SignatureScheme::Ed25519));
    row("SM2 key as RSA", sm2Key, bySm2, int(SignatureScheme::RsaSha256));
}

}  // namespace

class SignatureTest : public QObject {
    Q_OBJECT
private slots:
    void signsAndVerifies_data();
    void signsAndVerifies();
    void hashesAreChosen();
    void refusesOddSignatures_data();
    void refusesOddSignatures();
    void toleratesWhatGoTolerates();
    void certificateRule();
    void lowersS();
    void knownEcdsa();
    void ed25519OfRfc8032_data();
    void ed25519OfRfc8032();
    void ed25519Refusals();
    void sm2OfTheStandard();
    void keysOfAnotherCurve();
    void kindsDoNotMix();
    void everyFlippedBitIsFound();
    void threadsShareKeys();
};

void SignatureTest::signsAndVerifies_data() {
    QTest::addColumn<int>("algorithm");
    for (const auto algorithm :
         {KeyAlgorithm::EcdsaP224, KeyAlgorithm::EcdsaP256, KeyAlgorithm::EcdsaP384,
          KeyAlgorithm::EcdsaP521, KeyAlgorithm::Ed25519, KeyAlgorithm::Sm2})
        QTest::newRow(std::string(nameOf(algorithm)).c_str()) << int(algorithm);
}

void SignatureTest::signsAndVerifies() {
    QFETCH(int, algorithm);
    const PrivateKey& key = keyOf(KeyAlgorithm(algorithm));
    for (const BytesView message : {BytesView(""), BytesView("x"), kMessage}) {
        const auto signature = key.sign(message, HashAlgorithm::Sha256);
        VERIFY_OK(signature);
        VERIFY_OK(key.publicKey().verify(message, *signature, HashAlgorithm::Sha256));
        QCOMPARE(reasonOf(key.publicKey().verify("another", *signature, HashAlgorithm::Sha256)),
                 std::string("BAD_SIGNATURE"));
        const auto other = PrivateKey::generate(KeyAlgorithm(algorithm));
        QCOMPARE(reasonOf(other->publicKey().verify(message, *signature, HashAlgorithm::Sha256)),
                 std::string("BAD_SIGNATURE"));
    }
    // Signatures are low by themselves, often enough to notice when they are not.
    if (KeyAlgorithm(algorithm) <= KeyAlgorithm::EcdsaP521)
        for (int i = 0; i < 20; ++i)
            VERIFY_OK(key.publicKey().verify(kMessage, *key.sign(kMessage, HashAlgorithm::Sha256),
                                             HashAlgorithm::Sha256));
}

void SignatureTest::hashesAreChosen() {
    const PrivateKey& key = keyOf(KeyAlgorithm::EcdsaP256);
    const Bytes signature = *key.sign(kMessage, HashAlgorithm::Sha3_256);
    VERIFY_OK(key.publicKey().verify(kMessage, signature, HashAlgorithm::Sha3_256));
    QVERIFY(!key.publicKey().verify(kMessage, signature, HashAlgorithm::Sha256).ok());
    // Longer digests than the curve are cut, for P-224 already SHA-256.
    for (const auto hash : {HashAlgorithm::Sha384, HashAlgorithm::Sha512})
        VERIFY_OK(key.publicKey().verify(kMessage, *key.sign(kMessage, hash), hash));
}

/// Case C8 of what nodes must withstand, of both suites.
void SignatureTest::refusesOddSignatures_data() {
    QTest::addColumn<QByteArray>("key");  // SubjectPublicKeyInfo
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("signature");
    QTest::addColumn<int>("scheme");  // of certificates; -1: the rule for messages
    QTest::addColumn<QByteArray>("reason");
    for (const CurveNumbers& curve : kCurves) addOddEcdsa(curve);
    addOddSm2();
    addExchangedSuites();
}

void SignatureTest::refusesOddSignatures() {
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, signature);
    QFETCH(int, scheme);
    QFETCH(QByteArray, reason);
    const auto publicKey = PublicKey::fromDer(key.toStdString());
    VERIFY_OK(publicKey);
    const Status verdict =
        scheme < 0 ? publicKey->verify(message.toStdString(), signature.toStdString(),
                                       HashAlgorithm::Sha256)
                   : publicKey->verifyScheme(static_cast<SignatureScheme>(scheme),
                                             message.toStdString(), signature.toStdString());
    QCOMPARE(verdict.code(), StatusCode::kUnauthenticated);
    if (!reason.isNull()) QCOMPARE(QByteArray::fromStdString(reasonOf(verdict)), reason);
}

/// The point of an SM2 key is on no other curve, and the other way round.
void SignatureTest::keysOfAnotherCurve() {
    const auto claiming = [](const PrivateKey& key, std::string_view curve) {
        const Bytes der = key.publicKey().toDer();
        const Bytes point = der.substr(der.size() - 65);
        return reasonOf(PublicKey::fromDer(
                            derSequence({derSequence({derOid("1.2.840.10045.2.1"), derOid(curve)}),
                                         derBitString(point)}))
                            .status());
    };
    QCOMPARE(claiming(standardSm2Key(), "1.2.840.10045.3.1.7"), std::string("BAD_KEY"));
    QCOMPARE(claiming(keyOf(KeyAlgorithm::EcdsaP256), "1.2.156.10197.1.301"),
             std::string("BAD_KEY"));
    QCOMPARE(claiming(standardSm2Key(), "1.2.156.10197.1.301"), std::string());
}

// Go's encoding/asn1 lets bytes follow, behind the sequence and inside it; peers therefore do, too.
void SignatureTest::toleratesWhatGoTolerates() {
    const PublicKey& key = keyOf(KeyAlgorithm::EcdsaP256).publicKey();
    const Bytes signature = *keyOf(KeyAlgorithm::EcdsaP256).sign(kMessage, HashAlgorithm::Sha256);
    const Numbers good = numbersOf(signature);
    QCOMPARE(reason(key, signature + "behind"), std::string());
    QCOMPARE(reason(key, derSequence({derUnsigned(good.r), derUnsigned(good.s), derInteger(7)})),
             std::string());
    QCOMPARE(
        reason(key, derSequence({derUnsigned(good.r), derUnsigned(good.s), "garbage"}) + "behind"),
        std::string());
}

void SignatureTest::certificateRule() {
    const PrivateKey& privateKey = keyOf(KeyAlgorithm::EcdsaP256);
    const PublicKey key = privateKey.publicKey();
    const Bytes signature = *privateKey.sign(kMessage, HashAlgorithm::Sha256);
    const Numbers good = numbersOf(signature);
    const Bytes high = Numbers{good.r, minus(hex(kCurves[1].order), good.s)}.der();
    const auto check = [&](BytesView bytes) {
        return reasonOf(key.verifyScheme(SignatureScheme::EcdsaSha256, kMessage, bytes));
    };
    QCOMPARE(check(signature), std::string());
    QCOMPARE(check(high), std::string());
    QCOMPARE(check(signature + "x"), std::string("SIGNATURE_NOT_DER"));
    QCOMPARE(check(derSequence({derUnsigned(good.r), derUnsigned(good.s), derInteger(7)})),
             std::string("SIGNATURE_NOT_DER"));
    QCOMPARE(check(Numbers{Bytes(1, '\0'), good.s}.der()), std::string("BAD_SIGNATURE"));
    QCOMPARE(reasonOf(key.verifyScheme(SignatureScheme::EcdsaSha384, kMessage, signature)),
             std::string("BAD_SIGNATURE"));
    VERIFY_OK(key.verifyScheme(SignatureScheme::EcdsaSha512, kMessage,
                               *privateKey.sign(kMessage, HashAlgorithm::Sha512)));
}

void SignatureTest::lowersS() {
    for (const CurveNumbers& curve : kCurves) {
        const Bytes signature = *keyOf(curve.algorithm).sign(kMessage, HashAlgorithm::Sha256);
        const Numbers good = numbersOf(signature);
        const Bytes high = Numbers{good.r, minus(hex(curve.order), good.s)}.der();
        QCOMPARE(toLowS(signature, curve.algorithm).value(), signature);
        QCOMPARE(toLowS(high, curve.algorithm).value(), signature);
        QVERIFY(isCanonicalSignature(high));
        QVERIFY(!isCanonicalSignature(high + "x"));
        QCOMPARE(reasonOf(toLowS(high + "x", curve.algorithm).status()),
                 std::string("SIGNATURE_NOT_DER"));
        QCOMPARE(
            reasonOf(toLowS(Numbers{good.r, hex(curve.order)}.der(), curve.algorithm).status()),
            std::string("BAD_SIGNATURE"));
    }
    // floor(n / 2) is the last low one: the next above it is rewritten.
    const Bytes half = hex("7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8");
    const Bytes above = hex("7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a9");
    QCOMPARE(toLowS(Numbers{"\x01", half}.der(), KeyAlgorithm::EcdsaP256).value(),
             (Numbers{"\x01", half}.der()));
    QCOMPARE(toLowS(Numbers{"\x01", above}.der(), KeyAlgorithm::EcdsaP256).value(),
             (Numbers{"\x01", half}.der()));
    const PublicKey& key = keyOf(KeyAlgorithm::EcdsaP256).publicKey();
    QCOMPARE(reason(key, Numbers{"\x01", half}.der()), std::string("BAD_SIGNATURE"));
    QCOMPARE(reason(key, Numbers{"\x01", above}.der()), std::string("HIGH_S"));
}

// RFC 6979, A.2.5: P-256, SHA-256, message "sample". Its S is high.
void SignatureTest::knownEcdsa() {
    const Bytes der =
        derSequence({derSequence({derOid("1.2.840.10045.2.1"), derOid("1.2.840.10045.3.1.7")}),
                     derBitString(hex("0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60"
                                      "f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c"
                                      "2d7e9f5177a3c294d4462299"))});
    const auto key = PublicKey::fromDer(der);
    VERIFY_OK(key);
    const Bytes signature =
        Numbers{hex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"),
                hex("f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8")}
            .der();
    QCOMPARE(reasonOf(key->verify("sample", signature, HashAlgorithm::Sha256)),
             std::string("HIGH_S"));
    VERIFY_OK(key->verifyScheme(SignatureScheme::EcdsaSha256, "sample", signature));
    VERIFY_OK(
        key->verify("sample", *toLowS(signature, KeyAlgorithm::EcdsaP256), HashAlgorithm::Sha256));
}

void SignatureTest::ed25519OfRfc8032_data() {
    QTest::addColumn<QByteArray>("seed");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("signature");
    QTest::newRow("1")
        << QByteArray("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
        << QByteArray("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        << QByteArray("")
        << QByteArray(
               "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61"
               "e39701cf9b"
               "46bd25bf5f0595bbe24655141438e7a100b");
    QTest::newRow("2")
        << QByteArray("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
        << QByteArray("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
        << QByteArray("72")
        << QByteArray(
               "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458"
               "f3613d0f11"
               "d8c387b2eaeb4302aeeb00d291612bb0c00");
    QTest::newRow("3")
        << QByteArray("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")
        << QByteArray("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
        << QByteArray("af82")
        << QByteArray(
               "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae6"
               "7f760984dc"
               "6594a7c15e9716ed28dc027beceea1ec40a");
}

void SignatureTest::ed25519OfRfc8032() {
    QFETCH(QByteArray, seed);
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, signature);
    const auto privateKey = PrivateKey::fromPem(writePem(
        "PRIVATE KEY",
        derSequence({derInteger(0), derSequence({derOid("1.3.101.112")}),
                     derElement(der::kOctetString,
                                derElement(der::kOctetString, hex(seed.toStdString())))})));
    VERIFY_OK(privateKey);
    QVERIFY(toHex(privateKey->publicKey().toDer()).ends_with(key.toStdString()));
    QCOMPARE(toHex(*privateKey->sign(hex(message.toStdString()), HashAlgorithm::Sha256)),
             signature.toStdString());
    VERIFY_OK(privateKey->publicKey().verify(hex(message.toStdString()),
                                             hex(signature.toStdString()), HashAlgorithm::Sha256));
}

void SignatureTest::ed25519Refusals() {
    const PrivateKey& privateKey = keyOf(KeyAlgorithm::Ed25519);
    const PublicKey key = privateKey.publicKey();
    const Bytes signature = *privateKey.sign(kMessage, HashAlgorithm::Sha256);
    QCOMPARE(reason(key, signature), std::string());
    QCOMPARE(reason(key, signature.substr(0, 63)), std::string("BAD_SIGNATURE"));
    QCOMPARE(reason(key, signature + "x"), std::string("BAD_SIGNATURE"));
    QCOMPARE(reason(key, ""), std::string("BAD_SIGNATURE"));
    // S + L would be the same signature once more.
    Bytes malleable = signature;
    const Bytes order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    int carry = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const int sum = std::uint8_t(malleable[32 + i]) + std::uint8_t(order[i]) + carry;
        malleable[32 + i] = char(sum);
        carry = sum >> 8;
    }
    QCOMPARE(reason(key, malleable), std::string("BAD_SIGNATURE"));
}

// GB/T 32918.5, annex A: digital signature with the recommended curve, message "message digest",
// the standard user id.
void SignatureTest::sm2OfTheStandard() {
    const PublicKey key = standardSm2Key().publicKey();
    QVERIFY(toHex(key.toDer())
                .ends_with("09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
                           "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"));
    const Bytes signature =
        Numbers{hex("f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"),
                hex("b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa")}
            .der();
    VERIFY_OK(key.verify("message digest", signature, HashAlgorithm::Sm3));
    VERIFY_OK(key.verifyScheme(SignatureScheme::Sm2Sm3, "message digest", signature));
    // The suite's hash is SM3 whatever is asked for, and another tool's signature is good too.
    VERIFY_OK(key.verify("message digest", signature, HashAlgorithm::Sha256));
    VERIFY_OK(key.verify("message digest",
                         hex("3046022100fe95ce2d85f74f2d1b2e176707799503398d740595224728fd8fde06a3c"
                             "3a8f8022100c9cc7bc76c07caee6e466f7"
                             "b9c6349b6f58ec99acca06f6e098c7d13b5631689"),
                         HashAlgorithm::Sm3));
}

// Each key is offered every other kind's signature, and as a certificate's signer every other
// scheme.
void SignatureTest::kindsDoNotMix() {
    const KeyAlgorithm kinds[] = {KeyAlgorithm::EcdsaP256, KeyAlgorithm::EcdsaP384,
                                  KeyAlgorithm::Ed25519, KeyAlgorithm::Sm2};
    for (const KeyAlgorithm signer : kinds)
        for (const KeyAlgorithm verifier : kinds) {
            if (signer == verifier) continue;
            const Bytes signature = *keyOf(signer).sign(kMessage, HashAlgorithm::Sha256);
            QVERIFY(!keyOf(verifier)
                         .publicKey()
                         .verify(kMessage, signature, HashAlgorithm::Sha256)
                         .ok());
        }
    const Bytes sm2 = *keyOf(KeyAlgorithm::Sm2).sign(kMessage, HashAlgorithm::Sm3);
    const Bytes ecdsa = *keyOf(KeyAlgorithm::EcdsaP256).sign(kMessage, HashAlgorithm::Sha256);
    const auto scheme = [](KeyAlgorithm key, SignatureScheme as, BytesView signature) {
        return reasonOf(keyOf(key).publicKey().verifyScheme(as, kMessage, signature));
    };
    QCOMPARE(scheme(KeyAlgorithm::Sm2, SignatureScheme::EcdsaSha256, sm2),
             std::string("BAD_SIGNATURE"));
    QCOMPARE(scheme(KeyAlgorithm::EcdsaP256, SignatureScheme::Sm2Sm3, ecdsa),
             std::string("BAD_SIGNATURE"));
    QCOMPARE(scheme(KeyAlgorithm::EcdsaP256, SignatureScheme::RsaSha256, ecdsa),
             std::string("BAD_SIGNATURE"));
    QCOMPARE(scheme(KeyAlgorithm::EcdsaP256, SignatureScheme::Ed25519, ecdsa),
             std::string("BAD_SIGNATURE"));
    QCOMPARE(scheme(KeyAlgorithm::Ed25519, SignatureScheme::EcdsaSha256, ecdsa),
             std::string("BAD_SIGNATURE"));
}

void SignatureTest::everyFlippedBitIsFound() {
    for (const auto algorithm : {KeyAlgorithm::EcdsaP256, KeyAlgorithm::Ed25519}) {
        const PrivateKey& key = keyOf(algorithm);
        const PublicKey publicKey = key.publicKey();
        const Bytes signature = *key.sign(kMessage, HashAlgorithm::Sha256);
        for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
            Bytes changed = signature;
            changed[bit / 8] = char(changed[bit / 8] ^ (1 << (bit % 8)));
            QVERIFY(!publicKey.verify(kMessage, changed, HashAlgorithm::Sha256).ok());
        }
    }
}

void SignatureTest::threadsShareKeys() {
    const PrivateKey& key = keyOf(KeyAlgorithm::EcdsaP256);
    const Bytes signature = *key.sign(kMessage, HashAlgorithm::Sha256);
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 6; ++i)
        threads.emplace_back([&, i] {
            const PublicKey publicKey = key.publicKey();
            for (int n = 0; n < 100; ++n) {
                const bool isGood =
                    publicKey.verify(kMessage, signature, HashAlgorithm::Sha256).ok();
                const bool isBad =
                    publicKey.verify("another", signature, HashAlgorithm::Sha256).ok();
                const auto own = key.sign(kMessage, HashAlgorithm::Sha256);
                if (!isGood || isBad || !own.ok() ||
                    (i == 0 && !publicKey.verify(kMessage, *own, HashAlgorithm::Sha256).ok()))
                    ++wrong;
            }
        });
    for (auto& thread : threads) thread.join();
    QCOMPARE(wrong.load(), 0);
}

CHANCERY_TEST(SignatureTest)
#include "SignatureTest.moc"
