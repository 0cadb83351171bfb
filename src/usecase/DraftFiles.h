#pragma once

#include <filesystem>
#include <vector>

#include "src/usecase/ConfigChange.h"
#include "src/usecase/ConfigDraft.h"
#include "src/usecase/ConfigEdits.h"
#include "src/usecase/ConfigFile.h"

namespace chancery::usecase {

/// The common.Config of a file.
Bytes configBytesOf(const ConfigFile& file);

/// A draft that starts from a whole configuration. NO_CONFIG, NO_CHANNEL_NAME; errors of editConfig
/// and makeDraft.
Result<ConfigDraft> draftOfEdits(const ConfigFile& base, const ConfigEdits& edits);
/// The same of a file: a whole configuration as it shall be, or an update with the signatures that
/// it has (of "config compute-update", "msp draft-crl", configtxlator, signconfigtx).
Result<ConfigDraft> draftOfFile(const ConfigFile& base, const std::filesystem::path& edited);

/// In words.
Result<std::vector<ConfigChange>> changesOf(const ConfigDraft& draft);

/// How many members must agree to a change of /Channel/Application.
struct Majority {
    std::size_t needed = 0;
    std::size_t members = 0;
};
struct MajorityChange {
    Majority before, after;
};
Result<MajorityChange> majorityOf(const ConfigDraft& draft);

}  // namespace chancery::usecase
