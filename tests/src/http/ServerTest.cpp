#include "src/http/Server.h"

#include <openssl/ssl.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "src/base/Encoding.h"
#include "src/http/Client.h"
#include "src/identity/Certificate.h"
#include "tests/src/rpc/TlsAuthority.h"
#include "tests/support/TestMain.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "src/base/Descriptor.h"

namespace chancery::http {
namespace {

constexpr std::chrono::seconds kLong{60};  // never reached unless something is broken

template <class T>
T valueOf(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(std::string(messageOf(result.status())));
    return *std::move(result);
}

/// Says what it was asked.
Response echo(const Request& request) {
    std::string text = request.method + " " + request.path;
    for (const auto& [name, value] : request.query) text += "?" + name + "=" + value;
    for (const Part& part : request.parts)
        text += "|" + part.name + ":" + part.fileName + ":" + part.content;
    return {.status = 200,
            .headers = {{"Content-Type", "text/plain"},
                        {"X-Echo", request.header("x-say")},
                        {"X-Target", toHex(request.target)}},
            .body = text + " " + request.body};
}

/// A connection of TCP that speaks TLS only as far as a test wants.
Descriptor connectTo(std::uint16_t port) {
    Descriptor made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(made.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("cannot connect");
    const timeval patience{10, 0};
    ::setsockopt(made.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return made;
}

/// Sends bytes over TLS and gives everything that comes back until the end of the connection.
std::string talk(std::uint16_t port, const std::string& bytes) {
    const Descriptor socket = connectTo(port);
    const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(::SSL_CTX_new(::TLS_client_method()),
                                                               ::SSL_CTX_free);
    const std::unique_ptr<SSL, void (*)(SSL*)> ssl(::SSL_new(context.get()), ::SSL_free);
    ::SSL_set_fd(ssl.get(), socket.get());
    if (::SSL_connect(ssl.get()) != 1) throw std::runtime_error("no handshake");
    for (std::size_t sent = 0; sent < bytes.size();) {
        const int count =
            ::SSL_write(ssl.get(), bytes.data() + sent,
                        static_cast<int>(std::min<std::size_t>(bytes.size() - sent, 8192)));
        if (count <= 0) break;
        sent += static_cast<std::size_t>(count);
    }
    std::string answer;
    char buffer[4096];
    for (int count = 0; (count = ::SSL_read(ssl.get(), buffer, sizeof buffer)) > 0;)
        answer.append(buffer, static_cast<std::size_t>(count));
    return answer;
}

}  // namespace

class ServerTest : public QObject {
    Q_OBJECT

    rpc::test::TlsAuthority m_authority{"ca.http.test"};
    rpc::test::TlsAuthority m_stranger{"ca.stranger.test"};

    ServerOptions options(ClientCertificates clients = ClientCertificates::Optional) const {
        const auto own = m_authority.issue("server");
        ServerOptions made;
        made.tls = {.certificatePem = own.certificatePem,
                    .keyPem = own.keyPem,
                    .clients = clients,
                    .clientRootsPem = m_authority.rootsPem()};
        return made;
    }
    std::unique_ptr<Client> client(const Server& server, const rpc::TlsIdentity& who = {}) const {
        return valueOf(Client::make(server.host(), server.port(),
                                    {.rootsPem = m_authority.rootsPem(),
                                     .certificatePem = who.certificatePem,
                                     .keyPem = who.keyPem}));
    }

private Q_SLOTS:
    void handsEveryMethodToTheHandler() {
        const auto server = valueOf(Server::start(options(), echo));
        const auto asking = client(*server);
        for (const std::string method : {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
            const auto answer =
                asking->send({.method = method, .path = "/a%20b?x=1%262"}, deadlineIn(kLong));
            VERIFY_OK(answer);
            QCOMPARE(answer->status, 200);
            QCOMPARE(answer->body, method + " /a b?x=1&2 ");
            // In hex, for clients decode percent signs in headers.
            QCOMPARE(answer->headers.at("X-Target"), toHex("/a%20b?x=1%262"));
        }
    }

    /// An answer that nobody holds as a whole; half of one is none.
    void sendsAnswersInPieces() {
        constexpr int kPieces = 300;
        const std::string piece(100'000, 'x');
        const auto server = valueOf(Server::start(options(), [&](const Request& request) {
            Response response;
            response.body = "begin ";
            response.rest = [&, breaks = request.path == "/broken"](const Sink& sink) {
                for (int i = 0; i < kPieces; ++i) {
                    if (breaks && i == kPieces / 2) return false;
                    if (!sink(piece)) return false;
                }
                return sink(" end");
            };
            return response;
        }));
        const auto asking = client(*server);
        for (int i = 0; i < 2; ++i) {
            std::size_t size = 0;
            std::string last;
            const auto answer = asking->send({.path = "/",
                                              .maxAnswer = 10,
                                              .sink =
                                                  [&](BytesView some) {
                                                      size += some.size();
                                                      last = some.substr(some.size() - 1);
                                                      return true;
                                                  }},
                                             deadlineIn(kLong));
            VERIFY_OK(answer);
            QVERIFY(answer->body.empty());
            QCOMPARE(size, 6 + kPieces * piece.size() + 4);
            QCOMPARE(last, std::string("d"));
        }
        const auto kept = asking->send({.path = "/", .maxAnswer = 40U << 20}, deadlineIn(kLong));
        VERIFY_OK(kept);
        QCOMPARE(kept->body.size(), 6 + kPieces * piece.size() + 4);
        QCOMPARE(reasonOf(asking->send({.path = "/"}, deadlineIn(kLong)).status()),
                 std::string("ANSWER_TOO_LARGE"));
        const auto broken =
            asking->send({.path = "/broken", .maxAnswer = 40U << 20}, deadlineIn(kLong));
        QCOMPARE(reasonOf(broken.status()), std::string("CONNECTION_CLOSED"));
        VERIFY_OK(asking->send({.path = "/", .maxAnswer = 40U << 20}, deadlineIn(kLong)));
    }

    void bringsBodiesHeadersAndParts() {
        const auto server = valueOf(Server::start(options(), echo));
        const auto asking = client(*server);
        const auto whole = asking->send({.method = "POST",
                                         .path = "/",
                                         .headers = {{"X-Say", "hello"}},
                                         .body = std::string("\0b", 2)},
                                        deadlineIn(kLong));
        VERIFY_OK(whole);
        QCOMPARE(whole->body, std::string("POST / \0b", 9));
        QCOMPARE(whole->headers.at("X-Echo"), std::string("hello"));
        const std::string binary("\r\n--chancery\0\xff", 14);
        const auto parts = asking->send(
            {.method = "POST",
             .path = "/",
             .parts = {{.name = "config-block",
                        .fileName = "b.pb",
                        .contentType = "application/octet-stream",
                        .content = binary},
                       {.name = "two", .fileName = "", .contentType = "", .content = "2"}}},
            deadlineIn(kLong));
        VERIFY_OK(parts);
        QCOMPARE(parts->body, "POST /|config-block:b.pb:" + binary + "|two::2 ");
    }

    void refusesWhatIsTooLarge() {
        auto small = options();
        small.limits.maxBodyBytes = 1000;
        std::atomic<int> calls = 0;
        const auto server = valueOf(Server::start(small, [&](const Request& request) {
            ++calls;
            return echo(request);
        }));
        const auto fits = client(*server)->send(
            {.method = "POST", .path = "/", .body = std::string(1000, 'x')}, deadlineIn(kLong));
        VERIFY_OK(fits);
        QCOMPARE(fits->status, 200);
        const auto stated = client(*server)->send(
            {.method = "POST", .path = "/", .body = std::string(1001, 'x')}, deadlineIn(kLong));
        VERIFY_OK(stated);
        QCOMPARE(stated->status, 413);
        const auto parts = client(*server)->send(
            {.method = "POST",
             .path = "/",
             .parts = std::vector<Part>(
                 17, Part{.name = "p", .fileName = "", .contentType = "", .content = ""})},
            deadlineIn(kLong));
        VERIFY_OK(parts);
        QCOMPARE(parts->status, 413);
        // In chunks, without saying how much will come.
        const std::string chunked =
            talk(server->port(),
                 "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" +
                     std::string(1001, 'x') + "\r\n0\r\n\r\n");
        QVERIFY2(chunked.starts_with("HTTP/1.1 413"), chunked.c_str());
        QCOMPARE(calls.load(), 1);
    }

    void refusesMalformedRequests_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("start");
        QTest::newRow("no request") << QByteArray("hello\r\n\r\n") << QByteArray("HTTP/1.1 400");
        QTest::newRow("long path")
            << QByteArray("GET /" + QByteArray(3000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n")
            << QByteArray("HTTP/1.1 414");
        QTest::newRow("endless path")
            << QByteArray("GET /" + QByteArray(100'000, 'a')) << QByteArray();
        QTest::newRow("endless header")
            << QByteArray("GET / HTTP/1.1\r\n" +
                          QByteArray("A: bbbbbbbbbbbbbbbb\r\n").repeated(10'000))
            << QByteArray();
        QTest::newRow("huge length") << QByteArray(
                                            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: "
                                            "18446744073709551615\r\n\r\nx")
                                     << QByteArray("HTTP/1.1 413");
        QTest::newRow("odd method")
            << QByteArray("BREW / HTTP/1.1\r\nHost: x\r\n\r\n") << QByteArray("HTTP/1.1 400");
    }
    void refusesMalformedRequests() {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, start);
        auto impatient = options();
        impatient.limits.silence = std::chrono::seconds(1);
        const auto server = valueOf(Server::start(impatient, echo));
        const std::string answer = talk(server->port(), bytes.toStdString());
        QVERIFY2(answer.starts_with(start.toStdString()), answer.c_str());
        QVERIFY(answer.find("200 OK") == std::string::npos);
        VERIFY_OK(client(*server)->send({.path = "/still-there"}, deadlineIn(kLong)));
    }

    void showsTheClientsCertificate() {
        const auto server = valueOf(Server::start(options(), [](const Request& request) {
            return Response{.status = 200, .headers = {}, .body = request.clientCertificateDer};
        }));
        const auto user = m_authority.issue("user");
        const auto shown = client(*server, user)->send({.path = "/"}, deadlineIn(kLong));
        VERIFY_OK(shown);
        QCOMPARE(shown->body, valueOf(identity::Certificate::fromPem(user.certificatePem)).der());
        const auto none = client(*server)->send({.path = "/"}, deadlineIn(kLong));
        VERIFY_OK(none);
        QVERIFY(none->body.empty());
    }

    void refusesForeignCertificates() {
        for (const auto clients : {ClientCertificates::Optional, ClientCertificates::Required}) {
            const auto server = valueOf(Server::start(options(clients), echo));
            const auto foreign = client(*server, m_stranger.issue("mallory"))
                                     ->send({.path = "/"}, deadlineIn(kLong));
            QVERIFY(!foreign.ok());
            const auto expired = client(*server, m_authority.issueExpired("old"))
                                     ->send({.path = "/"}, deadlineIn(kLong));
            QVERIFY(!expired.ok());
            const auto none = client(*server)->send({.path = "/"}, deadlineIn(kLong));
            QCOMPARE(none.ok(), clients == ClientCertificates::Optional);
            VERIFY_OK(
                client(*server, m_authority.issue("user"))->send({.path = "/"}, deadlineIn(kLong)));
        }
    }

    void clientsPinTheServer() {
        const auto server = valueOf(Server::start(options(), echo));
        const auto distrusting = valueOf(
            Client::make(server->host(), server->port(), {.rootsPem = m_stranger.rootsPem()}));
        QCOMPARE(reasonOf(distrusting->send({.path = "/"}, deadlineIn(kLong)).status()),
                 std::string("TLS_HANDSHAKE_FAILED"));
        auto named = options();
        const auto other = m_authority.issue("other", {"other.test"});
        named.tls.certificatePem = other.certificatePem;
        named.tls.keyPem = other.keyPem;
        const auto impostor = valueOf(Server::start(named, echo));
        QCOMPARE(reasonOf(client(*impostor)->send({.path = "/"}, deadlineIn(kLong)).status()),
                 std::string("TLS_HANDSHAKE_FAILED"));
    }

    void saysWhyItCannotStart() {
        const auto server = valueOf(Server::start(options(), echo));
        auto taken = options();
        taken.port = server->port();
        QCOMPARE(reasonOf(Server::start(taken, echo).status()), std::string("CANNOT_LISTEN"));
        auto mixed = options();
        mixed.tls.keyPem = m_authority.issue("another").keyPem;
        QCOMPARE(reasonOf(Server::start(mixed, echo).status()), std::string("KEY_MISMATCH"));
        auto rootless = options(ClientCertificates::Required);
        rootless.tls.clientRootsPem.clear();
        QCOMPARE(reasonOf(Server::start(rootless, echo).status()), std::string("NO_ROOTS"));
        auto empty = options();
        empty.tls.certificatePem = "x";
        QCOMPARE(reasonOf(Server::start(empty, echo).status()), std::string("BAD_CERTIFICATE"));
    }

    void stopsWithoutWaitingForIdleConnections() {
        auto server = valueOf(Server::start(options(), echo));
        const auto idle = client(*server);
        VERIFY_OK(idle->send({.path = "/"}, deadlineIn(kLong)));
        const Descriptor silent = connectTo(server->port());
        server->stop(deadlineIn(kLong));
        QVERIFY(!idle->send({.path = "/"}, deadlineIn(kLong)).ok());
        server->stop(deadlineIn(kLong));
    }

    void stoppingLetsRequestsEnd() {
        // So much that it is still being sent when the server is asked to stop.
        constexpr std::size_t kLarge = 4 << 20;
        std::mutex mutex;
        std::condition_variable changed;
        bool entered = false;
        bool leave = false;
        auto server = valueOf(Server::start(options(), [&](const Request& request) {
            std::unique_lock lock(mutex);
            entered = true;
            changed.notify_all();
            changed.wait(lock, [&] { return leave; });
            Response large = echo(request);
            large.body.resize(kLarge, '.');
            return large;
        }));
        Result<Response> answer = absl::UnknownError("not asked");
        std::jthread asking(
            [&] { answer = client(*server)->send({.path = "/slow"}, deadlineIn(kLong)); });
        {
            std::unique_lock lock(mutex);
            changed.wait(lock, [&] { return entered; });
        }
        std::jthread stopping([&] { server->stop(deadlineIn(kLong)); });
        {
            const std::lock_guard lock(mutex);
            leave = true;
        }
        changed.notify_all();
        stopping.join();
        asking.join();
        VERIFY_OK(answer);
        QVERIFY(answer->body.starts_with("GET /slow "));
        QCOMPARE(answer->body.size(), kLarge);
    }

    void servesMoreConnectionsThanItHasThreadsFor() {
        auto few = options();
        few.limits.maxConnections = 2;
        few.limits.silence = std::chrono::seconds(1);
        const auto server = valueOf(Server::start(few, echo));
        std::atomic<int> good = 0;
        std::vector<std::jthread> threads;
        for (int i = 0; i < 5; ++i)
            threads.emplace_back([&] {
                if (client(*server)->send({.path = "/"}, deadlineIn(kLong)).ok()) ++good;
            });
        threads.clear();
        QCOMPARE(good.load(), 5);
    }
};

}  // namespace chancery::http

using chancery::http::ServerTest;
CHANCERY_TEST(ServerTest)
#include "ServerTest.moc"
