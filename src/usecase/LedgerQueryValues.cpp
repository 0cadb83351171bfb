#include "src/usecase/LedgerQueryValues.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/protocol/ValidationCode.h"

namespace chancery::usecase {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::size_t kMinIdDigits = 4;
constexpr std::size_t kIdDigits = 64;

std::string folded(std::string_view text, bool upper) {
    std::string result(text);
    for (char& c : result)
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            c = static_cast<char>(upper ? (c & ~0x20) : (c | 0x20));
    return result;
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

/// Digits, which may be grouped as people group them: "1,204,000".
std::optional<std::int64_t> readNumber(std::string_view text) {
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool between = i > 0 && i + 1 < text.size() && isDigit(text[i - 1]);
        if (isDigit(text[i]))
            digits += text[i];
        else if (!between || (text[i] != ',' && text[i] != '_' && text[i] != '\''))
            return std::nullopt;
    }
    std::int64_t value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || read.ec != std::errc{}) return std::nullopt;
    return value;
}

struct Unit {
    std::string_view name;
    std::int64_t factor;
};

std::string_view readCount(LedgerTerm& term) {
    const auto number = readNumber(term.value);
    if (!number) return "a whole number";
    term.number = *number;
    term.value = std::to_string(*number);
    return {};
}

std::string_view readSize(LedgerTerm& term) {
    constexpr std::string_view kExpected = "a size such as 25KB, 1.5MB or 800";
    constexpr std::array<Unit, 4> kUnits = {
        {{"GB", 1'000'000'000}, {"MB", 1'000'000}, {"KB", 1'000}, {"B", 1}}};
    const std::string text = folded(term.value, true);
    std::string_view digits = text;
    Unit unit = kUnits.back();
    for (const Unit& one : kUnits) {
        if (!text.ends_with(one.name)) continue;
        unit = one;
        digits.remove_suffix(one.name.size());
        break;
    }
    const std::size_t dot = std::min(digits.find('.'), digits.size());
    const auto whole = readNumber(digits.substr(0, dot));
    if (!whole || *whole > kMost / unit.factor) return kExpected;
    std::int64_t bytes = *whole * unit.factor, step = unit.factor;
    if (dot < digits.size() && dot + 1 == digits.size()) return kExpected;
    for (const char c : digits.substr(std::min(dot + 1, digits.size()))) {
        step /= 10;
        // Less than a byte cannot be asked for.
        if (!isDigit(c) || step == 0 || bytes > kMost - 9 * step) return kExpected;
        bytes += (c - '0') * step;
    }
    term.number = bytes;
    unit = *std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& one) {
        return one.factor == 1 || (bytes >= one.factor && bytes % (one.factor / 10) == 0);
    });
    const std::int64_t tenths = unit.factor == 1 ? 0 : bytes % unit.factor / (unit.factor / 10);
    term.value = tenths == 0 ? fmt::format("{}{}", bytes / unit.factor, unit.name)
                             : fmt::format("{}.{}{}", bytes / unit.factor, tenths, unit.name);
    return {};
}

/// "24h" counted back from now; false when it is no age.
bool readAge(LedgerTerm& term, std::int64_t now) {
    constexpr std::array<Unit, 6> kUnits = {{{"min", 60 * kSecond},
                                             {"s", kSecond},
                                             {"m", 60 * kSecond},
                                             {"h", 3600 * kSecond},
                                             {"d", 24 * 3600 * kSecond},
                                             {"w", 7 * 24 * 3600 * kSecond}}};
    const std::string text = folded(term.value, false);
    for (const Unit& unit : kUnits) {
        if (!text.ends_with(unit.name)) continue;
        const auto count =
            readNumber(std::string_view(text).substr(0, text.size() - unit.name.size()));
        if (!count || *count > kMost / unit.factor) continue;
        const std::int64_t age = *count * unit.factor;
        // Before the beginning of time is the beginning of time.
        term.number = now < std::numeric_limits<std::int64_t>::min() + age
                          ? std::numeric_limits<std::int64_t>::min()
                          : now - age;
        term.last = std::max(now, term.number);
        term.value = fmt::format("{}{}", *count, unit.name == "min" ? "m" : unit.name);
        return true;
    }
    return false;
}

/// The parts of "2026-03-17T14:30:05", as many as there are: each with the sign before it and its
/// number of digits.
struct DatePart {
    std::string_view before;
    std::size_t digits;
    int least, most;
};
constexpr std::array<DatePart, 6> kDateParts = {{{"", 4, 1970, 2261},
                                                 {"-", 2, 1, 12},
                                                 {"-", 2, 1, 31},
                                                 {"Tt", 2, 0, 23},
                                                 {":", 2, 0, 59},
                                                 {":", 2, 0, 59}}};

std::string_view readTime(LedgerTerm& term, std::int64_t now) {
    constexpr std::string_view kExpected =
        "a time in UTC such as 2026-03-17 or 2026-03-17T14:30, or an age such as 24h or 7d";
    if (readAge(term, now)) return {};
    std::string_view text = term.value;
    std::array<int, 6> parts = {1970, 1, 1, 0, 0, 0};
    std::size_t count = 0;
    if (!text.empty() && (text.back() == 'Z' || text.back() == 'z') && text.size() > 13)
        text.remove_suffix(1);
    for (; count < parts.size() && !text.empty(); ++count) {
        const DatePart& part = kDateParts[count];
        if (!part.before.empty()) {
            if (part.before.find(text[0]) == part.before.npos) return kExpected;
            text.remove_prefix(1);
        }
        const auto digits = text.substr(0, part.digits);
        const auto read =
            std::from_chars(digits.data(), digits.data() + digits.size(), parts[count]);
        if (digits.size() != part.digits || read.ec != std::errc{} ||
            read.ptr != digits.data() + digits.size() || !isDigit(digits[0]) ||
            parts[count] < part.least || parts[count] > part.most)
            return kExpected;
        text.remove_prefix(part.digits);
    }
    if (!text.empty() || count == 0 || count == 4) return kExpected;
    const absl::CivilSecond begin(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
    if (begin.day() != parts[2]) return kExpected;  // no 31st of that month
    const absl::CivilSecond end = count == 1   ? absl::CivilSecond(absl::CivilYear(begin) + 1)
                                  : count == 2 ? absl::CivilSecond(absl::CivilMonth(begin) + 1)
                                  : count == 3 ? absl::CivilSecond(absl::CivilDay(begin) + 1)
                                  : count == 5 ? absl::CivilSecond(absl::CivilMinute(begin) + 1)
                                               : begin + 1;
    term.number = absl::ToUnixNanos(absl::FromCivil(begin, absl::UTCTimeZone()));
    term.last = absl::ToUnixNanos(absl::FromCivil(end, absl::UTCTimeZone())) - 1;
    constexpr std::array<std::size_t, 7> kLengths = {0, 4, 7, 10, 13, 16, 19};
    term.value = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", parts[0], parts[1], parts[2],
                             parts[3], parts[4], parts[5])
                     .substr(0, kLengths[count]);
    return {};
}

std::string_view readTxId(LedgerTerm& term) {
    term.value = folded(term.value, false);
    const bool hex = term.value.find_first_not_of("0123456789abcdef") == std::string::npos;
    return hex && term.value.size() >= kMinIdDigits && term.value.size() <= kIdDigits
               ? std::string_view()
               : std::string_view("4 to 64 hex digits of a transaction id");
}

std::string_view readCode(LedgerTerm& term) {
    const auto code = protocol::validationCodeNamed(folded(term.value, true));
    if (!code) return "a validation code such as MVCC_READ_CONFLICT or 11";
    term.number = static_cast<std::int64_t>(*code);
    term.value = protocol::nameOf(*code);
    return {};
}

std::string_view readWord(LedgerTerm& term, std::initializer_list<std::string_view> words,
                          std::string_view expected) {
    term.value = folded(term.value, false);
    const bool known = std::find(words.begin(), words.end(), term.value) != words.end();
    return known ? std::string_view() : expected;
}

}  // namespace

bool hasOrder(LedgerField field) {
    return field == LedgerField::Block || field == LedgerField::Time ||
           field == LedgerField::Size || field == LedgerField::Transactions;
}

std::string_view readValue(LedgerTerm& term, std::int64_t now) {
    if (term.field == LedgerField::Time) return readTime(term, now);
    std::string_view expected;
    if (term.field == LedgerField::Block || term.field == LedgerField::Transactions)
        expected = readCount(term);
    else if (term.field == LedgerField::Size)
        expected = readSize(term);
    else if (term.field == LedgerField::TxId)
        expected = readTxId(term);
    else if (term.field == LedgerField::Code)
        expected = readCode(term);
    else if (term.field == LedgerField::Result)
        expected = readWord(term, {"valid", "invalid", "unjudged"}, "valid, invalid or unjudged");
    else if (term.field == LedgerField::Type)
        expected = readWord(term, {"config", "endorser"}, "config or endorser");
    term.last = term.number;
    return expected;
}

}  // namespace chancery::usecase
