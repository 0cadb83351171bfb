#include "tests/bench/load/Outcome.h"

#include <fmt/format.h>

#include <cctype>

#include "fabric/gateway/gateway.pb.h"
#include "src/base/Encoding.h"
#include "src/rpc/StatusConversion.h"
#include "src/wire/Parse.h"

namespace chancery::load {
namespace {

constexpr std::size_t kMaxSentence = 160;
constexpr std::size_t kShortestId = 32;

/// With long hex numbers as "…".
std::string withoutIds(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && std::isxdigit(static_cast<unsigned char>(text[end])) != 0)
            ++end;
        if (end - at >= kShortestId)
            out += "…";
        else
            out += text.substr(at, std::max<std::size_t>(end - at, 1));
        at = std::max(end, at + 1);
    }
    return out;
}

}  // namespace

const char* nameOf(Stage stage) {
    switch (stage) {
        case Stage::Evaluate:
            return "evaluate";
        case Stage::Endorse:
            return "endorse";
        case Stage::Submit:
            return "submit";
        case Stage::CommitWait:
            return "commit_wait";
        case Stage::Total:
            break;
    }
    return "total";
}

std::string describeError(const Outcome& outcome) {
    const absl::Status& status = outcome.status;
    std::string text = fmt::format("{} {}: {}", nameOf(outcome.failedIn),
                                   absl::StatusCodeToString(status.code()), messageOf(status));
    for (const auto& detail : rpc::detailsOf(status)) {
        if (!detail.typeUrl.ends_with("/gateway.ErrorDetail")) continue;
        const auto read = wire::parse<::gateway::ErrorDetail>(detail.value, "detail");
        if (!read.ok()) continue;
        text += fmt::format(" [{}: {}]", read->msp_id(), read->message());
        break;
    }
    return printable(withoutIds(text), kMaxSentence);
}

}  // namespace chancery::load
