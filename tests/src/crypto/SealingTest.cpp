#include <QProcess>
#include <QTest>

#include "src/base/Encoding.h"
#include "src/crypto/EncryptedKey.h"
#include "src/crypto/Pem.h"
#include "src/crypto/Sealing.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::crypto;

/// Passphrases to keys, sealed bytes, encrypted key files.
class SealingTest : public QObject {
    Q_OBJECT
private slots:
    void scryptGivesTheVectorsOfItsStandard_data();
    void scryptGivesTheVectorsOfItsStandard();
    void costsOutOfReasonAreRefused_data();
    void costsOutOfReasonAreRefused();
    void sealedBytesComeBackOnlyWhole();
    void secretsMoveAndShrink();
    void encryptedKeysComeBack_data();
    void encryptedKeysComeBack();
    void keysOfOpenSslAreRead_data();
    void keysOfOpenSslAreRead();
    void brokenEncryptedKeysAreRefused();
};

void SealingTest::scryptGivesTheVectorsOfItsStandard_data() {
    QTest::addColumn<QByteArray>("passphrase");
    QTest::addColumn<QByteArray>("salt");
    QTest::addColumn<unsigned>("log2N");
    QTest::addColumn<unsigned>("r");
    QTest::addColumn<QByteArray>("key");
    // RFC 7914, 12; the first 32 bytes. The one with p = 16 is beyond what is done here.
    QTest::newRow("empty")
        << QByteArray("") << QByteArray("") << 4U << 1U
        << QByteArray("77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442");
    QTest::newRow("sodium chloride")
        << QByteArray("pleaseletmein") << QByteArray("SodiumChloride") << 14U << 8U
        << QByteArray("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2");
}

void SealingTest::scryptGivesTheVectorsOfItsStandard() {
    QFETCH(QByteArray, passphrase);
    QFETCH(QByteArray, salt);
    QFETCH(unsigned, log2N);
    QFETCH(unsigned, r);
    QFETCH(QByteArray, key);
    const auto derived =
        deriveKey(passphrase.toStdString(), salt.toStdString(), {.log2N = log2N, .r = r, .p = 1});
    QVERIFY2(derived.ok(), derived.status().ToString().c_str());
    QCOMPARE(toHex(derived->view()), key.toStdString());
}

void SealingTest::costsOutOfReasonAreRefused_data() {
    QTest::addColumn<unsigned>("log2N");
    QTest::addColumn<unsigned>("r");
    QTest::addColumn<unsigned>("p");
    QTest::newRow("nothing") << 0U << 8U << 1U;
    QTest::newRow("no blocks") << 4U << 0U << 1U;
    QTest::newRow("no lanes") << 4U << 8U << 0U;
    QTest::newRow("2 GiB") << 21U << 8U << 1U;
    QTest::newRow("overflow") << 64U << 8U << 1U;
    QTest::newRow("many lanes") << 4U << 1U << 5U;
    QTest::newRow("wide blocks") << 4U << 65U << 1U;
}

void SealingTest::costsOutOfReasonAreRefused() {
    QFETCH(unsigned, log2N);
    QFETCH(unsigned, r);
    QFETCH(unsigned, p);
    QCOMPARE(reasonOf(deriveKey("x", "y", {log2N, r, p}).status()), std::string("BAD_KDF"));
}

void SealingTest::sealedBytesComeBackOnlyWhole() {
    const Secret key(Bytes(32, 'k'));
    const Bytes plain = "a private number";
    const auto sealed = seal(key, plain, "name");
    QVERIFY(sealed.ok());
    QCOMPARE(sealed->size(), plain.size() + kSealOverhead);
    QVERIFY(sealed->find(plain) == Bytes::npos);
    QCOMPARE(Bytes(unseal(key, *sealed, "name")->view()), plain);
    QVERIFY(*seal(key, plain, "name") != *sealed);  // never the same nonce
    const auto refused = [](const Result<Secret>& result) {
        return reasonOf(result.status()) == "SEAL_BROKEN";
    };
    QVERIFY(refused(unseal(key, *sealed, "other name")));
    QVERIFY(refused(unseal(Secret(Bytes(32, 'x')), *sealed, "name")));
    for (std::size_t at = 0; at < sealed->size(); ++at) {
        Bytes changed = *sealed;
        changed[at] = char(changed[at] ^ 1);
        QVERIFY(refused(unseal(key, changed, "name")));
        QVERIFY(refused(unseal(key, BytesView(*sealed).substr(0, at), "name")));
    }
    const auto empty = seal(key, {}, "only bound");
    QVERIFY(empty.ok() && unseal(key, *empty, "only bound")->empty());
    QVERIFY(refused(unseal(key, *empty, "only boundE")));
}

void SealingTest::secretsMoveAndShrink() {
    Secret secret(Bytes("0123456789"));
    Secret other = std::move(secret);
    QVERIFY(secret.empty());
    const char* place = other.data();
    other.shorten(4);
    QCOMPARE(Bytes(other.view()), Bytes("0123"));
    QCOMPARE(Bytes(place + 4, 6), Bytes(6, '\0'));  // forgotten, not only hidden
    const Secret copy = other.copy();
    other = Secret(Bytes("x"));
    QCOMPARE(Bytes(copy.view()), Bytes("0123"));
    Bytes text = "0123456789 and more";
    const char* there = text.data();
    wipe(text);
    QVERIFY(text.empty());
    QCOMPARE(there[1], '\0');
    QVERIFY(equalInConstantTime("same", "same"));
    QVERIFY(!equalInConstantTime("same", "sane"));
    QVERIFY(!equalInConstantTime("same", "sam"));
}

void SealingTest::encryptedKeysComeBack_data() {
    QTest::addColumn<int>("algorithm");
    for (const KeyAlgorithm algorithm : {KeyAlgorithm::EcdsaP256, KeyAlgorithm::EcdsaP384,
                                         KeyAlgorithm::Ed25519, KeyAlgorithm::Sm2})
        QTest::newRow(std::string(nameOf(algorithm)).c_str()) << int(algorithm);
}

void SealingTest::encryptedKeysComeBack() {
    QFETCH(int, algorithm);
    const auto key = PrivateKey::generate(KeyAlgorithm(algorithm));
    QVERIFY(key.ok());
    const auto pem = writeEncryptedKey(*key, "correct horse", 10);
    QVERIFY2(pem.ok(), pem.status().ToString().c_str());
    QVERIFY(pem->starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    QVERIFY(isEncryptedKey(*pem));
    QVERIFY(!isEncryptedKey(key->toPem()));
    const auto again = readEncryptedKey(*pem, "correct horse");
    QVERIFY2(again.ok(), again.status().ToString().c_str());
    QCOMPARE(again->toPem(), key->toPem());
    QCOMPARE(reasonOf(readEncryptedKey(*pem, "correct house").status()),
             std::string("WRONG_PASSPHRASE"));
    QCOMPARE(reasonOf(PrivateKey::fromPem(*pem).status()), std::string("KEY_ENCRYPTED"));
    QCOMPARE(reasonOf(writeEncryptedKey(*key, "", 10).status()), std::string("EMPTY_PASSPHRASE"));
    QCOMPARE(PrivateKey::fromDer(key->toDer().view())->toPem(), key->toPem());
}

void SealingTest::keysOfOpenSslAreRead_data() {
    QTest::addColumn<QStringList>("options");
    QTest::newRow("PBKDF2, AES-256") << QStringList{"-v2", "aes-256-cbc"};
    QTest::newRow("PBKDF2 with SHA-1, AES-128")
        << QStringList{"-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA1"};
    QTest::newRow("PBKDF2 with SHA-512, AES-192")
        << QStringList{"-v2", "aes-192-cbc", "-v2prf", "hmacWithSHA512"};
    QTest::newRow("scrypt") << QStringList{"-scrypt"};
    QTest::newRow("scrypt, AES-128") << QStringList{"-scrypt", "-v2", "aes-128-cbc"};
}

void SealingTest::keysOfOpenSslAreRead() {
    QFETCH(QStringList, options);
    const auto key = PrivateKey::generate(KeyAlgorithm::EcdsaP256);
    const auto openssl = [](const QStringList& arguments, const Bytes& input) {
        QProcess process;
        process.start("openssl", arguments);
        process.write(input.data(), qint64(input.size()));
        process.closeWriteChannel();
        process.waitForFinished();
        return process.readAllStandardOutput().toStdString();
    };
    const Bytes theirs = openssl(
        QStringList{"pkcs8", "-topk8", "-passout", "pass:correct horse"} + options, key->toPem());
    const auto read = readEncryptedKey(theirs, "correct horse");
    QVERIFY2(read.ok(), read.status().ToString().c_str());
    QCOMPARE(read->toPem(), key->toPem());
    QCOMPARE(reasonOf(readEncryptedKey(theirs, "battery").status()),
             std::string("WRONG_PASSPHRASE"));
    // And ours by them.
    const auto ours = writeEncryptedKey(*key, "correct horse", 1000);
    QCOMPARE(openssl({"pkcs8", "-passin", "pass:correct horse"}, *ours), key->toPem());
}

void SealingTest::brokenEncryptedKeysAreRefused() {
    const auto key = PrivateKey::generate(KeyAlgorithm::EcdsaP256);
    const auto pem = writeEncryptedKey(*key, "correct horse", 10);
    const Bytes der = readPem(*pem)->der;
    for (std::size_t at = 0; at < der.size(); ++at) {
        Bytes changed = der;
        changed[at] = char(changed[at] ^ 0x41);
        const auto read =
            readEncryptedKey(writePem("ENCRYPTED PRIVATE KEY", changed), "correct horse");
        // CBC authenticates nothing: some changes only touch the public half, which is computed.
        QVERIFY(read.ok() || !reasonOf(read.status()).empty());
        const auto cut = readEncryptedKey(
            writePem("ENCRYPTED PRIVATE KEY", BytesView(der).substr(0, at)), "correct horse");
        QVERIFY(!cut.ok());
    }
    QCOMPARE(reasonOf(readEncryptedKey("nothing", "x").status()), std::string("NOT_PEM"));
}

CHANCERY_TEST(SealingTest)
#include "SealingTest.moc"
