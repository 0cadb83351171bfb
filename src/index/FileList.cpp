#include "src/index/FileList.h"

#include <algorithm>

#include "src/base/File.h"
#include "src/protocol/Archive.h"
#include "src/protocol/BlockFile.h"
#include "src/protocol/BlockFolder.h"

namespace chancery::index {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFileHeadBytes = 256;

Result<ListedFile> examine(const fs::path& path) {
    std::error_code error;
    ListedFile file{.path = path};
    file.size = fs::file_size(path, error);
    if (!error) file.changed = fs::last_write_time(path, error).time_since_epoch().count();
    if (error)
        return makeError(StatusCode::kNotFound, "NO_SUCH_FILE",
                         fmt::format("{} cannot be read: {}", path.string(), error.message()),
                         {{"file", path.string()}});
    ASSIGN_OR_RETURN(file.head,
                     readFileRange(path, 0, std::min<std::uint64_t>(file.size, kFileHeadBytes)));
    return file;
}

/// One source and the number of its first block, which decides about the order.
struct Part {
    std::vector<ListedFile> files;
    BlockNumber first = 0;
};

Result<Part> listPart(const fs::path& path) {
    Part part;
    std::error_code error;
    if (fs::is_directory(path, error)) {
        ASSIGN_OR_RETURN(const auto entries, protocol::listBlockFolder(path));
        for (const auto& entry : entries) {
            ASSIGN_OR_RETURN(ListedFile file, examine(entry.path));
            part.files.push_back(std::move(file));
        }
        return part;
    }
    ASSIGN_OR_RETURN(ListedFile file, examine(path));
    if (file.size == 0)
        return makeError(StatusCode::kFailedPrecondition, "NO_BLOCKS",
                         fmt::format("{} is empty", path.string()), {{"file", path.string()}});
    part.files.push_back(std::move(file));
    return part;
}

}  // namespace

Result<std::vector<ListedFile>> listFiles(const std::vector<fs::path>& paths) {
    std::vector<Part> parts;
    for (const fs::path& path : paths) {
        ASSIGN_OR_RETURN(Part part, listPart(path));
        if (paths.size() > 1) {
            ASSIGN_OR_RETURN(const auto source, protocol::openBlocks(path));
            ASSIGN_OR_RETURN(const auto block, source->next());
            if (!block) continue;
            part.first = block->block.number();
        }
        parts.push_back(std::move(part));
    }
    std::stable_sort(parts.begin(), parts.end(),
                     [](const Part& a, const Part& b) { return a.first < b.first; });
    std::vector<ListedFile> files;
    for (Part& part : parts)
        std::move(part.files.begin(), part.files.end(), std::back_inserter(files));
    return files;
}

bool goOn(const std::vector<ListedFile>& before, const std::vector<ListedFile>& now) {
    if (before.size() > now.size()) return false;
    for (std::size_t i = 0; i < before.size(); ++i) {
        const ListedFile& old = before[i];
        const ListedFile& file = now[i];
        if (old.path != file.path || !file.head.starts_with(old.head)) return false;
        if (old.size == file.size && old.changed == file.changed) continue;
        const bool grown =
            i + 1 == before.size() && file.size > old.size && !protocol::looksLikeGzip(file.head);
        if (!grown) return false;
    }
    return true;
}

}  // namespace chancery::index
