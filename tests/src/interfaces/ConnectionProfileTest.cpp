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
    static void columns() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("place");
        QTest::addColumn<QByteArray>("reason");
    }
    static void row(const char* name, QByteArray text, const char* place,
                    const char* reason = "BAD_PROFILE") {
        QTest::newRow(name) << std::move(text) << QByteArray(place) << QByteArray(reason);
    }

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

    /// C18: bombs, names that stand twice or that nobody knows, other kinds of values, addresses
    /// that are none. `place` is line:column, or "" where none can be known.
    void refuses_data() {
        columns();
        row("nothing", "", "");
        row("a list", "- a\n- b\n", "1:1");
        row("a text", "hello", "1:1");
        row("no YAML", "a: [1", "1:1");
        row("half a JSON", "{\"name\": \"a\"", "1:1");
        row("a tab as indent", "peers:\n\tp: 1\n", "2:3");
        row("peers no object", "{\"peers\": 7}", "1:2");
        row("peers a list", "peers:\n  - a\n", "1:1");
        row("peer no object", "{\"peers\":\n {\"p\": \"x\"}}", "2:3");
        row("organisation no object", "organizations: {Org1: [a]}", "1:17");
        row("channel no object", "channels: {c: 1}", "1:12");
        row("client no object", "client: x", "1:1");
        row("name no text", "name: {a: b}", "1:1");
        row("MSP id no text", "organizations:\n  Org1:\n    mspid: [a]", "3:5");
        row("members no list", "organizations: {O: {peers: p}}", "1:21");
        row("member no text", "organizations: {O: {peers: [{a: b}]}}", "1:29");
        row("orderers no list", "channels: {c: {orderers: {o: {}}}}", "1:16");
        row("unknown name", "name: a\npears: {}\n", "2:1");
        row("unknown name in JSON", "{\"name\": \"a\",\n \"Peers\": {}}", "2:2");
        row("unknown name of a client", "client: {organisation: Org1}", "1:10");
        row("unknown name of an organisation", "organizations: {O: {mspId: a}}", "1:21");
        row("unknown name of a channel", "channels: {c: {peer: {}}}", "1:16");
        row("unknown role of a peer", "channels: {c: {peers: {p: {endorses: true}}}}", "1:28");
        row("unknown name of a CA", "certificateAuthorities: {c: {url: 'https://x:1', uri: a}}",
            "1:50");
        row("keys twice", "peers: {}\npeers: {}\n", "2:1");
        row("keys twice in JSON", "{\"peers\": {}, \"peers\": {}}", "1:15");
        row("keys twice below", "peers:\n  p: {url: 'grpcs://a:1', url: 'grpcs://b:1'}\n", "2:27");
        row("a key that is no text", "? [a]\n: b\n", "1:3");
        row("no such file",
            "{\"peers\": {\"p\": {\"url\": \"grpcs://x:1\", \"tlsCACerts\": {\"path\": "
            "\"nowhere\"}}}}",
            "", "FILE_ERROR");
        row("no regular file", "peers: {p: {url: 'grpcs://x:1', tlsCACerts: {path: /dev/zero}}}",
            "", "NOT_A_FILE");
        row("deep", QByteArray("{a: ").repeated(200) + QByteArray("}").repeated(200), "1:129");
        row("deep lists", QByteArray("[").repeated(100'000), "1:33");
        row(
            "deep blocks",
            [] {
                QByteArray text;
                for (int i = 0; i < 200; ++i) text += QByteArray(i, ' ') + "a:\n";
                return text;
            }(),
            "34:34");
        row("aliases",
            "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
            "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
            "e: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n",
            "any");
        row("an alias of itself", "name: &a [*a]\n", "any");
        row("an alias of nothing", "name: *a\n", "1:7");
        row("many entries", "peers: {" + QByteArray("a,").repeated(60'000) + "}", "1:100006");
        row("too large", QByteArray((1 << 20) + 1, 'x'), "", "FILE_TOO_LARGE");
    }
    void refuses() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, place);
        QFETCH(QByteArray, reason);
        const auto read = readConnectionProfile(text.toStdString(), "/nonexistent");
        QCOMPARE(reasonOf(read.status()), reason.toStdString());
        const std::string line = argumentOf(read.status(), "line");
        const std::string column = argumentOf(read.status(), "column");
        if (place == "any")
            QVERIFY(!line.empty() && !column.empty());
        else
            QCOMPARE(line.empty() ? std::string() : line + ":" + column, place.toStdString());
    }

    void refusesAddresses_data() {
        columns();
        const auto peer = [&](const char* name, const QByteArray& inside, const char* place,
                              const char* reason = "BAD_PROFILE") {
            row(name, "peers:\n  p:\n    " + inside + "\n", place, reason);
        };
        const char* plain = "PLAINTEXT_REFUSED";
        peer("no url", "grpcOptions: {}", "2:3");
        peer("no port", "url: grpcs://x", "3:5");
        peer("port too large", "url: grpcs://x:70000", "3:5");
        peer("port no number", "url: grpcs://x:seven", "3:5");
        peer("url no text", "url: [a]", "3:5");
        peer("a file", "url: file:///etc/passwd", "3:5");
        peer("https for gRPC", "url: https://x:1", "3:5");
        peer("unknown scheme", "url: ldap://x:1", "3:5");
        peer("plaintext", "url: grpc://x:1", "3:5", plain);
        peer("plaintext by http", "url: http://x:1", "3:5", plain);
        peer("plaintext events", "url: grpcs://x:1\n    eventUrl: grpc://x:2", "4:5", plain);
        peer("unknown name of a node", "url: grpcs://x:1\n    tlsCACert: {}", "4:5");
        peer("roots no object", "url: grpcs://x:1\n    tlsCACerts: PEM", "4:5");
        peer("unknown name of roots", "url: grpcs://x:1\n    tlsCACerts: {pam: x}", "4:18");
        peer("roots by a URL", "url: grpcs://x:1\n    tlsCACerts: {path: 'http://x/ca.pem'}",
             "4:18");
        peer("roots by a file URL", "url: grpcs://x:1\n    tlsCACerts: {path: 'file:/ca.pem'}",
             "4:18");
        peer("options no object", "url: grpcs://x:1\n    grpcOptions: 7", "4:5");
        row("plaintext orderer", "orderers: {o: {url: 'grpc://x:1'}}", "1:16", plain);
        row("plaintext CA", "{\"certificateAuthorities\": {\"c\": {\"url\": \"http://x:1\"}}}",
            "1:35", plain);
        row("gRPC for a CA", "certificateAuthorities: {c: {url: 'grpcs://x:1'}}", "1:30");
    }
    void refusesAddresses() { refuses(); }

    void passesOverWhatSdksKnow() {
        const auto read = readConnectionProfile(
            "name: n\nversion: 1.0.0\ndescription: d\nx-type: hlfv1\n"
            "client: {organization: O, logging: {level: debug}, credentialStore: {path: p}}\n"
            "channels: {c: {orderers: [o], peers: {p: {endorsingPeer: true, discover: true}},\n"
            "  policies: {queryChannelConfig: {minResponses: 1}}}}\n"
            "organizations: {O: {mspid: M, peers: [p], cryptoPath: c, users: {}}}\n"
            "orderers: {o: {url: 'grpcs://o:7050', grpcOptions: {allow-insecure: false}}}\n"
            "peers: {p: {url: 'p:7051', eventUrl: 'grpcs://p:7053', x-mine: 1}}\n"
            "entityMatchers: {peer: [{pattern: a}]}\n",
            {});
        VERIFY_OK(read);
        QCOMPARE(read->peers.at("p").endpoint, std::string("p:7051"));
        QCOMPARE(read->channels.at(ChannelId("c")).peers, std::vector<std::string>{"p"});
    }
};

}  // namespace chancery::interfaces

using chancery::interfaces::ConnectionProfileTest;
CHANCERY_TEST(ConnectionProfileTest)
#include "ConnectionProfileTest.moc"
