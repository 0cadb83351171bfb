#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace chancery::agent {

enum class LineLevel : char { Debug = 'D', Info = 'I', Warning = 'W', Error = 'E' };

/// What a line of a node's log says about itself.
struct LineFacts {
    std::optional<absl::Time> when;
    std::optional<LineLevel> level;
    std::string_view logger;  ///< of the line
};

/// Reads our own text form ("2026-01-31T12:00:00.000+0000 info room: text"), Fabric's
/// ("2026-01-31 12:00:00.000 UTC 0001 INFO [module] function -> text", with or without colours) and
/// the JSON forms of both. Any other line has no facts. Total.
LineFacts factsOf(std::string_view line);

/// Only the level, for every line that is kept: no time is parsed.
std::optional<LineLevel> levelOf(std::string_view line);

/// Whether `text` contains `word` in any case of its ASCII letters; `word` is in lower case.
bool containsWord(std::string_view text, std::string_view word);

}  // namespace chancery::agent
