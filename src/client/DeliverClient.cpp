#include "src/client/DeliverClient.h"

#include <grpcpp/channel.h>

#include <fmt/format.h>

#include "fabric/orderer/atomic_broadcast_service.grpc.pb.h"
#include "fabric/peer/deliver_service.grpc.pb.h"
#include "src/rpc/Call.h"
#include "src/wire/Parse.h"

namespace chancery::client {
namespace {

using interfaces::BlockStream;
using interfaces::FilteredBlock;

StatusCode codeOf(int status) {
    switch (status) {
        case ::common::BAD_REQUEST:
            return StatusCode::kInvalidArgument;
        case ::common::FORBIDDEN:
            return StatusCode::kPermissionDenied;
        case ::common::NOT_FOUND:
            return StatusCode::kNotFound;
        case ::common::SERVICE_UNAVAILABLE:
            return StatusCode::kUnavailable;
        default:
            return StatusCode::kUnknown;
    }
}

/// One request and what comes back for it. `Service` is the stub, `Answer` its DeliverResponse.
template <class Stub, class Answer, class Item>
class Stream final : public BlockStream<Item> {
public:
    using Pipe = grpc::ClientReaderWriter<::common::Envelope, Answer>;
    using Open = std::unique_ptr<Pipe> (Stub::*)(grpc::ClientContext*);
    using Take = Result<Item> (*)(const Answer&);

    Stream(std::shared_ptr<Stub> stub, Open open, Take take, Deadline deadline,
           std::stop_token stop)
        : m_stub(std::move(stub)),
          m_take(take),
          m_context(deadline, std::move(stop)),
          m_pipe((m_stub.get()->*open)(&m_context.grpc())) {}

    ~Stream() override {
        if (m_ended) return;
        m_context.grpc().TryCancel();
        m_pipe->Finish();
    }

    Status ask(const ::common::Envelope& seek) {
        if (!m_pipe->Write(seek)) return end();
        m_pipe->WritesDone();
        return absl::OkStatus();
    }

    Result<std::optional<Item>> next() override {
        if (m_ended) return std::optional<Item>();
        Answer answer;
        if (!m_pipe->Read(&answer)) {
            RETURN_IF_ERROR(end());
            return std::optional<Item>();
        }
        if (answer.Type_case() == Answer::kStatus) {
            const auto status = answer.status();
            m_context.grpc().TryCancel();
            m_pipe->Finish();
            m_ended = true;
            if (status == ::common::SUCCESS) return std::optional<Item>();
            return makeError(codeOf(status), "NOT_DELIVERED",
                             fmt::format("the node answers {}", ::common::Status_Name(status)),
                             {{"status", std::to_string(status)}});
        }
        ASSIGN_OR_RETURN(Item item, m_take(answer));
        return std::optional<Item>(std::move(item));
    }

private:
    /// The call's status; OK when the node closed the stream in good order.
    Status end() {
        m_ended = true;
        return m_context.status(m_pipe->Finish());
    }

    const std::shared_ptr<Stub> m_stub;
    const Take m_take;
    rpc::CallContext m_context;
    const std::unique_ptr<Pipe> m_pipe;
    bool m_ended = false;
};

Status unexpected() {
    return makeError(StatusCode::kDataLoss, "UNEXPECTED_ANSWER",
                     "the node sends something that was not asked for");
}

template <class Answer>
Result<Bytes> takeBlock(const Answer& answer) {
    if (answer.Type_case() != Answer::kBlock) return unexpected();
    return answer.block().SerializeAsString();
}

Result<FilteredBlock> takeFiltered(const ::protos::DeliverResponse& answer) {
    if (!answer.has_filtered_block()) return unexpected();
    const auto& from = answer.filtered_block();
    FilteredBlock block{
        .channel = ChannelId(from.channel_id()), .number = from.number(), .transactions = {}};
    for (const auto& transaction : from.filtered_transactions())
        block.transactions.push_back({.txId = TxId(transaction.txid()),
                                      .type = transaction.type(),
                                      .code = transaction.tx_validation_code()});
    return block;
}

template <class Item, class Stub, class Answer>
Result<std::unique_ptr<BlockStream<Item>>> openStream(
    const std::shared_ptr<Stub>& stub, typename Stream<Stub, Answer, Item>::Open open,
    typename Stream<Stub, Answer, Item>::Take take, BytesView seek, Deadline deadline,
    std::stop_token stop) {
    ::common::Envelope request;
    RETURN_IF_ERROR(wire::parseInto(request, seek, "seek"));
    auto stream =
        std::make_unique<Stream<Stub, Answer, Item>>(stub, open, take, deadline, std::move(stop));
    RETURN_IF_ERROR(stream->ask(request));
    return std::unique_ptr<BlockStream<Item>>(std::move(stream));
}

class PeerDeliverClient final : public interfaces::Delivery {
    using Stub = ::protos::Deliver::Stub;
    using Answer = ::protos::DeliverResponse;

public:
    explicit PeerDeliverClient(std::shared_ptr<grpc::Channel> channel)
        : m_stub(::protos::Deliver::NewStub(std::move(channel))) {}

    Result<std::unique_ptr<BlockStream<Bytes>>> blocks(BytesView seek, Deadline deadline,
                                                       std::stop_token stop) override {
        return openStream<Bytes, Stub, Answer>(m_stub, &Stub::Deliver, takeBlock<Answer>, seek,
                                               deadline, std::move(stop));
    }
    Result<std::unique_ptr<BlockStream<FilteredBlock>>> filteredBlocks(
        BytesView seek, Deadline deadline, std::stop_token stop) override {
        return openStream<FilteredBlock, Stub, Answer>(m_stub, &Stub::DeliverFiltered, takeFiltered,
                                                       seek, deadline, std::move(stop));
    }

private:
    const std::shared_ptr<Stub> m_stub;
};

class OrdererDeliverClient final : public interfaces::Delivery {
    using Stub = ::orderer::AtomicBroadcast::Stub;
    using Answer = ::orderer::DeliverResponse;

public:
    explicit OrdererDeliverClient(std::shared_ptr<grpc::Channel> channel)
        : m_stub(::orderer::AtomicBroadcast::NewStub(std::move(channel))) {}

    Result<std::unique_ptr<BlockStream<Bytes>>> blocks(BytesView seek, Deadline deadline,
                                                       std::stop_token stop) override {
        return openStream<Bytes, Stub, Answer>(m_stub, &Stub::Deliver, takeBlock<Answer>, seek,
                                               deadline, std::move(stop));
    }
    Result<std::unique_ptr<BlockStream<FilteredBlock>>> filteredBlocks(BytesView, Deadline,
                                                                       std::stop_token) override {
        return makeError(StatusCode::kUnimplemented, "PEERS_ONLY",
                         "only peers know which transactions are valid");
    }

private:
    const std::shared_ptr<Stub> m_stub;
};

}  // namespace

std::shared_ptr<interfaces::Delivery> makePeerDeliverClient(
    std::shared_ptr<grpc::Channel> channel) {
    return std::make_shared<PeerDeliverClient>(std::move(channel));
}

std::shared_ptr<interfaces::Delivery> makeOrdererDeliverClient(
    std::shared_ptr<grpc::Channel> channel) {
    return std::make_shared<OrdererDeliverClient>(std::move(channel));
}

}  // namespace chancery::client
