#include "node/peer/PrivateDissemination.h"

#include "src/protocol/Lifecycle.h"
#include "src/protocol/ReadWriteSet.h"

namespace chancery::node {
namespace {

class LocalDissemination final : public PrivateDissemination {
public:
    void disseminate(const std::shared_ptr<PeerChannel>& channel, const TxId&, BlockNumber,
                     BytesView txPvtReadWriteSet, std::function<void(Status)> done) override {
        done(check(*channel, txPvtReadWriteSet));
    }

private:
    static Status check(PeerChannel& channel, BytesView bytes) {
        ASSIGN_OR_RETURN(const auto sets, protocol::decodePrivateReadWriteSet(bytes));
        for (const auto& set : sets) {
            if (protocol::implicitCollectionOrg(set.collection)) continue;  // they require nobody
            ASSIGN_OR_RETURN(const auto definition, channel.definition(set.namespaceName));
            const protocol::Collection* collection =
                definition ? definition->collection(set.collection) : nullptr;
            if (collection == nullptr || collection->requiredPeerCount <= 0) continue;
            return makeError(
                StatusCode::kFailedPrecondition, "NO_ELIGIBLE_PEERS",
                fmt::format("required to disseminate to at least {} peers, but know of only 0 "
                            "eligible peers",
                            collection->requiredPeerCount),
                {{"collection", std::string(set.collection)}});
        }
        return {};
    }
};

}  // namespace

std::unique_ptr<PrivateDissemination> makeLocalDissemination() {
    return std::make_unique<LocalDissemination>();
}

}  // namespace chancery::node
