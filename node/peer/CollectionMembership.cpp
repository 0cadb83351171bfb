#include "node/peer/CollectionMembership.h"

#include "fabric/common/policies.pb.h"
#include "src/policy/SignaturePolicy.h"
#include "src/protocol/Lifecycle.h"
#include "src/verify/ContractQueries.h"
#include "src/wire/Parse.h"

namespace chancery::node {

Result<bool> isCollectionMember(std::string_view ns, std::string_view collection,
                                BytesView serializedIdentity, const verify::StateReader& state,
                                const channel::Bundle& bundle) {
    const auto identity = bundle.msps()->deserialize(serializedIdentity);
    if (!identity.ok()) return false;
    if (const auto organisation = protocol::implicitCollectionOrg(collection))
        return (*identity)->mspId() == *organisation && bundle.msps()->validate(**identity).ok();

    const auto definition = verify::definitionOf(ns, state);
    if (!definition.ok()) {
        // What cannot be read as a definition defines nothing; only a store's error is an error.
        if (reasonOf(definition.status()) == "BAD_DEFINITION") return false;
        return definition.status();
    }
    if (!*definition) return false;
    const protocol::Collection* defined = (*definition)->collection(collection);
    if (defined == nullptr) return false;
    const auto envelope = wire::parse<::common::SignaturePolicyEnvelope>(defined->memberOrgsPolicy,
                                                                         "member_orgs_policy");
    if (!envelope.ok()) return false;
    const auto policy = policy::compileSignaturePolicy(*envelope, bundle.msps());
    if (!policy.ok()) return false;
    const identity::IdentityPtr who[] = {*identity};
    return (*policy)->isSatisfiedBy(who);
}

Result<bool> CollectionMembership::isMember(std::string_view ns, std::string_view collection,
                                            const verify::StateReader& state,
                                            const channel::Bundle& bundle) {
    if (const auto contract = m_known.find(ns); contract != m_known.end())
        if (const auto found = contract->second.find(collection); found != contract->second.end())
            return found->second;
    ASSIGN_OR_RETURN(const bool member,
                     isCollectionMember(ns, collection, m_identity, state, bundle));
    m_known[std::string(ns)].emplace(collection, member);
    return member;
}

}  // namespace chancery::node
