#include <QFile>

#include <filesystem>
#include <map>

#include "src/base/Encoding.h"
#include "src/wallet/ConsoleVault.h"
#include "tests/src/wallet/TestWallet.h"
#include "tests/support/FakeKeychain.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::wallet;
using interfaces::VaultKey;
using interfaces::VaultView;
using test::FakeKeychain;
using test::kPassphrase;
using test::TestWallet;

namespace {

/// A workspace of the console, with a keychain that is a map.
struct Desktop : TestWallet {
    FakeKeychain keychain;
    wallet::Options withKeychain() {
        auto all = options();
        all.keychain = &keychain;
        return all;
    }
    ConsoleVault console() { return ConsoleVault(folder(), withKeychain()); }
    std::unique_ptr<Wallet> wallet() {
        auto opened = Wallet::open(folder(), withKeychain());
        if (!opened.ok()) qFatal("%s", opened.status().ToString().c_str());
        const Status status = (*opened)->vault().unlock(kPassphrase);
        if (!status.ok()) qFatal("%s", status.ToString().c_str());
        return *std::move(opened);
    }
    KeyInfo key(crypto::KeyAlgorithm algorithm = crypto::KeyAlgorithm::EcdsaP256) {
        auto made = wallet()->keys().generate("admin", algorithm);
        if (!made.ok()) qFatal("%s", made.status().ToString().c_str());
        return *made;
    }
    Bytes fileOf(const KeyInfo& key) const {
        QFile file(QString::fromStdString((folder() / keyFile(key.id)).string()));
        if (!file.open(QFile::ReadOnly)) qFatal("no key file");
        return file.readAll().toStdString();
    }
};

bool signs(Wallet& wallet, const KeyInfo& key) {
    const auto signer = wallet.keys().signer(key.id);
    if (!signer.ok()) return false;
    const auto hash = key.publicKey.algorithm() == crypto::KeyAlgorithm::Sm2
                          ? crypto::HashAlgorithm::Sm3
                          : crypto::HashAlgorithm::Sha256;
    const auto signature = (*signer)->sign("message", hash);
    return signature.ok() && key.publicKey.verify("message", *signature, hash).ok();
}

}  // namespace

/// Passphrase and keys of a workspace in the keychain of the desktop.
class KeychainTest : public QObject {
    Q_OBJECT
private slots:
    void rememberedItOpensWithoutPassphrase() {
        Desktop at;
        {
            ConsoleVault vault = at.console();
            QVERIFY(vault.view()->state == VaultView::State::None);
            QVERIFY(vault.create(kPassphrase).ok());
            QVERIFY(vault.view()->state == VaultView::State::Unlocked);
            QVERIFY(vault.lock().ok());
            QVERIFY(vault.view()->state == VaultView::State::Locked);
            QCOMPARE(reasonOf(vault.unlockAndRemember("another one")),
                     std::string("WRONG_PASSPHRASE"));
            QVERIFY(at.keychain.secrets().empty());
            QVERIFY(vault.unlockAndRemember(kPassphrase).ok());
            QCOMPARE(at.keychain.secrets().size(), 1U);
        }
        ConsoleVault later = at.console();
        QVERIFY(later.view()->state == VaultView::State::Locked);
        QVERIFY(later.unlockRemembered().ok());
        QVERIFY(later.view()->state == VaultView::State::Unlocked);
        QVERIFY(later.forget().ok());
        QVERIFY(at.keychain.secrets().empty());
        QVERIFY(later.lock().ok());
        QCOMPARE(reasonOf(later.unlockRemembered()), std::string("NO_SECRET"));
        QVERIFY(later.unlock(kPassphrase).ok());
    }

    void anotherPassphraseMakesTheRememberedOneForgotten() {
        Desktop at;
        ConsoleVault vault = at.console();
        QVERIFY(vault.create(kPassphrase).ok());
        QVERIFY(vault.unlockAndRemember(kPassphrase).ok());
        QVERIFY(vault.lock().ok());
        QVERIFY(at.open()->vault().changePassphrase(kPassphrase, "a fresh passphrase").ok());
        QCOMPARE(reasonOf(vault.unlockRemembered()), std::string("REMEMBERED_PASSPHRASE_OLD"));
        QVERIFY(at.keychain.secrets().empty());
        QVERIFY(vault.view()->state == VaultView::State::Locked);
    }

    void withoutAKeychainThePassphraseStays() {
        Desktop at;
        ConsoleVault vault = at.console();
        QVERIFY(vault.create(kPassphrase).ok());
        at.keychain.fail(test::noKeychain());
        QVERIFY(vault.lock().ok());
        QCOMPARE(reasonOf(vault.unlockRemembered()), std::string("NO_KEYCHAIN"));
        QVERIFY(vault.view()->state == VaultView::State::Locked);
        QCOMPARE(reasonOf(vault.unlockAndRemember(kPassphrase)), std::string("NO_KEYCHAIN"));
        QVERIFY(vault.view()->state == VaultView::State::Unlocked);
        ConsoleVault none(at.folder(), at.options());
        QCOMPARE(reasonOf(none.unlockRemembered()), std::string("NO_KEYCHAIN"));
    }

    void aKeyMovesThereAndBack_data() {
        QTest::addColumn<int>("algorithm");
        QTest::newRow("ECDSA") << int(crypto::KeyAlgorithm::EcdsaP256);
        QTest::newRow("SM2") << int(crypto::KeyAlgorithm::Sm2);
    }
    void aKeyMovesThereAndBack() {
        QFETCH(const int, algorithm);
        Desktop at;
        (void)at.create();
        const KeyInfo key = at.key(crypto::KeyAlgorithm(algorithm));
        const auto before = at.fileOf(key).size();
        ConsoleVault vault = at.console();
        QCOMPARE(reasonOf(vault.moveKey(key.id, VaultKey::Place::Keychain)),
                 std::string("KEY_LOCKED"));
        QVERIFY(vault.unlock(kPassphrase).ok());
        QVERIFY(vault.moveKey(key.id, VaultKey::Place::Keychain).ok());
        QVERIFY(vault.view()->keys.at(0).place == VaultKey::Place::Keychain);
        QCOMPARE(at.keychain.secrets().size(), 1U);
        QVERIFY(at.fileOf(key).size() < before);
        QVERIFY(signs(*at.wallet(), key));
        // A program without the keychain says who can.
        const auto elsewhere = at.unlocked();
        const auto signer = elsewhere->keys().signer(key.id);
        QVERIFY(signer.ok());
        QCOMPARE(reasonOf((*signer)->sign("message", crypto::HashAlgorithm::Sha256).status()),
                 std::string("KEYCHAIN_ONLY_IN_CONSOLE"));
        QCOMPARE(reasonOf(elsewhere->keys().moveFromKeychain(key.id).status()),
                 std::string("KEYCHAIN_ONLY_IN_CONSOLE"));
        QCOMPARE(reasonOf(elsewhere->keys().remove(key.id)),
                 std::string("KEYCHAIN_ONLY_IN_CONSOLE"));
        // Nor does another passphrase disturb it.
        QVERIFY(elsewhere->vault().changePassphrase(kPassphrase, kPassphrase).ok());
        QVERIFY(vault.unlock(kPassphrase).ok());
        QVERIFY(vault.moveKey(key.id, VaultKey::Place::File).ok());
        QVERIFY(at.keychain.secrets().empty());
        QVERIFY(signs(*at.unlocked(), key));
    }

    void aKeyThatTheKeychainLostIsSaid() {
        Desktop at;
        (void)at.create();
        const KeyInfo key = at.key();
        QVERIFY(at.wallet()->keys().moveToKeychain(key.id).ok());
        const auto kept = at.keychain.secrets().begin()->first;
        QCOMPARE(kept, keychainName(at.wallet()->id(), key.id));
        auto reason = [&] {
            const auto wallet = at.wallet();
            return reasonOf((*wallet->keys().signer(key.id))
                                ->sign("message", crypto::HashAlgorithm::Sha256)
                                .status());
        };
        const auto other = crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256);
        at.keychain.put(kept, Bytes(other->toDer().view()));
        QCOMPARE(reason(), std::string("KEY_NOT_IN_KEYCHAIN"));
        at.keychain.put(kept, "no key");
        QCOMPARE(reason(), std::string("KEY_NOT_IN_KEYCHAIN"));
        QVERIFY(at.keychain.forget(kept).ok());
        QCOMPARE(reason(), std::string("KEY_NOT_IN_KEYCHAIN"));
        at.keychain.fail(test::noKeychain());
        QCOMPARE(reason(), std::string("NO_KEYCHAIN"));
    }

    void aKeychainOutOfOrderLosesNoKey() {
        Desktop at;
        (void)at.create();
        const KeyInfo key = at.key();
        at.keychain.fail(test::noKeychain());
        QCOMPARE(reasonOf(at.wallet()->keys().moveToKeychain(key.id).status()),
                 std::string("NO_KEYCHAIN"));
        QVERIFY(signs(*at.unlocked(), key));
        at.keychain.fail(absl::OkStatus());
        QVERIFY(at.wallet()->keys().moveToKeychain(key.id).ok());
        at.keychain.fail(test::noKeychain());
        QCOMPARE(reasonOf(at.wallet()->keys().moveFromKeychain(key.id).status()),
                 std::string("NO_KEYCHAIN"));
        QCOMPARE(reasonOf(at.wallet()->keys().remove(key.id)), std::string("NO_KEYCHAIN"));
        at.keychain.fail(absl::OkStatus());
        QVERIFY(signs(*at.wallet(), key));
        QVERIFY(at.wallet()->keys().remove(key.id).ok());
        QVERIFY(at.keychain.secrets().empty());
    }

    void canariesAreInTheKeychainAlone_data() {
        QTest::addColumn<QByteArray>("place");
        for (const char* place : {"files", "names in the keychain", "errors", "command line"})
            QTest::newRow(place) << QByteArray(place);
    }
    /// Case C25 with the keychain: a passphrase and a key that it keeps are nowhere else, also
    /// after it has failed and after both were taken back.
    void canariesAreInTheKeychainAlone() {
        QFETCH(const QByteArray, place);
        Desktop at;
        (void)at.create();
        const KeyInfo key = at.key();
        ConsoleVault vault = at.console();
        QVERIFY(vault.unlockAndRemember(kPassphrase).ok());
        QVERIFY(vault.moveKey(key.id, VaultKey::Place::Keychain).ok());
        QCOMPARE(at.keychain.secrets().size(), 2U);
        // PKCS#8 holds the number behind these bytes.
        std::vector<Bytes> secrets{kPassphrase};
        for (const auto& [name, secret] : at.keychain.secrets())
            if (const auto from = secret.find(Bytes("\x02\x01\x01\x04\x20", 5));
                from != secret.npos)
                secrets.push_back(secret.substr(from + 5, 32));
        QCOMPARE(secrets.size(), std::size_t(2));
        const Bytes number = secrets.back();
        secrets.insert(secrets.end(), {toHex(number), toBase64(number), toBase64(kPassphrase)});

        std::map<std::string, std::string> seen;
        for (const auto& [name, secret] : at.keychain.secrets())
            seen["names in the keychain"] += name + "\n";
        const auto fail = [&](const Status& status) { seen["errors"] += status.ToString() + "\n"; };
        at.keychain.fail(test::noKeychain());
        fail(vault.moveKey(key.id, VaultKey::Place::File));
        fail(at.wallet()->keys().remove(key.id));
        fail(vault.lock());
        fail(vault.unlockRemembered());
        fail(vault.unlock("another one"));
        at.keychain.fail(absl::OkStatus());
        const auto collect = [&] {
            for (const auto& entry : std::filesystem::recursive_directory_iterator(at.folder()))
                if (entry.is_regular_file()) {
                    QFile file(QString::fromStdString(entry.path().string()));
                    QVERIFY(file.open(QFile::ReadOnly));
                    seen["files"] += entry.path().string() + file.readAll().toStdString();
                }
        };
        collect();
        QVERIFY(vault.unlock(kPassphrase).ok());
        QVERIFY(vault.moveKey(key.id, VaultKey::Place::File).ok());
        QVERIFY(vault.forget().ok());
        QVERIFY(at.keychain.secrets().empty());
        collect();
        QFile line("/proc/self/cmdline");
        QVERIFY(line.open(QFile::ReadOnly));
        seen["command line"] = line.readAll().toStdString();

        const std::string& content = seen[place.toStdString()];
        QVERIFY(!content.empty());
        for (const Bytes& secret : secrets) QVERIFY(content.find(secret) == std::string::npos);
    }
};

CHANCERY_TEST(KeychainTest)
#include "KeychainTest.moc"
