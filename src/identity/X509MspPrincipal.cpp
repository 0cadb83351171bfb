#include <fmt/format.h>

#include <algorithm>

#include "src/base/Encoding.h"
#include "src/identity/X509Msp.h"
#include "src/wire/Parse.h"

namespace chancery::identity {
namespace {

constexpr int kMostDepth = 32;
constexpr int kMostPrincipals = 10'000;

Status denied(std::string_view reason, std::string_view sentence) {
    return makeError(StatusCode::kPermissionDenied, reason, sentence);
}

// The same refusal, said of a principal.
Status denied(const Status& status, Telling telling) {
    if (telling == Telling::Nothing) return refusalWithoutWords();
    return denied(reasonOf(status), messageOf(status));
}

Status ifOk(const Status& verdict, Telling telling) {
    return verdict.ok() ? absl::OkStatus() : denied(verdict, telling);
}

}  // namespace

Status X509Msp::satisfies(const Identity& identity, const ::common::MSPPrincipal& principal) const {
    Status error;
    const MembershipPtr membership = ownMembership(identity, error);
    if (!membership) return denied(error, Telling::Words);
    int count = 0;
    return satisfiesOne(*membership, principal, Telling::Words, 0, count);
}

bool X509Msp::isPrincipal(const Identity& identity, const ::common::MSPPrincipal& principal) const {
    Status error;
    const MembershipPtr membership = ownMembership(identity, error);
    int count = 0;
    return membership && satisfiesOne(*membership, principal, Telling::Nothing, 0, count).ok();
}

Status X509Msp::satisfiesOne(const Membership& membership, const ::common::MSPPrincipal& principal,
                             Telling telling, int depth, int& count) const {
    if (depth > kMostDepth || ++count > kMostPrincipals)
        return denied("PRINCIPAL_TOO_LARGE",
                      "a combined principal is nested too deeply or holds too many principals");
    const BytesView bytes = principal.principal();
    switch (principal.principal_classification()) {
        case ::common::MSPPrincipal::ROLE:
            return satisfiesRole(membership, bytes, telling);
        case ::common::MSPPrincipal::ORGANIZATION_UNIT:
            return satisfiesUnit(membership, bytes, telling);
        case ::common::MSPPrincipal::IDENTITY:
            return satisfiesIdentity(membership, bytes, telling);
        case ::common::MSPPrincipal::ANONYMITY: {
            if (m_version < MspVersion::V1_3) break;
            const auto anonymity = wire::parse<::common::MSPIdentityAnonymity>(bytes, "principal");
            if (!anonymity.ok()) return denied(anonymity.status(), telling);
            if (anonymity->anonymity_type() == ::common::MSPIdentityAnonymity::NOMINAL)
                return absl::OkStatus();
            return denied("NOT_ANONYMOUS", "identities with certificates are never anonymous");
        }
        case ::common::MSPPrincipal::COMBINED: {
            if (m_version < MspVersion::V1_3) break;
            const auto combined = wire::parse<::common::CombinedPrincipal>(bytes, "principal");
            if (!combined.ok()) return denied(combined.status(), telling);
            if (combined->principals().empty())
                return denied("EMPTY_PRINCIPAL", "a combined principal combines nothing");
            for (const auto& part : combined->principals())
                RETURN_IF_ERROR(satisfiesOne(membership, part, telling, depth + 1, count));
            return absl::OkStatus();
        }
        default:
            break;
    }
    if (telling == Telling::Nothing) return refusalWithoutWords();
    return denied("UNKNOWN_PRINCIPAL",
                  fmt::format("the principal kind {} is not known to this MSP version",
                              int(principal.principal_classification())));
}

Status X509Msp::checkMspOf(std::string_view principalsMsp, Telling telling) const {
    if (principalsMsp == m_mspId.str()) return absl::OkStatus();
    if (telling == Telling::Nothing) return refusalWithoutWords();
    return denied("OTHER_MSP",
                  fmt::format("the principal is of MSP '{}', the identity of '{}'",
                              printable(principalsMsp, 128), printable(m_mspId.str(), 128)));
}

Status X509Msp::satisfiesRole(const Membership& membership, BytesView principal,
                              Telling telling) const {
    const auto role = wire::parse<::common::MSPRole>(principal, "principal");
    if (!role.ok()) return denied(role.status(), telling);
    RETURN_IF_ERROR(checkMspOf(role->msp_identifier(), telling));
    const auto validAnd = [&](NodeRole wanted) {
        const Status& verdict = verdictOf(membership);
        return verdict.ok() ? hasRoleOu(membership, wanted, telling) : denied(verdict, telling);
    };
    const bool newRules = m_version >= MspVersion::V1_4_3 && m_enforcesNodeOus;
    switch (role->role()) {
        case ::common::MSPRole::MEMBER:
            return ifOk(verdictOf(membership), telling);
        case ::common::MSPRole::ADMIN:
            if (isAdmin(membership)) return absl::OkStatus();
            if (newRules) return validAnd(NodeRole::Admin);
            if (telling == Telling::Nothing) return refusalWithoutWords();
            return refuse(StatusCode::kPermissionDenied, "WRONG_ROLE", membership.certificate,
                          "it is not one of the MSP's administrator certificates");
        case ::common::MSPRole::CLIENT:
            return validAnd(NodeRole::Client);
        case ::common::MSPRole::PEER:
            return validAnd(NodeRole::Peer);
        case ::common::MSPRole::ORDERER:
            if (newRules) return validAnd(NodeRole::Orderer);
            break;
        default:
            break;
    }
    if (telling == Telling::Nothing) return refusalWithoutWords();
    return denied("UNKNOWN_ROLE",
                  fmt::format("the role {} is not known to this MSP", int(role->role())));
}

Status X509Msp::satisfiesUnit(const Membership& membership, BytesView principal,
                              Telling telling) const {
    const auto wanted = wire::parse<::common::OrganizationUnit>(principal, "principal");
    if (!wanted.ok()) return denied(wanted.status(), telling);
    RETURN_IF_ERROR(checkMspOf(wanted->msp_identifier(), telling));
    const Status& verdict = verdictOf(membership);
    if (!verdict.ok()) return denied(verdict, telling);
    const auto& units = membership.certificate.organizationalUnits();
    const bool has = std::find(units.begin(), units.end(),
                               wanted->organizational_unit_identifier()) != units.end();
    if (has && wanted->certifiers_identifier() == membership.certifiersIdentifier)
        return absl::OkStatus();
    if (telling == Telling::Nothing) return refusalWithoutWords();
    return refuse(StatusCode::kPermissionDenied, has ? "WRONG_CERTIFIER" : "WRONG_UNIT",
                  membership.certificate,
                  fmt::format("it is not in the organisational unit '{}' of that CA",
                              printable(wanted->organizational_unit_identifier(), 64)));
}

Status X509Msp::satisfiesIdentity(const Membership& membership, BytesView principal,
                                  Telling telling) const {
    const auto wanted = deserialize(principal);
    const bool isOther = wanted.ok() && !((*wanted)->certificate() == membership.certificate);
    if (telling == Telling::Nothing && (!wanted.ok() || isOther)) return refusalWithoutWords();
    if (!wanted.ok())
        return denied(reasonOf(wanted.status()),
                      fmt::format("the principal is no identity of this MSP: {}",
                                  messageOf(wanted.status())));
    if (isOther)
        return refuse(StatusCode::kPermissionDenied, "OTHER_IDENTITY", membership.certificate,
                      fmt::format("the principal is '{}'",
                                  printable((*wanted)->certificate().subject(), 256)));
    return ifOk(verdictOf(*(*wanted)->membership()), telling);
}

}  // namespace chancery::identity
