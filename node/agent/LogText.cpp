#include "node/agent/LogText.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace chancery::agent {
namespace {

constexpr std::array<std::pair<std::string_view, LineLevel>, 10> kLevels{{
    {"debug", LineLevel::Debug},
    {"debu", LineLevel::Debug},
    {"info", LineLevel::Info},
    {"warning", LineLevel::Warning},
    {"warn", LineLevel::Warning},
    {"error", LineLevel::Error},
    {"erro", LineLevel::Error},
    {"pani", LineLevel::Error},
    {"panic", LineLevel::Error},
    {"fata", LineLevel::Error},
}};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

std::optional<LineLevel> levelNamed(std::string_view word) {
    for (const auto& [name, level] : kLevels)
        if (std::ranges::equal(word, name, {}, lower)) return level;
    return std::nullopt;
}

/// Colours: ESC [ … m.
std::string_view withoutColour(std::string_view text) {
    while (text.starts_with("\x1b[")) {
        const std::size_t end = text.substr(0, 20).find('m');
        if (end == text.npos) break;
        text.remove_prefix(end + 1);
    }
    return text;
}

/// Up to the next space or colour; the rest stays without both.
std::string_view takeWord(std::string_view& text) {
    text = withoutColour(text);
    const std::size_t end = std::min(text.find_first_of(" \x1b"), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end);
    while (!text.empty() && (text.front() == ' ' || text.front() == '\x1b')) {
        if (text.front() == ' ') {
            text.remove_prefix(1);
            continue;
        }
        const auto rest = withoutColour(text);
        if (rest.size() == text.size()) break;
        text = rest;
    }
    return word;
}

bool looksLikeDate(std::string_view word) {
    return word.size() >= 10 && word[4] == '-' && word[7] == '-' && word[0] >= '0' &&
           word[0] <= '9';
}

/// The text of a member of a flat JSON object, without looking at escapes: levels, times and
/// loggers have none.
std::string_view member(std::string_view line, std::string_view key) {
    const std::size_t at = line.find(key);
    if (at == line.npos) return {};
    const std::string_view rest = line.substr(at + key.size());
    return rest.substr(0, std::min(rest.find('"'), rest.size()));
}

struct Parts {
    std::string_view date, time, level, logger;
    bool isOurs = false;
};

std::optional<Parts> split(std::string_view line) {
    Parts parts;
    if (line.starts_with('{')) {
        parts.isOurs = true;
        parts.date = member(line, R"("time":")");
        if (parts.date.empty()) parts.date = member(line, R"("ts":")");
        parts.level = member(line, R"("level":")");
        parts.logger = member(line, R"("room":")");
        if (parts.logger.empty()) parts.logger = member(line, R"("name":")");
        if (parts.level.empty()) return std::nullopt;
        return parts;
    }
    std::string_view rest = withoutColour(line);
    parts.date = takeWord(rest);
    if (!looksLikeDate(parts.date)) return std::nullopt;
    parts.isOurs = parts.date.find('T') != parts.date.npos;
    if (!parts.isOurs) {
        parts.time = takeWord(rest);
        takeWord(rest);  // zone
        takeWord(rest);  // number
    }
    parts.level = takeWord(rest);
    if (rest.starts_with('[')) {
        parts.logger = rest.substr(1, std::min(rest.find(']'), rest.size()) - 1);
    } else if (const std::size_t colon = rest.find(": ");
               parts.isOurs && colon != rest.npos && colon < 60) {
        parts.logger = rest.substr(0, colon);
    }
    return parts;
}

std::optional<absl::Time> timeOf(const Parts& parts) {
    absl::Time time;
    std::string text(parts.date.substr(0, 40));
    if (parts.isOurs) {
        for (const char* form : {"%Y-%m-%dT%H:%M:%E*S%Ez", "%Y-%m-%dT%H:%M:%E*S%z"})
            if (absl::ParseTime(form, text, &time, nullptr)) return time;
        return std::nullopt;
    }
    text += " " + std::string(parts.time.substr(0, 40));
    // Fabric writes the machine's zone by its name; agents and nodes share it.
    if (absl::ParseTime("%Y-%m-%d %H:%M:%E*S", text, absl::LocalTimeZone(), &time, nullptr))
        return time;
    return std::nullopt;
}

}  // namespace

LineFacts factsOf(std::string_view line) {
    const auto parts = split(line);
    if (!parts) return {};
    return {.when = timeOf(*parts), .level = levelNamed(parts->level), .logger = parts->logger};
}

std::optional<LineLevel> levelOf(std::string_view line) {
    const auto parts = split(line);
    return parts ? levelNamed(parts->level) : std::nullopt;
}

bool containsWord(std::string_view text, std::string_view word) {
    if (word.empty()) return true;
    const char low = word.front();
    const char high = low >= 'a' && low <= 'z' ? static_cast<char>(low - 32) : low;
    const auto matches = [&](std::size_t at) {
        for (std::size_t i = 1; i < word.size(); ++i)
            if (lower(text[at + i]) != word[i]) return false;
        return true;
    };
    if (text.size() < word.size()) return false;
    const std::size_t last = text.size() - word.size();
    // Two quick searches for one letter each, always ahead of the place that is looked at.
    const auto next = [&](char c, std::size_t from) {
        if (from > last) return text.npos;
        const void* found = std::memchr(text.data() + from, c, last - from + 1);
        return found == nullptr
                   ? text.npos
                   : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    };
    std::size_t lowAt = next(low, 0), highAt = high == low ? text.npos : next(high, 0);
    while (lowAt != text.npos || highAt != text.npos) {
        const std::size_t at = std::min(lowAt, highAt);
        if (matches(at)) return true;
        if (lowAt == at) lowAt = next(low, at + 1);
        if (highAt == at) highAt = next(high, at + 1);
    }
    return false;
}

}  // namespace chancery::agent
