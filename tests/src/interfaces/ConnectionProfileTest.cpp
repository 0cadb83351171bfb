#include "src/interfaces/ConnectionProfile.h"

#include <fstream>

#include "tests/support/TestMain.h"

#include <QTemporaryDir>

namespace chancery::interfaces {
namespace {

ConnectionProfile sample() {
    const std::string pem = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    return {.name = "network",
            .clientOrganisation = "Org1",
            .organisations = {{"Org1", {MspId("Org1MSP"), {"peer0.org1"}, {}}},
                              {"Org2", {MspId("Org2MSP"), {"peer0.org2"}, {"ca.org2"}}}},
            .peers = {{"peer0.org1", {"peer0.org1", "127.0.0.1:7051", pem, "peer0.org1"}},
                      {"peer0.org2", {"peer0.org2", "[::1]:7052", pem, ""}}},
            .orderers = {{"orderer", {"orderer", "localhost:7050", pem, ""}}},
            .channels = {{ChannelId("trade"), {{"orderer"}, {"peer0.org1", "peer0.org2"}}}},
            .authorities = {{"ca.org2",
                             {.address = {.endpoint = "127.0.0.1:7054",
                                          .caName = "ca.org2",
                                          .tlsRootsPem = pem,
                                          .serverName = {}},
                              .registrar = "admin"}}}};
}

}  // namespace

class ConnectionProfileTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsWhatItWrites() {
        for (const std::string& text : {toJson(sample()), toYaml(sample())}) {
            const auto read = readConnectionProfile(text, {});
            VERIFY_OK(read);
            QVERIFY2(*read == sample(), text.c_str());
        }
    }

    void readsWhatOthersWrite() {
        const QTemporaryDir folder;
        std::ofstream(folder.filePath("ca.pem").toStdString()) << "PEM";
        const auto read = readConnectionProfile(
            "name: test-network-org1\n"
            "version: 1.0.0\n"
            "client:\n"
            "  organization: Org1\n"
            "organizations:\n"
            "  Org1:\n"
            "    mspid: Org1MSP\n"
            "    peers:\n"
            "    - peer0.org1.example.com\n"
            "peers:\n"
            "  peer0.org1.example.com:\n"
            "    url: grpcs://localhost:7051\n"
            "    tlsCACerts:\n"
            "      path: ca.pem\n"
            "    grpcOptions:\n"
            "      ssl-target-name-override: peer0.org1.example.com\n",
            folder.path().toStdString());
        VERIFY_OK(read);
        const auto& peer = read->peers.at("peer0.org1.example.com");
        QCOMPARE(peer.endpoint, std::string("localhost:7051"));
        QCOMPARE(peer.tlsRootsPem, std::string("PEM"));
        QCOMPARE(peer.serverName, std::string("peer0.org1.example.com"));
    }

    /// As the samples of Fabric, and older ones, name them.
    void readsAuthorities_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("registrar");
        QTest::newRow("a text and a list")
            << QByteArray("ca-org1") << QByteArray("[{enrollId: admin}]");
        QTest::newRow("a list and one")
            << QByteArray("[ca-org1]") << QByteArray("{enrollId: admin}");
    }
    void readsAuthorities() {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, registrar);
        const auto read = readConnectionProfile(
            "certificateAuthorities: {ca: {url: 'https://localhost:7054/', caName: " +
                name.toStdString() + ", registrar: " + registrar.toStdString() +
                ", tlsCACerts: {pem: [A, B]}}}",
            {});
        VERIFY_OK(read);
        const auto& ca = read->authorities.at("ca");
        QCOMPARE(ca.address.endpoint, std::string("localhost:7054"));
        QCOMPARE(ca.address.caName, std::string("ca-org1"));
        QCOMPARE(ca.address.tlsRootsPem, std::string("AB"));
        QCOMPARE(ca.registrar, std::string("admin"));
    }

    void refuses_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("reason");
        const auto row = [](const char* name, QByteArray text, const char* reason = "BAD_PROFILE") {
            QTest::newRow(name) << std::move(text) << QByteArray(reason);
        };
        row("nothing", "");
        row("a list", "- a\n- b\n");
        row("no YAML", "a: [1");
        row("peers no object", "{\"peers\": 7}");
        row("peer no object", "{\"peers\": {\"p\": \"x\"}}");
        row("no url", "{\"peers\": {\"p\": {}}}");
        row("plaintext", "{\"peers\": {\"p\": {\"url\": \"grpc://x:1\"}}}", "PLAINTEXT_REFUSED");
        row("plaintext CA", "{\"certificateAuthorities\": {\"c\": {\"url\": \"http://x:1\"}}}",
            "PLAINTEXT_REFUSED");
        row("no such file",
            "{\"peers\": {\"p\": {\"url\": \"grpcs://x:1\", \"tlsCACerts\": {\"path\": "
            "\"nowhere\"}}}}",
            "FILE_ERROR");
        row("keys twice", "peers: {}\npeers: {}\n");
        row("deep", QByteArray("{a: ").repeated(200) + QByteArray("}").repeated(200));
        row("aliases",
            "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
            "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
            "e: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n");
        row("too large", QByteArray((1 << 20) + 1, 'x'), "FILE_TOO_LARGE");
    }
    void refuses() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, reason);
        const auto read = readConnectionProfile(text.toStdString(), "/nonexistent");
        QCOMPARE(reasonOf(read.status()), reason.toStdString());
    }
};

}  // namespace chancery::interfaces

using chancery::interfaces::ConnectionProfileTest;
CHANCERY_TEST(ConnectionProfileTest)
#include "ConnectionProfileTest.moc"
