#pragma once

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <vector>

namespace chancery::load {

/// How long something took, over many times that it was done. One thread at a time.
class Distribution {
public:
    void add(std::chrono::nanoseconds time);
    std::size_t count() const { return m_microseconds.size(); }
    /// The shortest time that at least this share (0…1) of all did not exceed; 0 without any.
    std::chrono::nanoseconds percentile(double share) const;
    std::chrono::nanoseconds mean() const;
    /// In milliseconds: count, mean, p50, p90, p99, max.
    nlohmann::ordered_json toJson() const;

private:
    void sort() const;

    mutable std::vector<std::uint32_t> m_microseconds;  // 71 minutes at most
    mutable bool m_sorted = true;
};

}  // namespace chancery::load
