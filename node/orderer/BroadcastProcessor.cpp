#include "node/orderer/BroadcastProcessor.h"

#include "fabric/common/common.pb.h"
#include "src/base/Encoding.h"

namespace chancery::node {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// What is told about an envelope when its answer is known.
struct Told {
    OrdererContextPtr context;
    std::string channel = "unknown";
    std::string type = "unknown";
    TxId txId;
    SteadyClock::time_point began = SteadyClock::now();

    void tell(const Status& status, const BroadcastAnswer& answer,
              SteadyClock::time_point checked) const {
        const auto now = SteadyClock::now();
        if (context->metrics)
            context->metrics->broadcast(channel, type, answer.status, checked - began,
                                        now - checked);
        if (context->flow == nullptr || txId.empty() || !context->flow->isWanted()) return;
        FlowEvent event;
        event.stage = FlowStage::Broadcast;
        event.channel = ChannelId(channel);
        event.txId = txId;
        event.duration = now - began;
        event.start = std::chrono::system_clock::now() -
                      std::chrono::duration_cast<std::chrono::system_clock::duration>(now - began);
        if (!status.ok()) event.outcome = reasonOf(status);
        context->flow->publish(event);
    }
};

}  // namespace

void BroadcastProcessor::process(const protocol::SharedBytes& envelope, Done done) const {
    auto told = std::make_shared<Told>();
    told->context = m_context;
    const auto finish = [told, done = std::move(done)](const Status& status,
                                                       SteadyClock::time_point checked) {
        const BroadcastAnswer answer = answerOf(status);
        told->tell(status, answer, checked);
        done(answer);
    };
    const auto refuse = [&finish](const Status& why) { finish(why, SteadyClock::now()); };
    const auto message = decodeBroadcastMessage(envelope.view());
    if (!message.ok())
        return refuse(makeError(
            StatusCode::kInvalidArgument, reasonOf(message.status()),
            fmt::format("could not determine channel ID: {}", messageOf(message.status())),
            argumentsOf(message.status())));
    const ChannelId channel(std::string(message->header.channelId));
    told->type = protocol::nameOf(message->header.type);
    told->txId = TxId(std::string(message->header.txId));
    const auto found = m_registrar.find(channel);
    if (found == nullptr)
        return refuse(makeError(StatusCode::kNotFound, "NO_SUCH_CHANNEL", "channel does not exist",
                                {{"channel", printable(channel.str(), 256)}}));
    told->channel = channel.str();
    found->broadcast(envelope, *message, finish);
}

}  // namespace chancery::node
