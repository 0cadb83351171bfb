#include "src/process/FrameSocket.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <thread>
#include <vector>

namespace chancery::process {
namespace {

constexpr std::size_t kHead = 4;
constexpr std::size_t kReadBytes = 64 * 1024;
// Answers wait at most for so many frames that came together with theirs, or for so many bytes.
constexpr int kFramesPerFlush = 16;
constexpr std::size_t kBytesPerFlush = 256 * 1024;
constexpr std::size_t kUnreadFrames = 4;

std::array<char, kHead> headOf(std::size_t size) {
    std::array<char, kHead> head;
    for (std::size_t i = 0; i < kHead; ++i) head[i] = static_cast<char>(size >> (8 * i));
    return head;
}

std::size_t sizeIn(const char* head) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < kHead; ++i)
        size |= static_cast<std::size_t>(static_cast<unsigned char>(head[i])) << (8 * i);
    return size;
}

}  // namespace

/// Shared with the thread, which may outlive its owner by a call of `ended`: an owner that waited
/// for it might hold a lock that the call wants.
struct FrameSocket::State {
    State(Descriptor theSocket, std::size_t most)
        : socket(std::move(theSocket)),
          wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
          maxFrameBytes(most) {}

    bool step(std::optional<Deadline> until);
    bool waitForMore(std::optional<Deadline> until);
    bool receive();
    bool take();
    void send(std::string frame);
    void flush();
    void end(Status status);
    void tellEnd();
    void wakeUp() const;

    const Descriptor socket;
    const Descriptor wake;
    const std::size_t maxFrameBytes;

    // Only the thread of the events touches these.
    Events events;  // gone after the end: it may own whoever owns us
    std::vector<char> incoming = std::vector<char>(kReadBytes);
    std::size_t begin = 0, filled = 0;

    std::mutex mutex;
    std::string unsent;
    int gathered = 0;       // frames in it that the thread of the events has sent
    std::thread::id awake;  // the thread of the events while it will flush before it waits
    bool closed = false;    // nothing is sent or told any more
    bool over = false;      // nothing is called any more
    std::condition_variable changed;
    Status why;
};

void FrameSocket::State::wakeUp() const {
    const std::uint64_t one = 1;
    // Can only fail when the counter is full, and then the thread is being woken anyway.
    [[maybe_unused]] const auto written = ::write(wake.get(), &one, sizeof one);
}

void FrameSocket::State::end(Status status) {
    {
        const std::lock_guard lock(mutex);
        if (std::exchange(closed, true)) return;
        why = std::move(status);
        unsent = {};
    }
    // Whoever is at the other end learns it at once.
    ::shutdown(socket.get(), SHUT_RDWR);
    wakeUp();
}

void FrameSocket::State::send(std::string frame) {
    const auto head = headOf(frame.size());
    bool overfull = false;
    bool mustWake = false;
    {
        const std::lock_guard lock(mutex);
        if (closed) return;
        std::size_t written = 0;
        const bool gathers = awake == std::this_thread::get_id();
        if (unsent.empty() && !gathers) {
            std::array<iovec, 2> parts{
                {{const_cast<char*>(head.data()), head.size()}, {frame.data(), frame.size()}}};
            msghdr message{};
            message.msg_iov = parts.data();
            message.msg_iovlen = parts.size();
            const ssize_t sent = ::sendmsg(socket.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
            // What is wrong with the socket is told where it is read.
            if (sent > 0) written = static_cast<std::size_t>(sent);
            if (written == kHead + frame.size()) return;
            mustWake = awake == std::thread::id();
        }
        if (written < kHead) unsent.append(head.data() + written, kHead - written);
        unsent.append(frame, written > kHead ? written - kHead : 0);
        if (gathers && (++gathered >= kFramesPerFlush || unsent.size() > kBytesPerFlush)) flush();
        overfull = unsent.size() > kUnreadFrames * (maxFrameBytes + kHead);
    }
    if (overfull)
        return end(makeError(StatusCode::kResourceExhausted, "NOT_READING",
                             "the other side does not read what is sent to it"));
    if (mustWake) wakeUp();
}

/// With the lock held.
void FrameSocket::State::flush() {
    gathered = 0;
    std::size_t at = 0;
    while (at < unsent.size()) {
        const ssize_t sent = ::send(socket.get(), unsent.data() + at, unsent.size() - at,
                                    MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent <= 0) break;
        at += static_cast<std::size_t>(sent);
    }
    unsent.erase(0, at);
    if (unsent.empty() && unsent.capacity() > 4 * kBytesPerFlush) unsent = {};
}

/// Tells the whole frames that have come; false at the end.
bool FrameSocket::State::take() {
    while (filled - begin >= kHead) {
        const std::size_t size = sizeIn(incoming.data() + begin);
        if (size > maxFrameBytes) {
            end(makeError(StatusCode::kResourceExhausted, "FRAME_TOO_LONG",
                          fmt::format("a message of {} bytes, more than {}", size, maxFrameBytes)));
            return false;
        }
        if (filled - begin - kHead < size) return true;
        if (events.frame) events.frame({incoming.data() + begin + kHead, size});
        begin += kHead + size;
        const std::lock_guard lock(mutex);
        if (closed) return false;
    }
    return true;
}

/// What is there now; false at the end.
bool FrameSocket::State::receive() {
    if (begin > 0) {
        std::memmove(incoming.data(), incoming.data() + begin, filled - begin);
        filled -= begin;
        begin = 0;
    }
    // Grows with what has come, not with what a head promises; and back.
    if (filled == incoming.size()) {
        incoming.resize(2 * incoming.size());
    } else if (filled < kReadBytes / 2 && incoming.size() > kReadBytes) {
        std::vector<char> smaller(kReadBytes);
        std::memcpy(smaller.data(), incoming.data(), filled);
        incoming = std::move(smaller);
    }
    const ssize_t got =
        ::recv(socket.get(), incoming.data() + filled, incoming.size() - filled, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    if (got <= 0) {
        end(makeError(StatusCode::kUnavailable, "CONNECTION_CLOSED",
                      "the other process closed the connection"));
        return false;
    }
    filled += static_cast<std::size_t>(got);
    return take();
}

/// Whether the socket has something to read.
bool FrameSocket::State::waitForMore(std::optional<Deadline> until) {
    bool hasUnsent = false;
    {
        const std::lock_guard lock(mutex);
        if (closed) return false;
        flush();
        hasUnsent = !unsent.empty();
        awake = {};
    }
    std::array<pollfd, 2> waits{
        {{socket.get(), static_cast<short>(hasUnsent ? POLLIN | POLLOUT : POLLIN), 0},
         {wake.get(), POLLIN, 0}}};
    timespec patience{};
    if (until) {
        const auto left = std::max(*until - std::chrono::steady_clock::now(),
                                   std::chrono::steady_clock::duration());
        patience.tv_sec = left / std::chrono::seconds(1);
        patience.tv_nsec = (left % std::chrono::seconds(1)) / std::chrono::nanoseconds(1);
    }
    const int ready = ::ppoll(waits.data(), waits.size(), until ? &patience : nullptr, nullptr);
    {
        const std::lock_guard lock(mutex);
        awake = std::this_thread::get_id();
        if (ready > 0 && (waits[0].revents & POLLOUT) != 0) flush();
    }
    if (ready <= 0) return false;
    if (waits[1].revents != 0) {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto got = ::read(wake.get(), &count, sizeof count);
    }
    return (waits[0].revents & ~POLLOUT) != 0;
}

bool FrameSocket::State::step(std::optional<Deadline> until) {
    if (!waitForMore(until) || receive()) {
        const std::lock_guard lock(mutex);
        if (!closed) return true;
    }
    tellEnd();
    return false;
}

void FrameSocket::State::tellEnd() {
    {
        const Events last = std::exchange(events, {});
        if (last.ended) last.ended(why);
    }
    const std::lock_guard lock(mutex);
    awake = {};
    over = true;
    changed.notify_all();
}

FrameSocket::FrameSocket(Descriptor socket, std::size_t maxFrameBytes)
    : m_state(std::make_shared<State>(std::move(socket), maxFrameBytes)) {}

FrameSocket::~FrameSocket() {
    close();
}

void FrameSocket::start(Events events) {
    m_state->events = std::move(events);
    // Signals of this process are for others.
    sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread([state = m_state] {
        ::pthread_setname_np(::pthread_self(), "frames");
        while (state->step(std::nullopt)) continue;
    }).detach();
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void FrameSocket::attach(Events events) {
    m_state->events = std::move(events);
}

bool FrameSocket::serve(std::optional<Deadline> until) {
    const auto state = m_state;  // whoever is called may let go of this
    return state->step(until);
}

void FrameSocket::wakeUp() {
    m_state->wakeUp();
}

void FrameSocket::send(std::string frame) {
    m_state->send(std::move(frame));
}

void FrameSocket::close() {
    m_state->end(makeError(StatusCode::kUnavailable, "CONNECTION_CLOSED", "closed by this side"));
}

void FrameSocket::waitEnd() {
    std::unique_lock lock(m_state->mutex);
    m_state->changed.wait(lock, [this] { return m_state->over; });
}

}  // namespace chancery::process
