#include <cmath>

#include "fabric/common/policies.pb.h"
#include "src/base/Encoding.h"
#include "src/policy/PolicyLexer.h"
#include "src/policy/RuleTree.h"
#include "src/policy/SignaturePolicy.h"
#include "src/wire/Serialize.h"

namespace chancery::policy {

namespace {

using Kind = PolicyToken::Kind;

constexpr std::string_view kGrammar =
    "a policy is a gate over quoted principals, such as OR('AlphaMSP.peer', 'BetaMSP.peer'), "
    "AND(…) or OutOf(2, …)";
constexpr std::string_view kRoles = "member, admin, client, peer or orderer";

enum class Gate { And, Or, OutOf };

std::optional<Gate> gateNamed(std::string_view word) {
    static constexpr std::pair<std::string_view, Gate> kGates[] = {
        {"And", Gate::And},     {"and", Gate::And},     {"AND", Gate::And},
        {"Or", Gate::Or},       {"or", Gate::Or},       {"OR", Gate::Or},
        {"OutOf", Gate::OutOf}, {"outof", Gate::OutOf}, {"OUTOF", Gate::OutOf}};
    for (const auto& [name, gate] : kGates)
        if (word == name) return gate;
    return std::nullopt;
}

std::string lowered(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return result;
}

std::optional<common::MSPRole::MSPRoleType> roleNamed(std::string_view word) {
    static constexpr std::pair<std::string_view, common::MSPRole::MSPRoleType> kNames[] = {
        {"member", common::MSPRole::MEMBER},
        {"admin", common::MSPRole::ADMIN},
        {"client", common::MSPRole::CLIENT},
        {"peer", common::MSPRole::PEER},
        {"orderer", common::MSPRole::ORDERER}};
    for (const auto& [name, role] : kNames)
        if (word == name) return role;
    return std::nullopt;
}

std::string shown(std::string_view text) {
    return printable(text, 60);
}

// 'AlphaMSP.peer': everything up to the last dot is the MSP id.
Result<common::MSPRole> parsePrincipal(const PolicyToken& token) {
    const std::size_t inside = token.offset + 1;
    const std::size_t dot = token.text.rfind('.');
    if (dot == std::string_view::npos)
        return badPolicyText(token.offset,
                             fmt::format("'{}' names no role; write '{}.member' or another of {}",
                                         shown(token.text), shown(token.text), kRoles));
    const std::string_view mspId = token.text.substr(0, dot);
    const std::string_view roleName = token.text.substr(dot + 1);
    const auto role = roleNamed(roleName);
    if (!role) {
        const std::string lower = lowered(roleName);
        const std::string advice =
            roleNamed(lower)
                ? fmt::format("roles are written in lower case: '{}.{}'", shown(mspId), lower)
                : fmt::format("a role is {}", kRoles);
        return badPolicyText(inside + dot + 1,
                             fmt::format("'{}' is not a role; {}", shown(roleName), advice));
    }
    if (mspId.empty())
        return badPolicyText(inside, fmt::format("an MSP id is missing before '.{}'", roleName));
    for (std::size_t i = 0; i < mspId.size(); ++i) {
        const char c = mspId[i];
        const bool allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             (c >= '0' && c <= '9') || c == '.' || c == '-';
        if (!allowed)
            return badPolicyText(inside + i,
                                 fmt::format("'{}' cannot be named in policy text: an MSP id there "
                                             "consists of letters, digits, '.' and '-'",
                                             shown(mspId)));
    }
    common::MSPRole result;
    result.set_msp_identifier(std::string(mspId));
    result.set_role(*role);
    return result;
}

/// Reads one text. Recursion is bounded by kMaxPolicyDepth.
class Parser {
public:
    explicit Parser(std::string_view text) : m_cursor{PolicyLexer(text), {}} {}

    Result<common::SignaturePolicyEnvelope> parse() {
        RETURN_IF_ERROR(m_cursor.advance());
        if (at(Kind::End)) return fail(fmt::format("the text is empty; {}", kGrammar));
        RETURN_IF_ERROR(parseExpression(*m_envelope.mutable_rule(), 1));
        if (at(Kind::Close)) return fail("this ')' closes nothing");
        if (!at(Kind::End))
            return fail(fmt::format(
                "the policy ends before {}; to combine policies put them into one gate, "
                "AND(…, …) or OR(…, …)",
                found()));
        return std::move(m_envelope);
    }

private:
    using Rule = common::SignaturePolicy;

    // A gate, or one in parentheses.
    Status parseExpression(Rule& rule, int level) {
        if (level >= kMaxPolicyDepth) return failDepth();
        if (at(Kind::Open)) {
            RETURN_IF_ERROR(m_cursor.advance());
            RETURN_IF_ERROR(parseExpression(rule, level + 1));
            return expectClose();
        }
        if (at(Kind::String)) {
            RETURN_IF_ERROR(parsePrincipal(m_cursor.token).status());
            return fail(fmt::format("a principal alone is not a policy; write OR('{}')",
                                    shown(m_cursor.token.text)));
        }
        if (!at(Kind::Word))
            return fail(fmt::format("expected a gate, found {}; {}", found(), kGrammar));
        const auto gate = gateNamed(m_cursor.token.text);
        return gate ? parseGate(*gate, *rule.mutable_n_out_of(), level) : refuseWord();
    }

    Status parseGate(Gate gate, Rule::NOutOf& result, int level) {
        const std::string_view name = m_cursor.token.text;
        RETURN_IF_ERROR(m_cursor.advance());
        if (!at(Kind::Open))
            return fail(fmt::format("expected '(' behind {}, found {}", name, found()));
        RETURN_IF_ERROR(m_cursor.advance());
        const std::size_t countOffset = m_cursor.token.offset;
        double count = 0;
        if (gate == Gate::OutOf) {
            ASSIGN_OR_RETURN(count, parseCount());
            if (!at(Kind::Comma))
                return fail(fmt::format(
                    "expected ',' and a principal or gate behind the number, found {}", found()));
            RETURN_IF_ERROR(m_cursor.advance());
        }
        RETURN_IF_ERROR(parseArguments(name, result, level));
        const int size = result.rules_size();
        if (gate != Gate::OutOf) {
            result.set_n(gate == Gate::And ? size : 1);
            return {};
        }
        // One more than there are is Fabric's way to write what nobody can satisfy.
        if (!(std::trunc(count) >= 0 && std::trunc(count) <= size + 1))
            return badPolicyText(
                countOffset,
                fmt::format("OutOf needs a number from 0 to {} here, because it has {} rule{}",
                            size + 1, size, size == 1 ? "" : "s"));
        result.set_n(static_cast<std::int32_t>(count));
        return {};
    }

    Result<double> parseCount() {
        if (!at(Kind::String)) return parsePolicyNumber(m_cursor);
        const PolicyToken quoted = m_cursor.token;
        PolicyCursor inside{PolicyLexer(quoted.text, quoted.offset + 1), {}};
        RETURN_IF_ERROR(inside.advance());
        ASSIGN_OR_RETURN(const double value, parsePolicyNumber(inside));
        if (inside.token.kind != Kind::End)
            return badPolicyText(inside.token.offset, fmt::format("the number ends before {}",
                                                                  shownToken(inside.token)));
        RETURN_IF_ERROR(m_cursor.advance());
        return value;
    }

    // Up to and with ')'. Fabric numbers the principals of nested gates before a gate's own, so
    // that equal texts give equal bytes; the gate's own therefore wait until all its rules are
    // read.
    Status parseArguments(std::string_view gateName, Rule::NOutOf& gate, int level) {
        if (at(Kind::Close))
            return fail(fmt::format(
                "{} needs at least one principal or gate between its parentheses", gateName));
        std::vector<std::pair<int, common::MSPRole>> own;
        while (true) {
            if (++m_ruleCount >= kMaxPolicyRules)
                return fail(fmt::format("the policy has more than {} rules", kMaxPolicyRules));
            RETURN_IF_ERROR(parseArgument(gate, own, level));
            if (at(Kind::Close)) break;
            if (!at(Kind::Comma))
                return fail(fmt::format("expected ',' or ')', found {}", found()));
            RETURN_IF_ERROR(m_cursor.advance());
            if (at(Kind::Close)) return fail("a principal or gate is missing between ',' and ')'");
        }
        for (const auto& [index, role] : own) {
            gate.mutable_rules(index)->set_signed_by(m_envelope.identities_size());
            auto* principal = m_envelope.add_identities();
            principal->set_principal_classification(common::MSPPrincipal::ROLE);
            principal->set_principal(wire::serialize(role));
        }
        return m_cursor.advance();
    }

    Status parseArgument(Rule::NOutOf& gate, std::vector<std::pair<int, common::MSPRole>>& own,
                         int level) {
        if (at(Kind::Open)) {
            if (level + 1 >= kMaxPolicyDepth) return failDepth();
            RETURN_IF_ERROR(m_cursor.advance());
            RETURN_IF_ERROR(parseArgument(gate, own, level + 1));
            return expectClose();
        }
        if (at(Kind::String)) {
            ASSIGN_OR_RETURN(common::MSPRole role, parsePrincipal(m_cursor.token));
            own.emplace_back(gate.rules_size(), std::move(role));
            gate.add_rules();
            return m_cursor.advance();
        }
        if (at(Kind::Number) || at(Kind::Operator))
            return fail(fmt::format(
                "expected a principal or a gate, found {}; only OutOf takes a number, and only "
                "as its first argument",
                found()));
        return parseExpression(*gate.add_rules(), level + 1);
    }

    Status refuseWord() const {
        const std::string_view word = m_cursor.token.text;
        const std::string lower = lowered(word);
        if (const auto gate = gateNamed(lower)) {
            const std::string_view name = *gate == Gate::And  ? "AND"
                                          : *gate == Gate::Or ? "OR"
                                                              : "OutOf";
            return fail(fmt::format("unknown gate '{}'; write {}", word, name));
        }
        if (word.find('.') != std::string_view::npos)
            return fail(fmt::format("principals stand in quotes: '{}'", shown(word)));
        return fail(fmt::format("unknown gate {}; there are AND, OR and OutOf", found()));
    }

    Status expectClose() {
        if (!at(Kind::Close)) return fail(fmt::format("expected ')', found {}", found()));
        return m_cursor.advance();
    }

    Status failDepth() const {
        return fail(fmt::format("gates are nested deeper than {} levels", kMaxPolicyDepth - 1));
    }

    bool at(Kind kind) const { return m_cursor.token.kind == kind; }
    std::string found() const { return shownToken(m_cursor.token); }
    Status fail(std::string_view sentence) const {
        return badPolicyText(m_cursor.token.offset, sentence);
    }

    PolicyCursor m_cursor;
    common::SignaturePolicyEnvelope m_envelope;
    std::size_t m_ruleCount = 1;
};

}  // namespace

Result<::common::SignaturePolicyEnvelope> parsePolicyText(std::string_view text) {
    return Parser(text).parse();
}

}  // namespace chancery::policy
