#include "node/runtime/NodeConfig.h"

#include <QTemporaryDir>
#include <fstream>

#include "tests/support/TestMain.h"

namespace chancery::node {
namespace {

const char kLeast[] =
    "mspId: Org1MSP\nmsp: msp\ndata: data\ntls: {certificate: c.pem, key: k.pem}\n";

}  // namespace

class NodeConfigTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    Result<NodeConfig> read(NodeKind kind, const std::string& text) const {
        const std::string file = m_folder.filePath("node.yaml").toStdString();
        std::ofstream(file) << text;
        return readNodeConfig(kind, file);
    }

private Q_SLOTS:
    void readsTheLeast() {
        const auto config = read(NodeKind::Peer, kLeast);
        VERIFY_OK(config);
        const std::string folder = m_folder.path().toStdString();
        QCOMPARE(config->msp.string(), folder + "/msp");
        QCOMPARE(config->listen.host, std::string("127.0.0.1"));
        QCOMPARE(config->listen.port, std::uint16_t(0));
        QVERIFY(!config->operations);
        QVERIFY(!config->admin);
        QCOMPARE(config->logSpec.str(), std::string("info"));
    }

    void readsWhatHelpShows() {
        for (const NodeKind kind : {NodeKind::Peer, NodeKind::Orderer}) {
            const auto config = read(kind, describeConfig(kind));
            VERIFY_OK(config);
            QCOMPARE(config->listen.port, std::uint16_t(7051));
            QCOMPARE(config->operations->listen.port, std::uint16_t(9443));
            QCOMPARE(config->tlsClientRoots.size(), std::size_t(1));
            QCOMPARE(config->admin.has_value(), kind == NodeKind::Orderer);
            if (kind == NodeKind::Orderer) continue;
            QCOMPARE(config->peers.at(0).endpoint, std::string("peer0.org2:7051"));
            QCOMPARE(config->chaincode.executeTimeout, std::chrono::milliseconds(30'000));
        }
    }

    void readsTheHelpOfTheCa() {
        const auto config = read(NodeKind::Ca, describeConfig(NodeKind::Ca));
        VERIFY_OK(config);
        QCOMPARE(config->listen.port, std::uint16_t(7054));
        QCOMPARE(config->serverHosts, (std::vector<std::string>{"localhost", "127.0.0.1"}));
        const CaOptions& ca = config->cas.at(0);
        QCOMPARE(ca.folder.string(), m_folder.path().toStdString() + "/data/ca-org1");
        QCOMPARE(ca.subject.organization, std::string("org1"));
        QCOMPARE(ca.identities.at(0).attributes, administratorAttributes());
        QCOMPARE(ca.identities.at(0).maxEnrollments, std::int64_t(-1));
        QCOMPARE(ca.affiliations.size(), std::size_t(2));
        QCOMPARE(ca.validity, absl::Hours(8760));
    }

    void readsTokensAndDirectories() {
        const std::string folder = m_folder.path().toStdString();
        const auto ca =
            read(NodeKind::Ca,
                 "data: data\ncas:\n  - name: a\n    key: 'pkcs11:token=t;object=o'\n"
                 "    token: {module: /m.so, sha256: " +
                     std::string(64, 'A') +
                     ", pinFile: pin}\n"
                     "    ldap:\n      url: ldaps://[::1]\n      roots: r.pem\n      base: dc=x\n"
                     "      maps: [{name: m, entries: [{name: a, value: b}]}]\n"
                     "      converters: [{name: x, value: 'map(DN, \"m\")', ecert: true}]\n");
        VERIFY_OK(ca);
        const crypto::TokenPlace& place = *ca->cas.at(0).token;
        QCOMPARE(place.token.label, std::string("t"));
        QCOMPARE(place.key.label, std::string("o"));
        QCOMPARE(place.module.sha256, std::string(64, 'a'));
        QCOMPARE(place.pinFile.string(), folder + "/pin");
        QVERIFY(ca->cas.at(0).key.empty());
        const DirectoryOptions& directory = *ca->cas.at(0).directory;
        QCOMPARE(directory.host, std::string("::1"));
        QCOMPARE(directory.port, std::uint16_t(636));
        QVERIFY(directory.transport == DirectoryTransport::Ldaps);
        QCOMPARE(directory.userFilter, std::string("(uid=%s)"));
        QCOMPARE(directory.maps.at("m").size(), std::size_t(1));
        QVERIFY(directory.converters.at(0).inCertificate);
        const auto peer =
            read(NodeKind::Peer, std::string(kLeast) +
                                     "mspKey: pkcs11:token=t\ntoken: {module: /m.so, sha256: " +
                                     std::string(64, '0') + ", pinFile: pin}\n");
        VERIFY_OK(peer);
        QVERIFY(peer->token->key.id.empty());
        QCOMPARE(
            argumentOf(read(NodeKind::Peer, std::string(kLeast) + "mspKey: k\n").status(), "path"),
            std::string("mspKey"));
    }

    void namesTheMistakeOfTheCa_data() {
        QTest::addColumn<QByteArray>("more");
        QTest::addColumn<QByteArray>("path");
        const auto row = [](const char* more, const char* path) {
            QTest::newRow(more) << QByteArray(more) << QByteArray(path);
        };
        row("cas: [{name: a}]\nmspId: Org1MSP", "mspId");
        row("cas: []", "cas");
        row("cas: [{suite: SM2}]", "cas[0].name");
        row("cas: [{name: ../a}]", "cas[0].name");
        row("cas: [{name: a, suite: RSA}]", "cas[0].suite");
        row("cas: [{name: a, key: k}]", "cas[0].key");
        row("cas: [{name: a, hours: 0}]", "cas[0].hours");
        row("cas: [{name: a, maxEnrollments: many}]", "cas[0].maxEnrollments");
        row("cas: [{name: a, identities: [{name: b}]}]", "cas[0].identities[0].secret");
        row("cas: [{name: a, identities: [{name: b, secret: x, secretFile: y}]}]",
            "cas[0].identities[0].secret");
        row("cas: [{name: a, identities: [{name: b, secretFile: nowhere}]}]",
            "cas[0].identities[0].secretFile");
        row("cas: [{name: a, parent: {url: 'http://x:1', name: b, secret: c}}]",
            "cas[0].parent.url");
        row("tls: {certificate: c.pem}\ncas: [{name: a}]", "tls.key");
        row("cas: [{name: a, key: 'pkcs11:object=o'}]", "cas[0].key");
        row("cas: [{name: a, key: 'pkcs11:token=t'}]", "cas[0].token.module");
        row("cas: [{name: a, key: 'pkcs11:token=t', token: {module: m, sha256: 12, pinFile: p}}]",
            "cas[0].token.sha256");
        row("cas: [{name: a, token: {module: m}}]", "cas[0].token");
        const auto ldap = [&](const std::string& settings, const char* path) {
            row(("cas: [{name: a, ldap: {" + settings + "}}]").c_str(),
                ("cas[0].ldap." + std::string(path)).c_str());
        };
        ldap("base: b", "url");
        ldap("url: 'http://x', base: b", "url");
        ldap("url: 'ldap://cn=admin:secret@127.0.0.1', base: b", "url");
        ldap("url: 'ldap://x:99999', base: b", "url");
        ldap("url: 'ldap://directory', base: b", "roots");
        ldap("url: 'ldaps://127.0.0.1', base: b", "roots");
        ldap("url: 'ldap://127.0.0.1'", "base");
        const std::string least = "url: 'ldap://127.0.0.1', base: b, ";
        ldap(least + "bindDn: cn", "bindDn");
        ldap(least + "bindPasswordFile: f", "bindDn");
        ldap(least + "bindDn: cn, bindPasswordCredential: ../x", "bindPasswordCredential");
        ldap(least + "userFilter: 'uid=%s'", "userFilter");
        ldap(least + "userFilter: '(uid=*)'", "userFilter");
        ldap(least + "converters: [{name: hf.Wizard, value: 'true'}]", "converters[0].name");
        ldap(least + "converters: [{name: hf.Revoker, value: 'attr('}]", "converters[0].value");
        ldap(least + "converters: [{name: x, value: 'map(DN, \"m\")'}]", "converters[0].value");
        ldap(least + "timeoutMs: 0", "timeoutMs");
        ldap(least + "connections: 33", "connections");
        ldap(least + "groupFilter: x", "groupFilter");
        row("cas: [{name: a, identities: [{name: b, secret: c}], ldap: {url: 'ldap://127.0.0.1', "
            "base: b}}]",
            "cas[0].identities");
    }
    void namesTheMistakeOfTheCa() {
        QFETCH(QByteArray, more);
        QFETCH(QByteArray, path);
        const auto config = read(NodeKind::Ca, "data: data\n" + more.toStdString() + "\n");
        QCOMPARE(reasonOf(config.status()), std::string("BAD_CONFIG"));
        QCOMPARE(argumentOf(config.status(), "path"), path.toStdString());
    }

    void namesTheMistake_data() {
        QTest::addColumn<QByteArray>("more");
        QTest::addColumn<QByteArray>("path");
        const auto row = [](const char* more, const char* path) {
            QTest::newRow(more) << QByteArray(more) << QByteArray(path);
        };
        row("listne: 1", "listne");
        row("listen: nowhere", "listen");
        row("listen: '1.2.3.4:99999'", "listen");
        row("listen: [a]", "listen");
        row("operations: {listne: x}", "operations.listne");
        row("operations: 7", "operations");
        row("operations: {clientRoots: ca.pem}", "operations.clientRoots");
        row("log: {spec: borken}", "log.spec");
        row("log: {form: xml}", "log.form");
        row("admin: {listen: '127.0.0.1:0'}", "admin");
        row("peers: [{mspId: A}]", "peers[0].endpoint");
        row("peers: [x]", "peers");
        row("chaincode: {executeTimeoutMs: soon}", "chaincode.executeTimeoutMs");
        row("chaincode: {executeTimeoutMs: 0}", "chaincode.executeTimeoutMs");
        row("chaincode: {allowPlaintext: yes}", "chaincode.allowPlaintext");
    }
    void namesTheMistake() {
        QFETCH(QByteArray, more);
        QFETCH(QByteArray, path);
        const auto config = read(NodeKind::Peer, kLeast + more.toStdString() + "\n");
        QCOMPARE(reasonOf(config.status()), std::string("BAD_CONFIG"));
        QCOMPARE(argumentOf(config.status(), "path"), path.toStdString());
    }

    void namesWhatIsMissing() {
        const auto config = read(NodeKind::Orderer, "msp: msp\ndata: data\n");
        QCOMPARE(argumentOf(config.status(), "path"), std::string("mspId"));
        for (const std::string text : {"", "- a\n", "a: [", "7"})
            QCOMPARE(reasonOf(read(NodeKind::Orderer, text).status()), std::string("BAD_CONFIG"));
        QCOMPARE(reasonOf(readNodeConfig(NodeKind::Peer, "/nowhere.yaml").status()),
                 std::string("FILE_ERROR"));
    }
};

}  // namespace chancery::node

using chancery::node::NodeConfigTest;
CHANCERY_TEST(NodeConfigTest)
#include "NodeConfigTest.moc"
