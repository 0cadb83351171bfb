#include <dlfcn.h>
#include <sys/stat.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <thread>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/Token.h"
#include "tests/src/crypto/module/FakeModule.h"
#include "tests/support/SoftHsm.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::crypto;
using test::SoftHsm;

/// Keys in PKCS#11 tokens: SoftHSM signs, a module of our own counts wrong PINs.
class TokenTest : public QObject {
    Q_OBJECT
private slots:
    void aGeneratedKeySignsLikeAPlainOne_data();
    void aGeneratedKeySignsLikeAPlainOne();
    void anImportedKeySignsAndDoesNotComeOut();
    void keysAreFoundListedAndRemoved();
    void otherAlgorithmsAreRefused_data();
    void otherAlgorithmsAreRefused();
    void manyThreadsSign();
    void logoutEndsSigning();
    void wrongNamesAreRefused();
    void foreignModulesAreNotLoaded();
    void thePinLockIsHonoured();
    void aRemovedTokenIsSaidToBeGone();

private:
    std::shared_ptr<Token> openSoft(const std::string& label);
};

namespace {

std::string reason(const Status& status) {
    return reasonOf(status);
}

}  // namespace

std::shared_ptr<Token> TokenTest::openSoft(const std::string& label) {
    const auto module = inspectTokenModule(SoftHsm::instance().module());
    if (!module.ok()) qFatal("%s", module.status().ToString().c_str());
    SoftHsm::instance().makeToken(label);
    // A token that was made after the start is seen after a new one only.
    auto library = TokenLibrary::load(*module);
    if (!library.ok()) qFatal("%s", library.status().ToString().c_str());
    auto token = Token::open(*library, {.label = label, .serial = {}});
    if (!token.ok()) qFatal("%s", token.status().ToString().c_str());
    const Status in = (*token)->login(SoftHsm::kPin);
    if (!in.ok()) qFatal("%s", in.ToString().c_str());
    return *token;
}

void TokenTest::aGeneratedKeySignsLikeAPlainOne_data() {
    QTest::addColumn<int>("algorithm");
    QTest::addColumn<int>("hash");
    const HashAlgorithm hashes[] = {HashAlgorithm::Sha256, HashAlgorithm::Sha384,
                                    HashAlgorithm::Sha512};
    for (const KeyAlgorithm algorithm : {KeyAlgorithm::EcdsaP256, KeyAlgorithm::EcdsaP384})
        for (const HashAlgorithm hash : hashes)
            QTest::newRow(qPrintable(QString("%1 %2").arg(int(algorithm)).arg(int(hash))))
                << int(algorithm) << int(hash);
}

void TokenTest::aGeneratedKeySignsLikeAPlainOne() {
    QFETCH(int, algorithm);
    QFETCH(int, hash);
    const auto token = openSoft("sign-" + std::to_string(algorithm) + std::to_string(hash));
    const auto key = token->generate(KeyAlgorithm(algorithm), "admin");
    QVERIFY2(key.ok(), key.status().ToString().c_str());
    QVERIFY(!key->extractable);
    QCOMPARE(key->id, key->publicKey.ski());
    QCOMPARE(int(key->publicKey.algorithm()), algorithm);
    const auto signer = token->signer(*key);
    QVERIFY(signer.ok());
    // Half of all signatures would have a high S.
    for (int i = 0; i < 24; ++i) {
        const std::string message = "message " + std::to_string(i);
        const auto signature = (*signer)->sign(message, HashAlgorithm(hash));
        QVERIFY2(signature.ok(), signature.status().ToString().c_str());
        QVERIFY(isCanonicalSignature(*signature));
        const Status good = key->publicKey.verify(message, *signature, HashAlgorithm(hash));
        QVERIFY2(good.ok(), good.ToString().c_str());
        QVERIFY(!key->publicKey.verify("another", *signature, HashAlgorithm(hash)).ok());
    }
}

void TokenTest::anImportedKeySignsAndDoesNotComeOut() {
    const auto token = openSoft("import");
    const auto plain = PrivateKey::generate(KeyAlgorithm::EcdsaP256);
    const auto key = token->importKey(*plain, "moved");
    QVERIFY2(key.ok(), key.status().ToString().c_str());
    QVERIFY(key->publicKey == plain->publicKey());
    QVERIFY(!key->extractable);
    const auto signature = (*token->signer(*key))->sign("m", HashAlgorithm::Sha256);
    QVERIFY(signature.ok());
    QVERIFY(plain->publicKey().verify("m", *signature, HashAlgorithm::Sha256).ok());
    QCOMPARE(reason(token->importKey(*plain, "moved").status()), std::string("TOKEN_KEY_EXISTS"));
    // The number itself is nowhere in the token's files.
    const Secret der = plain->toDer();
    const Bytes number(der.view().substr(der.view().size() - 32 - 70, 32));
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(SoftHsm::instance().folder()))
        if (entry.is_regular_file()) QVERIFY(readFile(entry.path())->find(number) == Bytes::npos);
}

void TokenTest::keysAreFoundListedAndRemoved() {
    const auto token = openSoft("find");
    QVERIFY(token->keys()->empty());
    const auto one = token->generate(KeyAlgorithm::EcdsaP256, "one");
    const auto two = token->generate(KeyAlgorithm::EcdsaP384, "two");
    QVERIFY(one.ok() && two.ok());
    QCOMPARE(token->keys()->size(), std::size_t(2));
    QVERIFY(token->find({.id = {}, .label = "two"})->publicKey == two->publicKey);
    QVERIFY(token->find({.id = one->id, .label = {}})->publicKey == one->publicKey);
    QCOMPARE(reason(token->find({.id = {}, .label = "three"}).status()),
             std::string("NO_TOKEN_KEY"));
    QCOMPARE(reason(token->find({}).status()), std::string("SEVERAL_TOKEN_KEYS"));
    QCOMPARE(reason(token->generate(KeyAlgorithm::EcdsaP256, "one").status()),
             std::string("TOKEN_KEY_EXISTS"));
    QCOMPARE(reason(token->generate(KeyAlgorithm::EcdsaP256, "").status()),
             std::string("BAD_KEY_LABEL"));
    const auto signer = token->signer(*one);
    QVERIFY(token->remove({.id = one->id, .label = {}}).ok());
    QCOMPARE(token->keys()->size(), std::size_t(1));
    QCOMPARE(reason((*signer)->sign("m", HashAlgorithm::Sha256).status()),
             std::string("NO_TOKEN_KEY"));
    QCOMPARE(reason(token->remove({.id = one->id, .label = {}})), std::string("NO_TOKEN_KEY"));
}

void TokenTest::otherAlgorithmsAreRefused_data() {
    QTest::addColumn<int>("algorithm");
    QTest::addColumn<QString>("says");
    QTest::newRow("SM2") << int(KeyAlgorithm::Sm2) << "no mechanism for SM2";
    QTest::newRow("Ed25519") << int(KeyAlgorithm::Ed25519) << "P-256 and P-384 only";
    QTest::newRow("P-224") << int(KeyAlgorithm::EcdsaP224) << "P-256 and P-384 only";
}

void TokenTest::otherAlgorithmsAreRefused() {
    QFETCH(int, algorithm);
    QFETCH(QString, says);
    const auto token = openSoft("other-" + std::to_string(algorithm));
    for (const Status& status :
         {token->generate(KeyAlgorithm(algorithm), "x").status(),
          token->importKey(*PrivateKey::generate(KeyAlgorithm(algorithm)), "x").status()}) {
        QCOMPARE(reason(status), std::string("TOKEN_NO_MECHANISM"));
        QVERIFY(QString::fromStdString(std::string(messageOf(status))).contains(says));
    }
    QVERIFY(token->keys()->empty());
}

void TokenTest::manyThreadsSign() {
    const auto token = openSoft("threads");
    const auto key = token->generate(KeyAlgorithm::EcdsaP256, "shared");
    const auto signer = *token->signer(*key);
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 50; ++i) {
                const std::string message = std::to_string(t * 1000 + i);
                const auto signature = signer->sign(message, HashAlgorithm::Sha256);
                if (signature.ok() &&
                    key->publicKey.verify(message, *signature, HashAlgorithm::Sha256).ok())
                    ++good;
            }
        });
    for (std::thread& thread : threads) thread.join();
    QCOMPARE(good.load(), 400);
}

void TokenTest::logoutEndsSigning() {
    const auto token = openSoft("logout");
    const auto key = token->generate(KeyAlgorithm::EcdsaP256, "k");
    const auto signer = *token->signer(*key);
    QVERIFY(signer->sign("m", HashAlgorithm::Sha256).ok());
    token->logout();
    QCOMPARE(reason(signer->sign("m", HashAlgorithm::Sha256).status()),
             std::string("TOKEN_LOCKED"));
    QCOMPARE(reason(token->keys().status()), std::string("TOKEN_LOCKED"));
    QCOMPARE(reason(token->generate(KeyAlgorithm::EcdsaP256, "l").status()),
             std::string("TOKEN_LOCKED"));
    const Status wrong = token->login("not the PIN");
    QCOMPARE(reason(wrong), std::string("TOKEN_WRONG_PIN"));
    QVERIFY(messageOf(wrong).find("not the PIN") == std::string_view::npos);
    QVERIFY(token->info()->triesAreFew);
    // The same signer goes on: handles are looked up anew.
    QVERIFY(token->login(SoftHsm::kPin).ok());
    QVERIFY(signer->sign("m", HashAlgorithm::Sha256).ok());
}

void TokenTest::wrongNamesAreRefused() {
    openSoft("named");
    const auto library = TokenLibrary::load(*inspectTokenModule(SoftHsm::instance().module()));
    QCOMPARE(reason(Token::open(*library, {.label = "unknown", .serial = {}}).status()),
             std::string("NO_TOKEN"));
    QCOMPARE(reason(Token::open(*library, {.label = "named", .serial = "77"}).status()),
             std::string("NO_TOKEN"));
}

void TokenTest::foreignModulesAreNotLoaded() {
    const QTemporaryDir folder;
    const auto path = std::filesystem::path(folder.filePath("module.so").toStdString());
    QCOMPARE(reason(inspectTokenModule(path).status()), std::string("NO_TOKEN_MODULE"));
    QVERIFY(QFile::copy(FAKE_PKCS11, QString::fromStdString(path.string())));
    ::chmod(path.c_str(), 0777);
    QCOMPARE(reason(inspectTokenModule(path).status()), std::string("TOKEN_MODULE_UNSAFE"));
    ::chmod(path.c_str(), 0700);
    ::chmod(folder.path().toStdString().c_str(), 0777);
    QCOMPARE(reason(inspectTokenModule(path).status()), std::string("TOKEN_MODULE_UNSAFE"));
    ::chmod(folder.path().toStdString().c_str(), 0700);
    auto module = inspectTokenModule(path);
    QVERIFY2(module.ok(), module.status().ToString().c_str());
    // One byte more at its end, and it is another.
    {
        QFile file(QString::fromStdString(path.string()));
        QVERIFY(file.open(QIODevice::Append));
        file.write("x");
    }
    QCOMPARE(reason(TokenLibrary::load(*module).status()), std::string("TOKEN_MODULE_CHANGED"));
    // Approved, but no module.
    const auto text = std::filesystem::path(folder.filePath("text.so").toStdString());
    QVERIFY(writeNewFile(text, "not a library", 0600).ok());
    QCOMPARE(reason(TokenLibrary::load(*inspectTokenModule(text)).status()),
             std::string("NOT_A_TOKEN_MODULE"));
    const auto libc = inspectTokenModule("/lib/x86_64-linux-gnu/libc.so.6");
    QVERIFY(libc.ok());
    QCOMPARE(reason(TokenLibrary::load(*libc).status()), std::string("NOT_A_TOKEN_MODULE"));
}

namespace {

struct Fake {
    QTemporaryDir folder;
    std::shared_ptr<TokenLibrary> library;
    FakeToken* steering = nullptr;

    Fake() {
        const QString path = folder.filePath("fake.so");
        QFile::copy(FAKE_PKCS11, path);
        ::chmod(path.toStdString().c_str(), 0700);
        library = *TokenLibrary::load(*inspectTokenModule(path.toStdString()));
        void* handle = ::dlopen(path.toStdString().c_str(), RTLD_NOW | RTLD_NOLOAD);
        steering = reinterpret_cast<FakeTokenOf>(::dlsym(handle, "fakeToken"))();
    }
};

}  // namespace

void TokenTest::thePinLockIsHonoured() {
    Fake fake;
    const auto token = *Token::open(fake.library, {});
    QCOMPARE(token->info()->label, std::string("Fake token"));
    QCOMPARE(reason(token->login("wrong 1")), std::string("TOKEN_WRONG_PIN"));
    QCOMPARE(reason(token->login("wrong 2")), std::string("TOKEN_WRONG_PIN"));
    QCOMPARE(fake.steering->triesLeft, 1);
    // The last one is not spent by accident, not even on the right PIN.
    QCOMPARE(reason(token->login("123456")), std::string("TOKEN_LAST_TRY"));
    QCOMPARE(fake.steering->logins, 2);
    QCOMPARE(reason(token->login("wrong 3", LastTry::Allowed)), std::string("TOKEN_PIN_LOCKED"));
    QCOMPARE(fake.steering->logins, 3);
    QCOMPARE(reason(token->login("123456", LastTry::Allowed)), std::string("TOKEN_PIN_LOCKED"));
    QCOMPARE(fake.steering->logins, 3);
    fake.steering->triesLeft = 1;
    QVERIFY(token->login("123456", LastTry::Allowed).ok());
    QVERIFY(token->loggedIn());
    QCOMPARE(fake.steering->triesLeft, 3);
}

void TokenTest::aRemovedTokenIsSaidToBeGone() {
    Fake fake;
    const auto token = *Token::open(fake.library, {});
    QVERIFY(token->login("123456").ok());
    QVERIFY(token->keys()->empty());
    fake.steering->removed = true;
    QCOMPARE(reason(token->keys().status()), std::string("TOKEN_GONE"));
    QVERIFY(!token->loggedIn());  // whoever puts it back in gives the PIN again
    QCOMPARE(reason(token->login("123456")), std::string("TOKEN_GONE"));
    fake.steering->removed = false;
    QVERIFY(token->login("123456").ok());
    QCOMPARE(fake.steering->sessions, 1);  // and the old session was closed
}

CHANCERY_TEST(TokenTest)
#include "TokenTest.moc"
