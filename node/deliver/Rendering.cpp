#include "node/deliver/Rendering.h"

#include "fabric/orderer/ab.pb.h"
#include "fabric/peer/events.pb.h"
#include "src/protocol/FieldWriter.h"
#include "src/wire/Serialize.h"

namespace chancery::node {
namespace {

constexpr std::size_t kMaxEntries = 64;
constexpr std::uint32_t kBlockField = 2;

Bytes framed(BytesView block) {
    Bytes out;
    out.reserve(block.size() + 8);
    protocol::appendElement(out, kBlockField, block);
    return out;
}

Bytes withoutData(const protocol::Block& block) {
    Bytes header;
    protocol::appendInteger(header, 1, block.header().number);
    protocol::appendBytes(header, 2, block.header().previousHash);
    protocol::appendBytes(header, 3, block.header().dataHash);
    Bytes metadata;
    for (const BytesView entry : block.metadataEntries())
        protocol::appendElement(metadata, 1, entry);
    Bytes out;
    protocol::appendElement(out, 1, header);
    protocol::appendElement(out, 3, metadata);
    return out;
}

class WholeBlocks final : public BlockRendering {
public:
    std::string_view dataType() const override { return "block"; }
    Result<Bytes> render(const BlockFeedPtr&, const protocol::Block& block,
                         const Requester& requester) const override {
        if (requester.headersOnly && !block.isConfigBlock()) return framed(withoutData(block));
        return framed(block.serialize());
    }
};

void addActions(const protocol::Transaction& transaction, ::protos::FilteredTransaction& out) {
    auto* actions = out.mutable_transaction_actions();
    for (const auto& action : transaction.actions) {
        if (!action.event || action.event->chaincodeId.empty()) continue;
        auto* event = actions->add_chaincode_actions()->mutable_chaincode_event();
        event->set_chaincode_id(std::string(action.event->chaincodeId));
        event->set_tx_id(std::string(action.event->txId));
        event->set_event_name(std::string(action.event->name));
    }
}

class FilteredBlocks final : public BlockRendering {
public:
    std::string_view dataType() const override { return "filtered_block"; }
    Result<Bytes> render(const BlockFeedPtr&, const protocol::Block& block,
                         const Requester&) const override {
        ::protos::DeliverResponse response;
        auto* filtered = response.mutable_filtered_block();
        filtered->set_number(block.number());
        const auto codes = block.validationCodes();
        for (std::size_t i = 0; i < block.transactionCount(); ++i) {
            const protocol::Transaction transaction = block.transaction(i);
            if (!transaction.reached(protocol::Layer::ChannelHeader)) continue;
            const protocol::ChannelHeader& header = transaction.channelHeader;
            filtered->set_channel_id(std::string(header.channelId));
            auto* out = filtered->add_filtered_transactions();
            out->set_txid(std::string(header.txId));
            out->set_type(static_cast<::common::HeaderType>(header.type));
            const auto code = i < codes.size() ? codes[i] : protocol::ValidationCode::NotValidated;
            out->set_tx_validation_code(static_cast<::protos::TxValidationCode>(code));
            if (transaction.isEndorserTransaction()) addActions(transaction, *out);
        }
        return wire::serialize(response);
    }
};

bool isSame(const std::weak_ptr<BlockFeed>& kept, const BlockFeedPtr& feed) {
    return !kept.owner_before(feed) && !feed.owner_before(kept);
}

}  // namespace

BlockRenderingPtr wholeBlocks() {
    return std::make_shared<WholeBlocks>();
}

BlockRenderingPtr filteredBlocks() {
    return std::make_shared<FilteredBlocks>();
}

Bytes encodeDeliverStatus(int status) {
    // A field of a oneof is written even when it is 0.
    Bytes out(1, '\x08');
    protocol::appendVarint(out, static_cast<std::uint64_t>(status));
    return out;
}

Result<protocol::SharedBytes> RenderedBlocks::get(const BlockFeedPtr& feed, BlockNumber number,
                                                  const Requester& requester) {
    if (!m_rendering->isForEveryone()) return make(feed, number, requester);
    const EntryPtr entry = entryFor(feed, number, requester.headersOnly);
    {
        const std::lock_guard lock(entry->mutex);
        if (entry->bytes.size() > 0) return entry->bytes;
        ASSIGN_OR_RETURN(entry->bytes, make(feed, number, requester));
    }
    trim();
    const std::lock_guard lock(entry->mutex);
    return entry->bytes;
}

RenderedBlocks::EntryPtr RenderedBlocks::entryFor(const BlockFeedPtr& feed, BlockNumber number,
                                                  bool headersOnly) {
    const std::lock_guard lock(m_mutex);
    for (const EntryPtr& entry : m_entries)
        if (entry->number == number && entry->headersOnly == headersOnly &&
            isSame(entry->feed, feed))
            return entry;
    auto entry = std::make_shared<Entry>();
    entry->feed = feed;
    entry->number = number;
    entry->headersOnly = headersOnly;
    m_entries.push_front(entry);
    return entry;
}

void RenderedBlocks::trim() {
    const std::lock_guard lock(m_mutex);
    std::size_t total = 0;
    std::size_t kept = 0;
    for (; kept < m_entries.size() && kept < kMaxEntries; ++kept) {
        // One that is being made has no size yet.
        if (std::unique_lock entry(m_entries[kept]->mutex, std::try_to_lock); entry.owns_lock())
            total += m_entries[kept]->bytes.size();
        if (kept > 0 && total > m_maxBytes) break;
    }
    m_entries.resize(kept);
}

Result<protocol::SharedBytes> RenderedBlocks::make(const BlockFeedPtr& feed, BlockNumber number,
                                                   const Requester& requester) const {
    ASSIGN_OR_RETURN(const auto block, feed->read(number));
    ASSIGN_OR_RETURN(Bytes bytes, m_rendering->render(feed, block, requester));
    return protocol::SharedBytes(std::move(bytes));
}

}  // namespace chancery::node
