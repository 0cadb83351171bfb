#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Status.h"
#include "src/verify/Contracts.h"
#include "src/verify/PolicyBook.h"
#include "src/verify/State.h"
#include "src/verify/TransactionCheck.h"
#include "src/verify/Verdict.h"

namespace chancery::verify {

struct EndorsementVerdict {
    protocol::ValidationCode code = protocol::ValidationCode::Valid;
    /// False: the contract has a validation plugin of its own; cause and hazard say so, for blocks
    /// without a recorded code.
    bool computed = true;
    std::optional<Cause> cause;
    std::optional<Hazard> hazard;
};

/// Whether the transactions of one block carry the endorsements that the policies of contracts,
/// collections and keys ask for (fact sheet B §3.2.7, §3.3). Fabric's peers go through the
/// namespaces of a transaction in random order, so one that fails in two of them for different
/// reasons can get either code there; here the order is that of the names. One thread at a time.
class EndorsementCheck {
public:
    /// All of them must outlive it; the state must not change meanwhile.
    EndorsementCheck(std::span<const PreparedTransaction> block, const StateReader& state,
                     Contracts& contracts, PolicyBook& policies);

    /// To be called for those that are valid so far, in the order of the block, since a key's
    /// policy may be changed by an earlier transaction. The error is the store's.
    Result<EndorsementVerdict> check(std::size_t index);

private:
    struct KeyName {
        std::string_view ns, collection, key;
        friend auto operator<=>(const KeyName&, const KeyName&) = default;
    };
    enum class Outcome { NotChecked, Refused, Accepted };

    // One transaction and namespace.
    struct Scope {
        std::size_t index;
        const protocol::NamespaceReadWriteSet* set;  ///< null: the namespace has no activity
        const Contract* contract;
        EndorsementVerdict* verdict;
        std::map<std::string_view, bool> collectionDone;
        bool contractDone = false;
        bool anyDone = false;
    };

    void noteDependencies(std::size_t upTo);
    Outcome outcomeOf(std::size_t index, std::string_view ns) const;
    Result<bool> checkNamespace(std::size_t index, std::string_view ns,
                                const protocol::NamespaceReadWriteSet* set,
                                EndorsementVerdict& verdict);
    Result<bool> checkWrites(Scope& scope);
    Result<bool> checkKey(Scope& scope, std::string_view collection, std::string_view key);
    bool checkCollection(Scope& scope, std::string_view collection);
    bool checkContract(Scope& scope);
    bool hasKeyPolicies(const Contract& contract, std::string_view collection) const;
    bool satisfied(Scope& scope, const PolicyBook::Entry& policy, std::string subject);
    bool refuse(Scope& scope, protocol::ValidationCode code, Sentence sentence);

    std::span<const PreparedTransaction> m_block;
    const StateReader& m_state;
    Contracts& m_contracts;
    PolicyBook& m_policies;
    // Which transactions set metadata of a key, found as far as the check has come.
    std::map<KeyName, std::vector<std::size_t>> m_metadataWriters;
    std::size_t m_noted = 0;
    std::vector<std::map<std::string_view, bool>> m_outcomes;  // per transaction: namespace → met
};

}  // namespace chancery::verify
