#pragma once

#include <functional>
#include <memory>
#include <stop_token>

#include "node/peer/PeerChannel.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/base/TaskPool.h"
#include "src/protocol/ValidationCode.h"

namespace chancery::node {

/// What became of a transaction.
struct CommitAnswer {
    protocol::ValidationCode code = protocol::ValidationCode::NotValidated;
    BlockNumber block = 0;
};

/// Who waits for which transaction: no thread waits, and a block costs one look per transaction.
/// Thread-safe.
class GatewayCommits {
public:
    /// Answers are given on `pool`, never on the committing thread; it must outlive this.
    explicit GatewayCommits(TaskPool& pool);
    ~GatewayCommits();

    /// `done` is called once: at once when the transaction is in the ledger already, after its
    /// commit, or with CANCELLED when `stop` is requested. Errors are the ledger's.
    void wait(const PeerChannelPtr& channel, const TxId& txId, std::stop_token stop,
              std::function<void(Result<CommitAnswer>)> done);

private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

}  // namespace chancery::node
