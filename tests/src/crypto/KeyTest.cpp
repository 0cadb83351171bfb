#include "src/crypto/Key.h"

#include "src/base/Encoding.h"
#include "src/crypto/Der.h"
#include "src/crypto/Pem.h"
#include "src/crypto/Suite.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::crypto;

Q_DECLARE_METATYPE(chancery::crypto::KeyAlgorithm)

namespace {

constexpr KeyAlgorithm kAlgorithms[] = {KeyAlgorithm::EcdsaP224, KeyAlgorithm::EcdsaP256,
                                        KeyAlgorithm::EcdsaP384, KeyAlgorithm::EcdsaP521,
                                        KeyAlgorithm::Ed25519,   KeyAlgorithm::Sm2};

constexpr const char* kSec1 = R"(-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIE3zGUAzkNuHph5BJ09RJ6wf4yjzPGfRNQXK7RRLItT1oAoGCCqGSM49
AwEHoUQDQgAE4pMyojnL9+d7P329jM/IqAmDownaL6Ph5Az4/yl50aaKtMrcRrO1
oAHNjohjgl4mkzbEEBMhTwZ798NSaMX3YQ==
-----END EC PRIVATE KEY-----
)";

constexpr const char* kEncryptedSec1 = R"(-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,59932682BA3E0F6D495DC9562082C253

YNzjqYlW6MGx4f2YooIj/7bqFnGN3Wsqadr3IL4aaX9WAAuqwsFT2OCftjm4VDct
j5ToNgNXCF67RwoXh1ZQ2GSoAyaWECHqD6F8GLKNbaTJAai/PswcTGAGlPazfPRV
9TSzgrN9Eab5ahZ9vhTVQGvDWI9vxyw8lQJL6EXNbVA=
-----END EC PRIVATE KEY-----
)";

constexpr const char* kEncryptedPkcs8 = R"(-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhV9CPq0AXwnQICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEELUZUgZdEs5DdEJjPxM98foEgZB2
KZSAO38GKno/S/0ojmcvfPzxsdUDzZLjK6SssjXE1B1hlXX9jGr8CjkOTxeMA+t/
2VBeqBbUzbjplI62ZqdGHnIALg1JBxNcRPYDBKvFmQE8z1xmC+bdogtLRP1f69oZ
Eqju5YThts9gZ8YuEa8XaZuhMBGHHQLc6UmUgR5Exs5NB+MVOC+tJYVgC5oYvQw=
-----END ENCRYPTED PRIVATE KEY-----
)";

Bytes repeated(std::size_t count, char byte) {
    return Bytes(count, byte);
}

// A P-256 key as PKCS#8 with this number.
std::string pemOfNumber(BytesView number) {
    const Bytes inner = derSequence({derInteger(1), derElement(der::kOctetString, number)});
    const Bytes algorithm =
        derSequence({derOid("1.2.840.10045.2.1"), derOid("1.2.840.10045.3.1.7")});
    return writePem("PRIVATE KEY",
                    derSequence({derInteger(0), algorithm, derElement(der::kOctetString, inner)}));
}

}  // namespace

class KeyTest : public QObject {
    Q_OBJECT
private slots:
    void roundTrips_data();
    void roundTrips();
    void keyFilesOfVectors();
    void readsSec1AsPkcs8();
    void computesThePublicKey();
    void refusesPrivate_data();
    void refusesPrivate();
    void refusesPublic_data();
    void refusesPublic();
    void rsaIsOnlyRead();
    void suites();
};

void KeyTest::roundTrips_data() {
    QTest::addColumn<KeyAlgorithm>("algorithm");
    for (const KeyAlgorithm algorithm : kAlgorithms)
        QTest::newRow(std::string(nameOf(algorithm)).c_str()) << algorithm;
}

void KeyTest::roundTrips() {
    QFETCH(KeyAlgorithm, algorithm);
    const auto key = PrivateKey::generate(algorithm);
    VERIFY_OK(key);
    QCOMPARE(key->algorithm(), algorithm);
    const auto again = PrivateKey::fromPem(key->toPem());
    VERIFY_OK(again);
    QCOMPARE(again->toPem(), key->toPem());
    QVERIFY(again->publicKey() == key->publicKey());
    const auto publicKey = PublicKey::fromDer(key->publicKey().toDer());
    VERIFY_OK(publicKey);
    QVERIFY(*publicKey == key->publicKey());
    QCOMPARE(publicKey->toDer(), key->publicKey().toDer());
    QCOMPARE(publicKey->ski(), key->publicKey().ski());
    QCOMPARE(publicKey->ski().size(), std::size_t(32));
    const auto other = PrivateKey::generate(algorithm);
    QVERIFY(!(other->publicKey() == key->publicKey()));
    QVERIFY(other->toPem() != key->toPem());
}

// Written back, each key file has the bytes that Fabric's tool gave it.
void KeyTest::keyFilesOfVectors() {
    int files = 0;
    int rsaFiles = 0;
    for (const char* folder : {"msp", "bft/msp"})
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(test::vectorPath(folder))) {
            const std::string name = entry.path().filename();
            if (name != "priv_sk" && name != "key.pem" && entry.path().extension() != ".key")
                continue;
            const Bytes pem =
                test::vectorFile(std::filesystem::relative(entry.path(), test::vectorPath("")));
            const auto key = PrivateKey::fromPem(pem);
            if (entry.path().parent_path().filename() == "rsa_key") {
                QCOMPARE(reasonOf(key.status()), std::string("KEY_CANNOT_SIGN"));
                ++rsaFiles;
                continue;
            }
            QVERIFY2(key.ok(), (entry.path().string() + ": " + key.status().ToString()).c_str());
            QCOMPARE(key->toPem(), pem);
            ++files;
        }
    QVERIFY(files > 80);
    QCOMPARE(rsaFiles, 1);
}

void KeyTest::readsSec1AsPkcs8() {
    const auto key = PrivateKey::fromPem(kSec1);
    VERIFY_OK(key);
    QCOMPARE(key->algorithm(), KeyAlgorithm::EcdsaP256);
    // The point that the file gives.
    QVERIFY(toHex(key->publicKey().toDer()).ends_with("9336c41013214f067bf7c35268c5f761"));
    std::string otherLabel = kSec1;
    for (std::size_t at; (at = otherLabel.find("EC PRIVATE KEY")) != std::string::npos;)
        otherLabel.replace(at, 14, "ANYTHING");
    QCOMPARE(PrivateKey::fromPem(otherLabel)->toPem(), key->toPem());
    QVERIFY(key->toPem().starts_with("-----BEGIN PRIVATE KEY-----\n"));
}

void KeyTest::computesThePublicKey() {
    // RFC 6979, A.2.5.
    const auto key = PrivateKey::fromPem(
        pemOfNumber(*fromHex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721")));
    VERIFY_OK(key);
    QVERIFY(toHex(key->publicKey().toDer())
                .ends_with("0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903f"
                           "e1008b8bc99a41ae9e95628bc64f2f"
                           "1b20c2d7e9f5177a3c294d4462299"));
    // The same number in other widths is the same key.
    for (const char* number :
         {"01", "0001", "00000000000000000000000000000000000000000000000000000000000000000001"})
        QCOMPARE(PrivateKey::fromPem(pemOfNumber(*fromHex(number)))->toPem(),
                 PrivateKey::fromPem(pemOfNumber("\x01"))->toPem());
}

void KeyTest::refusesPrivate_data() {
    QTest::addColumn<QByteArray>("pem");
    QTest::addColumn<QByteArray>("reason");
    const auto row = [](const char* name, const std::string& pem, const char* reason) {
        QTest::newRow(name) << QByteArray::fromStdString(pem) << QByteArray(reason);
    };
    const auto wrapped = [](BytesView der) { return writePem("PRIVATE KEY", der); };
    const Bytes p256 = derSequence({derOid("1.2.840.10045.2.1"), derOid("1.2.840.10045.3.1.7")});
    const auto pkcs8 = [&](BytesView algorithm, BytesView inner) {
        return wrapped(
            derSequence({derInteger(0), algorithm, derElement(der::kOctetString, inner)}));
    };
    const auto ec = [](BytesView number) {
        return derSequence({derInteger(1), derElement(der::kOctetString, number)});
    };

    row("empty", "", "NOT_PEM");
    row("no block", "hello", "NOT_PEM");
    row("more than 64 KiB", std::string(70'000, '\n') + kSec1, "BAD_KEY");
    row("encrypted, old form", kEncryptedSec1, "KEY_ENCRYPTED");
    row("encrypted, PKCS#8", kEncryptedPkcs8, "KEY_ENCRYPTED");
    row("no content", wrapped(""), "BAD_KEY");
    row("text", wrapped("hello"), "BAD_KEY");
    row("empty sequence", wrapped(derSequence({})), "BAD_KEY");
    row("version alone", wrapped(derSequence({derInteger(0)})), "BAD_KEY");
    row("certificate in place of a key",
        test::vectorFile("msp/peerOrganizations/alpha.pub.test/ca/ca.alpha.pub.test-cert.pem"),
        "KEY_ENCRYPTED");
    row("truncated", wrapped(readPem(kSec1)->der.substr(0, 40)), "BAD_KEY");
    row("zero", pemOfNumber(repeated(32, 0)), "BAD_KEY");
    row("empty number", pemOfNumber(""), "BAD_KEY");
    row("the order",
        pemOfNumber(*fromHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")),
        "BAD_KEY");
    row("above the order", pemOfNumber(repeated(32, '\xff')), "BAD_KEY");
    row("too long", pemOfNumber(repeated(33, '\x01')), "BAD_KEY");
    row("gigantic length", wrapped(*fromHex("3084ffffffff0201")), "BAD_KEY");
    row("DSA", pkcs8(derSequence({derOid("1.2.840.10040.4.1")}), ec("\x01")), "UNSUPPORTED_KEY");
    row("X25519",
        pkcs8(derSequence({derOid("1.3.101.110")}), derElement(der::kOctetString, repeated(32, 1))),
        "UNSUPPORTED_KEY");
    row("secp256k1",
        pkcs8(derSequence({derOid("1.2.840.10045.2.1"), derOid("1.3.132.0.10")}), ec("\x01")),
        "UNSUPPORTED_KEY");
    row("curve nowhere", pkcs8(derSequence({derOid("1.2.840.10045.2.1")}), ec("\x01")), "BAD_KEY");
    row("curve by its numbers",
        pkcs8(derSequence({derOid("1.2.840.10045.2.1"), derSequence({})}), ec("\x01")), "BAD_KEY");
    row("SEC1 without curve", wrapped(ec("\x01")), "BAD_KEY");
    row("SEC1 of version 2",
        pkcs8(p256, derSequence({derInteger(2), derElement(der::kOctetString, "\x01")})),
        "BAD_KEY");
    row("no EC key inside", pkcs8(p256, "hello"), "BAD_KEY");
    row("Ed25519 seed of 31 bytes",
        pkcs8(derSequence({derOid("1.3.101.112")}), derElement(der::kOctetString, repeated(31, 1))),
        "BAD_KEY");
    row("Ed25519 seed without its string",
        pkcs8(derSequence({derOid("1.3.101.112")}), repeated(32, 1)), "BAD_KEY");
    row("RSA, PKCS#1", wrapped(derSequence({derInteger(0), derInteger(77), derInteger(3)})),
        "KEY_CANNOT_SIGN");
    row("RSA, PKCS#8",
        pkcs8(derSequence({derOid("1.2.840.113549.1.1.1"), BytesView("\x05\x00", 2)}), "x"),
        "KEY_CANNOT_SIGN");
}

void KeyTest::refusesPrivate() {
    QFETCH(QByteArray, pem);
    QFETCH(QByteArray, reason);
    const auto key = PrivateKey::fromPem(pem.toStdString());
    QCOMPARE(QByteArray::fromStdString(reasonOf(key.status())), reason);
    QCOMPARE(key.status().code(), StatusCode::kInvalidArgument);
    // No error speaks of the key's content.
    QVERIFY(!messageOf(key.status()).empty() && messageOf(key.status()).size() < 200);
}

void KeyTest::refusesPublic_data() {
    QTest::addColumn<QByteArray>("der");
    QTest::addColumn<QByteArray>("reason");
    const auto row = [](const char* name, const Bytes& der, const char* reason) {
        QTest::newRow(name) << QByteArray::fromStdString(der) << QByteArray(reason);
    };
    const Bytes p256 = derSequence({derOid("1.2.840.10045.2.1"), derOid("1.2.840.10045.3.1.7")});
    const Bytes ed25519Id = derSequence({derOid("1.3.101.112")});
    const Bytes rsaId = derSequence({derOid("1.2.840.113549.1.1.1"), BytesView("\x05\x00", 2)});
    const auto spki = [](BytesView algorithm, BytesView bits) {
        return derSequence({algorithm, derBitString(bits)});
    };
    const Bytes good = PrivateKey::generate(KeyAlgorithm::EcdsaP256)->publicKey().toDer();
    const Bytes point = good.substr(good.size() - 65);
    const auto rsa = [&](std::size_t bytes, std::uint64_t exponent) {
        return spki(rsaId,
                    derSequence({derUnsigned(repeated(bytes, '\xff')), derInteger(exponent)}));
    };

    row("empty", "", "BAD_KEY");
    row("bytes behind", good + "x", "BAD_KEY");
    row("truncated", good.substr(0, 80), "BAD_KEY");
    row("infinity", spki(p256, BytesView("\0", 1)), "BAD_KEY");
    row("off the curve", spki(p256, "\x04" + repeated(64, 1)), "BAD_KEY");
    row("coordinates not reduced", spki(p256, "\x04" + repeated(64, '\xff')), "BAD_KEY");
    row("compressed", spki(p256, "\x02" + point.substr(1, 32)), "BAD_KEY");
    row("hybrid", spki(p256, "\x06" + point.substr(1)), "BAD_KEY");
    row("point too long", spki(p256, point + "x"), "BAD_KEY");
    row("point of another curve",
        spki(derSequence({derOid("1.2.840.10045.2.1"), derOid("1.3.132.0.34")}), point), "BAD_KEY");
    row("P-256 point as SM2",
        spki(derSequence({derOid("1.2.840.10045.2.1"), derOid("1.2.156.10197.1.301")}), point),
        "BAD_KEY");
    row("secp256k1",
        spki(derSequence({derOid("1.2.840.10045.2.1"), derOid("1.3.132.0.10")}), point),
        "UNSUPPORTED_KEY");
    row("curve by its numbers",
        spki(derSequence({derOid("1.2.840.10045.2.1"), derSequence({})}), point),
        "UNSUPPORTED_KEY");
    row("Ed25519 of 31 bytes", spki(ed25519Id, repeated(31, 1)), "BAD_KEY");
    row("Ed25519 with parameters",
        spki(derSequence({derOid("1.3.101.112"), BytesView("\x05\x00", 2)}), repeated(32, 1)),
        "BAD_KEY");
    row("Ed448", spki(derSequence({derOid("1.3.101.113")}), repeated(57, 1)), "UNSUPPORTED_KEY");
    row("DSA", spki(derSequence({derOid("1.2.840.10040.4.1")}), derInteger(5)), "UNSUPPORTED_KEY");
    row("RSA of 1024 bits", rsa(128, 65537), "BAD_KEY");
    row("RSA of 8200 bits", rsa(1025, 65537), "BAD_KEY");
    row("RSA, exponent 1", rsa(256, 1), "BAD_KEY");
    row("RSA, even exponent", rsa(256, 65536), "BAD_KEY");
    row("RSA, exponent of 33 bits", rsa(256, 0x1'0000'0001), "BAD_KEY");
    row("RSA without NULL",
        spki(derSequence({derOid("1.2.840.113549.1.1.1")}),
             derSequence({derUnsigned(repeated(256, '\xff')), derInteger(3)})),
        "BAD_KEY");
    row("RSA, negative modulus",
        spki(rsaId, derSequence({derElement(der::kInteger, repeated(256, '\x80')), derInteger(3)})),
        "BAD_KEY");
}

void KeyTest::refusesPublic() {
    QFETCH(QByteArray, der);
    QFETCH(QByteArray, reason);
    const auto key = PublicKey::fromDer(der.toStdString());
    QCOMPARE(QByteArray::fromStdString(reasonOf(key.status())), reason);
}

void KeyTest::rsaIsOnlyRead() {
    const Bytes rsaId = derSequence({derOid("1.2.840.113549.1.1.1"), BytesView("\x05\x00", 2)});
    const Bytes der = derSequence(
        {rsaId,
         derBitString(derSequence({derUnsigned(repeated(256, '\xc3')), derInteger(65537)}))});
    const auto key = PublicKey::fromDer(der);
    VERIFY_OK(key);
    QCOMPARE(key->algorithm(), KeyAlgorithm::Rsa);
    QCOMPARE(key->toDer(), der);
    QCOMPARE(reasonOf(key->verify("m", repeated(256, 1), HashAlgorithm::Sha256)),
             std::string("KEY_CANNOT_SIGN"));
    QCOMPARE(reasonOf(PrivateKey::generate(KeyAlgorithm::Rsa).status()),
             std::string("KEY_CANNOT_SIGN"));
}

void KeyTest::suites() {
    for (const Suite* suite : {&ecdsaP256(), &ecdsaP384(), &ed25519(), &sm2()}) {
        QCOMPARE(suiteNamed(suite->name).value(), suite);
        QCOMPARE(&suiteOf(suite->key), suite);
    }
    QCOMPARE(sm2().messageHash, HashAlgorithm::Sm3);
    QCOMPARE(ecdsaP384().messageHash, HashAlgorithm::Sha256);
    QCOMPARE(ecdsaP384().certificateHash, HashAlgorithm::Sha384);
    QCOMPARE(&suiteOf(KeyAlgorithm::EcdsaP521), &ecdsaP256());
    QCOMPARE(reasonOf(suiteNamed("ROT13").status()), std::string("UNKNOWN_SUITE"));
    QCOMPARE(suiteNamed("ROT13").status().code(), StatusCode::kNotFound);
}

CHANCERY_TEST(KeyTest)
#include "KeyTest.moc"
