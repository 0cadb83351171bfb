#pragma once

#include <cstdint>
#include <vector>

#include "src/base/Status.h"

namespace chancery::policy {

/// A sorted list of numbers; with repetitions where these count.
using NumberSet = std::vector<std::uint32_t>;
/// Sets of which none contains another.
using SetFamily = std::vector<NumberSet>;

/// What an enumeration may cost. Errors are RESOURCE_EXHAUSTED (TOO_MANY_SETS) with the argument
/// `limit`.
class SetBudget {
public:
    explicit SetBudget(std::size_t maxSets)
        : m_maxSets(maxSets),
          m_work(10'000'000 + 30'000 * maxSets),
          m_numbers(100'000 + 800 * maxSets) {}

    std::size_t maxSets() const { return m_maxSets; }
    /// One unit is about one comparison of numbers or one rule visited.
    Status spend(std::size_t work);
    /// Numbers that are stored; never given back.
    Status hold(std::size_t numbers);
    Status tooMany() const;

private:
    std::size_t m_maxSets;
    std::size_t m_work;
    std::size_t m_numbers;
};

/// How sets are joined.
struct SetUnion {
    bool countRepetitions = false;  ///< {a} with {a}: {a, a} or {a}
    std::vector<bool>
        atMostOnce;  ///< numbers that may not repeat; a join that would repeat one gives no set
};

/// Whether each number of `inner` is in `outer` at least as often.
bool contains(const NumberSet& outer, const NumberSet& inner);

/// Sorts by size and content, leaves out sets that contain another. At most maxSets may remain.
Status minimise(SetFamily& family, SetBudget& budget);

/// The sets with which at least `needed` of the children are satisfied, given each child's own.
Result<SetFamily> atLeast(std::size_t needed, const std::vector<SetFamily>& children,
                          const SetUnion& how, SetBudget& budget);

}  // namespace chancery::policy
