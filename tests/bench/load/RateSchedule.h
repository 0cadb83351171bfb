#pragma once

#include <chrono>
#include <cstdint>

namespace chancery::load {

/// When the transactions of an open loop are due: evenly, whatever became of those before.
class RateSchedule {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// `perSecond` above 0.
    RateSchedule(Time begin, double perSecond) : m_begin(begin), m_perSecond(perSecond) {}

    /// Computed from the beginning, so that no error adds up.
    Time due(std::uint64_t number) const {
        const std::chrono::duration<double> after(static_cast<double>(number) / m_perSecond);
        return m_begin + std::chrono::duration_cast<std::chrono::nanoseconds>(after);
    }

private:
    Time m_begin;
    double m_perSecond;
};

}  // namespace chancery::load
