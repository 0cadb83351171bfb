#include <condition_variable>
#include <fstream>
#include <mutex>

#include "src/base/File.h"
#include "src/client/BuiltinNode.h"
#include "src/client/FabricNode.h"
#include "src/protocol/Envelope.h"
#include "src/usecase/SignedRequests.h"
#include "tests/network/TestNetwork.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using test::TestNetwork;

namespace {

const std::string kPeer1 = "peer0.org1.example.com";
const std::string kPeer2 = "peer0.org2.example.com";
const std::string kOrderer = "orderer.example.com";

Deadline soon() {
    return deadlineIn(TestNetwork::kLong);
}

/// Events of many nodes, to be waited for.
class Events {
public:
    using Told = std::pair<std::string, interfaces::NodeFlowEvent>;

    void add(const std::string& node, const interfaces::NodeFlowBatch& batch) {
        const std::lock_guard lock(m_mutex);
        for (const auto& event : batch.events) m_all.emplace_back(node, event);
        m_changed.notify_all();
    }
    /// Of one transaction, as soon as each of the nodes has told its last stage.
    std::vector<Told> await(const TxId& txId, const std::map<std::string, std::string>& last) {
        std::vector<Told> found;
        std::unique_lock lock(m_mutex);
        m_changed.wait_for(lock, TestNetwork::kLong, [&] {
            found.clear();
            auto missing = last;
            for (const auto& [node, event] : m_all) {
                if (event.txId != txId) continue;
                found.emplace_back(node, event);
                const auto at = missing.find(node);
                if (at != missing.end() && at->second == event.stage) missing.erase(at);
            }
            return missing.empty();
        });
        return found;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<Told> m_all;
};

}  // namespace

/// Real nodes with the admin API: the way of a transaction over all of them, leaving and joining,
/// and that Fabric's own protocols tell the same.
class NodeAdminTest : public QObject {
    Q_OBJECT

    std::unique_ptr<TestNetwork> m_network;

    std::filesystem::path socketOf(const std::string& name) const {
        return m_network->folder().node(name)->config.parent_path() / "admin.sock";
    }
    std::shared_ptr<interfaces::Node> node(const std::string& name,
                                           const std::string& role = "administrator") const {
        auto made = client::makeBuiltinNode(socketOf(name).string(),
                                            {{"chancery-role", role}, {"chancery-caller", "test"}});
        return made.ok() ? *made : nullptr;
    }
    Bytes genesis() const { return readFile(m_network->folder().genesis()).value(); }

    /// A transaction by the gateway of the first peer.
    Result<TxId> submitByGateway(const std::string& key) {
        const auto context = m_network->actAs("Org1", "User1");
        const ChannelId& channel = m_network->folder().channel();
        ASSIGN_OR_RETURN(const auto address,
                         m_network->folder().address(*m_network->folder().node(kPeer1)));
        ASSIGN_OR_RETURN(const auto gateway, m_network->connector().gateway(address));
        ASSIGN_OR_RETURN(
            const auto proposal,
            usecase::signProposal(
                context, {.channel = channel, .contract = "keys", .args = {"put", key, "value"}}));
        const TxId txId = proposal.proposal.txId;
        ASSIGN_OR_RETURN(const Bytes prepared,
                         gateway->endorse(channel, txId, proposal.bytes, soon()));
        ASSIGN_OR_RETURN(const auto envelope, protocol::decodeEnvelope(prepared));
        ASSIGN_OR_RETURN(const Bytes signature, context.identity->sign(envelope.payload));
        RETURN_IF_ERROR(gateway->submit(
            channel, txId, protocol::encodeEnvelope(envelope.payload, signature), soon()));
        return txId;
    }

    using Stages = std::map<std::string, interfaces::NodeFlowEvent>;

    static void compareTimes(const std::map<std::string, Stages>& byNode) {
        // All clocks are one here: a stage begins when the one before has begun, and work ends
        // before what depends on it begins.
        const auto began = [&](const std::string& node, const std::string& stage) {
            return byNode.at(node).at(stage).start;
        };
        const auto ended = [&](const std::string& node, const std::string& stage) {
            const auto& event = byNode.at(node).at(stage);
            // Clocks of durations and of times differ by a little.
            return event.start + absl::FromChrono(event.duration) - absl::Milliseconds(2);
        };
        for (const std::string& peer : {kPeer1, kPeer2}) {
            QVERIFY(ended(peer, "propose") <= began(peer, "execute"));
            QVERIFY(ended(peer, "execute") <= began(peer, "endorse"));
            QVERIFY(ended(peer, "endorse") <= began(kPeer1, "submit"));
            QVERIFY(began(kOrderer, "order") <= began(peer, "deliver"));
            QVERIFY(began(peer, "deliver") <= began(peer, "validate"));
            QVERIFY(ended(peer, "validate") <= began(peer, "commit"));
        }
        QVERIFY(began(kPeer1, "submit") <= began(kOrderer, "broadcast"));
        QVERIFY(ended(kOrderer, "broadcast") <= ended(kPeer1, "submit") + absl::Milliseconds(4));
        QVERIFY(began(kOrderer, "broadcast") <= began(kOrderer, "order"));
    }

private Q_SLOTS:
    void initTestCase() { m_network = std::make_unique<TestNetwork>(); }

    void tellsItself() {
        for (const std::string& name : {kOrderer, kPeer1, kPeer2}) {
            const auto status = node(name, "auditor")->status(soon());
            VERIFY_OK(status);
            QCOMPARE(status->kind, std::string(name == kOrderer ? "orderer" : "peer"));
            for (const auto& row : status->health) QCOMPARE(row.problem, std::string());
            QCOMPARE(status->endpoints.at("grpc"),
                     m_network->folder().node(name)->endpoints.at("grpc"));
            const auto settings = node(name, "auditor")->settings(soon());
            VERIFY_OK(settings);
            const auto found =
                std::find_if(settings->begin(), settings->end(),
                             [](const auto& setting) { return setting.path == "mspId"; });
            QVERIFY(found != settings->end());
            QCOMPARE(found->value, status->mspId.str());
        }
    }

    void tellsTheWholeWayOfATransaction() {
        Events events;
        std::vector<Subscription> watching;
        std::mutex mutex;
        std::set<std::string> alive;
        for (const std::string& name : {kOrderer, kPeer1, kPeer2})
            watching.push_back(node(name, "auditor")
                                   ->watchFlow(
                                       [&, name](const interfaces::NodeFlowBatch& batch) {
                                           {
                                               const std::lock_guard lock(mutex);
                                               alive.insert(name);
                                           }
                                           events.add(name, batch);
                                       },
                                       [](const Status&) {}));
        // The streams begin some time after they were asked for.
        const bool begun = QTest::qWaitFor(
            [&] {
                const auto done = m_network->submit({"put", "warm", "up"});
                const std::lock_guard lock(mutex);
                return done.ok() && alive.size() == 3;
            },
            60'000);
        QVERIFY(begun);
        Result<TxId> txId = absl::UnknownError("not tried");
        QVERIFY(QTest::qWaitFor([&] { return (txId = submitByGateway("key")).ok(); }, 60'000));
        const auto told =
            events.await(*txId, {{kPeer1, "commit"}, {kPeer2, "commit"}, {kOrderer, "order"}});
        std::map<std::string, Stages> byNode;
        for (const auto& [node, event] : told) {
            QCOMPARE(event.outcome, std::string());
            QCOMPARE(event.channel, m_network->folder().channel());
            QVERIFY(event.duration.count() >= 0);
            QVERIFY2(byNode[node].emplace(event.stage, event).second, event.stage.c_str());
        }
        const auto stagesOf = [&](const std::string& node) {
            std::set<std::string> stages;
            for (const auto& [stage, event] : byNode[node]) stages.insert(stage);
            return stages;
        };
        const std::set<std::string> endorsing{"propose", "execute", "endorse"};
        const std::set<std::string> committing{"deliver", "validate", "commit"};
        auto all = endorsing;
        all.insert(committing.begin(), committing.end());
        QCOMPARE(stagesOf(kPeer2), all);
        all.insert("submit");
        QCOMPARE(stagesOf(kPeer1), all);
        QCOMPARE(stagesOf(kOrderer), (std::set<std::string>{"broadcast", "order"}));
        compareTimes(byNode);
    }

    void leavesAndJoinsAgain() {
        VERIFY_OK(m_network->submit({"put", "before", "leaving"}));
        const auto channel = m_network->folder().channel();
        const auto data = m_network->folder().node(kPeer2)->data / "channels" / channel.str();
        QVERIFY(std::filesystem::exists(data));
        QVERIFY(absl::IsPermissionDenied(node(kPeer2, "operator")->leave(channel, soon())));
        VERIFY_OK(node(kPeer2)->leave(channel, soon()));
        QVERIFY(!std::filesystem::exists(data));
        const auto none = node(kPeer2)->channels(soon());
        VERIFY_OK(none);
        QVERIFY(none->empty());
        VERIFY_OK(node(kPeer2)->leave(channel, soon()));
        QVERIFY(!m_network->submit({"put", "without", "peer"}).ok());

        VERIFY_OK(node(kPeer2)->join(genesis(), soon()));
        VERIFY_OK(node(kPeer2)->join(genesis(), soon()));
        VERIFY_OK(node(kPeer1)->join(genesis(), soon()));
        VERIFY_OK(node(kOrderer)->join(genesis(), soon()));
        QCOMPARE(reasonOf(node(kOrderer)->join("garbage", soon())), std::string("BAD_JOIN_BLOCK"));
        const auto sameHeight = [&] {
            const auto one = node(kPeer1)->channels(soon()), two = node(kPeer2)->channels(soon());
            return one.ok() && two.ok() && !two->empty() &&
                   one->front().lastBlockHash == two->front().lastBlockHash;
        };
        QVERIFY(QTest::qWaitFor(sameHeight, 60'000));
        const auto value = m_network->evaluate("Org2", {"get", "before"});
        VERIFY_OK(value);
        QCOMPARE(*value, std::string("leaving"));
        // Contracts run there again.
        Result<usecase::Submitted> done = absl::UnknownError("not tried");
        QVERIFY2(QTest::qWaitFor(
                     [&] {
                         return (done = m_network->submit({"put", "after", "it"})).ok();
                     },
                     60'000),
                 done.status().ToString().c_str());
    }

    void tellsTheSameAsFabricsProtocols() {
        for (const std::string& name : {kOrderer, kPeer1, kPeer2}) {
            const auto& node = *m_network->folder().node(name);
            const auto& organisation = m_network->folder().organisations()[node.organisation];
            const auto admin = organisation.user("Admin");
            client::FabricNodeAccess access;
            access.isPeer = node.isPeer;
            access.mspId = organisation.plan().mspId;
            access.address = m_network->folder().address(node).value();
            access.operations = m_network->folder().address(node, "operations").value();
            if (!node.isPeer)
                access.participation = m_network->folder().address(node, "admin").value();
            access.identity = identity::loadSigningIdentity(admin / "msp", access.mspId).value();
            access.tls = interfaces::TlsIdentity{readFile(admin / "tls/client.crt").value(),
                                                 readFile(admin / "tls/client.key").value()};
            const auto fabric = client::makeFabricNode(m_network->connector(), std::move(access));
            VERIFY_OK(fabric);
            const auto theirs = (*fabric)->channels(soon());
            VERIFY_OK(theirs);
            const auto ours = this->node(name)->channels(soon());
            VERIFY_OK(ours);
            QCOMPARE(theirs->size(), ours->size());
            QCOMPARE(theirs->front().channel, ours->front().channel);
            QCOMPARE(theirs->front().height, ours->front().height);
            QCOMPARE(theirs->front().lastBlockHash, ours->front().lastBlockHash);
            QCOMPARE(theirs->front().relation, ours->front().relation);
            QCOMPARE(theirs->front().status, ours->front().status);
            QCOMPARE(theirs->front().contracts.size(), ours->front().contracts.size());
            if (node.isPeer) {
                QCOMPARE(theirs->front().contracts.front().name, std::string("keys"));
                QCOMPARE(theirs->front().contracts.front().sequence, std::uint64_t(1));
                QVERIFY(theirs->front().contracts.front().runs);
                QVERIFY(ours->front().contracts.front().runs);
            }
        }
    }
};

CHANCERY_TEST(NodeAdminTest)
#include "NodeAdminTest.moc"
