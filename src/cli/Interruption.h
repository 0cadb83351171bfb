#pragma once

#include <pthread.h>
#include <signal.h>

namespace chancery::cli {

/// The signals that end a serving command, kept from every thread that is started later.
class Interruption {
public:
    Interruption() {
        ::sigemptyset(&m_signals);
        for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&m_signals, number);
        ::pthread_sigmask(SIG_BLOCK, &m_signals, &m_before);
    }
    ~Interruption() { ::pthread_sigmask(SIG_SETMASK, &m_before, nullptr); }
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;

    void wait() const {
        int number = 0;
        ::sigwait(&m_signals, &number);
    }

private:
    sigset_t m_signals{};
    sigset_t m_before{};
};

}  // namespace chancery::cli
