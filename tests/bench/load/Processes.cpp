#include "tests/bench/load/Processes.h"

#include <fmt/format.h>
#include <time.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <sstream>

namespace chancery::load {
namespace {

constexpr std::size_t kMaxProcesses = 64;

std::optional<std::chrono::nanoseconds> cpuTime(pid_t pid) {
    clockid_t clock{};
    timespec time{};
    if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return {};
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

std::string contentOf(pid_t pid, const char* name) {
    std::ifstream file(fmt::format("/proc/{}/{}", pid, name));
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// Field 15 of proc(5)'s stat, counted behind the name, which may hold anything.
std::chrono::nanoseconds systemTime(pid_t pid) {
    const std::string stat = contentOf(pid, "stat");
    const std::size_t name = stat.rfind(')');
    if (name == std::string::npos) return {};
    std::istringstream fields(stat.substr(name + 1));
    std::string skipped;
    for (int i = 3; i < 15; ++i) fields >> skipped;
    std::uint64_t ticks = 0;
    fields >> ticks;
    return std::chrono::nanoseconds(ticks * 1'000'000'000U /
                                    static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK)));
}

/// A line of proc(5)'s status, which counts in kB.
std::uint64_t statusBytes(const std::string& status, std::string_view name) {
    const std::size_t at = status.find(fmt::format("{}:", name));
    if (at == std::string::npos) return 0;
    std::istringstream value(status.substr(at + name.size() + 1, 64));
    std::uint64_t kilobytes = 0;
    value >> kilobytes;
    return kilobytes << 10U;
}

}  // namespace

Result<std::vector<WatchedProcess>> parseProcesses(const std::string& text) {
    const auto bad = [](const std::string& part) {
        return makeError(StatusCode::kInvalidArgument, "BAD_PIDS",
                         fmt::format("\"{}\" is not NAME=PID", part), {{"text", part}});
    };
    std::vector<WatchedProcess> processes;
    std::istringstream parts(text);
    for (std::string part; std::getline(parts, part, ',');) {
        const std::size_t equals = part.rfind('=');
        if (equals == std::string::npos || equals == 0) return bad(part);
        WatchedProcess process{.name = part.substr(0, equals)};
        const char* end = part.data() + part.size();
        const auto read = std::from_chars(part.data() + equals + 1, end, process.pid);
        if (read.ec != std::errc{} || read.ptr != end || process.pid <= 0) return bad(part);
        for (const WatchedProcess& other : processes)
            if (other.name == process.name || other.pid == process.pid) return bad(part);
        processes.push_back(std::move(process));
        if (processes.size() > kMaxProcesses) return bad("more than 64");
    }
    if (processes.empty()) return bad(text);
    return processes;
}

Result<ProcessSample> sampleProcess(pid_t pid) {
    const auto cpu = cpuTime(pid);
    const std::string status = contentOf(pid, "status");
    if (!cpu || status.empty())
        return makeError(StatusCode::kNotFound, "NO_SUCH_PROCESS",
                         fmt::format("there is no process {}", pid),
                         {{"pid", std::to_string(pid)}});
    return ProcessSample{.cpu = *cpu,
                         .system = systemTime(pid),
                         .residentBytes = statusBytes(status, "VmRSS"),
                         .peakResidentBytes = statusBytes(status, "VmHWM")};
}

ProcessSamples sampleAll(const std::vector<WatchedProcess>& processes) {
    ProcessSamples samples;
    for (const WatchedProcess& process : processes) {
        auto sample = sampleProcess(process.pid);
        samples[process.name] =
            sample.ok() ? std::optional<ProcessSample>(*sample) : std::optional<ProcessSample>();
    }
    return samples;
}

}  // namespace chancery::load
