#pragma once

#include <filesystem>
#include <string_view>

#include "src/base/LogSpec.h"
#include "src/base/Status.h"

namespace chancery::log {

/// Lines below this level are dropped. Default: Warning, so that a command's output stays its own.
void setLevel(Level level);
/// The same room by room. Thread-safe, at any time.
void setSpec(LogSpec spec);
LogSpec spec();

/// How a line looks: for people, or one JSON object with time, level, room and text.
enum class Form { Text, Json };
void setForm(Form form);

/// From now on lines go to the end of this file (0600, made when missing) instead of standard
/// error; beyond 4 MiB it is renamed to "….1" first. An error changes nothing.
Status toFile(const std::filesystem::path& path);
/// Whether a line of this level would be written by any room, or by this one: for texts that cost
/// something to make.
bool isOn(Level level);
bool isOn(Level level, std::string_view room);

/// One line to standard error or the file, with time, level and the room that speaks. The text is
/// made printable: no line breaks, escapes or bidirectional marks of foreign data reach the log.
/// Never pass a secret. Thread-safe.
void write(Level level, std::string_view room, std::string_view text);

inline void debug(std::string_view room, std::string_view text) {
    write(Level::Debug, room, text);
}
inline void info(std::string_view room, std::string_view text) {
    write(Level::Info, room, text);
}
inline void warning(std::string_view room, std::string_view text) {
    write(Level::Warning, room, text);
}
inline void error(std::string_view room, std::string_view text) {
    write(Level::Error, room, text);
}

}  // namespace chancery::log
