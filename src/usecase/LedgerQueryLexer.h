#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "src/usecase/LedgerQuery.h"

namespace chancery::usecase {

/// A term as it stands in the text, whether or not it is one: the parser refuses what the
/// completion must live with. Offsets are bytes of the text.
struct LedgerLexeme {
    std::size_t begin = 0;  ///< of the "-", if there is one
    std::size_t end = 0;    ///< behind the value
    bool negated = false;
    std::size_t wordBegin = 0, wordEnd = 0;  ///< letters before an operator; empty when there is
                                             ///< no operator
    std::optional<LedgerField> field;        ///< of the word, when it is one
    std::optional<LedgerComparison> comparison;
    std::size_t operatorEnd = 0;
    std::size_t valueBegin = 0, valueEnd = 0;  ///< with quotes
    bool quoted = false;
    bool closed = true;                   ///< false: the closing quote is missing
    std::optional<std::size_t> badPlace;  ///< of a quote or an escape that is none
    bool empty() const { return valueBegin == valueEnd; }
};

/// The term at or behind `from`; nothing when only blanks follow.
std::optional<LedgerLexeme> nextLexeme(std::string_view text, std::size_t from);

/// Content of a value. Escapes that are none stand for themselves.
std::string contentOf(std::string_view written);

/// Length of the blank (also the ideographic one) or operator at the beginning; 0: there is none.
std::size_t blankAt(std::string_view text);
std::size_t operatorAt(std::string_view text);

std::optional<LedgerField> fieldNamed(std::string_view word);

}  // namespace chancery::usecase
