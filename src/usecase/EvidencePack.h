#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/usecase/LedgerDescription.h"

namespace chancery::usecase {

// The folder of an evidence pack: which names may stand in it, and the sums of its files.

inline constexpr std::string_view kEvidenceFormat = "chancery-evidence-1";
inline constexpr std::string_view kEvidenceFile = "evidence.json";
inline constexpr std::string_view kEvidenceSums = "SHA256SUMS";
inline constexpr std::string_view kEvidenceReport = "report.html";
/// Of a single file; of evidence.json, too.
inline constexpr std::uint64_t kMaxEvidenceFile = 512U << 20;
inline constexpr std::size_t kMaxEvidenceFiles = 200'000;

/// "name", or one of the pack's folders and a name: letters, digits, ".", "_" and "-", not
/// beginning with a dot, at most 100 of them.
bool isEvidenceName(std::string_view name);

/// Everything that lies in a folder: files, and whatever has no business there (links, other
/// folders, odd names). FILE_ERROR, RESOURCE_EXHAUSTED (TOO_MANY_FILES).
struct EvidenceListing {
    std::map<std::string, std::uint64_t> files;  ///< name and size
    std::vector<std::string> strange;            ///< made printable
};
Result<EvidenceListing> listEvidence(const std::filesystem::path& folder);

/// Lines of the program sha256sum, sorted by name.
std::string sumsText(const std::map<std::string, Bytes>& sums);
/// Nothing when a line is not of that form.
std::optional<std::map<std::string, Bytes>> readSums(std::string_view text);

}  // namespace chancery::usecase
