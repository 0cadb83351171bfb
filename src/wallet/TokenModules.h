#pragma once

#include <memory>
#include <string>
#include <vector>

#include "src/crypto/Token.h"
#include "src/wallet/Vault.h"

namespace chancery::wallet {

/// The PKCS#11 modules that the owner of a workspace has approved, each with the SHA-256 it had
/// then: nothing else is loaded. Sealed, so that nobody adds one who cannot unlock it. Thread-safe.
class TokenModules {
public:
    explicit TokenModules(std::shared_ptr<Vault> vault) : m_vault(std::move(vault)) {}

    Result<std::vector<crypto::TokenModule>> list() const;
    /// From now on this very file may be loaded; again for a file that has changed. Errors of
    /// crypto::inspectTokenModule.
    Result<crypto::TokenModule> approve(const std::filesystem::path& path);
    /// NOT_FOUND (TOKEN_MODULE_UNKNOWN).
    Status withdraw(const std::filesystem::path& path);

    /// PERMISSION_DENIED (TOKEN_MODULE_UNKNOWN) when it is not approved; errors of
    /// crypto::TokenLibrary::load.
    Result<std::shared_ptr<crypto::TokenLibrary>> load(const std::filesystem::path& path) const;
    /// Logged in with the PIN that Options::pin gives, until the workspace locks. Errors of load,
    /// Token::open and Token::login; FAILED_PRECONDITION (TOKEN_LOCKED) when nobody can be asked.
    Result<std::shared_ptr<crypto::Token>> open(const std::filesystem::path& path,
                                                const crypto::TokenName& name) const;

private:
    Status save(const std::vector<crypto::TokenModule>& modules);

    std::shared_ptr<Vault> m_vault;
};

}  // namespace chancery::wallet
