#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery {

/// Reads a whole regular file. NOT_FOUND, PERMISSION_DENIED, or RESOURCE_EXHAUSTED (reason
/// FILE_TOO_LARGE) before any allocation when it is larger than `maxBytes`. The error names the
/// file.
Result<Bytes> readFile(const std::filesystem::path& path, std::uint64_t maxBytes = 256U << 20);

/// Bytes [offset, offset + size) of a regular file. OUT_OF_RANGE (FILE_TOO_SHORT) when it ends
/// before.
Result<Bytes> readFileRange(const std::filesystem::path& path, std::uint64_t offset,
                            std::size_t size);

/// Writes beside the target, syncs, renames over it and syncs the directory: after a crash there is
/// the old file or the new one. `mode` is the permission of the new file (0600 for anything
/// secret). Never follows a link at `path`.
Status writeFileAtomically(const std::filesystem::path& path, BytesView bytes,
                           unsigned mode = 0644);

/// Creates the file; ALREADY_EXISTS when anything is there, links included.
Status writeNewFile(const std::filesystem::path& path, BytesView bytes, unsigned mode = 0644);

/// Read-only mapping of a regular file, for files too large to copy. The bytes stay valid as long
/// as the object.
class MappedFile {
public:
    static Result<MappedFile> open(const std::filesystem::path& path);
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();

    BytesView bytes() const { return {m_data, m_size}; }

private:
    MappedFile(const char* data, std::size_t size) : m_data(data), m_size(size) {}
    const char* m_data = nullptr;
    std::size_t m_size = 0;
};

}  // namespace chancery
