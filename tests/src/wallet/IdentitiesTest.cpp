#include <QProcess>

#include "absl/time/clock.h"
#include "fabric/common/configtx.pb.h"
#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/channel/Signing.h"
#include "src/crypto/EncryptedKey.h"
#include "src/identity/Issue.h"
#include "tests/src/wallet/TestWallet.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::wallet;
using test::TestWallet;
namespace fs = std::filesystem;

/// Identities: brought in from elsewhere, signing, going out again.
class IdentitiesTest : public QObject {
    Q_OBJECT
private slots:
    void mspFoldersComeIn_data();
    void mspFoldersComeIn();
    void anEncryptedKeystoreNeedsItsPassphrase();
    void applicationWalletsComeIn();
    void badApplicationWalletsAreRefused_data();
    void badApplicationWalletsAreRefused();
    void anIdentitySignsAConfigUpdate();
    void namesAreHeldApart();
    void aRenewedCertificateTakesThePlace();
    void aCertificateWithoutItsKeySaysSo();
};

namespace {

std::string reason(const Status& status) {
    return reasonOf(status);
}

const std::string kAlpha = "msp/peerOrganizations/alpha.pub.test/users/";

struct Member {
    crypto::PrivateKey key;
    identity::Certificate certificate;
};

Member newMember(const std::string& name, crypto::KeyAlgorithm algorithm) {
    auto key = *crypto::PrivateKey::generate(algorithm);
    identity::SubjectName subject;
    subject.commonName = name;
    auto certificate = *identity::issueSelfSigned(identity::cryptogenCa(subject, absl::Now()), key);
    return {std::move(key), std::move(certificate)};
}

nlohmann::json walletJson(const Member& member) {
    return {{"credentials",
             {{"certificate", member.certificate.toPem()}, {"privateKey", member.key.toPem()}}},
            {"mspId", "AlphaMSP"},
            {"type", "X.509"},
            {"version", 1}};
}

}  // namespace

void IdentitiesTest::mspFoldersComeIn_data() {
    QTest::addColumn<QString>("folder");
    QTest::newRow("the msp folder") << QString::fromStdString(kAlpha + "Admin@alpha.pub.test/msp");
    QTest::newRow("the user's folder") << QString::fromStdString(kAlpha + "User1@alpha.pub.test");
}

void IdentitiesTest::mspFoldersComeIn() {
    QFETCH(QString, folder);
    const auto foreign = readMspFolder(test::vectorPath(folder.toStdString()), MspId("AlphaMSP"));
    VERIFY_OK(foreign);
    QVERIFY(foreign->label.ends_with("@alpha.pub.test"));
    TestWallet test;
    const auto wallet = test.create();
    const auto info =
        importIdentity(wallet->keys(), wallet->identities(), *foreign, foreign->label);
    VERIFY_OK(info);
    if (!foreign->key) {  // vectors may leave keys out
        QCOMPARE(reason(wallet->identities().signing(foreign->label).status()),
                 std::string("NO_PRIVATE_KEY"));
        return;
    }
    const auto signing = wallet->identities().signing(foreign->label);
    VERIFY_OK(signing);
    QCOMPARE((*signing)->mspId().str(), std::string("AlphaMSP"));
    const auto signature = (*signing)->sign("m");
    VERIFY_OK(signature);
    VERIFY_OK((*signing)->certificate().publicKey().verify("m", *signature,
                                                           crypto::HashAlgorithm::Sha256));
    QCOMPARE(reason(importIdentity(wallet->keys(), wallet->identities(), *foreign, foreign->label)
                        .status()),
             std::string("IDENTITY_EXISTS"));
    // The same key under another label is no second key.
    VERIFY_OK(importIdentity(wallet->keys(), wallet->identities(), *foreign, "again"));
    QCOMPARE(wallet->keys().list()->size(), std::size_t(1));
    QCOMPARE(wallet->identities().list()->size(), std::size_t(2));
}

void IdentitiesTest::anEncryptedKeystoreNeedsItsPassphrase() {
    const Member member = newMember("ann", crypto::KeyAlgorithm::EcdsaP256);
    const QTemporaryDir folder;
    const fs::path msp = folder.path().toStdString();
    fs::create_directories(msp / "signcerts");
    fs::create_directories(msp / "keystore");
    VERIFY_OK(writeNewFile(msp / "signcerts" / "cert.pem", member.certificate.toPem(), 0600));
    VERIFY_OK(writeNewFile(msp / "keystore" / "priv_sk",
                           *crypto::writeEncryptedKey(member.key, "horse battery", 100), 0600));
    QCOMPARE(reason(readMspFolder(msp, MspId("M")).status()), std::string("KEY_ENCRYPTED"));
    QCOMPARE(reason(readMspFolder(msp, MspId("M"), "wrong").status()),
             std::string("WRONG_PASSPHRASE"));
    QVERIFY(readMspFolder(msp, MspId("M"), "horse battery")->key->publicKey() ==
            member.key.publicKey());
    fs::remove(msp / "keystore" / "priv_sk");
    QVERIFY(!readMspFolder(msp, MspId("M"))->key);
    fs::remove(msp / "signcerts" / "cert.pem");
    QCOMPARE(reason(readMspFolder(msp, MspId("M")).status()),
             std::string("NO_SIGNING_CERTIFICATE"));
}

void IdentitiesTest::applicationWalletsComeIn() {
    const Member member = newMember("bob", crypto::KeyAlgorithm::EcdsaP256);
    const QTemporaryDir folder;
    const fs::path file = folder.filePath("bob.id").toStdString();
    VERIFY_OK(writeNewFile(file, walletJson(member).dump(), 0600));
    const auto foreign = readWalletIdentity(file);
    VERIFY_OK(foreign);
    QCOMPARE(foreign->label, std::string("bob"));
    TestWallet test;
    const auto wallet = test.create();
    VERIFY_OK(importIdentity(wallet->keys(), wallet->identities(), *foreign, "bob"));
    VERIFY_OK(wallet->identities().signing("bob"));
    // What goes out again holds no key.
    const std::string out = writeWalletIdentity(*wallet->identities().find("bob"));
    QVERIFY(out.find("PRIVATE") == std::string::npos);
    const auto again = parseWalletIdentity(out);
    VERIFY_OK(again);
    QVERIFY(!again->key);
    QCOMPARE(again->certificatePem, member.certificate.toPem());
}

void IdentitiesTest::badApplicationWalletsAreRefused_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("reason");
    const Member member = newMember("bob", crypto::KeyAlgorithm::EcdsaP256);
    const Member other = newMember("eve", crypto::KeyAlgorithm::EcdsaP256);
    const auto row = [](const char* name, const std::string& text, const char* reason) {
        QTest::newRow(name) << QByteArray::fromStdString(text) << QByteArray(reason);
    };
    const auto with = [&](const char* pointer, const nlohmann::json& value) {
        auto json = walletJson(member);
        json[nlohmann::json::json_pointer(pointer)] = value;
        return json.dump();
    };
    const auto without = [&](const char* name, bool credential) {
        auto json = walletJson(member);
        (credential ? json["credentials"] : json).erase(name);
        return json.dump();
    };
    row("nothing", "", "BAD_WALLET_IDENTITY");
    row("a list", "[]", "BAD_WALLET_IDENTITY");
    row("no JSON", "{", "BAD_WALLET_IDENTITY");
    row("deep", std::string(100'000, '['), "BAD_WALLET_IDENTITY");
    row("too long", std::string(300 << 10, ' '), "BAD_WALLET_IDENTITY");
    row("no MSP id", without("mspId", false), "BAD_WALLET_IDENTITY");
    row("MSP id is a number", with("/mspId", 7), "BAD_WALLET_IDENTITY");
    row("MSP id is empty", with("/mspId", ""), "BAD_WALLET_IDENTITY");
    row("MSP id is long", with("/mspId", std::string(200, 'x')), "BAD_WALLET_IDENTITY");
    row("no version", without("version", false), "BAD_WALLET_IDENTITY");
    row("version 2", with("/version", 2), "BAD_WALLET_IDENTITY");
    row("another type", with("/type", "PGP"), "BAD_WALLET_IDENTITY");
    row("no credentials", without("credentials", false), "BAD_WALLET_IDENTITY");
    row("credentials are text", with("/credentials", "x"), "BAD_WALLET_IDENTITY");
    row("no certificate", without("certificate", true), "BAD_WALLET_IDENTITY");
    row("no key", without("privateKey", true), "BAD_WALLET_IDENTITY");
    row("another's key", with("/credentials/privateKey", other.key.toPem()), "KEY_MISMATCH");
    row("no PEM", with("/credentials/certificate", "x"), "NOT_PEM");
    row("key is no PEM", with("/credentials/privateKey", "x"), "NOT_PEM");
    row("certificate is a key", with("/credentials/certificate", member.key.toPem()),
        "BAD_CERTIFICATE");
}

void IdentitiesTest::badApplicationWalletsAreRefused() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, reason);
    const Status status = parseWalletIdentity(text.toStdString()).status();
    QCOMPARE(reasonOf(status), reason.toStdString());
}

void IdentitiesTest::anIdentitySignsAConfigUpdate() {
    TestWallet test;
    const auto wallet = test.create();
    for (const auto algorithm : {crypto::KeyAlgorithm::EcdsaP256, crypto::KeyAlgorithm::EcdsaP384,
                                 crypto::KeyAlgorithm::Sm2}) {
        const std::string label(crypto::nameOf(algorithm));
        const Member member = newMember("admin", algorithm);
        VERIFY_OK(wallet->keys().add(label, member.key));
        VERIFY_OK(wallet->identities().add(label, MspId("OrgMSP"), member.certificate.toPem()));
        const auto signing = wallet->identities().signing(label);
        VERIFY_OK(signing);
        const auto signature = channel::signUpdate(**signing, "the bytes of an update");
        VERIFY_OK(signature);
        const auto hash = algorithm == crypto::KeyAlgorithm::Sm2 ? crypto::HashAlgorithm::Sm3
                                                                 : crypto::HashAlgorithm::Sha256;
        VERIFY_OK(
            member.key.publicKey().verify(signature->signature_header() + "the bytes of an update",
                                          signature->signature(), hash));
    }
}

void IdentitiesTest::namesAreHeldApart() {
    TestWallet test;
    const auto wallet = test.create();
    const Member member = newMember("ann", crypto::KeyAlgorithm::EcdsaP256);
    const Bytes pem = member.certificate.toPem();
    for (const char* label : {"", "with\nline", "\x1b[31m", "\xFF\xFE", "\u202Eleft"}) {
        QCOMPARE(reason(wallet->identities().add(label, MspId("M"), pem).status()),
                 std::string("BAD_LABEL"));
        QCOMPARE(reason(wallet->keys().add(label, member.key).status()), std::string("BAD_LABEL"));
    }
    QCOMPARE(reason(wallet->identities().add(std::string(129, 'x'), MspId("M"), pem).status()),
             std::string("BAD_LABEL"));
    QCOMPARE(reason(wallet->identities().add("ann", MspId(""), pem).status()),
             std::string("BAD_MSP_ID"));
    // Names that mean something to a file system mean nothing here.
    for (const char* label : {"../../etc/passwd", "/", ".", "a/b", "安娜", "ann.identity"})
        VERIFY_OK(wallet->identities().add(label, MspId("M"), pem));
    QCOMPARE(wallet->identities().list()->size(), std::size_t(6));
    VERIFY_OK(wallet->identities().remove("../../etc/passwd"));
    QCOMPARE(wallet->identities().list()->size(), std::size_t(5));
    QCOMPARE(reason(wallet->identities().find("nobody").status()), std::string("NO_SUCH_IDENTITY"));
    VERIFY_OK(wallet->keys().add("one", member.key));
    QCOMPARE(reason(wallet->keys().add("two", member.key).status()), std::string("KEY_EXISTS"));
    const std::string id = wallet->keys().find("one")->id;
    QCOMPARE(wallet->keys().find(id.substr(0, 8))->label, std::string("one"));
    QCOMPARE(reason(wallet->keys().find(id.substr(0, 7)).status()), std::string("NO_SUCH_KEY"));
}

void IdentitiesTest::aRenewedCertificateTakesThePlace() {
    TestWallet test;
    const auto wallet = test.create();
    const Member member = newMember("ann", crypto::KeyAlgorithm::EcdsaP256);
    VERIFY_OK(wallet->keys().add("ann", member.key));
    VERIFY_OK(wallet->identities().add("ann", MspId("M"), member.certificate.toPem()));
    identity::SubjectName subject;
    subject.commonName = "ann, renewed";
    const auto renewed =
        identity::issueSelfSigned(identity::cryptogenCa(subject, absl::Now()), member.key);
    VERIFY_OK(wallet->identities().replace("ann", renewed->toPem()));
    QCOMPARE((*wallet->identities().signing("ann"))->certificate().commonName(),
             std::string("ann, renewed"));
    QCOMPARE(test.unlocked()->identities().find("ann")->mspId.str(), std::string("M"));
}

void IdentitiesTest::aCertificateWithoutItsKeySaysSo() {
    TestWallet test;
    const auto wallet = test.create();
    const Member member = newMember("ann", crypto::KeyAlgorithm::EcdsaP256);
    VERIFY_OK(wallet->identities().add("ann", MspId("M"), member.certificate.toPem()));
    QCOMPARE(reason(wallet->identities().signing("ann").status()), std::string("NO_PRIVATE_KEY"));
}

CHANCERY_TEST(IdentitiesTest)
#include "IdentitiesTest.moc"
