#pragma once

#include <string_view>

#include "node/chaincode/ContractExecutor.h"
#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/identity/Msp.h"

namespace chancery::node {

/// Who may use which resource of the peer ("cscc/GetChannels", "peer/Propose"): administrators or
/// members of its own organisation, or who satisfies the policy that the channel gives the
/// resource. Callers must have checked the creator's signature. Errors are PERMISSION_DENIED in
/// Fabric's words. Thread-safe.
class AccessControl {
public:
    explicit AccessControl(identity::MspPtr localMsp) : m_msp(std::move(localMsp)) {}

    const identity::MspPtr& localMsp() const { return m_msp; }
    /// `channel` is looked at only for resources that channels guard; null means that there is no
    /// such channel.
    Status check(std::string_view resource, const ExecutionChannel* channel,
                 BytesView creator) const;
    Status checkAdmin(BytesView creator) const { return checkLocal(Role::Admins, creator); }
    Status checkMember(BytesView creator) const { return checkLocal(Role::Members, creator); }

private:
    enum class Role { Admins, Members };
    Status checkLocal(Role role, BytesView creator) const;

    identity::MspPtr m_msp;
};

}  // namespace chancery::node
