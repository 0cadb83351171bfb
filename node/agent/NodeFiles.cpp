#include "node/agent/NodeFiles.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <cerrno>
#include <cstring>

#include "chancery/agent/v1/nodes.pb.h"
#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/Digest.h"

namespace chancery::agent {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaxManifest = 16 << 20;
constexpr std::size_t kMaxStoredPlan = kMaxPlanBytes + (32U << 20);
constexpr const char* kPlan = "plan";
constexpr const char* kManifest = "manifest.json";
/// What a file is called until it is whole.
constexpr const char* kUnfinished = ".chancery-new";

Status failed(const fs::path& path, std::string_view what, int error) {
    return makeError(absl::ErrnoToStatusCode(error), "CANNOT_APPLY",
                     fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(error)),
                     {{"path", path.string()}});
}

Status damaged(const fs::path& path) {
    return makeError(StatusCode::kDataLoss, "MANIFEST_DAMAGED",
                     fmt::format("{} is damaged", path.string()), {{"path", path.string()}});
}

Status inTheWay(const std::string& path, std::string_view what) {
    return makeError(StatusCode::kInvalidArgument, "BAD_PLAN",
                     fmt::format("'{}' cannot be written: {}", path, what), {{"path", path}});
}

Bytes encode(const Plan& plan) {
    v1::ApplyRequest all;
    v1::NodePlan& head = *all.mutable_plan();
    head.mutable_ref()->set_network(plan.name.network);
    head.mutable_ref()->set_node(plan.name.node);
    head.set_kind(plan.kind);
    head.set_engine(plan.engine);
    head.set_version(plan.version);
    head.mutable_endpoints()->insert(plan.endpoints.begin(), plan.endpoints.end());
    head.mutable_labels()->insert(plan.labels.begin(), plan.labels.end());
    head.set_starts_with_agent(plan.startsWithAgent);
    for (const auto& [path, file] : plan.files) {
        auto* piece = all.add_pieces();
        piece->set_path(path);
        piece->set_secret(file.isSecret);
        piece->set_content(file.content);
    }
    return all.SerializeAsString();
}

Result<Plan> decode(const fs::path& path, const Bytes& bytes) {
    v1::ApplyRequest all;
    if (!all.ParseFromString(bytes)) return damaged(path);
    PlanReader reader;
    if (!reader.add(all).ok()) return damaged(path);
    auto plan = reader.finish();
    if (!plan.ok()) return damaged(path);
    return plan;
}

/// Only folders may stand above a file, and no folder in its place.
Status checkWay(const fs::path& folder, const std::string& path) {
    struct stat facts {};
    for (std::size_t at = path.find('/'); at != path.npos; at = path.find('/', at + 1)) {
        if (::lstat((folder / path.substr(0, at)).c_str(), &facts) != 0) break;
        if (!S_ISDIR(facts.st_mode)) return inTheWay(path, "something else than a folder is above");
    }
    if (::lstat((folder / path).c_str(), &facts) == 0 && S_ISDIR(facts.st_mode))
        return inTheWay(path, "a folder is in its place");
    return absl::OkStatus();
}

/// Scripts of a plan, as Fabric's external builders are, must be allowed to run.
unsigned modeOf(const PlannedFile& file) {
    return file.isSecret ? 0600 : file.content.starts_with("#!") ? 0755 : 0644;
}

bool isAsPlanned(const fs::path& path, const PlannedFile& file) {
    struct stat facts {};
    if (::lstat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode) ||
        (facts.st_mode & 0777) != modeOf(file) ||
        static_cast<std::size_t>(facts.st_size) != file.content.size())
        return false;
    const auto content = readFile(path, kMaxPlanBytes);
    return content.ok() && *content == file.content;
}

Status writeAll(int file, BytesView bytes, const fs::path& path) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0) return failed(path, "write", errno);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return absl::OkStatus();
}

/// Not synced: the plan can be read again.
Status place(const fs::path& path, const PlannedFile& file) {
    RETURN_IF_ERROR(makeFolder(path.parent_path()));
    const fs::path unfinished = path.string() + kUnfinished;
    ::unlink(unfinished.c_str());
    const unsigned mode = modeOf(file);
    const Descriptor out(
        ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
    if (!out) return failed(unfinished, "make", errno);
    RETURN_IF_ERROR(writeAll(out.get(), file.content, unfinished));
    if (::fchmod(out.get(), mode) != 0 || ::rename(unfinished.c_str(), path.c_str()) != 0)
        return failed(path, "write", errno);
    return absl::OkStatus();
}

/// Removes a file and the folders that it leaves empty.
void removeFile(const fs::path& folder, const std::string& path) {
    std::error_code error;
    fs::remove(folder / path, error);
    for (fs::path above = fs::path(path).parent_path(); !above.empty(); above = above.parent_path())
        if (!fs::remove(folder / above, error)) break;
}

Result<std::optional<Manifest>> readManifest(const fs::path& path) {
    const auto text = readFile(path, kMaxManifest);
    if (text.status().code() == StatusCode::kNotFound) return std::nullopt;
    if (!text.ok()) return text.status();
    auto manifest = manifestFromJson(*text);
    if (!manifest.ok()) return withContext(manifest.status(), path.string());
    return *std::move(manifest);
}

/// The folder follows the stored plan; may be done again from any point.
Status follow(const StateFolder& state, const Plan& plan, const Manifest& next,
              const std::optional<Manifest>& before) {
    const fs::path folder = state.node(plan.name);
    RETURN_IF_ERROR(makeFolder(folder));
    for (const auto& [path, file] : plan.files)
        if (!isAsPlanned(folder / path, file)) RETURN_IF_ERROR(place(folder / path, file));
    if (before)
        for (const auto& [path, file] : before->files)
            if (!next.files.contains(path)) removeFile(folder, path);
    return storeManifest(state, next);
}

}  // namespace

Result<bool> applyPlan(const StateFolder& state, const Plan& plan) {
    const fs::path folder = state.node(plan.name), kept = state.kept(plan.name);
    ASSIGN_OR_RETURN(const auto before, readManifest(kept / kManifest));
    Manifest next = manifestOf(plan);
    const Bytes bytes = encode(plan);
    next.planSha256 = toHex(crypto::sha256(bytes));
    bool isSame = before && *before == next;
    for (const auto& [path, file] : plan.files) {
        RETURN_IF_ERROR(checkWay(folder, path));
        isSame = isSame && isAsPlanned(folder / path, file);
    }
    if (isSame) return false;
    RETURN_IF_ERROR(makeFolder(kept));
    RETURN_IF_ERROR(writeFileAtomically(kept / kPlan, bytes, 0600));
    RETURN_IF_ERROR(follow(state, plan, next, before));
    return true;
}

Result<Manifest> finishApply(const StateFolder& state, const NodeName& name) {
    const fs::path kept = state.kept(name);
    const auto bytes = readFile(kept / kPlan, kMaxStoredPlan);
    if (bytes.status().code() == StatusCode::kNotFound)
        return makeError(StatusCode::kNotFound, "NODE_NOT_FOUND",
                         fmt::format("there is no node {}", name.toString()));
    if (!bytes.ok()) return bytes.status();
    ASSIGN_OR_RETURN(const Plan plan, decode(kept / kPlan, *bytes));
    if (plan.name != name) return damaged(kept / kPlan);
    ASSIGN_OR_RETURN(auto before, readManifest(kept / kManifest));
    Manifest next = manifestOf(plan);
    next.planSha256 = toHex(crypto::sha256(*bytes));
    // An upgrade changes nothing but the manifest.
    if (before && before->planSha256 == next.planSha256) next = *before;
    RETURN_IF_ERROR(follow(state, plan, next, before));
    return next;
}

Status storeManifest(const StateFolder& state, const Manifest& manifest) {
    const fs::path path = state.kept(manifest.name) / kManifest;
    const std::string text = toJson(manifest);
    const auto present = readFile(path, kMaxManifest);
    if (present.ok() && *present == text) return absl::OkStatus();
    return writeFileAtomically(path, text, 0600);
}

}  // namespace chancery::agent
