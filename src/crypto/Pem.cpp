#include "src/crypto/Pem.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>

#include "src/base/Encoding.h"
#include "src/crypto/Secret.h"

namespace chancery::crypto {
namespace {

constexpr BytesView kBegin = "\n-----BEGIN ";
constexpr BytesView kEnd = "\n-----END ";
constexpr BytesView kDashes = "-----";

// The next line without its line end and trailing blanks; `rest` moves behind it.
BytesView takeLine(BytesView& rest) {
    const std::size_t newline = rest.find('\n');
    BytesView line = rest.substr(0, newline);
    if (newline == BytesView::npos) {
        rest = {};
    } else {
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        rest.remove_prefix(newline + 1);
    }
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
    return line;
}

BytesView trimmed(BytesView text) {
    constexpr BytesView kBlanks = " \t\r\n\v\f";
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first == BytesView::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

constexpr auto kDigits = [] {
    std::array<std::int8_t, 256> digits{};
    for (auto& digit : digits) digit = -1;
    const char* alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < 64; ++i) digits[std::uint8_t(alphabet[i])] = std::int8_t(i);
    return digits;
}();

// Base64 with padding; blanks and line ends between characters do not count. Stops at the first
// foreign character, so a series of damaged blocks costs no more than one reading of the text.
std::optional<Bytes> decodeBody(BytesView text) {
    Bytes bytes;
    std::uint32_t bits = 0;
    int digits = 0;
    int padding = 0;
    for (const char c : text) {
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
        if (c == '=') {
            if (digits + padding < 2 || ++padding + digits > 4) return std::nullopt;
            continue;
        }
        const int digit = kDigits[std::uint8_t(c)];
        if (digit < 0 || padding > 0) return std::nullopt;
        if (bytes.capacity() == 0) bytes.reserve(text.size() / 4 * 3 + 3);
        bits = (bits << 6) | std::uint32_t(digit);
        if (++digits < 4) continue;
        bytes += char(bits >> 16);
        bytes += char(bits >> 8);
        bytes += char(bits);
        digits = 0;
    }
    if (digits == 0 && padding == 0) return bytes;
    if (digits + padding != 4) return std::nullopt;
    bits <<= 6 * padding;
    bytes += char(bits >> 16);
    if (padding == 1) bytes += char(bits >> 8);
    return bytes;
}

// Remembers where the next END mark is, so that many BEGIN marks do not each search to the end of
// the text.
class EndMarks {
public:
    explicit EndMarks(BytesView text) : m_text(text) {}
    std::size_t findFrom(std::size_t offset) {
        if (!m_known || *m_known < offset) m_known = m_text.find(kEnd, offset);
        return *m_known;
    }

private:
    BytesView m_text;
    std::optional<std::size_t> m_known;  // npos counts as behind every offset
};

}  // namespace

std::optional<PemBlock> readPem(BytesView text) {
    BytesView rest = text;
    EndMarks ends(text);
    const auto offsetOf = [&](BytesView part) { return std::size_t(part.data() - text.data()); };
    while (true) {
        PemBlock block;
        if (rest.starts_with(kBegin.substr(1))) {
            block.before = text.substr(0, offsetOf(rest));
            rest.remove_prefix(kBegin.size() - 1);
        } else {
            const std::size_t begin = rest.find(kBegin);
            if (begin == BytesView::npos) return std::nullopt;
            block.before = text.substr(0, offsetOf(rest) + begin + 1);
            rest.remove_prefix(begin + kBegin.size());
        }
        BytesView label = takeLine(rest);
        if (!label.ends_with(kDashes)) continue;
        label.remove_suffix(kDashes.size());
        block.label = label;
        while (true) {
            if (rest.empty()) return std::nullopt;
            BytesView next = rest;
            const BytesView line = takeLine(next);
            const std::size_t colon = line.find(':');
            if (colon == BytesView::npos) break;
            block.headers.emplace_back(trimmed(line.substr(0, colon)),
                                       trimmed(line.substr(colon + 1)));
            rest = next;
        }
        BytesView body;
        BytesView trailer;
        if (block.headers.empty() && rest.starts_with(kEnd.substr(1))) {
            trailer = rest.substr(kEnd.size() - 1);
        } else {
            const std::size_t end = ends.findFrom(offsetOf(rest));
            if (end == BytesView::npos) continue;
            body = rest.substr(0, end - offsetOf(rest));
            trailer = text.substr(end + kEnd.size());
        }
        if (!trailer.starts_with(label) || !trailer.substr(label.size()).starts_with(kDashes))
            continue;
        BytesView behind = trailer.substr(label.size() + kDashes.size());
        if (!takeLine(behind).empty()) continue;
        auto der = decodeBody(body);
        if (!der) continue;
        block.der = *std::move(der);
        block.rest = behind;
        return block;
    }
}

std::vector<PemBlock> readAllPem(BytesView text, std::size_t most) {
    std::vector<PemBlock> blocks;
    while (blocks.size() < most) {
        auto block = readPem(text);
        if (!block) break;
        text = block->rest;
        blocks.push_back(*std::move(block));
    }
    return blocks;
}

std::string writePem(std::string_view label, BytesView der) {
    constexpr std::size_t kColumns = 64;
    std::string body = toBase64(der);
    std::string text;
    // In one piece, because what is written may be a key: no copies of it stay behind.
    text.reserve(body.size() + body.size() / kColumns + 2 * label.size() + 64);
    text += fmt::format("-----BEGIN {}-----\n", label);
    for (std::size_t i = 0; i < body.size(); i += kColumns) {
        text.append(body, i, kColumns);
        text += '\n';
    }
    text += fmt::format("-----END {}-----\n", label);
    wipe(body);
    return text;
}

}  // namespace chancery::crypto
