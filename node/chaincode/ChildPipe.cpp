#include "node/chaincode/ChildPipe.h"

#include <fmt/format.h>

#include "fabric/peer/chaincode_shim.pb.h"
#include "src/process/FrameSocket.h"
#include "src/rpc/Options.h"

namespace chancery::node {

ChildPipe::ChildPipe(Descriptor socket)
    : m_socket(std::make_unique<process::FrameSocket>(std::move(socket), rpc::kMaxMessageBytes)) {}
ChildPipe::~ChildPipe() = default;

void ChildPipe::begin(ContractStreamPtr stream) {
    process::FrameSocket::Events events;
    events.frame = [this, stream](std::string_view frame) {
        ::protos::ChaincodeMessage message;
        if (message.ParseFromArray(frame.data(), static_cast<int>(frame.size())))
            return stream->receive(std::move(message));
        close(makeError(StatusCode::kInvalidArgument, "ILLEGAL_MESSAGE",
                        fmt::format("the contract sent {} bytes that are no message of its "
                                    "protocol",
                                    frame.size())));
    };
    events.ended = [self = shared_from_this(), stream](const Status& why) {
        Status ours;
        {
            const std::lock_guard lock(self->m_mutex);
            ours = self->m_why;
        }
        stream->closed(ours.ok() ? why : ours);
    };
    m_socket->start(std::move(events));
}

void ChildPipe::send(::protos::ChaincodeMessage message) {
    std::string frame;
    if (message.SerializeToString(&frame)) m_socket->send(std::move(frame));
}

void ChildPipe::close(const Status& why) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_why.ok()) m_why = why;
    }
    m_socket->close();
}

void ChildPipe::end() {
    m_socket->close();
    m_socket->waitEnd();
}

}  // namespace chancery::node
