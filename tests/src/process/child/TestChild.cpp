// A child process for the tests: its first argument says how it behaves.
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <set>
#include <string>

extern char** environ;

namespace {

void waitForEndOfInput() {
    for (std::string line; std::getline(std::cin, line);) continue;
}

int tellArguments(int argc, char** argv) {
    for (int i = 2; i < argc; ++i) std::printf("<%s>\n", argv[i]);
    return 0;
}

int tellEnvironment() {
    for (char** variable = environ; *variable != nullptr; ++variable) std::puts(*variable);
    return 0;
}

int tellDescriptors() {
    DIR* folder = ::opendir("/proc/self/fd");
    const int own = ::dirfd(folder);
    std::set<int> descriptors;
    while (const dirent* entry = ::readdir(folder))
        if (entry->d_name[0] != '.') descriptors.insert(std::atoi(entry->d_name));
    descriptors.erase(own);
    for (const int descriptor : descriptors) std::printf("%d\n", descriptor);
    return 0;
}

int tellSignals() {
    sigset_t blocked;
    ::sigprocmask(SIG_SETMASK, nullptr, &blocked);
    struct sigaction pipe {};
    ::sigaction(SIGPIPE, nullptr, &pipe);
    std::printf("SIGTERM %s, SIGPIPE %s, leads its group: %s\n",
                ::sigismember(&blocked, SIGTERM) == 1 ? "blocked" : "open",
                pipe.sa_handler == SIG_DFL ? "default" : "changed",
                ::getpgrp() == ::getpid() ? "yes" : "no");
    return 0;
}

int serve(const char* details) {
    std::cerr << "starting" << std::endl;
    std::cout << "READY" << (*details != '\0' ? " " : "") << details << std::endl;
    waitForEndOfInput();
    std::cout << "ending" << std::endl;
    return 7;
}

int echo(int from, int to) {
    char buffer[65536];
    for (ssize_t got = 0; (got = ::read(from, buffer, sizeof buffer)) > 0;)
        for (ssize_t at = 0; at < got;) {
            const ssize_t written = ::write(to, buffer + at, static_cast<std::size_t>(got - at));
            if (written < 0) return 1;
            at += written;
        }
    return 0;
}

// Starts a process of the same group that keeps the fifo open until it is killed, says so, and
// follows its own ways.
int startAnother(const char* fifo, bool endAtOnce) {
    if (::fork() == 0) {
        const int held = ::open(fifo, O_WRONLY);
        std::printf("READY %d\n", held >= 0);
        std::fflush(stdout);
        while (true) ::pause();
    }
    if (endAtOnce) {
        waitForEndOfInput();
        return 0;
    }
    while (true) ::pause();
}

int writeLines(long count) {
    for (long i = 0; i < count; ++i) std::printf("line %ld\n", i);
    std::fprintf(stderr, "no line end");
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string mode = argc > 1 ? argv[1] : "";
    const char* value = argc > 2 ? argv[2] : "";
    if (mode == "arguments") return tellArguments(argc, argv);
    if (mode == "environment") return tellEnvironment();
    if (mode == "descriptors") return tellDescriptors();
    if (mode == "signals") return tellSignals();
    if (mode == "folder") return std::puts(::get_current_dir_name()), 0;
    if (mode == "return") return std::atoi(value);
    if (mode == "abort") std::abort();
    if (mode == "serve") return serve(value);
    if (mode == "echo") return echo(0, 1);
    if (mode == "talk") return echo(3, 3);
    if (mode == "lines") return writeLines(std::atol(value));
    if (mode == "deaf") {
        std::puts("READY");
        std::fflush(stdout);
        while (true) ::pause();
    }
    if (mode == "closed") {
        ::close(0);
        std::puts("READY");
        std::fflush(stdout);
        while (true) ::pause();
    }
    if (mode == "family") return startAnother(value, false);
    if (mode == "orphan") return startAnother(value, true);
    std::cerr << "unknown mode\nof this child" << std::endl;
    return 64;
}
