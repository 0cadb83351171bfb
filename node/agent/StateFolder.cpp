#include "node/agent/StateFolder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <fmt/format.h>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "src/base/Deadline.h"

namespace chancery::agent {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::seconds kLockPatience{3};
constexpr std::chrono::milliseconds kBetweenTries{20};

Status folderError(const fs::path& path, std::string_view what, int error) {
    return makeError(absl::ErrnoToStatusCode(error), "STATE_FOLDER",
                     fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(error)),
                     {{"path", path.string()}});
}

}  // namespace

Status makeFolder(const fs::path& path) {
    std::error_code error;
    if (fs::is_directory(path, error)) return absl::OkStatus();
    if (path.has_parent_path() && path.parent_path() != path)
        RETURN_IF_ERROR(makeFolder(path.parent_path()));
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        return folderError(path, "make the folder", errno);
    if (!fs::is_directory(path, error)) return folderError(path, "use as a folder", ENOTDIR);
    return absl::OkStatus();
}

Result<StateFolder> StateFolder::open(const fs::path& path) {
    std::error_code error;
    const fs::path root = fs::absolute(path, error).lexically_normal();
    RETURN_IF_ERROR(makeFolder(root));
    struct stat facts {};
    if (::stat(root.c_str(), &facts) != 0) return folderError(root, "look at", errno);
    if (facts.st_uid != ::geteuid() || (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return makeError(StatusCode::kFailedPrecondition, "STATE_FOLDER_OPEN",
                         fmt::format("others than the user may enter {}", root.string()),
                         {{"path", root.string()}});
    const fs::path lockPath = root / "lock";
    Descriptor lock(::open(lockPath.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock) return folderError(lockPath, "open", errno);
    // An agent that just ends holds it a moment longer than its socket.
    const Deadline patience = deadlineIn(kLockPatience);
    int locked = -1;
    while ((locked = ::flock(lock.get(), LOCK_EX | LOCK_NB)) != 0 && errno == EWOULDBLOCK &&
           std::chrono::steady_clock::now() < patience)
        std::this_thread::sleep_for(kBetweenTries);
    if (locked != 0)
        return makeError(StatusCode::kFailedPrecondition, "STATE_IN_USE",
                         fmt::format("another agent works in {}", root.string()),
                         {{"path", root.string()}});
    for (const char* name : {"nodes", "kept"}) RETURN_IF_ERROR(makeFolder(root / name));
    return StateFolder(root, std::move(lock));
}

fs::path StateFolder::node(const NodeName& name) const {
    return m_root / "nodes" / name.network / name.node;
}

fs::path StateFolder::kept(const NodeName& name) const {
    return m_root / "kept" / name.network / name.node;
}

std::vector<NodeName> StateFolder::nodes() const {
    std::vector<NodeName> names;
    std::error_code error;
    for (const auto& network : fs::directory_iterator(m_root / "kept", error)) {
        for (const auto& node : fs::directory_iterator(network.path(), error)) {
            auto name = makeNodeName(network.path().filename(), node.path().filename());
            if (name.ok() && fs::exists(node.path() / "plan", error))
                names.push_back(*std::move(name));
        }
    }
    std::ranges::sort(names);
    return names;
}

Status StateFolder::remove(const NodeName& name) const {
    std::error_code error;
    // The plan's folder last: what is removed half is still known.
    for (const fs::path& path : {node(name), kept(name)}) {
        fs::remove_all(path, error);
        if (error) return folderError(path, "remove", error.value());
        fs::remove(path.parent_path(), error);  // only when it is empty
    }
    return absl::OkStatus();
}

}  // namespace chancery::agent
