#include "src/http/Message.h"

namespace chancery::http {

std::string Request::header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
}

std::optional<Bytes> wholeBody(const Response& response) {
    Bytes whole = response.body;
    const auto take = [&](BytesView bytes) {
        whole += bytes;
        return true;
    };
    if (response.rest && !response.rest(take)) return std::nullopt;
    return whole;
}

}  // namespace chancery::http
