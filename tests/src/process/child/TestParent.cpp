// A parent for the tests: starts the program that its first argument names, which neither reads nor
// ends, from a thread that ends at once; says "READY <its number>" when that thread is gone.
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <thread>

#include "src/process/Child.h"

int main(int argc, char** argv) {
    if (argc < 2) return 64;
    using namespace chancery;
    std::unique_ptr<process::Child> child;
    std::thread([&] {
        auto started = process::Child::start({.program = argv[1],
                                              .arguments = {"deaf"},
                                              .environment = {},
                                              .folder = {},
                                              .endsWithUs = SIGKILL});
        if (started.ok() && (*started)->waitReady(deadlineIn(std::chrono::seconds(60))).ok())
            child = *std::move(started);
    }).join();
    if (!child) return 1;
    std::printf("READY %d\n", child->number());
    std::fflush(stdout);
    for (char byte = 0; ::read(0, &byte, 1) > 0;) {
        std::puts(child->isRunning() ? "runs" : "ended");
        std::fflush(stdout);
    }
    return 0;
}
