#pragma once

#include <map>
#include <string>
#include <string_view>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/channel/Bundle.h"
#include "src/verify/State.h"

namespace chancery::node {

/// Whether an identity may hold the clear data of a private collection: it satisfies the
/// collection's member_orgs_policy, or belongs to the organisation of an implicit collection. False
/// for collections that are not defined. The error is the store's. Any thread.
Result<bool> isCollectionMember(std::string_view ns, std::string_view collection,
                                BytesView serializedIdentity, const verify::StateReader& state,
                                const channel::Bundle& bundle);

/// The same for one identity, remembered until definitions or configuration change. One thread at a
/// time.
class CollectionMembership {
public:
    explicit CollectionMembership(Bytes serializedIdentity)
        : m_identity(std::move(serializedIdentity)) {}

    Result<bool> isMember(std::string_view ns, std::string_view collection,
                          const verify::StateReader& state, const channel::Bundle& bundle);
    void forget() { m_known.clear(); }

private:
    Bytes m_identity;
    std::map<std::string, std::map<std::string, bool, std::less<>>, std::less<>> m_known;
};

}  // namespace chancery::node
