#pragma once

#include "src/cli/Json.h"
#include "src/cli/Printer.h"
#include "src/usecase/ExportEvidence.h"
#include "src/usecase/VerifyEvidence.h"

namespace chancery::cli {

/// The outcome of checking an evidence pack. `limit` transactions and findings are shown; 0 shows
/// all.
void printEvidence(Printer& out, const usecase::EvidenceReport& report, std::size_t limit);
Json toJson(const usecase::EvidenceReport& report);

/// A pack that was written into `folder`.
void printEvidence(Printer& out, const std::string& folder,
                   const usecase::ExportEvidenceResult& result);
Json toJson(const std::string& folder, const usecase::ExportEvidenceResult& result);

}  // namespace chancery::cli
