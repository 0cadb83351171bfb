#include <cmath>

#include "src/policy/PolicyLexer.h"

namespace chancery::policy {

namespace {

using Kind = PolicyToken::Kind;

constexpr int kMaxNumberNesting = 32;

/// Sums of products of signed operands.
class NumberParser {
public:
    explicit NumberParser(PolicyCursor& cursor) : m_cursor(cursor) {}

    Result<double> sum(int nesting) {
        ASSIGN_OR_RETURN(double value, product(nesting));
        while (isOperator('+') || isOperator('-')) {
            const bool add = isOperator('+');
            RETURN_IF_ERROR(m_cursor.advance());
            ASSIGN_OR_RETURN(const double right, product(nesting));
            value = add ? value + right : value - right;
        }
        return value;
    }

private:
    Result<double> product(int nesting) {
        ASSIGN_OR_RETURN(double value, operand(nesting));
        while (isOperator('*') || isOperator('/') || isOperator('%')) {
            const char sign = m_cursor.token.text[0];
            RETURN_IF_ERROR(m_cursor.advance());
            ASSIGN_OR_RETURN(const double right, operand(nesting));
            value = sign == '*'   ? value * right
                    : sign == '/' ? value / right
                                  : std::fmod(value, right);
        }
        return value;
    }

    Result<double> operand(int nesting) {
        const PolicyToken token = m_cursor.token;
        if (nesting == kMaxNumberNesting)
            return badPolicyText(
                token.offset,
                fmt::format("the number is nested deeper than {} levels", kMaxNumberNesting));
        if (isOperator('-')) {
            RETURN_IF_ERROR(m_cursor.advance());
            ASSIGN_OR_RETURN(const double value, operand(nesting + 1));
            return -value;
        }
        if (token.kind == Kind::Open) {
            RETURN_IF_ERROR(m_cursor.advance());
            ASSIGN_OR_RETURN(const double value, sum(nesting + 1));
            if (m_cursor.token.kind != Kind::Close)
                return badPolicyText(m_cursor.token.offset,
                                     fmt::format("expected ')' behind the number, found {}",
                                                 shownToken(m_cursor.token)));
            RETURN_IF_ERROR(m_cursor.advance());
            return value;
        }
        if (token.kind != Kind::Number)
            return badPolicyText(
                token.offset,
                fmt::format("expected a number, found {}; OutOf(n, …) begins with how "
                            "many of the others are needed",
                            shownToken(token)));
        RETURN_IF_ERROR(m_cursor.advance());
        return token.number;
    }

    bool isOperator(char sign) const {
        return m_cursor.token.kind == Kind::Operator && m_cursor.token.text[0] == sign;
    }

    PolicyCursor& m_cursor;
};

}  // namespace

Result<double> parsePolicyNumber(PolicyCursor& cursor) {
    return NumberParser(cursor).sum(0);
}

}  // namespace chancery::policy
