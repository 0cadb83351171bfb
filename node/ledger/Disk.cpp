#include "node/ledger/Disk.h"

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <cerrno>
#include <cstring>

#include "src/base/Descriptor.h"

namespace chancery::node {
namespace {

class SystemDisk final : public Disk {
public:
    int open(const std::filesystem::path& file, bool create) override {
        const int flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC;
        return create ? ::open(file.c_str(), flags | O_CREAT | O_TRUNC, 0600)
                      : ::open(file.c_str(), flags);
    }
    ssize_t pwrite(int fd, const void* bytes, std::size_t size, off_t offset) override {
        return ::pwrite(fd, bytes, size, offset);
    }
    int fdatasync(int fd) override { return ::fdatasync(fd); }
    int fsync(int fd) override { return ::fsync(fd); }
    int ftruncate(int fd, off_t size) override { return ::ftruncate(fd, size); }
    int unlink(const std::filesystem::path& file) override { return ::unlink(file.c_str()); }
};

}  // namespace

Disk& Disk::system() {
    static SystemDisk disk;
    return disk;
}

Status diskError(int error, std::string_view doing, const std::filesystem::path& file) {
    const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
    return makeError(full ? StatusCode::kResourceExhausted : StatusCode::kDataLoss,
                     full ? "DISK_FULL" : "STORE_IO_ERROR",
                     fmt::format("cannot {} {}: {}", doing, file.string(), std::strerror(error)),
                     {{"file", file.string()}, {"errno", std::to_string(error)}});
}

Status syncError(int error, const std::filesystem::path& file) {
    return makeError(StatusCode::kDataLoss, "STORE_IO_ERROR",
                     fmt::format("cannot sync {}: {}", file.string(), std::strerror(error)),
                     {{"file", file.string()}, {"errno", std::to_string(error)}});
}

Status writeFully(Disk& disk, int fd, BytesView bytes, std::uint64_t offset,
                  const std::filesystem::path& file) {
    while (!bytes.empty()) {
        const ssize_t written =
            disk.pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return diskError(errno, "write", file);
        bytes.remove_prefix(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return absl::OkStatus();
}

Status syncFolder(Disk& disk, const std::filesystem::path& folder) {
    const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened) return diskError(errno, "open", folder);
    if (disk.fsync(opened.get()) != 0) return syncError(errno, folder);
    return absl::OkStatus();
}

}  // namespace chancery::node
