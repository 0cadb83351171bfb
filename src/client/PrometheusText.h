#pragma once

#include <vector>

#include "src/interfaces/Node.h"

namespace chancery::client {

/// Prometheus' text format; times of samples are passed over. Total: DATA_LOSS (BAD_METRICS) with
/// `line`, also for more than 500,000 samples.
Result<std::vector<interfaces::MetricSample>> readPrometheusText(std::string_view text);

}  // namespace chancery::client
