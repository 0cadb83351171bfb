#include "node/peer/PrivateDataRendering.h"

#include "node/peer/CollectionMembership.h"
#include "node/peer/PeerChannel.h"
#include "src/protocol/FieldWriter.h"

namespace chancery::node {
namespace {

using protocol::appendElement;
using protocol::appendTag;
using protocol::appendVarint;

/// Of one transaction: namespace → collection → KVRWSet.
using Sets = std::map<std::string, std::map<std::string, Bytes>>;

/// TxPvtReadWriteSet; its data model, key/value, is the default.
Bytes encodeSets(const Sets& sets) {
    Bytes out;
    for (const auto& [ns, collections] : sets) {
        Bytes inner;
        appendElement(inner, 1, ns);
        for (const auto& [collection, writes] : collections) {
            Bytes one;
            appendElement(one, 1, collection);
            appendElement(one, 2, writes);
            appendElement(inner, 2, one);
        }
        appendElement(out, 2, inner);
    }
    return out;
}

class Rendering final : public BlockRendering {
public:
    std::string_view dataType() const override { return "block_and_pvtdata"; }
    bool isForEveryone() const override { return false; }

    Result<Bytes> render(const BlockFeedPtr& feed, const protocol::Block& block,
                         const Requester& requester) const override {
        const auto channel = std::dynamic_pointer_cast<PeerChannel>(feed);
        if (channel == nullptr)
            return makeError(StatusCode::kUnimplemented, "NO_PRIVATE_DATA",
                             "Only peers hold private data.");
        ASSIGN_OR_RETURN(auto writes, channel->ledger().privateWrites(block.number()));
        std::map<std::size_t, Sets> transactions;
        if (!writes.empty()) {
            ASSIGN_OR_RETURN(const auto view, channel->view());
            const channel::BundlePtr bundle = channel->bundle();
            CollectionMembership membership{Bytes(requester.creator)};
            for (PrivateWrites& one : writes) {
                ASSIGN_OR_RETURN(const bool member,
                                 membership.isMember(one.ns, one.collection, *view, *bundle));
                if (member)
                    transactions[one.transaction][one.ns][one.collection] = std::move(one.writes);
            }
        }
        Bytes inner;
        appendElement(inner, 1, block.serialize());
        for (const auto& [index, sets] : transactions) {
            Bytes entry(1, '\x08');
            appendVarint(entry, index);
            appendElement(entry, 2, encodeSets(sets));
            appendElement(inner, 2, entry);
        }
        Bytes out;
        out.reserve(inner.size() + 8);
        appendElement(out, 4, inner);
        return out;
    }
};

}  // namespace

BlockRenderingPtr blocksWithPrivateData() {
    return std::make_shared<Rendering>();
}

}  // namespace chancery::node
