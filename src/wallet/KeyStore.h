#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "src/wallet/Records.h"
#include "src/wallet/TokenModules.h"
#include "src/wallet/Vault.h"

namespace chancery::wallet {

/// Which token new or moved keys go to.
struct TokenTarget {
    std::filesystem::path module;
    crypto::TokenName name;
};

/// A key in a token, as a list shows it.
struct KeyInToken {
    std::string label;
    std::string id;         ///< PublicKey::ski(), hex
    std::string algorithm;  ///< as nameOf
    bool extractable = false;
    std::string knownAs;  ///< its label in the workspace; empty when it is not known there
};

/// "ECDSA P-256".
std::string nameOf(const KeyInfo& key);
/// By the name of a suite, "ECDSA-P256". NOT_FOUND (UNKNOWN_SUITE).
Result<crypto::KeyAlgorithm> algorithmNamed(std::string_view suite);

/// The private keys of a workspace: sealed in files, or in tokens that the workspace knows of.
/// Thread-safe.
class KeyStore {
public:
    KeyStore(std::shared_ptr<Vault> vault, const TokenModules& modules)
        : m_vault(std::move(vault)), m_modules(modules) {}

    /// Sorted by label; needs no passphrase.
    Result<std::vector<KeyInfo>> list() const;
    /// By label, id, or the first eight or more digits of an id. NOT_FOUND (NO_SUCH_KEY);
    /// FAILED_PRECONDITION (AMBIGUOUS_KEY).
    Result<KeyInfo> find(const std::string& name) const;

    /// ALREADY_EXISTS (KEY_EXISTS) for a label or key that is there; KEY_LOCKED.
    Result<KeyInfo> generate(const std::string& label, crypto::KeyAlgorithm algorithm);
    Result<KeyInfo> generateInToken(const std::string& label, crypto::KeyAlgorithm algorithm,
                                    const TokenTarget& target);
    Result<KeyInfo> add(const std::string& label, const crypto::PrivateKey& key);
    /// A key that a token holds already, from now on known here too.
    Result<KeyInfo> adopt(const std::string& label, const TokenTarget& target,
                          const crypto::TokenKeyName& key);
    /// By the key's label in the token.
    Result<KeyInfo> adopt(const std::string& label, const TokenTarget& target,
                          const std::string& keyLabel);
    /// The token's key that a certificate is for; the key may be known here already.
    Result<KeyInfo> adoptFor(const std::string& label, const TokenTarget& target,
                             BytesView certificatePem);
    /// What the token has. Errors of TokenModules::open.
    Result<std::vector<KeyInToken>> inToken(const TokenTarget& target) const;
    /// From its file into a token; the file goes when the token has signed with it.
    Result<KeyInfo> moveToToken(const std::string& name, const TokenTarget& target);
    /// Between its file and the desktop's keychain (Options::keychain). The file says where the key
    /// is, and gives it up only when the keychain has shown the same key again. FAILED_PRECONDITION
    /// (KEYCHAIN_ONLY_IN_CONSOLE) without a keychain, KEY_IN_TOKEN; errors of the keychain.
    Result<KeyInfo> moveToKeychain(const std::string& name);
    Result<KeyInfo> moveFromKeychain(const std::string& name);
    /// FAILED_PRECONDITION (KEY_IN_TOKEN): what is in a token does not come out. Writes a new file,
    /// 0600, encrypted under a passphrase of its own (crypto::writeEncryptedKey).
    Status exportKey(const std::string& name, const std::filesystem::path& target,
                     BytesView passphrase);
    /// From the workspace and its keychain; a token keeps its key.
    Status remove(const std::string& name);

    /// Signs while the workspace is unlocked, and says KEY_LOCKED while it is not. Logs in to the
    /// token when that is where the key is.
    Result<crypto::SignerPtr> signer(const std::string& name) const;

private:
    Status checkNew(const KeyInfo& key) const;
    Status storeInFile(const KeyInfo& info, const crypto::PrivateKey& key);

    std::shared_ptr<Vault> m_vault;
    const TokenModules& m_modules;
};

}  // namespace chancery::wallet
