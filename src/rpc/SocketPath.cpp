#include "src/rpc/SocketPath.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace chancery::rpc {

Result<SocketPath> SocketPath::make(const std::string& path) {
    constexpr std::size_t kMost = sizeof(sockaddr_un::sun_path) - 1;
    SocketPath made;
    made.m_usable = path;
    if (path.size() <= kMost) return made;
    const std::filesystem::path whole(path);
    auto folder = std::make_shared<Descriptor>(
        ::open(whole.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!*folder)
        return makeError(StatusCode::kNotFound, "SOCKET_NOT_FOUND",
                         fmt::format("{}: {}", whole.parent_path().string(), std::strerror(errno)),
                         {{"path", path}});
    made.m_usable = fmt::format("/proc/self/fd/{}/{}", folder->get(), whole.filename().string());
    made.m_folder = std::move(folder);
    if (made.m_usable.size() <= kMost) return made;
    return makeError(StatusCode::kInvalidArgument, "BAD_ENDPOINT",
                     "the name of the socket's file is too long", {{"endpoint", path}});
}

}  // namespace chancery::rpc
