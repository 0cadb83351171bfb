#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string_view>

#include "node/deliver/BlockFeed.h"
#include "src/protocol/SharedBytes.h"

namespace chancery::node {

/// Who asked for a block, for renderings that show different things to different callers. Their
/// signature was checked.
struct Requester {
    const ChannelId& channel;
    BytesView creator;  ///< SerializedIdentity
    bool headersOnly = false;
};

/// Makes a DeliverResponse of a block. orderer.DeliverResponse and protos.DeliverResponse agree in
/// the fields that both have. Thread-safe.
class BlockRendering {
public:
    virtual ~BlockRendering() = default;
    /// Label of metrics: "block", "filtered_block", "block_and_pvtdata".
    virtual std::string_view dataType() const = 0;
    /// Whether all callers get the same: then it is done once for each block.
    virtual bool isForEveryone() const { return true; }
    /// DeliverResponse bytes. An error ends the stream: with SERVICE_UNAVAILABLE, or BAD_REQUEST
    /// for INVALID_ARGUMENT.
    virtual Result<Bytes> render(const BlockFeedPtr& feed, const protocol::Block& block,
                                 const Requester& requester) const = 0;
};
using BlockRenderingPtr = std::shared_ptr<const BlockRendering>;

/// Whole blocks, or with headersOnly header and metadata of those without a configuration.
BlockRenderingPtr wholeBlocks();
/// Ids, types, validation codes and events without payload (fact sheet B §7). A transaction that
/// cannot be read is left out, or its actions are.
BlockRenderingPtr filteredBlocks();

/// DeliverResponse{status}. `status` is a common.Status.
Bytes encodeDeliverStatus(int status);

/// Renderings of the newest blocks, shared by all streams: each is made once even when several
/// streams ask at the same time. Thread-safe.
class RenderedBlocks {
public:
    /// What is kept: at least the newest, at most this many bytes besides.
    explicit RenderedBlocks(BlockRenderingPtr rendering, std::size_t maxBytes = 4U << 20)
        : m_rendering(std::move(rendering)), m_maxBytes(maxBytes) {}

    const BlockRendering& rendering() const { return *m_rendering; }
    Result<protocol::SharedBytes> get(const BlockFeedPtr& feed, BlockNumber number,
                                      const Requester& requester);

private:
    struct Entry {
        std::weak_ptr<BlockFeed> feed;
        BlockNumber number = 0;
        bool headersOnly = false;
        std::mutex mutex;  ///< held while it is made
        protocol::SharedBytes bytes;
    };
    using EntryPtr = std::shared_ptr<Entry>;

    EntryPtr entryFor(const BlockFeedPtr& feed, BlockNumber number, bool headersOnly);
    void trim();
    Result<protocol::SharedBytes> make(const BlockFeedPtr& feed, BlockNumber number,
                                       const Requester& requester) const;

    BlockRenderingPtr m_rendering;
    std::size_t m_maxBytes;
    std::mutex m_mutex;
    std::deque<EntryPtr> m_entries;  ///< newest use first
};

}  // namespace chancery::node
