#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Sentence.h"
#include "src/usecase/ConfigChange.h"
#include "src/usecase/Identity.h"
#include "src/usecase/PolicyDescription.h"

namespace chancery::usecase {

// What front ends show of a ledger. Plain values; text of the ledger is as it stands there (any
// bytes), so whoever shows it must make it printable.

/// A peer's verdict on a transaction as the block records it.
struct RecordedCode {
    int number = 0;
    std::string name;  ///< Fabric's, "MVCC_READ_CONFLICT"
    bool valid() const { return number == 0; }
};

/// Who last wrote a key: block and position in it.
struct WrittenAt {
    BlockNumber block = 0;
    std::uint64_t transaction = 0;
    friend auto operator<=>(const WrittenAt&, const WrittenAt&) = default;
};

/// A key that was no longer what a transaction had read.
struct ConflictDescription {
    std::string contract;
    std::string collection;  ///< private data: the key is a hash
    Bytes key;
    std::optional<WrittenAt> read;     ///< absent: the key did not exist
    std::optional<WrittenAt> current;  ///< absent: it does not exist now
    std::optional<WrittenAt> writer;   ///< the transaction that changed it
};

/// Why a transaction is not valid.
struct CauseDescription {
    std::string reason;  ///< stable: "KEY_CHANGED", "POLICY_NOT_SATISFIED" …
    std::string
        sentence;  ///< complete by itself; the members below let a front end say it more shortly
    ErrorArguments arguments;  ///< of the sentence, as Sentence has them
    std::optional<ConflictDescription> conflict;
    std::optional<std::pair<Bytes, Bytes>>
        range;                          ///< of a query that would give something else now
    bool rangeSummarised = false;       ///< which key differs is not known
    std::optional<WrittenAt> original;  ///< of a duplicate
};

struct BlockSummary {
    BlockNumber number = 0;
    bool config = false;
    std::optional<absl::Time> time;  ///< as its first transaction states it
    std::size_t transactions = 0;
    std::optional<std::size_t> valid;  ///< absent when no peer judged the block
    std::uint64_t size = 0;            ///< bytes in the file
    Bytes hash;
};

struct TransactionSummary {
    BlockNumber block = 0;
    std::size_t index = 0;
    std::string txId;
    std::string type;  ///< "ENDORSER_TRANSACTION", "CONFIG" …; empty when it cannot be read
    std::optional<IdentityName> creator;
    std::optional<absl::Time> time;
    std::string contract;
    std::string function;
    std::optional<RecordedCode> code;
    /// What verification found, where that is another verdict or none is recorded. Not of summaries
    /// that were made without verification.
    std::optional<RecordedCode> computed;
};

struct BlockSignature {
    std::optional<IdentityName> signer;      ///< raft
    std::optional<std::uint32_t> consenter;  ///< BFT
    Bytes signature;
};

struct BlockDescription {
    BlockSummary summary;
    Bytes previousHash;
    Bytes dataHash;
    Bytes computedDataHash;  ///< of the data that the block holds
    bool dataHashMatches = false;
    std::optional<BlockNumber> lastConfig;
    Bytes commitHash;  ///< empty when there is none
    std::vector<BlockSignature> signatures;
    std::optional<std::uint64_t> raftIndex;
    std::vector<std::uint64_t> raftConsenters;
    std::optional<std::pair<std::uint64_t, std::uint64_t>> bftViewAndSequence;
    std::string file;
    std::uint64_t offset = 0;
    std::vector<TransactionSummary> transactions;
    std::vector<ConfigChange> configChanges;  ///< config blocks only
};

/// A key read by a transaction, and what stood there when the transaction was judged.
struct ReadDescription {
    std::string contract;
    std::string collection;  ///< private data: the key is a hash
    Bytes key;
    std::optional<WrittenAt> read;     ///< absent: the key did not exist
    std::optional<WrittenAt> current;  ///< when it was judged
    Sentence keyMeaning;               ///< as in WriteDescription
    bool stale() const { return read != current; }
};

struct RangeReadDescription {
    std::string contract;
    Bytes start;
    Bytes end;
    bool exhausted = false;
    std::optional<std::size_t> results;  ///< absent when only hashes of them were recorded
};

/// A key written by a transaction. Private data: key and values are hashes.
struct WriteDescription {
    std::string contract;
    std::string collection;
    Bytes key;
    std::optional<Bytes> before;  ///< absent: the key did not exist
    std::optional<Bytes> after;   ///< absent: deleted
    bool purge = false;
    /// What key and values mean, where they are not the user's own (contract definitions); else
    /// empty.
    Sentence keyMeaning, beforeMeaning, afterMeaning;
};

/// A key's own endorsement policy that is set or removed.
struct KeyPolicyDescription {
    std::string contract;
    std::string collection;
    Bytes key;
    std::optional<std::string> policy;  ///< text form; absent: removed
    std::vector<std::string> otherEntries;
};

struct EndorsementDescription {
    IdentityName endorser;
    bool counts = false;
    Sentence why;  ///< when it does not count
};

/// What a transaction of another kind than a contract call holds.
struct TransactionDescription {
    TransactionSummary summary;
    Bytes creatorSignature;
    Bytes nonce;
    std::string channel;
    std::string contractVersion;
    std::vector<Bytes> arguments;  ///< behind the function
    bool isInit = false;
    /// What the arguments of a system contract mean, "name" and "value".
    std::vector<std::pair<Sentence, Sentence>> decodedArguments;
    std::optional<int> responseStatus;
    std::string responseMessage;
    Bytes responsePayload;
    std::vector<ReadDescription> reads;
    std::vector<RangeReadDescription> rangeReads;
    std::vector<WriteDescription> writes;
    std::vector<KeyPolicyDescription> keyPolicies;
    std::optional<std::pair<std::string, Bytes>> event;
    std::vector<EndorsementDescription> endorsements;
    std::vector<PolicyVerdict> policies;
    std::vector<ConfigChange> configChanges;
    std::vector<Sentence> faults;  ///< parts that cannot be decoded, one sentence each
    bool stateKnown = false;       ///< else nothing can be said of values before and of reads
    /// What our own validation says, and why when it is not valid; absent when it could not be
    /// judged.
    std::optional<RecordedCode> computedCode;
    std::optional<CauseDescription> cause;  ///< absent when valid
};

/// One version of a key.
struct KeyVersion {
    WrittenAt at;
    std::string txId;
    std::optional<absl::Time> time;
    std::optional<IdentityName> creator;
    std::string function;
    std::optional<Bytes> value;  ///< absent: deleted
};

struct KeyDescription {
    std::string contract;
    std::string collection;  ///< private data: values are hashes
    Bytes key;
    BlockNumber height = 0;             ///< state after this block
    bool stateKnown = false;            ///< else only what the given blocks wrote is known
    std::optional<KeyVersion> current;  ///< absent: the key does not exist
    std::optional<std::string> policy;  ///< its own endorsement policy in text form
    std::vector<KeyVersion> history;    ///< newest first; filled when asked for
};

struct OrganisationOverview {
    std::string name;  ///< of its group in the configuration
    MspId mspId;
    bool application = false;
    bool orderer = false;
    BlockNumber since = 0;
    std::optional<BlockNumber> removed;  ///< the config block that took it out again
    std::vector<std::string> anchorPeers;
    std::vector<std::string> ordererEndpoints;
};

struct ConfigChangeOverview {
    BlockNumber block = 0;
    std::uint64_t sequence = 0;
    std::optional<absl::Time> time;
    std::vector<ConfigChange> changes;
    std::vector<IdentityName> signers;
};

struct ContractOverview {
    std::string name;
    std::string version;  ///< empty: called, but never defined in what was read
    std::uint64_t sequence = 0;
    std::optional<WrittenAt> definedAt;
    std::string policy;  ///< text form, or the path that it refers to
    bool initRequired = false;
    struct Collection {
        std::string name;
        std::string members;  ///< policy in text form
        std::uint64_t blocksToLive = 0;
    };
    std::vector<Collection> collections;
    std::size_t calls = 0;
    std::size_t refused = 0;
    std::size_t keys = 0;  ///< public keys at the end
};

struct KeyOverview {
    std::string contract;
    Bytes key;
    std::size_t writes = 0;     ///< by valid transactions
    std::size_t reads = 0;      ///< by all transactions
    std::size_t conflicts = 0;  ///< transactions refused because this key had changed
};

struct RefusedTransaction {
    TransactionSummary summary;
    std::optional<CauseDescription> cause;  ///< absent when it could not be found out
};

struct LedgerOverview {
    std::string channel;
    std::uint64_t blocks = 0;
    std::optional<BlockNumber> snapshot;  ///< the state began with a snapshot after this block
    BlockNumber firstBlock = 0;
    BlockNumber lastBlock = 0;
    Bytes lastHash;
    std::uint64_t bytes = 0;
    std::optional<absl::Time> firstTime;
    std::optional<absl::Time> lastTime;
    std::size_t transactions = 0;
    std::size_t valid = 0;
    std::size_t notJudged = 0;  ///< in blocks without validation codes

    std::string consensus;  ///< "etcdraft", "BFT"
    std::vector<std::string> consenters;
    std::optional<absl::Duration> batchTimeout;
    std::uint32_t batchMaxCount = 0;
    std::uint32_t batchPreferredBytes = 0;
    std::vector<std::string> channelCapabilities;
    std::vector<std::string> ordererCapabilities;
    std::vector<std::string> applicationCapabilities;

    std::vector<OrganisationOverview> organisations;
    std::vector<ConfigChangeOverview> configChanges;
    std::vector<ContractOverview> contracts;
    std::vector<KeyOverview> busiestKeys;  ///< at most 10
    std::vector<RefusedTransaction> refused;
    /// Where reading ended before the end of the files, and why; empty when all could be read.
    std::string damage;
};

}  // namespace chancery::usecase
