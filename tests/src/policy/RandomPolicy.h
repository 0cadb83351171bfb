#pragma once

#include <random>

#include "fabric/common/policies.pb.h"

namespace chancery::test {

/// Random signature policies over `principalCount` principals; the principals themselves are left
/// to the caller.
class RandomPolicy {
public:
    RandomPolicy(std::uint32_t seed, int principalCount)
        : m_random(seed), m_principalCount(principalCount) {}

    /// A gate with up to `depth` levels of gates below; thresholds from -1 to one more than there
    /// are rules.
    void fillGate(common::SignaturePolicy& rule, int depth, int maxRules = 4) {
        auto& gate = *rule.mutable_n_out_of();
        const int count = pick(0, maxRules);
        for (int i = 0; i < count; ++i) {
            auto& child = *gate.add_rules();
            if (depth > 0 && pick(0, 2) == 0)
                fillGate(child, depth - 1, maxRules);
            else
                child.set_signed_by(pick(0, m_principalCount - 1));
        }
        // Extremes are rare, or most policies would be decided by them.
        gate.set_n(pick(0, 9) == 0 ? pick(-1, count + 1) : pick(1, std::max(count, 1)));
    }

    int pick(int from, int to) { return std::uniform_int_distribution(from, to)(m_random); }

private:
    std::mt19937 m_random;
    int m_principalCount;
};

/// Fabric's rule, written down as plainly as possible: `used` is copied before each rule and kept
/// when it succeeds.
template <class Satisfies>
bool naiveEvaluate(const common::SignaturePolicy& rule, std::size_t identityCount,
                   std::vector<bool>& used, const Satisfies& satisfies) {
    if (rule.has_signed_by()) {
        for (std::size_t i = 0; i < identityCount; ++i) {
            if (used[i] || !satisfies(i, rule.signed_by())) continue;
            used[i] = true;
            return true;
        }
        return false;
    }
    int count = 0;
    for (const auto& child : rule.n_out_of().rules()) {
        std::vector<bool> copy = used;
        if (!naiveEvaluate(child, identityCount, copy, satisfies)) continue;
        ++count;
        used = copy;
    }
    return count >= rule.n_out_of().n();
}

}  // namespace chancery::test
