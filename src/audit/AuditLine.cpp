#include "src/audit/AuditLine.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"

namespace chancery::audit {
namespace {

constexpr std::size_t kMaxText = 1000;
constexpr std::string_view kHashKey = ",\"hash\":\"";
constexpr std::size_t kHashTail = 64 + 2;  // digits, quote, brace

Status bad(std::string_view why) {
    return makeError(StatusCode::kInvalidArgument, "BAD_AUDIT_LINE", why);
}

std::string quoted(const std::string& text) {
    return nlohmann::json(printable(text, kMaxText)).dump();
}

std::string body(const Entry& entry) {
    const Event& event = entry.event;
    return fmt::format(
        R"({{"number":{},"time":"{}","caller":{},"role":{},"call":{},"subject":{},"outcome":{})",
        entry.number, absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", entry.when, absl::UTCTimeZone()),
        quoted(event.caller), quoted(event.role), quoted(event.call), quoted(event.subject),
        quoted(event.outcome));
}

std::string hashOf(std::string_view hashBefore, std::string_view body) {
    return toHex(crypto::sha256({hashBefore, body}));
}

}  // namespace

std::string writeLine(Entry& entry, std::string_view hashBefore) {
    const std::string text = body(entry);
    entry.hash = hashOf(hashBefore, text);
    return fmt::format("{}{}{}\"}}", text, kHashKey, entry.hash);
}

Result<Entry> readLine(std::string_view line, std::string_view hashBefore) {
    if (line.size() < kHashKey.size() + kHashTail) return bad("the line is too short");
    const std::size_t end = line.size() - kHashTail - kHashKey.size();
    const std::string_view text = line.substr(0, end);
    if (line.substr(end, kHashKey.size()) != kHashKey || !line.ends_with("\"}"))
        return bad("the line has no hash");
    Entry entry;
    entry.hash = std::string(line.substr(end + kHashKey.size(), 64));
    if (hashOf(hashBefore, text) != entry.hash) return bad("the hash is another");
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object()) return bad("the line is no object");
    const auto field = [&](const char* name) {
        const auto found = json.find(name);
        return found != json.end() && found->is_string() ? found->get<std::string>()
                                                         : std::string();
    };
    const auto number = json.find("number");
    if (number == json.end() || !number->is_number_unsigned()) return bad("the number is missing");
    entry.number = number->get<std::uint64_t>();
    if (!absl::ParseTime("%Y-%m-%dT%H:%M:%E*SZ", field("time"), &entry.when, nullptr))
        return bad("the time is none");
    entry.event = {field("caller"), field("role"), field("call"), field("subject"),
                   field("outcome")};
    return entry;
}

}  // namespace chancery::audit
