#include "src/rpc/Channel.h"

#include <fmt/format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include "src/rpc/ChannelArguments.h"
#include "src/rpc/GrpcSetup.h"
#include "src/rpc/Interceptors.h"
#include "src/rpc/SocketPath.h"

namespace chancery::rpc {
namespace {

constexpr int kClientWindowBytes = 4 << 20;

int milliseconds(std::chrono::milliseconds period) {
    return static_cast<int>(period.count());
}

std::shared_ptr<grpc::ChannelCredentials> credentials(const ClientTls& tls) {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = tls.rootsPem;
    if (tls.identity) {
        options.pem_cert_chain = tls.identity->certificatePem;
        options.pem_private_key = tls.identity->keyPem;
    }
    return grpc::SslCredentials(options);
}

Status invalid(std::string_view reason, const Endpoint& endpoint, std::string_view sentence) {
    return makeError(StatusCode::kInvalidArgument, reason,
                     fmt::format("{} {}", endpoint.toString(), sentence),
                     {{"endpoint", endpoint.toString()}});
}

}  // namespace

grpc::ChannelArguments channelArguments(const ClientLimits& limits) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(static_cast<int>(limits.maxMessageBytes));
    arguments.SetMaxSendMessageSize(static_cast<int>(limits.maxMessageBytes));
    // What a server packs may unpack to any size, and it is not needed: messages stay as they came
    // and do not parse.
    arguments.SetInt(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
    arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, 64 << 10);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, milliseconds(limits.keepalive));
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, milliseconds(limits.keepaliveTimeout));
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, milliseconds(limits.firstReconnect));
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, milliseconds(limits.lastReconnect));
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, milliseconds(limits.lastReconnect));
    // A fixed window, wide enough for blocks from far away, instead of one that pings measure.
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kClientWindowBytes);
    arguments.SetInt(GRPC_ARG_ENABLE_CHANNELZ, 0);
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);  // who sends twice must know it
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetUserAgentPrefix("chancery");
    return arguments;
}

Result<std::shared_ptr<grpc::Channel>> makeChannel(const Endpoint& endpoint,
                                                   const std::optional<ClientTls>& tls,
                                                   const ClientLimits& limits) {
    setUpGrpc();
    grpc::ChannelArguments arguments = channelArguments(limits);
    if (endpoint.isUnix()) {
        if (tls) return invalid("TLS_WITHOUT_USE", endpoint, "is a socket of this machine");
        ASSIGN_OR_RETURN(const auto path, SocketPath::make(endpoint.socketPath));
        auto channel = grpc::experimental::CreateCustomChannelWithInterceptors(
            "unix:" + path.usable(), grpc::experimental::LocalCredentials(UDS), arguments,
            clientInterceptors());
        // It connects again whenever it must.
        auto* const made = channel.get();
        return std::shared_ptr<grpc::Channel>(
            made,
            [channel = std::move(channel), path](grpc::Channel*) mutable { channel.reset(); });
    }
    if (!tls) return invalid("TLS_REQUIRED", endpoint, "can only be reached with TLS");
    RETURN_IF_ERROR(checkTls(*tls));
    if (!tls->serverName.empty()) arguments.SetSslTargetNameOverride(tls->serverName);
    return grpc::experimental::CreateCustomChannelWithInterceptors(
        "dns:///" + endpoint.toString(), credentials(*tls), arguments, clientInterceptors());
}

}  // namespace chancery::rpc
