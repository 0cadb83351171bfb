#include "src/base/LogSpec.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace chancery::log {
namespace {

/// What Fabric calls levels. Ours above errors are never written, so the highest ones mean silence.
struct LevelName {
    std::string_view name;
    std::string_view prints;
    int from;  ///< lowest Level that is written
};
constexpr int kSilence = 4;
constexpr std::array<LevelName, 12> kNames{{{"payload", "payload", 0},
                                            {"debug", "debug", 0},
                                            {"info", "info", 1},
                                            {"notice", "info", 1},
                                            {"warning", "warn", 2},
                                            {"warn", "warn", 2},
                                            {"error", "error", 3},
                                            {"critical", "error", 3},
                                            {"dpanic", "dpanic", kSilence},
                                            {"panic", "panic", kSilence},
                                            {"fatal", "fatal", kSilence},
                                            {"", "info", 1}}};

std::string lowered(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

const LevelName* find(std::string_view text) {
    const std::string lower = lowered(text);
    // All small or all capitals, as Fabric has it.
    if (text != lower &&
        std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; }))
        return nullptr;
    const auto found = std::find_if(kNames.begin(), kNames.end(),
                                    [&](const LevelName& row) { return row.name == lower; });
    return found == kNames.end() ? nullptr : &*found;
}

int rankOf(std::string_view printed) {
    const LevelName* found = find(printed);
    return found == nullptr ? 1 : found->from;
}

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    for (std::size_t end = 0; (end = text.find(at)) != std::string_view::npos;
         text.remove_prefix(end + 1))
        parts.push_back(text.substr(0, end));
    parts.push_back(text);
    return parts;
}

bool isRoomName(std::string_view name) {
    if (name.ends_with('.')) name.remove_suffix(1);
    for (const std::string_view part : split(name, '.')) {
        if (part.empty()) return false;
        for (const char c : part)
            if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '#' || c == '-'))
                return false;
    }
    return true;
}

}  // namespace

LogSpec::LogSpec(Level level) {
    constexpr std::string_view kOwn[] = {"debug", "info", "warn", "error"};
    m_default = kOwn[static_cast<std::size_t>(level)];
}

Result<LogSpec> LogSpec::parse(std::string_view text) {
    const auto bad = [&](std::string_view what) {
        return makeError(StatusCode::kInvalidArgument, "BAD_LOG_SPEC",
                         fmt::format("invalid logging specification '{}': {}", text, what),
                         {{"spec", std::string(text)}});
    };
    LogSpec spec;
    for (const std::string_view field : split(text, ':')) {
        const auto sides = split(field, '=');
        if (sides.size() > 2) return bad(fmt::format("bad segment '{}'", field));
        const LevelName* level = find(sides.back());
        if (sides.size() == 1) {
            if (level == nullptr) return bad(fmt::format("bad segment '{}'", field));
            spec.m_default = level->prints;
            continue;
        }
        if (sides.front().empty())
            return bad(fmt::format("no logger specified in segment '{}'", field));
        if (level == nullptr || sides.back().empty())
            return bad(fmt::format("bad segment '{}'", field));
        for (const std::string_view room : split(sides.front(), ',')) {
            if (!isRoomName(room)) return bad(fmt::format("bad logger name '{}'", room));
            spec.m_rooms[std::string(room)] = level->prints;
        }
    }
    return spec;
}

bool LogSpec::isOn(Level level, std::string_view room) const {
    const auto writes = [&](const std::string& from) {
        return static_cast<int>(level) >= rankOf(from);
    };
    if (m_rooms.empty()) return writes(m_default);
    if (const auto exact = m_rooms.find(std::string(room) + "."); exact != m_rooms.end())
        return writes(exact->second);
    for (std::string_view candidate = room;;) {
        if (const auto found = m_rooms.find(candidate); found != m_rooms.end())
            return writes(found->second);
        const std::size_t dot = candidate.rfind('.');
        if (dot == std::string_view::npos) return writes(m_default);
        candidate = candidate.substr(0, dot);
    }
}

bool LogSpec::isOnAnywhere(Level level) const {
    return static_cast<int>(level) >= rankOf(m_default) ||
           std::any_of(m_rooms.begin(), m_rooms.end(), [&](const auto& room) {
               return static_cast<int>(level) >= rankOf(room.second);
           });
}

std::string LogSpec::str() const {
    std::string text;
    for (const auto& [room, level] : m_rooms) text += fmt::format("{}={}:", room, level);
    return text + m_default;
}

}  // namespace chancery::log
