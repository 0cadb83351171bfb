#include "src/rpc/Call.h"

#include <fcntl.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <fstream>
#include <future>
#include <iterator>
#include <latch>

#include "src/base/Descriptor.h"
#include "src/base/Log.h"
#include "src/rpc/StatusConversion.h"
#include "tests/src/rpc/TestServices.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::rpc;
using namespace chancery::rpc::test;

/// One call: its deadline, its end, its reason, its line in the log.
class CallTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void reasonsArrive();
    void deadlineIsRequired();
    void deadlineEndsACall();
    void stopEndsACall();
    void stoppedBeforeItBegan();
    void streamsNeedNoDeadline();
    void nobodyThere();
    void servicesThatAreNotThere();
    void logHoldsNoSecret();

private:
    TestEndorser m_service;
    std::unique_ptr<Server> m_server;
    std::shared_ptr<grpc::Channel> m_channel;
};

void CallTest::init() {
    auto server = Server::start({}, {&m_service});
    VERIFY_OK(server);
    m_server = *std::move(server);
    m_channel = m_server->inProcessChannel();
    m_service.handler = nullptr;
    m_service.calls = 0;
}

void CallTest::cleanup() {
    m_channel.reset();
    m_server.reset();
}

void CallTest::reasonsArrive() {
    const Status sent = makeError(StatusCode::kPermissionDenied, "POLICY_NOT_SATISFIED",
                                  "have 1 of 2", {{"have", "1"}, {"needed", "2"}});
    m_service.handler = [&](auto&, const auto&, auto&) { return toGrpc(sent); };
    QVERIFY(endorse(m_channel).status() == sent);
    // A server of others gives only words.
    m_service.handler = [](auto&, const auto&, auto&) {
        return grpc::Status(grpc::StatusCode::UNKNOWN, "error validating proposal");
    };
    const Status remote = endorse(m_channel).status();
    QCOMPARE(reasonOf(remote), std::string("REMOTE_ERROR"));
    QCOMPARE(std::string(messageOf(remote)), std::string("error validating proposal"));
    QVERIFY(!argumentOf(remote, "peer").empty());
}

void CallTest::deadlineIsRequired() {
    const auto stub = ::protos::Endorser::NewStub(m_channel);
    grpc::ClientContext context;
    ::protos::ProposalResponse response;
    const Status status = fromGrpc(stub->ProcessProposal(&context, {}, &response));
    QCOMPARE(reasonOf(status), std::string("DEADLINE_REQUIRED"));
    QCOMPARE(argumentOf(status, "method"), std::string("/protos.Endorser/ProcessProposal"));
    QCOMPARE(m_service.calls.load(), 0);
    QCOMPARE(reasonOf(endorse(m_channel, "x", Deadline::max()).status()),
             std::string("DEADLINE_REQUIRED"));
    VERIFY_OK(endorse(m_channel));
}

void CallTest::deadlineEndsACall() {
    m_service.handler = [](grpc::ServerContext& context, const auto&, auto&) {
        while (!context.IsCancelled()) std::this_thread::yield();
        return grpc::Status::CANCELLED;
    };
    QCOMPARE(reasonOf(endorse(m_channel, "x", Deadline()).status()), std::string("TIMED_OUT"));
    const auto result = endorse(m_channel, "x", deadlineIn(std::chrono::milliseconds(50)));
    QCOMPARE(reasonOf(result.status()), std::string("TIMED_OUT"));
    QVERIFY(absl::IsDeadlineExceeded(result.status()));
}

void CallTest::stopEndsACall() {
    std::latch inside(1);
    m_service.handler = [&](grpc::ServerContext& context, const auto&, auto&) {
        inside.count_down();
        while (!context.IsCancelled()) std::this_thread::yield();
        return grpc::Status::CANCELLED;
    };
    std::stop_source stop;
    auto running = std::async(std::launch::async, [&] {
        return endorse(m_channel, "x", deadlineIn(kLong), stop.get_token());
    });
    inside.wait();
    stop.request_stop();
    const auto result = running.get();
    m_server->stop(deadlineIn(kLong));  // the handler may still be there
    QCOMPARE(reasonOf(result.status()), std::string("STOPPED"));
    QVERIFY(absl::IsCancelled(result.status()));
}

void CallTest::stoppedBeforeItBegan() {
    std::stop_source stop;
    stop.request_stop();
    const auto result = endorse(m_channel, "x", deadlineIn(kLong), stop.get_token());
    QCOMPARE(reasonOf(result.status()), std::string("STOPPED"));
}

void CallTest::streamsNeedNoDeadline() {
    // Nobody serves Deliver here, so the stream ends at once: with the server's word, not the
    // interceptor's.
    const auto stub = ::protos::Deliver::NewStub(m_channel);
    CallContext context(Deadline::max());
    const auto stream = stub->Deliver(&context.grpc());
    QVERIFY(absl::IsUnimplemented(context.status(stream->Finish())));
}

void CallTest::nobodyThere() {
    const QTemporaryDir folder;
    const auto channel = makeChannel(
        {.host = {}, .port = 0, .socketPath = folder.filePath("none").toStdString()}, std::nullopt);
    VERIFY_OK(channel);
    const auto result = endorse(*channel);
    QVERIFY(absl::IsUnavailable(result.status()));
    QCOMPARE(reasonOf(result.status()), std::string("CONNECTION_REFUSED"));
}

void CallTest::servicesThatAreNotThere() {
    ::protos::Deliver::Service other;
    const auto server = Server::start({}, {&other});
    VERIFY_OK(server);
    const auto result = endorse((*server)->inProcessChannel());
    QVERIFY(absl::IsUnimplemented(result.status()));
    QCOMPARE(reasonOf(result.status()), std::string("REMOTE_ERROR"));
}

void CallTest::logHoldsNoSecret() {
    m_service.handler = [](auto&, const auto&, auto&) {
        return toGrpc(makeError(StatusCode::kUnauthenticated, "WRONG_PIN", "the secret is 4711",
                                {{"pin", "4711"}}));
    };
    const QTemporaryDir folder;
    const std::string path = folder.filePath("log").toStdString();
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    const Descriptor before(::dup(STDERR_FILENO));
    QVERIFY(file && before);
    ::dup2(file.get(), STDERR_FILENO);
    log::setLevel(log::Level::Debug);
    const auto stub = ::protos::Endorser::NewStub(m_channel);
    CallContext context(deadlineIn(kLong));
    context.grpc().AddMetadata("authorization", "bearer 4711");
    ::protos::SignedProposal request;
    request.set_proposal_bytes("4711");
    ::protos::ProposalResponse response;
    const Status status =
        context.status(stub->ProcessProposal(&context.grpc(), request, &response));
    m_server->stop(deadlineIn(kLong));  // so that the server has written its line
    log::setLevel(log::Level::Warning);
    ::dup2(before.get(), STDERR_FILENO);
    QCOMPARE(reasonOf(status), std::string("WRONG_PIN"));
    std::ifstream in(path);
    const std::string written{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    QVERIFY2(written.find("4711") == std::string::npos, written.c_str());
    for (const char* part :
         {"called", "answered", "/protos.Endorser/ProcessProposal", "UNAUTHENTICATED WRONG_PIN"})
        QVERIFY2(written.find(part) != std::string::npos, written.c_str());
}

CHANCERY_TEST(CallTest)
#include "CallTest.moc"
