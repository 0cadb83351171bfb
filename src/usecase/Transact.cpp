#include "src/usecase/Transact.h"

#include <fmt/format.h>

#include <thread>

#include "src/protocol/TransactionBuilder.h"
#include "src/protocol/ValidationCode.h"
#include "src/usecase/SignedRequests.h"

namespace chancery::usecase {
namespace {

using interfaces::FilteredBlock;
using interfaces::NodeAddress;
using Stream = interfaces::BlockStream<FilteredBlock>;

/// All endorsers at once, each on a thread of its own.
Result<std::vector<protocol::ProposalResponse>> endorseAll(const TransactionContext& context,
                                                           const SubmitRequest& request,
                                                           const Bytes& proposal) {
    std::vector<Result<protocol::ProposalResponse>> answers(request.endorsers.size(),
                                                            absl::UnknownError("not asked"));
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 1; i < answers.size(); ++i)
            threads.emplace_back([&, i] {
                answers[i] = propose(context, request.endorsers[i], proposal, request.deadline,
                                     request.stop);
            });
        answers[0] =
            propose(context, request.endorsers[0], proposal, request.deadline, request.stop);
    }
    std::vector<protocol::ProposalResponse> responses;
    for (auto& answer : answers) {
        RETURN_IF_ERROR(answer.status());
        responses.push_back(*std::move(answer));
    }
    return responses;
}

/// The blocks of a peer from its newest on, open before anything is ordered.
Result<std::unique_ptr<Stream>> watchCommits(const TransactionContext& context,
                                             const SubmitRequest& request,
                                             const NodeAddress& peer) {
    ASSIGN_OR_RETURN(const auto delivery, context.connector.peerDelivery(peer));
    ASSIGN_OR_RETURN(const Bytes seek, signSeek(context, request.call.channel, {}));
    ASSIGN_OR_RETURN(auto stream, delivery->filteredBlocks(seek, request.deadline, request.stop));
    ASSIGN_OR_RETURN(const auto newest, stream->next());
    if (!newest)
        return makeError(StatusCode::kUnavailable, "NOT_DELIVERED", peer.name + " gives no blocks");
    return stream;
}

Status broadcast(const TransactionContext& context, const SubmitRequest& request,
                 const Bytes& envelope) {
    Status last = makeError(StatusCode::kInvalidArgument, "NO_ORDERER", "there is no orderer");
    for (const NodeAddress& orderer : request.orderers) {
        const auto ordering = context.connector.ordering(orderer);
        last = ordering.ok() ? (*ordering)->broadcast(envelope, request.deadline, request.stop)
                             : ordering.status();
        if (last.code() != StatusCode::kUnavailable) break;
    }
    return last;
}

Result<BlockNumber> waitCommitted(Stream& stream, const TxId& txId) {
    while (true) {
        auto block = stream.next();
        if (!block.ok() || !*block)
            return makeError(StatusCode::kDeadlineExceeded, "COMMIT_UNKNOWN",
                             fmt::format("transaction {} was ordered, but whether it is committed "
                                         "is not known: {}",
                                         txId.str(), messageOf(block.status())),
                             {{"txid", txId.str()}});
        for (const auto& transaction : (*block)->transactions) {
            if (transaction.txId != txId) continue;
            const auto code = static_cast<protocol::ValidationCode>(transaction.code);
            if (code == protocol::ValidationCode::Valid) return (*block)->number;
            return makeError(
                StatusCode::kAborted, "NOT_VALID",
                fmt::format("transaction {} is invalid: {}", txId.str(), protocol::nameOf(code)),
                {{"txid", txId.str()},
                 {"code", protocol::nameOf(code)},
                 {"block", std::to_string((*block)->number)}});
        }
    }
}

}  // namespace

Result<Bytes> EvaluateTransaction::run(const TransactionContext& context,
                                       const EvaluateRequest& request) const {
    ASSIGN_OR_RETURN(const auto signedProposal, signProposal(context, request.call));
    ASSIGN_OR_RETURN(const auto response, propose(context, request.peer, signedProposal.bytes,
                                                  request.deadline, request.stop));
    return response.response ? Bytes(response.response->payload) : Bytes();
}

Result<Submitted> SubmitTransaction::run(const TransactionContext& context,
                                         const SubmitRequest& request) const {
    if (request.endorsers.empty())
        return makeError(StatusCode::kInvalidArgument, "NO_PEER", "there is no peer to ask");
    ASSIGN_OR_RETURN(const auto signedProposal, signProposal(context, request.call));
    ASSIGN_OR_RETURN(const auto responses, endorseAll(context, request, signedProposal.bytes));
    ASSIGN_OR_RETURN(const Bytes envelope,
                     protocol::assembleSignedTransaction(
                         signedProposal.proposal.bytes, responses, context.identity->serialized(),
                         [&](BytesView message) { return context.identity->sign(message); }));
    std::vector<std::unique_ptr<Stream>> commits;
    const std::vector<NodeAddress> first{request.endorsers.front()};
    for (const NodeAddress& peer : request.commitPeers.empty() ? first : request.commitPeers) {
        ASSIGN_OR_RETURN(auto stream, watchCommits(context, request, peer));
        commits.push_back(std::move(stream));
    }
    RETURN_IF_ERROR(broadcast(context, request, envelope));
    Submitted submitted{.txId = signedProposal.proposal.txId, .payload = {}};
    if (responses.front().response) submitted.payload = responses.front().response->payload;
    for (const auto& stream : commits) {
        ASSIGN_OR_RETURN(submitted.block, waitCommitted(*stream, submitted.txId));
    }
    return submitted;
}

}  // namespace chancery::usecase
