#pragma once

#include <filesystem>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::usecase {

/// A file that is written piece by piece: created exclusively with mode 0600, links are not
/// followed, and gone again unless finish() succeeds. One thread at a time.
class NewFile {
public:
    /// ALREADY_EXISTS and the other errors of the system as FILE_ERROR.
    static Result<NewFile> create(std::filesystem::path path);
    NewFile(NewFile&& other) noexcept;
    NewFile& operator=(NewFile&& other) noexcept;
    ~NewFile();

    Status write(BytesView bytes);
    /// Keeps the file; with `sync` everything is on the disk afterwards.
    Status finish(bool sync = true);
    std::uint64_t size() const { return m_size; }

private:
    NewFile(std::filesystem::path path, int descriptor)
        : m_path(std::move(path)), m_descriptor(descriptor) {}
    Status flush();

    std::filesystem::path m_path;
    int m_descriptor = -1;
    Bytes m_buffer;
    std::uint64_t m_size = 0;
};

/// Marks an error as one of the output: it gets the argument `writing`. OK stays OK.
Status writing(const Status& status);

}  // namespace chancery::usecase
