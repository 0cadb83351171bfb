#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Status.h"
#include "src/index/Place.h"
#include "src/store/Connection.h"

namespace chancery::index {

/// What a condition speaks of.
enum class Field {
    Any,
    Block,
    Time,
    Size,
    Transactions,
    TxId,
    Key,
    Contract,
    Function,
    Creator,
    Org,
    Endorser,
    Event,
    Result,
    Code,
    Type,
};
enum class Comparison { Is, Less, LessOrEqual, Greater, GreaterOrEqual };

/// One condition; all of a filter must hold. Texts are compared without regard to the case of ASCII
/// letters, keys and ids exactly; "*" at the end of a text means that it may go on.
struct Condition {
    Field field = Field::Any;
    Comparison comparison = Comparison::Is;
    bool negated = false;
    std::string text;
    // What a number means may be a range, such as a day: a comparison is with all of it.
    std::int64_t number = 0;  ///< Block, Time (Unix nanoseconds), Size, Transactions, Code
    std::int64_t last = 0;
};

struct Filter {
    std::vector<Condition> conditions;
    bool empty() const { return conditions.empty(); }
    /// Two filters with the same text match the same.
    std::string cacheKey() const;
};

/// A filter as SQL over `transactions t` and `blocks b`. Everything in it is a literal.
struct CompiledFilter {
    std::string where;               ///< never empty
    bool aboutTransactions = false;  ///< else only columns of `b`
    bool needsBlocks = false;        ///< has columns of `b`
};

/// Texts are looked up in the dictionaries of the index now. In the list of transactions a time is
/// the transaction's, in that of blocks the block's.
Result<CompiledFilter> compile(const Filter& filter, bool forTransactions,
                               store::Connection& connection);

}  // namespace chancery::index
