#include "tests/bench/load/GatewayTransaction.h"

#include "fabric/gateway/gateway.pb.h"
#include "src/base/Clock.h"
#include "src/base/Random.h"
#include "src/protocol/Proposal.h"
#include "src/rpc/ByteCalls.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::load {
namespace {

constexpr std::size_t kNonce = 24;

std::size_t indexOf(Stage stage) {
    return static_cast<std::size_t>(stage);
}

}  // namespace

GatewayTransaction::GatewayTransaction(const LoadPlan& plan, Call call,
                                       std::function<void(const Outcome&)> ended)
    : m_plan(plan),
      m_call(std::move(call)),
      m_deadline(deadlineIn(plan.patience)),
      m_ended(std::move(ended)) {
    m_outcome.measured = m_call.measured;
}

void GatewayTransaction::start(const LoadPlan& plan, Call call,
                               std::function<void(const Outcome&)> ended) {
    const std::shared_ptr<GatewayTransaction> made(
        new GatewayTransaction(plan, std::move(call), std::move(ended)));
    made->propose();
}

void GatewayTransaction::propose() {
    const bool evaluates = m_plan.kind == LoadKind::Evaluate;
    const Stage stage = evaluates ? Stage::Evaluate : Stage::Endorse;
    m_stageBegan = std::chrono::steady_clock::now();
    protocol::ProposalRequest request;
    request.channel = m_plan.channel;
    request.chaincode = m_plan.contract;
    request.args = m_call.arguments;
    auto proposal = protocol::buildProposal(request, m_call.identity->serialized(),
                                            Random::system().bytes(kNonce), Clock::system().now());
    if (!proposal.ok()) return finish(proposal.status(), stage);
    auto signature = m_call.identity->sign(proposal->bytes);
    if (!signature.ok()) return finish(signature.status(), stage);
    m_txId = proposal->txId;

    const auto fill = [&](auto& message) {
        message.set_channel_id(m_plan.channel.str());
        message.set_transaction_id(m_txId.str());
        message.mutable_proposed_transaction()->set_proposal_bytes(std::move(proposal->bytes));
        message.mutable_proposed_transaction()->set_signature(*std::move(signature));
    };
    if (evaluates) {
        ::gateway::EvaluateRequest message;
        fill(message);
        for (const std::string& mspId : m_plan.endorsers) message.add_target_organizations(mspId);
        return send(stage, "/gateway.Gateway/Evaluate", wire::serialize(message),
                    [this](const Bytes&) { finish(absl::OkStatus(), Stage::Total); });
    }
    ::gateway::EndorseRequest message;
    fill(message);
    for (const std::string& mspId : m_plan.endorsers) message.add_endorsing_organizations(mspId);
    send(stage, "/gateway.Gateway/Endorse", wire::serialize(message),
         [this](const Bytes& response) { endorsed(response); });
}

void GatewayTransaction::endorsed(const Bytes& response) {
    if (m_plan.kind == LoadKind::Endorse) return finish(absl::OkStatus(), Stage::Total);
    auto answer = wire::parse<::gateway::EndorseResponse>(response, "endorse_response");
    if (!answer.ok()) return finish(answer.status(), Stage::Endorse);
    ::gateway::SubmitRequest message;
    message.set_channel_id(m_plan.channel.str());
    message.set_transaction_id(m_txId.str());
    auto& envelope = *message.mutable_prepared_transaction();
    envelope.set_payload(std::move(*answer->mutable_prepared_transaction()->mutable_payload()));
    auto signature = m_call.identity->sign(envelope.payload());
    if (!signature.ok()) return finish(signature.status(), Stage::Submit);
    envelope.set_signature(*std::move(signature));
    send(Stage::Submit, "/gateway.Gateway/Submit", wire::serialize(message),
         [this](const Bytes&) { submitted(); });
}

void GatewayTransaction::submitted() {
    ::gateway::CommitStatusRequest request;
    request.set_transaction_id(m_txId.str());
    request.set_channel_id(m_plan.channel.str());
    request.set_identity(m_call.identity->serialized());
    ::gateway::SignedCommitStatusRequest message;
    message.set_request(wire::serialize(request));
    auto signature = m_call.identity->sign(message.request());
    if (!signature.ok()) return finish(signature.status(), Stage::CommitWait);
    message.set_signature(*std::move(signature));
    send(Stage::CommitWait, "/gateway.Gateway/CommitStatus", wire::serialize(message),
         [this](const Bytes& response) { committed(response); });
}

void GatewayTransaction::committed(const Bytes& response) {
    const auto answer =
        wire::parse<::gateway::CommitStatusResponse>(response, "commit_status_response");
    if (!answer.ok()) return finish(answer.status(), Stage::CommitWait);
    m_outcome.code = static_cast<protocol::ValidationCode>(answer->result());
    m_outcome.block = answer->block_number();
    finish(absl::OkStatus(), Stage::Total);
}

void GatewayTransaction::send(Stage stage, const char* method, BytesView request,
                              std::function<void(const Bytes&)> next) {
    m_outcome.sent = true;
    rpc::UnaryByteCall::start(
        m_call.gateway, method, request, m_deadline,
        [self = shared_from_this(), stage, next = std::move(next)](const Result<Bytes>& answer) {
            const Time now = std::chrono::steady_clock::now();
            self->m_outcome.times[indexOf(stage)] = now - self->m_stageBegan;
            self->m_stageBegan = now;
            if (answer.ok())
                next(*answer);
            else
                self->finish(answer.status(), stage);
        });
}

void GatewayTransaction::finish(Status status, Stage stage) {
    m_outcome.failedIn = stage;
    m_outcome.status = std::move(status);
    m_outcome.times[indexOf(Stage::Total)] = std::chrono::steady_clock::now() - m_call.due;
    m_ended(m_outcome);
}

}  // namespace chancery::load
