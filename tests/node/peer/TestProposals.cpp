#include "tests/node/peer/TestProposals.h"

#include <future>

#include "src/base/Random.h"
#include "src/protocol/FieldWriter.h"
#include "tests/node/peer/TestPeer.h"

namespace chancery::node::test {

const identity::SigningIdentity& ProposalMaker::who() const {
    return signer != nullptr ? *signer : chancery::test::member(creator);
}

protocol::Proposal ProposalMaker::proposal() const {
    protocol::ProposalRequest request;
    request.channel = ChannelId(channel);
    request.chaincode = chaincode;
    for (const auto& arg : args) request.args.emplace_back(arg);
    request.type = type;
    request.transient = transient;
    return protocol::buildProposal(request, who().serialized(),
                                   nonce.empty() ? Random::system().bytes(24) : nonce,
                                   hasTime ? time : goldenTime())
        .value();
}

Bytes ProposalMaker::bytes() const {
    const auto made = proposal();
    Bytes signature = who().sign(made.bytes).value();
    if (breakSignature) signature = who().sign("something else").value();
    return protocol::encodeSignedProposal(made.bytes, signature);
}

Bytes signedProposal(BytesView channelHeader, BytesView signatureHeader, BytesView payload,
                     const identity::SigningIdentity& signer) {
    Bytes header;
    protocol::appendBytes(header, 1, channelHeader);
    protocol::appendBytes(header, 2, signatureHeader);
    Bytes proposal;
    protocol::appendBytes(proposal, 1, header);
    protocol::appendBytes(proposal, 2, payload);
    return protocol::encodeSignedProposal(proposal, signer.sign(proposal).value());
}

namespace {

Result<::protos::ProposalResponse> answerOf(Endorser& endorser, decltype(&Endorser::process) call,
                                            Bytes signedProposal) {
    std::promise<Result<Bytes>> promise;
    (endorser.*call)(std::move(signedProposal), deadlineIn(std::chrono::minutes(1)),
                     [&](Result<Bytes> result) { promise.set_value(std::move(result)); });
    auto bytes = promise.get_future().get();
    if (!bytes.ok()) return bytes.status();
    ::protos::ProposalResponse response;
    if (!response.ParseFromString(*bytes))
        return makeError(StatusCode::kInternal, "BAD_RESPONSE", "cannot be decoded");
    return response;
}

}  // namespace

Result<::protos::ProposalResponse> propose(Endorser& endorser, Bytes signedProposal) {
    return answerOf(endorser, &Endorser::process, std::move(signedProposal));
}

Result<::protos::ProposalResponse> evaluate(Endorser& endorser, Bytes signedProposal) {
    return answerOf(endorser, &Endorser::evaluate, std::move(signedProposal));
}

}  // namespace chancery::node::test
