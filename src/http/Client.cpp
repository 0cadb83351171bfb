#include "src/http/Client.h"

#include <fmt/format.h>
#include <httplib.h>

#include <mutex>

#include "src/base/Encoding.h"
#include "src/base/Random.h"
#include "src/http/NoPipeSignal.h"
#include "src/http/Tls.h"

namespace chancery::http {
namespace {

/// The certificate must lead to one of the roots and be that host's: decided within the handshake.
Status pin(SSL_CTX& context, const std::string& host, const std::string& rootsPem) {
    ASSIGN_OR_RETURN(auto roots, readRoots(rootsPem));
    ::SSL_CTX_set_cert_store(&context, roots.release());
    ::SSL_CTX_set_verify(&context, SSL_VERIFY_PEER, nullptr);
    X509_VERIFY_PARAM* rules = ::SSL_CTX_get0_param(&context);
    if (::X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) != 1)
        ::X509_VERIFY_PARAM_set1_host(rules, host.data(), host.size());
    return absl::OkStatus();
}

bool hasLineBreak(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

std::string multipart(const std::vector<Part>& parts, const std::string& boundary) {
    const auto quoted = [](std::string text) {
        std::erase_if(text, [](char c) { return c == '"' || c == '\r' || c == '\n'; });
        return text;
    };
    std::string body;
    for (const Part& part : parts) {
        body += fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"", boundary,
                            quoted(part.name));
        if (!part.fileName.empty()) body += fmt::format("; filename=\"{}\"", quoted(part.fileName));
        if (!part.contentType.empty())
            body += fmt::format("\r\nContent-Type: {}", quoted(part.contentType));
        body += "\r\n\r\n" + part.content + "\r\n";
    }
    return body + "--" + boundary + "--\r\n";
}

Status describe(httplib::Error error, const std::string& server, Deadline deadline) {
    const auto unavailable = [&](std::string_view reason, std::string_view what) {
        return makeError(StatusCode::kUnavailable, reason, fmt::format("{}: {}", server, what),
                         {{"endpoint", server}});
    };
    if (std::chrono::steady_clock::now() >= deadline || error == httplib::Error::ConnectionTimeout)
        return makeError(StatusCode::kDeadlineExceeded, "TIMED_OUT",
                         fmt::format("{} did not answer in time", server), {{"endpoint", server}});
    switch (error) {
        case httplib::Error::Connection:
        case httplib::Error::BindIPAddress:
            return unavailable("CONNECTION_REFUSED", "nobody listens there");
        case httplib::Error::SSLConnection:
        case httplib::Error::SSLLoadingCerts:
        case httplib::Error::SSLServerVerification:
            return unavailable("TLS_HANDSHAKE_FAILED",
                               "the TLS handshake failed: it does not speak TLS, or one of the "
                               "certificates is not accepted");
        default:
            return unavailable("CONNECTION_CLOSED", "the connection was closed");
    }
}

}  // namespace

struct Client::Impl {
    Impl(std::string to, std::uint16_t at)
        : host(std::move(to)), port(at), client(host, port), name(fmt::format("{}:{}", host, at)) {}

    void setTimeouts(Deadline deadline) {
        const auto left = std::max(std::chrono::duration_cast<std::chrono::microseconds>(
                                       deadline - std::chrono::steady_clock::now()),
                                   std::chrono::microseconds(1));
        const auto bounded = std::min<std::chrono::microseconds>(left, std::chrono::hours(24));
        client.set_connection_timeout(bounded);
        client.set_read_timeout(bounded);
        client.set_write_timeout(bounded);
    }

    const std::string host;
    const std::uint16_t port;
    httplib::SSLClient client;
    const std::string name;
    std::mutex mutex;
};

Client::Client(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Client::~Client() = default;

Result<std::unique_ptr<Client>> Client::make(std::string host, std::uint16_t port,
                                             const ClientTls& tls) {
    auto impl = std::make_unique<Impl>(std::move(host), port);
    SSL_CTX* context = impl->client.ssl_context();
    if (context == nullptr)
        return makeError(StatusCode::kInternal, "TLS_NOT_READY", "TLS could not be set up");
    hardenContext(*context);
    RETURN_IF_ERROR(
        pin(*context, tls.serverName.empty() ? impl->host : tls.serverName, tls.rootsPem));
    if (!tls.certificatePem.empty() || !tls.keyPem.empty())
        RETURN_IF_ERROR(useIdentity(*context, tls.certificatePem, tls.keyPem));
    // The library would add the system's authorities; the context above decides instead.
    impl->client.enable_server_certificate_verification(false);
    impl->client.set_tcp_nodelay(true);
    impl->client.set_keep_alive(true);
    impl->client.set_follow_location(false);
    return std::unique_ptr<Client>(new Client(std::move(impl)));
}

Result<Response> Client::send(const Call& call, Deadline deadline) {
    const NoPipeSignal noSignal;
    if (hasLineBreak(call.path) || hasLineBreak(call.method))
        return makeError(StatusCode::kInvalidArgument, "BAD_PATH", "a path has no line breaks");
    const std::lock_guard lock(m_impl->mutex);
    m_impl->setTimeouts(deadline);

    httplib::Request request;
    request.method = call.method;
    request.path = call.path;
    for (const auto& [name, value] : call.headers) request.set_header(name, value);
    request.body = call.body;
    if (!call.parts.empty()) {
        const std::string boundary = "chancery-" + toHex(Random::system().bytes(16));
        request.body = multipart(call.parts, boundary);
        request.set_header("Content-Type", "multipart/form-data; boundary=" + boundary);
    }
    Bytes body;
    bool tooLarge = false;
    request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t,
                                   std::uint64_t) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        if (call.sink) return call.sink({data, size});
        tooLarge = body.size() + size > call.maxAnswer;
        if (tooLarge) return false;
        body.append(data, size);
        return true;
    };
    const httplib::Result result = m_impl->client.send(request);
    if (tooLarge)
        return makeError(
            StatusCode::kResourceExhausted, "ANSWER_TOO_LARGE",
            fmt::format("{} answers with more than {} bytes", m_impl->name, call.maxAnswer));
    if (!result) return describe(result.error(), m_impl->name, deadline);
    Response response;
    response.status = result->status;
    for (const auto& [name, value] : result->headers) response.headers[name] = value;
    response.body = body.empty() ? result->body : std::move(body);
    return response;
}

}  // namespace chancery::http
