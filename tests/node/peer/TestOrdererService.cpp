#include "tests/node/peer/TestOrdererService.h"

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <mutex>

#include "fabric/orderer/atomic_broadcast_service.grpc.pb.h"
#include "src/protocol/Envelope.h"
#include "src/rpc/Server.h"

namespace chancery::node::test {

struct TestOrderer::Impl final : ::orderer::AtomicBroadcast::Service {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<protocol::Block> blocks;
    int refusal = 0;
    BlockNumber from = 0;
    std::string channel;
    int streams = 0;
    std::string address;
    std::unique_ptr<rpc::Server> server;

    grpc::Status Deliver(
        grpc::ServerContext* context,
        grpc::ServerReaderWriter<::orderer::DeliverResponse, ::common::Envelope>* stream) override {
        ::common::Envelope envelope;
        if (!stream->Read(&envelope)) return grpc::Status::OK;
        const auto payload = protocol::decodePayload(BytesView(envelope.payload()));
        const auto header = protocol::decodeChannelHeader(payload->channelHeader);
        ::orderer::SeekInfo seek;
        (void)seek.ParseFromString(std::string(payload->data));
        std::unique_lock lock(mutex);
        ++streams;
        from = seek.start().specified().number();
        channel = std::string(header->channelId);
        ::orderer::DeliverResponse response;
        if (refusal != 0) {
            response.set_status(static_cast<::common::Status>(refusal));
            stream->Write(response);
            return grpc::Status::OK;
        }
        for (BlockNumber next = from; !context->IsCancelled();) {
            if (next >= blocks.size()) {
                changed.wait_for(lock, std::chrono::milliseconds(5));
                continue;
            }
            (void)response.mutable_block()->ParseFromString(blocks[next++].serialize());
            lock.unlock();
            const bool written = stream->Write(response);
            lock.lock();
            if (!written) break;
        }
        return grpc::Status::OK;
    }
};

TestOrderer::TestOrderer(const std::string& socket, std::vector<protocol::Block> blocks)
    : m_impl(std::make_unique<Impl>()) {
    m_impl->blocks = std::move(blocks);
    m_impl->address = "unix:" + socket;
    rpc::ServerOptions options;
    options.listeners = {{.endpoint = {.host = {}, .port = 0, .socketPath = socket}, .tls = {}}};
    auto server = rpc::Server::start(std::move(options), {m_impl.get()});
    if (server.ok()) m_impl->server = *std::move(server);
}
TestOrderer::~TestOrderer() {
    m_impl->server.reset();
}

bool TestOrderer::started() const {
    return m_impl->server != nullptr;
}
std::string TestOrderer::address() const {
    return m_impl->address;
}
void TestOrderer::add(protocol::Block block) {
    const std::lock_guard lock(m_impl->mutex);
    m_impl->blocks.push_back(std::move(block));
    m_impl->changed.notify_all();
}
void TestOrderer::refuseWith(int status) {
    m_impl->refusal = status;
}
BlockNumber TestOrderer::lastFrom() const {
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->from;
}
std::string TestOrderer::lastChannel() const {
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->channel;
}
int TestOrderer::streams() const {
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->streams;
}

}  // namespace chancery::node::test
