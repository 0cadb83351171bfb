#pragma once

#include <chrono>

namespace chancery {

/// The latest moment at which a blocking call returns, on the clock that never jumps.
using Deadline = std::chrono::steady_clock::time_point;

/// `deadlineIn(5s)`; a period too long for the clock means never.
inline Deadline deadlineIn(std::chrono::nanoseconds period) {
    const auto now = std::chrono::steady_clock::now();
    return period > Deadline::max() - now ? Deadline::max() : now + period;
}

}  // namespace chancery
