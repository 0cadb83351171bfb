#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/chaincode/ContractExecutor.h"
#include "node/deliver/BlockFeed.h"
#include "node/ledger/ChannelLedger.h"
#include "src/base/Subscription.h"

namespace chancery::node {

/// What a committed block says to those who wait for it.
struct CommitEvent {
    protocol::Block block;
    std::vector<TxId> txIds;  ///< parallel to the transactions
    std::vector<protocol::ValidationCode> codes;
};

/// A channel that the peer has joined: its ledger, its configuration, its blocks coming in.
/// Thread-safe.
class PeerChannel : public ExecutionChannel, public BlockFeed {
public:
    using BlockFeed::bundle;
    using BlockFeed::height;
    virtual ChannelLedger& ledger() = 0;
    /// The committed definition as of now; nothing when the contract is not defined.
    virtual Result<std::optional<protocol::ChaincodeDefinition>> definition(
        std::string_view contract) = 0;
    /// Names of all committed definitions.
    virtual Result<std::vector<std::string>> contracts() = 0;
    /// Called after each commit on the committing thread: must return quickly.
    [[nodiscard]] virtual Subscription onCommit(
        std::function<void(std::shared_ptr<const CommitEvent>)> listener) = 0;
    /// Why the channel stands still, when it does (a block that cannot be committed, disk full).
    virtual std::optional<Status> alarm() const = 0;
};
using PeerChannelPtr = std::shared_ptr<PeerChannel>;

/// The channels of a peer.
class PeerChannels {
public:
    virtual ~PeerChannels() = default;
    virtual PeerChannelPtr find(const ChannelId& channel) const = 0;
    virtual std::vector<ChannelId> ids() const = 0;
};

/// Endorser.ProcessProposal without gRPC: `done` is called once, on any thread, with
/// ProposalResponse bytes or with the gRPC error (fact sheet B §1.2). Thread-safe.
class Endorser {
public:
    virtual ~Endorser() = default;
    virtual void process(Bytes signedProposal, Deadline deadline,
                         std::function<void(Result<Bytes>)> done) = 0;
    /// As `process` for somebody who wants the contract's answer alone: nothing is signed, and
    /// private data that the contract writes are not held.
    virtual void evaluate(Bytes signedProposal, Deadline deadline,
                          std::function<void(Result<Bytes>)> done) = 0;
};

}  // namespace chancery::node
