#include "src/rpc/ByteService.h"

#include <QTemporaryDir>
#include <QtTest>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>

#include "src/rpc/ByteCalls.h"
#include "src/rpc/Channel.h"
#include "src/rpc/Server.h"
#include "tests/support/TestMain.h"

using namespace chancery;

namespace {

constexpr std::chrono::seconds kPatience{30};

/// A server behind a socket whose calls all go through one door.
struct Place {
    Place(const QString& socket, rpc::ByteService::Door door)
        : service(std::move(door), {.maxCalls = 4, .maxCallsPerCaller = 2}) {
        rpc::ServerOptions options;
        const auto endpoint = rpc::parseEndpoint("unix:" + socket.toStdString());
        options.listeners.push_back({*endpoint, std::nullopt});
        options.others = &service;
        server = *rpc::Server::start(std::move(options), {});
        channel = *rpc::makeChannel(*endpoint, std::nullopt);
    }
    rpc::ByteService service;
    std::unique_ptr<rpc::Server> server;
    std::shared_ptr<grpc::Channel> channel;
};

/// Answers with what was asked, until the caller sends no more; some calls do something else.
Status echo(rpc::ByteCall& call) {
    if (call.facts().method == "t.S/Refuse")
        return makeError(StatusCode::kFailedPrecondition, "NOT_NOW", "later", {{"who", "me"}});
    if (call.facts().method == "t.S/Wait") {
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock(mutex);
        never.wait(lock, call.stop(), [] { return false; });
        return makeError(StatusCode::kCancelled, "STOPPED", "stopped");
    }
    while (true) {
        ASSIGN_OR_RETURN(const auto message, call.read());
        if (!message) return absl::OkStatus();
        const auto role = call.facts().metadata.find("chancery-role");
        RETURN_IF_ERROR(call.write(
            *message + (role == call.facts().metadata.end() ? "" : " as " + role->second)));
    }
}

Result<Bytes> ask(const Place& place, const std::string& method, BytesView request,
                  Deadline deadline = deadlineIn(kPatience)) {
    auto answer = std::make_shared<std::promise<Result<Bytes>>>();
    auto future = answer->get_future();
    const auto call = rpc::UnaryByteCall::start(
        place.channel, method, request, deadline,
        [answer](Result<Bytes> result) { answer->set_value(std::move(result)); });
    return future.get();
}

/// A stream and what came of it.
struct Pipe {
    explicit Pipe(const Place& place) {
        stream = rpc::ByteStream::open(place.channel, "/t.S/Talk",
                                       {.message =
                                            [this](Bytes message) {
                                                const std::lock_guard lock(mutex);
                                                messages.push_back(std::move(message));
                                                changed.notify_all();
                                            },
                                        .ended =
                                            [this](const Status& status) {
                                                const std::lock_guard lock(mutex);
                                                end = status;
                                                changed.notify_all();
                                            }});
    }
    ~Pipe() {
        stream->cancel();
        waitEnd().IgnoreError();
    }
    bool waitFor(std::size_t count) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, kPatience, [&] { return messages.size() >= count; });
    }
    Status waitEnd() {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return end.has_value(); });
        return *end;
    }
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Bytes> messages;
    std::optional<Status> end;
    std::shared_ptr<rpc::ByteStream> stream;
};

}  // namespace

class ByteServiceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void answers_data();
    void answers();
    void tellsErrors_data();
    void tellsErrors();
    void keepsOrderAndBytes_data();
    void keepsOrderAndBytes();
    void endsWithTheCaller_data();
    void endsWithTheCaller();
    void cuts_data();
    void cuts();
    void capsCalls();

private:
    void rows() {
        QTest::addColumn<bool>("isPassed");
        QTest::newRow("direct") << false;
        QTest::newRow("passed on") << true;
    }
    Place& place() {
        QFETCH(const bool, isPassed);
        return isPassed ? *m_door : *m_node;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Place> m_node, m_door;
    std::atomic<int> m_ended = 0;
};

void ByteServiceTest::init() {
    m_door.reset();
    m_node.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_ended = 0;
    m_node = std::make_unique<Place>(m_folder->filePath("node"), [this](const rpc::CallFacts&) {
        return rpc::CallPlan{.refusal = {},
                             .caller = "one",
                             .handle = echo,
                             .passage = {},
                             .ended = [this](const Status&) { ++m_ended; }};
    });
    m_door = std::make_unique<Place>(m_folder->filePath("door"), [this](const rpc::CallFacts& f) {
        rpc::CallPlan plan;
        plan.caller = "one";
        if (f.method == "t.S/Closed")
            plan.refusal = makeError(StatusCode::kPermissionDenied, "ROLE_DENIED", "no");
        plan.passage = [this]() -> Result<rpc::Passage> {
            return rpc::Passage{m_node->channel, {{"chancery-role", "auditor"}}};
        };
        return plan;
    });
}

void ByteServiceTest::answers_data() {
    rows();
}
void ByteServiceTest::answers() {
    const std::string suffix = &place() == m_door.get() ? " as auditor" : "";
    for (const std::size_t size : {std::size_t(0), std::size_t(1), std::size_t(1 << 20)}) {
        const Bytes bytes(size, '\x01');
        const auto answer = ask(place(), "/t.S/Echo", bytes);
        VERIFY_OK(answer.status());
        QVERIFY(*answer == bytes + suffix);
    }
}

void ByteServiceTest::tellsErrors_data() {
    rows();
}
void ByteServiceTest::tellsErrors() {
    const auto refused = ask(place(), "/t.S/Refuse", "x");
    QCOMPARE(refused.status().code(), StatusCode::kFailedPrecondition);
    QCOMPARE(reasonOf(refused.status()), std::string("NOT_NOW"));
    QCOMPARE(argumentOf(refused.status(), "who"), std::string("me"));
    QCOMPARE(reasonOf(ask(*m_door, "/t.S/Closed", "x").status()), std::string("ROLE_DENIED"));
    const auto late = ask(place(), "/t.S/Wait", "x", deadlineIn(std::chrono::milliseconds(50)));
    QCOMPARE(late.status().code(), StatusCode::kDeadlineExceeded);
    QTRY_COMPARE_WITH_TIMEOUT(m_ended.load(), 2, 20'000);
}

void ByteServiceTest::keepsOrderAndBytes_data() {
    rows();
}
void ByteServiceTest::keepsOrderAndBytes() {
    Pipe pipe(place());
    for (int i = 0; i < 500; ++i) pipe.stream->write(std::to_string(i));
    QVERIFY(pipe.waitFor(500));
    for (std::size_t i = 0; i < 500; ++i) QVERIFY(pipe.messages[i].starts_with(std::to_string(i)));
}

void ByteServiceTest::endsWithTheCaller_data() {
    rows();
}
void ByteServiceTest::endsWithTheCaller() {
    {
        Pipe pipe(place());
        pipe.stream->write("x");
        QVERIFY(pipe.waitFor(1));
    }
    QTRY_COMPARE_WITH_TIMEOUT(m_ended.load(), 1, 20'000);
}

void ByteServiceTest::cuts_data() {
    rows();
}
void ByteServiceTest::cuts() {
    Pipe pipe(place());
    pipe.stream->write("x");
    QVERIFY(pipe.waitFor(1));
    place().service.cut("other", makeError(StatusCode::kUnauthenticated, "REVOKED", "x"));
    pipe.stream->write("y");
    QVERIFY(pipe.waitFor(2));
    place().service.cut("one", makeError(StatusCode::kUnauthenticated, "REVOKED", "x"));
    QCOMPARE(reasonOf(pipe.waitEnd()), std::string("REVOKED"));
    QTRY_COMPARE_WITH_TIMEOUT(m_ended.load(), 1, 20'000);
}

void ByteServiceTest::capsCalls() {
    auto first = std::make_unique<Pipe>(*m_node);
    Pipe second(*m_node);
    for (Pipe* pipe : {first.get(), &second}) {
        pipe->stream->write("x");
        QVERIFY(pipe->waitFor(1));
    }
    QCOMPARE(reasonOf(ask(*m_node, "/t.S/Echo", "x").status()), std::string("TOO_MANY_CALLS"));
    first.reset();
    QTRY_VERIFY_WITH_TIMEOUT(ask(*m_node, "/t.S/Echo", "x").ok(), 20'000);
}

CHANCERY_TEST(ByteServiceTest)
#include "ByteServiceTest.moc"
