#include "node/agent/Plan.h"

#include <fmt/format.h>

#include "chancery/agent/v1/nodes.pb.h"
#include "src/base/Encoding.h"

namespace chancery::agent {
namespace {

constexpr std::size_t kMaxPart = 255;
constexpr std::size_t kMaxPathBytes = 1024;
constexpr int kMaxDepth = 16;
constexpr int kMaxEntries = 100;
constexpr std::size_t kMaxText = 1000;

Status bad(std::string_view sentence, const std::string& path = {}) {
    ErrorArguments arguments;
    if (!path.empty()) arguments.emplace_back("path", printable(path, 300));
    return makeError(StatusCode::kInvalidArgument, "BAD_PLAN", sentence, std::move(arguments));
}

Status badPath(const std::string& path, std::string_view why) {
    return bad(fmt::format("'{}' cannot be a file of a node: {}", printable(path, 300), why), path);
}

Status tooLarge(std::string_view what) {
    return makeError(StatusCode::kResourceExhausted, "PLAN_TOO_LARGE",
                     fmt::format("a plan has {}", what));
}

Status checkTexts(const google::protobuf::Map<std::string, std::string>& texts,
                  std::string_view what) {
    if (texts.size() > kMaxEntries)
        return bad(fmt::format("a plan has at most {} {}", kMaxEntries, what));
    for (const auto& [key, value] : texts)
        if (key.empty() || key.size() > kMaxText || value.size() > kMaxText)
            return bad(fmt::format("one of the {} is empty or too long", what));
    return absl::OkStatus();
}

}  // namespace

Status checkPath(const std::string& path) {
    if (path.empty() || path.size() > kMaxPathBytes) return badPath(path, "its length");
    if (!isUtf8(path)) return badPath(path, "it is not UTF-8");
    int depth = 0;
    for (std::size_t at = 0; at <= path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string part = path.substr(at, end - at);
        if (part.empty() || part == "." || part == "..")
            return badPath(path, "it does not lead straight down from the node's folder");
        if (part.size() > kMaxPart) return badPath(path, "one of its parts is too long");
        if (++depth > kMaxDepth) return badPath(path, "it is too deep");
        at = end + 1;
    }
    if (printable(path, 4 * kMaxPathBytes) != path || path.find('\\') != path.npos)
        return badPath(path, "it has characters that mislead");
    return absl::OkStatus();
}

Status PlanReader::begin(const v1::NodePlan& plan) {
    ASSIGN_OR_RETURN(m_plan.name, makeNodeName(plan.ref().network(), plan.ref().node()));
    for (const std::string_view kind : {"peer", "orderer", "ca"})
        if (plan.kind() == kind) m_plan.kind = kind;
    if (m_plan.kind.empty())
        return bad(fmt::format("'{}' is no kind of node", printable(plan.kind(), 100)));
    if (!isName(plan.engine()))
        return bad(fmt::format("'{}' is no engine", printable(plan.engine(), 100)));
    if (plan.version().size() > kMaxText) return bad("the version is too long");
    RETURN_IF_ERROR(checkTexts(plan.endpoints(), "endpoints"));
    RETURN_IF_ERROR(checkTexts(plan.labels(), "labels"));
    m_plan.engine = plan.engine();
    m_plan.version = plan.version();
    m_plan.endpoints = {plan.endpoints().begin(), plan.endpoints().end()};
    m_plan.labels = {plan.labels().begin(), plan.labels().end()};
    m_plan.startsWithAgent = plan.starts_with_agent();
    m_hasBegun = true;
    return absl::OkStatus();
}

Status PlanReader::add(const v1::ApplyRequest& part) {
    if (part.has_plan()) {
        if (m_hasBegun) return bad("there are two plans");
        RETURN_IF_ERROR(begin(part.plan()));
    }
    if (!m_hasBegun) return bad("the plan is not in the first message");
    for (const auto& piece : part.pieces()) {
        if (!piece.path().empty()) {
            RETURN_IF_ERROR(checkPath(piece.path()));
            if (m_plan.files.size() >= kMaxPlanFiles)
                return tooLarge(fmt::format("at most {} files", kMaxPlanFiles));
            const auto [file, isNew] = m_plan.files.try_emplace(piece.path());
            if (!isNew) return badPath(piece.path(), "it is there twice");
            m_file = &file->second;
            m_file->isSecret = piece.secret();
        }
        if (m_file == nullptr) return bad("the first piece has no path");
        m_bytes += piece.content().size();
        if (m_bytes > kMaxPlanBytes)
            return tooLarge(fmt::format("at most {} MiB", kMaxPlanBytes >> 20));
        m_file->content += piece.content();
    }
    return absl::OkStatus();
}

Result<Plan> PlanReader::finish() {
    if (!m_hasBegun) return bad("there is no plan");
    // A file cannot be a folder of another one.
    for (const auto& [path, file] : m_plan.files)
        for (std::size_t at = path.find('/'); at != path.npos; at = path.find('/', at + 1))
            if (m_plan.files.contains(path.substr(0, at)))
                return badPath(path, "a file stands in its way");
    m_file = nullptr;
    return std::move(m_plan);
}

}  // namespace chancery::agent
