#include "node/peer/GatewayRequests.h"

#include "fabric/gateway/gateway.pb.h"
#include "tests/node/peer/GatewayTestNetwork.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;

/// The gateway's requests, also such as nobody should send.
class GatewayRequestsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { m_org = std::make_unique<TestOrg>("Org1"); }
    void proposalCalls();
    void partsInPieces();
    void submitCalls();
    void eventRequests();
    void anyBytes();
    void tooManyOrganisations();

private:
    std::unique_ptr<TestOrg> m_org;
};

void GatewayRequestsTest::proposalCalls() {
    const auto made = propose(*m_org->member("user", "client"), "trade", "assets", true);
    const auto call = decodeProposalCall(
        protocol::SharedBytes(proposalRequest(made, "trade", {"Org1MSP", "Org2MSP"})));
    VERIFY_OK(call);
    QCOMPARE(std::string(call->transactionId), made.proposal.txId.str());
    QCOMPARE(Bytes(call->signedProposal.view()), made.signedBytes);
    QCOMPARE(call->organisations, (std::vector<std::string>{"Org1MSP", "Org2MSP"}));
    const auto target = decodeTarget(call->signedProposal.view(), "nothing");
    VERIFY_OK(target);
    QCOMPARE(Bytes(target->proposal), made.proposal.bytes);
    QCOMPARE(std::string(target->channel), std::string("trade"));
    QCOMPARE(std::string(target->chaincode), std::string("assets"));
    QVERIFY(target->hasTransient);
}

// Protobuf lets a message inside another come in pieces.
void GatewayRequestsTest::partsInPieces() {
    const auto made = propose(*m_org->member("user", "client"), "trade", "assets");
    ::protos::SignedProposal whole, first, second;
    whole.ParseFromString(made.signedBytes);
    first.set_signature(whole.signature());
    second.set_proposal_bytes(whole.proposal_bytes());
    ::gateway::EndorseRequest one, two;
    *one.mutable_proposed_transaction() = first;
    *two.mutable_proposed_transaction() = second;
    const auto call = decodeProposalCall(
        protocol::SharedBytes(one.SerializeAsString() + two.SerializeAsString()));
    VERIFY_OK(call);
    ::protos::SignedProposal merged;
    QVERIFY(merged.ParseFromString(std::string(call->signedProposal.view())));
    QCOMPARE(merged.SerializeAsString(), whole.SerializeAsString());
}

void GatewayRequestsTest::submitCalls() {
    const auto call = decodeSubmitCall(protocol::SharedBytes(submitRequest("tx", "c", "p", "s")));
    VERIFY_OK(call);
    QVERIFY(call->hasEnvelope);
    QCOMPARE(Bytes(call->signature), Bytes("s"));
    QCOMPARE(Bytes(call->envelope.view()), Bytes("\x0a\x01p\x12\x01s"));
    const auto nothing = decodeSubmitCall(protocol::SharedBytes(Bytes()));
    VERIFY_OK(nothing);
    QVERIFY(!nothing->hasEnvelope);
}

void GatewayRequestsTest::eventRequests() {
    using Start = ChaincodeEventsRequest::Start;
    ::gateway::ChaincodeEventsRequest message;
    const auto decode = [&] { return *decodeChaincodeEvents(message.SerializeAsString()); };
    QVERIFY(decode().start == Start::NextCommit);
    message.mutable_start_position();
    QVERIFY(decode().start == Start::NextCommit);
    message.mutable_start_position()->mutable_specified();
    QVERIFY(decode().start == Start::Specified);
    QCOMPARE(decode().block, BlockNumber(0));
    message.mutable_start_position()->mutable_specified()->set_number(7);
    QCOMPARE(decode().block, BlockNumber(7));
    message.mutable_start_position()->mutable_oldest();
    QVERIFY(decode().start == Start::Oldest);
    message.mutable_start_position()->mutable_newest();
    QVERIFY(decode().start == Start::Newest);
    message.mutable_start_position()->mutable_next_commit();
    QVERIFY(decode().start == Start::NextCommit);
}

// Every prefix and every flipped bit of good requests gives a value or an error.
void GatewayRequestsTest::anyBytes() {
    const auto client = m_org->member("user", "client");
    const auto made = propose(*client, "trade", "assets", true);
    const std::vector<Bytes> requests{proposalRequest(made, "trade", {"Org1MSP"}),
                                      submitRequest("tx", "c", "payload", "signature"),
                                      commitStatusRequest(*client, "trade", "tx"),
                                      eventsRequest(*client, {.start = 3, .after = "tx"})};
    std::size_t refused = 0;
    const auto tryAll = [&](const Bytes& bytes) {
        const protocol::SharedBytes shared(bytes);
        const auto call = decodeProposalCall(shared);
        if (call.ok() && !decodeTarget(call->signedProposal.view(), "nothing").ok()) ++refused;
        if (!decodeSubmitCall(shared).ok()) ++refused;
        const auto signedCall = decodeSignedCall(shared);
        if (!signedCall.ok()) {
            ++refused;
            return;
        }
        if (!decodeCommitStatus(signedCall->request).ok()) ++refused;
        if (!decodeChaincodeEvents(signedCall->request).ok()) ++refused;
    };
    for (const Bytes& request : requests) {
        for (std::size_t i = 0; i < request.size(); ++i) {
            tryAll(request.substr(0, i));
            Bytes flipped = request;
            flipped[i] = static_cast<char>(flipped[i] ^ (1 << (i % 8)));
            tryAll(flipped);
        }
    }
    QVERIFY(refused > 0);
}

void GatewayRequestsTest::tooManyOrganisations() {
    ::gateway::EndorseRequest request;
    for (int i = 0; i < 2000; ++i) request.add_endorsing_organizations("Org");
    const auto call = decodeProposalCall(protocol::SharedBytes(request.SerializeAsString()));
    QVERIFY(!call.ok());
}

CHANCERY_TEST(GatewayRequestsTest)
#include "GatewayRequestsTest.moc"
