#pragma once

#include "src/usecase/LedgerDescription.h"
#include "src/verify/Verdict.h"

namespace chancery::usecase {

CauseDescription describe(const verify::Cause& cause);

}  // namespace chancery::usecase
