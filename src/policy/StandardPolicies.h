#pragma once

#include <span>
#include <utility>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Ids.h"

namespace common {
class SignaturePolicyEnvelope;
}

namespace chancery::policy {

enum class Role { Member, Admin, Client, Peer, Orderer };

/// `needed` signatures, each of the role in a different one of the organisations; these are sorted
/// by MSP id, as Fabric does. With `needed` = 1 the default policy of an implicit collection (one
/// organisation), with a majority of members the one of lifecycle operations where the channel has
/// no LifecycleEndorsement.
::common::SignaturePolicyEnvelope policyOfRole(std::size_t needed, Role role,
                                               std::vector<MspId> organisations);

/// NOutOf(0, []): satisfied without any signature.
::common::SignaturePolicyEnvelope acceptAllPolicy();
/// NOutOf(1, []): never satisfied.
::common::SignaturePolicyEnvelope rejectAllPolicy();

/// Orderers whose signatures a block of a BFT channel needs: ⌈(n + f + 1) / 2⌉ with f = ⌊(n − 1) /
/// 3⌋ (fact sheet A §6.7). 1 for n = 0.
std::size_t bftQuorum(std::size_t consenterCount);

/// BlockValidation of a BFT channel: a quorum over the identities of the consenters (MSP id,
/// certificate as PEM), in the order of the channel's value Orderers.
::common::SignaturePolicyEnvelope bftBlockValidationPolicy(
    std::span<const std::pair<MspId, Bytes>> consenters);

}  // namespace chancery::policy
