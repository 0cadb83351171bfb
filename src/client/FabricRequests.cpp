#include "src/client/FabricRequests.h"

#include <limits>

#include "fabric/orderer/ab.pb.h"
#include "src/base/Encoding.h"
#include "src/protocol/Envelope.h"
#include "src/protocol/Proposal.h"
#include "src/protocol/ProposalResponse.h"
#include "src/wire/Serialize.h"

namespace chancery::client {

Result<Bytes> FabricRequests::query(interfaces::Endorser& endorser, const ChannelId& channel,
                                    const std::string& contract, const std::vector<Bytes>& args,
                                    Deadline deadline, std::stop_token stop) const {
    protocol::ProposalRequest request;
    request.channel = channel;
    request.chaincode = contract;
    request.args = args;
    ASSIGN_OR_RETURN(const auto proposal,
                     protocol::buildProposal(request, m_identity->serialized(),
                                             m_random.bytes(kNonce), m_clock.now()));
    ASSIGN_OR_RETURN(const Bytes signature, m_identity->sign(proposal.bytes));
    ASSIGN_OR_RETURN(Bytes bytes,
                     endorser.process(protocol::encodeSignedProposal(proposal.bytes, signature),
                                      deadline, std::move(stop)));
    ASSIGN_OR_RETURN(const auto answer,
                     protocol::decodeProposalResponse(protocol::SharedBytes(std::move(bytes))));
    const std::int32_t status = answer.response ? answer.response->status : 0;
    if (status == 0 || (status >= 200 && status < 400))
        return answer.response ? Bytes(answer.response->payload) : Bytes();
    const std::string message(answer.response->message);
    return makeError(StatusCode::kFailedPrecondition, "CONTRACT_REFUSED",
                     fmt::format("{} answers {}: {}", contract, status, printable(message)),
                     {{"status", std::to_string(status)}, {"message", message}});
}

Result<Bytes> FabricRequests::seek(const ChannelId& channel,
                                   std::optional<BlockNumber> from) const {
    ::orderer::SeekInfo info;
    if (from) {
        info.mutable_start()->mutable_specified()->set_number(*from);
        info.mutable_stop()->mutable_specified()->set_number(
            std::numeric_limits<std::uint64_t>::max());
    } else {
        info.mutable_start()->mutable_newest();
        info.mutable_stop()->mutable_newest();
    }
    protocol::ChannelHeader header;
    header.type = protocol::HeaderType::DeliverSeekInfo;
    header.timestamp = protocol::Timestamp::fromTime(m_clock.now());
    header.channelId = channel.str();
    const Bytes nonce = m_random.bytes(kNonce);
    const Bytes payload = protocol::encodePayload(
        protocol::encodeChannelHeader(header),
        protocol::encodeSignatureHeader({.creator = m_identity->serialized(), .nonce = nonce}),
        wire::serialize(info));
    ASSIGN_OR_RETURN(const Bytes signature, m_identity->sign(payload));
    return protocol::encodeEnvelope(payload, signature);
}

}  // namespace chancery::client
