#include "node/contract/HostOptions.h"

#include <QTemporaryDir>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node::contract;

namespace {

using Variables = std::map<std::string, std::string>;

Result<HostOptions> read(const std::vector<std::string>& arguments,
                         const Variables& variables = {}) {
    return readHostOptions(arguments, [&](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
}

std::string refusal(const std::vector<std::string>& arguments, const Variables& variables = {}) {
    const auto options = read(arguments, variables);
    return options.ok() ? "accepted" : std::string(messageOf(options.status()));
}

}  // namespace

class HostOptionsTest : public QObject {
    Q_OBJECT

private slots:
    void dialling() {
        const auto options =
            read({"start", "--package=p", "--peer.address", "localhost:7052", "--chaincode-id-name",
                  "a:b", "--cpu-limit-ms", "50", "--optimise"},
                 {{"CORE_PEER_LOCALMSPID", "Org1MSP"}});
        VERIFY_OK(options);
        QCOMPARE(options->package, std::string("p"));
        QCOMPARE(options->peerAddress, std::string("localhost:7052"));
        QCOMPARE(options->packageId, std::string("a:b"));
        QCOMPARE(options->localMspId, std::string("Org1MSP"));
        QVERIFY(!options->clientTls && options->optimise && !options->detached);
        QCOMPARE(options->limits.computing.count(), 50);
    }

    void fromTheEnvironment() {
        const auto dialling = read({}, {{"CORE_PACKAGE", "p"},
                                        {"CORE_PEER_ADDRESS", "grpc://h:1"},
                                        {"CORE_CHAINCODE_ID_NAME", "a:b"}});
        VERIFY_OK(dialling);
        QCOMPARE(dialling->peerAddress, std::string("h:1"));
        const auto serving =
            read({"server", "--module-path", "p"},
                 {{"CHAINCODE_SERVER_ADDRESS", "0.0.0.0:9999"}, {"CHAINCODE_ID", "a:b"}});
        VERIFY_OK(serving);
        QCOMPARE(serving->serverAddress, std::string("0.0.0.0:9999"));
        QCOMPARE(serving->packageId, std::string("a:b"));
        const auto started =
            read({"--package", "p", "--peer.descriptor", "3", "--chaincode-id-name", "a:b"},
                 {{"CORE_PEER_TLS_ENABLED", "true"}});
        VERIFY_OK(started);
        QCOMPARE(started->peerDescriptor, std::optional<int>(3));
        QCOMPARE(started->packageId, std::string("a:b"));
        QVERIFY(!started->clientTls);
        // A flag says more than what a peer's container sets.
        const auto both =
            read({"--package", "p", "--chaincode-address", "h:2", "--chaincode-id", "a:b"},
                 {{"CORE_PEER_ADDRESS", "h:1"}});
        VERIFY_OK(both);
        QCOMPARE(both->peerAddress + both->serverAddress, std::string("h:2"));
    }

    void tls() {
        QTemporaryDir folder;
        const std::string root = folder.path().toStdString();
        VERIFY_OK(writeNewFile(root + "/plain", "PEM"));
        VERIFY_OK(writeNewFile(root + "/coded", toBase64("PEM of base64") + "\n"));
        const std::vector<std::string> dial{"--package",           "p",  "--peer.address", "h:1",
                                            "--chaincode-id-name", "a:b"};
        Variables variables{{"CORE_PEER_TLS_ENABLED", "True"},
                            {"CORE_PEER_TLS_ROOTCERT_FILE", root + "/plain"},
                            {"CORE_TLS_CLIENT_KEY_PATH", root + "/coded"},
                            {"CORE_TLS_CLIENT_CERT_FILE", root + "/plain"}};
        const auto dialling = read(dial, variables);
        VERIFY_OK(dialling);
        QCOMPARE(dialling->clientTls->rootsPem, std::string("PEM"));
        QCOMPARE(dialling->clientTls->identity->keyPem, std::string("PEM of base64"));
        QCOMPARE(dialling->clientTls->identity->certificatePem, std::string("PEM"));
        variables.erase("CORE_TLS_CLIENT_KEY_PATH");
        QVERIFY(refusal(dial, variables)
                    .starts_with("The client key and cert are needed when TLS is enabled"));

        std::vector<std::string> serve{
            "--package",      "p",   "--chaincode-address",      "h:1",
            "--chaincode-id", "a:b", "--chaincode-tls-key-path", root + "/coded"};
        QCOMPARE(refusal(serve), std::string("A TLS option is set but no cert is specified"));
        serve.insert(serve.end(), {"--chaincode-tls-cert-file", root + "/plain"});
        VERIFY_OK(read(serve));
        QCOMPARE(read(serve)->serverTls->clients, rpc::ClientCertificates::Requested);
        serve.insert(serve.end(), {"--chaincode-tls-client-cacert-file", root + "/plain"});
        QCOMPARE(read(serve)->serverTls->clients, rpc::ClientCertificates::Required);
        serve.insert(serve.end(), {"--chaincode-tls-key-file", root + "/plain"});
        QVERIFY(refusal(serve).ends_with("exclude each other"));
    }

    void refused_data() {
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QByteArray>("why");
        const auto row = [](const char* arguments, const char* why) {
            QTest::newRow(arguments) << QByteArray(arguments) << QByteArray(why);
        };
        row("--peer.address h:1 --chaincode-id-name a", "give --package FOLDER");
        row("--package p", "give either --peer.address HOST:PORT or --chaincode-address");
        row("--package p --peer.address h:1", "give --chaincode-id-name ID");
        row("--package p --peer.descriptor 3", "give --chaincode-id-name ID");
        row("--package p --peer.descriptor x --chaincode-id-name a",
            "--peer.descriptor: expected a number");
        row("--package p --chaincode-address h:1", "give --chaincode-id ID");
        row("--package p --peer.address http://h:1 --chaincode-id-name a", "is no http(s) address");
        row("--package p --nonsense 1", "there is no option --nonsense");
        row("--package p what", "'what' is no option");
        row("--package", "--package needs a value");
        row("--package p --peer.address h:1 --chaincode-id-name a --cpu-limit-ms 0",
            "--cpu-limit-ms: expected a number");
        row("--package p --peer.address h:1 --chaincode-id-name a --cpu-limit-ms 1x",
            "--cpu-limit-ms: expected a number");
        row("--package p --peer.address h:1 --chaincode-id-name a --memory-limit-mb 9999999",
            "expected a number from 1 to");
        row("--package p --peer.address h:1 --chaincode-id-name a --log-level loud",
            "--log-level: expected");
    }
    void refused() {
        QFETCH(QByteArray, arguments);
        QFETCH(QByteArray, why);
        std::vector<std::string> words;
        for (const QByteArray& word : arguments.split(' ')) words.push_back(word.toStdString());
        const std::string sentence = refusal(words);
        QVERIFY2(sentence.find(why.toStdString()) != sentence.npos, sentence.c_str());
    }
};

CHANCERY_TEST(HostOptionsTest)
#include "HostOptionsTest.moc"
