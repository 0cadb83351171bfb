#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::node {

/// Seam for what a block store changes on disk: the system calls of the same names, with their
/// results and errno, so that a test can make the n-th of them fail. Thread-safe.
class Disk {
public:
    virtual ~Disk() = default;

    /// Opens for reading and writing; makes the file (0600) when `create`, and empties it then.
    virtual int open(const std::filesystem::path& file, bool create) = 0;
    virtual ssize_t pwrite(int fd, const void* bytes, std::size_t size, off_t offset) = 0;
    virtual int fdatasync(int fd) = 0;
    virtual int fsync(int fd) = 0;
    virtual int ftruncate(int fd, off_t size) = 0;
    virtual int unlink(const std::filesystem::path& file) = 0;

    static Disk& system();
};

/// What errno says about a file: RESOURCE_EXHAUSTED (DISK_FULL), which may be tried again, or
/// DATA_LOSS (STORE_IO_ERROR). Both carry `file` and `errno`.
Status diskError(int error, std::string_view doing, const std::filesystem::path& file);

/// The error of a sync, which is final whatever its number: what is on disk is not known any more.
Status syncError(int error, const std::filesystem::path& file);

/// All bytes, whatever the pieces.
Status writeFully(Disk& disk, int fd, BytesView bytes, std::uint64_t offset,
                  const std::filesystem::path& file);
/// Makes names in a folder durable.
Status syncFolder(Disk& disk, const std::filesystem::path& folder);

}  // namespace chancery::node
