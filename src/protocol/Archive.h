#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

struct archive;
struct archive_entry;

namespace chancery::protocol {

/// What hostile compressed data may cost.
struct ArchiveLimits {
    std::uint64_t maxUnpackedBytes = 256U << 20;
    std::uint64_t maxRatio = 100;  ///< unpacked to packed, above the first MiB
    std::size_t maxEntries = 10'000;
};

bool looksLikeGzip(BytesView bytes);

/// The content of one gzip stream. INVALID_ARGUMENT: NOT_GZIP, TRUNCATED, BAD_ARCHIVE;
/// RESOURCE_EXHAUSTED: UNPACKS_TOO_LARGE.
Result<Bytes> gunzip(BytesView bytes, const ArchiveLimits& limits);

/// Reads a gzip-compressed tar from memory, entry by entry, within limits. Nothing touches the
/// disk.
class TarGzReader {
public:
    /// `what` names the archive in errors. Errors as gunzip, and TOO_MANY_ENTRIES.
    static Result<TarGzReader> open(BytesView bytes, std::string what, const ArchiveLimits& limits);
    TarGzReader(TarGzReader&&) noexcept;
    ~TarGzReader();

    struct Entry {
        std::string name;
        std::uint64_t size = 0;
        unsigned mode = 0;
        bool isFolder = false;
        bool isRegular = false;  ///< an ordinary file: no link, device, …
    };
    /// Nothing at the end.
    Result<std::optional<Entry>> next();
    /// Content of the current entry; RESOURCE_EXHAUSTED (PACKAGE_TOO_LARGE) when larger than
    /// `maxBytes`.
    Result<Bytes> content(std::uint64_t maxBytes);

private:
    TarGzReader(BytesView bytes, std::string what, const ArchiveLimits& limits);
    Status charge(std::uint64_t bytes);
    Status failure() const;

    struct State;
    std::unique_ptr<State> m_state;
};

struct ArchiveFile {
    std::string name;
    BytesView content;
};
/// Files as gzip-compressed tar that depends on names and contents only. INTERNAL when the library
/// fails.
Result<Bytes> writeTarGz(const std::vector<ArchiveFile>& files);

}  // namespace chancery::protocol
