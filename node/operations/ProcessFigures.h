#pragma once

#include <string>

namespace chancery::node {

/// What the system says about this process, in Prometheus' text format and under its usual names:
/// CPU time, memory, descriptors, threads, start.
std::string processFigures();

}  // namespace chancery::node
