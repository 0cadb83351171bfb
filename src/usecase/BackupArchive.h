#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Random.h"
#include "src/base/Status.h"
#include "src/crypto/Digest.h"
#include "src/crypto/Sealing.h"
#include "src/crypto/Secret.h"

namespace chancery::usecase {

/// One file of an archive.
struct ArchivedFile {
    std::string path;  ///< "nodes/peer0.org1.example.com/data/…"
    std::uint64_t bytes = 0;
    std::uint32_t mode = 0;
    std::string sha256;  ///< hex
};

/// An encrypted archive, written in one pass:
///
///   "CHANCERY BACKUP 1\n", cost of scrypt (log2N, r, p: a byte each), 16 bytes of salt,
///   then chunks: 4 bytes of length (big-endian), sealed bytes (AES-256-GCM).
///
/// The key comes from the passphrase by scrypt. Each chunk is sealed together with the hash of the
/// header, its number and whether it is the last one, so that nothing can be changed, left out, put
/// elsewhere or cut off. Inside stand records: 'F' file (JSON), 'D' bytes of it, 'E' its end
/// (SHA-256), 'M' manifest (JSON) as the last; each with 4 bytes of length.
inline constexpr std::string_view kBackupMagic = "CHANCERY BACKUP 1\n";
inline constexpr std::size_t kBackupChunk = 1U << 20;

class BackupWriter {
public:
    /// ALREADY_EXISTS, FILE_ERROR; errors of deriveKey. The file is made with 0600 and removed
    /// again unless finish() succeeds.
    static Result<std::unique_ptr<BackupWriter>> create(const std::filesystem::path& path,
                                                        BytesView passphrase,
                                                        crypto::ScryptCost cost = {},
                                                        Random& random = Random::system());
    ~BackupWriter();

    /// The files one after the other. INVALID_ARGUMENT (BAD_PATH).
    Status beginFile(const std::string& path, std::uint32_t mode);
    Status content(BytesView bytes);
    Status endFile();
    /// With the manifest's own facts (JSON); the files are added here.
    Status finish(const std::string& facts);

    const std::vector<ArchivedFile>& files() const { return m_files; }

private:
    BackupWriter(std::filesystem::path path, crypto::Secret key, Bytes header, Random& random);
    Status record(char type, BytesView bytes);
    Status flush(bool last);
    Status fileError(std::string_view what) const;

    const std::filesystem::path m_path;
    const crypto::Secret m_key;
    const Bytes m_headerHash;
    Random& m_random;
    std::ofstream m_out;
    Bytes m_buffer;
    std::uint64_t m_chunk = 0;
    std::vector<ArchivedFile> m_files;
    crypto::Hasher m_hasher;
    bool m_inFile = false;
    bool m_done = false;
};

/// Who takes what an archive holds, in its order.
class BackupVisitor {
public:
    virtual ~BackupVisitor() = default;
    virtual Status begin(const ArchivedFile& file) = 0;  ///< path and mode only
    virtual Status content(BytesView bytes) = 0;
    virtual Status end() = 0;
};

struct BackupManifest {
    std::string facts;  ///< as given to finish()
    std::vector<ArchivedFile> files;
};

/// Reads a whole archive and checks everything. UNAUTHENTICATED (BACKUP_BROKEN): the passphrase is
/// another, or a byte was changed; with `offset`. DATA_LOSS (BACKUP_INCOMPLETE): it ends too early
/// or has more behind its end. INVALID_ARGUMENT: NOT_A_BACKUP, BAD_KDF. Errors of the visitor. What
/// the visitor was given before an error is genuine, but not all.
Result<BackupManifest> readBackup(const std::filesystem::path& path, BytesView passphrase,
                                  BackupVisitor* visitor = nullptr);

/// Whether a path may stand in an archive: relative, "/" between names, no "." and no "..".
bool isArchivePath(std::string_view path);

}  // namespace chancery::usecase
