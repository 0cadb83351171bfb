#pragma once

#include <memory>

#include "node/deliver/DeliverService.h"
#include "node/orderer/BroadcastProcessor.h"

namespace chancery::node {

/// The streams of Broadcast calls. Must outlive the server. Thread-safe.
class BroadcastStreams {
public:
    /// `processor` must outlive it.
    explicit BroadcastStreams(const BroadcastProcessor& processor);
    ~BroadcastStreams();

    /// The handler of one call.
    DeliverStreams::Reactor* open();
    /// Ends all streams, those to come too, with UNAVAILABLE as soon as what they have brought is
    /// answered.
    void close();

private:
    class Stream;
    struct State;
    const BroadcastProcessor& m_processor;
    std::shared_ptr<State> m_state;
};

/// orderer.AtomicBroadcast on gRPC's callback API. What is given must outlive it.
std::unique_ptr<grpc::Service> makeAtomicBroadcastService(BroadcastStreams& broadcasts,
                                                          DeliverStreams& streams,
                                                          DeliverKind blocks);

}  // namespace chancery::node
