#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "src/base/Descriptor.h"
#include "src/base/Status.h"

namespace chancery::process {

/// Frames of bytes, both ways, over the socket between a process and a child that it has started
/// (`Command::talks`). Nobody else can hold either end, so there is neither TLS nor a handshake.
/// A frame is its length, four bytes, the lowest first, and that many bytes. Thread-safe.
class FrameSocket {
public:
    struct Events {
        /// One call at a time, on a thread of the socket's own; the view ends with the call.
        /// Frames that are sent in here leave together.
        std::function<void(std::string_view frame)> frame;
        /// Once, after the last frame, on the same thread: CONNECTION_CLOSED (UNAVAILABLE),
        /// FRAME_TOO_LONG (RESOURCE_EXHAUSTED), NOT_READING (RESOURCE_EXHAUSTED) when the other
        /// side leaves more than four frames of the greatest length unread.
        std::function<void(const Status& why)> ended;
    };
    /// `socket` is a connected stream socket, and `maxFrameBytes` the most that either side sends.
    FrameSocket(Descriptor socket, std::size_t maxFrameBytes);
    /// As `close`; what was sent may be lost.
    ~FrameSocket();
    FrameSocket(const FrameSocket&) = delete;
    FrameSocket& operator=(const FrameSocket&) = delete;

    /// Once. What came before waits in the socket.
    void start(Events events);

    /// Never waits: what the other side does not take yet is kept. Dropped after the end.
    void send(std::string frame);
    /// Nothing is sent and no frame is told from now on, but for a call that is on its way;
    /// `ended` comes soon when it was started.
    void close();
    /// After `start`: until nothing is called any more and the events are gone. Not from one of
    /// their calls.
    void waitEnd();

private:
    struct State;
    std::shared_ptr<State> m_state;
};

}  // namespace chancery::process
