#include "src/rpc/Server.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <QTemporaryDir>
#include <future>
#include <latch>
#include <thread>

#include "tests/src/rpc/RawTls.h"
#include "tests/src/rpc/TestServices.h"
#include "tests/src/rpc/TlsAuthority.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::rpc;
using namespace chancery::rpc::test;

/// Where a server listens, what it lets in, and how it ends.
class ServerTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void inProcess();
    void severalListeners();
    void unixSockets();
    void unixSocketsInDeepFolders();
    void unixSocketsOthersCouldEnter();
    void addressesThatAreTaken();
    void listenersWithoutSense();
    void largeMessages();
    void compressedRequests();
    void compressedAnswers();
    void largeMetadata();
    void signsOfLife_data();
    void signsOfLife();
    void stopLetsCallsEnd();
    void stopCancelsAtItsDeadline();
    void stopDoesNotWaitForSleepers();
    void stopCancelsStreams();

private:
    ServerTls serverTls() const {
        return {
            .identity = m_identity, .clients = ClientCertificates::Requested, .clientRootsPem = {}};
    }
    ClientTls clientTls() const {
        return {.rootsPem = m_authority->rootsPem(), .identity = std::nullopt, .serverName = {}};
    }
    Result<std::unique_ptr<Server>> serve(TestEndorser& service, ServerLimits limits = {}) const {
        return Server::start({.listeners = {localListener(serverTls())}, .limits = limits},
                             {&service});
    }
    Result<std::shared_ptr<grpc::Channel>> channelTo(const Server& server,
                                                     ClientLimits limits = {}) const {
        return makeChannel(server.endpoints().front(), clientTls(), limits);
    }

    std::unique_ptr<TlsAuthority> m_authority;
    TlsIdentity m_identity;
};

namespace {

Listener unixListener(const QTemporaryDir& folder, const char* name = "socket") {
    return {.endpoint = {.host = {}, .port = 0, .socketPath = folder.filePath(name).toStdString()},
            .tls = std::nullopt};
}

}  // namespace

void ServerTest::initTestCase() {
    m_authority = std::make_unique<TlsAuthority>("ca");
    m_identity = m_authority->issue("server");
}

void ServerTest::inProcess() {
    TestEndorser service;
    const auto server = Server::start({}, {&service});
    VERIFY_OK(server);
    QVERIFY((*server)->endpoints().empty());
    bool hadCertificate = true;
    service.handler = [&](grpc::ServerContext& context, const auto& request, auto& response) {
        hadCertificate = peerCertificate(context).has_value();
        response.set_payload(request.proposal_bytes());
        return grpc::Status::OK;
    };
    QCOMPARE(*endorse((*server)->inProcessChannel(), "bytes"), std::string("bytes"));
    QVERIFY(!hadCertificate);
}

void ServerTest::severalListeners() {
    const QTemporaryDir folder;
    TestEndorser service;
    const auto server =
        Server::start({.listeners = {localListener(serverTls()), unixListener(folder),
                                     localListener(serverTls())},
                       .limits = {}},
                      {&service});
    VERIFY_OK(server);
    const auto& endpoints = (*server)->endpoints();
    QCOMPARE(endpoints.size(), std::size_t(3));
    QVERIFY(endpoints[0].port != 0 && endpoints[0].port != endpoints[2].port);
    for (const Endpoint& endpoint : endpoints) {
        const auto channel =
            makeChannel(endpoint, endpoint.isUnix() ? std::nullopt : std::optional(clientTls()));
        VERIFY_OK(channel);
        QCOMPARE(*endorse(*channel, endpoint.toString()), endpoint.toString());
    }
}

void ServerTest::unixSockets() {
    const QTemporaryDir folder;
    const Listener listener = unixListener(folder);
    {
        // What a program that crashed has left behind.
        const Descriptor stale(::socket(AF_UNIX, SOCK_STREAM, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, listener.endpoint.socketPath.data(),
                    listener.endpoint.socketPath.size());
        QCOMPARE(::bind(stale.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    }
    TestEndorser service;
    const auto server = Server::start({.listeners = {listener}, .limits = {}}, {&service});
    VERIFY_OK(server);
    const auto channel = makeChannel(listener.endpoint, std::nullopt);
    VERIFY_OK(channel);
    VERIFY_OK(endorse(*channel));
    // A second program must not take it away.
    const auto second = Server::start({.listeners = {listener}, .limits = {}}, {&service});
    QCOMPARE(reasonOf(second.status()), std::string("CANNOT_LISTEN"));
    VERIFY_OK(endorse(*makeChannel(listener.endpoint, std::nullopt)));
}

/// Longer than an address of the system can hold, for the server and for those who connect.
void ServerTest::unixSocketsInDeepFolders() {
    QTemporaryDir folder;
    std::filesystem::path deep(folder.path().toStdString());
    while (deep.string().size() < 200) deep /= "a-rather-long-name";
    std::filesystem::create_directories(deep);
    std::filesystem::permissions(deep, std::filesystem::perms::owner_all);
    const Listener listener{
        .endpoint = {.host = {}, .port = 0, .socketPath = (deep / "socket").string()},
        .tls = std::nullopt};
    TestEndorser service;
    const auto server = Server::start({.listeners = {listener}, .limits = {}}, {&service});
    VERIFY_OK(server);
    QVERIFY(std::filesystem::is_socket(deep / "socket"));
    QCOMPARE((*server)->endpoints().front(), listener.endpoint);
    const auto parsed = parseEndpoint((*server)->endpoints().front().toString());
    VERIFY_OK(parsed);
    const auto channel = makeChannel(*parsed, std::nullopt);
    VERIFY_OK(channel);
    VERIFY_OK(endorse(*channel));
    const auto second = Server::start({.listeners = {listener}, .limits = {}}, {&service});
    QCOMPARE(reasonOf(second.status()), std::string("CANNOT_LISTEN"));
    Endpoint nowhere = listener.endpoint;
    nowhere.socketPath = (deep / "none" / "socket").string();
    QCOMPARE(reasonOf(makeChannel(nowhere, std::nullopt).status()),
             std::string("SOCKET_NOT_FOUND"));
}

void ServerTest::unixSocketsOthersCouldEnter() {
    const QTemporaryDir folder;
    TestEndorser service;
    for (const unsigned mode : {0710U, 0701U, 0755U, 0777U}) {
        QCOMPARE(::chmod(qPrintable(folder.path()), mode), 0);
        const auto server =
            Server::start({.listeners = {unixListener(folder)}, .limits = {}}, {&service});
        QCOMPARE(reasonOf(server.status()), std::string("SOCKET_FOLDER_OPEN"));
        QVERIFY(!QFile::exists(folder.filePath("socket")));
    }
    QCOMPARE(::chmod(qPrintable(folder.path()), 0700), 0);
    VERIFY_OK(Server::start({.listeners = {unixListener(folder)}, .limits = {}}, {&service}));
}

void ServerTest::addressesThatAreTaken() {
    TestEndorser service;
    const auto first = serve(service);
    VERIFY_OK(first);
    Listener same = localListener(serverTls());
    same.endpoint = (*first)->endpoints().front();
    QCOMPARE(reasonOf(Server::start({.listeners = {same}, .limits = {}}, {&service}).status()),
             std::string("CANNOT_LISTEN"));
    Listener elsewhere = localListener(serverTls());
    elsewhere.endpoint.host = "192.0.2.1";  // of nobody
    QCOMPARE(reasonOf(Server::start({.listeners = {elsewhere}, .limits = {}}, {&service}).status()),
             std::string("CANNOT_LISTEN"));
    const QTemporaryDir folder;
    const auto nowhere = unixListener(folder, "missing/socket");
    QCOMPARE(reasonOf(Server::start({.listeners = {nowhere}, .limits = {}}, {&service}).status()),
             std::string("CANNOT_LISTEN"));
}

void ServerTest::listenersWithoutSense() {
    const QTemporaryDir folder;
    TestEndorser service;
    Listener plain = localListener(serverTls());
    plain.tls.reset();
    QCOMPARE(reasonOf(Server::start({.listeners = {plain}, .limits = {}}, {&service}).status()),
             std::string("TLS_REQUIRED"));
    Listener both = unixListener(folder);
    both.tls = serverTls();
    QCOMPARE(reasonOf(Server::start({.listeners = {both}, .limits = {}}, {&service}).status()),
             std::string("TLS_WITHOUT_USE"));
    Listener broken = localListener({});
    QCOMPARE(reasonOf(Server::start({.listeners = {broken}, .limits = {}}, {&service}).status()),
             std::string("BAD_CERTIFICATE"));
    QCOMPARE(reasonOf(makeChannel(plain.endpoint, std::nullopt).status()),
             std::string("TLS_REQUIRED"));
    QCOMPARE(reasonOf(makeChannel(both.endpoint, clientTls()).status()),
             std::string("TLS_WITHOUT_USE"));
}

void ServerTest::largeMessages() {
    TestEndorser service;
    const auto usual = serve(service);
    VERIFY_OK(usual);
    const std::string large(6 << 20, 'x');  // above gRPC's own 4 MiB
    const auto channel = channelTo(**usual);
    VERIFY_OK(channel);
    QCOMPARE(endorse(*channel, large)->size(), large.size());

    const auto modest = serve(service, {.maxMessageBytes = 1 << 20});
    VERIFY_OK(modest);
    service.calls = 0;
    const auto refused = endorse(*channelTo(**modest), large);
    QVERIFY(absl::IsResourceExhausted(refused.status()));
    QCOMPARE(service.calls.load(), 0);
    VERIFY_OK(endorse(*channelTo(**modest), std::string(1 << 19, 'x')));
    // The client has a cap of its own, both ways.
    const auto careful = channelTo(**usual, {.maxMessageBytes = 1 << 20});
    VERIFY_OK(careful);
    QVERIFY(absl::IsResourceExhausted(endorse(*careful, large).status()));
    service.handler = [&](auto&, const auto&, auto& response) {
        response.set_payload(large);
        return grpc::Status::OK;
    };
    QVERIFY(absl::IsResourceExhausted(endorse(*careful).status()));
}

void ServerTest::compressedRequests() {
    TestEndorser service;
    const auto server = serve(service);
    VERIFY_OK(server);
    const auto channel = channelTo(**server);
    VERIFY_OK(channel);
    const auto stub = ::protos::Endorser::NewStub(*channel);
    for (const auto algorithm : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE}) {
        CallContext context(deadlineIn(kLong));
        context.grpc().set_compression_algorithm(algorithm);
        ::protos::SignedProposal request;
        request.set_proposal_bytes(std::string(1 << 20, '\0'));
        ::protos::ProposalResponse response;
        const Status status =
            context.status(stub->ProcessProposal(&context.grpc(), request, &response));
        QVERIFY2(absl::IsUnimplemented(status), status.ToString().c_str());
    }
    QCOMPARE(service.calls.load(), 0);
}

void ServerTest::compressedAnswers() {
    // A server that is not ours and packs a megabyte of zeros into a kilobyte.
    TestEndorser service;
    service.handler = [](grpc::ServerContext& context, const auto&, auto& response) {
        context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
        response.set_payload(std::string(1 << 20, '\0'));
        return grpc::Status::OK;
    };
    grpc::SslServerCredentialsOptions options;
    options.pem_key_cert_pairs.push_back({m_identity.keyPem, m_identity.certificatePem});
    int port = 0;
    const auto server =
        grpc::ServerBuilder()
            .AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(options), &port)
            .RegisterService(&service)
            .BuildAndStart();
    QVERIFY(server != nullptr);
    const auto channel = makeChannel(
        {.host = "127.0.0.1", .port = static_cast<std::uint16_t>(port), .socketPath = {}},
        clientTls());
    VERIFY_OK(channel);
    const auto answer = endorse(*channel);
    QVERIFY(!answer.ok());
    QCOMPARE(service.calls.load(), 1);
}

void ServerTest::largeMetadata() {
    TestEndorser service;
    const auto server = serve(service);
    VERIFY_OK(server);
    const auto channel = channelTo(**server);
    VERIFY_OK(channel);
    const auto stub = ::protos::Endorser::NewStub(*channel);
    const auto callWithBytes = [&](std::size_t size) {
        CallContext context(deadlineIn(kLong));
        context.grpc().AddMetadata("large", std::string(size, 'x'));
        ::protos::ProposalResponse response;
        return context.status(stub->ProcessProposal(&context.grpc(), {}, &response));
    };
    VERIFY_OK(callWithBytes(8 << 10));
    QVERIFY(absl::IsResourceExhausted(callWithBytes(32 << 10)));
    QCOMPARE(service.calls.load(), 1);
}

void ServerTest::signsOfLife_data() {
    QTest::addColumn<int>("least");
    QTest::addColumn<bool>("tolerated");
    QTest::newRow("too often") << 50 << false;
    QTest::newRow("allowed without calls") << 0 << true;
}

void ServerTest::signsOfLife() {
    QFETCH(int, least);
    QFETCH(bool, tolerated);
    TestEndorser service;
    const auto server = serve(service, {.leastClientKeepalive = std::chrono::seconds(least)});
    VERIFY_OK(server);
    RawTls client((*server)->endpoints().front().port, {});
    QVERIFY(client.connected());
    client.send(RawTls::preface());
    constexpr int kSettings = 4, kPing = 6, kGoAway = 7;
    int answers = 0;
    bool sentAway = false;
    for (int i = 0; i < 10 && !sentAway; ++i) {
        client.send(RawTls::frame(kPing, 0, "chancery"));
        for (int type = -1; (type = client.nextFrame()) != -1;) {
            if (type == kSettings) client.send(RawTls::frame(kSettings, 1, ""));
            if (type == kGoAway) sentAway = true;
            if (type == kPing && client.payload() == "chancery") {
                ++answers;
                break;
            }
            if (sentAway) break;
        }
    }
    QCOMPARE(sentAway, !tolerated);
    if (tolerated) QCOMPARE(answers, 10);
    if (!tolerated) QVERIFY(client.payload().find("too_many_pings") != std::string::npos);
}

void ServerTest::stopLetsCallsEnd() {
    TestEndorser service;
    const auto server = serve(service);
    VERIFY_OK(server);
    std::latch inside(1), goOn(1);
    service.handler = [&](auto&, const auto&, auto& response) {
        inside.count_down();
        goOn.wait();
        response.set_payload("done");
        return grpc::Status::OK;
    };
    const auto channel = channelTo(**server);
    VERIFY_OK(channel);
    auto running = std::async(std::launch::async, [&] { return endorse(*channel); });
    inside.wait();
    auto stopping = std::async(std::launch::async, [&] { (*server)->stop(deadlineIn(kLong)); });
    goOn.count_down();
    stopping.get();
    const auto answer = running.get();
    VERIFY_OK(answer);
    QCOMPARE(*answer, std::string("done"));
    (*server)->stop(deadlineIn(kLong));
    QVERIFY(absl::IsUnavailable(endorse(*channelTo(**server)).status()));
}

void ServerTest::stopCancelsAtItsDeadline() {
    TestEndorser service;
    const auto server = serve(service);
    VERIFY_OK(server);
    std::latch inside(1);
    service.handler = [&](grpc::ServerContext& context, const auto&, auto&) {
        inside.count_down();
        while (!context.IsCancelled()) std::this_thread::yield();
        return grpc::Status::CANCELLED;
    };
    const auto channel = channelTo(**server);
    VERIFY_OK(channel);
    auto running = std::async(std::launch::async, [&] { return endorse(*channel); });
    inside.wait();
    (*server)->stop(Deadline());
    QVERIFY(!running.get().ok());
}

// A client that never reads does not see that it should go.
void ServerTest::stopDoesNotWaitForSleepers() {
    TestEndorser service;
    const auto server = serve(service);
    VERIFY_OK(server);
    RawTls client((*server)->endpoints().front().port, {});
    QVERIFY(client.connected());
    client.send(RawTls::preface());
    QVERIFY(client.nextFrame() != -1);
    (*server)->stop(Deadline::max());
    while (client.nextFrame() != -1) continue;
}

// Nobody ends this one: its client waits, and its service does.
void ServerTest::stopCancelsStreams() {
    class Endless final : public ::protos::Deliver::Service {
    public:
        std::latch inside{1};
        grpc::Status Deliver(
            grpc::ServerContext* context,
            grpc::ServerReaderWriter<::protos::DeliverResponse, ::common::Envelope>*) override {
            inside.count_down();
            while (!context->IsCancelled()) std::this_thread::yield();
            return grpc::Status::CANCELLED;
        }
    };
    Endless service;
    const auto server =
        Server::start({.listeners = {localListener(serverTls())}, .limits = {}}, {&service});
    VERIFY_OK(server);
    const auto channel = channelTo(**server);
    VERIFY_OK(channel);
    const auto stub = ::protos::Deliver::NewStub(*channel);
    CallContext call(deadlineIn(kLong));
    const auto stream = stub->Deliver(&call.grpc());
    service.inside.wait();
    (*server)->stop(Deadline::max());
    ::protos::DeliverResponse response;
    QVERIFY(!stream->Read(&response));
    QVERIFY(!stream->Finish().ok());
}

CHANCERY_TEST(ServerTest)
#include "ServerTest.moc"
