#include "node/agent/Readiness.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <string_view>

#include "src/base/Descriptor.h"
#include "src/http/Handshake.h"
#include "src/rpc/Endpoint.h"

namespace chancery::agent {
namespace {

bool waitFor(int socket, short what, Deadline deadline) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd watched{socket, what, 0};
    return left.count() > 0 && ::poll(&watched, 1, static_cast<int>(left.count())) > 0;
}

Descriptor connectTo(const rpc::Endpoint& endpoint, Deadline deadline) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    // What listens everywhere listens here.
    const bool isEverywhere = endpoint.host == "0.0.0.0" || endpoint.host == "::";
    const std::string host = isEverywhere ? "127.0.0.1" : endpoint.host;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &found) != 0)
        return Descriptor();
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
        Descriptor socket(::socket(each->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        if (!socket) continue;
        if (::connect(socket.get(), each->ai_addr, each->ai_addrlen) != 0 &&
            (errno != EINPROGRESS || !waitFor(socket.get(), POLLOUT, deadline)))
            continue;
        int failed = 0;
        socklen_t size = sizeof failed;
        if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &failed, &size) == 0 && failed == 0)
            return socket;
    }
    return Descriptor();
}

}  // namespace

bool isServing(const std::string& operations, Deadline deadline) {
    const auto endpoint = rpc::parseEndpoint(operations);
    if (!endpoint.ok() || endpoint->isUnix()) return false;
    const Descriptor socket = connectTo(*endpoint, deadline);
    if (!socket) return false;
    constexpr std::string_view question =
        "GET /healthz HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    if (::send(socket.get(), question.data(), question.size(), MSG_NOSIGNAL) < 0) return false;
    std::string answer;
    char buffer[512];
    while (answer.size() < sizeof buffer && waitFor(socket.get(), POLLIN, deadline)) {
        const ssize_t got = ::recv(socket.get(), buffer, sizeof buffer, 0);
        if (got <= 0) break;
        answer.append(buffer, static_cast<std::size_t>(got));
        if (answer.find('\n') != answer.npos) break;
    }
    const bool isHttp = answer.starts_with("HTTP/1.");
    if (isHttp && answer.substr(8, 5).starts_with(" 200")) return true;
    // Go's servers answer plain words at a TLS port with 400, others with an alert or nothing.
    if (isHttp && !answer.substr(8, 5).starts_with(" 400")) return false;
    return http::presentedCertificates(endpoint->host, endpoint->port, deadline).ok();
}

}  // namespace chancery::agent
