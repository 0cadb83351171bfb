#include <QTemporaryDir>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <thread>

#include "node/ca/CertificateTable.h"
#include "node/ca/Token.h"
#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/http/Client.h"
#include "src/identity/Crl.h"
#include "src/identity/Issue.h"
#include "src/process/Child.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using nlohmann::json;

namespace {

constexpr std::chrono::seconds kLong{60};  // never reached unless something is broken
constexpr char kConfig[] =
    "data: data\n"
    "log: {spec: error}\n"
    "cas:\n"
    "  - name: ca\n"
    "    identities:\n"
    "      - {name: admin, secret: adminpw, administrator: true}\n"
    "      - {name: load, secret: loadpw}\n";

template <class T>
T valueOf(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(std::string(messageOf(result.status())));
    return *std::move(result);
}

struct Enrolled {
    crypto::PrivateKey key;
    identity::Certificate certificate;
};

/// The process, started anew after each end.
class Node {
public:
    explicit Node(std::string folder) : m_folder(std::move(folder)) {
        const Status written = writeFileAtomically(m_folder + "/ca.yaml", kConfig);
        if (!written.ok()) throw std::runtime_error(written.ToString());
        start();
    }

    void start() {
        process::Command command;
        command.program = CHANCERY_NODE;
        command.arguments = {"ca", "--config", m_folder + "/ca.yaml"};
        command.environment = process::minimalEnvironment();
        m_child = valueOf(process::Child::start(std::move(command)));
        const auto ready = json::parse(valueOf(m_child->waitReady(deadlineIn(kLong))));
        const std::string endpoint = ready["endpoints"]["https"];
        const std::lock_guard lock(m_mutex);
        m_port = static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1)));
        m_roots = valueOf(readFile(m_folder + "/data/ca/cert.pem"));
    }
    void kill() {
        m_child->killGroup();
        valueOf(m_child->waitEnd(deadlineIn(kLong)));
    }
    void end() { m_child->end(); }

    /// The result, or why there is none.
    Result<json> send(const http::Call& call) const {
        std::unique_lock lock(m_mutex);
        auto made = http::Client::make("localhost", m_port, {.rootsPem = m_roots});
        lock.unlock();
        ASSIGN_OR_RETURN(const auto client, std::move(made));
        ASSIGN_OR_RETURN(const auto answer, client->send(call, deadlineIn(kLong)));
        const json body = json::parse(answer.body, nullptr, false);
        if (!body.is_object() || body.value("success", false) == false)
            return makeError(StatusCode::kInternal, "REFUSED", answer.body);
        return body["result"];
    }
    Result<json> sendSigned(const Enrolled& by, const std::string& method,
                            const std::string& target, const std::string& body) const {
        ASSIGN_OR_RETURN(const auto token,
                         node::makeToken(by.certificate, by.key, method, target, body));
        return send({.method = method,
                     .path = target,
                     .headers = {{"Authorization", token}},
                     .body = body});
    }
    Result<Enrolled> enroll(const std::string& id, const std::string& secret) const {
        ASSIGN_OR_RETURN(auto key, crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
        ASSIGN_OR_RETURN(const auto request,
                         identity::makeCertificateRequest({.commonName = id}, {}, key));
        ASSIGN_OR_RETURN(
            const json result,
            send({.method = "POST",
                  .path = "/api/v1/enroll",
                  .headers = {{"Authorization", "Basic " + toBase64(id + ":" + secret)}},
                  .body = json{{"certificate_request", request.toPem()}}.dump()}));
        ASSIGN_OR_RETURN(const Bytes pem, fromBase64(result["Cert"].get<std::string>()));
        ASSIGN_OR_RETURN(auto certificate, identity::Certificate::fromPem(pem));
        return Enrolled{std::move(key), std::move(certificate)};
    }

private:
    const std::string m_folder;
    std::unique_ptr<process::Child> m_child;
    mutable std::mutex m_mutex;  // of what changes with each start
    std::uint16_t m_port = 0;
    std::string m_roots;
};

}  // namespace

/// kill -9 of a CA at random moments under load: what was issued is recorded, no serial number
/// stands there twice, and what was revoked stays revoked.
class CaKillTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_isUp = true;
    std::set<std::string> m_issued;   // serial numbers that clients were given
    std::set<std::string> m_revoked;  // and whose revocation they were told

    std::string path(const std::string& name) const {
        return m_folder.path().toStdString() + "/" + name;
    }
    void waitUp(const std::stop_token& stop) {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_isUp || stop.stop_requested(); });
    }
    void setUp(bool isUp) {
        const std::lock_guard lock(m_mutex);
        m_isUp = isUp;
        m_changed.notify_all();
    }

    void issue(const Node& node, const Enrolled& admin, bool revokes, const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            waitUp(stop);
            const auto enrolled = node.enroll("load", "loadpw");
            if (!enrolled.ok()) continue;
            const std::string serial = node::normalHex(enrolled->certificate.serialHex());
            {
                const std::lock_guard lock(m_mutex);
                if (!m_issued.insert(serial).second) throw std::runtime_error("serial twice");
                m_changed.notify_all();
            }
            if (!revokes) continue;
            const json body{{"serial", serial},
                            {"aki", toHex(enrolled->certificate.authorityKeyId())},
                            {"reason", "superseded"}};
            if (!node.sendSigned(admin, "POST", "/api/v1/revoke", body.dump()).ok()) continue;
            const std::lock_guard lock(m_mutex);
            m_revoked.insert(serial);
        }
    }

private Q_SLOTS:
    void issuedIsRecorded() {
        const int kills = qEnvironmentVariableIsSet("CHANCERY_KILLS")
                              ? qEnvironmentVariable("CHANCERY_KILLS").toInt()
                              : 10;
        const unsigned seed = qEnvironmentVariableIsSet("CHANCERY_SEED")
                                  ? qEnvironmentVariable("CHANCERY_SEED").toUInt()
                                  : std::random_device()();
        qInfo("CHANCERY_SEED=%u CHANCERY_KILLS=%d", seed, kills);
        std::mt19937 random(seed);
        Node node(m_folder.path().toStdString());
        const auto admin = node.enroll("admin", "adminpw");
        VERIFY_OK(admin);
        std::vector<std::jthread> clients;
        for (int i = 0; i < 3; ++i)
            clients.emplace_back(
                [&, i](const std::stop_token& stop) { issue(node, *admin, i == 0, stop); });
        for (int round = 0; round < kills; ++round) {
            std::size_t wanted = 1 + random() % 25;
            {
                std::unique_lock lock(m_mutex);
                wanted += m_issued.size();
                m_changed.wait(lock, [&] { return m_issued.size() >= wanted; });
            }
            setUp(false);
            node.kill();
            node.start();
            setUp(true);
        }
        for (std::jthread& client : clients) client.request_stop();
        setUp(true);
        clients.clear();

        const auto listed = node.sendSigned(*admin, "GET", "/api/v1/certificates", "");
        VERIFY_OK(listed);
        std::set<std::string> recorded;
        for (const json& one : (*listed)["certs"]) {
            const auto certificate = identity::Certificate::fromPem(one["PEM"].get<std::string>());
            VERIFY_OK(certificate);
            QVERIFY(recorded.insert(node::normalHex(certificate->serialHex())).second);
        }
        for (const std::string& serial : m_issued) QVERIFY(recorded.contains(serial));
        node.end();
        const Bytes log = *readFile(path("data/ca/issued.log"));
        QCOMPARE(std::size_t(std::count(log.begin(), log.end(), '\n')), recorded.size());
        const auto list = identity::RevocationList::fromBytes(*readFile(path("data/ca/crl.pem")));
        VERIFY_OK(list);
        for (const std::string& serial : m_revoked)
            QVERIFY(list->lists(*fromHex(serial.size() % 2 == 0 ? serial : "0" + serial)));
        qInfo("%zu issued, %zu recorded, %zu revoked", m_issued.size(), recorded.size(),
              m_revoked.size());
    }
};

CHANCERY_TEST(CaKillTest)
#include "CaKillTest.moc"
