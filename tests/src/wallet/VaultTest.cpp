#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/EncryptedKey.h"
#include "tests/src/wallet/TestWallet.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::wallet;
using test::kPassphrase;
using test::kQuick;
using test::TestWallet;
namespace fs = std::filesystem;

/// Locking, unlocking, another passphrase, damage, stolen and careless folders.
class VaultTest : public QObject {
    Q_OBJECT
private slots:
    void modesAreTheOwnersAlone();
    void onlyThePassphraseUnlocks();
    void aLockedWorkspaceSignsNothing();
    void idleTimeLocks();
    void lockingReachesOtherPrograms();
    void thePassphraseChanges();
    void aKilledChangeLeavesOneOfTheTwo();
    void otherProgramsNoticeANewPassphrase();
    void looseModesAreRefused_data();
    void looseModesAreRefused();
    void everyFlippedByteIsRefused();
    void filesDoNotChangePlaces();
    void aStolenFolderYieldsNoKey();
    void weakChoicesAreRefused();
    void anUnlockedProgramLeavesNoCore();
    void auditTellsWhatWasDone();
    void aCutAuditLogIsRefused();
};

namespace {

std::string reason(const Status& status) {
    return reasonOf(status);
}

std::vector<fs::path> filesOf(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file() && entry.file_size() > 0) files.push_back(entry.path());
    return files;
}

/// Without waiting for the disk, as it is done a thousand times.
void overwrite(const fs::path& path, const Bytes& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc)
        .write(bytes.data(), std::streamsize(bytes.size()));
}

/// Runs it in a child; its exit code, or minus the signal.
template <class Work>
int inChild(Work work) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(work());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

bool signs(Wallet& wallet, const std::string& key) {
    const auto signer = wallet.keys().signer(key);
    if (!signer.ok()) return false;
    const auto signature = (*signer)->sign("m", crypto::HashAlgorithm::Sha256);
    return signature.ok() &&
           (*signer)->publicKey().verify("m", *signature, crypto::HashAlgorithm::Sha256).ok();
}

}  // namespace

void VaultTest::modesAreTheOwnersAlone() {
    const ::mode_t before = ::umask(0);
    TestWallet test;
    const auto wallet = test.create();
    VERIFY_OK(wallet->keys().generate("one", crypto::KeyAlgorithm::EcdsaP256));
    VERIFY_OK(wallet->vault().askAllToLock());
    ::umask(before);
    for (const auto& entry : fs::recursive_directory_iterator(test.folder()))
        QCOMPARE(unsigned(fs::status(entry.path()).permissions()),
                 entry.is_directory() ? 0700U : 0600U);
    QCOMPARE(unsigned(fs::status(test.folder()).permissions()), 0700U);
}

void VaultTest::onlyThePassphraseUnlocks() {
    TestWallet test;
    test.create();
    const auto wallet = test.open();
    QVERIFY(!wallet->vault().unlocked());
    for (const char* wrong : {"", "canary-passphrase-5518", "canary-passphrase-5519 ", "x"})
        QCOMPARE(reason(wallet->vault().unlock(wrong)), std::string("WRONG_PASSPHRASE"));
    QVERIFY(!wallet->vault().unlocked());
    VERIFY_OK(wallet->vault().unlock(kPassphrase));
    QVERIFY(wallet->vault().unlocked());
    QCOMPARE(reason(Wallet::create(test.folder(), kPassphrase, test.options()).status()),
             std::string("WALLET_EXISTS"));
    QCOMPARE(reason(Wallet::open(test.folder() / "keys", test.options()).status()),
             std::string("NO_WALLET"));
}

void VaultTest::aLockedWorkspaceSignsNothing() {
    TestWallet test;
    const auto wallet = test.create();
    VERIFY_OK(wallet->keys().generate("one", crypto::KeyAlgorithm::EcdsaP256));
    const auto signer = *wallet->keys().signer("one");
    VERIFY_OK(signer->sign("m", crypto::HashAlgorithm::Sha256));
    wallet->vault().lock();
    QCOMPARE(reason(signer->sign("m", crypto::HashAlgorithm::Sha256).status()),
             std::string("KEY_LOCKED"));
    QCOMPARE(reason(wallet->keys().generate("two", crypto::KeyAlgorithm::EcdsaP256).status()),
             std::string("KEY_LOCKED"));
    QCOMPARE(reason(wallet->keys().exportKey("one", test.folder() / "x.pem", "long enough")),
             std::string("KEY_LOCKED"));
    QCOMPARE(reason(wallet->keys().remove("one")), std::string("KEY_LOCKED"));
    // What is no secret can still be seen.
    QCOMPARE(wallet->keys().list()->size(), std::size_t(1));
    VERIFY_OK(wallet->vault().unlock(kPassphrase));
    VERIFY_OK(signer->sign("m", crypto::HashAlgorithm::Sha256));
}

void VaultTest::idleTimeLocks() {
    TestWallet test;
    const auto wallet = test.create();
    VERIFY_OK(wallet->keys().generate("one", crypto::KeyAlgorithm::EcdsaP256));
    test.clock.pass(absl::Minutes(9));
    QVERIFY(signs(*wallet, "one"));  // use begins the time anew
    test.clock.pass(absl::Minutes(9));
    QVERIFY(wallet->vault().unlocked());  // looking does not
    test.clock.pass(absl::Minutes(2));
    QVERIFY(!wallet->vault().unlocked());
    QVERIFY(!signs(*wallet, "one"));
    VERIFY_OK(wallet->vault().unlock(kPassphrase));
    test.clock.pass(absl::Hours(-24));  // a clock set back is no proof of presence
    QVERIFY(!signs(*wallet, "one"));
}

void VaultTest::lockingReachesOtherPrograms() {
    TestWallet test;
    const auto one = test.create();
    VERIFY_OK(one->keys().generate("key", crypto::KeyAlgorithm::EcdsaP256));
    const auto two = test.open();  // as another program: it needs no passphrase for this
    QVERIFY(signs(*one, "key"));
    VERIFY_OK(two->vault().askAllToLock());
    QVERIFY(!signs(*one, "key"));
    QVERIFY(!one->vault().unlocked());
    VERIFY_OK(one->vault().unlock(kPassphrase));
    QVERIFY(signs(*one, "key"));
}

void VaultTest::thePassphraseChanges() {
    TestWallet test;
    const auto wallet = test.create();
    VERIFY_OK(wallet->keys().generate("one", crypto::KeyAlgorithm::EcdsaP256));
    const Bytes before = *readFile(test.folder() / keyFile(wallet->keys().find("one")->id));
    QCOMPARE(reason(wallet->vault().changePassphrase("not it at all", "another one, longer")),
             std::string("WRONG_PASSPHRASE"));
    VERIFY_OK(wallet->vault().unlock(kPassphrase));
    QCOMPARE(reason(wallet->vault().changePassphrase(kPassphrase, "short")),
             std::string("WEAK_PASSPHRASE"));
    VERIFY_OK(wallet->vault().changePassphrase(kPassphrase, "another one, longer"));
    QVERIFY(signs(*wallet, "one"));
    const auto again = test.open();
    QCOMPARE(reason(again->vault().unlock(kPassphrase)), std::string("WRONG_PASSPHRASE"));
    VERIFY_OK(again->vault().unlock("another one, longer"));
    QVERIFY(signs(*again, "one"));
    // Sealed anew: who had the old passphrase and an old copy learns nothing of new keys.
    QVERIFY(*readFile(test.folder() / keyFile(again->keys().find("one")->id)) != before);
    // An old copy of the file is not taken back.
    const std::string name = keyFile(again->keys().find("one")->id);
    VERIFY_OK(writeFileAtomically(test.folder() / name, before, 0600));
    const Status old = test.open()->vault().unlock("another one, longer");
    QCOMPARE(reason(old), std::string("WALLET_FILE_DAMAGED"));
    QCOMPARE(argumentOf(old, "file"), name);
}

void VaultTest::aKilledChangeLeavesOneOfTheTwo() {
    constexpr const char* kNew = "another one, longer";
    int sawOld = 0;
    int sawNew = 0;
    bool finished = false;
    for (int fatal = 0; !finished; ++fatal) {
        QVERIFY(fatal < 100);
        TestWallet test;
        {
            const auto wallet = test.create();
            for (const char* label : {"one", "two", "three"})
                VERIFY_OK(wallet->keys().generate(label, crypto::KeyAlgorithm::EcdsaP256));
        }
        const int ended = inChild([&] {
            auto options = test.options();
            int left = fatal;
            options.beforeChange = [&](const std::string&) {
                if (left-- == 0) ::raise(SIGKILL);
            };
            auto wallet = Wallet::open(test.folder(), options);
            return wallet.ok() && (*wallet)->vault().changePassphrase(kPassphrase, kNew).ok() ? 0
                                                                                              : 1;
        });
        QVERIFY(ended == 0 || ended == -SIGKILL);
        finished = ended == 0;
        const auto wallet = test.open();
        const bool old = wallet->vault().unlock(kPassphrase).ok();
        if (!old) VERIFY_OK(wallet->vault().unlock(kNew));
        old ? ++sawOld : ++sawNew;
        for (const char* label : {"one", "two", "three"}) QVERIFY(signs(*wallet, label));
        // And the other passphrase opens nothing.
        QVERIFY(!test.open()->vault().unlock(old ? kNew : kPassphrase).ok());
        // What was begun has been ended: nothing refers to the keys before.
        VERIFY_OK(test.unlocked(old ? kPassphrase : kNew)
                      ->vault()
                      .changePassphrase(old ? kPassphrase : kNew, "a third one, longer"));
    }
    QVERIFY(sawOld >= 2);
    QVERIFY(sawNew >= 6);
}

void VaultTest::otherProgramsNoticeANewPassphrase() {
    TestWallet test;
    const auto one = test.create();
    VERIFY_OK(one->keys().generate("key", crypto::KeyAlgorithm::EcdsaP256));
    const auto two = test.unlocked();
    VERIFY_OK(two->vault().changePassphrase(kPassphrase, "another one, longer"));
    const auto made = one->keys().generate("late", crypto::KeyAlgorithm::EcdsaP256);
    QCOMPARE(reason(made.status()), std::string("WALLET_CHANGED"));
    QVERIFY(!one->vault().unlocked());
    VERIFY_OK(one->vault().unlock("another one, longer"));
    VERIFY_OK(one->keys().generate("late", crypto::KeyAlgorithm::EcdsaP256));
}

void VaultTest::looseModesAreRefused_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("mode");
    for (const int mode : {0750, 0705, 0755, 0777, 0701}) {
        QTest::newRow(qPrintable(QString("folder %1").arg(mode, 0, 8))) << "" << mode;
        QTest::newRow(qPrintable(QString("keys %1").arg(mode, 0, 8))) << "keys" << mode;
    }
    for (const int mode : {0640, 0604, 0644, 0666, 0660})
        for (const char* name : {"workspace.wallet", "audit.log", "audit.head", "KEY"})
            QTest::newRow(qPrintable(QString("%1 %2").arg(name).arg(mode, 0, 8))) << name << mode;
}

void VaultTest::looseModesAreRefused() {
    QFETCH(QString, name);
    QFETCH(int, mode);
    TestWallet test;
    const auto made = test.create();
    const auto key = made->keys().generate("one", crypto::KeyAlgorithm::EcdsaP256);
    const fs::path path = test.folder() / (name == "KEY" ? keyFile(key->id) : name.toStdString());
    QCOMPARE(::chmod(path.c_str(), ::mode_t(mode)), 0);
    const Status status = Wallet::open(test.folder(), test.options()).status();
    QCOMPARE(reason(status), std::string("WALLET_MODE"));
    const std::string said(messageOf(status));
    QVERIFY2(said.find("chmod " + std::string(mode & 0100 ? "700" : "600")) != std::string::npos,
             said.c_str());
    QVERIFY(said.find(path.lexically_normal().string().substr(0, 12)) != std::string::npos);
}

void VaultTest::everyFlippedByteIsRefused() {
    TestWallet test;
    {
        const auto wallet = test.create();
        VERIFY_OK(wallet->keys().generate("one", crypto::KeyAlgorithm::EcdsaP256));
        VERIFY_OK(wallet->vault().askAllToLock());
    }
    const auto files = filesOf(test.folder());
    QCOMPARE(files.size(), std::size_t(5));  // header, key, log, head, lock request
    for (const fs::path& path : files) {
        const Bytes good = *readFile(path);
        for (std::size_t at = 0; at < good.size(); at += 3) {
            Bytes bad = good;
            bad[at] = char(bad[at] ^ 0x04);
            overwrite(path, bad);
            auto opened = Wallet::open(test.folder(), test.options());
            const Status status =
                opened.ok() ? (*opened)->vault().unlock(kPassphrase) : opened.status();
            QVERIFY2(!status.ok(), (path.string() + " at " + std::to_string(at)).c_str());
            QVERIFY2(
                std::string(messageOf(status)).find(path.filename().string()) != std::string::npos,
                status.ToString().c_str());
        }
        overwrite(path, good);
    }
    VERIFY_OK(test.open()->vault().unlock(kPassphrase));
}

void VaultTest::filesDoNotChangePlaces() {
    TestWallet test;
    const auto wallet = test.create();
    const auto one = wallet->keys().generate("one", crypto::KeyAlgorithm::EcdsaP256);
    const auto two = wallet->keys().generate("two", crypto::KeyAlgorithm::EcdsaP256);
    const fs::path first = test.folder() / keyFile(one->id);
    const fs::path second = test.folder() / keyFile(two->id);
    fs::copy_file(first, second, fs::copy_options::overwrite_existing);
    QCOMPARE(reason(Wallet::open(test.folder(), test.options()).status()),
             std::string("WALLET_FILE_DAMAGED"));
    // With the readable part corrected, too: the seal binds it.
    auto file = *parseWalletFile(*readFile(first), "key", "x");
    file.metadata = writeKeyRecord(*two);
    file.metadata.insert(1, "\"generation\":1,");
    VERIFY_OK(writeFileAtomically(second, writeWalletFile(file), 0600));
    const Status status = test.open()->vault().unlock(kPassphrase);
    QCOMPARE(reason(status), std::string("WALLET_FILE_DAMAGED"));
    QCOMPARE(argumentOf(status, "file"), keyFile(two->id));
}

void VaultTest::aStolenFolderYieldsNoKey() {
    TestWallet test;
    const auto wallet = test.create();
    const auto plain = crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256);
    VERIFY_OK(wallet->keys().add("canary", *plain));
    const crypto::Secret der = plain->toDer();
    const Bytes number(der.view().substr(der.view().size() - 102, 32));
    for (const fs::path& path : filesOf(test.folder())) {
        const Bytes content = *readFile(path);
        for (const Bytes& shape : {number, toHex(number), toBase64(number),
                                   toBase64(der.view()).substr(40, 40), Bytes(kPassphrase)})
            QVERIFY2(content.find(shape) == Bytes::npos, path.c_str());
    }
    // The thief may rewrite what is readable; nothing opens without the passphrase.
    const auto file =
        *parseWalletFile(*readFile(test.folder() / "workspace.wallet"), "workspace", "x");
    auto header = *parseHeader(file.metadata);
    header.cost = kQuick;
    header.generation = 1;
    VERIFY_OK(writeFileAtomically(
        test.folder() / "workspace.wallet",
        writeWalletFile({"workspace", writeHeader(header), Bytes(file.sealed.size(), 'x')}), 0600));
    QCOMPARE(reason(test.open()->vault().unlock(kPassphrase)), std::string("WRONG_PASSPHRASE"));
}

void VaultTest::weakChoicesAreRefused() {
    TestWallet test;
    Options strict{.clock = test.clock, .cost = kQuick, .protectProcess = false};
    QCOMPARE(reason(Wallet::create(test.folder(), kPassphrase, strict).status()),
             std::string("WEAK_KDF"));
    QVERIFY(!fs::exists(test.folder()));
    QCOMPARE(reason(Wallet::create(test.folder(), "1234567", test.options()).status()),
             std::string("WEAK_PASSPHRASE"));
    test.create();
    // A workspace whose derivation somebody made cheap is not opened.
    QCOMPARE(reason(Wallet::open(test.folder(), strict).status()), std::string("WEAK_KDF"));
}

void VaultTest::anUnlockedProgramLeavesNoCore() {
    TestWallet test;
    test.create();
    auto options = test.options();
    options.protectProcess = true;
    const int ended = inChild([&] {
        auto wallet = Wallet::open(test.folder(), options);
        if (!wallet.ok() || ::prctl(PR_GET_DUMPABLE) != 1) return 1;
        if (!(*wallet)->vault().unlock(kPassphrase).ok()) return 2;
        rlimit limit{1, 1};
        ::getrlimit(RLIMIT_CORE, &limit);
        if (limit.rlim_cur != 0 || limit.rlim_max != 0) return 3;
        if (::prctl(PR_GET_DUMPABLE) != 0) return 4;
        return crypto::useSecureHeap() == crypto::SecureHeap::Unavailable ? 5 : 0;
    });
    QCOMPARE(ended, 0);
}

void VaultTest::auditTellsWhatWasDone() {
    TestWallet test;
    const auto wallet = test.create();
    VERIFY_OK(wallet->keys().generate("one", crypto::KeyAlgorithm::EcdsaP256));
    QVERIFY(!wallet->keys().generate("one", crypto::KeyAlgorithm::EcdsaP256).ok());
    VERIFY_OK(wallet->keys().exportKey("one", test.parent.filePath("one.pem").toStdString(),
                                       "for the safe"));
    QVERIFY(!wallet->vault().unlock("wrong one").ok());
    VERIFY_OK(wallet->vault().unlock(kPassphrase));
    VERIFY_OK(wallet->keys().remove("one"));
    std::vector<std::string> whats;
    const auto chain = wallet->vault().audit();
    VERIFY_OK(chain);
    for (const AuditEntry& entry : chain->entries) {
        whats.push_back(entry.what);
        QVERIFY(entry.who.find("(" + std::to_string(::getuid()) + ")") != std::string::npos);
    }
    QCOMPARE(whats, (std::vector<std::string>{"WORKSPACE_MADE", "KEY_GENERATED", "KEY_EXPORTED",
                                              "UNLOCK_REFUSED", "UNLOCKED", "KEY_REMOVED"}));
    QCOMPARE(chain->entries[2].note, test.parent.filePath("one.pem").toStdString());
    // The exported file opens with its own passphrase, and only with that.
    const Bytes pem = *readFile(test.parent.filePath("one.pem").toStdString());
    VERIFY_OK(crypto::readEncryptedKey(pem, "for the safe"));
    QVERIFY(!crypto::readEncryptedKey(pem, kPassphrase).ok());
}

void VaultTest::aCutAuditLogIsRefused() {
    TestWallet test;
    {
        const auto wallet = test.create();
        VERIFY_OK(wallet->keys().generate("one", crypto::KeyAlgorithm::EcdsaP256));
        VERIFY_OK(wallet->keys().remove("one"));
    }
    const fs::path path = test.folder() / "audit.log";
    const Bytes log = *readFile(path);
    const std::size_t lastLine = log.rfind('\n', log.size() - 2) + 1;
    VERIFY_OK(writeFileAtomically(path, BytesView(log).substr(0, lastLine), 0600));
    QCOMPARE(reason(test.open()->vault().unlock(kPassphrase)), std::string("AUDIT_BROKEN"));
    VERIFY_OK(writeFileAtomically(path, log.substr(0, lastLine) + "{\"n\"", 0600));
    QCOMPARE(reason(test.open()->vault().unlock(kPassphrase)), std::string("AUDIT_BROKEN"));
    VERIFY_OK(writeFileAtomically(path, log + "{\"n\":", 0600));  // a crash
    const auto wallet = test.unlocked();
    QCOMPARE(wallet->vault().audit()->entries.back().what, std::string("UNLOCKED"));
}

CHANCERY_TEST(VaultTest)
#include "VaultTest.moc"
