#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "src/interfaces/KeyVault.h"
#include "src/wallet/Wallet.h"

namespace chancery::wallet {

/// A workspace of keys as the console shows it, in a folder that need not be there yet. With a
/// keychain (Options::keychain) its passphrase and keys can be kept there.
class ConsoleVault final : public interfaces::KeyVault {
public:
    ConsoleVault(std::filesystem::path folder, Options options);

    Result<interfaces::VaultView> view() override;
    Status create(BytesView passphrase) override;
    Status unlock(BytesView passphrase) override;
    Status unlockAndRemember(BytesView passphrase) override;
    Status unlockRemembered() override;
    Status forget() override;
    Status lock() override;
    Status moveKey(const std::string& id, interfaces::VaultKey::Place place) override;

private:
    /// Opens it when that was not done yet. NOT_FOUND (NO_WALLET).
    Result<std::shared_ptr<Wallet>> wallet();
    Result<SecretKeeper*> keychain() const;

    const std::filesystem::path m_folder;
    const Options m_options;
    std::mutex m_mutex;  ///< of the pointer only; nothing waits while it is held but the disk
    std::shared_ptr<Wallet> m_wallet;
};

}  // namespace chancery::wallet
