#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/protocol/BlockFile.h"
#include "src/protocol/LedgerFile.h"

namespace chancery::index {

/// Behind the last block that is to be kept.
struct LogEnd {
    std::filesystem::path file;
    std::uint64_t offset = 0;
};

/// Ledger files (see protocol/LedgerFile.h) of one folder that blocks are appended to. Only the
/// owner may read them. One thread at a time.
class BlockLog {
public:
    /// Everything behind `end` is cut off; without an end all files go. `next` is the number of the
    /// block that comes.
    static Result<std::unique_ptr<BlockLog>> open(const std::filesystem::path& folder,
                                                  const std::optional<LogEnd>& end,
                                                  BlockNumber next);
    ~BlockLog();

    /// Readable by others at once, on the disk after sync(). Errors: FILE_ERROR.
    Result<protocol::SourcedBlock> append(const protocol::Block& block);
    Status sync();

private:
    explicit BlockLog(std::filesystem::path folder) : m_folder(std::move(folder)) {}
    Status goOn(const LogEnd& end);
    Status beginFile(BlockNumber first);
    Status write(BytesView bytes);
    Status failed(std::string_view doing) const;

    std::filesystem::path m_folder;
    std::filesystem::path m_path;  // of the file that is appended to
    protocol::LedgerFileHeader m_header;
    std::uint64_t m_size = 0;
    int m_file = -1;
    bool m_dirty = false;
};

/// The files of such a folder in the order of their blocks; none when it is not there.
std::vector<std::filesystem::path> listLog(const std::filesystem::path& folder);

}  // namespace chancery::index
