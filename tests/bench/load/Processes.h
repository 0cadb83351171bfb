#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/base/Status.h"

namespace chancery::load {

struct WatchedProcess {
    std::string name;
    pid_t pid = 0;
};

/// "name=pid,name=pid…". INVALID_ARGUMENT (BAD_PIDS).
Result<std::vector<WatchedProcess>> parseProcesses(const std::string& text);

/// What a process has taken up to a moment.
struct ProcessSample {
    std::chrono::nanoseconds cpu{};     ///< of all its threads, those that ended included
    std::chrono::nanoseconds system{};  ///< the kernel's part of it, in steps of 10 ms
    std::uint64_t residentBytes = 0;
    std::uint64_t peakResidentBytes = 0;
};

/// NOT_FOUND (NO_SUCH_PROCESS) when it has ended.
Result<ProcessSample> sampleProcess(pid_t pid);

/// All at once; nothing for those that have ended.
using ProcessSamples = std::map<std::string, std::optional<ProcessSample>>;
ProcessSamples sampleAll(const std::vector<WatchedProcess>& processes);

}  // namespace chancery::load
