#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "node/ledger/ChannelLedger.h"
#include "src/protocol/Lifecycle.h"
#include "src/protocol/ReadWriteSetBuilder.h"

namespace chancery::test {

/// Commits made-up transactions to a ledger: whatever they write, as valid ones of contract "cc".
class LedgerMaker {
public:
    using Body = std::function<void(protocol::ReadWriteSetBuilder&)>;
    struct Tx {
        Body body;
        bool withPrivateData = true;  ///< its private writes are at hand
        protocol::ValidationCode code = protocol::ValidationCode::Valid;
    };
    /// Block 0 defines "cc" with the collections "short" (lives two blocks) and "long" (for ever).
    explicit LedgerMaker(std::filesystem::path folder, node::ChannelLedger::Options options = {});

    node::ChannelLedger& ledger() { return *m_ledger; }
    /// Commits one block; gives its number.
    BlockNumber commit(std::vector<Tx> transactions);
    BlockNumber commit(const Body& body) { return commit({Tx{body}}); }
    void skip(int blocks);
    /// Closes the ledger and opens it again.
    void reopen();
    /// The private writes of a transaction that was committed without them.
    std::vector<node::PrivateWrites> withheld(BlockNumber block) const;

private:
    node::Commit make(std::vector<Tx>& transactions);

    std::filesystem::path m_folder;
    node::ChannelLedger::Options m_options;
    std::unique_ptr<node::ChannelLedger> m_ledger;
    std::vector<std::unique_ptr<Bytes>> m_bytes;
    std::vector<std::unique_ptr<protocol::ReadWriteSet>> m_sets;
    std::unique_ptr<verify::PendingUpdates> m_updates;
    std::map<BlockNumber, std::vector<node::PrivateWrites>> m_withheld;
};

}  // namespace chancery::test
