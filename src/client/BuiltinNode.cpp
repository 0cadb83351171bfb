#include "src/client/BuiltinNode.h"

#include <grpcpp/channel.h>

#include "chancery/admin/v1/node_admin_service.grpc.pb.h"
#include "src/base/Encoding.h"
#include "src/client/MetricsDecoder.h"
#include "src/rpc/Call.h"
#include "src/rpc/Channel.h"

namespace chancery::client {
namespace {

namespace v1 = ::chancery::admin::v1;
using interfaces::NodeAbility;

constexpr std::size_t kTxIdBytes = 32;
/// A node that gives more pages than this gives the same ones again.
constexpr int kMostPages = 10'000;

constexpr std::pair<std::string_view, NodeAbility> kAbilities[] = {
    {"channels", NodeAbility::Channels}, {"join", NodeAbility::Join},
    {"leave", NodeAbility::Leave},       {"settings", NodeAbility::Settings},
    {"metrics", NodeAbility::Metrics},   {"flow", NodeAbility::Flow},
    {"log_spec", NodeAbility::LogSpec},  {"health", NodeAbility::Health}};

Status unexpected(std::string_view what) {
    return makeError(StatusCode::kDataLoss, "UNEXPECTED_ANSWER",
                     fmt::format("the node's answer is not understood: {}", what));
}

std::string stageName(v1::FlowStage stage) {
    if (!v1::FlowStage_IsValid(stage) || stage == v1::FLOW_STAGE_UNSPECIFIED) return "unknown";
    std::string name = v1::FlowStage_Name(stage);
    for (char& c : name) c = static_cast<char>(c - 'A' + 'a');
    return name;
}

Result<interfaces::NodeFlowBatch> decode(const v1::FlowBatch& from) {
    interfaces::NodeFlowBatch batch;
    batch.seen = from.seen();
    batch.oneIn = from.one_in();
    std::vector<ChannelId> channels;
    for (const std::string& channel : from.channels()) channels.emplace_back(channel);
    batch.events.reserve(static_cast<std::size_t>(from.events_size()));
    for (const auto& event : from.events()) {
        if (event.channel() >= channels.size()) return unexpected("an event of no channel");
        interfaces::NodeFlowEvent one;
        one.stage = stageName(event.stage());
        one.channel = channels[event.channel()];
        one.txId =
            TxId(event.tx_id().size() == kTxIdBytes ? toHex(event.tx_id()) : event.tx_id_text());
        one.start = absl::FromUnixNanos(event.start());
        one.duration = std::chrono::nanoseconds(event.duration());
        one.outcome = event.outcome();
        batch.events.push_back(std::move(one));
    }
    return batch;
}

interfaces::NodeChannel decode(const v1::Channel& from) {
    interfaces::NodeChannel channel{.channel = ChannelId(from.channel()),
                                    .height = from.height(),
                                    .lastBlockHash = from.last_block_hash(),
                                    .relation = from.relation(),
                                    .status = from.status(),
                                    .problem = from.problem(),
                                    .contracts = {}};
    for (const auto& contract : from.contracts())
        channel.contracts.push_back({.name = contract.name(),
                                     .version = contract.version(),
                                     .sequence = contract.sequence(),
                                     .runs = contract.runs()});
    return channel;
}

class BuiltinNode final : public interfaces::Node {
    using Stub = v1::NodeAdmin::Stub;

public:
    BuiltinNode(std::shared_ptr<grpc::Channel> channel, CallMetadata metadata, WatchPauses pauses)
        : m_stub(v1::NodeAdmin::NewStub(std::move(channel))),
          m_metadata(std::move(metadata)),
          m_pauses(pauses) {}

    Result<interfaces::NodeAbilities> abilities(Deadline deadline) override {
        ASSIGN_OR_RETURN(const auto answer,
                         call(&Stub::GetAbilities, v1::AbilitiesRequest(), deadline));
        interfaces::NodeAbilities abilities;
        for (const std::string& name : answer.can())
            for (const auto& [known, ability] : kAbilities)
                if (known == name) abilities.can.insert(ability);
        abilities.limits = answer.limits();
        return abilities;
    }

    Result<interfaces::NodeStatus> status(Deadline deadline) override {
        ASSIGN_OR_RETURN(const auto answer, call(&Stub::GetStatus, v1::StatusRequest(), deadline));
        interfaces::NodeStatus status{.kind = answer.kind(),
                                      .mspId = MspId(answer.msp_id()),
                                      .version = answer.version(),
                                      .startedAt = absl::FromUnixNanos(answer.started_at()),
                                      .endpoints = {},
                                      .health = {},
                                      .memoryBytes = answer.memory_bytes(),
                                      .processorSeconds = answer.processor_seconds(),
                                      .readOnly = answer.read_only()};
        status.endpoints.insert(answer.endpoints().begin(), answer.endpoints().end());
        for (const auto& row : answer.health())
            status.health.push_back({.component = row.component(), .problem = row.problem()});
        return status;
    }

    Result<std::vector<interfaces::NodeChannel>> channels(Deadline deadline) override {
        std::vector<interfaces::NodeChannel> channels;
        v1::ChannelsRequest request;
        for (int page = 0; page < kMostPages; ++page) {
            ASSIGN_OR_RETURN(const auto answer, call(&Stub::ListChannels, request, deadline));
            for (const auto& channel : answer.channels()) channels.push_back(decode(channel));
            if (answer.next_page().empty()) return channels;
            request.set_page(answer.next_page());
        }
        return unexpected("its list of channels has no end");
    }

    Status join(BytesView block, Deadline deadline) override {
        v1::JoinRequest request;
        request.set_block(block.data(), block.size());
        return call(&Stub::JoinChannel, request, deadline).status();
    }

    Status leave(const ChannelId& channel, Deadline deadline) override {
        v1::LeaveRequest request;
        request.set_channel(channel.str());
        return call(&Stub::LeaveChannel, request, deadline).status();
    }

    Result<std::vector<interfaces::NodeSetting>> settings(Deadline deadline) override {
        ASSIGN_OR_RETURN(const auto answer,
                         call(&Stub::ListSettings, v1::SettingsRequest(), deadline));
        std::vector<interfaces::NodeSetting> settings;
        for (const auto& setting : answer.settings())
            settings.push_back({.path = setting.path(),
                                .value = setting.value(),
                                .defaultValue = setting.default_value(),
                                .isDefault = setting.is_default(),
                                .help = setting.help()});
        return settings;
    }

    Result<std::string> logSpec(Deadline deadline) override {
        ASSIGN_OR_RETURN(const auto answer,
                         call(&Stub::GetLogSpec, v1::LogSpecRequest(), deadline));
        return answer.spec();
    }

    Status setLogSpec(const std::string& spec, Deadline deadline) override {
        v1::SetLogSpecRequest request;
        request.set_spec(spec);
        return call(&Stub::SetLogSpec, request, deadline).status();
    }

    Subscription watchMetrics(std::chrono::milliseconds every,
                              std::function<void(const interfaces::MetricsReading&)> reading,
                              std::function<void(const Status&)> lost) override {
        v1::WatchMetricsRequest request;
        // What is too much for the field is refused by the node like everything above an hour.
        request.set_every_ms(static_cast<std::uint32_t>(
            std::clamp<std::int64_t>(every.count(), 1, std::numeric_limits<std::int32_t>::max())));
        return watchStream<v1::MetricsReading>(
            &Stub::WatchMetrics, request, std::move(lost),
            [reading = std::move(reading)]() -> std::function<Status(const v1::MetricsReading&)> {
                // What is known counts for one connection.
                auto decoder = std::make_shared<MetricsDecoder>();
                return [reading, decoder](const v1::MetricsReading& message) -> Status {
                    RETURN_IF_ERROR(decoder->apply(message));
                    reading(decoder->reading());
                    return absl::OkStatus();
                };
            });
    }

    Subscription watchFlow(std::function<void(const interfaces::NodeFlowBatch&)> batch,
                           std::function<void(const Status&)> lost) override {
        return watchStream<v1::FlowBatch>(
            &Stub::WatchFlow, v1::WatchFlowRequest(), std::move(lost),
            [batch = std::move(batch)]() -> std::function<Status(const v1::FlowBatch&)> {
                return [batch](const v1::FlowBatch& message) -> Status {
                    ASSIGN_OR_RETURN(const auto decoded, decode(message));
                    batch(decoded);
                    return absl::OkStatus();
                };
            });
    }

private:
    template <class Request, class Response>
    Result<Response> call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                       Response*),
                          const Request& request, Deadline deadline) {
        rpc::CallContext context(deadline);
        addMetadata(context.grpc());
        Response response;
        const grpc::Status ended = (m_stub.get()->*method)(&context.grpc(), request, &response);
        if (!ended.ok()) return context.status(ended);
        return response;
    }

    template <class Message, class Request>
    Subscription watchStream(std::unique_ptr<grpc::ClientReader<Message>> (Stub::*open)(
                                 grpc::ClientContext*, const Request&),
                             const Request& request, std::function<void(const Status&)> lost,
                             std::function<std::function<Status(const Message&)>()> makeTake) {
        return watch(
            [stub = m_stub, metadata = m_metadata, open, request, makeTake = std::move(makeTake)](
                const std::stop_token& stop, const Alive& alive) -> Status {
                rpc::CallContext context(Deadline::max(), stop);
                for (const auto& [name, value] : metadata) context.grpc().AddMetadata(name, value);
                const auto stream = (stub.get()->*open)(&context.grpc(), request);
                const auto take = makeTake();
                Message message;
                while (stream->Read(&message)) {
                    if (stop.stop_requested()) break;
                    alive();
                    if (const Status taken = take(message); !taken.ok()) {
                        context.grpc().TryCancel();
                        stream->Finish();
                        return taken;
                    }
                }
                return context.status(stream->Finish());
            },
            std::move(lost), m_pauses);
    }

    void addMetadata(grpc::ClientContext& context) const {
        for (const auto& [name, value] : m_metadata) context.AddMetadata(name, value);
    }

    const std::shared_ptr<Stub> m_stub;
    const CallMetadata m_metadata;
    const WatchPauses m_pauses;
};

}  // namespace

std::shared_ptr<interfaces::Node> makeBuiltinNode(std::shared_ptr<grpc::Channel> channel,
                                                  CallMetadata metadata, WatchPauses pauses) {
    return std::make_shared<BuiltinNode>(std::move(channel), std::move(metadata), pauses);
}

Result<std::shared_ptr<interfaces::Node>> makeBuiltinNode(const std::string& socket,
                                                          CallMetadata metadata) {
    const auto path = std::filesystem::absolute(socket).string();
    ASSIGN_OR_RETURN(auto channel,
                     rpc::makeChannel({.host = {}, .port = 0, .socketPath = path}, std::nullopt));
    return makeBuiltinNode(std::move(channel), std::move(metadata));
}

}  // namespace chancery::client
