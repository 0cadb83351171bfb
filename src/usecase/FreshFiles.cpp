#include "src/usecase/FreshFiles.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "src/usecase/NewFile.h"

namespace chancery::usecase {

Status makeFolder(const std::filesystem::path& folder) {
    std::error_code error;
    if (folder.empty() || std::filesystem::is_directory(folder, error)) return absl::OkStatus();
    if (folder.has_parent_path() && folder.parent_path() != folder)
        RETURN_IF_ERROR(makeFolder(folder.parent_path()));
    if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) return absl::OkStatus();
    return makeError(StatusCode::kUnavailable, "FILE_ERROR",
                     "cannot make the folder " + folder.string() + ": " + std::strerror(errno),
                     {{"path", folder.string()}});
}

Status writeFresh(const std::filesystem::path& path, BytesView bytes) {
    RETURN_IF_ERROR(makeFolder(path.parent_path()));
    ASSIGN_OR_RETURN(auto file, NewFile::create(path));
    RETURN_IF_ERROR(file.write(bytes));
    return file.finish(false);
}

}  // namespace chancery::usecase
