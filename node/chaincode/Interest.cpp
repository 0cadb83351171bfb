#include "node/chaincode/Interest.h"

#include "fabric/common/policies.pb.h"
#include "fabric/peer/proposal_response.pb.h"
#include "node/chaincode/Simulation.h"
#include "src/protocol/ReadWriteSet.h"
#include "src/wire/FieldScanner.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::node {
namespace {

struct Needs {
    /// By collection: whether the policy of contract or collection itself must be satisfied.
    std::map<std::string, bool> policies;
    std::vector<Bytes> keyPolicies;
};

std::map<std::string, Needs> needsOfWrites(const WrittenKeys& written) {
    std::map<std::string, Needs> all;
    for (const auto& [ns, collections] : written) {
        Needs& needs = all[ns];
        needs.policies[""] = false;
        for (const auto& [collection, keys] : collections) {
            for (const auto& [key, policy] : keys) {
                if (policy) {
                    needs.keyPolicies.push_back(*policy);
                } else {
                    needs.policies[collection] = true;
                }
            }
        }
    }
    return all;
}

/// Names of all namespaces of the set.
std::vector<std::string> namespacesOf(BytesView txReadWriteSet) {
    std::vector<std::string> names;
    wire::FieldScanner scanner(txReadWriteSet);
    while (scanner.next())
        if (scanner.number() == 2 && scanner.wireType() == wire::WireType::Length)
            if (const auto name = wire::lastField(scanner.view(), 1)) names.emplace_back(*name);
    return names;
}

}  // namespace

Result<Bytes> interestOf(const WrittenKeys& written,
                         const std::set<std::pair<std::string, std::string>>& privateReads,
                         BytesView txReadWriteSet) {
    auto all = needsOfWrites(written);
    for (const std::string& ns : namespacesOf(txReadWriteSet)) {
        if (isSystemNamespace(ns)) continue;
        const auto [place, isNew] = all.try_emplace(ns);
        if (isNew) place->second.policies[""] = true;
    }
    for (const auto& [ns, collection] : privateReads) all[ns].policies[collection] = true;

    ::protos::ChaincodeInterest interest;
    for (const auto& [ns, needs] : all) {
        if (isSystemNamespace(ns)) continue;
        for (const auto& [collection, required] : needs.policies) {
            if (collection.empty() && needs.keyPolicies.empty() && !required) continue;
            auto* call = interest.add_chaincodes();
            call->set_name(ns);
            if (!collection.empty()) {
                call->add_collection_names(collection);
                call->set_no_private_reads(!privateReads.contains({ns, collection}));
                continue;
            }
            for (const Bytes& bytes : needs.keyPolicies)
                RETURN_IF_ERROR(wire::parseInto(*call->add_key_policies(), bytes, "key_policy"));
            call->set_disregard_namespace_policy(!needs.keyPolicies.empty() && !required);
        }
    }
    return wire::serialize(interest);
}

}  // namespace chancery::node
