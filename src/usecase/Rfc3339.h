#pragma once

#include <string>

#include "absl/time/time.h"

namespace chancery::usecase {

/// "2026-03-01T08:30:00.25Z": UTC, with as many digits of the second as there are.
std::string rfc3339(absl::Time time);

}  // namespace chancery::usecase
