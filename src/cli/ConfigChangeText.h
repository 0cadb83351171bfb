#pragma once

#include <vector>

#include "src/cli/Printer.h"
#include "src/usecase/ConfigChange.h"

namespace chancery::cli {

/// One line per change with a mark (+ added, − removed, ~ changed), details below it where
/// `details` is set.
void printChanges(Printer& out, const std::vector<usecase::ConfigChange>& changes,
                  std::size_t indent, bool details = true);

}  // namespace chancery::cli
