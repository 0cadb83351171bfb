#pragma once

#include <string>

#include "src/usecase/LedgerDescription.h"

namespace chancery::cli {

/// Why a transaction was refused, in one or two short sentences.
std::string causeText(const usecase::CauseDescription& cause);

}  // namespace chancery::cli
