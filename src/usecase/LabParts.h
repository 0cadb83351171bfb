#pragma once

// For the sources of this folder: names inside a lab file.
#include <array>
#include <string_view>

namespace chancery::usecase {

inline constexpr std::string_view kLabConsole = "console/";
inline constexpr std::string_view kLabNodes = "nodes/";
inline constexpr std::string_view kLabScenario = "lab/scenario.json";
/// What of the console's folder goes along; the rest is made anew or belongs to this machine.
inline constexpr std::array<std::string_view, 3> kLabConsoleFolders{"crypto", "nodes", "channels"};

bool isConsoleOfLab(std::string_view path);

}  // namespace chancery::usecase
