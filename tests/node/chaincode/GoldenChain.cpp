#include "tests/node/chaincode/GoldenChain.h"

#include <stdexcept>

#include "src/protocol/BlockFile.h"
#include "src/verify/ChainVerifier.h"
#include "tests/support/Vectors.h"

namespace chancery::test {
namespace {

class OneBlock final : public protocol::BlockSource {
public:
    explicit OneBlock(protocol::SourcedBlock block) : m_block(std::move(block)) {}
    Result<std::optional<protocol::SourcedBlock>> next() override {
        return std::exchange(m_block, std::nullopt);
    }
    std::uint64_t bytesDone() const override { return 0; }
    std::uint64_t bytesTotal() const override { return 0; }

private:
    std::optional<protocol::SourcedBlock> m_block;
};

}  // namespace

void GoldenChain::walk(const Visit& visit) {
    auto source = protocol::openBlocks(vectorPath("ledger/blocks"));
    if (!source.ok()) throw std::runtime_error(source.status().ToString());
    verify::ChainVerifier verifier;
    for (;;) {
        auto block = (*source)->next();
        if (!block.ok()) throw std::runtime_error(block.status().ToString());
        if (!*block) return;
        if (verifier.state().last) visit((*block)->block, verifier.state());
        OneBlock one(**block);
        verifier.verify(one);
    }
}

}  // namespace chancery::test
