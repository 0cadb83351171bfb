#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "tests/bench/load/Distribution.h"
#include "tests/bench/load/LoadPlan.h"
#include "tests/bench/load/Outcome.h"

namespace chancery::load {

/// begun = good + invalid + failed, once all have ended.
struct Tally {
    std::uint64_t begun = 0;
    std::uint64_t good = 0;
    std::uint64_t invalid = 0;  ///< committed with another code than VALID
    std::uint64_t failed = 0;   ///< refused, or without an answer
};

/// What came of a run.
struct LoadResults {
    Tally measured;  ///< those begun within the measured window
    Tally all;       ///< warm-up included
    /// Good ones that ended within the window, whenever they began: what rates and processor time
    /// are told for.
    std::uint64_t goodInWindow = 0;
    std::chrono::nanoseconds window{};
    std::uint64_t late = 0;  ///< of `measured`: begun more than 10 ms after they were due (rate)
    bool gaveUp = false;     ///< ended early, as everything failed
    std::map<std::string, std::uint64_t> codes;   ///< of `all`, by Fabric's names
    std::map<std::string, std::uint64_t> errors;  ///< of `all`
    std::array<Distribution, kStages> times;      ///< of the good ones among `measured`
    std::set<std::uint64_t> blocks;               ///< that hold one of `measured`
    ProcessSamples before, after;                 ///< around the window
    ProcessSample ownBefore, ownAfter;

    double perSecond() const;
};

/// Takes outcomes of many threads.
class Collector {
public:
    /// Kinds of errors that are told apart; the rest counts as "other".
    static constexpr std::size_t kMaxErrors = 32;

    void begin(bool measured, bool late);
    /// `inWindow`: it ended there. Says whether the run makes sense any longer.
    bool end(const Outcome& outcome, bool inWindow);
    Tally measured() const;
    /// Once all have ended.
    LoadResults take();

private:
    mutable std::mutex m_mutex;
    LoadResults m_results;
    std::uint64_t m_failuresInARow = 0;
};

nlohmann::ordered_json toJson(const LoadPlan& plan, const LoadResults& results);

}  // namespace chancery::load
