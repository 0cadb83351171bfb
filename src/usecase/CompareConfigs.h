#pragma once

#include <filesystem>
#include <vector>

#include "src/base/Status.h"
#include "src/usecase/ConfigChange.h"

namespace chancery::usecase {

struct ConfigComparison {
    std::vector<ConfigChange> changes;  ///< empty: the same
    std::vector<RequiredAgreement>
        agreements;  ///< who must agree to go from the first to the second
};

/// What differs between two configurations.
class CompareConfigs {
public:
    /// Both files in any form that holds a whole configuration. Errors as readConfigFile, and
    /// NO_CONFIG.
    Result<ConfigComparison> run(const std::filesystem::path& before,
                                 const std::filesystem::path& after) const;
};

}  // namespace chancery::usecase
