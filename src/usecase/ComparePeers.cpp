#include "src/usecase/ComparePeers.h"

#include <algorithm>
#include <map>
#include <thread>

#include "src/usecase/LiveBlocks.h"

namespace chancery::usecase {
namespace {

/// What two blocks of one number are compared by.
struct Mark {
    Bytes hash, commit;
    friend auto operator<=>(const Mark&, const Mark&) = default;
};

Mark markOf(const protocol::Block& block) {
    return {block.header().hash(), Bytes(block.commitHash().value_or(BytesView()))};
}

/// A peer that answers.
struct Asked {
    PeerStanding* standing;
    std::shared_ptr<interfaces::Delivery> delivery;
    Mark mark;
};

class Comparison {
public:
    Comparison(const TransactionContext& context, const ComparePeersRequest& request)
        : m_context(context), m_request(request) {}

    Result<PeersComparison> run() {
        m_result.channel = m_request.channel;
        m_result.peers.resize(m_request.peers.size());
        askAll();
        if (m_asked.empty())
            return m_result.peers.empty() ? makeError(StatusCode::kInvalidArgument, "NO_SOURCES",
                                                      "there is no peer to compare")
                                          : m_result.peers.front().reach;
        BlockNumber height = std::numeric_limits<BlockNumber>::max();
        for (const Asked& asked : m_asked) height = std::min(height, asked.standing->height - 1);
        if (m_request.at && *m_request.at > height)
            return makeError(StatusCode::kNotFound, "NO_SUCH_BLOCK",
                             fmt::format("not all peers have block {}", *m_request.at),
                             {{"block", std::to_string(*m_request.at)}});
        m_result.comparedTo = m_request.at.value_or(height);
        for (Asked& asked : m_asked) {
            ASSIGN_OR_RETURN(asked.mark, mark(asked, m_result.comparedTo));
        }
        const Asked& reference = mostCommon();
        m_result.hash = reference.mark.hash;
        m_result.commitHash = reference.mark.commit;
        for (Asked& asked : m_asked)
            if (asked.mark != reference.mark) RETURN_IF_ERROR(findFirst(asked, reference));
        tell();
        return std::move(m_result);
    }

private:
    Result<protocol::Block> block(const Asked& from, std::optional<BlockNumber> number) const {
        return fetchBlock(m_context, *from.delivery, m_request.channel, number, m_request.deadline,
                          m_request.stop);
    }
    Result<Mark> mark(const Asked& from, BlockNumber number) const {
        ASSIGN_OR_RETURN(const auto found, block(from, number));
        return markOf(found);
    }

    void askAll() {
        std::vector<std::shared_ptr<interfaces::Delivery>> deliveries(m_request.peers.size());
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < m_request.peers.size(); ++i)
            threads.emplace_back([this, i, &deliveries] {
                const auto& address = m_request.peers[i];
                PeerStanding& peer = m_result.peers[i];
                peer.name = address.name.empty() ? address.endpoint : address.name;
                peer.reach = [&]() -> Status {
                    ASSIGN_OR_RETURN(deliveries[i], m_context.connector.peerDelivery(address));
                    ASSIGN_OR_RETURN(const auto newest,
                                     block({&peer, deliveries[i], {}}, std::nullopt));
                    const Mark mark = markOf(newest);
                    peer.height = newest.number() + 1;
                    peer.lastHash = mark.hash;
                    peer.lastCommitHash = mark.commit;
                    return {};
                }();
            });
        threads.clear();
        for (std::size_t i = 0; i < deliveries.size(); ++i)
            if (m_result.peers[i].reach.ok())
                m_asked.push_back({&m_result.peers[i], deliveries[i], {}});
    }

    const Asked& mostCommon() const {
        std::map<Mark, std::size_t> counts;
        for (const Asked& asked : m_asked) ++counts[asked.mark];
        return *std::max_element(
            m_asked.begin(), m_asked.end(),
            [&](const Asked& a, const Asked& b) { return counts.at(a.mark) < counts.at(b.mark); });
    }

    /// Blocks and states build on each other: once different, always different.
    Status findFirst(Asked& asked, const Asked& reference) const {
        BlockNumber low = 0, high = m_result.comparedTo;
        Mark its = asked.mark, other = reference.mark;
        while (low < high) {
            const BlockNumber middle = low + (high - low) / 2;
            ASSIGN_OR_RETURN(const Mark a, mark(asked, middle));
            ASSIGN_OR_RETURN(const Mark b, mark(reference, middle));
            if (a == b) {
                low = middle + 1;
            } else {
                high = middle;
                its = a;
                other = b;
            }
        }
        asked.standing->differsFrom = high;
        asked.standing->onlyState = its.hash == other.hash;
        return {};
    }

    void tell() {
        const auto count = std::count_if(m_result.peers.begin(), m_result.peers.end(),
                                         [](const auto& peer) { return peer.differsFrom; });
        const ErrorArguments arguments{{"block", std::to_string(m_result.comparedTo)},
                                       {"peers", std::to_string(m_asked.size())},
                                       {"differ", std::to_string(count)}};
        m_result.sentence =
            count == 0 ? say("PEERS_SAME",
                             "All {peers} peers that answer have the same blocks and states up to "
                             "block {block}.",
                             arguments)
                       : say("PEERS_DIFFER",
                             "{differ} of {peers} peers that answer differ from the others up to "
                             "block {block}.",
                             arguments);
    }

    const TransactionContext& m_context;
    const ComparePeersRequest& m_request;
    PeersComparison m_result;
    std::vector<Asked> m_asked;
};

}  // namespace

bool PeersComparison::same() const {
    return std::none_of(peers.begin(), peers.end(),
                        [](const PeerStanding& peer) { return peer.differsFrom.has_value(); });
}

bool PeersComparison::allAnswered() const {
    return std::all_of(peers.begin(), peers.end(),
                       [](const PeerStanding& peer) { return peer.reach.ok(); });
}

Result<PeersComparison> ComparePeers::run(const TransactionContext& context,
                                          const ComparePeersRequest& request) const {
    return Comparison(context, request).run();
}

}  // namespace chancery::usecase
