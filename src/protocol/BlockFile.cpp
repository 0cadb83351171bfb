#include "src/protocol/BlockFile.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/base/File.h"
#include "src/protocol/Archive.h"
#include "src/protocol/BlockFolder.h"
#include "src/protocol/LedgerFile.h"
#include "src/wire/Varint.h"

namespace chancery::protocol {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMapFrom =
    1U << 20;  // smaller files are read: mapping costs more than copying
constexpr ArchiveLimits kGzipLimits{.maxUnpackedBytes = 1U << 30};

Status damage(std::string_view reason, const std::string& file, std::uint64_t offset,
              std::string_view what) {
    return makeError(StatusCode::kDataLoss, reason,
                     fmt::format("{} at byte {}: {}", file, offset, what),
                     {{"file", file}, {"offset", fmt::to_string(offset)}});
}

/// An error from inside a record, told with the file and the offset in it.
Status placed(const Status& status, const std::string& file, std::uint64_t base) {
    ErrorArguments arguments{{"file", file}};
    for (auto& [name, value] : argumentsOf(status)) {
        if (name == "offset")
            value = fmt::to_string(base + std::strtoull(value.c_str(), nullptr, 10));
        arguments.emplace_back(name, std::move(value));
    }
    return makeError(status.code(), reasonOf(status),
                     fmt::format("{} (block at byte {}): {}", file, base, messageOf(status)),
                     std::move(arguments));
}

bool allZero(BytesView bytes) {
    return bytes.find_first_not_of('\0') == BytesView::npos;
}

/// A node takes back what it could not finish, and a mapping must not lose bytes.
bool mayShrink(const fs::path& path) {
    constexpr auto kWritable =
        fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;
    std::error_code error;
    return ledgerFileFirstBlock(path.filename().string()).has_value() &&
           (fs::status(path, error).permissions() & kWritable) != fs::perms::none;
}

}  // namespace

Result<SharedBytes> loadBlockBytes(const fs::path& path) {
    std::error_code error;
    const std::uint64_t size = fs::file_size(path, error);
    SharedBytes bytes;
    if (!error && size >= kMapFrom && !mayShrink(path)) {
        ASSIGN_OR_RETURN(MappedFile mapped, MappedFile::open(path));
        auto owner = std::make_shared<const MappedFile>(std::move(mapped));
        const BytesView view = owner->bytes();
        bytes = SharedBytes(std::move(owner), view);
    } else {
        ASSIGN_OR_RETURN(Bytes content, readFile(path));
        bytes = SharedBytes(std::move(content));
    }
    return unpackBlockBytes(path.string(), std::move(bytes));
}

Result<SharedBytes> unpackBlockBytes(const std::string& name, SharedBytes bytes) {
    if (!looksLikeGzip(bytes.view())) return bytes;
    auto unpacked = gunzip(bytes.view(), kGzipLimits);
    if (!unpacked.ok()) return placed(unpacked.status(), name, 0);
    return SharedBytes(*std::move(unpacked));
}

FileBlocks::FileBlocks(std::string file, SharedBytes bytes, Kind kind)
    : m_file(std::move(file)), m_bytes(std::move(bytes)), m_kind(kind) {}

Result<FileBlocks> FileBlocks::open(const fs::path& path) {
    ASSIGN_OR_RETURN(SharedBytes bytes, loadBlockBytes(path));
    return of(path.string(), std::move(bytes));
}

FileBlocks FileBlocks::of(std::string name, SharedBytes bytes) {
    if (looksLikeLedgerFile(bytes.view()) ||
        ledgerFileFirstBlock(fs::path(name).filename().string()))
        return {std::move(name), std::move(bytes), Kind::Ledger};
    // A block as one message has a header; a block file read as a message does not come to its end.
    const auto single = Block::parse(bytes);
    if (single.ok() && (single->hasHeader() || single->hasData()))
        return {std::move(name), std::move(bytes), Kind::Single};
    const bool named = fs::path(name).filename().string().find("blockfile") != std::string::npos;
    FileBlocks records(std::move(name), std::move(bytes), Kind::Records);
    if (!named && records.size() != 0 && !records.beginsWithRecord()) records.m_kind = Kind::Single;
    return records;
}

bool FileBlocks::beginsWithRecord() const {
    FileBlocks probe = *this;
    const auto first = probe.next();
    return first.ok() && first->has_value();
}

Result<std::optional<SourcedBlock>> FileBlocks::next() {
    if (m_at >= m_bytes.size()) return std::optional<SourcedBlock>();
    switch (m_kind) {
        case Kind::Single:
            return single();
        case Kind::Ledger:
            return frame();
        case Kind::Records:
            break;
    }
    return record();
}

Result<std::optional<SourcedBlock>> FileBlocks::single() {
    m_at = m_bytes.size();
    auto block = Block::parse(m_bytes);
    if (!block.ok()) return placed(block.status(), m_file, 0);
    return std::optional(SourcedBlock{*std::move(block), m_file, 0, m_bytes.size()});
}

Result<std::optional<SourcedBlock>> FileBlocks::record() {
    const BytesView rest = m_bytes.view().substr(m_at);
    const char* const end = rest.data() + rest.size();
    std::uint64_t length = 0;
    const char* const content = wire::readVarint(rest.data(), end, length);
    if (content == nullptr && rest.size() < 10)
        return damage("TORN_TAIL", m_file, m_at, "the file ends inside a length");
    if (content == nullptr) return damage("BAD_BLOCK_FILE", m_file, m_at, "no length of a block");
    // A peer's own scan takes a zero byte for a block of no bytes.
    if (length == 0) {
        return allZero(rest) ? damage("ZERO_TAIL", m_file, m_at,
                                      fmt::format("only {} zero bytes follow", rest.size()))
                             : damage("BAD_BLOCK_FILE", m_file, m_at, "a block of no bytes");
    }
    if (length > static_cast<std::uint64_t>(end - content))
        return damage(
            "TORN_TAIL", m_file, m_at,
            fmt::format("a block of {} bytes, of which {} are there", length, end - content));
    const auto offset = static_cast<std::uint64_t>(content - m_bytes.view().data());
    auto block = decodeBlockRecord(m_bytes.slice({content, length}));
    if (!block.ok()) return placed(block.status(), m_file, offset);
    m_at = offset + length;
    return std::optional(SourcedBlock{*std::move(block), m_file, offset, length});
}

/// Whether the file has become longer than what was loaded of it: its last block was being written.
bool FileBlocks::hasGrown() const {
    std::error_code error;
    const std::uint64_t size = fs::file_size(m_file, error);
    return !error && size > m_bytes.size();
}

Result<std::optional<SourcedBlock>> FileBlocks::frame() {
    // A node makes a new file before its first block.
    if (m_bytes.size() < kLedgerFileHeaderBytes) return std::optional<SourcedBlock>();
    const auto file = decodeLedgerFileHeader(m_bytes.view());
    if (!file.ok()) return placed(file.status(), m_file, 0);
    m_at = std::max<std::uint64_t>(m_at, kLedgerFileHeaderBytes);
    const LedgerFrame frame = ledgerFrameAt(*file, m_bytes.view(), m_at);
    switch (frame.kind) {
        case LedgerFrame::Kind::Torn:
            if (hasGrown()) return std::optional<SourcedBlock>();
            return damage("TORN_TAIL", m_file, m_at, frame.why);
        case LedgerFrame::Kind::Damaged:
            return damage("BAD_LEDGER_FILE", m_file, m_at, frame.why);
        case LedgerFrame::Kind::End:
        case LedgerFrame::Kind::Unfinished:
            return std::optional<SourcedBlock>();
        case LedgerFrame::Kind::Good:
            break;
    }
    const std::uint64_t offset = m_at + kLedgerFrameHeaderBytes;
    auto block = decodeBlockRecord(m_bytes.slice(frame.payload));
    if (!block.ok()) return placed(block.status(), m_file, offset);
    if (block->number() != frame.header.number)
        return damage("BAD_LEDGER_FILE", m_file, m_at,
                      "another block stands there than the file says");
    m_at += frame.size();
    return std::optional(
        SourcedBlock{*std::move(block), m_file, offset, frame.header.payloadBytes});
}

namespace {

/// Files one after the other, each opened when its turn comes.
class FileSequence : public BlockSource {
public:
    explicit FileSequence(std::vector<BlockFolderEntry> files,
                          std::optional<FileBlocks> first = std::nullopt)
        : m_files(std::move(files)), m_current(std::move(first)) {
        for (const BlockFolderEntry& file : m_files) m_total += file.size;
    }

    Result<std::optional<SourcedBlock>> next() override {
        if (!m_fault.ok()) return m_fault;
        auto block = advance();
        if (!block.ok()) m_fault = block.status();
        return block;
    }
    std::uint64_t bytesDone() const override {
        if (!m_current) return m_done;
        // Progress inside a compressed file is told in bytes on disk.
        const double part = m_current->size() == 0 ? 1.0
                                                   : static_cast<double>(m_current->position()) /
                                                         static_cast<double>(m_current->size());
        return m_done +
               static_cast<std::uint64_t>(part * static_cast<double>(m_files[m_index].size));
    }
    std::uint64_t bytesTotal() const override { return m_total; }

private:
    Result<std::optional<SourcedBlock>> advance() {
        while (m_index < m_files.size()) {
            if (!m_current) {
                ASSIGN_OR_RETURN(FileBlocks opened, FileBlocks::open(m_files[m_index].path));
                m_current = std::move(opened);
            }
            ASSIGN_OR_RETURN(auto block, m_current->next());
            if (block) return block;
            m_current.reset();
            m_done += m_files[m_index++].size;
        }
        return std::optional<SourcedBlock>();
    }

    std::vector<BlockFolderEntry> m_files;
    std::optional<FileBlocks> m_current;
    std::size_t m_index = 0;
    std::uint64_t m_done = 0;
    std::uint64_t m_total = 0;
    Status m_fault;
};

/// One file whose blocks are already at hand.
Result<BlockSourcePtr> singleFile(const std::string& name, FileBlocks blocks, std::uint64_t size) {
    if (blocks.size() == 0)
        return makeError(StatusCode::kFailedPrecondition, "NO_BLOCKS",
                         fmt::format("{} is empty", name), {{"file", name}});
    return BlockSourcePtr(std::make_unique<FileSequence>(
        std::vector<BlockFolderEntry>{{name, size}}, std::move(blocks)));
}

}  // namespace

Result<BlockSourcePtr> openBlocks(const fs::path& path) {
    std::error_code error;
    const auto status = fs::status(path, error);
    if (!fs::exists(status))
        return makeError(StatusCode::kNotFound, "NO_SUCH_FILE",
                         fmt::format("{} does not exist", path.string()),
                         {{"file", path.string()}});
    if (fs::is_directory(status)) {
        ASSIGN_OR_RETURN(auto files, listBlockFolder(path));
        return BlockSourcePtr(std::make_unique<FileSequence>(std::move(files)));
    }
    const std::uint64_t size = fs::file_size(path, error);
    ASSIGN_OR_RETURN(FileBlocks opened, FileBlocks::open(path));
    return singleFile(path.string(), std::move(opened), error ? 0 : size);
}

Result<BlockSourcePtr> openBlockBytes(std::string name, SharedBytes bytes) {
    const std::uint64_t size = bytes.size();
    ASSIGN_OR_RETURN(bytes, unpackBlockBytes(name, std::move(bytes)));
    return singleFile(name, FileBlocks::of(name, std::move(bytes)), size);
}

BlockFileWriter::BlockFileWriter(fs::path folder, std::uint64_t maxFileBytes)
    : m_folder(std::move(folder)), m_maxFileBytes(maxFileBytes) {}

Status BlockFileWriter::append(const Block& block) {
    const Bytes record = encodeBlockRecord(block);
    if (!m_buffer.empty() && m_buffer.size() + record.size() > m_maxFileBytes)
        RETURN_IF_ERROR(finish());
    m_buffer += record;
    return {};
}

Status BlockFileWriter::finish() {
    if (m_buffer.empty()) return {};
    const fs::path path = m_folder / fmt::format("blockfile_{:06}", m_fileNumber);
    RETURN_IF_ERROR(writeNewFile(path, m_buffer));
    ++m_fileNumber;
    m_buffer.clear();
    return {};
}

Status writeSingleBlock(const fs::path& folder, const Block& block) {
    return writeNewFile(folder / fmt::format("block_{}.pb", block.number()), block.serialize());
}

}  // namespace chancery::protocol
