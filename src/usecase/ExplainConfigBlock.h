#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/usecase/ConfigChange.h"
#include "src/usecase/Identity.h"

namespace chancery::usecase {

/// One configuration transaction told.
struct ConfigBlockStory {
    std::string file;
    BlockNumber block = 0;
    std::string channel;
    std::uint64_t sequence = 0;
    std::optional<absl::Time> time;
    /// The config block that the changes are counted from; absent: the configuration is told as a
    /// whole, because the one before is not at hand or there is none.
    std::optional<BlockNumber> comparedWith;
    std::optional<IdentityName> submitter;  ///< who sent the update
    std::vector<IdentityName> signers;      ///< who signed it; unchecked
    std::vector<ConfigChange> changes;
};

/// Tells what config blocks changed.
class ExplainConfigBlock {
public:
    /// Files with one config block each, or files and folders of whole ledgers, whose config blocks
    /// are taken. They are told in the order of their numbers, each compared with the one before
    /// it. NOT_FOUND (NO_CONFIG_BLOCK) when there is none.
    Result<std::vector<ConfigBlockStory>> run(
        const std::vector<std::filesystem::path>& paths) const;
};

}  // namespace chancery::usecase
