#include <grpcpp/grpcpp.h>

#include <array>
#include <future>
#include <latch>

#include "tests/node/peer/GatewayFixtureService.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;
using namespace std::chrono_literals;

using protocol::ValidationCode;

/// Waiting for a commit, and calls that end before their time.
class GatewayCommitServiceTest : public QObject, private GatewayFixture {
    Q_OBJECT
private slots:
    void init() { serve(bundleWith({"127.0.0.1:1"})); }
    void cleanup() { QVERIFY(end()); }

    void commitStatusBefore();
    void commitStatusAfter();
    void commitStatusCancelled();
    void commitStatusRefusals_data();
    void commitStatusRefusals();
    void concurrencyLimit();
    void cancelledCallsEnd();
};

void GatewayCommitServiceTest::commitStatusBefore() {
    std::string txId;
    const Bytes envelope = committedEnvelope(*m_client, *m_peer, "trade", "assets", "", &txId);
    std::promise<Result<Bytes>> answer;
    m_run->gateway->commitStatus(
        protocol::SharedBytes(commitStatusRequest(*m_client, "trade", txId)), {},
        [&](Result<Bytes> bytes) { answer.set_value(std::move(bytes)); });
    auto future = answer.get_future();
    m_run->channel->commit({}, {});
    QVERIFY(future.wait_for(0s) == std::future_status::timeout);
    m_run->channel->commit({envelope}, {ValidationCode::MvccReadConflict});
    const auto bytes = future.get();
    VERIFY_OK(bytes);
    pb::CommitStatusResponse response;
    QVERIFY(response.ParseFromString(*bytes));
    QCOMPARE(static_cast<int>(response.result()), 11);
    QCOMPARE(response.block_number(), std::uint64_t(2));
}

void GatewayCommitServiceTest::commitStatusAfter() {
    std::string txId;
    const Bytes envelope = committedEnvelope(*m_client, *m_peer, "trade", "assets", "", &txId);
    m_run->channel->commit({envelope}, {ValidationCode::Valid});
    m_run->channel->commit({envelope}, {ValidationCode::DuplicateTxId});
    pb::CommitStatusResponse response;
    QCOMPARE(textOf(status(commitStatusRequest(*m_client, "trade", txId), response)),
             std::string("OK"));
    QCOMPARE(static_cast<int>(response.result()), 0);
    QCOMPARE(response.block_number(), std::uint64_t(1));
}

void GatewayCommitServiceTest::commitStatusCancelled() {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + 60s);
    pb::CommitStatusResponse response;
    pb::SignedCommitStatusRequest request;
    request.ParseFromString(commitStatusRequest(*m_client, "trade", "never"));
    std::promise<grpc::Status> ended;
    m_run->stub->async()->CommitStatus(&context, &request, &response,
                                       [&](grpc::Status status) { ended.set_value(status); });
    while (m_run->service->running() == 0) std::this_thread::yield();
    context.TryCancel();
    QCOMPARE(ended.get_future().get().error_code(), grpc::StatusCode::CANCELLED);
    while (m_run->service->running() != 0) std::this_thread::yield();
    // Nobody waits any more when it comes.
    m_run->channel->commit({}, {});
}

void GatewayCommitServiceTest::commitStatusRefusals_data() {
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const Bytes& request, const char* expected) {
        QTest::newRow(name) << QByteArray::fromStdString(request) << expected;
    };
    const auto signedWith = [&](const pb::CommitStatusRequest& request) {
        return signedRequest(*m_client, request.SerializeAsString());
    };
    row("nothing", "", "3 a commit status request is required");
    row("junk", signedRequest(*m_client, "\xff\xff"), "3 invalid status request: ");
    pb::CommitStatusRequest request;
    request.set_channel_id("trade");
    request.set_transaction_id("tx");
    row("nobody", signedWith(request), "3 no identity provided");
    request.set_identity(m_client->serialized());
    request.clear_channel_id();
    row("no channel", signedWith(request), "3 no channel ID provided");
    request.set_channel_id("trade");
    request.clear_transaction_id();
    row("no transaction", signedWith(request), "3 transaction ID should not be empty");
    row("unknown channel", commitStatusRequest(*m_client, "nowhere", "tx"),
        "7 Failed to get policy manager for channel [nowhere]");
    const char* denied =
        "7 Failed evaluating policy on signed data during check policy on channel [trade] with "
        "policy [/Channel/Application/Readers]: [";
    row("stranger", commitStatusRequest(*TestOrg("Evil").member("user", "client"), "trade", "tx"),
        denied);
    row("expired",
        commitStatusRequest(
            *m_org1->member("old", "client", absl::Now() - absl::Hours(24 * 365 * 11)), "trade",
            "tx"),
        denied);
    // Another organisation's CA under this organisation's name.
    row("wrong CA", commitStatusRequest(*TestOrg("Org1").member("user", "client"), "trade", "tx"),
        denied);
    pb::SignedCommitStatusRequest forged;
    forged.ParseFromString(commitStatusRequest(*m_client, "trade", "tx"));
    forged.mutable_signature()->back() = static_cast<char>(forged.signature().back() ^ 1);
    row("wrong signature", forged.SerializeAsString(), denied);
    forged.clear_signature();
    row("no signature", forged.SerializeAsString(), denied);
    row("orderer's identity is no reader of the application",
        commitStatusRequest(*m_orderers->member("orderer", "orderer"), "trade", "tx"), denied);
}

void GatewayCommitServiceTest::commitStatusRefusals() {
    QFETCH(QByteArray, request);
    QFETCH(QString, expected);
    pb::CommitStatusResponse response;
    const auto refused = QString::fromStdString(textOf(status(request.toStdString(), response)));
    QVERIFY2(refused.startsWith(expected), qPrintable(refused));
}

void GatewayCommitServiceTest::concurrencyLimit() {
    GatewayOptions options;
    options.concurrency = 2;
    serve(bundleWith({"127.0.0.1:1"}), options);
    std::array<grpc::ClientContext, 2> contexts;
    for (auto& waiting : contexts) waiting.set_deadline(std::chrono::system_clock::now() + 60s);
    std::array<pb::CommitStatusResponse, 2> responses;
    pb::SignedCommitStatusRequest request;
    request.ParseFromString(commitStatusRequest(*m_client, "trade", "never"));
    std::latch ended(2);
    for (std::size_t i = 0; i < 2; ++i)
        m_run->stub->async()->CommitStatus(&contexts[i], &request, &responses[i],
                                           [&](const grpc::Status&) { ended.count_down(); });
    while (m_run->service->running() < 2) std::this_thread::yield();
    pb::CommitStatusResponse response;
    const char* refused =
        "8 too many requests for /gateway.Gateway, exceeding concurrency limit (2)";
    QCOMPARE(textOf(status(commitStatusRequest(*m_client, "trade", "tx"), response)),
             std::string(refused));
    pb::SignedChaincodeEventsRequest events;
    grpc::ClientContext context;
    QCOMPARE(textOf(m_run->stub->ChaincodeEvents(&context, events)->Finish()),
             std::string(refused));
    for (auto& waiting : contexts) waiting.TryCancel();
    ended.wait();
    while (m_run->service->running() != 0) std::this_thread::yield();
    pb::EvaluateResponse evaluated;
    QCOMPARE(textOf(evaluateNow(proposal(), evaluated)), std::string("OK"));
}

// An endorser that never answers does not keep a call whose client has gone.
void GatewayCommitServiceTest::cancelledCallsEnd() {
    std::vector<std::function<void(Result<Bytes>)>> kept;
    std::mutex mutex;
    m_run->endorser->handler = [&](Bytes, Deadline, auto done) {
        const std::lock_guard lock(mutex);
        kept.push_back(std::move(done));
    };
    const auto made = proposal();
    pb::EndorseRequest endorsing;
    endorsing.ParseFromString(proposalRequest(made, "trade"));
    pb::EvaluateRequest evaluating;
    evaluating.ParseFromString(proposalRequest(made, "trade"));
    grpc::ClientContext first, second;
    for (auto* context : {&first, &second})
        context->set_deadline(std::chrono::system_clock::now() + 60s);
    pb::EndorseResponse endorsed;
    pb::EvaluateResponse evaluated;
    std::latch ended(2);
    m_run->stub->async()->Endorse(&first, &endorsing, &endorsed,
                                  [&](const grpc::Status&) { ended.count_down(); });
    m_run->stub->async()->Evaluate(&second, &evaluating, &evaluated,
                                   [&](const grpc::Status&) { ended.count_down(); });
    while (m_run->endorser->calls.load() < 2) std::this_thread::yield();
    first.TryCancel();
    second.TryCancel();
    ended.wait();
    while (m_run->service->running() != 0) std::this_thread::yield();
    // Answers that come too late are dropped.
    for (auto& done : kept) done(endorseAs(*m_peer, made.signedBytes));
}

CHANCERY_TEST(GatewayCommitServiceTest)
#include "GatewayCommitServiceTest.moc"
