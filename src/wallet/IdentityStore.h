#pragma once

#include <memory>
#include <string>
#include <vector>

#include "src/identity/SigningIdentity.h"
#include "src/wallet/KeyStore.h"
#include "src/wallet/Records.h"
#include "src/wallet/Vault.h"

namespace chancery::wallet {

/// The identities of a workspace: certificates and MSP ids whose keys the key store has, or has
/// not. Thread-safe.
class IdentityStore {
public:
    IdentityStore(std::shared_ptr<Vault> vault, KeyStore& keys)
        : m_vault(std::move(vault)), m_keys(keys) {}

    /// Sorted by label; needs no passphrase.
    Result<std::vector<IdentityInfo>> list() const;
    /// NOT_FOUND (NO_SUCH_IDENTITY).
    Result<IdentityInfo> find(const std::string& label) const;
    /// ALREADY_EXISTS (IDENTITY_EXISTS); INVALID_ARGUMENT: BAD_LABEL, BAD_CERTIFICATE.
    Result<IdentityInfo> add(const std::string& label, const MspId& mspId,
                             BytesView certificatePem);
    /// A new certificate for a label that is there (after a renewal).
    Result<IdentityInfo> replace(const std::string& label, BytesView certificatePem);
    /// The certificate only; its key stays.
    Status remove(const std::string& label);

    /// What signs as this member wherever an identity is asked for. NO_SUCH_IDENTITY; NOT_FOUND
    /// (NO_PRIVATE_KEY) when its key is not here; errors of KeyStore::signer.
    Result<identity::SigningIdentityPtr> signing(const std::string& label) const;

private:
    std::shared_ptr<Vault> m_vault;
    KeyStore& m_keys;
};

}  // namespace chancery::wallet
