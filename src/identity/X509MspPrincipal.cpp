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

Status malformed(const Status& status) {
    return denied(reasonOf(status), messageOf(status));
}

}  // namespace

Status X509Msp::satisfies(const Identity& identity, const ::common::MSPPrincipal& principal) const {
    Status error;
    const MembershipPtr membership = ownMembership(identity, error);
    if (!membership) return denied(reasonOf(error), messageOf(error));
    int count = 0;
    return satisfiesOne(*membership, principal, 0, count);
}

Status X509Msp::satisfiesOne(const Membership& membership, const ::common::MSPPrincipal& principal,
                             int depth, int& count) const {
    if (depth > kMostDepth || ++count > kMostPrincipals)
        return denied("PRINCIPAL_TOO_LARGE",
                      "a combined principal is nested too deeply or holds too many principals");
    const BytesView bytes = principal.principal();
    switch (principal.principal_classification()) {
        case ::common::MSPPrincipal::ROLE:
            return satisfiesRole(membership, bytes);
        case ::common::MSPPrincipal::ORGANIZATION_UNIT:
            return satisfiesUnit(membership, bytes);
        case ::common::MSPPrincipal::IDENTITY:
            return satisfiesIdentity(membership, bytes);
        case ::common::MSPPrincipal::ANONYMITY: {
            if (m_version < MspVersion::V1_3) break;
            const auto anonymity = wire::parse<::common::MSPIdentityAnonymity>(bytes, "principal");
            if (!anonymity.ok()) return malformed(anonymity.status());
            if (anonymity->anonymity_type() == ::common::MSPIdentityAnonymity::NOMINAL)
                return absl::OkStatus();
            return denied("NOT_ANONYMOUS", "identities with certificates are never anonymous");
        }
        case ::common::MSPPrincipal::COMBINED: {
            if (m_version < MspVersion::V1_3) break;
            const auto combined = wire::parse<::common::CombinedPrincipal>(bytes, "principal");
            if (!combined.ok()) return malformed(combined.status());
            if (combined->principals().empty())
                return denied("EMPTY_PRINCIPAL", "a combined principal combines nothing");
            for (const auto& part : combined->principals())
                RETURN_IF_ERROR(satisfiesOne(membership, part, depth + 1, count));
            return absl::OkStatus();
        }
        default:
            break;
    }
    return denied("UNKNOWN_PRINCIPAL",
                  fmt::format("the principal kind {} is not known to this MSP version",
                              int(principal.principal_classification())));
}

Status X509Msp::satisfiesRole(const Membership& membership, BytesView principal) const {
    const auto role = wire::parse<::common::MSPRole>(principal, "principal");
    if (!role.ok()) return malformed(role.status());
    if (role->msp_identifier() != m_mspId.str())
        return denied("OTHER_MSP", fmt::format("the principal is of MSP '{}', the identity of '{}'",
                                               printable(role->msp_identifier(), 128),
                                               printable(m_mspId.str(), 128)));
    const auto validAnd = [&](NodeRole wanted) {
        const Status& verdict = verdictOf(membership);
        return verdict.ok() ? hasRoleOu(membership, wanted)
                            : denied(reasonOf(verdict), messageOf(verdict));
    };
    const bool newRules = m_version >= MspVersion::V1_4_3 && m_enforcesNodeOus;
    switch (role->role()) {
        case ::common::MSPRole::MEMBER: {
            const Status& verdict = verdictOf(membership);
            return verdict.ok() ? absl::OkStatus() : denied(reasonOf(verdict), messageOf(verdict));
        }
        case ::common::MSPRole::ADMIN:
            if (isAdmin(membership)) return absl::OkStatus();
            if (newRules) return validAnd(NodeRole::Admin);
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
    return denied("UNKNOWN_ROLE",
                  fmt::format("the role {} is not known to this MSP", int(role->role())));
}

Status X509Msp::satisfiesUnit(const Membership& membership, BytesView principal) const {
    const auto wanted = wire::parse<::common::OrganizationUnit>(principal, "principal");
    if (!wanted.ok()) return malformed(wanted.status());
    if (wanted->msp_identifier() != m_mspId.str())
        return denied("OTHER_MSP", fmt::format("the principal is of MSP '{}', the identity of '{}'",
                                               printable(wanted->msp_identifier(), 128),
                                               printable(m_mspId.str(), 128)));
    const Status& verdict = verdictOf(membership);
    if (!verdict.ok()) return denied(reasonOf(verdict), messageOf(verdict));
    const auto& units = membership.certificate.organizationalUnits();
    const bool has = std::find(units.begin(), units.end(),
                               wanted->organizational_unit_identifier()) != units.end();
    if (has && wanted->certifiers_identifier() == membership.certifiersIdentifier)
        return absl::OkStatus();
    return refuse(StatusCode::kPermissionDenied, has ? "WRONG_CERTIFIER" : "WRONG_UNIT",
                  membership.certificate,
                  fmt::format("it is not in the organisational unit '{}' of that CA",
                              printable(wanted->organizational_unit_identifier(), 64)));
}

Status X509Msp::satisfiesIdentity(const Membership& membership, BytesView principal) const {
    const auto wanted = deserialize(principal);
    if (!wanted.ok())
        return denied(reasonOf(wanted.status()),
                      fmt::format("the principal is no identity of this MSP: {}",
                                  messageOf(wanted.status())));
    if (!((*wanted)->certificate() == membership.certificate))
        return refuse(StatusCode::kPermissionDenied, "OTHER_IDENTITY", membership.certificate,
                      fmt::format("the principal is '{}'",
                                  printable((*wanted)->certificate().subject(), 256)));
    const Status& verdict = verdictOf(*(*wanted)->membership());
    return verdict.ok() ? absl::OkStatus() : denied(reasonOf(verdict), messageOf(verdict));
}

}  // namespace chancery::identity
