#include "src/channel/GoDuration.h"

#include <limits>

#include <fmt/format.h>

namespace chancery::channel {
namespace {

constexpr std::uint64_t kLimit = std::uint64_t{1} << 63;  // magnitude of the lowest int64

Status bad(std::string_view text) {
    return makeError(StatusCode::kInvalidArgument, "BAD_DURATION",
                     "a duration is a sequence of numbers with a unit, such as 2s or 1h30m",
                     {{"text", std::string(text.substr(0, 256))}});
}

/// Nanoseconds of the unit at the beginning of `rest`, which is removed; 0 when there is none.
std::uint64_t takeUnit(std::string_view& rest) {
    std::size_t length = 0;
    while (length < rest.size() && rest[length] != '.' &&
           (rest[length] < '0' || rest[length] > '9'))
        ++length;
    const std::string_view unit = rest.substr(0, length);
    rest.remove_prefix(length);
    if (unit == "ns") return 1;
    if (unit == "us" || unit == "\u00B5s" || unit == "\u03BCs") return 1'000;
    if (unit == "ms") return 1'000'000;
    if (unit == "s") return 1'000'000'000;
    if (unit == "m") return 60'000'000'000;
    if (unit == "h") return 3'600'000'000'000;
    return 0;
}

bool isDigit(std::string_view text) {
    return !text.empty() && text[0] >= '0' && text[0] <= '9';
}

/// One number with its unit, in nanoseconds.
bool takePart(std::string_view& rest, std::uint64_t& nanoseconds) {
    std::uint64_t whole = 0;
    std::uint64_t fraction = 0;
    double scale = 1;
    bool digits = false;
    for (; isDigit(rest); rest.remove_prefix(1)) {
        digits = true;
        if (whole > kLimit / 10) return false;
        whole = whole * 10 + static_cast<std::uint64_t>(rest[0] - '0');
        if (whole > kLimit) return false;
    }
    if (!rest.empty() && rest[0] == '.') {
        rest.remove_prefix(1);
        bool full = false;  // digits beyond what an int64 holds do not count, as in Go
        for (; isDigit(rest); rest.remove_prefix(1)) {
            digits = true;
            if (full) continue;
            if (fraction > (kLimit - 1) / 10) {
                full = true;
                continue;
            }
            const std::uint64_t next = fraction * 10 + static_cast<std::uint64_t>(rest[0] - '0');
            if (next > kLimit) {
                full = true;
                continue;
            }
            fraction = next;
            scale *= 10;
        }
    }
    if (!digits) return false;
    const std::uint64_t unit = takeUnit(rest);
    if (unit == 0 || whole > kLimit / unit) return false;
    nanoseconds = whole * unit;
    if (fraction > 0)
        nanoseconds += static_cast<std::uint64_t>(static_cast<double>(fraction) *
                                                  (static_cast<double>(unit) / scale));
    return nanoseconds <= kLimit;
}

std::string withFraction(std::uint64_t value, std::uint64_t unit, std::string_view name) {
    std::string text = std::to_string(value / unit);
    if (value % unit != 0) {
        std::string digits = std::to_string(unit + value % unit).substr(1);
        digits.erase(digits.find_last_not_of('0') + 1);
        text += "." + digits;
    }
    return text.append(name);
}

}  // namespace

Result<absl::Duration> parseGoDuration(std::string_view text) {
    std::string_view rest = text;
    bool negative = false;
    if (!rest.empty() && (rest[0] == '-' || rest[0] == '+')) {
        negative = rest[0] == '-';
        rest.remove_prefix(1);
    }
    if (rest == "0") return absl::ZeroDuration();
    if (rest.empty()) return bad(text);
    std::uint64_t sum = 0;
    while (!rest.empty()) {
        std::uint64_t part = 0;
        if (!takePart(rest, part)) return bad(text);
        sum += part;
        if (sum > kLimit) return bad(text);
    }
    if (negative) {
        if (sum == kLimit) return absl::Nanoseconds(std::numeric_limits<std::int64_t>::min());
        return -absl::Nanoseconds(static_cast<std::int64_t>(sum));
    }
    if (sum == kLimit) return bad(text);
    return absl::Nanoseconds(static_cast<std::int64_t>(sum));
}

std::string printGoDuration(absl::Duration duration) {
    const std::int64_t nanoseconds = absl::ToInt64Nanoseconds(duration);
    const bool negative = nanoseconds < 0;
    const std::uint64_t value = negative ? 0 - static_cast<std::uint64_t>(nanoseconds)
                                         : static_cast<std::uint64_t>(nanoseconds);
    const std::string sign = negative ? "-" : "";
    if (value == 0) return "0s";
    if (value < 1'000) return sign + withFraction(value, 1, "ns");
    if (value < 1'000'000) return sign + withFraction(value, 1'000, "\u00B5s");
    if (value < 1'000'000'000) return sign + withFraction(value, 1'000'000, "ms");
    constexpr std::uint64_t kMinute = 60'000'000'000;
    const std::uint64_t minutes = value / kMinute;
    std::string text = sign;
    if (minutes >= 60) text += fmt::format("{}h", minutes / 60);
    if (minutes > 0) text += fmt::format("{}m", minutes % 60);
    return text + withFraction(value % kMinute, 1'000'000'000, "s");
}

}  // namespace chancery::channel
