#include <grpcpp/grpcpp.h>

#include <latch>

#include "tests/node/peer/GatewayFixtureService.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::node::test;
using namespace std::chrono_literals;

/// Submitting to orderers over TLS, also to such as fail.
class GatewaySubmitServiceTest : public QObject, private GatewayFixture {
    Q_OBJECT
private slots:
    void init() { serve(bundleWith({"127.0.0.1:1"})); }
    void cleanup() { QVERIFY(end()); }

    void submit();
    void submitRefusals_data();
    void submitRefusals();
    void ordererDies();
    void ordererStartsAnew();
    void manyOnOneStream();
    void bftQuorum();
    void flowOfSubmission();
};

void GatewaySubmitServiceTest::submit() {
    FakeOrderer orderer;
    const NodeServer node(*m_orderers, orderer);
    serve(bundleWith({node.address()}));
    QCOMPARE(textOf(submitNow("one")), std::string("OK"));
    QCOMPARE(textOf(submitNow("two")), std::string("OK"));
    QCOMPARE(orderer.payloads(), (std::vector<std::string>{"one", "two"}));
    QCOMPARE(orderer.streams.load(), 1);
}

void GatewaySubmitServiceTest::submitRefusals_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("expected");
    QTest::newRow("forbidden")
        << 403 << "10 received unsuccessful response from orderer: status=FORBIDDEN, info=because";
    QTest::newRow("bad request")
        << 400
        << "10 received unsuccessful response from orderer: status=BAD_REQUEST, info=because";
    QTest::newRow("unavailable") << 503 << "14 no orderers could successfully process transaction";
    QTest::newRow("no answer") << 0 << "14 no orderers could successfully process transaction";
}

void GatewaySubmitServiceTest::submitRefusals() {
    QFETCH(int, status);
    QFETCH(QString, expected);
    FakeOrderer orderer;
    orderer.handler = [&](const auto& envelope) {
        return envelope.payload() == "good" ? std::pair<int, std::string>(200, "")
                                            : std::pair<int, std::string>(status, "because");
    };
    const NodeServer node(*m_orderers, orderer);
    serve(bundleWith({node.address()}));
    QCOMPARE(textOf(submitNow()), expected.toStdString());
    // The stream has ended with the refusal; the next one does not notice.
    QCOMPARE(textOf(submitNow("good")), std::string("OK"));

    pb::SubmitRequest request;
    pb::SubmitResponse response;
    const auto refuse = [&] {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + 60s);
        return textOf(m_run->stub->Submit(&context, request, &response));
    };
    request.set_channel_id("trade");
    QCOMPARE(refuse(), std::string("3 a prepared transaction is required"));
    request.mutable_prepared_transaction()->set_payload("p");
    QCOMPARE(refuse(), std::string("3 prepared transaction must be signed"));
    request.mutable_prepared_transaction()->set_signature("s");
    request.set_channel_id("nowhere");
    QCOMPARE(refuse(), std::string("9 failed to get config for channel [nowhere]: could not get "
                                   "last config for channel nowhere"));
}

void GatewaySubmitServiceTest::ordererDies() {
    FakeOrderer first, second;
    auto node1 = std::make_unique<NodeServer>(*m_orderers, first);
    const NodeServer node2(*m_orderers, second);
    serve(bundleWith({node1->address(), node2.address()}));
    for (int i = 0; i < 4; ++i) QCOMPARE(textOf(submitNow("before")), std::string("OK"));
    // One of them has had all.
    QCOMPARE(std::max(first.envelopes.load(), second.envelopes.load()), 4);
    const std::string dead = node1->address();
    node1.reset();
    for (int i = 0; i < 4; ++i) QCOMPARE(textOf(submitNow("after")), std::string("OK"));
    QVERIFY(second.envelopes.load() >= 4);

    serve(bundleWith({dead}));
    const auto failed = submitNow();
    QCOMPARE(textOf(failed), std::string("14 no orderers could successfully process transaction"));
    QCOMPARE(detailsOf(failed).size(), std::size_t(1));
    QVERIFY(QString::fromStdString(detailsOf(failed)[0])
                .startsWith(
                    QString::fromStdString(dead + " OrdererMSP rpc error: code = Unavailable")));
}

void GatewaySubmitServiceTest::ordererStartsAnew() {
    FakeOrderer before, after;
    auto node = std::make_unique<NodeServer>(*m_orderers, before);
    serve(bundleWith({node->address()}));
    QCOMPARE(textOf(submitNow()), std::string("OK"));
    const std::uint16_t port = node->port();
    node.reset();
    const NodeServer again(*m_orderers, after, port);
    QCOMPARE(textOf(submitNow()), std::string("OK"));
    QCOMPARE(after.envelopes.load(), 1);
}

void GatewaySubmitServiceTest::manyOnOneStream() {
    FakeOrderer orderer;
    const NodeServer node(*m_orderers, orderer);
    serve(bundleWith({node.address()}));
    constexpr int kCount = 200;
    std::latch left(kCount);
    std::atomic<int> good{0};
    for (int i = 0; i < kCount; ++i)
        m_run->gateway->submit(
            protocol::SharedBytes(submitRequest("tx", "trade", std::to_string(i), "s")), {},
            [&](const Result<Bytes>& answer) {
                good += answer.ok() ? 1 : 0;
                left.count_down();
            });
    left.wait();
    QCOMPARE(good.load(), kCount);
    QCOMPARE(orderer.streams.load(), 1);
    const auto payloads = orderer.payloads();
    for (int i = 0; i < kCount; ++i)
        QCOMPARE(payloads[static_cast<std::size_t>(i)], std::to_string(i));
}

void GatewaySubmitServiceTest::bftQuorum() {
    std::vector<std::unique_ptr<FakeOrderer>> orderers;
    std::vector<std::unique_ptr<NodeServer>> nodes;
    std::vector<std::string> addresses;
    for (int i = 0; i < 4; ++i) {
        orderers.push_back(std::make_unique<FakeOrderer>());
        nodes.push_back(std::make_unique<NodeServer>(*m_orderers, *orderers.back()));
        addresses.push_back(nodes.back()->address());
    }
    serve(bundleWith(addresses, true));
    QCOMPARE(textOf(submitNow()), std::string("OK"));
    // One of four may fail, and one may know the transaction already.
    orderers[0]->handler = [](const auto&) { return std::pair<int, std::string>(500, "broken"); };
    orderers[1]->handler = [](const auto&) {
        return std::pair<int, std::string>(503, "failed to submit request: request already exists");
    };
    QCOMPARE(textOf(submitNow()), std::string("OK"));
    orderers[2]->handler = orderers[0]->handler;
    const auto failed = submitNow();
    QCOMPARE(textOf(failed),
             std::string("14 insufficient number of orderers could successfully process "
                         "transaction to satisfy quorum requirement"));
    QCOMPARE(detailsOf(failed).size(), std::size_t(2));
}

void GatewaySubmitServiceTest::flowOfSubmission() {
    FakeOrderer orderer;
    const NodeServer node(*m_orderers, orderer);
    GatewayOptions options;
    options.flow = &m_flow;
    serve(bundleWith({node.address()}), options);
    std::mutex mutex;
    std::vector<FlowEvent> seen;
    const auto subscription = m_flow.subscribe([&](const FlowEvent& event) {
        const std::lock_guard lock(mutex);
        seen.push_back(event);
    });
    QCOMPARE(textOf(submitNow()), std::string("OK"));
    const std::lock_guard lock(mutex);
    QCOMPARE(seen.size(), std::size_t(1));
    QVERIFY(seen[0].stage == FlowStage::Submit && seen[0].outcome.empty());
    QCOMPARE(seen[0].txId.str(), std::string("tx"));
    QCOMPARE(seen[0].channel.str(), std::string("trade"));
}

CHANCERY_TEST(GatewaySubmitServiceTest)
#include "GatewaySubmitServiceTest.moc"
