#pragma once

#include <stop_token>
#include <thread>

namespace chancery::cli {

/// While it lives, Ctrl+C and SIGTERM ask for a stop instead of ending the program, so that nothing
/// half is left behind; a second one ends it at once. One at a time, made before other threads are,
/// on the main thread.
class Interrupt {
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    std::stop_token token() const { return m_stop.get_token(); }

private:
    void wait();

    std::stop_source m_stop;
    int m_signals = -1;  ///< signalfd; -1: signals end the program as ever
    int m_over = -1;     ///< eventfd: the guard goes
    std::thread m_waiting;
};

}  // namespace chancery::cli
