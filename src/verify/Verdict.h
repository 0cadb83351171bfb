#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "src/base/Ids.h"
#include "src/base/Sentence.h"
#include "src/policy/Policy.h"
#include "src/protocol/ValidationCode.h"
#include "src/protocol/Version.h"

namespace chancery::verify {

/// A transaction that stood in the way of another one.
struct OtherTransaction {
    protocol::Version place;
    TxId txId;  ///< empty when it is not known
};

/// Two views of one key: what the transaction read when it was endorsed, and what stands there when
/// it is validated. A missing version means a missing key.
struct ReadConflict {
    std::string ns;
    std::string collection;  ///< empty for public keys
    std::string key;         ///< private: the hash of the key
    std::optional<protocol::Version> read;
    std::optional<protocol::Version> current;
    std::optional<OtherTransaction> writer;  ///< who wrote or deleted the key in between
};

/// Where a repeated range query gave something else.
struct PhantomRead {
    std::string start;
    std::string end;
    /// Only hashes of the reads were recorded, so the key that differs cannot be told: `difference`
    /// is the newest key in the range now, the likely one, or empty. Else it is the first key that
    /// differs.
    bool summarised = false;
    ReadConflict difference;
};

/// A policy that was not met.
struct UnmetPolicy {
    std::string subject;  ///< "contract assets", "collection shared of vault", "key k of assets"
    policy::Explanation explanation;
    std::string rejected;  ///< endorsements that do not count, and why; empty when all do
};

/// Why a transaction is not valid. Which members are filled depends on the code.
struct Cause {
    std::string reason;             ///< stable: "KEY_CHANGED", "POLICY_NOT_SATISFIED" …
    std::string sentence;           ///< for a person or a log
    ErrorArguments arguments = {};  ///< of the sentence, as Sentence has them
    std::string field;  ///< path of the field at fault: "payload.header.channel_header.epoch"
    std::optional<ReadConflict> conflict;
    std::optional<PhantomRead> phantom;
    std::optional<UnmetPolicy> policy;
    std::optional<OtherTransaction> original;  ///< of a duplicate
};

/// Where Fabric's own peers do not come to a verdict: they stop, crash or wait for ever. The
/// verdict beside it is then this program's choice.
struct Hazard {
    std::optional<std::size_t> transaction;
    std::string reason;    ///< stable: "UNKNOWN_COLLECTION", "CONFIG_AMONG_OTHERS" …
    std::string sentence;  ///< what happens to a peer, and why
    ErrorArguments arguments = {};
};

struct TransactionVerdict {
    protocol::ValidationCode code = protocol::ValidationCode::NotValidated;
    /// Whether the code follows from the data alone. False where rules or data are missing
    /// (validation of Fabric 1.x, a validation plugin of the user's): then the recorded code was
    /// taken over, or Valid when there is none; with an unknown plugin it is refused then.
    bool computed = true;
    std::optional<Cause> cause;  ///< of every code but Valid

    bool valid() const { return code == protocol::ValidationCode::Valid; }
};

}  // namespace chancery::verify
