#pragma once

#include <memory>

#include "node/contract/ContractHost.h"
#include "node/contract/ShimService.h"
#include "src/base/Descriptor.h"

namespace chancery::node::contract {

/// Talks to the peer that started this process, by the socket that it left: each message of the
/// shim protocol is a frame.
class PeerPipe {
public:
    /// The host must outlive the pipe; it is fed by it. Events come on the host's thread.
    PeerPipe(ContractHost& host, Descriptor socket, PeerConnection::Events events);
    /// Returns when nothing is called any more.
    ~PeerPipe();

private:
    struct Impl;
    ContractHost& m_host;
    std::shared_ptr<Impl> m_impl;
};

}  // namespace chancery::node::contract
