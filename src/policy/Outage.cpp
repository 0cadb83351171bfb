#include "src/policy/Outage.h"

namespace chancery::policy {

namespace {

std::vector<IndispensableOrganisation> findIndispensable(
    const std::vector<NamedPolicyRef>& living) {
    std::map<MspId, std::vector<std::string>> found;
    for (const auto& [name, policy] : living) {
        std::set<MspId> organisations;
        policy->addOrganisations(organisations);
        for (const auto& mspId : organisations) {
            const auto isUp = [&mspId](const MspId& other) { return other != mspId; };
            if (!policy->canBeSatisfiedBy(isUp)) found[mspId].push_back(name);
        }
    }
    std::vector<IndispensableOrganisation> result;
    for (auto& [mspId, names] : found) result.push_back({mspId, std::move(names)});
    return result;
}

}  // namespace

Outage outageWithout(const std::set<MspId>& down, const std::vector<NamedPolicyRef>& policies) {
    Outage result;
    std::vector<NamedPolicyRef> living;
    for (const auto& named : policies) {
        if (!named.policy->canBeSatisfiedBy([](const MspId&) { return true; })) {
            result.never.push_back(named.name);
            continue;
        }
        living.push_back(named);
        if (!named.policy->canBeSatisfiedBy(
                [&down](const MspId& mspId) { return !down.contains(mspId); }))
            result.stopped.push_back(named.name);
    }
    result.indispensable = findIndispensable(living);
    return result;
}

std::vector<NamedPolicyRef> policiesOf(const PolicyTree& tree) {
    std::vector<NamedPolicyRef> result;
    for (const auto& path : tree.paths()) result.push_back({path, tree.find(path)});
    return result;
}

}  // namespace chancery::policy
