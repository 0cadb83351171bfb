#pragma once

#include <grpcpp/impl/codegen/service_type.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <memory>

#include "node/deliver/DeliverSession.h"
#include "src/base/TaskPool.h"

namespace chancery::node {

/// The streams of a Deliver call on gRPC's callback API: one message on its way at a time, blocks
/// taken from the feed as the client takes them, no thread waits. Used by orderer.AtomicBroadcast
/// and protos.Deliver alike. Must outlive the server. Thread-safe.
class DeliverStreams {
public:
    using Reactor = grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;

    /// As many as Fabric's nodes take.
    static constexpr std::size_t kMaxStreams = 2500;

    /// Streams that waited for a block go on on `pool`. Above `maxStreams` calls are refused with
    /// RESOURCE_EXHAUSTED.
    DeliverStreams(std::shared_ptr<const DeliverRules> rules, std::shared_ptr<TaskPool> pool,
                   std::size_t maxStreams = kMaxStreams);
    ~DeliverStreams();

    /// The handler of one call.
    Reactor* open(grpc::CallbackServerContext* context, const DeliverKind& kind);
    /// Ends all streams, those to come too, with SERVICE_UNAVAILABLE.
    void close();

private:
    class Stream;
    struct State;
    std::shared_ptr<State> m_state;
    std::shared_ptr<TaskPool> m_pool;
};

/// What the three methods of protos.Deliver show. Policies as event/Block and event/FilteredBlock.
struct PeerDeliverRenderings {
    BlockRenderingPtr blocks = wholeBlocks();
    BlockRenderingPtr filtered = filteredBlocks();
    BlockRenderingPtr withPrivateData;  ///< null: UNIMPLEMENTED
};

/// protos.Deliver. `streams` must outlive it.
std::unique_ptr<grpc::Service> makePeerDeliverService(DeliverStreams& streams,
                                                      PeerDeliverRenderings renderings);

/// The bytes without a copy; the buffer keeps them alive.
grpc::ByteBuffer toByteBuffer(const protocol::SharedBytes& bytes);
/// A message in one piece; without a copy where it came in one.
protocol::SharedBytes toSharedBytes(const grpc::ByteBuffer& buffer);

}  // namespace chancery::node
