#pragma once

#include <memory>

#include "src/wallet/IdentityStore.h"
#include "src/wallet/Import.h"
#include "src/wallet/KeyStore.h"
#include "src/wallet/SecretKeeper.h"
#include "src/wallet/TokenModules.h"
#include "src/wallet/Vault.h"

namespace chancery::wallet {

/// A workspace's keys and identities, in a folder of its owner; docs/wallet.md describes the files.
/// What signs is handed out as SigningIdentity and Signer and stops signing when the workspace
/// locks. Thread-safe.
class Wallet {
public:
    /// Errors of Vault::create and Vault::open.
    static Result<std::unique_ptr<Wallet>> create(const std::filesystem::path& folder,
                                                  BytesView passphrase, Options options = {});
    static Result<std::unique_ptr<Wallet>> open(const std::filesystem::path& folder,
                                                Options options = {});

    const std::string& id() const { return m_vault->header().id; }
    const std::filesystem::path& folder() const { return m_vault->folder().path(); }
    /// Locking, unlocking, another passphrase, the audit log.
    Vault& vault() { return *m_vault; }
    Status unlockWith(SecretKeeper& keeper);

    KeyStore& keys() { return m_keys; }
    IdentityStore& identities() { return m_identities; }
    TokenModules& modules() { return m_modules; }

private:
    explicit Wallet(std::shared_ptr<Vault> vault);

    std::shared_ptr<Vault> m_vault;
    TokenModules m_modules;
    KeyStore m_keys;
    IdentityStore m_identities;
};

}  // namespace chancery::wallet
