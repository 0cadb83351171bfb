#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Deadline.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/interfaces/NodeAddress.h"

/// What a front end may ask of nodes, in bytes and plain structs. Every call blocks until its
/// deadline or stop at the latest and may come from any thread; errors of a call that did not get
/// through have the reasons of rpc::CallContext::status.
namespace chancery::interfaces {

/// A peer that runs proposals.
class Endorser {
public:
    virtual ~Endorser() = default;
    /// SignedProposal → ProposalResponse.
    virtual Result<Bytes> process(BytesView signedProposal, Deadline deadline,
                                  std::stop_token stop = {}) = 0;
};

/// An orderer that takes envelopes.
class Ordering {
public:
    virtual ~Ordering() = default;
    /// OK: taken for ordering, which is not yet committed. FAILED_PRECONDITION (NOT_ORDERED) with
    /// `status` (Fabric's number) and `info`.
    virtual Status broadcast(BytesView envelope, Deadline deadline, std::stop_token stop = {}) = 0;
};

struct FilteredTransaction {
    TxId txId;
    std::int32_t type = 0;  ///< HeaderType
    std::int32_t code = 0;  ///< TxValidationCode
};
struct FilteredBlock {
    ChannelId channel;
    BlockNumber number = 0;
    std::vector<FilteredTransaction> transactions;
};

/// Blocks of one request, one after the other. One thread at a time.
template <class Item>
class BlockStream {
public:
    virtual ~BlockStream() = default;
    /// Nothing when the last block that was asked for is there. NOT_FOUND, PERMISSION_DENIED …
    /// (NOT_DELIVERED) with `status` when the node refuses.
    virtual Result<std::optional<Item>> next() = 0;
};

/// A peer or orderer that gives blocks. `seek` is a signed envelope with SeekInfo.
class Delivery {
public:
    virtual ~Delivery() = default;
    /// Serialised blocks.
    virtual Result<std::unique_ptr<BlockStream<Bytes>>> blocks(BytesView seek, Deadline deadline,
                                                               std::stop_token stop = {}) = 0;
    /// Peers only.
    virtual Result<std::unique_ptr<BlockStream<FilteredBlock>>> filteredBlocks(
        BytesView seek, Deadline deadline, std::stop_token stop = {}) = 0;
};

struct CommitStatus {
    BlockNumber block = 0;
    std::int32_t code = 0;  ///< TxValidationCode
};

/// A peer that finds endorsers and orderers by itself.
class Gateway {
public:
    virtual ~Gateway() = default;
    /// SignedProposal → Response (protos.Response bytes).
    virtual Result<Bytes> evaluate(const ChannelId& channel, const TxId& txId,
                                   BytesView signedProposal, Deadline deadline,
                                   std::stop_token stop = {}) = 0;
    /// SignedProposal → Envelope bytes whose payload is to be signed.
    virtual Result<Bytes> endorse(const ChannelId& channel, const TxId& txId,
                                  BytesView signedProposal, Deadline deadline,
                                  std::stop_token stop = {}) = 0;
    virtual Status submit(const ChannelId& channel, const TxId& txId, BytesView envelope,
                          Deadline deadline, std::stop_token stop = {}) = 0;
    /// `request` is CommitStatusRequest bytes, signed.
    virtual Result<CommitStatus> commitStatus(BytesView request, BytesView signature,
                                              Deadline deadline, std::stop_token stop = {}) = 0;
};

struct OrdererChannel {
    ChannelId channel;
    std::string relation;  ///< "consenter", "follower" …
    std::string status;    ///< "active", "onboarding" …
    std::uint64_t height = 0;
};

/// Which channels an orderer takes part in: its administrator's REST interface.
class Participation {
public:
    virtual ~Participation() = default;
    /// `block`: genesis or latest config block. Refusals: FAILED_PRECONDITION (ORDERER_REFUSED)
    /// with `status` (HTTP) and the orderer's own sentence.
    virtual Result<OrdererChannel> join(BytesView block, Deadline deadline) = 0;
    virtual Result<std::vector<ChannelId>> list(Deadline deadline) = 0;
    virtual Result<OrdererChannel> info(const ChannelId& channel, Deadline deadline) = 0;
    virtual Status remove(const ChannelId& channel, Deadline deadline) = 0;
};

/// Makes connections to nodes and keeps them: asking twice is cheap. Thread-safe.
class Connector {
public:
    virtual ~Connector() = default;
    virtual Result<std::shared_ptr<Endorser>> endorser(const NodeAddress& peer) = 0;
    virtual Result<std::shared_ptr<Ordering>> ordering(const NodeAddress& orderer) = 0;
    virtual Result<std::shared_ptr<Delivery>> peerDelivery(const NodeAddress& peer) = 0;
    virtual Result<std::shared_ptr<Delivery>> ordererDelivery(const NodeAddress& orderer) = 0;
    virtual Result<std::shared_ptr<Gateway>> gateway(const NodeAddress& peer) = 0;
    virtual Result<std::shared_ptr<Participation>> participation(const NodeAddress& orderer,
                                                                 const TlsIdentity& admin) = 0;
};

}  // namespace chancery::interfaces
