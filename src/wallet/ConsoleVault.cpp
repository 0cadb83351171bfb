#include "src/wallet/ConsoleVault.h"

#include <fmt/format.h>

namespace chancery::wallet {

using interfaces::VaultKey;
using interfaces::VaultView;

ConsoleVault::ConsoleVault(std::filesystem::path folder, Options options)
    : m_folder(std::move(folder)), m_options(std::move(options)) {}

Result<std::shared_ptr<Wallet>> ConsoleVault::wallet() {
    const std::lock_guard hold(m_mutex);
    if (m_wallet) return m_wallet;
    ASSIGN_OR_RETURN(std::shared_ptr<Wallet> opened, Wallet::open(m_folder, m_options));
    m_wallet = std::move(opened);
    return m_wallet;
}

Result<SecretKeeper*> ConsoleVault::keychain() const {
    if (m_options.keychain != nullptr) return m_options.keychain;
    return makeError(StatusCode::kUnavailable, "NO_KEYCHAIN", "there is no keychain here");
}

Result<VaultView> ConsoleVault::view() {
    VaultView view;
    view.folder = m_folder.string();
    const auto opened = wallet();
    if (reasonOf(opened.status()) == "NO_WALLET") return view;
    if (!opened.ok()) return opened.status();
    Wallet& wallet = **opened;
    view.state = wallet.vault().unlocked() ? VaultView::State::Unlocked : VaultView::State::Locked;
    ASSIGN_OR_RETURN(const auto keys, wallet.keys().list());
    for (const KeyInfo& key : keys)
        view.keys.push_back({key.id, key.label, nameOf(key),
                             key.token        ? VaultKey::Place::Token
                             : key.inKeychain ? VaultKey::Place::Keychain
                                              : VaultKey::Place::File,
                             key.token ? key.token->token : std::string()});
    return view;
}

Status ConsoleVault::create(BytesView passphrase) {
    const std::lock_guard hold(m_mutex);
    ASSIGN_OR_RETURN(std::shared_ptr<Wallet> made, Wallet::create(m_folder, passphrase, m_options));
    m_wallet = std::move(made);
    return absl::OkStatus();
}

Status ConsoleVault::unlock(BytesView passphrase) {
    ASSIGN_OR_RETURN(const auto opened, wallet());
    return opened->vault().unlock(passphrase);
}

Status ConsoleVault::unlockAndRemember(BytesView passphrase) {
    ASSIGN_OR_RETURN(const auto opened, wallet());
    RETURN_IF_ERROR(opened->vault().unlock(passphrase));
    ASSIGN_OR_RETURN(SecretKeeper* const keeper, keychain());
    return keeper->keep(opened->id(), crypto::Secret(passphrase));
}

Status ConsoleVault::unlockRemembered() {
    ASSIGN_OR_RETURN(const auto opened, wallet());
    ASSIGN_OR_RETURN(SecretKeeper* const keeper, keychain());
    const Status status = opened->unlockWith(*keeper);
    if (reasonOf(status) != "WRONG_PASSPHRASE") return status;
    RETURN_IF_ERROR(keeper->forget(opened->id()));
    return makeError(StatusCode::kFailedPrecondition, "REMEMBERED_PASSPHRASE_OLD",
                     "the passphrase was changed since this computer remembered it");
}

Status ConsoleVault::forget() {
    ASSIGN_OR_RETURN(const auto opened, wallet());
    ASSIGN_OR_RETURN(SecretKeeper* const keeper, keychain());
    return keeper->forget(opened->id());
}

Status ConsoleVault::lock() {
    ASSIGN_OR_RETURN(const auto opened, wallet());
    opened->vault().lock();
    return absl::OkStatus();
}

Status ConsoleVault::moveKey(const std::string& id, VaultKey::Place place) {
    ASSIGN_OR_RETURN(const auto opened, wallet());
    if (place == VaultKey::Place::Token)
        return makeError(StatusCode::kUnimplemented, "NOT_KEPT",
                         "keys go into tokens with \"chanceryctl key move\"");
    return (place == VaultKey::Place::Keychain ? opened->keys().moveToKeychain(id)
                                               : opened->keys().moveFromKeychain(id))
        .status();
}

}  // namespace chancery::wallet
