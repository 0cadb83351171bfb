#pragma once

#include <functional>

#include "src/protocol/Block.h"
#include "src/verify/ChainState.h"
#include "tests/node/chaincode/FakeState.h"

namespace chancery::test {

/// Goes through the golden chain: `visit` sees each block with the state and the configuration
/// before it, and may add private data of the own organisation to what later blocks see. Throws
/// when the chain cannot be read.
class GoldenChain {
public:
    using Visit = std::function<void(const protocol::Block&, const verify::ChainState& before)>;
    static void walk(const Visit& visit);
};

}  // namespace chancery::test
