#include "node/orderer/ChannelInfo.h"

#include "src/identity/Certificate.h"

namespace chancery::node {

std::string_view nameOf(ConsensusRelation relation) {
    return relation == ConsensusRelation::Consenter ? "consenter" : "follower";
}

std::string_view nameOf(ChannelStatus status) {
    switch (status) {
        case ChannelStatus::Active:
            return "active";
        case ChannelStatus::Onboarding:
            return "onboarding";
        case ChannelStatus::Inactive:
            return "inactive";
        case ChannelStatus::Failed:
            break;
    }
    return "failed";
}

bool isConsenter(const channel::Bundle& bundle, BytesView serverTlsPem) {
    const auto own = identity::Certificate::fromPem(serverTlsPem);
    if (!own.ok()) return false;
    return std::any_of(bundle.consenters().begin(), bundle.consenters().end(),
                       [&own](const channel::Consenter& consenter) {
                           const auto theirs =
                               identity::Certificate::fromPem(consenter.serverTlsPem);
                           return theirs.ok() && theirs->publicKey() == own->publicKey();
                       });
}

}  // namespace chancery::node
