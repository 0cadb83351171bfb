#include "node/peer/LayoutsPrincipals.h"

#include <algorithm>
#include <string>

#include "fabric/common/policies.pb.h"
#include "fabric/msp/identities.pb.h"
#include "fabric/msp/msp_principal.pb.h"
#include "src/policy/SatisfyingSets.h"
#include "src/wire/Parse.h"

namespace chancery::node {
namespace {

/// Roles compare by number, the rest by its bytes.
enum class Kind { Role, Unit, Identity, Other };

}  // namespace

struct PrincipalTable::Entry {
    ::common::MSPPrincipal principal;
    Kind kind = Kind::Other;
    std::string msp;
    int role = 0;
};

namespace {

std::size_t combinations(std::size_t n, std::size_t k, std::size_t cap) {
    if (k > n) return 0;
    std::size_t result = 1;
    for (std::size_t i = 1; i <= std::min(k, n - k); ++i) {
        result = result * (n - std::min(k, n - k) + i) / i;
        if (result > cap) return cap + 1;
    }
    return result;
}

/// Leaves rules out of gates that could be satisfied in more ways than `cap`.
void prune(::common::SignaturePolicy& rule, std::size_t cap) {
    if (!rule.has_n_out_of()) return;
    auto& gate = *rule.mutable_n_out_of();
    const auto needed = static_cast<std::size_t>(std::max(gate.n(), 0));
    while (static_cast<std::size_t>(gate.rules_size()) > std::max<std::size_t>(needed, 1) &&
           combinations(static_cast<std::size_t>(gate.rules_size()), needed, cap) > cap)
        gate.mutable_rules()->RemoveLast();
    for (auto& inner : *gate.mutable_rules()) prune(inner, cap);
}

Result<policy::SatisfyingSets> listSets(const ::common::SignaturePolicyEnvelope& policy) {
    auto sets = policy::minimalSatisfyingSets(policy, kMaxPrincipalSets);
    for (const std::size_t cap : {1000U, 100U, 10U, 2U}) {
        if (sets.ok() || sets.status().code() != StatusCode::kResourceExhausted) break;
        auto smaller = policy;
        prune(*smaller.mutable_rule(), cap);
        sets = policy::minimalSatisfyingSets(smaller, kMaxPrincipalSets);
    }
    return sets;
}

/// One set that satisfies both.
PrincipalSet mergeTwo(const PrincipalSet& left, const PrincipalSet& right,
                      const PrincipalTable& table) {
    PrincipalSet merged = left;
    std::vector<bool> used(left.size(), false);
    for (const std::size_t wanted : right) {
        const auto fits = [&](std::size_t i) {
            return !used[i] && (table.covers(left[i], wanted) || table.covers(wanted, left[i]));
        };
        // An equal one first, so that it is not spent on a wider wish.
        std::size_t found = left.size();
        for (std::size_t i = 0; i < left.size() && found == left.size(); ++i)
            if (!used[i] && left[i] == wanted) found = i;
        for (std::size_t i = 0; i < left.size() && found == left.size(); ++i)
            if (fits(i)) found = i;
        if (found == left.size()) {
            merged.push_back(wanted);
            continue;
        }
        used[found] = true;
        if (!table.covers(left[found], wanted)) merged[found] = wanted;
    }
    std::sort(merged.begin(), merged.end());
    return merged;
}

/// Drops sets that hold another one whole.
void reduce(std::vector<PrincipalSet>& sets) {
    std::sort(sets.begin(), sets.end(), [](const PrincipalSet& a, const PrincipalSet& b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    });
    sets.erase(std::unique(sets.begin(), sets.end()), sets.end());
    constexpr std::size_t kMaxCompared = 2000;  // quadratic; more sets may keep larger ones
    std::vector<PrincipalSet> kept;
    for (PrincipalSet& set : sets) {
        const bool holdsOther =
            kept.size() < kMaxCompared &&
            std::any_of(kept.begin(), kept.end(), [&set](const PrincipalSet& smaller) {
                return std::includes(set.begin(), set.end(), smaller.begin(), smaller.end());
            });
        if (!holdsOther) kept.push_back(std::move(set));
    }
    sets = std::move(kept);
}

}  // namespace

PrincipalTable::PrincipalTable() = default;
PrincipalTable::~PrincipalTable() = default;

std::size_t PrincipalTable::add(const ::common::MSPPrincipal& principal) {
    for (std::size_t i = 0; i < m_entries.size(); ++i)
        if (m_entries[i].principal.principal() == principal.principal() &&
            m_entries[i].principal.principal_classification() ==
                principal.principal_classification())
            return i;
    Entry entry;
    entry.principal = principal;
    switch (principal.principal_classification()) {
        case ::common::MSPPrincipal::ROLE:
            if (auto role = wire::parse<::common::MSPRole>(principal.principal(), "role");
                role.ok()) {
                entry.kind = Kind::Role;
                entry.msp = role->msp_identifier();
                entry.role = role->role();
            }
            break;
        case ::common::MSPPrincipal::ORGANIZATION_UNIT:
            if (auto unit = wire::parse<::common::OrganizationUnit>(principal.principal(), "unit");
                unit.ok()) {
                entry.kind = Kind::Unit;
                entry.msp = unit->msp_identifier();
            }
            break;
        case ::common::MSPPrincipal::IDENTITY:
            if (auto identity =
                    wire::parse<::msp::SerializedIdentity>(principal.principal(), "identity");
                identity.ok()) {
                entry.kind = Kind::Identity;
                entry.msp = identity->mspid();
            }
            break;
        default:
            break;
    }
    m_entries.push_back(std::move(entry));
    return m_entries.size() - 1;
}

std::size_t PrincipalTable::size() const {
    return m_entries.size();
}

const ::common::MSPPrincipal& PrincipalTable::at(std::size_t index) const {
    return m_entries[index].principal;
}

bool PrincipalTable::covers(std::size_t narrow, std::size_t wide) const {
    if (narrow == wide) return true;
    const Entry& other = m_entries[wide];
    return m_entries[narrow].kind != Kind::Other && other.kind == Kind::Role &&
           other.role == ::common::MSPRole::MEMBER && m_entries[narrow].msp == other.msp;
}

Result<std::vector<PrincipalSet>> setsOf(const ::common::SignaturePolicyEnvelope& policy,
                                         PrincipalTable& table) {
    ASSIGN_OR_RETURN(const auto found, listSets(policy));
    std::vector<std::size_t> places;
    for (const auto& principal : found.principals)
        places.push_back(table.add(policy.identities(static_cast<int>(principal.index))));
    std::vector<PrincipalSet> sets;
    for (const auto& set : found.sets) {
        PrincipalSet& out = sets.emplace_back();
        for (const std::uint32_t index : set) out.push_back(places[index]);
        std::sort(out.begin(), out.end());
    }
    return sets;
}

std::vector<PrincipalSet> mergeSets(const std::vector<PrincipalSet>& left,
                                    const std::vector<PrincipalSet>& right,
                                    const PrincipalTable& table) {
    // The smallest ones come first, so what is beyond the limit is what nobody would choose.
    std::vector<PrincipalSet> merged;
    for (const PrincipalSet& a : left)
        for (const PrincipalSet& b : right) {
            if (merged.size() == kMaxPrincipalSets) break;
            merged.push_back(mergeTwo(a, b, table));
        }
    reduce(merged);
    return merged;
}

}  // namespace chancery::node
