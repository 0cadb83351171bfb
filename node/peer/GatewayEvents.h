#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/peer/PeerChannel.h"
#include "src/base/LruCache.h"
#include "src/base/Status.h"
#include "src/base/TaskPool.h"
#include "src/protocol/SharedBytes.h"

namespace chancery::node {

/// The events of the valid transactions of one block.
struct BlockEvents {
    struct Event {
        std::size_t transaction = 0;  ///< index in the block
        std::string chaincode;
        std::string txId;
        protocol::SharedBytes bytes;  ///< ChaincodeEvent as it stands in the block
    };
    BlockNumber block = 0;
    std::vector<Event> events;
};
using BlockEventsPtr = std::shared_ptr<const BlockEvents>;

BlockEvents eventsOf(const protocol::Block& block);

/// Blocks' events, taken apart once for all streams that want them. Thread-safe.
class GatewayEventCache {
public:
    /// Errors are the ledger's.
    Result<BlockEventsPtr> load(const PeerChannel& channel, BlockNumber block);

private:
    LruCache<BlockEventsPtr> m_cache{64};
};

/// Which events a stream gives, and from where.
struct EventsFilter {
    std::string chaincode;
    BlockNumber start = 0;
    /// In the first block, what comes up to this transaction has been seen.
    std::optional<std::size_t> afterTransaction;
    /// A transaction that the ledger does not know yet: nothing until it has come by.
    std::string afterUnknownTxId;
    /// Whether the caller may have the next block, asked before each; null: always.
    std::function<Status()> mayGoOn;
};

/// One client's stream of events: reads blocks when the client can take more, on a pool, without a
/// thread of its own.
class GatewayEventStream : public std::enable_shared_from_this<GatewayEventStream> {
public:
    /// Where the stream leads. `write` begins to send one ChaincodeEventsResponse, after which
    /// onWritten is to be called; `finish` is called at most once, and not during a write.
    struct Sink {
        std::function<void(Bytes)> write;
        std::function<void(Status)> finish;
    };

    /// `cache` and `pool` must outlive it.
    GatewayEventStream(PeerChannelPtr channel, EventsFilter filter, Sink sink,
                       GatewayEventCache& cache, TaskPool& pool);

    void start();
    /// The client has taken what was written.
    void onWritten();
    /// The client has gone: nothing is written or finished any more once this has returned and a
    /// running call of the sink has ended.
    void cancel();

private:
    void onHeight();
    void schedule();
    void pump();
    Result<std::optional<Bytes>> messageOf(BlockNumber block);

    const PeerChannelPtr m_channel;
    EventsFilter m_filter;
    Sink m_sink;
    GatewayEventCache& m_cache;
    TaskPool& m_pool;
    Subscription m_subscription;

    std::mutex m_mutex;
    BlockNumber m_next;
    bool m_isBusy = true;  ///< a task runs or a message is on its way; false: waits for a block
    bool m_isCancelled = false;
};

}  // namespace chancery::node
