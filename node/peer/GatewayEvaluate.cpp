#include <fmt/format.h>

#include <algorithm>

#include "node/peer/GatewayCalls.h"
#include "node/peer/GatewayErrors.h"
#include "src/protocol/FieldWriter.h"
#include "src/rpc/ByteCalls.h"

namespace chancery::node {
namespace {

/// Asks one peer after the other until one has an answer.
class EvaluateCall final : public GatewayCall, public std::enable_shared_from_this<EvaluateCall> {
public:
    EvaluateCall(const GatewayParts& parts, PeerChannelPtr channel,
                 std::vector<ChannelPeerPtr> peers, protocol::SharedBytes proposal,
                 Deadline deadline, std::stop_token stop, Gateway::Reply reply)
        : GatewayCall(std::move(reply), std::move(stop)),
          m_parts(parts),
          m_channel(std::move(channel)),
          m_peers(std::move(peers)),
          m_proposal(std::move(proposal)),
          m_deadline(deadline) {}

    void start() {
        watch([weak = weak_from_this()] {
            if (const auto self = weak.lock()) self->stopped();
        });
        ask();
    }

private:
    void ask() {
        const ChannelPeerPtr& peer = m_peers[m_at];
        auto call =
            m_parts.endorsers.ask(GatewayEndorsers::Purpose::Evaluate, *m_channel, peer, m_proposal,
                                  m_deadline, [self = shared_from_this()](EndorserAnswer answer) {
                                      self->answered(std::move(answer));
                                  });
        if (!call) return;
        const std::lock_guard lock(m_mutex);
        m_running = call;
        if (isFinished()) call->cancel();
    }

    void answered(EndorserAnswer answer) {
        if (isFinished()) return;
        if (answer.code == StatusCode::kOk) {
            finish(encode(*answer.response));
            return;
        }
        m_details.push_back({m_peers[m_at]->endpoint, m_peers[m_at]->mspId, answer.message});
        if (!answer.retry)
            finish(gatewayError(answer.code,
                                "evaluate call to endorser returned error: " + answer.message,
                                m_details));
        else if (++m_at == m_peers.size())
            finish(gatewayError(
                answer.code, "failed to evaluate transaction, see attached details for more info",
                m_details));
        else
            ask();
    }

    void stopped() {
        finish(gatewayError(StatusCode::kDeadlineExceeded, "evaluate timeout expired"));
        const std::lock_guard lock(m_mutex);
        if (const auto call = m_running.lock()) call->cancel();
    }

    // The contract's own result stands in what was endorsed.
    static Bytes encode(const protocol::ProposalResponse& response) {
        const BytesView payload =
            response.actionResponse ? response.actionResponse->payload : response.response->payload;
        Bytes inner;
        inner.reserve(payload.size() + response.response->message.size() + 32);
        protocol::appendInteger(inner, 1, static_cast<std::uint64_t>(response.response->status));
        protocol::appendBytes(inner, 2, response.response->message);
        protocol::appendBytes(inner, 3, payload);
        Bytes out;
        protocol::appendElement(out, 1, inner);
        return out;
    }

    const GatewayParts m_parts;
    const PeerChannelPtr m_channel;
    const std::vector<ChannelPeerPtr> m_peers;
    const protocol::SharedBytes m_proposal;
    const Deadline m_deadline;
    std::size_t m_at = 0;
    std::vector<GatewayErrorDetail> m_details;
    std::mutex m_mutex;
    std::weak_ptr<rpc::UnaryByteCall> m_running;
};

/// Own organisation first, then the others by height; `organisations` empty: all.
std::vector<ChannelPeerPtr> choose(const GatewayParts& parts, PeerChannel& channel,
                                   std::string_view contract,
                                   const std::vector<std::string>& organisations) {
    auto peers = peersWith(parts, channel, contract);
    if (!organisations.empty())
        std::erase_if(peers, [&](const auto& peer) {
            return std::find(organisations.begin(), organisations.end(), peer->mspId.str()) ==
                   organisations.end();
        });
    std::stable_partition(peers.begin(), peers.end(), [&](const auto& peer) {
        return peer->mspId == parts.directory.selfMsp();
    });
    return peers;
}

}  // namespace

namespace {

void evaluate(const GatewayParts& parts, ProposalCall request, Deadline deadline,
              std::stop_token stop, Gateway::Reply reply, int refreshes) {
    const auto target =
        decodeTarget(request.signedProposal.view(), "a signed proposal is required");
    if (!target.ok()) {
        reply(gatewayError(
            StatusCode::kInvalidArgument,
            fmt::format("failed to unpack transaction proposal: {}", messageOf(target.status()))));
        return;
    }
    const auto channel = parts.channels.find(ChannelId(std::string(target->channel)));
    if (!channel) {
        reply(gatewayError(StatusCode::kUnavailable,
                           fmt::format("failed to get config for channel [{0}]: could not get last "
                                       "config for channel {0}",
                                       target->channel)));
        return;
    }
    // Transient data goes to nobody else's peers unless the client says so.
    const bool isProtected = target->hasTransient && request.organisations.empty();
    auto organisations = request.organisations;
    if (isProtected) organisations.push_back(parts.directory.selfMsp().str());
    auto peers = choose(parts, *channel, target->chaincode, organisations);
    if (peers.empty()) {
        const std::string problem =
            fmt::format("no peers available to evaluate chaincode {} in channel {}",
                        target->chaincode, target->channel);
        if (isWorthRefresh(parts, *channel, target->chaincode, refreshes)) {
            parts.directory.refreshThen(
                channel->channelId(),
                [parts, request = std::move(request), deadline, stop = std::move(stop),
                 reply = std::move(reply),
                 refreshes] { evaluate(parts, request, deadline, stop, reply, refreshes); });
            return;
        }
        reply(gatewayError(
            StatusCode::kFailedPrecondition,
            isProtected ? "no endorsers found in the gateway's organization; retry specifying "
                          "target organization(s) to protect transient data: " +
                              problem
                        : problem));
        return;
    }
    std::make_shared<EvaluateCall>(parts, channel, std::move(peers), request.signedProposal,
                                   deadline, std::move(stop), std::move(reply))
        ->start();
}

}  // namespace

void startEvaluate(const GatewayParts& parts, ProposalCall request, Deadline deadline,
                   std::stop_token stop, Gateway::Reply reply) {
    evaluate(parts, std::move(request), deadline, std::move(stop), std::move(reply), 0);
}

}  // namespace chancery::node
