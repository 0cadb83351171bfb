#include "src/verify/ChainState.h"

#include <fmt/format.h>

#include "fabric/common/configtx.pb.h"
#include "src/verify/Contracts.h"
#include "src/verify/Validator.h"
#include "src/wire/Parse.h"

namespace chancery::verify {
namespace {

using protocol::SnapshotKey;

Status badSnapshot(std::string_view sentence) {
    return makeError(StatusCode::kDataLoss, "BAD_SNAPSHOT", sentence);
}

template <class Record, class Take>
Status readAll(Result<std::unique_ptr<protocol::SnapshotReader<Record>>> reader, const Take& take) {
    if (!reader.ok()) return std::move(reader).status();
    for (;;) {
        ASSIGN_OR_RETURN(const std::optional<Record> record, (*reader)->next());
        if (!record) return {};
        take(*record);
    }
}

StateValue valueOf(const SnapshotKey& key) {
    return {Bytes(key.value), Bytes(key.metadata), key.version};
}

/// The configuration that the state holds.
Status loadConfig(ChainState& chain) {
    ASSIGN_OR_RETURN(const auto config, chain.store().get(kConfigNamespace, kConfigKey));
    if (!config) return badSnapshot("The snapshot holds no channel configuration.");
    ASSIGN_OR_RETURN(const auto envelope,
                     wire::parse<common::ConfigEnvelope>(config->value, "config"));
    ASSIGN_OR_RETURN(chain.bundle, channel::Bundle::fromConfig(chain.channel, envelope.config()));
    chain.configBlock = config->version.block;
    return {};
}

/// Private data that end with blocks behind the snapshot.
Status loadExpiry(ChainState& chain, const protocol::Snapshot& snapshot) {
    Contracts contracts;
    const Expiry::Definitions definitions = [&](std::string_view name) {
        return contracts.find(name, chain.store());
    };
    Status status;
    RETURN_IF_ERROR(readAll<SnapshotKey>(snapshot.privateHashes(), [&](const SnapshotKey& key) {
        if (status.ok())
            status = chain.expiry.schedule(key.namespaceName, key.collection, key.key,
                                           key.version.block, definitions);
    }));
    return status;
}

}  // namespace

Result<ChainState> ChainState::fromSnapshot(const protocol::Snapshot& snapshot,
                                            std::shared_ptr<StateStore> store) {
    ChainState chain;
    chain.outside = std::move(store);
    const auto& info = snapshot.info();
    chain.channel = info.channel;
    chain.last = info.lastBlock;
    chain.headerHash = info.lastBlockHash;
    chain.commitHash = info.lastCommitHash;
    RETURN_IF_ERROR(readAll<SnapshotKey>(snapshot.publicState(), [&](const SnapshotKey& key) {
        chain.store().put(key.namespaceName, key.key, valueOf(key));
    }));
    RETURN_IF_ERROR(readAll<SnapshotKey>(snapshot.privateHashes(), [&](const SnapshotKey& key) {
        chain.store().put(hashedNamespace(key.namespaceName, key.collection), key.key,
                          valueOf(key));
    }));
    RETURN_IF_ERROR(readAll<std::string_view>(
        snapshot.txIds(), [&](std::string_view txId) { chain.store().addTransaction(txId); }));
    RETURN_IF_ERROR(loadConfig(chain));
    RETURN_IF_ERROR(loadExpiry(chain, snapshot));
    chain.stateKnown = true;
    chain.start = say("STATE_FROM_SNAPSHOT",
                      "The state after block {block} is taken from a snapshot; nothing in the "
                      "blocks vouches for it.",
                      {{"block", std::to_string(info.lastBlock)}});
    return chain;
}

Result<ChainState> ChainState::fromConfigBlock(const protocol::Block& block) {
    auto genesis = Validator::validateGenesis(block);
    if (!genesis.ok())
        return makeError(StatusCode::kInvalidArgument, "BAD_ANCHOR",
                         fmt::format("Block {} cannot be the anchor: {}", block.number(),
                                     messageOf(genesis.status())));
    ChainState chain;
    chain.bundle = genesis->config;
    chain.channel = chain.bundle->channelId();
    chain.configBlock = block.number();
    chain.anchorHash = block.header().hash();
    chain.start = say("CONFIG_TRUSTED", "The configuration of block {block} is trusted.",
                      {{"block", std::to_string(block.number())}});
    return chain;
}

}  // namespace chancery::verify
