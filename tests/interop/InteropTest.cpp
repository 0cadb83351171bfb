#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "src/base/File.h"
#include "tests/interop/Script.h"
#include "tests/network/TestNetwork.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using nlohmann::json;
using test::Script;
using test::TestNetwork;

namespace {

const std::string kFolder = test::kInteropFolder;

}  // namespace

/// Clients, and contracts in both forms of launch, as npm has them.
class InteropTest : public QObject {
    Q_OBJECT

    std::unique_ptr<TestNetwork> m_network;
    std::vector<std::unique_ptr<Script>> m_services;

    json run(const std::string& client, const std::string& contract) {
        return Script("clients/" + client,
                      {m_network->folder().folder(), m_network->folder().channel().str(), contract})
            .result();
    }
    void compare(const std::string& client, const std::string& contract, const json& expected) {
        const json result = run(client, contract);
        const std::string difference = json::diff(expected, result).dump(2);
        QVERIFY2(result == expected, (difference + "\n" + result.dump(2)).c_str());
    }

    void deployStarted() {
        usecase::ContractPlan plan;
        plan.definition.name = "started";
        const auto package =
            usecase::PackageContract().ofFolder("started_1", "node", kFolder + "/contract");
        VERIFY_OK(package);
        plan.package = *package;
        m_network->deploy(plan);
    }
    /// `arguments`: what service.js needs for TLS; `tls`: what the peer does.
    void deployService(const std::string& name, std::vector<std::string> arguments,
                       usecase::ServiceAddress tls) {
        m_services.push_back(std::make_unique<Script>("contract/service.js", std::move(arguments)));
        process::Child& service = m_services.back()->child();
        const auto port = service.waitReady(deadlineIn(TestNetwork::kLong));
        VERIFY_OK(port);
        tls.endpoint = "127.0.0.1:" + *port;
        usecase::ContractPlan plan;
        plan.definition.name = name;
        const auto package = usecase::PackageContract().ofService(name + "_1", tls);
        VERIFY_OK(package);
        plan.package = *package;
        const auto id = usecase::PackageContract::idOf(name + "_1", *package);
        VERIFY_OK(service.write(id + "\n"));
        m_network->deploy(plan);
    }
    std::string crypto(const std::string& path) const {
        return m_network->path() + "/crypto/peerOrganizations/org1.example.com/" + path;
    }
    /// The process of a contract that a peer has started; 0 when there is none.
    static int childOf(pid_t peer) {
        // Started by a thread that is not the first.
        for (const auto& thread :
             std::filesystem::directory_iterator(fmt::format("/proc/{}/task", peer))) {
            std::ifstream children(thread.path() / "children");
            for (int number = 0; children >> number;) {
                std::ifstream file(fmt::format("/proc/{}/cmdline", number));
                const std::string line(std::istreambuf_iterator<char>(file), {});
                if (line.find("fabric-shim") != std::string::npos) return number;
            }
        }
        return 0;
    }

private Q_SLOTS:
    void initTestCase() {
        m_network = std::make_unique<TestNetwork>(CHANCERY_NODE_MODULES);
        deployStarted();
        deployService("service", {}, {});
        for (const std::string contract : {"started", "service"})
            compare("ready.js", contract, "ready");
    }

    /// npm's server with TLS, and asking the peer for its certificate.
    void servicesWithTls_data() {
        QTest::addColumn<QString>("contract");
        QTest::addColumn<bool>("isMutual");
        QTest::newRow("server only") << "tls" << false;
        QTest::newRow("mutual") << "mutual" << true;
    }
    void servicesWithTls() {
        QFETCH(QString, contract);
        QFETCH(bool, isMutual);
        const std::string server = crypto("peers/peer0.org1.example.com/tls/server");
        const std::string client = crypto("users/User1@org1.example.com/tls/client");
        const std::string roots = crypto("tlsca/tlsca.org1.example.com-cert.pem");
        std::vector<std::string> arguments{server + ".crt", server + ".key"};
        usecase::ServiceAddress tls{.tlsRootsPem = *readFile(roots)};
        if (isMutual) {
            arguments.push_back(roots);
            tls.clientCertificatePem = *readFile(client + ".crt");
            tls.clientKeyPem = *readFile(client + ".key");
        }
        deployService(contract.toStdString(), std::move(arguments), std::move(tls));
        compare("ready.js", contract.toStdString(), "ready");
    }

    void gatewayClient_data() {
        QTest::addColumn<QString>("contract");
        QTest::newRow("started by the peer") << "started";
        QTest::newRow("a service") << "service";
    }
    /// @hyperledger/fabric-gateway: submit, evaluate, events, checkpoint, commit status, errors.
    void gatewayClient() {
        QFETCH(QString, contract);
        const auto expected = readFile(kFolder + "/gateway.json", 1 << 20);
        VERIFY_OK(expected);
        auto facts = json::parse(*expected);
        facts["events"]["first"][1] = contract.toStdString();
        compare("gateway.js", contract.toStdString(), facts);
    }

    void legacyClient_data() { gatewayClient_data(); }
    /// fabric-network 2.2 with discovery.
    void legacyClient() {
        QFETCH(QString, contract);
        compare("legacy.js", contract.toStdString(), json::parse(R"({
            "created": "l1",
            "read": {"id": "l1", "value": "legacy"},
            "readByOther": {"id": "l2", "value": "legacy"},
            "whoami": ["Org2MSP", "User1@org2.example.com"],
            "events": [["Created", "l1", "VALID"], ["Created", "l2", "VALID"]],
            "block": true,
            "inLedger": true,
            "refused": true,
            "refusedAgain": "refused: again"
        })"));
    }

    void manyClients_data() { gatewayClient_data(); }
    void manyClients() {
        QFETCH(QString, contract);
        compare("many.js", contract.toStdString(), json::parse(R"({
            "written": [5, 5, 5, 5, 5, 5, 5, 5],
            "read": [true, true],
            "inState": 40
        })"));
    }

    /// Nobody would end it otherwise.
    void contractsEndWithTheirPeer() {
        const std::string name = "peer0.org1.example.com";
        const int contract = childOf(m_network->processOf(name));
        QVERIFY(contract != 0);
        pollfd ended{static_cast<int>(::syscall(SYS_pidfd_open, contract, 0)), POLLIN, 0};
        QVERIFY(ended.fd >= 0);
        m_network->killNode(name);
        const int count = ::poll(&ended, 1, 60'000);
        ::close(ended.fd);
        QCOMPARE(count, 1);
    }
};

CHANCERY_TEST(InteropTest)
#include "InteropTest.moc"
