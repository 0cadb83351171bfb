#include "src/protocol/BlockFolder.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <limits>

#include "src/protocol/Archive.h"
#include "src/protocol/FieldReader.h"
#include "src/protocol/LedgerFile.h"

namespace chancery::protocol {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHeadBytes = 256;  // a header with its two hashes takes about 80

enum class FileKind { Other, Single, Records };

FileKind kindOf(std::string name) {
    if (name.starts_with('.')) return FileKind::Other;
    if (name.ends_with(".gz")) name.resize(name.size() - 3);
    if (ledgerFileFirstBlock(name)) return FileKind::Records;
    constexpr std::string_view kPrefix = "blockfile_";
    if (name.starts_with(kPrefix) && name.size() > kPrefix.size())
        return name.find_first_not_of("0123456789", kPrefix.size()) == std::string::npos
                   ? FileKind::Records
                   : FileKind::Other;
    return name.ends_with(".pb") || name.ends_with(".block") ? FileKind::Single : FileKind::Other;
}

struct SingleFile {
    BlockFolderEntry entry;
    BlockNumber number = std::numeric_limits<BlockNumber>::max();  ///< unreadable files come last
    Bytes header;                                                  ///< DER
};

/// A block of the header alone, when it stands whole in these first bytes; else nothing.
std::optional<Block> headerIn(const Bytes& head) {
    wire::FieldScanner scanner(head);
    if (!scanner.next() || keyOf(scanner) != lengthField(1)) return std::nullopt;
    auto block = Block::parse(Bytes(scanner.raw()));
    if (!block.ok()) return std::nullopt;
    return *std::move(block);
}

std::optional<Block> wholeBlock(const fs::path& path) {
    const auto bytes = loadBlockBytes(path);
    if (!bytes.ok()) return std::nullopt;
    auto block = Block::parse(*bytes);
    if (!block.ok() || !block->hasHeader()) return std::nullopt;
    return *std::move(block);
}

SingleFile inspect(BlockFolderEntry entry) {
    SingleFile out;
    out.entry = std::move(entry);
    std::ifstream in(out.entry.path, std::ios::binary);
    Bytes head(kHeadBytes, '\0');
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(in.gcount()));
    auto block = headerIn(head);
    if (!block) block = wholeBlock(out.entry.path);
    if (!block) return out;
    out.number = block->number();
    out.header = block->header().der();
    return out;
}

/// A config block is often fetched twice, under its number and as "config": the same block is taken
/// once.
Status dropRepeated(std::vector<SingleFile>& files) {
    for (std::size_t i = 1; i < files.size();) {
        const SingleFile& first = files[i - 1];
        const SingleFile& second = files[i];
        if (first.number != second.number || second.header.empty()) {
            ++i;
            continue;
        }
        if (first.header != second.header)
            return makeError(
                StatusCode::kFailedPrecondition, "DUPLICATE_BLOCK",
                fmt::format("{} and {} are different blocks with number {}",
                            first.entry.path.string(), second.entry.path.string(), first.number),
                {{"file", second.entry.path.string()}, {"number", fmt::to_string(first.number)}});
        files.erase(files.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return {};
}

Status folderError(std::string_view reason, const fs::path& folder, std::string_view why) {
    return makeError(StatusCode::kFailedPrecondition, reason,
                     fmt::format("{} {}", folder.string(), why), {{"file", folder.string()}});
}

}  // namespace

Result<std::vector<BlockFolderEntry>> listBlockFolder(const fs::path& folder) {
    std::vector<BlockFolderEntry> records;
    std::vector<SingleFile> singles;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        std::error_code ignored;
        if (!fs::is_regular_file(at->symlink_status(ignored))) continue;
        const FileKind kind = kindOf(at->path().filename().string());
        BlockFolderEntry entry{at->path(), at->file_size(ignored)};
        if (kind == FileKind::Records) records.push_back(std::move(entry));
        if (kind == FileKind::Single) singles.push_back(inspect(std::move(entry)));
    }
    if (error) return folderError("UNREADABLE", folder, "cannot be listed: " + error.message());
    if (!records.empty() && !singles.empty())
        return folderError("MIXED_FOLDER", folder, "holds block files and single blocks");
    if (records.empty() && singles.empty())
        return folderError("NO_BLOCKS", folder, "holds no blocks");
    std::sort(records.begin(), records.end(),
              [](const auto& a, const auto& b) { return a.path < b.path; });
    std::sort(singles.begin(), singles.end(), [](const SingleFile& a, const SingleFile& b) {
        return std::tie(a.number, a.entry.path) < std::tie(b.number, b.entry.path);
    });
    RETURN_IF_ERROR(dropRepeated(singles));
    for (SingleFile& file : singles) records.push_back(std::move(file.entry));
    return records;
}

}  // namespace chancery::protocol
