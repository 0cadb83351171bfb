#include "src/channel/Consensus.h"

#include "fabric/common/configuration.pb.h"
#include "fabric/orderer/etcdraft/configuration.pb.h"
#include "fabric/orderer/smartbft/configuration.pb.h"
#include "src/channel/GoDuration.h"
#include "src/wire/Parse.h"

namespace chancery::channel {
namespace {

constexpr std::string_view kPath = "/Channel/Orderer/ConsensusType";
// Fabric compares with its default size of a request, whatever request_max_bytes says.
constexpr std::uint64_t kLeastBatchBytes = 10 * 1024;

Status badConsensus(std::string_view sentence) {
    return makeError(StatusCode::kInvalidArgument, "BAD_CONSENSUS", sentence,
                     {{"path", std::string(kPath)}});
}

template <class M>
Result<M> decode(BytesView metadata) {
    auto message = wire::parse<M>(metadata, "metadata");
    if (message.ok()) return message;
    return makeError(
        StatusCode::kInvalidArgument, "BAD_VALUE",
        fmt::format("the consensus metadata cannot be decoded: {}", messageOf(message.status())),
        {{"path", std::string(kPath)}});
}

Status readDuration(std::string_view name, const std::string& text, absl::Duration& duration) {
    auto read = parseGoDuration(text);
    if (!read.ok())
        return makeError(StatusCode::kInvalidArgument, "BAD_VALUE",
                         fmt::format("{} is no duration", name),
                         {{"path", std::string(kPath)}, {"field", std::string(name)}});
    duration = *read;
    return absl::OkStatus();
}

}  // namespace

Result<std::vector<Consenter>> raftConsenters(BytesView metadata) {
    ASSIGN_OR_RETURN(const auto config, decode<::etcdraft::ConfigMetadata>(metadata));
    std::vector<Consenter> consenters;
    for (const auto& from : config.consenters()) {
        Consenter consenter;
        consenter.host = from.host();
        consenter.port = from.port();
        consenter.clientTlsPem = from.client_tls_cert();
        consenter.serverTlsPem = from.server_tls_cert();
        consenters.push_back(std::move(consenter));
    }
    return consenters;
}

std::vector<Consenter> bftConsenters(const ::common::Orderers& orderers) {
    std::vector<Consenter> consenters;
    for (const auto& from : orderers.consenter_mapping()) {
        Consenter consenter;
        consenter.id = from.id();
        consenter.host = from.host();
        consenter.port = from.port();
        consenter.mspId = MspId(from.msp_id());
        consenter.identityPem = from.identity();
        consenter.clientTlsPem = from.client_tls_cert();
        consenter.serverTlsPem = from.server_tls_cert();
        consenters.push_back(std::move(consenter));
    }
    return consenters;
}

Result<RaftOptions> readRaftOptions(BytesView metadata) {
    ASSIGN_OR_RETURN(const auto config, decode<::etcdraft::ConfigMetadata>(metadata));
    RaftOptions options;
    RETURN_IF_ERROR(
        readDuration("tick_interval", config.options().tick_interval(), options.tickInterval));
    options.electionTick = config.options().election_tick();
    options.heartbeatTick = config.options().heartbeat_tick();
    options.maxInflightBlocks = config.options().max_inflight_blocks();
    options.snapshotIntervalSize = config.options().snapshot_interval_size();
    return options;
}

Result<BftOptions> readBftOptions(BytesView metadata) {
    ASSIGN_OR_RETURN(const auto from, decode<::orderer::smartbft::Options>(metadata));
    BftOptions to;
    const std::tuple<std::string_view, const std::string&, absl::Duration&> durations[] = {
        {"request_batch_max_interval", from.request_batch_max_interval(),
         to.requestBatchMaxInterval},
        {"request_forward_timeout", from.request_forward_timeout(), to.requestForwardTimeout},
        {"request_complain_timeout", from.request_complain_timeout(), to.requestComplainTimeout},
        {"request_auto_remove_timeout", from.request_auto_remove_timeout(),
         to.requestAutoRemoveTimeout},
        {"view_change_resend_interval", from.view_change_resend_interval(),
         to.viewChangeResendInterval},
        {"view_change_timeout", from.view_change_timeout(), to.viewChangeTimeout},
        {"leader_heartbeat_timeout", from.leader_heartbeat_timeout(), to.leaderHeartbeatTimeout},
        {"collect_timeout", from.collect_timeout(), to.collectTimeout},
    };
    for (const auto& [name, text, duration] : durations)
        RETURN_IF_ERROR(readDuration(name, text, duration));
    to.requestBatchMaxCount = from.request_batch_max_count();
    to.requestBatchMaxBytes = from.request_batch_max_bytes();
    to.incomingMessageBufferSize = from.incoming_message_buffer_size();
    to.requestPoolSize = from.request_pool_size();
    to.requestMaxBytes = from.request_max_bytes();
    to.leaderHeartbeatCount = from.leader_heartbeat_count();
    to.syncOnStart = from.sync_on_start();
    to.speedUpViewChange = from.speed_up_view_change();
    to.leaderRotation = from.leader_rotation() == ::orderer::smartbft::Options::ROTATION_ON;
    to.decisionsPerLeader = from.decisions_per_leader();
    return to;
}

Status checkRaft(BytesView metadata) {
    ASSIGN_OR_RETURN(const auto config, decode<::etcdraft::ConfigMetadata>(metadata));
    if (!config.has_options()) return badConsensus("raft has no options");
    const auto& options = config.options();
    if (options.heartbeat_tick() == 0 || options.election_tick() == 0 ||
        options.max_inflight_blocks() == 0)
        return badConsensus(
            "heartbeat ticks, election ticks and blocks in flight must not be zero");
    if (options.election_tick() <= options.heartbeat_tick())
        return badConsensus(fmt::format("election ticks ({}) must exceed heartbeat ticks ({})",
                                        options.election_tick(), options.heartbeat_tick()));
    const auto interval = parseGoDuration(options.tick_interval());
    if (!interval.ok() || *interval == absl::ZeroDuration())
        return badConsensus("the tick interval is no duration, or zero");
    if (config.consenters().empty()) return badConsensus("there would be no consenter left");
    std::set<std::string_view> seen;
    for (const auto& consenter : config.consenters()) {
        // Its own two may be the same certificate.
        if (seen.contains(consenter.server_tls_cert()) ||
            seen.contains(consenter.client_tls_cert()))
            return badConsensus(
                fmt::format("consenter {}:{} has a TLS certificate that another "
                            "consenter has too",
                            consenter.host(), consenter.port()));
        seen.insert(consenter.server_tls_cert());
        seen.insert(consenter.client_tls_cert());
    }
    return absl::OkStatus();
}

Status checkBft(const BftOptions& options, std::uint64_t batchMaxCount,
                std::uint64_t batchMaxBytes) {
    for (const auto& [name, duration] :
         {std::pair("request_batch_max_interval", options.requestBatchMaxInterval),
          {"request_forward_timeout", options.requestForwardTimeout},
          {"request_complain_timeout", options.requestComplainTimeout},
          {"request_auto_remove_timeout", options.requestAutoRemoveTimeout},
          {"view_change_resend_interval", options.viewChangeResendInterval},
          {"view_change_timeout", options.viewChangeTimeout},
          {"leader_heartbeat_timeout", options.leaderHeartbeatTimeout},
          {"collect_timeout", options.collectTimeout}})
        if (duration <= absl::ZeroDuration())
            return badConsensus(fmt::format("{} must be positive", name));
    for (const auto& [name, number] :
         {std::pair<const char*, std::uint64_t>("messages of a batch", batchMaxCount),
          {"bytes of a batch", batchMaxBytes},
          {"incoming_message_buffer_size", options.incomingMessageBufferSize},
          {"request_pool_size", options.requestPoolSize},
          {"leader_heartbeat_count", options.leaderHeartbeatCount}})
        if (number == 0) return badConsensus(fmt::format("{} must not be zero", name));
    if (batchMaxCount > batchMaxBytes) return badConsensus("a batch has more messages than bytes");
    if (batchMaxBytes < kLeastBatchBytes)
        return badConsensus(fmt::format("a batch must hold {} bytes", kLeastBatchBytes));
    if (options.requestForwardTimeout > options.requestComplainTimeout ||
        options.requestComplainTimeout > options.requestAutoRemoveTimeout)
        return badConsensus(
            "requests must be forwarded, complained about and removed in that order");
    if (options.viewChangeResendInterval > options.viewChangeTimeout)
        return badConsensus("view_change_resend_interval is longer than view_change_timeout");
    // Fabric 3 has the rotation of leaders, but does not let channels turn it on.
    if (options.leaderRotation) return badConsensus("the rotation of leaders must be off");
    return absl::OkStatus();
}

}  // namespace chancery::channel
