#include "tests/src/verify/Ledger.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tests/support/Vectors.h"

namespace chancery::test {

Result<std::optional<protocol::SourcedBlock>> BlockList::next() {
    if (m_at == m_blocks.size()) return std::optional<protocol::SourcedBlock>();
    m_done += m_blocks[m_at].size;
    return std::optional<protocol::SourcedBlock>(m_blocks[m_at++]);
}

std::vector<protocol::SourcedBlock> blocksOf(const std::string& relative) {
    auto source = protocol::openBlocks(vectorPath(relative));
    if (!source.ok()) throw std::runtime_error(source.status().ToString());
    std::vector<protocol::SourcedBlock> blocks;
    for (;;) {
        auto block = (*source)->next();
        if (!block.ok()) throw std::runtime_error(block.status().ToString());
        if (!*block) return blocks;
        blocks.push_back(**std::move(block));
    }
}

protocol::SourcedBlock blockOf(const std::string& relative) {
    return blocksOf(relative).at(0);
}

protocol::SourcedBlock sourced(protocol::Block block) {
    return {std::move(block), "block", 0, 0};
}

verify::Report verified(std::vector<protocol::SourcedBlock> blocks, verify::ChainState start,
                        verify::ChainOptions options) {
    BlockList source(std::move(blocks));
    verify::ChainVerifier verifier(std::move(start), std::move(options));
    return verifier.verify(source);
}

const verify::ChainState& after277() {
    static const verify::ChainState state = [] {
        BlockList source(blocksOf("ledger/blocks"));
        verify::ChainVerifier verifier;
        verifier.verify(source);
        return verifier.state();
    }();
    return state;
}

std::string listed(const verify::Report& report, verify::Severity atLeast) {
    std::string text;
    for (const auto& finding : report.findings) {
        if (finding.severity < atLeast) continue;
        text += fmt::format("{} {}", verify::nameOf(finding.severity), finding.reason);
        if (finding.block) text += fmt::format(" block {}", *finding.block);
        if (finding.transaction) text += fmt::format(" tx {}", *finding.transaction);
        text += ": " + finding.sentence + "\n";
    }
    return text;
}

bool has(const verify::Report& report, std::string_view reason) {
    for (const auto& finding : report.findings)
        if (finding.reason == reason) return true;
    return false;
}

}  // namespace chancery::test
