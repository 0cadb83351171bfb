#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "src/base/File.h"
#include "src/process/Child.h"
#include "tests/network/TestNetwork.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using nlohmann::json;
using test::TestNetwork;

namespace {

const std::string kFolder = CHANCERY_SOURCE "/tests/interop";

/// A script for Node.js with the modules of package-lock.json.
class Script {
public:
    Script(const std::string& file, std::vector<std::string> arguments) {
        process::Command command;
        const auto program = process::findProgram("node");
        if (!program.ok()) throw std::runtime_error(program.status().ToString());
        command.program = *program;
        command.arguments = std::move(arguments);
        command.arguments.insert(command.arguments.begin(), kFolder + "/" + file);
        command.environment = process::minimalEnvironment();
        command.environment["NODE_PATH"] = CHANCERY_NODE_MODULES;
        command.environment["NODE_NO_WARNINGS"] = "1";
        auto child = process::Child::start(
            std::move(command),
            {.line = [this](process::Stream stream, auto line) { take(stream, line); },
             .ended = {}});
        if (!child.ok()) throw std::runtime_error(child.status().ToString());
        m_child = *std::move(child);
    }

    process::Child& child() { return *m_child; }

    /// What it printed last, when it ended well; otherwise a text with all that it said.
    json result() {
        const auto ended = m_child->waitEnd(deadlineIn(TestNetwork::kLong));
        const std::lock_guard lock(m_mutex);
        auto value = json::parse(m_last, nullptr, false);
        if (!ended.ok() || !ended->ok() || value.is_discarded()) return m_all;
        return value;
    }

private:
    void take(process::Stream stream, std::string_view line) {
        const std::lock_guard lock(m_mutex);
        if (stream == process::Stream::Output) m_last = line;
        m_all += std::string(line) + '\n';
    }

    std::mutex m_mutex;
    std::string m_last, m_all;
    std::unique_ptr<process::Child> m_child;  // last: its thread calls take()
};

}  // namespace

/// Clients, and contracts in both forms of launch, as npm has them.
class InteropTest : public QObject {
    Q_OBJECT

    std::unique_ptr<TestNetwork> m_network;
    std::unique_ptr<Script> m_service;

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
    void deployService() {
        m_service = std::make_unique<Script>("contract/service.js", std::vector<std::string>());
        const auto port = m_service->child().waitReady(deadlineIn(TestNetwork::kLong));
        VERIFY_OK(port);
        usecase::ContractPlan plan;
        plan.definition.name = "service";
        const auto package =
            usecase::PackageContract().ofService("service_1", {.endpoint = "127.0.0.1:" + *port});
        VERIFY_OK(package);
        plan.package = *package;
        const auto id = usecase::PackageContract::idOf("service_1", *package);
        VERIFY_OK(m_service->child().write(id + "\n"));
        m_network->deploy(plan);
    }

private Q_SLOTS:
    void initTestCase() {
        m_network = std::make_unique<TestNetwork>(CHANCERY_NODE_MODULES);
        deployStarted();
        deployService();
        for (const std::string contract : {"started", "service"})
            compare("ready.js", contract, "ready");
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
};

CHANCERY_TEST(InteropTest)
#include "InteropTest.moc"
