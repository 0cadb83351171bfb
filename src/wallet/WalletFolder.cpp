#include "src/wallet/WalletFolder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "src/base/File.h"

namespace chancery::wallet {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 10'000;
constexpr const char* kGuard = "guard";

Status systemError(int error, std::string_view doing, const fs::path& path) {
    return makeError(absl::ErrnoToStatusCode(error), "FILE_ERROR",
                     fmt::format("cannot {} {}: {}", doing, path.string(), std::strerror(error)),
                     {{"path", path.string()}, {"errno", std::to_string(error)}});
}

Status refuseMode(const fs::path& path, std::string_view why, std::string_view advice) {
    return makeError(StatusCode::kFailedPrecondition, "WALLET_MODE",
                     fmt::format("{} {}; {}", path.string(), why, advice),
                     {{"file", path.string()}, {"advice", std::string(advice)}});
}

Status checkMode(const fs::path& path) {
    struct stat facts {};
    if (::lstat(path.c_str(), &facts) != 0) return systemError(errno, "examine", path);
    const bool folder = S_ISDIR(facts.st_mode);
    if (!folder && !S_ISREG(facts.st_mode))
        return refuseMode(path, "is a link or a device", "a workspace holds plain files only");
    if (facts.st_uid != ::geteuid())
        return refuseMode(path, "belongs to another user",
                          "work as the user whose workspace it is");
    if ((facts.st_mode & 077) != 0)
        return refuseMode(
            path,
            fmt::format("is open to other users (mode {:04o})", unsigned(facts.st_mode & 07777)),
            fmt::format("run \"chmod {} {}\", and think about who may have copied it",
                        folder ? "700" : "600", path.string()));
    return absl::OkStatus();
}

Status makeFolder(const fs::path& path) {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        return systemError(errno, "make", path);
    return checkMode(path);
}

// writeFileAtomically makes "name.XXXXXX" first.
bool isLeftover(const std::string& name) {
    const std::size_t dot = name.rfind('.');
    return dot != std::string::npos && name.size() - dot == 7 &&
           name.find('.') != dot;  // "x.key.a1b2c3": our names have at most one dot
}

}  // namespace

Result<WalletFolder> WalletFolder::create(const fs::path& path) {
    std::error_code error;
    if (fs::exists(path / "workspace.wallet", error))
        return makeError(StatusCode::kAlreadyExists, "WALLET_EXISTS",
                         fmt::format("{} is a workspace already", path.string()),
                         {{"folder", path.string()}});
    if (!fs::exists(path, error)) {
        if (::mkdir(path.c_str(), 0700) != 0) return systemError(errno, "make", path);
    } else if (!fs::is_empty(path, error) || error) {
        return makeError(StatusCode::kAlreadyExists, "WALLET_EXISTS",
                         fmt::format("{} is not empty", path.string()),
                         {{"folder", path.string()}});
    }
    RETURN_IF_ERROR(checkMode(path));
    RETURN_IF_ERROR(makeFolder(path / "keys"));
    RETURN_IF_ERROR(makeFolder(path / "identities"));
    return WalletFolder(path);
}

Result<WalletFolder> WalletFolder::open(const fs::path& path) {
    std::error_code error;
    if (!fs::exists(path / "workspace.wallet", error))
        return makeError(StatusCode::kNotFound, "NO_WALLET",
                         fmt::format("{} is no workspace", path.string()),
                         {{"folder", path.string()}});
    WalletFolder folder(path);
    RETURN_IF_ERROR(folder.checkAll());
    return folder;
}

Status WalletFolder::checkAll() const {
    RETURN_IF_ERROR(checkMode(m_path));
    std::error_code error;
    std::size_t seen = 0;
    fs::recursive_directory_iterator it(m_path, error);
    for (const fs::recursive_directory_iterator end; !error && it != end; it.increment(error)) {
        if (++seen > 3 * kMostFiles) break;
        RETURN_IF_ERROR(checkMode(it->path()));
    }
    if (error)
        return makeError(StatusCode::kFailedPrecondition, "FOLDER_UNREADABLE",
                         fmt::format("{}: {}", m_path.string(), error.message()),
                         {{"folder", m_path.string()}});
    return absl::OkStatus();
}

Result<Bytes> WalletFolder::read(const std::string& name, std::uint64_t mostBytes) const {
    if (has(name)) RETURN_IF_ERROR(checkMode(pathOf(name)));
    return readFile(pathOf(name), mostBytes);
}

bool WalletFolder::has(const std::string& name) const {
    struct stat facts {};
    return ::lstat(pathOf(name).c_str(), &facts) == 0;
}

Status WalletFolder::write(const std::string& name, BytesView bytes) const {
    if (beforeChange) beforeChange(name);
    return writeFileAtomically(pathOf(name), bytes, 0600);
}

Status WalletFolder::append(const std::string& name, BytesView bytes,
                            std::uint64_t expectedSize) const {
    if (beforeChange) beforeChange(name);
    const fs::path path = pathOf(name);
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file) return systemError(errno, "open", path);
    if (::ftruncate(file.get(), off_t(expectedSize)) != 0) return systemError(errno, "cut", path);
    std::uint64_t at = expectedSize;
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(file.get(), bytes.data(), bytes.size(), off_t(at));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return systemError(errno, "write", path);
        bytes.remove_prefix(std::size_t(written));
        at += std::uint64_t(written);
    }
    if (::fsync(file.get()) != 0) return systemError(errno, "sync", path);
    return absl::OkStatus();
}

Status WalletFolder::remove(const std::string& name) const {
    if (beforeChange) beforeChange(name);
    if (::unlink(pathOf(name).c_str()) != 0) return systemError(errno, "remove", pathOf(name));
    return absl::OkStatus();
}

Result<std::vector<std::string>> WalletFolder::list(const std::string& subfolder,
                                                    std::string_view ending) const {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator it(m_path / subfolder, error), end; !error && it != end;
         it.increment(error)) {
        const std::string name = it->path().filename().string();
        if (!name.ends_with(ending)) continue;
        if (names.size() == kMostFiles)
            return makeError(StatusCode::kResourceExhausted, "WALLET_TOO_LARGE",
                             fmt::format("{} holds more than {} files",
                                         (m_path / subfolder).string(), kMostFiles),
                             {{"folder", (m_path / subfolder).string()}});
        names.push_back(subfolder + "/" + name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

Result<Descriptor> WalletFolder::exclusive() const {
    const fs::path path = pathOf(kGuard);
    Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file) return systemError(errno, "open", path);
    while (::flock(file.get(), LOCK_EX) != 0)
        if (errno != EINTR) return systemError(errno, "lock", path);
    for (const char* subfolder : {".", "keys", "identities"}) {
        std::error_code error;
        for (fs::directory_iterator it(m_path / subfolder, error), end; !error && it != end;
             it.increment(error))
            if (isLeftover(it->path().filename().string())) ::unlink(it->path().c_str());
    }
    return file;
}

std::uint64_t WalletFolder::markOf(const std::string& name) const {
    struct stat facts {};
    if (::stat(pathOf(name).c_str(), &facts) != 0) return 0;
    return (std::uint64_t(facts.st_ino) << 32) ^ (std::uint64_t(facts.st_mtim.tv_sec) << 30) ^
           std::uint64_t(facts.st_mtim.tv_nsec) ^ 1;
}

}  // namespace chancery::wallet
