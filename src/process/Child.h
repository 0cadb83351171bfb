#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "src/base/Bytes.h"
#include "src/base/Deadline.h"
#include "src/base/Status.h"
#include "src/process/Command.h"
#include "src/process/ExitReason.h"
#include "src/process/LineBuffer.h"
#include "src/process/Spawn.h"

namespace chancery::process {

enum class Stream { Output, Error };

/// Called on the child's own thread, one call at a time, in order within a stream. A callback may
/// call the child's methods except `waitReady`, `waitEnd`, `end` and the destructor; while it runs,
/// the child's output waits.
struct Listener {
    std::function<void(Stream, std::string_view line)> line;
    std::function<void(const ExitReason&)> ended;  ///< once, after the last line
};

/// A running child process. Our contract with children: a line "READY" or "READY <details>" on
/// standard output says that it serves; end of file on standard input asks it to end.
///
/// The child leads a process group, and what is left of the group when the child ends is ended with
/// it. Signals go through a handle of this very process, and to the group only while its number is
/// still the child's. Thread-safe. Nobody else in this process may wait for children that it did
/// not start.
class Child {
public:
    /// NOT_FOUND (PROGRAM_NOT_FOUND, FOLDER_NOT_FOUND), INVALID_ARGUMENT (BAD_COMMAND),
    /// FAILED_PRECONDITION (CHILD_SIGNALS_IGNORED), or CANNOT_START with what the system said.
    static Result<std::unique_ptr<Child>> start(Command command, Listener listener = {});
    /// Ends the child by `end(kGrace)`.
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// Time that a child has to end by itself after end of file on its standard input.
    static constexpr std::chrono::seconds kGrace{5};
    /// Most that `write` keeps for a child that does not read.
    static constexpr std::size_t kMaxUnread = 1 << 20;

    /// The details behind READY (may be empty). FAILED_PRECONDITION (CHILD_ENDED) with how it ended
    /// and its last lines, DEADLINE_EXCEEDED (CHILD_NOT_READY), CANCELLED (STOPPED).
    Result<std::string> waitReady(Deadline deadline, std::stop_token stop = {});
    /// DEADLINE_EXCEEDED (CHILD_STILL_RUNNING), CANCELLED (STOPPED).
    Result<ExitReason> waitEnd(Deadline deadline, std::stop_token stop = {});
    bool isRunning() const;

    /// Queues bytes for standard input. FAILED_PRECONDITION (CHILD_INPUT_CLOSED),
    /// RESOURCE_EXHAUSTED (CHILD_NOT_READING).
    Status write(BytesView bytes);
    /// End of file on standard input, after what is queued.
    void closeInput();

    /// Our end of the socket of a command that talks, once; none afterwards and otherwise.
    Descriptor takeSocket();

    /// To the child alone. FAILED_PRECONDITION (CHILD_ENDED) once it has ended.
    Status signal(int number);
    /// SIGKILL to the child and everything in its process group.
    void killGroup();
    /// End of file, then up to `grace` for the child to end by itself, then killGroup.
    ExitReason end(std::chrono::nanoseconds grace = kGrace);

    /// For people and logs; never signal by it.
    pid_t number() const { return m_process.pid; }

private:
    Child(Command command, Listener listener, Spawned process, Descriptor wake);

    void run();
    bool readFrom(Stream stream);
    void drain();
    void takeLine(Stream stream, std::string_view line);
    void feedInput();
    void reap();
    void wakeUp() const;
    Status endedError() const;

    struct Reader {
        Descriptor end;
        LineBuffer lines;
    };

    const Command m_command;
    const Listener m_listener;
    Spawned m_process;  // descriptors except the handle move to the members below
    Descriptor m_wake;  // eventfd

    // Only the child's thread touches these.
    Reader m_output, m_error;
    Descriptor m_input;
    std::string m_unwritten;  // taken from m_queued

    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::string m_queued;
    bool m_inputClosing = false;  // no more writes are taken
    bool m_reaped = false;        // the number may belong to another process now
    bool m_killed = false;
    std::optional<std::string> m_ready;
    std::deque<std::string> m_lastLines;
    std::optional<ExitReason> m_exit;

    std::thread m_thread;
};

}  // namespace chancery::process
