#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/Deadline.h"
#include "src/base/Descriptor.h"
#include "src/base/Status.h"

namespace chancery::process {

/// Frames of bytes, both ways, over the socket between a process and a child that it has started
/// (`Command::talks`). Nobody else can hold either end, so there is neither TLS nor a handshake.
/// A frame is its length, four bytes, the lowest first, and that many bytes. Thread-safe.
class FrameSocket {
public:
    struct Events {
        /// One call at a time; the view ends with the call.
        std::function<void(std::string_view frame)> frame;
        /// Once, after the last frame: CONNECTION_CLOSED (UNAVAILABLE), FRAME_TOO_LONG
        /// (RESOURCE_EXHAUSTED), NOT_READING (RESOURCE_EXHAUSTED) when the other side leaves more
        /// than four frames of the greatest length unread.
        std::function<void(const Status& why)> ended;
    };
    /// `socket` is a connected stream socket, and `maxFrameBytes` the most that either side sends.
    FrameSocket(Descriptor socket, std::size_t maxFrameBytes);
    /// As `close`; what was sent may be lost.
    ~FrameSocket();
    FrameSocket(const FrameSocket&) = delete;
    FrameSocket& operator=(const FrameSocket&) = delete;

    // What came before waits in the socket. Either `start` or `attach`, once.

    /// Calls the events on a thread of the socket's own.
    void start(Events events);
    /// Calls the events in `serve`, which one thread calls again and again.
    void attach(Events events);
    /// Waits until something has come, `wakeUp` or the deadline, and tells what has come. False at
    /// the end, when `ended` has been told and the events are gone.
    bool serve(std::optional<Deadline> until);
    void wakeUp();

    /// Never waits: what the other side does not take yet is kept. What the thread of the events
    /// sends leaves together, at the latest before it waits again. Dropped after the end.
    void send(std::string frame);
    /// Nothing is sent and no frame is told from now on, but for a call that is on its way;
    /// `ended` comes soon.
    void close();
    /// After `start`: until nothing is called any more and the events are gone. Not from one of
    /// their calls.
    void waitEnd();

private:
    struct State;
    std::shared_ptr<State> m_state;
};

}  // namespace chancery::process
