#include "src/rpc/PassedCall.h"

#include "src/rpc/ByteBuffers.h"

namespace chancery::rpc {

void PassedCall::start(const Passage& passage, const std::string& method, Deadline deadline,
                       Incoming incoming,
                       const std::function<void(const std::shared_ptr<PassedCall>&)>& made) {
    const std::shared_ptr<PassedCall> call(new PassedCall(passage, std::move(incoming)));
    call->m_self = call;
    made(call);
    call->m_context.set_deadline(toWallTime(deadline));
    for (const auto& [key, value] : passage.metadata) call->m_context.AddMetadata(key, value);
    call->m_stub.PrepareBidiStreamingCall(&call->m_context, "/" + method, {}, call.get());
    // What the caller sends may come at any time: until the answers end, sending stays possible.
    call->AddHold();
    call->StartRead(&call->m_answer);
    call->StartCall();
    call->m_incoming.read(&call->m_request);
}

void PassedCall::readDone(bool ok) {
    const std::lock_guard lock(m_mutex);
    if (m_ended) return;
    if (ok)
        StartWrite(&m_request);
    else
        StartWritesDone();
}

void PassedCall::OnWriteDone(bool ok) {
    if (ok) m_incoming.read(&m_request);
}

void PassedCall::OnReadDone(bool ok) {
    if (ok) {
        m_incoming.write(&m_answer);
        return;
    }
    {
        const std::lock_guard lock(m_mutex);
        m_ended = true;
    }
    RemoveHold();
}

void PassedCall::writeDone(bool ok) {
    if (!ok) cancel();
    StartRead(&m_answer);
}

void PassedCall::OnDone(const grpc::Status& status) {
    const std::shared_ptr<PassedCall> self = std::move(m_self);
    m_incoming.finish(status);
    m_incoming = {};
}

}  // namespace chancery::rpc
