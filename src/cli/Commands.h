#pragma once

#include <vector>

#include "src/cli/Command.h"

namespace chancery::cli {

/// Every command of the program, in the order in which help shows them.
std::vector<CommandPtr> allCommands();

}  // namespace chancery::cli
