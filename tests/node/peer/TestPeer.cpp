#include "tests/node/peer/TestPeer.h"

#include "src/protocol/BlockBuilder.h"
#include "tests/support/Vectors.h"

namespace chancery::node::test {

using protocol::MetadataSlot;

absl::Time goldenTime() {
    return absl::FromUnixSeconds(1'795'350'000);
}

protocol::Block fromOrderer(const protocol::Block& block) {
    return protocol::withMetadata(
        protocol::withMetadata(block, MetadataSlot::TransactionsFilter, {}),
        MetadataSlot::CommitHash, {});
}
protocol::Block fromOrderer(BlockNumber number) {
    return fromOrderer(vectorBlock(number));
}

TestServices::TestServices(const std::string& peer) {
    services.identity = chancery::test::member(peer).serialized();
    services.pool = &pool;
    services.signatures = &signatures;
    services.metrics = &peerMetrics;
    services.diskRetry = std::chrono::milliseconds(1);
}

Result<std::shared_ptr<JoinedChannel>> openChannel(const std::shared_ptr<FakeLedger::Store>& store,
                                                   const PeerServices& services,
                                                   std::shared_ptr<FakeLedger::Faults> faults) {
    const ChannelId channel("tradechannel");
    if (store->blocks.empty()) {
        const auto ledger = FakeLedger::open(store);
        RETURN_IF_ERROR(JoinedChannel::begin(channel, *ledger, fromOrderer(0)));
    }
    return JoinedChannel::open(
        channel,
        [&](const ChannelLedger::Replay& replay) {
            return FakeLedger::openWithReplay(store, replay, faults);
        },
        services);
}

std::shared_ptr<FakeLedger::Store> goldenStore(BlockNumber height) {
    auto store = std::make_shared<FakeLedger::Store>();
    TestServices services;
    const auto channel = openChannel(store, services.services);
    if (!channel.ok()) throw std::runtime_error(channel.status().ToString());
    for (BlockNumber n = 1; n < height; ++n)
        if (const Status taken = (*channel)->pipeline().accept(fromOrderer(n)); !taken.ok())
            throw std::runtime_error(taken.ToString());
    if (!waitForHeight(**channel, height)) throw std::runtime_error("the chain is stuck");
    return store;
}

namespace {

template <class Condition>
bool waitUntil(const Condition& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::yield();
    }
    return true;
}

}  // namespace

bool waitForHeight(PeerChannel& channel, BlockNumber height) {
    std::mutex mutex;
    std::condition_variable changed;
    BlockNumber at = channel.height();
    const auto subscription = channel.onHeight([&](BlockNumber now) {
        const std::lock_guard lock(mutex);
        at = std::max(at, now);
        changed.notify_all();
    });
    std::unique_lock lock(mutex);
    at = std::max(at, channel.height());
    return changed.wait_for(lock, std::chrono::minutes(1), [&] { return at >= height; });
}

bool waitForAlarm(PeerChannel& channel, bool alarm) {
    return waitUntil([&] { return channel.alarm().has_value() == alarm; });
}

protocol::Block nextBlock(JoinedChannel& channel, std::vector<Bytes> envelopes) {
    verify::ChainState state;
    const auto newest = channel.read(channel.height() - 1);
    state.last = newest->number();
    state.headerHash = newest->header().hash();
    state.configBlock = *newest->lastConfig();
    return chancery::test::BlockMaker(state).next(std::move(envelopes)).block;
}

JoinedChannels::Ledgers FakeLedgers::make() {
    return {[this](const std::filesystem::path& folder, const ChannelId& channel,
                   const ChannelLedger::Options&, const ChannelLedger::Replay& replay) {
                std::filesystem::create_directories(folder);
                const std::lock_guard lock(mutex);
                auto& store = stores[channel];
                if (!store) store = std::make_shared<FakeLedger::Store>();
                return FakeLedger::openWithReplay(store, replay);
            },
            [](const std::filesystem::path&, const protocol::Snapshot&,
               const ChannelLedger::Options&) -> Result<std::unique_ptr<ChannelLedger>> {
                return makeError(StatusCode::kUnimplemented, "UNUSED", "not in this fake");
            }};
}

}  // namespace chancery::node::test
