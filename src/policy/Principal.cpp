#include "src/policy/Principal.h"

#include "fabric/msp/identities.pb.h"
#include "fabric/msp/msp_principal.pb.h"
#include "src/base/Encoding.h"
#include "src/identity/Certificate.h"
#include "src/wire/Parse.h"

namespace chancery::policy {

namespace {

// Nesting of combined principals that is still looked into; each level is a copy of the bytes below
// it.
constexpr int kMaxCombinedDepth = 8;
constexpr std::size_t kMaxNameBytes = 128;

template <class M>
std::optional<M> parsed(const std::string& bytes) {
    auto message = wire::parse<M>(bytes, "principal");
    return message.ok() ? std::optional<M>(*std::move(message)) : std::nullopt;
}

std::string printableName(BytesView name) {
    return printable(name, kMaxNameBytes);
}

PrincipalScope scopeOfRole(const std::string& bytes) {
    const auto role = parsed<common::MSPRole>(bytes);
    if (!role || !common::MSPRole::MSPRoleType_IsValid(role->role())) return {};
    return {.reach = PrincipalReach::OneMsp,
            .mspId = MspId(role->msp_identifier()),
            .isMember = role->role() == common::MSPRole::MEMBER};
}

PrincipalScope scopeOfUnit(const std::string& bytes) {
    const auto unit = parsed<common::OrganizationUnit>(bytes);
    if (!unit || unit->certifiers_identifier().empty()) return {};
    return {.reach = PrincipalReach::OneMsp, .mspId = MspId(unit->msp_identifier())};
}

PrincipalScope scopeOfIdentity(const std::string& bytes) {
    const auto identity = parsed<msp::SerializedIdentity>(bytes);
    if (!identity) return {};
    return {.reach = PrincipalReach::OneMsp, .mspId = MspId(identity->mspid()), .isSingle = true};
}

PrincipalScope scopeOfAnonymity(const std::string& bytes) {
    const auto anonymity = parsed<common::MSPIdentityAnonymity>(bytes);
    const bool nominal =
        anonymity && anonymity->anonymity_type() == common::MSPIdentityAnonymity::NOMINAL;
    return {.reach = nominal ? PrincipalReach::Anybody : PrincipalReach::Nobody};
}

PrincipalScope scopeAt(const common::MSPPrincipal& principal, int depth);

// One identity has to be all of the parts.
PrincipalScope scopeOfCombined(const std::string& bytes, int depth) {
    if (depth == kMaxCombinedDepth) return {.reach = PrincipalReach::Anybody};
    const auto combined = parsed<common::CombinedPrincipal>(bytes);
    if (!combined || combined->principals().empty()) return {};
    PrincipalScope all{.reach = PrincipalReach::Anybody, .isMember = true};
    for (const auto& part : combined->principals()) {
        const PrincipalScope scope = scopeAt(part, depth + 1);
        if (scope.reach == PrincipalReach::Nobody) return {};
        all.isSingle = all.isSingle || scope.isSingle;
        if (scope.reach == PrincipalReach::Anybody) continue;
        if (all.reach == PrincipalReach::OneMsp && all.mspId != scope.mspId) return {};
        all.reach = PrincipalReach::OneMsp;
        all.mspId = scope.mspId;
        all.isMember = all.isMember && scope.isMember;
    }
    all.isMember = all.isMember && all.reach == PrincipalReach::OneMsp;
    return all;
}

PrincipalScope scopeAt(const common::MSPPrincipal& principal, int depth) {
    switch (principal.principal_classification()) {
        case common::MSPPrincipal::ROLE:
            return scopeOfRole(principal.principal());
        case common::MSPPrincipal::ORGANIZATION_UNIT:
            return scopeOfUnit(principal.principal());
        case common::MSPPrincipal::IDENTITY:
            return scopeOfIdentity(principal.principal());
        case common::MSPPrincipal::ANONYMITY:
            return scopeOfAnonymity(principal.principal());
        case common::MSPPrincipal::COMBINED:
            return scopeOfCombined(principal.principal(), depth);
        default:
            return {};
    }
}

PrincipalWords malformed(std::string_view kind) {
    return {fmt::format("malformed {}", kind), fmt::format("a malformed {} that nobody is", kind)};
}

PrincipalWords describeRole(const std::string& bytes) {
    const auto role = parsed<common::MSPRole>(bytes);
    if (!role) return malformed("role");
    const std::string mspId = printableName(role->msp_identifier());
    const auto words = [&](std::string_view name, std::string_view article) -> PrincipalWords {
        return {fmt::format("{}.{}", mspId, name),
                fmt::format("{} {} of {}", article, name, mspId)};
    };
    switch (role->role()) {
        case common::MSPRole::MEMBER:
            return words("member", "a");
        case common::MSPRole::ADMIN:
            return words("admin", "an");
        case common::MSPRole::CLIENT:
            return words("client", "a");
        case common::MSPRole::PEER:
            return words("peer", "a");
        case common::MSPRole::ORDERER:
            return words("orderer", "an");
        default:
            return {fmt::format("{}.role {}", mspId, static_cast<int>(role->role())),
                    fmt::format("an unknown role of {} that nobody has", mspId)};
    }
}

PrincipalWords describeUnit(const std::string& bytes) {
    const auto unit = parsed<common::OrganizationUnit>(bytes);
    if (!unit) return malformed("organisational unit");
    const std::string name = printableName(unit->organizational_unit_identifier());
    const std::string mspId = printableName(unit->msp_identifier());
    return {fmt::format("{} unit {}", mspId, name),
            fmt::format("a member of unit {} of {}", name, mspId)};
}

PrincipalWords describeIdentity(const std::string& bytes) {
    const auto identity = parsed<msp::SerializedIdentity>(bytes);
    if (!identity) return malformed("identity");
    const std::string mspId = printableName(identity->mspid());
    const auto certificate = identity::Certificate::fromPem(identity->id_bytes());
    if (!certificate.ok())
        return {fmt::format("{} identity", mspId),
                fmt::format("an identity of {} without a readable certificate", mspId)};
    const std::string name = printableName(certificate->commonName());
    return {fmt::format("{} identity {}", mspId, name), fmt::format("{} of {}", name, mspId)};
}

PrincipalWords describeAnonymity(const std::string& bytes) {
    const auto anonymity = parsed<common::MSPIdentityAnonymity>(bytes);
    if (!anonymity) return malformed("anonymity");
    if (anonymity->anonymity_type() == common::MSPIdentityAnonymity::NOMINAL)
        return {"nominal identity", "an identity that tells who its owner is"};
    return {"anonymous identity", "an anonymous identity"};
}

PrincipalWords describeAt(const common::MSPPrincipal& principal, int depth);

PrincipalWords describeCombined(const std::string& bytes, int depth) {
    if (depth == kMaxCombinedDepth) return {"…", "…"};
    const auto combined = parsed<common::CombinedPrincipal>(bytes);
    if (!combined || combined->principals().empty()) return malformed("combination");
    PrincipalWords all;
    for (const auto& part : combined->principals()) {
        const PrincipalWords words = describeAt(part, depth + 1);
        if (all.rule.size() + words.rule.size() > 4 * kMaxNameBytes) {
            all.rule += " + …";
            all.phrase += " and more";
            break;
        }
        all.rule += (all.rule.empty() ? "" : " + ") + words.rule;
        all.phrase += (all.phrase.empty() ? "" : " who is also ") + words.phrase;
    }
    return all;
}

PrincipalWords describeAt(const common::MSPPrincipal& principal, int depth) {
    switch (principal.principal_classification()) {
        case common::MSPPrincipal::ROLE:
            return describeRole(principal.principal());
        case common::MSPPrincipal::ORGANIZATION_UNIT:
            return describeUnit(principal.principal());
        case common::MSPPrincipal::IDENTITY:
            return describeIdentity(principal.principal());
        case common::MSPPrincipal::ANONYMITY:
            return describeAnonymity(principal.principal());
        case common::MSPPrincipal::COMBINED:
            return describeCombined(principal.principal(), depth);
        default:
            return malformed("principal");
    }
}

}  // namespace

PrincipalScope scopeOf(const ::common::MSPPrincipal& principal) {
    return scopeAt(principal, 0);
}

PrincipalWords describePrincipal(const ::common::MSPPrincipal& principal) {
    return describeAt(principal, 0);
}

}  // namespace chancery::policy
