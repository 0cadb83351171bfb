#pragma once

#include <string_view>

namespace chancery::log {

enum class Level { Debug, Info, Warning, Error };

/// Lines below this level are dropped. Default: Warning, so that a command's output stays its own.
void setLevel(Level level);
/// Whether a line of this level would be written: for texts that cost something to make.
bool isOn(Level level);

/// One line to standard error with time, level and the room that speaks. The text is made
/// printable: no line breaks, escapes or bidirectional marks of foreign data reach the log. Never
/// pass a secret. Thread-safe.
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
