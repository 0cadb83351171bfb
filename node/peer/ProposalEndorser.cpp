#include "node/peer/ProposalEndorser.h"

#include "src/base/Encoding.h"
#include "src/base/Log.h"
#include "src/protocol/FieldWriter.h"
#include "src/protocol/Proposal.h"
#include "src/protocol/ProposalResponse.h"
#include "src/protocol/Transaction.h"
#include "src/wire/FieldScanner.h"

namespace chancery::node {
namespace {

using protocol::appendBytes;
using protocol::appendElement;
using protocol::appendInteger;

constexpr std::int32_t kError = 500;
constexpr std::int32_t kErrorThreshold = 400;
constexpr std::string_view kEndorsementPlugin = "escc";
constexpr std::size_t kShown = 256;

/// What a client of Fabric sees: code UNKNOWN and the text. The reason is ours.
Status refusal(std::string_view reason, std::string_view text, ErrorArguments arguments = {}) {
    return makeError(StatusCode::kUnknown, reason, text, std::move(arguments));
}

/// Fabric has two kinds of refusals before identities are asked: unpacking, and the first part of
/// validation, which has a prefix and comes after the look for the channel.
bool isValidation(const Status& status) {
    const std::string reason = reasonOf(status);
    if (reason == "BAD_HEADER_TYPE" || reason == "BAD_EPOCH" || reason == "BAD_TXID") return true;
    const std::string path = argumentOf(status, "path");
    return reason == "MISSING_FIELD" && (path == "proposal.header.signature_header.nonce" ||
                                         path == "proposal.header.signature_header.creator" ||
                                         path == "signed_proposal.signature");
}

std::string validationText(const Status& status, const protocol::ChannelHeader& header) {
    const std::string reason = reasonOf(status);
    const std::string path = argumentOf(status, "path");
    if (reason == "BAD_EPOCH") return "epoch is non-zero";
    if (reason == "BAD_HEADER_TYPE")
        return fmt::format("invalid header type {}", protocol::nameOf(header.type));
    if (reason == "BAD_TXID")
        return fmt::format("incorrectly computed txid '{}' -- expected '{}'",
                           printable(header.txId, kShown), argumentOf(status, "expected"));
    if (path.ends_with("nonce")) return "nonce is empty";
    if (path.ends_with("creator")) return "creator is empty";
    return "empty signature bytes";
}

std::string unpackText(const Status& status) {
    const std::string path = argumentOf(status, "path");
    if (reasonOf(status) == "MISSING_FIELD") {
        if (path.ends_with("chaincode_id")) return "ChaincodeHeaderExtension.ChaincodeId is nil";
        if (path.ends_with("chaincode_id.name"))
            return "ChaincodeHeaderExtension.ChaincodeId.Name is empty";
        if (path.ends_with("chaincode_spec"))
            return "chaincode invocation spec did not contain chaincode spec";
        if (path.ends_with("chaincode_spec.input"))
            return "chaincode input did not contain any input";
    }
    return std::string(messageOf(status));
}

/// Of a contract that is not there, or of one whose execution failed.
std::string failureText(const Status& status) {
    const std::string text(messageOf(status));
    return text.starts_with("make sure the chaincode") ? text : "error in simulation: " + text;
}

/// Of a proposal that could not be unpacked altogether.
protocol::ChannelHeader channelHeaderOf(BytesView signedProposal) {
    BytesView bytes = signedProposal;
    for (int depth = 0; depth < 3; ++depth)  // proposal_bytes, header, channel_header
        bytes = wire::lastField(bytes, 1).value_or(BytesView());
    return protocol::decodeChannelHeader(bytes).value_or(protocol::ChannelHeader());
}

Bytes encodeResponse(const ContractResponse& response) {
    Bytes out;
    out.reserve(response.message.size() + response.payload.size() + 24);
    appendInteger(out, 1, static_cast<std::uint64_t>(static_cast<std::int64_t>(response.status)));
    appendBytes(out, 2, response.message);
    appendBytes(out, 3, response.payload);
    return out;
}

}  // namespace

/// One proposal on its way.
struct ProposalEndorser::Call {
    std::shared_ptr<const protocol::UnpackedProposal> proposal;
    PeerChannelPtr channel;  ///< null without a channel
    std::function<void(Result<Bytes>)> done;
    Deadline deadline;
    bool endorses = true;  ///< false: only the contract's answer is wanted
    std::chrono::system_clock::time_point arrived = std::chrono::system_clock::now();
    std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
    std::chrono::system_clock::time_point executionBegan;
    ExecutionResult result;
    /// An answer that is no gRPC error although the proposal is not executed.
    std::optional<std::string> answer;

    std::string channelName() const {
        return channel == nullptr ? std::string() : channel->channelId().str();
    }
};

ProposalEndorser::ProposalEndorser(Parts parts) : m_parts(std::move(parts)) {}
ProposalEndorser::~ProposalEndorser() = default;

void ProposalEndorser::process(Bytes signedProposal, Deadline deadline,
                               std::function<void(Result<Bytes>)> done) {
    auto call = std::make_shared<Call>();
    call->deadline = deadline;
    call->done = std::move(done);
    run(std::move(signedProposal), call);
}

void ProposalEndorser::evaluate(Bytes signedProposal, Deadline deadline,
                                std::function<void(Result<Bytes>)> done) {
    auto call = std::make_shared<Call>();
    call->deadline = deadline;
    call->done = std::move(done);
    call->endorses = false;
    run(std::move(signedProposal), call);
}

void ProposalEndorser::run(Bytes signedProposal, const CallPtr& call) {
    const std::size_t running = ++m_running;
    if (m_parts.metrics != nullptr) m_parts.metrics->proposalsReceived.add();
    if (m_parts.concurrency != 0 && running > m_parts.concurrency)
        return finish(call,
                      makeError(StatusCode::kResourceExhausted, "TOO_MANY_REQUESTS",
                                fmt::format("too many requests for /protos.Endorser, exceeding "
                                            "concurrency limit ({})",
                                            m_parts.concurrency)),
                      false);

    const protocol::SharedBytes bytes(std::move(signedProposal));
    auto unpacked = protocol::unpackProposal(bytes);
    if (!unpacked.ok()) return refuseUnpacked(call, unpacked.status(), bytes.view());
    call->proposal = std::make_shared<const protocol::UnpackedProposal>(*std::move(unpacked));
    const Status admitted = admit(*call);
    if (call->answer) return refuse(call, kError, *call->answer);
    if (!admitted.ok()) {
        tellFlow(*call, FlowStage::Propose, call->arrived, reasonOf(admitted));
        return finish(call, admitted, false);
    }
    tellFlow(*call, FlowStage::Propose, call->arrived, {});
    call->executionBegan = std::chrono::system_clock::now();
    m_parts.executor->execute(
        call->proposal, call->channel, call->deadline,
        [this, call](Result<ExecutionResult> result) { executed(call, std::move(result)); });
}

void ProposalEndorser::refuseUnpacked(const CallPtr& call, const Status& why, BytesView bytes) {
    std::string text = unpackText(why);
    if (isValidation(why)) {
        const protocol::ChannelHeader header = channelHeaderOf(bytes);
        const std::string channel(header.channelId);
        if (!channel.empty() && m_parts.channels->find(ChannelId(channel)) == nullptr)
            return refuse(call, kError,
                          fmt::format("channel '{}' not found", printable(channel, kShown)));
        text = fmt::format("error validating proposal: {}", validationText(why, header));
    }
    if (m_parts.metrics != nullptr) m_parts.metrics->proposalsInvalid.add();
    finish(call, refusal(reasonOf(why), text, argumentsOf(why)), false);
}

/// Everything that decides whether the proposal is executed.
Status ProposalEndorser::admit(Call& call) {
    const auto& header = call.proposal->channelHeader;
    if (!header.channelId.empty()) {
        call.channel = m_parts.channels->find(ChannelId(std::string(header.channelId)));
        if (call.channel == nullptr) {
            call.answer =
                fmt::format("channel '{}' not found", printable(header.channelId, kShown));
            return {};
        }
    }
    RETURN_IF_ERROR(checkCreator(call));
    if (call.channel == nullptr) return {};
    return checkLedger(call);
}

/// Who signed it, and whether that was just now.
Status ProposalEndorser::checkCreator(Call& call) {
    const auto& proposal = *call.proposal;
    const auto invalid = [&](std::string_view reason, std::string_view text) {
        if (m_parts.metrics != nullptr) m_parts.metrics->proposalsInvalid.add();
        return refusal(reason, fmt::format("error validating proposal: {}", text));
    };
    const std::string channel = printable(proposal.channelHeader.channelId, kShown);
    const BytesView creatorBytes = proposal.signatureHeader.creator;
    const channel::BundlePtr bundle = call.channel == nullptr ? nullptr : call.channel->bundle();
    const auto creator = bundle == nullptr ? m_parts.access->localMsp()->deserialize(creatorBytes)
                                           : bundle->msps()->deserialize(creatorBytes);
    if (!creator.ok())
        return invalid(reasonOf(creator.status()),
                       fmt::format("access denied: channel [{}] creator org unknown, creator is "
                                   "malformed",
                                   channel));
    const std::string denied = fmt::format("access denied: channel [{}] creator org [{}]", channel,
                                           printable((*creator)->mspId().str(), kShown));
    if (const Status door = checkDoor(call, **creator); !door.ok()) {
        if (m_parts.metrics != nullptr) m_parts.metrics->proposalsInvalid.add();
        return door;
    }
    const Status valid = bundle == nullptr ? m_parts.access->localMsp()->validate(**creator)
                                           : bundle->msps()->validate(**creator);
    if (!valid.ok()) {
        log::warning("peer", fmt::format("{}: {}", denied, messageOf(valid)));
        return invalid(reasonOf(valid), denied);
    }
    if (const Status signature = (*creator)->verify(proposal.proposal, proposal.signature);
        !signature.ok()) {
        log::warning("peer", fmt::format("{}: {}", denied, messageOf(signature)));
        return invalid(reasonOf(signature), denied);
    }
    return {};
}

/// What depends on the clock: never asked of transactions in blocks.
Status ProposalEndorser::checkDoor(const Call& call, const identity::Identity& creator) const {
    if (const Status door = identity::checkAtDoor(creator, *m_parts.clock); !door.ok())
        return makeError(
            StatusCode::kUnauthenticated, reasonOf(door),
            fmt::format("proposal client identity {}: {}",
                        reasonOf(door) == "NOT_YET_VALID" ? "is not valid yet" : "expired",
                        messageOf(door)));
    const absl::Time now = m_parts.clock->now();
    const auto& stamp = call.proposal->channelHeader.timestamp;
    const absl::Time proposed = stamp ? stamp->time() : absl::UnixEpoch();
    const absl::Duration skew = proposed - now;
    if (absl::AbsDuration(skew) <= m_parts.window) return {};
    const auto text = [](absl::Time time) {
        return absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone());
    };
    const std::int64_t seconds = absl::ToInt64Seconds(skew);
    return makeError(
        StatusCode::kFailedPrecondition, "STALE_TIMESTAMP",
        fmt::format("request unauthorized due to incorrect timestamp {}, peer time {}, "
                    "peer.authentication.timewindow {}: the client's clock is {} seconds {}",
                    text(proposed), text(now), absl::FormatDuration(m_parts.window),
                    std::abs(seconds), seconds < 0 ? "behind" : "ahead"),
        {{"skewSeconds", std::to_string(seconds)}});
}

Status ProposalEndorser::checkLedger(const Call& call) {
    const auto& proposal = *call.proposal;
    const std::string channel = call.channelName();
    const auto place =
        call.channel->ledger().findTransaction(TxId(std::string(proposal.channelHeader.txId)));
    const bool beforeSnapshot = reasonOf(place.status()) == "BEFORE_SNAPSHOT";
    if (!place.ok() && !beforeSnapshot) return place.status();
    const bool known = beforeSnapshot || place->has_value();
    const bool isSystem = m_parts.executor->isSystemContract(proposal.chaincode);
    // Names that a client made up must not become labels.
    const std::string_view label = isSystem ? proposal.chaincode : std::string_view("user");
    if (known) {
        if (m_parts.metrics != nullptr) m_parts.metrics->duplicates.add(1, {channel, label});
        return refusal(
            "DUPLICATE_TXID",
            fmt::format("duplicate transaction found [{}]. Creator [{}]",
                        proposal.channelHeader.txId, toHex(proposal.signatureHeader.creator)));
    }
    if (isSystem) return {};
    const Status allowed =
        m_parts.access->check("peer/Propose", call.channel.get(), proposal.signatureHeader.creator);
    if (allowed.ok()) return {};
    if (m_parts.metrics != nullptr) m_parts.metrics->aclFailures.add(1, {channel, label});
    return refusal(reasonOf(allowed), messageOf(allowed), argumentsOf(allowed));
}

void ProposalEndorser::executed(const CallPtr& call, Result<ExecutionResult> result) {
    if (!result.ok()) {
        if (m_parts.metrics != nullptr)
            m_parts.metrics->simulationFailures.add(1, {call->channelName(), "unknown"});
        tellFlow(*call, FlowStage::Execute, call->executionBegan, reasonOf(result.status()));
        return refuse(call, kError, failureText(result.status()));
    }
    call->result = *std::move(result);
    tellFlow(*call, FlowStage::Execute, call->executionBegan,
             call->result.response.status >= kErrorThreshold
                 ? std::to_string(call->result.response.status)
                 : std::string());
    const bool willEndorse = call->endorses && call->channel != nullptr &&
                             call->result.response.status < kErrorThreshold;
    if (!willEndorse || call->result.privateWrites.empty()) return respond(call);
    // The caller's thread belongs to a contract's stream: it must not wait for the disk.
    m_parts.pool->post([this, call] { holdPrivateData(call); });
}

/// Before the endorsement leaves the peer, its private data are safe with those who must have them.
void ProposalEndorser::holdPrivateData(const CallPtr& call) {
    const TxId txId(std::string(call->proposal->channelHeader.txId));
    const BlockNumber height = call->channel->height();
    m_parts.dissemination->disseminate(
        call->channel, txId, height, call->result.privateWrites,
        [this, call, txId, height](const Status& disseminated) {
            Status held = disseminated;
            if (held.ok())
                held =
                    call->channel->ledger().holdTransient(txId, height, call->result.privateWrites);
            if (held.ok()) return respond(call);
            if (m_parts.metrics != nullptr)
                m_parts.metrics->simulationFailures.add(
                    1, {call->channelName(), call->proposal->chaincode});
            refuse(call, kError, fmt::format("error in simulation: {}", messageOf(held)));
        });
}

void ProposalEndorser::respond(const CallPtr& call) {
    const auto began = std::chrono::system_clock::now();
    const std::int32_t status = call->result.response.status;
    auto response = endorse(*call);
    const bool good = response.ok() && status < kErrorThreshold && call->channel != nullptr;
    if (!response.ok())
        return refuse(
            call, kError,
            fmt::format("endorsing with plugin failed: {}", messageOf(response.status())));
    if (good && call->endorses) tellFlow(*call, FlowStage::Endorse, began, {});
    if (call->channel != nullptr && !good && m_parts.metrics != nullptr && status < kError)
        m_parts.metrics->endorsementFailures.add(
            1, {call->channelName(), call->proposal->chaincode, "true"});
    finish(call, *std::move(response), good || call->channel == nullptr);
}

/// ProposalResponse bytes, by the status of the contract (fact sheet B §1.2).
Result<Bytes> ProposalEndorser::endorse(Call& call) {
    ExecutionResult& result = call.result;
    const Bytes response = encodeResponse(result.response);
    const std::int32_t status = result.response.status;
    // Definitions may name plugins that a peer was built with; this one has Fabric's own only.
    if (const std::string& plugin = result.endorsementPlugin;
        status < kErrorThreshold && !plugin.empty() && plugin != kEndorsementPlugin)
        return makeError(
            StatusCode::kFailedPrecondition, "UNKNOWN_PLUGIN",
            fmt::format("plugin with name {0} could not be used: plugin with name {0} wasn't found",
                        printable(plugin, kShown)),
            {{"plugin", printable(plugin, kShown)}});
    Bytes out;
    const bool withPayload =
        status >= kError || (call.endorses && call.channel != nullptr && status < kErrorThreshold);
    if (!withPayload) {
        appendElement(out, 4, response);
        return out;
    }
    protocol::SimulationResult simulated;
    simulated.proposalHash = call.proposal->proposalHash;
    simulated.results = std::move(result.readWriteSet);
    if (status < kErrorThreshold) simulated.event = std::move(result.event);
    simulated.responseStatus = status;
    simulated.responseMessage = result.response.message;
    simulated.responsePayload = result.response.payload;
    simulated.chaincode = std::string(call.proposal->chaincode);
    simulated.chaincodeVersion = result.version;
    const Bytes payload = protocol::encodeResponsePayload(simulated);
    if (status >= kError) {
        appendElement(out, 4, response);
        appendBytes(out, 5, payload);
        if (result.simulated) appendElement(out, 7, result.interest);
        return out;
    }
    const Bytes& endorser = m_parts.signer->serialized();
    const Bytes message = protocol::endorsementMessage(payload, endorser);
    ASSIGN_OR_RETURN(const Bytes signature, m_parts.signer->sign(message));
    if (m_parts.signatures != nullptr) m_parts.signatures->add({message, endorser, signature});
    Bytes endorsement;
    endorsement.reserve(endorser.size() + signature.size() + 8);
    appendBytes(endorsement, 1, endorser);
    appendBytes(endorsement, 2, signature);
    out.reserve(response.size() + payload.size() + endorsement.size() + result.interest.size() +
                32);
    appendInteger(out, 1, 1);
    appendElement(out, 4, response);
    appendBytes(out, 5, payload);
    appendElement(out, 6, endorsement);
    if (result.simulated) appendElement(out, 7, result.interest);
    return out;
}

/// An answer without endorsement.
void ProposalEndorser::refuse(const CallPtr& call, std::int32_t status, std::string_view message) {
    Bytes out;
    appendElement(out, 4, encodeResponse({status, std::string(message), {}}));
    finish(call, std::move(out), false);
}

void ProposalEndorser::finish(const CallPtr& call, Result<Bytes> response, bool success) {
    if (m_parts.metrics != nullptr) {
        if (success) m_parts.metrics->proposalsSuccessful.add();
        if (call->executionBegan != std::chrono::system_clock::time_point())
            m_parts.metrics->proposalDuration.observe(
                std::chrono::duration<double>(std::chrono::steady_clock::now() - call->began)
                    .count(),
                {call->channelName(), success ? call->proposal->chaincode : "unknown",
                 success ? "true" : "false"});
    }
    if (!response.ok())
        log::info("peer", fmt::format("proposal refused: {}", messageOf(response.status())));
    --m_running;
    const auto done = std::move(call->done);
    done(std::move(response));
}

void ProposalEndorser::tellFlow(const Call& call, FlowStage stage,
                                std::chrono::system_clock::time_point start,
                                std::string outcome) const {
    if (m_parts.flow == nullptr || !m_parts.flow->isWanted()) return;
    m_parts.flow->publish({stage, ChannelId(call.channelName()),
                           TxId(std::string(call.proposal->channelHeader.txId)), start,
                           std::chrono::system_clock::now() - start, std::move(outcome)});
}

}  // namespace chancery::node
