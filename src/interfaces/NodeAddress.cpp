#include "src/interfaces/NodeAddress.h"

#include <charconv>

#include "src/base/Encoding.h"

namespace chancery::interfaces {

Result<HostAndPort> splitEndpoint(const std::string& endpoint) {
    const auto bad = [&] {
        return makeError(StatusCode::kInvalidArgument, "BAD_ENDPOINT",
                         "\"" + printable(endpoint) + "\" is not host:port",
                         {{"endpoint", endpoint}});
    };
    const std::size_t colon = endpoint.rfind(':');
    if (colon == std::string::npos || colon == 0) return bad();
    HostAndPort parts;
    parts.host = endpoint.substr(0, colon);
    if (parts.host.starts_with('[') && parts.host.ends_with(']'))
        parts.host = parts.host.substr(1, parts.host.size() - 2);
    else if (parts.host.find(':') != std::string::npos)
        return bad();
    const char* end = endpoint.data() + endpoint.size();
    const auto read = std::from_chars(endpoint.data() + colon + 1, end, parts.port);
    if (read.ec != std::errc() || read.ptr != end || parts.host.empty()) return bad();
    return parts;
}

}  // namespace chancery::interfaces
