#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>

#include "node/ca/Token.h"
#include "src/base/Clock.h"
#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/Token.h"
#include "src/http/Client.h"
#include "src/identity/Issue.h"
#include "src/process/Child.h"
#include "tests/support/SoftHsm.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using nlohmann::json;
using test::SoftHsm;
namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds kPatience{60};  // never reached unless something is broken

template <class T>
T need(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(std::string(messageOf(result.status())));
    return *std::move(result);
}

// Where a secret could have gone.
constexpr const char* kPlaces[] = {"output", "answers", "data",        "temporary files",
                                   "core",   "cmdline", "environment", "files nearby"};

}  // namespace

/// Case C25: secrets that are planted in a CA process are found nowhere but where they were put.
class CaCanaryTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::map<std::string, Bytes> m_secrets;          // by what they are
    std::map<std::string, std::string> m_collected;  // by place
    int m_signal = 0;

    fs::path path(const std::string& name) const {
        return fs::path(m_folder.path().toStdString()) / name;
    }

    void writeSecret(const std::string& file, const std::string& text) const {
        std::ofstream(path(file)) << text << "\n";
        ::chmod(path(file).c_str(), 0600);
    }

    static std::string contentOf(const fs::path& folder) {
        std::string all;
        for (const auto& entry : fs::recursive_directory_iterator(folder))
            if (entry.is_regular_file())
                all += entry.path().string() + "\n" + readFile(entry.path()).value_or("") + "\n";
        return all;
    }

    /// Such files have no size.
    static std::string ofProcess(int pid, const char* name) {
        std::ifstream file(fmt::format("/proc/{}/{}", pid, name), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    /// Two CAs: one with its key in a token, one with a key in a file; a directory that is not
    /// there.
    void writeSettings(const crypto::TokenModule& module) {
        const auto key = need(crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
        const auto certificate = need(identity::issueSelfSigned(
            identity::fabricCaRoot({.commonName = "filed"}, Clock::system().now()), key));
        writeSecret("filed-key.pem", key.toPem());
        std::ofstream(path("filed-cert.pem")) << certificate.toPem();
        const crypto::Secret number = key.toDer();
        // The number stands behind the headers of PKCS#8 and SEC1.
        const Bytes der(number.view());
        const std::size_t at = der.find(Bytes("\x02\x01\x01\x04\x20", 5));
        m_secrets["key"] = der.substr(at + 5, 32);
        m_secrets["key in hex"] = toHex(m_secrets["key"]);
        const Bytes pem = key.toPem();
        m_secrets["key in PEM"] = pem.substr(pem.find('\n') + 1, 64);
        m_secrets["PIN"] = SoftHsm::kPin;
        m_secrets["secret"] = "canary-secret-3340";
        m_secrets["wrong secret"] = "canary-wrong-secret-9921";
        m_secrets["directory password"] = "canary-directory-7754";
        m_secrets["user password"] = "canary-user-5127";
        writeSecret("pin", SoftHsm::kPin);
        writeSecret("secret", m_secrets["secret"]);
        writeSecret("directory", m_secrets["directory password"]);
        std::ofstream(path("ca.yaml")) << fmt::format(
            "data: data\nlog: {{spec: debug}}\ncas:\n"
            "  - name: tokened\n    key: pkcs11:token=canary;object=ca\n"
            "    token: {{module: {}, sha256: {}, pinFile: pin}}\n"
            "    identities: [{{name: admin, secretFile: secret, administrator: true}}]\n"
            "  - name: filed\n    key: filed-key.pem\n    certificate: filed-cert.pem\n"
            "    identities: [{{name: admin, secretFile: secret, administrator: true}}]\n"
            "  - name: listed\n"
            "    ldap: {{url: 'ldap://127.0.0.1:1', base: 'dc=example', bindDn: 'cn=reader',\n"
            "           bindPasswordFile: directory, timeoutMs: 1000}}\n",
            module.path.string(), module.sha256);
    }

    std::string enroll(const http::Client& client, const std::string& ca, const std::string& id,
                       const std::string& secret) const {
        const auto key = need(crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
        const auto request = need(identity::makeCertificateRequest({.commonName = id}, {}, key));
        const json body{{"certificate_request", request.toPem()}, {"caname", ca}};
        return need(const_cast<http::Client&>(client).send(
                        {.method = "POST",
                         .path = "/api/v1/enroll",
                         .headers = {{"Authorization", "Basic " + toBase64(id + ":" + secret)}},
                         .body = body.dump()},
                        deadlineIn(kPatience)))
            .body;
    }

    void useTheCas(process::Child& child) {
        const auto ready = json::parse(need(child.waitReady(deadlineIn(kPatience))));
        const std::string endpoint = ready["endpoints"]["https"];
        const auto client = need(http::Client::make(
            "localhost",
            static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1))),
            {.rootsPem = need(readFile(path("data/tokened/cert.pem")))}));
        std::string& answers = m_collected["answers"];
        for (const std::string ca : {"tokened", "filed"}) {
            const std::string enrolled = enroll(*client, ca, "admin", m_secrets["secret"]);
            QVERIFY2(json::parse(enrolled)["success"].get<bool>(), enrolled.c_str());
            answers += enrolled + enroll(*client, ca, "admin", m_secrets["wrong secret"]);
            answers += enroll(*client, ca, "nobody\r\n", m_secrets["wrong secret"]);
        }
        answers += enroll(*client, "listed", "alice", m_secrets["user password"]);
        QVERIFY(answers.find("\"success\":false") != std::string::npos);
    }

private Q_SLOTS:
    void initTestCase() {
        const SoftHsm& hsm = SoftHsm::instance();
        hsm.makeToken("canary");
        writeSettings(need(crypto::inspectTokenModule(hsm.module())));
        fs::create_directory(path("temporary"));
        fs::create_directory(path("nearby"));
        process::Command command;
        command.program = CHANCERY_NODE;
        command.arguments = {"ca", "--config", path("ca.yaml").string()};
        command.environment = process::minimalEnvironment();
        command.environment["TMPDIR"] = path("temporary").string();
        const std::string hsmSetting = hsm.environment();
        const std::size_t equals = hsmSetting.find('=');
        command.environment[hsmSetting.substr(0, equals)] = hsmSetting.substr(equals + 1);
        command.folder = path("nearby");
        std::mutex mutex;
        std::string output;
        const auto child = need(process::Child::start(
            std::move(command), {.line =
                                     [&](process::Stream, std::string_view line) {
                                         const std::lock_guard lock(mutex);
                                         output += line;
                                         output += '\n';
                                     },
                                 .ended = {}}));
        useTheCas(*child);
        const int pid = child->number();
        m_collected["cmdline"] = ofProcess(pid, "cmdline");
        m_collected["environment"] = ofProcess(pid, "environ");
        // What a crash leaves behind.
        ::kill(pid, SIGABRT);
        const auto end = need(child->waitEnd(deadlineIn(kPatience)));
        m_signal = end.signal;
        const std::lock_guard lock(mutex);
        m_collected["output"] = output;
        m_collected["data"] = contentOf(path("data"));
        m_collected["temporary files"] = contentOf(path("temporary"));
        m_collected["files nearby"] = contentOf(path("nearby"));
        for (const auto& entry : fs::recursive_directory_iterator(path("")))
            if (entry.path().filename().string().starts_with("core"))
                m_collected["core"] += entry.path().string();
    }

    void isFoundNowhere_data() {
        QTest::addColumn<QByteArray>("secret");
        QTest::addColumn<QByteArray>("place");
        for (const auto& [what, secret] : m_secrets)
            for (const char* place : kPlaces)
                QTest::addRow("%s in %s", what.c_str(), place)
                    << QByteArray::fromStdString(secret) << QByteArray(place);
    }
    void isFoundNowhere() {
        QFETCH(QByteArray, secret);
        QFETCH(QByteArray, place);
        QVERIFY(secret.size() >= 12);
        const std::string& content = m_collected[place.toStdString()];
        QVERIFY(content.find(secret.toStdString()) == std::string::npos);
        // Nor packed for the journey.
        QVERIFY(content.find(toBase64(secret.toStdString())) == std::string::npos);
    }

    void whatIsScannedIsThere() {
        QCOMPARE(m_signal, SIGABRT);
        QVERIFY(m_collected["core"].empty());
        QVERIFY(m_collected["output"].find("admin") != std::string::npos);
        QVERIFY(m_collected["output"].find("DIRECTORY_GONE") != std::string::npos);
        QVERIFY(m_collected["data"].find("BEGIN CERTIFICATE") != std::string::npos);
        QVERIFY(m_collected["cmdline"].find("ca.yaml") != std::string::npos);
        // Of a process that forbids looks into it, only the superuser sees that.
        QVERIFY(::geteuid() != 0 || m_collected["environment"].find("TMPDIR") != std::string::npos);
    }
};

CHANCERY_TEST(CaCanaryTest)
#include "CaCanaryTest.moc"
