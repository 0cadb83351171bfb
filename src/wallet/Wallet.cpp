#include "src/wallet/Wallet.h"

namespace chancery::wallet {

Wallet::Wallet(std::shared_ptr<Vault> vault)
    : m_vault(std::move(vault)),
      m_modules(m_vault),
      m_keys(m_vault, m_modules),
      m_identities(m_vault, m_keys) {}

Result<std::unique_ptr<Wallet>> Wallet::create(const std::filesystem::path& folder,
                                               BytesView passphrase, Options options) {
    ASSIGN_OR_RETURN(auto vault, Vault::create(folder, passphrase, std::move(options)));
    return std::unique_ptr<Wallet>(new Wallet(std::move(vault)));
}

Result<std::unique_ptr<Wallet>> Wallet::open(const std::filesystem::path& folder, Options options) {
    ASSIGN_OR_RETURN(auto vault, Vault::open(folder, std::move(options)));
    std::unique_ptr<Wallet> wallet(new Wallet(std::move(vault)));
    // What their readable parts say must make sense too, before anybody acts on it.
    for (const Status& status :
         {wallet->m_keys.list().status(), wallet->m_identities.list().status()})
        RETURN_IF_ERROR(status);
    return wallet;
}

Status Wallet::unlockWith(SecretKeeper& keeper) {
    ASSIGN_OR_RETURN(const crypto::Secret passphrase, keeper.read(id()));
    return m_vault->unlock(passphrase.view());
}

}  // namespace chancery::wallet
