#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "src/base/Bytes.h"
#include "src/base/Descriptor.h"
#include "src/base/Status.h"

namespace chancery::node {

/// The file that every certificate of a CA is written to before its row is: a line each, "CRC32C
/// JSON" with id, profile and certificate. A database that was lost or taken back is made whole
/// from it. One process at a time; one thread at a time.
class IssueLog {
public:
    struct Entry {
        std::string id;
        std::string profile;
        Bytes der;
    };

    /// Made when missing, 0600. A last line that was not written whole is cut off. UNAVAILABLE
    /// (CA_IN_USE) when another process has it; INTERNAL (FILE_ERROR).
    static Result<std::unique_ptr<IssueLog>> open(const std::filesystem::path& path);

    std::uint64_t size() const { return m_size; }
    /// Where the log ends behind the entry. It survives the end of this process at any moment.
    Result<std::uint64_t> append(const Entry& entry);
    /// Takes back what was appended behind `size`, for a row that could not be written.
    Status shorten(std::uint64_t size);
    /// Entries from an offset on, with where each of them ends. DATA_LOSS (ISSUE_LOG_DAMAGED) names
    /// the offset.
    Status readFrom(std::uint64_t offset,
                    const std::function<Status(Entry&&, std::uint64_t end)>& take) const;

private:
    IssueLog(std::filesystem::path path, Descriptor file, std::uint64_t size)
        : m_path(std::move(path)), m_file(std::move(file)), m_size(size) {}

    const std::filesystem::path m_path;
    const Descriptor m_file;
    std::uint64_t m_size;
};

}  // namespace chancery::node
