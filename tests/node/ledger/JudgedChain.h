#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "node/ledger/ChannelLedger.h"
#include "src/verify/MemoryState.h"
#include "src/verify/Validator.h"

namespace chancery::test {

/// A block of the golden ledger with what a validator made of it.
struct JudgedBlock {
    protocol::Block block;
    verify::PreparedBlock prepared;
    verify::PendingUpdates updates;
    std::vector<TxId> txIds;
    /// All that is in the state after it, by namespace and key.
    std::shared_ptr<const verify::MemoryState> state;

    node::Commit commit() const;
};

/// The golden ledger's 278 blocks, judged once per program.
const std::vector<JudgedBlock>& judgedChain();

/// Gives the commits of that chain.
node::ChannelLedger::Replay replayJudged();

std::unique_ptr<node::ChannelLedger> openLedger(const std::filesystem::path& folder,
                                                node::ChannelLedger::Options options = {},
                                                node::ChannelLedger::Replay replay = {});

/// Every row of every table of a ledger's database, as text.
std::string dumpDatabase(const std::filesystem::path& folder);

/// What the view shows and the memory state does not, or the other way round; empty when equal.
std::string difference(const node::StateView& view, const verify::MemoryState& expected);

}  // namespace chancery::test
