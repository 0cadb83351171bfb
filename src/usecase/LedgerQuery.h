#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Status.h"

namespace chancery::usecase {

/// What a term of a ledger query speaks of. The words of the query language are the names here in
/// lower case ("block>=1200 size>25KB key:acct/2041 result:invalid").
enum class LedgerField {
    Any,           ///< free text: key, transaction id, creator, function, event, contract, number.
                   ///< Has no word of its own.
    Block,         ///< number
    Time,          ///< UTC, "2026-03-17", "2026-03-17T14:30", or an age: "24h", "7d"
    Size,          ///< of the block in bytes; B, KB, MB (powers of 1,000)
    Transactions,  ///< how many the block has
    TxId,          ///< "tx": at least 4 hex digits from the beginning, or the whole
    Key,           ///< public key, or the clear text of a private one; "*" at the end: prefix
    Contract,
    Function,
    Creator,   ///< common name or fingerprint
    Org,       ///< MSP id of the creator
    Endorser,  ///< MSP id or common name of somebody who endorsed
    Event,     ///< name of a chaincode event
    Result,    ///< "valid", "invalid", "unjudged"
    Code,      ///< Fabric's name or its number: "MVCC_READ_CONFLICT", "11"
    Type,      ///< "config", "endorser"
};

enum class LedgerComparison { Is, Less, LessOrEqual, Greater, GreaterOrEqual };

/// One condition; all terms of a query must hold. The canonical text (textOf) has blanks around
/// signs of order and none around a colon: "block >= 1204000", "key:acct/2041", "-result:valid".
///
/// Fields with numbers (Block, Time, Size, Transactions) take ":", "=", "<", "<=", ">" and ">=";
/// all others only ":" or "=". "≥", "≤" and the wide colon "：" are read, too, as are blanks around
/// all but the colons. Values with blanks, quotes or unprintable characters stand in double quotes,
/// in which
/// \" \\ \n \t \xNN and \u{N…} are read; outside of quotes a backslash stands for itself. Free text
/// that looks like a term with a field must be in quotes.
struct LedgerTerm {
    LedgerField field = LedgerField::Any;
    LedgerComparison comparison = LedgerComparison::Is;
    bool negated = false;     ///< written with "-" before it
    std::string value;        ///< without quotes; numbers, ids and words in one spelling ("25KB")
    std::int64_t number = 0;  ///< Block, Size, Transactions; Time: Unix nanoseconds; Code
    /// Time: the last nanosecond of what the value names (of the day, of the minute; of an age:
    /// now). Else as `number`.
    std::int64_t last = 0;
    std::size_t begin = 0;  ///< in the text, bytes
    std::size_t end = 0;
    friend bool operator==(const LedgerTerm&, const LedgerTerm&) = default;
};

struct LedgerQuery {
    std::vector<LedgerTerm> terms;
    bool empty() const { return terms.empty(); }
    friend bool operator==(const LedgerQuery&, const LedgerQuery&) = default;
};

/// What may stand at a place of the text.
struct LedgerCompletion {
    std::string text;    ///< replaces [begin, end) of the text
    std::string detail;  ///< what it means; "" when the text says it
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// Reads the text form. `now` (Unix nanoseconds) is what ages are counted from. Any text gives a
/// query or INVALID_ARGUMENT with the reason QUERY_SYNTAX and the arguments `begin`, `end` (bytes)
/// and `expected`. At most 4 KiB and 32 terms.
Result<LedgerQuery> parseLedgerQuery(std::string_view text, std::int64_t now);

/// The text form of a query; parsing it gives the same terms.
std::string textOf(const LedgerQuery& query);
std::string textOf(const LedgerTerm& term);

/// Whether a block's number, time, size or number of transactions is as the term wants it; without
/// a look at `negated`. `time:2026-03-17` holds on the whole day, `time>2026-03-17` behind it.
bool holds(const LedgerTerm& term, std::int64_t value);

/// Words that stand before the operator: "block". Empty for Any.
std::string_view wordOf(LedgerField field);
/// A value as it must be written to be read again: in quotes where it needs them.
std::string writtenLedgerValue(LedgerField field, std::string_view value);

/// The value that is being written at a place of the text; Any when no field stands before it.
struct LedgerValueAt {
    LedgerField field = LedgerField::Any;
    std::string typed;      ///< what stands between its begin and the cursor, read
    std::size_t begin = 0;  ///< of the whole value with its quotes
    std::size_t end = 0;
};
/// Any text and any cursor; nothing where an unknown word or an operator stands.
std::optional<LedgerValueAt> ledgerValueAt(std::string_view text, std::size_t cursor);

/// Words of the language that fit at `cursor`; values come from BrowseLedger::complete().
std::vector<LedgerCompletion> completeLedgerWords(std::string_view text, std::size_t cursor);

}  // namespace chancery::usecase
