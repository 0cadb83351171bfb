#include <cstdint>
#include <cstdlib>

#include "node/peer/GatewayRequests.h"

// The first byte says which request it is; what is taken out of it lies within it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chancery;
    using namespace chancery::node;
    if (size == 0) return 0;
    const protocol::SharedBytes bytes(Bytes(reinterpret_cast<const char*>(data) + 1, size - 1));
    switch (data[0] % 3) {
        case 0: {
            const auto call = decodeProposalCall(bytes);
            if (!call.ok()) return 0;
            const auto target = decodeTarget(call->signedProposal.view(), "nothing");
            if (target.ok() && (target->channel.empty() || target->chaincode.empty())) std::abort();
            return 0;
        }
        case 1: {
            const auto call = decodeSubmitCall(bytes);
            if (call.ok() && !call->hasEnvelope && !call->signature.empty()) std::abort();
            return 0;
        }
        default: {
            const auto call = decodeSignedCall(bytes);
            if (!call.ok()) return 0;
            (void)decodeCommitStatus(call->request);
            (void)decodeChaincodeEvents(call->request);
            return 0;
        }
    }
}
