#include <grpcpp/grpcpp.h>

#include "tests/node/peer/GatewayFixtureService.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;
using namespace std::chrono_literals;

using protocol::ValidationCode;

namespace {

/// Reads a stream of events to its end or to so many messages: "block:name,name".
std::vector<std::string> readEvents(grpc::ClientReader<pb::ChaincodeEventsResponse>& reader,
                                    std::size_t count) {
    std::vector<std::string> result;
    pb::ChaincodeEventsResponse response;
    while (result.size() < count && reader.Read(&response)) {
        std::string text = std::to_string(response.block_number()) + ":";
        for (const auto& event : response.events()) text += event.event_name() + ",";
        result.push_back(text);
    }
    return result;
}

}  // namespace

/// Streams of contract events.
class GatewayEventsServiceTest : public QObject, private GatewayFixture {
    Q_OBJECT
private slots:
    void init() { serve(bundleWith({"127.0.0.1:1"})); }
    void cleanup() { QVERIFY(end()); }

    void events();
    void eventsAfterCheckpoint();
    void eventsFlowControl();
    void eventsRefusals();
    void closedStreams();
    void revokedWhileOpen();
};

void GatewayEventsServiceTest::events() {
    const auto envelope = [&](const std::string& name, const std::string& contract = "assets") {
        return committedEnvelope(*m_client, *m_peer, "trade", contract, name);
    };
    using enum ValidationCode;
    m_run->channel->commit({envelope("early")}, {Valid});
    m_run->channel->commit(
        {envelope("a"), envelope("bad"), envelope("b"), envelope("foreign", "other"), envelope("")},
        {Valid, MvccReadConflict, Valid, Valid, Valid});
    m_run->channel->commit({envelope("foreign", "other")}, {Valid});
    pb::SignedChaincodeEventsRequest request;
    request.ParseFromString(eventsRequest(*m_client, {.start = 2}));
    grpc::ClientContext context;
    const auto reader = m_run->stub->ChaincodeEvents(&context, request);
    QCOMPARE(readEvents(*reader, 1), std::vector<std::string>{"2:a,b,"});
    // The stream goes on with what comes.
    m_run->channel->commit({envelope("c")}, {Valid});
    m_run->channel->commit({}, {});
    m_run->channel->commit({envelope("d")}, {Valid});
    QCOMPARE(readEvents(*reader, 2), (std::vector<std::string>{"4:c,", "6:d,"}));

    // Without a start only what comes from now on.
    request.ParseFromString(eventsRequest(*m_client, {}));
    grpc::ClientContext second;
    const auto next = m_run->stub->ChaincodeEvents(&second, request);
    while (m_run->service->running() < 2) std::this_thread::yield();
    m_run->channel->commit({envelope("e")}, {Valid});
    QCOMPARE(readEvents(*next, 1), std::vector<std::string>{"7:e,"});
    second.TryCancel();
    context.TryCancel();
    QCOMPARE(next->Finish().error_code(), grpc::StatusCode::CANCELLED);
    QCOMPARE(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
    while (m_run->service->running() != 0) std::this_thread::yield();
}

/// Case C7: who is revoked loses open streams with the block that brings the list.
void GatewayEventsServiceTest::revokedWhileOpen() {
    const Bytes envelope = committedEnvelope(*m_client, *m_peer, "trade", "assets", "e");
    m_run->channel->commit({envelope}, {ValidationCode::Valid});
    pb::SignedChaincodeEventsRequest request;
    request.ParseFromString(eventsRequest(*m_client, {.start = 0}));
    grpc::ClientContext context;
    const auto reader = m_run->stub->ChaincodeEvents(&context, request);
    QCOMPARE(readEvents(*reader, 1), std::vector<std::string>{"1:e,"});
    // Another configuration that says the same of this client changes nothing.
    m_run->channel->setBundle(bundleWith({"127.0.0.1:2"}));
    m_run->channel->commit({envelope}, {ValidationCode::Valid});
    QCOMPARE(readEvents(*reader, 1), std::vector<std::string>{"2:e,"});
    m_org1->revoke(m_client->certificate());
    m_run->channel->setBundle(bundleWith({"127.0.0.1:1"}));
    m_run->channel->commit({envelope}, {ValidationCode::Valid});
    QVERIFY(readEvents(*reader, 1).empty());
    const grpc::Status ended = reader->Finish();
    QCOMPARE(ended.error_code(), grpc::StatusCode::PERMISSION_DENIED);
    QVERIFY(ended.error_message().starts_with("Failed evaluating policy"));
    grpc::ClientContext second;
    const auto again = m_run->stub->ChaincodeEvents(&second, request);
    QVERIFY(readEvents(*again, 1).empty());
    QCOMPARE(again->Finish().error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

void GatewayEventsServiceTest::eventsAfterCheckpoint() {
    std::vector<Bytes> envelopes;
    std::vector<std::string> ids(3);
    for (std::size_t i = 0; i < ids.size(); ++i)
        envelopes.push_back(committedEnvelope(*m_client, *m_peer, "trade", "assets",
                                              "e" + std::to_string(i), &ids[i]));
    m_run->channel->commit({envelopes[0], envelopes[1], envelopes[2]},
                           std::vector(3, ValidationCode::Valid));
    m_run->channel->commit({committedEnvelope(*m_client, *m_peer, "trade", "assets", "later")},
                           {ValidationCode::Valid});
    pb::SignedChaincodeEventsRequest request;
    // The place of the transaction counts, not the start that is given beside it.
    request.ParseFromString(eventsRequest(*m_client, {.start = 0, .after = ids[1]}));
    grpc::ClientContext context;
    const auto reader = m_run->stub->ChaincodeEvents(&context, request);
    QCOMPARE(readEvents(*reader, 2), (std::vector<std::string>{"1:e2,", "2:later,"}));
    context.TryCancel();
    reader->Finish();

    // A transaction that is not there yet: nothing until it has come.
    std::string id;
    const Bytes awaited = committedEnvelope(*m_client, *m_peer, "trade", "assets", "awaited", &id);
    request.ParseFromString(eventsRequest(*m_client, {.start = 0, .after = id}));
    grpc::ClientContext second;
    const auto waiting = m_run->stub->ChaincodeEvents(&second, request);
    while (m_run->service->running() == 0) std::this_thread::yield();
    m_run->channel->commit(
        {awaited, committedEnvelope(*m_client, *m_peer, "trade", "assets", "behind")},
        std::vector(2, ValidationCode::Valid));
    QCOMPARE(readEvents(*waiting, 1), std::vector<std::string>{"3:behind,"});
    second.TryCancel();
    waiting->Finish();
}

// More blocks than one turn has, and a client that reads late.
void GatewayEventsServiceTest::eventsFlowControl() {
    const Bytes envelope = committedEnvelope(*m_client, *m_peer, "trade", "assets", "e");
    for (int i = 0; i < 300; ++i)
        m_run->channel->commit(
            i % 2 == 0 ? std::vector<Bytes>{envelope} : std::vector<Bytes>{},
            i % 2 == 0 ? std::vector{ValidationCode::Valid} : std::vector<ValidationCode>{});
    m_run->channel->raiseTo(500);
    m_run->channel->commit({envelope}, {ValidationCode::Valid});
    pb::SignedChaincodeEventsRequest request;
    request.ParseFromString(eventsRequest(*m_client, {.start = 0}));
    grpc::ClientContext context;
    const auto reader = m_run->stub->ChaincodeEvents(&context, request);
    const auto read = readEvents(*reader, 151);
    QCOMPARE(read.size(), std::size_t(151));
    QCOMPARE(read.front(), std::string("1:e,"));
    QCOMPARE(read.back(), std::string("500:e,"));
    context.TryCancel();
    reader->Finish();
}

void GatewayEventsServiceTest::eventsRefusals() {
    const auto refuse = [&](const Bytes& bytes) {
        pb::SignedChaincodeEventsRequest request;
        request.ParseFromString(bytes);
        grpc::ClientContext context;
        pb::ChaincodeEventsResponse response;
        const auto reader = m_run->stub->ChaincodeEvents(&context, request);
        if (reader->Read(&response)) return std::string("events");
        return textOf(reader->Finish());
    };
    QCOMPARE(refuse(""), std::string("3 a chaincode events request is required"));
    QCOMPARE(refuse(eventsRequest(*m_client, {.oldest = true})),
             std::string("3 invalid start position type: *orderer.SeekPosition_Oldest"));
    QCOMPARE(refuse(eventsRequest(*m_client, {.channel = "nowhere"})),
             std::string("7 Failed to get policy manager for channel [nowhere]"));
    QVERIFY(
        QString::fromStdString(refuse(eventsRequest(*TestOrg("Evil").member("user", "client"), {})))
            .startsWith("7 Failed evaluating policy on signed data"));
}

// A client that waits for events must not keep the peer from ending.
void GatewayEventsServiceTest::closedStreams() {
    pb::SignedChaincodeEventsRequest request;
    request.ParseFromString(eventsRequest(*m_client, {}));
    grpc::ClientContext idle, late;
    const auto reader = m_run->stub->ChaincodeEvents(&idle, request);
    while (m_run->service->running() == 0) std::this_thread::yield();
    m_run->service->closeStreams();
    pb::ChaincodeEventsResponse response;
    QVERIFY(!reader->Read(&response));
    QCOMPARE(textOf(reader->Finish()), std::string("14 the peer stops"));
    const auto next = m_run->stub->ChaincodeEvents(&late, request);
    QVERIFY(!next->Read(&response));
    QCOMPARE(textOf(next->Finish()), std::string("14 the peer stops"));
    while (m_run->service->running() != 0) std::this_thread::yield();
}

CHANCERY_TEST(GatewayEventsServiceTest)
#include "GatewayEventsServiceTest.moc"
