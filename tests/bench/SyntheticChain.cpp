#include "tests/bench/SyntheticChain.h"

#include <fmt/format.h>
#include <optional>
#include <vector>

#include "src/base/Random.h"
#include "src/protocol/BlockBuilder.h"
#include "src/protocol/BlockFile.h"
#include "src/protocol/Proposal.h"
#include "src/protocol/ReadWriteSetBuilder.h"
#include "src/protocol/TransactionBuilder.h"
#include "tests/bench/Members.h"
#include "tests/support/Vectors.h"

namespace chancery::bench {
namespace {

constexpr std::size_t kPerBlock = 100;
constexpr std::size_t kNonceBytes = 24;
constexpr const char* kContract = "assets";
constexpr const char* kContractVersion = "2.0";

class ChainMaker {
public:
    static Result<ChainMaker> make(const std::filesystem::path& folder) {
        ChainMaker maker(folder);
        ASSIGN_OR_RETURN(
            maker.m_client,
            memberOfVectors("peerOrganizations/alpha.pub.test/users/User1@alpha.pub.test",
                            "AlphaMSP"));
        ASSIGN_OR_RETURN(
            maker.m_orderer,
            memberOfVectors(
                "ordererOrganizations/orderers.pub.test/orderers/orderer.orderers.pub.test",
                "OrdererPubMSP"));
        for (const auto& [peer, mspId] :
             {std::pair{"peerOrganizations/alpha.pub.test/peers/peer0.alpha.pub.test", "AlphaMSP"},
              {"peerOrganizations/beta.pub.test/peers/peer0.beta.pub.test", "BetaMSP"}}) {
            ASSIGN_OR_RETURN(auto endorser, memberOfVectors(peer, mspId));
            maker.m_endorsers.push_back(std::move(endorser));
        }
        return maker;
    }

    /// The real ledger as its orderer stored it: without what peers write into blocks.
    Status copyRealLedger() {
        ASSIGN_OR_RETURN(
            const auto source,
            protocol::openBlocks(test::vectorPath("ledger/orderer_blockfile_000000.gz")));
        while (true) {
            ASSIGN_OR_RETURN(auto next, source->next());
            if (!next) break;
            RETURN_IF_ERROR(m_writer.append(next->block));
            m_last = std::move(next->block);
        }
        if (!m_last) return makeError(StatusCode::kNotFound, "NO_BLOCKS", "the ledger is empty");
        ASSIGN_OR_RETURN(m_lastConfig, m_last->lastConfig());
        const protocol::Transaction transaction = m_last->transaction(0);
        m_channel = ChannelId(std::string(transaction.channelHeader.channelId));
        m_time = transaction.channelHeader.timestamp.value_or(protocol::Timestamp{}).time();
        return absl::OkStatus();
    }

    Status addTransactions(std::size_t count) {
        while (count > 0) {
            const std::size_t now = std::min(count, kPerBlock);
            std::vector<Bytes> envelopes;
            for (std::size_t i = 0; i < now; ++i) {
                ASSIGN_OR_RETURN(Bytes envelope, transaction());
                envelopes.push_back(std::move(envelope));
            }
            RETURN_IF_ERROR(addBlock(std::move(envelopes)));
            count -= now;
        }
        return m_writer.finish();
    }

private:
    explicit ChainMaker(const std::filesystem::path& folder) : m_writer(folder) {}

    static protocol::Signer signerOf(const identity::SigningIdentityPtr& identity) {
        return [identity](BytesView message) { return identity->sign(message); };
    }

    Result<Bytes> transaction() {
        const std::string key = fmt::format("bench-{}", m_made++);
        const std::string value = R"({"owner":"harbour","qty":)" + std::to_string(m_made) + "}";
        m_time += absl::Milliseconds(1);
        ASSIGN_OR_RETURN(const auto proposal,
                         protocol::buildProposal({.channel = m_channel,
                                                  .chaincode = kContract,
                                                  .args = {"put", key, value},
                                                  .transient = {},
                                                  .tlsCertHash = {}},
                                                 m_client->serialized(),
                                                 Random::system().bytes(kNonceBytes), m_time));
        protocol::ReadWriteSetBuilder changes;
        RETURN_IF_ERROR(changes.write(kContract, key, value));
        const protocol::SimulationResult result{
            .proposalHash = protocol::computeProposalHash(
                proposal.channelHeader, proposal.signatureHeader, proposal.payload),
            .results = changes.build().publicSet,
            .event = {},
            .responseMessage = {},
            .responsePayload = {},
            .chaincode = kContract,
            .chaincodeVersion = kContractVersion};
        std::vector<protocol::ProposalResponse> responses;
        for (const auto& endorser : m_endorsers) {
            ASSIGN_OR_RETURN(Bytes response,
                             protocol::endorse(result, endorser->serialized(), signerOf(endorser)));
            ASSIGN_OR_RETURN(auto decoded, protocol::decodeProposalResponse(
                                               protocol::SharedBytes(std::move(response))));
            responses.push_back(std::move(decoded));
        }
        return protocol::assembleSignedTransaction(proposal.bytes, responses,
                                                   m_client->serialized(), signerOf(m_client));
    }

    Status addBlock(std::vector<Bytes> envelopes) {
        const BlockNumber number = m_last->number() + 1;
        const protocol::Block plain =
            protocol::buildBlock(number, m_last->header().hash(), std::move(envelopes));
        const Bytes raft = protocol::encodeRaftMetadata(
            {.consenterIds = {1}, .nextConsenterId = 2, .raftIndex = number + 3});
        ASSIGN_OR_RETURN(
            m_last, protocol::signBlock(plain, m_lastConfig, raft, m_orderer->serialized(),
                                        Random::system().bytes(kNonceBytes), signerOf(m_orderer)));
        return m_writer.append(*m_last);
    }

    protocol::BlockFileWriter m_writer;
    identity::SigningIdentityPtr m_client, m_orderer;
    std::vector<identity::SigningIdentityPtr> m_endorsers;
    ChannelId m_channel;
    std::optional<protocol::Block> m_last;
    BlockNumber m_lastConfig = 0;
    absl::Time m_time;
    std::size_t m_made = 0;
};

}  // namespace

Status writeSyntheticChain(const std::filesystem::path& folder, std::size_t transactions) {
    ASSIGN_OR_RETURN(ChainMaker maker, ChainMaker::make(folder));
    RETURN_IF_ERROR(maker.copyRealLedger());
    return maker.addTransactions(transactions);
}

}  // namespace chancery::bench
