#include "node/orderer/WriteAheadLog.h"

#include <fcntl.h>

#include <cerrno>
#include <cstring>

#include "src/base/Crc32c.h"
#include "src/base/File.h"
#include "src/base/Random.h"

namespace chancery::node {
namespace {

constexpr std::string_view kMagic = "CHORDLOG";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kFileHeader = 32;
constexpr std::size_t kFrameHeader = 32;
constexpr std::uint32_t kFrameMagic = 0x4C4F4843;  // "CHOL"
constexpr std::uint32_t kMaxPayload = 1U << 30;
constexpr std::string_view kPrefix = "orderlog_";
constexpr const char* kSpare = "spare";

template <class T>
void put(Bytes& out, T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i)
        out.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
}
template <class T>
T get(BytesView bytes, std::size_t offset) {
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
        value |= static_cast<T>(static_cast<unsigned char>(bytes[offset + i])) << (8 * i);
    return value;
}

std::string fileName(std::uint64_t sequence) {
    return fmt::format("{}{:012}", kPrefix, sequence);
}

std::optional<std::uint64_t> sequenceIn(std::string_view name) {
    if (!name.starts_with(kPrefix) || name.size() != kPrefix.size() + 12) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : name.substr(kPrefix.size())) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return value;
}

Bytes encodeFileHeader(std::uint64_t salt) {
    Bytes out(kMagic);
    put<std::uint32_t>(out, kVersion);
    put<std::uint32_t>(out, 0);
    put<std::uint64_t>(out, salt);
    put<std::uint32_t>(out, crc32c(out));
    put<std::uint32_t>(out, 0);
    return out;
}

Status damaged(const std::filesystem::path& file, std::uint64_t offset, std::string_view what) {
    return makeError(StatusCode::kDataLoss, "BAD_ORDER_LOG",
                     fmt::format("{} at offset {}: {}", file.string(), offset, what),
                     {{"file", file.string()}, {"offset", std::to_string(offset)}});
}

/// The salt.
Result<std::uint64_t> readFileHeader(const std::filesystem::path& file, BytesView bytes) {
    if (bytes.size() < kFileHeader || !bytes.starts_with(kMagic) ||
        get<std::uint32_t>(bytes, 24) != crc32c(bytes.substr(0, 24)))
        return damaged(file, 0, "the header of the file is damaged");
    if (const auto version = get<std::uint32_t>(bytes, 8); version != kVersion)
        return makeError(
            StatusCode::kFailedPrecondition, "NEWER_FORMAT",
            fmt::format("{} was written by a newer version of this program (its format is {}, this "
                        "program knows {}): start the orderer with that version; nothing was "
                        "changed",
                        file.string(), version, kVersion),
            {{"file", file.string()}, {"found", fmt::to_string(version)}});
    return get<std::uint64_t>(bytes, 16);
}

std::uint32_t headerCheck(std::uint64_t salt, BytesView header) {
    Bytes salted;
    put<std::uint64_t>(salted, salt);
    return crc32c(header.substr(0, 24), crc32c(salted));
}

struct Frame {
    std::uint64_t first = 0;
    std::uint32_t count = 0;
    BytesView payload;
};

/// The frame that stands at `offset`, if a good one does.
std::optional<Frame> frameAt(BytesView file, std::uint64_t offset, std::uint64_t salt) {
    if (offset > file.size() || file.size() - offset < kFrameHeader) return std::nullopt;
    const BytesView header = file.substr(offset, kFrameHeader);
    const auto size = get<std::uint32_t>(header, 4);
    if (get<std::uint32_t>(header, 0) != kFrameMagic || size > kMaxPayload ||
        size > file.size() - offset - kFrameHeader)
        return std::nullopt;
    const std::uint32_t check = headerCheck(salt, header);
    if (get<std::uint32_t>(header, 24) != check) return std::nullopt;
    Frame frame{get<std::uint64_t>(header, 8), get<std::uint32_t>(header, 16),
                file.substr(offset + kFrameHeader, size)};
    if (get<std::uint32_t>(header, 28) != crc32c(frame.payload, check)) return std::nullopt;
    return frame;
}

Bytes encodeFrame(std::span<const WriteAheadLog::Entry> entries, std::uint64_t first,
                  std::uint64_t salt) {
    std::size_t size = 0;
    for (const auto& entry : entries) size += 5 + entry.bytes.size();
    size = (size + 7) / 8 * 8;
    Bytes out;
    out.reserve(kFrameHeader + size);
    out.resize(kFrameHeader);
    for (const auto& entry : entries) {
        out.push_back(entry.isConfig ? '\1' : '\0');
        put<std::uint32_t>(out, static_cast<std::uint32_t>(entry.bytes.size()));
        out.append(entry.bytes);
    }
    out.resize(kFrameHeader + size);
    Bytes header;
    put<std::uint32_t>(header, kFrameMagic);
    put<std::uint32_t>(header, static_cast<std::uint32_t>(size));
    put<std::uint64_t>(header, first);
    put<std::uint32_t>(header, static_cast<std::uint32_t>(entries.size()));
    put<std::uint32_t>(header, 0);
    const std::uint32_t check = headerCheck(salt, header);
    put<std::uint32_t>(header, check);
    put<std::uint32_t>(header, crc32c(BytesView(out).substr(kFrameHeader), check));
    std::memcpy(out.data(), header.data(), kFrameHeader);
    return out;
}

}  // namespace

WriteAheadLog::WriteAheadLog(std::filesystem::path folder, const Options& options)
    : m_folder(std::move(folder)),
      m_disk(options.disk != nullptr ? *options.disk : Disk::system()),
      m_fileBytes(std::max<std::uint64_t>(options.fileBytes, kFileHeader + kFrameHeader)) {}

Result<std::unique_ptr<WriteAheadLog>> WriteAheadLog::open(const std::filesystem::path& folder,
                                                           std::uint64_t released,
                                                           const Options& options) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return diskError(error.value(), "making", folder);
    std::unique_ptr<WriteAheadLog> log(new WriteAheadLog(folder, options));
    RETURN_IF_ERROR(log->openFiles(released));
    return log;
}

Status WriteAheadLog::openFiles(std::uint64_t released) {
    std::error_code error;
    for (std::filesystem::directory_iterator it(m_folder, error), end; !error && it != end;
         it.increment(error))
        if (const auto sequence = sequenceIn(it->path().filename().string()))
            m_files.push_back({it->path(), *sequence, 0});
    if (error) return diskError(error.value(), "reading", m_folder);
    std::sort(m_files.begin(), m_files.end(),
              [](const File& a, const File& b) { return a.sequence < b.sequence; });
    m_next = 0;
    for (std::size_t i = 0; i < m_files.size(); ++i)
        RETURN_IF_ERROR(readFile(m_files[i], i + 1 == m_files.size(), released));
    m_next = std::max(m_next, released + 1);
    if (!m_replay.empty() && m_replay.front().number != released + 1)
        return makeError(StatusCode::kDataLoss, "LOG_GAP",
                         fmt::format("{}: records {} to {} are missing", m_folder.string(),
                                     released + 1, m_replay.front().number - 1),
                         {{"file", m_folder.string()}});
    m_hasSpare = std::filesystem::file_size(m_folder / kSpare, error) == m_fileBytes && !error;
    return absl::OkStatus();
}

Status WriteAheadLog::readFile(File& file, bool isNewest, std::uint64_t released) {
    ASSIGN_OR_RETURN(const Bytes bytes, chancery::readFile(file.path, 2ULL << 30));
    ASSIGN_OR_RETURN(const std::uint64_t salt, readFileHeader(file.path, bytes));
    std::uint64_t offset = kFileHeader;
    while (const auto frame = frameAt(bytes, offset, salt)) {
        if (m_next != 0 && frame->first != m_next)
            return damaged(file.path, offset, "its numbers do not follow those before");
        RETURN_IF_ERROR(readFrame(file, frame->payload, frame->first, frame->count, released));
        file.last = frame->first + frame->count - 1;
        m_next = file.last + 1;
        offset += kFrameHeader + frame->payload.size();
    }
    const BytesView rest = BytesView(bytes).substr(offset);
    if (rest.find_first_not_of('\0') != BytesView::npos) {
        for (std::uint64_t later = offset + 8; later < bytes.size(); later += 8)
            if (frameAt(bytes, later, salt))
                return damaged(file.path, offset, "good records follow damaged ones");
        if (isNewest) m_torn = Torn{file.path.string(), offset};
    }
    if (isNewest) {
        Current current;
        current.file = Descriptor(m_disk.open(file.path, false));
        if (!current.file) return diskError(errno, "opening", file.path);
        current.salt = salt;
        current.end = offset;
        current.size = bytes.size();
        m_current = std::move(current);
    }
    return absl::OkStatus();
}

Status WriteAheadLog::readFrame(const File& file, BytesView payload, std::uint64_t first,
                                std::uint32_t count, std::uint64_t released) {
    for (std::uint64_t number = first; number < first + count; ++number) {
        if (payload.size() < 5 || get<std::uint32_t>(payload, 1) > payload.size() - 5)
            return damaged(file.path, 0, "a frame does not hold what it says");
        const std::size_t size = get<std::uint32_t>(payload, 1);
        if (number > released)
            m_replay.push_back({number, payload[0] == '\1', Bytes(payload.substr(5, size))});
        payload.remove_prefix(5 + size);
    }
    return absl::OkStatus();
}

Result<std::uint64_t> WriteAheadLog::append(std::span<const Entry> entries) {
    RETURN_IF_ERROR(m_broken);
    std::uint64_t size = kFrameHeader + 8;
    for (const Entry& entry : entries) size += 5 + entry.bytes.size();
    if (!m_current || (m_current->end + size > m_current->size &&
                       m_current->end + size > m_fileBytes && m_current->end > kFileHeader))
        RETURN_IF_ERROR(beginFile());
    const Bytes frame = encodeFrame(entries, m_next, m_current->salt);
    const auto& path = m_files.back().path;
    Status written = writeFully(m_disk, m_current->file.get(), frame, m_current->end, path);
    if (!written.ok()) {
        if (!absl::IsResourceExhausted(written)) m_broken = written;
        return written;
    }
    if (m_disk.fdatasync(m_current->file.get()) != 0) {
        m_broken = syncError(errno, path);
        return m_broken;
    }
    m_current->end += frame.size();
    m_current->size = std::max(m_current->size, m_current->end);
    const std::uint64_t first = m_next;
    m_next += entries.size();
    m_files.back().last = m_next - 1;
    return first;
}

/// Everything is done under another name first, so that a file of the log always has its header.
Status WriteAheadLog::beginFile() {
    const std::uint64_t sequence = m_files.empty() ? 1 : m_files.back().sequence + 1;
    const File file{m_folder / fileName(sequence), sequence, 0};
    const auto spare = m_folder / kSpare;
    auto current = prepareSpare(spare);
    if (!current.ok()) {
        m_hasSpare = false;
        m_disk.unlink(spare);
        return std::move(current).status();
    }
    m_hasSpare = false;
    std::error_code error;
    std::filesystem::rename(spare, file.path, error);
    if (error) return diskError(error.value(), "renaming", spare);
    RETURN_IF_ERROR(syncFolder(m_disk, m_folder));
    m_current = *std::move(current);
    m_files.push_back(file);
    return absl::OkStatus();
}

Result<WriteAheadLog::Current> WriteAheadLog::prepareSpare(const std::filesystem::path& spare) {
    Current current;
    current.file = Descriptor(m_disk.open(spare, !m_hasSpare));
    if (!current.file) return diskError(errno, "making", spare);
    const int fd = current.file.get();
    current.salt = get<std::uint64_t>(Random::system().bytes(8), 0);
    current.end = kFileHeader;
    current.size = m_fileBytes;
    if (!m_hasSpare) {
        // Zeros, not holes: later syncs must not have to change what the file consists of.
        const Bytes zeros(std::min<std::uint64_t>(m_fileBytes, 256U << 10), '\0');
        for (std::uint64_t at = 0; at < m_fileBytes; at += zeros.size()) {
            const auto size = std::min<std::uint64_t>(zeros.size(), m_fileBytes - at);
            RETURN_IF_ERROR(writeFully(m_disk, fd, BytesView(zeros).substr(0, size), at, spare));
        }
    }
    RETURN_IF_ERROR(writeFully(m_disk, fd, encodeFileHeader(current.salt), 0, spare));
    if (m_disk.fdatasync(fd) != 0) return syncError(errno, spare);
    return current;
}

void WriteAheadLog::release(std::uint64_t number) {
    while (m_files.size() > 1 && m_files.front().last <= number) {
        const File file = std::move(m_files.front());
        m_files.pop_front();
        std::error_code error;
        if (!m_hasSpare && std::filesystem::file_size(file.path, error) == m_fileBytes && !error) {
            std::filesystem::rename(file.path, m_folder / kSpare, error);
            m_hasSpare = !error;
            if (m_hasSpare) continue;
        }
        m_disk.unlink(file.path);
    }
}

}  // namespace chancery::node
