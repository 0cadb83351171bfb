#pragma once

#include "src/usecase/VerifyLedger.h"
#include "src/verify/Report.h"

namespace chancery::usecase {

LedgerFinding describe(const verify::Finding& finding);

}  // namespace chancery::usecase
