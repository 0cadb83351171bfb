#include "tests/node/ledger/SmallChain.h"

#include <fmt/format.h>

#include <QTemporaryDir>

#include "src/protocol/BlockBuilder.h"

namespace chancery::test {

std::vector<protocol::Block> smallChain(std::size_t count, std::size_t envelopeBytes) {
    std::vector<protocol::Block> blocks;
    Bytes previous;
    for (std::size_t i = 0; i < count; ++i) {
        Bytes envelope = fmt::format("envelope {} ", i);
        envelope.resize(envelopeBytes, static_cast<char>('a' + i % 26));
        blocks.push_back(protocol::buildBlock(i, previous, {std::move(envelope)}));
        previous = blocks.back().header().hash();
    }
    return blocks;
}

std::filesystem::path freshFolder() {
    static QTemporaryDir root;
    static int count = 0;
    const auto path =
        std::filesystem::path(root.path().toStdString()) / fmt::format("case{}", count++);
    std::filesystem::create_directory(path);
    return path;
}

}  // namespace chancery::test
