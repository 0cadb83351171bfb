// Verification of a chain. An odd first byte: the rest are edits of a short good chain, seven bytes
// each (kind, block, offset, value). An even one: the rest is a file of blocks as it stands.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "src/protocol/BlockFile.h"
#include "src/verify/ChainVerifier.h"
#include "tests/support/Vectors.h"

namespace {

using namespace chancery;

constexpr std::size_t kBlocks = 6;
constexpr std::size_t kEdit = 7;
constexpr std::size_t kMaxEdits = 1'000;

/// Single blocks of the golden ledger: the genesis block and what follows it.
const std::vector<Bytes>& goodBlocks() {
    static const std::vector<Bytes> blocks = [] {
        std::vector<Bytes> all;
        for (std::size_t i = 0; i < kBlocks; ++i)
            all.push_back(test::vectorFile("ledger/blocks/block_" + std::to_string(i) + ".pb"));
        return all;
    }();
    return blocks;
}

/// The state behind the genesis block, whose set-up would take most of the time.
const verify::ChainState& behindGenesis() {
    static const verify::ChainState state = [] {
        verify::ChainVerifier verifier;
        auto source = protocol::openBlockBytes("good", protocol::SharedBytes(goodBlocks()[0]));
        if (source.ok()) verifier.verify(**source);
        return verifier.state();
    }();
    return state;
}

bool verifyFile(verify::ChainVerifier& verifier, const Bytes& file) {
    auto source = protocol::openBlockBytes("fuzz", protocol::SharedBytes(file));
    if (!source.ok()) return false;
    verifier.verify(**source);
    return true;
}

/// Applies the edits; true when bytes were changed in place and nothing else was done.
bool edit(std::vector<Bytes>& blocks, BytesView edits) {
    bool inPlace = true;
    edits = edits.substr(0, kMaxEdits * kEdit);
    for (; edits.size() >= kEdit; edits.remove_prefix(kEdit)) {
        const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(edits[i]); };
        Bytes& block = blocks[byte(1) % blocks.size()];
        if (block.empty()) continue;
        const std::size_t offset =
            (byte(2) | byte(3) << 8U | static_cast<std::size_t>(byte(4)) << 16U) % block.size();
        switch (byte(0) % 8) {
            case 0:
                block.insert(offset, byte(5), static_cast<char>(byte(6)));
                break;
            case 1:
                block.erase(offset, byte(5));
                break;
            case 2:
                blocks[byte(5) % blocks.size()] = block;
                break;
            case 3:
                block = Bytes(blocks[byte(5) % blocks.size()]);
                break;
            default:
                block[offset] = static_cast<char>(block[offset] ^ byte(5));
                continue;
        }
        inPlace = false;
    }
    return inPlace;
}

void verifyEdited(BytesView edits) {
    std::vector<Bytes> blocks = goodBlocks();
    const bool inPlace = edit(blocks, edits);
    verify::ChainVerifier verifier(blocks[0] == goodBlocks()[0] ? behindGenesis()
                                                                : verify::ChainState());
    bool readable = true;
    for (std::size_t i = blocks[0] == goodBlocks()[0] ? 1 : 0; i < blocks.size(); ++i)
        readable = verifyFile(verifier, blocks[i]) && readable;
    // Nothing in this chain is left uncovered: changed bytes must have been found.
    const auto& report = verifier.report();
    if (inPlace && blocks != goodBlocks() && readable && report.good() &&
        report.count(verify::Severity::Warning) == 0)
        std::abort();
    if (blocks == goodBlocks() && !report.good()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return behindGenesis().bundle != nullptr ? 0 : -1;
    const BytesView input(reinterpret_cast<const char*>(data), size);
    if ((data[0] & 1) != 0) {
        verifyEdited(input.substr(1));
    } else {
        verify::ChainVerifier verifier;
        verifyFile(verifier, Bytes(input.substr(1)));
    }
    return 0;
}
