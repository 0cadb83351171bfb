#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Descriptor.h"
#include "src/base/Status.h"

namespace chancery::wallet {

/// The folder of a workspace and the files in it, by names such as "keys/….key". Refuses whatever
/// others than its owner can read or change: FAILED_PRECONDITION (WALLET_MODE) names the file and
/// what to do.
class WalletFolder {
public:
    /// Makes the folder (0700) or takes an empty one of its owner. ALREADY_EXISTS (WALLET_EXISTS).
    static Result<WalletFolder> create(const std::filesystem::path& path);
    /// NOT_FOUND (NO_WALLET); WALLET_MODE for any file in it.
    static Result<WalletFolder> open(const std::filesystem::path& path);

    const std::filesystem::path& path() const { return m_path; }
    std::filesystem::path pathOf(const std::string& name) const { return m_path / name; }

    /// NOT_FOUND (FILE_ERROR) and the like; WALLET_MODE.
    Result<Bytes> read(const std::string& name, std::uint64_t mostBytes) const;
    bool has(const std::string& name) const;
    /// Old or new content after a crash, never a mixture; mode 0600.
    Status write(const std::string& name, BytesView bytes) const;
    /// Adds to the end and syncs. `expectedSize` is that before; what stands behind is cut off.
    Status append(const std::string& name, BytesView bytes, std::uint64_t expectedSize) const;
    Status remove(const std::string& name) const;
    /// Names in a subfolder with this ending, sorted. RESOURCE_EXHAUSTED (WALLET_TOO_LARGE).
    Result<std::vector<std::string>> list(const std::string& subfolder,
                                          std::string_view ending) const;
    /// Waits for other processes that write; gone, they may. Also clears what a killed writer left.
    Result<Descriptor> exclusive() const;
    /// Who wrote a file last, as a number that changes with every write; 0: no such file.
    std::uint64_t markOf(const std::string& name) const;

    /// Called before every change of the disk: where tests let the program die.
    std::function<void(const std::string& name)> beforeChange;

private:
    explicit WalletFolder(std::filesystem::path path) : m_path(std::move(path)) {}
    Status checkAll() const;

    std::filesystem::path m_path;
};

}  // namespace chancery::wallet
