#include "src/cli/Interrupt.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

namespace chancery::cli {
namespace {

sigset_t interrupts() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

}  // namespace

Interrupt::Interrupt() {
    const sigset_t set = interrupts();
    m_signals = ::signalfd(-1, &set, SFD_CLOEXEC);
    m_over = ::eventfd(0, EFD_CLOEXEC);
    if (m_signals < 0 || m_over < 0) return;
    // Threads that are made from here on inherit it.
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    m_waiting = std::thread([this] { wait(); });
}

Interrupt::~Interrupt() {
    if (m_waiting.joinable()) {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(m_over, &one, sizeof one);
        m_waiting.join();
        const sigset_t set = interrupts();
        ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
    }
    for (const int descriptor : {m_signals, m_over})
        if (descriptor >= 0) ::close(descriptor);
}

void Interrupt::wait() {
    for (;;) {
        pollfd both[] = {{m_signals, POLLIN, 0}, {m_over, POLLIN, 0}};
        if (::poll(both, 2, -1) < 0) continue;
        if (both[1].revents != 0) return;
        signalfd_siginfo info{};
        if (::read(m_signals, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) return;
        if (m_stop.request_stop()) continue;
        // Asked a second time: now.
        const int number = static_cast<int>(info.ssi_signo);
        std::signal(number, SIG_DFL);
        const sigset_t set = interrupts();
        ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
        ::raise(number);
    }
}

}  // namespace chancery::cli
