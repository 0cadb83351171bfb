#include "src/process/Spawn.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

extern "C" {  // glibc 2.36 forgot to say so
#include <sys/pidfd.h>
}
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

namespace chancery::process {
namespace {

struct Pipe {
    Descriptor read, write;
};

Status spawnError(int error, std::string_view doing, const Command& command) {
    const StatusCode code = absl::ErrnoToStatusCode(error);
    const bool missing = error == ENOENT || error == ENOTDIR;
    return makeError(
        code, missing ? "PROGRAM_NOT_FOUND" : "CANNOT_START",
        fmt::format("cannot {} {}: {}", doing, command.program.string(), std::strerror(error)),
        {{"program", command.program.string()}, {"errno", std::to_string(error)}});
}

Status invalid(std::string_view sentence, const Command& command) {
    return makeError(StatusCode::kInvalidArgument, "BAD_COMMAND",
                     fmt::format("{}: {}", command.program.string(), sentence),
                     {{"program", command.program.string()}});
}

Status check(const Command& command) {
    const std::string program = command.program.string();
    if (program.find('/') == std::string::npos)
        return invalid("the program must be given as a path", command);
    const auto hasNul = [](const std::string& text) { return text.find('\0') != text.npos; };
    bool nul = hasNul(program) || hasNul(command.folder.string());
    for (const auto& argument : command.arguments) nul = nul || hasNul(argument);
    for (const auto& [name, value] : command.environment) {
        nul = nul || hasNul(name) || hasNul(value);
        if (name.empty() || name.find('=') != name.npos)
            return invalid("an environment variable has no proper name", command);
    }
    if (nul) return invalid("arguments and environment cannot contain NUL", command);
    std::error_code ignored;
    if (!command.folder.empty() && !std::filesystem::is_directory(command.folder, ignored))
        return makeError(StatusCode::kNotFound, "FOLDER_NOT_FOUND",
                         fmt::format("{} is not a folder", command.folder.string()),
                         {{"path", command.folder.string()}});
    // With either set the kernel reaps by itself and a process's number could be reused while we
    // still use it.
    struct sigaction action {};
    ::sigaction(SIGCHLD, nullptr, &action);
    if (action.sa_handler == SIG_IGN || (action.sa_flags & SA_NOCLDWAIT) != 0)
        return makeError(StatusCode::kFailedPrecondition, "CHILD_SIGNALS_IGNORED",
                         "this process ignores the end of its children");
    return absl::OkStatus();
}

// The descriptor in the child that goes when it becomes another program.
constexpr int kReport = kTalkDescriptor + 1;

// Above the descriptors that children have, so that moving one to its place in the child never
// covers another.
Result<Descriptor> lifted(Descriptor descriptor, const Command& command) {
    if (descriptor.get() > kReport) return descriptor;
    Descriptor higher(::fcntl(descriptor.get(), F_DUPFD_CLOEXEC, kReport + 1));
    if (!higher) return spawnError(errno, "make a pipe for", command);
    return higher;
}

Result<Pipe> makePipe(const Command& command) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return spawnError(errno, "make a pipe for", command);
    Descriptor read(ends[0]), write(ends[1]);
    Pipe pipe;
    ASSIGN_OR_RETURN(pipe.read, lifted(std::move(read), command));
    ASSIGN_OR_RETURN(pipe.write, lifted(std::move(write), command));
    return pipe;
}

/// `read` is the child's end, `write` ours; both go both ways.
Result<Pipe> makeSocket(const Command& command) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return spawnError(errno, "make a socket for", command);
    Descriptor ours(ends[0]), theirs(ends[1]);
    Pipe pipe;
    ASSIGN_OR_RETURN(pipe.read, lifted(std::move(theirs), command));
    pipe.write = std::move(ours);
    return pipe;
}

/// What a child needs to know, prepared before there is one.
struct Launch {
    const char* program = nullptr;
    const char* folder = nullptr;  // null: stays
    char* const* arguments = nullptr;
    char* const* environment = nullptr;
    int input = -1, output = -1, error = -1;
    int socket = -1;  // none: not there in the child
    int report = -1;  // where the child writes what failed
    int endsWithUs = 0;
    pid_t parent = -1;
    sigset_t signals{};
};

// The child between vfork and execve: it has the parent's memory, so it only makes system calls.
// The error number of what failed.
int becomeChild(const Launch& launch) {
    // Handlers are ours, and not for another program.
    struct sigaction normal {};
    normal.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; ++number) ::sigaction(number, &normal, nullptr);
    if (::dup2(launch.input, STDIN_FILENO) < 0 || ::dup2(launch.output, STDOUT_FILENO) < 0 ||
        ::dup2(launch.error, STDERR_FILENO) < 0)
        return errno;
    if (launch.socket < 0)
        ::close(kTalkDescriptor);
    else if (::dup2(launch.socket, kTalkDescriptor) < 0)
        return errno;
    if (launch.report != kReport && ::dup3(launch.report, kReport, O_CLOEXEC) < 0) return errno;
    if (::setpgid(0, 0) != 0) return errno;
    ::closefrom(kReport + 1);
    if (launch.folder != nullptr && ::chdir(launch.folder) != 0) return errno;
    if (launch.endsWithUs != 0) {
        if (::prctl(PR_SET_PDEATHSIG, launch.endsWithUs) != 0) return errno;
        if (::getppid() != launch.parent) return ESRCH;  // too late for the signal
    }
    if (::sigprocmask(SIG_SETMASK, &launch.signals, nullptr) != 0) return errno;
    ::execve(launch.program, launch.arguments, launch.environment);
    return errno;
}

// A function of its own, because vfork returns twice. The child does not tell by memory what
// failed: sanitizers make this a fork.
[[gnu::noinline]] pid_t forkChild(const Launch& launch) {
    const pid_t pid = ::vfork();
    if (pid == 0) {
        const int failed = becomeChild(launch);
        ::_exit(::write(kReport, &failed, sizeof failed) == sizeof failed ? 127 : 126);
    }
    return pid;
}

// An error number; 0 when the program runs.
int start(Launch& launch, pid_t& pid) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return errno;
    const Descriptor read(ends[0]);
    Descriptor write(ends[1]);
    // As `lifted` does it.
    if (write.get() < kReport) write = Descriptor(::fcntl(ends[1], F_DUPFD_CLOEXEC, kReport));
    if (!write) return errno;
    sigset_t all, before;
    ::sigfillset(&all);
    ::sigemptyset(&launch.signals);
    launch.parent = ::getpid();
    launch.report = write.get();
    // No handler of ours may run in the child.
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    pid = forkChild(launch);
    const int forkError = pid < 0 ? errno : 0;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (forkError != 0) return forkError;
    write = Descriptor();
    int failed = 0;
    ssize_t got = 0;
    do {
        got = ::read(read.get(), &failed, sizeof failed);
    } while (got < 0 && errno == EINTR);
    if (got == 0) return 0;
    ::waitpid(pid, nullptr, 0);
    return got == sizeof failed && failed != 0 ? failed : EIO;
}

/// The system takes the end of the thread that started a child for the end of its parent, so those
/// that shall end with this process come from a thread that lasts as long as it.
class LastingThread {
public:
    static LastingThread& instance() {
        static auto* const thread = new LastingThread;  // never ends
        return *thread;
    }
    /// Runs it there and waits.
    int run(const std::function<int()>& work) {
        std::packaged_task<int()> task(work);
        auto result = task.get_future();
        {
            const std::lock_guard lock(m_mutex);
            m_tasks.push_back(std::move(task));
        }
        m_changed.notify_one();
        return result.get();
    }

private:
    LastingThread() {
        std::thread([this] {
            ::pthread_setname_np(::pthread_self(), "children");
            while (true) {
                std::unique_lock lock(m_mutex);
                m_changed.wait(lock, [this] { return !m_tasks.empty(); });
                auto task = std::move(m_tasks.front());
                m_tasks.pop_front();
                lock.unlock();
                task();
            }
        }).detach();
    }

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<std::packaged_task<int()>> m_tasks;
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (auto& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

int launch(const Command& command, Launch& launch, pid_t& pid) {
    std::vector<std::string> arguments{command.program.string()};
    arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
    std::vector<std::string> environment;
    for (const auto& [name, value] : command.environment) environment.push_back(name + "=" + value);
    const auto argumentPointers = pointers(arguments), environmentPointers = pointers(environment);
    launch.program = command.program.c_str();
    launch.folder = command.folder.empty() ? nullptr : command.folder.c_str();
    launch.arguments = argumentPointers.data();
    launch.environment = environmentPointers.data();
    launch.endsWithUs = command.endsWithUs;
    const auto begin = [&] { return start(launch, pid); };
    return command.endsWithUs != 0 ? LastingThread::instance().run(begin) : begin();
}

}  // namespace

Result<Spawned> spawn(const Command& command) {
    RETURN_IF_ERROR(check(command));
    ASSIGN_OR_RETURN(Pipe input, makePipe(command));
    ASSIGN_OR_RETURN(Pipe output, makePipe(command));
    ASSIGN_OR_RETURN(Pipe error, makePipe(command));
    Pipe socket;
    if (command.talks) {
        ASSIGN_OR_RETURN(socket, makeSocket(command));
    }
    for (const Descriptor* ours : {&input.write, &output.read, &error.read})
        if (::fcntl(ours->get(), F_SETFL, O_NONBLOCK) != 0)
            return spawnError(errno, "make a pipe for", command);

    Spawned spawned;
    Launch prepared;
    prepared.input = input.read.get();
    prepared.output = output.write.get();
    prepared.error = error.write.get();
    prepared.socket = socket.read.get();
    if (const int failed = launch(command, prepared, spawned.pid))
        return spawnError(failed, "start", command);
    spawned.handle = Descriptor(::pidfd_open(spawned.pid, 0));
    if (!spawned.handle) {
        const int failed = errno;
        ::kill(-spawned.pid, SIGKILL);
        ::waitpid(spawned.pid, nullptr, 0);
        return spawnError(failed, "get a handle of", command);
    }
    spawned.input = std::move(input.write);
    spawned.output = std::move(output.read);
    spawned.error = std::move(error.read);
    spawned.socket = std::move(socket.write);
    return spawned;
}

int sendSignal(const Spawned& process, int number) {
    return ::pidfd_send_signal(process.handle.get(), number, nullptr, 0) == 0 ? 0 : errno;
}

}  // namespace chancery::process
