#include "src/rpc/Tls.h"

#include <sys/socket.h>

#include "src/crypto/Digest.h"
#include "src/crypto/Pem.h"
#include "tests/src/rpc/RawTls.h"
#include "tests/src/rpc/TestServices.h"
#include "tests/src/rpc/TlsAuthority.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::rpc;
using namespace chancery::rpc::test;

/// Who may speak to whom.
class TlsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void bothSidesSeeEachOther();
    void certificatesOfClients_data();
    void certificatesOfClients();
    void serversThatAreNotTrusted_data();
    void serversThatAreNotTrusted();
    void namesOfServers();
    void plaintextIsNotAnswered();
    void versionsAndCiphers_data();
    void versionsAndCiphers();
    void unusableSettings_data();
    void unusableSettings();

private:
    /// A server for the length of a test function.
    struct Running {
        TestEndorser service;
        std::unique_ptr<Server> server;
        Endpoint endpoint;
    };
    static std::unique_ptr<Running> serve(ServerTls tls);
    Result<std::string> callWith(const Running& running, ClientTls tls) const;

    std::unique_ptr<TlsAuthority> m_ours, m_foreign;
    TlsIdentity m_serverIdentity, m_clientIdentity;
};

void TlsTest::initTestCase() {
    m_ours = std::make_unique<TlsAuthority>("ours");
    m_foreign = std::make_unique<TlsAuthority>("foreign");
    m_serverIdentity = m_ours->issue("server");
    m_clientIdentity = m_ours->issue("client", {});
}

std::unique_ptr<TlsTest::Running> TlsTest::serve(ServerTls tls) {
    auto running = std::make_unique<Running>();
    auto server = Server::start({.listeners = {localListener(std::move(tls))}, .limits = {}},
                                {&running->service});
    if (!server.ok()) qFatal("%s", server.status().ToString().c_str());
    running->server = *std::move(server);
    running->endpoint = running->server->endpoints().front();
    return running;
}

Result<std::string> TlsTest::callWith(const Running& running, ClientTls tls) const {
    ASSIGN_OR_RETURN(const auto channel, makeChannel(running.endpoint, tls));
    return endorse(channel);
}

void TlsTest::bothSidesSeeEachOther() {
    const auto running = serve({.identity = m_serverIdentity,
                                .clients = ClientCertificates::Required,
                                .clientRootsPem = m_ours->rootsPem()});
    std::optional<PeerCertificate> seen;
    running->service.handler = [&](grpc::ServerContext& context, const auto&, auto& response) {
        seen = peerCertificate(context);
        response.set_payload("answer");
        return grpc::Status::OK;
    };
    const auto channel = makeChannel(
        running->endpoint,
        ClientTls{.rootsPem = m_ours->rootsPem(), .identity = m_clientIdentity, .serverName = {}});
    VERIFY_OK(channel);
    const auto stub = ::protos::Endorser::NewStub(*channel);
    CallContext context(deadlineIn(kLong));
    ::protos::ProposalResponse response;
    VERIFY_OK(context.status(stub->ProcessProposal(&context.grpc(), {}, &response)));
    QCOMPARE(response.payload(), std::string("answer"));
    const Bytes clientDer = crypto::readPem(m_clientIdentity.certificatePem)->der;
    QVERIFY(seen.has_value());
    QCOMPARE(seen->der, clientDer);
    QCOMPARE(seen->bindingHash, crypto::sha256(clientDer));
    QCOMPARE(seen->bindingHash, *bindingHashOf(m_clientIdentity));
    const auto server = peerCertificate(context.grpc());
    QVERIFY(server.has_value());
    QCOMPARE(server->der, crypto::readPem(m_serverIdentity.certificatePem)->der);
}

void TlsTest::certificatesOfClients_data() {
    QTest::addColumn<int>("mode");
    QTest::addColumn<QString>("shown");
    QTest::addColumn<bool>("accepted");
    QTest::addColumn<bool>("seen");
    const auto row = [](ClientCertificates mode, const char* name, const char* shown, bool accepted,
                        bool seen) {
        QTest::addRow("%s, %s", name, shown) << int(mode) << shown << accepted << seen;
    };
    const auto requested = ClientCertificates::Requested;
    const auto unverified = ClientCertificates::RequiredUnverified;
    const auto required = ClientCertificates::Required;
    row(requested, "requested", "nothing", true, false);
    row(requested, "requested", "ours", true, true);
    row(requested, "requested", "foreign", true, true);
    row(requested, "requested", "expired", true, true);
    row(unverified, "required unverified", "nothing", false, false);
    row(unverified, "required unverified", "ours", true, true);
    row(unverified, "required unverified", "foreign", true, true);
    row(required, "required", "nothing", false, false);
    row(required, "required", "ours", true, true);
    row(required, "required", "foreign", false, false);
    row(required, "required", "expired", false, false);
}

void TlsTest::certificatesOfClients() {
    QFETCH(int, mode);
    QFETCH(QString, shown);
    QFETCH(bool, accepted);
    QFETCH(bool, seen);
    const auto running = serve({.identity = m_serverIdentity,
                                .clients = static_cast<ClientCertificates>(mode),
                                .clientRootsPem = m_ours->rootsPem()});
    bool had = false;
    running->service.handler = [&](grpc::ServerContext& context, const auto&, auto&) {
        had = peerCertificate(context).has_value();
        return grpc::Status::OK;
    };
    ClientTls tls{.rootsPem = m_ours->rootsPem(), .identity = std::nullopt, .serverName = {}};
    if (shown == "ours") tls.identity = m_clientIdentity;
    if (shown == "foreign") tls.identity = m_foreign->issue("client", {});
    if (shown == "expired") tls.identity = m_ours->issueExpired("client");
    const auto result = callWith(*running, tls);
    QCOMPARE(result.ok(), accepted);
    QCOMPARE(running->service.calls.load(), accepted ? 1 : 0);
    QCOMPARE(had, seen);
    // With TLS 1.3 the server judges after the client believes the handshake done.
    if (accepted) return;
    QVERIFY(absl::IsUnavailable(result.status()));
    const std::string reason = reasonOf(result.status());
    QVERIFY(reason == "CONNECTION_CLOSED" || reason == "TLS_HANDSHAKE_FAILED");
}

void TlsTest::serversThatAreNotTrusted_data() {
    QTest::addColumn<QString>("server");
    QTest::newRow("of a foreign CA") << "foreign";
    QTest::newRow("expired") << "expired";
}

void TlsTest::serversThatAreNotTrusted() {
    QFETCH(QString, server);
    const auto running = serve({.identity = server == "foreign" ? m_foreign->issue("server")
                                                                : m_ours->issueExpired("server"),
                                .clients = ClientCertificates::Requested,
                                .clientRootsPem = {}});
    const auto result = callWith(
        *running, {.rootsPem = m_ours->rootsPem(), .identity = m_clientIdentity, .serverName = {}});
    QCOMPARE(reasonOf(result.status()), std::string("TLS_HANDSHAKE_FAILED"));
    QCOMPARE(running->service.calls.load(), 0);
}

void TlsTest::namesOfServers() {
    const auto running = serve({.identity = m_ours->issue("server", {"peer0.a.test"}),
                                .clients = ClientCertificates::Requested,
                                .clientRootsPem = {}});
    ClientTls tls{.rootsPem = m_ours->rootsPem(), .identity = std::nullopt, .serverName = {}};
    QCOMPARE(reasonOf(callWith(*running, tls).status()), std::string("TLS_HANDSHAKE_FAILED"));
    tls.serverName = "peer1.a.test";
    QCOMPARE(reasonOf(callWith(*running, tls).status()), std::string("TLS_HANDSHAKE_FAILED"));
    tls.serverName = "peer0.a.test";
    VERIFY_OK(callWith(*running, tls));
}

void TlsTest::plaintextIsNotAnswered() {
    const auto running = serve({.identity = m_serverIdentity,
                                .clients = ClientCertificates::Requested,
                                .clientRootsPem = {}});
    const Descriptor socket = connectTo(running->endpoint.port);
    QVERIFY(socket);
    const std::string preface = RawTls::preface();
    QCOMPARE(::send(socket.get(), preface.data(), preface.size(), MSG_NOSIGNAL),
             ssize_t(preface.size()));
    // At most an alert in the clear, then the end; never a frame.
    std::string answer(1000, '\0');
    const ssize_t got = ::recv(socket.get(), answer.data(), answer.size(), 0);
    QVERIFY(got <= 0 || answer[0] == 21);
    const auto channel =
        grpc::CreateChannel(running->endpoint.toString(), grpc::InsecureChannelCredentials());
    QVERIFY(absl::IsUnavailable(endorse(channel).status()));
    QCOMPARE(running->service.calls.load(), 0);
}

void TlsTest::versionsAndCiphers_data() {
    QTest::addColumn<int>("version");
    QTest::addColumn<QString>("ciphers");
    QTest::addColumn<QString>("agreed");
    QTest::newRow("TLS 1.0") << TLS1_VERSION << ""
                             << "";
    QTest::newRow("TLS 1.1") << TLS1_1_VERSION << ""
                             << "";
    QTest::newRow("TLS 1.2") << TLS1_2_VERSION << ""
                             << "TLSv1.2";
    QTest::newRow("TLS 1.3") << TLS1_3_VERSION << ""
                             << "TLSv1.3";
    QTest::newRow("AES-128") << TLS1_2_VERSION << "ECDHE-ECDSA-AES128-GCM-SHA256"
                             << "TLSv1.2";
    QTest::newRow("AES-256") << TLS1_2_VERSION << "ECDHE-ECDSA-AES256-GCM-SHA384"
                             << "TLSv1.2";
    QTest::newRow("CBC") << TLS1_2_VERSION << "ECDHE-ECDSA-AES128-SHA"
                         << "";
    QTest::newRow("RSA key exchange") << TLS1_2_VERSION << "AES128-GCM-SHA256"
                                      << "";
    QTest::newRow("no cipher") << TLS1_2_VERSION << "NULL"
                               << "";
}

void TlsTest::versionsAndCiphers() {
    QFETCH(int, version);
    QFETCH(QString, ciphers);
    QFETCH(QString, agreed);
    const auto running = serve({.identity = m_serverIdentity,
                                .clients = ClientCertificates::Requested,
                                .clientRootsPem = {}});
    const RawTls client(running->endpoint.port, {.minVersion = version,
                                                 .maxVersion = version,
                                                 .ciphers = ciphers.toStdString(),
                                                 .protocol = "h2"});
    QCOMPARE(client.connected(), !agreed.isEmpty());
    if (agreed.isEmpty()) return;
    QCOMPARE(QString::fromStdString(client.version()), agreed);
    QCOMPARE(client.agreedProtocol(), std::string("h2"));
}

void TlsTest::unusableSettings_data() {
    QTest::addColumn<QString>("certificate");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("roots");
    QTest::addColumn<QString>("reason");
    const TlsIdentity other = m_ours->issue("other");
    const auto text = [](const std::string& pem) { return QString::fromStdString(pem); };
    const QString certificate = text(m_serverIdentity.certificatePem);
    const QString key = text(m_serverIdentity.keyPem);
    const QString roots = text(m_ours->rootsPem());
    const QString broken = text(crypto::writePem("CERTIFICATE", "not DER"));
    const QString encrypted =
        "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
        "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\nAAAAAAAAAAAAAAAAAAAAAA==\n"
        "-----END EC PRIVATE KEY-----\n";
    QTest::newRow("fine") << certificate << key << roots << "";
    QTest::newRow("with an intermediate") << certificate + roots << key << roots << "";
    QTest::newRow("certificate is no PEM") << "x" << key << roots << "BAD_CERTIFICATE";
    QTest::newRow("certificate is no certificate") << broken << key << roots << "BAD_CERTIFICATE";
    QTest::newRow("intermediate is none")
        << certificate + broken << key << roots << "BAD_CERTIFICATE";
    QTest::newRow("no key") << certificate << "" << roots << "BAD_KEY";
    QTest::newRow("key is a certificate") << certificate << certificate << roots << "BAD_KEY";
    QTest::newRow("another's key") << certificate << text(other.keyPem) << roots << "KEY_MISMATCH";
    QTest::newRow("encrypted key") << certificate << encrypted << roots << "KEY_ENCRYPTED";
    QTest::newRow("no roots") << certificate << key << ""
                              << "NO_ROOTS";
    QTest::newRow("root is no certificate") << certificate << key << broken << "BAD_CERTIFICATE";
}

void TlsTest::unusableSettings() {
    QFETCH(QString, certificate);
    QFETCH(QString, key);
    QFETCH(QString, roots);
    const TlsIdentity identity{.certificatePem = certificate.toStdString(),
                               .keyPem = key.toStdString()};
    const Status server = checkTls(ServerTls{.identity = identity,
                                             .clients = ClientCertificates::Required,
                                             .clientRootsPem = roots.toStdString()});
    QTEST(QString::fromStdString(reasonOf(server)), "reason");
    const Status client = checkTls(
        ClientTls{.rootsPem = roots.toStdString(), .identity = identity, .serverName = {}});
    QTEST(QString::fromStdString(reasonOf(client)), "reason");
    for (const Status& status : {server, client})
        QVERIFY(messageOf(status).find("PRIVATE") == std::string_view::npos);
}

CHANCERY_TEST(TlsTest)
#include "TlsTest.moc"
