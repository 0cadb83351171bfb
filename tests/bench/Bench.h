#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "src/base/Status.h"

namespace chancery::bench {

/// What is asked of a figure.
struct Wanted {
    std::optional<double> atLeast;
    std::optional<double> atMost;
};

/// Collects the figures of a run. Names tell the unit at their end ("…_per_s", "…_us").
class Report {
public:
    void figure(const std::string& name, double value, Wanted wanted = {});

    const nlohmann::json& figures() const { return m_figures; }
    /// Names of figures that are not as wanted.
    const nlohmann::json& missed() const { return m_missed; }

private:
    nlohmann::json m_figures = nlohmann::json::object();
    nlohmann::json m_missed = nlohmann::json::array();
};

/// Makes a benchmark known to the program; `static const Registration kParse("parse", parse);`
struct Registration {
    Registration(const char* name, std::function<Status(Report&)> run);
};

/// Runs those named, or all; a benchmark that fails does not stop the others.
Status runAll(const std::vector<std::string>& names, Report& report);

/// How often `body` can run in a second of this thread's own processor time, whatever else the
/// machine does: the median of several windows. The body must do the same work each time.
double perCpuSecond(const std::function<void()>& body);
/// Processor time of the calling thread in seconds.
double threadCpuSeconds();
double wallSeconds();

double median(std::vector<double> values);

}  // namespace chancery::bench
