#include "fabric/common/policies.pb.h"
#include "src/base/Encoding.h"
#include "src/policy/RuleTree.h"
#include "src/policy/SignaturePolicy.h"
#include "src/wire/Parse.h"

namespace chancery::policy {

namespace {

Status noText(std::string_view why) {
    return makeError(StatusCode::kInvalidArgument, "POLICY_HAS_NO_TEXT",
                     fmt::format("the policy cannot be written as text: {}", why),
                     {{"problem", std::string(why)}});
}

bool isWritable(std::string_view mspId) {
    return !mspId.empty() && std::all_of(mspId.begin(), mspId.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-';
    });
}

Result<std::string> printPrincipal(const common::MSPPrincipal& principal) {
    if (principal.principal_classification() != common::MSPPrincipal::ROLE)
        return noText(
            "the text language knows only roles as principals, and one principal is not a role");
    const auto role = wire::parse<common::MSPRole>(principal.principal(), "principal");
    if (!role.ok()) return noText("a role is malformed");
    if (!isWritable(role->msp_identifier()))
        return noText(fmt::format("the text language has no way to write the MSP id '{}'",
                                  printable(role->msp_identifier(), 60)));
    static constexpr std::string_view kNames[] = {"member", "admin", "client", "peer", "orderer"};
    const auto index = static_cast<std::size_t>(role->role());
    if (index >= std::size(kNames))
        return noText(fmt::format("there is no name for role {}", index));
    return fmt::format("'{}.{}'", role->msp_identifier(), kNames[index]);
}

class Printer {
public:
    explicit Printer(const RuleTree& tree) : m_tree(tree) {}

    Result<std::string> print() {
        for (const auto& principal : m_tree.principals) {
            ASSIGN_OR_RETURN(std::string text, printPrincipal(principal));
            m_principals.push_back(std::move(text));
        }
        // A leaf alone has no text; one of one is the same.
        if (!m_tree.rules[0].isGate())
            return fmt::format("OR({})", m_principals[m_tree.rules[0].principal]);
        RETURN_IF_ERROR(append(0));
        return std::move(m_text);
    }

private:
    Status append(std::size_t at) {
        const Rule& rule = m_tree.rules[at];
        if (!rule.isGate()) {
            m_text += m_principals[rule.principal];
            return {};
        }
        const auto size = static_cast<std::int32_t>(m_tree.childCount(at));
        if (size == 0) return noText("a gate has no rules");
        if (rule.needed == 1)
            m_text += "OR(";
        else if (rule.needed == size)
            m_text += "AND(";
        else  // what is less than none or more than one too many is written as what means the same
            m_text += fmt::format("OutOf({}, ", std::clamp(rule.needed, 0, size + 1));
        for (std::size_t child = at + 1; child < rule.end; child = m_tree.rules[child].end) {
            if (child != at + 1) m_text += ", ";
            RETURN_IF_ERROR(append(child));
        }
        m_text += ')';
        return {};
    }

    const RuleTree& m_tree;
    std::vector<std::string> m_principals;
    std::string m_text;
};

}  // namespace

Result<std::string> printPolicyText(const ::common::SignaturePolicyEnvelope& envelope) {
    ASSIGN_OR_RETURN(const RuleTree tree, flattenRules(envelope));
    return Printer(tree).print();
}

}  // namespace chancery::policy
