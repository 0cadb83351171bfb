#include "node/peer/OrderingService.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <map>
#include <mutex>

#include "fabric/orderer/ab.pb.h"
#include "src/base/Random.h"
#include "src/protocol/Envelope.h"
#include "src/rpc/Call.h"
#include "src/rpc/Channel.h"
#include "src/wire/FieldScanner.h"
#include "src/wire/Serialize.h"

namespace chancery::node {
namespace {

constexpr char kDeliver[] = "/orderer.AtomicBroadcast/Deliver";

Status malformed() {
    return makeError(StatusCode::kInvalidArgument, "MALFORMED_PROTOBUF",
                     "The orderer's answer cannot be decoded.");
}

/// DeliverResponse: a status or a block.
Result<protocol::Block> decodeAnswer(Bytes bytes) {
    const protocol::SharedBytes shared(std::move(bytes));
    wire::FieldScanner field(shared.view());
    std::optional<std::uint64_t> status;
    std::optional<BytesView> block;
    while (field.next()) {
        if (field.number() == 1 && field.wireType() == wire::WireType::Varint) {
            status = field.integer();
            block.reset();
        } else if (field.number() == 2 && field.wireType() == wire::WireType::Length) {
            block = field.view();
            status.reset();
        }
    }
    if (field.failed() || (!status && !block)) return malformed();
    if (block) return protocol::Block::parse(shared.slice(*block));
    const std::string name = ::common::Status_Name(static_cast<int>(*status));
    return makeError(StatusCode::kFailedPrecondition, "DELIVER_REFUSED",
                     fmt::format("The orderer ends the stream with status {}.",
                                 name.empty() ? std::to_string(*status) : name),
                     {{"status", std::to_string(*status)}});
}

/// The next message is read from the network only when this one was taken: that is the
/// back-pressure.
class Stream final : public BlockStream {
public:
    Stream(std::shared_ptr<grpc::Channel> channel, Bytes seek, std::stop_token stop)
        : m_reactor(
              std::make_shared<Reactor>(std::move(channel), std::move(seek), std::move(stop))) {
        m_reactor->begin(m_reactor);
    }
    ~Stream() override { m_reactor->cancel(); }

    Result<std::optional<protocol::Block>> next(Deadline deadline) override {
        ASSIGN_OR_RETURN(auto bytes, m_reactor->take(deadline));
        if (!bytes) return std::optional<protocol::Block>();
        ASSIGN_OR_RETURN(protocol::Block block, decodeAnswer(*std::move(bytes)));
        return std::optional(std::move(block));
    }

private:
    class Reactor final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
    public:
        Reactor(std::shared_ptr<grpc::Channel> channel, Bytes seek, std::stop_token stop)
            : m_stub(std::move(channel)), m_context(Deadline::max(), std::move(stop)) {
            const grpc::Slice slice(seek.data(), seek.size());
            m_request = grpc::ByteBuffer(&slice, 1);
        }

        /// Lives until gRPC is done with it. The hold keeps gRPC from ending the call between a
        /// message that was taken and the next read.
        void begin(std::shared_ptr<Reactor> self) {
            m_self = std::move(self);
            m_stub.PrepareBidiStreamingCall(&m_context.grpc(), kDeliver, {}, this);
            AddHold();
            StartWrite(&m_request);
            StartRead(&m_answer);
            StartCall();
        }

        Result<std::optional<Bytes>> take(Deadline deadline) {
            std::unique_lock lock(m_mutex);
            const auto there = [this] { return m_state != State::Reading; };
            if (deadline == Deadline::max())
                m_changed.wait(lock, there);
            else if (!m_changed.wait_until(lock, deadline, there))
                return std::optional<Bytes>();
            if (m_state != State::Read) {
                lock.unlock();
                releaseHold();
                lock.lock();
                m_changed.wait(lock, [this] { return m_state == State::Done; });
                return ended();
            }
            Bytes bytes = flatten(m_answer);
            m_answer.Clear();
            m_state = State::Reading;
            lock.unlock();
            StartRead(&m_answer);
            return std::optional(std::move(bytes));
        }
        void cancel() {
            m_context.grpc().TryCancel();
            releaseHold();
        }

        void OnReadDone(bool ok) override {
            const std::lock_guard lock(m_mutex);
            if (m_state == State::Reading) m_state = ok ? State::Read : State::Ended;
            m_changed.notify_all();
        }
        void OnDone(const grpc::Status& status) override {
            std::shared_ptr<Reactor> self;  // ends behind the lock, and perhaps this object with it
            const std::lock_guard lock(m_mutex);
            self = std::move(m_self);
            m_state = State::Done;
            m_status = status;
            m_changed.notify_all();
        }

    private:
        enum class State { Reading, Read, Ended, Done };

        void releaseHold() {
            if (!m_released.exchange(true)) RemoveHold();
        }
        static Bytes flatten(const grpc::ByteBuffer& buffer) {
            std::vector<grpc::Slice> slices;
            Bytes bytes;
            if (!buffer.Dump(&slices).ok()) return bytes;
            bytes.reserve(buffer.Length());
            for (const auto& slice : slices)
                bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
            return bytes;
        }
        Status ended() {
            Status status = m_context.status(m_status);
            if (!status.ok()) return status;
            return makeError(StatusCode::kUnavailable, "CONNECTION_CLOSED",
                             "The orderer has closed the stream.");
        }

        grpc::GenericStub m_stub;
        rpc::CallContext m_context;
        grpc::ByteBuffer m_request;
        grpc::ByteBuffer m_answer;
        std::mutex m_mutex;
        std::condition_variable m_changed;
        State m_state = State::Reading;
        std::atomic<bool> m_released = false;
        grpc::Status m_status;
        std::shared_ptr<Reactor> m_self;
    };

    std::shared_ptr<Reactor> m_reactor;
};

class GrpcOrderingService final : public OrderingService {
public:
    GrpcOrderingService(identity::SigningIdentityPtr signer, std::optional<rpc::TlsIdentity> tls,
                        rpc::ClientLimits limits, const Clock& clock)
        : m_signer(std::move(signer)), m_tls(std::move(tls)), m_limits(limits), m_clock(clock) {}

    Result<std::unique_ptr<BlockStream>> deliver(const channel::OrdererEndpoint& orderer,
                                                 const ChannelId& channel, BlockNumber from,
                                                 std::stop_token stop) override {
        ASSIGN_OR_RETURN(const rpc::Endpoint endpoint, rpc::parseEndpoint(orderer.address));
        std::optional<rpc::ClientTls> tls;
        Bytes binding;
        if (!endpoint.isUnix()) {
            tls.emplace();
            for (const auto* roots : {&orderer.tlsRoots, &orderer.tlsIntermediates})
                for (const Bytes& pem : *roots) {
                    tls->rootsPem += pem;
                    if (!pem.ends_with('\n')) tls->rootsPem += '\n';
                }
            tls->identity = m_tls;
            if (m_tls) {
                ASSIGN_OR_RETURN(binding, rpc::bindingHashOf(*m_tls));
            }
        }
        ASSIGN_OR_RETURN(auto connection, rpc::makeChannel(endpoint, tls, m_limits));
        ASSIGN_OR_RETURN(Bytes seek, encodeSeekFrom(channel, from, *m_signer, binding, m_clock));
        return std::make_unique<Stream>(std::move(connection), std::move(seek), std::move(stop));
    }

private:
    identity::SigningIdentityPtr m_signer;
    std::optional<rpc::TlsIdentity> m_tls;
    rpc::ClientLimits m_limits;
    const Clock& m_clock;
};

}  // namespace

Result<Bytes> encodeSeekFrom(const ChannelId& channel, BlockNumber from,
                             const identity::SigningIdentity& signer, BytesView tlsCertHash,
                             const Clock& clock) {
    ::orderer::SeekInfo seek;
    seek.mutable_start()->mutable_specified()->set_number(from);
    seek.mutable_stop()->mutable_specified()->set_number(~std::uint64_t{0});
    seek.set_behavior(::orderer::SeekInfo::BLOCK_UNTIL_READY);
    protocol::ChannelHeader header;
    header.type = protocol::HeaderType::DeliverSeekInfo;
    header.timestamp = protocol::Timestamp::fromTime(clock.now());
    header.channelId = channel.str();
    header.tlsCertHash = tlsCertHash;
    const Bytes nonce = Random::system().bytes(24);
    const Bytes payload = protocol::encodePayload(
        protocol::encodeChannelHeader(header),
        protocol::encodeSignatureHeader({signer.serialized(), nonce}), wire::serialize(seek));
    ASSIGN_OR_RETURN(const Bytes signature, signer.sign(payload));
    return protocol::encodeEnvelope(payload, signature);
}

std::unique_ptr<OrderingService> makeOrderingService(identity::SigningIdentityPtr signer,
                                                     std::optional<rpc::TlsIdentity> tls,
                                                     rpc::ClientLimits limits, const Clock& clock) {
    return std::make_unique<GrpcOrderingService>(std::move(signer), std::move(tls), limits, clock);
}

}  // namespace chancery::node
