#pragma once

#include <optional>

#include "src/base/Bytes.h"
#include "src/base/Deadline.h"
#include "src/base/Ids.h"
#include "src/protocol/Block.h"

namespace chancery::index {

/// Blocks that arrive one after the other, from wherever. Asked by one thread at a time.
class BlockFeed {
public:
    virtual ~BlockFeed() = default;
    /// Called first: what is there already. Blocks from the next one on are wanted.
    virtual void begin(std::optional<BlockNumber> last, BytesView headerHash) = 0;
    /// The next block; nothing when none came until then, or there will be none.
    virtual std::optional<protocol::Block> next(Deadline until) = 0;
    /// No block comes any more.
    virtual bool ended() const = 0;
};

}  // namespace chancery::index
