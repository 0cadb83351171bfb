#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "src/crypto/Key.h"
#include "src/wallet/AuditLog.h"
#include "src/wallet/Json.h"
#include "src/wallet/Options.h"
#include "src/wallet/WalletFile.h"
#include "src/wallet/WalletFolder.h"

namespace chancery::wallet {

/// The sealed files of a workspace and the keys that open them. The passphrase gives a key (scrypt)
/// that seals the workspace's own random keys in "workspace.wallet"; those seal everything else. A
/// new passphrase means new random keys too. Thread-safe.
class Vault {
public:
    /// FAILED_PRECONDITION: WEAK_PASSPHRASE, WEAK_KDF; ALREADY_EXISTS (WALLET_EXISTS). Unlocked.
    static Result<std::shared_ptr<Vault>> create(const std::filesystem::path& folder,
                                                 BytesView passphrase, Options options);
    /// Locked. Checks modes, the form and the sum of every file, and the audit chain. NOT_FOUND
    /// (NO_WALLET); WALLET_MODE, WALLET_FILE_DAMAGED, AUDIT_BROKEN, WEAK_KDF.
    static Result<std::shared_ptr<Vault>> open(const std::filesystem::path& folder,
                                               Options options);
    ~Vault();

    /// Checks the seal of every file too, and ends a change of the passphrase that was cut short.
    /// UNAUTHENTICATED (WRONG_PASSPHRASE).
    Status unlock(BytesView passphrase);
    void lock();
    bool unlocked();
    /// After a crash at any moment either passphrase, and only one, opens everything. Asks for the
    /// old one even when it is unlocked; unlocked afterwards.
    Status changePassphrase(BytesView old, BytesView fresh);
    /// Every program that has it unlocked locks it before it uses a key again. Needs no passphrase.
    Status askAllToLock();

    // For the stores of this folder.

    struct Opened {
        WalletFile file;
        Json metadata;
    };
    /// A file's readable part; its seal is not looked at.
    Result<Opened> peek(const std::string& name, std::string_view kind) const;
    /// What is sealed in it. KEY_LOCKED; WALLET_FILE_DAMAGED; FAILED_PRECONDITION (WALLET_CHANGED)
    /// when the passphrase was changed by another program.
    Result<crypto::Secret> reveal(const std::string& name, std::string_view kind);
    /// Makes one change: others wait, and it is written down in the audit log when it succeeds.
    Status change(AuditEntry what, const std::function<Status()>& action);
    /// Inside of change() only.
    Status store(const std::string& name, std::string_view kind, Json metadata, BytesView plain);
    Status remove(const std::string& name);

    /// FAILED_PRECONDITION (KEYCHAIN_ONLY_IN_CONSOLE) when this program has none; `key` is named.
    Result<SecretKeeper*> keychain(const std::string& key) const;

    /// Keys in use, wherever they are but in tokens; forgotten when it locks.
    Result<crypto::PrivateKey> keyInUse(const std::string& name);
    /// A token's login, ended when it locks.
    void keep(std::shared_ptr<crypto::Token> token);
    /// FAILED_PRECONDITION (KEY_LOCKED) unless it is unlocked; counts as use.
    Status use();

    const WalletFolder& folder() const { return m_folder; }
    const Header& header() const { return m_header; }
    const Options& options() const { return m_options; }
    Result<AuditChain> audit();

private:
    struct Keys {
        crypto::Secret master;
        crypto::Secret audit;
        crypto::Secret before;  ///< master of the generation before, while files are sealed anew
    };

    Vault(WalletFolder folder, Header header, Options options);

    // With m_mutex held.
    Status useLocked();
    void lockLocked();
    Status refreshHeader();
    Result<Keys> openHeader(BytesView passphrase, const Header& header) const;
    Status writeHeaderFile(BytesView passphrase, const Header& header, const Keys& keys);
    Result<crypto::Secret> unsealLocked(const std::string& name, const Opened& opened) const;
    Status storeLocked(const std::string& name, std::string_view kind, Json metadata,
                       BytesView plain);
    Status sealAnew(BytesView passphrase);
    Status verifyAll();
    Result<crypto::PrivateKey> keyInKeychain(const std::string& name);
    Status record(AuditEntry entry);
    Result<std::vector<std::pair<std::string, std::string>>> files() const;

    std::recursive_mutex m_mutex;
    WalletFolder m_folder;
    Header m_header;
    Options m_options;
    std::optional<Keys> m_keys;
    absl::Time m_lastUse;
    std::uint64_t m_lockMark = 0;
    std::map<std::string, crypto::PrivateKey> m_inUse;
    std::vector<std::shared_ptr<crypto::Token>> m_tokens;
};

/// The error KEY_LOCKED.
Status locked();

}  // namespace chancery::wallet
