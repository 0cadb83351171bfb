#pragma once

#include <string_view>

#include "src/cli/Printer.h"
#include "src/cli/Session.h"

namespace chancery::cli {

/// The page of the whole program.
void printProgramHelp(Printer& out, const std::vector<CommandEntry>& commands);
/// The page of a group of commands such as "ledger".
void printGroupHelp(Printer& out, std::string_view group,
                    const std::vector<CommandEntry>& commands);
/// The page of one command: what it does, its options, examples that work, what its exit codes
/// mean.
void printCommandHelp(Printer& out, const CommandEntry& command);

/// One line about a group; empty for what is not a group.
std::string_view summaryOfGroup(std::string_view group);

}  // namespace chancery::cli
