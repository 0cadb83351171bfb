#include "src/index/BlockLog.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "src/base/File.h"
#include "src/base/Random.h"

namespace chancery::index {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxFileBytes = 64U << 20;

}  // namespace

std::vector<fs::path> listLog(const fs::path& folder) {
    std::vector<std::pair<BlockNumber, fs::path>> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (const auto first = protocol::ledgerFileFirstBlock(entry.path().filename().string());
            first && entry.is_regular_file(error))
            found.emplace_back(*first, entry.path());
    std::sort(found.begin(), found.end());
    std::vector<fs::path> files;
    for (auto& [first, path] : found) files.push_back(std::move(path));
    return files;
}

Result<std::unique_ptr<BlockLog>> BlockLog::open(const fs::path& folder,
                                                 const std::optional<LogEnd>& end,
                                                 BlockNumber next) {
    std::unique_ptr<BlockLog> log(new BlockLog(folder));
    bool behind = !end;
    for (const fs::path& file : listLog(folder)) {
        std::error_code error;
        if (behind) fs::remove(file, error);
        if (error)
            return makeError(
                StatusCode::kPermissionDenied, "FILE_ERROR",
                fmt::format("{} cannot be removed: {}", file.string(), error.message()),
                {{"file", file.string()}});
        if (end && file == end->file) behind = true;
    }
    RETURN_IF_ERROR(end ? log->goOn(*end) : log->beginFile(next));
    return log;
}

BlockLog::~BlockLog() {
    if (m_file >= 0) ::close(m_file);
}

Status BlockLog::failed(std::string_view doing) const {
    const int number = errno;
    return makeError(
        StatusCode::kUnavailable, "FILE_ERROR",
        fmt::format("{} cannot be {}: {}", m_path.string(), doing, std::strerror(number)),
        {{"file", m_path.string()}, {"writing", "1"}});
}

Status BlockLog::goOn(const LogEnd& end) {
    m_path = end.file;
    ASSIGN_OR_RETURN(const Bytes head, readFileRange(m_path, 0, protocol::kLedgerFileHeaderBytes));
    ASSIGN_OR_RETURN(m_header, protocol::decodeLedgerFileHeader(head));
    m_file = ::open(m_path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (m_file < 0) return failed("opened");
    m_size = std::max<std::uint64_t>(end.offset, protocol::kLedgerFileHeaderBytes);
    struct ::stat now {};
    if (::fstat(m_file, &now) != 0) return failed("opened");
    // A file that ends there keeps its time: by that it is known again.
    if (now.st_size != static_cast<off_t>(m_size) &&
        ::ftruncate(m_file, static_cast<off_t>(m_size)) != 0)
        return failed("cut");
    if (::lseek(m_file, static_cast<off_t>(m_size), SEEK_SET) < 0) return failed("written");
    return {};
}

Status BlockLog::beginFile(BlockNumber first) {
    RETURN_IF_ERROR(sync());
    if (m_file >= 0) ::close(m_file);
    m_path = m_folder / protocol::ledgerFileName(first);
    m_file = ::open(m_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (m_file < 0) return failed("made");
    const Bytes salt = Random::system().bytes(sizeof m_header.salt);
    std::memcpy(&m_header.salt, salt.data(), sizeof m_header.salt);
    m_header.firstBlock = first;
    m_size = 0;
    return write(protocol::encodeLedgerFileHeader(m_header));
}

Status BlockLog::write(BytesView bytes) {
    m_dirty = true;
    while (!bytes.empty()) {
        const auto written = ::write(m_file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return failed("written");
        bytes.remove_prefix(static_cast<std::size_t>(written));
        m_size += static_cast<std::uint64_t>(written);
    }
    return {};
}

Result<protocol::SourcedBlock> BlockLog::append(const protocol::Block& block) {
    if (m_size >= kMaxFileBytes) RETURN_IF_ERROR(beginFile(block.number()));
    const Bytes frame = protocol::encodeLedgerFrame(m_header, block);
    const std::uint64_t offset = m_size + protocol::kLedgerFrameHeaderBytes;
    RETURN_IF_ERROR(write(frame));
    // The block as it stands in the file: verification holds its bytes against those around it.
    ASSIGN_OR_RETURN(auto written, protocol::decodeBlockRecord(protocol::SharedBytes(
                                       frame.substr(protocol::kLedgerFrameHeaderBytes))));
    return protocol::SourcedBlock{std::move(written), m_path.string(), offset, m_size - offset};
}

Status BlockLog::sync() {
    if (!std::exchange(m_dirty, false) || m_file < 0) return {};
    return ::fdatasync(m_file) == 0 ? Status() : failed("written");
}

}  // namespace chancery::index
