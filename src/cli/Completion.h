#pragma once

#include <string>
#include <vector>

#include "src/cli/Session.h"

namespace chancery::cli {

/// Completion scripts made from the declared commands, so that they cannot fall behind.
std::string bashCompletion(const std::vector<CommandEntry>& commands);
std::string zshCompletion(const std::vector<CommandEntry>& commands);
std::string fishCompletion(const std::vector<CommandEntry>& commands);

}  // namespace chancery::cli
