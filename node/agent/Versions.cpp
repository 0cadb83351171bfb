#include "node/agent/Versions.h"

#include <fmt/format.h>

#include "node/agent/FolderCopy.h"
#include "node/agent/NodeFiles.h"

namespace chancery::agent {
namespace fs = std::filesystem;
namespace {

/// For putting back what was, after the call's own time is over.
constexpr std::chrono::seconds kRepair{60};

Status moveError(const fs::path& path, const std::error_code& error) {
    return makeError(absl::ErrnoToStatusCode(error.value()), "CANNOT_COPY",
                     fmt::format("cannot move {}: {}", path.string(), error.message()),
                     {{"path", path.string()}});
}

Status moveTo(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::remove_all(to, error);
    fs::rename(from, to, error);
    return error ? moveError(from, error) : absl::OkStatus();
}

}  // namespace

bool Versions::hasPrevious(const NodeName& name) const {
    std::error_code error;
    return fs::exists(m_state.kept(name) / "previous" / "folder", error);
}

Status Versions::keepPrevious(const NodeName& name) const {
    const fs::path kept = m_state.kept(name), copy = kept / "previous.new";
    std::error_code error;
    fs::remove_all(copy, error);
    RETURN_IF_ERROR(makeFolder(copy));
    RETURN_IF_ERROR(copyFolder(m_state.node(name), copy / "folder"));
    for (const char* file : {"plan", "manifest.json"})
        RETURN_IF_ERROR(copyFile(kept / file, copy / file));
    return moveTo(copy, kept / "previous");
}

Status Versions::restorePrevious(const NodeName& name) {
    const fs::path kept = m_state.kept(name), copy = kept / "previous";
    RETURN_IF_ERROR(moveTo(m_state.node(name), kept / "failed"));
    RETURN_IF_ERROR(moveTo(copy / "folder", m_state.node(name)));
    for (const char* file : {"plan", "manifest.json"})
        RETURN_IF_ERROR(moveTo(copy / file, kept / file));
    std::error_code error;
    fs::remove_all(copy, error);
    fs::remove_all(kept / "failed", error);
    ASSIGN_OR_RETURN(const Manifest manifest, finishApply(m_state, name));
    m_supervisor.put(manifest);
    return absl::OkStatus();
}

Status Versions::upgrade(const NodeName& name, const std::string& version, Deadline deadline,
                         std::stop_token stop) {
    ASSIGN_OR_RETURN(auto hold, m_supervisor.hold({name}, deadline, stop));
    const auto before = m_supervisor.status(name);
    if (!before) return hold.stop(deadline);  // says so
    ASSIGN_OR_RETURN(const FoundEngine engine, m_engines.find(before->manifest.engine, version));
    const bool wasWanted = before->phase != Phase::Stopped && before->phase != Phase::Stopping;
    if (engine.version == before->manifest.version && before->phase == Phase::Running)
        return absl::OkStatus();
    RETURN_IF_ERROR(hold.stop(deadline, stop));
    RETURN_IF_ERROR(keepPrevious(name));
    Manifest next = before->manifest;
    next.version = engine.version;
    RETURN_IF_ERROR(storeManifest(m_state, next));
    m_supervisor.put(next);
    const Status started = hold.start(deadline, stop);
    if (started.ok()) return started;

    RETURN_IF_ERROR(hold.stop(deadlineIn(kRepair)));
    RETURN_IF_ERROR(restorePrevious(name));
    const Status again = wasWanted ? hold.start(deadlineIn(kRepair)) : absl::OkStatus();
    return makeError(
        StatusCode::kAborted, "UPGRADE_ROLLED_BACK",
        fmt::format("{} does not serve with version {} and is as it was before{}: {}",
                    name.toString(), engine.version,
                    again.ok() ? "" : ", but does not serve either", messageOf(started)),
        {{"node", name.toString()},
         {"version", engine.version},
         {"problem", std::string(messageOf(started))}});
}

Status Versions::rollBack(const NodeName& name, Deadline deadline, std::stop_token stop) {
    ASSIGN_OR_RETURN(auto hold, m_supervisor.hold({name}, deadline, stop));
    const auto before = m_supervisor.status(name);
    if (!before) return hold.stop(deadline);
    if (!hasPrevious(name))
        return makeError(StatusCode::kFailedPrecondition, "NO_PREVIOUS_VERSION",
                         fmt::format("{} was not upgraded", name.toString()),
                         {{"node", name.toString()}});
    const bool wasWanted = before->phase != Phase::Stopped && before->phase != Phase::Stopping;
    RETURN_IF_ERROR(hold.stop(deadline, stop));
    RETURN_IF_ERROR(restorePrevious(name));
    return wasWanted ? hold.start(deadline, stop) : absl::OkStatus();
}

}  // namespace chancery::agent
