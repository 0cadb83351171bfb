#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "src/base/Status.h"
#include "src/protocol/BlockFile.h"
#include "src/protocol/SharedBytes.h"

namespace chancery::protocol {

struct BlockFolderEntry {
    std::filesystem::path path;
    std::uint64_t size = 0;
};

/// The files of a folder that hold blocks, in the order of the blocks. Errors as openBlocks.
Result<std::vector<BlockFolderEntry>> listBlockFolder(const std::filesystem::path& folder);

/// A file's bytes, unpacked when it is compressed. Errors name the file.
Result<SharedBytes> loadBlockBytes(const std::filesystem::path& path);
Result<SharedBytes> unpackBlockBytes(const std::string& name, SharedBytes bytes);

/// The blocks of one file. Copies are independent positions in the same bytes.
class FileBlocks {
public:
    /// Tells one block from a block file by the content; the name decides only what neither can be.
    static Result<FileBlocks> open(const std::filesystem::path& path);
    static FileBlocks of(std::string name, SharedBytes bytes);

    /// See BlockSource::next; the position stays at the fault.
    Result<std::optional<SourcedBlock>> next();
    std::uint64_t position() const { return m_at; }
    /// Goes on behind a block that was read before: the position that was told then. Nothing
    /// changes when the bytes are fewer.
    void seek(std::uint64_t position) {
        if (position <= m_bytes.size()) m_at = position;
    }
    std::uint64_t size() const { return m_bytes.size(); }

private:
    enum class Kind { Single, Records, Ledger };
    FileBlocks(std::string file, SharedBytes bytes, Kind kind);
    bool beginsWithRecord() const;
    Result<std::optional<SourcedBlock>> single();
    Result<std::optional<SourcedBlock>> record();
    Result<std::optional<SourcedBlock>> frame();
    bool hasGrown() const;

    std::string m_file;
    SharedBytes m_bytes;
    Kind m_kind;
    std::uint64_t m_at = 0;
};

}  // namespace chancery::protocol
