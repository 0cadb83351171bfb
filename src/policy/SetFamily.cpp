#include "src/policy/SetFamily.h"

namespace chancery::policy {

namespace {

// What a set costs beside its numbers, counted in numbers.
constexpr std::size_t kSetOverhead = 12;

// A set's numbers modulo 64: a quick way to see that one set cannot contain another.
std::uint64_t shadowOf(const NumberSet& set) {
    std::uint64_t shadow = 0;
    for (const std::uint32_t number : set) shadow |= std::uint64_t{1} << (number % 64);
    return shadow;
}

// Empty optional when the join would repeat what may not be repeated.
std::optional<NumberSet> join(const NumberSet& left, const NumberSet& right, const SetUnion& how) {
    NumberSet result;
    result.reserve(left.size() + right.size());
    if (!how.countRepetitions) {
        std::set_union(left.begin(), left.end(), right.begin(), right.end(),
                       std::back_inserter(result));
        return result;
    }
    std::merge(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(result));
    const auto isForbidden = [&how](std::uint32_t a, std::uint32_t b) {
        return a == b && how.atMostOnce[a];
    };
    if (std::adjacent_find(result.begin(), result.end(), isForbidden) != result.end())
        return std::nullopt;
    return result;
}

// Adds every join of a set of `left` with one of `right`.
Status addJoins(SetFamily& target, const SetFamily& left, const SetFamily& right,
                const SetUnion& how, SetBudget& budget) {
    for (const auto& a : left) {
        for (const auto& b : right) {
            RETURN_IF_ERROR(budget.hold(kSetOverhead + a.size() + b.size()));
            if (auto joined = join(a, b, how)) target.push_back(*std::move(joined));
            // Minimised from time to time, so that what is held stays near what may remain.
            if (target.size() > 2 * budget.maxSets() + 64)
                RETURN_IF_ERROR(minimise(target, budget));
        }
    }
    return {};
}

}  // namespace

Status SetBudget::spend(std::size_t work) {
    if (work > m_work) return tooMany();
    m_work -= work;
    return {};
}

Status SetBudget::hold(std::size_t numbers) {
    if (numbers > m_numbers) return tooMany();
    m_numbers -= numbers;
    return {};
}

Status SetBudget::tooMany() const {
    return makeError(
        StatusCode::kResourceExhausted, "TOO_MANY_SETS",
        fmt::format(
            "the ways to satisfy the policy are too many or too long to list; the limit is {}",
            m_maxSets),
        {{"limit", fmt::format("{}", m_maxSets)}});
}

bool contains(const NumberSet& outer, const NumberSet& inner) {
    return std::includes(outer.begin(), outer.end(), inner.begin(), inner.end());
}

Status minimise(SetFamily& family, SetBudget& budget) {
    const auto bySizeAndContent = [](const NumberSet& a, const NumberSet& b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    };
    std::sort(family.begin(), family.end(), bySizeAndContent);
    family.erase(std::unique(family.begin(), family.end()), family.end());
    SetFamily kept;
    std::vector<std::uint64_t> shadows;
    std::size_t smaller = 0;  // how many of the kept ones have fewer numbers than the set at hand
    for (auto& set : family) {
        while (smaller < kept.size() && kept[smaller].size() < set.size()) ++smaller;
        RETURN_IF_ERROR(budget.spend(smaller + 1));
        const std::uint64_t shadow = shadowOf(set);
        bool isMinimal = true;
        for (std::size_t i = 0; i < smaller && isMinimal; ++i) {
            if ((shadows[i] & ~shadow) != 0) continue;
            RETURN_IF_ERROR(budget.spend(set.size()));
            isMinimal = !contains(set, kept[i]);
        }
        if (!isMinimal) continue;
        if (kept.size() == budget.maxSets()) return budget.tooMany();
        kept.push_back(std::move(set));
        shadows.push_back(shadow);
    }
    family = std::move(kept);
    return {};
}

Result<SetFamily> atLeast(std::size_t needed, const std::vector<SetFamily>& children,
                          const SetUnion& how, SetBudget& budget) {
    // exactly[j]: sets for j of the children seen so far; more than `needed` are never minimal.
    std::vector<SetFamily> exactly(needed + 1);
    exactly[0] = SetFamily(1);
    for (std::size_t i = 0; i < children.size(); ++i) {
        const std::size_t left = children.size() - i - 1;
        for (std::size_t j = std::min(needed, i + 1); j > 0 && j + left >= needed; --j) {
            RETURN_IF_ERROR(budget.spend(1));
            if (exactly[j - 1].empty() || children[i].empty()) continue;
            RETURN_IF_ERROR(addJoins(exactly[j], exactly[j - 1], children[i], how, budget));
        }
    }
    RETURN_IF_ERROR(minimise(exactly[needed], budget));
    return std::move(exactly[needed]);
}

}  // namespace chancery::policy
