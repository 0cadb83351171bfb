#include "node/deliver/DeliverSession.h"

#include "fabric/common/common.pb.h"
#include "node/deliver/DeliverMetrics.h"
#include "src/base/Encoding.h"
#include "src/policy/Policy.h"

namespace chancery::node {
namespace {

using ::common::BAD_REQUEST;
using ::common::FORBIDDEN;
using ::common::NOT_FOUND;
using ::common::SERVICE_UNAVAILABLE;
using ::common::SUCCESS;

Status closedError(const ChannelId& channel) {
    return makeError(StatusCode::kUnavailable, "CHANNEL_CLOSED",
                     fmt::format("channel {} takes no part any more", channel.str()),
                     {{"channel", channel.str()}});
}

Status noBlock(BlockNumber number) {
    return makeError(StatusCode::kNotFound, "NO_SUCH_BLOCK",
                     fmt::format("there is no block {}", number),
                     {{"block", std::to_string(number)}});
}

}  // namespace

std::string ordererReaders(const channel::Bundle& bundle) {
    const auto* orderer = bundle.orderer();
    const bool maintenance =
        orderer != nullptr && orderer->consensusState == channel::ConsensusState::Maintenance;
    return maintenance ? "/Channel/Orderer/Readers" : "/Channel/Readers";
}

std::function<std::string(const channel::Bundle&)> readersOf(std::string resource) {
    return [resource = std::move(resource)](const channel::Bundle& bundle) {
        return bundle.policyOfResource(resource);
    };
}

/// What a feed's listener knows of a session, which may be gone.
struct DeliverSession::Waiting {
    std::atomic<bool> armed = false;
    std::function<void()> wake;

    void fire() {
        if (armed.exchange(false)) wake();
    }
};

DeliverSession::DeliverSession(std::shared_ptr<const DeliverRules> rules, DeliverKind kind,
                               Bytes tlsCertificateHash, std::function<void()> wake)
    : m_rules(std::move(rules)),
      m_kind(std::move(kind)),
      m_tlsCertificateHash(std::move(tlsCertificateHash)),
      m_waiting(std::make_shared<Waiting>()) {
    m_waiting->wake = std::move(wake);
}

DeliverSession::~DeliverSession() = default;

void DeliverSession::seek(protocol::SharedBytes envelope) {
    m_state = State::Sending;
    m_checkedSequence.reset();
    int status = SUCCESS;
    m_refusal = begin(std::move(envelope), status);
    if (!m_refusal.ok()) m_status = status;
}

Status DeliverSession::begin(protocol::SharedBytes envelope, int& status) {
    status = BAD_REQUEST;
    m_feed = nullptr;
    ASSIGN_OR_RETURN(m_request, decodeSeekRequest(std::move(envelope)));
    RETURN_IF_ERROR(checkSeekHeader(m_request.header, m_rules->clock->now(), m_rules->window,
                                    m_rules->mutualTls, m_tlsCertificateHash));
    m_channel = ChannelId(std::string(m_request.header.channelId));
    m_feed = m_rules->feeds(m_channel);
    if (m_feed == nullptr) {
        status = NOT_FOUND;
        return makeError(StatusCode::kNotFound, "NO_SUCH_CHANNEL",
                         fmt::format("there is no channel {}", printable(m_channel.str(), 256)),
                         {{"channel", printable(m_channel.str(), 256)}});
    }
    if (m_rules->metrics)
        m_rules->metrics->received(m_channel.str(), m_kind.blocks->rendering().dataType());
    ASSIGN_OR_RETURN(m_info, decodeSeekInfo(m_request.data));
    if (m_feed->isClosed() || (m_feed->isInError() && !m_info.bestEffort)) {
        status = SERVICE_UNAVAILABLE;
        return closedError(m_channel);
    }
    if (const Status access = checkAccess(); !access.ok()) {
        status = FORBIDDEN;
        return access;
    }
    return findRange(m_info, status);
}

Status DeliverSession::findRange(const SeekInfo& info, int& status) {
    using Kind = SeekPosition::Kind;
    status = BAD_REQUEST;
    if (!info.start || !info.stop)
        return makeError(StatusCode::kInvalidArgument, "NO_RANGE",
                         "the request says not both where to start and where to stop");
    const BlockNumber height = m_feed->height();
    const bool isEmpty = height == m_feed->firstBlock();
    switch (info.start->kind) {
        case Kind::Oldest:
            m_next = 0;
            break;
        case Kind::Newest:
            // After a snapshot and nothing else: the block to come.
            m_next = isEmpty ? height : height - 1;
            break;
        case Kind::Specified:
            m_next = info.start->number;
            break;
        case Kind::NextCommit:
            m_next = height;
            break;
        case Kind::None:
            status = NOT_FOUND;
            return makeError(StatusCode::kNotFound, "NO_RANGE", "the request starts nowhere");
    }
    if (m_next > height || (m_next < m_feed->firstBlock())) {
        status = NOT_FOUND;
        return noBlock(m_next);
    }
    switch (info.stop->kind) {
        case Kind::Oldest:
            m_stop = m_next;
            break;
        case Kind::Newest:
            m_stop = *info.start == *info.stop ? m_next : height - 1;
            break;
        case Kind::Specified:
            m_stop = info.stop->number;
            if (m_stop < m_next)
                return makeError(
                    StatusCode::kInvalidArgument, "RANGE_REVERSED",
                    fmt::format("the range ends at {} before it starts at {}", m_stop, m_next));
            break;
        case Kind::NextCommit:
        case Kind::None:
            m_stop = 0;  // as Fabric takes them
            break;
    }
    return absl::OkStatus();
}

Status DeliverSession::checkAccess() {
    const channel::BundlePtr bundle = m_feed->bundle();
    const absl::Time now = m_rules->clock->now();
    if (now > m_expires || m_checkedSequence != bundle->sequence()) {
        ASSIGN_OR_RETURN(const auto identity,
                         bundle->msps()->deserialize(m_request.signatureHeader.creator));
        m_expires = identity->certificate().notAfter();
        RETURN_IF_ERROR(identity::checkAtDoor(*identity, *m_rules->clock));
        const std::string path = m_kind.policy(*bundle);
        const policy::PolicyPtr policy = bundle->policies().find(path);
        if (policy == nullptr)
            return makeError(StatusCode::kPermissionDenied, "NO_SUCH_POLICY",
                             fmt::format("there is no policy {}", path), {{"policy", path}});
        const policy::SignedData signedData{m_request.envelope.payload,
                                            m_request.signatureHeader.creator,
                                            m_request.envelope.signature};
        RETURN_IF_ERROR(
            withContext(policy::evaluate(*policy, {&signedData, 1}, *bundle->msps()), path));
        m_checkedSequence = bundle->sequence();
    }
    return absl::OkStatus();
}

std::optional<protocol::SharedBytes> DeliverSession::finish(int status, Status why) {
    if (m_feed != nullptr && m_rules->metrics)
        m_rules->metrics->completed(m_channel.str(), m_kind.blocks->rendering().dataType(),
                                    status == SUCCESS);
    m_status.reset();
    m_subscription.reset();
    m_feed = nullptr;
    m_refusal = std::move(why);
    m_state = status == SUCCESS ? State::Idle : State::Ended;
    return protocol::SharedBytes(encodeDeliverStatus(status));
}

/// True when there is something to do after all.
bool DeliverSession::waitForBlock() {
    if (!m_subscription)
        m_subscription = m_feed->onHeight([waiting = m_waiting](BlockNumber) { waiting->fire(); });
    m_waiting->armed = true;
    if (m_feed->height() <= m_next && !m_feed->isClosed()) return false;
    // Disarmed by the listener: it wakes us, which then does no harm.
    m_waiting->armed = false;
    return true;
}

std::optional<protocol::SharedBytes> DeliverSession::next() {
    if (m_state != State::Sending) return std::nullopt;
    if (m_status) return finish(*m_status, m_refusal);
    while (true) {
        if (m_feed->isClosed() || (m_feed->isInError() && !m_info.bestEffort))
            return finish(SERVICE_UNAVAILABLE, closedError(m_channel));
        if (m_feed->height() > m_next) break;
        if (m_info.failIfNotReady) return finish(NOT_FOUND, noBlock(m_next));
        if (!waitForBlock()) return std::nullopt;
    }
    if (Status access = checkAccess(); !access.ok()) return finish(FORBIDDEN, std::move(access));
    auto message = m_kind.blocks->get(
        m_feed, m_next, {m_channel, m_request.signatureHeader.creator, m_info.headersOnly});
    if (!message.ok())
        return finish(absl::IsInvalidArgument(message.status()) ? BAD_REQUEST : SERVICE_UNAVAILABLE,
                      std::move(message).status());
    if (m_rules->metrics)
        m_rules->metrics->sent(m_channel.str(), m_kind.blocks->rendering().dataType());
    if (m_next == m_stop) m_status = SUCCESS;
    ++m_next;
    return *std::move(message);
}

}  // namespace chancery::node
