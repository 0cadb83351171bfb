#include "src/usecase/EvidencePack.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "src/base/Encoding.h"

namespace chancery::usecase {
namespace {

constexpr std::array<std::string_view, 3> kFolders = {"blocks", "certificates", "signed"};
constexpr std::size_t kLongestName = 100;
constexpr std::size_t kHashDigits = 64;

bool isPlainName(std::string_view name) {
    return !name.empty() && name.size() <= kLongestName && name[0] != '.' && name[0] != '-' &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_' || c == '-';
           });
}

Status listInto(const std::filesystem::path& folder, const std::string& prefix,
                EvidenceListing& listing) {
    std::error_code fault;
    for (std::filesystem::directory_iterator at(folder, fault), end; !fault && at != end;
         at.increment(fault)) {
        if (listing.files.size() + listing.strange.size() >= kMaxEvidenceFiles)
            return makeError(
                StatusCode::kResourceExhausted, "TOO_MANY_FILES",
                fmt::format("{} holds more than {} files", folder.string(), kMaxEvidenceFiles));
        const std::string plain = at->path().filename().string();
        const std::string name = prefix + plain;
        const auto type = at->symlink_status(fault).type();
        if (fault) break;
        const bool known = std::find(kFolders.begin(), kFolders.end(), plain) != kFolders.end();
        if (type == std::filesystem::file_type::directory && prefix.empty() && known) {
            RETURN_IF_ERROR(listInto(at->path(), plain + "/", listing));
        } else if (type == std::filesystem::file_type::regular && isEvidenceName(name)) {
            listing.files[name] = at->file_size(fault);
            if (fault) break;
        } else {
            listing.strange.push_back(printable(name, 4 * kLongestName));
        }
    }
    if (!fault) return absl::OkStatus();
    return makeError(StatusCode::kFailedPrecondition, "FILE_ERROR",
                     fmt::format("cannot list {}: {}", folder.string(), fault.message()),
                     {{"path", folder.string()}});
}

}  // namespace

bool isEvidenceName(std::string_view name) {
    const std::size_t slash = name.find('/');
    if (slash == name.npos) return isPlainName(name);
    return std::find(kFolders.begin(), kFolders.end(), name.substr(0, slash)) != kFolders.end() &&
           isPlainName(name.substr(slash + 1));
}

Result<EvidenceListing> listEvidence(const std::filesystem::path& folder) {
    EvidenceListing listing;
    RETURN_IF_ERROR(listInto(folder, {}, listing));
    std::sort(listing.strange.begin(), listing.strange.end());
    return listing;
}

std::string sumsText(const std::map<std::string, Bytes>& sums) {
    std::string text;
    for (const auto& [name, sum] : sums) text += fmt::format("{}  {}\n", toHex(sum), name);
    return text;
}

std::optional<std::map<std::string, Bytes>> readSums(std::string_view text) {
    std::map<std::string, Bytes> sums;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        if (end == text.npos || end < kHashDigits + 3) return std::nullopt;
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end + 1);
        const auto sum = fromHex(line.substr(0, kHashDigits));
        const std::string name(line.substr(kHashDigits + 2));
        // Only the digits that sumsText writes: another form of a line is another file.
        if (!sum.ok() || toHex(*sum) != line.substr(0, kHashDigits) ||
            line.substr(kHashDigits, 2) != "  " || !isEvidenceName(name) ||
            !sums.emplace(name, *sum).second)
            return std::nullopt;
    }
    return sums;
}

}  // namespace chancery::usecase
