#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "src/base/Status.h"
#include "src/usecase/ConfigDescription.h"
#include "src/usecase/PolicyInsight.h"

namespace chancery::usecase {

/// Explains the policies of a channel configuration.
class ExplainPolicy {
public:
    /// One policy with what it refers to resolved. NOT_FOUND (UNKNOWN_POLICY); errors of reading
    /// and of configurations that no node accepts.
    Result<PolicyInsight> run(const std::filesystem::path& config, const std::string& path) const;
    /// Paths and texts of all of them.
    Result<std::vector<PolicyRow>> list(const std::filesystem::path& config) const;
};

}  // namespace chancery::usecase
