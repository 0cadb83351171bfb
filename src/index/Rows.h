#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/index/IndexWriter.h"
#include "src/index/Place.h"

namespace chancery::index {

// Rows of the index as values.

struct BlockRecord {
    BlockNumber number = 0;
    bool config = false;
    std::optional<std::int64_t> time;  ///< Unix nanoseconds, of the first transaction
    std::uint64_t transactions = 0;
    std::optional<std::uint64_t> valid;  ///< as recorded
    std::uint64_t invalid = 0;           ///< as recorded; where nothing is, as computed
    std::uint64_t size = 0;
    Bytes hash;
    Bytes commitHash;  ///< empty when unknown or none
    CheckResult check = CheckResult::Unchecked;
};

struct IdentityRecord {
    std::string msp, commonName, fingerprint;
    std::vector<std::string> units;
};

struct TransactionRecord {
    Place place = 0;
    std::string id;           ///< under which the ledger files it
    bool stated = false;      ///< whether the transaction names it
    std::optional<int> type;  ///< absent: its header cannot be read
    std::optional<std::int64_t> time;
    std::optional<IdentityRecord> creator;
    std::string contract, function;
    std::optional<int> code;      ///< as recorded
    std::optional<int> computed;  ///< when that is another one
};

struct KeyRecord {
    std::int64_t id = 0;
    Bytes key;
};

/// How often something was done with a key.
struct KeyCounts {
    std::string contract;
    Bytes key;
    std::uint64_t writes = 0, reads = 0;
};

struct HistogramRow {
    std::int64_t slot = 0;
    std::uint64_t blocks = 0, transactions = 0, invalid = 0;
    BlockNumber first = 0, last = 0;
};

}  // namespace chancery::index
