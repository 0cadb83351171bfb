#include "node/orderer/OrdererChannel.h"
#include "src/base/Log.h"
#include "src/verify/BlockVerifier.h"

// How an OrdererChannel copies the blocks that others order.
namespace chancery::node {
namespace {

constexpr const char* kRoom = "orderer";

/// Ends a pull that has done its work.
Status consents() {
    return makeError(StatusCode::kCancelled, "CONSENTS", "this orderer is a consenter now");
}

}  // namespace

void OrdererChannel::follow(std::stop_token stop) {
    // What a former consenter had acknowledged stands in blocks; its log must never be taken up.
    std::shared_ptr<Consenter> former;
    {
        const std::lock_guard lock(m_mutex);
        former = std::exchange(m_consenter, nullptr);
    }
    if (former) former->halt();
    former.reset();
    std::error_code error;
    std::filesystem::remove_all(m_options.folder / "order", error);

    auto backOff = m_options.firstBackOff;
    for (std::size_t turn = 0; !stop.stop_requested(); ++turn) {
        const auto endpoints = bundle()->ordererEndpoints();
        const BlockNumber before = height();
        Status ended = makeError(StatusCode::kUnavailable, "NO_ENDPOINTS",
                                 "the configuration names no orderers");
        if (!endpoints.empty() && m_options.pull)
            ended = m_options.pull(
                endpoints[turn % endpoints.size()], m_channelId, before,
                [this](protocol::Block block) { return take(block); }, stop);
        if (reasonOf(ended) == "CONSENTS") return;
        if (stop.stop_requested()) return;
        log::info(kRoom, fmt::format("{}: blocks from {} on: {}", m_channelId.str(), before,
                                     messageOf(ended)));
        if (reasonOf(ended) == "OTHER_CHAIN" && !startAgain().ok()) return;
        if (height() != before) backOff = m_options.firstBackOff;
        std::unique_lock lock(m_mutex);
        m_pause.wait_for(lock, stop, backOff, [] { return false; });
        backOff = std::min(backOff * 2, m_options.lastBackOff);
    }
}

Status OrdererChannel::checkPulled(const protocol::Block& block) const {
    if (block.number() != height())
        return makeError(StatusCode::kInvalidArgument, "NUMBER_DIFFERS",
                         fmt::format("block {} came instead of {}", block.number(), height()));
    // Nobody signs the first block: it is the one that leads to the join block.
    if (block.number() > 0) {
        if (block.header().previousHash != m_tip.lastHash)
            return makeError(
                StatusCode::kInvalidArgument, "BROKEN_CHAIN",
                fmt::format("block {} does not follow the one before", block.number()));
        RETURN_IF_ERROR(verify::verifyBlock(block, block.number(), *bundle()));
    } else {
        RETURN_IF_ERROR(verify::checkBlockForm(block, m_channelId));
    }
    if (m_join && block.number() == m_join->number() && block.header().hash() != m_joinHash)
        return makeError(StatusCode::kInvalidArgument, "OTHER_CHAIN",
                         fmt::format("block {} is not the one that the channel was joined with",
                                     block.number()));
    return absl::OkStatus();
}

Status OrdererChannel::take(const protocol::Block& block) {
    RETURN_IF_ERROR(checkPulled(block));
    m_writeBegan = std::chrono::steady_clock::now();
    WrittenBlock taken{block, {}, nullptr};
    const auto current = bundle();
    if (block.isConfigBlock()) {
        ASSIGN_OR_RETURN(taken.bundle, bundleOf(block, current.get()));
    }
    ASSIGN_OR_RETURN(taken.tip, tipOf(block, taken.bundle ? *taken.bundle : *current));
    RETURN_IF_ERROR(m_store->append(block));
    const bool hasJoined = m_join && block.number() >= m_join->number();
    if (hasJoined) {
        m_join.reset();
        std::error_code error;
        std::filesystem::remove(m_options.folder / "join.block", error);
        // Before the block can be seen: whoever sees it may ask for the status.
        setState(ConsensusRelation::Follower, ChannelStatus::Active);
    }
    publish(taken);
    if (m_join || (!hasJoined && taken.bundle == nullptr) || !mayConsent(*bundle()))
        return absl::OkStatus();
    if (bundle()->consenters().size() != 1) {
        // It can copy, but not order together with others.
        setState(ConsensusRelation::Follower, ChannelStatus::Active);
        return absl::OkStatus();
    }
    m_isEvicted = false;
    if (Status started = startConsenter(); !started.ok()) {
        setState(ConsensusRelation::Consenter, ChannelStatus::Failed, started);
        return started;
    }
    tellMetrics();
    log::info(kRoom, fmt::format("{}: this orderer is a consenter now", m_channelId.str()));
    return consents();
}

/// Somebody gave blocks of another history: they all go.
Status OrdererChannel::startAgain() {
    m_height = 0;
    m_store.reset();
    std::error_code error;
    std::filesystem::remove_all(m_options.folder / "blocks", error);
    const Status opened = openStore();
    if (!opened.ok()) setState(ConsensusRelation::Follower, ChannelStatus::Failed, opened);
    return opened;
}

}  // namespace chancery::node
