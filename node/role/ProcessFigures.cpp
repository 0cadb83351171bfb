#include "node/role/ProcessFigures.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "node/role/Metrics.h"

namespace chancery::node {
namespace {

std::string textOf(const char* path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// Field of /proc/self/stat, counted from 1 as in proc(5).
std::uint64_t statField(const std::string& stat, int wanted) {
    // The second field is the program's name in parentheses, which may hold anything.
    const std::size_t end = stat.rfind(')');
    if (end == std::string::npos) return 0;
    std::istringstream fields(stat.substr(end + 1));
    std::string value;
    for (int field = 3; field <= wanted && fields >> value; ++field) {
    }
    return std::strtoull(value.c_str(), nullptr, 10);
}

double startTime(const std::string& stat, double ticks) {
    std::istringstream all(textOf("/proc/stat"));
    for (std::string word; all >> word;) {
        std::uint64_t boot = 0;
        if (word == "btime" && all >> boot)
            return static_cast<double>(boot) + static_cast<double>(statField(stat, 22)) / ticks;
    }
    return 0;
}

std::size_t openDescriptors() {
    std::size_t count = 0;
    std::error_code error;
    for (std::filesystem::directory_iterator at("/proc/self/fd", error), end; !error && at != end;
         at.increment(error))
        ++count;
    return count;
}

}  // namespace

std::vector<ProcessFigure> processFigures() {
    const std::string stat = textOf("/proc/self/stat");
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    const double cpu = static_cast<double>(statField(stat, 14) + statField(stat, 15)) / ticks;
    const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    rlimit descriptors{};
    ::getrlimit(RLIMIT_NOFILE, &descriptors);

    std::vector<ProcessFigure> figures;
    const auto add = [&](std::string_view name, std::string_view kind, std::string_view help,
                         auto value) {
        figures.push_back({name, kind, help, static_cast<double>(value)});
    };
    add("process_cpu_seconds_total", "counter", "User and system time spent in seconds.", cpu);
    add("process_max_fds", "gauge", "Most descriptors that may be open.", descriptors.rlim_cur);
    add("process_open_fds", "gauge", "Descriptors that are open.", openDescriptors());
    add("process_resident_memory_bytes", "gauge", "Memory in use in bytes.",
        statField(stat, 24) * page);
    add("process_start_time_seconds", "gauge", "Start of the process, seconds since 1970.",
        startTime(stat, ticks));
    add("process_threads", "gauge", "Threads of the process.", statField(stat, 20));
    add("process_virtual_memory_bytes", "gauge", "Address space in bytes.", statField(stat, 23));
    return figures;
}

double valueOf(const std::vector<ProcessFigure>& figures, std::string_view name) {
    for (const ProcessFigure& figure : figures)
        if (figure.name == name) return figure.value;
    return 0;
}

std::string toText(const std::vector<ProcessFigure>& figures) {
    std::string text;
    for (const ProcessFigure& figure : figures)
        text += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", figure.name, figure.help,
                            figure.kind, metricNumber(figure.value));
    return text;
}

}  // namespace chancery::node
