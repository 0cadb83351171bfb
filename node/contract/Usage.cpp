#include "node/contract/Usage.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>

namespace chancery::node::contract {
namespace {

std::int64_t now() {
    return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

}  // namespace

std::chrono::nanoseconds threadTime() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::uint64_t residentBytes() {
    const int file = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    char text[128] = {};
    const auto size = ::read(file, text, sizeof text - 1);
    ::close(file);
    if (size <= 0) return 0;
    char* rest = nullptr;
    (void)std::strtoull(text, &rest, 10);  // the whole address space
    return std::strtoull(rest, nullptr, 10) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void BusyMeter::begin() {
    m_since.store(now());
}

std::chrono::milliseconds BusyMeter::busyFor() const {
    const std::int64_t since = m_since.load();
    if (since == 0) return {};
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::nanoseconds(now() - since));
}

}  // namespace chancery::node::contract
