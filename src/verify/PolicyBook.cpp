#include "src/verify/PolicyBook.h"

#include <fmt/format.h>

#include "fabric/common/policies.pb.h"
#include "fabric/msp/msp_principal.pb.h"
#include "src/base/Encoding.h"
#include "src/policy/ApplicationPolicy.h"
#include "src/policy/PolicyTree.h"
#include "src/policy/SignaturePolicy.h"
#include "src/wire/Serialize.h"

namespace chancery::verify {
namespace {

constexpr std::size_t kMostKept = 4096;
constexpr std::string_view kLifecyclePolicy = "/Channel/Application/LifecycleEndorsement";

/// `n` of the organisations, each by any of its members.
common::SignaturePolicyEnvelope membersOf(const std::vector<MspId>& organisations, int n) {
    common::SignaturePolicyEnvelope envelope;
    auto& outOf = *envelope.mutable_rule()->mutable_n_out_of();
    outOf.set_n(n);
    for (const auto& mspId : organisations) {
        common::MSPRole role;
        role.set_msp_identifier(mspId.str());
        role.set_role(common::MSPRole::MEMBER);
        auto& principal = *envelope.add_identities();
        principal.set_principal_classification(common::MSPPrincipal::ROLE);
        principal.set_principal(wire::serialize(role));
        outOf.add_rules()->set_signed_by(envelope.identities_size() - 1);
    }
    return envelope;
}

PolicyBook::Entry entryOf(Result<policy::PolicyPtr> policy) {
    if (policy.ok()) return {*std::move(policy), {}, false};
    const bool malformed = reasonOf(policy.status()) == "MALFORMED_PROTOBUF";
    return {nullptr, sentenceOf(policy.status()), malformed};
}

}  // namespace

template <class Make>
const PolicyBook::Entry& PolicyBook::entry(char kind, BytesView bytes, const Make& make) {
    std::string name(1, kind);
    name.append(bytes);
    if (const auto known = m_entries.find(name); known != m_entries.end()) return known->second;
    if (m_entries.size() >= kMostKept) m_entries.clear();
    return m_entries.emplace(std::move(name), make()).first->second;
}

const PolicyBook::Entry& PolicyBook::application(BytesView applicationPolicy) {
    return entry('a', applicationPolicy, [&] {
        return entryOf(policy::compileApplicationPolicy(applicationPolicy, m_bundle->policies(),
                                                        m_bundle->msps()));
    });
}

const PolicyBook::Entry& PolicyBook::key(BytesView signaturePolicy) {
    return entry('k', signaturePolicy, [&] {
        return entryOf(policy::compileKeyPolicy(signaturePolicy, m_bundle->msps()));
    });
}

const PolicyBook::Entry& PolicyBook::lifecycle() {
    return entry('l', {}, [&]() -> Entry {
        if (auto policy = m_bundle->policies().find(kLifecyclePolicy)) return {std::move(policy)};
        std::vector<MspId> organisations;
        for (const auto& [name, organisation] : m_bundle->applicationOrganisations())
            organisations.push_back(organisation.mspId);
        const int majority = static_cast<int>(organisations.size() / 2 + 1);
        return entryOf(
            policy::compileSignaturePolicy(membersOf(organisations, majority), m_bundle->msps()));
    });
}

const PolicyBook::Entry& PolicyBook::implicitCollection(const MspId& mspId) {
    return entry('i', mspId.str(), [&]() -> Entry {
        const auto org = m_bundle->applicationOrgs().find(mspId);
        if (org == m_bundle->applicationOrgs().end())
            return {nullptr, say("NO_SUCH_ORGANISATION", "{msp} is no organisation of the channel",
                                 {{"msp", printable(mspId.str(), 128)}})};
        const auto path = fmt::format("/Channel/Application/{}/Endorsement", org->second);
        if (auto policy = m_bundle->policies().find(path)) return {std::move(policy)};
        return entryOf(policy::compileSignaturePolicy(membersOf({mspId}, 1), m_bundle->msps()));
    });
}

}  // namespace chancery::verify
