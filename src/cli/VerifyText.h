#pragma once

#include "src/cli/Json.h"
#include "src/cli/Printer.h"
#include "src/usecase/VerifyLedger.h"

namespace chancery::cli {

/// The outcome of a verification for a person. `limit` findings are shown; 0 shows all.
void printVerification(Printer& out, const usecase::VerificationReport& report, std::size_t limit);
Json toJson(const usecase::VerificationReport& report);

}  // namespace chancery::cli
