#include "node/ca/CaRole.h"

#include "node/ca/Token.h"
#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/base/Log.h"
#include "src/http/Client.h"
#include "src/identity/ChainBuilder.h"
#include "src/identity/Issue.h"
#include "tests/node/ca/TestCa.h"
#include "tests/support/TestMain.h"

namespace chancery::node {

using test::json;
using test::valueOf;

/// Several CAs of one process behind HTTPS, and a CA below another.
class CaRoleTest : public QObject {
    Q_OBJECT

    static constexpr std::chrono::seconds kLong{60};  // never reached unless something is broken

    QTemporaryDir m_folder;
    Metrics m_metrics;

    std::string path(const std::string& name) const {
        return m_folder.path().toStdString() + "/" + name;
    }
    CaOptions optionsOf(const std::string& name) const {
        CaOptions options;
        options.name = name;
        options.folder = path(name);
        options.identities = {
            {.id = "admin", .secret = "adminpw", .attributes = administratorAttributes()}};
        return options;
    }
    std::unique_ptr<CaRole> start(std::vector<CaOptions> cas, const std::string& folder) {
        CaServerOptions options;
        options.cas = std::move(cas);
        options.version = "v1";
        std::filesystem::create_directories(path(folder));
        auto role = valueOf(
            CaRole::open(std::move(options), m_metrics, path(folder), {"localhost", "127.0.0.1"}));
        if (const Status status = role->start(); !status.ok())
            throw std::runtime_error(std::string(messageOf(status)));
        return role;
    }
    static std::uint16_t portOf(const CaRole& role) {
        const std::string endpoint = role.endpoints().at(0);
        return static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1)));
    }
    json ask(const CaRole& role, const std::string& roots, const http::Call& call) const {
        const auto client = valueOf(
            http::Client::make("localhost", portOf(role), {.rootsPem = *readFile(path(roots))}));
        const auto answer = valueOf(client->send(call, deadlineIn(kLong)));
        return json::parse(answer.body, nullptr, false);
    }
    ParentOptions parentAt(const CaRole& role, const std::string& id) const {
        return {.host = "localhost",
                .port = portOf(role),
                .rootsPem = *readFile(path("root/cert.pem")),
                .caName = "root",
                .id = id,
                .secret = "adminpw"};
    }

private Q_SLOTS:
    void initTestCase() { log::setLevel(log::Level::Error); }
    void cleanup() {
        for (const auto& entry : std::filesystem::directory_iterator(path("")))
            std::filesystem::remove_all(entry);
    }

    void severalCasInOneProcess() {
        CaOptions sm2 = optionsOf("sm2");
        sm2.suite = &crypto::sm2();
        const auto role = start({optionsOf("root"), optionsOf("tls"), sm2}, "server");
        for (const std::string name : {"root", "tls", "sm2"}) {
            const json info = ask(*role, "root/cert.pem", {.path = "/cainfo?ca=" + name});
            QCOMPARE(info["result"]["CAName"].get<std::string>(), name);
            QCOMPARE(*fromBase64(info["result"]["CAChain"].get<std::string>()),
                     *readFile(path(name + "/chain.pem")));
        }
        const json first = ask(*role, "root/cert.pem", {.path = "/cainfo"});
        QCOMPARE(first["result"]["CAName"].get<std::string>(), std::string("root"));
        for (const HealthCheck& check : role->healthChecks()) VERIFY_OK(check.check());

        // An ECDSA key at the SM2 CA, and the other way round.
        for (const auto& [ca, key] : {std::pair("sm2", crypto::KeyAlgorithm::EcdsaP256),
                                      std::pair("root", crypto::KeyAlgorithm::Sm2)}) {
            const auto request = valueOf(identity::makeCertificateRequest(
                {.commonName = "admin"}, {}, valueOf(crypto::PrivateKey::generate(key))));
            const json body{{"certificate_request", request.toPem()}, {"caname", ca}};
            const json refused =
                ask(*role, "root/cert.pem",
                    {.method = "POST",
                     .path = "/api/v1/enroll",
                     .headers = {{"Authorization", "Basic " + toBase64("admin:adminpw")}},
                     .body = body.dump()});
            QCOMPARE(refused["errors"][0]["code"].get<int>(), 80);
        }
        QVERIFY(m_metrics.text().find("api_request_count{") != std::string::npos);
    }

    void keepsItsTlsCertificate() {
        start({optionsOf("root")}, "server");
        const Bytes first = *readFile(path("server/tls-cert.pem"));
        start({optionsOf("root")}, "server");
        QCOMPARE(*readFile(path("server/tls-cert.pem")), first);
    }

    void belowAnother() {
        const auto root = start({optionsOf("root")}, "server");
        CaOptions below = optionsOf("ica");
        below.parent = parentAt(*root, "admin");
        const auto role = start({below}, "second");
        const auto own = valueOf(identity::Certificate::fromPem(*readFile(path("ica/cert.pem"))));
        const auto above =
            valueOf(identity::Certificate::fromPem(*readFile(path("root/cert.pem"))));
        VERIFY_OK(identity::checkSignedBy(own, above));
        QCOMPARE(own.commonName(), std::string("admin"));
        QCOMPARE(*readFile(path("ica/chain.pem")), own.toPem() + above.toPem());
        // Its server shows the chain: the root's certificate is enough.
        const json info = ask(*role, "root/cert.pem", {.path = "/cainfo"});
        QCOMPARE(*fromBase64(info["result"]["CAChain"].get<std::string>()),
                 own.toPem() + above.toPem());
        // It may have none below itself.
        CaOptions third = optionsOf("third");
        third.parent = parentAt(*role, "admin");
        third.parent->caName = "ica";
        QCOMPARE(reasonOf(CertificateAuthority::open(third).status()),
                 std::string("PARENT_REFUSED"));
    }

    void parentsThatRefuse() {
        const auto root = start({optionsOf("root")}, "server");
        CaOptions below = optionsOf("ica");
        below.parent = parentAt(*root, "admin");
        below.parent->secret = "wrong";
        const Status refused = CertificateAuthority::open(below).status();
        QCOMPARE(reasonOf(refused), std::string("PARENT_REFUSED"));
        QVERIFY(std::string(messageOf(refused)).find("Authentication failure") !=
                std::string::npos);
        QVERIFY(!std::filesystem::exists(path("ica/cert.pem")));
        below.parent->secret = "adminpw";
        VERIFY_OK(CertificateAuthority::open(below));
    }

    void namesMustDiffer() {
        CaServerOptions options;
        options.cas = {optionsOf("root"), optionsOf("root")};
        QCOMPARE(reasonOf(CaRole::open(options, m_metrics, path(""), {}).status()),
                 std::string("CA_NAME_TWICE"));
        options.cas.clear();
        QCOMPARE(reasonOf(CaRole::open(options, m_metrics, path(""), {}).status()),
                 std::string("NO_CA"));
    }
};

}  // namespace chancery::node

using chancery::node::CaRoleTest;
CHANCERY_TEST(CaRoleTest)
#include "CaRoleTest.moc"
