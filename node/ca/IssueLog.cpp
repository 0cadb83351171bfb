#include "node/ca/IssueLog.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>

#include "src/base/Crc32c.h"
#include "src/base/Encoding.h"
#include "src/base/File.h"

namespace chancery::node {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kCrcDigits = 8;

Status fileError(const std::filesystem::path& path, std::string_view doing) {
    return makeError(StatusCode::kInternal, "FILE_ERROR",
                     fmt::format("cannot {} {}: {}", doing, path.string(), std::strerror(errno)),
                     {{"path", path.string()}});
}

std::string lineOf(const IssueLog::Entry& entry) {
    const std::string json =
        Json{{"id", entry.id}, {"profile", entry.profile}, {"certificate", toBase64(entry.der)}}
            .dump(-1, ' ', true, Json::error_handler_t::replace);
    return fmt::format("{:08x} {}\n", crc32c(json), json);
}

// `line` without its end.
std::optional<IssueLog::Entry> entryOf(std::string_view line) {
    if (line.size() < kCrcDigits + 2 || line[kCrcDigits] != ' ') return std::nullopt;
    const std::string_view json = line.substr(kCrcDigits + 1);
    if (fmt::format("{:08x}", crc32c(json)) != line.substr(0, kCrcDigits)) return std::nullopt;
    const Json parsed = Json::parse(json, nullptr, false);
    if (!parsed.is_object()) return std::nullopt;
    for (const char* name : {"id", "profile", "certificate"})
        if (!parsed.contains(name) || !parsed[name].is_string()) return std::nullopt;
    auto der = fromBase64(parsed["certificate"].get<std::string>());
    if (!der.ok()) return std::nullopt;
    return IssueLog::Entry{.id = parsed["id"].get<std::string>(),
                           .profile = parsed["profile"].get<std::string>(),
                           .der = *std::move(der)};
}

}  // namespace

Result<std::unique_ptr<IssueLog>> IssueLog::open(const std::filesystem::path& path) {
    Descriptor file(
        ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file) return fileError(path, "open");
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
        return makeError(StatusCode::kUnavailable, "CA_IN_USE",
                         fmt::format("another process uses {}", path.string()),
                         {{"path", path.string()}});
    struct stat info {};
    if (::fstat(file.get(), &info) != 0) return fileError(path, "read");
    std::uint64_t size = static_cast<std::uint64_t>(info.st_size);
    if (size > 0) {
        ASSIGN_OR_RETURN(const auto mapped, MappedFile::open(path));
        const std::size_t end = mapped.bytes().rfind('\n');
        size = end == BytesView::npos ? 0 : end + 1;
    }
    if (size != static_cast<std::uint64_t>(info.st_size) &&
        ::ftruncate(file.get(), static_cast<off_t>(size)) != 0)
        return fileError(path, "shorten");
    return std::unique_ptr<IssueLog>(new IssueLog(path, std::move(file), size));
}

Result<std::uint64_t> IssueLog::append(const Entry& entry) {
    const std::string line = lineOf(entry);
    const ssize_t written = ::write(m_file.get(), line.data(), line.size());
    if (written != static_cast<ssize_t>(line.size())) {
        const Status status = fileError(m_path, "write to");
        // A torn line must not stand before a whole one.
        if (::ftruncate(m_file.get(), static_cast<off_t>(m_size)) != 0)
            return withContext(status, "and the line cannot be taken back");
        return status;
    }
    return m_size += line.size();
}

Status IssueLog::shorten(std::uint64_t size) {
    if (size >= m_size) return absl::OkStatus();
    if (::ftruncate(m_file.get(), static_cast<off_t>(size)) != 0)
        return fileError(m_path, "shorten");
    m_size = size;
    return absl::OkStatus();
}

Status IssueLog::readFrom(std::uint64_t offset,
                          const std::function<Status(Entry&&, std::uint64_t end)>& take) const {
    if (offset >= m_size) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto mapped, MappedFile::open(m_path));
    const BytesView all = mapped.bytes();
    while (offset < all.size()) {
        const std::size_t end = all.find('\n', offset);
        auto entry =
            end == BytesView::npos ? std::nullopt : entryOf(all.substr(offset, end - offset));
        if (!entry)
            return makeError(StatusCode::kDataLoss, "ISSUE_LOG_DAMAGED",
                             fmt::format("{} is damaged at byte {}", m_path.string(), offset),
                             {{"path", m_path.string()}, {"offset", std::to_string(offset)}});
        offset = end + 1;
        RETURN_IF_ERROR(take(*std::move(entry), offset));
    }
    return absl::OkStatus();
}

}  // namespace chancery::node
