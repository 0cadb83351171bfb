#include "src/usecase/LedgerQueryLexer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace chancery::usecase {
namespace {

struct Operator {
    std::string_view text;
    LedgerComparison comparison;
    bool loose;  ///< may have blanks around it
};
// Longer ones first.
constexpr std::array<Operator, 9> kOperators = {{
    {">=", LedgerComparison::GreaterOrEqual, true},
    {"<=", LedgerComparison::LessOrEqual, true},
    {"≥", LedgerComparison::GreaterOrEqual, true},
    {"≤", LedgerComparison::LessOrEqual, true},
    {">", LedgerComparison::Greater, true},
    {"<", LedgerComparison::Less, true},
    {"=", LedgerComparison::Is, true},
    {":", LedgerComparison::Is, false},
    {"：", LedgerComparison::Is, false},
}};

const Operator* findOperator(std::string_view text) {
    const auto found = std::find_if(kOperators.begin(), kOperators.end(), [&](const Operator& one) {
        return text.starts_with(one.text);
    });
    return found == kOperators.end() ? nullptr : &*found;
}

constexpr std::array<std::string_view, 3> kWideBlanks = {"\u3000", "\u00a0", "\u202f"};

constexpr std::array<std::pair<LedgerField, std::string_view>, 15> kWords = {{
    {LedgerField::Block, "block"},
    {LedgerField::Time, "time"},
    {LedgerField::Size, "size"},
    {LedgerField::Transactions, "transactions"},
    {LedgerField::TxId, "tx"},
    {LedgerField::Key, "key"},
    {LedgerField::Contract, "contract"},
    {LedgerField::Function, "function"},
    {LedgerField::Creator, "creator"},
    {LedgerField::Org, "org"},
    {LedgerField::Endorser, "endorser"},
    {LedgerField::Event, "event"},
    {LedgerField::Result, "result"},
    {LedgerField::Code, "code"},
    {LedgerField::Type, "type"},
}};

bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::size_t behindBlanks(std::string_view text, std::size_t at) {
    while (const std::size_t length = blankAt(text.substr(at))) at += length;
    return at;
}

/// Appends what an escape (text begins with the backslash) stands for; its length, 0 when it is
/// none.
std::size_t readEscape(std::string_view text, std::string& content) {
    const auto hex = [&](std::string_view digits, unsigned& value) {
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        return !digits.empty() && read.ec == std::errc{} &&
               read.ptr == digits.data() + digits.size();
    };
    unsigned value = 0;
    const char kind = text.size() > 1 ? text[1] : '\0';
    if (kind == '"' || kind == '\\') return content += kind, 2;
    if (kind == 'n') return content += '\n', 2;
    if (kind == 't') return content += '\t', 2;
    if (kind == 'x' && text.size() >= 4 && hex(text.substr(2, 2), value))
        return content += static_cast<char>(value), 4;
    const std::size_t end = text.substr(0, 10).find('}');
    if (kind != 'u' || text.substr(2, 1) != "{" || end == text.npos ||
        !hex(text.substr(3, end - 3), value) || value > 0x10FFFF)
        return 0;
    const int more = value < 0x80 ? 0 : value < 0x800 ? 1 : value < 0x10000 ? 2 : 3;
    constexpr std::array<unsigned, 4> kLead = {0, 0xC0, 0xE0, 0xF0};
    content += static_cast<char>(kLead[static_cast<std::size_t>(more)] | (value >> (6 * more)));
    for (int i = more - 1; i >= 0; --i)
        content += static_cast<char>(0x80 | ((value >> (6 * i)) & 0x3F));
    return end + 1;
}

void readQuoted(std::string_view text, LedgerLexeme& lexeme) {
    lexeme.quoted = true;
    std::string ignored;
    std::size_t at = lexeme.valueBegin + 1;
    while (at < text.size() && text[at] != '"') {
        if (text[at] != '\\') {
            ++at;
            continue;
        }
        const std::size_t length = readEscape(text.substr(at), ignored);
        if (length == 0 && !lexeme.badPlace) lexeme.badPlace = at;
        at += length == 0 ? 1 : length;
    }
    lexeme.closed = at < text.size();
    lexeme.valueEnd = lexeme.closed ? at + 1 : at;
    // Nothing may be glued to a closing quote; what is belongs to the faulty value.
    while (lexeme.valueEnd < text.size() && blankAt(text.substr(lexeme.valueEnd)) == 0) {
        if (!lexeme.badPlace) lexeme.badPlace = lexeme.valueEnd;
        ++lexeme.valueEnd;
    }
}

void readBare(std::string_view text, LedgerLexeme& lexeme) {
    std::size_t at = lexeme.valueBegin;
    for (; at < text.size() && blankAt(text.substr(at)) == 0; ++at)
        if (text[at] == '"' && !lexeme.badPlace) lexeme.badPlace = at;
    lexeme.valueEnd = at;
}

}  // namespace

std::size_t blankAt(std::string_view text) {
    if (text.empty()) return 0;
    if (text[0] == ' ' || (text[0] >= '\t' && text[0] <= '\r')) return 1;
    for (const std::string_view blank : kWideBlanks)
        if (text.starts_with(blank)) return blank.size();
    return 0;
}

std::size_t operatorAt(std::string_view text) {
    const Operator* found = findOperator(text);
    return found == nullptr ? 0 : found->text.size();
}

std::string_view wordOf(LedgerField field) {
    for (const auto& [known, word] : kWords)
        if (known == field) return word;
    return {};
}

std::optional<LedgerField> fieldNamed(std::string_view word) {
    const auto same = [](char a, char b) { return (isLetter(a) ? (a | 0x20) : a) == b; };
    for (const auto& [field, known] : kWords)
        if (std::equal(word.begin(), word.end(), known.begin(), known.end(), same)) return field;
    return std::nullopt;
}

std::optional<LedgerLexeme> nextLexeme(std::string_view text, std::size_t from) {
    LedgerLexeme lexeme;
    lexeme.begin = behindBlanks(text, std::min(from, text.size()));
    if (lexeme.begin == text.size()) return std::nullopt;
    std::size_t at = lexeme.begin;
    if (text[at] == '-') {
        lexeme.negated = true;
        ++at;
    }
    lexeme.wordBegin = lexeme.wordEnd = lexeme.valueBegin = at;
    std::size_t wordEnd = at;
    while (wordEnd < text.size() && isLetter(text[wordEnd])) ++wordEnd;
    const std::size_t operatorBegin = behindBlanks(text, wordEnd);
    const Operator* sign = findOperator(text.substr(operatorBegin));
    if (sign != nullptr && (operatorBegin == wordEnd || (wordEnd > at && sign->loose))) {
        lexeme.wordEnd = wordEnd;
        lexeme.field = fieldNamed(text.substr(at, wordEnd - at));
        lexeme.comparison = sign->comparison;
        lexeme.valueBegin = lexeme.operatorEnd = operatorBegin + sign->text.size();
        if (sign->loose) lexeme.valueBegin = behindBlanks(text, lexeme.valueBegin);
    }
    lexeme.valueEnd = lexeme.valueBegin;
    if (lexeme.valueBegin < text.size()) {
        if (text[lexeme.valueBegin] == '"')
            readQuoted(text, lexeme);
        else
            readBare(text, lexeme);
    }
    lexeme.end = lexeme.valueEnd;
    return lexeme;
}

std::string contentOf(std::string_view written) {
    if (!written.starts_with('"')) return std::string(written);
    std::string content;
    for (std::size_t at = 1; at < written.size() && written[at] != '"';) {
        const std::size_t length =
            written[at] == '\\' ? readEscape(written.substr(at), content) : 0;
        if (length == 0) content += written[at];
        at += std::max<std::size_t>(length, 1);
    }
    return content;
}

}  // namespace chancery::usecase
