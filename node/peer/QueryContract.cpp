#include "node/peer/QueryContract.h"

#include <charconv>
#include <limits>

#include "fabric/common/ledger.pb.h"
#include "node/peer/ConfigContract.h"
#include "src/base/Encoding.h"
#include "src/protocol/FieldWriter.h"
#include "src/wire/Serialize.h"

namespace chancery::node {
namespace {

constexpr std::size_t kShown = 256;

std::string shown(BytesView text) {
    return printable(text, kShown);
}

Status notFound(std::string sentence) {
    return makeError(StatusCode::kNotFound, "NOT_IN_LEDGER", sentence);
}

Result<Bytes> chainInfo(PeerChannel& channel) {
    ::common::BlockchainInfo info;
    const BlockNumber height = channel.height();
    info.set_height(height);
    const auto& bootstrap = channel.ledger().bootstrap();
    if (height > channel.firstBlock()) {
        ASSIGN_OR_RETURN(const auto newest, channel.read(height - 1));
        info.set_currentblockhash(newest.header().hash());
        info.set_previousblockhash(std::string(newest.header().previousHash));
    } else if (bootstrap) {
        info.set_currentblockhash(bootstrap->lastBlockHash);
        info.set_previousblockhash(bootstrap->previousBlockHash);
    }
    if (bootstrap)
        info.mutable_bootstrappingsnapshotinfo()->set_lastblockinsnapshot(bootstrap->lastBlock);
    return wire::serialize(info);
}

Result<protocol::Block> readBlock(PeerChannel& channel, BlockNumber number) {
    // The highest number there is stands for the last block.
    if (number == std::numeric_limits<BlockNumber>::max() && channel.height() > 0)
        number = channel.height() - 1;
    if (number < channel.firstBlock())
        return notFound(
            fmt::format("cannot serve block [{}]. The ledger is bootstrapped from a "
                        "snapshot. First available block = [{}]",
                        number, channel.firstBlock()));
    if (number >= channel.height())
        return notFound(fmt::format("no such block number [{}] in index", number));
    return channel.read(number);
}

ContractResponse blockByNumber(PeerChannel& channel, BytesView text) {
    BlockNumber number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc::result_out_of_range)
        return contractError(
            fmt::format("Failed to parse block number with error "
                        "strconv.ParseUint: parsing \"{}\": value out of range",
                        shown(text)));
    if (error != std::errc() || end != text.data() + text.size())
        return contractError(
            fmt::format("Failed to parse block number with error "
                        "strconv.ParseUint: parsing \"{}\": invalid syntax",
                        shown(text)));
    const auto block = readBlock(channel, number);
    if (!block.ok())
        return contractError(fmt::format("Failed to get block number {}, error {}", number,
                                         messageOf(block.status())));
    return contractSuccess(block->serialize());
}

ContractResponse blockByHash(PeerChannel& channel, BytesView hash) {
    const auto find = [&]() -> Result<Bytes> {
        ASSIGN_OR_RETURN(const auto number, channel.ledger().findBlock(hash));
        if (!number)
            return notFound(
                fmt::format("no such block hash [{}] in index", toHex(hash.substr(0, kShown))));
        ASSIGN_OR_RETURN(const auto block, readBlock(channel, *number));
        return block.serialize();
    };
    auto block = find();
    if (!block.ok())
        return contractError(fmt::format("Failed to get block hash {}, error {}", shown(hash),
                                         messageOf(block.status())));
    return contractSuccess(*std::move(block));
}

Result<TransactionPlace> place(PeerChannel& channel, BytesView txId) {
    ASSIGN_OR_RETURN(const auto found, channel.ledger().findTransaction(TxId(Bytes(txId))));
    if (!found) return notFound(fmt::format("no such transaction ID [{}] in index", shown(txId)));
    return *found;
}

ContractResponse transactionById(PeerChannel& channel, BytesView txId) {
    const auto find = [&]() -> Result<Bytes> {
        ASSIGN_OR_RETURN(const TransactionPlace at, place(channel, txId));
        ASSIGN_OR_RETURN(const auto block, readBlock(channel, at.place.block));
        if (at.place.transaction >= block.transactionCount())
            return makeError(StatusCode::kDataLoss, "LEDGER_DAMAGED",
                             "the index names a transaction that the block does not have");
        // ProcessedTransaction{transactionEnvelope, validationCode}
        Bytes out;
        protocol::appendElement(out, 1, block.envelopes()[at.place.transaction]);
        protocol::appendInteger(out, 2, static_cast<std::uint64_t>(at.code));
        return out;
    };
    auto found = find();
    if (!found.ok())
        return contractError(fmt::format("Failed to get transaction with id {}, error {}",
                                         shown(txId), messageOf(found.status())));
    return contractSuccess(*std::move(found));
}

ContractResponse blockByTransaction(PeerChannel& channel, BytesView txId) {
    const auto find = [&]() -> Result<Bytes> {
        ASSIGN_OR_RETURN(const TransactionPlace at, place(channel, txId));
        ASSIGN_OR_RETURN(const auto block, readBlock(channel, at.place.block));
        return block.serialize();
    };
    auto block = find();
    if (!block.ok())
        return contractError(fmt::format("Failed to get block for txID {}, error {}", shown(txId),
                                         messageOf(block.status())));
    return contractSuccess(*std::move(block));
}

}  // namespace

ContractResponse QueryContract::invoke(const SystemCall& call) {
    const auto& args = call.args;
    if (args.size() < 2)
        return contractError(fmt::format("Incorrect number of arguments, {}", args.size()));
    const std::string_view function = args[0];
    if (call.fromContract)
        return contractError(
            fmt::format("Rejecting invoke of QSCC from another chaincode because of potential for "
                        "deadlocks, original invocation for '{}'",
                        shown(call.proposal->chaincode)));
    if (function != "GetChainInfo" && args.size() < 3)
        return contractError(fmt::format("missing 3rd argument for {}", shown(function)));
    const PeerChannelPtr channel = m_channels.find(ChannelId(args[1]));
    if (channel == nullptr)
        return contractError(fmt::format("Invalid chain ID, {}", shown(args[1])));
    if (const Status allowed = m_access.check("qscc/" + args[0], channel.get(),
                                              call.proposal->signatureHeader.creator);
        !allowed.ok())
        return contractError(fmt::format("access denied for [{}][{}]: [{}]", shown(function),
                                         shown(args[1]), messageOf(allowed)));
    if (function == "GetTransactionByID") return transactionById(*channel, args[2]);
    if (function == "GetBlockByNumber") return blockByNumber(*channel, args[2]);
    if (function == "GetBlockByHash") return blockByHash(*channel, args[2]);
    if (function == "GetBlockByTxID") return blockByTransaction(*channel, args[2]);
    if (function == "GetChainInfo") {
        auto info = chainInfo(*channel);
        if (!info.ok())
            return contractError(
                fmt::format("Failed to get block info with error {}", messageOf(info.status())));
        return contractSuccess(*std::move(info));
    }
    return contractError(fmt::format("Requested function {} not found.", shown(function)));
}

ContractResponse LegacyContract::invoke(const SystemCall& call) {
    const auto& args = call.args;
    if (args.empty()) return contractError("invalid number of arguments to lscc: 0");
    const std::string_view function = args[0];
    const BytesView creator = call.proposal->signatureHeader.creator;
    const auto guarded = [&](std::string_view resource, const ExecutionChannel* channel,
                             std::string_view name) -> std::optional<ContractResponse> {
        const Status allowed = m_access.check("lscc/" + std::string(resource), channel, creator);
        if (allowed.ok()) return std::nullopt;
        return contractError(fmt::format("access denied for [{}][{}]: {}", shown(function),
                                         shown(name), messageOf(allowed)));
    };
    if (function == "deploy" || function == "upgrade")
        return contractError(
            fmt::format("Channel '{}' has been migrated to the new lifecycle, LSCC is now "
                        "read-only",
                        call.channel != nullptr ? call.channel->channelId().str()
                        : args.size() > 1       ? shown(args[1])
                                                : ""));
    if (function == "install")
        return contractError("install is not supported: contracts are installed by _lifecycle");
    if (function == "getchaincodes" || function == "GetChaincodes") {
        if (auto refused = guarded("GetInstantiatedChaincodes", call.channel, "")) return *refused;
        return contractSuccess();  // ChaincodeQueryResponse without entries
    }
    if (function == "getinstalledchaincodes" || function == "GetInstalledChaincodes") {
        if (auto refused = guarded("GetInstalledChaincodes", nullptr, "")) return *refused;
        return contractSuccess();
    }
    static const std::map<std::string_view, std::string_view> kAboutOne{
        {"getid", "ChaincodeExists"},
        {"ChaincodeExists", "ChaincodeExists"},
        {"getdepspec", "GetDeploymentSpec"},
        {"GetDeploymentSpec", "GetDeploymentSpec"},
        {"getccdata", "GetChaincodeData"},
        {"GetChaincodeData", "GetChaincodeData"},
        {"GetCollectionsConfig", "GetCollectionsConfig"},
        {"getcollectionsconfig", "GetCollectionsConfig"}};
    const auto resource = kAboutOne.find(function);
    if (resource == kAboutOne.end())
        return contractError(fmt::format("invalid function to lscc: {}", shown(function)));
    const bool withoutChannel = resource->second == "GetCollectionsConfig";
    if (args.size() < (withoutChannel ? 2U : 3U))
        return contractError(fmt::format("invalid number of arguments to lscc: {}", args.size()));
    PeerChannelPtr named;
    const ExecutionChannel* channel = call.channel;
    if (!withoutChannel) {
        named = m_channels.find(ChannelId(args[1]));
        channel = named.get();
    }
    if (auto refused = guarded(resource->second, channel, args[1])) return *refused;
    return contractError(fmt::format("could not find chaincode with name '{}'",
                                     shown(args[withoutChannel ? 1 : 2])));
}

}  // namespace chancery::node
