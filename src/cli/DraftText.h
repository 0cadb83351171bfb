#pragma once

#include <filesystem>

#include "src/cli/Session.h"
#include "src/usecase/CertificateDrafts.h"

namespace chancery::cli {

/// Writes the update and tells what it changes, who must sign, and how to go on.
ExitCode writeDraft(Session& session, const usecase::CertificateDraft& draft,
                    const std::filesystem::path& out);

}  // namespace chancery::cli
