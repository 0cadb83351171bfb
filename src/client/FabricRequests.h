#pragma once

// For the sources of this folder: what is signed for nodes of Fabric.
#include <map>
#include <optional>
#include <vector>

#include "src/base/Clock.h"
#include "src/base/Deadline.h"
#include "src/base/Random.h"
#include "src/identity/SigningIdentity.h"
#include "src/interfaces/Nodes.h"

namespace chancery::client {

/// Somebody who asks. Thread-safe.
class FabricRequests {
public:
    FabricRequests(identity::SigningIdentityPtr identity, const Clock& clock, Random& random)
        : m_identity(std::move(identity)), m_clock(clock), m_random(random) {}

    /// The answer of a contract, usually one of the system; `channel` empty: without one.
    /// FAILED_PRECONDITION (CONTRACT_REFUSED) with `status` and `message`; errors of the endorser.
    Result<Bytes> query(interfaces::Endorser& endorser, const ChannelId& channel,
                        const std::string& contract, const std::vector<Bytes>& args,
                        Deadline deadline, std::stop_token stop = {}) const;
    /// A signed envelope with SeekInfo: blocks from `from` on without an end; nothing: only the
    /// newest.
    Result<Bytes> seek(const ChannelId& channel, std::optional<BlockNumber> from) const;

private:
    static constexpr std::size_t kNonce = 24;

    const identity::SigningIdentityPtr m_identity;
    const Clock& m_clock;
    Random& m_random;
};

}  // namespace chancery::client
