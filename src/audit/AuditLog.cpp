#include "src/audit/AuditLog.h"

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

#include "src/audit/AuditLine.h"
#include "src/base/File.h"

namespace chancery::audit {
namespace {

constexpr std::size_t kMaxLine = 32 << 10;

Status broken(const std::filesystem::path& path, std::uint64_t number, std::string_view why) {
    return makeError(StatusCode::kDataLoss, "AUDIT_BROKEN",
                     fmt::format("{}: entry {} cannot be trusted: {}", path.string(), number, why),
                     {{"path", path.string()}, {"number", std::to_string(number)}});
}

Status cannot(const std::filesystem::path& path, std::string_view what, int error) {
    return makeError(absl::ErrnoToStatusCode(error), "AUDIT_NOT_WRITTEN",
                     fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(error)),
                     {{"path", path.string()}});
}

/// Beside the log, so that a tail that was cut off is noticed; written after each entry.
std::filesystem::path headPath(const std::filesystem::path& path) {
    return path.string() + ".head";
}

std::optional<Head> readHead(const std::filesystem::path& path) {
    const auto text = readFile(headPath(path), 1000);
    if (!text.ok()) return std::nullopt;
    const std::size_t space = text->find(' ');
    if (space == text->npos || text->size() < space + 65) return std::nullopt;
    Head head;
    head.number = std::strtoull(text->c_str(), nullptr, 10);
    head.hash = text->substr(space + 1, 64);
    return head;
}

struct Walk {
    Head head;
    std::size_t wholeBytes = 0;  // up to the end of the last line
    bool hasUnfinishedLine = false;
};

/// Lines up to the end, or up to `until`.
Result<Walk> walk(const std::filesystem::path& path, const Head* until,
                  const std::function<void(const Entry&)>& take) {
    Walk result;
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return result;
    if (std::filesystem::file_size(path, error) == 0) return result;
    ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(path));
    BytesView rest = file.bytes();
    while (!rest.empty() && (until == nullptr || result.head.number < until->number)) {
        const std::uint64_t number = result.head.number + 1;
        const std::size_t end = rest.substr(0, kMaxLine).find('\n');
        if (end == rest.npos) {
            if (rest.size() >= kMaxLine) return broken(path, number, "the line is too long");
            result.hasUnfinishedLine = true;
            break;
        }
        const auto entry = readLine(rest.substr(0, end), result.head.hash);
        if (!entry.ok()) return broken(path, number, messageOf(entry.status()));
        if (entry->number != number) return broken(path, number, "the number is another");
        result.head = {number, entry->hash};
        result.wholeBytes += end + 1;
        if (take) take(*entry);
        rest.remove_prefix(end + 1);
    }
    return result;
}

Status checkEnd(const std::filesystem::path& path, const Head& found, const Head& head) {
    if (found.number < head.number)
        return broken(path, found.number + 1,
                      fmt::format("the log ends before, but it had {} entries", head.number));
    if (found.number == head.number && found.hash != head.hash)
        return broken(path, head.number, "it is not the entry that was written");
    return absl::OkStatus();
}

}  // namespace

Result<Head> verify(const std::filesystem::path& path, const Head* head,
                    const std::function<void(const Entry&)>& take) {
    ASSIGN_OR_RETURN(const Walk found, walk(path, nullptr, take));
    if (head != nullptr) RETURN_IF_ERROR(checkEnd(path, found.head, *head));
    return found.head;
}

Result<std::unique_ptr<AuditLog>> AuditLog::open(const std::filesystem::path& path,
                                                 const Clock& clock) {
    ASSIGN_OR_RETURN(const Walk found, walk(path, nullptr, nullptr));
    if (const auto head = readHead(path)) RETURN_IF_ERROR(checkEnd(path, found.head, *head));
    Descriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file) return cannot(path, "open", errno);
    if (found.hasUnfinishedLine &&
        ::ftruncate(file.get(), static_cast<off_t>(found.wholeBytes)) != 0)
        return cannot(path, "shorten", errno);
    return std::unique_ptr<AuditLog>(new AuditLog(path, std::move(file), found.head, clock));
}

AuditLog::AuditLog(std::filesystem::path path, Descriptor file, Head head, const Clock& clock)
    : m_path(std::move(path)), m_clock(clock), m_file(std::move(file)), m_head(std::move(head)) {}

Result<Entry> AuditLog::append(const Event& event) {
    const std::lock_guard lock(m_mutex);
    if (m_isBroken) return cannot(m_path, "write", EIO);
    Entry entry;
    entry.number = m_head.number + 1;
    entry.when = m_clock.now();
    entry.event = event;
    const std::string line = writeLine(entry, m_head.hash) + "\n";
    const ssize_t written = ::write(m_file.get(), line.data(), line.size());
    if (written != static_cast<ssize_t>(line.size()) || ::fdatasync(m_file.get()) != 0) {
        m_isBroken = true;
        return cannot(m_path, "write", written < 0 ? errno : EIO);
    }
    m_head = {entry.number, entry.hash};
    // Not synced: after a loss of power it may be older than the log, which is no break.
    const Descriptor head(
        ::open(headPath(m_path).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    const std::string text = fmt::format("{:020} {}\n", m_head.number, m_head.hash);
    if (!head ||
        ::pwrite(head.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
        m_isBroken = true;
        return cannot(headPath(m_path), "write", errno);
    }
    return entry;
}

Head AuditLog::head() const {
    const std::lock_guard lock(m_mutex);
    return m_head;
}

Result<std::vector<Entry>> AuditLog::read(std::uint64_t from, std::size_t limit) const {
    const Head head = this->head();
    std::vector<Entry> entries;
    ASSIGN_OR_RETURN(const Walk found, walk(m_path, &head, [&](const Entry& entry) {
                         if (entry.number >= from && entries.size() < limit)
                             entries.push_back(entry);
                     }));
    RETURN_IF_ERROR(checkEnd(m_path, found.head, head));
    return entries;
}

}  // namespace chancery::audit
