#pragma once

#include <condition_variable>
#include <cstring>
#include <map>
#include <mutex>
#include <stdexcept>

#include "fabric/orderer/ab.pb.h"
#include "src/interfaces/Nodes.h"
#include "src/protocol/Envelope.h"

namespace chancery::test {

/// What one node of a FakeChain does. Changed under FakeChain::change.
struct FakeNode {
    BlockNumber height = 0;              ///< blocks that it gives
    bool down = false;                   ///< connections end, and none are made
    std::map<BlockNumber, Bytes> other;  ///< blocks in place of the chain's
    std::uint64_t asked = 0;
};

/// Nodes that deliver one chain of serialised blocks, without a network.
class FakeChain {
public:
    explicit FakeChain(std::vector<Bytes> blocks) : m_blocks(std::move(blocks)) {}

    void change(const std::function<void(std::map<std::string, FakeNode>&)>& change) {
        const std::lock_guard lock(m_mutex);
        change(m_nodes);
        m_changed.notify_all();
    }
    FakeNode node(const std::string& name) {
        const std::lock_guard lock(m_mutex);
        return m_nodes[name];
    }
    const std::vector<Bytes>& blocks() const { return m_blocks; }

private:
    friend class FakeChainConnector;
    std::vector<Bytes> m_blocks;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::map<std::string, FakeNode> m_nodes;
};

class FakeChainConnector final : public interfaces::Connector {
    using Stream = interfaces::BlockStream<Bytes>;

    class FakeStream final : public Stream {
    public:
        FakeStream(FakeChain& chain, std::string node, BlockNumber next, BlockNumber last,
                   bool fails, std::stop_token stop)
            : m_chain(chain),
              m_node(std::move(node)),
              m_next(next),
              m_last(last),
              m_fails(fails),
              m_stop(std::move(stop)) {}

        Result<std::optional<Bytes>> next() override {
            if (m_next > m_last) return std::optional<Bytes>();
            std::unique_lock lock(m_chain.m_mutex);
            const FakeNode& node = m_chain.m_nodes[m_node];
            if (m_fails && m_next >= node.height)
                return makeError(StatusCode::kNotFound, "NOT_DELIVERED", "no such block");
            m_chain.m_changed.wait(lock, m_stop, [&] { return node.down || m_next < node.height; });
            if (m_stop.stop_requested())
                return makeError(StatusCode::kCancelled, "STOPPED", "stopped");
            if (node.down)
                return makeError(StatusCode::kUnavailable, "CONNECTION_CLOSED", "closed");
            const auto other = node.other.find(m_next);
            const Bytes& block =
                other == node.other.end() ? m_chain.m_blocks[m_next] : other->second;
            ++m_next;
            return std::optional(block);
        }

    private:
        FakeChain& m_chain;
        const std::string m_node;
        BlockNumber m_next;
        const BlockNumber m_last;
        const bool m_fails;
        const std::stop_token m_stop;
    };

    class FakeDelivery final : public interfaces::Delivery {
    public:
        FakeDelivery(FakeChain& chain, std::string node)
            : m_chain(chain), m_node(std::move(node)) {}

        Result<std::unique_ptr<Stream>> blocks(BytesView seek, Deadline,
                                               std::stop_token stop) override {
            const Bytes kept(seek);
            ASSIGN_OR_RETURN(const auto envelope, protocol::decodeEnvelope(kept));
            ASSIGN_OR_RETURN(const auto payload, protocol::decodePayload(envelope.payload));
            ::orderer::SeekInfo info;
            if (!info.ParseFromArray(payload.data.data(), static_cast<int>(payload.data.size())))
                throw std::runtime_error("no seek info");
            const std::lock_guard lock(m_chain.m_mutex);
            FakeNode& node = m_chain.m_nodes[m_node];
            ++node.asked;
            if (node.down)
                return makeError(StatusCode::kUnavailable, "CONNECTION_REFUSED", "refused");
            const bool newest = info.start().has_newest();
            if (newest && node.height == 0)
                return makeError(StatusCode::kNotFound, "NOT_DELIVERED", "no such channel");
            return std::make_unique<FakeStream>(
                m_chain, m_node, newest ? node.height - 1 : info.start().specified().number(),
                info.stop().specified().number(),
                info.behavior() == ::orderer::SeekInfo::FAIL_IF_NOT_READY, std::move(stop));
        }
        Result<std::unique_ptr<interfaces::BlockStream<interfaces::FilteredBlock>>> filteredBlocks(
            BytesView, Deadline, std::stop_token) override {
            return absl::UnimplementedError("not asked for");
        }

    private:
        FakeChain& m_chain;
        const std::string m_node;
    };

public:
    explicit FakeChainConnector(FakeChain& chain) : m_chain(chain) {}

    Result<std::shared_ptr<interfaces::Endorser>> endorser(
        const interfaces::NodeAddress&) override {
        return absl::UnimplementedError("not asked for");
    }
    Result<std::shared_ptr<interfaces::Ordering>> ordering(
        const interfaces::NodeAddress&) override {
        return absl::UnimplementedError("not asked for");
    }
    Result<std::shared_ptr<interfaces::Delivery>> peerDelivery(
        const interfaces::NodeAddress& peer) override {
        return std::make_shared<FakeDelivery>(m_chain, peer.name);
    }
    Result<std::shared_ptr<interfaces::Delivery>> ordererDelivery(
        const interfaces::NodeAddress& orderer) override {
        return std::make_shared<FakeDelivery>(m_chain, orderer.name);
    }
    Result<std::shared_ptr<interfaces::Gateway>> gateway(const interfaces::NodeAddress&) override {
        return absl::UnimplementedError("not asked for");
    }
    Result<std::shared_ptr<interfaces::Participation>> participation(
        const interfaces::NodeAddress&, const interfaces::TlsIdentity&) override {
        return absl::UnimplementedError("not asked for");
    }

private:
    FakeChain& m_chain;
};

}  // namespace chancery::test
