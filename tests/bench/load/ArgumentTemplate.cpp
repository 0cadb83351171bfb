#include "tests/bench/load/ArgumentTemplate.h"

#include <fmt/format.h>

#include <charconv>
#include <functional>

namespace chancery::load {
namespace {

Status bad(std::size_t offset, std::string_view problem) {
    return makeError(StatusCode::kInvalidArgument, "BAD_TEMPLATE",
                     fmt::format("{} at character {} of an argument", problem, offset),
                     {{"offset", std::to_string(offset)}});
}

/// splitmix64: quick, and no secret.
class Mixer {
public:
    explicit Mixer(std::uint64_t seed) : m_state(seed) {}
    std::uint64_t next() {
        std::uint64_t z = (m_state += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }

private:
    std::uint64_t m_state;
};

void appendLetters(Bytes& out, std::uint64_t count, Mixer& random) {
    static constexpr std::string_view kLetters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    static_assert(kLetters.size() == 64);
    while (count > 0) {
        std::uint64_t bits = random.next();
        for (int i = 0; i < 10 && count > 0; ++i, --count, bits >>= 6U)
            out.push_back(kLetters[bits & 63U]);
    }
}

}  // namespace

Status ArgumentTemplate::readPlace(std::string_view place, std::size_t offset) {
    const std::size_t colon = place.find(':');
    const std::string_view name = place.substr(0, colon);
    if (colon == std::string_view::npos) {
        const Kind kind = name == "n"        ? Kind::Number
                          : name == "run"    ? Kind::Run
                          : name == "client" ? Kind::Client
                                             : Kind::Text;
        if (kind == Kind::Text) return bad(offset, "no such place");
        m_parts.push_back({.kind = kind, .text = {}});
        return absl::OkStatus();
    }
    if (name != "random" && name != "bytes") return bad(offset, "no such place");
    const std::string_view digits = place.substr(colon + 1);
    std::uint64_t size = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size() || size == 0)
        return bad(offset, "no number above 0");
    const bool letters = name == "bytes";
    std::uint64_t all = letters ? size : 0;
    for (const Part& part : m_parts)
        if (part.kind == Kind::Letters && all <= kMaxBytes) all += part.size;
    if (all > kMaxBytes) return bad(offset, "more than 16 MiB");
    m_parts.push_back({.kind = letters ? Kind::Letters : Kind::Random, .text = {}, .size = size});
    return absl::OkStatus();
}

Result<ArgumentTemplate> ArgumentTemplate::parse(std::string_view text) {
    if (text.size() > kMaxText) return bad(kMaxText, "more than 64 KiB");
    ArgumentTemplate made;
    std::string plain;
    const auto flush = [&] {
        if (!plain.empty()) made.m_parts.push_back({.kind = Kind::Text, .text = plain});
        plain.clear();
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        const bool doubled = at + 1 < text.size() && text[at + 1] == c;
        if ((c == '{' || c == '}') && doubled) {
            plain.push_back(c);
            ++at;
        } else if (c == '}') {
            return bad(at, "a brace without beginning");
        } else if (c == '{') {
            const std::size_t end = text.find('}', at);
            if (end == std::string_view::npos) return bad(at, "a brace without end");
            flush();
            RETURN_IF_ERROR(made.readPlace(text.substr(at + 1, end - at - 1), at));
            at = end;
        } else {
            plain.push_back(c);
        }
    }
    flush();
    return made;
}

Bytes ArgumentTemplate::fill(const ArgumentValues& values) const {
    Mixer random(values.number * 0x2545f4914f6cdd1dU ^ std::hash<std::string_view>()(values.run));
    Bytes out;
    for (const Part& part : m_parts) {
        switch (part.kind) {
            case Kind::Text:
                out += part.text;
                break;
            case Kind::Number:
                out += std::to_string(values.number);
                break;
            case Kind::Run:
                out += values.run;
                break;
            case Kind::Client:
                out += std::to_string(values.client);
                break;
            case Kind::Random:
                out += std::to_string(random.next() % part.size);
                break;
            case Kind::Letters:
                appendLetters(out, part.size, random);
                break;
        }
    }
    return out;
}

}  // namespace chancery::load
