#include "node/chaincode/Executor.h"

#include <QTemporaryDir>

#include <thread>

#include "fabric/peer/chaincode_event.pb.h"
#include "node/chaincode/ContractAuthority.h"
#include "node/role/Metrics.h"
#include "src/crypto/Digest.h"
#include "src/protocol/ReadWriteSet.h"
#include "tests/node/chaincode/Fixture.h"
#include "tests/node/chaincode/TestContractService.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::test;
using namespace std::chrono_literals;

namespace {

/// A peer's executor with a channel in memory, without a peer.
struct Peer {
    explicit Peer(std::function<void(ChaincodeOptions&)> change = {}) {
        ChaincodeOptions options;
        options.mspId = MspId("AlphaMSP");
        options.folder = folder.path().toStdString();
        options.peerName = "127.0.0.1";
        options.checkLocalAdmin = [](BytesView) { return absl::OkStatus(); };
        options.scriptProgram = CHANCERY_TEST_CONTRACT;
        options.nodeProgram = CHANCERY_TEST_CONTRACT;
        options.firstBackOff = 10ms;
        options.memoryCheckInterval = 20ms;
        options.metrics = &metrics;
        if (change) change(options);
        auto made = makeContractExecutor(options);
        if (!made.ok()) throw std::runtime_error(std::string(messageOf(made.status())));
        executor = *std::move(made);
        channel = std::make_shared<FakeChannel>(goldenEnd().bundle, goldenState());
    }

    /// Installs a package of the test contract and defines it under these names. Of type
    /// "chancery" it talks by a socket, of type "node" it dials the peer.
    std::string deploy(const std::vector<std::string>& names, const std::string& mode = "good",
                       bool initRequired = false, const std::string& type = "chancery") {
        const std::string id =
            install(*executor,
                    packageOf("l_" + names[0] + mode, type,
                              {{"mode", mode},
                               {"package.json", R"({"scripts": {"start": "node contract.js"}})"}}));
        defineAs(names, id, initRequired);
        return id;
    }
    void defineAs(const std::vector<std::string>& names, const std::string& id,
                  bool initRequired = false) {
        channel->change([&](FakeState& state) {
            for (const auto& name : names) define(state, name, id, initRequired);
        });
        executor->definitionsChanged(channel);
    }
    Result<ExecutionResult> run(const std::string& contract, std::vector<std::string> args,
                                bool isInit = false) {
        return execute(*executor, channel, contract, std::move(args), isInit);
    }
    std::string error(const std::string& contract, std::vector<std::string> args,
                      bool isInit = false) {
        const auto result = run(contract, std::move(args), isInit);
        return result.ok() ? "no error" : std::string(messageOf(result.status()));
    }

    QTemporaryDir folder;
    Metrics metrics;
    std::unique_ptr<ContractExecutor> executor;
    std::shared_ptr<FakeChannel> channel;
};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class ExecutorTest : public QObject {
    Q_OBJECT

    static void bothKinds() {
        QTest::addColumn<QByteArray>("type");
        QTest::newRow("by a socket") << QByteArray("chancery");
        QTest::newRow("dials") << QByteArray("node");
    }

private slots:
    void runsAContractAsAChild_data() { bothKinds(); }
    void runsAContractAsAChild() {
        QFETCH(QByteArray, type);
        Peer peer;
        const std::string id = peer.deploy({"basic"}, "good", false, type.toStdString());
        const auto result = peer.run("basic", {"put", "k", "v"});
        QVERIFY2(result.ok(), result.status().ToString().c_str());
        QCOMPARE(result->response.status, 200);
        QCOMPARE(result->version, std::string("1.0"));
        QVERIFY(result->simulated);
        QVERIFY(result->event.empty());
        const auto set = protocol::decodeReadWriteSet(result->readWriteSet);
        QCOMPARE(set->namespaces.size(), 2U);
        QCOMPARE(set->namespaces[0].name, std::string_view("_lifecycle"));
        QCOMPARE(set->namespaces[0].reads.size(), 1U);
        QCOMPARE(set->namespaces[0].reads[0].key,
                 std::string_view("namespaces/fields/basic/Sequence"));
        QCOMPARE(set->namespaces[1].writes.at(0).value, std::string_view("v"));

        peer.channel->change([](FakeState& state) { state.put("basic", "k", "stored", {9, 0}); });
        QCOMPARE(peer.run("basic", {"get", "k"})->response.payload, Bytes("stored"));
        const auto failed = peer.run("basic", {"fail", "no luck"});
        QCOMPARE(failed->response.status, 500);
        QCOMPARE(failed->response.message, std::string("no luck"));
        QVERIFY(contains(peer.error("basic", {"error", "odd"}),
                         "transaction returned with failure: odd"));
        const auto event = peer.run("basic", {"event", "happened"});
        ::protos::ChaincodeEvent decoded;
        QVERIFY(decoded.ParseFromString(event->event));
        QCOMPARE(decoded.chaincode_id(), std::string("basic"));
        QCOMPARE(decoded.event_name(), std::string("happened"));
        QVERIFY(!decoded.tx_id().empty());

        const auto statuses = peer.executor->contracts();
        QCOMPARE(statuses.size(), 1U);
        QVERIFY(statuses[0].state == ContractStatus::State::Running);
        QVERIFY(statuses[0].memory > 0);
        QVERIFY(peer.executor->canRun(*peer.channel, "basic"));
        QVERIFY(!peer.executor->canRun(*peer.channel, "other"));
        QVERIFY(contains(peer.metrics.text(), "chaincode_launch_duration"));
    }

    void saysWhyAContractCannotRun() {
        Peer peer;
        QVERIFY(contains(peer.error("nosuch", {"f"}),
                         "make sure the chaincode nosuch has been successfully defined on channel "
                         "tradechannel and try again: chaincode nosuch not found"));
        peer.channel->change([](FakeState& state) { define(state, "absent", "absent:1234"); });
        QVERIFY(contains(peer.error("absent", {"f"}),
                         "chaincode definition for 'absent' exists, but chaincode is not "
                         "installed"));
        peer.channel->change([](FakeState& state) {
            define(state, "unapproved", "x:1");
            state.keys.remove(verify::hashedNamespace("_lifecycle", "_implicit_org_AlphaMSP"),
                              crypto::sha256("namespaces/metadata/unapproved#1"), {1, 0});
        });
        QVERIFY(contains(peer.error("unapproved", {"f"}),
                         "chaincode definition for 'unapproved' at sequence 1 on channel "
                         "'tradechannel' has not yet been approved by this org"));
        const auto none = execute(*peer.executor, nullptr, "broken", {"f"});
        QVERIFY(contains(std::string(messageOf(none.status())),
                         "could not get channel config for channel ''"));
    }

    void saysWhyAContractDidNotStart_data() { bothKinds(); }
    void saysWhyAContractDidNotStart() {
        QFETCH(QByteArray, type);
        Peer peer;
        peer.deploy({"broken"}, "crash", false, type.toStdString());
        const std::string why = peer.error("broken", {"f"});
        QVERIFY2(contains(why, "could not launch chaincode"), why.c_str());
        QVERIFY2(contains(why, "returned 7"), why.c_str());
        QVERIFY2(contains(why, "cannot start: no such thing"), why.c_str());
        const auto statuses = peer.executor->contracts();
        QVERIFY(contains(statuses.at(0).why, "returned 7"));
    }

    void refusesContractsUnderAnotherName_data() { bothKinds(); }
    void refusesContractsUnderAnotherName() {
        QFETCH(QByteArray, type);
        Peer peer;
        peer.deploy({"impostor"}, "impostor", false, type.toStdString());
        const std::string why = peer.error("impostor", {"f"});
        QVERIFY2(contains(why, "could not launch chaincode"), why.c_str());
        // Whoever talks by a socket is told apart before it can end.
        if (type == "chancery") QVERIFY2(contains(why, "registers as another:0000"), why.c_str());
    }

    void refusesWhatIsNoMessage_data() {
        QTest::addColumn<QByteArray>("mode");
        QTest::addColumn<QByteArray>("why");
        QTest::newRow("no message")
            << QByteArray("junk") << QByteArray("2 bytes that are no message of its protocol");
        QTest::newRow("a frame without end")
            << QByteArray("long") << QByteArray("a message of 2147483647 bytes");
    }
    void refusesWhatIsNoMessage() {
        QFETCH(QByteArray, mode);
        QFETCH(QByteArray, why);
        Peer peer;
        peer.deploy({"odd"}, mode.toStdString());
        const std::string error = peer.error("odd", {"f"});
        QVERIFY2(contains(error, why.toStdString()), error.c_str());
        // The peer goes on.
        peer.deploy({"basic"});
        QCOMPARE(peer.run("basic", {"put", "k", "v"})->response.status, 200);
    }

    void endsALateTransactionAlone() {
        Peer peer([](ChaincodeOptions& options) {
            options.executeTimeout = 1500ms;
            options.pingTimeout = 1min;
        });
        peer.deploy({"basic"});
        QCOMPARE(peer.run("basic", {"put", "k", "v"})->response.status, 200);
        auto silent = executeLater(*peer.executor, peer.channel, "basic", {"silent"});
        QCOMPARE(peer.run("basic", {"put", "k", "v"})->response.status, 200);
        const auto result = silent.get();
        QVERIFY(contains(std::string(messageOf(result.status())),
                         "error sending: timeout expired while executing transaction"));
        // The contract lives: it was only this transaction.
        QVERIFY(peer.executor->contracts().at(0).state == ContractStatus::State::Running);
        QCOMPARE(peer.run("basic", {"put", "k", "v"})->response.status, 200);
        QVERIFY(contains(peer.metrics.text(), "chaincode_execute_timeouts"));
    }

    void startsAgainWhatDies() {
        Peer peer;
        peer.deploy({"basic"});
        peer.deploy({"neighbour"}, "other");
        QVERIFY(
            contains(peer.error("basic", {"die"}), "error sending: chaincode stream terminated"));
        QCOMPARE(peer.run("neighbour", {"put", "k", "v"})->response.status, 200);
        QCOMPARE(peer.run("basic", {"put", "k", "v"})->response.status, 200);
    }

    void endsWhatHangs() {
        Peer peer([](ChaincodeOptions& options) {
            options.executeTimeout = 1500ms;
            options.pingTimeout = 500ms;
        });
        peer.deploy({"basic"});
        peer.deploy({"neighbour"}, "other");
        QVERIFY(contains(peer.error("basic", {"loop"}), "timeout expired"));
        QCOMPARE(peer.run("neighbour", {"put", "k", "v"})->response.status, 200);
        // Calls meet the hanging process until it is ended, then its successor.
        Result<ExecutionResult> result = peer.run("basic", {"put", "k", "v"});
        for (int i = 0; i < 100 && !result.ok(); ++i) result = peer.run("basic", {"put", "k", "v"});
        QVERIFY2(result.ok(), result.status().ToString().c_str());
    }

    void endsWhatTakesTooMuchMemory() {
        Peer peer([](ChaincodeOptions& options) { options.memoryLimit = 256LL << 20; });
        peer.deploy({"basic"});
        QVERIFY(contains(peer.error("basic", {"eat"}), "chaincode stream terminated"));
        Result<ExecutionResult> result = peer.run("basic", {"put", "k", "v"});
        QVERIFY2(result.ok(), result.status().ToString().c_str());
    }

    void letsContractsCallEachOther() {
        Peer peer;
        peer.deploy({"caller", "same"});
        peer.deploy({"callee"}, "other");
        const auto result = peer.run("caller", {"call", "callee", "put", "k", "v"});
        QVERIFY2(result.ok(), result.status().ToString().c_str());
        QCOMPARE(result->response.status, 200);
        const auto set = protocol::decodeReadWriteSet(result->readWriteSet);
        QCOMPARE(set->namespaces.size(), 2U);
        QCOMPARE(set->namespaces[0].reads.size(), 2U);
        QCOMPARE(set->namespaces[1].name, std::string_view("callee"));
        const auto refused = peer.run("caller", {"call", "callee", "fail", "sorry"});
        QCOMPARE(refused->response.message, std::string("sorry"));
        const auto unknown = peer.run("caller", {"call", "nosuch", "f"});
        QVERIFY(contains(unknown->response.message, "chaincode nosuch not found"));
        // Both run in one process: the transaction is there already.
        const auto same = peer.run("caller", {"call", "same", "get", "k"});
        QVERIFY2(contains(same->response.message, "(tradechannel) exists"),
                 same->response.message.c_str());
        const auto away = peer.run("caller", {"call", "callee/elsewhere", "get", "k"});
        QVERIFY(contains(away->response.message, "failed to find ledger for channel: elsewhere"));
        peer.channel->policy = makeError(StatusCode::kPermissionDenied, "NO", "not a writer");
        const auto denied = peer.run("caller", {"call", "callee", "get", "k"});
        QVERIFY(contains(denied->response.message, "not a writer"));
    }

    void readsOtherChannelsOnly() {
        std::shared_ptr<FakeChannel> other;
        Peer peer([&](ChaincodeOptions& options) {
            options.channels = [&](const ChannelId& id) -> std::shared_ptr<ExecutionChannel> {
                return id.str() == "elsewhere" ? other : nullptr;
            };
        });
        peer.deploy({"caller"});
        const std::string id = peer.deploy({"callee"}, "other");
        FakeState state = goldenState();
        define(state, "callee", id);
        state.put("callee", "k", "from there", {3, 0});
        other = std::make_shared<FakeChannel>(goldenEnd().bundle, state);
        const auto result = peer.run("caller", {"call", "callee/elsewhere", "get", "k"});
        QCOMPARE(result->response.payload, Bytes("from there"));
        const auto set = protocol::decodeReadWriteSet(result->readWriteSet);
        QCOMPARE(set->namespaces.size(), 1U);
    }

    void insistsOnInitialisation() {
        Peer peer;
        peer.deploy({"starter2"}, "good", true);
        QVERIFY(contains(peer.error("starter2", {"put", "k", "v"}),
                         "invalid invocation: chaincode 'starter2' has not been initialized for "
                         "this version, must call as init first"));
        const auto result = peer.run("starter2", {"put", "k", "v"}, true);
        QVERIFY2(result.ok(), result.status().ToString().c_str());
        const auto set = protocol::decodeReadWriteSet(result->readWriteSet);
        const std::string_view key("\0\xF4\x8F\xBF\xBFinitialized", 16);
        QCOMPARE(set->namespaces[1].reads.at(0).key, key);
        QCOMPARE(set->namespaces[1].writes.at(0).key, key);
        QCOMPARE(set->namespaces[1].writes.at(0).value, std::string_view("1.0"));
        peer.channel->change([&](FakeState& state) {
            state.put("starter2", std::string(key), "1.0", {9, 0});
        });
        QVERIFY(contains(peer.error("starter2", {"put", "k", "v"}, true),
                         "is already initialized but called as init"));
        QVERIFY(peer.run("starter2", {"put", "k", "v"}).ok());
        peer.deploy({"plain"}, "other");
        QVERIFY(contains(peer.error("plain", {"put", "k", "v"}, true),
                         "does not require initialization but called as init"));
    }

    void dialsContractsThatAreServices_data() {
        QTest::addColumn<bool>("withTls");
        QTest::newRow("TLS, both sides") << true;
        QTest::newRow("plain, on this machine") << false;
    }
    void dialsContractsThatAreServices() {
        QFETCH(bool, withTls);
        const auto authority = *ContractAuthority::make({"127.0.0.1"});
        TestContractService service(withTls ? authority.get() : nullptr);
        nlohmann::json connection{{"address", "{{.peername}}:" + std::to_string(service.port())},
                                  {"dial_timeout", "10s"},
                                  {"tls_required", withTls}};
        if (withTls) {
            const auto client = *authority->issue("peer");
            connection["root_cert"] = authority->rootsPem();
            connection["client_auth_required"] = true;
            connection["client_cert"] = client.certificatePem;
            connection["client_key"] = client.keyPem;
        }
        Peer peer;
        const std::string id = install(
            *peer.executor, packageOf("svc", "ccaas", {{"connection.json", connection.dump()}}));
        service.registerAs(id);
        peer.defineAs({"svc"}, id);
        std::vector<std::future<Result<ExecutionResult>>> all;
        for (int i = 0; i < 50; ++i)
            all.push_back(executeLater(*peer.executor, peer.channel, "svc",
                                       {"put", "k" + std::to_string(i), "v"}));
        for (auto& one : all) {
            const auto result = one.get();
            QVERIFY2(result.ok(), result.status().ToString().c_str());
        }
        // The stream must end before the server does.
        peer.executor.reset();
    }

    void saysWhenNobodyListens() {
        Peer peer;
        const std::string id = install(
            *peer.executor,
            packageOf("svc", "ccaas", {{"connection.json", R"({"address":"127.0.0.1:1"})"}}));
        peer.defineAs({"svc"}, id);
        const std::string why = peer.error("svc", {"f"});
        QVERIFY2(contains(why, "nobody registered at 127.0.0.1:1"), why.c_str());
        const std::string far = install(
            *peer.executor,
            packageOf("far", "ccaas", {{"connection.json", R"({"address":"192.0.2.1:1"})"}}));
        peer.defineAs({"far"}, far);
        QVERIFY(contains(peer.error("far", {"f"}), "is on another machine and without TLS"));
    }

    void knowsSystemContracts() {
        Peer peer;
        for (const char* name : {"_lifecycle", "qscc", "cscc", "lscc"})
            QVERIFY(peer.executor->isSystemContract(name));
        QVERIFY(!peer.executor->isSystemContract("assets"));
        const auto result = peer.run("_lifecycle", {"QueryChaincodeDefinitions", ""});
        QVERIFY2(result.ok(), result.status().ToString().c_str());
        QCOMPARE(result->response.status, 200);
        QCOMPARE(result->version, std::string("syscc"));
        const auto bad = peer.run("_lifecycle", {"Nonsense", ""});
        QCOMPARE(bad->response.status, 500);
        const auto few = peer.run("_lifecycle", {"QueryChaincodeDefinitions"});
        QCOMPARE(few->response.message,
                 std::string("lifecycle scc operations require exactly two arguments but received "
                             "1"));
        QVERIFY(contains(peer.error("_lifecycle", {"QueryChaincodeDefinitions", ""}, true),
                         "chaincode '_lifecycle' does not require initialization but called as "
                         "init"));
        const std::string id = peer.deploy({"basic"});
        QTRY_COMPARE(peer.executor->contracts().at(0).references.size(), 1U);
    }
};

CHANCERY_TEST(ExecutorTest)
#include "ExecutorTest.moc"
