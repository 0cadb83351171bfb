#include "node/agent/NodeCopy.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "node/agent/FolderCopy.h"
#include "node/agent/Plan.h"
#include "src/protocol/LedgerFile.h"

namespace chancery::agent {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kPieceBytes = 1 << 20;

Status copyError(const fs::path& path, std::string_view what, int error) {
    return makeError(absl::ErrnoToStatusCode(error), "CANNOT_COPY",
                     fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(error)),
                     {{"path", path.string()}});
}

Status badCopy(const std::string& path, std::string_view why) {
    return makeError(StatusCode::kInvalidArgument, "BAD_COPY",
                     fmt::format("the copy of '{}' cannot be used: {}", path, why),
                     {{"path", path}});
}

bool isBlockFile(const fs::path& path) {
    return path.parent_path().filename() == "blocks" &&
           protocol::ledgerFileFirstBlock(path.filename().string()).has_value();
}

/// Made anew by whoever opens the database.
bool isShared(const std::string& path) {
    return path.ends_with("-shm");
}

Bytes readAt(int file, std::uint64_t offset, std::size_t size) {
    Bytes bytes(size, '\0');
    const ssize_t got = ::pread(file, bytes.data(), size, static_cast<off_t>(offset));
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
}

}  // namespace

Result<NodeCopy> NodeCopy::take(Supervisor::Hold& hold, const fs::path& folder,
                                const fs::path& scratch) {
    std::error_code error;
    fs::remove_all(scratch, error);
    RETURN_IF_ERROR(makeFolder(scratch));
    NodeCopy copy(scratch);
    RETURN_IF_ERROR(hold.whilePaused([&] { return copy.collect(folder); }));
    RETURN_IF_ERROR(copy.cutToBlocks());
    return copy;
}

NodeCopy::~NodeCopy() {
    std::error_code error;
    if (!m_scratch.empty()) fs::remove_all(m_scratch, error);
}

Status NodeCopy::collect(const fs::path& folder) {
    ASSIGN_OR_RETURN(const auto paths, filesBelow(folder));
    for (const std::string& path : paths) {
        if (isShared(path)) continue;
        fs::path place = folder / path;
        if (!isBlockFile(path)) {
            place = m_scratch / std::to_string(m_files.size());
            RETURN_IF_ERROR(copyFile(folder / path, place));
        }
        Source source;
        source.open = Descriptor(::open(place.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
        struct stat facts {};
        if (!source.open || ::fstat(source.open.get(), &facts) != 0)
            return copyError(place, "read", errno);
        source.file = {path, static_cast<std::uint64_t>(facts.st_size), facts.st_mode & 0777U};
        m_files.push_back(std::move(source));
    }
    return absl::OkStatus();
}

// Whoever reads a block file stops at the first frame that is not whole; so do we.
Status NodeCopy::cutToBlocks() {
    for (Source& source : m_files) {
        const fs::path path = source.file.path;
        if (!isBlockFile(path)) continue;
        const auto header = protocol::decodeLedgerFileHeader(
            readAt(source.open.get(), 0, protocol::kLedgerFileHeaderBytes));
        if (!header.ok()) continue;  // one that was only just begun
        std::uint64_t at = protocol::kLedgerFileHeaderBytes;
        std::uint64_t next = header->firstBlock;
        while (true) {
            const auto frame = protocol::decodeLedgerFrameHeader(
                *header, readAt(source.open.get(), at, protocol::kLedgerFrameHeaderBytes));
            const std::uint64_t size =
                frame ? protocol::kLedgerFrameHeaderBytes + frame->payloadBytes : 0;
            if (!frame || frame->number != next || at + size > source.file.bytes) break;
            at += size;
            ++next;
        }
        source.file.bytes = std::min(source.file.bytes, at);
        const std::string channel = path.parent_path().parent_path().filename();
        m_heights[channel] = std::max(m_heights[channel], next);
    }
    return absl::OkStatus();
}

Status NodeCopy::read(const std::function<Status(const File&)>& begin,
                      const std::function<Status(BytesView)>& content) const {
    for (const Source& source : m_files) {
        RETURN_IF_ERROR(begin(source.file));
        for (std::uint64_t at = 0; at < source.file.bytes;) {
            const auto wanted = std::min<std::uint64_t>(kPieceBytes, source.file.bytes - at);
            const Bytes piece = readAt(source.open.get(), at, wanted);
            if (piece.empty()) return copyError(source.file.path, "read", EIO);
            RETURN_IF_ERROR(content(piece));
            at += piece.size();
        }
    }
    return absl::OkStatus();
}

Result<NodeRestore> NodeRestore::begin(const fs::path& scratch) {
    std::error_code error;
    fs::remove_all(scratch, error);
    RETURN_IF_ERROR(makeFolder(scratch));
    return NodeRestore(scratch);
}

NodeRestore::~NodeRestore() {
    std::error_code error;
    if (!m_scratch.empty()) fs::remove_all(m_scratch, error);
}

Status NodeRestore::endFile() {
    if (m_missing != 0) return badCopy(m_path, "bytes are missing");
    if (m_file && ::fsync(m_file.get()) != 0) return copyError(m_path, "sync", errno);
    m_file.reset();
    return absl::OkStatus();
}

Status NodeRestore::file(const NodeCopy::File& file) {
    RETURN_IF_ERROR(endFile());
    if (!checkPath(file.path).ok()) return badCopy(file.path, "it is no path of a node's file");
    if (++m_count > kMaxFiles) return badCopy(file.path, "there are too many files");
    const fs::path path = m_scratch / file.path;
    if (!makeFolder(path.parent_path()).ok()) return badCopy(file.path, "a file is above it");
    // Never more than a node needs, and always readable for us.
    const unsigned mode = (file.mode & 0744U) | 0400U;
    m_file = Descriptor(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
    if (!m_file)
        return errno == EEXIST ? badCopy(file.path, "it is there twice")
                               : copyError(path, "make", errno);
    if (::fchmod(m_file.get(), mode) != 0) return copyError(path, "make", errno);
    m_path = file.path;
    m_missing = file.bytes;
    return absl::OkStatus();
}

Status NodeRestore::content(BytesView bytes) {
    if (!m_file || bytes.size() > m_missing) return badCopy(m_path, "there are too many bytes");
    m_missing -= bytes.size();
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_file.get(), bytes.data(), bytes.size());
        if (written < 0) return copyError(m_path, "write", errno);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return absl::OkStatus();
}

Status NodeRestore::finish(const fs::path& folder) {
    RETURN_IF_ERROR(endFile());
    const fs::path before = m_scratch.string() + ".before";
    std::error_code error;
    fs::remove_all(before, error);
    // A crash in between leaves no folder, and the plan makes it anew without data.
    fs::rename(folder, before, error);
    if (error) return copyError(folder, "move", error.value());
    fs::rename(m_scratch, folder, error);
    if (error) return copyError(m_scratch, "move", error.value());
    fs::remove_all(before, error);
    m_scratch.clear();
    return absl::OkStatus();
}

}  // namespace chancery::agent
