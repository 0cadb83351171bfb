#pragma once

#include "src/protocol/BlockFile.h"

namespace chancery::verify {

/// What holds a block's bytes.
enum class Container {
    Message,  ///< a serialised common.Block
    Record,   ///< a record of a raw block file
};

/// Whether the bytes around the contents of a block are exactly those that Fabric writes: nothing
/// is signed or hashed there, so only this notices a change. True for blocks that come from no file
/// (size 0). Any thread.
bool isCanonical(const protocol::SourcedBlock& block);

/// The metadata entry of slot 0 as it is written for its content; differs from the entry when
/// something else stands in it.
Bytes canonicalSignatures(const protocol::OrdererMetadata& metadata);
/// common.Metadata with nothing but a value, as slots 1 and 4 hold it; empty for an empty value.
Bytes canonicalValue(BytesView value);
/// Slot 1 as it is written for this number.
Bytes canonicalLastConfig(BlockNumber number);

}  // namespace chancery::verify
