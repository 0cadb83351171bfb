#include "tests/bench/load/Distribution.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace chancery::load {
namespace {

double milliseconds(std::chrono::nanoseconds time) {
    return static_cast<double>(time.count()) / 1e6;
}

}  // namespace

void Distribution::add(std::chrono::nanoseconds time) {
    const auto micro = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
    m_microseconds.push_back(static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(micro, 0, std::numeric_limits<std::uint32_t>::max())));
    m_sorted = false;
}

void Distribution::sort() const {
    if (!m_sorted) std::sort(m_microseconds.begin(), m_microseconds.end());
    m_sorted = true;
}

std::chrono::nanoseconds Distribution::percentile(double share) const {
    if (m_microseconds.empty()) return {};
    sort();
    const double all = static_cast<double>(m_microseconds.size());
    const double rank = std::ceil(std::clamp(share, 0.0, 1.0) * all);
    const auto index = static_cast<std::size_t>(std::clamp(rank - 1, 0.0, all - 1));
    return std::chrono::microseconds(m_microseconds[index]);
}

std::chrono::nanoseconds Distribution::mean() const {
    if (m_microseconds.empty()) return {};
    const auto sum =
        std::accumulate(m_microseconds.begin(), m_microseconds.end(), std::uint64_t{0});
    return std::chrono::nanoseconds(sum * 1000 / m_microseconds.size());
}

nlohmann::ordered_json Distribution::toJson() const {
    return {{"count", count()},
            {"mean", milliseconds(mean())},
            {"p50", milliseconds(percentile(0.5))},
            {"p90", milliseconds(percentile(0.9))},
            {"p99", milliseconds(percentile(0.99))},
            {"max", milliseconds(percentile(1))}};
}

}  // namespace chancery::load
