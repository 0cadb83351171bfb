#include "src/channel/PolicyWords.h"

#include "fabric/common/policies.pb.h"
#include "fabric/msp/msp_principal.pb.h"
#include "src/channel/ChangeList.h"
#include "src/policy/ImplicitMetaPolicy.h"
#include "src/policy/Principal.h"
#include "src/policy/SignaturePolicy.h"
#include "src/wire/Parse.h"

namespace chancery::channel {
namespace {

using ::common::SignaturePolicy;
using ::common::SignaturePolicyEnvelope;

constexpr std::size_t kMaxWords = 16 * 1024;

/// Writes the rules as a list; gates within gates in brackets.
void append(const SignaturePolicyEnvelope& envelope, const SignaturePolicy& rule,
            std::string& text) {
    if (text.size() > kMaxWords) return;
    switch (rule.Type_case()) {
        case SignaturePolicy::kSignedBy:
            if (rule.signed_by() < 0 || rule.signed_by() >= envelope.identities_size())
                text += fmt::format("principal {}, which is not there", rule.signed_by());
            else
                text += policy::describePrincipal(envelope.identities(rule.signed_by())).rule;
            return;
        case SignaturePolicy::kNOutOf:
            break;
        case SignaturePolicy::TYPE_NOT_SET:
            text += "an empty rule";
            return;
    }
    const auto& gate = rule.n_out_of();
    text += fmt::format("{} of (", gate.n());
    for (int i = 0; i < gate.rules_size() && text.size() <= kMaxWords; ++i) {
        if (i > 0) text += ", ";
        append(envelope, gate.rules(i), text);
    }
    text += ')';
}

std::string describeSignaturePolicy(const SignaturePolicyEnvelope& envelope) {
    if (auto text = policy::printPolicyText(envelope); text.ok()) return *text;
    const auto& rule = envelope.rule();
    const bool isGate = rule.Type_case() == SignaturePolicy::kNOutOf;
    if (envelope.version() == 0 && isGate && rule.n_out_of().rules().empty())
        return rule.n_out_of().n() <= 0 ? "anybody, without any signature" : "nobody";
    std::string text;
    if (envelope.version() != 0) text = fmt::format("version {}: ", envelope.version());
    append(envelope, rule, text);
    return text;
}

}  // namespace

std::string describePolicy(const ::common::Policy& policy) {
    if (policy.type() == ::common::Policy::IMPLICIT_META) {
        const auto meta = wire::parse<::common::ImplicitMetaPolicy>(policy.value(), "policy");
        if (meta.ok())
            if (auto text = policy::printImplicitMetaText(*meta); text.ok()) return *text;
        return fmt::format("unreadable implicit policy ({})", describeBytes(policy.value()));
    }
    if (policy.type() == ::common::Policy::SIGNATURE) {
        const auto envelope = wire::parse<SignaturePolicyEnvelope>(policy.value(), "policy");
        if (envelope.ok()) return describeSignaturePolicy(*envelope);
        return fmt::format("unreadable signature policy ({})", describeBytes(policy.value()));
    }
    return fmt::format("policy of unknown type {} ({})", policy.type(),
                       describeBytes(policy.value()));
}

}  // namespace chancery::channel
