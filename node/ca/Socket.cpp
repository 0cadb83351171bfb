#include "node/ca/Socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>

#include "src/base/Encoding.h"

namespace chancery::node {
namespace {

struct FreeAddresses {
    void operator()(addrinfo* addresses) const { ::freeaddrinfo(addresses); }
};

int millisecondsUntil(Deadline deadline) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
}

/// Whether the connection stands before the deadline.
bool isConnected(int socket, const addrinfo& address, Deadline deadline) {
    if (::connect(socket, address.ai_addr, address.ai_addrlen) != 0) {
        if (errno != EINPROGRESS) return false;
        pollfd watched{.fd = socket, .events = POLLOUT, .revents = 0};
        int ready = 0;
        while ((ready = ::poll(&watched, 1, millisecondsUntil(deadline))) < 0 && errno == EINTR) {
        }
        int error = 0;
        socklen_t size = sizeof error;
        if (ready <= 0 || ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0 ||
            error != 0)
            return false;
    }
    return ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) & ~O_NONBLOCK) == 0;
}

}  // namespace

Result<Descriptor> connectSocket(const std::string& host, std::uint16_t port, Deadline deadline) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* raw = nullptr;
    const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &raw);
    const std::unique_ptr<addrinfo, FreeAddresses> addresses(raw);
    if (code != 0)
        return makeError(StatusCode::kUnavailable, "HOST_UNKNOWN",
                         fmt::format("{}: {}", printable(host, 256), ::gai_strerror(code)));
    for (const addrinfo* one = addresses.get(); one != nullptr; one = one->ai_next) {
        Descriptor socket(
            ::socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, one->ai_protocol));
        if (socket && isConnected(socket.get(), *one, deadline)) return socket;
    }
    return makeError(StatusCode::kUnavailable, "CONNECTION_REFUSED",
                     fmt::format("nobody answers at {}:{}", printable(host, 256), port));
}

}  // namespace chancery::node
