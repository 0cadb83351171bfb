#include "tests/support/PeakMemory.h"

#include <malloc.h>

#include <fstream>
#include <string>

namespace chancery::test {
namespace {

// A line of /proc/self/status, in KiB; -1 when there is none.
long statusKiB(const std::string& name) {
    std::ifstream in("/proc/self/status");
    for (std::string word; in >> word;) {
        long value = -1;
        if (word == name + ":" && in >> value) return value;
    }
    return -1;
}

bool forgetPeak() {
    std::ofstream out("/proc/self/clear_refs");
    out << "5" << std::flush;
    return out.good();
}

}  // namespace

PeakMemory::PeakMemory() {
    malloc_trim(0);
    forgetPeak();
    m_before = statusKiB("VmRSS");
}

long PeakMemory::growthKiB() const {
    return statusKiB("VmHWM") - m_before;
}

bool PeakMemory::isTold() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return false;
#else
    return statusKiB("VmHWM") > 0 && forgetPeak();
#endif
}

}  // namespace chancery::test
