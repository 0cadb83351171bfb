#include "node/ledger/FileBlockStore.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <cerrno>

#include "src/base/Random.h"
#include "src/protocol/BlockFile.h"
#include "src/protocol/LedgerFile.h"

namespace chancery::node {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRecentBlocks = 32;
constexpr std::size_t kRecentBytes = std::size_t{4} << 20;
constexpr mode_t kWritable = 0600, kSealed = 0400;

std::uint64_t newSalt() {
    std::uint64_t salt = 0;
    for (const char byte : Random::system().bytes(sizeof salt))
        salt = salt << 8 | static_cast<std::uint8_t>(byte);
    return salt;
}

Status noSuchBlock(BlockNumber number, BlockNumber first, BlockNumber height) {
    return makeError(StatusCode::kNotFound, "NO_SUCH_BLOCK",
                     fmt::format("there is no block {}; the ledger has {} to {}", number, first,
                                 height == 0 ? 0 : height - 1),
                     {{"block", std::to_string(number)}, {"height", std::to_string(height)}});
}

}  // namespace

FileBlockStore::FileBlockStore(fs::path folder, BlockStoreOptions options)
    : m_folder(std::move(folder)),
      m_options(std::move(options)),
      m_disk(m_options.disk != nullptr ? *m_options.disk : Disk::system()) {}

Status FileBlockStore::open() {
    std::error_code error;
    if (fs::create_directories(m_folder, error)) {
        fs::permissions(m_folder, fs::perms::owner_all, error);
        RETURN_IF_ERROR(syncFolder(m_disk, fs::absolute(m_folder).parent_path()));
    }
    if (error) return diskError(error.value(), "make", m_folder);
    RETURN_IF_ERROR(lock());
    RETURN_IF_ERROR(listFiles());
    RETURN_IF_ERROR(dropStillborn());
    m_height = m_options.firstBlock;
    m_lastHash = m_options.previousHash;
    return m_files.empty() ? absl::OkStatus() : openNewest();
}

Status FileBlockStore::lock() {
    const fs::path file = m_folder / "lock";
    m_lock = Descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!m_lock) return diskError(errno, "open", file);
    if (::flock(m_lock.get(), LOCK_EX | LOCK_NB) == 0) return absl::OkStatus();
    if (errno != EWOULDBLOCK) return diskError(errno, "lock", file);
    return makeError(StatusCode::kFailedPrecondition, "IN_USE",
                     fmt::format("{} is in use by another process", m_folder.string()),
                     {{"file", m_folder.string()}});
}

Status FileBlockStore::listFiles() {
    std::error_code error;
    for (fs::directory_iterator at(m_folder, error), end; !error && at != end;
         at.increment(error)) {
        const auto first = protocol::ledgerFileFirstBlock(at->path().filename().string());
        std::error_code ignored;
        if (first && fs::is_regular_file(at->symlink_status(ignored)))
            m_files.emplace(*first, at->path());
    }
    return error ? diskError(error.value(), "list", m_folder) : absl::OkStatus();
}

// A crash between the making of a file and its first block leaves one without a good header.
Status FileBlockStore::dropStillborn() {
    if (m_files.empty()) return absl::OkStatus();
    const fs::path newest = m_files.rbegin()->second;
    ASSIGN_OR_RETURN(const bool stillborn, isStillborn(newest));
    if (!stillborn) return absl::OkStatus();
    std::error_code ignored;
    m_repair = TailRepair{newest.string(), 0, fs::file_size(newest, ignored),
                          "the file has no finished header"};
    if (m_disk.unlink(newest) != 0) return diskError(errno, "remove", newest);
    m_files.erase(std::prev(m_files.end()));
    return syncFolder(m_disk, m_folder);
}

Result<Bytes> FileBlockStore::lastHashOf(const fs::path& file, BlockNumber next) {
    ASSIGN_OR_RETURN(const OlderPtr older, this->older(file, next));
    const auto& content = older->content;
    if (content.offsets.empty()) return badLedgerFile(file, 0, "it has a beginning and no block");
    const std::uint64_t offset = content.offsets.back();
    ASSIGN_OR_RETURN(
        const protocol::Block block,
        readAt({file, older->file, content.header, offset, content.size - offset}, next - 1));
    return block.header().hash();
}

Status FileBlockStore::openNewest() {
    const auto& [first, path] = *m_files.rbegin();
    std::optional<Bytes> previous;
    if (m_files.size() > 1) {
        ASSIGN_OR_RETURN(previous, lastHashOf(std::prev(m_files.end(), 2)->second, first));
    } else if (first == m_options.firstBlock && !m_options.previousHash.empty()) {
        previous = m_options.previousHash;
    }
    ASSIGN_OR_RETURN(NewestFile found, scanNewestFile(path, previous));
    ::chmod(path.c_str(), kWritable);
    Descriptor file(m_disk.open(path, false));
    if (!file) return diskError(errno, "open", path);
    if (found.cut) {
        m_repair = found.cut;
        if (m_disk.ftruncate(file.get(), static_cast<off_t>(found.end)) != 0)
            return diskError(errno, "cut", path);
        if (m_disk.fsync(file.get()) != 0) return syncError(errno, path);
    }
    m_height = first + found.offsets.size();
    m_lastHash = !found.offsets.empty() ? std::move(found.lastHash) : previous.value_or(Bytes());
    m_current = Current{path, std::make_shared<const Descriptor>(std::move(file)), found.header,
                        std::move(found.offsets), found.end};
    return absl::OkStatus();
}

BlockNumber FileBlockStore::firstBlock() const {
    const std::shared_lock lock(m_mutex);
    return m_files.empty() ? m_height.load() : m_files.begin()->first;
}

Bytes FileBlockStore::lastHash() const {
    const std::shared_lock lock(m_mutex);
    return m_lastHash;
}

Status FileBlockStore::checkNext(const protocol::Block& block) const {
    if (block.number() != height())
        return makeError(
            StatusCode::kFailedPrecondition, "BLOCK_OUT_OF_ORDER",
            fmt::format("block {} comes, block {} is the next one", block.number(), height()),
            {{"block", std::to_string(block.number())}, {"height", std::to_string(height())}});
    if (!m_lastHash.empty() && block.header().previousHash != m_lastHash)
        return makeError(StatusCode::kFailedPrecondition, "BROKEN_CHAIN",
                         fmt::format("block {} does not name the block before it", block.number()),
                         {{"block", std::to_string(block.number())}});
    return absl::OkStatus();
}

// After an I/O error nothing is known about what is on disk.
Status FileBlockStore::failed(Status error) {
    if (reasonOf(error) != "DISK_FULL") m_broken = error;
    return error;
}

Status FileBlockStore::beginFile(BlockNumber first) {
    Current next;
    next.path = m_folder / protocol::ledgerFileName(first);
    next.header = {newSalt(), first};
    next.end = protocol::kLedgerFileHeaderBytes;
    Descriptor file(m_disk.open(next.path, true));
    if (!file) return failed(diskError(errno, "make", next.path));
    if (Status written = writeFully(m_disk, file.get(),
                                    protocol::encodeLedgerFileHeader(next.header), 0, next.path);
        !written.ok()) {
        m_disk.unlink(next.path);
        return failed(std::move(written));
    }
    // The header must be durable before a block stands behind it: see isStillborn.
    if (m_disk.fsync(file.get()) != 0) return failed(syncError(errno, next.path));
    if (Status synced = syncFolder(m_disk, m_folder); !synced.ok())
        return failed(std::move(synced));
    next.file = std::make_shared<const Descriptor>(std::move(file));
    const std::unique_lock lock(m_mutex);
    // Readers may map what does not change any more.
    if (m_current) ::fchmod(m_current->file->get(), kSealed);
    m_files.emplace(first, next.path);
    m_current = std::move(next);
    return absl::OkStatus();
}

Status FileBlockStore::writeFrame(const Bytes& frame) {
    const Current& current = *m_current;
    const int fd = current.file->get();
    if (m_tailDirty && m_disk.ftruncate(fd, static_cast<off_t>(current.end)) != 0)
        return failed(diskError(errno, "cut", current.path));
    m_tailDirty = false;
    const BytesView bytes(frame);
    // The header last: until then a reader sees that the block is not finished.
    Status written = writeFully(m_disk, fd, bytes.substr(protocol::kLedgerFrameHeaderBytes),
                                current.end + protocol::kLedgerFrameHeaderBytes, current.path);
    if (written.ok())
        written = writeFully(m_disk, fd, bytes.substr(0, protocol::kLedgerFrameHeaderBytes),
                             current.end, current.path);
    if (!written.ok()) {
        m_tailDirty = m_disk.ftruncate(fd, static_cast<off_t>(current.end)) != 0;
        return failed(std::move(written));
    }
    // A second sync may say that all is well although it is not.
    return m_disk.fdatasync(fd) == 0 ? absl::OkStatus() : failed(syncError(errno, current.path));
}

Status FileBlockStore::append(const protocol::Block& block) {
    if (!m_broken.ok()) return m_broken;
    RETURN_IF_ERROR(checkNext(block));
    const std::uint64_t maxFile = std::max<std::uint64_t>(m_options.maxFileBytes, 1);
    Bytes frame;
    if (m_current) frame = protocol::encodeLedgerFrame(m_current->header, block);
    const bool isFull =
        m_current && !m_current->offsets.empty() && m_current->end + frame.size() > maxFile;
    if (!m_current || isFull) {
        RETURN_IF_ERROR(beginFile(block.number()));
        frame = protocol::encodeLedgerFrame(m_current->header, block);
    }
    if (frame.size() - protocol::kLedgerFrameHeaderBytes > protocol::kMaxLedgerPayload)
        return makeError(StatusCode::kInvalidArgument, "BLOCK_TOO_LARGE",
                         fmt::format("block {} has {} bytes", block.number(), frame.size()));
    RETURN_IF_ERROR(writeFrame(frame));
    Bytes hash = block.header().hash();
    {
        const std::unique_lock lock(m_mutex);
        m_current->offsets.push_back(m_current->end);
        m_current->end += frame.size();
        m_lastHash = std::move(hash);
        remember(block, frame.size());
        m_height.store(block.number() + 1, std::memory_order_release);
    }
    m_listeners.tell(block.number() + 1);
    return absl::OkStatus();
}

void FileBlockStore::remember(const protocol::Block& block, std::size_t bytes) {
    m_recent.emplace_back(block, bytes);
    m_recentBytes += bytes;
    while (m_recent.size() > 1 &&
           (m_recent.size() > kRecentBlocks || m_recentBytes > kRecentBytes)) {
        m_recentBytes -= m_recent.front().second;
        m_recent.pop_front();
    }
}

Result<FileBlockStore::OlderPtr> FileBlockStore::older(const fs::path& path,
                                                       BlockNumber next) const {
    if (auto known = m_older.find(path.string())) return *std::move(known);
    auto handle = std::make_shared<OlderHandle>();
    ASSIGN_OR_RETURN(handle->content, scanOlderFile(path, next));
    Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!file) return diskError(errno, "open", path);
    handle->file = std::make_shared<const Descriptor>(std::move(file));
    m_older.insert(path.string(), handle);
    return OlderPtr(handle);
}

Result<FileBlockStore::Place> FileBlockStore::placeOf(BlockNumber number) const {
    fs::path path;
    BlockNumber next = 0;
    {
        const std::shared_lock lock(m_mutex);
        if (m_current && number >= m_current->header.firstBlock) {
            const Current& current = *m_current;
            const auto index = static_cast<std::size_t>(number - current.header.firstBlock);
            const std::uint64_t offset = current.offsets[index];
            const std::uint64_t end =
                index + 1 < current.offsets.size() ? current.offsets[index + 1] : current.end;
            return Place{current.path, current.file, current.header, offset, end - offset};
        }
        const auto behind = m_files.upper_bound(number);
        next = behind->first;
        path = std::prev(behind)->second;
    }
    ASSIGN_OR_RETURN(const OlderPtr file, older(path, next));
    const OlderFile& content = file->content;
    const auto index = static_cast<std::size_t>(number - content.header.firstBlock);
    const std::uint64_t end =
        index + 1 < content.offsets.size() ? content.offsets[index + 1] : content.size;
    return Place{path, file->file, content.header, content.offsets[index],
                 end - content.offsets[index]};
}

Result<protocol::Block> FileBlockStore::readAt(const Place& place, BlockNumber number) {
    Bytes frame(place.size, '\0');
    for (std::size_t done = 0; done < frame.size();) {
        const ssize_t got = ::pread(place.file->get(), frame.data() + done, frame.size() - done,
                                    static_cast<off_t>(place.offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return diskError(errno, "read", place.path);
        if (got == 0)
            return badLedgerFile(place.path, place.offset,
                                 "the file has become shorter while it was in use");
        done += static_cast<std::size_t>(got);
    }
    const protocol::SharedBytes shared(std::move(frame));
    const auto header = protocol::decodeLedgerFrameHeader(place.header, shared.view());
    const BytesView payload = shared.view().substr(protocol::kLedgerFrameHeaderBytes);
    if (!header || header->number != number || !protocol::isIntact(*header, payload))
        return badLedgerFile(place.path, place.offset,
                             fmt::format("block {} has changed since it was written", number));
    auto block = protocol::decodeBlockRecord(shared.slice(payload));
    if (!block.ok() || block->number() != number)
        return badLedgerFile(place.path, place.offset,
                             fmt::format("block {} does not stand there any more", number));
    return block;
}

Result<protocol::Block> FileBlockStore::read(BlockNumber number) const {
    {
        const std::shared_lock lock(m_mutex);
        const BlockNumber first = m_files.empty() ? m_height.load() : m_files.begin()->first;
        if (number < first || number >= height()) return noSuchBlock(number, first, height());
        const BlockNumber firstRecent = height() - m_recent.size();
        if (number >= firstRecent)
            return m_recent[static_cast<std::size_t>(number - firstRecent)].first;
    }
    ASSIGN_OR_RETURN(const Place place, placeOf(number));
    return readAt(place, number);
}

Result<std::unique_ptr<BlockStore>> BlockStore::open(const std::filesystem::path& folder,
                                                     const BlockStoreOptions& options) {
    auto store = std::make_unique<FileBlockStore>(folder, options);
    RETURN_IF_ERROR(store->open());
    return store;
}

}  // namespace chancery::node
