#include "fabric/common/ledger.pb.h"
#include "fabric/peer/lifecycle/lifecycle.pb.h"
#include "fabric/peer/query.pb.h"
#include "src/client/FabricNodeImpl.h"
#include "src/protocol/Block.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::client {

using interfaces::NodeAbility;

namespace {

class FabricPeerNode final : public FabricNodeImpl {
public:
    using FabricNodeImpl::FabricNodeImpl;

    Status open() override {
        RETURN_IF_ERROR(FabricNodeImpl::open());
        ASSIGN_OR_RETURN(m_endorser, m_connector.endorser(m_access.address));
        ASSIGN_OR_RETURN(m_delivery, m_connector.peerDelivery(m_access.address));
        return absl::OkStatus();
    }

    Result<std::vector<interfaces::NodeChannel>> channels(Deadline deadline) override {
        ASSIGN_OR_RETURN(const auto ids, followed(deadline));
        // Which contracts have a package here; only administrators are told.
        const auto installed = ask<::lifecycle::QueryInstalledChaincodesResult>(
            {}, "_lifecycle",
            {"QueryInstalledChaincodes",
             wire::serialize(::lifecycle::QueryInstalledChaincodesArgs())},
            deadline);
        std::vector<interfaces::NodeChannel> channels;
        for (const ChannelId& id : ids) {
            interfaces::NodeChannel channel{.channel = id, .relation = "member"};
            if (const Status read = describe(channel, deadline); !read.ok()) {
                if (isUnreachable(read)) return read;
                channel.status = "unknown";
                channel.problem = std::string(messageOf(read));
            }
            if (installed.ok()) mark(channel, *installed);
            channels.push_back(std::move(channel));
        }
        return channels;
    }

    Status join(BytesView block, Deadline deadline) override {
        ASSIGN_OR_RETURN(const JoinBlock wanted, readJoinBlock(block));
        ASSIGN_OR_RETURN(const auto ids, followed(deadline));
        if (std::find(ids.begin(), ids.end(), wanted.channel) == ids.end())
            return query({}, "cscc", {"JoinChain", Bytes(block)}, deadline).status();
        ASSIGN_OR_RETURN(const Bytes bytes, query(wanted.channel, "qscc",
                                                  {"GetBlockByNumber", wanted.channel.str(),
                                                   std::to_string(wanted.number)},
                                                  deadline));
        ASSIGN_OR_RETURN(const auto own, protocol::Block::parse(bytes));
        if (own.header().hash() == wanted.headerHash) return absl::OkStatus();
        return makeError(StatusCode::kAlreadyExists, "CHANNEL_EXISTS",
                         fmt::format("the peer is in another channel that has the name {}",
                                     wanted.channel.str()),
                         {{"channel", wanted.channel.str()}});
    }

    Status leave(const ChannelId&, Deadline) override {
        return nodeCannot("leave",
                          "a peer of Fabric leaves a channel only on its own host and while it is "
                          "stopped (peer node unjoin)");
    }

protected:
    Status probe(Deadline deadline) override {
        const Status answered = toldChannels(deadline).status();
        return isUnreachable(answered) ? answered : absl::OkStatus();
    }

    void addAbilities(interfaces::NodeAbilities& abilities,
                      std::vector<std::string>& missing) const override {
        abilities.can.insert({NodeAbility::Channels, NodeAbility::Join, NodeAbility::Flow});
        missing.emplace_back("flow events are worked out of blocks, without times of stages");
        missing.emplace_back("peers of Fabric leave a channel only while they are stopped");
    }

    Result<std::vector<ChannelId>> followed(Deadline deadline) override {
        auto told = toldChannels(deadline);
        // Members of other organisations are told nothing without a channel.
        if (!told.ok() && !isUnreachable(told.status()) && !m_access.channels.empty())
            return m_access.channels;
        return told;
    }

    Status follow(const ChannelId& channel, std::optional<BlockNumber>& next, const Told& told,
                  const Alive& alive, const std::stop_token& stop) override {
        if (!next) {
            ASSIGN_OR_RETURN(const auto info, chainInfo(channel, deadlineIn(kFabricPatience)));
            next = info.height();
        }
        ASSIGN_OR_RETURN(const Bytes seek, m_requests->seek(channel, *next));
        ASSIGN_OR_RETURN(const auto stream,
                         m_delivery->filteredBlocks(seek, Deadline::max(), stop));
        alive();
        while (true) {
            ASSIGN_OR_RETURN(const auto block, stream->next());
            if (!block || stop.stop_requested()) return absl::OkStatus();
            next = block->number + 1;
            interfaces::NodeFlowBatch batch;
            batch.isFromBlocks = true;
            for (const auto& transaction : block->transactions) {
                if (transaction.txId.empty()) continue;
                interfaces::NodeFlowEvent event;
                event.stage = "commit";
                event.channel = channel;
                event.txId = transaction.txId;
                event.start = m_clock.now();
                if (transaction.code != 0)
                    event.outcome = nameOf(static_cast<protocol::ValidationCode>(
                        static_cast<std::uint8_t>(transaction.code)));
                batch.events.push_back(std::move(event));
            }
            batch.seen = batch.events.size();
            if (batch.seen != 0) told(std::move(batch));
        }
    }

private:
    /// Whoever refuses to answer is there.
    static bool isUnreachable(const Status& status) {
        return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
               absl::IsCancelled(status);
    }

    Result<std::vector<ChannelId>> toldChannels(Deadline deadline) {
        ASSIGN_OR_RETURN(const auto answer, ask<::protos::ChannelQueryResponse>(
                                                {}, "cscc", {"GetChannels"}, deadline));
        std::vector<ChannelId> ids;
        for (const auto& channel : answer.channels()) ids.emplace_back(channel.channel_id());
        std::sort(ids.begin(), ids.end());
        return ids;
    }

    Result<Bytes> query(const ChannelId& channel, const std::string& contract,
                        const std::vector<Bytes>& args, Deadline deadline) {
        return m_requests->query(*m_endorser, channel, contract, args, deadline);
    }

    template <class Answer>
    Result<Answer> ask(const ChannelId& channel, const std::string& contract,
                       const std::vector<Bytes>& args, Deadline deadline) {
        ASSIGN_OR_RETURN(const Bytes bytes, query(channel, contract, args, deadline));
        return wire::parse<Answer>(bytes, contract);
    }

    Result<::common::BlockchainInfo> chainInfo(const ChannelId& channel, Deadline deadline) {
        return ask<::common::BlockchainInfo>(channel, "qscc", {"GetChainInfo", channel.str()},
                                             deadline);
    }

    Status describe(interfaces::NodeChannel& channel, Deadline deadline) {
        ASSIGN_OR_RETURN(const auto info, chainInfo(channel.channel, deadline));
        channel.height = info.height();
        channel.lastBlockHash = info.currentblockhash();
        channel.status = "active";
        const auto definitions = ask<::lifecycle::QueryChaincodeDefinitionsResult>(
            channel.channel, "_lifecycle",
            {"QueryChaincodeDefinitions",
             wire::serialize(::lifecycle::QueryChaincodeDefinitionsArgs())},
            deadline);
        // Who may only read the channel is not told of contracts; the rest is worth showing.
        if (!definitions.ok()) {
            if (reasonOf(definitions.status()) == "CONTRACT_REFUSED") return absl::OkStatus();
            return definitions.status();
        }
        for (const auto& definition : definitions->chaincode_definitions())
            channel.contracts.push_back(
                {.name = definition.name(),
                 .version = definition.version(),
                 .sequence = static_cast<std::uint64_t>(definition.sequence())});
        return absl::OkStatus();
    }

    static void mark(interfaces::NodeChannel& channel,
                     const ::lifecycle::QueryInstalledChaincodesResult& installed) {
        for (const auto& package : installed.installed_chaincodes()) {
            const auto here = package.references().find(channel.channel.str());
            if (here == package.references().end()) continue;
            for (const auto& used : here->second.chaincodes())
                for (auto& contract : channel.contracts)
                    if (contract.name == used.name() && contract.version == used.version())
                        contract.runs = true;
        }
    }

    std::shared_ptr<interfaces::Endorser> m_endorser;
    std::shared_ptr<interfaces::Delivery> m_delivery;
};

}  // namespace

Result<std::shared_ptr<FabricNodeImpl>> makeFabricPeer(interfaces::Connector& connector,
                                                       FabricNodeAccess access, const Clock& clock,
                                                       Random& random) {
    return std::shared_ptr<FabricNodeImpl>(
        std::make_shared<FabricPeerNode>(connector, std::move(access), clock, random));
}

}  // namespace chancery::client
