#include "src/wallet/Json.h"

#include "src/base/Encoding.h"
#include "src/crypto/Secret.h"

namespace chancery::wallet {

namespace {

constexpr int kMostDepth = 16;

}  // namespace

Json parseObject(std::string_view text) {
    bool isTooDeep = false;
    // What is too deep is not even built.
    const auto keep = [&](int depth, Json::parse_event_t /*event*/, Json& /*parsed*/) {
        isTooDeep = isTooDeep || depth > kMostDepth;
        return !isTooDeep;
    };
    Json json = Json::parse(text, keep, false);
    return json.is_object() && !isTooDeep ? json : Json();
}

std::string textOf(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<std::string> stringIn(const Json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_string()) return std::nullopt;
    return found->get_ref<const std::string&>();
}

std::optional<std::uint64_t> numberIn(const Json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_number_unsigned()) return std::nullopt;
    return found->get<std::uint64_t>();
}

std::optional<Bytes> base64In(const Json& object, const char* name) {
    const auto text = stringIn(object, name);
    if (!text) return std::nullopt;
    auto bytes = fromBase64(*text);
    if (!bytes.ok()) return std::nullopt;
    return *std::move(bytes);
}

std::optional<absl::Time> timeIn(const Json& object, const char* name) {
    const auto text = stringIn(object, name);
    absl::Time time;
    std::string error;
    if (!text || text->size() > 40 || !absl::ParseTime(absl::RFC3339_full, *text, &time, &error))
        return std::nullopt;
    return time;
}

std::string timeText(absl::Time time) {
    return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

void wipe(Json& json) {
    if (json.is_string()) crypto::wipe(json.get_ref<std::string&>());
    if (json.is_structured())
        for (Json& member : json) wipe(member);
}

}  // namespace chancery::wallet
