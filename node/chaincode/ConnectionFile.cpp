#include "node/chaincode/ConnectionFile.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "src/base/Encoding.h"
#include "src/channel/GoDuration.h"

namespace chancery::node {
namespace {

using nlohmann::json;

Status bad(std::string sentence) {
    return makeError(StatusCode::kInvalidArgument, "BAD_CONNECTION_FILE",
                     "connection.json: " + sentence);
}

Result<std::string> expand(std::string text, std::string_view peerName) {
    for (;;) {
        const std::size_t at = text.find("{{");
        if (at == std::string::npos) return text;
        const std::size_t end = text.find("}}", at);
        std::string name = end == std::string::npos ? "" : text.substr(at + 2, end - at - 2);
        std::erase_if(name, [](char c) { return c == ' ' || c == '-'; });
        if (name != ".peername")
            return bad(fmt::format("unknown template in '{}'", printable(text, 200)));
        if (peerName.find("{{") != std::string_view::npos) return bad("bad name of the peer");
        text.replace(at, end + 2 - at, peerName);
    }
}

Result<std::string> textOf(const json& object, const char* name, std::string_view peerName) {
    const auto found = object.find(name);
    if (found == object.end() || found->is_null()) return std::string();
    if (!found->is_string()) return bad(fmt::format("{} must be a string", name));
    return expand(found->get<std::string>(), peerName);
}

Result<bool> switchOf(const json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || found->is_null()) return false;
    if (!found->is_boolean()) return bad(fmt::format("{} must be true or false", name));
    return found->get<bool>();
}

Result<std::chrono::nanoseconds> timeoutOf(const json& object, std::string_view peerName) {
    constexpr std::chrono::nanoseconds kDefault = std::chrono::seconds(3);
    constexpr std::chrono::nanoseconds kMost = std::chrono::minutes(10);
    const auto found = object.find("dial_timeout");
    if (found == object.end() || found->is_null()) return kDefault;
    std::chrono::nanoseconds value{};
    if (found->is_number_integer()) {
        value = std::chrono::nanoseconds(found->get<std::int64_t>());
    } else {
        ASSIGN_OR_RETURN(const std::string text, textOf(object, "dial_timeout", peerName));
        if (text.empty()) return kDefault;
        const auto parsed = channel::parseGoDuration(text);
        if (!parsed.ok()) return bad(fmt::format("dial_timeout: {}", messageOf(parsed.status())));
        value = absl::ToChronoNanoseconds(*parsed);
    }
    if (value.count() == 0) return kDefault;
    if (value.count() < 0 || value > kMost) return bad("dial_timeout is out of range");
    return value;
}

}  // namespace

Result<ConnectionFile> parseConnectionFile(std::string_view text, std::string_view peerName) {
    const json object = json::parse(text, nullptr, false);
    if (!object.is_object()) return bad("is not a JSON object");
    ConnectionFile out;
    ASSIGN_OR_RETURN(out.address, textOf(object, "address", peerName));
    if (out.address.empty()) return bad("chaincode address not provided");
    ASSIGN_OR_RETURN(out.dialTimeout, timeoutOf(object, peerName));
    ASSIGN_OR_RETURN(out.tlsRequired, switchOf(object, "tls_required"));
    ASSIGN_OR_RETURN(out.clientAuthRequired, switchOf(object, "client_auth_required"));
    ASSIGN_OR_RETURN(out.clientKey, textOf(object, "client_key", peerName));
    ASSIGN_OR_RETURN(out.clientCertificate, textOf(object, "client_cert", peerName));
    ASSIGN_OR_RETURN(out.rootCertificate, textOf(object, "root_cert", peerName));
    if (!out.tlsRequired) return out;
    if (out.rootCertificate.empty()) return bad("tls root cert not provided");
    if (!out.clientAuthRequired) return out;
    if (out.clientKey.empty()) return bad("client key not provided");
    if (out.clientCertificate.empty()) return bad("client cert not provided");
    return out;
}

}  // namespace chancery::node
