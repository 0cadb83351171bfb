#include "src/http/Handshake.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <memory>

#include "src/base/Descriptor.h"
#include "src/http/NoPipeSignal.h"

namespace chancery::http {
namespace {

constexpr int kMostCertificates = 20;

struct Free {
    void operator()(SSL_CTX* context) const { ::SSL_CTX_free(context); }
    void operator()(SSL* ssl) const { ::SSL_free(ssl); }
    void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

Status unreachable(std::string_view reason, const std::string& server, std::string_view what) {
    ::ERR_clear_error();
    return makeError(StatusCode::kUnavailable, reason, fmt::format("{}: {}", server, what),
                     {{"endpoint", server}});
}

Status late(const std::string& server) {
    ::ERR_clear_error();
    return makeError(StatusCode::kDeadlineExceeded, "TIMED_OUT",
                     fmt::format("{} did not answer in time", server), {{"endpoint", server}});
}

/// Whether it became ready before the deadline.
bool waitFor(int socket, short events, Deadline deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                          deadline - std::chrono::steady_clock::now())
                          .count();
    if (left <= 0) return false;
    pollfd wanted{.fd = socket, .events = events, .revents = 0};
    return ::poll(&wanted, 1, static_cast<int>(std::min<long long>(left, 600'000))) > 0;
}

Result<Descriptor> connectTo(const std::string& host, std::uint16_t port, const std::string& server,
                             Deadline deadline) {
    const addrinfo hints{.ai_flags = AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    addrinfo* list = nullptr;
    if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list) != 0)
        return unreachable("CONNECTION_REFUSED", server, "the name is not known");
    const std::unique_ptr<addrinfo, Free> found(list);
    for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
        Descriptor socket(::socket(one->ai_family, one->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                                   one->ai_protocol));
        if (!socket) continue;
        if (::connect(socket.get(), one->ai_addr, one->ai_addrlen) != 0 && errno != EINPROGRESS)
            continue;
        if (!waitFor(socket.get(), POLLOUT, deadline)) return late(server);
        int error = 0;
        socklen_t size = sizeof error;
        if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0)
            return socket;
    }
    return unreachable("CONNECTION_REFUSED", server, "nobody listens there");
}

std::vector<Bytes> chainOf(const SSL* ssl) {
    std::vector<Bytes> chain;
    const STACK_OF(X509)* shown = ::SSL_get_peer_cert_chain(ssl);
    for (int i = 0; shown != nullptr && i < sk_X509_num(shown) && i < kMostCertificates; ++i) {
        unsigned char* der = nullptr;
        const int size = ::i2d_X509(sk_X509_value(shown, i), &der);
        if (size <= 0) break;
        chain.emplace_back(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
        ::OPENSSL_free(der);
    }
    return chain;
}

}  // namespace

Result<std::vector<Bytes>> presentedCertificates(const std::string& host, std::uint16_t port,
                                                 Deadline deadline) {
    const NoPipeSignal noSignal;
    const std::string server = fmt::format("{}:{}", host, port);
    ASSIGN_OR_RETURN(const Descriptor socket, connectTo(host, port, server, deadline));
    const std::unique_ptr<SSL_CTX, Free> context(::SSL_CTX_new(::TLS_client_method()));
    // To see is not to trust: what is shown is judged elsewhere.
    ::SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
    ::SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    const std::unique_ptr<SSL, Free> ssl(::SSL_new(context.get()));
    ::SSL_set_fd(ssl.get(), socket.get());
    ::SSL_set_tlsext_host_name(ssl.get(), host.c_str());
    // gRPC servers end handshakes that do not offer HTTP/2.
    static constexpr unsigned char kProtocols[] = "\x02h2\x08http/1.1";
    ::SSL_set_alpn_protos(ssl.get(), kProtocols, sizeof kProtocols - 1);
    while (true) {
        const int done = ::SSL_connect(ssl.get());
        if (done == 1) break;
        const int wants = ::SSL_get_error(ssl.get(), done);
        if (wants == SSL_ERROR_WANT_READ || wants == SSL_ERROR_WANT_WRITE) {
            if (waitFor(socket.get(), wants == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline))
                continue;
            return late(server);
        }
        // A server that misses our certificate ends it after it has shown its own.
        if (std::vector<Bytes> chain = chainOf(ssl.get()); !chain.empty()) {
            ::ERR_clear_error();
            return chain;
        }
        return unreachable("TLS_HANDSHAKE_FAILED", server, "the TLS handshake failed");
    }
    std::vector<Bytes> chain = chainOf(ssl.get());
    ::SSL_shutdown(ssl.get());
    ::ERR_clear_error();
    if (chain.empty())
        return unreachable("TLS_HANDSHAKE_FAILED", server, "it showed no certificate");
    return chain;
}

}  // namespace chancery::http
