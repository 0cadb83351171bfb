#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chancery::node {

/// A number that the system says about this process, under Prometheus' usual name.
struct ProcessFigure {
    std::string_view name;
    std::string_view kind;  ///< "counter", "gauge"
    std::string_view help;
    double value = 0;
};

/// CPU time, memory, descriptors, threads, start. The same names in the same order at each call.
std::vector<ProcessFigure> processFigures();

/// 0 when there is none of that name.
double valueOf(const std::vector<ProcessFigure>& figures, std::string_view name);

/// In Prometheus' text format.
std::string toText(const std::vector<ProcessFigure>& figures);

}  // namespace chancery::node
