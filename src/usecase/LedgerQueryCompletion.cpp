#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "src/protocol/ValidationCode.h"
#include "src/usecase/LedgerQuery.h"
#include "src/usecase/LedgerQueryLexer.h"

namespace chancery::usecase {
namespace {

struct Word {
    LedgerField field;
    std::string_view suffix;  ///< operator that is written along
    std::string_view detail;
};
constexpr std::array<Word, 15> kCompletedWords = {{
    {LedgerField::Block, " >= ", "block number"},
    {LedgerField::Time, " >= ", "UTC date or time, or an age such as 24h"},
    {LedgerField::Size, " > ", "bytes of the block: 25KB, 1.5MB"},
    {LedgerField::Transactions, " >= ", "how many the block has"},
    {LedgerField::TxId, ":", "transaction id, or its first digits"},
    {LedgerField::Key, ":", "key that is read or written; * at the end for all that begin so"},
    {LedgerField::Contract, ":", "contract that is called"},
    {LedgerField::Function, ":", "function that is called"},
    {LedgerField::Creator, ":", "name or certificate fingerprint of who submitted"},
    {LedgerField::Org, ":", "MSP of who submitted"},
    {LedgerField::Endorser, ":", "MSP or name of somebody who endorsed"},
    {LedgerField::Event, ":", "event of a contract"},
    {LedgerField::Result, ":", "valid, invalid or unjudged"},
    {LedgerField::Code, ":", "validation code by name or number"},
    {LedgerField::Type, ":", "config or endorser"},
}};

struct Value {
    std::string text;
    std::string_view detail;
};

std::vector<Value> sizesFrom(std::string_view typed) {
    const std::size_t digits = typed.find_first_not_of("0123456789.,");
    const std::string number(typed.substr(0, digits));
    if (number.empty()) return {{"10KB", {}}, {"100KB", {}}, {"1MB", {}}};
    return {{number + "KB", "1,000 bytes"}, {number + "MB", "1,000,000 bytes"}};
}

std::vector<Value> valuesOf(LedgerField field, std::string_view typed) {
    switch (field) {
        case LedgerField::Time:
            return {{"1h", "last hour"},
                    {"24h", "last 24 hours"},
                    {"7d", "last 7 days"},
                    {"30d", "last 30 days"}};
        case LedgerField::Size:
            return sizesFrom(typed);
        case LedgerField::Result:
            return {{"valid", "changed the state"},
                    {"invalid", "refused by the peers"},
                    {"unjudged", "no peer's verdict is recorded"}};
        case LedgerField::Type:
            return {{"config", "changes of the channel"}, {"endorser", "calls of contracts"}};
        case LedgerField::Code: {
            std::vector<Value> codes;
            for (int number = 0; number < 256; ++number)
                if (const auto code = static_cast<protocol::ValidationCode>(number);
                    protocol::isKnown(code))
                    codes.push_back({protocol::nameOf(code), {}});
            return codes;
        }
        default:
            return {};
    }
}

bool beginsWith(std::string_view text, std::string_view typed) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    };
    return typed.size() <= text.size() &&
           std::equal(typed.begin(), typed.end(), text.begin(),
                      [&](char a, char b) { return lower(a) == lower(b); });
}

/// The term that the cursor touches: in it, at its end, or between operator and value.
std::optional<LedgerLexeme> lexemeAt(std::string_view text, std::size_t cursor) {
    std::size_t at = 0;
    while (const auto lexeme = nextLexeme(text, at)) {
        if (lexeme->begin > cursor) break;
        if (cursor <= lexeme->end) return lexeme;
        at = std::max(lexeme->end, at + 1);
    }
    return std::nullopt;
}

}  // namespace

std::optional<LedgerValueAt> ledgerValueAt(std::string_view text, std::size_t cursor) {
    cursor = std::min(cursor, text.size());
    const auto lexeme = lexemeAt(text, cursor);
    if (!lexeme) return LedgerValueAt{LedgerField::Any, {}, cursor, cursor};
    if (lexeme->comparison && !lexeme->field) return std::nullopt;
    if (lexeme->comparison && cursor < lexeme->operatorEnd) return std::nullopt;
    LedgerValueAt value{lexeme->field.value_or(LedgerField::Any), {}, cursor, cursor};
    if (cursor < lexeme->valueBegin) return value;  // before it, or in front of a "-"
    value.begin = lexeme->valueBegin;
    value.end = lexeme->valueEnd;
    value.typed = contentOf(text.substr(value.begin, cursor - value.begin));
    return value;
}

std::vector<LedgerCompletion> completeLedgerWords(std::string_view text, std::size_t cursor) {
    cursor = std::min(cursor, text.size());
    std::vector<LedgerCompletion> completions;
    const auto lexeme = lexemeAt(text, cursor);
    // A word that is followed by its operator already is replaced alone.
    const bool inWord = lexeme && lexeme->comparison && cursor <= lexeme->wordEnd;
    const auto value = ledgerValueAt(text, cursor);
    if (inWord || (value && value->field == LedgerField::Any)) {
        const std::size_t begin = inWord ? lexeme->wordBegin : value->begin;
        const std::size_t end = inWord ? lexeme->wordEnd : value->end;
        if (cursor < begin) return completions;  // on its "-"
        for (const Word& word : kCompletedWords)
            if (beginsWith(wordOf(word.field), text.substr(begin, cursor - begin)))
                completions.push_back({fmt::format("{}{}", wordOf(word.field),
                                                   inWord ? std::string_view() : word.suffix),
                                       std::string(word.detail), begin, end});
        return completions;
    }
    if (!value) return completions;
    for (const Value& one : valuesOf(value->field, value->typed))
        if (beginsWith(one.text, value->typed))
            completions.push_back({one.text, std::string(one.detail), value->begin, value->end});
    return completions;
}

}  // namespace chancery::usecase
