#include "src/usecase/SignedRequests.h"

#include <fmt/format.h>

#include "fabric/orderer/ab.pb.h"
#include "src/base/Encoding.h"
#include "src/protocol/Envelope.h"
#include "src/wire/Serialize.h"

namespace chancery::usecase {
namespace {

constexpr std::size_t kNonce = 24;

void setPosition(::orderer::SeekPosition& to, const std::optional<BlockNumber>& number,
                 bool newest) {
    if (number)
        to.mutable_specified()->set_number(*number);
    else if (newest)
        to.mutable_newest();
    else
        to.mutable_specified()->set_number(std::numeric_limits<std::uint64_t>::max());
}

}  // namespace

Result<SignedProposal> signProposal(const TransactionContext& context, const ContractCall& call) {
    protocol::ProposalRequest request;
    request.channel = call.channel;
    request.chaincode = call.contract;
    request.args = call.args;
    request.transient = call.transient;
    request.isInit = call.isInit;
    if (call.asConfig) request.type = protocol::HeaderType::Config;
    ASSIGN_OR_RETURN(auto proposal,
                     protocol::buildProposal(request, context.identity->serialized(),
                                             context.random.bytes(kNonce), context.clock.now()));
    ASSIGN_OR_RETURN(const Bytes signature, context.identity->sign(proposal.bytes));
    Bytes bytes = protocol::encodeSignedProposal(proposal.bytes, signature);
    return SignedProposal{.proposal = std::move(proposal), .bytes = std::move(bytes)};
}

Result<Bytes> signSeek(const TransactionContext& context, const ChannelId& channel,
                       const BlockRange& range) {
    ::orderer::SeekInfo seek;
    setPosition(*seek.mutable_start(), range.start, true);
    setPosition(*seek.mutable_stop(), range.stop, false);
    if (range.failIfNotReady) seek.set_behavior(::orderer::SeekInfo::FAIL_IF_NOT_READY);
    protocol::ChannelHeader header;
    header.type = protocol::HeaderType::DeliverSeekInfo;
    header.timestamp = protocol::Timestamp::fromTime(context.clock.now());
    header.channelId = channel.str();
    const Bytes nonce = context.random.bytes(kNonce);
    const Bytes payload =
        protocol::encodePayload(protocol::encodeChannelHeader(header),
                                protocol::encodeSignatureHeader(
                                    {.creator = context.identity->serialized(), .nonce = nonce}),
                                wire::serialize(seek));
    ASSIGN_OR_RETURN(const Bytes signature, context.identity->sign(payload));
    return protocol::encodeEnvelope(payload, signature);
}

Result<protocol::ProposalResponse> propose(const TransactionContext& context,
                                           const interfaces::NodeAddress& peer,
                                           BytesView signedProposal, Deadline deadline,
                                           std::stop_token stop) {
    ASSIGN_OR_RETURN(const auto endorser, context.connector.endorser(peer));
    auto bytes = endorser->process(signedProposal, deadline, std::move(stop));
    if (!bytes.ok()) return withContext(bytes.status(), peer.name);
    ASSIGN_OR_RETURN(auto response,
                     protocol::decodeProposalResponse(protocol::SharedBytes(*std::move(bytes))));
    const std::int32_t status = response.response ? response.response->status : 0;
    // A peer that has nothing to say about joining a channel answers with 0 or 200.
    if (status == 0 || (status >= 200 && status < 400)) return response;
    const std::string message(response.response->message);
    return makeError(
        StatusCode::kFailedPrecondition, "CONTRACT_REFUSED",
        fmt::format("{} answers {}: {}", peer.name, status, printable(message)),
        {{"peer", peer.name}, {"status", std::to_string(status)}, {"message", message}});
}

}  // namespace chancery::usecase
