#include "src/cli/Values.h"

#include <charconv>

#include "src/base/Encoding.h"
#include "src/cli/CellWidth.h"

namespace chancery::cli {

std::string list(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
    return text;
}

std::string number(std::uint64_t value) {
    const std::string digits = std::to_string(value);
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
        text += digits[i];
    }
    return text;
}

std::string counted(std::uint64_t value, std::string_view noun) {
    return fmt::format("{} {}{}", number(value), noun, value == 1 ? "" : "s");
}

std::string size(std::uint64_t bytes) {
    if (bytes < 1024) return counted(bytes, "byte");
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    constexpr std::string_view kUnits[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    // What would round to 1024 goes to the next unit.
    while (value >= 1023.95) value /= 1024, ++unit;
    return value < 10 && value != static_cast<double>(static_cast<std::uint64_t>(value))
               ? fmt::format("{:.1f} {}", value, kUnits[unit])
               : fmt::format("{:.0f} {}", value, kUnits[unit]);
}

std::string duration(absl::Duration duration) {
    const double seconds = absl::ToDoubleSeconds(duration);
    if (seconds < 0.001) return fmt::format("{:.0f} µs", seconds * 1e6);
    if (seconds < 1) return fmt::format("{:.0f} ms", seconds * 1e3);
    if (seconds < 10 && seconds != static_cast<double>(static_cast<int>(seconds)))
        return fmt::format("{:.1f} s", seconds);
    if (seconds < 120) return fmt::format("{:.0f} s", seconds);
    if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
    return fmt::format("{:.1f} h", seconds / 3600);
}

std::string utc(absl::Time time) {
    return absl::FormatTime("%Y-%m-%d %H:%M:%S", time, absl::UTCTimeZone());
}

std::string utc(const std::optional<absl::Time>& time) {
    return time ? utc(*time) : std::string();
}

std::string shortHash(BytesView hash, std::size_t digits) {
    return cutInMiddle(toHex(hash), digits);
}

std::string nameOf(const usecase::IdentityName& identity) {
    std::string units;
    for (const std::string& unit : identity.organizationalUnits) units += ", " + unit;
    return fmt::format("{} ({}{})", identity.commonName.empty() ? "somebody" : identity.commonName,
                       identity.mspId.str(), units);
}

std::string nameOf(const std::optional<usecase::IdentityName>& identity) {
    return identity ? nameOf(*identity) : std::string();
}

std::string shortNameOf(const usecase::IdentityName& identity) {
    return fmt::format("{} ({})", identity.commonName.empty() ? "somebody" : identity.commonName,
                       identity.mspId.str());
}

std::string callText(const usecase::TransactionSummary& transaction) {
    if (transaction.contract.empty()) return transaction.type;
    if (transaction.function.empty()) return transaction.contract;
    return transaction.contract + "." + transaction.function;
}

Text valueText(BytesView value, std::size_t cells) {
    if (value.empty()) return quiet("(empty)");
    const bool text = isUtf8(value) && value.find('\0') == BytesView::npos;
    if (text) return Text(value.substr(0, 4 * cells + 4)).cutAtEnd(cells);
    return quiet(
        fmt::format("{}: {}", counted(value.size(), "byte"), shortHash(value.substr(0, 64), 24)));
}

std::string keyText(BytesView key) {
    std::string text;
    // A backslash of the key itself is doubled, so that the reverse is exact.
    for (std::size_t at = 0; at <= key.size();) {
        const std::size_t end = std::min(key.find('\\', at), key.size());
        text += printable(key.substr(at, end - at), 1U << 20);
        if (end < key.size()) text += "\\\\";
        at = end + 1;
    }
    return text;
}

std::optional<Bytes> keyFromText(std::string_view text) {
    Bytes key;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] != '\\') {
            key += text[at++];
            continue;
        }
        const std::string_view rest = text.substr(at + 1);
        unsigned code = 0;
        const auto hex = [&](std::string_view digits) {
            const auto read =
                std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
            return !digits.empty() && read.ec == std::errc{} &&
                   read.ptr == digits.data() + digits.size();
        };
        if (rest.starts_with('\\')) {
            key += '\\';
            at += 2;
        } else if (rest.starts_with('n') || rest.starts_with('t')) {
            key += rest.front() == 'n' ? '\n' : '\t';
            at += 2;
        } else if (rest.starts_with('x') && rest.size() >= 3 && hex(rest.substr(1, 2))) {
            key += static_cast<char>(code);
            at += 4;
        } else if (const std::size_t end = rest.find('}');
                   rest.starts_with("u{") && end != std::string_view::npos && end <= 8 &&
                   hex(rest.substr(2, end - 2)) && code <= 0x10FFFF) {
            if (code < 0x80) {
                key += static_cast<char>(code);
            } else {
                const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
                key += static_cast<char>((0xF00U >> more & 0xFF) | (code >> (6 * more)));
                for (int i = more - 1; i >= 0; --i)
                    key += static_cast<char>(0x80 | ((code >> (6 * i)) & 0x3F));
            }
            at += 1 + end + 1;
        } else {
            return std::nullopt;
        }
    }
    return key;
}

std::string placeText(const usecase::WrittenAt& at) {
    return fmt::format("block {}, transaction {}", number(at.block), at.transaction);
}

std::string shortPlace(const usecase::WrittenAt& at) {
    return fmt::format("{}/{}", at.block, at.transaction);
}

}  // namespace chancery::cli
