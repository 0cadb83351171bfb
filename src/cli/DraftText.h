#pragma once

#include <filesystem>

#include "src/cli/Session.h"
#include "src/usecase/CertificateDrafts.h"
#include "src/usecase/JudgeDraft.h"

namespace chancery::cli {

Json draftJson(const usecase::CertificateDraft& draft, const std::filesystem::path& out);
/// What it changes, and who must sign.
void printDraft(Printer& print, const usecase::CertificateDraft& draft,
                const std::filesystem::path& out);

/// Writes the update and tells what it changes, who must sign, and how to go on.
ExitCode writeDraft(Session& session, const usecase::CertificateDraft& draft,
                    const std::filesystem::path& out);

/// A draft as it stands: what it changes, who must agree, who has signed, and how to go on.
void printStanding(Session& session, const usecase::ConfigDraft& draft,
                   const usecase::DraftStanding& standing, const std::filesystem::path& file);
Json changesJson(const std::vector<usecase::ConfigChange>& changes);

}  // namespace chancery::cli
