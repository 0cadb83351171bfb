#include "node/orderer/OrdererChannel.h"

#include "fabric/common/common.pb.h"
#include "fabric/common/configtx.pb.h"
#include "node/orderer/SingleConsenter.h"
#include "src/base/Log.h"
#include "src/channel/Signing.h"
#include "src/channel/Update.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::node {
namespace {

constexpr const char* kChannelRoom = "orderer";
constexpr const char* kJoinBlock = "join.block";

Status badRequest(std::string_view context, const Status& why) {
    return makeError(StatusCode::kInvalidArgument, reasonOf(why),
                     fmt::format("{}: {}", context, messageOf(why)), argumentsOf(why));
}

/// Several consenters would each write blocks of their own.
Status checkConsensus(const channel::Bundle& bundle) {
    if (bundle.orderer() == nullptr)
        return makeError(StatusCode::kInvalidArgument, "UNSUPPORTED_CONSENSUS",
                         "the configuration has no orderer section");
    if (bundle.consensusType() != "etcdraft")
        return makeError(
            StatusCode::kInvalidArgument, "UNSUPPORTED_CONSENSUS",
            fmt::format("consensus type '{}' is not supported here", bundle.consensusType()));
    return absl::OkStatus();
}

Status checkSingle(const channel::Bundle& bundle) {
    RETURN_IF_ERROR(checkConsensus(bundle));
    if (bundle.consenters().size() == 1) return absl::OkStatus();
    return makeError(StatusCode::kInvalidArgument, "UNSUPPORTED_CONSENSUS",
                     fmt::format("this orderer orders alone, but the channel would have {} "
                                 "consenters",
                                 bundle.consenters().size()),
                     {{"consenters", std::to_string(bundle.consenters().size())}});
}

}  // namespace

OrdererChannel::OrdererChannel(OrdererContextPtr context, ChannelId channel, Options options)
    : m_context(std::move(context)),
      m_channelId(std::move(channel)),
      m_options(std::move(options)) {}

OrdererChannel::~OrdererChannel() {
    halt();
}

Result<OrdererChannelPtr> OrdererChannel::open(OrdererContextPtr context, const ChannelId& channel,
                                               const Options& options,
                                               std::optional<protocol::Block> join) {
    OrdererChannelPtr opened(new OrdererChannel(std::move(context), channel, options));
    opened->m_join = std::move(join);
    RETURN_IF_ERROR(opened->openStore());
    RETURN_IF_ERROR(opened->begin());
    return opened;
}

Status OrdererChannel::openStore() {
    BlockStoreOptions options;
    options.disk = m_context->disk;
    ASSIGN_OR_RETURN(m_store, BlockStore::open(m_options.folder / "blocks", options));
    if (const auto& repair = m_store->repair())
        log::warning(kChannelRoom, fmt::format("{}: {} bytes at offset {} of {} were cut off: {}",
                                               m_channelId.str(), repair->bytes, repair->offset,
                                               repair->file, repair->why));
    if (m_join) {
        m_joinHash = m_join->header().hash();
        ASSIGN_OR_RETURN(m_bundle, bundleOf(*m_join));
        if (m_store->height() == 0 && m_join->number() == 0)
            RETURN_IF_ERROR(m_store->append(*m_join));
    }
    return openTip();
}

/// From the blocks that are there.
Status OrdererChannel::openTip() {
    m_height = m_store->height();
    m_tip = {};
    if (m_height == 0) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto newest, m_store->read(m_height - 1));
    BlockNumber lastConfig = newest.number();
    if (!newest.isConfigBlock()) {
        ASSIGN_OR_RETURN(lastConfig, newest.lastConfig());
    }
    ASSIGN_OR_RETURN(const auto configBlock, m_store->read(lastConfig));
    ASSIGN_OR_RETURN(auto bundle, bundleOf(configBlock));
    ASSIGN_OR_RETURN(m_tip, tipOf(newest, *bundle));
    const std::lock_guard lock(m_mutex);
    m_bundle = std::move(bundle);
    return absl::OkStatus();
}

bool OrdererChannel::mayConsent(const channel::Bundle& bundle) const {
    return isConsenter(bundle, m_context->tls.certificatePem);
}

Status OrdererChannel::begin() {
    if (m_bundle == nullptr)
        return makeError(
            StatusCode::kFailedPrecondition, "NO_BLOCKS",
            fmt::format("channel {} has neither blocks nor a join block", m_channelId.str()));
    RETURN_IF_ERROR(checkConsensus(*m_bundle));
    std::error_code error;
    if (m_join && m_height > m_join->number()) {
        m_join.reset();
        std::filesystem::remove(m_options.folder / kJoinBlock, error);
    }
    if (!m_join && mayConsent(*m_bundle)) {
        RETURN_IF_ERROR(checkSingle(*m_bundle));
        return startConsenter();
    }
    startFollower();
    return absl::OkStatus();
}

Status OrdererChannel::startConsenter() {
    ConsenterChannel& own = *this;
    SingleConsenter::Options options;
    options.folder = m_options.folder / "order";
    options.disk = m_context->disk;
    options.metrics = m_context->metrics;
    const auto consenter =
        std::make_shared<SingleConsenter>(own, m_channelId.str(), std::move(options));
    RETURN_IF_ERROR(consenter->start());
    const std::lock_guard lock(m_mutex);
    m_consenter = consenter;
    m_relation = ConsensusRelation::Consenter;
    m_status = ChannelStatus::Active;
    return absl::OkStatus();
}

void OrdererChannel::startFollower() {
    setState(ConsensusRelation::Follower,
             m_join ? ChannelStatus::Onboarding : ChannelStatus::Active);
    m_follower = std::jthread([this](std::stop_token stop) { follow(std::move(stop)); });
}

void OrdererChannel::setState(ConsensusRelation relation, ChannelStatus status, Status trouble) {
    {
        const std::lock_guard lock(m_mutex);
        m_relation = relation;
        m_status = status;
        m_trouble = std::move(trouble);
    }
    tellMetrics();
}

void OrdererChannel::tellMetrics() const {
    if (m_context->metrics) m_context->metrics->state(info(), bundle()->consenters().size());
}

ChannelInfo OrdererChannel::info() const {
    ChannelInfo info;
    info.channel = m_channelId;
    info.height = height();
    const std::lock_guard lock(m_mutex);
    info.relation = m_relation;
    info.status = isClosed() ? ChannelStatus::Inactive : m_status;
    return info;
}

Status OrdererChannel::health() const {
    std::shared_ptr<Consenter> consenter;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_trouble.ok()) return m_trouble;
        if (m_relation == ConsensusRelation::Consenter) consenter = m_consenter;
    }
    return consenter ? consenter->ready() : absl::OkStatus();
}

bool OrdererChannel::isInError() const {
    const std::lock_guard lock(m_mutex);
    return m_status == ChannelStatus::Failed;
}

void OrdererChannel::halt() {
    std::shared_ptr<Consenter> consenter;
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
        consenter = m_consenter;
    }
    if (m_follower.joinable()) {
        m_follower.request_stop();
        m_pause.notify_all();
        m_follower.join();
    }
    {
        // The follower may have made one meanwhile.
        const std::lock_guard lock(m_mutex);
        consenter = m_consenter;
    }
    if (consenter) consenter->halt();
    m_listeners.notify(height());
}

Result<protocol::Block> OrdererChannel::read(BlockNumber number) const {
    if (number >= height())
        return makeError(StatusCode::kNotFound, "NO_SUCH_BLOCK",
                         fmt::format("there is no block {}", number));
    return m_store->read(number);
}

channel::BundlePtr OrdererChannel::bundle() const {
    const std::lock_guard lock(m_mutex);
    return m_bundle;
}

// Broadcast.

void OrdererChannel::broadcast(const protocol::SharedBytes& bytes, const BroadcastMessage& message,
                               Done done) {
    std::shared_ptr<Consenter> consenter;
    {
        const std::lock_guard lock(m_mutex);
        if (m_relation == ConsensusRelation::Consenter && !isClosed()) consenter = m_consenter;
    }
    const auto refuse = [&done](const Status& why) { done(why, std::chrono::steady_clock::now()); };
    if (consenter == nullptr)
        return refuse(
            makeError(StatusCode::kNotFound, "NOT_A_CONSENTER", "channel does not exist"));
    const auto received = std::chrono::steady_clock::now();
    auto submission = submissionOf(bytes, message);
    if (!submission.ok()) return refuse(submission.status());
    const auto checked = std::chrono::steady_clock::now();
    submission->received = received;
    if (const Status ready = consenter->ready(); !ready.ok()) return refuse(ready);
    if (m_context->metrics) m_context->metrics->proposed(m_channelId.str(), submission->isConfig);
    submission->done = [done = std::move(done), checked](const Status& status) {
        done(status, checked);
    };
    consenter->order(*std::move(submission));
}

Result<Submission> OrdererChannel::submissionOf(const protocol::SharedBytes& bytes,
                                                const BroadcastMessage& message) {
    switch (classify(message.header)) {
        case MessageClass::NotDirect:
            return makeError(StatusCode::kInvalidArgument, "NOT_DIRECT",
                             "message is of type that cannot be processed directly");
        case MessageClass::ConfigUpdate: {
            ASSIGN_OR_RETURN(const auto update,
                             wire::parse<::common::Envelope>(bytes.view(), "envelope"));
            return configSubmission(update, bytes.view());
        }
        case MessageClass::Normal:
            break;
    }
    const channel::BundlePtr current = bundle();
    RETURN_IF_ERROR(checkMode(*current));
    RETURN_IF_ERROR(checkMessage(*current, message, *m_context->clock));
    Submission submission;
    submission.envelope = canonicalEnvelope(bytes.view(), message.envelope);
    submission.messageBytes = message.size();
    submission.sequence = current->sequence();
    return submission;
}

Result<Submission> OrdererChannel::configSubmission(const ::common::Envelope& update,
                                                    BytesView updateBytes) {
    const channel::BundlePtr current = bundle();
    ASSIGN_OR_RETURN(const auto message, decodeBroadcastMessage(updateBytes));
    RETURN_IF_ERROR(withContext(checkMessage(*current, message, *m_context->clock),
                                "config update for existing channel did not pass initial checks"));
    const std::string context =
        fmt::format("error applying config update to existing channel '{}'", m_channelId.str());
    channel::OrdererView view;
    view.now = m_context->clock->now();
    const auto admitted = channel::admitUpdate(*current, update, view);
    if (!admitted.ok()) return badRequest(context, admitted.status());
    if (const Status single = checkSingle(*admitted->bundle); !single.ok())
        return badRequest(context, single);
    ASSIGN_OR_RETURN(const auto config,
                     channel::wrapConfig(m_channelId, *admitted->envelope, *m_context->signer,
                                         *m_context->clock, *m_context->random));
    Submission submission;
    submission.envelope = wire::serialize(config);
    ASSIGN_OR_RETURN(const auto made, decodeBroadcastMessage(submission.envelope));
    RETURN_IF_ERROR(withContext(checkMessage(*current, made, *m_context->clock),
                                "config update for existing channel did not pass final checks"));
    submission.messageBytes = made.size();
    submission.isConfig = true;
    submission.sequence = current->sequence();
    return submission;
}

Status OrdererChannel::readmit(Submission& submission) {
    if (m_isEvicted)
        return makeError(StatusCode::kNotFound, "NOT_A_CONSENTER", "channel does not exist");
    const protocol::SharedBytes bytes(submission.envelope);
    ASSIGN_OR_RETURN(const auto message, decodeBroadcastMessage(bytes.view()));
    Result<Submission> again = absl::UnknownError("");
    if (submission.isConfig) {
        ASSIGN_OR_RETURN(const auto payload, protocol::decodePayload(message.envelope.payload));
        ASSIGN_OR_RETURN(const auto config,
                         wire::parse<::common::ConfigEnvelope>(payload.data, "payload.data"));
        again = configSubmission(config.last_update(), wire::serialize(config.last_update()));
    } else {
        again = submissionOf(bytes, message);
    }
    RETURN_IF_ERROR(again.status());
    submission.envelope = std::move(again->envelope);
    submission.messageBytes = again->messageBytes;
    submission.sequence = again->sequence;
    return absl::OkStatus();
}

// Blocks of our own.

void OrdererChannel::prepare(const std::vector<Bytes>& envelopes, std::uint64_t index) {
    const channel::BundlePtr current = bundle();
    auto written =
        writeBlock(m_tip, current, envelopes, false, index, *m_context->signer, *m_context->random);
    m_prepared.reset();
    if (written.ok()) m_prepared = Prepared{*std::move(written), current, envelopes.size()};
}

Status OrdererChannel::write(std::vector<Bytes> envelopes, bool isConfig, std::uint64_t index) {
    m_writeBegan = std::chrono::steady_clock::now();
    // Number, last position in the order and count say which envelopes they are.
    if (auto ahead = std::exchange(m_prepared, std::nullopt);
        ahead && !isConfig && ahead->written.block.number() == m_tip.height &&
        ahead->written.tip.raft.raftIndex == index && ahead->envelopes == envelopes.size() &&
        ahead->bundle == bundle()) {
        m_unwritten = std::move(ahead->written);
        return retry();
    }
    auto written = writeBlock(m_tip, bundle(), std::move(envelopes), isConfig, index,
                              *m_context->signer, *m_context->random);
    if (!written.ok())
        return makeError(
            StatusCode::kInternal, reasonOf(written.status()),
            fmt::format("block {} cannot be made: {}", m_tip.height, messageOf(written.status())));
    m_unwritten = *std::move(written);
    return retry();
}

Status OrdererChannel::retry() {
    RETURN_IF_ERROR(m_store->append(m_unwritten->block));
    const WrittenBlock written = *std::exchange(m_unwritten, std::nullopt);
    publish(written);
    if (m_context->flow != nullptr && m_context->flow->isWanted()) tellFlow(written.block);
    if (written.bundle == nullptr || mayConsent(*written.bundle)) return absl::OkStatus();
    log::warning(kChannelRoom,
                 fmt::format("{}: this orderer is a consenter no more", m_channelId.str()));
    m_isEvicted = true;
    const std::lock_guard lock(m_mutex);
    if (isClosed()) return absl::OkStatus();
    // The thread that follows ends this one first.
    m_relation = ConsensusRelation::Follower;
    m_follower = std::jthread([this](std::stop_token stop) { follow(std::move(stop)); });
    return absl::OkStatus();
}

/// The configuration first: who sees the block must be judged by it.
void OrdererChannel::publish(const WrittenBlock& written) {
    m_tip = written.tip;
    if (written.bundle != nullptr) {
        const std::lock_guard lock(m_mutex);
        m_bundle = written.bundle;
    }
    m_height.store(m_tip.height, std::memory_order_release);
    m_listeners.notify(m_tip.height);
    if (m_context->metrics) {
        m_context->metrics->committed(m_channelId.str(), written.block.number(),
                                      std::chrono::steady_clock::now() - m_writeBegan);
        if (written.bundle != nullptr) tellMetrics();
    }
}

void OrdererChannel::tellFlow(const protocol::Block& block) const {
    FlowEvent event;
    event.stage = FlowStage::Order;
    event.channel = m_channelId;
    event.duration = std::chrono::steady_clock::now() - m_writeBegan;
    event.start = std::chrono::system_clock::now() -
                  std::chrono::duration_cast<std::chrono::system_clock::duration>(event.duration);
    for (const BytesView envelope : block.envelopes()) {
        const auto message = decodeBroadcastMessage(envelope);
        if (!message.ok() || message->header.txId.empty()) continue;
        event.txId = TxId(std::string(message->header.txId));
        m_context->flow->publish(event);
    }
}

}  // namespace chancery::node
