#pragma once

#include <string>
#include <vector>

#include "src/base/Status.h"
#include "src/protocol/CommitHash.h"
#include "src/protocol/Lifecycle.h"
#include "src/protocol/Version.h"
#include "tests/bench/ledger/Consortium.h"

namespace chancery::bench {

/// A call of a contract, ready to be proposed and endorsed.
struct EndorsedCall {
    std::string contract;
    std::string version;  ///< as the endorsers state it
    std::vector<Bytes> arguments;
    Bytes results;  ///< TxReadWriteSet
    std::string eventName;
    Bytes eventPayload;
    Bytes responsePayload;
    const identity::SigningIdentity* client = nullptr;
    std::vector<const identity::SigningIdentity*> endorsers;
    Bytes nonce;
    absl::Time time;
};

/// A signed transaction envelope.
Result<Bytes> makeTransaction(const ChannelId& channel, const EndorsedCall& call);

/// A contract that the organisations of a generated channel agree on.
struct ContractPlan {
    std::string name;
    protocol::ChaincodeDefinition definition;
    std::vector<protocol::Version> approvedAt;  ///< by organisation
};
/// "wallet" (any two organisations, one private collection) and "poe" (any one).
Result<std::vector<ContractPlan>> contractsOf(const Consortium& consortium);

/// The approval of one organisation, and what it leaves in the state at `at`.
Result<EndorsedCall> approvalOf(ContractPlan& plan, const Consortium& consortium,
                                std::size_t organisation, const protocol::Version& at,
                                protocol::UpdateBatch& updates);
/// The definition, endorsed by all.
Result<EndorsedCall> definitionOf(const ContractPlan& plan, const Consortium& consortium,
                                  const protocol::Version& at, protocol::UpdateBatch& updates);

}  // namespace chancery::bench
