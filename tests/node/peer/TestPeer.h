#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>

#include "node/peer/JoinedChannel.h"
#include "node/peer/JoinedChannels.h"
#include "src/base/Clock.h"
#include "tests/node/peer/FakeLedger.h"
#include "tests/src/verify/TestChain.h"

namespace chancery::node::test {

/// A clock that stands where the test puts it.
class FixedClock final : public Clock {
public:
    explicit FixedClock(absl::Time time) : time(time) {}
    absl::Time now() const override { return time; }
    absl::Time time;
};

/// When the golden network was at work.
absl::Time goldenTime();

/// A block of the golden chain as its orderer sent it: without what a peer adds.
protocol::Block fromOrderer(const protocol::Block& block);
protocol::Block fromOrderer(BlockNumber number);

/// The shared parts of a peer of the golden network's first organisation.
struct TestServices {
    explicit TestServices(const std::string& peer = "alpha");

    TaskPool pool{"test", 2};
    SignatureMemory signatures;
    Metrics metrics;
    PeerMetrics peerMetrics{metrics};
    PeerServices services;
};

/// A channel over a fake ledger.
Result<std::shared_ptr<JoinedChannel>> openChannel(const std::shared_ptr<FakeLedger::Store>& store,
                                                   const PeerServices& services,
                                                   std::shared_ptr<FakeLedger::Faults> faults = {});
/// Its store with the blocks [0, height) of the golden chain committed by the real pipeline.
std::shared_ptr<FakeLedger::Store> goldenStore(BlockNumber height);

/// Waits until the channel is that high; false after a minute.
bool waitForHeight(PeerChannel& channel, BlockNumber height);
/// Waits until it has an alarm, or until it has none; false after a minute.
bool waitForAlarm(PeerChannel& channel, bool alarm = true);

/// A block that continues the channel, signed by the golden orderer.
protocol::Block nextBlock(JoinedChannel& channel, std::vector<Bytes> envelopes);

/// Ledgers in memory for JoinedChannels, one store per channel.
struct FakeLedgers {
    std::mutex mutex;
    std::map<ChannelId, std::shared_ptr<FakeLedger::Store>> stores;
    JoinedChannels::Ledgers make();
};

}  // namespace chancery::node::test
