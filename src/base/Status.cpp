#include "src/base/Status.h"

#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"

#include <fmt/format.h>

namespace chancery {
namespace {

constexpr absl::string_view kPayloadUrl = "type.chancery/error";

// Length-prefixed strings, reason first: any byte may stand in an argument.
void append(std::string& out, std::string_view text) {
    out += fmt::format("{}:{}", text.size(), text);
}

std::vector<std::string> payloadOf(const Status& status) {
    std::vector<std::string> parts;
    const auto payload = status.GetPayload(kPayloadUrl);
    if (!payload) return parts;
    const std::string text(*payload);
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t length = 0;
        while (at < text.size() && text[at] != ':') length = length * 10 + (text[at++] - '0');
        parts.push_back(text.substr(++at, length));
        at += length;
    }
    return parts;
}

}  // namespace

Status makeError(StatusCode code, std::string_view reason, std::string_view sentence,
                 ErrorArguments arguments) {
    Status status(code, absl::string_view(sentence.data(), sentence.size()));
    std::string payload;
    append(payload, reason);
    for (const auto& [name, value] : arguments) {
        append(payload, name);
        append(payload, value);
    }
    status.SetPayload(kPayloadUrl, absl::Cord(payload));
    return status;
}

std::string_view messageOf(const Status& status) {
    return {status.message().data(), status.message().size()};
}

std::string reasonOf(const Status& status) {
    const auto parts = payloadOf(status);
    return parts.empty() ? std::string() : parts.front();
}

ErrorArguments argumentsOf(const Status& status) {
    const auto parts = payloadOf(status);
    ErrorArguments arguments;
    for (std::size_t i = 1; i + 1 < parts.size(); i += 2)
        arguments.emplace_back(parts[i], parts[i + 1]);
    return arguments;
}

std::string argumentOf(const Status& status, std::string_view name) {
    for (auto& [key, value] : argumentsOf(status))
        if (key == name) return value;
    return {};
}

Status withContext(const Status& status, std::string_view context) {
    if (status.ok()) return status;
    Status result(status.code(), fmt::format("{}: {}", context, messageOf(status)));
    status.ForEachPayload(
        [&](absl::string_view url, const absl::Cord& payload) { result.SetPayload(url, payload); });
    return result;
}

}  // namespace chancery
