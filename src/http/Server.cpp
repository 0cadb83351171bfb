#include "src/http/Server.h"

#include <fmt/format.h>
#include <pthread.h>

#include <future>

#include "src/base/Encoding.h"
#include "src/base/Log.h"
#include "src/http/Connections.h"
#include "src/http/Tls.h"

namespace chancery::http {
namespace {

constexpr std::size_t kMaxPath = 2048;
constexpr char kEverything[] = "[\\s\\S]*";

std::string lowered(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

/// Gives the library's server the threads that belong to us.
class Queue : public httplib::TaskQueue {
public:
    explicit Queue(Connections& connections) : m_connections(connections) {}
    void enqueue(std::function<void()> serve) override { m_connections.enqueue(std::move(serve)); }
    void shutdown() override { m_connections.shutdown(); }

private:
    Connections& m_connections;
};

/// Reads a body within its limits. The answer to give instead, when there is one.
class BodyReader {
public:
    BodyReader(const ServerLimits& limits, const httplib::ContentReader& read)
        : m_limits(limits), m_read(read), m_until(deadlineIn(limits.requestTimeout)) {}

    int into(const httplib::Request& from, Request& to) {
        if (!from.has_header("Content-Length") && !from.has_header("Transfer-Encoding")) return 0;
        const auto stated = from.get_header_value<std::uint64_t>("Content-Length");
        if (stated > m_limits.maxBodyBytes) return 413;
        const bool complete = from.is_multipart_form_data() ? readParts(to) : readWhole(to);
        if (m_tooLarge) return 413;
        if (!complete) return std::chrono::steady_clock::now() > m_until ? 408 : 400;
        return 0;
    }

private:
    bool take(Bytes& to, const char* data, std::size_t size) {
        m_total += size;
        m_tooLarge = m_tooLarge || m_total > m_limits.maxBodyBytes;
        if (m_tooLarge || std::chrono::steady_clock::now() > m_until) return false;
        to.append(data, size);
        return true;
    }

    bool readWhole(Request& to) {
        return m_read(
            [&](const char* data, std::size_t size) { return take(to.body, data, size); });
    }

    bool readParts(Request& to) {
        return m_read(
            [&](const httplib::MultipartFormData& part) {
                m_tooLarge = m_tooLarge || to.parts.size() >= m_limits.maxParts;
                if (m_tooLarge) return false;
                to.parts.push_back({part.name, part.filename, part.content_type, {}});
                return true;
            },
            [&](const char* data, std::size_t size) {
                return !to.parts.empty() && take(to.parts.back().content, data, size);
            });
    }

    const ServerLimits& m_limits;
    const httplib::ContentReader& m_read;
    const Deadline m_until;
    std::size_t m_total = 0;
    bool m_tooLarge = false;
};

Request toRequest(const httplib::Request& from) {
    Request to;
    to.method = from.method;
    to.target = from.target;
    to.path = from.path;
    for (const auto& [name, value] : from.params) to.query[name] = value;
    for (const auto& [name, value] : from.headers) to.headers[lowered(name)] = value;
    to.clientCertificateDer = peerCertificateDer(const_cast<SSL*>(from.ssl));
    return to;
}

void giveInPieces(Response from, const std::string& type, httplib::Response& to) {
    to.set_chunked_content_provider(
        type, [from = std::move(from)](std::size_t, httplib::DataSink& sink) {
            const Sink take = [&](BytesView bytes) {
                return bytes.empty() || sink.write(bytes.data(), bytes.size());
            };
            if (!take(from.body) || !from.rest(take)) return false;
            sink.done();
            return true;
        });
}

void give(Response from, httplib::Response& to) {
    to.status = from.status;
    std::string type = "application/octet-stream";
    for (const auto& [name, value] : from.headers) {
        if (lowered(name) == "content-type")
            type = value;
        else if (lowered(name) != "content-length")
            to.set_header(name, value);
    }
    if (from.rest)
        giveInPieces(std::move(from), type, to);
    else if (!from.body.empty())
        to.set_content(std::move(from.body), type);
}

}  // namespace

struct Server::Impl {
    Impl(ServerOptions wanted, Handler toCall)
        : options(std::move(wanted)), handler(std::move(toCall)), connections(options.limits) {}

    Status setUpTls(SSL_CTX& context) {
        hardenContext(context);
        RETURN_IF_ERROR(useIdentity(context, options.tls.certificatePem, options.tls.keyPem));
        ::SSL_CTX_set_info_callback(&context, [](const SSL* ssl, int where, int) {
            if (where & SSL_CB_HANDSHAKE_START) Connections::watch(const_cast<SSL*>(ssl));
        });
        const bool required = options.tls.clients == ClientCertificates::Required;
        if (!required && options.tls.clientRootsPem.empty()) return absl::OkStatus();
        ASSIGN_OR_RETURN(auto roots, readRoots(options.tls.clientRootsPem));
        ASSIGN_OR_RETURN(const auto named, readCertificates(options.tls.clientRootsPem));
        for (const auto& certificate : named) ::SSL_CTX_add_client_CA(&context, certificate.get());
        ::SSL_CTX_set_cert_store(&context, roots.release());
        ::SSL_CTX_set_verify(
            &context, SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), nullptr);
        return absl::OkStatus();
    }

    Status makeServer() {
        Status set = absl::OkStatus();
        server = std::make_unique<httplib::SSLServer>([&](SSL_CTX& context) {
            set = setUpTls(context);
            return set.ok();
        });
        RETURN_IF_ERROR(set);
        if (!server->is_valid())
            return makeError(StatusCode::kInternal, "TLS_NOT_READY", "TLS could not be set up");
        server->set_tcp_nodelay(true);
        // The library would share the port with other programs.
        server->set_socket_options([](socket_t listener) {
            const int on = 1;
            ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        });
        server->set_read_timeout(options.limits.silence);
        server->set_write_timeout(options.limits.silence);
        server->set_keep_alive_timeout(options.limits.silence.count());
        server->set_keep_alive_max_count(100'000);
        // The body is counted by us, because the library does not look at chunks.
        server->new_task_queue = [this] { return new Queue(connections); };
        return absl::OkStatus();
    }

    void route() {
        server->set_pre_routing_handler(
            [](const httplib::Request& request, httplib::Response& response) {
                if (request.path.size() <= kMaxPath)
                    return httplib::Server::HandlerResponse::Unhandled;
                response.status = 414;
                Connections::giveUp();
                return httplib::Server::HandlerResponse::Handled;
            });
        server->set_logger(
            [](const httplib::Request&, const httplib::Response&) { Connections::answered(); });
        server->set_exception_handler([](const httplib::Request&, httplib::Response& response,
                                         std::exception_ptr) { response.status = 500; });
        const auto plain = [this](const httplib::Request& request, httplib::Response& response) {
            serve(request, response, nullptr);
        };
        const auto withBody = [this](const httplib::Request& request, httplib::Response& response,
                                     const httplib::ContentReader& read) {
            serve(request, response, &read);
        };
        server->Get(kEverything, plain);
        server->Options(kEverything, plain);
        server->Post(kEverything, withBody);
        server->Put(kEverything, withBody);
        server->Patch(kEverything, withBody);
        server->Delete(kEverything, withBody);
    }

    void serve(const httplib::Request& from, httplib::Response& to,
               const httplib::ContentReader* read) {
        Connections::beginHandler();
        Request request = toRequest(from);
        if (read != nullptr) {
            if (const int refusal = BodyReader(options.limits, *read).into(from, request)) {
                to.status = refusal;
                to.set_header("Connection", "close");
                Connections::giveUp();
                return;
            }
        }
        give(handler(request), to);
    }

    const ServerOptions options;
    const Handler handler;
    Connections connections;
    std::unique_ptr<httplib::SSLServer> server;
    std::uint16_t port = 0;
    std::thread listening;
    std::promise<void> ended;
    std::future<void> whenEnded = ended.get_future();
};

Server::Server(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Server::~Server() {
    stop(deadlineIn(std::chrono::seconds(0)));
}

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Handler handler) {
    auto impl = std::make_unique<Impl>(std::move(options), std::move(handler));
    RETURN_IF_ERROR(impl->makeServer());
    impl->route();
    const std::string& host = impl->options.host;
    int port = impl->options.port;
    if (port == 0)
        port = impl->server->bind_to_any_port(host);
    else if (!impl->server->bind_to_port(host, port))
        port = -1;
    if (port <= 0) {
        const std::string where = fmt::format("{}:{}", host, impl->options.port);
        return makeError(
            StatusCode::kUnavailable, "CANNOT_LISTEN",
            fmt::format("cannot listen at {}: the address is in use or not ours", printable(where)),
            {{"endpoint", where}});
    }
    impl->port = static_cast<std::uint16_t>(port);
    impl->listening = std::thread([impl = impl.get()] {
        ::pthread_setname_np(::pthread_self(), "http accept");
        impl->server->listen_after_bind();
        impl->ended.set_value();
    });
    // Before that, the library would overlook that it is asked to stop.
    while (!impl->server->is_running()) std::this_thread::yield();
    return std::unique_ptr<Server>(new Server(std::move(impl)));
}

const std::string& Server::host() const {
    return m_impl->options.host;
}

std::uint16_t Server::port() const {
    return m_impl->port;
}

std::string Server::endpoint() const {
    const bool v6 = host().find(':') != std::string::npos;
    return fmt::format("{}{}{}:{}", v6 ? "[" : "", host(), v6 ? "]" : "", port());
}

void Server::stop(Deadline deadline) {
    if (!m_impl->listening.joinable()) return;
    m_impl->server->stop();
    m_impl->connections.cutIdle();
    if (m_impl->whenEnded.wait_until(deadline) != std::future_status::ready)
        m_impl->connections.cutAll();
    m_impl->listening.join();
}

}  // namespace chancery::http
