#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "src/base/Status.h"

namespace chancery::crypto {

/// A PKCS#11 module that somebody has approved: code that is loaded into this program and sees
/// PINs.
struct TokenModule {
    std::filesystem::path path;  ///< absolute, without links
    std::string sha256;          ///< of the file, hex

    friend bool operator==(const TokenModule&, const TokenModule&) = default;
};

/// What would be loaded from there, for approval; nothing is loaded. NOT_FOUND (NO_TOKEN_MODULE);
/// FAILED_PRECONDITION (TOKEN_MODULE_UNSAFE) when others than its owner can change the file or its
/// folder, or when the owner is neither root nor this user.
Result<TokenModule> inspectTokenModule(const std::filesystem::path& path);

/// A token as it describes itself.
struct TokenInfo {
    std::string label;
    std::string serial;
    std::string manufacturer;
    std::string model;
    std::uint64_t slot = 0;
    bool initialised = false;
    bool needsPin = false;
    bool writable = false;
    bool triesAreFew = false;  ///< a wrong PIN has been given since the last right one
    bool lastTry = false;      ///< one more wrong PIN locks it
    bool locked = false;       ///< by wrong PINs
};

/// A loaded module; one per file and program. Thread-safe.
class TokenLibrary {
public:
    /// NOT_FOUND and FAILED_PRECONDITION as inspectTokenModule; PERMISSION_DENIED
    /// (TOKEN_MODULE_CHANGED) when the file is not the approved one; FAILED_PRECONDITION
    /// (NOT_A_TOKEN_MODULE) when it is no PKCS#11 module or does not start.
    static Result<std::shared_ptr<TokenLibrary>> load(const TokenModule& approved);
    ~TokenLibrary();

    const TokenModule& module() const { return m_module; }
    /// Of all slots that have one, in the order of the slots.
    Result<std::vector<TokenInfo>> tokens() const;

    struct Functions;
    explicit TokenLibrary(TokenModule module);
    /// For the sources of this folder.
    const Functions& functions() const { return *m_functions; }

private:
    TokenModule m_module;
    std::unique_ptr<Functions> m_functions;
};

}  // namespace chancery::crypto
