#include "src/wire/Parse.h"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/stubs/logging.h>

#include <limits>

#include "src/wire/Scan.h"

namespace chancery::wire {
namespace {

// Protobuf writes about bad input to stderr by itself. Whoever calls learns everything from the
// status.
[[maybe_unused]] const auto kSilenced = google::protobuf::SetLogHandler(nullptr);

constexpr std::size_t kDecoderLimit = std::numeric_limits<int>::max() - 64;
constexpr int kDecoderDepth =
    100;  // protobuf's own default; more needs the slower stream interface

Status checkSize(BytesView bytes, std::string_view path, const ParseLimits& limits) {
    const std::size_t limit = std::min(limits.maxBytes, kDecoderLimit);
    if (bytes.size() <= limit) return {};
    return makeError(
        StatusCode::kResourceExhausted, "TOO_LARGE",
        fmt::format("{}: {} bytes, more than the {} allowed", path, bytes.size(), limit),
        {{"path", std::string(path)},
         {"size", fmt::to_string(bytes.size())},
         {"limit", fmt::to_string(limit)}});
}

bool decode(google::protobuf::Message& message, BytesView bytes, int depth) {
    if (bytes.size() > kDecoderLimit) return false;
    const int size = static_cast<int>(bytes.size());
    if (depth <= kDecoderDepth) return message.ParsePartialFromArray(bytes.data(), size);
    google::protobuf::io::CodedInputStream in(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                              size);
    in.SetRecursionLimit(depth + 1);
    message.Clear();
    return message.MergePartialFromCodedStream(&in) && in.ConsumedEntireMessage();
}

}  // namespace

Status parseInto(const MessagePlan& plan, google::protobuf::Message& message, BytesView bytes,
                 std::string_view path, const ParseLimits& limits) {
    RETURN_IF_ERROR(checkSize(bytes, path, limits));
    ASSIGN_OR_RETURN(const ScanReport report, scan(plan, bytes, path, limits));
    const std::size_t budget = limits.memoryFactor * bytes.size() + limits.memorySlack;
    if (report.knownCost > budget)
        return makeError(
            StatusCode::kResourceExhausted, "TOO_MANY_ELEMENTS",
            fmt::format("{}: {} bytes would take {} bytes of memory, more than the {} allowed",
                        path, bytes.size(), report.knownCost, budget),
            {{"path", std::string(path)},
             {"size", fmt::to_string(bytes.size())},
             {"memory", fmt::to_string(report.knownCost)},
             {"limit", fmt::to_string(budget)}});
    const bool plain = !report.odd && report.knownCost + report.unknownCost <= budget;
    if (plain ? decode(message, bytes, report.depth)
              : decode(message, withoutOddities(plan, bytes), report.depth))
        return {};
    // Scanner and decoder disagree. No such bytes are known; the fuzz target looks for them.
    return makeError(
        StatusCode::kInvalidArgument, "MALFORMED_PROTOBUF",
        fmt::format("{}: refused by the decoder", path),
        {{"path", std::string(path)}, {"offset", "0"}, {"field", "0"}, {"problem", "refused"}});
}

Status parseInto(google::protobuf::Message& message, BytesView bytes, std::string_view path,
                 const ParseLimits& limits) {
    return parseInto(planFor(*message.GetDescriptor()), message, bytes, path, limits);
}

}  // namespace chancery::wire
