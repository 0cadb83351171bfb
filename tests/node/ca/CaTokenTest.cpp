#include <dlfcn.h>
#include <sys/stat.h>

#include <fstream>
#include <map>

#include "node/ca/CaRole.h"
#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/identity/ChainBuilder.h"
#include "tests/node/ca/TestCa.h"
#include "tests/support/SoftHsm.h"
#include "tests/support/TestMain.h"

namespace chancery::node::test {
namespace {

using chancery::test::SoftHsm;

void write(const std::string& file, const std::string& text, unsigned mode) {
    std::ofstream(file) << text;
    ::chmod(file.c_str(), mode);
}

std::map<std::string, Bytes> contentOf(const std::filesystem::path& folder) {
    std::map<std::string, Bytes> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        // SQLite's index of its log is shared memory; a reader may write it.
        if (entry.is_regular_file() && entry.path().extension() != ".db-shm")
            files[entry.path().filename()] = valueOf(readFile(entry.path()));
    return files;
}

}  // namespace

/// CAs whose keys are in a token: SoftHSM signs certificates and revocation lists.
class CaTokenTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    crypto::TokenPlace m_place;

    std::string path(const char* name) const { return m_folder.filePath(name).toStdString(); }

    std::function<void(CaOptions&)> withToken(const std::string& label) const {
        return [place = m_place, label](CaOptions& options) mutable {
            place.key.label = label;
            options.token = place;
        };
    }

    /// What a device does that was reset: every session of this program ends, and the login.
    void loseSessions() const {
        using CloseAll = unsigned long (*)(unsigned long slot);
        void* module = ::dlopen(m_place.module.path.c_str(), RTLD_NOW | RTLD_NOLOAD);
        const auto closeAll = reinterpret_cast<CloseAll>(::dlsym(module, "C_CloseAllSessions"));
        const auto library = valueOf(crypto::TokenLibrary::load(m_place.module));
        for (const crypto::TokenInfo& token : valueOf(library->tokens()))
            if (token.label == m_place.token.label) QCOMPARE(closeAll(token.slot), 0UL);
        ::dlclose(module);
    }

private Q_SLOTS:
    void initTestCase() {
        m_place.module = valueOf(crypto::inspectTokenModule(SoftHsm::instance().module()));
        m_place.token.label = SoftHsm::instance().makeToken("cas");
        m_place.pinFile = path("pin");
        write(path("pin"), std::string(SoftHsm::kPin) + "\n", 0600);
        write(path("wrong-pin"), "canary-wrong-PIN-1\n", 0600);
        write(path("loose-pin"), std::string(SoftHsm::kPin) + "\n", 0644);
        write(path("empty-pin"), "\n", 0600);
    }

    void itsKeySignsCertificatesAndLists_data() {
        QTest::addColumn<QByteArray>("suite");
        QTest::newRow("P-256") << QByteArray("ECDSA-P256");
        QTest::newRow("P-384") << QByteArray("ECDSA-P384");
    }
    void itsKeySignsCertificatesAndLists() {
        QFETCH(QByteArray, suite);
        TestCa ca(*valueOf(crypto::suiteNamed(suite.toStdString())),
                  withToken("of " + suite.toStdString()));
        QVERIFY(!std::filesystem::exists(ca.folder() + "/key.pem"));
        const identity::Certificate root = ca.ca().keys().certificate;
        const Member member = ca.member("alice");
        VERIFY_OK(identity::checkSignedBy(member.certificate, root));
        QVERIFY(ca.sendSigned(ca.admin(), "POST", "/api/v1/revoke", {{"id", "alice"}}).ok());
        const auto list = valueOf(
            identity::RevocationList::fromBytes(valueOf(readFile(ca.folder() + "/crl.pem"))));
        VERIFY_OK(list.checkSignedBy(root));
        QVERIFY(list.lists(valueOf(fromHex(member.certificate.serialHex()))));
        // The same key after a new start.
        VERIFY_OK(ca.restart());
        QVERIFY(ca.ca().keys().certificate == root);
        VERIFY_OK(identity::checkSignedBy(ca.member("bob").certificate, root));
        QVERIFY(!std::filesystem::exists(ca.folder() + "/key.pem"));
        // No file knows the PIN.
        for (const auto& [name, content] : contentOf(ca.folder()))
            QVERIFY2(content.find(SoftHsm::kPin) == std::string::npos, name.c_str());
    }

    void itDoesNotStart_data() {
        QTest::addColumn<std::function<void(CaOptions&)>>("change");
        QTest::addColumn<QByteArray>("reason");
        const auto row = [](const char* what, std::function<void(CaOptions&)> change,
                            const char* reason) {
            QTest::newRow(what) << std::move(change) << QByteArray(reason);
        };
        const auto pin = [this](const char* file) {
            return [file = path(file)](CaOptions& o) { o.token->pinFile = file; };
        };
        row("wrong PIN", pin("wrong-pin"), "TOKEN_WRONG_PIN");
        row("PIN for all to read", pin("loose-pin"), "SECRET_FILE_MODE");
        row("no PIN", pin("empty-pin"), "TOKEN_WRONG_PIN");
        row("PIN file that is gone", pin("no-such-file"), "FILE_ERROR");
        row(
            "another module", [](CaOptions& o) { o.token->module.sha256 = std::string(64, '0'); },
            "TOKEN_MODULE_CHANGED");
        row(
            "module that is gone", [](CaOptions& o) { o.token->module.path = "/nowhere/m.so"; },
            "NO_TOKEN_MODULE");
        row(
            "token that is gone", [](CaOptions& o) { o.token->token.label = "pulled out"; },
            "NO_TOKEN");
        row(
            "token of another number", [](CaOptions& o) { o.token->token.serial = "0"; },
            "NO_TOKEN");
        row(
            "key that is gone", [](CaOptions& o) { o.token->key.label = "gone"; }, "NO_TOKEN_KEY");
        row(
            "key of another", [](CaOptions& o) { o.token->key.label = "other"; }, "KEY_MISMATCH");
        row(
            "key in a file that is not there", [](CaOptions& o) { o.token.reset(); }, "FILE_ERROR");
    }
    /// A refusal that says why, and nothing changed.
    void itDoesNotStart() {
        QFETCH(std::function<void(CaOptions&)>, change);
        QFETCH(QByteArray, reason);
        TestCa other(crypto::ecdsaP256(), withToken("other"));
        other.close();
        TestCa ca(crypto::ecdsaP256(), withToken("mine"));
        ca.member("alice");
        ca.close();
        const auto before = contentOf(ca.folder());
        CaOptions options = ca.options();
        change(options);
        const auto opened = CertificateAuthority::open(options);
        QCOMPARE(reasonOf(opened.status()), reason.toStdString());
        const std::string text = opened.status().ToString();
        QVERIFY(text.find("canary") == std::string::npos);
        QVERIFY(contentOf(ca.folder()) == before);
        VERIFY_OK(ca.restart());
    }

    void oneKeyIsOneCas() {
        QTemporaryDir folder;
        CaServerOptions options;
        for (const char* name : {"one", "two"}) {
            CaOptions ca;
            ca.name = name;
            ca.folder = folder.filePath(name).toStdString();
            ca.token = m_place;
            ca.token->key.label = "shared";
            options.cas.push_back(std::move(ca));
        }
        Metrics metrics;
        QCOMPARE(reasonOf(CaRole::open(std::move(options), metrics, folder.path().toStdString(),
                                       {"localhost"})
                              .status()),
                 std::string("CA_KEY_TWICE"));
    }

    /// Case F17 of what must be survived: the token loses its sessions, again and again.
    void lostSessionsAreOpenedAgain() {
        TestCa ca(crypto::ecdsaP256(), withToken("of lost sessions"));
        const identity::Certificate root = ca.ca().keys().certificate;
        for (int cycle = 0; cycle < 50; ++cycle) {
            loseSessions();
            const Member member = ca.member("user" + std::to_string(cycle));
            VERIFY_OK(identity::checkSignedBy(member.certificate, root));
        }
        loseSessions();
        QVERIFY(ca.sendSigned(ca.admin(), "POST", "/api/v1/revoke", {{"id", "user7"}}).ok());
        QVERIFY(!std::filesystem::exists(ca.folder() + "/key.pem"));
    }

    void aTokenThatIsAwayIsSaidToBe_data() {
        QTest::addColumn<bool>("isRemoved");
        QTest::newRow("its PIN was changed") << false;
        QTest::newRow("it was pulled out") << true;
    }
    /// Nothing is issued, nothing is recorded, no key comes from elsewhere; and when it is back,
    /// the CA goes on by itself.
    void aTokenThatIsAwayIsSaidToBe() {
        QFETCH(bool, isRemoved);
        m_place.pinFile = path("own-pin");
        write(path("own-pin"), std::string(SoftHsm::kPin) + "\n", 0600);
        TestCa ca(crypto::ecdsaP256(), withToken(isRemoved ? "pulled" : "changed"));
        m_place.pinFile = path("pin");
        const std::string secret = ca.add("alice");
        const auto request = makeRequest({.subject = {.commonName = "alice"}}, ca.newKey());
        ca.admin();
        const std::string before = ca.state();

        const auto tokens = SoftHsm::instance().folder() / "tokens";
        const auto away = SoftHsm::instance().folder() / "away";
        loseSessions();
        if (isRemoved)
            std::filesystem::rename(tokens, away);
        else
            write(path("own-pin"), "canary-wrong-PIN-2\n", 0600);
        for (int i = 0; i < 3; ++i) {
            const Answer answer = ca.tryEnroll("alice", secret, request);
            QVERIFY(!answer.ok());
            QVERIFY(answer.status >= 500);
            const std::string text = answer.body.dump();
            QVERIFY(text.find("canary") == std::string::npos);
            QVERIFY(ca.state() == before);
            QVERIFY(!std::filesystem::exists(ca.folder() + "/key.pem"));
        }
        if (isRemoved)
            std::filesystem::rename(away, tokens);
        else
            write(path("own-pin"), std::string(SoftHsm::kPin) + "\n", 0600);
        // It asks once a second; and the secret is good for one certificate.
        bool isBack = false;
        QTRY_VERIFY_WITH_TIMEOUT(isBack || (isBack = ca.tryEnroll("alice", secret, request).ok()),
                                 5000);
        QVERIFY(ca.state() != before);
    }

    void tokensHoldNoSm2() {
        QTemporaryDir folder;
        CaOptions options;
        options.name = "sm";
        options.suite = &crypto::sm2();
        options.folder = folder.filePath("sm").toStdString();
        options.token = m_place;
        options.token->key.label = "sm";
        QCOMPARE(reasonOf(CertificateAuthority::open(options).status()),
                 std::string("TOKEN_NO_MECHANISM"));
        // A key that is there already, of another kind.
        TestCa other(crypto::ecdsaP256(), withToken("of a kind"));
        other.close();
        options.token->key.label = "of a kind";
        QCOMPARE(reasonOf(CertificateAuthority::open(options).status()),
                 std::string("SUITE_MISMATCH"));
    }
};

}  // namespace chancery::node::test

Q_DECLARE_METATYPE(std::function<void(chancery::node::CaOptions&)>)

using chancery::node::test::CaTokenTest;
CHANCERY_TEST(CaTokenTest)
#include "CaTokenTest.moc"
