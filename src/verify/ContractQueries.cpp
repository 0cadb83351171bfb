#include "src/verify/ContractQueries.h"

#include "src/crypto/Digest.h"

namespace chancery::verify {
namespace {

constexpr std::string_view kMetadataPrefix = "namespaces/metadata/";
constexpr std::string_view kMetadataEnd = "namespaces/metadata0";  // '0' follows '/'

/// Whether the organisation's implicit collection holds this value, by their hashes.
Result<bool> holds(const StateReader& state, const std::string& ns,
                   const protocol::LifecycleEntry& entry) {
    ASSIGN_OR_RETURN(const auto found, state.get(ns, crypto::sha256(entry.key)));
    return found && found->value == crypto::sha256(entry.value);
}

}  // namespace

Result<std::vector<std::string>> definedContracts(const StateReader& state) {
    ASSIGN_OR_RETURN(const auto cursor,
                     state.range(protocol::kLifecycleNamespace, kMetadataPrefix, kMetadataEnd));
    std::vector<std::string> names;
    for (;;) {
        ASSIGN_OR_RETURN(const auto item, cursor->next());
        if (!item) return names;
        names.emplace_back(item->key.substr(kMetadataPrefix.size()));
    }
}

Result<std::optional<protocol::ChaincodeDefinition>> definitionOf(std::string_view contract,
                                                                  const StateReader& state) {
    Status status;
    auto definition =
        protocol::readDefinition(contract, [&](std::string_view key) -> std::optional<Bytes> {
            auto found = state.get(protocol::kLifecycleNamespace, key);
            if (!found.ok()) {
                status = found.status();
                return std::nullopt;
            }
            if (!*found) return std::nullopt;
            return std::move((*found)->value);
        });
    RETURN_IF_ERROR(status);
    return definition;
}

Result<std::map<MspId, bool>> approvalsOf(std::string_view contract,
                                          const protocol::ChaincodeDefinition& definition,
                                          const channel::Bundle& bundle, const StateReader& state) {
    std::map<MspId, bool> approvals;
    const auto entries = protocol::encodeApproval(contract, definition, {});
    for (const auto& [mspId, group] : bundle.applicationOrgs()) {
        const std::string ns =
            hashedNamespace(protocol::kLifecycleNamespace, protocol::implicitCollectionName(mspId));
        bool approved = true;
        for (const auto& entry : entries) {
            // Which package an organisation runs is its own affair.
            if (!entry.key.starts_with("namespaces/")) continue;
            ASSIGN_OR_RETURN(const bool held, holds(state, ns, entry));
            approved = approved && held;
        }
        approvals.emplace(mspId, approved);
    }
    return approvals;
}

}  // namespace chancery::verify
