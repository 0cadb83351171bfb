#include "src/usecase/NewFile.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace chancery::usecase {
namespace {

constexpr std::size_t kBufferBytes = 1U << 20;

Status systemError(int error, std::string_view doing, const std::filesystem::path& path) {
    return makeError(absl::ErrnoToStatusCode(error), "FILE_ERROR",
                     fmt::format("{} {}: {}", doing, path.string(), std::strerror(error)),
                     {{"path", path.string()}, {"errno", std::to_string(error)}});
}

}  // namespace

Result<NewFile> NewFile::create(std::filesystem::path path) {
    const int descriptor =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0) return systemError(errno, "cannot create", path);
    return NewFile(std::move(path), descriptor);
}

NewFile::NewFile(NewFile&& other) noexcept
    : m_path(std::move(other.m_path)),
      m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_buffer(std::move(other.m_buffer)),
      m_size(other.m_size) {}

NewFile& NewFile::operator=(NewFile&& other) noexcept {
    std::swap(m_path, other.m_path);
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_buffer, other.m_buffer);
    std::swap(m_size, other.m_size);
    return *this;
}

NewFile::~NewFile() {
    if (m_descriptor < 0) return;
    ::close(m_descriptor);
    ::unlink(m_path.c_str());
}

Status NewFile::flush() {
    for (std::size_t at = 0; at < m_buffer.size();) {
        const ssize_t written = ::write(m_descriptor, m_buffer.data() + at, m_buffer.size() - at);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return systemError(errno, "cannot write", m_path);
        at += static_cast<std::size_t>(written);
    }
    m_buffer.clear();
    return absl::OkStatus();
}

Status NewFile::write(BytesView bytes) {
    m_buffer += bytes;
    m_size += bytes.size();
    return m_buffer.size() < kBufferBytes ? absl::OkStatus() : flush();
}

Status NewFile::finish(bool sync) {
    RETURN_IF_ERROR(flush());
    if (sync && ::fsync(m_descriptor) != 0) return systemError(errno, "cannot write", m_path);
    if (::close(std::exchange(m_descriptor, -1)) != 0)
        return systemError(errno, "cannot write", m_path);
    return absl::OkStatus();
}

Status writing(const Status& status) {
    if (status.ok()) return status;
    ErrorArguments arguments = argumentsOf(status);
    arguments.emplace_back("writing", "yes");
    return makeError(status.code(), reasonOf(status), messageOf(status), std::move(arguments));
}

}  // namespace chancery::usecase
