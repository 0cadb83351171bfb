#include "node/peer/Gateway.h"

#include <fmt/format.h>

#include "node/peer/GatewayCalls.h"
#include "node/peer/GatewayCommits.h"
#include "node/peer/GatewayConnections.h"
#include "node/peer/GatewayErrors.h"
#include "node/peer/GatewayRequests.h"
#include "src/identity/Identity.h"
#include "src/policy/Policy.h"
#include "src/protocol/FieldWriter.h"

namespace chancery::node {
namespace {

Status invalid(std::string_view sentence) {
    return gatewayError(StatusCode::kInvalidArgument, sentence);
}

/// Sends one envelope and tells the flow of transactions.
class SubmitRun final : public GatewayCall, public std::enable_shared_from_this<SubmitRun> {
public:
    SubmitRun(SubmitCall request, FlowEvents* flow, std::stop_token stop, Gateway::Reply reply)
        : GatewayCall(std::move(reply), std::move(stop)),
          m_request(std::move(request)),
          m_flow(flow != nullptr && flow->isWanted() ? flow : nullptr) {
        if (m_flow != nullptr) {
            m_start = std::chrono::system_clock::now();
            m_began = std::chrono::steady_clock::now();
        }
    }

    void start(GatewayOrderers& orderers, const channel::Bundle& bundle) {
        watch([weak = weak_from_this()] {
            if (const auto self = weak.lock())
                self->finish(
                    gatewayError(StatusCode::kDeadlineExceeded,
                                 "submit timeout expired while broadcasting to ordering service"));
        });
        orderers.submit(bundle, m_request.envelope,
                        [self = shared_from_this()](const Status& status) {
                            self->publish(status);
                            self->finish(status.ok() ? Result<Bytes>(Bytes()) : status);
                        });
    }

private:
    void publish(const Status& status) {
        if (m_flow == nullptr) return;
        m_flow->publish({FlowStage::Submit, ChannelId(std::string(m_request.channelId)),
                         TxId(std::string(m_request.transactionId)), m_start,
                         std::chrono::steady_clock::now() - m_began,
                         status.ok() ? std::string() : std::string(chancery::messageOf(status))});
    }

    const SubmitCall m_request;
    FlowEvents* const m_flow;
    std::chrono::system_clock::time_point m_start;
    std::chrono::steady_clock::time_point m_began;
};

}  // namespace

struct Gateway::Impl {
    Impl(const PeerChannels& channelsOfPeer, Endorser& endorser, PeerDirectory& directory,
         Layouts& layouts, GatewayConnections& connections, GatewayOptions chosen,
         const Clock& time)
        : channels(channelsOfPeer),
          options(std::move(chosen)),
          clock(time),
          endorsers(endorser, connections, directory, options.endorsementTimeout),
          orderers(connections, options.orderers),
          parts{channelsOfPeer, directory, layouts, endorsers},
          pool("gateway", options.threads),
          commits(pool) {}

    PeerChannelPtr find(std::string_view channel) const {
        return channels.find(ChannelId(std::string(channel)));
    }

    /// Whether the signer of a request may use a resource of the channel.
    Status checkAccess(const channel::Bundle& bundle, std::string_view resource,
                       const policy::SignedData& data) const {
        const std::string path = bundle.policyOfResource(resource);
        const auto refuse = [&](const Status& why) {
            return gatewayError(
                StatusCode::kPermissionDenied,
                fmt::format("Failed evaluating policy on signed data during check policy on "
                            "channel [{}] with policy [{}]: [{}]",
                            bundle.channelId().str(), path, chancery::messageOf(why)));
        };
        const auto policy = bundle.policies().find(path);
        if (!policy)
            return refuse(makeError(StatusCode::kNotFound, "UNKNOWN_POLICY",
                                    "the channel has no such policy"));
        const auto identity = bundle.msps()->deserialize(data.identity);
        if (!identity.ok()) return refuse(identity.status());
        if (const Status valid = identity::checkAtDoor(**identity, clock); !valid.ok())
            return refuse(valid);
        if (const Status allowed = policy::evaluate(*policy, std::span(&data, 1), *bundle.msps());
            !allowed.ok())
            return refuse(allowed);
        return {};
    }

    /// Asks again after each change of the channel's configuration, which may have revoked the
    /// caller, and when the caller's certificate ends.
    std::function<Status()> accessOverTime(PeerChannelPtr channel, std::string resource,
                                           const policy::SignedData& data) const {
        struct Checked {
            Bytes data, identity, signature;
            channel::BundlePtr bundle;
            absl::Time expires;
        };
        auto checked = std::make_shared<Checked>(
            Checked{Bytes(data.data), Bytes(data.identity), Bytes(data.signature), nullptr, {}});
        return [this, channel = std::move(channel), resource = std::move(resource),
                checked]() -> Status {
            const channel::BundlePtr bundle = channel->bundle();
            if (bundle == checked->bundle && clock.now() <= checked->expires) return {};
            RETURN_IF_ERROR(checkAccess(*bundle, resource,
                                        {checked->data, checked->identity, checked->signature}));
            ASSIGN_OR_RETURN(const auto identity, bundle->msps()->deserialize(checked->identity));
            checked->expires = identity->certificate().notAfter();
            checked->bundle = bundle;
            return {};
        };
    }

    static Status noPolicyManager(std::string_view channel) {
        return gatewayError(
            StatusCode::kPermissionDenied,
            channel.empty()
                ? std::string("Invalid channel ID name during check policy on signed "
                              "data. Name must be different from nil.")
                : fmt::format("Failed to get policy manager for channel [{}]", channel));
    }

    Result<EventsFilter> filterOf(PeerChannel& channel, const ChaincodeEventsRequest& request) {
        using Start = ChaincodeEventsRequest::Start;
        EventsFilter filter;
        filter.chaincode = request.chaincode;
        if (!request.afterTransactionId.empty()) {
            const auto place =
                channel.ledger().findTransaction(TxId(std::string(request.afterTransactionId)));
            if (place.ok() && *place) {
                filter.start = (*place)->place.block;
                filter.afterTransaction = (*place)->place.transaction;
                return filter;
            }
            filter.afterUnknownTxId = request.afterTransactionId;
        }
        switch (request.start) {
            case Start::NextCommit:
                filter.start = static_cast<BlockFeed&>(channel).height();
                return filter;
            case Start::Specified:
                filter.start = request.block;
                return filter;
            case Start::Newest:
                return invalid("invalid start position type: *orderer.SeekPosition_Newest");
            case Start::Oldest:
                return invalid("invalid start position type: *orderer.SeekPosition_Oldest");
        }
        return filter;
    }

    const PeerChannels& channels;
    const GatewayOptions options;
    const Clock& clock;
    GatewayEndorsers endorsers;
    GatewayOrderers orderers;
    const GatewayParts parts;
    GatewayEventCache events;
    TaskPool pool;  // before those who post to it
    GatewayCommits commits;
};

Gateway::Gateway(const PeerChannels& channels, Endorser& endorser, PeerDirectory& directory,
                 Layouts& layouts, GatewayConnections& connections, GatewayOptions options,
                 const Clock& clock)
    : m_impl(std::make_unique<Impl>(channels, endorser, directory, layouts, connections,
                                    std::move(options), clock)) {}
Gateway::~Gateway() = default;

void Gateway::evaluate(protocol::SharedBytes request, Deadline deadline, std::stop_token stop,
                       Reply reply) {
    auto decoded = decodeProposalCall(std::move(request));
    if (!decoded.ok()) return reply(decoded.status());
    startEvaluate(m_impl->parts, *std::move(decoded), deadline, std::move(stop), std::move(reply));
}

void Gateway::endorse(protocol::SharedBytes request, Deadline deadline, std::stop_token stop,
                      Reply reply) {
    auto decoded = decodeProposalCall(std::move(request));
    if (!decoded.ok()) return reply(decoded.status());
    startEndorse(m_impl->parts, *std::move(decoded), deadline, std::move(stop), std::move(reply));
}

void Gateway::submit(protocol::SharedBytes request, std::stop_token stop, Reply reply) {
    auto decoded = decodeSubmitCall(std::move(request));
    if (!decoded.ok()) return reply(decoded.status());
    if (!decoded->hasEnvelope) return reply(invalid("a prepared transaction is required"));
    if (decoded->signature.empty()) return reply(invalid("prepared transaction must be signed"));
    const auto channel = m_impl->find(decoded->channelId);
    if (!channel)
        return reply(gatewayError(
            StatusCode::kFailedPrecondition,
            fmt::format("failed to get config for channel [{0}]: could not get last config for "
                        "channel {0}",
                        decoded->channelId)));
    const auto bundle = channel->bundle();
    std::make_shared<SubmitRun>(*std::move(decoded), m_impl->options.flow, std::move(stop),
                                std::move(reply))
        ->start(m_impl->orderers, *bundle);
}

void Gateway::commitStatus(protocol::SharedBytes request, std::stop_token stop, Reply reply) {
    const auto decoded = decodeSignedCall(std::move(request));
    if (!decoded.ok()) return reply(decoded.status());
    if (decoded->request.empty()) return reply(invalid("a commit status request is required"));
    const auto inner = decodeCommitStatus(decoded->request);
    if (!inner.ok())
        return reply(invalid(
            fmt::format("invalid status request: {}", chancery::messageOf(inner.status()))));
    if (inner->identity.empty()) return reply(invalid("no identity provided"));
    if (inner->channelId.empty()) return reply(invalid("no channel ID provided"));
    if (inner->transactionId.empty()) return reply(invalid("transaction ID should not be empty"));
    const auto channel = m_impl->find(inner->channelId);
    if (!channel) return reply(Impl::noPolicyManager(inner->channelId));
    if (const Status allowed =
            m_impl->checkAccess(*channel->bundle(), "gateway/CommitStatus",
                                {decoded->request, inner->identity, decoded->signature});
        !allowed.ok())
        return reply(allowed);
    m_impl->commits.wait(
        channel, TxId(std::string(inner->transactionId)), std::move(stop),
        [reply = std::move(reply)](const Result<CommitAnswer>& answer) {
            if (!answer.ok()) {
                const auto& status = answer.status();
                reply(gatewayError(status.code() == StatusCode::kCancelled ? StatusCode::kCancelled
                                                                           : StatusCode::kAborted,
                                   chancery::messageOf(status)));
                return;
            }
            Bytes bytes;
            protocol::appendInteger(bytes, 1, static_cast<std::uint64_t>(answer->code));
            protocol::appendInteger(bytes, 2, answer->block);
            reply(std::move(bytes));
        });
}

Result<std::shared_ptr<GatewayEventStream>> Gateway::chaincodeEvents(
    protocol::SharedBytes request, GatewayEventStream::Sink sink) {
    ASSIGN_OR_RETURN(const auto decoded, decodeSignedCall(std::move(request)));
    if (decoded.request.empty()) return invalid("a chaincode events request is required");
    const auto inner = decodeChaincodeEvents(decoded.request);
    if (!inner.ok())
        return invalid(fmt::format("invalid chaincode events request: {}",
                                   chancery::messageOf(inner.status())));
    const auto channel = m_impl->find(inner->channelId);
    if (!channel) return Impl::noPolicyManager(inner->channelId);
    auto mayGoOn = m_impl->accessOverTime(channel, "gateway/ChaincodeEvents",
                                          {decoded.request, inner->identity, decoded.signature});
    RETURN_IF_ERROR(mayGoOn());
    ASSIGN_OR_RETURN(auto filter, m_impl->filterOf(*channel, *inner));
    filter.mayGoOn = std::move(mayGoOn);
    return std::make_shared<GatewayEventStream>(channel, std::move(filter), std::move(sink),
                                                m_impl->events, m_impl->pool);
}

}  // namespace chancery::node
