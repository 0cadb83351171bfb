#include "src/identity/X509Time.h"

#include <fmt/format.h>

namespace chancery::identity {
namespace {

namespace der = crypto::der;

std::optional<int> number(BytesView digits) {
    int value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

// "Z" or "+hhmm"/"-hhmm"; the zero offset must be written Z.
std::optional<absl::Duration> zoneOffset(BytesView zone) {
    if (zone == "Z") return absl::ZeroDuration();
    if (zone.size() != 5 || (zone[0] != '+' && zone[0] != '-')) return std::nullopt;
    const auto hours = number(zone.substr(1, 2));
    const auto minutes = number(zone.substr(3, 2));
    if (!hours || !minutes || *hours > 24 || *minutes > 59 || (*hours == 0 && *minutes == 0))
        return std::nullopt;
    const absl::Duration offset = absl::Hours(*hours) + absl::Minutes(*minutes);
    return zone[0] == '+' ? offset : -offset;
}

std::optional<absl::Time> parse(BytesView text, std::size_t yearDigits) {
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
    const bool mayLackSeconds = yearDigits == 2;
    if (digits != yearDigits + 10 && !(mayLackSeconds && digits == yearDigits + 8))
        return std::nullopt;
    const auto offset = zoneOffset(text.substr(digits));
    if (!offset) return std::nullopt;
    const auto part = [&](std::size_t index) {
        const std::size_t at = yearDigits + 2 * index;
        return at < digits ? *number(text.substr(at, 2)) : 0;
    };
    int year = *number(text.substr(0, yearDigits));
    if (yearDigits == 2) year += year >= 50 ? 1900 : 2000;
    const absl::CivilSecond civil(year, part(0), part(1), part(2), part(3), part(4));
    // A normalised value differs from what was written, so it was no date.
    if (civil.year() != year || civil.month() != part(0) || civil.day() != part(1) ||
        civil.hour() != part(2) || civil.minute() != part(3) || civil.second() != part(4))
        return std::nullopt;
    return absl::FromCivil(civil, absl::UTCTimeZone()) - *offset;
}

}  // namespace

std::optional<absl::Time> readX509Time(crypto::DerReader& reader) {
    const crypto::DerReader before = reader;
    std::optional<absl::Time> time;
    if (const auto text = reader.read(der::kUtcTime))
        time = parse(*text, 2);
    else if (const auto longText = reader.read(der::kGeneralizedTime))
        time = parse(*longText, 4);
    if (!time) reader = before;
    return time;
}

Bytes writeX509Time(absl::Time time) {
    const absl::CivilSecond civil = absl::ToCivilSecond(time, absl::UTCTimeZone());
    const bool isShort = civil.year() >= 1950 && civil.year() < 2050;
    const std::string rest = fmt::format("{:02}{:02}{:02}{:02}{:02}Z", civil.month(), civil.day(),
                                         civil.hour(), civil.minute(), civil.second());
    if (isShort)
        return crypto::derElement(der::kUtcTime, fmt::format("{:02}{}", civil.year() % 100, rest));
    return crypto::derElement(der::kGeneralizedTime, fmt::format("{:04}{}", civil.year(), rest));
}

std::string timeText(absl::Time time) {
    const absl::CivilSecond civil = absl::ToCivilSecond(time, absl::UTCTimeZone());
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", civil.year(), civil.month(),
                       civil.day(), civil.hour(), civil.minute(), civil.second());
}

}  // namespace chancery::identity
