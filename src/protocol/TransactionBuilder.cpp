#include "src/protocol/TransactionBuilder.h"

#include <fabric/common/common.pb.h>
#include <fabric/peer/proposal.pb.h>
#include <fabric/peer/proposal_response.pb.h>
#include <fabric/peer/transaction.pb.h>
#include <fmt/format.h>

#include <set>

#include "src/base/Encoding.h"
#include "src/protocol/Proposal.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::protocol {
namespace {

std::string endorserName(const ProposalResponse& response) {
    if (!response.endorsement) return "nobody";
    const auto identity = decodeSerializedIdentity(response.endorsement->endorser);
    return identity.ok() ? std::string(identity->mspId) : "an unreadable identity";
}

/// What makes a set of responses one transaction.
Status checkResponses(std::span<const ProposalResponse> responses, BytesView proposalHash) {
    if (responses.empty())
        return makeError(StatusCode::kInvalidArgument, "NO_RESPONSES",
                         "a transaction needs at least one proposal response");
    for (const ProposalResponse& response : responses) {
        const ChaincodeResponse answer = response.response.value_or(ChaincodeResponse());
        if (answer.status < 200 || answer.status >= 400)
            return makeError(StatusCode::kFailedPrecondition, "PROPOSAL_REFUSED",
                             fmt::format("the proposal was answered with status {}: {}",
                                         answer.status, printable(answer.message)),
                             {{"status", fmt::to_string(answer.status)},
                              {"message", printable(answer.message)}});
        if (!response.endorsement)
            return makeError(StatusCode::kFailedPrecondition, "NOT_ENDORSED",
                             "a proposal response carries no endorsement");
        if (response.payload != responses.front().payload)
            return makeError(
                StatusCode::kAborted, "RESULTS_DIFFER",
                fmt::format("the endorsers of {} and {} came to different results",
                            endorserName(responses.front()), endorserName(response)),
                {{"first", endorserName(responses.front())}, {"second", endorserName(response)}});
    }
    if (responses.front().proposalHash != proposalHash)
        return makeError(StatusCode::kInvalidArgument, "PROPOSAL_HASH_MISMATCH",
                         "the endorsers answered another proposal");
    return {};
}

}  // namespace

Result<Bytes> assembleTransaction(BytesView proposal, std::span<const ProposalResponse> responses) {
    ASSIGN_OR_RETURN(const auto message, wire::parse<::protos::Proposal>(proposal, "proposal"));
    ASSIGN_OR_RETURN(auto header,
                     wire::parse<::common::Header>(message.header(), "proposal.header"));
    ASSIGN_OR_RETURN(Bytes payload, withoutTransient(message.payload()));
    const Bytes hash =
        computeProposalHash(header.channel_header(), header.signature_header(), payload);
    RETURN_IF_ERROR(checkResponses(responses, hash));

    ::protos::ChaincodeActionPayload action;
    action.set_chaincode_proposal_payload(std::move(payload));
    auto* endorsed = action.mutable_action();
    endorsed->set_proposal_response_payload(std::string(responses.front().payload));
    std::set<BytesView> endorsers;
    for (const ProposalResponse& response : responses) {
        if (!endorsers.insert(response.endorsement->endorser).second) continue;
        auto* endorsement = endorsed->add_endorsements();
        endorsement->set_endorser(std::string(response.endorsement->endorser));
        endorsement->set_signature(std::string(response.endorsement->signature));
    }
    ::protos::Transaction transaction;
    auto* single = transaction.add_actions();
    single->set_header(header.signature_header());
    single->set_payload(wire::serialize(action));
    return encodePayload(header.channel_header(), header.signature_header(),
                         wire::serialize(transaction));
}

Result<Bytes> assembleSignedTransaction(BytesView proposal,
                                        std::span<const ProposalResponse> responses,
                                        BytesView creator, const Signer& signer) {
    ASSIGN_OR_RETURN(const Bytes payload, assembleTransaction(proposal, responses));
    ASSIGN_OR_RETURN(const Payload parts, decodePayload(payload));
    ASSIGN_OR_RETURN(const SignatureHeader header, decodeSignatureHeader(parts.signatureHeader));
    if (header.creator != creator)
        return makeError(StatusCode::kInvalidArgument, "WRONG_SIGNER",
                         "the signer is not the creator of the proposal");
    ASSIGN_OR_RETURN(const Bytes signature, signer(payload));
    return encodeEnvelope(payload, signature);
}

}  // namespace chancery::protocol
