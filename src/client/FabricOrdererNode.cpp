#include <algorithm>

#include "src/client/FabricNodeImpl.h"
#include "src/protocol/Block.h"
#include "src/wire/FieldScanner.h"

namespace chancery::client {

using interfaces::NodeAbility;

namespace {

constexpr std::string_view kRefused = "ORDERER_REFUSED";

/// The id of an envelope's transaction; empty when it has none or cannot be read.
std::string txIdOf(BytesView envelope) {
    BytesView bytes = envelope;
    for (int depth = 0; depth < 3; ++depth)  // payload, header, channel_header
        bytes = wire::lastField(bytes, 1).value_or(BytesView());
    const auto header = protocol::decodeChannelHeader(bytes);
    return header.ok() ? std::string(header->txId) : std::string();
}

class FabricOrdererNode final : public FabricNodeImpl {
public:
    using FabricNodeImpl::FabricNodeImpl;

    Status open() override {
        RETURN_IF_ERROR(FabricNodeImpl::open());
        ASSIGN_OR_RETURN(m_delivery, m_connector.ordererDelivery(m_access.address));
        if (m_access.participation && m_access.tls) {
            ASSIGN_OR_RETURN(m_participation,
                             m_connector.participation(*m_access.participation, *m_access.tls));
        }
        return absl::OkStatus();
    }

    Result<std::vector<interfaces::NodeChannel>> channels(Deadline deadline) override {
        ASSIGN_OR_RETURN(const auto ids, followed(deadline));
        std::vector<interfaces::NodeChannel> channels;
        for (const ChannelId& id : ids) {
            interfaces::NodeChannel channel{.channel = id};
            if (m_participation) {
                const auto info = m_participation->info(id, deadline);
                if (absl::IsNotFound(info.status())) continue;  // removed just now
                if (!info.ok()) return info.status();
                channel.relation = info->relation;
                channel.status = info->status;
                channel.height = info->height;
            }
            const auto newest = newestBlock(id, deadline);
            if (newest.ok()) {
                channel.lastBlockHash = newest->header().hash();
                if (!m_participation) channel.height = newest->number() + 1;
                if (!m_participation) channel.status = "active";
            } else if (!m_participation) {
                channel.status = "unknown";
                channel.problem = std::string(messageOf(newest.status()));
            }
            channels.push_back(std::move(channel));
        }
        return channels;
    }

    Status join(BytesView block, Deadline deadline) override {
        RETURN_IF_ERROR(needParticipation("join"));
        RETURN_IF_ERROR(readJoinBlock(block).status());
        const Status joined = m_participation->join(block, deadline).status();
        // "channel already exists"
        const bool already = reasonOf(joined) == kRefused && argumentOf(joined, "status") == "405";
        return already ? absl::OkStatus() : joined;
    }

    Status leave(const ChannelId& channel, Deadline deadline) override {
        RETURN_IF_ERROR(needParticipation("leave"));
        const Status left = m_participation->remove(channel, deadline);
        return absl::IsNotFound(left) ? absl::OkStatus() : left;
    }

protected:
    Status probe(Deadline deadline) override {
        // A channel that there cannot be: whoever answers that is there.
        const auto answered = newestBlock(
            m_access.channels.empty() ? ChannelId("no-such-channel") : m_access.channels.front(),
            deadline);
        return reasonOf(answered.status()) == "NOT_DELIVERED" ? absl::OkStatus()
                                                              : answered.status();
    }

    void addAbilities(interfaces::NodeAbilities& abilities,
                      std::vector<std::string>& missing) const override {
        if (m_participation) {
            abilities.can.insert(
                {NodeAbility::Channels, NodeAbility::Join, NodeAbility::Leave, NodeAbility::Flow});
        } else {
            if (!m_access.channels.empty())
                abilities.can.insert({NodeAbility::Channels, NodeAbility::Flow});
            missing.emplace_back(
                "channels are joined and left by its participation API, whose address and client "
                "certificate are not known");
        }
        missing.emplace_back("flow events are worked out of blocks, without times of stages");
    }

    Result<std::vector<ChannelId>> followed(Deadline deadline) override {
        if (!m_participation) {
            if (!m_access.channels.empty()) return m_access.channels;
            return nodeCannot("channels", "the orderer's participation API is not known");
        }
        ASSIGN_OR_RETURN(auto ids, m_participation->list(deadline));
        std::sort(ids.begin(), ids.end());
        return ids;
    }

    Status follow(const ChannelId& channel, std::optional<BlockNumber>& next, const Told& told,
                  const Alive& alive, const std::stop_token& stop) override {
        if (!next) {
            ASSIGN_OR_RETURN(const auto newest, newestBlock(channel, deadlineIn(kFabricPatience)));
            next = newest.number() + 1;
        }
        ASSIGN_OR_RETURN(const Bytes seek, m_requests->seek(channel, *next));
        ASSIGN_OR_RETURN(const auto stream, m_delivery->blocks(seek, Deadline::max(), stop));
        alive();
        while (true) {
            ASSIGN_OR_RETURN(const auto bytes, stream->next());
            if (!bytes || stop.stop_requested()) return absl::OkStatus();
            ASSIGN_OR_RETURN(const auto block, protocol::Block::parse(*bytes));
            next = block.number() + 1;
            interfaces::NodeFlowBatch batch;
            batch.isFromBlocks = true;
            for (const BytesView envelope : block.envelopes()) {
                interfaces::NodeFlowEvent event;
                event.stage = "order";
                event.channel = channel;
                event.txId = TxId(txIdOf(envelope));
                event.start = m_clock.now();
                if (!event.txId.empty()) batch.events.push_back(std::move(event));
            }
            batch.seen = batch.events.size();
            if (batch.seen != 0) told(std::move(batch));
        }
    }

private:
    Status needParticipation(std::string_view ability) const {
        if (m_participation) return absl::OkStatus();
        return nodeCannot(ability,
                          "the orderer's participation API, or a client certificate for it, is "
                          "not known");
    }

    Result<protocol::Block> newestBlock(const ChannelId& channel, Deadline deadline) {
        ASSIGN_OR_RETURN(const Bytes seek, m_requests->seek(channel, std::nullopt));
        ASSIGN_OR_RETURN(const auto stream, m_delivery->blocks(seek, deadline));
        ASSIGN_OR_RETURN(const auto bytes, stream->next());
        if (!bytes)
            return makeError(StatusCode::kNotFound, "NO_SUCH_BLOCK", "the orderer gives no block");
        return protocol::Block::parse(*bytes);
    }

    std::shared_ptr<interfaces::Delivery> m_delivery;
    std::shared_ptr<interfaces::Participation> m_participation;
};

}  // namespace

Result<std::shared_ptr<FabricNodeImpl>> makeFabricOrderer(interfaces::Connector& connector,
                                                          FabricNodeAccess access,
                                                          const Clock& clock, Random& random) {
    return std::shared_ptr<FabricNodeImpl>(
        std::make_shared<FabricOrdererNode>(connector, std::move(access), clock, random));
}

}  // namespace chancery::client
