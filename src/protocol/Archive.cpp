#include "src/protocol/Archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace chancery::protocol {
namespace {

constexpr std::uint64_t kFreeRatioBytes = 1U << 20;

struct ReadCloser {
    void operator()(archive* a) const { archive_read_free(a); }
};
struct WriteCloser {
    void operator()(archive* a) const { archive_write_free(a); }
};
struct EntryCloser {
    void operator()(archive_entry* e) const { archive_entry_free(e); }
};
using ReadHandle = std::unique_ptr<archive, ReadCloser>;

Status refuse(std::string_view reason, std::string_view what, std::string_view sentence) {
    return makeError(StatusCode::kInvalidArgument, reason, fmt::format("{}: {}", what, sentence),
                     {{"archive", std::string(what)}});
}

Status exhausted(std::string_view reason, std::string_view what, std::string_view sentence,
                 std::uint64_t limit) {
    return makeError(StatusCode::kResourceExhausted, reason, fmt::format("{}: {}", what, sentence),
                     {{"archive", std::string(what)}, {"limit", fmt::to_string(limit)}});
}

/// The library tells a cut stream from a garbled one in words only.
Status libraryFailure(archive* a, std::string_view what) {
    const char* const text = archive_error_string(a);
    const std::string_view words = text != nullptr ? text : "unreadable";
    const bool cut = words.find("runcated") != std::string_view::npos;
    return refuse(cut ? "TRUNCATED" : "BAD_ARCHIVE", what, words);
}

Status checkGzip(BytesView bytes, std::string_view what) {
    constexpr std::size_t kSmallestHeader = 10;
    if (looksLikeGzip(bytes))
        return bytes.size() < kSmallestHeader ? refuse("TRUNCATED", what, "ends in its header")
                                              : Status();
    if (bytes.size() < kSmallestHeader) return refuse("TRUNCATED", what, "is too short");
    return refuse("NOT_GZIP", what, "is not compressed with gzip");
}

/// Counts unpacked bytes against the limits.
Status checkUnpacked(std::uint64_t unpacked, std::uint64_t packed, const ArchiveLimits& limits,
                     std::string_view what) {
    if (unpacked > limits.maxUnpackedBytes)
        return exhausted("UNPACKS_TOO_LARGE", what, "unpacks to more than is allowed",
                         limits.maxUnpackedBytes);
    if (unpacked > kFreeRatioBytes &&
        unpacked / std::max<std::uint64_t>(limits.maxRatio, 1) > packed)
        return exhausted("UNPACKS_TOO_LARGE", what, "unpacks to suspiciously much",
                         limits.maxRatio);
    return {};
}

ReadHandle openGzip(BytesView bytes, bool tar) {
    ReadHandle a(archive_read_new());
    archive_read_support_filter_gzip(a.get());
    if (tar)
        archive_read_support_format_tar(a.get());
    else
        archive_read_support_format_raw(a.get());
    // A failure here shows at the first header.
    archive_read_open_memory(a.get(), bytes.data(), bytes.size());
    return a;
}

/// The library reads what is no gzip stream after all as it stands.
Status checkUnzipped(archive* a, std::string_view what) {
    if (archive_filter_code(a, 0) == ARCHIVE_FILTER_GZIP) return {};
    return refuse("BAD_ARCHIVE", what, "is not compressed with gzip, although it begins so");
}

std::string nameOf(archive_entry* entry) {
    if (const char* name = archive_entry_pathname(entry)) return name;
    if (const char* name = archive_entry_pathname_utf8(entry)) return name;
    return {};
}

}  // namespace

bool looksLikeGzip(BytesView bytes) {
    return bytes.starts_with("\x1f\x8b\x08");
}

Result<Bytes> gunzip(BytesView bytes, const ArchiveLimits& limits) {
    constexpr std::string_view kWhat = "gzip stream";
    RETURN_IF_ERROR(checkGzip(bytes, kWhat));
    const ReadHandle a = openGzip(bytes, false);
    archive_entry* entry = nullptr;
    const int first = archive_read_next_header(a.get(), &entry);
    if (first == ARCHIVE_EOF) return Bytes();
    if (first < ARCHIVE_WARN) return libraryFailure(a.get(), kWhat);
    RETURN_IF_ERROR(checkUnzipped(a.get(), kWhat));
    Bytes out;
    char buffer[1U << 16];
    while (true) {
        const la_ssize_t count = archive_read_data(a.get(), buffer, sizeof buffer);
        if (count < 0) return libraryFailure(a.get(), kWhat);
        if (count == 0) return out;
        RETURN_IF_ERROR(checkUnpacked(out.size() + static_cast<std::size_t>(count), bytes.size(),
                                      limits, kWhat));
        out.append(buffer, static_cast<std::size_t>(count));
    }
}

struct TarGzReader::State {
    ReadHandle handle;
    std::string what;
    ArchiveLimits limits;
    std::uint64_t packed = 0;
    std::uint64_t unpacked = 0;
    std::size_t entries = 0;
    std::uint64_t entrySize = 0;
};

TarGzReader::TarGzReader(BytesView bytes, std::string what, const ArchiveLimits& limits)
    : m_state(new State{openGzip(bytes, true), std::move(what), limits, bytes.size()}) {}
TarGzReader::TarGzReader(TarGzReader&&) noexcept = default;
TarGzReader::~TarGzReader() = default;

Result<TarGzReader> TarGzReader::open(BytesView bytes, std::string what,
                                      const ArchiveLimits& limits) {
    RETURN_IF_ERROR(checkGzip(bytes, what));
    return TarGzReader(bytes, std::move(what), limits);
}

Status TarGzReader::failure() const {
    return libraryFailure(m_state->handle.get(), m_state->what);
}

Status TarGzReader::charge(std::uint64_t bytes) {
    // Sizes come from hostile headers, so the sum must not wrap.
    if (bytes > m_state->limits.maxUnpackedBytes) bytes = m_state->limits.maxUnpackedBytes + 1;
    m_state->unpacked += bytes;
    return checkUnpacked(m_state->unpacked, m_state->packed, m_state->limits, m_state->what);
}

Result<std::optional<TarGzReader::Entry>> TarGzReader::next() {
    archive_entry* found = nullptr;
    const int result = archive_read_next_header(m_state->handle.get(), &found);
    if (result == ARCHIVE_EOF) return std::optional<Entry>();
    if (result < ARCHIVE_WARN) return failure();
    RETURN_IF_ERROR(checkUnzipped(m_state->handle.get(), m_state->what));
    if (++m_state->entries > m_state->limits.maxEntries)
        return exhausted("TOO_MANY_ENTRIES", m_state->what, "has too many entries",
                         m_state->limits.maxEntries);
    Entry out;
    out.name = nameOf(found);
    if (out.name.empty()) return refuse("BAD_ARCHIVE", m_state->what, "has an entry without name");
    const la_int64_t size = archive_entry_size(found);
    out.size = size > 0 ? static_cast<std::uint64_t>(size) : 0;
    out.mode = archive_entry_perm(found);
    out.isFolder = archive_entry_filetype(found) == AE_IFDIR;
    out.isRegular =
        archive_entry_filetype(found) == AE_IFREG && archive_entry_hardlink(found) == nullptr;
    m_state->entrySize = out.size;
    RETURN_IF_ERROR(charge(out.size));  // before anything of it is unpacked or skipped
    return std::optional<Entry>(std::move(out));
}

Result<Bytes> TarGzReader::content(std::uint64_t maxBytes) {
    if (m_state->entrySize > maxBytes)
        return exhausted("PACKAGE_TOO_LARGE", m_state->what, "has an entry larger than is allowed",
                         maxBytes);
    Bytes out(m_state->entrySize, '\0');
    std::size_t filled = 0;
    while (filled < out.size()) {
        const la_ssize_t count =
            archive_read_data(m_state->handle.get(), out.data() + filled, out.size() - filled);
        if (count < 0) return failure();
        if (count == 0) return refuse("TRUNCATED", m_state->what, "ends inside an entry");
        filled += static_cast<std::size_t>(count);
    }
    return out;
}

namespace {

la_ssize_t appendTo(archive*, void* out, const void* bytes, std::size_t count) {
    static_cast<Bytes*>(out)->append(static_cast<const char*>(bytes), count);
    return static_cast<la_ssize_t>(count);
}

}  // namespace

Result<Bytes> writeTarGz(const std::vector<ArchiveFile>& files) {
    Bytes out;
    const std::unique_ptr<archive, WriteCloser> a(archive_write_new());
    const auto failed = [&a] {
        const char* const text = archive_error_string(a.get());
        return makeError(StatusCode::kInternal, "ARCHIVE_WRITE", text != nullptr ? text : "failed");
    };
    archive_write_add_filter_gzip(a.get());
    archive_write_set_options(a.get(), "gzip:!timestamp");
    archive_write_set_format_pax_restricted(a.get());
    archive_write_set_bytes_in_last_block(a.get(), 1);
    if (archive_write_open(a.get(), &out, nullptr, appendTo, nullptr) != ARCHIVE_OK)
        return failed();
    for (const ArchiveFile& file : files) {
        const std::unique_ptr<archive_entry, EntryCloser> entry(archive_entry_new());
        archive_entry_set_pathname(entry.get(), file.name.c_str());
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.content.size()));
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_perm(entry.get(), 0644);
        archive_entry_set_mtime(entry.get(), 0, 0);
        if (archive_write_header(a.get(), entry.get()) != ARCHIVE_OK) return failed();
        const la_ssize_t written =
            archive_write_data(a.get(), file.content.data(), file.content.size());
        if (written != static_cast<la_ssize_t>(file.content.size())) return failed();
    }
    if (archive_write_close(a.get()) != ARCHIVE_OK) return failed();
    return out;
}

}  // namespace chancery::protocol
