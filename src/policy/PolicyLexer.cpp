#include "src/policy/PolicyLexer.h"

#include <charconv>

#include "src/base/Encoding.h"

namespace chancery::policy {

namespace {

constexpr std::size_t kMaxShownBytes = 40;

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isLetter(char c) {
    // A byte of a multi-byte character counts as a letter, so that such a word is shown whole.
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
}

// Bytes of white space at the beginning, 0 when there is none; the characters that Unicode calls
// white space.
std::size_t spaceLength(std::string_view text) {
    if (text.empty()) return 0;
    if (text[0] == ' ' || (text[0] >= '\t' && text[0] <= '\r')) return 1;
    for (const std::string_view space :
         {"\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005",
          "\u2006", "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f",
          "\u3000"})
        if (text.starts_with(space)) return space.size();
    return 0;
}

}  // namespace

Status badPolicyText(std::size_t offset, std::string_view sentence) {
    return makeError(StatusCode::kInvalidArgument, "BAD_POLICY_TEXT",
                     fmt::format("at byte {}: {}", offset, sentence),
                     {{"offset", fmt::format("{}", offset)}, {"problem", std::string(sentence)}});
}

std::string shownToken(const PolicyToken& token) {
    if (token.kind == PolicyToken::Kind::End) return "the end of the text";
    return fmt::format("'{}'", printable(token.text, kMaxShownBytes));
}

Status PolicyCursor::advance() {
    ASSIGN_OR_RETURN(token, lexer.next());
    return {};
}

void PolicyLexer::skipSpace() {
    while (const std::size_t length = spaceLength(m_text.substr(m_at))) m_at += length;
}

template <class Condition>
std::size_t PolicyLexer::lengthWhile(Condition condition) const {
    std::size_t end = m_at;
    while (end < m_text.size() && condition(m_text[end]) && spaceLength(m_text.substr(end)) == 0)
        ++end;
    return end - m_at;
}

PolicyToken PolicyLexer::take(PolicyToken::Kind kind, std::size_t length) {
    const PolicyToken token{kind, m_baseOffset + m_at, m_text.substr(m_at, length)};
    m_at += length;
    return token;
}

Result<PolicyToken> PolicyLexer::next() {
    skipSpace();
    if (m_at == m_text.size()) return take(PolicyToken::Kind::End, 0);
    const char c = m_text[m_at];
    if (c == '(') return take(PolicyToken::Kind::Open, 1);
    if (c == ')') return take(PolicyToken::Kind::Close, 1);
    if (c == ',') return take(PolicyToken::Kind::Comma, 1);
    if (c == '\'' || c == '"') return string(c);
    if (isDigit(c) || c == '.') return number();
    if (isLetter(c)) {
        const auto isWord = [](char w) {
            return isLetter(w) || isDigit(w) || w == '_' || w == '.';
        };
        return take(PolicyToken::Kind::Word, lengthWhile(isWord));
    }
    return take(PolicyToken::Kind::Operator, 1);
}

Result<PolicyToken> PolicyLexer::string(char quote) {
    const std::size_t end = m_text.find(quote, m_at + 1);
    if (end == std::string_view::npos)
        return badPolicyText(m_baseOffset + m_at,
                             fmt::format("the quote {} is opened but not closed", quote));
    PolicyToken token{PolicyToken::Kind::String, m_baseOffset + m_at,
                      m_text.substr(m_at + 1, end - m_at - 1)};
    m_at = end + 1;
    return token;
}

Result<PolicyToken> PolicyLexer::number() {
    const bool isHex = m_text.substr(m_at).starts_with("0x");
    const auto isHexDigit = [](char c) {
        return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    };
    const auto isNumeric = [](char c) { return isDigit(c) || c == '.'; };
    if (isHex) m_at += 2;
    PolicyToken token =
        take(PolicyToken::Kind::Number, isHex ? lengthWhile(isHexDigit) : lengthWhile(isNumeric));
    const char* end = token.text.data() + token.text.size();
    std::from_chars_result parsed{};
    if (isHex) {
        std::uint64_t value = 0;
        parsed = std::from_chars(token.text.data(), end, value, 16);
        token.number = static_cast<double>(value);
    } else {
        parsed = std::from_chars(token.text.data(), end, token.number, std::chars_format::fixed);
    }
    if (parsed.ec != std::errc() || parsed.ptr != end)
        return badPolicyText(token.offset, fmt::format("{} is not a number", shownToken(token)));
    return token;
}

}  // namespace chancery::policy
