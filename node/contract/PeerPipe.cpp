#include "node/contract/PeerPipe.h"

#include <fmt/format.h>

#include <atomic>

#include "fabric/peer/chaincode_shim.pb.h"
#include "src/base/Log.h"
#include "src/process/FrameSocket.h"
#include "src/rpc/Options.h"

namespace chancery::node::contract {

using Message = protos::ChaincodeMessage;

struct PeerPipe::Impl {
    explicit Impl(Descriptor socket) : frames(std::move(socket), rpc::kMaxMessageBytes) {}

    process::FrameSocket frames;
    std::atomic<bool> ending = false;
};

PeerPipe::PeerPipe(ContractHost& host, Descriptor socket, PeerConnection::Events events)
    : m_host(host), m_impl(std::make_shared<Impl>(std::move(socket))) {
    const std::shared_ptr<ContractHost::Session> session = host.open(
        [impl = std::weak_ptr(m_impl)](Message message) {
            std::string frame;
            const auto open = impl.lock();
            if (open && message.SerializeToString(&frame)) open->frames.send(std::move(frame));
        },
        std::move(events.ready));
    process::FrameSocket::Events calls;
    calls.frame = [session, &frames = m_impl->frames](std::string_view frame) {
        Message message;
        if (message.ParseFromArray(frame.data(), static_cast<int>(frame.size())))
            return session->receive(std::move(message));
        log::error("contract", fmt::format("{} bytes of the peer are no message", frame.size()));
        frames.close();
    };
    calls.ended = [session, impl = m_impl.get(), ended = std::move(events.ended)](const Status&) {
        session->close();
        if (ended && !impl->ending)
            ended(makeError(StatusCode::kUnavailable, "CONNECTION_CLOSED",
                            "the peer closed the connection"));
    };
    m_impl->frames.attach(std::move(calls));
    // The thread that runs the contract reads, too: every hand-over to another costs as much as
    // a short transaction.
    host.feedBy({[impl = m_impl](auto until) { return impl->frames.serve(until); },
                 [impl = m_impl] { impl->frames.wakeUp(); }});
}

PeerPipe::~PeerPipe() {
    m_impl->ending = true;
    m_host.stopFeed();
    m_impl->frames.close();
    // The last call, which takes the session away.
    m_impl->frames.serve(Deadline());
}

}  // namespace chancery::node::contract
