#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Subscription.h"
#include "src/interfaces/NodeAddress.h"
#include "src/usecase/BrowseLedger.h"
#include "src/usecase/FollowState.h"
#include "src/usecase/Transact.h"

namespace chancery::usecase {

struct FollowRequest {
    ChannelId channel;
    std::vector<interfaces::NodeAddress> peers;
    /// Asked when there are no peers. Their blocks have no verdicts.
    std::vector<interfaces::NodeAddress> orderers;
    /// Of this channel alone; made with 0700 when missing. Holds the blocks and their index.
    std::filesystem::path folder;
    std::size_t threads = 0;  ///< for verification; 0: all of the machine

    std::chrono::milliseconds firstPause{250};  ///< before a lost node is asked again; doubles
    std::chrono::milliseconds longestPause{15'000};
    std::chrono::milliseconds patience{
        5'000};  ///< for an answer; of silence before others are asked
};

/// Follows a channel into a verified index: catches up, stays up to date, finds another node when
/// one is lost, and takes no block that does not verify. Goes on where it ended when the folder is
/// used again. Thread-safe.
class FollowChannel {
public:
    /// The connector and the others of the context must outlive the object. INVALID_ARGUMENT
    /// (NO_SOURCES); errors of BrowseLedger::open.
    static Result<std::unique_ptr<FollowChannel>> open(const TransactionContext& context,
                                                       FollowRequest request);
    ~FollowChannel();

    /// To be asked for everything but sync().
    const std::shared_ptr<BrowseLedger>& ledger() const;
    const ChannelId& channel() const;
    const std::filesystem::path& blocksFolder() const;

    void start();
    /// Returns when nothing runs any more, within a second.
    void stop();
    /// Those that wait are asked at once. Those that were put aside, too, when `all`.
    void retry(bool all = false);

    FollowState state() const;
    /// Called when the revision grew, on any thread, one call at a time.
    [[nodiscard]] Subscription onChanged(std::function<void()> changed);

private:
    struct Impl;
    explicit FollowChannel(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> m_impl;
};

}  // namespace chancery::usecase
