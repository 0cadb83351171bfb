#include "node/ca/TimeFilter.h"

#include <fmt/format.h>

#include <charconv>

#include "node/ca/Refusal.h"
#include "src/base/Encoding.h"

namespace chancery::node {
namespace {

constexpr std::size_t kMost = 64;

std::optional<absl::Duration> readRelative(std::string_view text) {
    if (text.ends_with('d') || text.ends_with('D')) {
        int days = 0;
        const char* end = text.data() + text.size() - 1;
        const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
        const auto read = std::from_chars(begin, end, days);
        if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
        return days * absl::Hours(24);
    }
    absl::Duration duration;
    if (!absl::ParseDuration(absl::string_view(text.data(), text.size()), &duration))
        return std::nullopt;
    return duration;
}

}  // namespace

Result<std::optional<absl::Time>> readFilterTime(std::string_view name, std::string_view text,
                                                 absl::Time now) {
    if (text.empty()) return std::optional<absl::Time>();
    if (text.size() <= kMost) {
        if (text.starts_with('+') || text.starts_with('-')) {
            if (const auto relative = readRelative(text)) return std::optional(now + *relative);
        } else {
            std::string whole(text);
            if (whole.find('T') == std::string::npos) whole += "T00:00:00Z";
            absl::Time time;
            if (absl::ParseTime(absl::RFC3339_full, whole, &time, nullptr))
                return std::optional(time);
        }
    }
    return refuse(
        400, CaError::GettingCertificates,
        fmt::format("Invalid Request: Invalid '{}' value '{}'", name, printable(text, kMost)));
}

}  // namespace chancery::node
