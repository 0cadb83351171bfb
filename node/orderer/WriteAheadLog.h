#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "node/ledger/Disk.h"
#include "src/base/Bytes.h"
#include "src/base/Descriptor.h"
#include "src/base/Status.h"

namespace chancery::node {

/// What a consenter has acknowledged and perhaps not yet written into a block. Records are numbered
/// from 1 without a gap. All that one append() brings is one frame with one check and one sync, so
/// that after a crash it is there whole or not at all:
///
///   file header, 32 bytes: magic "CHORDLOG" · version u32 (1) · 0 u32 · salt u64 ·
///     CRC-32C of the 24 bytes before u32 · 0 u32
///   frame header, 32 bytes: magic u32 · payload bytes u32 · first number u64 · records u32 · 0 u32
///     · header check u32 (CRC-32C of salt and the 24 bytes before) · payload check u32 (going on
///     from the header check)
///   payload: for each record: kind u8 (1 configuration) · length u32 · bytes; then zeros up to a
///     multiple of 8
///
/// Integers are little-endian. The salt is new each time that a file is used again, so what it held
/// before cannot pass for a frame. Files are allocated ahead: a sync then writes data alone. One
/// thread.
class WriteAheadLog {
public:
    struct Options {
        Disk* disk = nullptr;  ///< null: the system
        std::uint64_t fileBytes = 4U << 20;
    };
    struct Record {
        std::uint64_t number = 0;
        bool isConfig = false;
        Bytes bytes;
    };
    /// What to append.
    struct Entry {
        bool isConfig = false;
        BytesView bytes;
    };
    /// An unfinished frame at the end of the newest file that was passed over.
    struct Torn {
        std::string file;
        std::uint64_t offset = 0;
    };

    /// Makes the folder when it is missing. `released` is the last record that is needed no more.
    /// DATA_LOSS (BAD_ORDER_LOG) with `file` and `offset` for damage before the end, or (LOG_GAP)
    /// when records behind `released` are missing.
    static Result<std::unique_ptr<WriteAheadLog>> open(const std::filesystem::path& folder,
                                                       std::uint64_t released,
                                                       const Options& options);

    /// Records behind `released` that were there when it was opened, once.
    std::vector<Record> takeReplay() { return std::move(m_replay); }
    const std::optional<Torn>& torn() const { return m_torn; }
    /// Number of the next record.
    std::uint64_t next() const { return m_next; }

    /// Makes the file that the first append needs, for that costs time. Errors as append.
    Status prepare() { return m_current ? absl::OkStatus() : beginFile(); }

    /// Durable when it returns; gives the number of the first one. RESOURCE_EXHAUSTED (DISK_FULL),
    /// after which the log is as before; DATA_LOSS (STORE_IO_ERROR), after which every append is
    /// refused.
    Result<std::uint64_t> append(std::span<const Entry> entries);
    /// Records up to this one are needed no more.
    void release(std::uint64_t number);

private:
    struct File {
        std::filesystem::path path;
        std::uint64_t sequence = 0;  ///< in its name
        std::uint64_t last = 0;      ///< record; 0: none
    };
    struct Current {
        Descriptor file;
        std::uint64_t salt = 0;
        std::uint64_t end = 0;   ///< where the next frame goes
        std::uint64_t size = 0;  ///< allocated
    };

    WriteAheadLog(std::filesystem::path folder, const Options& options);

    Status openFiles(std::uint64_t released);
    Status readFile(File& file, bool isNewest, std::uint64_t released);
    Status readFrame(const File& file, BytesView payload, std::uint64_t first, std::uint32_t count,
                     std::uint64_t released);
    Status beginFile();
    Result<Current> prepareSpare(const std::filesystem::path& spare);

    const std::filesystem::path m_folder;
    Disk& m_disk;
    const std::uint64_t m_fileBytes;
    std::deque<File> m_files;  ///< oldest first; the last one is written
    bool m_hasSpare = false;   ///< a file that may be used again
    std::optional<Current> m_current;
    std::vector<Record> m_replay;
    std::optional<Torn> m_torn;
    std::uint64_t m_next = 1;
    Status m_broken;
};

}  // namespace chancery::node
