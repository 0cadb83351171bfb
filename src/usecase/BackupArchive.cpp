#include "src/usecase/BackupArchive.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/usecase/Json.h"

namespace chancery::usecase {
namespace {

constexpr std::size_t kSalt = 16;
constexpr std::size_t kHeader = kBackupMagic.size() + 3 + kSalt;
constexpr std::size_t kMaxRecord = 64U << 20;

Bytes bigEndian32(std::uint32_t number) {
    Bytes bytes(4, '\0');
    for (int i = 0; i < 4; ++i) bytes[std::size_t(i)] = char((number >> (24 - 8 * i)) & 0xFF);
    return bytes;
}

std::uint32_t readBigEndian32(BytesView bytes) {
    std::uint32_t number = 0;
    for (int i = 0; i < 4; ++i) number = number << 8 | std::uint8_t(bytes[std::size_t(i)]);
    return number;
}

/// What is bound to a chunk besides its content.
Bytes chunkContext(const Bytes& headerHash, std::uint64_t number, bool last) {
    return headerHash + fmt::format("{}{}", number, last ? "L" : "C");
}

Status broken(std::uint64_t offset) {
    return makeError(StatusCode::kUnauthenticated, "BACKUP_BROKEN",
                     fmt::format("the passphrase is another one, or the file was changed at byte "
                                 "{} or behind it",
                                 offset),
                     {{"offset", std::to_string(offset)}});
}

Status incomplete(std::string_view why) {
    return makeError(StatusCode::kDataLoss, "BACKUP_INCOMPLETE",
                     fmt::format("the backup is not whole: {}", why));
}

Json fileJson(const ArchivedFile& file) {
    return {
        {"path", file.path}, {"bytes", file.bytes}, {"mode", file.mode}, {"sha256", file.sha256}};
}

Result<ArchivedFile> fileOf(const Json& json) {
    if (!json.is_object() || !json.contains("path") || !json["path"].is_string() ||
        !json.contains("mode") || !json["mode"].is_number_unsigned())
        return incomplete("a file has no name");
    ArchivedFile file;
    file.path = json["path"].get<std::string>();
    file.mode = json["mode"].get<std::uint32_t>() & 0777;
    if (json.contains("bytes") && json["bytes"].is_number_unsigned())
        file.bytes = json["bytes"].get<std::uint64_t>();
    if (json.contains("sha256") && json["sha256"].is_string())
        file.sha256 = json["sha256"].get<std::string>();
    if (!isArchivePath(file.path)) return incomplete("a file has a bad name");
    return file;
}

/// Takes the records that the chunks hold together.
class RecordReader {
public:
    explicit RecordReader(BackupVisitor* visitor) : m_visitor(visitor) {}

    Status take(BytesView bytes) {
        m_buffer.append(bytes);
        std::size_t at = 0;
        while (m_buffer.size() - at >= 5) {
            const std::size_t size = readBigEndian32(BytesView(m_buffer).substr(at + 1, 4));
            if (size > kMaxRecord) return incomplete("a record is too large");
            if (m_buffer.size() - at - 5 < size) break;
            RETURN_IF_ERROR(record(m_buffer[at], BytesView(m_buffer).substr(at + 5, size)));
            at += 5 + size;
        }
        m_buffer.erase(0, at);
        return absl::OkStatus();
    }

    Result<BackupManifest> finish() {
        if (!m_buffer.empty() || m_inFile || !m_manifest)
            return incomplete("its manifest is missing");
        return *std::move(m_manifest);
    }

private:
    Status record(char type, BytesView bytes) {
        if (m_manifest) return incomplete("something stands behind the manifest");
        switch (type) {
            case 'F':
                return begin(bytes);
            case 'D':
                if (!m_inFile) return incomplete("bytes belong to no file");
                m_hasher.update(bytes);
                m_file.bytes += bytes.size();
                return m_visitor ? m_visitor->content(bytes) : absl::OkStatus();
            case 'E':
                return end(bytes);
            case 'M':
                return manifest(bytes);
            default:
                return incomplete("a record is of no known kind");
        }
    }

    Status begin(BytesView bytes) {
        if (m_inFile) return incomplete("a file does not end");
        ASSIGN_OR_RETURN(m_file, fileOf(Json::parse(bytes.begin(), bytes.end(), nullptr, false)));
        m_file.bytes = 0;
        m_inFile = true;
        return m_visitor ? m_visitor->begin(m_file) : absl::OkStatus();
    }

    Status end(BytesView bytes) {
        if (!m_inFile) return incomplete("a file ends that did not begin");
        m_inFile = false;
        const Bytes hash = m_hasher.finish();
        if (hash != bytes) return incomplete(m_file.path + " has another hash");
        m_file.sha256 = toHex(hash);
        m_files.push_back(m_file);
        return m_visitor ? m_visitor->end() : absl::OkStatus();
    }

    Status manifest(BytesView bytes) {
        const Json json = Json::parse(bytes.begin(), bytes.end(), nullptr, false);
        if (m_inFile || !json.is_object() || !json.contains("facts") || !json.contains("files") ||
            !json["files"].is_array() || json["files"].size() != m_files.size())
            return incomplete("its manifest does not fit");
        for (std::size_t i = 0; i < m_files.size(); ++i) {
            ASSIGN_OR_RETURN(const ArchivedFile file, fileOf(json["files"][i]));
            if (file.path != m_files[i].path || file.bytes != m_files[i].bytes ||
                file.sha256 != m_files[i].sha256)
                return incomplete(file.path + " is not what the manifest says");
        }
        m_manifest = BackupManifest{json["facts"].dump(), m_files};
        return absl::OkStatus();
    }

    BackupVisitor* m_visitor;
    Bytes m_buffer;
    ArchivedFile m_file;
    crypto::Hasher m_hasher;
    bool m_inFile = false;
    std::vector<ArchivedFile> m_files;
    std::optional<BackupManifest> m_manifest;
};

Result<Bytes> readExactly(std::ifstream& in, std::size_t size) {
    Bytes bytes(size, '\0');
    in.read(bytes.data(), std::streamsize(size));
    if (std::size_t(in.gcount()) != size) return incomplete("it ends in the middle");
    return bytes;
}

}  // namespace

bool isArchivePath(std::string_view path) {
    if (path.empty() || path.size() > 4096 || path.front() == '/' || path.back() == '/')
        return false;
    for (std::size_t at = 0; at <= path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string_view name = path.substr(at, end - at);
        if (name.empty() || name == "." || name == ".." ||
            name.find('\0') != std::string_view::npos || name.find('\\') != std::string_view::npos)
            return false;
        at = end + 1;
    }
    return true;
}

BackupWriter::BackupWriter(std::filesystem::path path, crypto::Secret key, Bytes header,
                           Random& random)
    : m_path(std::move(path)),
      m_key(std::move(key)),
      m_headerHash(crypto::sha256(header)),
      m_random(random) {}

BackupWriter::~BackupWriter() {
    crypto::wipe(m_buffer);  // keys may stand in it
    if (m_done) return;
    m_out.close();
    std::error_code ignored;
    std::filesystem::remove(m_path, ignored);
}

Status BackupWriter::fileError(std::string_view what) const {
    return makeError(StatusCode::kUnavailable, "FILE_ERROR",
                     fmt::format("cannot {} {}", what, m_path.string()),
                     {{"path", m_path.string()}, {"writing", "1"}});
}

Result<std::unique_ptr<BackupWriter>> BackupWriter::create(const std::filesystem::path& path,
                                                           BytesView passphrase,
                                                           crypto::ScryptCost cost,
                                                           Random& random) {
    Bytes header(kBackupMagic);
    header += char(cost.log2N);
    header += char(cost.r);
    header += char(cost.p);
    const Bytes salt = random.bytes(kSalt);
    header += salt;
    ASSIGN_OR_RETURN(crypto::Secret key, crypto::deriveKey(passphrase, salt, cost));
    // Exclusively, so that nothing is overwritten and no link is followed.
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return makeError(errno == EEXIST ? StatusCode::kAlreadyExists : StatusCode::kNotFound,
                         "FILE_ERROR", "cannot create " + path.string(),
                         {{"path", path.string()}, {"writing", "1"}});
    ::close(descriptor);
    std::unique_ptr<BackupWriter> writer(new BackupWriter(path, std::move(key), header, random));
    writer->m_out.open(path, std::ios::binary | std::ios::out | std::ios::in);
    writer->m_out << header;
    if (!writer->m_out) return writer->fileError("write");
    return writer;
}

Status BackupWriter::record(char type, BytesView bytes) {
    m_buffer += type;
    m_buffer += bigEndian32(std::uint32_t(bytes.size()));
    m_buffer.append(bytes);
    while (m_buffer.size() > kBackupChunk) RETURN_IF_ERROR(flush(false));
    return absl::OkStatus();
}

Status BackupWriter::flush(bool last) {
    const std::size_t size = std::min(m_buffer.size(), kBackupChunk);
    ASSIGN_OR_RETURN(const Bytes sealed,
                     crypto::seal(m_key, BytesView(m_buffer).substr(0, size),
                                  chunkContext(m_headerHash, m_chunk++, last), m_random));
    m_out << bigEndian32(std::uint32_t(sealed.size())) << sealed;
    m_buffer.erase(0, size);
    return m_out ? absl::OkStatus() : fileError("write");
}

Status BackupWriter::beginFile(const std::string& path, std::uint32_t mode) {
    if (!isArchivePath(path))
        return makeError(StatusCode::kInvalidArgument, "BAD_PATH",
                         "a node names a file that no backup may have: " + printable(path, 256));
    m_files.push_back({.path = path, .bytes = 0, .mode = mode & 0777, .sha256 = {}});
    m_inFile = true;
    return record('F', fileJson(m_files.back()).dump());
}

Status BackupWriter::content(BytesView bytes) {
    m_hasher.update(bytes);
    m_files.back().bytes += bytes.size();
    for (std::size_t at = 0; at < bytes.size(); at += kBackupChunk)
        RETURN_IF_ERROR(record('D', bytes.substr(at, kBackupChunk)));
    return absl::OkStatus();
}

Status BackupWriter::endFile() {
    const Bytes hash = m_hasher.finish();
    m_files.back().sha256 = toHex(hash);
    m_inFile = false;
    return record('E', hash);
}

Status BackupWriter::finish(const std::string& facts) {
    Json files = Json::array();
    for (const ArchivedFile& file : m_files) files.push_back(fileJson(file));
    const Json parsed = Json::parse(facts, nullptr, false);
    RETURN_IF_ERROR(record(
        'M', Json{{"facts", parsed.is_discarded() ? Json() : parsed}, {"files", files}}.dump()));
    while (m_buffer.size() > kBackupChunk) RETURN_IF_ERROR(flush(false));
    RETURN_IF_ERROR(flush(true));
    m_out.close();
    if (!m_out) return fileError("write");
    const int descriptor = ::open(m_path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool durable = descriptor >= 0 && ::fsync(descriptor) == 0;
    if (descriptor >= 0) ::close(descriptor);
    if (!durable) return fileError("sync");
    m_done = true;
    return absl::OkStatus();
}

Result<BackupManifest> readBackup(const std::filesystem::path& path, BytesView passphrase,
                                  BackupVisitor* visitor) {
    std::ifstream in(path, std::ios::binary);
    if (!in)
        return makeError(StatusCode::kNotFound, "FILE_ERROR", "cannot open " + path.string(),
                         {{"path", path.string()}});
    Bytes header(kHeader, '\0');
    in.read(header.data(), std::streamsize(kHeader));
    if (std::size_t(in.gcount()) != kHeader || !header.starts_with(kBackupMagic))
        return makeError(StatusCode::kInvalidArgument, "NOT_A_BACKUP",
                         path.string() + " is no backup");
    const auto byteAt = [&](std::size_t i) {
        return unsigned(std::uint8_t(header[kBackupMagic.size() + i]));
    };
    const crypto::ScryptCost cost{.log2N = byteAt(0), .r = byteAt(1), .p = byteAt(2)};
    ASSIGN_OR_RETURN(
        const crypto::Secret key,
        crypto::deriveKey(passphrase, BytesView(header).substr(kBackupMagic.size() + 3), cost));
    const Bytes headerHash = crypto::sha256(header);
    RecordReader records(visitor);
    std::uint64_t offset = kHeader;
    for (std::uint64_t chunk = 0;; ++chunk) {
        ASSIGN_OR_RETURN(const Bytes length, readExactly(in, 4));
        const std::size_t size = readBigEndian32(length);
        if (size < crypto::kSealOverhead || size > kBackupChunk + crypto::kSealOverhead)
            return broken(offset);
        ASSIGN_OR_RETURN(const Bytes sealed, readExactly(in, size));
        const bool last = in.peek() == std::ifstream::traits_type::eof();
        const auto plain = crypto::unseal(key, sealed, chunkContext(headerHash, chunk, last));
        if (!plain.ok()) {
            // Where it is the last chunk and does not say so, or the other way round.
            if (crypto::unseal(key, sealed, chunkContext(headerHash, chunk, !last)).ok())
                return incomplete(last ? "it was cut off" : "something stands behind its end");
            return broken(offset);
        }
        RETURN_IF_ERROR(records.take(plain->view()));
        offset += 4 + size;
        if (last) break;
    }
    return records.finish();
}

}  // namespace chancery::usecase
