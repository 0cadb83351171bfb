#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "src/base/Status.h"

namespace chancery::agent {

struct MachineFacts {
    std::string name;
    std::string system;  ///< "Debian GNU/Linux 12 (bookworm), x86_64"
    std::uint32_t processors = 0;
    std::uint64_t memoryBytes = 0, freeMemoryBytes = 0;
    std::uint64_t diskBytes = 0, freeDiskBytes = 0;
};
/// Of this machine, and of the file system of `folder`.
MachineFacts machineFacts(const std::filesystem::path& folder);

struct ProcessUse {
    double processorSeconds = 0;
    std::uint64_t memoryBytes = 0;  ///< resident
};
/// Zero when there is no such process.
ProcessUse processUse(std::int64_t number);

/// Whether every thread of a process stands still by a signal.
bool isPaused(std::int64_t number);

/// Bytes of all files below a folder, without following links.
std::uint64_t diskUse(const std::filesystem::path& folder);

/// OK, or why nobody could listen there now: INVALID_ARGUMENT (BAD_ENDPOINT), ALREADY_EXISTS
/// (PORT_TAKEN), FAILED_PRECONDITION (ADDRESS_NOT_HERE).
Status checkListen(const std::string& endpoint);

/// Gives ports away that nobody uses, none of them twice within a minute. Thread-safe.
class FreePorts {
public:
    static constexpr std::uint32_t kMax = 1000;
    /// INVALID_ARGUMENT (TOO_MANY_PORTS), RESOURCE_EXHAUSTED (NO_PORTS).
    Result<std::vector<std::uint16_t>> take(std::uint32_t count);

private:
    std::mutex m_mutex;
    std::map<std::uint16_t, std::chrono::steady_clock::time_point> m_given;
};

}  // namespace chancery::agent
