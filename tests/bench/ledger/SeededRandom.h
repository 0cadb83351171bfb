#pragma once

#include <cstdint>
#include <random>

#include "src/base/Random.h"

namespace chancery::bench {

/// The same bytes and numbers for the same seed, on every machine.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed) : m_engine(seed) {}

    Bytes bytes(std::size_t count) override;
    /// 0 … count - 1.
    std::uint64_t below(std::uint64_t count) { return m_engine() % count; }
    /// True once in `times`, on average.
    bool once(std::uint64_t times) { return below(times) == 0; }

private:
    std::mt19937_64 m_engine;
};

}  // namespace chancery::bench
