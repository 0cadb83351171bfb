#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fabric/peer/proposal.pb.h"
#include "fabric/peer/proposal_response.pb.h"
#include "node/peer/PeerChannel.h"
#include "src/identity/SigningIdentity.h"
#include "src/protocol/Proposal.h"

namespace chancery::node::test {

/// A proposal of the golden network, and what may be odd about it.
struct ProposalMaker {
    std::string channel = "tradechannel";
    std::string chaincode = "assets";
    std::vector<std::string> args{"get", "a"};
    std::string creator = "User1@alpha";
    const identity::SigningIdentity* signer = nullptr;  ///< in place of a golden member
    absl::Time time;                                    ///< goldenTime() unless set
    bool hasTime = false;
    std::string nonce;  ///< its own each time unless given
    protocol::HeaderType type = protocol::HeaderType::EndorserTransaction;
    std::map<std::string, Bytes> transient;
    bool breakSignature = false;

    const identity::SigningIdentity& who() const;
    protocol::Proposal proposal() const;
    /// SignedProposal bytes.
    Bytes bytes() const;
};

/// Proposal bytes with other header bytes, signed anew: for fields that no builder would write.
Bytes signedProposal(BytesView channelHeader, BytesView signatureHeader, BytesView payload,
                     const identity::SigningIdentity& signer);

/// Waits for the answer.
Result<::protos::ProposalResponse> propose(Endorser& endorser, Bytes signedProposal);
/// The same by `evaluate`.
Result<::protos::ProposalResponse> evaluate(Endorser& endorser, Bytes signedProposal);

}  // namespace chancery::node::test
