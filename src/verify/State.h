#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/protocol/Version.h"

namespace chancery::verify {

using protocol::Version;

/// What the ledger holds under one key. Deleted keys have none.
struct StateValue {
    Bytes value;     ///< hashed keys: SHA-256 of the value
    Bytes metadata;  ///< kvrwset.KVMetadataWrite with entries only, as snapshots have it; empty
                     ///< when none
    Version version;

    friend bool operator==(const StateValue&, const StateValue&) = default;
};

/// Where the hashes of a private collection stand among the namespaces: "<ns>$$h<collection>", the
/// name that Fabric's state database and snapshots use.
std::string hashedNamespace(std::string_view ns, std::string_view collection);

/// A key met by a range scan. `key` is valid until the cursor moves.
struct StateItem {
    std::string_view key;
    Version version;
};

/// Goes through a range in byte order. One thread at a time; the state must not change meanwhile.
class StateCursor {
public:
    virtual ~StateCursor() = default;
    /// Nothing at the end. The error is the store's.
    virtual Result<std::optional<StateItem>> next() = 0;
};

/// The committed state of a ledger, as validation reads it: after block n while block n + 1 is
/// validated. Errors are the store's own and end the validation; a missing key is no error. One
/// thread at a time unless an implementation says more.
class StateReader {
public:
    virtual ~StateReader() = default;

    virtual Result<std::optional<StateValue>> get(std::string_view ns,
                                                  std::string_view key) const = 0;
    virtual Result<std::optional<Version>> version(std::string_view ns,
                                                   std::string_view key) const = 0;
    /// Metadata of the key; empty when it has none or does not exist.
    virtual Result<Bytes> metadata(std::string_view ns, std::string_view key) const = 0;
    /// Keys in [start, end); an empty end means the end of the namespace.
    virtual Result<std::unique_ptr<StateCursor>> range(std::string_view ns, std::string_view start,
                                                       std::string_view end) const = 0;
    /// Whether any earlier block has a transaction of this id, valid or not.
    virtual Result<bool> hasTransaction(std::string_view txId) const = 0;

    /// For explanations only: the transaction at this place, empty when unknown.
    virtual TxId transactionAt(const Version& place) const;
    /// For explanations only: who deleted a key that does not exist now, if that is remembered.
    virtual std::optional<Version> deletion(std::string_view ns, std::string_view key) const;
};

/// A state that the verification of a chain keeps up to date. What changes it reports no error: a
/// store that fails answers the next question with its error.
class StateStore : public StateReader {
public:
    virtual void put(std::string_view ns, std::string_view key, StateValue value) = 0;
    /// `at` is remembered for explanations.
    virtual void remove(std::string_view ns, std::string_view key, const Version& at) = 0;
    /// Ids of the next block in their order, empty ones included. Blocks follow each other.
    virtual void addTransactions(BlockNumber block, const std::vector<std::string>& txIds) = 0;
    /// An id whose place is not known.
    virtual void addTransaction(std::string_view txId) = 0;
    /// Estimate of the memory that all of it takes.
    virtual std::size_t memoryBytes() const = 0;
};

}  // namespace chancery::verify
