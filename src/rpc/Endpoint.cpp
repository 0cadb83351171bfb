#include "src/rpc/Endpoint.h"

#include <fmt/format.h>
#include <charconv>

#include "src/base/Encoding.h"

namespace chancery::rpc {
namespace {

constexpr std::size_t kMaxHost = 253;         // a DNS name
constexpr std::size_t kMaxSocketPath = 4095;  // as any path

Status bad(std::string_view text, std::string_view why) {
    return makeError(StatusCode::kInvalidArgument, "BAD_ENDPOINT",
                     fmt::format("'{}' is no endpoint: {}", printable(text, 300), why),
                     {{"endpoint", printable(text, 300)}});
}

bool isHostCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
}

bool isAddressCharacter(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' ||
           c == '.';
}

Result<Endpoint> parseSocket(std::string_view text, std::string_view path) {
    while (path.starts_with("//")) path.remove_prefix(1);
    if (!path.starts_with('/')) return bad(text, "the path of a socket must be absolute");
    if (path.size() > kMaxSocketPath)
        return bad(text, fmt::format("the path of a socket has at most {} bytes", kMaxSocketPath));
    if (path.find('\0') != path.npos) return bad(text, "the path contains NUL");
    return Endpoint{.host = {}, .port = 0, .socketPath = std::string(path)};
}

}  // namespace

std::string Endpoint::toString() const {
    if (isUnix()) return "unix:" + socketPath;
    const bool isV6 = host.find(':') != host.npos;
    return isV6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

Result<Endpoint> parseEndpoint(std::string_view text) {
    std::string_view rest = text;
    if (rest.starts_with("unix:")) return parseSocket(text, rest.substr(5));
    if (rest.starts_with("grpc://") || rest.starts_with("http://"))
        return makeError(
            StatusCode::kInvalidArgument, "PLAINTEXT_REFUSED",
            fmt::format("'{}' asks for a connection without TLS", printable(text, 300)),
            {{"endpoint", printable(text, 300)}});
    if (rest.starts_with("grpcs://")) rest.remove_prefix(8);

    const auto colon = rest.rfind(':');
    if (colon == rest.npos) return bad(text, "there is no port");
    std::string_view host = rest.substr(0, colon);
    const std::string_view port = rest.substr(colon + 1);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    if (host.empty() || host.size() > kMaxHost) return bad(text, "there is no proper host");
    for (const char c : host)
        if (!(bracketed ? isAddressCharacter(c) : isHostCharacter(c)))
            return bad(text, "the host has a character that no host has");
    unsigned number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (error != std::errc() || end != port.data() + port.size() || port.size() > 5 ||
        number > 65535)
        return bad(text, "the port is no number up to 65535");
    return Endpoint{
        .host = std::string(host), .port = static_cast<std::uint16_t>(number), .socketPath = {}};
}

}  // namespace chancery::rpc
