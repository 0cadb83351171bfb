#include "src/usecase/ExplainPolicy.h"

#include "src/usecase/PolicyCatalog.h"
#include "src/usecase/PolicyVerdicts.h"

namespace chancery::usecase {

Result<PolicyInsight> ExplainPolicy::run(const std::filesystem::path& config,
                                         const std::string& path) const {
    ASSIGN_OR_RETURN(const PolicyCatalog catalog, PolicyCatalog::fromConfig(config));
    return catalog.insight(path);
}

Result<std::vector<PolicyRow>> ExplainPolicy::list(const std::filesystem::path& config) const {
    ASSIGN_OR_RETURN(const PolicyCatalog catalog, PolicyCatalog::fromConfig(config));
    std::vector<PolicyRow> rows;
    for (const std::string& path : catalog.paths())
        rows.push_back({path, channelPolicyText(*catalog.bundle(), path)});
    return rows;
}

}  // namespace chancery::usecase
