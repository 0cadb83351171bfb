#include <grpcpp/grpcpp.h>

#include <future>

#include "node/peer/Discovery.h"
#include "node/peer/DiscoveryService.h"
#include "src/protocol/Transaction.h"
#include "tests/node/peer/GatewayFixtureService.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;
using namespace std::chrono_literals;

/// Endorsing and evaluating as clients meet it, with other peers over TLS.
class GatewayEndorseServiceTest : public QObject, private GatewayFixture {
    Q_OBJECT
private slots:
    void init() { serve(bundleWith({"127.0.0.1:1"})); }
    void cleanup() { QVERIFY(end()); }

    void endorseLocally();
    void endorseForOrganisations();
    void endorseByLayout();
    void definedJustNow_data();
    void definedJustNow();
    void endorserOutOfOrder();
    void endorseFailures_data();
    void endorseFailures();
    void mismatch();
    void transientStaysAtHome();
    void evaluate();
    void evaluateFailures_data();
    void evaluateFailures();
    void evaluateElsewhere();
    void malformed_data();
    void malformed();
};

void GatewayEndorseServiceTest::endorseLocally() {
    const auto made = proposal();
    pb::EndorseResponse response;
    QCOMPARE(textOf(endorseNow(made, response)), std::string("OK"));
    QVERIFY(response.prepared_transaction().signature().empty());
    const auto transaction = protocol::Transaction::decode(
        protocol::SharedBytes(response.prepared_transaction().SerializeAsString()));
    QVERIFY(transaction.faults.empty());
    QCOMPARE(std::string(transaction.channelHeader.txId), made.proposal.txId.str());
    QCOMPARE(std::string(transaction.actions.front().response->payload), std::string("result"));
    QCOMPARE(transaction.recomputedProposalHash(transaction.actions.front()),
             Bytes(transaction.actions.front().proposalHash));
    QCOMPARE(endorsersOf(response), std::vector<std::string>{"Org1MSP"});
    QCOMPARE(m_run->endorser->calls.load(), 1);
}

void GatewayEndorseServiceTest::endorseForOrganisations() {
    FakeRemoteEndorser remote(m_peer2);
    const NodeServer node(*m_org2, remote);
    VERIFY_OK(m_run->directory->report(*m_run->channel,
                                       peerOf(*m_peer2, node.address(), {{"assets", "1"}})));
    pb::EndorseResponse response;
    QCOMPARE(textOf(endorseNow(proposal(), response, {"Org2MSP"})), std::string("OK"));
    QCOMPARE(endorsersOf(response), std::vector<std::string>{"Org2MSP"});
    QCOMPARE(textOf(endorseNow(proposal(), response, {"Org2MSP", "Org1MSP", "Org1MSP"})),
             std::string("OK"));
    QCOMPARE(endorsersOf(response), (std::vector<std::string>{"Org1MSP", "Org2MSP"}));
    QCOMPARE(textOf(endorseNow(proposal(), response, {"Org1MSP", "Org3MSP", "NoMSP"})),
             std::string("14 failed to find any endorsing peers for org(s): Org3MSP, NoMSP"));
}

void GatewayEndorseServiceTest::endorseByLayout() {
    m_run->channel->define("assets", "AND('Org1MSP.peer','Org2MSP.peer')");
    FakeRemoteEndorser remote(m_peer2);
    const NodeServer node(*m_org2, remote);
    pb::EndorseResponse response;
    QCOMPARE(textOf(endorseNow(proposal(), response)),
             std::string("9 no combination of peers can be derived which satisfy the endorsement "
                         "policy: no peer combination can satisfy the endorsement policy"));
    VERIFY_OK(m_run->directory->report(*m_run->channel,
                                       peerOf(*m_peer2, node.address(), {{"assets", "1"}})));
    QCOMPARE(textOf(endorseNow(proposal(), response)), std::string("OK"));
    QCOMPARE(endorsersOf(response), (std::vector<std::string>{"Org1MSP", "Org2MSP"}));

    // What the first endorser says the transaction touches decides.
    m_run->channel->define("other", "OR('Org2MSP.peer')");
    m_run->endorser->behaviour.interest = interestIn({"other"});
    VERIFY_OK(m_run->directory->report(
        *m_run->channel, peerOf(*m_peer2, node.address(), {{"assets", "1"}, {"other", "1"}})));
    m_run->channel->raiseTo(2);
    QCOMPARE(textOf(endorseNow(proposal(), response)), std::string("OK"));
    QCOMPARE(endorsersOf(response), std::vector<std::string>{"Org2MSP"});
}

// A peer that does not answer is replaced by the next of its group, and a group by another layout.
void GatewayEndorseServiceTest::definedJustNow_data() {
    QTest::addColumn<QString>("call");
    QTest::addColumn<bool>("isBehind");
    for (const char* call : {"by layout", "by organisation", "evaluate"})
        for (const bool isBehind : {false, true})
            QTest::addRow("%s, %s", call, isBehind ? "not yet there" : "there")
                << QString(call) << isBehind;
}

// The other peer has committed the definition after it was asked what it can run, or has not even
// yet: the call that needs it must not fail, and the client must not try again.
void GatewayEndorseServiceTest::definedJustNow() {
    QFETCH(QString, call);
    QFETCH(bool, isBehind);
    std::atomic<bool> hides{true};
    FakePeerChannels channels;
    const auto channel = std::make_shared<FakePeerChannel>(m_run->channel->bundle());
    channels.channels[channel->channelId()] = channel;
    GatewayConnections connections(m_org2->tls("peer0"));
    PeerDirectoryOptions theirs;
    theirs.selfEndpoint = "peer0.org2:7051";
    theirs.isRunnable = [&](const ChannelId&, std::string_view) { return !hides.exchange(false); };
    PeerDirectory directory(channels, m_peer2, connections, theirs);
    Layouts layouts(directory);
    Discovery discovery(channels, directory, layouts, m_peer2, DiscoveryOptions());
    DiscoveryService service(discovery);
    FakeRemoteEndorser remote(m_peer2);
    const NodeServer node(*m_org2, {&service.service(), &remote});

    serve(m_run->channel->bundle(), {}, {{m_org2->mspId(), node.address()}});
    m_run->directory->start();
    while (m_run->directory->peers(*m_run->channel).size() != 2) std::this_thread::yield();
    hides = isBehind;
    const std::string policy =
        call == "evaluate" ? "OR('Org2MSP.peer')" : "AND('Org1MSP.peer','Org2MSP.peer')";
    channel->define("fresh", policy);
    channel->raiseTo(5);
    m_run->channel->define("fresh", policy);
    m_run->channel->raiseTo(20);
    const auto made = proposal("fresh");
    if (call == "evaluate") {
        pb::EvaluateResponse response;
        QCOMPARE(textOf(evaluateNow(made, response, {"Org2MSP"})), std::string("OK"));
    } else {
        pb::EndorseResponse response;
        const auto organisations = call == "by layout"
                                       ? std::vector<std::string>()
                                       : std::vector<std::string>{"Org1MSP", "Org2MSP"};
        QCOMPARE(textOf(endorseNow(made, response, organisations)), std::string("OK"));
        QCOMPARE(endorsersOf(response), (std::vector<std::string>{"Org1MSP", "Org2MSP"}));
    }
    QCOMPARE(remote.calls.load(), 1);
    m_run->directory->stop();
    QVERIFY(end());
}

void GatewayEndorseServiceTest::endorserOutOfOrder() {
    m_run->channel->define(
        "assets", "OR(AND('Org1MSP.peer','Org2MSP.peer'),AND('Org1MSP.peer','Org3MSP.peer'))");
    FakeRemoteEndorser second(m_org2->member("peer1", "peer")), third(m_peer3);
    const NodeServer node2(*m_org2, second), node3(*m_org3, third);
    // The highest one is asked first, and is not there.
    VERIFY_OK(m_run->directory->report(*m_run->channel,
                                       peerOf(*m_peer2, "127.0.0.1:1", {{"assets", "1"}}, 100)));
    VERIFY_OK(m_run->directory->report(
        *m_run->channel, peerOf(*second.identity, node2.address(), {{"assets", "1"}}, 9)));
    pb::EndorseResponse response;
    QCOMPARE(textOf(endorseNow(proposal(), response)), std::string("OK"));
    QCOMPARE(endorsersOf(response), (std::vector<std::string>{"Org1MSP", "Org2MSP"}));
    QCOMPARE(second.calls.load(), 1);

    second.refusal = {grpc::StatusCode::UNKNOWN, "not today"};
    const auto failed = endorseNow(proposal(), response);
    QCOMPARE(textOf(failed),
             std::string("10 failed to collect enough transaction endorsements, see attached "
                         "details for more info"));
    QCOMPARE(detailsOf(failed),
             std::vector<std::string>{node2.address() +
                                      " Org2MSP rpc error: code = Unknown desc = not today"});
    VERIFY_OK(m_run->directory->report(*m_run->channel,
                                       peerOf(*m_peer3, node3.address(), {{"assets", "1"}})));
    QCOMPARE(textOf(endorseNow(proposal(), response)), std::string("OK"));
    QCOMPARE(endorsersOf(response), (std::vector<std::string>{"Org1MSP", "Org3MSP"}));
}

void GatewayEndorseServiceTest::endorseFailures_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("message");
    QTest::addColumn<bool>("fromContract");
    QTest::addColumn<QString>("detail");
    QTest::newRow("contract") << 500 << "no such account" << true
                              << "chaincode response 500, no such account";
    QTest::newRow("contract 400") << 404 << "nothing" << true << "chaincode response 404, nothing";
    QTest::newRow("peer") << 500 << "error in simulation: timeout" << false
                          << "error in simulation: timeout";
    QTest::newRow("long") << 500 << QString(9000, 'x') << true << "";
}

void GatewayEndorseServiceTest::endorseFailures() {
    QFETCH(int, status);
    QFETCH(QString, message);
    QFETCH(bool, fromContract);
    QFETCH(QString, detail);
    m_run->endorser->behaviour.status = status;
    m_run->endorser->behaviour.message = message.toStdString();
    m_run->endorser->behaviour.fromContract = fromContract;
    pb::EndorseResponse response;
    const auto failed = endorseNow(proposal(), response);
    QCOMPARE(textOf(failed), std::string("10 failed to endorse transaction, see attached details "
                                         "for more info"));
    const auto details = detailsOf(failed);
    QCOMPARE(details.size(), std::size_t(1));
    if (detail.isEmpty())
        QVERIFY(QString::fromStdString(details[0]).contains("chaincode response 500, xxxx"));
    else
        QCOMPARE(details[0], "peer0.org1:7051 Org1MSP " + detail.toStdString());
}

void GatewayEndorseServiceTest::mismatch() {
    m_run->channel->define("assets", "AND('Org1MSP.peer','Org2MSP.peer')");
    FakeRemoteEndorser remote(m_peer2);
    remote.behaviour.payload = "another result";
    const NodeServer node(*m_org2, remote);
    VERIFY_OK(m_run->directory->report(*m_run->channel,
                                       peerOf(*m_peer2, node.address(), {{"assets", "1"}})));
    pb::EndorseResponse response;
    const auto failed = endorseNow(proposal(), response);
    QCOMPARE(textOf(failed),
             std::string("10 failed to collect enough transaction endorsements, see attached "
                         "details for more info"));
    QCOMPARE(detailsOf(failed),
             std::vector<std::string>{node.address() +
                                      " Org2MSP ProposalResponsePayloads do not match"});
}

void GatewayEndorseServiceTest::transientStaysAtHome() {
    // Only others can run this one.
    m_run->channel->define("theirs", "OR('Org2MSP.peer')", 7);
    FakeRemoteEndorser remote(m_peer2);
    const NodeServer node(*m_org2, remote);
    PeerDirectoryOptions options;
    options.selfEndpoint = "peer0.org1:7051";
    options.isRunnable = [](const ChannelId&, std::string_view name) { return name != "theirs"; };
    Running& run = *m_run;
    PeerDirectory directory(run.channels, m_peer, *run.connections, options);
    Layouts layouts(directory);
    Gateway gateway(run.channels, *run.endorser, directory, layouts, *run.connections, {});
    VERIFY_OK(directory.report(*run.channel, peerOf(*m_peer2, node.address(), {{"theirs", "7"}})));
    const auto ask = [&](const TestProposal& proposal, std::vector<std::string> organisations) {
        std::promise<Result<Bytes>> answer;
        gateway.endorse(protocol::SharedBytes(proposalRequest(proposal, "trade", organisations)),
                        deadlineIn(60s), {},
                        [&](Result<Bytes> bytes) { answer.set_value(std::move(bytes)); });
        return answer.get_future().get().status();
    };
    const auto refused = ask(propose(*m_client, "trade", "theirs", true), {});
    QCOMPARE(refused.code(), StatusCode::kFailedPrecondition);
    QCOMPARE(std::string(messageOf(refused)),
             std::string("no endorsers found in the gateway's organization; retry specifying "
                         "endorsing organization(s) to protect transient data"));
    QCOMPARE(remote.calls.load(), 0);
    VERIFY_OK(ask(propose(*m_client, "trade", "theirs", true), {"Org2MSP"}));
    VERIFY_OK(ask(propose(*m_client, "trade", "theirs", false), {}));
    QCOMPARE(run.endorser->calls.load(), 0);
}

void GatewayEndorseServiceTest::evaluate() {
    pb::EvaluateResponse response;
    m_run->endorser->behaviour.message = "fine";
    QCOMPARE(textOf(evaluateNow(proposal(), response)), std::string("OK"));
    QCOMPARE(response.result().status(), 200);
    QCOMPARE(response.result().message(), std::string("fine"));
    QCOMPARE(response.result().payload(), std::string("result"));
    QCOMPARE(m_run->endorser->evaluations.load(), 1);
    // System contracts run on every peer.
    QCOMPARE(textOf(evaluateNow(proposal("qscc"), response)), std::string("OK"));
}

void GatewayEndorseServiceTest::evaluateFailures_data() {
    endorseFailures_data();
}

void GatewayEndorseServiceTest::evaluateFailures() {
    QFETCH(int, status);
    QFETCH(QString, message);
    QFETCH(bool, fromContract);
    QFETCH(QString, detail);
    if (detail.isEmpty()) return;
    m_run->endorser->behaviour.status = status;
    m_run->endorser->behaviour.message = message.toStdString();
    m_run->endorser->behaviour.fromContract = fromContract;
    pb::EvaluateResponse response;
    const auto failed = evaluateNow(proposal(), response);
    // What the peer itself says may be another peer's better knowledge.
    QCOMPARE(textOf(failed),
             fromContract
                 ? "2 evaluate call to endorser returned error: " + detail.toStdString()
                 : "10 failed to evaluate transaction, see attached details for more info");
    QCOMPARE(detailsOf(failed),
             std::vector<std::string>{"peer0.org1:7051 Org1MSP " + detail.toStdString()});
}

void GatewayEndorseServiceTest::evaluateElsewhere() {
    FakeRemoteEndorser remote(m_peer2);
    remote.behaviour.payload = "theirs";
    const NodeServer node(*m_org2, remote);
    VERIFY_OK(m_run->directory->report(*m_run->channel,
                                       peerOf(*m_peer2, node.address(), {{"assets", "1"}}, 99)));
    pb::EvaluateResponse response;
    QCOMPARE(textOf(evaluateNow(proposal(), response, {"Org2MSP"})), std::string("OK"));
    QCOMPARE(response.result().payload(), std::string("theirs"));
    // The own organisation comes first, whatever the heights.
    QCOMPARE(textOf(evaluateNow(proposal(), response)), std::string("OK"));
    QCOMPARE(response.result().payload(), std::string("result"));
    m_run->endorser->behaviour.status = 500;
    m_run->endorser->behaviour.fromContract = false;
    QCOMPARE(textOf(evaluateNow(proposal(), response)), std::string("OK"));
    QCOMPARE(response.result().payload(), std::string("theirs"));
    QCOMPARE(textOf(evaluateNow(proposal(), response, {"Org3MSP"})),
             std::string("9 no peers available to evaluate chaincode assets in channel trade"));
    QCOMPARE(textOf(evaluateNow(proposal("nope"), response)),
             std::string("9 no peers available to evaluate chaincode nope in channel trade"));
    QCOMPARE(textOf(evaluateNow(proposal("nope", true), response)),
             std::string("9 no endorsers found in the gateway's organization; retry specifying "
                         "target organization(s) to protect transient data: no peers available to "
                         "evaluate chaincode nope in channel trade"));
    pb::EvaluateRequest elsewhere;
    elsewhere.ParseFromString(proposalRequest(propose(*m_client, "nowhere", "assets"), "nowhere"));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 60s);
    QCOMPARE(textOf(m_run->stub->Evaluate(&context, elsewhere, &response)),
             std::string("14 failed to get config for channel [nowhere]: could not get last config "
                         "for channel nowhere"));
}

void GatewayEndorseServiceTest::malformed_data() {
    QTest::addColumn<QByteArray>("proposal");
    QTest::addColumn<QString>("expected");
    const auto bytes = [](const std::string& text) { return QByteArray::fromStdString(text); };
    ::protos::SignedProposal junk;
    junk.set_proposal_bytes("\xff\xff");
    const TestProposal good = propose(*m_client, "trade", "assets");
    QTest::newRow("nothing") << QByteArray()
                             << "3 the proposed transaction must contain a signed proposal";
    QTest::newRow("junk") << bytes(junk.SerializeAsString()) << "3 error unmarshalling Proposal";
    QTest::newRow("no channel") << bytes(propose(*m_client, "", "assets").signedBytes)
                                << "3 no channel id provided";
    ::protos::SignedProposal cut;
    cut.ParseFromString(good.signedBytes);
    cut.mutable_proposal_bytes()->resize(cut.proposal_bytes().size() - 3);
    QTest::newRow("cut") << bytes(cut.SerializeAsString()) << "3 error unmarshalling";
}

void GatewayEndorseServiceTest::malformed() {
    QFETCH(QByteArray, proposal);
    QFETCH(QString, expected);
    TestProposal made;
    made.signedBytes = proposal.toStdString();
    pb::EndorseResponse response;
    const auto refused = QString::fromStdString(textOf(endorseNow(made, response)));
    QVERIFY2(refused.startsWith(expected), qPrintable(refused));
    pb::EvaluateResponse evaluated;
    const auto also = QString::fromStdString(textOf(evaluateNow(made, evaluated)));
    QVERIFY2(also.startsWith("3 failed to unpack transaction proposal: "), qPrintable(also));
    QCOMPARE(m_run->endorser->calls.load(), 0);
}

CHANCERY_TEST(GatewayEndorseServiceTest)
#include "GatewayEndorseServiceTest.moc"
