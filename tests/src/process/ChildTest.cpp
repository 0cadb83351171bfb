#include "src/process/Child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <chrono>
#include <future>

#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::process;
using namespace std::chrono_literals;

namespace {

constexpr auto kLong = 60s;  // never reached unless something is broken

Command child(std::vector<std::string> arguments) {
    return {.program = CHANCERY_TEST_CHILD,
            .arguments = std::move(arguments),
            .environment = {},
            .folder = {}};
}

/// What a child wrote, by stream, and how it ended.
struct Record {
    std::vector<std::string> output, error;
    ExitReason reason;
};

Result<Record> runToEnd(Command command) {
    Record record;
    const Listener listener{
        [&](Stream stream, std::string_view line) {
            (stream == Stream::Output ? record.output : record.error).emplace_back(line);
        },
        nullptr};
    ASSIGN_OR_RETURN(const auto running, Child::start(std::move(command), listener));
    ASSIGN_OR_RETURN(record.reason, running->waitEnd(deadlineIn(kLong)));
    return record;
}

using Lines = std::vector<std::string>;

}  // namespace

class ChildTest : public QObject {
    Q_OBJECT
private slots:
    void exitReasons_data();
    void exitReasons();
    void argumentsArriveUnchanged();
    void environmentIsWhatWasGiven();
    void nothingElseIsInherited();
    void workingFolder();
    void readyAndEndOfFile();
    void endsBeforeReady();
    void readyHasADeadlineAndCanBeStopped();
    void endIsForcedOnTheDeaf();
    void groupIsKilledAsAWhole();
    void whatAChildLeavesBehindIsEnded();
    void signalsAndEndedHandles();
    void endsWithAParentThatIsKilled();
    void echoOfMegabytes();
    void talksByASocket();
    void inputThatNobodyReads();
    void inputThatWasClosed();
    void linesOfAllLengths();
    void manyAtOnceKeepNoOneElsesPipes();
    void whatCannotBeStarted_data();
    void whatCannotBeStarted();
    void refusesToRunWhereChildrenAreIgnored();
    void findsPrograms();
};

void ChildTest::exitReasons_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("signal");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("0") << QStringList{"return", "0"} << 0 << 0 << "returned 0";
    QTest::newRow("3") << QStringList{"return", "3"} << 3 << 0 << "returned 3";
    QTest::newRow("255") << QStringList{"return", "-1"} << 255 << 0 << "returned 255";
    QTest::newRow("abort") << QStringList{"abort"} << 0 << SIGABRT
                           << "was ended by signal 6 (Aborted)";
}

void ChildTest::exitReasons() {
    QFETCH(QStringList, arguments);
    Lines plain;
    for (const auto& argument : arguments) plain.push_back(argument.toStdString());
    const auto record = runToEnd(child(plain));
    VERIFY_OK(record);
    QTEST(record->reason.code, "code");
    QTEST(record->reason.signal, "signal");
    QTEST(QString::fromStdString(record->reason.sentence()), "sentence");
    QVERIFY(!record->reason.killed);
    QCOMPARE(record->reason.ok(), arguments == QStringList({"return", "0"}));
}

void ChildTest::argumentsArriveUnchanged() {
    const auto record =
        runToEnd(child({"arguments", "", "two words", "\"quoted\" $HOME `id`", "ü\t"}));
    VERIFY_OK(record);
    QCOMPARE(record->output, Lines({"<>", "<two words>", "<\"quoted\" $HOME `id`>", "<ü\t>"}));
}

void ChildTest::environmentIsWhatWasGiven() {
    ::setenv("CHANCERY_TEST_SECRET", "not for children", 1);
    Command command = child({"environment"});
    command.environment = {{"A", "1"}, {"B", "two = 2"}};
    const auto record = runToEnd(std::move(command));
    VERIFY_OK(record);
    QCOMPARE(record->output, Lines({"A=1", "B=two = 2"}));
    QVERIFY(!minimalEnvironment().contains("CHANCERY_TEST_SECRET"));
    QVERIFY(minimalEnvironment().contains("PATH"));
}

void ChildTest::nothingElseIsInherited() {
    const Descriptor open(::open("/dev/null", O_RDONLY));  // without close-on-exec
    QVERIFY(open);
    sigset_t changed, before;
    ::sigemptyset(&changed);
    ::sigaddset(&changed, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &changed, &before);
    const auto handler = ::signal(SIGPIPE, SIG_IGN);
    const auto descriptors = runToEnd(child({"descriptors"}));
    Command talking = child({"descriptors"});
    talking.talks = true;
    const auto withSocket = runToEnd(std::move(talking));
    const auto dispositions = runToEnd(child({"signals"}));
    ::signal(SIGPIPE, handler);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    VERIFY_OK(descriptors);
    QCOMPARE(descriptors->output, Lines({"0", "1", "2"}));
    VERIFY_OK(withSocket);
    QCOMPARE(withSocket->output, Lines({"0", "1", "2", "3"}));
    VERIFY_OK(dispositions);
    QCOMPARE(dispositions->output, Lines({"SIGTERM open, SIGPIPE default, leads its group: yes"}));
}

void ChildTest::workingFolder() {
    const QTemporaryDir folder;
    Command command = child({"folder"});
    command.folder = folder.path().toStdString();
    const auto record = runToEnd(std::move(command));
    VERIFY_OK(record);
    QCOMPARE(record->output, Lines({std::filesystem::canonical(folder.path().toStdString())}));
}

void ChildTest::readyAndEndOfFile() {
    const auto running = Child::start(child({"serve", "port 7051"}));
    VERIFY_OK(running);
    const auto ready = (*running)->waitReady(deadlineIn(kLong));
    VERIFY_OK(ready);
    QCOMPARE(*ready, std::string("port 7051"));
    QVERIFY((*running)->isRunning());
    QCOMPARE(reasonOf((*running)->waitEnd(Deadline()).status()),
             std::string("CHILD_STILL_RUNNING"));
    const ExitReason reason = (*running)->end(kLong);
    QCOMPARE(reason.code, 7);
    QCOMPARE(reason.signal, 0);
    QVERIFY(!(*running)->isRunning());
    // The two streams have no common order.
    Lines lines = reason.lastLines;
    std::sort(lines.begin(), lines.end());
    QCOMPARE(lines, Lines({"READY port 7051", "ending", "starting"}));
    VERIFY_OK((*running)->waitReady(Deadline()));  // it was ready once
}

void ChildTest::endsBeforeReady() {
    const auto running = Child::start(child({"?"}));
    VERIFY_OK(running);
    const Status status = (*running)->waitReady(deadlineIn(kLong)).status();
    QCOMPARE(reasonOf(status), std::string("CHILD_ENDED"));
    QCOMPARE(argumentOf(status, "code"), std::string("64"));
    QCOMPARE(argumentOf(status, "lines"), std::string("unknown mode\nof this child"));
}

void ChildTest::readyHasADeadlineAndCanBeStopped() {
    const auto running = Child::start(child({"echo"}));
    VERIFY_OK(running);
    QCOMPARE(reasonOf((*running)->waitReady(Deadline()).status()), std::string("CHILD_NOT_READY"));
    std::stop_source stop;
    auto waiting = std::async(std::launch::async, [&] {
        return (*running)->waitReady(deadlineIn(kLong), stop.get_token()).status();
    });
    stop.request_stop();
    QCOMPARE(reasonOf(waiting.get()), std::string("STOPPED"));
    // Neither READY in the middle of a line nor a longer word is the word.
    VERIFY_OK((*running)->write("not READY\nREADYMADE\nREADY\n"));
    QCOMPARE(*(*running)->waitReady(deadlineIn(kLong)), std::string());
}

void ChildTest::endIsForcedOnTheDeaf() {
    const auto running = Child::start(child({"deaf"}));
    VERIFY_OK(running);
    VERIFY_OK((*running)->waitReady(deadlineIn(kLong)));
    const ExitReason reason = (*running)->end(0s);
    QCOMPARE(reason.signal, SIGKILL);
    QVERIFY(reason.killed);
    QVERIFY(QString::fromStdString(reason.sentence()).contains("did not end by itself"));
}

// A fifo tells when the last process that holds it has gone.
class Fifo {
public:
    explicit Fifo(const QTemporaryDir& folder) : m_path(folder.filePath("fifo").toStdString()) {
        ::mkfifo(m_path.c_str(), 0600);
        m_end = Descriptor(::open(m_path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    }
    const std::string& path() const { return m_path; }
    bool waitUntilReleased() const {
        pollfd wait{m_end.get(), 0, 0};  // POLLHUP comes unasked
        return ::poll(&wait, 1, 60'000) == 1 && (wait.revents & POLLHUP) != 0;
    }

private:
    std::string m_path;
    Descriptor m_end;
};

void ChildTest::groupIsKilledAsAWhole() {
    const QTemporaryDir folder;
    const Fifo fifo(folder);
    const auto running = Child::start(child({"family", fifo.path()}));
    VERIFY_OK(running);
    QCOMPARE(*(*running)->waitReady(deadlineIn(kLong)), std::string("1"));
    (*running)->killGroup();
    const auto reason = (*running)->waitEnd(deadlineIn(kLong));
    VERIFY_OK(reason);
    QVERIFY(reason->killed);
    QVERIFY(fifo.waitUntilReleased());
}

void ChildTest::whatAChildLeavesBehindIsEnded() {
    const QTemporaryDir folder;
    const Fifo fifo(folder);
    const auto running = Child::start(child({"orphan", fifo.path()}));
    VERIFY_OK(running);
    QCOMPARE(*(*running)->waitReady(deadlineIn(kLong)), std::string("1"));
    const ExitReason reason = (*running)->end(kLong);
    QVERIFY(reason.ok());
    QVERIFY(fifo.waitUntilReleased());
}

void ChildTest::signalsAndEndedHandles() {
    const auto running = Child::start(child({"deaf"}));
    VERIFY_OK(running);
    VERIFY_OK((*running)->waitReady(deadlineIn(kLong)));
    VERIFY_OK((*running)->signal(SIGTERM));
    const auto reason = (*running)->waitEnd(deadlineIn(kLong));
    VERIFY_OK(reason);
    QCOMPARE(reason->signal, SIGTERM);
    QVERIFY(!reason->killed);
    QCOMPARE(reasonOf((*running)->signal(SIGTERM)), std::string("CHILD_ENDED"));
    QCOMPARE(reasonOf((*running)->write("x")), std::string("CHILD_INPUT_CLOSED"));
    (*running)->killGroup();  // its number may be another's by now
    QCOMPARE((*running)->end(0s).signal, SIGTERM);
}

void ChildTest::endsWithAParentThatIsKilled() {
    std::promise<std::string> told;
    const auto parent = Child::start({.program = CHANCERY_TEST_PARENT,
                                      .arguments = {CHANCERY_TEST_CHILD},
                                      .environment = {},
                                      .folder = {}},
                                     {[&](Stream, std::string_view line) {
                                          if (!line.starts_with("READY"))
                                              told.set_value(std::string(line));
                                      },
                                      nullptr});
    VERIFY_OK(parent);
    const auto number = (*parent)->waitReady(deadlineIn(kLong));
    VERIFY_OK(number);
    const Descriptor grandchild(static_cast<int>(::syscall(SYS_pidfd_open, std::stoi(*number), 0)));
    QVERIFY(grandchild.get() >= 0);
    // The thread that asked for it has ended, and it does not matter.
    VERIFY_OK((*parent)->write("?"));
    QCOMPARE(told.get_future().get(), std::string("runs"));
    VERIFY_OK((*parent)->signal(SIGKILL));
    pollfd ended{grandchild.get(), POLLIN, 0};
    QCOMPARE(::poll(&ended, 1, 60'000), 1);
}

void ChildTest::echoOfMegabytes() {
    constexpr std::size_t kTotal = 5'000'000;
    std::size_t received = 0;
    std::mutex mutex;
    std::condition_variable changed;
    const std::string line = std::string(999, 'x') + "\n";
    auto running = Child::start(child({"echo"}), {[&](Stream, std::string_view text) {
                                                      const std::lock_guard lock(mutex);
                                                      received += text.size() + 1;
                                                      changed.notify_all();
                                                  },
                                                  nullptr});
    VERIFY_OK(running);
    for (std::size_t sent = 0; sent < kTotal; sent += line.size()) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return sent < received + 500'000; });
        lock.unlock();
        VERIFY_OK((*running)->write(line));
    }
    const ExitReason reason = (*running)->end(kLong);
    QVERIFY(reason.ok());
    QCOMPARE(received, kTotal);
}

void ChildTest::talksByASocket() {
    Command command = child({"talk"});
    command.talks = true;
    const auto running = Child::start(std::move(command));
    VERIFY_OK(running);
    const Descriptor socket = (*running)->takeSocket();
    QVERIFY(socket);
    QVERIFY(!(*running)->takeSocket());
    QCOMPARE(::write(socket.get(), "there and back", 14), 14);
    char got[14];
    QCOMPARE(::recv(socket.get(), got, sizeof got, MSG_WAITALL), 14);
    QCOMPARE(std::string_view(got, sizeof got), std::string_view("there and back"));
    // The child sees the end of the socket as that of a conversation.
    ::shutdown(socket.get(), SHUT_WR);
    const auto ended = (*running)->waitEnd(deadlineIn(kLong));
    VERIFY_OK(ended);
    QCOMPARE(ended->code, 0);
    // A command that does not talk has none.
    const auto silent = Child::start(child({"echo"}));
    VERIFY_OK(silent);
    QVERIFY(!(*silent)->takeSocket());
}

void ChildTest::inputThatNobodyReads() {
    const auto running = Child::start(child({"deaf"}));
    VERIFY_OK(running);
    Status status;
    const std::string megabyte(Child::kMaxUnread, 'x');
    int taken = 0;
    for (; status.ok() && taken < 10; ++taken) status = (*running)->write(megabyte);
    QCOMPARE(reasonOf(status), std::string("CHILD_NOT_READING"));
    (*running)->end(0s);
}

void ChildTest::inputThatWasClosed() {
    const auto running = Child::start(child({"closed"}));
    VERIFY_OK(running);
    VERIFY_OK((*running)->waitReady(deadlineIn(kLong)));
    // The first write finds out, later ones are refused; SIGPIPE would end this program.
    Status status;
    while (status.ok()) status = (*running)->write("x");
    QVERIFY(reasonOf(status) == "CHILD_INPUT_CLOSED" || reasonOf(status) == "CHILD_NOT_READING");
    QVERIFY((*running)->isRunning());
    (*running)->end(0s);
}

void ChildTest::linesOfAllLengths() {
    const auto many = runToEnd(child({"lines", "100000"}));
    VERIFY_OK(many);
    QCOMPARE(many->output.size(), std::size_t(100000));
    QCOMPARE(many->output.back(), std::string("line 99999"));
    QCOMPARE(many->error, Lines({"no line end"}));
    QCOMPARE(many->reason.lastLines.size(), std::size_t(20));

    LineBuffer buffer;
    Lines lines;
    const auto take = [&](std::string_view line) { lines.emplace_back(line); };
    for (const char* portion : {"a", "b\r", "\n\nc\n", "d"}) buffer.append(portion, take);
    buffer.append(std::string(LineBuffer::kMaxLine, 'x'), take);
    buffer.flush(take);
    buffer.flush(take);
    QCOMPARE(lines, Lines({"ab", "", "c", "d" + std::string(LineBuffer::kMaxLine - 1, 'x'), "x"}));
}

void ChildTest::manyAtOnceKeepNoOneElsesPipes() {
    // Started at the same time from several threads; if one held another's input, end of file would
    // not arrive.
    std::vector<std::future<bool>> runs;
    for (int i = 0; i < 16; ++i)
        runs.push_back(std::async(std::launch::async, [] {
            const auto running = Child::start(child({"serve"}));
            return running.ok() && (*running)->waitReady(deadlineIn(kLong)).ok() &&
                   (*running)->end(kLong).code == 7;
        }));
    for (auto& run : runs) QVERIFY(run.get());
}

void ChildTest::whatCannotBeStarted_data() {
    QTest::addColumn<Command>("command");
    QTest::addColumn<QString>("reason");
    QTest::newRow("missing") << Command{"/nowhere/program", {}, {}, {}} << "PROGRAM_NOT_FOUND";
    QTest::newRow("below a file") << Command{"/etc/passwd/x", {}, {}, {}} << "PROGRAM_NOT_FOUND";
    QTest::newRow("not executable") << Command{"/etc/passwd", {}, {}, {}} << "CANNOT_START";
    QTest::newRow("bare name") << Command{"ls", {}, {}, {}} << "BAD_COMMAND";
    QTest::newRow("empty") << Command{} << "BAD_COMMAND";
    QTest::newRow("NUL in an argument")
        << child({"arguments", std::string("a\0b", 3)}) << "BAD_COMMAND";
    QTest::newRow("NUL in the environment")
        << Command{"/bin/true", {}, {{"A", std::string(1, '\0')}}, {}} << "BAD_COMMAND";
    QTest::newRow("= in a name") << Command{"/bin/true", {}, {{"A=B", "1"}}, {}} << "BAD_COMMAND";
    QTest::newRow("no folder") << Command{"/bin/true", {}, {}, "/nowhere"} << "FOLDER_NOT_FOUND";
}

void ChildTest::whatCannotBeStarted() {
    QFETCH(Command, command);
    QTEST(QString::fromStdString(reasonOf(Child::start(command).status())), "reason");
}

void ChildTest::refusesToRunWhereChildrenAreIgnored() {
    const auto before = ::signal(SIGCHLD, SIG_IGN);
    const auto running = Child::start(child({"return", "0"}));
    ::signal(SIGCHLD, before);
    QCOMPARE(reasonOf(running.status()), std::string("CHILD_SIGNALS_IGNORED"));
}

void ChildTest::findsPrograms() {
    VERIFY_OK(findProgram("sh"));
    QCOMPARE(reasonOf(findProgram("no-such-program-here").status()),
             std::string("PROGRAM_NOT_FOUND"));
}

CHANCERY_TEST(ChildTest)
#include "ChildTest.moc"
