#pragma once

#include "src/cli/Printer.h"
#include "src/usecase/ConfigDescription.h"

namespace chancery::cli {

/// A whole configuration in tables.
void printConfig(Printer& out, const usecase::ConfigDescription& config);

}  // namespace chancery::cli
