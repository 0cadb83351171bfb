#pragma once

// For the sources of this folder.
#include <signal.h>

#include <ctime>

namespace chancery::http {

/// While it lives, a connection that the other side has closed is an error on this thread and not
/// the end of the program: OpenSSL writes in the way that raises SIGPIPE.
class NoPipeSignal {
public:
    NoPipeSignal() {
        ::sigemptyset(&m_pipe);
        ::sigaddset(&m_pipe, SIGPIPE);
        ::pthread_sigmask(SIG_BLOCK, &m_pipe, &m_before);
    }
    ~NoPipeSignal() {
        if (::sigismember(&m_before, SIGPIPE) == 1) return;
        const timespec now{};
        while (::sigtimedwait(&m_pipe, nullptr, &now) == SIGPIPE) {
        }
        ::pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }
    NoPipeSignal(const NoPipeSignal&) = delete;
    NoPipeSignal& operator=(const NoPipeSignal&) = delete;

private:
    sigset_t m_pipe{};
    sigset_t m_before{};
};

}  // namespace chancery::http
