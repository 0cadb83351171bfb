#include "tests/bench/Bench.h"

#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <utility>
#include <vector>

namespace chancery::bench {
namespace {

struct Entry {
    std::string name;
    std::function<Status(Report&)> run;
};

std::vector<Entry>& entries() {
    static std::vector<Entry> all;
    return all;
}

// Three digits are more than such a measurement knows.
double rounded(double value) {
    if (value == 0 || !std::isfinite(value)) return 0;
    const double scale = std::pow(10, 3 - std::ceil(std::log10(std::abs(value))));
    return std::round(value * scale) / scale;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Registration::Registration(const char* name, std::function<Status(Report&)> run) {
    entries().push_back({name, std::move(run)});
}

void Report::figure(const std::string& name, double value, Wanted wanted) {
    m_figures[name] = rounded(value);
    std::string comment;
    if (wanted.atLeast) comment = fmt::format("  wanted: at least {:.3g}", *wanted.atLeast);
    if (wanted.atMost) comment = fmt::format("  wanted: at most {:.3g}", *wanted.atMost);
    const bool met =
        value >= wanted.atLeast.value_or(value) && value <= wanted.atMost.value_or(value);
    if (!met) {
        m_missed.push_back(name);
        comment += "  MISSED";
    }
    fmt::print(stderr, "  {:<44} {:>12}{}\n", name, rounded(value), comment);
}

Status runAll(const std::vector<std::string>& names, Report& report) {
    Status result;
    std::vector<Entry> sorted = entries();
    std::sort(sorted.begin(), sorted.end(),
              [](const Entry& a, const Entry& b) { return a.name < b.name; });
    for (const std::string& name : names)
        if (std::none_of(sorted.begin(), sorted.end(),
                         [&](const Entry& entry) { return entry.name == name; }))
            return makeError(StatusCode::kNotFound, "UNKNOWN_BENCH",
                             fmt::format("there is no benchmark '{}'", name));
    for (const Entry& entry : sorted) {
        if (!names.empty() && !contains(names, entry.name)) continue;
        fmt::print(stderr, "{}\n", entry.name);
        if (Status status = entry.run(report); !status.ok()) {
            fmt::print(stderr, "  failed: {}\n", messageOf(status));
            result = withContext(status, entry.name);
        }
    }
    return result;
}

double threadCpuSeconds() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double wallSeconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

double perCpuSecond(const std::function<void()>& body) {
    constexpr double kWindow = 0.2;
    constexpr int kWindows = 7;
    body();  // caches and lazily made tables are not what is measured
    std::vector<double> rates;
    for (int i = 0; i < kWindows; ++i) {
        const double start = threadCpuSeconds();
        double elapsed = 0;
        long rounds = 0;
        for (; elapsed < kWindow; elapsed = threadCpuSeconds() - start) {
            body();
            ++rounds;
        }
        rates.push_back(static_cast<double>(rounds) / elapsed);
    }
    return median(rates);
}

}  // namespace chancery::bench
