#pragma once

#include <string_view>

#include "src/base/Status.h"

namespace chancery::policy {

/// A piece of policy text. Offsets are bytes from the beginning of the text.
struct PolicyToken {
    enum class Kind { End, Open, Close, Comma, Word, Number, String, Operator };

    Kind kind = Kind::End;
    std::size_t offset = 0;
    std::string_view text;  ///< of a String without its quotes
    double number = 0;      ///< of a Number
};

/// Cuts policy text into tokens. A word is letters, digits, '_' and '.', beginning with a letter; a
/// number is digits and
/// '.', or 0x and hex digits; a string stands in single or double quotes; white space is Unicode's.
class PolicyLexer {
public:
    explicit PolicyLexer(std::string_view text, std::size_t baseOffset = 0)
        : m_text(text), m_baseOffset(baseOffset) {}

    /// The next token; Kind::End at the end and ever after. Errors as parsePolicyText.
    Result<PolicyToken> next();

private:
    void skipSpace();
    PolicyToken take(PolicyToken::Kind kind, std::size_t length);
    Result<PolicyToken> string(char quote);
    Result<PolicyToken> number();
    template <class Condition>
    std::size_t lengthWhile(Condition condition) const;

    std::string_view m_text;
    std::size_t m_baseOffset;
    std::size_t m_at = 0;
};

/// A lexer with the token that is looked at.
struct PolicyCursor {
    PolicyLexer lexer;
    PolicyToken token;

    Status advance();
};

/// A number as it may stand in OutOf(…): decimal (fractions too) or 0x, with + - * / %, unary minus
/// and parentheses, as Fabric 2.5 computes it. Begins at the cursor's token and ends behind the
/// number.
Result<double> parsePolicyNumber(PolicyCursor& cursor);

/// INVALID_ARGUMENT (BAD_POLICY_TEXT) with the argument `offset`; the sentence begins with the
/// offset.
Status badPolicyText(std::size_t offset, std::string_view sentence);

/// What stands there, for a sentence: "')'", "the end of the text".
std::string shownToken(const PolicyToken& token);

}  // namespace chancery::policy
