#pragma once

#include <filesystem>
#include <vector>

#include "src/base/Bytes.h"
#include "src/protocol/Block.h"

namespace chancery::test {

/// Blocks that follow each other, with `envelopeBytes` of made-up content each.
std::vector<protocol::Block> smallChain(std::size_t count, std::size_t envelopeBytes = 20);

/// A new, empty folder below the test's temporary one.
std::filesystem::path freshFolder();

}  // namespace chancery::test
