#include <QFile>
#include <QProcess>

#include "absl/time/clock.h"
#include "fabric/common/configtx.pb.h"
#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/base/Log.h"
#include "src/channel/Signing.h"
#include "src/identity/Issue.h"
#include "tests/src/wallet/TestWallet.h"
#include "tests/support/SoftHsm.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::wallet;
using test::kPassphrase;
using test::SoftHsm;
using test::TestWallet;
namespace fs = std::filesystem;

/// Keys of a workspace in a PKCS#11 token, and secrets that must be found nowhere.
class TokensTest : public QObject {
    Q_OBJECT
private slots:
    void onlyApprovedModulesAreLoaded();
    void anAdminsKeyInATokenSignsAConfigUpdate();
    void aCaKeyInATokenIssuesCertificates();
    void aKeyMovesIntoAToken();
    void lockingEndsTheLogin();
    void sm2StaysInFiles();
    void noCanaryIsFoundAnywhere();
};

namespace {

std::string shortReason(const Status& status) {
    return reasonOf(status);
}

/// A workspace whose PINs are given by a function that counts.
struct TokenWallet : TestWallet {
    explicit TokenWallet(const std::string& label) : label(label) {
        SoftHsm::instance().makeToken(label);
    }
    wallet::Options withPin(const char* pin = SoftHsm::kPin) {
        auto all = options();
        all.pin = [this, pin](const crypto::TokenInfo& token) -> Result<crypto::Secret> {
            asked.push_back(token.label);
            return crypto::Secret(BytesView(pin));
        };
        return all;
    }
    std::unique_ptr<Wallet> make() {
        auto made = Wallet::create(folder(), kPassphrase, withPin());
        if (!made.ok()) qFatal("%s", made.status().ToString().c_str());
        return *std::move(made);
    }
    TokenTarget target() const { return {SoftHsm::instance().module(), {label, ""}}; }

    std::string label;
    std::vector<std::string> asked;
};

/// Looks for each canary in errors, files of the test, what other processes see, and in files that
/// somebody may have left in the folder for temporary ones. What it is found in; empty: nowhere.
std::string whereFound(const std::vector<Bytes>& canaries, const std::vector<std::string>& errors,
                       const fs::path& parent, int& seen) {
    std::string found;
    const auto search = [&](const Bytes& where, const std::string& name) {
        ++seen;
        for (const Bytes& canary : canaries)
            if (where.find(canary) != Bytes::npos) found += name + "\n";
    };
    for (const std::string& error : errors) search(error, error);
    for (const fs::path& root : {parent, SoftHsm::instance().folder()})
        for (const auto& entry : fs::recursive_directory_iterator(root))
            if (entry.is_regular_file()) search(*readFile(entry.path()), entry.path().string());
    for (const char* file : {"/proc/self/cmdline", "/proc/self/environ"}) {
        QFile proc(file);
        if (proc.open(QIODevice::ReadOnly)) search(proc.readAll().toStdString(), file);
    }
    const auto lately = fs::file_time_type::clock::now() - std::chrono::minutes(2);
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(fs::temp_directory_path()))
        if (entry.is_regular_file(error) && entry.file_size(error) < (1 << 20) &&
            entry.last_write_time(error) > lately)
            if (const auto bytes = readFile(entry.path()); bytes.ok())
                search(*bytes, entry.path().string());
    return found;
}

}  // namespace

void TokensTest::onlyApprovedModulesAreLoaded() {
    TokenWallet test("modules");
    const auto wallet = test.make();
    const auto& module = SoftHsm::instance().module();
    const auto refused =
        wallet->keys().generateInToken("k", crypto::KeyAlgorithm::EcdsaP256, test.target());
    QCOMPARE(shortReason(refused.status()), std::string("TOKEN_MODULE_UNKNOWN"));
    QCOMPARE(int(refused.status().code()), int(StatusCode::kPermissionDenied));
    QVERIFY(test.asked.empty());  // nobody is asked for a PIN that the wrong code would see
    VERIFY_OK(wallet->modules().approve(module));
    QCOMPARE(wallet->modules().list()->size(), std::size_t(1));
    QCOMPARE(wallet->modules().list()->front().sha256.size(), std::size_t(64));
    VERIFY_OK(wallet->modules().load(module));
    VERIFY_OK(wallet->modules().approve(module));  // again is once
    QCOMPARE(wallet->modules().list()->size(), std::size_t(1));
    // The list is the owner's: it is not believed without its seal.
    const fs::path path = test.folder() / "modules.wallet";
    auto file = *parseWalletFile(*readFile(path), "modules", "x");
    file.metadata.replace(file.metadata.find("sha256\":\"") + 9, 4, "0000");
    const Bytes good = *readFile(path);
    VERIFY_OK(writeFileAtomically(path, writeWalletFile(file), 0600));
    QCOMPARE(shortReason(wallet->modules().load(module).status()),
             std::string("WALLET_FILE_DAMAGED"));
    VERIFY_OK(writeFileAtomically(path, good, 0600));
    VERIFY_OK(wallet->modules().withdraw(module));
    QCOMPARE(shortReason(wallet->modules().load(module).status()),
             std::string("TOKEN_MODULE_UNKNOWN"));
    QCOMPARE(shortReason(wallet->modules().withdraw(module)), std::string("TOKEN_MODULE_UNKNOWN"));
    wallet->vault().lock();
    QCOMPARE(shortReason(wallet->modules().approve(module).status()), std::string("KEY_LOCKED"));
}

void TokensTest::anAdminsKeyInATokenSignsAConfigUpdate() {
    TokenWallet test("admin");
    {
        const auto wallet = test.make();
        VERIFY_OK(wallet->modules().approve(SoftHsm::instance().module()));
        const auto key =
            wallet->keys().generateInToken("admin", crypto::KeyAlgorithm::EcdsaP256, test.target());
        VERIFY_OK(key);
        // Its certificate is asked for and issued without the key leaving the token.
        const auto signer = wallet->keys().signer("admin");
        VERIFY_OK(signer);
        identity::SubjectName subject;
        subject.commonName = "Admin";
        subject.organizationalUnits = {"admin"};
        const auto request = identity::makeCertificateRequest(subject, {}, **signer);
        VERIFY_OK(request);
        VERIFY_OK(request->checkSignature());
        const auto caKey = *crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256);
        identity::SubjectName caName;
        caName.commonName = "ca";
        const auto ca =
            *identity::issueSelfSigned(identity::cryptogenCa(caName, absl::Now()), caKey);
        const auto certificate = identity::issueCertificate(
            identity::cryptogenIdentity(subject, absl::Now()), request->publicKey(), ca, caKey);
        VERIFY_OK(certificate);
        VERIFY_OK(wallet->identities().add("Admin@org", MspId("OrgMSP"), certificate->toPem()));
    }
    auto opened = *Wallet::open(test.folder(), test.withPin());
    VERIFY_OK(opened->vault().unlock(kPassphrase));
    test.asked.clear();
    const auto admin = opened->identities().signing("Admin@org");
    VERIFY_OK(admin);
    QCOMPARE(test.asked, std::vector<std::string>{"admin"});
    for (int i = 0; i < 8; ++i) {
        const std::string update = "update " + std::to_string(i);
        const auto signature = channel::signUpdate(**admin, update);
        VERIFY_OK(signature);
        VERIFY_OK((*admin)->certificate().publicKey().verify(signature->signature_header() + update,
                                                             signature->signature(),
                                                             crypto::HashAlgorithm::Sha256));
    }
    QCOMPARE(test.asked.size(), std::size_t(1));
}

void TokensTest::aCaKeyInATokenIssuesCertificates() {
    TokenWallet test("ca");
    const auto wallet = test.make();
    VERIFY_OK(wallet->modules().approve(SoftHsm::instance().module()));
    for (const auto algorithm :
         {crypto::KeyAlgorithm::EcdsaP256, crypto::KeyAlgorithm::EcdsaP384}) {
        const std::string label(crypto::nameOf(algorithm));
        VERIFY_OK(wallet->keys().generateInToken(label, algorithm, test.target()));
        const auto signer = *wallet->keys().signer(label);
        identity::SubjectName subject;
        subject.commonName = "ca.org";
        const auto ca =
            identity::issueSelfSigned(identity::fabricCaRoot(subject, absl::Now()), *signer);
        VERIFY_OK(ca);
        subject.commonName = "peer0";
        const auto member = *crypto::PrivateKey::generate(algorithm);
        const auto certificate =
            identity::issueCertificate(identity::fabricCaIdentity(subject, *ca, absl::Now()),
                                       member.publicKey(), *ca, *signer);
        VERIFY_OK(certificate);
        QCOMPARE(certificate->issuer(), ca->subject());
        const auto file = QString::fromStdString(wallet->folder().string() + "/../c.pem");
        const auto root = QString::fromStdString(wallet->folder().string() + "/../r.pem");
        VERIFY_OK(writeFileAtomically(file.toStdString(), certificate->toPem()));
        VERIFY_OK(writeFileAtomically(root.toStdString(), ca->toPem()));
        // Another program believes it.
        QCOMPARE(QProcess::execute("openssl", {"verify", "-CAfile", root, file}), 0);
    }
}

void TokensTest::aKeyMovesIntoAToken() {
    TokenWallet test("move");
    const auto wallet = test.make();
    VERIFY_OK(wallet->modules().approve(SoftHsm::instance().module()));
    const auto plain = *crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256);
    const auto before = wallet->keys().add("mover", plain);
    VERIFY_OK(before);
    const auto file = test.folder() / keyFile(before->id);
    const auto size = fs::file_size(file);
    const auto after = wallet->keys().moveToToken("mover", test.target());
    VERIFY_OK(after);
    QCOMPARE(after->id, before->id);
    QVERIFY(after->token);
    QVERIFY(wallet->keys().find("mover")->token);
    // The sealed number is gone from the file; what is left is a place.
    QVERIFY(parseWalletFile(*readFile(file), "key", keyFile(before->id))->sealed.size() ==
            crypto::kSealOverhead);
    QVERIFY(fs::file_size(file) < size + 400);
    const auto signature =
        (*wallet->keys().signer("mover"))->sign("m", crypto::HashAlgorithm::Sha256);
    VERIFY_OK(signature);
    VERIFY_OK(plain.publicKey().verify("m", *signature, crypto::HashAlgorithm::Sha256));
    QCOMPARE(shortReason(wallet->keys().moveToToken("mover", test.target()).status()),
             std::string("KEY_IN_TOKEN"));
    QCOMPARE(
        shortReason(wallet->keys().exportKey("mover", test.folder() / "out.pem", "long enough")),
        std::string("KEY_IN_TOKEN"));
    QVERIFY(!fs::exists(test.folder() / "out.pem"));
    // Another workspace may know the same key.
    TestWallet other;
    auto options = test.withPin();
    const auto second = *Wallet::create(other.folder(), kPassphrase, options);
    VERIFY_OK(second->modules().approve(SoftHsm::instance().module()));
    VERIFY_OK(second->keys().adopt("known", test.target(), std::string("mover")));
    QCOMPARE(second->keys().find("known")->id, before->id);
}

void TokensTest::lockingEndsTheLogin() {
    TokenWallet test("locking");
    const auto wallet = test.make();
    VERIFY_OK(wallet->modules().approve(SoftHsm::instance().module()));
    VERIFY_OK(wallet->keys().generateInToken("k", crypto::KeyAlgorithm::EcdsaP256, test.target()));
    const auto signer = *wallet->keys().signer("k");
    VERIFY_OK(signer->sign("m", crypto::HashAlgorithm::Sha256));
    wallet->vault().lock();
    QCOMPARE(shortReason(signer->sign("m", crypto::HashAlgorithm::Sha256).status()),
             std::string("KEY_LOCKED"));
    VERIFY_OK(wallet->vault().unlock(kPassphrase));
    // The PIN is asked for again before the token signs.
    QCOMPARE(shortReason(signer->sign("m", crypto::HashAlgorithm::Sha256).status()),
             std::string("TOKEN_LOCKED"));
    test.asked.clear();
    VERIFY_OK((*wallet->keys().signer("k"))->sign("m", crypto::HashAlgorithm::Sha256));
    QCOMPARE(test.asked.size(), std::size_t(1));
    VERIFY_OK(signer->sign("m", crypto::HashAlgorithm::Sha256));
}

void TokensTest::sm2StaysInFiles() {
    TokenWallet test("sm2");
    const auto wallet = test.make();
    VERIFY_OK(wallet->modules().approve(SoftHsm::instance().module()));
    const auto made = wallet->keys().generateInToken("s", crypto::KeyAlgorithm::Sm2, test.target());
    QCOMPARE(shortReason(made.status()), std::string("TOKEN_NO_MECHANISM"));
    QVERIFY(messageOf(made.status()).find("SM2") != std::string_view::npos);
    VERIFY_OK(wallet->keys().generate("s", crypto::KeyAlgorithm::Sm2));
    QCOMPARE(shortReason(wallet->keys().moveToToken("s", test.target()).status()),
             std::string("TOKEN_NO_MECHANISM"));
    QVERIFY(!wallet->keys().find("s")->token);
    VERIFY_OK((*wallet->keys().signer("s"))->sign("m", crypto::HashAlgorithm::Sm3));
}

void TokensTest::noCanaryIsFoundAnywhere() {
    constexpr const char* kWrongPin = "canary-wrong-PIN-118";
    constexpr const char* kWrongPassphrase = "canary-wrong-passphrase-907";
    constexpr const char* kExportPassphrase = "canary-export-passphrase-336";
    TokenWallet test("canary");
    const fs::path log = test.parent.filePath("log.txt").toStdString();
    log::setLevel(log::Level::Debug);
    VERIFY_OK(log::toFile(log));
    log::info("wallet", "begun");
    std::vector<std::string> errors;
    const auto tell = [&](const Status& status) {
        errors.push_back(status.ToString() + reasonOf(status));
        for (const auto& [name, value] : argumentsOf(status)) errors.push_back(name + value);
    };
    const auto plain = *crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256);
    const crypto::Secret der = plain.toDer();
    {
        const auto wallet = test.make();
        VERIFY_OK(wallet->modules().approve(SoftHsm::instance().module()));
        VERIFY_OK(wallet->keys().add("canary", plain));
        VERIFY_OK((*wallet->keys().signer("canary"))->sign("m", crypto::HashAlgorithm::Sha256));
        tell(wallet->keys().add("canary", plain).status());
        tell(wallet->keys().exportKey("canary", "/proc/no/such/place.pem", kExportPassphrase));
        VERIFY_OK(wallet->keys().exportKey("canary", test.parent.filePath("out.pem").toStdString(),
                                           kExportPassphrase));
        tell(wallet->vault().unlock(kWrongPassphrase));
        tell(wallet->vault().changePassphrase(kWrongPassphrase, kPassphrase));
        VERIFY_OK(wallet->vault().unlock(kPassphrase));
        VERIFY_OK(wallet->keys().moveToToken("canary", test.target()));
        tell(wallet->keys().moveToToken("canary", test.target()).status());
        VERIFY_OK((*wallet->keys().signer("canary"))->sign("m", crypto::HashAlgorithm::Sha256));
        wallet->vault().lock();
    }
    auto wrong = *Wallet::open(test.folder(), test.withPin(kWrongPin));
    VERIFY_OK(wrong->vault().unlock(kPassphrase));
    tell(wrong->keys().signer("canary").status());
    tell(parseWalletIdentity("{\"credentials\":{\"certificate\":\"x\",\"privateKey\":\"" +
                             toBase64(der.view()) + "\"}}")
             .status());
    tell(crypto::PrivateKey::fromDer(der.view().substr(0, 60)).status());
    log::setLevel(log::Level::Warning);

    const BytesView number = der.view().substr(der.view().size() - 102, 32);
    int seen = 0;
    QVERIFY(errors.size() >= 10);
    QCOMPARE(whereFound({kPassphrase, kWrongPassphrase, kExportPassphrase, SoftHsm::kPin, kWrongPin,
                         Bytes(number), toHex(number), toBase64(number),
                         toBase64(der.view()).substr(40, 40)},
                        errors, test.parent.path().toStdString(), seen),
             std::string());
    QVERIFY(seen >= 20);
}

CHANCERY_TEST(TokensTest)
#include "TokensTest.moc"
