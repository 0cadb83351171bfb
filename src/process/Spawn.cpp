#include "src/process/Spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <fmt/format.h>

extern "C" {  // glibc 2.36 forgot to say so
#include <sys/pidfd.h>
}
#include <cerrno>
#include <cstring>

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

// Above the standard descriptors, so that moving one to its place in the child never covers
// another.
Result<Descriptor> lifted(Descriptor descriptor, const Command& command) {
    if (descriptor.get() > STDERR_FILENO) return descriptor;
    Descriptor higher(::fcntl(descriptor.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
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

// Frees what posix_spawn is told.
struct Plan {
    Plan() {
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawnattr_init(&attributes);
    }
    ~Plan() {
        ::posix_spawnattr_destroy(&attributes);
        ::posix_spawn_file_actions_destroy(&actions);
    }
    Plan(const Plan&) = delete;
    Plan& operator=(const Plan&) = delete;

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
};

// The first error of the calls that fill a plan; each returns an error number.
int fill(Plan& plan, const Command& command, int input, int output, int error) {
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    const int results[] = {
        ::posix_spawn_file_actions_adddup2(&plan.actions, input, STDIN_FILENO),
        ::posix_spawn_file_actions_adddup2(&plan.actions, output, STDOUT_FILENO),
        ::posix_spawn_file_actions_adddup2(&plan.actions, error, STDERR_FILENO),
        ::posix_spawn_file_actions_addclosefrom_np(&plan.actions, STDERR_FILENO + 1),
        command.folder.empty()
            ? 0
            : ::posix_spawn_file_actions_addchdir_np(&plan.actions, command.folder.c_str()),
        ::posix_spawnattr_setflags(&plan.attributes, POSIX_SPAWN_SETPGROUP |
                                                         POSIX_SPAWN_SETSIGMASK |
                                                         POSIX_SPAWN_SETSIGDEF),
        ::posix_spawnattr_setpgroup(&plan.attributes, 0),
        ::posix_spawnattr_setsigmask(&plan.attributes, &none),
        ::posix_spawnattr_setsigdefault(&plan.attributes, &all)};
    for (const int result : results)
        if (result != 0) return result;
    return 0;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (auto& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

int launch(const Command& command, const Plan& plan, pid_t& pid) {
    std::vector<std::string> arguments{command.program.string()};
    arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
    std::vector<std::string> environment;
    for (const auto& [name, value] : command.environment) environment.push_back(name + "=" + value);
    return ::posix_spawn(&pid, command.program.c_str(), &plan.actions, &plan.attributes,
                         pointers(arguments).data(), pointers(environment).data());
}

}  // namespace

Result<Spawned> spawn(const Command& command) {
    RETURN_IF_ERROR(check(command));
    ASSIGN_OR_RETURN(Pipe input, makePipe(command));
    ASSIGN_OR_RETURN(Pipe output, makePipe(command));
    ASSIGN_OR_RETURN(Pipe error, makePipe(command));
    for (const Descriptor* ours : {&input.write, &output.read, &error.read})
        if (::fcntl(ours->get(), F_SETFL, O_NONBLOCK) != 0)
            return spawnError(errno, "make a pipe for", command);

    Plan plan;
    if (const int failed =
            fill(plan, command, input.read.get(), output.write.get(), error.write.get()))
        return spawnError(failed, "prepare", command);
    Spawned spawned;
    if (const int failed = launch(command, plan, spawned.pid))
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
    return spawned;
}

int sendSignal(const Spawned& process, int number) {
    return ::pidfd_send_signal(process.handle.get(), number, nullptr, 0) == 0 ? 0 : errno;
}

}  // namespace chancery::process
