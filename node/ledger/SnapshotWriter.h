#pragma once

#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/crypto/Digest.h"
#include "src/protocol/Snapshot.h"

namespace chancery::node {

/// Writes one data or metadata file of a snapshot: a format byte, then numbers and length-prefixed
/// bytes. The file must be new.
class SnapshotFileWriter {
public:
    static Result<SnapshotFileWriter> create(const std::filesystem::path& file);

    void number(std::uint64_t value);
    void bytes(BytesView value);
    /// Makes it durable; gives the SHA-256 of its content. Errors as diskError.
    Result<Bytes> finish();

private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    explicit SnapshotFileWriter(std::filesystem::path file) : m_path(std::move(file)) {}
    void flushIfLong();
    void flush();

    std::filesystem::path m_path;
    std::unique_ptr<std::FILE, Close> m_file;
    Bytes m_buffer;
    crypto::Hasher m_hasher;
    int m_error = 0;
};

/// The two JSON files of a snapshot exactly as Fabric writes them; fills in the snapshot hash.
Status writeSnapshotInfo(const std::filesystem::path& folder, protocol::SnapshotInfo& info);

}  // namespace chancery::node
