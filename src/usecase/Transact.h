#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Clock.h"
#include "src/base/Deadline.h"
#include "src/base/Ids.h"
#include "src/base/Random.h"
#include "src/base/Status.h"
#include "src/identity/SigningIdentity.h"
#include "src/interfaces/Nodes.h"

namespace chancery::usecase {

/// A call of a contract: who calls what.
struct ContractCall {
    ChannelId channel;  ///< empty for system contracts that need none
    std::string contract;
    std::vector<Bytes> args;  ///< function first
    std::map<std::string, Bytes> transient;
    bool isInit = false;
    bool asConfig = false;  ///< header type CONFIG: joining a channel, reading its configuration
};

/// The world around a transaction.
struct TransactionContext {
    interfaces::Connector& connector;
    identity::SigningIdentityPtr identity;
    const Clock& clock = Clock::system();
    Random& random = Random::system();
};

struct EvaluateRequest {
    ContractCall call;
    interfaces::NodeAddress peer;
    Deadline deadline;
    std::stop_token stop = {};
};

/// Asks one peer; nothing is ordered.
class EvaluateTransaction {
public:
    /// What the contract answers. FAILED_PRECONDITION (CONTRACT_REFUSED) with `status` and
    /// `message`, and the errors of Endorser::process.
    Result<Bytes> run(const TransactionContext& context, const EvaluateRequest& request) const;
};

struct SubmitRequest {
    ContractCall call;
    std::vector<interfaces::NodeAddress> endorsers;  ///< asked at once
    /// Where the commit is waited for, at each of them; none: at the first endorser.
    std::vector<interfaces::NodeAddress> commitPeers = {};
    std::vector<interfaces::NodeAddress> orderers;  ///< tried one after the other
    Deadline deadline;
    std::stop_token stop = {};
};

struct Submitted {
    TxId txId;
    Bytes payload;  ///< what the contract answers
    BlockNumber block = 0;
};

/// Has a transaction endorsed, ordered and committed.
class SubmitTransaction {
public:
    /// When it is committed as valid. ABORTED (NOT_VALID) with `code`, `block` and `txid` when it
    /// is committed as invalid; FAILED_PRECONDITION (CONTRACT_REFUSED); ABORTED (RESULTS_DIFFER)
    /// and the others of protocol::assembleTransaction; errors of endorsers and orderers. A
    /// deadline that passes while the commit is waited for leaves it open: DEADLINE_EXCEEDED
    /// (COMMIT_UNKNOWN) with `txid`.
    Result<Submitted> run(const TransactionContext& context, const SubmitRequest& request) const;
};

}  // namespace chancery::usecase
