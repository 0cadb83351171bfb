#include "src/client/CaClient.h"

#include <atomic>
#include <mutex>
#include <nlohmann/json.hpp>

#include "src/base/Encoding.h"
#include "src/http/Server.h"
#include "src/identity/Crl.h"
#include "src/identity/Issue.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::interfaces;
using nlohmann::json;

namespace {

constexpr std::chrono::seconds kLong{60};  // never reached unless something is broken

template <class T>
T valueOf(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(result.status().ToString());
    return *std::move(result);
}

struct Holder {
    crypto::PrivateKey key;
    identity::Certificate certificate;
};

crypto::PrivateKey newKey() {
    return valueOf(crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
}

Holder makeRoot(const std::string& name) {
    identity::SubjectName subject;
    subject.commonName = name;
    auto key = newKey();
    auto certificate =
        valueOf(identity::issueSelfSigned(identity::fabricCaRoot(subject, absl::Now()), key));
    return {std::move(key), std::move(certificate)};
}

identity::Certificate issue(const Holder& ca, const crypto::PublicKey& key,
                            const std::string& name) {
    identity::SubjectName subject;
    subject.commonName = name;
    return valueOf(
        identity::issueCertificate(identity::fabricCaIdentity(subject, ca.certificate, absl::Now()),
                                   key, ca.certificate, ca.key));
}

json success(const json& result) {
    return {{"success", true}, {"result", result}, {"errors", json::array()}};
}

json refusal(int code, const std::string& message) {
    return {{"success", false},
            {"result", ""},
            {"errors", json::array({{{"code", code}, {"message", message}}})}};
}

/// A server that says whatever a test wants.
class FakeCa {
public:
    FakeCa() : m_tls(makeRoot("tls")), ca(makeRoot("ca")), other(makeRoot("ca")) {
        identity::SubjectName subject;
        subject.commonName = "localhost";
        const auto key = newKey();
        const auto certificate = valueOf(identity::issueCertificate(
            identity::fabricCaTls(subject, {"localhost"}, m_tls.certificate, absl::Now()),
            key.publicKey(), m_tls.certificate, m_tls.key));
        http::ServerOptions options;
        options.tls.certificatePem = certificate.toPem();
        options.tls.keyPem = key.toPem();
        m_server = valueOf(http::Server::start(
            std::move(options), [this](const http::Request& request) { return take(request); }));
    }

    CaAddress address() const {
        return {.endpoint = m_server->endpoint(),
                .caName = "ca",
                .tlsRootsPem = m_tls.certificate.toPem(),
                .serverName = "localhost"};
    }
    void say(int status, std::string body) {
        const std::lock_guard lock(m_mutex);
        m_answer = {.status = status, .headers = {}, .body = std::move(body)};
    }
    http::Request heard() {
        const std::lock_guard lock(m_mutex);
        return m_request;
    }
    json serverInfo(const std::string& chain) const {
        return {{"CAName", "ca"}, {"CAChain", toBase64(chain)}, {"Version", "v1"}};
    }

private:
    http::Response take(const http::Request& request) {
        const std::lock_guard lock(m_mutex);
        m_request = request;
        return m_answer;
    }

    std::mutex m_mutex;
    http::Response m_answer;
    http::Request m_request;
    Holder m_tls;
    std::unique_ptr<http::Server> m_server;

public:
    const Holder ca;
    const Holder other;  ///< of the same name
};

}  // namespace

/// Our client against servers that answer what they should not.
class CaClientTest : public QObject {
    Q_OBJECT

    std::unique_ptr<FakeCa> m_ca;
    const crypto::PrivateKey m_key = newKey();

    CaCaller caller() const {
        return {.certificatePem = issue(m_ca->ca, m_key.publicKey(), "admin").toPem(),
                .sign = [key = m_key](BytesView message) {
                    return key.sign(message, crypto::HashAlgorithm::Sha256);
                }};
    }
    EnrolmentRequest request() const {
        identity::SubjectName subject;
        subject.commonName = "user";
        return {.requestPem = valueOf(identity::makeCertificateRequest(subject, {}, m_key)).toPem(),
                .profile = ""};
    }
    Result<Enrolment> enrol(const CaAddress& address) {
        CaClient client;
        const auto ca = valueOf(client.authority(address, {}));
        return ca->enrol(request(), "user", "secret", deadlineIn(kLong));
    }
    using CaClient = client::CaClient;

private Q_SLOTS:
    void initTestCase() { m_ca = std::make_unique<FakeCa>(); }

    void certificatesAreChecked_data() {
        QTest::addColumn<QString>("whose");
        QTest::addColumn<QByteArray>("reason");
        QTest::newRow("good") << "own" << QByteArray();
        QTest::newRow("for another key") << "key" << QByteArray("CERTIFICATE_OF_OTHER_KEY");
        QTest::newRow("of another CA") << "issuer" << QByteArray("CERTIFICATE_NOT_OF_CA");
        QTest::newRow("chain without a root") << "chain" << QByteArray("CA_CHAIN_BROKEN");
        QTest::newRow("no chain") << "nothing" << QByteArray("CA_CHAIN_BROKEN");
        QTest::newRow("another CA than is known") << "known" << QByteArray("CA_CHAIN_CHANGED");
    }
    void certificatesAreChecked() {
        QFETCH(QString, whose);
        QFETCH(QByteArray, reason);
        const auto certificate =
            issue(whose == "issuer" ? m_ca->other : m_ca->ca,
                  whose == "key" ? newKey().publicKey() : m_key.publicKey(), "user");
        std::string chain = m_ca->ca.certificate.toPem();
        if (whose == "chain") chain = issue(m_ca->ca, m_key.publicKey(), "no CA").toPem();
        if (whose == "nothing") chain.clear();
        m_ca->say(201, success({{"Cert", toBase64(certificate.toPem())},
                                {"ServerInfo", m_ca->serverInfo(chain)}})
                           .dump());
        CaAddress address = m_ca->address();
        if (whose == "known") address.chainPem = m_ca->other.certificate.toPem();
        const auto enrolled = enrol(address);
        QCOMPARE(reasonOf(enrolled.status()), reason.toStdString());
        if (!reason.isEmpty()) return;
        VERIFY_OK(enrolled);
        QCOMPARE(enrolled->certificatePem, certificate.toPem());
        QCOMPARE(m_ca->heard().header("authorization"), "Basic " + toBase64("user:secret"));
        QCOMPARE(json::parse(m_ca->heard().body)["caname"].get<std::string>(), std::string("ca"));
    }

    void strangeAnswers_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("reason");
        const auto row = [](const char* name, int status, const std::string& body,
                            const char* reason) {
            QTest::newRow(name) << status << QByteArray::fromStdString(body) << QByteArray(reason);
        };
        const char* const kUnexpected = "UNEXPECTED_ANSWER";
        row("nothing", 200, "", kUnexpected);
        row("no JSON", 200, "<html>", kUnexpected);
        row("a list", 200, "[]", kUnexpected);
        row("no result", 200, "{}", kUnexpected);
        row("a text", 200, R"({"result":"x","success":true})", kUnexpected);
        row("no base64", 200, R"({"result":{"Cert":"%%"}})", kUnexpected);
        row("no PEM", 200, R"({"result":{"Cert":"QQ=="}})", kUnexpected);
        row("deep", 200, std::string(100'000, '['), kUnexpected);
        row("refused within a success", 200, refusal(71, "no").dump(), "CA_NOT_ALLOWED");
        row("wrong secret", 401, refusal(20, "Authentication failure").dump(),
            "CA_AUTHENTICATION_FAILED");
        row("locked", 401, refusal(73, "x").dump(), "CA_IDENTITY_LOCKED");
        row("no right", 403, refusal(71, "x").dump(), "CA_NOT_ALLOWED");
        row("no such CA", 404, refusal(19, "x").dump(), "NO_SUCH_CA");
        // In the words of Fabric CA 1.5.15.
        row("affiliation is there", 409, refusal(60, "Affiliation already exists").dump(),
            "CA_REFUSED");
        row("no affiliation", 404,
            refusal(63, "Failed to get affiliation: sql: no rows in result set").dump(),
            "NOT_REGISTERED");
        row("other", 400, refusal(80, "x").dump(), "CA_REFUSED");
        row("a proxy", 502, "<html>", "CA_REFUSED");
        row("errors of another form", 500, R"({"errors":[1]})", "CA_REFUSED");
        row("code of another form", 500, R"({"errors":[{"code":"x","message":7}]})", "CA_REFUSED");
    }
    void strangeAnswers() {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, reason);
        m_ca->say(status, body.toStdString());
        QCOMPARE(reasonOf(enrol(m_ca->address()).status()), reason.toStdString());
    }

    void refusalsKeepTheWordsOfTheCa() {
        m_ca->say(400, refusal(80, "the\x1b[31m key").dump());
        const Status status = enrol(m_ca->address()).status();
        QCOMPARE(argumentOf(status, "status"), std::string("400"));
        QCOMPARE(argumentOf(status, "code"), std::string("80"));
        // What could steer a terminal stays outside.
        QVERIFY(argumentOf(status, "message").find('\x1b') == std::string::npos);
        QCOMPARE(status.code(), StatusCode::kInvalidArgument);
    }

    /// What Fabric CA verifies: "METHOD.base64(target).base64(body).base64(certificate)".
    void requestsAreSigned() {
        m_ca->say(200, success({{"identities", json::array()}}).dump());
        CaClient client;
        const CaCaller who = caller();
        const auto registry = valueOf(client.registry(m_ca->address(), who));
        VERIFY_OK(registry->identities(deadlineIn(kLong)));
        const http::Request heard = m_ca->heard();
        QCOMPARE(heard.target, std::string("/api/v1/identities?ca=ca"));
        const std::string token = heard.header("authorization");
        const std::size_t dot = token.find('.');
        QVERIFY(dot != std::string::npos);
        const std::string certificate = token.substr(0, dot);
        VERIFY_OK(m_key.publicKey().verify(
            "GET." + toBase64(heard.target) + "." + toBase64(heard.body) + "." + certificate,
            *fromBase64(token.substr(dot + 1)), crypto::HashAlgorithm::Sha256));
        QCOMPARE(*fromBase64(certificate), Bytes(who.certificatePem));
    }

    void namesStayInTheirPlace() {
        m_ca->say(200, success({{"id", "a/b?c"}}).dump());
        CaClient client;
        const auto registry = valueOf(client.registry(m_ca->address(), caller()));
        VERIFY_OK(registry->identity("../a b?c&d", deadlineIn(kLong)));
        QCOMPARE(m_ca->heard().target, std::string("/api/v1/identities/..%2Fa%20b%3Fc%26d?ca=ca"));
        QCOMPARE(reasonOf(valueOf(client.authority(m_ca->address(), {}))
                              ->enrol(request(), "a:b", "x", deadlineIn(kLong))
                              .status()),
                 std::string("BAD_ID"));
    }

    void withoutACaller() {
        CaClient client;
        const auto registry = valueOf(client.registry(m_ca->address(), {}));
        QCOMPARE(reasonOf(registry->identities(deadlineIn(kLong)).status()),
                 std::string("NO_CALLER"));
    }

    void listsOfCertificates_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QStringList>("seen");
        QTest::addColumn<QByteArray>("reason");
        const auto row = [](const char* name, const char* body, const QStringList& seen,
                            const char* reason = "") {
            QTest::newRow(name) << QByteArray(body) << seen << QByteArray(reason);
        };
        row("two", R"({"result":{"certs":[{"PEM":"a"},{"PEM":"b","x":1}],"caname":"c"}})",
            {"a", "b"});
        row("none", R"({"result":{"certs":[]}})", {});
        row("elsewhere", R"({"certs":[{"PEM":"x"}],"result":{"PEM":"y","certs":[{"PEM":"a"}]}})",
            {"a"});
        row("nested", R"({"result":{"certs":[[{"PEM":"x"}],{"a":{"PEM":"y"}},{"PEM":"a"},["z"]]}})",
            {"a"});
        row("no list", R"({"result":{}})", {}, "UNEXPECTED_ANSWER");
        row("cut off", R"({"result":{"certs":[{"PEM":"a"})", {"a"}, "UNEXPECTED_ANSWER");
        row("no JSON", "x", {}, "UNEXPECTED_ANSWER");
    }
    void listsOfCertificates() {
        QFETCH(QByteArray, body);
        QFETCH(QStringList, seen);
        QFETCH(QByteArray, reason);
        m_ca->say(200, body.toStdString());
        CaClient client;
        const auto ca = valueOf(client.authority(m_ca->address(), caller()));
        QStringList found;
        const Status listed = ca->certificates(
            {},
            [&](BytesView pem) {
                found.push_back(QString::fromStdString(std::string(pem)));
                return absl::OkStatus();
            },
            deadlineIn(kLong));
        QCOMPARE(reasonOf(listed), reason.toStdString());
        QCOMPARE(found, seen);
    }

    void aListCanBeLeft() {
        m_ca->say(200, R"({"result":{"certs":[{"PEM":"a"},{"PEM":"b"}]}})");
        CaClient client;
        const auto ca = valueOf(client.authority(m_ca->address(), caller()));
        int count = 0;
        const Status listed = ca->certificates(
            {},
            [&](BytesView) {
                ++count;
                return makeError(StatusCode::kCancelled, "ENOUGH", "one is enough");
            },
            deadlineIn(kLong));
        QCOMPARE(reasonOf(listed), std::string("ENOUGH"));
        QCOMPARE(count, 1);
    }

    void revocationListsAreChecked() {
        const auto list = [&](const Holder& by) {
            return valueOf(identity::makeRevocationList(by.certificate, by.key, {}, absl::Now(),
                                                        absl::Now() + absl::Hours(1)))
                .toPem();
        };
        CaClient client;
        const auto ca = valueOf(client.authority(m_ca->address(), caller()));
        m_ca->say(200, success(m_ca->serverInfo(m_ca->ca.certificate.toPem())).dump());
        VERIFY_OK(ca->info(deadlineIn(kLong)));
        m_ca->say(200, success({{"CRL", toBase64(list(m_ca->ca))}}).dump());
        VERIFY_OK(ca->crl({}, deadlineIn(kLong)));
        m_ca->say(200, success({{"CRL", toBase64(list(m_ca->other))}}).dump());
        QCOMPARE(reasonOf(ca->crl({}, deadlineIn(kLong)).status()), std::string("CRL_NOT_OF_CA"));
    }

    void onlyItsOwnServer() {
        CaAddress address = m_ca->address();
        address.serverName = "elsewhere";
        QCOMPARE(reasonOf(enrol(address).status()), std::string("TLS_HANDSHAKE_FAILED"));
        address = m_ca->address();
        address.tlsRootsPem = m_ca->ca.certificate.toPem();
        QCOMPARE(reasonOf(enrol(address).status()), std::string("TLS_HANDSHAKE_FAILED"));
        address.tlsRootsPem.clear();
        CaClient client;
        QCOMPARE(reasonOf(client.authority(address, {}).status()), std::string("NO_ROOTS"));
    }
};

CHANCERY_TEST(CaClientTest)
#include "CaClientTest.moc"
