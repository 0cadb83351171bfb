#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/channel/Bundle.h"

namespace chancery::node {

/// An envelope that passed the channel's filters, on its way into the order.
struct Submission {
    Bytes envelope;  ///< as it will stand in a block
    /// payload and signature: what counts for the size of a batch
    std::size_t messageBytes = 0;
    bool isConfig = false;
    /// Of the configuration that it was checked under.
    std::uint64_t sequence = 0;
    /// When it came to this node, before it was checked: the time of its batch begins there.
    std::chrono::steady_clock::time_point received;
    /// Called once, on any thread: OK when the envelope is durable and will be in a block,
    /// whatever happens to this node; otherwise it will be in none, but for DATA_LOSS, when the
    /// disk failed and nobody can tell. Must return quickly.
    std::function<void(const Status&)> done;
};

/// What a consenter may use of its channel. Called on the consenter's thread only, but for
/// bundle().
class ConsenterChannel {
public:
    virtual ~ConsenterChannel() = default;
    virtual channel::BundlePtr bundle() const = 0;
    /// Position in the consenter's log that the newest block says it goes up to.
    virtual std::uint64_t lastIndex() const = 0;
    /// Checks an envelope again under the configuration in force; one with a configuration is made
    /// anew from its update.
    virtual Status readmit(Submission& submission) = 0;
    /// The next write() will perhaps be of just these, which are no configuration: makes and signs
    /// that block already, so that it can go out at once. Whether it succeeds does not matter.
    virtual void prepare(const std::vector<Bytes>& envelopes, std::uint64_t index) = 0;
    /// Makes, signs and stores the next block. RESOURCE_EXHAUSTED (DISK_FULL): call retry() later.
    /// Any other error is final.
    virtual Status write(std::vector<Bytes> envelopes, bool isConfig, std::uint64_t index) = 0;
    virtual Status retry() = 0;
};

/// Agreement on the order of one channel's envelopes. What stands behind it (a log of this node
/// alone, a log that several nodes replicate) is nobody's affair above. Thread-safe.
class Consenter {
public:
    virtual ~Consenter() = default;
    /// Takes up what was acknowledged and is in no block yet. Called once, before all else.
    virtual Status start() = 0;
    /// OK when order() may succeed; else why not: UNAVAILABLE.
    virtual Status ready() const = 0;
    virtual void order(Submission submission) = 0;
    /// Takes nothing any more; what was acknowledged is durable and no block will be written when
    /// it returns.
    virtual void halt() = 0;
};

}  // namespace chancery::node
