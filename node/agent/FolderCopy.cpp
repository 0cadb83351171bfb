#include "node/agent/FolderCopy.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "node/agent/StateFolder.h"
#include "src/base/Descriptor.h"

namespace chancery::agent {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaxFiles = 1'000'000;

Status copyError(const fs::path& path, std::string_view what, int error) {
    return makeError(absl::ErrnoToStatusCode(error), "CANNOT_COPY",
                     fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(error)),
                     {{"path", path.string()}});
}

}  // namespace

Status copyFile(const fs::path& from, const fs::path& to) {
    const Descriptor in(::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    struct stat facts {};
    if (!in || ::fstat(in.get(), &facts) != 0) return copyError(from, "read", errno);
    const Descriptor out(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                                facts.st_mode & 0777));
    if (!out || ::fchmod(out.get(), facts.st_mode & 0777) != 0) return copyError(to, "make", errno);
    if (::ioctl(out.get(), FICLONE, in.get()) == 0) return absl::OkStatus();
    while (true) {
        const ssize_t copied = ::copy_file_range(in.get(), nullptr, out.get(), nullptr, 1 << 30, 0);
        if (copied < 0) return copyError(to, "write", errno);
        if (copied == 0) return absl::OkStatus();
    }
}

Result<std::vector<std::string>> filesBelow(const fs::path& folder) {
    std::vector<std::string> files;
    std::error_code error;
    auto each = fs::recursive_directory_iterator(folder, error);
    for (; !error && each != fs::recursive_directory_iterator(); each.increment(error)) {
        std::error_code gone;
        if (each->symlink_status(gone).type() == fs::file_type::regular)
            files.push_back(each->path().lexically_relative(folder));
        if (files.size() > kMaxFiles) return copyError(folder, "copy so many files of", EFBIG);
    }
    if (error) return copyError(folder, "read", error.value());
    std::ranges::sort(files);
    return files;
}

Status copyFolder(const fs::path& from, const fs::path& to) {
    RETURN_IF_ERROR(makeFolder(to));
    std::error_code error;
    auto each = fs::recursive_directory_iterator(from, error);
    for (; !error && each != fs::recursive_directory_iterator(); each.increment(error)) {
        const fs::path target = to / each->path().lexically_relative(from);
        std::error_code gone;
        const auto type = each->symlink_status(gone).type();
        if (type == fs::file_type::directory) RETURN_IF_ERROR(makeFolder(target));
        if (type == fs::file_type::regular) RETURN_IF_ERROR(copyFile(each->path(), target));
    }
    if (error) return copyError(from, "read", error.value());
    return absl::OkStatus();
}

}  // namespace chancery::agent
