#pragma once

#include <string>
#include <vector>

#include "src/protocol/BlockFile.h"
#include "src/verify/ChainVerifier.h"

namespace chancery::test {

/// Blocks that are at hand, as a source.
class BlockList final : public protocol::BlockSource {
public:
    explicit BlockList(std::vector<protocol::SourcedBlock> blocks) : m_blocks(std::move(blocks)) {}

    Result<std::optional<protocol::SourcedBlock>> next() override;
    std::uint64_t bytesDone() const override { return m_done; }
    std::uint64_t bytesTotal() const override { return m_done; }

private:
    std::vector<protocol::SourcedBlock> m_blocks;
    std::size_t m_at = 0;
    std::uint64_t m_done = 0;
};

/// All blocks of a file or folder below tests/data/vectors; throws when they cannot be read.
std::vector<protocol::SourcedBlock> blocksOf(const std::string& relative);
/// One block from a file.
protocol::SourcedBlock blockOf(const std::string& relative);
protocol::SourcedBlock sourced(protocol::Block block);

/// Verifies from `start`; every error stands in the report.
verify::Report verified(std::vector<protocol::SourcedBlock> blocks, verify::ChainState start = {},
                        verify::ChainOptions options = {});
/// The state of the golden ledger after block 277, made once.
const verify::ChainState& after277();

/// Findings of at least this weight, one per line.
std::string listed(const verify::Report& report, verify::Severity atLeast);
bool has(const verify::Report& report, std::string_view reason);

}  // namespace chancery::test
