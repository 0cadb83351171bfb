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
