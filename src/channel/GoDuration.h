#pragma once

#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "src/base/Status.h"

namespace chancery::channel {

/// A duration as Go writes it and as configuration values hold it: "2s", "1h15m30.5s", "-1.5h",
/// "0". Exact to the nanosecond, at most ±292 years. INVALID_ARGUMENT (BAD_DURATION).
Result<absl::Duration> parseGoDuration(std::string_view text);

/// As Go prints it: "2s", "500ms", "1m30s", "0s". Fractions of a nanosecond are dropped.
std::string printGoDuration(absl::Duration duration);

}  // namespace chancery::channel
