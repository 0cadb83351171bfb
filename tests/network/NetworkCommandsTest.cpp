#include "src/base/File.h"
#include "src/cli/Commands.h"
#include "src/process/Child.h"
#include "tests/network/TestNetwork.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using test::TestNetwork;

/// The commands that speak to nodes, beside a network that serves: every example of their help.
class NetworkCommandsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<TestNetwork> m_network;

    /// Code and everything that it wrote.
    std::pair<int, std::string> chanceryctl(const QStringList& arguments) {
        process::Command command{.program = CHANCERYCTL,
                                 .arguments = {},
                                 .environment = process::minimalEnvironment(),
                                 .folder = std::filesystem::path(m_network->path()).parent_path()};
        for (const QString& argument : arguments)
            command.arguments.push_back(argument.toStdString());
        std::string all;
        auto child = process::Child::start(
            command, {.line = [&](process::Stream,
                                  std::string_view line) { all += std::string(line) + "\n"; },
                      .ended = {}});
        if (!child.ok()) return {-1, child.status().ToString()};
        (*child)->closeInput();
        const auto ended = (*child)->waitEnd(deadlineIn(TestNetwork::kLong));
        const int code = ended.ok() ? ended->code : -1;
        child->reset();
        return {code, all};
    }

private Q_SLOTS:
    void initTestCase() {
        m_network = std::make_unique<TestNetwork>();
        // The name that examples use.
        const auto package = usecase::PackageContract().ofFolder(
            "keys_1", "chancery", CHANCERY_SOURCE "/tests/network/keys");
        VERIFY_OK(package);
        VERIFY_OK(writeNewFile(m_network->path() + "/wallet.tar.gz", *package));
    }

    void everyExampleWorks_data() {
        QTest::addColumn<QString>("arguments");
        QTest::addColumn<int>("ends");
        for (const auto& command : cli::allCommands())
            for (const auto& example : command->help().examples)
                if (example.needsNetwork)
                    QTest::newRow((command->words() + ": " + example.what).c_str())
                        << QString::fromStdString(example.arguments).replace(" wallet", " keys")
                        << static_cast<int>(example.ends);
    }
    void everyExampleWorks() {
        QFETCH(QString, arguments);
        QFETCH(int, ends);
        const auto [code, said] = chanceryctl(arguments.split(' '));
        QVERIFY2(code == ends, said.c_str());
        QVERIFY(!said.empty());
    }

    void addressesAreRealOnes() {
        const auto [code, said] =
            chanceryctl({"network", "run", "--network", "addresses", "--once"});
        QVERIFY2(code == 0, said.c_str());
        for (const char* name : {"  chaincode 127.0.0.1:", "  admin 127.0.0.1:",
                                 "  grpc 127.0.0.1:", "  operations 127.0.0.1:"})
            QVERIFY2(said.find(name) != std::string::npos, said.c_str());
        QVERIFY2(said.find("127.0.0.1:0") == std::string::npos, said.c_str());
    }

    void invokesAndQueries() {
        const auto [sent, told] = chanceryctl({"contract", "invoke", "keys", "put", "k", "v"});
        QVERIFY2(sent == 0, told.c_str());
        const auto [asked, answer] = chanceryctl({"contract", "query", "keys", "get", "k"});
        QVERIFY2(asked == 0 && answer == "v\n", answer.c_str());
        const auto [byProfile, same] = chanceryctl(
            {"contract", "query", "keys", "get", "k", "--profile",
             "network/profiles/connection-Org2.yaml", "--msp-id", "Org2MSP", "--msp",
             "network/crypto/peerOrganizations/org2.example.com/users/User1@org2.example.com/msp"});
        QVERIFY2(byProfile == 0 && same == "v\n", same.c_str());
    }
};

CHANCERY_TEST(NetworkCommandsTest)
#include "NetworkCommandsTest.moc"
