#include "src/usecase/LedgerQuery.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/base/Encoding.h"
#include "src/usecase/LedgerQueryLexer.h"
#include "src/usecase/LedgerQueryValues.h"

namespace chancery::usecase {
namespace {

constexpr std::size_t kMaxBytes = 4096;
constexpr std::size_t kMaxTerms = 32;

Status syntaxError(std::size_t begin, std::size_t end, std::string_view expected) {
    return makeError(StatusCode::kInvalidArgument, "QUERY_SYNTAX",
                     fmt::format("characters {} to {} of the query: expected {}", begin + 1,
                                 std::max(end, begin + 1), expected),
                     {{"begin", std::to_string(begin)},
                      {"end", std::to_string(end)},
                      {"expected", std::string(expected)}});
}

Status checkForm(std::string_view text, const LedgerLexeme& lexeme) {
    if (lexeme.comparison && !lexeme.field)
        return syntaxError(
            lexeme.wordBegin, lexeme.valueBegin,
            lexeme.wordBegin == lexeme.wordEnd
                ? "a word such as \"block\" before the operator"
                : "one of the words block, time, size, transactions, tx, key, contract, function, "
                  "creator, org, endorser, event, result, code and type, or quotes around free "
                  "text");
    if (lexeme.badPlace)
        return text[*lexeme.badPlace] == '\\' ? syntaxError(*lexeme.badPlace, *lexeme.badPlace + 1,
                                                            R"(\", \\, \n, \t, \xNN or \u{N})")
                                              : syntaxError(*lexeme.badPlace, lexeme.valueEnd,
                                                            "quotes around the whole value");
    if (!lexeme.closed) return syntaxError(lexeme.valueBegin, lexeme.valueEnd, "a closing quote");
    if (lexeme.empty() ||
        contentOf(text.substr(lexeme.valueBegin, lexeme.valueEnd - lexeme.valueBegin)).empty())
        return syntaxError(lexeme.valueBegin, lexeme.valueEnd,
                           lexeme.comparison ? "a value" : "a term");
    if (lexeme.comparison && *lexeme.comparison != LedgerComparison::Is && !hasOrder(*lexeme.field))
        return syntaxError(lexeme.wordEnd, lexeme.valueBegin,
                           fmt::format("\":\" behind {}", wordOf(*lexeme.field)));
    return absl::OkStatus();
}

Result<LedgerTerm> termOf(std::string_view text, const LedgerLexeme& lexeme, std::int64_t now) {
    RETURN_IF_ERROR(checkForm(text, lexeme));
    LedgerTerm term;
    term.field = lexeme.field.value_or(LedgerField::Any);
    term.comparison = lexeme.comparison.value_or(LedgerComparison::Is);
    term.negated = lexeme.negated;
    term.begin = lexeme.begin;
    term.end = lexeme.end;
    term.value = contentOf(text.substr(lexeme.valueBegin, lexeme.valueEnd - lexeme.valueBegin));
    if (const std::string_view expected = readValue(term, now); !expected.empty())
        return syntaxError(lexeme.valueBegin, lexeme.valueEnd, expected);
    return term;
}

/// Characters that need no quotes, whatever stands around them.
bool isPlain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'()*+,-./;?@[\\]^_`{|}~").find(c) != std::string_view::npos;
}

bool needsQuotes(LedgerField field, std::string_view value) {
    if (value.empty() || value.front() == '-' || printable(value, 2 * kMaxBytes) != value)
        return true;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const std::string_view rest = value.substr(i);
        if (blankAt(rest) > 0 || (i == 0 && operatorAt(rest) > 0)) return true;
        if (field == LedgerField::Any && operatorAt(rest) > 0) return true;
        const bool ascii = static_cast<unsigned char>(value[i]) < 0x80;
        if (ascii && !isPlain(value[i]) && operatorAt(rest) == 0) return true;
    }
    return false;
}

std::string_view textOf(LedgerComparison comparison) {
    switch (comparison) {
        case LedgerComparison::Is:
            return ":";
        case LedgerComparison::Less:
            return " < ";
        case LedgerComparison::LessOrEqual:
            return " <= ";
        case LedgerComparison::Greater:
            return " > ";
        case LedgerComparison::GreaterOrEqual:
            return " >= ";
    }
    return ":";
}

}  // namespace

Result<LedgerQuery> parseLedgerQuery(std::string_view text, std::int64_t now) {
    if (text.size() > kMaxBytes) return syntaxError(kMaxBytes, text.size(), "at most 4,096 bytes");
    LedgerQuery query;
    std::size_t at = 0;
    while (const auto lexeme = nextLexeme(text, at)) {
        if (query.terms.size() == kMaxTerms)
            return syntaxError(lexeme->begin, text.size(), "at most 32 terms");
        ASSIGN_OR_RETURN(LedgerTerm term, termOf(text, *lexeme, now));
        query.terms.push_back(std::move(term));
        at = lexeme->end;
    }
    return query;
}

bool holds(const LedgerTerm& term, std::int64_t value) {
    switch (term.comparison) {
        case LedgerComparison::Is:
            return value >= term.number && value <= term.last;
        case LedgerComparison::Less:
            return value < term.number;
        case LedgerComparison::LessOrEqual:
            return value <= term.last;
        case LedgerComparison::Greater:
            return value > term.last;
        case LedgerComparison::GreaterOrEqual:
            return value >= term.number;
    }
    return false;
}

std::string writtenLedgerValue(LedgerField field, std::string_view value) {
    if (!needsQuotes(field, value)) return std::string(value);
    std::string text = "\"";
    // Quotes and backslashes of the value itself are escaped before printable() adds its own.
    for (std::size_t at = 0; at <= value.size();) {
        const std::size_t end = std::min(value.find_first_of("\"\\", at), value.size());
        text += printable(value.substr(at, end - at), 16 * kMaxBytes);
        if (end < value.size()) text.append({'\\', value[end]});
        at = end + 1;
    }
    return text + '"';
}

std::string textOf(const LedgerTerm& term) {
    const std::string value = writtenLedgerValue(term.field, term.value);
    const std::string_view sign = term.negated ? "-" : "";
    if (term.field == LedgerField::Any) return fmt::format("{}{}", sign, value);
    return fmt::format("{}{}{}{}", sign, wordOf(term.field), textOf(term.comparison), value);
}

std::string textOf(const LedgerQuery& query) {
    std::string text;
    for (const LedgerTerm& term : query.terms) {
        if (!text.empty()) text += ' ';
        text += textOf(term);
    }
    return text;
}

}  // namespace chancery::usecase
