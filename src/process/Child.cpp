#include "src/process/Child.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

#include <fmt/format.h>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "src/base/Encoding.h"

namespace chancery::process {
namespace {

constexpr std::size_t kLastLines = 20;
constexpr std::size_t kLastLineBytes = 1000;
constexpr std::string_view kReady = "READY";

std::optional<std::string> readyDetails(std::string_view line) {
    if (!line.starts_with(kReady)) return std::nullopt;
    line.remove_prefix(kReady.size());
    if (!line.empty() && line.front() != ' ') return std::nullopt;
    if (!line.empty()) line.remove_prefix(1);
    return std::string(line);
}

std::string joined(const std::deque<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += (text.empty() ? "" : "\n") + line;
    return text;
}

}  // namespace

Result<std::unique_ptr<Child>> Child::start(Command command, Listener listener) {
    Descriptor wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wake)
        return makeError(absl::ErrnoToStatusCode(errno), "CANNOT_START",
                         fmt::format("cannot make an event descriptor: {}", std::strerror(errno)));
    ASSIGN_OR_RETURN(Spawned process, spawn(command));
    return std::unique_ptr<Child>(
        new Child(std::move(command), std::move(listener), std::move(process), std::move(wake)));
}

Child::Child(Command command, Listener listener, Spawned process, Descriptor wake)
    : m_command(std::move(command)),
      m_listener(std::move(listener)),
      m_process(std::move(process)),
      m_wake(std::move(wake)) {
    m_output.end = std::move(m_process.output);
    m_error.end = std::move(m_process.error);
    m_input = std::move(m_process.input);
    // A signal for this process must not interrupt the thread, and writing to a child that is gone
    // must only fail.
    sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    m_thread = std::thread([this] { run(); });
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Child::~Child() {
    end(kGrace);
    m_thread.join();
}

Result<std::string> Child::waitReady(Deadline deadline, std::stop_token stop) {
    std::unique_lock lock(m_mutex);
    m_changed.wait_until(lock, stop, deadline, [this] { return m_ready || m_exit; });
    if (m_ready) return *m_ready;
    if (m_exit) return endedError();
    if (stop.stop_requested()) return makeError(StatusCode::kCancelled, "STOPPED", "stopped");
    return makeError(StatusCode::kDeadlineExceeded, "CHILD_NOT_READY",
                     fmt::format("{} did not become ready in time", m_command.program.string()),
                     {{"program", m_command.program.string()}, {"lines", joined(m_lastLines)}});
}

Result<ExitReason> Child::waitEnd(Deadline deadline, std::stop_token stop) {
    std::unique_lock lock(m_mutex);
    m_changed.wait_until(lock, stop, deadline, [this] { return m_exit.has_value(); });
    if (m_exit) return *m_exit;
    if (stop.stop_requested()) return makeError(StatusCode::kCancelled, "STOPPED", "stopped");
    return makeError(StatusCode::kDeadlineExceeded, "CHILD_STILL_RUNNING",
                     fmt::format("{} has not ended yet", m_command.program.string()),
                     {{"program", m_command.program.string()}});
}

bool Child::isRunning() const {
    const std::lock_guard lock(m_mutex);
    return !m_exit;
}

// Called with the lock held, after the end.
Status Child::endedError() const {
    return makeError(StatusCode::kFailedPrecondition, "CHILD_ENDED",
                     fmt::format("{} {}", m_command.program.string(), m_exit->sentence()),
                     {{"program", m_command.program.string()},
                      {"code", std::to_string(m_exit->code)},
                      {"signal", std::to_string(m_exit->signal)},
                      {"lines", joined(m_lastLines)}});
}

Status Child::write(BytesView bytes) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_inputClosing)
            return makeError(StatusCode::kFailedPrecondition, "CHILD_INPUT_CLOSED",
                             "the child's standard input is closed");
        if (m_queued.size() + bytes.size() > kMaxUnread)
            return makeError(StatusCode::kResourceExhausted, "CHILD_NOT_READING",
                             "the child does not read its standard input");
        m_queued.append(bytes);
    }
    wakeUp();
    return absl::OkStatus();
}

void Child::closeInput() {
    {
        const std::lock_guard lock(m_mutex);
        m_inputClosing = true;
    }
    wakeUp();
}

Descriptor Child::takeSocket() {
    const std::lock_guard lock(m_mutex);
    return std::move(m_process.socket);
}

Status Child::signal(int number) {
    const std::lock_guard lock(m_mutex);
    if (m_exit) return endedError();
    const int failed = sendSignal(m_process, number);
    if (failed == 0) return absl::OkStatus();
    return makeError(
        absl::ErrnoToStatusCode(failed), failed == ESRCH ? "CHILD_ENDED" : "CANNOT_SIGNAL",
        fmt::format("cannot signal {}: {}", m_command.program.string(), std::strerror(failed)));
}

void Child::killGroup() {
    const std::lock_guard lock(m_mutex);
    if (m_reaped) return;
    m_killed = true;
    ::kill(-m_process.pid, SIGKILL);
    sendSignal(m_process, SIGKILL);  // should it have moved to another group
}

ExitReason Child::end(std::chrono::nanoseconds grace) {
    closeInput();
    if (auto ended = waitEnd(deadlineIn(grace)); ended.ok()) return *std::move(ended);
    killGroup();
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_exit.has_value(); });
    return *m_exit;
}

void Child::wakeUp() const {
    const std::uint64_t one = 1;
    // Can only fail when the counter is full, and then the thread is being woken anyway.
    [[maybe_unused]] const auto written = ::write(m_wake.get(), &one, sizeof one);
}

void Child::run() {
    ::pthread_setname_np(::pthread_self(), "child");
    while (true) {
        feedInput();
        std::array<pollfd, 5> waits{{{m_wake.get(), POLLIN, 0},
                                     {m_process.handle.get(), POLLIN, 0},
                                     {m_output.end.get(), POLLIN, 0},  // poll passes over -1
                                     {m_error.end.get(), POLLIN, 0},
                                     {m_unwritten.empty() ? -1 : m_input.get(), POLLOUT, 0}}};
        if (::poll(waits.data(), waits.size(), -1) < 0) continue;
        std::uint64_t count = 0;
        [[maybe_unused]] const auto got = ::read(m_wake.get(), &count, sizeof count);
        if (waits[2].revents != 0) readFrom(Stream::Output);
        if (waits[3].revents != 0) readFrom(Stream::Error);
        if (waits[1].revents != 0) break;
    }
    reap();
}

// One portion; true when there may be more.
bool Child::readFrom(Stream stream) {
    Reader& reader = stream == Stream::Output ? m_output : m_error;
    const auto take = [&](std::string_view line) { takeLine(stream, line); };
    std::array<char, 64 * 1024> buffer;
    if (!reader.end) return false;
    const ssize_t got = ::read(reader.end.get(), buffer.data(), buffer.size());
    if (got > 0) {
        reader.lines.append({buffer.data(), static_cast<std::size_t>(got)}, take);
        return true;
    }
    if (got < 0 && errno == EAGAIN) return false;
    reader.end.reset();
    return false;
}

void Child::takeLine(Stream stream, std::string_view line) {
    {
        const std::lock_guard lock(m_mutex);
        if (stream == Stream::Output && !m_ready) m_ready = readyDetails(line);
        m_lastLines.push_back(printable(line, kLastLineBytes));
        if (m_lastLines.size() > kLastLines) m_lastLines.pop_front();
    }
    m_changed.notify_all();
    if (m_listener.line) m_listener.line(stream, line);
}

void Child::feedInput() {
    bool closing = false;
    {
        const std::lock_guard lock(m_mutex);
        if (m_unwritten.empty()) m_unwritten.swap(m_queued);
        closing = m_inputClosing && m_queued.empty();
    }
    while (m_input && !m_unwritten.empty()) {
        const ssize_t written = ::write(m_input.get(), m_unwritten.data(), m_unwritten.size());
        if (written < 0 && errno == EAGAIN) return;
        if (written < 0) {
            // The child closed its end: nothing that is or will be queued can arrive.
            closing = true;
            m_unwritten.clear();
            const std::lock_guard lock(m_mutex);
            m_inputClosing = true;
            m_queued.clear();
            break;
        }
        m_unwritten.erase(0, static_cast<std::size_t>(written));
    }
    if (closing) m_input.reset();
}

// The child has ended but is not reaped, so its number and its group's number are still its own.
void Child::reap() {
    siginfo_t facts{};
    {
        const std::lock_guard lock(m_mutex);
        ::kill(-m_process.pid, SIGKILL);
        ::waitid(P_PIDFD, static_cast<id_t>(m_process.handle.get()), &facts, WEXITED);
        m_reaped = true;
        m_inputClosing = true;
    }
    // What it wrote is in the pipes already. Not until end of file: a process that left the group
    // may keep them open.
    drain();
    m_input.reset();

    ExitReason reason;
    if (facts.si_code == CLD_EXITED)
        reason.code = facts.si_status;
    else
        reason.signal = facts.si_status;
    {
        const std::lock_guard lock(m_mutex);
        reason.killed = m_killed && reason.signal == SIGKILL;
        reason.lastLines.assign(m_lastLines.begin(), m_lastLines.end());
    }
    if (m_listener.ended) m_listener.ended(reason);
    {
        const std::lock_guard lock(m_mutex);
        m_exit = std::move(reason);
    }
    m_changed.notify_all();
}

void Child::drain() {
    for (const Stream stream : {Stream::Output, Stream::Error}) {
        // A pipe holds at most a megabyte; more than that comes from a process that writes without
        // end.
        for (int portions = 0; portions < 64 && readFrom(stream); ++portions) continue;
        Reader& reader = stream == Stream::Output ? m_output : m_error;
        reader.lines.flush([&](std::string_view line) { takeLine(stream, line); });
        reader.end.reset();
    }
}

}  // namespace chancery::process
