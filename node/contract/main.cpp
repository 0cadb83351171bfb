// chancery-contract: hosts a contract written in JavaScript for the peers of a network.
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "node/contract/HostOptions.h"
#include "node/contract/PeerPipe.h"
#include "node/contract/Realm.h"
#include "node/contract/ShimService.h"
#include "src/base/Descriptor.h"
#include "src/base/Log.h"

namespace {

using namespace chancery;
using namespace chancery::node::contract;

// What the process returns.
constexpr int kEnded = 0;
constexpr int kBadOption = 2;
constexpr int kCannotStart = 3;
constexpr int kConnectionLost = 4;
constexpr int kStuck = 5;

int refuse(int code, const Status& status) {
    std::fprintf(stderr, "chancery-contract: %.*s\n", static_cast<int>(messageOf(status).size()),
                 messageOf(status).data());
    return code;
}

// No core dumps, for a contract's data would stand in them; no more open files than streams need.
void restrainProcess() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = std::min<rlim_t>(files.rlim_max, 1024);
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
}

// A parent holds a pipe; a terminal or /dev/null says nothing.
bool heedsInput(const HostOptions& options) {
    struct stat facts {};
    return !options.detached && ::fstat(STDIN_FILENO, &facts) == 0 &&
           (S_ISFIFO(facts.st_mode) || S_ISSOCK(facts.st_mode));
}

void sayReady(const std::string& details) {
    std::printf("READY %s\n", details.c_str());
    std::fflush(stdout);
}

/// Waits for SIGTERM, SIGINT, the end of standard input or `wake`.
void waitForEnd(int signals, int wake, bool input) {
    pollfd waited[] = {
        {signals, POLLIN, 0}, {wake, POLLIN, 0}, {input ? STDIN_FILENO : -1, POLLIN, 0}};
    while (true) {
        if (::poll(waited, 3, -1) < 0) continue;
        if (waited[0].revents != 0 || waited[1].revents != 0) return;
        char ignored[256];
        if (waited[2].revents != 0 && ::read(STDIN_FILENO, ignored, sizeof ignored) <= 0) return;
    }
}

log::Level levelOf(const std::string& name) {
    static const std::map<std::string, log::Level> kLevels = {{"debug", log::Level::Debug},
                                                              {"info", log::Level::Info},
                                                              {"warning", log::Level::Warning},
                                                              {"error", log::Level::Error}};
    return kLevels.at(name);
}

// The transactions of a process that is stuck are lost in any case. As a service it begins anew at
// once with the same arguments; a child of a peer leaves that to the peer.
OnStuck whenStuck(const HostOptions& options, char** arguments) {
    const bool serves = !options.serverAddress.empty();
    return [serves, arguments](std::string_view) {
        if (serves) {
            sigset_t all;
            ::sigemptyset(&all);
            ::sigprocmask(SIG_SETMASK, &all, nullptr);
            ::execv("/proc/self/exe", arguments);
        }
        ::_exit(kStuck);
    };
}

int serve(const HostOptions& options, char** arguments) {
    sigset_t ends;
    ::sigemptyset(&ends);
    ::sigaddset(&ends, SIGTERM);
    ::sigaddset(&ends, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    const Descriptor signals(::signalfd(-1, &ends, SFD_CLOEXEC));
    const Descriptor wake(::eventfd(0, EFD_CLOEXEC));

    auto package = loadContractPackage(options.package);
    if (!package.ok()) return refuse(kCannotStart, package.status());
    ContractHost::Options hosting;
    hosting.package = *std::move(package);
    hosting.packageId = options.packageId;
    hosting.localMspId = options.localMspId;
    hosting.limits = options.limits;
    hosting.onStuck = whenStuck(options, arguments);
    auto host = ContractHost::start(std::move(hosting));
    if (!host.ok()) return refuse(kCannotStart, host.status());

    if (!options.serverAddress.empty()) {
        auto server = ContractServer::start(**host, options.serverAddress, options.serverTls);
        if (!server.ok()) return refuse(kCannotStart, server.status());
        sayReady((*server)->address());
        waitForEnd(signals.get(), wake.get(), heedsInput(options));
        return kEnded;
    }
    std::atomic<bool> lost = false;
    PeerConnection::Events events;
    events.ready = [&] { sayReady(options.packageId); };
    events.ended = [&](const Status& status) {
        log::error("contract", messageOf(status));
        lost = true;
        const std::uint64_t one = 1;
        (void)!::write(wake.get(), &one, sizeof one);
    };
    std::unique_ptr<PeerPipe> pipe;
    std::unique_ptr<PeerConnection> connection;
    if (options.peerDescriptor) {
        pipe = std::make_unique<PeerPipe>(**host, Descriptor(*options.peerDescriptor), events);
    } else {
        auto dialled =
            PeerConnection::start(**host, options.peerAddress, options.clientTls, events);
        if (!dialled.ok()) return refuse(kCannotStart, dialled.status());
        connection = *std::move(dialled);
    }
    waitForEnd(signals.get(), wake.get(), heedsInput(options));
    return lost ? kConnectionLost : kEnded;
}

}  // namespace

int main(int count, char** values) {
    const std::vector<std::string> arguments(values + 1, values + count);
    for (const std::string& argument : arguments) {
        if (argument != "--help" && argument != "-h") continue;
        std::fputs(hostUsage().data(), stdout);
        return kEnded;
    }
    const auto options =
        readHostOptions(arguments, [](const std::string& name) -> std::optional<std::string> {
            const char* value = std::getenv(name.c_str());
            return value == nullptr ? std::nullopt : std::optional<std::string>(value);
        });
    if (!options.ok()) return refuse(kBadOption, options.status());
    log::setLevel(levelOf(options->logLevel));
    restrainProcess();
    prepareEngine(options->optimise);
    return serve(*options, values);
}
