#pragma once

#include <vector>

#include "src/channel/Bundle.h"
#include "src/protocol/BlockFile.h"
#include "src/verify/Report.h"

namespace chancery::verify {

/// What can be said of a block by itself, ahead of its turn.
struct BlockCheck {
    Bytes hash;                     ///< of its header
    std::vector<Finding> findings;  ///< block number and place filled in
    std::size_t signaturesChecked = 0;
    bool signaturesRead = false;  ///< slot 0 could be decoded
    BlockNumber lastConfig = 0;   ///< as its orderer states it; when signaturesRead
};

/// Form, data hash, container, what stands in the metadata slots, and, with a configuration, the
/// orderers' signatures. `channel` may be empty when it is not known yet. Block 0 has no
/// signatures. Any thread.
BlockCheck checkBlock(const protocol::SourcedBlock& block, const ChannelId& channel,
                      const channel::Bundle* bundle);

/// A finding about a block, with its place filled in.
Finding findingAbout(const protocol::SourcedBlock& block, Severity severity, Sentence sentence);

}  // namespace chancery::verify
