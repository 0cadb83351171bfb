#include "node/operations/Operations.h"

#include <future>

#include "src/base/Log.h"
#include "src/http/Client.h"
#include "tests/src/rpc/TlsAuthority.h"
#include "tests/support/TestMain.h"

namespace chancery::node {
namespace {

constexpr std::chrono::seconds kLong{60};  // never reached unless something is broken

template <class T>
T valueOf(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(std::string(messageOf(result.status())));
    return *std::move(result);
}

/// JSON with ` for its quotation marks: moc does not understand raw strings.
std::string inJson(std::string text) {
    std::replace(text.begin(), text.end(), '`', '"');
    return text;
}

QByteArray fromText(const std::string& text) {
    return QByteArray::fromStdString(text);
}

class FixedClock : public Clock {
public:
    absl::Time now() const override { return absl::FromUnixMillis(1'700'000'000'120); }
};

}  // namespace

class OperationsTest : public QObject {
    Q_OBJECT

    rpc::test::TlsAuthority m_authority{"ca.operations.test"};
    FixedClock m_clock;
    Metrics m_metrics;
    std::unique_ptr<Operations> m_operations;

    void start(std::vector<HealthCheck> checks = {}, std::chrono::milliseconds timeout = kLong) {
        const auto own = m_authority.issue("node");
        OperationsOptions options{
            .server = {}, .version = "v9.8.7", .commitSha = "abcdef1", .healthTimeout = timeout};
        options.server.tls = {.certificatePem = own.certificatePem,
                              .keyPem = own.keyPem,
                              .clients = http::ClientCertificates::Optional,
                              .clientRootsPem = m_authority.rootsPem()};
        m_operations =
            valueOf(Operations::start(std::move(options), m_metrics, std::move(checks), m_clock));
    }

    http::Response ask(const http::Call& call, bool withCertificate = true) const {
        const std::string endpoint = m_operations->endpoint();
        const auto port =
            static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1)));
        const auto who = m_authority.issue("operator");
        const auto client =
            valueOf(http::Client::make("127.0.0.1", port,
                                       {.rootsPem = m_authority.rootsPem(),
                                        .certificatePem = withCertificate ? who.certificatePem : "",
                                        .keyPem = withCertificate ? who.keyPem : ""}));
        return valueOf(client->send(call, deadlineIn(kLong)));
    }

private Q_SLOTS:
    void cleanup() {
        m_operations.reset();
        log::setLevel(log::Level::Warning);
    }

    void tellsHealth() {
        start({{"ledger", [] { return absl::OkStatus(); }}});
        const auto answer = ask({.path = "/healthz"}, false);
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.body, (inJson("{`status`:`OK`,`time`:`2023-11-14T22:13:20.12Z`}")));
        QCOMPARE(answer.headers.at("Content-Type"), std::string("application/json"));
        for (const std::string method : {"POST", "PUT", "DELETE", "HEAD"})
            QCOMPARE(ask({.method = method, .path = "/healthz"}).status, 405);
    }

    void namesWhatIsOutOfOrder() {
        start({{"good", [] { return absl::OkStatus(); }},
               {"couchdb",
                [] { return makeError(StatusCode::kUnavailable, "GONE", "it does not answer"); }}});
        const auto answer = ask({.path = "/healthz"});
        QCOMPARE(answer.status, 503);
        QCOMPARE(answer.body,
                 (inJson("{`status`:`Service "
                         "Unavailable`,`time`:`2023-11-14T22:13:20.12Z`,`failed_checks`:[{`"
                         "component`:`couchdb`,`reason`:`it does not answer`}]}")));
    }

    void givesUpOnAHangingCheck() {
        const auto hang = std::make_shared<std::promise<void>>();
        const auto future = std::make_shared<std::shared_future<void>>(hang->get_future());
        start({{"slow",
                [future] {
                    future->wait();
                    return absl::OkStatus();
                }}},
              std::chrono::milliseconds(1));
        QCOMPARE(ask({.path = "/healthz"}).status, 408);
        hang->set_value();
    }

    void tellsItsVersion() {
        start();
        const auto answer = ask({.path = "/version"}, false);
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.body, (inJson("{`CommitSHA`:`abcdef1`,`Version`:`v9.8.7`}")));
        const auto refused = ask({.method = "POST", .path = "/version"});
        QCOMPARE(refused.status, 400);
        QCOMPARE(refused.body, (inJson("{`Error`:`invalid request method: POST`}")));
    }

    void setsLogLevels() {
        start();
        log::setSpec(*log::LogSpec::parse("info"));
        QCOMPARE(ask({.path = "/logspec"}).body, (inJson("{`spec`:`info`}")));
        const auto set = ask(
            {.method = "PUT", .path = "/logspec", .body = inJson("{`spec`:`gossip=debug:warn`}")});
        QCOMPARE(set.status, 204);
        QVERIFY(set.body.empty());
        QCOMPARE(ask({.path = "/logspec"}).body, (inJson("{`spec`:`gossip=debug:warn`}")));
        QCOMPARE(log::spec().str(), std::string("gossip=debug:warn"));
        QCOMPARE(ask({.method = "PUT", .path = "/logspec", .body = "{}"}).status, 204);
        QCOMPARE(log::spec().str(), std::string("info"));
    }

    void refusesBadLogLevels_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("unknown level")
            << fromText(inJson("{`spec`:`borken`}"))
            << fromText(inJson(
                   "{`error`:`invalid logging specification 'borken': bad segment 'borken'`}"));
        QTest::newRow("no JSON") << QByteArray("goo")
                                 << fromText(inJson("{`error`:`the body is not a JSON object`}"));
        QTest::newRow("no object")
            << QByteArray("[]") << fromText(inJson("{`error`:`the body is not a JSON object`}"));
        QTest::newRow("deep") << QByteArray("[").repeated(100'000)
                              << fromText(inJson("{`error`:`the body is not a JSON object`}"));
        QTest::newRow("no string") << fromText(inJson("{`spec`:7}"))
                                   << fromText(inJson("{`error`:`\\`spec\\` is not a string`}"));
    }
    void refusesBadLogLevels() {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, answer);
        start();
        const auto refused = ask({.method = "PUT", .path = "/logspec", .body = body.toStdString()});
        QCOMPARE(refused.status, 400);
        QCOMPARE(refused.body, answer.toStdString());
        QCOMPARE(log::spec().str(), std::string("warn"));
    }

    void printsMetrics() {
        start();
        m_metrics.gauge("ledger_blockchain_height", "Height.", {"channel"}).set(3, {"trade"});
        const auto answer = ask({.path = "/metrics"});
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.headers.at("Content-Type"),
                 std::string("text/plain; version=0.0.4; charset=utf-8"));
        for (const std::string line : {"\nledger_blockchain_height{channel=\"trade\"} 3\n",
                                       "fabric_version{version=\"v9.8.7\"} 1\n",
                                       "\n# TYPE process_cpu_seconds_total counter\n",
                                       "\nprocess_resident_memory_bytes ", "\nprocess_threads "})
            QVERIFY2(answer.body.find(line) != std::string::npos, line.c_str());
    }

    void wantsACertificateForWhatIsNotForEverybody() {
        start();
        for (const std::string path : {"/metrics", "/logspec"}) {
            const auto refused = ask({.path = path}, false);
            QCOMPARE(refused.status, 401);
            QVERIFY(refused.body.empty());
        }
        QCOMPARE(ask({.path = "/debug/pprof"}).status, 404);
    }

    void everyAnswerHasARequestId() {
        start();
        for (const std::string path : {"/healthz", "/version", "/logspec", "/metrics", "/x"}) {
            const auto echoed = ask({.path = path, .headers = {{"X-Request-Id", "mine"}}}, false);
            QCOMPARE(echoed.headers.at("X-Request-Id"), std::string("mine"));
            const auto made = ask({.path = path}, false);
            QCOMPARE(made.headers.at("X-Request-Id").size(), std::size_t(36));
        }
    }
};

}  // namespace chancery::node

using chancery::node::OperationsTest;
CHANCERY_TEST(OperationsTest)
#include "OperationsTest.moc"
