#pragma once

#include <array>
#include <bit>
#include <span>
#include <vector>

#include "src/policy/RuleTree.h"

namespace chancery::policy {

/// Which identities of a list are spent, with a way back. Lists of up to 64 need no allocation.
class SpentIdentities {
public:
    explicit SpentIdentities(std::size_t count) : m_count(count) {
        if (count > kInline) {
            m_largeBits.resize(wordCount());
            m_largeOrder.resize(count);
        }
    }

    std::size_t wordCount() const { return (m_count + 63) / 64; }
    /// One bit for each identity that is still free, of the `word`-th 64.
    std::uint64_t freeBits(std::size_t word) const {
        const std::size_t left = m_count - word * 64;
        const std::uint64_t exists =
            left >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << left) - 1;
        return exists & ~bits()[word];
    }
    void spend(std::size_t identity) {
        bits()[identity / 64] |= std::uint64_t{1} << (identity % 64);
        order()[m_spent++] = static_cast<std::uint32_t>(identity);
    }

    /// How many are spent; `release` with it frees all that were spent later.
    std::size_t mark() const { return m_spent; }
    void release(std::size_t mark) {
        while (m_spent > mark) {
            const std::uint32_t identity = order()[--m_spent];
            bits()[identity / 64] &= ~(std::uint64_t{1} << (identity % 64));
        }
    }

private:
    static constexpr std::size_t kInline = 64;

    std::uint64_t* bits() { return m_count > kInline ? m_largeBits.data() : &m_smallBits; }
    const std::uint64_t* bits() const {
        return m_count > kInline ? m_largeBits.data() : &m_smallBits;
    }
    std::uint32_t* order() { return m_count > kInline ? m_largeOrder.data() : m_smallOrder.data(); }

    std::size_t m_count;
    std::size_t m_spent = 0;
    std::uint64_t m_smallBits = 0;
    std::array<std::uint32_t, kInline> m_smallOrder;  // written before read
    std::vector<std::uint64_t> m_largeBits;
    std::vector<std::uint32_t> m_largeOrder;
};

/// Fabric's evaluation of a signature policy (fact sheet A §3.3). A leaf spends the first free
/// identity that is its principal. A gate visits every rule, also when it has enough; what a failed
/// rule spent is free again, what a satisfied one spent stays spent. There is no second thought, so
/// the order of the identities matters.
///
/// `Satisfies` is called as bool(identity, principal) and must not depend on the state of the
/// evaluation. `Trace` is told leaf(rule, identity or kNobody) and gate(rule, satisfied children).
template <class Satisfies, class Trace>
class GreedyEvaluation {
public:
    GreedyEvaluation(const RuleTree& tree, std::size_t identityCount, Satisfies& satisfies,
                     Trace& trace)
        : m_tree(tree), m_spent(identityCount), m_satisfies(satisfies), m_trace(trace) {}

    bool run() { return evaluate(0); }

private:
    bool evaluate(std::size_t at) {
        const Rule& rule = m_tree.rules[at];
        if (!rule.isGate()) return fill(at, rule.principal);
        std::int32_t satisfied = 0;
        for (std::size_t child = at + 1; child < rule.end; child = m_tree.rules[child].end) {
            const std::size_t mark = m_spent.mark();
            if (evaluate(child))
                ++satisfied;
            else
                m_spent.release(mark);
        }
        m_trace.gate(at, satisfied);
        return satisfied >= rule.needed;
    }

    bool fill(std::size_t at, std::uint32_t principal) {
        for (std::size_t word = 0; word < m_spent.wordCount(); ++word) {
            for (std::uint64_t free = m_spent.freeBits(word); free != 0; free &= free - 1) {
                const std::size_t identity =
                    word * 64 + static_cast<std::size_t>(std::countr_zero(free));
                if (!m_satisfies(identity, principal)) continue;
                m_spent.spend(identity);
                m_trace.leaf(at, identity);
                return true;
            }
        }
        m_trace.leaf(at, kNobody);
        return false;
    }

public:
    static constexpr std::size_t kNobody = SIZE_MAX;

private:
    const RuleTree& m_tree;
    SpentIdentities m_spent;
    Satisfies& m_satisfies;
    Trace& m_trace;
};

/// For who only wants the verdict.
struct NoTrace {
    void leaf(std::size_t, std::size_t) {}
    void gate(std::size_t, std::int32_t) {}
};

template <class Satisfies>
bool isSatisfied(const RuleTree& tree, std::size_t identityCount, Satisfies satisfies) {
    NoTrace trace;
    return GreedyEvaluation<Satisfies, NoTrace>(tree, identityCount, satisfies, trace).run();
}

}  // namespace chancery::policy
