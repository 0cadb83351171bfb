#pragma once

#include <string>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::interfaces {

/// A private key as a list shows it.
struct VaultKey {
    enum class Place { File, Keychain, Token };
    std::string id;  ///< hex
    std::string label;
    std::string algorithm;  ///< "ECDSA P-256"
    Place place = Place::File;
    std::string token;  ///< its label, when it is in one
};

/// What can be said of a workspace's keys without a passphrase.
struct VaultView {
    enum class State { None, Locked, Unlocked };
    State state = State::None;
    std::string folder;
    std::vector<VaultKey> keys;  ///< sorted by label
};

/// The keys of one workspace, with the keychain of the desktop behind them. Every call may wait for
/// the disk, a key derivation or a person; any thread.
///
/// Errors of the workspace: WRONG_PASSPHRASE, WEAK_PASSPHRASE, KEY_LOCKED and those of
/// wallet::Vault. Of the keychain: UNAVAILABLE (NO_KEYCHAIN: this desktop has none;
/// KEYCHAIN_FAILED, KEYCHAIN_SILENT), PERMISSION_DENIED (KEYCHAIN_REFUSED).
class KeyVault {
public:
    virtual ~KeyVault() = default;
    virtual Result<VaultView> view() = 0;
    /// Makes the workspace of keys; unlocked afterwards.
    virtual Status create(BytesView passphrase) = 0;
    virtual Status unlock(BytesView passphrase) = 0;
    /// Checks the passphrase and gives it to the keychain; unlocked afterwards, whatever the
    /// keychain says.
    virtual Status unlockAndRemember(BytesView passphrase) = 0;
    /// With what the keychain has. NOT_FOUND (NO_SECRET); FAILED_PRECONDITION
    /// (REMEMBERED_PASSPHRASE_OLD) when the passphrase was changed since: it is forgotten then.
    virtual Status unlockRemembered() = 0;
    virtual Status forget() = 0;
    virtual Status lock() = 0;
    /// Into the keychain or back into its file.
    virtual Status moveKey(const std::string& id, VaultKey::Place place) = 0;
};

}  // namespace chancery::interfaces
