#include "src/rpc/Server.h"

#include <grpc/grpc.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fmt/format.h>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <thread>

#include "src/base/Descriptor.h"
#include "src/rpc/ByteService.h"
#include "src/rpc/ChannelArguments.h"
#include "src/rpc/GrpcSetup.h"
#include "src/rpc/Interceptors.h"
#include "src/rpc/RunningCalls.h"
#include "src/rpc/SocketPath.h"

namespace chancery::rpc {
namespace {

Status refuse(StatusCode code, std::string_view reason, const Endpoint& endpoint,
              std::string_view sentence) {
    return makeError(code, reason, fmt::format("{} {}", endpoint.toString(), sentence),
                     {{"endpoint", endpoint.toString()}});
}

grpc_ssl_client_certificate_request_type requestType(ClientCertificates clients) {
    switch (clients) {
        case ClientCertificates::Requested:
            return GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_BUT_DONT_VERIFY;
        case ClientCertificates::RequiredUnverified:
            return GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_BUT_DONT_VERIFY;
        case ClientCertificates::Required:
            break;
    }
    return GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
}

std::shared_ptr<grpc::ServerCredentials> tlsCredentials(const ServerTls& tls) {
    grpc::SslServerCredentialsOptions options(requestType(tls.clients));
    options.pem_root_certs = tls.clientRootsPem;
    options.pem_key_cert_pairs.push_back({tls.identity.keyPem, tls.identity.certificatePem});
    return grpc::SslServerCredentials(options);
}

// Whether somebody answers there: gRPC would take the path away from a server that runs.
bool isServed(const std::string& path) {
    const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());  // SocketPath capped it
    return ::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

// Between creating a socket and any change of its mode everybody who can reach it may connect, so
// the folder counts.
Status checkSocket(const Endpoint& endpoint) {
    const auto folder = std::filesystem::path(endpoint.socketPath).parent_path();
    struct stat facts {};
    if (::stat(folder.c_str(), &facts) != 0)
        return refuse(StatusCode::kUnavailable, "CANNOT_LISTEN", endpoint, std::strerror(errno));
    if (facts.st_uid != ::geteuid() || (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return refuse(StatusCode::kFailedPrecondition, "SOCKET_FOLDER_OPEN", endpoint,
                      "lies in a folder that others may enter");
    ASSIGN_OR_RETURN(const auto path, SocketPath::make(endpoint.socketPath));
    if (isServed(path.usable()))
        return refuse(StatusCode::kUnavailable, "CANNOT_LISTEN", endpoint, "is in use");
    return absl::OkStatus();
}

Result<std::shared_ptr<grpc::ServerCredentials>> credentialsFor(const Listener& listener) {
    if (listener.endpoint.isUnix()) {
        if (listener.tls)
            return refuse(StatusCode::kInvalidArgument, "TLS_WITHOUT_USE", listener.endpoint,
                          "is a socket of this machine");
        RETURN_IF_ERROR(checkSocket(listener.endpoint));
        return grpc::experimental::LocalServerCredentials(UDS);
    }
    if (!listener.tls)
        return refuse(StatusCode::kInvalidArgument, "TLS_REQUIRED", listener.endpoint,
                      "can only be served with TLS");
    RETURN_IF_ERROR(checkTls(*listener.tls));
    return tlsCredentials(*listener.tls);
}

int milliseconds(std::chrono::milliseconds period) {
    return static_cast<int>(period.count());
}

/// What a client may send ahead on one stream.
constexpr int kServerWindowBytes = 256 << 10;

void apply(const ServerLimits& limits, grpc::ServerBuilder& builder) {
    builder.SetMaxReceiveMessageSize(static_cast<int>(limits.maxMessageBytes));
    builder.SetMaxSendMessageSize(static_cast<int>(limits.maxMessageBytes));
    // A small message may unpack to any size: compressed ones are refused before that.
    builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
    for (const auto algorithm : {GRPC_COMPRESS_DEFLATE, GRPC_COMPRESS_GZIP})
        builder.SetCompressionAlgorithmSupportStatus(algorithm, false);
    builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE,
                               static_cast<int>(limits.maxMetadataBytes));
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, limits.maxStreamsPerConnection);
    builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS,
                               milliseconds(limits.handshakeTimeout));
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, milliseconds(limits.keepalive));
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
                               milliseconds(limits.keepaliveTimeout));
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                               milliseconds(limits.leastClientKeepalive));
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, milliseconds(limits.maxIdle));
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, milliseconds(limits.maxAge));
    // Its pings cost more than the widened window brings where messages are small.
    builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kServerWindowBytes);
    builder.AddChannelArgument(GRPC_ARG_ENABLE_CHANNELZ, 0);  // nobody reads what it keeps
    // Two programs at one port would share its callers.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    grpc::ResourceQuota quota("server");
    quota.SetMaxThreads(limits.maxThreads);
    builder.SetResourceQuota(quota);
}

}  // namespace

// Time for answers to arrive and for clients to go by themselves, and for streams that are ending.
constexpr std::chrono::milliseconds kQuiet{50};
constexpr std::chrono::milliseconds kStreamPatience{150};

struct Server::Impl {
    std::shared_ptr<RunningCalls> running = std::make_shared<RunningCalls>();
    std::vector<Endpoint> endpoints;
    std::vector<SocketPath> sockets;
    std::unique_ptr<grpc::Server> server;
    std::once_flag stopped;
};

Server::Server(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Result<std::unique_ptr<Server>> Server::start(ServerOptions options,
                                              const std::vector<grpc::Service*>& services) {
    setUpGrpc();
    grpc::ServerBuilder builder;
    std::vector<int> ports(options.listeners.size(), 0);
    std::vector<SocketPath> sockets;
    for (std::size_t i = 0; i < options.listeners.size(); ++i) {
        ASSIGN_OR_RETURN(auto credentials, credentialsFor(options.listeners[i]));
        std::string address = options.listeners[i].endpoint.toString();
        if (options.listeners[i].endpoint.isUnix()) {
            ASSIGN_OR_RETURN(auto path, SocketPath::make(options.listeners[i].endpoint.socketPath));
            address = "unix:" + path.usable();
            sockets.push_back(std::move(path));
        }
        builder.AddListeningPort(address, std::move(credentials), &ports[i]);
    }
    apply(options.limits, builder);
    auto impl = std::make_unique<Impl>();
    impl->sockets = std::move(sockets);
    builder.experimental().SetInterceptorCreators(serverInterceptors(impl->running));
    for (grpc::Service* service : services) builder.RegisterService(service);
    if (options.others != nullptr)
        builder.RegisterCallbackGenericService(&options.others->service());

    impl->server = builder.BuildAndStart();
    for (std::size_t i = 0; i < options.listeners.size(); ++i) {
        Endpoint endpoint = options.listeners[i].endpoint;
        if (impl->server == nullptr || ports[i] == 0)
            return refuse(StatusCode::kUnavailable, "CANNOT_LISTEN", endpoint,
                          "cannot be listened at: it is in use or not an address of this machine");
        if (!endpoint.isUnix()) endpoint.port = static_cast<std::uint16_t>(ports[i]);
        impl->endpoints.push_back(std::move(endpoint));
    }
    if (impl->server == nullptr)
        return makeError(StatusCode::kInternal, "CANNOT_START", "the server cannot be started");
    return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::~Server() {
    stop(Deadline());
}

const std::vector<Endpoint>& Server::endpoints() const {
    return m_impl->endpoints;
}

std::shared_ptr<grpc::Channel> Server::inProcessChannel(const ClientLimits& limits) {
    return m_impl->server->experimental().InProcessChannelWithInterceptors(channelArguments(limits),
                                                                           clientInterceptors());
}

void Server::stop(Deadline deadline) {
    std::call_once(m_impl->stopped, [&] {
        const auto left = std::max(deadline - std::chrono::steady_clock::now(),
                                   std::chrono::steady_clock::duration::zero());
        // Shutdown waits for connections too, and a client that sleeps does not close its own.
        std::thread closer([this] {
            while (m_impl->running->waitUntilQuiet(kQuiet, kStreamPatience))
                grpc_server_cancel_all_calls(m_impl->server->c_server());
        });
        m_impl->server->Shutdown(std::chrono::system_clock::now() +
                                 std::min<std::chrono::nanoseconds>(left, std::chrono::hours(24)));
        m_impl->running->close();
        closer.join();
        m_impl->server->Wait();
    });
}

}  // namespace chancery::rpc
