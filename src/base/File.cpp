#include "src/base/File.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "src/base/Descriptor.h"

namespace chancery {
namespace {

Status systemError(int error, std::string_view doing, const std::filesystem::path& path) {
    return makeError(absl::ErrnoToStatusCode(error), "FILE_ERROR",
                     fmt::format("{} {}: {}", doing, path.string(), std::strerror(error)),
                     {{"path", path.string()}, {"errno", std::to_string(error)}});
}

Result<std::uint64_t> regularFileSize(const Descriptor& file, const std::filesystem::path& path) {
    struct stat facts {};
    if (::fstat(file.get(), &facts) != 0) return systemError(errno, "cannot examine", path);
    if (!S_ISREG(facts.st_mode))
        return makeError(StatusCode::kInvalidArgument, "NOT_A_FILE",
                         path.string() + " is not a regular file", {{"path", path.string()}});
    return static_cast<std::uint64_t>(facts.st_size);
}

Status writeAll(const Descriptor& file, BytesView bytes, const std::filesystem::path& path) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return systemError(errno, "cannot write", path);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file.get()) != 0) return systemError(errno, "cannot sync", path);
    return absl::OkStatus();
}

Status syncFolder(const std::filesystem::path& file) {
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.get() < 0) return systemError(errno, "cannot open", folder);
    if (::fsync(opened.get()) != 0) return systemError(errno, "cannot sync", folder);
    return absl::OkStatus();
}

}  // namespace

Result<Bytes> readFile(const std::filesystem::path& path, std::uint64_t maxBytes) {
    // Not blocking, so that a pipe in place of a file is refused and not waited for.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0) return systemError(errno, "cannot open", path);
    ASSIGN_OR_RETURN(const std::uint64_t size, regularFileSize(file, path));
    if (size > maxBytes)
        return makeError(
            StatusCode::kResourceExhausted, "FILE_TOO_LARGE",
            fmt::format("{} has {} bytes, more than the {} allowed", path.string(), size, maxBytes),
            {{"path", path.string()},
             {"size", std::to_string(size)},
             {"limit", std::to_string(maxBytes)}});
    Bytes bytes(size, '\0');
    std::size_t at = 0;
    while (at < bytes.size()) {
        const ssize_t got = ::read(file.get(), bytes.data() + at, bytes.size() - at);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return systemError(errno, "cannot read", path);
        if (got == 0) break;
        at += static_cast<std::size_t>(got);
    }
    bytes.resize(at);
    return bytes;
}

Result<Bytes> readFileRange(const std::filesystem::path& path, std::uint64_t offset,
                            std::size_t size) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0) return systemError(errno, "cannot open", path);
    ASSIGN_OR_RETURN(const std::uint64_t length, regularFileSize(file, path));
    const auto tooShort = [&] {
        return makeError(StatusCode::kOutOfRange, "FILE_TOO_SHORT",
                         fmt::format("{} has {} bytes; {} from {} on are asked for", path.string(),
                                     length, size, offset),
                         {{"path", path.string()}});
    };
    if (offset > length || size > length - offset) return tooShort();
    Bytes bytes(size, '\0');
    for (std::size_t done = 0; done < size;) {
        const ssize_t got = ::pread(file.get(), bytes.data() + done, size - done,
                                    static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return systemError(errno, "cannot read", path);
        if (got == 0) return tooShort();
        done += static_cast<std::size_t>(got);
    }
    return bytes;
}

Status writeFileAtomically(const std::filesystem::path& path, BytesView bytes, unsigned mode) {
    std::string temporary = path.string() + ".XXXXXX";
    Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
    if (file.get() < 0) return systemError(errno, "cannot create a file beside", path);
    Status status = ::fchmod(file.get(), mode) == 0
                        ? absl::OkStatus()
                        : systemError(errno, "cannot set mode of", path);
    if (status.ok()) status = writeAll(file, bytes, path);
    if (status.ok() && ::rename(temporary.c_str(), path.c_str()) != 0)
        status = systemError(errno, "cannot replace", path);
    if (!status.ok()) {
        ::unlink(temporary.c_str());
        return status;
    }
    return syncFolder(path);
}

Status writeNewFile(const std::filesystem::path& path, BytesView bytes, unsigned mode) {
    const Descriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
    if (file.get() < 0) return systemError(errno, "cannot create", path);
    RETURN_IF_ERROR(writeAll(file, bytes, path));
    return syncFolder(path);
}

Result<MappedFile> MappedFile::open(const std::filesystem::path& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0) return systemError(errno, "cannot open", path);
    ASSIGN_OR_RETURN(const std::uint64_t size, regularFileSize(file, path));
    if (size == 0) return MappedFile(nullptr, 0);
    void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (data == MAP_FAILED) return systemError(errno, "cannot map", path);
    return MappedFile(static_cast<const char*>(data), size);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)), m_size(std::exchange(other.m_size, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(m_data, other.m_data);
    std::swap(m_size, other.m_size);
    return *this;
}

MappedFile::~MappedFile() {
    if (m_data != nullptr) ::munmap(const_cast<char*>(m_data), m_size);
}

}  // namespace chancery
